"""Filing word types: what a question will look for them under, worked out and written into the catalogue.

`analyse` is the costly half. It depends on the words alone, so it may run in another process. `Filing` numbers the
types, collects what was worked out, and settles everything at the end in the order of the keys: for a first index in
one sweep, for a later generation by rewriting the keys that have changed.

The invariant is the catalogue's: whatever came and went, what is filed is what one writing of the same passages would
file (the numbers of types aside). A type is there as long as a passage or a title holds it; its number is used again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant import packing
from assistant.ablation import LeftOut, leave_out, left_out
from assistant.language.letters import bounds, encode
from assistant.language.lexicon import lexicon
from assistant.language.terms import type_terms
from assistant.language.text import Language
from assistant.vocabulary import (
    BLOCK,
    CODES,
    ENGLISH,
    FACTS,
    LANGUAGES,
    PART,
    STOP,
    STOP_WORD,
    WORDS,
    file_under,
    groups,
    pack_facts,
    pack_words,
    unpack_facts,
    unpack_words,
)

# A row longer than this would take a page of its own.
_PART_BYTES = 800

_MANY_COUNTS = 1 << 18
_PACKED_ROWS = 1 << 18

# Words from which having the whole lexicon in memory pays.
_MANY_WORDS = 1000

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Key = tuple[str, str]
"""Family and key."""
Sound = tuple[int, str]
"""Class of names and coarse skeleton."""


class Filed(NamedTuple):
    """What `analyse` found out about words, counted from 0.

    ``units``, ``flags``: per word. ``keys``: each once; ``key_rows``: shape ``(n, 2)``, key and word; ``weights``:
    ``(n,)``. ``sounds``: each once; ``sound_rows``: ``(m, 2)``, sound and word; ``marks``, ``letters``: ``m`` spellings encoded,
    one after the other.
    """

    units: list[int]
    flags: list[int]
    keys: list[Key]
    key_rows: Int64s
    weights: npt.NDArray[np.float64]
    sounds: list[Sound]
    sound_rows: Int64s
    marks: bytes
    letters: bytes


def analyse(words: Sequence[str]) -> Filed:
    """Work out how words are filed."""
    keys: dict[Key, int] = {}
    sounds: dict[Sound, int] = {}
    units, flags, key_rows, weights, sound_rows = [], [], [], [], []
    marks, letters = bytearray(), bytearray()
    for number, word in enumerate(words):
        terms = type_terms(word)
        units.append(terms.unit)
        flags.append(terms.flags | (STOP if terms.stop else 0))
        filed = [(STOP_WORD, word, 1.0)] if terms.stop else terms.keys
        for family, key, weight in filed:
            key_rows.append((keys.setdefault((family, key), len(keys)), number))
            weights.append(weight)
        for spelling, skeleton in terms.spellings.items():
            sound_rows.append((sounds.setdefault((int(terms.name), skeleton), len(sounds)), number))
            mark, coded = encode(spelling)
            marks.append(mark)
            letters += coded
    return Filed(
        units, flags, list(keys), _pairs(key_rows), np.array(weights, np.float64),
        list(sounds), _pairs(sound_rows), bytes(marks), bytes(letters),
    )  # fmt: skip


def _pairs(rows: list[tuple[int, int]]) -> Int64s:
    return np.array(rows, np.int64).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Analysis:
    """Words to be analysed, as a task for another process."""

    words: tuple[str, ...]
    without: LeftOut = field(default_factory=left_out)

    def __call__(self) -> Filed:
        if len(self.words) >= _MANY_WORDS:
            lexicon().preload()
        with leave_out(self.without):
            return analyse(self.words)


class Filing:
    """The word types of a catalogue being written; ``fresh`` when there are none yet."""

    def __init__(self, connection: sqlite3.Connection, fresh: bool) -> None:
        self._run = connection
        self._ids: dict[Language, dict[str, int]] = {language: {} for language in LANGUAGES}
        self._facts = np.zeros(BLOCK, FACTS)
        self._free: list[int] = []
        self._unfiled: dict[Language, list[int]] = {language: [] for language in LANGUAGES}
        self._words: list[str] = []
        self._df, self._titles = _Counts(), _Counts()
        self._keys = _Postings(connection, fresh)
        self._names = _Names(connection, fresh)
        if not fresh:
            self._load()

    def _load(self) -> None:
        blocks = self._run.execute("SELECT facts FROM types ORDER BY block").fetchall()
        self._facts = np.concatenate([self._facts[:0], *(unpack_facts(blob) for (blob,) in blocks)])
        blocks = self._run.execute("SELECT words FROM words ORDER BY block").fetchall()
        words = self._words = [word for (packed,) in blocks for word in unpack_words(packed)]
        english = (self._facts["flags"] & ENGLISH > 0).tolist()
        for number, word in enumerate(words):
            if word:
                self._ids["en" if english[number] else "ar"][word] = number
        self._free = [number for number, word in enumerate(words) if not word][::-1]

    def numbers(self, language: Language, words: Sequence[str]) -> list[int]:
        """The types of words, numbered in the order in which they are first seen."""
        ids = self._ids[language]
        try:
            return [ids[word] for word in words]
        except KeyError:
            return [ids[word] if word in ids else self._new(language, word) for word in words]

    def _new(self, language: Language, word: str) -> int:
        if self._free:
            number = self._free.pop()
        else:
            number = len(self._words)
            self._words.append("")
        self._ids[language][word] = number
        self._words[number] = word
        self._unfiled[language].append(number)
        return number

    def expect(self, words: Iterable[tuple[Language, str]]) -> None:
        """Give the first numbers, which take least room, to words that will be frequent; those that never come are dropped."""
        for language, word in words:
            if word not in self._ids[language]:
                self._new(language, word)

    def count(self, passage: Iterable[int], change: int) -> None:
        """A passage with these types has come (1) or gone (-1)."""
        self._df.add(passage, change)

    def count_title(self, title: Iterable[int], change: int) -> None:
        """The same of a title."""
        self._titles.add(title, change)

    def unfiled(self, least: int = 1) -> list[tuple[Language, list[int], list[str]]]:
        """New types, with their words, that are to be analysed and filed; each is given out once.

        Languages with fewer than ``least`` are left for later.
        """
        given = []
        for language, ids in self._unfiled.items():
            if len(ids) >= least:
                given.append((language, ids, [self._words[number] for number in ids]))
                self._unfiled[language] = []
        return given

    def file(self, language: Language, ids: Sequence[int], filed: Filed) -> None:
        """File the types ``ids``, whose words were analysed in this order."""
        numbers = np.array(ids, np.int64)
        facts = self._room(int(numbers.max(initial=0)))
        facts["unit"][numbers] = filed.units
        facts["flags"][numbers] = np.array(filed.flags) | (ENGLISH if language == "en" else 0)
        self._keys.add(language, filed, numbers.astype(np.int32))
        self._names.add(language, filed, numbers.astype(np.int32))

    def _room(self, number: int) -> npt.NDArray[np.void]:
        if number >= len(self._facts):
            longer = np.zeros(2 * (number // BLOCK + 1) * BLOCK, FACTS)
            longer[: len(self._facts)] = self._facts
            self._facts = longer
        return self._facts

    def finish(self) -> dict[Language, int]:
        """Write everything; returns how many types the passages of each language hold."""
        for language, ids, words in self.unfiled():
            self.file(language, ids, analyse(words))
        facts = self._room(max(0, len(self._words) - 1))
        for column, counts in (("df", self._df), ("titles", self._titles)):
            changes = counts.total(len(self._words))
            facts[column][: len(self._words)] += changes.astype(np.uint32)
        gone = self._drop(facts)
        self._keys.write(gone)
        self._names.write(gone)
        for number in gone:
            self._words[number] = ""
        words = self._words + [""] * (-len(self._words) % WORDS)
        rows = [(n // WORDS, pack_words(words[n : n + WORDS])) for n in range(0, len(words), WORDS)]
        self._run.execute("DELETE FROM words")
        self._run.executemany("INSERT INTO words VALUES (?, ?)", rows)
        blocks = [
            (block, pack_facts(facts[block * BLOCK : (block + 1) * BLOCK]))
            for block in range(-(-len(self._words) // BLOCK))
        ]
        self._run.execute("DELETE FROM types")
        self._run.executemany("INSERT INTO types VALUES (?, ?)", blocks)
        held = facts["df"][: len(self._words)] > 0
        english = facts["flags"][: len(self._words)] & ENGLISH > 0
        return {"ar": int((held & ~english).sum()), "en": int((held & english).sum())}

    def _drop(self, facts: npt.NDArray[np.void]) -> set[int]:
        """Forget the types that nothing holds any longer; their keys follow from their words."""
        gone: set[int] = set()
        held = ((facts["df"] > 0) | (facts["titles"] > 0)).tolist()
        for language, ids in self._ids.items():
            dead = {word: number for word, number in ids.items() if not held[number]}
            if dead:
                filed = analyse(list(dead))
                self._keys.touch(language, filed.keys)
                self._names.touch(language, filed.sounds)
                gone |= set(dead.values())
        facts[list(gone)] = np.zeros((), FACTS)
        return gone


class _Counts:
    """By how much the numbers of passages that hold each type have changed: added up thousands of passages at a time."""

    def __init__(self) -> None:
        self._waiting: dict[int, list[int]] = {1: [], -1: []}
        self._total = np.zeros(0, np.int64)

    def add(self, types: Iterable[int], change: int) -> None:
        """Each of ``types``, which are different ones, has changed by 1 or -1."""
        waiting = self._waiting[change]
        waiting += types
        if len(waiting) >= _MANY_COUNTS:
            self._settle()

    def _settle(self) -> None:
        for change, types in self._waiting.items():
            counts = change * np.bincount(np.array(types, np.int64))
            longer, shorter = (counts, self._total) if len(counts) > len(self._total) else (self._total, counts)
            longer[: len(shorter)] += shorter
            self._total = longer
            types.clear()

    def total(self, types: int) -> Int64s:
        """The changes of the first so many types."""
        self._settle()
        total = np.zeros(types, np.int64)
        total[: len(self._total)] = self._total
        return total


class _Postings:
    """Which types are filed under which key. New rows wait as arrays until `write`."""

    def __init__(self, connection: sqlite3.Connection, fresh: bool) -> None:
        self._run, self._fresh = connection, fresh
        families = connection.execute("SELECT language, name, id FROM families")
        self._families = {(language, name): number for language, name, number in families}
        self._weights = dict(connection.execute("SELECT weight, id FROM weights").fetchall())
        self._keys: dict[bytes, int] = {}
        self._rows: list[Int32s] = []  # shape (n, 3): key, weight, type

    def touch(self, language: Language, keys: Sequence[Key]) -> Int32s:
        """Numbers of keys, which `write` will write anew."""
        found = []
        for family, key in keys:
            number = self._families.setdefault((CODES[language], family), len(self._families))
            found.append(self._keys.setdefault(file_under(number, key), len(self._keys)))
        return np.array(found, np.int32)

    def add(self, language: Language, filed: Filed, types: Int32s) -> None:
        distinct, which = np.unique(filed.weights, return_inverse=True)
        weights = np.array([self._weights.setdefault(w, len(self._weights)) for w in distinct.tolist()], np.int32)
        keys = self.touch(language, filed.keys)
        key, word = filed.key_rows.T
        self._rows.append(np.stack([keys[key], weights[which], types[word]], axis=1))

    def write(self, gone: Collection[int]) -> None:
        """Write the keys that were touched, without the types that are ``gone``. Nothing is filed any more after that."""
        keys = sorted(self._keys)
        place = np.empty(len(keys), np.int32)
        place[[self._keys.pop(key) for key in keys]] = np.arange(len(keys), dtype=np.int32)
        waiting, self._rows = self._rows, []
        for rows in waiting:
            rows[:, 0] = place[rows[:, 0]]
        rows = _without(np.concatenate([np.zeros((0, 3), np.int32), *waiting, *self._stored(keys)]), 2, gone)
        del waiting
        rows = rows[np.lexsort(rows.T[::-1])]
        run = self._run.executemany
        run("INSERT OR IGNORE INTO families VALUES (?, ?, ?)", [(n, *name) for name, n in self._families.items()])
        run("INSERT OR IGNORE INTO weights VALUES (?, ?)", [(n, weight) for weight, n in self._weights.items()])
        run("DELETE FROM keys WHERE key = ?", () if self._fresh else [(key,) for key in keys])
        for some in _pieces(rows):
            run("INSERT INTO keys VALUES (?, ?, ?)", _key_rows(keys, some.astype(np.int64)))

    def _stored(self, keys: Sequence[bytes]) -> Iterator[Int32s]:
        statement = "SELECT filed FROM keys WHERE key = ? ORDER BY part"
        for number, key in enumerate(keys if not self._fresh else ()):
            filed = b"".join(part for (part,) in self._run.execute(statement, (key,)))
            for weight, types in groups(packing.unpack_numbers(filed).tolist()):
                yield np.array([(number, weight, each) for each in types], np.int32)


def _without(rows: Int32s, column: int, gone: Collection[int]) -> Int32s:
    """The rows whose type, in ``column``, is not ``gone``."""
    return rows[~np.isin(rows[:, column], list(gone))] if gone else rows


def _pieces(rows: Int32s) -> Iterator[Int32s]:
    """Sorted rows in pieces of some, those of one key together: packing takes ten times their room."""
    start = 0
    while start < len(rows):
        last = rows[min(start + _PACKED_ROWS, len(rows)) - 1, 0]
        end = int(np.searchsorted(rows[:, 0], last, side="right"))
        yield rows[start:end]
        start = end


def _key_rows(keys: Sequence[bytes], rows: Int64s) -> Iterator[tuple[bytes, int, bytes]]:
    """Rows of the table from rows of (key, weight, type) in this order: see `groups`."""
    key, weight, types = rows.T
    begins = np.any(np.diff(rows[:, :2], axis=0, prepend=-1), axis=1)
    starts = np.flatnonzero(begins)
    place = np.arange(len(rows)) + 2 * np.cumsum(begins)
    values = np.empty(len(rows) + 2 * len(starts), np.int64)
    values[place] = np.where(begins, types, np.diff(types, prepend=0))
    values[place[starts] - 2] = weight[starts]
    values[place[starts] - 1] = np.diff(starts, append=len(rows))
    ends = np.flatnonzero(np.diff(key, append=-1))
    for number, filed in zip(key[ends].tolist(), packing.pack_parts(values, place[ends] + 1), strict=True):
        for part, start in enumerate(range(0, len(filed), _PART_BYTES)):
            yield keys[number], part, filed[start : start + _PART_BYTES]


class _Names:
    """Which spellings are filed under which sound."""

    def __init__(self, connection: sqlite3.Connection, fresh: bool) -> None:
        self._run, self._fresh = connection, fresh
        self._sounds: dict[tuple[int, int, str], int] = {}
        self._rows: list[Int32s] = []  # shape (n, 3): sound, type, mark
        self._letters: list[bytes] = []  # of the same rows, in the same portions

    def touch(self, language: Language, sounds: Sequence[Sound]) -> Int32s:
        """Numbers of sounds, which `write` will write anew."""
        found = [self._sounds.setdefault((CODES[language], *sound), len(self._sounds)) for sound in sounds]
        return np.array(found, np.int32)

    def add(self, language: Language, filed: Filed, types: Int32s) -> None:
        sounds = self.touch(language, filed.sounds)
        sound, word = filed.sound_rows.T
        marks = np.frombuffer(filed.marks, np.uint8).astype(np.int32)
        self._rows.append(np.stack([sounds[sound], types[word], marks], axis=1))
        self._letters.append(filed.letters)

    def write(self, gone: Collection[int]) -> None:
        """Write the sounds that were touched, without the types that are ``gone``. Nothing is filed any more after that."""
        if not self._fresh:
            self._take_stored()
        sounds = sorted(self._sounds)
        place = np.empty(len(sounds), np.int32)
        place[[self._sounds[sound] for sound in sounds]] = np.arange(len(sounds), dtype=np.int32)
        rows = np.concatenate([np.zeros((0, 3), np.int32), *self._rows])
        letters = b"".join(self._letters)
        self._rows, self._letters = [], []
        rows[:, 0] = place[rows[:, 0]]
        begin = bounds(letters)
        # Column 2 says from now on where a row's letters are; its mark is looked up with them.
        marks = rows[:, 2].astype(np.uint8)
        rows[:, 2] = np.arange(len(rows))
        rows = _without(rows, 1, gone)
        rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
        run = self._run.executemany
        statement = "DELETE FROM names WHERE language = ? AND class = ? AND skeleton = ?"
        run(statement, () if self._fresh else sounds)
        for some in _pieces(rows):
            where = some[:, 2]
            spans = zip(begin[where].tolist(), begin[where + 1].tolist(), strict=True)
            table = np.stack([some[:, 0], some[:, 1], marks[where]], axis=1).astype(np.int64)
            spelled = [letters[start:end] for start, end in spans]
            run("INSERT INTO names VALUES (?, ?, ?, ?, ?, ?, ?)", _name_rows(sounds, table, spelled))

    def _take_stored(self) -> None:
        statement = (
            "SELECT types, marks, letters FROM names WHERE language = ? AND class = ? AND skeleton = ? ORDER BY part"
        )
        for sound, number in self._sounds.items():
            for gaps, marks, letters in self._run.execute(statement, sound):
                types = np.cumsum(packing.unpack_numbers(gaps))
                mark = np.frombuffer(marks, np.uint8)
                self._rows.append(np.stack([np.full(len(types), number), types, mark], axis=1).astype(np.int32))
                self._letters.append(letters)


def _name_rows(
    sounds: Sequence[tuple[int, int, str]], rows: Int64s, letters: Sequence[bytes]
) -> Iterator[tuple[int, int, str, int, bytes, bytes, bytes]]:
    """Rows of the table from rows of (sound, type, mark) in this order."""
    sound, types, marks = rows.T
    first = np.searchsorted(sound, sound)  # where the rows of the same sound begin
    part = (np.arange(len(rows)) - first) // PART
    ends = np.flatnonzero(np.diff(sound * len(rows) + part, append=-1)) + 1
    starts = np.concatenate([[0], ends])[:-1]
    gaps = np.diff(types, prepend=0)
    gaps[starts] = types[starts]
    mark = marks.astype(np.uint8).tobytes()
    for start, end, packed in zip(starts.tolist(), ends.tolist(), packing.pack_parts(gaps, ends), strict=True):
        key = (*sounds[int(sound[start])], int(part[start]))
        yield *key, packed, mark[start:end], b"".join(letters[start:end])
