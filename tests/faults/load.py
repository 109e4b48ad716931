"""A hundred readers for minutes while two thousand files are indexed again and again; and more questions than fit the line."""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from assistant.corpus import read, scan
from assistant.errors import Busy
from assistant.language.tokens import tokens
from tests.case import ROOT, SEEDS, Case, Lab
from tests.faults.stopping import chat
from tests.served import Server, questions

USERS, FILES = 100, 2000
GAP: Final = 0.25
"""Seconds in which the server has to answer a heartbeat."""
_PAUSE: Final = 20.0
"""Seconds that a reader reads before asking again, on average."""
_GROWTH: Final = 10.0
"""Percent by which memory may grow in the second half."""
_WATCH = """
import http.client, sys, time
host, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
connection = http.client.HTTPConnection(host, port, timeout=60)
until = time.monotonic() + seconds
while time.monotonic() < until:
    began = time.monotonic()
    connection.request("GET", "/healthz")
    connection.getresponse().read()
    took = time.monotonic() - began
    began = time.monotonic()
    time.sleep(max(0.02, 0.1 - took))
    late = time.monotonic() - began - max(0.02, 0.1 - took)
    print(f"{took:.4f} {late:.4f}", flush=True)
"""


def _write(folder: Path, words: list[str], chance: random.Random, share: float = 1.0) -> None:
    for number in range(FILES):
        if chance.random() < share:
            text = ". ".join(" ".join(chance.sample(words, 12)) for _ in range(12))
            (folder / f"{number:04d}.txt").write_text(f"Report {number}\n\n{text}.\n", encoding="utf-8")


class _Seen:
    def __init__(self) -> None:
        self.took: list[float] = []
        self.wrong: list[str] = []


def _reader(address: str, number: int, until: float, pause: float, seen: _Seen) -> None:
    """Asks over HTTP as a program does: join, then read the event. Each question has a word of this reader's own."""
    chance = random.Random(number)
    asked = [f"{question} u{number}q" for question in questions(number, 10)]
    turn = 0
    time.sleep(chance.uniform(0, pause))
    while time.monotonic() < until:
        question = asked[turn % len(asked)]
        turn += 1
        began = time.monotonic()
        try:
            answer = ask(address, question)
        except (OSError, ValueError, KeyError) as fault:
            seen.wrong.append(f"{question}: {type(fault).__name__}: {fault}")
        else:
            seen.took.append(time.monotonic() - began)
            other = [text for text in _texts(answer) if _other(text, number)]
            if answer["question"] != question or other:
                seen.wrong.append(f"{question}: the answer is another's: {answer['question']} {other[:1]}")
        time.sleep(chance.uniform(0.5, 1.5) * pause)


def _texts(answer: dict[str, Any]) -> list[str]:
    return [answer["question"], answer["text"], str(answer["asked"]), str(answer["notice"])]


def _other(text: str, number: int) -> bool:
    return any(
        word.startswith("u") and word.endswith("q") and word[1:-1].isdigit() and word != f"u{number}q"
        for word in text.split()
    )


def ask(address: str, question: str) -> dict[str, Any]:
    """An answer by the endpoint for programs. Raises ``ValueError`` for a fault, ``OSError`` where the server refuses."""
    body = json.dumps({"data": [question]}).encode()
    request = urllib.request.Request(f"{address}/gradio_api/call/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{address}/gradio_api/call/ask/{event}", timeout=120) as stream:
        kind = ""
        for line in stream:
            text = line.decode().rstrip("\n")
            if text.startswith("event: "):
                kind = text.removeprefix("event: ")
            elif text.startswith("data: ") and kind == "complete":
                found: dict[str, Any] = json.loads(text.removeprefix("data: "))[0]
                return found
            elif text.startswith("data: ") and kind == "error":
                raise ValueError(text)
    raise ValueError("the stream ended without an answer")


