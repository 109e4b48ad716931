"""Which sentences answer the question, and how sure that is: both read off the match matrix.

A sentence is scored by a conditional logit model over `FEATURES` of the sentences of the best passages: how much of
the question it covers, alone, with its neighbours and with what its passage named before; whether it brings
something *new* of the kind asked for (a number for "how many", a name for "who"); and where it stands. The answer's
confidence is a logistic model over `SIGNS` of the best sentence and its passage. The weights are data
(``data/evidence.json``), fitted by ``python -m eval fit`` on public development sets, never on the seeds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.catalogue import StoredPassage
from assistant.language import terms
from assistant.language.kinds import Kind, kinds_of
from assistant.language.questions import Asked, counted_noun
from assistant.language.text import is_arabic
from assistant.matching import Group, MatchMatrix, Question

Floats = npt.NDArray[np.float64]

FEATURES = (
    "coverage",  # share of the question's weight that the sentence matches
    "window",  # the same with its neighbours' matches at .7
    "topic",  # the same with the title's and the best earlier matches of the passage at .6
    "passage",  # the passage's score below the best passage's
    "weight",  # matched weight in absolute terms: long questions say more
    "density",  # matches crowd around a token that the question did not bring
    "length",  # log of the number of tokens
    "novelty",  # log of the number of content tokens that are new
    "first",  # first sentence of its passage
    "lead",  # 1 / (1 + position in the passage)
    "echo",  # hardly anything new: the question said again, as headlines do
    "when", "number", "who", "where", "why", "how",  # something new of the kind asked for
    "full name",  # who: two adjacent new names
    "counted",  # how many: a new number beside the counted noun
)  # fmt: skip
SIGNS = (
    "coverage",  # of the best passage
    "sentence",  # coverage of the best sentence with its neighbours
    "adjacency",  # matched words of the best sentence stand close together
    "names",  # names and numbers of the question, matched in the best sentence's passage
    "contrast",  # best passage's coverage above the median of the passages
    "certainty",  # probability of the best sentence among all
    "spread",  # entropy of those probabilities
    "joint",  # best sentence by (names matched in its passage) x (other words matched in it)
    "typed density",  # matches around the best candidate of the kind asked for
    "missing kind",  # nothing new of the kind asked for in the best sentence
    "missing word",  # share of the weightiest question word that the best sentence's passage lacks
    "missing near",  # the same for the best sentence and its neighbours
    "exact",  # a number, a date or yes/no is asked for: most often missing when it is
)
_KIND_ASKED = {
    Asked.WHO: Kind.NAME,
    Asked.WHEN: Kind.DATE,
    Asked.WHERE: Kind.NAME | Kind.PLACE,
    Asked.NUMBER: Kind.NUMBER,
    Asked.WHY: Kind.REASON,
    Asked.HOW: Kind.MANNER,
}
# Kinds of answers that are words of their own: a sentence without one cannot hold the answer.
_STATED = (Asked.WHO, Asked.WHEN, Asked.WHERE, Asked.NUMBER)
# What it costs, in logits, when the best sentence states nothing of the kind asked for: no number for "how many".
NOTHING_OF_THE_KIND = 1.5
# A sentence that, with its neighbours, touches less of the question than this is no answer, however alone it stands in a
# small collection: its confidence stays below the answering band.
_LEAST_COVERED, _NO_ANSWER = 0.4, 0.45
_MATCHED, _NEW_BELOW = 0.3, 0.5
_DECAY, _SENTENCE_STEP = 7.0, 5.0  # tokens
_FAR = 99  # tokens; at this distance two matches have nothing to do with each other
_RARE = 5.9  # nats of prior rarity above which a word counts like a name


@dataclass(frozen=True, slots=True)
class Sentence:
    """A candidate: the span in its document, the model's score and its probability among all candidates."""

    passage: StoredPassage
    start: int
    end: int
    score: float
    probability: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentences best first, and the confidence in [0, 1] that the first ones answer the question."""

    sentences: tuple[Sentence, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _View:
    """A group's tokens without padding, cut into sentences that have tokens.

    ``values``: ``(words, tokens)``; ``starts``: first token of each sentence; ``passage``, ``rank``: number of its passage
    and position within it; ``number``: running number over the group (`MatchMatrix.sentence`).
    """

    values: Floats
    flags: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    of_token: npt.NDArray[np.int64]
    passage: npt.NDArray[np.int64]
    rank: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]


def _view(matrix: MatchMatrix) -> _View:
    inside = matrix.sentence >= 0
    sentence = matrix.sentence[inside]
    starts = np.flatnonzero(np.diff(sentence, prepend=-1))
    numbers = sentence[starts]
    passage = np.searchsorted(matrix.first, numbers, side="right") - 1
    return _View(
        values=matrix.values[:, inside].astype(np.float64),
        flags=_without_leading_capitals(matrix.flags[inside], starts),
        starts=starts,
        of_token=np.cumsum(np.isin(np.arange(len(sentence)), starts)) - 1,
        passage=passage,
        rank=numbers - matrix.first[passage],
        number=numbers,
    )


def _without_leading_capitals(flags: npt.NDArray[np.int32], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """A known word that opens a sentence is capitalised for its place, not as a name (Arabic has no capitals)."""
    flags = flags.copy()
    opening = flags[starts]
    plain = (opening >= 0) & (
        opening & int(Kind.NAME | Kind.MAYBE_NAME | Kind.UNKNOWN) == int(Kind.NAME | Kind.MAYBE_NAME)
    )
    flags[starts] = np.where(plain, opening & ~int(Kind.NAME), opening)
    return flags


def _density(view: _View, weights: Floats) -> Floats:
    """Per token, how closely weighted matches crowd around it, in [0, 1].

    ``sum_i w_i max_p M[i, p] exp(-distance(p, token) / 7) / sum(w)``, a sentence boundary counting five tokens and a passage
    boundary without end. The inner maximum over all p is two running maxima, one from each side.
    """
    position = np.arange(view.values.shape[1]) + _SENTENCE_STEP * view.of_token + 1000.0 * view.passage[view.of_token]
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(view.values >= _MATCHED, view.values, 0.0))
    scaled = position / _DECAY
    before = np.maximum.accumulate(logs + scaled, axis=1) - scaled
    after = np.maximum.accumulate((logs - scaled)[:, ::-1], axis=1)[:, ::-1] + scaled
    return np.asarray(weights @ np.exp(np.maximum(before, after)) / weights.sum())


def _candidate_tokens(view: _View, new: npt.NDArray[np.bool_], asked: Asked) -> npt.NDArray[np.bool_]:
    wanted = _KIND_ASKED.get(asked)
    if wanted is None:
        return np.zeros(len(new), dtype=bool)
    fits = (view.flags & int(wanted) > 0) & (view.flags >= 0)
    if asked is Asked.NUMBER:
        fits &= view.flags & int(Kind.YEAR) == 0
    # Words of reason and manner are function words: they are never new content.
    return fits if asked in (Asked.WHY, Asked.HOW) else fits & new


def _neighbouring(best: Floats, view: _View) -> tuple[Floats, Floats]:
    same = np.diff(view.passage) == 0
    before, after = np.zeros_like(best), np.zeros_like(best)
    before[:, 1:] = np.where(same, best[:, :-1], 0.0)
    after[:, :-1] = np.where(same, best[:, 1:], 0.0)
    return before, after


def _earlier(best: Floats, view: _View) -> Floats:
    earlier = np.zeros_like(best)
    for number in np.unique(view.passage):
        run = np.flatnonzero(view.passage == number)
        earlier[:, run[1:]] = np.maximum.accumulate(best[:, run[:-1]], axis=1)
    return earlier


def _counted(view: _View, candidate: npt.NDArray[np.bool_], row: int | None) -> npt.NDArray[np.bool_]:
    """Sentences with a new number at most one token after, three before, a match of the counted noun."""
    found = np.zeros(len(view.starts), dtype=bool)
    if row is None:
        return found
    nouns = np.flatnonzero(view.values[row] >= 0.4)
    for token in np.flatnonzero(candidate):
        if np.any((nouns - token >= -1) & (nouns - token <= 3)):
            found[view.of_token[token]] = True
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """Everything computed of a group that the two models need. ``features``: shape ``(sentences, features)``."""

    group: Group
    view: _View
    features: Floats
    best: Floats  # (words, sentences): best match of each word in each sentence
    near: Floats  # (words, sentences): the same with the neighbouring sentences
    window: Floats  # (sentences,): the "window" feature
    typed: Floats  # (sentences,): density at the best token of the kind asked for


def _read(group: Group, asked: Asked, counted: str | None, top: float) -> _Reading:
    view, weights = _view(group.matrix), group.question.weights
    total = weights.sum()
    best = np.maximum.reduceat(view.values, view.starts, axis=1)
    before, after = _neighbouring(best, view)
    content = view.flags >= 0
    new = content & (view.values.max(axis=0) < _NEW_BELOW)
    density = _density(view, weights)
    candidate = _candidate_tokens(view, new, asked)

    def share(matches: Floats) -> Floats:
        return np.asarray(weights @ matches / total)

    def per_sentence(values: npt.NDArray[Any]) -> Floats:
        return np.maximum.reduceat(values.astype(np.float64), view.starts)

    lengths = np.diff(np.append(view.starts, len(content)))
    novel = np.add.reduceat(new.astype(np.float64), view.starts)
    typed = per_sentence(candidate)
    pairs = np.zeros(len(candidate), dtype=bool)
    if asked is Asked.WHO:
        pairs[:-1] = candidate[:-1] & candidate[1:] & (view.of_token[:-1] == view.of_token[1:])
    rows = {token.word.lower(): i for i, token in enumerate(group.question.words)}
    row = rows.get(counted) if counted and asked is Asked.NUMBER else None
    near = np.maximum(best, 0.7 * np.maximum(before, after))
    window = share(near)
    columns = [
        share(best),
        window,
        share(np.maximum(best, 0.6 * np.maximum(_earlier(best, view), group.matrix.titles[:, view.passage]))),
        group.scores[view.passage] - top,
        weights @ best / 20,
        per_sentence(np.where(new, density, 0)),
        np.log1p(lengths),
        np.log1p(novel),
        view.rank == 0,
        1 / (1 + view.rank),
        novel < 2,
        *(typed * (asked is kind) for kind in (Asked.WHEN, Asked.NUMBER, Asked.WHO, Asked.WHERE, Asked.WHY, Asked.HOW)),
        per_sentence(pairs),
        _counted(view, candidate, row),
    ]
    features = np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)
    return _Reading(group, view, features, best, near, window, per_sentence(np.where(candidate & new, density, 0)))


def _adjacency(reading: _Reading, sentence: int) -> float:
    """Weighted share of question words whose match stands near the match of another one, in one sentence."""
    view, weights = reading.view, reading.group.question.weights
    values = view.values[:, view.of_token == sentence]
    places = [np.flatnonzero(row >= 0.5) for row in values]
    total = 0.0
    for i, mine in enumerate(places):
        others = [p for j, p in enumerate(places) if j != i and len(p)]
        if len(mine) and others:
            # The nearest other match before and after each of mine; one token matched by two words is one match.
            there = np.unique(np.concatenate(others))
            before = np.searchsorted(there, mine, side="left") - 1
            after = np.searchsorted(there, mine, side="right")
            gaps = np.concatenate(
                [
                    (mine - there[before])[before >= 0],
                    (there[np.minimum(after, len(there) - 1)] - mine)[after < len(there)],
                    [_FAR],
                ]
            )
            total += weights[i] * values[i, mine].max() * math.exp(-(int(gaps.min()) - 1) / 3)
    return float(total / weights.sum())


def _name_rows(question: Question) -> npt.NDArray[np.bool_]:
    """Question words that name something: names, numbers, and words as rare as names."""
    opening = question.words[0] if question.words else None
    named = []
    for token in question.words:
        kinds = kinds_of(token.word)
        capital_for_place = (
            token is opening and token.start == 0 and not kinds & Kind.UNKNOWN and not is_arabic(token.word)
        )
        is_name = bool(kinds & Kind.NAME) and not capital_for_place
        named.append(is_name or token.word[0] == "#" or terms.prior_idf(token.word) >= _RARE)
    return np.array(named, dtype=bool)


def _signs(readings: Sequence[_Reading], chosen: tuple[int, int], probabilities: Floats, asked: Asked) -> Floats:
    number, sentence = chosen
    reading = readings[number]
    passage = int(reading.view.passage[sentence])
    coverages, joint = [], 0.0
    for other in readings:
        weights = other.group.question.weights
        in_passage = np.maximum.reduceat(other.group.matrix.values, other.group.matrix.starts, axis=1)
        coverages.append(weights @ in_passage / weights.sum())
        names = _name_rows(other.group.question)
        if not names.any():
            names = weights >= weights.max() - 1e-9
        named = weights[names] @ in_passage[names] / weights[names].sum()
        rest = ~names if (~names).any() else np.ones_like(names)
        related = weights[rest] @ other.best[rest] / weights[rest].sum()
        joint = max(joint, float((named[other.view.passage] * related).max()))
        if other is reading:
            names_matched = float(named[passage])
    coverage = np.concatenate(coverages)
    weights = reading.group.question.weights
    in_passage = np.maximum.reduceat(reading.group.matrix.values, reading.group.matrix.starts, axis=1)
    return np.array(
        [
            coverage.max(),
            reading.window[sentence],
            _adjacency(reading, sentence),
            names_matched,
            coverage.max() - np.median(coverage),
            probabilities.max(),
            float(-(probabilities * np.log(probabilities + 1e-12)).sum()),
            joint,
            reading.typed[sentence],
            float(asked in _STATED and not reading.typed[sentence]),
            float((weights * (1 - in_passage[:, passage])).max() / weights.sum()),
            float((weights * (1 - reading.near[:, sentence])).max() / weights.sum()),
            float(asked in (Asked.NUMBER, Asked.WHEN, Asked.YES_NO)),
        ]
    )


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
    readings: tuple[_Reading, ...]
    asked: Asked

    def signs(self, scores: Floats) -> Floats:
        """`SIGNS` of the candidate that ``scores``, shape ``(candidates,)``, put first."""
        probabilities = np.exp(scores - scores.max())
        return _signs(self.readings, self.owners[int(scores.argmax())], probabilities / probabilities.sum(), self.asked)

    def span(self, candidate: int) -> tuple[StoredPassage, int, int]:
        """Passage and document span of a candidate sentence."""
        number, sentence = self.owners[candidate]
        reading = self.readings[number]
        passage = reading.group.passages[int(reading.view.passage[sentence])]
        start, end = passage.sentences[int(reading.view.rank[sentence])]
        return passage, start, end

    def is_cross(self, candidate: int) -> bool:
        """Whether the candidate's passage is in the other language than the question's words."""
        passage, _, _ = self.span(candidate)
        words = self.readings[0].group.question.words
        arabic_words = sum(is_arabic(token.word) for token in words)
        latin_words = sum(token.word[0] not in "#@" and not is_arabic(token.word) for token in words)
        return (arabic_words > latin_words) != (passage.language == "ar")


def examine(question: str, groups: Sequence[Group], asked: Asked) -> Examination | None:
    """Features of every sentence of the groups' passages; None when no word or no passage is left to look at."""
    usable = [g for g in groups if len(g.passages) and g.question.words and (g.matrix.sentence >= 0).any()]
    if not usable:
        return None
    top = max(float(group.scores.max()) for group in usable)
    noun = counted_noun(question)
    readings = tuple(_read(group, asked, noun, top) for group in usable)
    owners = [(i, s) for i, reading in enumerate(readings) for s in range(len(reading.view.starts))]
    return Examination(np.concatenate([r.features for r in readings]), owners, readings, asked)


