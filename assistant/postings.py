"""What is filed under the keys of one family, as arrays: a question word asks for hundreds of keys at once.

A family of few keys is read whole when it is first asked for and looked up in memory from then on. Of one that grows
with the collection only the keys asked for are read, and those that are not there are remembered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, repeat
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from assistant import packing

Int64s = npt.NDArray[np.int64]
Rows = Callable[..., list[Any]]
_Whole = TypeVar("_Whole", bound=np.integer[Any])

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
        if not len(self.keys):
            return [self] * len(numbers)
        ends = np.cumsum([0, *numbers])
        bounds = np.searchsorted(self.keys, ends).tolist()
        return [
            Postings(self.keys[one:end] - start, self.types[one:end], self.weights[one:end])
            for start, one, end in zip(ends.tolist(), bounds, bounds[1:], strict=False)
        ]


_NONE = Postings(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


class _Filed(NamedTuple):
    """Keys and what is filed under each: that of key ``n`` stands from ``bounds[n]`` to ``bounds[n + 1]``."""

    places: dict[str, int]
    bounds: Int64s
    types: Int64s
    weights: npt.NDArray[np.float64]

    def find(self, keys: Sequence[str]) -> Postings:
        places = np.fromiter(map(self.places.get, keys, repeat(-1)), np.int64, len(keys))
        there = np.flatnonzero(places >= 0)
        if not len(there):  # most often in the other language
            return _NONE
        starts = self.bounds[places[there]]
        counts = self.bounds[places[there] + 1] - starts
        at = runs(starts, counts)
        return Postings(np.repeat(there, counts), self.types[at], self.weights[at])


def runs(starts: Int64s, counts: Int64s) -> Int64s:
    """The numbers of runs that begin at ``starts`` and are ``counts`` long, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts - ends + counts, counts)


def distinct(values: npt.NDArray[_Whole]) -> npt.NDArray[_Whole]:
    """The different ones of whole numbers, in order: ``np.unique``, which looks each up in a hash table and takes ten times as long."""
    ordered = np.sort(values)
    return ordered[_first_of_each(ordered)]


def placed(values: npt.NDArray[np.int32]) -> tuple[Int64s, Int64s]:
    """The different ones of numbers from 0 on, in order, and the place of each of ``values`` among them."""
    # A number and where it stands in one: sorting these is faster than `np.argsort`.
    ordered = np.sort(values.astype(np.int64) << 32 | np.arange(len(values)))
    numbers = ordered >> 32
    first = _first_of_each(numbers)
    places = np.empty(len(values), np.int64)
    places[ordered & 0xFFFFFFFF] = np.cumsum(first) - 1
    return numbers[first], places


def _first_of_each(ordered: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    first = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return first


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
    if (start + count > ends[key]).any():
        raise ValueError("what is filed under a key is cut short")
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
    pairs = _Pairs.of(
        np.concatenate([family.words[family.found.keys] for family in families]),
        np.concatenate([family.found.types for family in families]),
    )
    place = np.empty(len(pairs.order), np.int64)
    place[pairs.order] = np.repeat(np.arange(len(pairs.starts)), np.diff(pairs.starts, append=len(place)))
    similarity = np.zeros(len(pairs.starts))
    start = 0
    for strength, weights, _, found in families:
        there = place[start : start + len(found.types)]
        start += len(found.types)
        sums = np.bincount(there, weights[found.keys] * found.weights, len(similarity))
        np.maximum(similarity, strength * np.minimum(1.0, sums), out=similarity)
    order = pairs.as_they_came()
    return pairs.split(number, similarity[order], pairs.types[order])


def strongest(number: int, words: Int64s, types: Int64s, similarity: npt.NDArray[np.float64]) -> list[Similar]:
    """For each of ``number`` words the greatest similarity of each type, in the order in which the word has them.

    ``words``, ``types``, ``similarity``: shape ``(n,)``; ``words``: which word, counted from 0.
    """
    if not len(types):
        return [NOTHING] * number
    pairs = _Pairs.of(words, types)
    order = pairs.as_they_came()
    greatest = np.maximum.reduceat(similarity[pairs.order], pairs.starts)[order]
    return pairs.split(number, greatest, pairs.types[order])


class _Pairs(NamedTuple):
    """The different pairs of words and types among many, in order.

    ``order``: where all of them stand, sorted; ``starts``: where in it each begins; ``first``: where it stands first.
    """

    order: Int64s
    starts: Int64s
    first: Int64s
    words: Int64s
    types: Int64s

    @classmethod
    def of(cls, words: Int64s, types: Int64s) -> _Pairs:
        pairs = words << 32 | types
        order = _sorting(pairs)
        ranked = pairs[order]
        starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
        distinct = ranked[starts]
        return cls(order, starts, order[starts], distinct >> 32, distinct & 0xFFFFFFFF)

    def as_they_came(self) -> Int64s:
        """The order of the pairs by word, and for each word in that in which it has them."""
        return _sorting(self.words << 32 | self.first)

    def split(self, number: int, similarity: npt.NDArray[np.float64], types: Int64s) -> list[Similar]:
        """What belongs to each of so many words, of what is in their order."""
        bounds = np.searchsorted(self.words, np.arange(number + 1)).tolist()
        # Copies: what is kept of one word must not keep what was found for all.
        return [Similar(types[one:end].copy(), similarity[one:end].copy()) for one, end in pairwise(bounds)]


def _sorting(keys: Int64s) -> Int64s:
    """The order that sorts the keys, which are not negative; of equal ones the first comes first."""
    places = len(keys).bit_length()
    if int(keys.max(initial=0)) >> (63 - places):
        return np.argsort(keys, kind="stable")
    # Numbers are sorted several times faster than places by their numbers.
    return np.sort(keys << places | np.arange(len(keys))) & ((1 << places) - 1)


def of_lists(found: Sequence[tuple[int, int, float]]) -> Postings:
    """`Postings` of (key, type, weight), in this order."""
    keys, types, weights = zip(*found, strict=True) if found else ((), (), ())
    return Postings(np.array(keys, np.int64), np.array(types, np.int64), np.array(weights, np.float64))
