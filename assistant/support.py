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

import numpy as np
import numpy.typing as npt

from assistant.catalogue import INT32, LanguageStatistics, StoredPassage, StoredType
from assistant.language import glossary, terms
from assistant.language.sentences import Span
from assistant.language.text import Language, is_arabic
from assistant.language.tokens import Token, tokens
from assistant.matching import Matcher, MatchMatrix, Question, lay_out

_CLITICS = re.compile("^[وف]?[بلك]?(?:ال|ل(?=ل))?")
_type_terms = lru_cache(maxsize=65536)(terms.type_terms)


class Words:
    """A `matching.Vocabulary` of the words of a few texts, whatever their language."""

    def __init__(self, words: Iterable[str]) -> None:
        self._ids: dict[str, int] = {}
        self._types: list[StoredType] = []
        self._keys: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
        for word in words:
            if word not in self._ids:
                number = self._ids[word] = len(self._types)
                filed = _type_terms(word)
                self._types.append(StoredType(number, word, filed.unit, 1, filed.stop, filed.flags))
                for family, key, weight in filed.keys:
                    self._keys[family, key].append((number, weight))

    def ids(self, words: Iterable[str]) -> npt.NDArray[np.int32]:
        return np.array([self._ids[word] for word in words], dtype=INT32)

    def statistics(self, language: Language) -> LanguageStatistics:
        """No passages: a word's rarity is what the lexicon expects, not what a few sentences show."""
        return LanguageStatistics(0, 0, len(self._types))

    def types(self, language: Language, ids: Iterable[int]) -> dict[int, StoredType]:
        return {number: self._types[number] for number in ids}

    def find_words(self, language: Language, words: Collection[str]) -> dict[str, StoredType]:
        return {word: self._types[self._ids[word]] for word in words if word in self._ids}

    def find(self, language: Language, family: str, keys: Collection[str]) -> list[tuple[str, int, float]]:
        return [(key, number, weight) for key in keys for number, weight in self._keys.get((family, key), ())]


class _Sheet:
    """Texts made ready to be matched with any number of statements."""

    def __init__(self, texts: Sequence[str]) -> None:
        found = [tokens(text) for text in texts]
        words = Words(token.word for each in found for token in each)
        self.matcher = Matcher(words, "ar")  # the language only chooses among vocabularies, and here is one
        self.passages = [
            _passage(text, each, words.ids(token.word for token in each))
            for text, each in zip(texts, found, strict=True)
        ]
        self.tokens = found


def _passage(text: str, words: Sequence[Token], ids: npt.NDArray[np.int32]) -> StoredPassage:
    return StoredPassage(
        id=0,
        file="",
        start=0,
        end=len(text),
        language="ar",
        title="",
        date=None,
        text=text,
        sentences=(Span(0, len(text)),),
        tokens=ids,
        token_starts=np.array([token.start for token in words], dtype=INT32),
        token_ends=np.array([token.end for token in words], dtype=INT32),
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
    return Support(question.words, question.weights, lay_out(question, sheet.matcher, sheet.passages), sheet.tokens)
