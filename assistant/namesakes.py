"""Names of the collection that a question's names may be: those of the other script that sound alike, and those of the same
script that are spelled a little differently.

All words of a question are compared at once: most of them with few names, so that it is the single look that costs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from assistant.ablation import left_out
from assistant.language import alignment, arabic, names, spelling, terms
from assistant.language.alignment import Spellings
from assistant.language.kinds import Kind, kinds_of
from assistant.language.terms import NameClass
from assistant.language.text import Language, is_arabic

# Likeness of two names below `alignment.FLOOR` counts nothing, above this fully.
_CEILING = 0.95
_SHORTEST = 4  # letters, to be taken for a misspelling of another
# Spellings that a word is compared with. Tens of thousands of word types hold fewer that are about like any one word.
_MOST = 4000
_FUZZY_FLOOR = 0.8
_FUZZY_STRENGTH = 0.7

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
    def names(
        self, language: Language, classes: Sequence[int], near: Sequence[Collection[str]], most: int
    ) -> Spellings: ...


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

    def alike(self, word: str) -> npt.NDArray[np.int64]:
        """Types of the word's script whose consonants are the same but for one, added, missing or exchanged; each once."""
        classes = [each for each in NameClass if (each <= NameClass.ARABIC_NAME) == is_arabic(word)]
        return np.unique(self._near(word, classes).types)

    def _near(self, word: str, classes: Sequence[NameClass]) -> Spellings:
        return self._vocabulary.names(self._language, classes, _skeletons(word), _MOST)

    def _sounding(self, words: Sequence[str]) -> list[Likely]:
        """Names of the other script that sound like the words."""
        if left_out().names:
            return []
        classes = [terms.name_class(word, kinds_of(word)) for word in words]
        found = [self._near(word, _sounds_like(each)) for word, each in zip(words, classes, strict=True)]
        alike = alignment.likenesses_each(list(zip(words, found, strict=True)))
        likely = []
        for number, (word, asked, spelled, likeness) in enumerate(zip(words, classes, found, alike, strict=True)):
            there = np.flatnonzero(likeness > alignment.FLOOR)
            if len(there):
                consonants = spelled.consonants[there] if is_arabic(word) else names.consonants(names.plain_latin(word))
                # Two short words align by chance.
                ceilings = (
                    _ELIGIBLE[asked]
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
        types = []
        for _, word, kinds in asked:
            own = [NameClass.ARABIC_NAME] if is_arabic(word) else [NameClass.LATIN_NAME, NameClass.LATIN_CAPITAL]
            found = np.unique(self._near(word, own).types)
            # Of two known names neither is a spelling of the other.
            unknown = (self._vocabulary.facts(found)["flags"] | int(kinds)) & Kind.UNKNOWN > 0
            types.append(found[unknown])
        written = self._vocabulary.words(np.concatenate(types).tolist()) if types else {}
        likely = []
        for (number, word, _), found in zip(asked, types, strict=True):
            similar = [(each, _spelling_similarity(word, written[each])) for each in found.tolist() if each in written]
            near = [(each, similarity) for each, similarity in similar if similarity]
            if near:
                of, similarity = zip(*near, strict=True)
                likely.append(Likely(np.full(len(near), number), np.array(of, np.int64), np.array(similarity)))
        return likely


def _sounds_like(asked: NameClass) -> list[NameClass]:
    """Classes of the other script that a word of a class may stand for: one without a capital is no common word there."""
    if asked in (NameClass.LATIN_CAPITAL, NameClass.LATIN_NAME):
        return [NameClass.ARABIC_NAME, NameClass.ARABIC_WORD]
    if asked in (NameClass.LATIN_WORD, NameClass.LATIN_UNKNOWN):
        return [NameClass.ARABIC_NAME]
    capitals = [NameClass.LATIN_NAME, NameClass.LATIN_CAPITAL]
    return capitals if asked is NameClass.ARABIC_WORD else [*capitals, NameClass.LATIN_UNKNOWN, NameClass.LATIN_WORD]


@lru_cache(maxsize=1024)
def _skeletons(word: str) -> tuple[tuple[str, ...], ...]:
    """Skeletons of names about like a word; the closest first, for there may be more names than time to compare."""
    skeletons = sorted(set(terms.coarse(word).values()))
    return tuple(
        tuple(key for keys in tier for key in keys)
        for tier in zip_longest(*map(names.variants, skeletons), fillvalue=())
    )


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


def _is_name(word: str, flags: int) -> bool:
    return len(word) >= _SHORTEST and bool(flags & Kind.MAYBE_NAME) and (is_arabic(word) or word[0].isupper())
