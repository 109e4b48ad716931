"""The arithmetic: pure functions of ranks, scores and counts. A measure of nothing is None, never zero.

Sources: nDCG with binary gains and the log2 discount (Järvelin & Kekäläinen 2002); AUROC as the share of pairs in the
right order, ties half (Mann & Whitney 1947); the score interval for shares (Wilson 1927); percentile bootstrap (Efron
1979) with a fixed seed, so that the same rows give the same interval.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Z95 = 1.959963984540054
RESAMPLES = 1000
SEED = 20200927


class Interval(NamedTuple):
    """The bounds of a 95 % interval."""

    low: float
    high: float


def distinct(items: Iterable[T]) -> list[T]:
    """The items in order, each at its first place only: passages' files become ranked files."""
    return list(dict.fromkeys(items))


def reciprocal_rank(ranked: Sequence[T], gold: Collection[T]) -> float:
    """One over the rank of the first gold item, 0 when there is none. ``ranked`` holds distinct items."""
    return next((1.0 / rank for rank, item in enumerate(ranked, 1) if item in gold), 0.0)


def recall(ranked: Sequence[T], gold: Collection[T], k: int) -> float:
    """The share of the gold items that are among the first ``k``. ``gold`` is not empty."""
    return len(set(ranked[:k]) & set(gold)) / len(set(gold))


def ndcg(ranked: Sequence[T], gold: Collection[T], k: int) -> float:
    """Normalised discounted cumulative gain at ``k``: 1 when the gold items come first. ``gold`` is not empty."""
    gain = sum(1.0 / math.log2(rank + 1) for rank, item in enumerate(ranked[:k], 1) if item in gold)
    ideal = sum(1.0 / math.log2(rank + 1) for rank in range(1, min(k, len(set(gold))) + 1))
    return gain / ideal


def mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Linear interpolation between the two nearest values."""
    return float(np.percentile(values, percent)) if values else None


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative; .5 is a coin, ties count half."""
    return float(_order(positive, negative).mean()) if positive and negative else None


def wilson(successes: int, n: int) -> Interval | None:
    """The 95 % score interval of a share; within [0, 1] and sensible at 0 % and 100 %."""
    if n == 0:
        return None
    share, square = successes / n, Z95 * Z95
    centre = share + square / (2 * n)
    reach = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    low, high = (centre - reach) / (1 + square / n), (centre + reach) / (1 + square / n)
    # Rounding leaves 1e-17 where the bound is exactly 0 or 1.
    return Interval(0.0 if successes == 0 else low, 1.0 if successes == n else high)


def mean_interval(values: Sequence[float], resamples: int = RESAMPLES) -> Interval | None:
    """Bootstrap interval of the mean."""
    if not values:
        return None
    data = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(SEED).integers(0, len(data), (resamples, len(data)))
    return _bounds(data[draws].mean(axis=1))


def ratio_interval(parts: Sequence[int], wholes: Sequence[int], resamples: int = RESAMPLES) -> Interval | None:
    """Bootstrap interval of the sum of ``parts`` over the sum of ``wholes``; the pairs are drawn together."""
    if not sum(wholes):
        return None
    part, whole = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    draws = np.random.default_rng(SEED).integers(0, len(part), (resamples, len(part)))
    below = whole[draws].sum(axis=1)
    return _bounds(part[draws].sum(axis=1)[below > 0] / below[below > 0])


def auroc_interval(positive: Sequence[float], negative: Sequence[float], resamples: int = RESAMPLES) -> Interval | None:
    """Bootstrap interval of `auroc`; positives and negatives are drawn separately."""
    if not positive or not negative:
        return None
    order, generator = _order(positive, negative), np.random.default_rng(SEED)
    rows = generator.multinomial(len(positive), [1 / len(positive)] * len(positive), resamples) / len(positive)
    columns = generator.multinomial(len(negative), [1 / len(negative)] * len(negative), resamples) / len(negative)
    return _bounds(((rows @ order) * columns).sum(axis=1))


def _order(positive: Sequence[float], negative: Sequence[float]) -> NDArray[np.float64]:
    """1 where the positive (row) is above the negative (column), .5 where they tie."""
    rows, columns = np.asarray(positive, dtype=np.float64)[:, None], np.asarray(negative, dtype=np.float64)[None, :]
    return np.where(rows > columns, 1.0, np.where(rows == columns, 0.5, 0.0))


def _bounds(samples: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(samples, [2.5, 97.5])
    return Interval(float(low), float(high))
