"""What the words of a question stand for in a collection: word types, each with a similarity in [0, 1].

By the families of `language.terms`, by names that sound or look alike (`namesakes`), and by the glossary. `matrix` lays what is
found along the tokens of passages.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import add
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from assistant import lookups, namesakes
from assistant.ablation import cached, cached_each, left_out
from assistant.language import glossary, terms, thesaurus
from assistant.language.glossary import Replacement
from assistant.language.text import Language
from assistant.language.tokens import Token
from assistant.lookups import Lookups
from assistant.loose import loose
from assistant.namesakes import Likely, Namesakes
from assistant.postings import NOTHING, Asked, Postings, Similar, best, strongest
from assistant.remembered import Remembered
from assistant.vocabulary import ENGLISH, STOP, LanguageStatistics, StoredType

_MOST_TYPES, _MOST_UNITS = 120, 40
# The rarity expected from the lexicon counts as much as this many passages: five articles alone say little.
_PRIOR_PASSAGES = 15
# Words of the glossary of which it is remembered what they meet: some ten megabytes in each language.
_MOST_WRITTEN = 1 << 15
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


@dataclass(frozen=True, slots=True, eq=False)
class WordMatch:
    """A question word in one language's collection: similar types, rarity, and the engine terms to ask for."""

    similar: Similar
    units: Mapping[int, float]
    phrases: tuple[Phrase, ...]
    idf: float

    @property
    def types(self) -> dict[int, float]:
        """How far the word may stand for each type, the likest first."""
        return dict(zip(self.similar.types.tolist(), self.similar.similarity.tolist(), strict=True))


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
        self._written = Remembered(loose(self._as_they_are), _MOST_WRITTEN)
        # A search looks at its question twice: for ranking, and for the evidence in what was found.
        self._asked = cached(maxsize=64)(self._ask)

    def matches(self, asked: Sequence[tuple[str, tuple[Replacement, ...]]]) -> list[WordMatch]:
        """What each word may stand for, itself or by what a glossary replaces it with."""
        return self._matched(asked)

    def prepare(self, words: Sequence[str]) -> None:
        """Look at all words at once that will be asked for one after the other."""
        self._similar(words)

    def ask(self, words: tuple[Token, ...]) -> Question:
        """A question's words, matched and weighted."""
        return self._asked(words)

    def match(self, word: str, replacements: tuple[Replacement, ...] = ()) -> WordMatch:
        """`matches` of one word."""
        return self.matches([(word, replacements)])[0]

    def flags(self, ids: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int32]:
        """`Kind` bits of types, all of them turned round for stop words, which makes these negative; same shape as ``ids``."""
        flags = self._vocabulary.facts(ids)["flags"]
        kinds = flags & ~(STOP | ENGLISH)
        return np.where(flags & STOP, ~kinds, kinds)

    def alike(self, word: str) -> list[StoredType]:
        """Types of the word's script whose consonants are the same but for one, added, missing or exchanged."""
        return list(self._vocabulary.types(self.language, self._namesakes.alike(word).tolist()).values())

    def written(self, words: Collection[str]) -> dict[str, StoredType]:
        """Those of the words that the collection writes exactly so."""
        return self._vocabulary.find_words(self.language, words)

    def _ask(self, words: tuple[Token, ...]) -> Question:
        plain = [token.word for token in words]
        replacements = map(add, glossary.replacements(plain), thesaurus.related(plain))
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

    def _met(self, sought: Lookups) -> list[Similar]:
        """The types that words meet by what they look for. A table is looked into once for all words and families."""
        found: dict[int, Postings] = {}
        for table in sought.tables:
            postings = self._vocabulary.postings(self.language, table.name, table.keys)
            found.update(zip(table.parts, postings.split(table.sizes), strict=True))
        return best(sought.words, [Asked(*part, found[place]) for place, part in enumerate(sought.parts)])

    def _similar_to(self, words: Sequence[str]) -> list[Similar]:
        """Types that are like the words, whatever else a glossary says they may stand for; some of them twice."""
        met, names = self._met(lookups.by_families(tuple(words))), self._namesakes.find(words)
        for number in np.unique(names.words).tolist():
            named = names.words == number
            met[number] = Similar(
                np.concatenate([met[number].types, names.types[named]]),
                np.concatenate([met[number].similarity, names.similarity[named]]),
            )
        return met

    def _as_they_are(self, words: Sequence[str]) -> list[Similar]:
        """Types that glossary words stand for."""
        return self._met(lookups.as_they_are(tuple(words)))

    def _matches(self, asked: Sequence[tuple[str, tuple[Replacement, ...]]]) -> list[WordMatch]:
        own = enumerate(self._similar([word for word, _ in asked]))
        offered, phrases = self._replaced([replacements for _, replacements in asked])
        likest = [each.likest(_MOST_TYPES) for each in strongest(len(asked), *_laid(own, offered))]
        facts = self._vocabulary.facts(np.concatenate([np.zeros(0, np.int64), *(each.types for each in likest)]))
        ends = np.cumsum([len(each.types) for each in likest]).tolist()
        units, df = facts["unit"].tolist(), facts["df"].astype(np.float64)
        return [
            self._weigh(each, units[end - len(each.types) : end], df[end - len(each.types) : end], of_word)
            for each, end, of_word in zip(likest, ends, phrases, strict=True)
        ]

    def _replaced(
        self, replacements: Sequence[tuple[Replacement, ...]]
    ) -> tuple[Likely | None, list[tuple[Phrase, ...]]]:
        """What the replacements of words stand for: types, and phrases of each word."""
        every = [(number, each) for number, of_word in enumerate(replacements) for each in of_word]
        if not every:
            return None, [()] * len(replacements)
        counts, found = self._written([part for _, each in every for part in each.words])
        sizes = np.array([len(each.words) for _, each in every])
        shares = np.array([each.strength for _, each in every]) * _PART / sizes
        likely = Likely(
            np.repeat(np.repeat(np.array([number for number, _ in every]), sizes), counts),
            found.types,
            np.repeat(np.repeat(shares, sizes), counts) * found.similarity,
        )
        phrases: list[list[Phrase]] = [[] for _ in replacements]
        ends = np.cumsum(counts)
        last = np.cumsum(sizes)
        whole = np.flatnonzero((sizes > 1) & (np.minimum.reduceat(counts, last - sizes) > 0))
        for place in whole.tolist() if not left_out().phrases else ():
            parts = range(int(last[place] - sizes[place]), int(last[place]))
            sets = tuple(frozenset(found.types[ends[part] - counts[part] : ends[part]].tolist()) for part in parts)
            number, each = every[place]
            phrases[number].append(Phrase(sets, each.strength))
        return likely, list(map(tuple, phrases))

    def _weigh(
        self, similar: Similar, units: Sequence[int], df: npt.NDArray[np.float64], phrases: tuple[Phrase, ...]
    ) -> WordMatch:
        passages = self.statistics.passages
        frequency = min(0.98 * passages, float(df @ similar.similarity))
        first = dict(zip(reversed(units), reversed(similar.similarity.tolist()), strict=True))  # the likest of each
        likest = {unit: first[unit] for unit in islice(dict.fromkeys(units), _MOST_UNITS)}
        idf = math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
        return WordMatch(similar, likest, phrases, idf)


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
