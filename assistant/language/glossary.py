"""The glossary: what the press calls things in both languages, several words at a time.

``assistant/data/glossary/*.tsv`` holds one concept a line; its columns hold interchangeable terms separated by ``; ``, in either
language. ``#`` begins a comment. In most files the columns are *English* and *Arabic*; ``countries.tsv`` has four: English
names, Arabic names, demonyms, and the capital, which the press uses for the government. The lines of ``dictionary*.tsv``
are entries of a general dictionary: renderings of one word, the likeliest first. The other files hold terms of the press,
and ``places.tsv``, ``peoples.tsv`` and ``currencies.tsv`` names, whose kind tells a person from a place.

A term found in a question is replaced by the other terms of its line, at `_STRENGTH` by column; their words are then
looked up in the collection like words of its own language. The index holds nothing of this: editing a file
needs no re-indexing. A reader adds files of the same format in a folder of their own, named by ``ISNAD_GLOSSARY``.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import chain, groupby
from pathlib import Path
from typing import Any, NamedTuple

from assistant.ablation import cached, cached_each, left_out
from assistant.language import arabic, buckwalter, english
from assistant.language.cache import Reader, reader
from assistant.language.lexicon import LAYOUT as LEXICON_LAYOUT
from assistant.language.lexicon import lexicon
from assistant.language.text import is_arabic, normalize_arabic
from assistant.language.tokens import words_of

LAYOUT = "11"
LONGEST_TERM = 5  # content words
_OWN = 1_000_000_000  # concepts of the reader's own files are numbered from here

NAME, DEMONYM, CAPITAL, ENTRY = "name", "demonym", "capital", "entry"
_KINDS = (NAME, DEMONYM, CAPITAL, ENTRY)
_COLUMNS = {2: (NAME, NAME), 4: (NAME, NAME, DEMONYM, CAPITAL)}
# How far a term of one column stands for a term of another on the same line.
_STRENGTH = {
    (NAME, NAME): 1.0,
    (DEMONYM, DEMONYM): 1.0,
    (NAME, DEMONYM): 0.8,
    (CAPITAL, CAPITAL): 0.8,
    (NAME, CAPITAL): 0.6,
    (DEMONYM, CAPITAL): 0.6,
    (ENTRY, ENTRY): 1.0,
}
# Within one language the line's terms are near-synonyms, not translations; in the general dictionary often less.
_SAME_LANGUAGE, _SAME_ENTRY = 0.5, 0.2
_NAMED = frozenset({"places.tsv", "peoples.tsv", "countries.tsv", "currencies.tsv"})
# Institutions are called MAP, START or Apple: where that is also a word, it is one only with its capitals.
_SPELLED = "institutions.tsv"
# How fast the renderings of the general dictionary lose strength down their list.
_FADING = 0.15


class Term(NamedTuple):
    """A term of a concept: its content words, the whole of it as written, its place in its cell, and its file."""

    concept: int
    column: str
    words: tuple[str, ...]
    text: str
    rank: int = 0
    file: str = ""

    @property
    def key(self) -> str:
        word = self.words[0]
        if (
            len(self.words) == 1
            and self.file == _SPELLED
            and not is_arabic(word)
            and lexicon().knows_word(word.lower())
        ):
            return _capital(word)
        return _key(self.words)

    @property
    def in_arabic(self) -> bool:
        return any(is_arabic(word) for word in self.words)


class Replacement(NamedTuple):
    """Words that may stand for a question word or phrase, and how far."""

    words: tuple[str, ...]
    strength: float


def _capital(word: str) -> str:
    """Key of a name that must be written as it is."""
    return "^" + word


def _key(words: Sequence[str]) -> str:
    return " ".join(map(unit, words))


def _packed(rows: object) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _packed_lemmas(word: str) -> str:
    return " ".join(map(str, lexicon().lemmas(word))) if is_arabic(word) else ""


def unit(word: str) -> str:
    """The stem under which a glossary word is compared."""
    return arabic.stem(word) if is_arabic(word) else english.stem(word)


def content_words(term: str) -> tuple[str, ...]:
    """The words of a term that are no function words, as they are written."""
    # Numbers stay: without them "48 hours" would be found under "hours" and "G7" under "G".
    found = [word for word in words_of(term) if word[0] != "@"]
    content = [
        word for word in found if not (arabic.is_function_word(word) if is_arabic(word) else english.is_stop_word(word))
    ]
    return tuple(content)


def sources() -> list[tuple[str, str]]:
    """Names and texts of the shipped files and of the reader's own, each sorted."""
    return _shipped() + _own()


