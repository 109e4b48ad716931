"""Each measure against values worked out by hand or published."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import measures

LOG3 = math.log2(3)


@pytest.mark.parametrize(
    ("ranked", "gold", "k", "expected"),
    [
        ("abc", "a", 10, 1.0),
        ("abc", "b", 10, 1 / LOG3),
        ("abc", "c", 10, 0.5),
        ("abc", "z", 10, 0.0),
        ("", "a", 10, 0.0),
        ("abc", "ab", 10, 1.0),
        ("abc", "ac", 10, (1 + 0.5) / (1 + 1 / LOG3)),
        ("abcd", "bd", 10, (1 / LOG3 + 1 / math.log2(5)) / (1 + 1 / LOG3)),
        ("abcd", "bd", 3, (1 / LOG3) / (1 + 1 / LOG3)),
        ("abc", "abc", 1, 1.0),
        ("bac", "a", 1, 0.0),
    ],
)
def test_ndcg(ranked: str, gold: str, k: int, expected: float) -> None:
    assert measures.ndcg(list(ranked), set(gold), k) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ranked", "gold", "expected"),
    [("abc", "a", 1.0), ("abc", "c", 1 / 3), ("abc", "cb", 0.5), ("abc", "z", 0.0), ("", "a", 0.0)],
)
def test_reciprocal_rank(ranked: str, gold: str, expected: float) -> None:
    assert measures.reciprocal_rank(list(ranked), set(gold)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ranked", "gold", "k", "expected"),
    [("abc", "a", 1, 1.0), ("abc", "b", 1, 0.0), ("abc", "ac", 2, 0.5), ("abc", "ac", 3, 1.0), ("", "a", 5, 0.0)],
)
def test_recall(ranked: str, gold: str, k: int, expected: float) -> None:
    assert measures.recall(list(ranked), set(gold), k) == pytest.approx(expected)


def test_distinct_keeps_the_first_place() -> None:
    assert measures.distinct("abacab") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([2.0, 3.0], [0.0, 1.0], 1.0),
        ([0.0], [1.0], 0.0),
        ([1.0], [1.0], 0.5),
        ([0.9, 0.4], [0.5, 0.1], 0.75),
        ([0.8, 0.5, 0.5], [0.5, 0.2], (2 + 1.5 + 1.5) / 6),
        ([0.1, 0.35, 0.4, 0.8], [0.35], 2.5 / 4),
        ([], [1.0], None),
        ([1.0], [], None),
    ],
)
def test_auroc(positive: list[float], negative: list[float], expected: float | None) -> None:
    assert measures.auroc(positive, negative) == pytest.approx(expected)


@given(
    st.lists(st.integers(0, 9).map(float), min_size=1, max_size=12),
    st.lists(st.integers(0, 9).map(float), min_size=1, max_size=12),
)
def test_auroc_is_the_share_of_pairs_in_order(positive: list[float], negative: list[float]) -> None:
    pairs = [1.0 if p > n else 0.5 if p == n else 0.0 for p, n in itertools.product(positive, negative)]
    value = measures.auroc(positive, negative)
    assert value == pytest.approx(sum(pairs) / len(pairs))
    assert value == pytest.approx(1 - (measures.auroc(negative, positive) or 0.0))


SCORES = st.lists(st.integers(0, 40).map(lambda n: n / 40), min_size=1, max_size=60)


@given(SCORES, SCORES)
def test_auroc_is_the_statistic_of_mann_and_whitney(positive: list[float], negative: list[float]) -> None:
    """To four places by scipy, which comes with ir-measures."""
    from scipy.stats import mannwhitneyu

    statistic = mannwhitneyu(positive, negative, method="asymptotic").statistic
    assert measures.auroc(positive, negative) == pytest.approx(statistic / (len(positive) * len(negative)), abs=5e-5)


@given(SCORES, SCORES)
def test_auroc_is_that_of_scikit_learn(positive: list[float], negative: list[float]) -> None:
    """To four places; the library is in the extra ``dev``."""
    judge = pytest.importorskip("sklearn.metrics")
    truth = [1] * len(positive) + [0] * len(negative)
    assert measures.auroc(positive, negative) == pytest.approx(
        judge.roc_auc_score(truth, positive + negative), abs=5e-5
    )


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (5, 10, 0.2366, 0.7634),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson(successes: int, n: int, low: float, high: float) -> None:
    assert measures.wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nothing_is_none() -> None:
    assert measures.wilson(0, 0) is None


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [([3.0, 1.0, 2.0], 50, 2.0), ([1.0, 2.0], 50, 1.5), (list(map(float, range(101))), 95, 95.0), ([], 50, None)],
)
def test_percentile(values: list[float], percent: float, expected: float | None) -> None:
    assert measures.percentile(values, percent) == expected


def test_mean() -> None:
    assert measures.mean([0.0, 1.0, 1.0]) == pytest.approx(2 / 3)
    assert measures.mean([]) is None


def test_bootstrap_of_the_mean_is_near_the_normal_interval_and_repeats() -> None:
    values = [float(number % 2) for number in range(400)]
    interval = measures.mean_interval(values)
    assert interval == pytest.approx((0.5 - 1.96 * 0.025, 0.5 + 1.96 * 0.025), abs=0.006)
    assert interval == measures.mean_interval(values)
    assert measures.mean_interval([1.0, 1.0]) == (1.0, 1.0)
    assert measures.mean_interval([]) is None


def test_bootstrap_of_auroc_agrees_with_hanley_and_mcneil() -> None:
    positive, negative = [0.5 + index / 100 for index in range(60)], [0.3 + index / 100 for index in range(60)]
    value, interval = measures.auroc(positive, negative), measures.auroc_interval(positive, negative)
    assert value is not None
    assert interval is not None
    q1, q2 = value / (2 - value), 2 * value**2 / (1 + value)
    error = math.sqrt((value * (1 - value) + 59 * (q1 - value**2) + 59 * (q2 - value**2)) / 3600)
    assert interval == pytest.approx((value - 1.96 * error, value + 1.96 * error), abs=0.03)
    assert measures.auroc_interval([1.0], [0.0]) == (1.0, 1.0)
    assert measures.auroc_interval([], [0.0]) is None
