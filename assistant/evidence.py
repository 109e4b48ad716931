"""Which sentences answer the question, and how sure that is: both read off the match matrix.

A sentence is scored by a conditional logit model over `candidates.FEATURES` of the sentences of the best passages. The
answer's confidence is a logistic model over `confidence.SIGNS` of the best sentence and its passage. The weights are data
(``data/evidence.json``), fitted by ``python -m eval fit`` on public development sets, never on the seeds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from assistant.bared import asks_for_the_day, bared
from assistant.candidates import FEATURES, Reading, read
from assistant.catalogue import StoredPassage
from assistant.confidence import SIGNS, signs_of
from assistant.language.questions import Asked
from assistant.language.sentences import Span
from assistant.language.text import Language, is_arabic
from assistant.language.wanted import Wanted
from assistant.matrix import Group
from assistant.phrases import answer_phrase

Floats = npt.NDArray[np.float64]

# What it costs, in logits, when the best sentence states nothing of the kind asked for: no number for "how many".
NOTHING_OF_THE_KIND = 1.5
# A sentence that, with its neighbours, touches less of the question than this is no answer, however alone it stands in a
# small collection: its confidence stays below the answering band.
_LEAST_COVERED, _NO_ANSWER = 0.4, 0.45
# A headline says what the article says better: it is quoted where no sentence comes near it, in logits.
_BEHIND_HEADLINE, _BEHIND_FRAME = 2.0, 0.5
# Where articles of both languages are found, one in the question's own: its words are matched as they are, and what a dictionary matches
# may always be something else. Logits, fitted on mixed collections: which of the best of either language holds the answer.
_OWN_LANGUAGE = 0.8
_MARKED = 10  # of the best sentences, those whose likely answer is looked for


@dataclass(frozen=True, slots=True)
class Sentence:
    """A candidate: the span in its document, the model's score and its probability among all candidates."""

    passage: StoredPassage
    start: int
    end: int
    score: float
    probability: float
    phrase: Span | None = None
    """The likely answer within the sentence, as offsets in the document, where it is reliable enough to be marked."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentences best first, and the confidence in [0, 1] that the first ones answer the question.

    ``passages``: of each passage examined, by its id, the score of its best sentence, be it quotable or not.
    """

    sentences: tuple[Sentence, ...]
    confidence: float
    passages: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the two models: shapes ``(features,)`` and ``(signs,)`` per relation of question and passage language."""

    sentence: Floats
    same: Floats
    cross: Floats
    same_bias: float
    cross_bias: float


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The fitted weights that travel with the package."""
    data = json.loads((files("assistant") / "data" / "evidence.json").read_text(encoding="utf-8"))

    def vector(name: str, columns: tuple[str, ...]) -> Floats:
        return np.array([data[name].get(column, 0.0) for column in columns])

    return Weights(
        vector("sentence", FEATURES),
        vector("same", SIGNS),
        vector("cross", SIGNS),
        data["same"]["bias"],
        data["cross"]["bias"],
    )


@dataclass(frozen=True, slots=True)
class Examination:
    """Features of all candidates and what they belong to: what fitting needs and `find` uses."""

    features: Floats
    owners: list[tuple[int, int]]
    readings: tuple[Reading, ...]
    asked: Asked

    def signs(self, scores: Floats) -> Floats:
        """`SIGNS` of the candidate that ``scores``, shape ``(candidates,)``, put first."""
        probabilities = np.exp(scores - scores.max())
        best = self.owners[int(scores.argmax())]
        return signs_of(self.readings, best, probabilities / probabilities.sum(), float(scores.max()), self.asked)

    def without(self, hidden: Sequence[npt.NDArray[np.bool_]], scores: Floats) -> Floats:
        """The scores, without hope for the sentences ``hidden`` in each reading, by their running numbers."""
        gone = [each[reading.view.number] for each, reading in zip(hidden, self.readings, strict=True)]
        return np.where(np.concatenate(gone), -math.inf, scores)

    def articles_first(self, scores: Floats) -> Floats:
        """The scores with headlines, and what is left of the frame, behind the sentences that say the same."""
        behind = []
        for reading in self.readings:
            cost = np.zeros(int(reading.group.matrix.first[-1]))
            for first, passage in zip(reading.group.matrix.first.tolist(), reading.group.passages, strict=False):
                cost[[first + rank for rank in passage.headlines]] = _BEHIND_HEADLINE
                cost[[first + rank for rank in passage.framing]] = _BEHIND_FRAME
            behind.append(cost[reading.view.number])
        return np.asarray(scores - np.concatenate(behind))

    def passages(self, scores: Floats) -> dict[int, float]:
        """Of each passage, by its id, the best of the ``scores`` of its sentences."""
        best: dict[int, float] = {}
        done = 0
        for reading in self.readings:
            most = np.full(len(reading.group.passages), -math.inf)
            np.maximum.at(most, reading.view.passage, scores[done : done + len(reading.view.starts)])
            done += len(reading.view.starts)
            best.update(zip((passage.id for passage in reading.group.passages), most.tolist(), strict=True))
        return best

    def sentences(self, scores: Floats) -> tuple[Sentence, ...]:
        """The candidates that have any hope, best first."""
        probabilities = np.exp(scores - scores.max())
        probabilities /= probabilities.sum()
        found: list[Sentence] = []
        for candidate in np.argsort(-scores, kind="stable")[: int(np.isfinite(scores).sum())]:
            passage, start, end = self.span(int(candidate))
            phrase = self.phrase(int(candidate)) if len(found) < _MARKED else None
            score, probability = float(scores[candidate]), float(probabilities[candidate])
            found.append(Sentence(passage, start, end, score, probability, phrase))
        return tuple(found)

    def span(self, candidate: int) -> tuple[StoredPassage, int, int]:
        """Passage and document span of a candidate sentence."""
        number, sentence = self.owners[candidate]
        reading = self.readings[number]
        passage = reading.group.passages[int(reading.view.passage[sentence])]
        start, end = passage.sentences[int(reading.view.rank[sentence])]
        return passage, start, end

    def phrase(self, candidate: int) -> Span | None:
        """The likely answer within a candidate sentence."""
        number, sentence = self.owners[candidate]
        return answer_phrase(self.readings[number], sentence, self.asked)

    def is_cross(self, candidate: int) -> bool:
        """Whether the candidate's passage is in the other language than the question's words."""
        return self.span(candidate)[0].language != self.language

    @property
    def language(self) -> Language:
        """The language of the question's words."""
        words = self.readings[0].group.question.words
        arabic_words = sum(is_arabic(token.word) for token in words)
        latin_words = sum(token.word[0] not in "#@" and not is_arabic(token.word) for token in words)
        return "ar" if arabic_words > latin_words else "en"

    def scores(self, weights: Floats) -> Floats:
        """The candidates' scores by the sentence model and the language of their passages: shape ``(candidates,)``."""
        language = self.language
        own = [_OWN_LANGUAGE * (each.group.passages[0].language == language) for each in self.readings]
        return np.asarray(self.features @ weights + np.repeat(own, [len(each.view.starts) for each in self.readings]))


