"""Differences between runs: what is chance is called chance, what is not is found, and the arithmetic is checked by hand."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from eval import measures, statistics
from eval.statistics import Difference, holm, of_means, of_separation


def test_the_same_twice_is_no_difference() -> None:
    found = of_means([1.0, 0.0, 0.5], [1.0, 0.0, 0.5])
    assert found == Difference(0.5, 0.5, 0.0, (0.0, 0.0), 1.0, 3)


def test_a_clear_gain_is_found_and_has_a_sign() -> None:
    worse, better = [0.0] * 40, [1.0] * 30 + [0.0] * 10
    found = of_means(worse, better)
    assert found.change == pytest.approx(0.75)
    assert found.interval.low > 0.5
    assert found.p < 0.001
    back = of_means(better, worse)
    assert back.change == pytest.approx(-0.75)
    assert back.p == pytest.approx(found.p, abs=0.001)


def test_the_randomisation_test_agrees_with_counting_all_exchanges() -> None:
    one, two = [0.1, 0.5, 0.4, 0.9, 0.2, 0.3, 0.6, 0.8], [0.3, 0.6, 0.3, 1.0, 0.6, 0.5, 0.7, 0.7]
    gaps = np.array(two) - np.array(one)
    signs = np.array(list(itertools.product([-1, 1], repeat=len(gaps))))
    exact = float((np.abs((signs * gaps).mean(axis=1)) >= abs(gaps.mean()) - 1e-12).mean())
    assert of_means(one, two).p == pytest.approx(exact, abs=0.015)


def test_chance_alone_is_rarely_called_a_difference() -> None:
    draw = random.Random(7)
    called = 0
    for _ in range(200):
        pairs = [(draw.random(), draw.random()) for _ in range(30)]
        called += of_means([a for a, _ in pairs], [b for _, b in pairs], draws=400).p < 0.05
    assert 1 <= called <= 22  # 10 are expected; beyond 22 is one chance in ten thousand


def test_separation_is_auroc_on_both_sides() -> None:
    truth = [True, True, True, False, False]
    first, second = [0.9, 0.4, 0.4, 0.4, 0.1], [9.0, 8.0, 7.0, 1.0, 2.0]
    found = of_separation(first, second, truth, draws=500)
    assert found.first == pytest.approx(measures.auroc(first[:3], first[3:]))
    assert found.second == 1.0
    assert found.interval.low <= found.change <= found.interval.high
    assert of_separation(first, first, truth, draws=50).p == 1.0


def test_each_draw_has_the_auroc_of_its_values() -> None:
    """What is counted for all draws at once is what `measures.auroc` says of one after the other."""
    draw = np.random.default_rng(9)
    able, unable = draw.integers(0, 7, (50, 12)), draw.integers(0, 7, (50, 5))
    found = statistics._separations(able, unable)
    wanted = [measures.auroc(list(map(float, a)), list(map(float, u))) for a, u in zip(able, unable, strict=True)]
    assert found == pytest.approx(wanted)


def test_separation_is_found_when_one_knows_and_the_other_guesses() -> None:
    draw = random.Random(3)
    truth = [index % 2 == 0 for index in range(80)]
    guess = [draw.random() for _ in truth]
    knows = [draw.random() + right for right, _ in zip(truth, guess, strict=True)]
    assert of_separation(guess, knows, truth, draws=1000).p < 0.005


@pytest.mark.parametrize(
    ("given", "corrected"),
    [
        ([], []),
        ([0.04], [0.04]),
        ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
        ([0.5, 0.9], [1.0, 1.0]),
        ([0.02, 0.02], [0.04, 0.04]),
    ],
)
def test_holm(given: list[float], corrected: list[float]) -> None:
    assert holm(given) == pytest.approx(corrected)


@pytest.mark.parametrize(("one", "two"), [([], []), ([1.0], [1.0, 2.0])])
def test_what_is_no_pair_is_refused(one: list[float], two: list[float]) -> None:
    with pytest.raises(ValueError, match="no pairs"):
        of_means(one, two)
    with pytest.raises(ValueError, match="unanswerable"):
        of_separation([1.0], [1.0], [True])
