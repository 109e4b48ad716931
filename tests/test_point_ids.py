"""Points are named by their content: the same in every catalogue, and never another passage's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from collection import SmallCollection
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalogue import PLACES
from assistant.point_ids import PointIds

WORDS = " ".join(f"word{number} and" for number in range(400))
TEXTS = {"one.txt": f"One\n\n{WORDS}.\n\n{WORDS}.\n", "two.txt": "Two\n\nShort.\n", "three.txt": f"Three\n\n{WORDS}.\n"}


def of(folder: Path, texts: dict[str, str]) -> PointIds:
    collection = SmallCollection(folder, texts)
    return PointIds(collection.catalogue)


def test_ids_do_not_depend_on_the_order_of_articles(tmp_path: Path) -> None:
    one = of(tmp_path / "one", TEXTS)
    other = of(tmp_path / "other", dict(reversed(TEXTS.items())))
    assert set(one.ids.tolist()) == set(other.ids.tolist())
    assert len(set(one.ids.tolist())) == len(one.numbers) > 3
    assert (one.numbers.tolist(), one.ids.tolist()) != (other.numbers.tolist(), other.ids.tolist())
    assert int(one.ids.min()) >= 0
    one.check()


def test_another_content_or_name_is_another_point(tmp_path: Path) -> None:
    before = of(tmp_path / "before", TEXTS)
    changed = of(tmp_path / "changed", {**TEXTS, "two.txt": "Two\n\nShorter.\n"})
    renamed = of(tmp_path / "renamed", {"2.txt" if name == "two.txt" else name: text for name, text in TEXTS.items()})
    for after in (changed, renamed):
        assert before.besides(after).sum() == after.besides(before).sum() == 1
    assert before.besides(None).all()
    assert not before.besides(before).any()


def test_numbers_and_ids_are_translated_both_ways(tmp_path: Path) -> None:
    points = of(tmp_path / "all", TEXTS)
    numbers, ids = points.numbers.tolist(), points.ids.tolist()
    assert numbers == sorted(numbers)
    assert points.of(numbers[::-1]) == ids[::-1]
    assert points.of([numbers[0], 99 * PLACES]) == [ids[0]]
    assert points.numbers_of([*ids[::-1], 7, 2**63 - 1]) == dict(zip(ids, numbers, strict=True))
    assert points.strangers([7, *ids, 8]) == [7, 8]


def test_an_empty_catalogue_has_no_points(tmp_path: Path) -> None:
    points = of(tmp_path / "none", {})
    points.check()
    assert (points.of([1]), points.numbers_of([1]), points.strangers([1])) == ([], {}, [1])


@given(st.integers(0, 2**64 - 1), st.integers(1, 50))
def test_the_points_of_an_article_are_those_of_the_published_generator(seed: int, length: int) -> None:
    """SplitMix64 written out in plain integers."""
    from assistant.point_ids import _mixed

    state, expected, whole = seed, [], 2**64 - 1
    for _ in range(length):
        state = state + 0x9E3779B97F4A7C15 & whole
        mixed = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & whole
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & whole
        expected.append((mixed ^ mixed >> 31) >> 1)
    assert _mixed(np.full(length, seed, np.uint64), np.arange(length)).tolist() == expected
