"""The word types of a generation's passages: how often each occurs, what it is, and by which keys it is found.

Part of the catalogue's file, and like all of it written once and then only read. Everything is kept in the shape in
which a question asks for it, a few look-ups a word and never a row for every word type that might be meant:

* ``types``: the numbers that matching works with, as columns of `FACTS` for `BLOCK` types a row;
* ``words``: the words of `WORDS` types a row;
* ``keys``: under each key of a family (a stem, a lemma ...), the types filed there, as packed numbers;
* ``names``: under each class of names and coarse skeleton, every spelling found there letter by letter, so that a
  question's name is compared with thousands at once (`assistant.language.alignment`).
"""

from __future__ import annotations

import threading
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant import packing
from assistant.language import alignment, terms
from assistant.language.alignment import Spellings
from assistant.language.text import Language
from assistant.postings import Table

CODES: dict[Language, int] = {"ar": 0, "en": 1}
LANGUAGES: tuple[Language, ...] = ("ar", "en")
BLOCK, WORDS, PART = 4096, 32, 80
"""Types of a row of ``types``, words of one of ``words``, spellings of one of ``names``."""
FACTS = np.dtype([("unit", "<u4"), ("df", "<u4"), ("titles", "<u4"), ("flags", "<i2")])
"""``unit``: the engine's dimension; ``df``, ``titles``: passages and titles that hold the type; ``flags``: `Kind` bits and ours."""
STOP, ENGLISH = 1 << 13, 1 << 14
"""Bits of ``flags``: a stop word, a type of English passages."""

SCHEMA_SQL = """
CREATE TABLE statistics (
    language INTEGER PRIMARY KEY, passages INTEGER NOT NULL, tokens INTEGER NOT NULL, types INTEGER NOT NULL);
INSERT INTO statistics VALUES (0, 0, 0, 0), (1, 0, 0, 0);
CREATE TABLE types (block INTEGER PRIMARY KEY, facts BLOB NOT NULL);
CREATE TABLE words (block INTEGER PRIMARY KEY, words BLOB NOT NULL);
CREATE TABLE families (id INTEGER PRIMARY KEY, language INTEGER NOT NULL, name TEXT NOT NULL);
CREATE TABLE weights (id INTEGER PRIMARY KEY, weight REAL NOT NULL);
CREATE TABLE keys (
    key BLOB NOT NULL, part INTEGER NOT NULL, filed BLOB NOT NULL, PRIMARY KEY (key, part)) WITHOUT ROWID;
CREATE TABLE names (
    language INTEGER NOT NULL, class INTEGER NOT NULL, skeleton TEXT NOT NULL, part INTEGER NOT NULL,
    types BLOB NOT NULL, marks BLOB NOT NULL, letters BLOB NOT NULL,
    PRIMARY KEY (language, class, skeleton, part)) WITHOUT ROWID;
"""
STOP_WORD = "stop word"
"""The family of stop words, filed under themselves: nothing matches them, but they are words of the collection."""

_END_OF_WORD = b"\n"
# Rows kept in memory, of words and of the names of a class: questions come upon the same again and again.
_MOST_HELD = 8192
# Spellings compared with a name where a class has more rows than that. Among a million generated passages a search takes two thirds
# of the time that 4,000 take, and finds the article as often in its own language, in the other one for 61 % instead of 65 %.
_MOST_OF_MANY = 1000

Rows = Callable[..., list[Any]]
Int64s = npt.NDArray[np.int64]


class StoredType(NamedTuple):
    """A word type: ``df`` passages of its language hold it; ``unit`` is its term in the engine's vectors."""

    id: int
    word: str
    unit: int
    df: int
    stop: bool
    flags: int


class LanguageStatistics(NamedTuple):
    """Totals over the passages of one language."""

    passages: int
    tokens: int
    types: int


def pack_facts(facts: npt.NDArray[np.void]) -> bytes:
    """A block of types as ``types.facts`` holds it: column by column, for most hold small numbers."""
    return zlib.compress(b"".join(facts[name].tobytes() for name in FACTS.names or ()))


def unpack_facts(blob: bytes) -> npt.NDArray[np.void]:
    data, facts, start = zlib.decompress(blob), np.zeros(BLOCK, FACTS), 0
    for name in FACTS.names or ():
        column = np.frombuffer(data, FACTS[name], BLOCK, start)
        facts[name], start = column, start + column.nbytes
    return facts


def pack_words(words: Sequence[str]) -> bytes:
    """`WORDS` words in order, empty ones where there is no type."""
    return _END_OF_WORD.join(map(packing.compact, words))


def unpack_words(data: bytes) -> list[str]:
    return packing.expand_all(data.split(_END_OF_WORD))


