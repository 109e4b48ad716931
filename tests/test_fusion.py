"""Orders fused by rank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fusion import CONSTANT, fused

orders = st.lists(st.integers(0, 30), unique=True, max_size=12)


def test_what_two_orders_agree_on_comes_first() -> None:
    scores = fused([1, 2, 3], [3, 2, 4])
    assert list(scores)[:2] == [3, 2]
    assert scores[1] > scores[4]  # first in one counts more than third in the other
    assert fused([5], [5]) == {5: 1.0}
    assert scores[1] == pytest.approx(0.5)
    assert scores[4] == pytest.approx(0.5 * (CONSTANT + 1) / (CONSTANT + 3))


@given(orders, orders)
def test_fusing(first: list[int], second: list[int]) -> None:
    scores = fused(first, second)
    assert set(scores) == {*first, *second}
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert all(0 < score <= 1 + 1e-9 for score in scores.values())
    assert list(fused(first, first)) == list(fused(first)) == first
    assert scores == pytest.approx(fused(second, first))
    # Whatever is before another in both orders is before it in the fused one.
    ranks = [{number: rank for rank, number in enumerate(order)} for order in (first, second)]
    for one in scores:
        for other in scores:
            if all(one in rank and rank[one] < rank.get(other, 99) for rank in ranks):
                assert scores[one] > scores[other]
