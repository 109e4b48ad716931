"""One match matrix for everything: question words against the tokens of passages.

`Matcher.match` gives, for a question word, the word types of the collection it may stand for, each with a similarity
in [0, 1]. `MatchMatrix` lays these along the tokens of passages: shape ``(question words, token positions)``. Re-ranking,
evidence, confidence and highlighting all read this one matrix.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from assistant.ablation import cached, left_out
from assistant.catalogue import StoredPassage
from assistant.language import alignment, arabic, dates, glossary, names, spelling, terms
from assistant.language.alignment import Spellings
from assistant.language.glossary import Replacement
from assistant.language.kinds import Kind, kinds_of
from assistant.language.terms import NameClass
from assistant.language.text import Language, is_arabic
from assistant.language.tokens import Token
from assistant.postings import Asked, Postings, best
from assistant.vocabulary import ENGLISH, STOP, LanguageStatistics, StoredType

# Likeness of two names below `alignment.FLOOR` counts nothing, above this fully.
_NAME_CEILING = 0.95
_SHORTEST_NAME = 4  # letters, to be taken for a misspelling of another
# Spellings that a word is compared with. Tens of thousands of word types hold fewer that are about like any one word.
_MOST_NAMES = 4000
_FUZZY_FLOOR = 0.8
_FUZZY_STRENGTH = 0.7
_MOST_TYPES, _MOST_UNITS = 120, 40
# The rarity expected from the lexicon counts as much as this many passages: five articles alone say little.
_PRIOR_PASSAGES = 15
# A lone part of a term of n words is worth 1/n of this; the parts of a whole one stand within so many tokens.
_PART, _PHRASE_GAP = 1.0, 3
# Empty columns after each passage, so that windows and neighbourhoods never reach into the next one.
WINDOW = 30
Floats = npt.NDArray[np.float32]


class Vocabulary(Protocol):
    """What matching asks of a catalogue."""

    def statistics(self, language: Language) -> LanguageStatistics: ...
    def facts(self, ids: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.void]: ...
    def words(self, ids: Iterable[int]) -> dict[int, str]: ...
    def types(self, language: Language, ids: Iterable[int]) -> dict[int, StoredType]: ...
    def find_words(self, language: Language, words: Collection[str]) -> dict[str, StoredType]: ...
    def postings(self, language: Language, family: str, keys: Sequence[str]) -> Postings: ...
    def names(
        self, language: Language, classes: Sequence[int], near: Sequence[Collection[str]], most: int
    ) -> Spellings: ...


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


# How far a word of a class is a name of the other script, and a question's word likewise.
_ELIGIBLE = {
    NameClass.ARABIC_WORD: 0.5,
    NameClass.ARABIC_NAME: 1.0,
    NameClass.LATIN_WORD: 0.3,
    NameClass.LATIN_UNKNOWN: 0.9,
    NameClass.LATIN_CAPITAL: 0.8,
    NameClass.LATIN_NAME: 1.0,
}


def _sounds_like(asked: NameClass) -> list[NameClass]:
    """Classes of the other script that a word of a class may stand for: one without a capital is no common word there."""
    if asked in (NameClass.LATIN_CAPITAL, NameClass.LATIN_NAME):
        return [NameClass.ARABIC_NAME, NameClass.ARABIC_WORD]
    if asked in (NameClass.LATIN_WORD, NameClass.LATIN_UNKNOWN):
        return [NameClass.ARABIC_NAME]
    capitals = [NameClass.LATIN_NAME, NameClass.LATIN_CAPITAL]
    return capitals if asked is NameClass.ARABIC_WORD else [*capitals, NameClass.LATIN_UNKNOWN, NameClass.LATIN_WORD]


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
    pairs = list(zip(_shapes(one), _shapes(other), strict=True))
    ratio = max(Indel.normalized_similarity(left.letters, right.letters) for left, right in pairs)
    for left, right in pairs if ratio < 1 else ():
        if left.consonants == right.consonants:
            ratio = max(ratio, Indel.normalized_similarity(left.sound, right.sound))
    return _FUZZY_STRENGTH * (ratio - 0.6) / 0.4 if ratio >= _FUZZY_FLOOR else 0.0


def _is_name(word: str, flags: int) -> bool:
    return len(word) >= _SHORTEST_NAME and bool(flags & Kind.MAYBE_NAME) and (is_arabic(word) or word[0].isupper())


def _near(word: str) -> list[list[str]]:
    """Skeletons of names about like a word; the closest first, for there may be more names than time to compare."""
    skeletons = sorted(set(terms.coarse(word).values()))
    return [
        [key for keys in tier for key in keys] for tier in zip_longest(*map(names.variants, skeletons), fillvalue=[])
    ]


def _classes_of(word: str) -> list[NameClass]:
    """All classes of the word's script."""
    return [each for each in NameClass if (each <= NameClass.ARABIC_NAME) == is_arabic(word)]


