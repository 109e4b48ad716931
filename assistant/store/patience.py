"""Trying again: how long and how often something is asked of a server that may be away for a moment."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TypeVar

from assistant.errors import StoreUnavailable

Result = TypeVar("Result")

_PASSING = frozenset({"unreachable", "late", "server", "limited"})
"""Kinds of faults that may be gone at the next try."""


@dataclass(frozen=True, slots=True)
class Patience:
    """``seconds`` are for everything together, tries and pauses; ``pauses`` stand between tries.

    ``endless``: the last pause is made again and again until the time is over; otherwise there is one try more than pauses.
    A pause is cut by up to a half by chance, so that those who failed together do not come back together.
    """

    seconds: float
    pauses: Sequence[float]
    endless: bool = False
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def call(self, attempt: Callable[[float], Result]) -> Result:
        """What ``attempt`` returns at the first try that does not fail; it is given the seconds it has.

        Raises:
            StoreUnavailable: the last try's, once there is no use or no time for another.
        """
        end = self.clock() + self.seconds
        for pause in chain(self.pauses, repeat(self.pauses[-1]) if self.endless else (), (None,)):
            try:
                return attempt(max(0.0, end - self.clock()))
            except StoreUnavailable as fault:
                if pause is None or fault.kind not in _PASSING:
                    raise
                pause = max(pause * random.uniform(0.5, 1.0), fault.pause)  # noqa: S311  (so that those who wait do not come back at once, not a secret)
                if self.clock() + pause >= end:
                    raise
            self.sleep(pause)
        raise AssertionError("the last pause is none")


def of_search(seconds: float) -> Patience:
    """Somebody waits: a few tries at once."""
    return Patience(seconds, (0.1, 0.3, 0.9))


def of_build(seconds: float) -> Patience:
    """A server may start anew, or a cluster choose another leader, while an index is sent to it: a dozen times as long."""
    return Patience(12 * seconds, (0.5, 1.0, 2.0, 4.0, 8.0), endless=True)
