"""SIGTERM while everything is going on: the server is gone within five seconds, and what it was doing is whole or not there."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from assistant.index import open_generation
from tests.case import ROOT, SEEDS, Case, Lab
from tests.model_double import ModelDouble

LIMIT = 5.0
"""Seconds."""


@contextlib.contextmanager
def chat(lab: Lab, name: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """`isnad chat` over articles of its own: the process, its address, and the folder that holds all that is its own."""
    place = lab.place(name)
    shutil.copytree(SEEDS, place / "articles")
    (place / "tmp").mkdir()
    environment = os.environ | settings | {
        "ISNAD_INDEX": str(place / "index"), "ISNAD_RESERVE_MB": "1", "TMPDIR": str(place / "tmp"), "PYTHONPATH": str(ROOT)
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "chat", "--corpus", str(place / "articles"), "--port", "0"],
        cwd=place,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=(place / "said").open("w"),
        text=True,
    )
    try:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address.startswith("http"), (place / "said").read_text()
        yield process, address, place
    finally:
        process.kill()
        process.wait()


def children_of(process: int) -> list[int]:
    """All processes below a process."""
    found = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found += [child, *children_of(child)]
    return found


def _asking(address: str) -> None:
    """Ask, and read the answer, as long as there is one."""
    from gradio_client import Client

    with contextlib.suppress(Exception):
        Client(address, verbose=False, analytics_enabled=False).predict("Who asked Russia for help?", api_name="/ask")


def _uploading(address: str) -> None:
    """Begin to upload an article, and dawdle."""
    host, _, port = address.removeprefix("http://").partition(":")
    with contextlib.suppress(OSError), socket.create_connection((host, int(port))) as connection:
        head = f"POST /api/articles?name=a.txt HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 100000\r\n\r\n"
        connection.sendall(head.encode() + b"half")
        connection.recv(1)


def _watching(address: str) -> None:
    with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/gradio_api/heartbeat/torture") as stream:
        while stream.read(1):
            pass


def stopping(lab: Lab) -> str:
    """While it does nothing, answers, indexes, is sent articles, and all of that at once; by SIGTERM and by Ctrl-C."""
    longest, told = 0.0, []
    with ModelDouble(first=30.0) as double:
        for number, (name, signals) in enumerate(
            [("idle", signal.SIGTERM), ("answering", signal.SIGTERM), ("indexing", signal.SIGTERM),
             ("uploading", signal.SIGTERM), ("all at once", signal.SIGTERM), ("all at once", signal.SIGINT)]
        ):  # fmt: skip
            with chat(lab, f"chat-{number}", OPENAI_BASE_URL=double.url) as (process, address, place):
                everything = name == "all at once"
                doing = [_watching] * 3
                doing += [_asking] * 3 if name == "answering" or everything else []
                doing += [_uploading] * 5 if name == "uploading" or everything else []
                for each in doing:
                    threading.Thread(target=each, args=(address,), daemon=True).start()
                if name == "indexing" or everything:
                    text = (place / "articles" / sorted(os.listdir(place / "articles"))[0]).read_text("utf-8-sig")
                    for copy in range(1500):
                        (place / "articles" / f"copy-{copy}.txt").write_text(
                            f"{text}\n\nقال {copy}.\n", encoding="utf-8"
                        )
                    urllib.request.urlopen(urllib.request.Request(f"{address}/api/articles/look", b"")).read()
                    until = time.monotonic() + 20
                    while not children_of(process.pid) and time.monotonic() < until:
                        time.sleep(0.02)
                    assert children_of(process.pid), "nothing is being indexed"
                    time.sleep(lab.chance.uniform(0, 1.5))
                else:
                    time.sleep(2.5)
                below = children_of(process.pid)
                began = time.monotonic()
                process.send_signal(signals)
                code = process.wait(60)
                took = time.monotonic() - began
                longest = max(longest, took)
                told.append(f"{name} {took:.1f}")
                assert code == 0, f"{name}: ended with {code}: {(place / 'said').read_text()[-500:]}"
                assert took <= LIMIT, f"{name}: {took:.1f} s"
                until = time.monotonic() + LIMIT
                while [
                    child for child in below if Path(f"/proc/{child}/cmdline").exists()
                ] and time.monotonic() < until:
                    time.sleep(0.05)
                assert not [child for child in below if _alive(child)], "a process is left"
                assert "Traceback" not in (place / "said").read_text()
                assert not list((place / "tmp").iterdir()), f"{name}: {os.listdir(place / 'tmp')} is left"
                assert not [file for file in os.listdir(place / "articles") if file.startswith(".") or file == "a.txt"]
                open_generation(place / "index", place / "articles", lab.settings).close()
    return f"seconds: {', '.join(told)}"


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


CASES = [Case("crash: SIGTERM", f"gone within {LIMIT:g} s, everything whole, no process left", stopping, alone=True)]
