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

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.ablation import left_out
from assistant.language.terms import PIVOT_LENGTH
from assistant.matching import Question
from assistant.matrix import WINDOW, MatchMatrix

_K1, _B = 1.0, 0.5
_SENTENCE_LENGTH = 22.0  # tokens of a usual sentence
_SENTENCE, _NEIGHBOURS, _WINDOW = 0.6, 0.5, 0.5
# By how many tokens two words stand apart.
_SHARES = np.array([0.0, 1.0, 0.7, 0.7], np.float32)

Scores = npt.NDArray[np.float64]


def _sums(matrix: MatchMatrix) -> npt.NDArray[np.float32]:
    """Per question word and passage, the sum of similarities: shape ``(words, passages)``."""
    return np.add.reduceat(matrix.values, matrix.starts, axis=1)


def _all(matrix: MatchMatrix, weights: Scores) -> Scores:
    frequency = _sums(matrix)
    content = np.add.reduceat((matrix.flags >= 0).astype(np.float64), matrix.starts)
    norm = _K1 * (1 - _B + _B * content / PIVOT_LENGTH)
    return np.asarray((weights[:, None] * frequency * (_K1 + 1) / (frequency + norm)).sum(axis=0))


class _Matched(NamedTuple):
    """The columns of a matrix in which a question word is matched: one in twenty.

    ``columns``: where they are, shape ``(matched,)``; ``values``: ``(words, matched)``; ``begins``: which of them are the first of
    their passages, ``passages``: the numbers of these.
    """

    columns: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]
    begins: npt.NDArray[np.int64]
    passages: npt.NDArray[np.int64]

    @classmethod
    def of(cls, matrix: MatchMatrix) -> _Matched:
        columns = np.flatnonzero(matrix.values.any(axis=0))
        begins = np.searchsorted(columns, np.append(matrix.starts, matrix.values.shape[1]))
        passages = np.flatnonzero(begins[1:] > begins[:-1])
        return cls(columns, np.take(matrix.values, columns, axis=1), begins[passages], passages)

    def most(self, values: npt.NDArray[Any], passages: int) -> npt.NDArray[Any]:
        """The greatest value in each of so many passages: shape ``(..., matched)`` becomes ``(..., passages)``."""
        found = np.zeros((*values.shape[:-1], passages), values.dtype)
        found[..., self.passages] = np.maximum.reduceat(values, self.begins, axis=-1)
        return found


def _best_sentence(matrix: MatchMatrix, matched: _Matched, weights: Scores) -> Scores:
    sentences = int(matrix.first[-1])
    places = matrix.sentence[matched.columns] + sentences * np.arange(len(weights))[:, None]
    counted = np.bincount(places.ravel(), matched.values.ravel(), len(weights) * sentences)
    frequency = counted.reshape(len(weights), sentences)
    length = np.bincount(matrix.sentence + 1, minlength=sentences + 1)[1:]
    norm = 0.5 + 0.5 * length / _SENTENCE_LENGTH
    scores = (weights[:, None] * frequency * 2 / (frequency + norm)).sum(axis=0)
    return np.asarray(np.maximum.reduceat(scores, matrix.first[:-1]))


def _neighbours(matrix: MatchMatrix, matched: _Matched, weights: Scores) -> Scores:
    left, right = matched.values[:-1], matched.values[1:]
    together = np.zeros_like(left)
    # Columns at most so far apart are neighbours among the matched ones, too, or the next but one or two.
    for step in range(1, len(_SHARES)):
        gaps = matched.columns[step:] - matched.columns[:-step]
        one = np.flatnonzero(gaps < len(_SHARES))
        other = one + step
        both = np.maximum(np.minimum(left[:, one], right[:, other]), np.minimum(left[:, other], right[:, one]))
        together[:, one] = np.maximum(together[:, one], _SHARES[gaps[one]] * both)
    return np.asarray(np.minimum(weights[:-1], weights[1:]) @ matched.most(together, len(matrix.starts)))


def _best_window(matrix: MatchMatrix, matched: _Matched, weights: Scores) -> Scores:
    # The best window begins at a match, or it could begin later. None reaches beyond the padding of its passage.
    ends = np.searchsorted(matched.columns, matched.columns + WINDOW)
    slices = np.stack([np.arange(len(ends)), ends], axis=1).ravel()
    padded = np.pad(matched.values, ((0, 0), (0, 1)))
    within = weights @ np.maximum.reduceat(padded, slices, axis=1)[:, ::2]
    return matched.most(within, len(matrix.starts))


_PARTS = (("S", _SENTENCE, _best_sentence), ("N", _NEIGHBOURS, _neighbours), ("W", _WINDOW, _best_window))


def score(question: Question, matrix: MatchMatrix) -> Scores:
    """Scores of the matrix's passages, shape ``(passages,)``, in about [0, 5]."""
    if not len(matrix.starts) or not len(question.words):
        return np.zeros(len(matrix.starts))
    weights = question.weights
    total = _all(matrix, weights)
    matched = _Matched.of(matrix)
    for letter, share, part in _PARTS if len(matched.columns) else ():
        if letter not in left_out().score:
            total = total + share * part(matrix, matched, weights)
    return np.asarray(total / question.mass)
