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
from assistant.language import terms
from assistant.language.text import Language
from assistant.name_table import NameTable, Row
from assistant.postings import Table
from assistant.word_list import WordList

CODES: dict[Language, int] = {"ar": 0, "en": 1}
LANGUAGES: tuple[Language, ...] = ("ar", "en")
BLOCK, WORDS, PART = 4096, 32, 80
"""Types of a row of ``types``, words of one of ``words``, spellings of one of ``names``."""
FACTS = np.dtype([("unit", "<u4"), ("df", "<u4"), ("titles", "<u4"), ("flags", "<i4")], align=True)
"""``unit``: the engine's dimension; ``df``, ``titles``: passages and titles that hold the type; ``flags``: `Kind` bits and ours."""
STOP, ENGLISH = 1 << 29, 1 << 30
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
_ROWS_AT_ONCE = 256

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
        self._read = np.zeros(0, bool)
        self._lock = threading.Lock()
        self._families: dict[tuple[int, str], int] | None = None
        self._weights: dict[int, float] = {}
        self._tables: dict[tuple[Language, str], Table | None] = {}
        self._names: dict[Language, NameTable] = {}
        self._words: WordList | None = None

    def statistics(self, language: Language) -> LanguageStatistics | None:
        rows = self._rows("SELECT passages, tokens, types FROM statistics WHERE language = ?", [CODES[language]])
        return LanguageStatistics(*rows[0]) if rows else None

    def facts(self, ids: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.void]:
        """`FACTS` of types of this vocabulary; same shape as ``ids``."""
        if not len(self._facts):
            self._make_room()
        blocks = ids // BLOCK
        if not self._read[blocks].all():
            with self._lock:
                self._take_in(np.unique(blocks[~self._read[blocks]]).tolist())
        return np.asarray(self._facts[ids])

    def _make_room(self) -> None:
        with self._lock:
            if not len(self._facts):
                ((last,),) = self._rows("SELECT max(block) FROM types")
                blocks = last + 1 if last is not None else 0
                self._read = np.zeros(blocks, bool)
                # Zeros take no memory before something is written to them.
                self._facts = np.zeros(blocks * BLOCK, FACTS)

    def _take_in(self, blocks: Sequence[int]) -> None:
        for block, blob in self._rows_in("SELECT block, facts FROM types WHERE block IN ", (), blocks):
            self._facts[block * BLOCK : (block + 1) * BLOCK] = unpack_facts(blob)
        self._read[blocks] = True

    def words(self, ids: Iterable[int]) -> dict[int, str]:
        """The words of types."""
        return self.word_list().words(ids)

    def word_list(self) -> WordList:
        """All words, in memory."""
        if self._words is None:
            with self._lock:
                if self._words is None:
                    rows = self._rows("SELECT block, words FROM words ORDER BY block")
                    if [block for block, _ in rows] != list(range(len(rows))):
                        raise ValueError("a block of words is missing")
                    self._words = WordList([words for _, words in rows], WORDS)
        return self._words

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

    def names(self, language: Language) -> NameTable:
        """The names of a language's passages, all of them in memory."""
        if language not in self._names:
            words = self.word_list()  # which takes the lock itself
            with self._lock:
                if language not in self._names:
                    counted = "SELECT total(length(marks)), total(length(letters)) FROM names WHERE language = ?"
                    ((spellings, letters),) = self._rows(counted, [CODES[language]])
                    names = NameTable(self._name_rows(language), int(spellings), int(letters))
                    if names.types.max(initial=-1) >= len(words):
                        raise ValueError("a name is of no word")
                    self._names[language] = names
        return self._names[language]

    def _name_rows(self, language: Language) -> Iterator[list[Row]]:
        after = (-1, "", -1)
        statement = (
            "SELECT class, skeleton, types, marks, letters, part FROM names "
            "WHERE language = ? AND (class, skeleton, part) > (?, ?, ?) ORDER BY class, skeleton, part LIMIT ?"
        )
        while rows := self._rows(statement, [CODES[language], *after, _ROWS_AT_ONCE]):
            yield [Row(*row[:5]) for row in rows]
            after = (rows[-1][0], rows[-1][1], rows[-1][5])
