"""What the words of a statement find in a few sentences: the match matrix of retrieval, over a vocabulary held in memory.

A statement is matched with sentences as a question is matched with passages (`matching`), so both languages, names in
either script, the glossary and numbers work alike. The sentences are those cited, their neighbours and the titles of their
articles; nothing of a collection is needed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant import packing
from assistant.language import glossary, terms
from assistant.language.letters import encode
from assistant.language.text import Language, is_arabic
from assistant.language.tokens import Token, tokens
from assistant.matching import Matcher, Question
from assistant.matrix import MatchMatrix, lay_out
from assistant.name_table import NameTable, Row
from assistant.outlines import Outline
from assistant.postings import Postings, of_lists
from assistant.vocabulary import FACTS, STOP, LanguageStatistics, StoredType
from assistant.word_list import WordList

_CLITICS = re.compile("^[وف]?[بلك]?(?:ال|ل(?=ل))?")
_type_terms = lru_cache(maxsize=65536)(terms.type_terms)
_encoded = lru_cache(maxsize=65536)(encode)


class Words:
    """A `matching.Vocabulary` of the words of a few texts, whatever their language."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(dict.fromkeys(words))
        self._ids = {word: number for number, word in enumerate(self._words)}
        self._facts = np.zeros(len(self._words), FACTS)
        self._keys: dict[str, dict[str, list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
        self._sounds: dict[tuple[int, str], list[tuple[int, tuple[int, bytes]]]] = defaultdict(list)
        for number, word in enumerate(self._words):
            filed = _type_terms(word)
            self._facts[number] = (filed.unit, 1, 0, filed.flags | (STOP if filed.stop else 0))
            for family, key, weight in filed.keys:
                self._keys[family][key].append((number, weight))
            for spelling, skeleton in filed.spellings.items():
                self._sounds[int(filed.name), skeleton].append((number, _encoded(spelling)))
        self._names: NameTable | None = None
        self._list: WordList | None = None

    def ids(self, words: Iterable[str]) -> npt.NDArray[np.int32]:
        return np.array([self._ids[word] for word in words], dtype=np.int32)

    def statistics(self, language: Language) -> LanguageStatistics:
        """No passages: a word's rarity is what the lexicon expects, not what a few sentences show."""
        return LanguageStatistics(0, 0, len(self._words))

    def facts(self, ids: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.void]:
        return np.asarray(self._facts[ids])

    def words(self, ids: Iterable[int]) -> dict[int, str]:
        return {int(number): self._words[number] for number in ids}

    def types(self, language: Language, ids: Iterable[int]) -> dict[int, StoredType]:
        return {number: self._type(number) for number in ids}

    def _type(self, number: int) -> StoredType:
        unit, df, _, flags = self._facts[number].tolist()
        return StoredType(number, self._words[number], unit, df, bool(flags & STOP), flags & ~STOP)

    def find_words(self, language: Language, words: Collection[str]) -> dict[str, StoredType]:
        return {word: self._type(self._ids[word]) for word in words if word in self._ids}

    def postings(self, language: Language, family: str, keys: Sequence[str]) -> Postings:
        filed = self._keys.get(family, {})
        return of_lists([(n, number, weight) for n, key in enumerate(keys) for number, weight in filed.get(key, ())])

    def names(self, language: Language) -> NameTable:
        if self._names is None:
            self._names = NameTable.of([_row(*sound, self._sounds[sound]) for sound in sorted(self._sounds)])
        return self._names

    def word_list(self) -> WordList:
        if self._list is None:
            self._list = WordList([packing.compact(word) for word in self._words], 1)
        return self._list


def _row(of_class: int, skeleton: str, filed: Sequence[tuple[int, tuple[int, bytes]]]) -> Row:
    gaps = np.diff([number for number, _ in filed], prepend=0)
    marks, letters = bytes(mark for _, (mark, _) in filed), b"".join(letters for _, (_, letters) in filed)
    return Row(of_class, skeleton, packing.pack_numbers(gaps.tolist()), marks, letters)


class _Sheet:
    """Texts made ready to be matched with any number of statements."""

    def __init__(self, texts: Sequence[str]) -> None:
        found = [tokens(text) for text in texts]
        words = Words(token.word for each in found for token in each)
        self.matcher = Matcher(words, "ar")  # the language only chooses among vocabularies, and here is one
        self.outlines = [_outline(each, words.ids(token.word for token in each)) for each in found]
        self.tokens = found


def _outline(words: Sequence[Token], ids: npt.NDArray[np.int32]) -> Outline:
    return Outline(
        id=0,
        file="",
        start=0,
        language="ar",
        date=None,
        sentences=1,
        tokens=ids,
        token_sentences=np.zeros(len(words), dtype=np.int32),
        title_tokens=np.zeros(0, dtype=np.int32),
    )


_sheet = lru_cache(maxsize=128)(_Sheet)


@dataclass(frozen=True, slots=True)
class Support:
    """Statement words laid along texts. ``words``: the content words; ``weights``: shape ``(words,)``; ``tokens``: of each text."""

    words: tuple[Token, ...]
    weights: npt.NDArray[np.float64]
    matrix: MatchMatrix
    tokens: Sequence[Sequence[Token]]

    def of_text(self, number: int) -> npt.NDArray[np.float32]:
        """Similarities with the tokens of one text, shape ``(words, tokens)``."""
        return self.matrix.values[:, self.matrix.passage_slice(number)]

    def reached(self, texts: Iterable[int]) -> npt.NDArray[np.float64]:
        """The best similarity of each word with any token of the texts, shape ``(words,)``."""
        best = np.zeros(len(self.words))
        for number in texts:
            best = np.maximum(best, self.of_text(number).max(axis=1, initial=0.0))
        return best


def _question(matcher: Matcher, words: Sequence[Token]) -> Question:
    plain = [token.word for token in words]
    offered = glossary.replacements(plain)
    for i, word in enumerate(plain):
        if not offered[i] and is_arabic(word):
            bare = _CLITICS.sub("", word)
            offered[i] = glossary.replacements([bare])[0] if 2 < len(bare) < len(word) else ()
    matches = tuple(matcher.match(word, found) for word, found in zip(plain, offered, strict=True))
    weights = np.array([terms.question_weight(word) * terms.prior_idf(word) for word in plain])
    return Question(tuple(words), matches, weights)


def support(words: Sequence[Token], texts: Sequence[str]) -> Support:
    """Match the content words of a statement with texts. Stop words are left out."""
    content = [token for token in words if not terms.is_stop(token.word)]
    sheet = _sheet(tuple(texts))
    question = _question(sheet.matcher, content)
    return Support(question.words, question.weights, lay_out(question, sheet.matcher, sheet.outlines), sheet.tokens)
