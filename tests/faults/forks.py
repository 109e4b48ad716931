"""Tasks in processes that can be killed: ``python -m tests.faults.forks`` forks one for each line it is given.

The fork has everything imported, so that what is killed is the task and not the start of Python. Each task is a process group of
its own. What it says goes to a file, where it is whole whatever happens to the task.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from tests.case import ROOT, NotRun

DONE = "done"
Say = Callable[[str], None]


class Task:
    """A task that runs. ``process`` is its number, and that of its group."""

    def __init__(self, process: int, said: Path) -> None:
        self.process = process
        self._said = said

    @property
    def said(self) -> list[str]:
        """Its whole lines so far."""
        text = self._said.read_text(encoding="utf-8") if self._said.exists() else ""
        return text[: text.rfind("\n") + 1].splitlines()

    @property
    def gone(self) -> bool:
        try:
            return Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return True

    def wait(self, seconds: float = 120) -> list[str]:
        """What it said, once it is gone."""
        until = time.monotonic() + seconds
        while not self.gone:
            assert time.monotonic() < until, f"a task did not end in {seconds:g} s; it said {self.said[-3:]}"
            time.sleep(0.003)
        return self.said

    def wait_for(self, lines: int, seconds: float = 60) -> None:
        """Until it has said so many lines, or is gone."""
        until = time.monotonic() + seconds
        while len(self.said) < lines and not self.gone:
            assert time.monotonic() < until
            time.sleep(0.001)

    def kill(self, *, group: bool = True) -> None:
        """End it with SIGKILL, with its children or without them."""
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.process, signal.SIGKILL)


class Forks:
    """A process that forks tasks of `tests.faults.tasks`, those called ``names``. What is left of them ends with the block."""

    def __init__(self, folder: Path, *names: str, environment: Mapping[str, str] = {}) -> None:
        if not Path("/proc/self/stat").exists():
            raise NotRun("it needs /proc to see processes end")
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._started: list[Task] = []
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forks", *names],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | dict(environment),
        )

    def start(self, name: str, *given: object) -> Task:
        """Begin a task."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        said = self._folder / f"said-{len(self._started)}"
        self._server.stdin.write(json.dumps([name, str(said), [str(each) for each in given]]) + "\n")
        self._server.stdin.flush()
        task = Task(int(self._server.stdout.readline()), said)
        self._started.append(task)
        return task

    def __enter__(self) -> Forks:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._started:
            if not task.gone:
                task.kill()
        self._server.communicate(timeout=30)


def _perform(name: str, said: Path, given: list[str]) -> None:
    """The task, in its own process."""
    from assistant.errors import IsnadError
    from tests.faults.tasks import TASKS

    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with said.open("a", encoding="utf-8", buffering=1) as file:

        def say(line: str) -> None:
            file.write(line + "\n")

        try:
            TASKS[name](say, *given)
            say(DONE)
        except IsnadError as fault:
            say(f"fault {type(fault).__name__}: {fault}")
        except BaseException:  # whatever it is, it is what the case wants to know
            say("crash " + traceback.format_exc().replace("\n", " | "))
    os._exit(0)


def main() -> None:
    from tests.faults import tasks

    tasks.warm(*sys.argv[1:])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        name, said, given = json.loads(line)
        process = os.fork()
        if not process:
            _perform(name, Path(said), given)
        with contextlib.suppress(OSError):
            os.setpgid(process, process)
        print(process, flush=True)


if __name__ == "__main__":
    main()
