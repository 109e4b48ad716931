"""Calls to an endpoint, read from an ordinary thread, with one clock for both.

On an event loop every wait can be ended: looking up a name, a reply that trickles in byte by byte, a stream of pings. The loop
lives in a thread of its own for as long as the call does. The reader waits by the same clock, so that not even a stuck loop
can hold it, and the thread is a daemon, so that it cannot hold the program either.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple, TypeVar

from assistant.errors import FaultKind, ModelFault

GRACE = 0.5
"""Seconds past the deadline in which a call may still end by itself."""

Item = TypeVar("Item")
Say = Callable[[Item], None]


class Deadline:
    """A moment by which everything has to be over, in ``seconds``, and not after that ``within`` which it is."""

    def __init__(self, seconds: float, within: Deadline | None = None) -> None:
        self._end = time.monotonic() + seconds
        self._within = within
        self._waiting: list[Callable[[], object]] = []

    @property
    def left(self) -> float:
        """Seconds; negative when it has passed."""
        left = self._end - time.monotonic()
        return min(left, self._within.left) if self._within else left

    def cut(self) -> None:
        """Let it be now: whoever waits for it goes on at once. From any thread."""
        self._end = min(self._end, time.monotonic())
        for wake in tuple(self._waiting):
            wake()

    @contextmanager
    def waking(self, wake: Callable[[], object]) -> Iterator[None]:
        """While the block lasts, ``wake`` is called when the deadline is cut."""
        if self._within:
            with self._within.waking(wake):
                yield
            return
        self._waiting.append(wake)
        try:
            yield
        finally:
            self._waiting.remove(wake)


class _End(NamedTuple):
    kind: FaultKind | None


def read(call: Callable[[Say[Item]], Awaitable[FaultKind | None]], deadline: Deadline) -> Generator[Item, None, None]:
    """Yield what ``call`` says through the function it is given. Closing the iterator cancels it.

    ``call`` is to end by the deadline, to raise nothing, and to return what went wrong.

    Raises:
        ModelFault: of the kind that ``call`` returned, or *late*.
    """
    if deadline.left <= 0:
        raise ModelFault("late")
    said: queue.SimpleQueue[Item | _End] = queue.SimpleQueue()
    cancel: list[Callable[[], object]] = []
    left = threading.Event()

    async def main() -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task
        cancel.append(lambda: loop.call_soon_threadsafe(task.cancel))
        if not left.is_set():
            said.put(_End(await call(said.put)))

    def run() -> None:
        try:
            with suppress(asyncio.CancelledError):
                asyncio.run(main())
        finally:  # should the call raise after all, the reader does not wait for the whole deadline
            said.put(_End("garbled"))

    threading.Thread(target=run, name="isnad-call", daemon=True).start()
    end = _End("late")
    try:
        with suppress(queue.Empty), deadline.waking(lambda: said.put(_End("late"))):
            while not isinstance(item := said.get(timeout=max(0.0, deadline.left + GRACE)), _End):
                yield item
            end = item
    finally:
        left.set()
        for stop in cancel:
            with suppress(RuntimeError):  # the loop has ended by itself
                stop()
    if end.kind:
        raise ModelFault(end.kind)
