"""What the press also calls things: words that are no translations of each other, but may tell of the same.

``assistant/data/thesaurus/related.tsv`` holds one idea a line, *English<TAB>Arabic*, terms separated by ``; ``: each may stand
where another stands, in either language. ``members.tsv`` holds one class a line, *class<TAB>members*, both in both languages: who
asks of Western officials is answered by a French president, and not the other way round. They were written for this project by
writers who saw neither the questions nor the articles that it is measured with.

The `glossary` says what a word *is* in the other language; this only helps to find. No gloss and no check of a statement reads it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import chain

from assistant.ablation import cached_each, left_out
from assistant.language import arabic, buckwalter, glossary
from assistant.language.cache import Reader, reader
from assistant.language.glossary import LONGEST_TERM, Replacement
from assistant.language.lexicon import LAYOUT as LEXICON_LAYOUT
from assistant.language.text import is_arabic

LAYOUT = "4"
_ASKED = """SELECT other.rowid, asked.key, other.words, other.file FROM term AS asked JOIN term AS other ON other.line = asked.line
    WHERE other.key <> asked.key AND (asked.file = ? OR asked.cell < other.cell) AND asked.key IN"""
RELATED, MEMBERS = "related.tsv", "members.tsv"
_DENYING = frozenset("غير بلا دون بدون لا لم لن ليس ما عدم not no never without out".split())
# What may go from a term of which one word is left, and verbs that mean little without it ("go into", "call for").
_GOVERNED = frozenset(
    "be a an the of to for with from at as by about against على إلى عن في من مع به عليه فيه ضد بأنه أن".split()
)
_LIGHT = frozenset(
    "go come look call run take get put set make do let see stand keep turn break bring fall hold give way".split()
)
# How far a word stands for a related one of its own language and of the other one, where dictionaries have said the most already;
# and a class for a member of it.
_RELATED, _RELATED_ACROSS, _MEMBER = 0.4, 0.15, 0.4


def _texts() -> list[tuple[str, str]]:
    folder = files("assistant") / "data" / "thesaurus"
    return [(name, (folder / name).read_bytes().decode("utf-8")) for name in (MEMBERS, RELATED)]


def _kept_words(term: str) -> tuple[str, ...]:
    """The content words of a term; none when without the others it would say something else ("not guilty", "killed himself")."""
    said, words = term.split(), glossary.content_words(term)
    dropped = [word for word in said if word not in words]
    if not _DENYING.isdisjoint(dropped):
        return ()
    if len(words) == 1 and len(said) > 1 and (words[0] in _LIGHT or not _GOVERNED.issuperset(dropped)):
        return ()
    return words


def _fill(db: sqlite3.Connection, texts: Sequence[tuple[str, str]]) -> None:
    db.execute("CREATE TABLE term (key TEXT, line INTEGER, cell INTEGER, words TEXT, file TEXT)")
    line = 0
    for name, text in texts:
        for row in text.splitlines():
            if row.startswith("#"):
                continue
            line += 1
            for cell, terms in enumerate(row.split("\t")):
                for words in dict.fromkeys(map(_kept_words, terms.split(";"))):
                    if 0 < len(words) <= LONGEST_TERM:
                        key = " ".join(map(glossary.unit, words))
                        db.execute("INSERT INTO term VALUES (?,?,?,?,?)", (key, line, cell, " ".join(words), name))
    db.executescript("CREATE INDEX term_key ON term (key); CREATE INDEX term_line ON term (line);")


@lru_cache(maxsize=1)
def _source() -> Reader:
    texts = _texts()
    made_of = (LAYOUT, glossary.LAYOUT, LEXICON_LAYOUT, arabic.FINGERPRINT, buckwalter.fingerprint(), texts)
    version = hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]
    return reader("thesaurus", version, lambda db: _fill(db, texts))


def _offers(keys: Sequence[str]) -> list[tuple[Replacement, ...]]:
    """What each of the keys stands for."""
    best: dict[str, dict[str, float]] = {key: {} for key in keys}
    for _, key, words, file in sorted(_source().among(_ASKED, keys, RELATED)):
        across = is_arabic(words) != is_arabic(key)
        strength = _MEMBER if file == MEMBERS else _RELATED_ACROSS if across else _RELATED
        best[key][words] = max(best[key].get(words, 0.0), strength)
    return [tuple(Replacement(tuple(words.split()), s) for words, s in best[key].items()) for key in keys]


_offered = cached_each(8192, _offers)


def related(words: Sequence[str]) -> list[tuple[Replacement, ...]]:
    """For each content word of a question, in order, what may tell of the same as it or a phrase it is part of."""
    found: list[list[tuple[Replacement, ...]]] = [[] for _ in words]
    if left_out().thesaurus:
        return [() for _ in words]
    units = [glossary.unit(word) if word[0] not in "#@" else word for word in words]
    spans = list(glossary.spans(len(units)))
    for (start, end), offered in zip(spans, _offered([" ".join(units[one:two]) for one, two in spans]), strict=True):
        for position in range(start, end) if offered else ():
            found[position].append(offered)
    return [tuple(dict.fromkeys(chain(*of_word))) for of_word in found]
