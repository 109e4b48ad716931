"""What is filed under the keys of one family, as arrays: a question word asks for hundreds of keys at once.

A family of few keys is read whole when it is first asked for and looked up in memory from then on. Of one that grows
with the collection only the keys asked for are read, and those that are not there are remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant import packing

Int64s = npt.NDArray[np.int64]
Rows = Callable[..., list[Any]]

WHOLE = 1 << 16
"""Keys up to which a family is read whole: some megabytes, and a tenth of a second."""
_MOST_ABSENT = 1 << 17


class Postings(NamedTuple):
    """Types filed under keys, in the order of the keys. All of shape ``(n,)``.

    ``keys``: which of the keys asked for, counted from 0; ``types``; ``weights``, in (0, 1].
    """

    keys: Int64s
    types: Int64s
    weights: npt.NDArray[np.float64]

    def split(self, numbers: Sequence[int]) -> list[Postings]:
        """What was found under the first so many keys, under the next so many, and so on."""
        ends = np.cumsum([0, *numbers])
        bounds = np.searchsorted(self.keys, ends).tolist()
        return [
            Postings(self.keys[one:end] - start, self.types[one:end], self.weights[one:end])
            for start, one, end in zip(ends.tolist(), bounds, bounds[1:], strict=False)
        ]


class _Filed(NamedTuple):
    """Keys and what is filed under each: that of key ``n`` stands from ``bounds[n]`` to ``bounds[n + 1]``."""

    places: dict[str, int]
    bounds: Int64s
    types: Int64s
    weights: npt.NDArray[np.float64]

    def find(self, keys: Sequence[str]) -> Postings:
        places = np.fromiter(map(self.places.get, keys, repeat(-1)), np.int64, len(keys))
        there = np.flatnonzero(places >= 0)
        starts = self.bounds[places[there]]
        counts = self.bounds[places[there] + 1] - starts
        at = runs(starts, counts)
        return Postings(np.repeat(there, counts), self.types[at], self.weights[at])


def runs(starts: Int64s, counts: Int64s) -> Int64s:
    """The numbers of runs that begin at ``starts`` and are ``counts`` long, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts - ends + counts, counts)


def _read(rows: Sequence[tuple[bytes, bytes]], weights: npt.NDArray[np.float64]) -> _Filed:
    """What rows of ``keys`` say; the parts of a key stand together. See `vocabulary.groups` for how they are packed."""
    parts: dict[bytes, list[bytes]] = defaultdict(list)
    for packed, filed in rows:
        parts[packed].append(filed)
    packed_runs = packing.unpack_runs([b"".join(of_key) for of_key in parts.values()])
    values = np.concatenate([np.zeros(0, np.int64), *packed_runs])
    ends = np.cumsum(np.fromiter(map(len, packed_runs), np.int64, len(packed_runs)))
    at = ends - np.diff(ends, prepend=0)
    found: list[tuple[Int64s, ...]] = []
    # The first group of every key, then the second of those that have one, and so on.
    left = np.flatnonzero(at < ends)
    while len(left):
        weight, count = values[at[left]], values[at[left] + 1]
        found.append((left, at[left] + 2, count, weight))
        at[left] += 2 + count
        left = left[at[left] < ends[left]]
    key, start, count, weight = map(np.concatenate, zip((np.zeros(0, np.int64),) * 4, *found, strict=True))
    order = np.argsort(key, kind="stable")
    key, start, count, weight = key[order], start[order], count[order], weight[order]
    types = np.cumsum(values[runs(start, count)])  # of gaps that begin anew with each group
    before = np.concatenate([[0], types])[np.cumsum(count) - count]
    bounds = np.concatenate([[0], np.cumsum(np.bincount(key, count, len(packed_runs)))]).astype(np.int64)
    places = dict(zip(packing.expand_all([packed[1:] for packed in parts]), range(len(packed_runs)), strict=True))
    return _Filed(places, bounds, types - np.repeat(before, count), weights[np.repeat(weight, count)])


