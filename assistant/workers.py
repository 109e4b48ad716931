"""Processes that read files and analyse words for the one that builds: ``python -m assistant.workers``.

Reading is most of the work and each file can be read on its own. Tasks are answered in any order, but what is made of
them does not depend on that: the builder takes the answers in the order in which it asked.

A worker is given one task after the other through its standard input and ends when that is closed, that is when the
builder has ended, however it died.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Any, NoReturn, TypeVar, cast

from assistant.errors import BuildFailed

_MOST = 8

Result = TypeVar("Result")


class Workers:
    """A number of processes; with none, every task is done at once in this one."""

    def __init__(self, number: int) -> None:
        self._processes = [_start() for _ in range(number)]
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        for process in self._processes:
            self._idle.put(process)
        self._threads = ThreadPoolExecutor(number) if number else None

    @property
    def number(self) -> int:
        return len(self._processes)

    def submit(self, task: Callable[[], Result]) -> Future[Result]:
        """Have a task done: anything that can be pickled and called (`reading.Reading`, `filing.Analysis`).

        The result raises `BuildFailed` when another process could not do it.
        """
        if self._threads is not None:
            return self._threads.submit(self._ask, task)
        done: Future[Result] = Future()
        done.set_result(task())
        return done

    def _ask(self, task: Callable[[], Result]) -> Result:
        process = self._idle.get()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            pickle.dump(task, process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            succeeded, result = pickle.load(process.stdout)  # noqa: S301  (from a process of ours)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise BuildFailed(reason="a process that reads articles died; perhaps memory ran out") from error
        finally:
            self._idle.put(process)
        if not succeeded:
            raise BuildFailed(reason=f"an article could not be read: {result}")
        return cast("Result", result)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes if error is not None else ():
            process.kill()
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            with contextlib.suppress(BrokenPipeError), process:
                pass  # closes its input and waits for its end


def worthwhile(sizes: Sequence[int]) -> int:
    """How many processes to start for files of these sizes in bytes: one costs as much as reading a megabyte."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, _MOST, sum(sizes) >> 20) if available > 1 and sum(sizes) >> 20 > 1 else 0


def _start() -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "assistant.workers"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
    )


def serve(tasks: IO[bytes], results: IO[bytes]) -> None:
    """Do the tasks of one stream, write the results to the other, until the first ends."""
    while True:
        try:
            task = pickle.load(tasks)  # noqa: S301  (from the process that started this one)
        except EOFError:
            return
        try:
            answer: tuple[bool, Any] = (True, task())
        except Exception as error:  # the edge of the process: whatever it is, the builder says it
            answer = (False, f"{type(error).__name__}: {error}")
        pickle.dump(answer, results, pickle.HIGHEST_PROTOCOL)
        results.flush()


def main() -> NoReturn:
    """Serve standard input and output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    gc.disable()  # tasks leave no cycles, and looking for them takes a quarter of the time
    serve(sys.stdin.buffer, sys.stdout.buffer)
    sys.exit(0)


if __name__ == "__main__":
    main()