def _shipped() -> list[tuple[str, str]]:
    return _read(files("assistant") / "data" / "glossary")


def own_folder() -> Path | None:
    """The reader's own glossary, ``ISNAD_GLOSSARY``: a folder of ``.tsv`` files in the format of the shipped ones."""
    name = os.environ.get("ISNAD_GLOSSARY")
    return Path(name) if name else None


def _own() -> list[tuple[str, str]]:
    folder = own_folder()
    return [("own/" + name, text) for name, text in _read(folder)] if folder else []


def _read(folder: Traversable) -> list[tuple[str, str]]:
    if not folder.is_dir():
        return []
    found = [item for item in folder.iterdir() if item.name.endswith(".tsv") and item.is_file()]
    return sorted((item.name, item.read_bytes().decode("utf-8-sig", "replace")) for item in found)


def complaints() -> list[str]:
    """What cannot be used of the reader's own glossary: one line each, with file and line number."""
    folder = own_folder()
    if folder is None:
        return []
    if not folder.is_dir():
        return [f"{folder} is not a folder"]
    found = []
    for name, text in _own():
        for number, line in enumerate(text.splitlines(), 1):
            cells = line.split("\t")
            if line.strip() and not line.startswith("#") and (len(cells) not in _COLUMNS or not all(cells[:2])):
                found.append(f"{name.removeprefix('own/')}, line {number}: wanted English<TAB>Arabic")
    return found


def fingerprint() -> str:
    """Identity of all files."""
    return _fingerprint(sources())


