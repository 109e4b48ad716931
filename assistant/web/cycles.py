"""Searching all objects for cycles so seldom, and in so few of them, that nobody notices.

Nothing else runs meanwhile, the loop that serves everybody least of all, and it takes half a microsecond for each object: with the
320,000 of the page alone a sixth of a second or more, by default several times a minute. But what is there when the page first
answers stays to the end, and what has outlived a search (words that were looked up, mostly) nearly so. Both are left out of later
searches; and now and then one leaves nothing out, for the sake of connections that were open during an earlier one.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from typing import Any, Final

_ROUNDS: Final = 50
"""Searches of the objects made lately before one of all. A hundred readers make as many in about a minute, and 50,000 objects
that stay, at first."""
_THOROUGH: Final = 1000
"""After so many searches one leaves nothing out."""


class _Hears:
    """Is told of each search."""

    def __init__(self) -> None:
        self._searches = 0

    def __call__(self, phase: str, facts: dict[str, Any]) -> None:
        if phase != "stop" or facts["generation"] < 2:
            return
        self._searches += 1
        if self._searches % _THOROUGH:
            gc.freeze()
        else:
            gc.unfreeze()


@contextlib.contextmanager
def seldom() -> Iterator[None]:
    """Search seldom until the block ends; `settle` says when all that stays is there."""
    before, hears = gc.get_threshold(), _Hears()
    gc.set_threshold(*before[:2], _ROUNDS)
    gc.callbacks.append(hears)
    try:
        yield
    finally:
        gc.callbacks.remove(hears)
        gc.set_threshold(*before)
        gc.unfreeze()


def settle() -> None:
    """What is there now stays to the end, and is left out."""
    gc.freeze()