def crowd(lab: Lab) -> str:
    """No error, nobody's text in another's answer, the server awake all the time, memory flat."""
    seconds = 60 * lab.minutes
    words = sorted(
        {token.word for stat in scan(SEEDS)[0] for token in tokens(read(SEEDS, stat.file).text) if len(token.word) > 3}
    )
    with chat(lab, "chat") as (process, address, place):
        _write(place / "articles", words, lab.chance)
        server = Server(address, process.pid)
        _await(address, FILES)
        seen, memory = _Seen(), []
        until = time.monotonic() + seconds
        pause = _PAUSE
        readers = [
            threading.Thread(target=_reader, args=(address, number, until, pause, seen), daemon=True)
            for number in range(USERS)
        ]
        host, _, port = address.removeprefix("http://").partition(":")
        watch = subprocess.Popen(
            [sys.executable, "-c", _WATCH, host, port, f"{seconds}"], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for reader in readers:
            reader.start()
        runs = 0
        while time.monotonic() < until:
            _write(place / "articles", words, lab.chance, share=0.5 if runs % 2 else 1.0)
            runs += 1
            rest = time.monotonic() + min(45.0, seconds / 3)
            while time.monotonic() < min(rest, until):
                memory.append(server.memory())
                time.sleep(1)
        for reader in readers:
            reader.join(130)
        beats = [tuple(map(float, line.split())) for line in watch.communicate(timeout=120)[0].splitlines()]
        gaps, starved = (sorted(beat[place] for beat in beats) for place in (0, 1))
        told, busy = _more_than_fit(address)
        said = (place / "said").read_text()
    # On a machine that does other things, too, whoever measures is woken late itself.
    limit = GAP + starved[-1]
    took = sorted(seen.took)
    late = statistics.quantiles(took, n=20)[-1]
    half = memory[len(memory) // 2]
    growth = 100 * (max(memory[-5:]) / half - 1)
    figure = (
        f"{len(took)} answers, median {statistics.median(took):.2f} s, 95 % {late:.2f} s; {runs} times {FILES} files written; heartbeat "
        f"median {1000 * statistics.median(gaps):.0f} ms, 99 % {1000 * gaps[len(gaps) * 99 // 100]:.0f} ms, longest {1000 * gaps[-1]:.0f} ms (limit {1000 * limit:.0f}); "
        f"memory {memory[0]:.0f} to {max(memory):.0f} MB, {growth:+.1f} % in the second half; {busy} of 400 at once were told: {told}"
    )
    assert not seen.wrong, f"{len(seen.wrong)} wrong: {seen.wrong[:3]}; {figure}"
    assert "Traceback" not in said, said[-500:]
    assert gaps[-1] < limit, f"asleep for longer than {limit:.2f} s: {figure}"
    assert growth < _GROWTH or lab.minutes < 2, figure  # what is learned about words is kept at first
    assert late < 30, figure
    return figure


def _await(address: str, articles: int) -> None:
    """Until the server has indexed the folder."""
    until = time.monotonic() + 180
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{address}/healthz", timeout=60) as response:
            if json.load(response)["articles"] > articles:
                return
        time.sleep(0.5)
    raise AssertionError("the folder was not indexed")


def _more_than_fit(address: str) -> tuple[str, int]:
    """What those are told who ask when the line is full, and how many they are of 400 at once."""

    def join(number: int) -> str:
        body = json.dumps({"data": [f"Who asked Russia for help u{number}q?"]}).encode()
        request = urllib.request.Request(f"{address}/gradio_api/call/ask", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                return "" if "event_id" in json.load(response) else "?"
        except urllib.error.HTTPError as error:
            with error:
                return f"{error.code} {error.read().decode('utf-8', 'replace')}"

    with ThreadPoolExecutor(64) as pool:
        said = [line for line in pool.map(join, range(400)) if line]
    assert said, "a line of 400 is not bounded"
    assert all(line.startswith("503") and str(Busy()) in line for line in said), said[:3]
    with urllib.request.urlopen(f"{address}/healthz", timeout=60) as response:
        assert response.status == 200
    return (said[0] if said else "nothing, all were taken"), len(said)


CASES = [
    Case("load: a hundred readers, two thousand files", f"no error, no text of another reader, every heartbeat within {1000 * GAP:.0f} ms, memory flat", crowd, alone=True)
]  # fmt: skip