class Matcher:
    """Matches question words against the vocabulary of the passages in one language."""

    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self.language = language
        self.statistics = vocabulary.statistics(language)
        self._vocabulary = vocabulary
        self.match = cached(maxsize=4096)(self._match)
        # A word is looked at by itself, for slips, before its neighbours tell what else it may stand for.
        self._similar = cached(maxsize=1024)(self._similar_to)
        # A search looks at its question twice: for ranking, and for the evidence in what was found.
        self.ask = cached(maxsize=64)(self._ask)

    def flags(self, ids: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int32]:
        """`Kind` bits of types, -1 for stop words; same shape as ``ids``."""
        flags = self._vocabulary.facts(ids)["flags"].astype(np.int32)
        return np.where(flags & STOP, -1, flags & ~ENGLISH)

    def alike(self, word: str) -> list[StoredType]:
        """Types of the word's script whose consonants are the same but for one, added, missing or exchanged."""
        found = self._vocabulary.names(self.language, _classes_of(word), _near(word), _MOST_NAMES)
        return list(self._vocabulary.types(self.language, np.unique(found.types).tolist()).values())

    def written(self, words: Collection[str]) -> dict[str, StoredType]:
        """Those of the words that the collection writes exactly so."""
        return self._vocabulary.find_words(self.language, words)

    def _ask(self, words: tuple[Token, ...]) -> Question:
        replacements = glossary.replacements([token.word for token in words])
        matches = tuple(self.match(t.word, r) for t, r in zip(words, replacements, strict=True))
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

    def _by_families(self, families: Iterable[terms.Family], words: Sequence[str]) -> list[dict[int, float]]:
        """Per word, the types that it meets in some family, with similarities. A key is looked up once for all words."""
        asked = []
        for family in families:
            keys = [family.keys(word) for word in words]
            every = [key for of_word in keys for key in of_word]
            if every:
                weights = np.array([weight for of_word in keys for weight in of_word.values()])
                owners = np.repeat(np.arange(len(words)), list(map(len, keys)))
                found = self._vocabulary.postings(self.language, family.filed_under, every)
                asked.append(Asked(family.strength, weights, owners, found))
        return best(len(words), asked)

    def _similar_to(self, word: str) -> dict[int, float]:
        """Types that are like the word, whatever else a glossary says it may stand for. Shared: nobody changes it."""
        (similar,) = self._by_families(terms.families(word), [word])
        self._add_names(word, similar)
        return similar

    def _match(self, word: str, replacements: tuple[Replacement, ...] = ()) -> WordMatch:
        similar = dict(self._similar(word))
        phrases = []
        written = dict.fromkeys(part for replacement in replacements for part in replacement.words)
        # A glossary word is looked up as it is, inflections included.
        types = dict(zip(written, self._by_families(terms.LITERAL_FAMILIES, list(written)), strict=True))
        for replacement in replacements:
            parts = [types[part] for part in replacement.words]
            share = replacement.strength if len(parts) == 1 else replacement.strength * _PART / len(parts)
            for part in parts:
                for number, similarity in part.items():
                    similar[number] = max(similar.get(number, 0.0), share * similarity)
            if len(parts) > 1 and all(parts) and not left_out().phrases:
                phrases.append(Phrase(tuple(frozenset(part) for part in parts), replacement.strength))
        similar = dict(sorted(similar.items(), key=itemgetter(1), reverse=True)[:_MOST_TYPES])
        return self._weigh(similar, tuple(phrases))

    def _add_names(self, word: str, similar: dict[int, float]) -> None:
        near = _near(word)
        asked = terms.name_class(word, kinds_of(word))
        for number, similarity in (*self._sounding(word, asked, near), *self._spelled(word, near)):
            if similarity > similar.get(number, 0.0):
                similar[number] = similarity

    def _sounding(self, word: str, asked: NameClass, near: Sequence[Collection[str]]) -> Iterator[tuple[int, float]]:
        """Names of the other script that sound like the word."""
        if left_out().names:
            return
        found = self._vocabulary.names(self.language, _sounds_like(asked), near, _MOST_NAMES)
        if not len(found.types):
            return
        consonants = found.consonants if is_arabic(word) else names.consonants(names.plain_latin(word))
        eligible = np.array([_ELIGIBLE[each] for each in NameClass])
        # Two short words align by chance.
        ceilings = eligible[asked] * eligible[found.classes] * np.minimum(1.0, (consonants + 1) / 4)
        alike = (alignment.likenesses(word, found) - alignment.FLOOR) / (_NAME_CEILING - alignment.FLOOR)
        similarities = ceilings * np.clip(alike, 0.0, 1.0)
        there = np.flatnonzero(similarities)
        yield from zip(found.types[there].tolist(), similarities[there].tolist(), strict=True)

    def _spelled(self, word: str, near: Sequence[Collection[str]]) -> Iterator[tuple[int, float]]:
        """Names of the word's own script that are written a little differently."""
        kinds = kinds_of(word)
        if left_out().spelling or not _is_name(word, kinds):
            return
        own = [NameClass.ARABIC_NAME] if is_arabic(word) else [NameClass.LATIN_NAME, NameClass.LATIN_CAPITAL]
        found = np.unique(self._vocabulary.names(self.language, own, near, _MOST_NAMES).types)
        # Of two known names neither is a spelling of the other.
        unknown = found[(self._vocabulary.facts(found)["flags"] | int(kinds)) & Kind.UNKNOWN > 0]
        for number, other in self._vocabulary.words(unknown).items():
            if len(other) >= _SHORTEST_NAME:
                yield number, _spelling_similarity(word, other)

    def _weigh(self, similar: dict[int, float], phrases: tuple[Phrase, ...]) -> WordMatch:
        passages = self.statistics.passages
        facts = self._vocabulary.facts(np.fromiter(similar, np.int64, len(similar)))
        frequency = min(0.98 * passages, float(facts["df"] @ np.fromiter(similar.values(), np.float64, len(similar))))
        units: dict[int, float] = {}
        for unit, similarity in zip(facts["unit"].tolist(), similar.values(), strict=True):
            units[unit] = max(units.get(unit, 0.0), similarity)
        units = dict(sorted(units.items(), key=itemgetter(1), reverse=True)[:_MOST_UNITS])
        idf = math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
        return WordMatch(similar, units, phrases, idf)


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


