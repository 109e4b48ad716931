"""Several pieces of work at a time, in processes that send back what they make.

A process does one piece after the other, so that what it has read and worked out once serves all of them. The processes end
with the one that started them: who cannot send any more, stops.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

Work = Callable[[], Iterable[Any]]


class WorkerLost(Exception):
    """A process ended in the middle of its work."""


def run(pieces: Sequence[Work], jobs: int) -> Iterator[Any]:
    """What the pieces make, as it comes, at most ``jobs`` of them at work. Pieces and what they make can be pickled.

    Raises:
        WorkerLost: see the class.
        Exception: what a piece raised; the others are stopped.
    """
    context = get_context("spawn")
    waiting = list(reversed(pieces))
    active: dict[Connection, BaseProcess] = {}
    try:
        for _ in range(min(jobs, len(pieces))):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            active[ours] = process
            ours.send(waiting.pop())
        while active:
            for ready in wait(list(active)):
                assert isinstance(ready, Connection)
                try:
                    kind, made = ready.recv()
                except EOFError:
                    active[ready].join()
                    code = active.pop(ready).exitcode
                    raise WorkerLost(f"a process of this run ended with {code}; --resume goes on") from None
                if kind == _FAILED:
                    raise made
                if kind == _MADE:
                    yield made
                elif waiting:
                    ready.send(waiting.pop())
                else:
                    ready.close()
                    active.pop(ready).join()
    finally:
        for left in active.values():
            left.terminate()
            left.join()


_MADE, _DONE, _FAILED = "made", "done", "failed"


def _work(channel: Connection) -> None:
    """Do what comes until nothing comes any more."""
    with suppress(BrokenPipeError, EOFError, ConnectionResetError), channel:
        while True:
            piece: Work = channel.recv()
            try:
                for made in piece():
                    channel.send((_MADE, made))
            except (BrokenPipeError, ConnectionResetError):
                raise
            except Exception as error:  # the edge of the process: it is raised where the work was asked for
                channel.send((_FAILED, error))
                return
            channel.send((_DONE, None))
