"""One match matrix for everything: question words against the tokens of passages.

`Matcher.match` gives, for a question word, the word types of the collection it may stand for, each with a similarity
in [0, 1]. `MatchMatrix` lays these along the tokens of passages: shape ``(question words, token positions)``. Re-ranking,
evidence, confidence and highlighting all read this one matrix.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
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
    def find(self, language: Language, family: str, keys: Collection[str]) -> list[tuple[str, int, float]]: ...
    def names(
        self, language: Language, classes: Sequence[int], near: Sequence[Collection[str]], most: int
    ) -> Spellings: ...


_Filed = dict[str, dict[str, list[tuple[int, float]]]]
"""Kind of key, key, and the types filed there with their weights."""


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


def _spelling_similarity(one: str, other: str) -> float:
    """Two names of one script, spelled a little differently, or alike to the ear."""
    pairs = [(spelling.plain(one), spelling.plain(other))]
    if is_arabic(one):
        # An ending of one may be part of the other.
        pairs.append((arabic.shortest_form(one), arabic.shortest_form(other)))
    ratio = max(Indel.normalized_similarity(*pair) for pair in pairs)
    for pair in pairs if ratio < 1 else ():
        left, right = map(names.sound, pair)
        if names.without_vowels(left) == names.without_vowels(right):
            ratio = max(ratio, Indel.normalized_similarity(left, right))
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


def _best(asked: Iterable[tuple[terms.Family, terms.Keys]], filed: _Filed) -> dict[int, float]:
    """Types with the similarity of the best family."""
    best: dict[int, float] = {}
    for family, keys in asked:
        there = filed.get(family.filed_under, {})
        if keys.keys().isdisjoint(there.keys()):  # of the hundreds of lemmas of a word, a few sentences have none
            continue
        sums: dict[int, float] = {}
        for key, asked_weight in keys.items():
            for number, weight in there.get(key, ()):
                sums[number] = sums.get(number, 0.0) + asked_weight * weight
        for number, total in sums.items():
            similarity = family.strength * min(1.0, total)
            if similarity > best.get(number, 0.0):
                best[number] = similarity
    return best


class Matcher:
    """Matches question words against the vocabulary of the passages in one language."""

    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self.language = language
        self.statistics = vocabulary.statistics(language)
        self._vocabulary = vocabulary
        self.match = cached(maxsize=4096)(self._match)
        # A search looks at its question twice: for ranking, and for the evidence in what was found.
        self.ask = cached(maxsize=64)(self._ask)

    def flags(self, ids: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
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

    def _by_families(self, families: Sequence[terms.Family], words: Sequence[str]) -> list[dict[int, float]]:
        """Per word, the types that it meets in some family, with similarities."""
        asked = [[(family, family.keys(word)) for family in families] for word in words]
        filed = self._filed([each for of_word in asked for each in of_word])
        return [_best(of_word, filed) for of_word in asked]

    def _filed(self, asked: Iterable[tuple[terms.Family, terms.Keys]]) -> _Filed:
        """What is filed under the keys of families, each kind of key looked up once."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for family, keys in asked:
            wanted[family.filed_under].update(keys)
        filed: _Filed = {}
        for kind, keys_of_kind in wanted.items():
            if keys_of_kind:
                found = filed[kind] = defaultdict(list)
                for key, number, weight in self._vocabulary.find(self.language, kind, keys_of_kind):
                    found[key].append((number, weight))
        return filed

    def _match(self, word: str, replacements: tuple[Replacement, ...] = ()) -> WordMatch:
        (best,) = self._by_families(terms.families(word), [word])
        self._add_names(word, best)
        phrases = []
        written = dict.fromkeys(part for replacement in replacements for part in replacement.words)
        # A glossary word is looked up as it is, inflections included.
        types = dict(zip(written, self._by_families(terms.LITERAL_FAMILIES, list(written)), strict=True))
        for replacement in replacements:
            parts = [types[part] for part in replacement.words]
            share = replacement.strength if len(parts) == 1 else replacement.strength * _PART / len(parts)
            for part in parts:
                for number, similarity in part.items():
                    best[number] = max(best.get(number, 0.0), share * similarity)
            if len(parts) > 1 and all(parts) and not left_out().phrases:
                phrases.append(Phrase(tuple(frozenset(part) for part in parts), replacement.strength))
        best = dict(sorted(best.items(), key=lambda item: -item[1])[:_MOST_TYPES])
        return self._weigh(best, tuple(phrases))

    def _add_names(self, word: str, best: dict[int, float]) -> None:
        near = _near(word)
        asked = terms.name_class(word, kinds_of(word))
        for number, similarity in (*self._sounding(word, asked, near), *self._spelled(word, near)):
            if similarity > best.get(number, 0.0):
                best[number] = similarity

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
        units = dict(sorted(units.items(), key=lambda item: -item[1])[:_MOST_UNITS])
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
    types, where = np.unique(ids[filled], return_inverse=True)
    table = np.zeros((len(question.words), len(types)), dtype=np.float32)
    position = {int(number): column for column, number in enumerate(types)}
    for row, match in enumerate(question.matches):
        for number, similarity in match.types.items():
            column = position.get(number)
            if column is not None:
                table[row, column] = similarity
    values = np.zeros((len(question.words), columns), dtype=np.float32)
    values[:, filled] = table[:, where]
    for row, match in enumerate(question.matches):
        for phrase in match.phrases:
            found = _phrase_columns(ids, phrase)
            np.maximum(values[row], np.where(found, np.float32(phrase.strength), 0), out=values[row])
    flags = np.full(columns, -1, dtype=np.int32)
    flags[filled] = matcher.flags(types)[where]
    titles = np.zeros((len(question.words), len(passages)), dtype=np.float32)
    for number, passage in enumerate(passages):
        in_title = passage.title_tokens.tolist() if passage.title not in passage.text else []
        for row, match in enumerate(question.matches):
            titles[row, number] = max((match.types.get(t, 0.0) for t in in_title), default=0.0)
            if passage.date and not left_out().dates and dates.names_part_of(question.words[row].word, passage.date):
                titles[row, number] = 1.0
    return MatchMatrix(values, titles, starts, lengths, sentence, flags, first)


def _phrase_columns(ids: npt.NDArray[np.int32], phrase: Phrase) -> npt.NDArray[np.bool_]:
    """Columns whose tokens write a whole phrase, its parts in order and at most `_PHRASE_GAP` apart."""
    masks = [np.isin(ids, list(part)) for part in phrase.parts]
    if not all(mask.any() for mask in masks):
        return np.zeros(len(ids), dtype=bool)
    for i in range(len(masks) - 2, -1, -1):
        followed = np.zeros(len(ids), dtype=bool)
        for gap in range(1, _PHRASE_GAP + 1):
            followed[:-gap] |= masks[i + 1][gap:]
        masks[i] &= followed
    found = masks[0].copy()
    previous = masks[0]
    for mask in masks[1:]:
        preceded = np.zeros(len(ids), dtype=bool)
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
