"""What the words of a question stand for in a collection: word types, each with a similarity in [0, 1].

By the families of `language.terms`, by names that sound or look alike (`namesakes`), and by the glossary. `matrix` lays what is
found along the tokens of passages.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from assistant import namesakes
from assistant.ablation import cached, cached_each, left_out
from assistant.language import glossary, terms
from assistant.language.glossary import Replacement
from assistant.language.text import Language
from assistant.language.tokens import Token
from assistant.namesakes import Likely, Namesakes
from assistant.postings import NOTHING, Asked, Postings, Similar, best, strongest
from assistant.vocabulary import ENGLISH, STOP, LanguageStatistics, StoredType

_MOST_TYPES, _MOST_UNITS = 120, 40
# The rarity expected from the lexicon counts as much as this many passages: five articles alone say little.
_PRIOR_PASSAGES = 15
# A lone part of a term of n words is worth 1/n of this.
_PART = 1.0


class Vocabulary(namesakes.Vocabulary, Protocol):
    """What matching asks of a catalogue."""

    def statistics(self, language: Language) -> LanguageStatistics: ...
    def types(self, language: Language, ids: Iterable[int]) -> dict[int, StoredType]: ...
    def find_words(self, language: Language, words: Collection[str]) -> dict[str, StoredType]: ...
    def postings(self, language: Language, family: str, keys: Sequence[str]) -> Postings: ...


class Phrase(NamedTuple):
    """A term of several words that a question word stands for: per part, the types that write it."""

    parts: tuple[frozenset[int], ...]
    strength: float


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A question word in one language's collection: similar types, rarity, and the engine terms to ask for."""

    types: Mapping[int, float]
    units: Mapping[int, float]
    phrases: tuple[Phrase, ...]
    idf: float


class Matcher:
    """Matches question words against the vocabulary of the passages in one language, all words of a question at once."""

    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self.language = language
        self.statistics = vocabulary.statistics(language)
        self._vocabulary = vocabulary
        self._namesakes = Namesakes(vocabulary, language)
        self._matched = cached_each(4096, self._matches)
        # A word is looked at by itself, for slips, before its neighbours tell what else it may stand for.
        self._similar = cached_each(1024, self._similar_to)
        # A search looks at its question twice: for ranking, and for the evidence in what was found.
        self._asked = cached(maxsize=64)(self._ask)

    def matches(self, asked: Sequence[tuple[str, tuple[Replacement, ...]]]) -> list[WordMatch]:
        """What each word may stand for, itself or by what a glossary replaces it with."""
        return self._matched(asked)

    def ask(self, words: tuple[Token, ...]) -> Question:
        """A question's words, matched and weighted."""
        return self._asked(words)

    def match(self, word: str, replacements: tuple[Replacement, ...] = ()) -> WordMatch:
        """`matches` of one word."""
        return self.matches([(word, replacements)])[0]

    def flags(self, ids: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int32]:
        """`Kind` bits of types, -1 for stop words; same shape as ``ids``."""
        flags = self._vocabulary.facts(ids)["flags"].astype(np.int32)
        return np.where(flags & STOP, -1, flags & ~ENGLISH)

    def alike(self, word: str) -> list[StoredType]:
        """Types of the word's script whose consonants are the same but for one, added, missing or exchanged."""
        return list(self._vocabulary.types(self.language, self._namesakes.alike(word).tolist()).values())

    def written(self, words: Collection[str]) -> dict[str, StoredType]:
        """Those of the words that the collection writes exactly so."""
        return self._vocabulary.find_words(self.language, words)

    def _ask(self, words: tuple[Token, ...]) -> Question:
        replacements = glossary.replacements([token.word for token in words])
        matches = tuple(self.matches([(t.word, r) for t, r in zip(words, replacements, strict=True)]))
        passages = self.statistics.passages
        prior = 0 if left_out().prior else _PRIOR_PASSAGES
        weights = np.array(
            [
                terms.question_weight(token.word)
                * (passages * match.idf + prior * terms.prior_idf(token.word))
                / (passages + prior)
                for token, match in zip(words, matches, strict=True)
            ]
        )
        return Question(words, matches, weights)

    def _by_families(self, sought: Sequence[tuple[terms.Sought, ...]]) -> list[Similar]:
        """Per word, by what it looks for, the types that it meets. A table is looked into once for all words and families."""
        # By place in its table of families: those of one word stay in their order, whatever the others are.
        asked_by: dict[int, list[tuple[int, terms.Sought]]] = {}
        for number, of_word in enumerate(sought):
            for each in of_word:
                asked_by.setdefault(id(each.family), []).append((number, each))
        parts = [_Part.of(asked) for asked in asked_by.values()]
        found: dict[int, Postings] = {}
        for table in dict.fromkeys(part.family.filed_under for part in parts):
            places = [place for place, part in enumerate(parts) if part.family.filed_under == table]
            keys = [parts[place].keys for place in places]
            if any(keys):
                postings = self._vocabulary.postings(self.language, table, list(chain(*keys)))
                found.update(zip(places, postings.split(list(map(len, keys))), strict=True))
        asked = [
            Asked(part.family.strength, part.weights, part.words, found[place])
            for place, part in enumerate(parts)
            if place in found
        ]
        return best(len(sought), asked)

    def _similar_to(self, words: Sequence[str]) -> list[Similar]:
        """Types that are like the words, whatever else a glossary says they may stand for."""
        names = self._namesakes.find(words)
        return strongest(len(words), *_laid(enumerate(self._by_families(list(map(terms.sought, words)))), names))

    def _matches(self, asked: Sequence[tuple[str, tuple[Replacement, ...]]]) -> list[WordMatch]:
        similar = list(enumerate(self._similar([word for word, _ in asked])))
        # A glossary word is looked up as it is, inflections included.
        written = list(dict.fromkeys(part for _, each in asked for one in each for part in one.words))
        types = dict(zip(written, self._by_families(list(map(terms.sought_as_it_is, written))), strict=True))
        phrases: list[list[Phrase]] = [[] for _ in asked]
        for number, (_, replacements) in enumerate(asked):
            for replacement in replacements:
                parts = [types[part] for part in replacement.words]
                share = replacement.strength if len(parts) == 1 else replacement.strength * _PART / len(parts)
                similar += [(number, Similar(part.types, share * part.similarity)) for part in parts if len(part.types)]
                if len(parts) > 1 and all(len(part.types) for part in parts) and not left_out().phrases:
                    sets = tuple(frozenset(part.types.tolist()) for part in parts)
                    phrases[number].append(Phrase(sets, replacement.strength))
        likest = [each.likest(_MOST_TYPES) for each in strongest(len(asked), *_laid(similar))]
        facts = self._vocabulary.facts(np.concatenate([np.zeros(0, np.int64), *(each.types for each in likest)]))
        ends = np.cumsum([len(each.types) for each in likest]).tolist()
        return [
            self._weigh(each, facts[end - len(each.types) : end], tuple(of_word))
            for each, end, of_word in zip(likest, ends, phrases, strict=True)
        ]

    def _weigh(self, similar: Similar, facts: npt.NDArray[np.void], phrases: tuple[Phrase, ...]) -> WordMatch:
        passages = self.statistics.passages
        frequency = min(0.98 * passages, float(facts["df"] @ similar.similarity))
        types = dict(zip(similar.types.tolist(), similar.similarity.tolist(), strict=True))
        units: dict[int, float] = {}
        for unit, similarity in zip(facts["unit"].tolist(), types.values(), strict=True):
            units.setdefault(unit, similarity)  # the likest come first
        units = dict(islice(units.items(), _MOST_UNITS))
        idf = math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
        return WordMatch(types, units, phrases, idf)


