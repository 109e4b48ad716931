"""Numbers as texts state them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.quantities import quantities


@pytest.mark.parametrize(
    ("text", "value", "form"),
    [
        ("49", "49", "digits"),
        ("forty-nine soldiers", "49", "words"),
        ("تسعة وأربعين", "49", "words"),
        ("the 21st century", "21", "ordinal"),
        ("30،000 متظاهر", "30000", "digits"),
        ("2.5 million", "2500000", "digits"),
        ("half", "0.5", "hint"),
        ("عامين", "2", "hint"),
        ("12/9/2022", "12", "date"),
    ],
)
def test_the_first_number_of_a_text(text: str, value: str, form: str) -> None:
    first = quantities(text)[0]
    assert (first.values[0], first.form) == (Decimal(value), form)


def test_second_readings() -> None:
    assert Decimal(1500) in quantities("1.500 people")[0].values
    assert Decimal(1953) in quantities("in 1950-53")[1].values
    assert Decimal(17) in quantities("5:30 pm")[0].values
    assert quantities("من كمية المياه") == []


@given(st.integers(min_value=0, max_value=10**12))
def test_every_whole_number_in_digits_is_found(number: int) -> None:
    assert [each.values[0] for each in quantities(f"about {number} people")] == [Decimal(number)]
