"""Articles that are copies of one another: agencies sell one text to many papers, which change a headline and a few words.

A *sketch* is 64 values of MinHash (Broder 1997), 16 bits of each (Li and König 2010), over the runs of three words of an
article without its headline and frame: two sketches agree in as many places as the articles share runs, give or take .05.
Bands of four equal values find the pairs worth comparing without comparing all. A group is whatever such pairs connect, so
the order in which articles come is without effect, and groups are always found anew from all sketches: an index that grew is
the same as one that was built at once.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from assistant.postings import distinct

Sketches = npt.NDArray[np.uint16]

VALUES: Final = 64
BYTES: Final = 2 * VALUES
ALIKE: Final = 0.75
"""Share of runs of words from which on two articles are copies: of 30 pairs read, those above were one text."""
_RUN, _FEWEST = 3, 8  # words of a run; runs below which an article is too short to be told from others
_BAND = 4
_CHUNK = 2048
_AT_ONCE = 1 << 16  # pairs compared together
_COMPARED = 24  # of the articles that share a band, those next in order that each is compared with

_random = np.random.RandomState(20221)  # the algorithm of RandomState never changes
_FACTORS = _random.randint(1, 1 << 62, VALUES, np.uint64) * np.uint64(2) + np.uint64(1)
_TERMS = _random.randint(0, 1 << 62, VALUES, np.uint64)
_MIX = np.uint64(0x9E3779B97F4A7C15)


@lru_cache(maxsize=1 << 16)
def _number(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass"))


def sketch(words: Sequence[str]) -> bytes:
    """`BYTES` that stand for a text of these folded words; empty if it has too few to be told from others."""
    if len(words) < _FEWEST + _RUN - 1:
        return b""
    numbers = np.fromiter(map(_number, words), np.uint64, len(words))
    runs = np.zeros(len(numbers) - _RUN + 1, np.uint64)
    for place in range(_RUN):
        runs = (runs ^ numbers[place : len(numbers) - _RUN + 1 + place]) * _MIX
        runs ^= runs >> np.uint64(29)
    runs = distinct(runs)
    if len(runs) < _FEWEST:
        return b""
    least = np.full(VALUES, np.iinfo(np.uint64).max)
    for first in range(0, len(runs), _CHUNK):
        hashed = (runs[first : first + _CHUNK, None] * _FACTORS + _TERMS) >> np.uint64(32)
        least = np.minimum(least, hashed.min(axis=0))
    return least.astype("<u2").tobytes()


def likeness(one: bytes, other: bytes) -> float:
    """The share of their runs of words that two texts have in common, as their sketches tell."""
    return float(np.mean(np.frombuffer(one, "<u2") == np.frombuffer(other, "<u2")))


def groups(sketches: Sequence[bytes], least: float = ALIKE) -> list[list[int]]:
    """The places of the sketches that belong together, each group and all groups in ascending order; none of one alone."""
    places = [place for place, each in enumerate(sketches) if each]
    if len(places) < 2:
        return []
    table = np.frombuffer(b"".join(sketches[place] for place in places), "<u2").reshape(-1, VALUES)
    distinct, which = np.unique(table, axis=0, return_inverse=True)
    leader = _connected(distinct, least)
    members: dict[int, list[int]] = {}
    for place, number in zip(places, leader[which.reshape(-1)].tolist(), strict=True):
        members.setdefault(number, []).append(place)
    return sorted(group for group in members.values() if len(group) > 1)


def _connected(distinct: Sketches, least: float) -> npt.NDArray[np.int64]:
    """For each row the first of those that pairs connect it with, pairs agreeing in the share ``least`` of their values."""
    leader = np.arange(len(distinct))
    for start in range(0, VALUES, _BAND):
        keys = np.ascontiguousarray(distinct[:, start : start + _BAND]).view(np.uint64).reshape(-1)
        # Equal keys stay in the order of the rows, which are sorted by their values.
        order = np.argsort(keys, kind="stable")
        ranked = keys[order]
        for step in range(1, _COMPARED + 1):
            same = np.flatnonzero(ranked[step:] == ranked[:-step])
            if not len(same):
                break
            # What is connected is not compared again: of a text with very many copies, that would be most of the work.
            one, other = order[same], order[same + step]
            apart = leader[one] != leader[other]
            _join_alike(leader, distinct, one[apart], other[apart], least)
    return leader


def _join_alike(
    leader: npt.NDArray[np.int64],
    distinct: Sketches,
    one: npt.NDArray[np.int64],
    other: npt.NDArray[np.int64],
    least: float,
) -> None:
    """Connect those of the pairs that agree; ``leader`` holds the first of every row's group again afterwards."""
    joined = False
    for first in range(0, len(one), _AT_ONCE):
        left, right = one[first : first + _AT_ONCE], other[first : first + _AT_ONCE]
        alike = np.mean(distinct[left] == distinct[right], axis=1) >= least
        for pair in zip(left[alike].tolist(), right[alike].tolist(), strict=True):
            _join(leader, *pair)
            joined = True
    while joined:
        further = leader[leader]
        joined = not np.array_equal(further, leader)
        leader[:] = further


def _leader(leader: npt.NDArray[np.int64], number: int) -> int:
    while leader[number] != number:
        leader[number] = leader[leader[number]]
        number = int(leader[number])
    return number


def _join(leader: npt.NDArray[np.int64], one: int, other: int) -> None:
    first, second = sorted((_leader(leader, one), _leader(leader, other)))
    leader[second] = first
