"""Iterators that can be left at any time, also while they have nothing to give.

Gradio ends a generator between two of its items only: an answer that waits for its model's first word could not be stopped,
and the next question would wait for it.
"""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Generator, Iterator
from typing import TypeVar

Item = TypeVar("Item")


class _End:
    """Nothing more comes, or only ``fault``."""

    def __init__(self, fault: BaseException | None = None) -> None:
        self.fault = fault


def pulsing(items: Iterator[Item], every: float) -> Generator[Item | None, None, None]:
    """``items``, taken in a thread of their own, with ``None`` whenever none came for ``every`` seconds.

    Left before its end, it returns at once; ``items`` is closed as soon as it gives its next one. What it raises is raised here.
    """
    given: queue.SimpleQueue[Item | _End] = queue.SimpleQueue()
    left = threading.Event()

    def take() -> None:
        fault: BaseException | None = None
        try:
            for item in items:
                given.put(item)
                if left.is_set():
                    break
        except BaseException as raised:  # handed on, to be raised where it can be told
            fault = raised
        finally:
            if close := getattr(items, "close", None):
                close()
            given.put(_End(fault))

    threading.Thread(target=contextvars.copy_context().run, args=(take,), name="isnad-answer", daemon=True).start()
    try:
        while True:
            try:
                item = given.get(timeout=every)
            except queue.Empty:
                yield None
                continue
            if isinstance(item, _End):
                if item.fault is not None:
                    raise item.fault
                return
            yield item
    finally:
        left.set()
