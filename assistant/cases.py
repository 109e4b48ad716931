"""A statement laid beside the sentences it cites: what each claims, and which words match which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from assistant.claims import read
from assistant.language.sentences import sentences
from assistant.language.text import Language
from assistant.support import support

MATCHED, SURE = 0.3, 0.5
"""Similarities from which a word may be, and surely is, another."""

# What a statement of no weight would be given, and the weight of that opinion in nats of `terms.prior_idf`.
_PRIOR_SHARE, _PRIOR = 0.5, 12.0


class Source(NamedTuple):
    """A cited sentence; ``context``: its neighbours in the article; ``title`` and ``date`` of the article."""

    text: str
    language: Language
    title: str
    date: dt.date | None
    context: str


class Case:
    """A statement beside its sources. Texts are numbered: the cited ones, their neighbours, the titles."""

    def __init__(self, statement: str, sources: Sequence[Source]) -> None:
        self.said = read(statement)
        texts = [source.text for source in sources]
        self.cited = [read(text) for text in dict.fromkeys(texts)]
        around = [source.context[s.start : s.end] for source in sources for s in sentences(source.context)]
        self.around = [read(text) for text in dict.fromkeys(around) if text not in texts]
        self.titles = [read(text) for text in dict.fromkeys(source.title for source in sources) if text]
        self.support = support(self.said.words, [each.text for each in (*self.cited, *self.around, *self.titles)])
        self.dates = [source.date for source in sources]
        self.place = {token.start: row for row, token in enumerate(self.support.words)}
        self.places = {token.start: i for i, token in enumerate(self.said.words)}

    def row(self, i: int) -> int | None:
        """The row of the statement's token ``i``."""
        return self.place.get(self.said.words[i].start)

    def index(self, row: int) -> int:
        """The statement's token of a row."""
        return self.places[self.support.words[row].start]

    def found(self, texts: Sequence[int]) -> float:
        """How much of the statement's weight is found in the texts: a share, 1 for a statement of no weight."""
        weights = self.support.weights
        return float(weights @ self.support.reached(texts)) / total if (total := float(weights.sum())) else 1.0

    def coverage(self, texts: Sequence[int]) -> float:
        """The same, of few words taken with reserve."""
        weights = self.support.weights
        return (float(weights @ self.support.reached(texts)) + _PRIOR * _PRIOR_SHARE) / (float(weights.sum()) + _PRIOR)
