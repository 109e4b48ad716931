"""Names of a statement that the sentences it cites do not hold, in either script.

A name from elsewhere in the article may stand for a pronoun of the cited sentence, so it is refused only where it takes the
place of one that the sentence has; a name of nowhere is refused when it is surely a name.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from assistant.cases import MATCHED, Case
from assistant.claims import Reading
from assistant.language import acronyms, alignment, arabic, glossary, names
from assistant.language.kinds import Kind, kinds_of
from assistant.language.text import is_arabic, normalize_arabic

# Likenesses from which two words may write one name, and below which they surely do not.
LIKE, UNLIKE = 0.70, 0.50
FREELY = 0.60
"""… and from which they may where nothing else explains either of them."""


def _near(one: str, other: str) -> bool:
    least = 0.75 if min(len(one), len(other)) > 5 else 0.85
    return Indel.normalized_similarity(one, other) >= least


@lru_cache(maxsize=65536)
def _forms(word: str) -> frozenset[str]:
    """What spelling variants of an Arabic name are compared by: the word without clitics, with and without an ending."""
    return frozenset({arabic.shortest_form(word), normalize_arabic(re.sub("^[وف]?[بلك]?(?:ال|ل(?=ل))|ة$", "", word))})


@lru_cache(maxsize=65536)
def _alike(one: str, other: str) -> bool:
    """Whether two words may write one name."""
    if is_arabic(one) == is_arabic(other):
        if not is_arabic(one):
            return _near(one.lower(), other.lower())
        # Of "الأرمينية" the shortest form has lost more than "أرمينيا" has.
        return any(_near(a, b) for a in _forms(one) for b in _forms(other))
    latin, script = (other, one) if is_arabic(one) else (one, other)
    if not latin[0].isupper() or bool(kinds_of(one) & kinds_of(other) & Kind.LOCATION):
        return False  # of two known places, the glossary says whether they are one
    # Short words align by chance, words of the dictionary are names by chance, and of a known place the spelling is known.
    free = names.consonants(names.plain_latin(latin)) > 2 and kinds_of(script) & Kind.MAYBE_NAME
    least = 0.88 if not free else 0.80 if kinds_of(latin) & Kind.LOCATION else LIKE
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
    if any(_alike(word, first + second) for first, second in itertools.pairwise(words) if len(first) > 1):
        return True
    return any(map(partial(_is_piece, word), words)) or (_inner_capitals(word) and _in_threes(word, words))


def _inner_capitals(word: str) -> bool:
    return any(letter.isupper() for letter in word[1:]) and not word.isupper()


def _in_threes(word: str, words: Sequence[str]) -> bool:
    """Whether three words together write a name such as *BSkyB*, "بي سكاي بي"."""
    return any(_alike(word, "".join(words[i : i + 3])) for i in range(len(words) - 2) if is_arabic(words[i]))


@lru_cache(maxsize=16384)
def _is_piece(word: str, other: str) -> bool:
    """Whether an Arabic word writes a piece of a name that is set as one in Latin: *Sky* of *BSkyB*."""
    if not is_arabic(word) or is_arabic(other) or not _inner_capitals(other):
        return False
    return any(alignment.likeness(piece, word) >= LIKE for piece in re.findall("[A-Z][a-z]{2,}", other))


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
        spelled = _known_spelling(word)
        translated = _is_translated(case, word)
        if (translated and not spelled and _may_be_written(case, word)) or _written_out(case, word):
            continue
        placed = name.sure or (not name.elsewhere and bool(kinds_of(word) & Kind.LOCATION))
        beside = any(other.token - name.token == 1 and not other.elsewhere for other in missing[place + 1 : place + 2])
        # A translation may name who is only meant, so that a name of no known spelling must stand for another one.
        alone = (
            name.sure
            and not _given_name(case, name.token, inside)
            and (spelled or not translated or _unsaid_anywhere(case, word))
        )
        if (
            (placed and _rivalled(case, word, name.sure))
            or (not name.elsewhere and ((beside and (name.sure or _may_name(word))) or alone))
            or (_may_replace(name, word, translated) and _replaced(case, name.row, inside))
        ):
            yield word


def _is_translated(case: Case, word: str) -> bool:
    """Whether all cited sentences are in the other script, where names are spelled in many ways or left to be understood."""
    return all(is_arabic(text.words[0].word) != is_arabic(word) for text in case.cited if text.words)


def _known_spelling(word: str) -> bool:
    """Whether the name's spelling in the other script is known, so that others are not its own."""
    offered = [each.words for each in glossary.replacements([word])[0] if len(each.words) == 1]
    return bool(kinds_of(word) & Kind.LOCATION) or any(is_arabic(one) != is_arabic(word) for (one,) in offered)


def _may_be_written(case: Case, word: str) -> bool:
    """Whether a word of the cited sentences that nothing explains may be a spelling of the name, a free one too."""
    for number, text in enumerate(case.cited):
        best = case.support.of_text(number).max(axis=0, initial=0.0)
        for j, token in enumerate(text.words):
            script, latin = (token.word, word) if is_arabic(token.word) else (word, token.word)
            named = latin[0].isupper() and bool(kinds_of(script) & Kind.UNKNOWN)
            if named and best[j] < MATCHED and _likeness(word, token.word) >= FREELY:
                return True
    return False


def _written_out(case: Case, word: str) -> bool:
    """Whether most words of what an acronym is short for are in a cited sentence."""
    if not (word.isascii() and word.isupper()):
        return False
    long = [offered.words for offered in glossary.replacements([word])[0] if len(offered.words) > 2]
    return any(
        2 * sum(any(_alike(each, token.word) for token in text.words if token.word[0] not in "#@") for each in words)
        >= len(words)
        for words in long
        for text in case.cited
    )


def _may_replace(name: _Found, word: str, translated: bool) -> bool:
    # What an acronym is short for may be written out in a translation.
    return name.sure or (bool(kinds_of(word) & Kind.UNKNOWN) and not (translated and word.isupper()))


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
    word = case.said.words[i]
    if kinds_of(word.word) & Kind.LOCATION or case.said.text[word.end : case.said.words[following].start].strip():
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


def _unsaid_anywhere(case: Case, instead: str) -> bool:
    return any(_unsaid_names(case, number, instead) for number in range(len(case.cited)))


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


def _rivalled(case: Case, word: str, sure: bool) -> bool:
    """Whether the cited sentences have a name of the same kind that the statement has not; a nation rivals a place."""
    kind = kinds_of(word) & Kind.LOCATION
    return any(
        bool(sure and kind and others & Kind.PEOPLE)
        or (others & Kind.LOCATION == kind and (j in text.names or _may_name(other)))
        for number, text in enumerate(case.cited)
        for j in _unsaid_names(case, number, word)
        for other in [text.words[j].word]
        for others in [kinds_of(other)]
    )