def _fingerprint(texts: Sequence[tuple[str, str]]) -> str:
    return hashlib.sha256(repr(texts).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def names_fingerprint() -> str:
    """Identity of the files whose names are told apart in the index (`places`, `peoples`)."""
    return _fingerprint([source for source in _shipped() if source[0] in _NAMED])


def read_terms(texts: Sequence[tuple[str, str]], concept: int = 0) -> Iterator[Term]:
    """All terms of these files, concepts numbered in order from the one after ``concept``."""
    for name, text in texts:
        for line in text.splitlines():
            cells = line.split("\t")
            if line.startswith("#") or len(cells) not in _COLUMNS:
                continue
            concept += 1
            columns = (ENTRY, ENTRY) if name.startswith("dictionary") else _COLUMNS[len(cells)]
            for column, cell in zip(columns, cells, strict=True):
                for rank, term in enumerate(cell.split(";")):
                    words = content_words(term)
                    if 0 < len(words) <= LONGEST_TERM:
                        yield Term(concept, column, words, term.strip(), rank, name)


def _strength(asked: str, offered: str, rank: int, same_language: bool) -> float:
    """How far a term of the column ``offered`` that stands at ``rank`` there stands for one of the column ``asked``."""
    strength = _STRENGTH.get((asked, offered)) or _STRENGTH.get((offered, asked), 0.0)
    if same_language:
        return strength * (_SAME_ENTRY if asked == ENTRY else _SAME_LANGUAGE)
    return strength / (1 + _FADING * rank) if asked == ENTRY else strength


def _fill(db: sqlite3.Connection, terms: Iterable[Term]) -> None:
    db.execute(
        "CREATE TABLE term (key TEXT, concept INTEGER, kind TEXT, words TEXT, text TEXT, rank INTEGER, file TEXT)"
    )
    # The same for whoever asks what may stand for a word: a row for what is read together.
    db.executescript(
        "CREATE TABLE asked (key TEXT PRIMARY KEY, terms TEXT) WITHOUT ROWID;"
        "CREATE TABLE line (concept INTEGER PRIMARY KEY, terms TEXT);"
        "CREATE TABLE word (word TEXT PRIMARY KEY, unit TEXT, lemmas TEXT) WITHOUT ROWID;"
    )
    lexicon().preload()
    filed: dict[str, tuple[str, str]] = {}
    asked: dict[str, list[tuple[int, int, bool]]] = defaultdict(list)
    rows: list[tuple[str | int, ...]] = []
    lines: list[tuple[int, str]] = []
    for concept, of_concept in groupby(terms, lambda term: term.concept):
        line: list[tuple[str, int, int, bool, str]] = []
        for term in of_concept:
            key, written, in_arabic, column = term.key, " ".join(term.words), term.in_arabic, _KINDS.index(term.column)
            rows.append((key, concept, term.column, written, term.text, term.rank, term.file))
            asked[key].append((concept, column, in_arabic))
            # A name that must be written as it is stands for its word as any other does.
            plain = _key(term.words) if key[0] == "^" else key
            line.append((plain, column, term.rank, in_arabic, written))
            # At once: what was read of a word just now is still remembered.
            filed.update((word, (unit(word), _packed_lemmas(word))) for word in term.words if word not in filed)
        lines.append((concept, _packed(line)))
    db.executemany("INSERT INTO term VALUES (?,?,?,?,?,?,?)", rows)
    db.executemany("INSERT INTO line VALUES (?,?)", lines)
    db.executemany("INSERT INTO asked VALUES (?,?)", ((key, _packed(found)) for key, found in asked.items()))
    db.executemany("INSERT INTO word VALUES (?,?,?)", ((word, *found) for word, found in filed.items()))
    db.executescript(
        "CREATE INDEX term_key ON term (key); CREATE INDEX term_concept ON term (concept);"
        "CREATE INDEX term_words ON term (words);"
    )


class _Sources:
    """The shipped files and the reader's own, kept apart: whoever adds a line does not wait for all the others."""

    def __init__(self) -> None:
        self._readers = [_kept("glossary", _shipped(), 0)]
        if own := _own():
            self._readers.append(_kept("glossary_own", own, _OWN))

    def all(self, sql: str, *arguments: object) -> list[tuple[str, ...]]:
        """All rows of a query, those of the shipped files first."""
        return [row for reader in self._readers for row in reader.all(sql, *arguments)]

    def among(self, sql: str, values: Sequence[object]) -> list[Any]:
        """The rows of a query that ends in ``IN``, with any number of values; those of the shipped files first."""
        return [row for source in self._readers for row in source.among(sql, values)]


def _kept(name: str, texts: list[tuple[str, str]], concept: int) -> Reader:
    made_of = f"{LAYOUT}-{_fingerprint([*texts, (LEXICON_LAYOUT, f'{buckwalter.fingerprint()}-{arabic.FINGERPRINT}')])}"
    return reader(name, made_of, lambda db: _fill(db, read_terms(texts, concept)))


@lru_cache(maxsize=1)
def _source() -> _Sources:
    return _Sources()


def _term(row: tuple[str, ...]) -> Term:
    concept, column, words, text, rank = row
    return Term(int(concept), column, tuple(words.split()), text, int(rank))


def terms() -> Iterator[Term]:
    """What `read_terms` reads, as it is kept: without splitting every term into words again."""
    for *row, file in _source().all("SELECT concept, kind, words, text, rank, file FROM term ORDER BY rowid"):
        yield _term(tuple(row))._replace(file=file)


class _Listed(NamedTuple):
    """A term of a line, with what is asked of it again and again."""

    term: Term
    key: str
    in_arabic: bool


def _lines(key: str) -> Iterator[tuple[Term, list[_Listed]]]:
    """For each term with this key: the term, and all terms of its line."""
    for *row, file in _source().all("SELECT concept, kind, words, text, rank, file FROM term WHERE key = ?", key):
        if file in left_out().glossaries:
            continue
        yield _term(tuple(row)), _line(row[0])


@lru_cache(maxsize=4096)
def _line(concept: str) -> list[_Listed]:
    """All terms of a concept. The list is shared: nobody changes it."""
    line = _source().all(
        "SELECT concept, kind, words, text, rank, key FROM term WHERE concept = ? ORDER BY rowid", concept
    )
    listed = []
    for *row, key in line:
        term = _term(tuple(row))
        # A name that must be written as it is stands for its word as any other does.
        listed.append(_Listed(term, term.key if key.startswith("^") else key, term.in_arabic))
    return listed


def _replacements(keys: Sequence[str]) -> list[tuple[Replacement, ...]]:
    """What may stand for each of the keys: all their lines are read at once."""
    without = left_out().glossaries
    gone = {number for (number,) in _source().among("SELECT concept FROM term WHERE file IN", sorted(without))}
    asked: dict[str, list[tuple[int, int, bool]]] = defaultdict(list)
    for key, terms in _source().among("SELECT key, terms FROM asked WHERE key IN", keys):
        asked[key] += [each for each in json.loads(terms) if each[0] not in gone]
    concepts = list(dict.fromkeys(concept for found in asked.values() for concept, *_ in found))
    rows = _source().among("SELECT concept, terms FROM line WHERE concept IN", concepts)
    lines = {concept: json.loads(terms) for concept, terms in rows}
    found = []
    for key in keys:
        best: dict[str, float] = {}
        for concept, column, in_arabic in asked.get(key, ()):
            for other, offered, rank, offered_in_arabic, words in lines[concept]:
                if other != key:
                    strength = _strength(_KINDS[column], _KINDS[offered], rank, in_arabic == offered_in_arabic)
                    if strength > best.get(words, 0.0):
                        best[words] = strength
        found.append(tuple(Replacement(tuple(words.split()), strength) for words, strength in best.items()))
    return found


_offered = cached_each(8192, _replacements)


@cached(maxsize=8192)
def renderings(key: str, in_arabic: bool) -> tuple[tuple[Term, tuple[Term, ...]], ...]:
    """Terms with this key and, for each, the terms of its line and kind in the language wanted, in order."""
    found = []
    for asked, line in _lines(key):
        other = tuple(t for t, *_ in line if t.column == asked.column and is_arabic(t.words[0]) == in_arabic)
        if other and is_arabic(asked.words[0]) != in_arabic:
            found.append((asked, other))
    return tuple(found)


class Filed(NamedTuple):
    """Under what a word of the glossary is filed in a collection: its stem, and its lemmas in the order of its readings."""

    unit: str
    lemmas: tuple[str, ...]


def filed(words: Sequence[str]) -> dict[str, Filed]:
    """`Filed` of those of many words that the glossary has: as the lexicon would tell, but it was asked once for all."""
    rows = _source().among("SELECT word, unit, lemmas FROM word WHERE word IN", words)
    return {word: Filed(stem, tuple(lemmas.split())) for word, stem, lemmas in rows}


def written_among(words: Iterable[str]) -> set[str]:
    """Those of many words that are terms of one word, exactly so."""
    return {word for (word,) in _source().among("SELECT DISTINCT words FROM term WHERE words IN", sorted(set(words)))}


@lru_cache(maxsize=8)
def listed(*files_and_columns: tuple[str, str]) -> frozenset[str]:
    """The terms of one word in columns of files, folded: Arabic normalised, English as written."""
    found: set[str] = set()
    for file, column in files_and_columns:
        rows = _source().all(
            "SELECT words FROM term WHERE file = ? AND kind = ? AND words NOT LIKE '% %'", file, column
        )
        # One or two letters are what is left of an abbreviation such as "U.S.".
        found.update(normalize_arabic(word) if is_arabic(word) else word for (word,) in rows if len(word) > 2)
    return frozenset(found)


def places() -> frozenset[str]:
    """Names of countries, cities, rivers and the like."""
    return listed(("places.tsv", NAME), ("countries.tsv", NAME), ("countries.tsv", CAPITAL))


def peoples() -> frozenset[str]:
    """Names of nations, religions, languages and currencies: names, but no person's and no place's."""
    return listed(("peoples.tsv", NAME), ("countries.tsv", DEMONYM), ("currencies.tsv", NAME))


def spans(words: int) -> Iterator[tuple[int, int]]:
    """Where a term may begin and end among so many words."""
    for start in range(words):
        for end in range(start + 1, min(start + LONGEST_TERM, words) + 1):
            yield start, end


def replacements(words: Sequence[str]) -> list[tuple[Replacement, ...]]:
    """For each content word of a question, in order, what may stand for it or for a phrase it is part of."""
    return list(_replaced(tuple(words)))


# A question is looked up in the collection's passages of each language.
@cached(maxsize=64)
def _replaced(words: tuple[str, ...]) -> list[tuple[Replacement, ...]]:
    units = [unit(word) if word[0] not in "#@" else word for word in words]
    found: list[list[tuple[Replacement, ...]]] = [[] for _ in words]
    terms_at = list(spans(len(units)))
    keys = [" ".join(units[start:end]) for start, end in terms_at]
    capitals = [_capital(word) for word in words if word[:1].isupper()]
    offered_by = dict(zip([*keys, *capitals], _offered([*keys, *capitals]), strict=True))
    for (start, end), key in zip(terms_at, keys, strict=True):
        offered = offered_by[key]
        if end == start + 1 and (capital := offered_by.get(_capital(words[start]))):
            offered = tuple(dict.fromkeys(offered + capital))
        for position in range(start, end) if offered else ():
            found[position].append(offered)
    # What one key offers is offered once; what several do may be the same.
    return [of_word[0] if len(of_word) == 1 else tuple(dict.fromkeys(chain(*of_word))) for of_word in found]
