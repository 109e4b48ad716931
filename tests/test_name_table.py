"""Names by their skeletons, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import name_table, packing
from assistant.language import alignment
from assistant.language.letters import END, encode, spellings
from assistant.language.terms import NameClass, coarse, type_terms
from assistant.name_table import NameTable, Near, Row

WORDS = ["Pashinyan", "Putin", "Pashinian", "Baker", "باشينيان", "وبوتين", "بوتين", "بيكر", "الجنود"]


def rows(words: Sequence[str]) -> list[Row]:
    """All the names of words, each a type of its place."""
    filed: dict[tuple[int, str], list[tuple[int, int, bytes]]] = {}
    for number, word in enumerate(words):
        found = type_terms(word)
        for spelling, skeleton in found.spellings.items():
            filed.setdefault((int(found.name), skeleton), []).append((number, *encode(spelling)))
    return [
        Row(
            *sound,
            packing.pack_numbers(np.diff([number for number, _, _ in found], prepend=0).tolist()),
            bytes(mark for _, mark, _ in found),
            b"".join(letters for *_, letters in found),
        )
        for sound, found in sorted(filed.items())
    ]


def near(word: str, classes: Sequence[int]) -> Near:
    return Near(tuple(sorted(set(coarse(word).values()))), classes, partial(alignment.unlike, word))


@given(st.lists(st.sampled_from(WORDS), unique=True), st.integers(1, 4))
def test_every_name_is_found_under_its_skeletons(words: list[str], at_once: int) -> None:
    every = rows(words)
    portions = [every[n : n + at_once] for n in range(0, len(every), at_once)]
    told = NameTable(portions, sum(len(row.marks) for row in every), sum(len(row.letters) for row in every))
    asked = [near(word, [type_terms(word).name]) for word in words]
    places, ends = told.near(asked, 100)
    assert len(ends) == len(words)
    for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        found = told.spellings(places[start:end])
        mine = np.flatnonzero(found.types == number)
        assert (found.classes == type_terms(words[number]).name).all()
        # Perhaps more than once: near one of its skeletons, and near another.
        written = {bytes(found.letters[: found.lengths[one], one]) for one in mine.tolist()}
        assert written == {bytes(each & ~END for each in encode(spelling)[1]) for spelling in spellings(words[number])}


def test_no_group_is_asked_once_there_are_enough() -> None:
    """First the word's own skeleton, then those one letter apart, then those with one replaced; each in all classes."""
    told = NameTable.of(rows(["Korabin", "Karbin", "Kabin", "Karbon", "Karlin", "karbun"]))
    classes = [NameClass.LATIN_NAME, NameClass.LATIN_UNKNOWN]
    for most, expected in (
        (1, [0, 1, 3]),
        (3, [0, 1, 3]),
        (4, [0, 1, 3, 5]),
        (5, [0, 1, 3, 5, 2]),
        (9, [0, 1, 3, 5, 2, 4]),
    ):
        places, ends = told.near([near("Karben", classes), near("#12", classes), near("Sisisoso", classes)], most)
        assert told.types[places].tolist() == expected
        assert ends == [len(expected)] * 3


def test_of_very_many_names_the_closest_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"K{'a' * n}r{'o' * m}n" for n in range(1, 6) for m in range(1, 6)]
    told = NameTable.of(rows([*many, "Karonbad", "Karbon"]))
    asked = near("Karbonu", [NameClass.LATIN_NAME])
    assert sorted(told.types[told.near([asked], 100)[0]].tolist()) == [*range(25), 26]
    monkeypatch.setattr(name_table, "_MANY", 25)
    monkeypatch.setattr(name_table, "_CLOSEST", 3)
    # What has the same consonants, then what lacks one; of those the commonest.
    assert told.types[told.near([asked], 100)[0]].tolist() == [26, 0, 1]


@pytest.mark.parametrize("damage", [{"marks": b""}, {"letters": b"\x01"}, {"types": b"\x01\x01\x01\x01"}])
def test_damaged_rows_are_refused(damage: dict[str, bytes]) -> None:
    whole = rows(WORDS)
    with pytest.raises((ValueError, LookupError)):
        NameTable.of([whole[0]._replace(**damage), *whole[1:]])
    with pytest.raises(ValueError, match="order"):
        NameTable.of(whole[::-1])
    with pytest.raises(ValueError):
        NameTable([whole[1:]], sum(len(row.marks) for row in whole), sum(len(row.letters) for row in whole))
