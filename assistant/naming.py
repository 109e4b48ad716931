"""Names of a statement that the sentences it cites do not hold, in either script.

A name from elsewhere in the article may stand for a pronoun of the cited sentence, so it is refused only where it takes the
place of one that the sentence has; a name of nowhere is refused when it is surely a name.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from assistant.cases import MATCHED, Case
from assistant.claims import Reading
from assistant.language import acronyms, alignment, arabic, glossary, names
from assistant.language.kinds import Kind, kinds_of
from assistant.language.text import is_arabic

# Likenesses from which two words may write one name, and below which they surely do not.
LIKE, UNLIKE = 0.70, 0.50


@lru_cache(maxsize=65536)
def _alike(one: str, other: str) -> bool:
    """Whether two words may write one name."""
    if is_arabic(one) == is_arabic(other):
        if is_arabic(one):
            one, other = arabic.shortest_form(one), arabic.shortest_form(other)
        else:
            one, other = one.lower(), other.lower()
        least = 0.75 if min(len(one), len(other)) > 5 else 0.85
        return Indel.normalized_similarity(one, other) >= least
    latin, script = (other, one) if is_arabic(one) else (one, other)
    if not latin[0].isupper() or bool(kinds_of(one) & kinds_of(other) & Kind.LOCATION):
        return False  # of two known places, the glossary says whether they are one
    # Short words align by chance, and words of the dictionary are names by chance.
    least = LIKE if names.consonants(names.plain_latin(latin)) > 2 and kinds_of(script) & Kind.MAYBE_NAME else 0.88
    return alignment.likeness(latin, script) >= least


def _holds_acronym(word: str, text: Reading) -> bool:
    key = acronyms.key(word)
    if any(token.word[0] == "@" and key in token.word for token in text.words):
        return True
    initials = "".join(t.word[0] for t in text.words if t.word.isascii() and t.word[0].isupper())
    return word in initials


def _holds_name(word: str, text: Reading) -> bool:
    if word.isascii() and word.isupper() and _holds_acronym(word, text):
        return True
    words = [token.word for token in text.words if token.word[0] not in "#@"]
    if any(_alike(word, other) for other in words if len(other) > 1) or any(map(partial(_in_glued, word), words)):
        return True
    return any(_alike(word, first + second) for first, second in itertools.pairwise(words) if len(first) > 1)


@lru_cache(maxsize=65536)
def _likeness(one: str, other: str) -> float:
    if is_arabic(one) == is_arabic(other):
        return 0.0
    return alignment.likeness(other, one) if is_arabic(one) else alignment.likeness(one, other)


@lru_cache(maxsize=16384)
def _in_glued(word: str, other: str) -> bool:
    """Whether a Latin name is part of an Arabic word that is several set without spaces, as news often has them."""
    if is_arabic(word) or not is_arabic(other) or len(other) < 8 or not kinds_of(other) & Kind.UNKNOWN:
        return False
    spelled = [
        part for offered in glossary.replacements([word])[0] if len(offered.words) == 1 for part in offered.words
    ]
    if any(len(part) > 3 and part in other for part in spelled if is_arabic(part)):
        return True
    if names.consonants(names.plain_latin(word)) < 3:
        return False
    cuts = range(3, len(other) - 2)
    return any(
        alignment.likeness(word, other[cut:]) >= LIKE or alignment.likeness(word, other[:cut]) >= LIKE for cut in cuts
    )


class _Found(NamedTuple):
    """A name of the statement: its token, its row, whether it is surely one, and whether the sources have it somewhere."""

    token: int
    row: int
    sure: bool
    elsewhere: bool


def wrong_names(case: Case) -> Iterator[str]:
    """Names of the statement that the cited sentences have not."""
    said = case.said
    inside = case.support.reached(range(len(case.cited)))
    anywhere = case.support.reached(range(len(case.support.tokens)))
    missing: list[_Found] = []
    for i in sorted((*said.names, *said.likely_names)):
        row, word = case.row(i), said.words[i].word
        if row is None or inside[row] >= MATCHED or any(_holds_name(word, text) for text in case.cited):
            continue
        elsewhere = anywhere[row] >= MATCHED or any(_holds_name(word, text) for text in (*case.around, *case.titles))
        missing.append(_Found(i, row, i in said.names or _is_foreign(word, case), elsewhere))
    for place, name in enumerate(missing):
        word = said.words[name.token].word
        beside = any(other.token - name.token == 1 and not other.elsewhere for other in missing[place + 1 : place + 2])
        if (
            (not name.elsewhere and (beside or (name.sure and not _given_name(case, name.token, inside))))
            or (name.sure and _rivalled(case, word))
            or ((name.sure or _may_name(word)) and _replaced(case, name.row, inside))
        ):
            yield word


def _may_name(word: str) -> bool:
    return bool(kinds_of(word) & (Kind.UNKNOWN | Kind.LOCATION))


def _is_foreign(word: str, case: Case) -> bool:
    """Whether a word is unknown in a language that all cited sentences are in: a paraphrase has no use for it."""
    return (
        is_arabic(word)
        and bool(kinds_of(word) & Kind.UNKNOWN)
        and all(is_arabic(t.words[0].word) for t in case.cited if t.words)
    )


def _given_name(case: Case, i: int, inside: npt.NDArray[np.float64]) -> bool:
    """Whether the name stands right before one that the sources have: a first name that they leave out."""
    following = i + 1
    if following not in (*case.said.names, *case.said.likely_names):
        return False
    row = case.row(following)
    return row is not None and bool(inside[row] >= MATCHED)


def _unsaid_names(case: Case, number: int, instead: str) -> list[int]:
    """Names of a cited sentence that the statement has not, as places of its tokens; ``instead`` is no spelling of them."""
    text = case.cited[number]
    best = case.support.of_text(number).max(axis=0, initial=0.0)
    said = [token.word for token in case.support.words if token.word[0] not in "#@" and len(token.word) > 1]
    return [
        j
        for j in (*text.names, *text.likely_names)
        if (j in text.names or _may_name(text.words[j].word) or not is_arabic(text.words[j].word))
        and best[j] < MATCHED
        and not any(_alike(text.words[j].word, word) for word in said)
        and _likeness(text.words[j].word, instead) < UNLIKE
    ]


def _replaced(case: Case, row: int, inside: npt.NDArray[np.float64]) -> bool:
    """Whether a name of the cited sentences, which the statement does not have, stands where this one should."""
    for number in range(len(case.cited)):
        values = case.support.of_text(number)
        unsaid = _unsaid_names(case, number, case.support.words[row].word)
        for other in (row - 1, row + 1) if unsaid else ():
            if 0 <= other < len(values) and inside[other] >= MATCHED:
                columns = np.flatnonzero(values[other] >= MATCHED)
                if any(abs(int(column) - j) <= 3 for column in columns for j in unsaid):
                    return True
    return False


def _rivalled(case: Case, word: str) -> bool:
    """Whether the cited sentences have a sure name of the same kind that the statement has not."""
    kind = kinds_of(word) & Kind.LOCATION
    return any(
        (j in text.names or _may_name(text.words[j].word)) and kinds_of(text.words[j].word) & Kind.LOCATION == kind
        for number, text in enumerate(case.cited)
        for j in _unsaid_names(case, number, word)
    )
