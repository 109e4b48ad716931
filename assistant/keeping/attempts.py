"""How often signing in may fail: few times for a name from one address, more for an address, and for a name.

An attempt counts from its beginning, so that a thousand made at once are a thousand; one that succeeds is taken back. The
limit of a name alone is far higher, or anyone could lock others out. All is in memory: a restart forgets it.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from assistant.errors import TooManyAttempts

WINDOW: Final = 900.0
"""Seconds after which an attempt is forgotten."""
OF_NAME_AND_ADDRESS: Final = 5
OF_ADDRESS: Final = 30
OF_NAME: Final = 100
_MOST_KEYS: Final = 30_000
"""Keys that are remembered; the ones unused longest are forgotten first."""

Key = tuple[str | None, str | None]


class Attempts:
    """The attempts of the last `WINDOW` seconds by name and address. ``clock`` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._times: OrderedDict[Key, list[float]] = OrderedDict()

    def begin(self, name: str, address: str) -> None:
        """Count an attempt.

        Raises:
            TooManyAttempts: it is one too many, and is not counted.
        """
        now = self._clock()
        with self._lock:
            recent = {
                key: [then for then in self._times.get(key, ()) if then > now - WINDOW] for key in _keys(name, address)
            }
            waits = [
                times[-limit] + WINDOW - now
                for (key, limit) in _keys(name, address).items()
                if len(times := recent[key]) >= limit
            ]
            if waits:
                raise TooManyAttempts(seconds=max(1, math.ceil(max(waits))))
            for key, times in recent.items():
                self._times[key] = [*times, now]
                self._times.move_to_end(key)
            while len(self._times) > _MOST_KEYS:
                self._times.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """Take back the attempt, and those before it for the name from this address."""
        with self._lock:
            self._times.pop((name, address), None)
            for key in ((name, None), (None, address)):
                if times := self._times.get(key):
                    times.pop()

    def __len__(self) -> int:
        return len(self._times)


def _keys(name: str, address: str) -> dict[Key, int]:
    return {(name, address): OF_NAME_AND_ADDRESS, (None, address): OF_ADDRESS, (name, None): OF_NAME}
