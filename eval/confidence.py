"""The confidence models: logistic, one for passages in the question's language and one for those in the other.

A sign may not count against its meaning: one that comes out with the wrong direction is dropped and the rest fitted again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from assistant.confidence import SIGNS
from assistant.evidence import NOTHING_OF_THE_KIND
from eval import measures
from eval.recipe import Floats, Judged

# Which way a sign may count: 1 for, -1 against, 0 either.
DIRECTION = dict.fromkeys(SIGNS, 1) | dict.fromkeys(
    ("spread", "missing kind", "missing word", "missing name", "exact"), -1
)
# Share of questions about something else that may be answered.
_FALSE = 0.05
# Share of the training mass that the human-judged set has beside the synthetic ones.
_JUDGED = 2.0


class Model(NamedTuple):
    """``weights``: shape ``(signs,)``, zero for a sign that was dropped."""

    weights: Floats
    bias: float

    def logit(self, signs: Floats) -> float:
        return float(signs @ self.weights + self.bias)


def fit_confidence(rows: Sequence[Judged], ridge: float = 1.0) -> Model:
    """Every kind of row balanced, signs of the wrong direction dropped one by one, worst first."""
    groups: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        groups[row.cell, row.kind, row.answerable].append(i)
    mass = np.zeros(len(rows))
    for (_, kind, answerable), members in groups.items():
        mass[members] = (_JUDGED if kind == "people" else 3.0 if answerable else 1.0) / len(members)
    mass *= len(rows) / mass.sum()
    signs, truth = np.array([row.signs for row in rows]), np.array([row.answerable for row in rows], dtype=np.float64)
    centre, scale = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    standard = np.column_stack([(signs - centre) / scale, np.ones(len(rows))])
    kept = list(range(len(SIGNS)))
    while True:
        columns = [*kept, len(SIGNS)]
        weights = _logistic(standard[:, columns], truth, mass, ridge)
        wrong = {i: float(w) * DIRECTION[SIGNS[i]] for i, w in zip(kept, weights, strict=False)}
        worst = min(wrong, key=lambda i: wrong[i])
        if wrong[worst] >= 0:
            break
        kept.remove(worst)
    full = np.zeros(len(SIGNS))
    full[kept] = weights[:-1] / scale[kept]
    return Model(full, float(weights[-1] - full @ centre))


def aligned(model: Model, rows: Sequence[Judged]) -> Model:
    """The model with its bias moved so that a share `_FALSE` of questions whose article is missing reach one half.

    The two relations are fitted on different negatives; this makes their confidences mean the same thing.
    """
    missing = SIGNS.index("missing kind")
    logits = [
        model.logit(row.signs) - NOTHING_OF_THE_KIND * float(row.signs[missing])
        for row in rows
        if row.kind == "article"
    ]
    return model._replace(bias=model.bias - float(np.quantile(logits, 1 - _FALSE)))


def _logistic(features: Floats, truth: Floats, mass: Floats, ridge: float) -> Floats:
    weights = np.zeros(features.shape[1])
    penalty = ridge * np.eye(len(weights))
    penalty[-1, -1] = 0
    for _ in range(50):
        likely = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (mass * (truth - likely)) - penalty @ weights
        curvature = (features * (mass * likely * (1 - likely))[:, None]).T @ features + penalty
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def separation(rows: Sequence[Judged], models: Sequence[Model]) -> dict[str, float]:
    """AUROC by cell and kind of negative. ``models`` by fold."""
    scores: dict[tuple[str, str], list[tuple[bool, float]]] = defaultdict(list)
    for row in rows:
        scores[row.cell, row.kind].append((row.answerable, models[row.fold].logit(row.signs)))
    result = {}
    for (cell, kind), pairs in scores.items():
        if kind == "people":
            result[cell] = _auroc(pairs)
        elif kind != "whole":
            result[f"{cell} {kind} withheld" if kind != "word" else f"{cell} word exchanged"] = _auroc(
                [*scores[cell, "whole"], *pairs]
            )
    return result


def _auroc(pairs: Sequence[tuple[bool, float]]) -> float:
    value = measures.auroc([score for truth, score in pairs if truth], [score for truth, score in pairs if not truth])
    return float("nan") if value is None else value
