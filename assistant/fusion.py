"""Two orders made one by rank: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).

Why ranks, and where: the match matrix scores shares of a question's weight, an embedding model cosines whose scale is its own;
only their orders compare. What an answer quotes and how sure it is are read off the match matrix, so a passage that only the
embeddings found must be examined by it like any other. The nearest passages therefore come in twice: as candidates of the matrix
beside those that share a word with the question, and as the second order of the passages that are shown and handed to a model.
"""

from __future__ import annotations

from collections.abc import Sequence

CONSTANT = 60
"""Of the paper: how little the first places stand out from the next."""
NEAREST = 50
"""Passages that the embeddings bring in, as many as the words do in a language."""


def fused(*orders: Sequence[int]) -> dict[int, float]:
    """Ids of several orders, best first, with scores in (0, 1]; 1 is first in all of them. Equal scores by the first order."""
    scores: dict[int, float] = {}
    for order in orders:
        for rank, number in enumerate(order, 1):
            scores[number] = scores.get(number, 0.0) + (CONSTANT + 1) / (CONSTANT + rank) / len(orders)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))
