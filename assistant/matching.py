"""One match matrix for everything: question words against the tokens of passages.

`Matcher.match` gives, for a question word, the word types of the collection it may stand for, each with a similarity
in [0, 1]. `MatchMatrix` lays these along the tokens of passages: shape ``(question words, token positions)``. Re-ranking,
evidence, confidence and highlighting all read this one matrix.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from assistant.ablation import cached, left_out
from assistant.catalogue import LanguageStatistics, StoredPassage, StoredType
from assistant.language import arabic, dates, glossary, names, spelling, terms
from assistant.language.glossary import Replacement
from assistant.language.kinds import Kind, kinds_of
from assistant.language.text import Language, is_arabic
from assistant.language.tokens import Token, tokens

# Likeness of two names below the first counts nothing, above the second fully.
_NAME_FLOOR, _NAME_CEILING = 0.70, 0.95
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
    def types(self, language: Language, ids: Iterable[int]) -> dict[int, StoredType]: ...
    def find_words(self, language: Language, words: Collection[str]) -> dict[str, StoredType]: ...
    def find(self, language: Language, family: str, keys: Collection[str]) -> list[tuple[str, int, float]]: ...


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


def _name_similarity(latin: str, arabic_word: str, arabic_flags: int) -> float:
    eligible_arabic = 1.0 if arabic_flags & Kind.MAYBE_NAME else 0.5
    if not latin[0].isupper() and eligible_arabic < 1:
        return 0.0
    known = not kinds_of(latin) & Kind.UNKNOWN
    eligible_latin = (0.8 if known else 1.0) if latin[0].isupper() else (0.3 if known else 0.9)
    # Two short words align by chance.
    long_enough = min(1.0, (names.consonants(names.plain_latin(latin)) + 1) / 4)
    ceiling = eligible_arabic * eligible_latin * long_enough
    likeness = names.likeness(latin, arabic_word)
    return ceiling * min(1.0, max(0.0, (likeness - _NAME_FLOOR) / (_NAME_CEILING - _NAME_FLOOR)))


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
    return len(word) >= 4 and bool(flags & Kind.MAYBE_NAME) and (is_arabic(word) or word[0].isupper())


class Matcher:
    """Matches question words against the vocabulary of the passages in one language."""

    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self.language = language
        self.statistics = vocabulary.statistics(language)
        self._vocabulary = vocabulary
        self._flags = np.full(0, -1, dtype=np.int32)
        self.match = cached(maxsize=4096)(self._match)
        self.title_types = cached(maxsize=4096)(self._title_types)
        self.literal = cached(maxsize=4096)(self._literal)

    def flags(self, ids: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """`Kind` bits of types, -1 for stop words; same shape as ``ids``."""
        top = int(ids.max(initial=-1)) + 1
        known = self._flags
        if top > len(known):
            # Other threads may be reading: a longer array is made and put in place, never changed in length.
            known = np.concatenate([known, np.full(max(top, 1024) * 2 - len(known), -2, np.int32)])
        missing = np.unique(ids[known[ids] == -2])
        if len(missing):
            for number, stored in self._vocabulary.types(self.language, missing.tolist()).items():
                known[number] = -1 if stored.stop else stored.flags
        self._flags = known
        return np.asarray(known[ids])

    def _candidates(self, word: str) -> dict[int, StoredType]:
        keys = terms.skeletons(word)
        if not keys:
            return {}
        found = {number for _, number, _ in self._vocabulary.find(self.language, terms.SKELETON, keys)}
        return self._vocabulary.types(self.language, found)

    def alike(self, word: str) -> list[StoredType]:
        """Types of the word's script whose consonants are the same but for one, added, missing or exchanged."""
        return [
            stored
            for stored in self._candidates(word).values()
            if stored.word[0] not in "#@" and is_arabic(stored.word) == is_arabic(word)
        ]

    def written(self, words: Collection[str]) -> dict[str, StoredType]:
        """Those of the words that the collection writes exactly so."""
        return self._vocabulary.find_words(self.language, words)

    def _title_types(self, title: str) -> frozenset[int]:
        words = {token.word for token in tokens(title)}
        return frozenset(stored.id for stored in self._vocabulary.find_words(self.language, words).values())

    def _by_families(self, families: Iterable[terms.Family], word: str) -> dict[int, float]:
        best: dict[int, float] = {}
        for family in families:
            keys = family.keys(word)
            sums: dict[int, float] = {}
            for key, number, weight in (
                self._vocabulary.find(self.language, family.filed_under, keys.keys()) if keys else ()
            ):
                sums[number] = sums.get(number, 0.0) + keys[key] * weight
            for number, total in sums.items():
                best[number] = max(best.get(number, 0.0), family.strength * min(1.0, total))
        return best

    def _match(self, word: str, replacements: tuple[Replacement, ...] = ()) -> WordMatch:
        best = self._by_families(terms.families(word), word)
        self._add_names(word, best)
        phrases = []
        for replacement in replacements:
            parts = [self.literal(part) for part in replacement.words]
            share = replacement.strength if len(parts) == 1 else replacement.strength * _PART / len(parts)
            for part in parts:
                for number, similarity in part.items():
                    best[number] = max(best.get(number, 0.0), share * similarity)
            if len(parts) > 1 and all(parts) and not left_out().phrases:
                phrases.append(Phrase(tuple(frozenset(part) for part in parts), replacement.strength))
        best = dict(sorted(best.items(), key=lambda item: -item[1])[:_MOST_TYPES])
        return self._weigh(best, tuple(phrases))

    def _literal(self, word: str) -> dict[int, float]:
        """Types that write a glossary word."""
        return self._by_families(terms.LITERAL_FAMILIES, word)

    def _add_names(self, word: str, best: dict[int, float]) -> None:
        word_flags = kinds_of(word)
        for number, stored in self._candidates(word).items():
            if stored.word[0] in "#@":
                continue
            if is_arabic(stored.word) != is_arabic(word):
                if left_out().names:
                    continue
                if is_arabic(word):
                    similarity = _name_similarity(stored.word, word, word_flags)
                else:
                    similarity = _name_similarity(word, stored.word, stored.flags)
            elif left_out().spelling:
                continue
            elif (
                (word_flags | stored.flags) & Kind.UNKNOWN
                and _is_name(word, word_flags)
                and _is_name(stored.word, stored.flags)
            ):
                # Of two known names neither is a spelling of the other.
                similarity = _spelling_similarity(word, stored.word)
            else:
                continue
            if similarity > best.get(number, 0.0):
                best[number] = similarity

    def _weigh(self, similar: dict[int, float], phrases: tuple[Phrase, ...]) -> WordMatch:
        passages = self.statistics.passages
        stored = self._vocabulary.types(self.language, similar)
        frequency = min(0.98 * passages, sum(similar[number] * stored[number].df for number in similar))
        units: dict[int, float] = {}
        for number, similarity in similar.items():
            unit = stored[number].unit
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
    replacements = glossary.replacements([token.word for token in words])
    matches = tuple(matcher.match(t.word, r) for t, r in zip(words, replacements, strict=True))
    passages = matcher.statistics.passages
    prior = 0 if left_out().prior else _PRIOR_PASSAGES
    weights = np.array(
        [
            terms.question_weight(token.word)
            * (passages * match.idf + prior * terms.prior_idf(token.word))
            / (passages + prior)
            for token, match in zip(words, matches, strict=True)
        ]
    )
    return Question(tuple(words), matches, weights)


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
        sentence_starts = np.array([span.start for span in passage.sentences])
        inside = np.searchsorted(sentence_starts, passage.token_starts, side="right") - 1
        sentence[run] = first[number] + np.maximum(inside, 0)
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
        in_title = matcher.title_types(passage.title) if passage.title not in passage.text else frozenset()
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
