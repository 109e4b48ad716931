"""Is a difference between two runs more than chance? Everything is paired: the same questions, asked of both.

Sources: percentile bootstrap of paired differences (Efron 1979); the randomisation test, which exchanges the two results
of a question at random (Fisher 1935; recommended for retrieval by Smucker, Allan & Carterette 2007), with the observed
result counted among the draws (Davison & Hinkley 1997), so that p is never 0; correction for several tests at once by
Holm (1979). One fixed seed: the same rows give the same interval and the same p.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.measures import SEED, Interval

DRAWS = 10_000
ALPHA = 0.05
_AT_ONCE = 500  # draws in memory together

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


class Difference(NamedTuple):
    """``change`` is the second mean less the first, over ``n`` questions that both runs answered; ``p`` is two-sided."""

    first: float
    second: float
    change: float
    interval: Interval
    p: float
    n: int


def of_means(first: Sequence[float], second: Sequence[float], draws: int = DRAWS) -> Difference:
    """Two values for each question, in the same order. Raises `ValueError` for no questions or unequal lengths."""
    one, two = _pair(first, second)
    gaps = two - one
    generator = np.random.default_rng(SEED)
    means, swapped = [], []
    for size in _batches(draws):
        means.append(gaps[generator.integers(0, len(gaps), (size, len(gaps)))].mean(axis=1))
        swapped.append((gaps * generator.choice(np.array([-1.0, 1.0]), (size, len(gaps)))).mean(axis=1))
    change = float(gaps.mean())
    return Difference(
        float(one.mean()), float(two.mean()), change, _bounds(means), _p(change, np.concatenate(swapped)), len(gaps)
    )


def of_separation(
    first: Sequence[float], second: Sequence[float], answerable: Sequence[bool], draws: int = DRAWS
) -> Difference:
    """The same for AUROC: two confidences for each question, and whether the question has an answer.

    Answerable and unanswerable questions are drawn separately, as `measures.auroc_interval` does. Confidences of two
    systems need not mean the same: for the test they are exchanged as ranks within their system.

    Raises:
        ValueError: not one question of either sort, or unequal lengths.
    """
    ranks = np.concatenate([_ranks(values) for values in _pair(first, second)])
    # What counts is the order of the ranks: their places among all that occur.
    places = np.unique(ranks, return_inverse=True)[1]
    one, two = places[: len(first)], places[len(first) :]
    truth = np.asarray(answerable, dtype=bool)
    able, unable = np.flatnonzero(truth), np.flatnonzero(~truth)
    if len(truth) != len(one) or not len(able) or not len(unable):
        raise ValueError("there must be answerable and unanswerable questions, one mark for each pair")
    generator = np.random.default_rng(SEED)
    gaps, swapped = [], []
    for size in _batches(draws):
        some = able[generator.integers(0, len(able), (size, len(able)))]
        none = unable[generator.integers(0, len(unable), (size, len(unable)))]
        gaps.append(_separations(two[some], two[none]) - _separations(one[some], one[none]))
        change = generator.random((size, len(truth))) < 0.5
        mine, theirs = np.where(change, two, one), np.where(change, one, two)
        swapped.append(_separations(theirs[:, able], theirs[:, unable]) - _separations(mine[:, able], mine[:, unable]))
    before, after = (float(_separations(v[None, able], v[None, unable])[0]) for v in (one, two))
    return Difference(
        before, after, after - before, _bounds(gaps), _p(after - before, np.concatenate(swapped)), len(truth)
    )


def holm(values: Sequence[float]) -> list[float]:
    """The p values corrected for being so many, in the order given; none below what it was, none above 1."""
    corrected = [0.0] * len(values)
    highest = 0.0
    for place, index in enumerate(sorted(range(len(values)), key=lambda i: values[i])):
        highest = max(highest, min(1.0, values[index] * (len(values) - place)))
        corrected[index] = highest
    return corrected


def _pair(first: Sequence[float], second: Sequence[float]) -> tuple[Floats, Floats]:
    if not first or len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} values are no pairs")
    return np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)


def _batches(draws: int) -> list[int]:
    return [min(_AT_ONCE, draws - done) for done in range(0, draws, _AT_ONCE)]


def _bounds(samples: Sequence[Floats]) -> Interval:
    low, high = np.percentile(np.concatenate(samples), [2.5, 97.5])
    return Interval(float(low), float(high))


def _p(observed: float, drawn: Floats) -> float:
    # Sums of the same numbers in another order differ in the last digits.
    return float((np.count_nonzero(np.abs(drawn) >= abs(observed) - 1e-12) + 1) / (len(drawn) + 1))


def _ranks(values: Floats) -> Floats:
    """Mid-ranks between 0 and 1: what AUROC sees of the values."""
    ordered = np.sort(values)
    low, high = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    return np.asarray((low + high) / (2 * len(values)), dtype=np.float64)


def _separations(able: Places, unable: Places) -> Floats:
    """AUROC by row: ``able`` has shape ``(draws, answerable)``, ``unable`` ``(draws, unanswerable)``."""
    values = int(max(able.max(), unable.max())) + 1
    above, below = _counts(able, values), _counts(unable, values)
    lower = np.cumsum(below, axis=1) - below
    pairs = (above * (2 * lower + below)).sum(axis=1)  # each counted twice, a tie once
    return np.asarray(pairs / (2 * able.shape[1] * unable.shape[1]), dtype=np.float64)


def _counts(places: Places, values: int) -> Places:
    """How often each value occurs in each row."""
    rows = np.arange(len(places))[:, None] * values
    return np.bincount((places + rows).ravel(), minlength=len(places) * values).reshape(len(places), values)
