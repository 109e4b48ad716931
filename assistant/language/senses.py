"""What the press usually means by an Arabic word: English words with weights, from our own word lists.

Two sources, made once into one SQLite file in the user's cache folder: ``assistant/data/gloss/words.tsv``, written for the gloss,
and the single words of the glossary (`glossary`). A line pairs every Arabic word with every English one; a pair counts
less the later the two stand in their cells. Each pair is filed under the lemma it speaks of: of the lemmas that
the Arabic word may belong to, those that the lexicon glosses with the English word too. Where there is none, the
pair is filed under the word's spelling, for the lexicon does not know this sense.

``words.tsv``: ``Arabic<TAB>English; English<TAB>part``. The likeliest rendering comes first. ``part`` may be left out; it is
``function`` (the word is shown like this wherever it stands, also behind و and ف), ``name``, or ``noun``, ``adjective``, ``verb``:
the reading that the line speaks of. ``#`` begins a comment.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from assistant.language import buckwalter, english, glossary
from assistant.language.cache import Reader, reader
from assistant.language.lexicon import LAYOUT as LEXICON_LAYOUT
from assistant.language.lexicon import Analysis, lexicon
from assistant.language.text import normalize_arabic

LAYOUT = "6"
PARTS = ("function", "name", "person", "noun", "adjective", "verb")
FUNCTION, NAME, PERSON, NOUN, ADJECTIVE, VERB = PARTS
_PLAIN_SUFFIXES = re.compile(r"|\[(fem|masc).*\]|he/it <verb>|two|.*\bpl\..*")


class Sense(NamedTuple):
    """An English rendering in its base form, how far it is the usual one, the part it is meant as (or ``""``), and
    whether our own list has it."""

    text: str
    weight: float
    part: str
    own: bool


class Pair(NamedTuple):
    """A word of either language on one line of a list."""

    arabic: str
    english: str
    weight: float
    part: str
    own: bool = False


def part_of(analysis: Analysis) -> str:
    """The part of speech of a reading."""
    if analysis.is_function_word:
        return FUNCTION
    if analysis.is_proper_name:
        return NAME
    if analysis.category.startswith(("PV", "IV", "CV")):
        return VERB
    if analysis.is_adjective or analysis.category == "Nel":
        return ADJECTIVE
    return NOUN


def own_lines() -> str:
    """The text of ``words.tsv``."""
    return (files("assistant") / "data" / "gloss" / "words.tsv").read_text(encoding="utf-8")


def read_own(text: str) -> Iterator[Pair]:
    """The pairs of a text in the format of ``words.tsv``.

    Raises:
        ValueError: a line has another number of columns or an unknown part; the message shows it.
    """
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        arabic, *rest = line.split("\t")
        if not 1 <= len(rest) <= 2 or (len(rest) == 2 and rest[1] not in PARTS):
            raise ValueError(f"not a line of words.tsv: {line!r}")
        part = rest[1] if len(rest) == 2 else ""
        for rank, text_shown in enumerate(rest[0].split(";")):
            for word in arabic.split(";"):
                yield Pair(word.strip(), text_shown.strip(), 1 / (1 + rank), part, own=True)


def read_glossary(terms: Iterable[glossary.Term]) -> Iterator[Pair]:
    """The pairs of the glossary's lines whose Arabic term is one word."""
    line: list[glossary.Term] = []
    for term in terms:
        if line and (line[0].concept, line[0].column) != (term.concept, term.column):
            yield from _line_pairs(line)
            line = []
        line.append(term)
    yield from _line_pairs(line)


def _line_pairs(line: list[glossary.Term]) -> Iterator[Pair]:
    arabic = [term.text for term in line if term.in_arabic]
    shown = [term.text for term in line if not term.in_arabic]
    for i, word in enumerate(arabic):
        for k, text in enumerate(shown):
            if " " not in word and "/" not in word:
                yield Pair(
                    word,
                    text,
                    (1 + i) ** -0.5 / (1 + k),
                    NAME if text[:1].isupper() else "",
                )


def _stems(text: str) -> set[str]:
    return {english.stem(word) for word in re.findall("[A-Za-z]+", text) if not english.is_stop_word(word)}


