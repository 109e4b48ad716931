"""Promise: nothing connects to anything but this machine. Every process, children too, reports what it reaches for.

The guard refuses what it reports, so that a test that fails has not left the machine either. It sees connections made
by Python; the engine's own code opens none (``strace -f -e trace=connect isnad ask ...`` shows it).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HERE = {"127.0.0.1", "::1", "localhost", "", None}

GUARD = """
import json, os, sys

_log = os.open(os.environ["GUARD_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
_here = ("127.0.0.1", "::1", "localhost", "", None)

def _guard(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if not isinstance(address, tuple):
            return  # a socket of the file system
        host = address[0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    os.write(_log, (json.dumps([event, host]) + "\\n").encode())
    if host not in _here:
        raise PermissionError(f"a connection to {host} was refused")

sys.addaudithook(_guard)
os.write(_log, (json.dumps(["start", None]) + "\\n").encode())
"""

FAR = {"OPENAI_API_KEY": "sk-proj-0123456789abcdef", "OPENAI_BASE_URL": "http://192.0.2.1/v1"}
"""A model that no test may reach: the address is one of those kept for documentation."""

Guarded = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "network.log"


@pytest.fixture
def guarded(tmp_path: Path, log: Path) -> Guarded:
    """Start Python under the guard."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    path = os.pathsep.join([str(tmp_path / "guard"), str(ROOT)])
    environment = os.environ | {"GUARD_LOG": str(log), "PYTHONPATH": path, "COLUMNS": "100"}

    def start(*arguments: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def events(log: Path) -> list[tuple[str, str | None]]:
    return [tuple(json.loads(line)) for line in log.read_text().splitlines()]


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_the_guard_sees_what_children_do_and_refuses_it(guarded: Guarded, log: Path) -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80))"
    status, _, err = finish(guarded("-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"))
    assert status == 0
    assert "a connection to 192.0.2.1 was refused" in err
    assert [event for event in events(log) if event[1] not in HERE] == [("socket.getaddrinfo", "192.0.2.1")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-m", "assistant.cli", "index", "--corpus", "seeds"], "5"),
        (["-m", "assistant.cli", "search", "drones", "--corpus", "seeds"], ".txt"),
        (["-m", "assistant.cli", "ask", "who asked Russia for help?", "--corpus", "seeds", "--json"], '"status"'),
        (["-m", "eval", "--corpus", "seeds", "--questions", "QUESTIONS", "--no-gates"], "English questions"),
    ],
    ids=["index", "search", "ask", "eval"],
)
def test_nothing_leaves_this_machine(
    guarded: Guarded, log: Path, tmp_path: Path, arguments: list[str], says: str
) -> None:
    asked = tmp_path / "QUESTIONS"
    every = (ROOT / "eval" / "data" / "seeds.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    asked.write_text("".join(every[::20]), encoding="utf-8")
    arguments = [str(asked) if argument == asked.name else argument for argument in arguments]
    status, out, err = finish(guarded(*arguments, "--index", str(tmp_path / "index")))
    assert status == 0, err
    assert says in out
    seen = events(log)
    assert [event for event in seen if event[1] not in HERE] == []
    assert (
        len([event for event in seen if event[0] == "start"]) >= 2
    )  # the process that builds the index is watched too


@pytest.mark.parametrize("model", ["", "none"], ids=["no question for it", "switched off"])
def test_a_configured_model_is_contacted_only_for_answers(
    guarded: Guarded, log: Path, tmp_path: Path, model: str
) -> None:
    command = ["ask", "--model", "none"] if model else ["search"]
    places = ["--corpus", "seeds", "--index", str(tmp_path / "index")]
    status, out, err = finish(guarded("-m", "assistant.cli", *command, "who asked Russia for help?", *places, **FAR))
    assert status == 0, err
    assert ".txt" in out
    assert [event for event in events(log) if event[1] not in HERE] == []


def test_the_doctor_contacts_the_model_and_nobody_else(guarded: Guarded, log: Path, tmp_path: Path) -> None:
    """Which shows that the guard would see it."""
    places = ["--corpus", "seeds", "--index", str(tmp_path / "index")]
    status, out, err = finish(guarded("-m", "assistant.cli", "doctor", "--model", "m", *places, **FAR))
    assert status == 1, err
    assert "m at 192.0.2.1 gives no answer" in out
    assert {event[1] for event in events(log) if event[1] not in HERE} == {"192.0.2.1"}
    assert FAR["OPENAI_API_KEY"] not in out + err


def test_the_chat_serves_without_leaving_this_machine(guarded: Guarded, log: Path, tmp_path: Path) -> None:
    chat = guarded(
        "-m", "assistant.cli", "chat", "--corpus", "seeds", "--index", str(tmp_path / "index"), "--port", "0"
    )
    try:
        assert chat.stdout is not None
        address = next(word for line in chat.stdout for word in line.split() if word.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(address, timeout=30) as page:
            assert page.status == 200
    finally:
        chat.send_signal(signal.SIGTERM)
        chat.communicate(timeout=30)
    seen = events(log)
    assert ("start", None) in seen
    assert [event for event in seen if event[1] not in HERE] == []
