"""Names of the collection that a question's names may be: those of the other script that sound alike, and those of the same
script that are spelled a little differently.

All words of a question are compared at once: most of them with few names, so that it is the single look that costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from assistant import packing
from assistant.ablation import left_out
from assistant.language import alignment, arabic, names, shapes, spelling, terms
from assistant.language.kinds import Kind, kinds_of
from assistant.language.shapes import Words
from assistant.language.terms import NameClass
from assistant.language.text import Language, is_arabic
from assistant.name_table import NameTable, Near
from assistant.postings import distinct
from assistant.word_list import WordList

Int64s = npt.NDArray[np.int64]

# Likeness of two names below `alignment.FLOOR` counts nothing, above this fully.
_CEILING = 0.95
_SHORTEST = 4  # letters, to be taken for a misspelling of another
# Spellings that a word is compared with. Tens of thousands of word types hold fewer that are about like any one word.
_MOST = 4000
_FUZZY_FLOOR = 0.8
_FUZZY_STRENGTH = 0.7
# Consonants that a name of the other script may lack or have besides: of 167,000 with more, near the words of
# 211 questions, 28 were above the floor, and none at .8. In the word's own script they say less: "غوغول" is "جوجول".
_FURTHEST = 3

# How far a word of a class is a name of the other script, and a question's word likewise.
_ELIGIBLE = {
    NameClass.ARABIC_WORD: 0.5,
    NameClass.ARABIC_NAME: 1.0,
    NameClass.LATIN_WORD: 0.3,
    NameClass.LATIN_UNKNOWN: 0.9,
    NameClass.LATIN_CAPITAL: 0.8,
    NameClass.LATIN_NAME: 1.0,
}
_ELIGIBLE_BY_NUMBER = np.array([_ELIGIBLE[each] for each in NameClass])


class Vocabulary(Protocol):
    """What a catalogue knows of its names."""

    def facts(self, ids: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.void]: ...
    def words(self, ids: Iterable[int]) -> dict[int, str]: ...
    def names(self, language: Language) -> NameTable: ...
    def word_list(self) -> WordList: ...


class Likely(NamedTuple):
    """Word types that words may name: which word, counted from 0, the type, and how far. All of shape ``(n,)``."""

    words: npt.NDArray[np.int64]
    types: npt.NDArray[np.int64]
    similarity: npt.NDArray[np.float64]


class Namesakes:
    """Finds names in the vocabulary of the passages in one language."""

    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self._vocabulary = vocabulary
        self._language = language

    def find(self, words: Sequence[str]) -> Likely:
        """Names that each of ``words`` may be."""
        nothing = Likely(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        every = [nothing, *self._sounding(words), *self._spelled(words)]
        return Likely(*map(np.concatenate, zip(*every, strict=True)))

    def alike(self, word: str) -> Int64s:
        """Types of the word's script whose consonants are the same but for one, added, missing or exchanged; each once.

        Without most of those that are further than one slip of the keyboard from the word, whatever clitics either has.
        """
        classes = [each for each in NameClass if (each <= NameClass.ARABIC_NAME) == is_arabic(word)]
        table, places, _ = self._near([(word, classes, None)])
        found = _types(table, places)
        return found[_may_slip(word, self._vocabulary.word_list().joined(found))]

    def _near(
        self, asked: Sequence[tuple[str, Sequence[NameClass], int | None]]
    ) -> tuple[NameTable, Int64s, list[int]]:
        """Places of spellings near words, of some classes and so far from them: those of one word after those of the other, and
        where those of each end."""
        table = self._vocabulary.names(self._language)
        near = [
            Near(_skeletons(word), classes, partial(alignment.unlike, word), furthest)
            for word, classes, furthest in asked
        ]
        return table, *table.near(near, _MOST)

    def _sounding(self, words: Sequence[str]) -> list[Likely]:
        """Names of the other script that sound like the words."""
        if left_out().names:
            return []
        classes = [terms.name_class(word, kinds_of(word)) for word in words]
        asked = [(word, _sounds_like(each), _FURTHEST) for word, each in zip(words, classes, strict=True)]
        table, places, ends = self._near(asked)
        if not len(places):
            return []
        spelled = table.spellings(places)
        likeness = alignment.likenesses_each(words, spelled, ends)
        every = np.flatnonzero(likeness > alignment.FLOOR)
        bounds = np.searchsorted(every, [0, *ends]).tolist()
        likely = []
        for number, (start, end) in enumerate(pairwise(bounds)):
            there, word = every[start:end], words[number]
            if len(there):
                consonants = spelled.consonants[there] if is_arabic(word) else names.consonants(names.plain_latin(word))
                # Two short words align by chance.
                ceilings = (
                    _ELIGIBLE[classes[number]]
                    * _ELIGIBLE_BY_NUMBER[spelled.classes[there]]
                    * np.minimum(1.0, (consonants + 1) / 4)
                )
                share = (likeness[there] - alignment.FLOOR) / (_CEILING - alignment.FLOOR)
                likely.append(
                    Likely(np.full(len(there), number), spelled.types[there], ceilings * np.clip(share, 0.0, 1.0))
                )
        return likely

    def _spelled(self, words: Sequence[str]) -> list[Likely]:
        """Names of the words' own script that are written a little differently."""
        if left_out().spelling:
            return []
        asked = [(number, word, kinds_of(word)) for number, word in enumerate(words)]
        asked = [(number, word, kinds) for number, word, kinds in asked if _is_name(word, kinds)]
        if not asked:
            return []
        table, places, ends = self._near([(word, _own_names(word), None) for _, word, _ in asked])
        likely = []
        for (number, word, kinds), (start, end) in zip(asked, pairwise([0, *ends]), strict=True):
            found = _types(table, places[start:end])
            # Of two known names neither is a spelling of the other.
            found = found[(self._vocabulary.facts(found)["flags"] | int(kinds)) & Kind.UNKNOWN > 0]
            if not len(found):
                continue
            similarity = _spelling_similarities(word, self._vocabulary.word_list().joined(found))
            near = np.flatnonzero(similarity)
            likely.append(Likely(np.full(len(near), number), found[near], similarity[near]))
        return likely


