"""The names of one language's passages letter by letter, as arrays: which of them are filed near a word, and how they are spelled.

A question's words ask for some hundred skeletons each (`language.names.variants`), of a few classes. All names are in memory, some
twenty bytes a spelling: those of ten thousand articles take three megabytes, of a million generated passages seventy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, zip_longest
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant import packing
from assistant.language import letters
from assistant.language.letters import Bytes, Masks, Spellings
from assistant.language.names import variants
from assistant.postings import distinct, runs

Int64s = npt.NDArray[np.int64]

CLASSES = 6
"""Classes of names (`language.terms.NameClass`); those of Arabic words come first."""
_ARABIC_CLASSES = 2
# Spellings near a word that are taken as they are, however far.
_FEW = 256
# Spellings near a word beyond which only the closest are taken, and how many of them. Of a million generated passages most words have
# more, of ten thousand articles of news none has.
_MANY, _CLOSEST = 1 << 14, 1 << 13
_MOST_ASKED = 4096
_NONE = np.zeros(0, np.int64)


class Row(NamedTuple):
    """What is filed under a class and a skeleton: types as gaps, packed, and their spellings' marks and letters, encoded."""

    of_class: int
    skeleton: str
    types: bytes
    marks: bytes
    letters: bytes


class Near(NamedTuple):
    """What a word asks for: names whose skeletons are about those of the word, of classes, the best first.

    ``unlike``: how far spellings are from the word, by the bits of their consonants; whether they are Arabic comes first.
    ``furthest``: how far they may be, where there are not few.
    """

    skeletons: tuple[str, ...]
    classes: Sequence[int]
    unlike: Callable[[bool, Masks], Bytes]
    furthest: int | None = None


class NameTable:
    """Names by their skeletons. A *place* is that of a spelling among all."""

    def __init__(self, rows: Iterable[Sequence[Row]], spellings: int, letters: int) -> None:
        """``rows``, some at a time, in the order of their classes, skeletons and parts: so many spellings and letters in all.

        Raises ``ValueError`` for damaged ones.
        """
        # Made at once and then filled: put together of parts they would take twice the memory, for good.
        self.types = np.zeros(spellings, np.int32)
        self._marks, self._masks = np.zeros(spellings, np.uint8), np.zeros(spellings, np.uint32)
        self._letters, self._starts = np.zeros(letters, np.uint8), np.zeros(spellings + 1, np.uint32)
        sounds: list[tuple[int, str]] = []
        counts: list[int] = []
        end = begun = 0
        for some in rows:
            part = _Part.of(some)
            start, end, first, begun = end, end + len(part.types), begun, begun + len(part.letters)
            self.types[start:end], self._marks[start:end], self._masks[start:end] = part.types, part.marks, part.masks
            self._letters[first:begun], self._starts[start + 1 : end + 1] = part.letters, first + part.ends
            sounds += [(row.of_class, row.skeleton) for row in some]
            counts += [len(row.marks) for row in some]
        if (end, begun) != (spellings, letters) or any(later < earlier for earlier, later in pairwise(sounds)):
            raise ValueError("names are missing or out of order")
        skeletons = sorted({skeleton for _, skeleton in sounds})
        self._numbers = {skeleton: number for number, skeleton in enumerate(skeletons, 1)}
        self._asked: dict[tuple[str, ...], list[Int64s]] = {}
        # Class and skeleton as one number, a *cell*, and where the spellings of each cell begin.
        self._cells = len(skeletons) + 1  # none has the number 0
        cells = np.array([of_class * self._cells + self._numbers[skeleton] for of_class, skeleton in sounds], np.int64)
        self._first = np.zeros(CLASSES * self._cells + 1, np.int64)
        np.cumsum(np.bincount(cells, counts, CLASSES * self._cells).astype(np.int64), out=self._first[1:])
        self._first_of_class = self._first[:: self._cells]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> NameTable:
        """That of a few rows."""
        return cls([rows], sum(len(row.marks) for row in rows), sum(len(row.letters) for row in rows))

    def near(self, asked: Sequence[Near], most: int) -> tuple[Int64s, list[int]]:
        """Places of the spellings near words, those of the words one after the other, and where those of each end.

        About ``most`` of a word are taken and no further group; of very many the closest.
        """
        found = [self._near(each, most) for each in asked]
        return np.concatenate([np.zeros(0, np.int64), *found]), np.cumsum([len(each) for each in found]).tolist()

    def _near(self, asked: Near, most: int) -> Int64s:
        groups = [each * self._cells + there for there in self._tiers(asked.skeletons) for each in asked.classes]
        cells = np.concatenate([_NONE, *groups])
        if not len(cells):
            return _NONE
        starts = self._first[cells]
        counts = self._first[cells + 1] - starts
        total = np.cumsum(counts)
        end = 0
        for group in groups:
            if end and total[end - 1] >= most:
                break
            end += len(group)
        places = runs(starts[:end], counts[:end])
        if len(places) <= (_MANY if asked.furthest is None else _FEW):
            return places
        unlike = self._unlike(asked, places)
        if asked.furthest is not None:
            near = np.flatnonzero(unlike <= asked.furthest)
            places, unlike = places[near], unlike[near]
        return self._closest(places, unlike) if len(places) > _MANY else places

    def _tiers(self, skeletons: tuple[str, ...]) -> list[Int64s]:
        """The numbers of the skeletons that are about like these; the closest first, for there may be more names than time to compare."""
        known = self._asked.get(skeletons)
        if known is None:
            # What each of several has near it many other words have too.
            known = (
                self._together([self._tiers((each,)) for each in skeletons])
                if len(skeletons) != 1
                else [
                    np.array(sorted(filter(None, map(self._numbers.get, tier))), np.int64)
                    for tier in variants(*skeletons)
                ]
            )
            if len(self._asked) >= _MOST_ASKED:
                self._asked.clear()
            self._asked[skeletons] = known
        return known

    @staticmethod
    def _together(found: Sequence[list[Int64s]]) -> list[Int64s]:
        return [distinct(np.concatenate(tier)) for tier in zip_longest(*found, fillvalue=_NONE)]

    def _unlike(self, asked: Near, places: Int64s) -> Bytes:
        """How far the spellings are from the word."""
        arabic = places < self._first_of_class[_ARABIC_CLASSES]
        unlike = np.zeros(len(places), np.uint8)
        for script in (True, False):
            there = np.flatnonzero(arabic == script)
            if len(there):
                unlike[there] = asked.unlike(script, self._masks[places[there]])
        return unlike

    def _closest(self, places: Int64s, unlike: Bytes) -> Int64s:
        """Those of the places that are closest to the word; of equally close ones those of the commonest words."""
        limit = int(np.searchsorted(np.cumsum(np.bincount(unlike)), _CLOSEST))
        kept = np.flatnonzero(unlike <= limit)
        return places[kept[np.lexsort((self.types[places[kept]], unlike[kept]))[:_CLOSEST]]]

    def spellings(self, places: Int64s) -> Spellings:
        """The spellings at these places."""
        starts = self._starts[places].astype(np.int64)
        counts = self._starts[places + 1] - starts
        classes = (np.searchsorted(self._first_of_class, places, side="right") - 1).astype(np.uint8)
        return letters.decode(
            self.types[places].astype(np.int64), classes, self._marks[places], self._letters[runs(starts, counts)]
        )


