"""What glossary words meet in a collection, remembered: a question word may have dozens of them, the same again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.postings import NOTHING, Int64s, Similar, runs


class Remembered:
    """What many words are like, kept one after the other in two arrays: a word takes its place there and no objects.

    ``look`` says it of the words that are not known yet. When ``most`` words are held all are let go of. Safe to share between
    threads: what two ask for at once may be looked up twice.
    """

    def __init__(self, look: Callable[[Sequence[str]], Sequence[Similar]], most: int) -> None:
        self._look, self._most = look, most
        self._held = _Held()
        self._lock = threading.Lock()

    def __call__(self, words: Sequence[str]) -> tuple[Int64s, Similar]:
        """How many types each of the words is like, shape ``(words,)``, and what all of them are like, in their order."""
        held, distinct = self._held, list(dict.fromkeys(words))
        missing = [word for word in distinct if word not in held.places]
        if missing:
            full = len(held.places) + len(missing) > self._most
            held, missing = (_Held(), distinct) if full else (held, missing)
            found = self._look(missing)
            with self._lock:
                held.add(missing, found)
                self._held = held
        return held.find(words)


class _Held:
    """What is looked up in `Remembered`. What has been added never changes, so that others may read meanwhile."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self._bounds = np.zeros(1 << 8, np.int64)
        self._types = np.zeros(1 << 10, np.uint32)
        self._similarity = np.zeros(1 << 10)

    def add(self, words: Sequence[str], found: Sequence[Similar]) -> None:
        place = len(self.places)
        new = [(word, similar) for word, similar in zip(words, found, strict=True) if word not in self.places]
        start = self._bounds[place]
        ends = start + np.cumsum([len(similar.types) for _, similar in new], dtype=np.int64)
        end = int(ends[-1]) if len(ends) else int(start)
        self._bounds = _roomy(self._bounds, place + len(new) + 1)
        self._types, self._similarity = _roomy(self._types, end), _roomy(self._similarity, end)
        self._bounds[place + 1 : place + 1 + len(new)] = ends
        self._types[start:end] = np.concatenate([NOTHING.types, *(similar.types for _, similar in new)])
        self._similarity[start:end] = np.concatenate([NOTHING.similarity, *(each.similarity for _, each in new)])
        # Last: from now on they are found.
        self.places.update((word, place + number) for number, (word, _) in enumerate(new))

    def find(self, words: Sequence[str]) -> tuple[Int64s, Similar]:
        place = np.fromiter(map(self.places.__getitem__, words), np.int64, len(words))
        starts = self._bounds[place]
        counts = self._bounds[place + 1] - starts
        at = runs(starts, counts)
        return counts, Similar(self._types[at].astype(np.int64), self._similarity[at])


def _roomy(values: npt.NDArray[Any], least: int) -> npt.NDArray[Any]:
    """The array with room for ``least`` values."""
    return values if least <= len(values) else np.concatenate([values, np.zeros(max(least, len(values)), values.dtype)])