def file_under(family: int, key: str) -> bytes:
    """A key of a family as ``keys.key`` holds it."""
    return bytes([family]) + packing.compact(key)


def groups(values: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """What is filed under a key: per weight its number and the ids of the types that have it (packed: their count, then gaps)."""
    start = 0
    while start < len(values):
        weight, count = values[start : start + 2]
        yield weight, list(accumulate(values[start + 2 : start + 2 + count]))
        start += 2 + count


class Vocabulary:
    """The word types, read through ``rows``: a function that runs a statement and returns all its rows.

    ``rows_in`` does the same for a statement ending in ``IN``, with any number of values.
    """

    def __init__(self, rows: Rows, rows_in: Callable[..., Iterable[Any]]) -> None:
        self._rows, self._rows_in = rows, rows_in
        self._facts = np.zeros(0, FACTS)
        self._read: set[int] = set()
        self._lock = threading.Lock()
        self._families: dict[tuple[int, str], int] | None = None
        self._weights: dict[int, float] = {}
        self._tables: dict[tuple[Language, str], Table | None] = {}
        self._sounds: dict[tuple[Language, int], dict[str, list[_Spelled]] | _Counted] = {}
        self._held: dict[int, list[bytes]] = {}

    def statistics(self, language: Language) -> LanguageStatistics | None:
        rows = self._rows("SELECT passages, tokens, types FROM statistics WHERE language = ?", [CODES[language]])
        return LanguageStatistics(*rows[0]) if rows else None

    def facts(self, ids: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.void]:
        """`FACTS` of types of this vocabulary; same shape as ``ids``."""
        blocks = np.unique(ids // BLOCK).tolist()
        if not self._read.issuperset(blocks):
            with self._lock:
                self._take_in([block for block in blocks if block not in self._read])
        return np.asarray(self._facts[ids])

    def _take_in(self, blocks: Sequence[int]) -> None:
        if not len(self._facts):
            # Zeros take no memory before something is written to them.
            ((last,),) = self._rows("SELECT max(block) FROM types")
            self._facts = np.zeros((last + 1 if last is not None else 0) * BLOCK, FACTS)
        for block, blob in self._rows_in("SELECT block, facts FROM types WHERE block IN ", (), blocks):
            self._facts[block * BLOCK : (block + 1) * BLOCK] = unpack_facts(blob)
        self._read.update(blocks)

    def words(self, ids: Iterable[int]) -> dict[int, str]:
        """The words of types."""
        wanted = sorted({int(number) for number in ids})
        blocks = {number // WORDS for number in wanted}
        held = {block: words for block in blocks if (words := self._held.get(block)) is not None}
        read = self._rows_in("SELECT block, words FROM words WHERE block IN ", (), sorted(blocks - held.keys()))
        fresh = {block: words.split(_END_OF_WORD) for block, words in read}
        if len(self._held) < _MOST_HELD:
            self._held.update(fresh)
        held |= fresh
        found = {number: held[number // WORDS][number % WORDS] for number in wanted if number // WORDS in held}
        return {number: packing.expand(word) for number, word in found.items() if word}

    def types(self, language: Language, ids: Iterable[int]) -> dict[int, StoredType]:
        words = self.words(ids)
        numbers = np.fromiter(words, np.int64, len(words))
        found = {}
        for (number, word), fact in zip(words.items(), self.facts(numbers).tolist(), strict=True):
            unit, df, _, flags = fact
            if bool(flags & ENGLISH) == (language == "en"):
                kinds = flags & ~(STOP | ENGLISH)
                found[number] = StoredType(number, word, unit, df, bool(flags & STOP), kinds)
        return found

    def find_words(self, language: Language, words: Collection[str]) -> dict[str, StoredType]:
        """A stop word is filed under itself, any other under its stem: whose types are then compared with the word."""
        wanted = set(words)
        stems = {terms.unit(word) for word in wanted}
        ids = {number for _, number, _ in self.find(language, terms.STEM, stems)}
        ids |= {number for _, number, _ in self.find(language, STOP_WORD, wanted)}
        return {stored.word: stored for stored in self.types(language, ids).values() if stored.word in wanted}

    def _family(self, language: Language, family: str) -> int | None:
        if self._families is None:
            self._weights = dict(self._rows("SELECT id, weight FROM weights"))
            rows = self._rows("SELECT id, language, name FROM families")
            self._families = {(code, name): number for number, code, name in rows}
        return self._families.get((CODES[language], family))

    def table(self, language: Language, family: str) -> Table | None:
        """What is filed under the keys of a family; ``None`` when nothing is."""
        asked = (language, family)
        if asked not in self._tables:
            with self._lock:
                if asked not in self._tables:
                    number = self._family(language, family)
                    found = None if number is None else Table(number, self._weights, self._rows, self._rows_in)
                    self._tables[asked] = found
        return self._tables[asked]

    def find(self, language: Language, family: str, keys: Collection[str]) -> list[tuple[str, int, float]]:
        number = self._family(language, family)
        if number is None:
            return []
        asked = {file_under(number, key): key for key in keys}
        parts: dict[bytes, list[bytes]] = defaultdict(list)
        for key, filed in self._rows_in("SELECT key, filed FROM keys WHERE key IN ", (), sorted(asked)):
            parts[key].append(filed)
        found = []
        for key, values in zip(parts, packing.unpack_runs([b"".join(filed) for filed in parts.values()]), strict=True):
            for weight, ids in groups(values.tolist()):
                found += [(asked[key], one, self._weights[weight]) for one in ids]
        return found

    def names(
        self, language: Language, classes: Sequence[int], near: Sequence[Collection[str]], most: int
    ) -> Spellings:
        found: list[_Spelled] = []
        of_class: list[int] = []
        left = most
        for skeletons in near:
            for each in classes:
                if left > 0:
                    few = min(left, _MOST_OF_MANY - (most - left))
                    found += self._spelled(language, int(each), skeletons, few)
                    left -= sum(len(row.marks) for row in found[len(of_class) :])
                    of_class += [int(each)] * (len(found) - len(of_class))
        return alignment.decode(
            np.concatenate([np.zeros(0, np.int64), *(row.types for row in found)]),
            np.repeat(np.array(of_class, np.uint8), [len(row.types) for row in found]),
            b"".join(row.marks for row in found),
            b"".join(row.letters for row in found),
        )

    def _spelled(self, language: Language, of_class: int, skeletons: Collection[str], most: int) -> list[_Spelled]:
        """What is filed under these, in the order of their letters. There are thousands, and a question asks for hundreds.

        A class of few is kept in memory and read whole. Of one of many, which only a collection of more than some ten thousand
        articles has, it is known how many spellings each skeleton has; ``most`` are read, of each skeleton those of the types that
        were seen first, which are the commonest.
        """
        code, asked = CODES[language], (language, of_class)
        if asked not in self._sounds:
            statement = "SELECT skeleton, types, marks, letters FROM names WHERE language = ? AND class = ? LIMIT ?"
            rows = self._rows(statement, [code, of_class, _MOST_HELD + 1])
            if len(rows) <= _MOST_HELD:
                held: dict[str, list[_Spelled]] = {}
                for skeleton, spelled in zip(
                    [row[0] for row in rows], _spelled([row[1:] for row in rows]), strict=True
                ):
                    held.setdefault(skeleton, []).append(spelled)
                self._sounds[asked] = held
            else:
                statement = "SELECT skeleton, sum(length(marks)) FROM names WHERE language = ? AND class = ? GROUP BY 1"
                self._sounds[asked] = _Counted(self._rows(statement, [code, of_class]))
        known = self._sounds[asked]
        there = sorted({skeleton for skeleton in skeletons if skeleton in known})
        if not isinstance(known, _Counted):
            return [row for skeleton in there for row in known[skeleton]]
        if most < 1:
            return []
        each = _share([known[skeleton] for skeleton in there], most)
        statement = "SELECT part, types, marks, letters FROM names WHERE language = ? AND class = ? AND part * ? < ? AND skeleton IN "
        rows = list(self._rows_in(statement, (code, of_class, PART, each), there))
        found = _spelled([row[1:] for row in rows])
        return [spelled.first(each - PART * row[0]) for spelled, row in zip(found, rows, strict=True)]


class _Counted(dict[str, int]):
    """How many spellings each skeleton of a class has, where there are too many to keep them."""


def _share(counts: Sequence[int], most: int) -> int:
    """How many of each of so many make ``most`` together, or a few less; at least one of each."""
    left = most
    for place, count in enumerate(sorted(counts)):
        share = left // (len(counts) - place)
        if count > share:
            return max(1, share)
        left -= count
    return max(counts, default=0)


class _Spelled(NamedTuple):
    """A row of ``names``."""

    types: Int64s
    marks: bytes
    letters: bytes

    def first(self, most: int) -> _Spelled:
        """Its first spellings, if it has more."""
        if most >= len(self.marks):
            return self
        end = int(alignment.bounds(self.letters)[most])
        return _Spelled(self.types[:most], self.marks[:most], self.letters[:end])


def _spelled(rows: Sequence[tuple[bytes, bytes, bytes]]) -> list[_Spelled]:
    types = packing.unpack_runs([row[0] for row in rows])
    return [_Spelled(np.cumsum(gaps), marks, letters) for gaps, (_, marks, letters) in zip(types, rows, strict=True)]
