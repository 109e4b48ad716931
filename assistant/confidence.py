"""How sure it is that the best sentence answers the question: signs read off the match matrix."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.candidates import Reading, name_rows
from assistant.language.questions import Asked

Floats = npt.NDArray[np.float64]

SIGNS = (
    "coverage",  # of the best passage
    "sentence",  # coverage of the best sentence with its neighbours
    "adjacency",  # matched words of the best sentence stand close together
    "names",  # names and numbers of the question, matched in the best sentence's passage
    "contrast",  # best passage's coverage above the median of the passages
    "spread",  # entropy of those probabilities
    "joint",  # best sentence by (names matched in its passage) x (other words matched in it)
    "typed density",  # matches around the best candidate of the kind asked for
    "missing kind",  # nothing new of the kind asked for in the best sentence
    "missing word",  # share of the weightiest question word that the best sentence's passage lacks
    "missing name",  # the name or number of the question that is least found in the best sentence's passage and its title
    "relation",  # share of the question's other words in the best sentence and its neighbours
    "score",  # the sentence model's score of the best sentence, over ten
    "exact",  # a number, a date or yes/no is asked for: most often missing when it is
)
# Kinds of answers that are words of their own: a sentence without one cannot hold the answer.
_STATED = (Asked.WHO, Asked.WHEN, Asked.WHERE, Asked.NUMBER)
_FAR = 99  # tokens; at this distance two matches have nothing to do with each other


def _adjacency(reading: Reading, sentence: int) -> float:
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


def signs_of(
    readings: Sequence[Reading], chosen: tuple[int, int], probabilities: Floats, score: float, asked: Asked
) -> Floats:
    number, sentence = chosen
    reading = readings[number]
    passage = int(reading.view.passage[sentence])
    coverages, joint = [], 0.0
    for other in readings:
        weights = other.group.question.weights
        in_passage = np.maximum.reduceat(other.group.matrix.values, other.group.matrix.starts, axis=1)
        coverages.append(weights @ in_passage / weights.sum())
        names = name_rows(other.group.question)
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
    rows = name_rows(reading.group.question)
    named = np.maximum(in_passage[:, passage], reading.group.matrix.titles[:, passage])
    missing_name = float((1 - named[rows]).max()) if rows.any() else 0.0
    relation = float(weights[~rows] @ reading.near[~rows, sentence] / weights[~rows].sum()) if (~rows).any() else 1.0
    return np.array(
        [
            coverage.max(),
            reading.window[sentence],
            _adjacency(reading, sentence),
            names_matched,
            coverage.max() - np.median(coverage),
            float(-(probabilities * np.log(probabilities + 1e-12)).sum()),
            joint,
            reading.typed[sentence],
            float(asked in _STATED and not reading.typed[sentence]),
            float((weights * (1 - in_passage[:, passage])).max() / weights.sum()),
            missing_name,
            relation,
            score / 10,
            float(asked in (Asked.NUMBER, Asked.WHEN, Asked.YES_NO)),
        ]
    )
