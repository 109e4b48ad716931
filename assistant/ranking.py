"""The score of a passage, read off the match matrix.

``score = A + .6 S + .5 N + .5 W``, every part weighted by the question words' ``g = weight * idf``:

* **A** (all): BM25 over soft term frequencies ``tf = sum of similarities``, saturated per *question word*, so that ten
  translations of one word count once (probabilistic structured queries, Darwish & Oard 2003);
* **S** (sentence): the best single sentence, saturated in the same way;
* **N** (neighbours): neighbouring question words found within three tokens of each other, in either order;
* **W** (window): the best run of 30 tokens.

The score is divided by the question's whole mass, so that Arabic and English lists can be merged.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assistant.ablation import left_out
from assistant.language.terms import PIVOT_LENGTH
from assistant.matching import Question
from assistant.matrix import WINDOW, MatchMatrix

_K1, _B = 1.0, 0.5
_SENTENCE_LENGTH = 22.0  # tokens of a usual sentence
_SENTENCE, _NEIGHBOURS, _WINDOW = 0.6, 0.5, 0.5
_GAPS = ((1, 1.0), (2, 0.7), (3, 0.7))

Scores = npt.NDArray[np.float64]


def _sums(matrix: MatchMatrix) -> npt.NDArray[np.float32]:
    """Per question word and passage, the sum of similarities: shape ``(words, passages)``."""
    return np.add.reduceat(matrix.values, matrix.starts, axis=1)


def _all(matrix: MatchMatrix, weights: Scores) -> Scores:
    frequency = _sums(matrix)
    content = np.add.reduceat((matrix.flags >= 0).astype(np.float64), matrix.starts)
    norm = _K1 * (1 - _B + _B * content / PIVOT_LENGTH)
    return np.asarray((weights[:, None] * frequency * (_K1 + 1) / (frequency + norm)).sum(axis=0))


def _best_sentence(matrix: MatchMatrix, weights: Scores) -> Scores:
    inside = matrix.sentence >= 0
    sentences = int(matrix.first[-1])
    frequency = np.zeros((len(weights), sentences))
    numbers = matrix.sentence[inside]
    for row, values in enumerate(matrix.values[:, inside]):
        frequency[row] = np.bincount(numbers, values, minlength=sentences)
    length = np.bincount(numbers, minlength=sentences)
    norm = 0.5 + 0.5 * length / _SENTENCE_LENGTH
    scores = (weights[:, None] * frequency * 2 / (frequency + norm)).sum(axis=0)
    return np.asarray(np.maximum.reduceat(scores, matrix.first[:-1]))


def _neighbours(matrix: MatchMatrix, weights: Scores) -> Scores:
    total = np.zeros(len(matrix.starts))
    for row in range(len(weights) - 1):
        left, right = matrix.values[row], matrix.values[row + 1]
        if not left.any() or not right.any():
            continue
        together = np.zeros_like(left)
        for gap, share in _GAPS:
            both = np.maximum(np.minimum(left[:-gap], right[gap:]), np.minimum(left[gap:], right[:-gap]))
            np.maximum(together[:-gap], share * both, out=together[:-gap])
        total += min(weights[row], weights[row + 1]) * np.maximum.reduceat(together, matrix.starts)
    return total


def _best_window(matrix: MatchMatrix, weights: Scores) -> Scores:
    # Rolling maximum by doubling: 2, 4, 8, 16, then two runs of 16 that overlap to 30.
    rolling = matrix.values
    for shift in (1, 2, 4, 8, WINDOW - 16):
        shifted = np.zeros_like(rolling)
        shifted[:, :-shift] = rolling[:, shift:]
        rolling = np.maximum(rolling, shifted)
    # A window that begins in the padding reaches into the next passage: only those that begin at a token count.
    within = np.where(matrix.sentence >= 0, weights @ rolling, 0.0)
    return np.asarray(np.maximum.reduceat(within, matrix.starts))


_PARTS = (("S", _SENTENCE, _best_sentence), ("N", _NEIGHBOURS, _neighbours), ("W", _WINDOW, _best_window))


def score(question: Question, matrix: MatchMatrix) -> Scores:
    """Scores of the matrix's passages, shape ``(passages,)``, in about [0, 5]."""
    if not len(matrix.starts) or not len(question.words):
        return np.zeros(len(matrix.starts))
    weights = question.weights
    total = _all(matrix, weights)
    for letter, share, part in _PARTS:
        if letter not in left_out().score:
            total = total + share * part(matrix, weights)
    return np.asarray(total / question.mass)