def examine(question: str, groups: Sequence[Group], asked: Asked) -> Examination | None:
    """Features of every sentence of the groups' passages; None when no word or no passage is left to look at."""
    usable = [g for g in groups if len(g.passages) and g.question.words and (g.matrix.sentence >= 0).any()]
    return _examined(question, usable, asked) if usable else None


def _examined(question: str, usable: Sequence[Group], asked: Asked) -> Examination:
    top = max(float(group.scores.max()) for group in usable)
    wanted = Wanted.of(question, asked)
    readings = tuple(read(group, wanted, top) for group in usable)
    owners = [(i, s) for i, reading in enumerate(readings) for s in range(len(reading.view.starts))]
    return Examination(np.concatenate([r.features for r in readings]), owners, readings, asked)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sentences of some passages, as the sentence model sees them. ``scores``: shape ``(candidates,)``."""

    question: str
    examination: Examination | None
    scores: Floats
    weights: Weights

    @property
    def passages(self) -> dict[int, float]:
        """Of each passage, by its id, the score of its best sentence, be it quotable or not."""
        return self.examination.passages(self.scores) if self.examination else {}

    def evidence(self) -> Evidence:
        """The sentences that can be quoted, best first, and how sure the best one is."""
        examination, scores, weights, passages = self.examination, self.scores, self.weights, self.passages
        if examination is None:
            return Evidence((), 0.0)
        dates = asks_for_the_day(self.question, examination.asked)
        bare = [bared(reading.group, dates) for reading in examination.readings]
        if any(each.hidden.any() for each in bare):
            changed = any(
                each.group is not reading.group for each, reading in zip(bare, examination.readings, strict=True)
            )
            if changed:
                examination = _examined(self.question, [each.group for each in bare], examination.asked)
                scores = examination.scores(weights.sentence)
            scores = examination.without([each.hidden for each in bare], scores)
        if not np.isfinite(scores).any():
            return Evidence((), 0.0, passages)
        cross = examination.is_cross(int(scores.argmax()))
        model = (weights.cross, weights.cross_bias) if cross else (weights.same, weights.same_bias)
        # A headline that is not quoted first is still what the articles have on the question: they are as sure as with it.
        return Evidence(
            examination.sentences(examination.articles_first(scores)),
            sureness(examination.signs(scores), *model),
            passages,
        )


def weigh(question: str, groups: Sequence[Group], asked: Asked, weights: Weights | None = None) -> Weighed:
    """Weigh the sentences of the groups' passages."""
    weights = weights or shipped_weights()
    examination = examine(question, groups, asked)
    scores = examination.scores(weights.sentence) if examination else np.zeros(0)
    return Weighed(question, examination, scores, weights)


def find(question: str, groups: Sequence[Group], asked: Asked, weights: Weights | None = None) -> Evidence:
    """Rank the sentences of the groups' passages and say how sure the best one is."""
    return weigh(question, groups, asked, weights).evidence()


def sureness(signs: Floats, weights: Floats, bias: float) -> float:
    """How sure the best sentence is an answer, in [0, 1], by the model of its relation to the question's language."""
    logit = signs @ weights + bias
    # Not fitted: large collections always offer something of the kind, small ones do not.
    logit -= NOTHING_OF_THE_KIND * signs[SIGNS.index("missing kind")]
    sure = float(1 / (1 + math.exp(-logit)))
    return min(sure, _NO_ANSWER) if signs[SIGNS.index("sentence")] < _LEAST_COVERED else sure


@lru_cache(maxsize=1)
def shipped_bands() -> tuple[float, float]:
    """Calibrated confidences from which an answer is given, and below which the assistant abstains."""
    data = json.loads((files("assistant") / "data" / "evidence.json").read_text(encoding="utf-8"))
    return data["bands"]["answer"], data["bands"]["uncertain"]