def _types(table: NameTable, places: Int64s) -> Int64s:
    """The types of spellings, each once."""
    return distinct(table.types[places]).astype(np.int64)


def _own_names(word: str) -> list[NameClass]:
    return [NameClass.ARABIC_NAME] if is_arabic(word) else [NameClass.LATIN_NAME, NameClass.LATIN_CAPITAL]


def _sounds_like(asked: NameClass) -> list[NameClass]:
    """Classes of the other script that a word of a class may stand for: one without a capital is no common word there.

    A known one without a capital is none at all: it never told two passages of the development sets apart, and nearly half of what is
    compared would be compared for such words.
    """
    if asked in (NameClass.LATIN_CAPITAL, NameClass.LATIN_NAME):
        return [NameClass.ARABIC_NAME, NameClass.ARABIC_WORD]
    if asked is NameClass.LATIN_WORD:
        return []
    if asked is NameClass.LATIN_UNKNOWN:
        return [NameClass.ARABIC_NAME]
    capitals = [NameClass.LATIN_NAME, NameClass.LATIN_CAPITAL]
    return capitals if asked is NameClass.ARABIC_WORD else [*capitals, NameClass.LATIN_UNKNOWN, NameClass.LATIN_WORD]


@lru_cache(maxsize=4096)
def _skeletons(word: str) -> tuple[str, ...]:
    return tuple(sorted(set(terms.coarse(word).values())))


class _Shape(NamedTuple):
    """A spelling of a name, how it sounds, and the consonants of that."""

    letters: str
    sound: str
    consonants: str


@lru_cache(maxsize=32768)
def _shapes(word: str) -> tuple[_Shape, ...]:
    """A name as it is compared with others of its script: as a whole, and an Arabic one without what may be clitics."""
    # An ending of one may be part of the other.
    spelled = [spelling.plain(word), *([arabic.shortest_form(word)] if is_arabic(word) else [])]
    sounds = list(map(names.sound, spelled))
    return tuple(map(_Shape, spelled, sounds, map(names.without_vowels, sounds)))


def _spelling_similarity(one: str, other: str) -> float:
    """Two names of one script, spelled a little differently, or alike to the ear."""
    if len(other) < _SHORTEST:
        return 0.0
    ratio = 0.0
    for left, right in zip(_shapes(one), _shapes(other), strict=True):
        ratio = max(ratio, Indel.normalized_similarity(left.letters, right.letters))
        if ratio < 1 and left.consonants == right.consonants:
            ratio = max(ratio, Indel.normalized_similarity(left.sound, right.sound))
    return _FUZZY_STRENGTH * (ratio - 0.6) / 0.4 if ratio >= _FUZZY_FLOOR else 0.0


def _spelling_similarities(word: str, joined: bytes) -> npt.NDArray[np.float64]:
    """`_spelling_similarity` of many words of its script."""
    others = Words(joined, is_arabic(word))
    ratio = np.zeros(len(others.open))
    for mine, theirs in zip(_shapes(word), others.spelled(), strict=True):
        np.maximum(ratio, _ratios(mine.letters, theirs.letters), out=ratio)
        consonants = shapes.encoded(mine.consonants)
        heard = [place for place, each in enumerate(theirs.consonants) if each == consonants]
        if heard:
            ratio[heard] = np.maximum(ratio[heard], _ratios(mine.sound, [theirs.sounds[place] for place in heard]))
    there = (ratio >= _FUZZY_FLOOR) & (others.lengths >= _SHORTEST)
    similarity = np.where(there, _FUZZY_STRENGTH * (ratio - 0.6) / 0.4, 0.0)
    if others.open.any():
        words = joined.split(b"\n")
        for place in np.flatnonzero(others.open).tolist():
            similarity[place] = _spelling_similarity(word, packing.expand(words[place]))
    return similarity


def _ratios(one: str, others: Sequence[bytes]) -> npt.NDArray[np.float64]:
    scorer, least = Indel.normalized_similarity, _FUZZY_FLOOR - 0.01  # the library rounds it
    return np.asarray(
        process.cdist([shapes.encoded(one)], others, scorer=scorer, score_cutoff=least, dtype=np.float64)[0]
    )


def _may_slip(word: str, joined: bytes) -> npt.NDArray[np.bool_]:
    """Which of many words of its script may be one slip away from a word, as they are or without proclitics."""
    others = Words(joined, is_arabic(word))
    may = others.open.copy()
    mine = list(
        {shapes.encoded(each) for each in (spelling.plain(word), *(spelling.bare(word) if is_arabic(word) else ()))}
    )
    may |= _are_slips(mine, others.plain())
    for front in range(1, shapes.LONGEST_PROCLITIC + 1) if is_arabic(word) else ():
        there, bare = others.bare(front)
        if len(there):
            may[there] |= _are_slips(mine, bare)
    return may


def _are_slips(ones: Sequence[bytes], others: Sequence[bytes]) -> npt.NDArray[np.bool_]:
    far = process.cdist(ones, others, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
    return np.asarray((far <= 1).any(axis=0))


def _is_name(word: str, flags: int) -> bool:
    return len(word) >= _SHORTEST and bool(flags & Kind.MAYBE_NAME) and (is_arabic(word) or word[0].isupper())
