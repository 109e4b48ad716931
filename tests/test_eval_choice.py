"""The sentence model: its optimum is one, and its hit rates are those of the definition."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eval.choice import fit_choice, hit_rates
from eval.recipe import FOLDS, Choice


def drawn(rows: int = 150, width: int = 4, seed: int = 5) -> tuple[list[Choice], np.ndarray]:
    """Choices made by known weights."""
    chance = np.random.default_rng(seed)
    truth = np.array([2.0, -1.0, 0.5, 0.0])[:width]
    made = []
    for number in range(rows):
        features = chance.normal(size=(int(chance.integers(2, 6)), width))
        likely = np.exp(features @ truth)
        gold = int(chance.choice(len(features), p=likely / likely.sum()))
        made.append(Choice("en->en", True, number % FOLDS, features, gold))
    return made, truth


def penalised(rows: list[Choice], weights: np.ndarray, ridge: float = 1.0) -> float:
    """The objective by its definition: log likelihood of the choices, less the penalty on standardised weights."""
    scale = np.concatenate([row.features for row in rows]).std(axis=0)
    total = 0.0
    for row in rows:
        scores = [float(features @ weights) for features in row.features]
        total += scores[row.gold] - math.log(sum(math.exp(score) for score in scores))
    return total - 0.5 * ridge * float(((weights * scale) ** 2).sum())


def test_no_weights_near_the_fitted_ones_are_better() -> None:
    rows, truth = drawn()
    weights = fit_choice(rows)
    best = penalised(rows, weights)
    for i in range(len(weights)):
        for step in (-0.05, -0.001, 0.001, 0.05):
            moved = weights.copy()
            moved[i] += step
            assert penalised(rows, moved) < best
    assert weights == pytest.approx(truth, abs=0.5)


def test_questions_without_a_gold_sentence_do_not_count() -> None:
    rows, _ = drawn(40)
    lost = [Choice("en->en", True, 0, row.features * 100, None) for row in rows]
    assert fit_choice([*rows, *lost]) == pytest.approx(fit_choice(rows))


def test_hit_rates_by_hand() -> None:
    features = np.array([[0.0], [1.0], [2.0], [3.0]])
    rows = [
        Choice("a", True, 0, features, 3),  # first
        Choice("a", True, 0, features, 1),  # third
        Choice("a", True, 1, features, 3),  # last, as this fold's weight is negative
        Choice("a", True, 0, features, None),
        Choice("b", True, 0, features, 3),
    ]
    rates = hit_rates(rows, [np.array([1.0]), np.array([-1.0])])
    assert rates == {"a": (0.25, 0.5), "b": (1.0, 1.0)}