@dataclass(frozen=True, slots=True)
class MatchMatrix:
    """Similarities laid along the tokens of ``n`` passages.

    ``values``: shape ``(question words, columns)``. Each passage takes a run of columns followed by `WINDOW` empty
    ones. ``titles``: shape ``(question words, n)``, the best match of each word in the title and date of the passage's
    article (the title counts nothing for a passage that holds it). ``starts`` and ``lengths``: shape ``(n,)``, columns of the passages without padding. ``sentence``: shape
    ``(columns,)``, running number of the token's sentence over all passages, -1 in padding. ``flags``: shape ``(columns,)``,
    `Kind` bits, -1 for stop words and padding. ``first``: running number of each passage's first sentence, shape ``(n + 1,)``.
    """

    values: Floats
    titles: Floats
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    sentence: npt.NDArray[np.int64]
    flags: npt.NDArray[np.int32]
    first: npt.NDArray[np.int64]

    def passage_slice(self, number: int) -> slice:
        """Columns of a passage without its padding."""
        return slice(int(self.starts[number]), int(self.starts[number] + self.lengths[number]))


def lay_out(question: Question, matcher: Matcher, passages: Sequence[StoredPassage]) -> MatchMatrix:
    """Build the matrix of a question and passages of the matcher's language."""
    lengths = np.array([len(passage.tokens) for passage in passages], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths + WINDOW)[:-1]]).astype(np.int64)
    columns = int((lengths + WINDOW).sum())
    ids = np.full(columns, -1, dtype=np.int32)
    sentence = np.full(columns, -1, dtype=np.int64)
    first = np.zeros(len(passages) + 1, dtype=np.int64)
    for number, passage in enumerate(passages):
        run = slice(starts[number], starts[number] + lengths[number])
        ids[run] = passage.tokens
        sentence[run] = first[number] + passage.token_sentences
        first[number + 1] = first[number] + len(passage.sentences)
    filled = ids >= 0
    types, where = _distinct(ids[filled])
    similar = _similarities(question, types)
    values = np.zeros((len(question.words), columns), dtype=np.float32)
    values[:, filled] = similar[:, where]
    column_of = {number: column for column, number in enumerate(types.tolist())}
    for row, match in enumerate(question.matches):
        for phrase in match.phrases:
            # Most phrases have a part that none of the passages has.
            if not any(part.isdisjoint(column_of) for part in phrase.parts):
                masks = []
                for part in phrase.parts:
                    written = np.zeros(len(types), dtype=bool)
                    written[[column_of[number] for number in part if number in column_of]] = True
                    mask = np.zeros(columns, dtype=bool)
                    mask[filled] = written[where]
                    masks.append(mask)
                found = _phrase_columns(masks)
                np.maximum(values[row], np.where(found, np.float32(phrase.strength), 0), out=values[row])
    flags = np.full(columns, -1, dtype=np.int32)
    flags[filled] = matcher.flags(types)[where]
    titles = _titles(question, passages)
    return MatchMatrix(values, titles, starts, lengths, sentence, flags, first)


