"""The sentence model: a conditional logit. Among the sentences of a question's best passages, the one that holds the
answer is the choice; one weight vector serves all four language pairs (McFadden 1974).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from eval.recipe import Choice, Floats


def fit_choice(rows: Sequence[Choice], ridge: float = 1.0) -> Floats:
    """Conditional logit by Newton's method with halved steps; the penalty is on standardised features."""
    rows = [row for row in rows if row.gold is not None]
    features = np.concatenate([row.features for row in rows])
    centre, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    features = (features - centre) / scale
    sizes = np.array([len(row.features) for row in rows])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    chosen = starts + np.array([row.gold for row in rows])
    owner = np.repeat(np.arange(len(rows)), sizes)

    def objective(weights: Floats) -> tuple[float, Floats]:
        scores = features @ weights
        top = np.maximum.reduceat(scores, starts)
        exponentials = np.exp(scores - top[owner])
        total = np.add.reduceat(exponentials, starts)
        likelihood = float((scores[chosen] - top - np.log(total)).sum())
        return likelihood - 0.5 * ridge * float(weights @ weights), exponentials / total[owner]

    weights = np.zeros(features.shape[1])
    value, probability = objective(weights)
    for _ in range(60):
        means = np.add.reduceat(features * probability[:, None], starts)
        gradient = features[chosen].sum(axis=0) - means.sum(axis=0) - ridge * weights
        curvature = (features * probability[:, None]).T @ features - means.T @ means + ridge * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while (new := objective(weights + size * step))[0] < value and size > 1e-6:
            size /= 2
        gained = new[0] - value
        weights, (value, probability) = weights + size * step, new
        if gained < 1e-7:
            break
    return np.asarray(weights / scale)


def hit_rates(rows: Sequence[Choice], weights: Sequence[Floats]) -> dict[str, tuple[float, float]]:
    """By cell: how often the answer is in the first sentence, and in the first three. ``weights`` by fold."""
    ranks: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if not row.whole:
            continue
        scores = row.features @ weights[row.fold]
        ranks[row.cell].append(10**6 if row.gold is None else int((scores > scores[row.gold]).sum()))
    return {
        cell: (float(np.mean(np.array(found) < 1)), float(np.mean(np.array(found) < 3)))
        for cell, found in ranks.items()
    }
