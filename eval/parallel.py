"""Several pieces of work at a time, each in a process of its own that sends back what it makes.

The processes end with the one that started them: who cannot send any more, stops.
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
        while waiting or active:
            while waiting and len(active) < jobs:
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(target=_work, args=(waiting.pop(), theirs), daemon=True)
                process.start()
                theirs.close()
                active[ours] = process
            for ready in wait(list(active)):
                assert isinstance(ready, Connection)
                try:
                    made, failure = ready.recv()
                except EOFError:
                    ended = active.pop(ready)
                    ended.join()
                    if ended.exitcode:
                        raise WorkerLost(
                            f"a process of this run ended with {ended.exitcode}; --resume goes on"
                        ) from None
                    continue
                if failure is not None:
                    raise failure
                yield made
    finally:
        for left in active.values():
            left.terminate()
            left.join()


def _work(piece: Work, channel: Connection) -> None:
    with suppress(BrokenPipeError), channel:
        try:
            for made in piece():
                channel.send((made, None))
        except BrokenPipeError:
            raise
        except Exception as error:  # the edge of the process: it is raised where the work was asked for
            channel.send((None, error))
