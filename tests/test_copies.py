"""Copies are found by what they say, whatever the order in which they come."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import copies

WORDS = [f"word{number}" for number in range(300)]


def text(seed: int, length: int = 120) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def edited(words: list[str], changes: int) -> list[str]:
    """The text with so many words changed, evenly spread."""
    changed = list(words)
    for number in range(changes):
        changed[number * len(words) // changes] = f"new{number}"
    return changed


STORY, OTHER = text(1), text(2)


def test_likeness_is_the_share_of_runs_in_common() -> None:
    runs = {tuple(STORY[i : i + 3]) for i in range(118)}
    other = edited(STORY, 6)
    others = {tuple(other[i : i + 3]) for i in range(118)}
    expected = len(runs & others) / len(runs | others)
    assert copies.likeness(copies.sketch(STORY), copies.sketch(other)) == pytest.approx(expected, abs=0.15)
    assert copies.likeness(copies.sketch(STORY), copies.sketch(STORY)) == 1
    assert copies.likeness(copies.sketch(STORY), copies.sketch(OTHER)) < 0.05


def test_a_sketch_is_the_same_wherever_it_is_made() -> None:
    """It is kept in indexes that other processes and machines go on with."""
    assert copies.sketch(STORY)[:8].hex() == FIRST
    assert len(copies.sketch(STORY)) == copies.BYTES


FIRST = "10fd2d359c72cb43"


def test_copies_are_grouped_and_others_are_not() -> None:
    held = [copies.sketch(words) for words in (STORY, OTHER, edited(STORY, 3), text(3), edited(OTHER, 2), OTHER)]
    assert copies.groups(held) == [[0, 2], [1, 4, 5]]
    assert copies.groups([copies.sketch(STORY), copies.sketch(edited(STORY, 40))]) == []


def test_what_is_too_short_to_tell_is_nobodys_copy() -> None:
    assert copies.sketch(STORY[:9]) == b""
    assert copies.sketch(["rain"] * 50) == b""
    assert copies.groups([b"", b"", copies.sketch(STORY)]) == []
    assert copies.groups([]) == []


def test_many_copies_of_one_text_are_one_group() -> None:
    held = [copies.sketch(edited(STORY, 1 + number % 2)) for number in range(200)] + [copies.sketch(OTHER)]
    assert copies.groups(held) == [list(range(200))]


@pytest.mark.parametrize("at_once", [1, 7, 1 << 16])
def test_a_group_is_whatever_pairs_connect(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """However many pairs are compared together, and however few of those that share a band."""
    monkeypatch.setattr(copies, "_AT_ONCE", at_once)
    chain = [[f"new{n}" for n in range(7 * step)] + STORY[7 * step :] for step in range(8)]  # its ends are not alike
    held = [copies.sketch(words) for words in [*chain, OTHER, edited(OTHER, 2), text(4)]]
    alike = {(i, j) for i in range(11) for j in range(i) if copies.likeness(held[i], held[j]) >= copies.ALIKE}
    leader = list(range(11))
    for _ in leader:
        for i, j in alike:
            leader[i] = leader[j] = min(leader[i], leader[j])
    expected = [[place for place in range(11) if leader[place] == first] for first in sorted(set(leader))]
    assert copies.groups(held) == [group for group in expected if len(group) > 1]
    assert copies.groups(held)[0] == list(range(8))
    assert copies.likeness(held[0], held[7]) < copies.ALIKE - 0.1


@given(st.permutations(range(9)))
def test_the_order_of_articles_is_without_effect(order: list[int]) -> None:
    texts = [edited(text(seed), changes) if changes else text(seed) for seed in (1, 2, 3) for changes in (0, 2, 4)]
    held = [copies.sketch(words) for words in texts]
    expected = {frozenset(group) for group in copies.groups(held)}
    assert {frozenset(order[place] for place in group) for group in copies.groups([held[n] for n in order])} == expected
    assert len(expected) == 3