def _plain(analysis: Analysis) -> bool:
    """Whether a list would spell the lemma like this: without clitics."""
    return analysis.prefix in ("", "the", "he/it") and bool(_PLAIN_SUFFIXES.fullmatch(analysis.suffix))


def _lemmas(pair: Pair) -> set[int]:
    """The lemmas a pair speaks of, none if the lexicon does not know this sense."""
    readings = [reading for reading in lexicon().analyze(pair.arabic) if _plain(reading)]
    if pair.part:
        readings = [reading for reading in readings if part_of(reading) == pair.part]
    stems = _stems(pair.english)
    meanings = {reading.lemma: lexicon().meaning(reading.lemma) for reading in readings}
    exact = {lemma for lemma, meaning in meanings.items() if stems & meaning.keys()}
    if exact:
        return exact
    keys = {key for stem in stems for key in lexicon().derivations(stem)}
    derived = {
        lemma
        for lemma, meaning in meanings.items()
        if any(keys & lexicon().derivations(stem).keys() for stem in meaning)
    }
    return derived or (set(meanings) if len(meanings) == 1 else set())


def fill(db: sqlite3.Connection) -> None:
    """Write the senses into an empty database."""
    lexicon().preload()
    best: dict[tuple[str, int, str, str, bool], float] = {}
    for pair in (*read_own(own_lines()), *read_glossary(glossary.terms())):
        if " " in pair.arabic:
            continue
        form = normalize_arabic(pair.arabic)
        lemmas = set() if pair.part in (FUNCTION, NAME, PERSON) else _lemmas(pair)
        places: list[tuple[str, int]] = [("", lemma) for lemma in lemmas]
        if not (lemmas and pair.own):
            places.append((form, -1))
        for place in places:
            key = (*place, pair.english, pair.part, pair.own)
            best[key] = max(best.get(key, 0.0), pair.weight)
    db.execute("CREATE TABLE sense (form TEXT, lemma INTEGER, english TEXT, part TEXT, own INTEGER, weight REAL)")
    db.executemany("INSERT INTO sense VALUES (?,?,?,?,?,?)", ((*key, weight) for key, weight in best.items()))
    db.executescript("CREATE INDEX sense_form ON sense (form); CREATE INDEX sense_lemma ON sense (lemma);")


@lru_cache(maxsize=1)
def phrases() -> dict[tuple[str, ...], str]:
    """Our own renderings of several words, by the words' normalised spelling."""
    found: dict[tuple[str, ...], str] = {}
    for pair in read_own(own_lines()):
        if " " in pair.arabic:
            found.setdefault(tuple(normalize_arabic(pair.arabic).split()), pair.english)
    return found


def _fingerprint() -> str:
    parts = (
        LAYOUT,
        LEXICON_LAYOUT,
        buckwalter.fingerprint(),
        glossary.fingerprint(),
        own_lines(),
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _source() -> Reader:
    return reader("senses", _fingerprint(), fill)


_COLUMNS = "SELECT english, weight, part, own FROM sense WHERE "
_ORDER = " ORDER BY own DESC, weight DESC, rowid"


def _senses(rows: Iterable[tuple[str, ...]]) -> tuple[Sense, ...]:
    return tuple(Sense(text, float(weight), part, bool(own)) for text, weight, part, own in rows)


@lru_cache(maxsize=65536)
def of_lemma(lemma: int) -> tuple[Sense, ...]:
    """Senses filed under a lemma, the usual ones first."""
    return _senses(_source().all(_COLUMNS + "lemma = ?" + _ORDER, lemma))


@lru_cache(maxsize=65536)
def of_form(word: str) -> tuple[Sense, ...]:
    """Senses of a spelling that the lexicon does not have; ``word`` is without clitics."""
    return _senses(_source().all(_COLUMNS + "form = ?" + _ORDER, normalize_arabic(word)))


@lru_cache(maxsize=1)
def _bands() -> dict[str, int]:
    bands: dict[str, int] = {}
    band = 0
    for line in (files("assistant") / "data" / "gloss" / "common.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            band = int(line[1:])
        elif not line.startswith("#"):
            for word in line.split():
                bands.setdefault(english.stem(word), band)
    return bands


def commonness(stem: str) -> float:
    """How common an English word is, from 0 to 1, by its stem."""
    return (4 - _bands().get(stem, 4)) / 3