def find(question: str, groups: Sequence[Group], asked: Asked, weights: Weights | None = None) -> Evidence:
    """Rank the sentences of the groups' passages and say how sure the best one is."""
    weights = weights or shipped_weights()
    examination = examine(question, groups, asked)
    if examination is None:
        return Evidence((), 0.0)
    scores = examination.features @ weights.sentence
    probabilities = np.exp(scores - scores.max())
    probabilities /= probabilities.sum()
    sentences = []
    for candidate in np.argsort(-scores, kind="stable"):
        passage, start, end = examination.span(int(candidate))
        sentences.append(Sentence(passage, start, end, float(scores[candidate]), float(probabilities[candidate])))
    cross = examination.is_cross(int(scores.argmax()))
    signs = examination.signs(scores)
    logit = signs @ (weights.cross if cross else weights.same) + (weights.cross_bias if cross else weights.same_bias)
    # Not fitted: large collections always offer something of the kind, small ones do not.
    logit -= NOTHING_OF_THE_KIND * signs[SIGNS.index("missing kind")]
    confidence = float(1 / (1 + math.exp(-logit)))
    if signs[SIGNS.index("sentence")] < _LEAST_COVERED:
        confidence = min(confidence, _NO_ANSWER)
    return Evidence(tuple(sentences), confidence)


@lru_cache(maxsize=1)
def shipped_bands() -> tuple[float, float]:
    """Calibrated confidences from which an answer is given, and below which the assistant abstains."""
    data = json.loads((files("assistant") / "data" / "evidence.json").read_text(encoding="utf-8"))
    return data["bands"]["answer"], data["bands"]["uncertain"]