def _distinct(ids: npt.NDArray[np.int32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The different ones in order, and the place of each of ``ids`` among them: ``np.unique`` without sorting."""
    there = np.zeros(int(ids.max(initial=-1)) + 1, dtype=bool)
    there[ids] = True
    types = np.flatnonzero(there)
    place = np.empty(len(there), dtype=np.int64)
    place[types] = np.arange(len(types))
    return types, place[ids]


def _similarities(question: Question, types: npt.NDArray[np.integer[Any]]) -> Floats:
    """How well each word matches each of ``types``, which are sorted: shape ``(words, types)``."""
    table = np.zeros((len(question.words), len(types)), dtype=np.float32)
    for row, match in enumerate(question.matches if len(types) else ()):
        similar = np.fromiter(match.types, np.int64, len(match.types))
        column = np.minimum(np.searchsorted(types, similar), len(types) - 1)
        there = types[column] == similar
        table[row, column[there]] = np.fromiter(match.types.values(), np.float64, len(similar))[there]
    return table


def _titles(question: Question, passages: Sequence[StoredPassage]) -> Floats:
    """`MatchMatrix.titles`."""
    titles = np.zeros((len(question.words), len(passages)), dtype=np.float32)
    apart = [number for number, p in enumerate(passages) if len(p.title_tokens) and p.title not in p.text]
    if apart:
        lengths = [len(passages[number].title_tokens) for number in apart]
        types, where = np.unique(
            np.concatenate([passages[number].title_tokens for number in apart]), return_inverse=True
        )
        starts = np.cumsum([0, *lengths[:-1]])
        titles[:, apart] = np.maximum.reduceat(_similarities(question, types)[:, where], starts, axis=1)
    if not left_out().dates:
        for row, token in enumerate(question.words):
            if token.word[0] == "#" or dates.month_of(token.word):
                named = [bool(p.date and dates.names_part_of(token.word, p.date)) for p in passages]
                titles[row, named] = 1.0
    return titles


def _phrase_columns(masks: list[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    """Columns whose tokens write a whole phrase, its parts in order and at most `_PHRASE_GAP` apart.

    ``masks``: for each part the columns that write it.
    """
    for i in range(len(masks) - 2, -1, -1):
        followed = np.zeros(len(masks[i]), dtype=bool)
        for gap in range(1, _PHRASE_GAP + 1):
            followed[:-gap] |= masks[i + 1][gap:]
        masks[i] &= followed
    found = masks[0].copy()
    previous = masks[0]
    for mask in masks[1:]:
        preceded = np.zeros(len(mask), dtype=bool)
        for gap in range(1, _PHRASE_GAP + 1):
            preceded[gap:] |= previous[:-gap]
        previous = mask & preceded
        found |= previous
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """Passages of one language matched with a question. ``scores``: those of `ranking.score`, shape ``(passages,)``."""

    question: Question
    matrix: MatchMatrix
    passages: Sequence[StoredPassage]
    scores: npt.NDArray[np.float64]