class _Part(NamedTuple):
    """The spellings of some rows: where the letters of each end, and the bits of its consonants."""

    types: Int64s
    marks: Bytes
    letters: Bytes
    ends: Int64s
    masks: Masks

    @classmethod
    def of(cls, rows: Sequence[Row]) -> _Part:
        counts = np.array([len(row.marks) for row in rows], np.int64)
        number = int(counts.sum())
        marks = np.frombuffer(b"".join(row.marks for row in rows), np.uint8)
        gaps = packing.unpack_numbers(b"".join(row.types for row in rows))
        raw = np.frombuffer(b"".join(row.letters for row in rows), np.uint8)
        bounds = letters.bounds(raw)
        if not len(gaps) == len(bounds) - 1 == number or bounds[-1] != len(raw):
            raise ValueError("names and their spellings are not of a number")
        if any(not 0 <= row.of_class < CLASSES for row in rows):
            raise ValueError("there are no such names")
        if not number:
            return cls(gaps, marks, raw, bounds[1:], np.zeros(0, np.uint32))
        types = np.cumsum(gaps)
        types -= np.repeat((types - gaps)[np.cumsum(counts) - counts], counts)
        if not 0 <= types.min() <= types.max() <= np.iinfo(np.int32).max:
            raise ValueError("a name is of no word")
        codes, arabic = raw & (letters.END - 1), np.array([row.of_class < _ARABIC_CLASSES for row in rows])
        of_letters = np.repeat(np.repeat(arabic, counts), np.diff(bounds))
        known = np.where(of_letters, len(letters.ARABIC), len(letters.LATIN))
        if (codes > known).any() or ((marks & 0xF) >= len(letters.WEIGHTS)).any():
            raise ValueError("a name is spelled with no letters")
        bits = np.where(of_letters, letters.ARABIC_BITS[codes], letters.LATIN_BITS[codes])
        return cls(types, marks, raw, bounds[1:], np.bitwise_or.reduceat(bits, bounds[:-1]))