class _Part(NamedTuple):
    """What words look for by one family. ``weights`` and ``words``, whose key each is: shape ``(keys,)``."""

    family: terms.Family
    keys: list[str]
    weights: npt.NDArray[np.float64]
    words: npt.NDArray[np.int64]

    @classmethod
    def of(cls, asked: Sequence[tuple[int, terms.Sought]]) -> _Part:
        """What the words of these numbers look for, all by the same family."""
        return cls(
            asked[0][1].family,
            [key for _, each in asked for key in each.keys],
            np.array([weight for _, each in asked for weight in each.weights]),
            np.repeat(np.array([number for number, _ in asked]), [len(each.keys) for _, each in asked]),
        )


def _laid(
    similar: Iterable[tuple[int, Similar]], likely: Likely | None = None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """What words of these numbers are like, and after it what they ``likely`` name, as `strongest` takes it."""
    every = list(similar)
    words = np.repeat(np.array([number for number, _ in every], np.int64), [len(each.types) for _, each in every])
    columns = [Likely(words, *map(np.concatenate, zip(NOTHING, *(each for _, each in every), strict=True)))]
    return Likely(*map(np.concatenate, zip(*columns, *([likely] if likely else []), strict=True)))


@dataclass(frozen=True, slots=True)
class Question:
    """A question's weighted words matched in one language's collection. ``weights``: shape ``(words,)``, idf included."""

    words: tuple[Token, ...]
    matches: tuple[WordMatch, ...]
    weights: npt.NDArray[np.float64]

    @property
    def mass(self) -> float:
        """All the weight the question has, matched or not: what makes scores of two languages comparable."""
        if left_out().merging:  # the same mass in both languages
            expected = [terms.question_weight(t.word) * terms.prior_idf(t.word) for t in self.words]
            return sum(expected) or 1.0
        return float(self.weights.sum()) or 1.0

    def vector(self) -> dict[int, float]:
        """The sparse query ``{unit id: weight}``."""
        vector: dict[int, float] = {}
        for match, weight in zip(self.matches, self.weights, strict=True):
            for unit, similarity in match.units.items():
                vector[unit] = vector.get(unit, 0.0) + float(weight) * similarity
        return vector


def match_question(matcher: Matcher, words: Sequence[Token]) -> Question:
    """Match each word and weigh it by its rarity: the collection's, steadied by what the lexicon expects."""
    return matcher.ask(tuple(words))
