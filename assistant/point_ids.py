"""Numbers of passages that mean the same in every catalogue: what a point of a shared index server is called.

A passage's number in its catalogue depends on the order in which articles came. Its point's id depends on the article's name, on
the digest of its file and on the passage's place in it, and on nothing else. So writing a point twice changes nothing, an id
never comes to mean other words, and whoever reads a collection that is ahead of its own catalogue, or behind, finds
what both know and nothing wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.catalogue import PLACES, Catalogue
from assistant.errors import BuildFailed

Int64s = npt.NDArray[np.int64]

_STEP, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


class PointIds:
    """The points of a catalogue's passages. All are worked out at once: a second for a million articles."""

    def __init__(self, catalogue: Catalogue) -> None:
        sources = catalogue.sources()
        lengths = np.array([source.passages for source in sources], np.int64)
        documents = np.array([source.document for source in sources], np.int64)
        seeds = np.array([_seed(source.file, source.sha256) for source in sources], np.uint64)
        place = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        self.numbers: Int64s = np.repeat(documents, lengths) * PLACES + place
        """Of passages in the catalogue, ascending; shape ``(passages,)``."""
        self.ids = _mixed(np.repeat(seeds, lengths), place)
        """Of their points, in the same order."""
        self._order = np.argsort(self.ids)
        self._sorted = self.ids[self._order]

    def check(self) -> None:
        """Raises `BuildFailed` when two passages have one id, which among ten million happens once in 200,000 collections."""
        if len(self._sorted) > 1 and not np.all(np.diff(self._sorted)):
            raise BuildFailed(
                reason="two passages would be one point on the index server; rename one of the newest files"
            )

    def of(self, numbers: Iterable[int]) -> list[int]:
        """The ids of passages. Numbers that are not there are left out."""
        asked = np.fromiter(numbers, np.int64)
        return list(map(int, _found(self.numbers, self.ids, asked)[1]))

    def numbers_of(self, ids: Sequence[int]) -> dict[int, int]:
        """The passages of points. Ids that are not there are left out."""
        asked = np.array(ids, np.int64)
        known, places = _found(self._sorted, self._order, asked)
        return dict(zip(known.tolist(), self.numbers[places].tolist(), strict=True))

    def besides(self, others: PointIds | None) -> npt.NDArray[np.bool_]:
        """Which of the points are none of ``others``, in the order of `numbers`."""
        return np.ones(len(self.ids), np.bool_) if others is None else ~np.isin(self.ids, others.ids)

    def strangers(self, ids: Collection[int]) -> list[int]:
        """Those of ``ids`` that are no point of the catalogue."""
        asked = np.fromiter(ids, np.int64, len(ids))
        return list(map(int, asked[~np.isin(asked, self.ids)]))


def _found(keys: Int64s, values: npt.NDArray[Any], asked: Int64s) -> tuple[Int64s, npt.NDArray[Any]]:
    """The ones of ``asked`` that are in the ascending ``keys``, and what stands in their places in ``values``."""
    if not len(keys):
        return asked[:0], values[:0]
    places = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    there = keys[places] == asked
    return asked[there], values[places[there]]


def _seed(file: str, sha256: bytes) -> int:
    data = file.encode("utf-8", "surrogatepass") + b"\0" + sha256
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")


def _mixed(seeds: npt.NDArray[np.uint64], place: Int64s) -> Int64s:
    """The ``place``-th outputs of SplitMix64 generators (Steele, Lea and Flood 2014), without their last bits."""
    mixed = seeds + (place.astype(np.uint64) + np.uint64(1)) * _STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    return np.asarray((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(1), np.int64)