class Table:
    """One family of one language, ``number`` in the catalogue; ``weights``: by their numbers there."""

    def __init__(
        self, number: int, weights: dict[int, float], rows: Rows, rows_in: Callable[..., Iterable[Any]]
    ) -> None:
        self._number = number
        self._weights = np.zeros(max(weights, default=0) + 1)
        self._weights[list(weights)] = list(weights.values())
        self._rows_in = rows_in
        self._absent: set[str] = set()
        within = [bytes([number]), bytes([number + 1])]
        counted = "SELECT count(*) FROM (SELECT 1 FROM keys WHERE key >= ? AND key < ? LIMIT ?)"
        ((keys,),) = rows(counted, [*within, WHOLE + 1])
        statement = "SELECT key, filed FROM keys WHERE key >= ? AND key < ? ORDER BY key, part"
        self._whole = _read(rows(statement, within), self._weights) if keys <= WHOLE else None

    def find(self, keys: Sequence[str]) -> Postings:
        """What is filed under ``keys``."""
        if self._whole is not None:
            return self._whole.find(keys)
        asked = [key for key in keys if key not in self._absent]
        packed = sorted(bytes([self._number]) + packing.compact(key) for key in asked)
        rows = list(self._rows_in("SELECT key, filed FROM keys WHERE key IN ", (), packed))
        filed = _read(rows, self._weights)
        if len(self._absent) < _MOST_ABSENT:
            self._absent.update(key for key in asked if key not in filed.places)
        return filed.find(keys)


class Asked(NamedTuple):
    """What words asked of one family. Per key: its ``weights`` and ``words``, whose key it is, counted from 0."""

    strength: float
    weights: npt.NDArray[np.float64]
    words: Int64s
    found: Postings


class Similar(NamedTuple):
    """Word types, each once, and how far a word may stand for each, in [0, 1]: both of shape ``(n,)``."""

    types: Int64s
    similarity: npt.NDArray[np.float64]

    def likest(self, most: int) -> Similar:
        """The ``most`` likest types, the likest first; of equals the first."""
        order = np.argsort(-self.similarity, kind="stable")[:most]
        return Similar(self.types[order], self.similarity[order])


NOTHING = Similar(np.zeros(0, np.int64), np.zeros(0))


def best(number: int, asked: Iterable[Asked]) -> list[Similar]:
    """For each of ``number`` words the types that it meets, with the similarity of the best family.

    The similarity is ``strength * min(1, sum of asked weight * filed weight)``. Types stand in the order in which a word first
    finds them.
    """
    families = [family for family in asked if len(family.found.types)]
    if not families:
        return [NOTHING] * number
    pairs, first, place = _pairs(
        np.concatenate([family.words[family.found.keys] for family in families]),
        np.concatenate([family.found.types for family in families]),
    )
    similarity = np.zeros(len(pairs))
    start = 0
    for strength, weights, _, found in families:
        there = place[start : start + len(found.types)]
        start += len(found.types)
        sums = np.bincount(there, weights[found.keys] * found.weights, len(pairs))
        np.maximum(similarity, strength * np.minimum(1.0, sums), out=similarity)
    return _of_words(number, pairs, first, similarity)


def strongest(number: int, words: Int64s, types: Int64s, similarity: npt.NDArray[np.float64]) -> list[Similar]:
    """For each of ``number`` words the greatest similarity of each type, in the order in which the word has them.

    ``words``, ``types``, ``similarity``: shape ``(n,)``; ``words``: which word, counted from 0.
    """
    pairs, first, place = _pairs(words, types)
    most = np.zeros(len(pairs))
    np.maximum.at(most, place, similarity)
    return _of_words(number, pairs, first, most)


def _pairs(words: Int64s, types: Int64s) -> tuple[Int64s, Int64s, Int64s]:
    """The different pairs in order, where each stands first, and which of them stands in every place."""
    return np.unique(words << 32 | types, return_index=True, return_inverse=True)


def _of_words(number: int, pairs: Int64s, first: Int64s, similarity: npt.NDArray[np.float64]) -> list[Similar]:
    order = np.lexsort((first, pairs >> 32))
    types, similar = pairs[order] & 0xFFFFFFFF, similarity[order]
    bounds = np.searchsorted(pairs >> 32, np.arange(number + 1)).tolist()
    return [Similar(types[one:end], similar[one:end]) for one, end in pairwise(bounds)]


def of_lists(found: Sequence[tuple[int, int, float]]) -> Postings:
    """`Postings` of (key, type, weight), in this order."""
    keys, types, weights = zip(*found, strict=True) if found else ((), (), ())
    return Postings(np.array(keys, np.int64), np.array(types, np.int64), np.array(weights, np.float64))
