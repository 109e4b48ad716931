"""Running `assistant.building` in a child process: its progress is passed on, its faults and its death become ours."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NamedTuple

from assistant import errors
from assistant.building import Job, Report
from assistant.catalogue import SkippedFile
from assistant.errors import BuildFailed, IndexFault, NotAgreed
from assistant.passage_vectors import Plan


class Progress(NamedTuple):
    """``stage`` is ``"copy"``, ``"read"``, ``"write"``, ``"embed"`` or ``"done"``; ``file`` is the one being read."""

    stage: str
    done: int
    total: int
    file: str


Watcher = Callable[[Progress], None]
Consent = Callable[[Plan], bool]
"""Says whether so much may be embedded."""


def run(job: Job, progress: Watcher | None, consent: Consent = lambda _: True) -> tuple[SkippedFile, ...]:
    """Have a child process do ``job``; returns the files that were left out.

    Raises:
        NotAgreed: ``consent`` said no.
        IndexFault: what the child reported, or `BuildFailed` when it died.
    """
    # -P keeps the working directory off the child's path: a folder of articles may hold any file.
    command = [sys.executable, "-P", "-m", "assistant.building"]
    path = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
    failure: IndexFault | None = None
    skipped: tuple[SkippedFile, ...] | None = None
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, env=environment
        ) as child,
    ):
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(job.to_json())
                child.stdin.flush()
            for line in child.stdout:
                record = _record(line)
                if "error" in record:
                    failure = getattr(errors, record["error"])(**record["facts"])
                elif "plan" in record:
                    _agree(Plan(*record["plan"]), consent, child.stdin)
                elif "progress" in record:
                    report = Report(*record["progress"])
                    if report.skipped is not None:
                        skipped = tuple(SkippedFile(*row) for row in report.skipped)
                    if progress is not None:
                        progress(Progress(*report[:4]))
            child.wait()
        finally:
            child.kill()
            with contextlib.suppress(BrokenPipeError):  # what a dead child did not read
                child.stdin.close()
        complaints.seek(0)
        last_words = complaints.read().decode("utf-8", "replace").strip().splitlines()[-1:]
    if failure is not None:
        raise failure
    if child.returncode != 0 or skipped is None:
        raise BuildFailed(reason=_death(child.returncode, last_words))
    return skipped


def _agree(plan: Plan, consent: Consent, answer: IO[bytes]) -> None:
    if not consent(plan):
        raise NotAgreed(passages=plan.passages, tokens=plan.tokens, model=plan.model, place=plan.place)
    with contextlib.suppress(BrokenPipeError):
        answer.write(b"agreed\n")
        answer.flush()


def _record(line: bytes) -> dict[str, Any]:
    """A line of the child; a line cut short by its death is none."""
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _death(code: int, last_words: list[str]) -> str:
    if code == -signal.SIGBUS:
        return "the process that writes it died of a bus error: the disk is full or failing"
    if code == -signal.SIGKILL:
        return "the process that writes it was killed; perhaps memory ran out"
    if code < 0:
        return f"the process that writes it died ({signal.Signals(-code).name})"
    return "the process that writes it stopped" + "".join(f": {line}" for line in last_words)
