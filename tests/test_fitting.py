from __future__ import annotations

import pytest

from assistant.language import fitting
from assistant.language.fitting import NOTHING, Neighbour
from assistant.language.readings import readings

NOBODY = fitting.wanted(())
NOUN, DEFINITE_NOUN = Neighbour("جيش", "noun", False), Neighbour("الجيش", "noun", True)
NAME = Neighbour("أحمد", "name", False)


def chosen(word: str, before: Neighbour = NOTHING, after: str = "") -> tuple[str, str]:
    reading = fitting.choose(word, before, after, NOBODY)
    assert reading
    return reading.text, reading.part


@pytest.mark.parametrize(
    ("word", "before", "after", "expected"),
    [
        ("عام", Neighbour("منذ", "function", False), "#1992", ("year", "noun")),
        ("العام", DEFINITE_NOUN, "", ("public", "adjective")),
        ("تقرر", Neighbour("قد", "function", False), "", ("be decided", "verb")),
        ("تقرر", NOUN, "", ("decide", "verb")),
        ("يحتج", Neighbour("لم", "function", False), "", ("need", "verb")),
        ("يحتج", NOTHING, "", ("protest", "verb")),
        ("طلب", Neighbour("على", "function", False), "", ("request", "noun")),
    ],
)
def test_neighbours_choose(word: str, before: Neighbour, after: str, expected: tuple[str, str]) -> None:
    assert chosen(word, before, after) == expected


def test_a_person_stands_beside_another_name() -> None:
    assert chosen("سعيد", NAME) == ("Said", "person")
    assert chosen("سعيد") == ("happy", "adjective")


def test_the_readers_own_words_are_likelier() -> None:
    asked = fitting.wanted(["Who", "raised", "the", "issue", "?"])
    reading = fitting.choose("قضية", NOTHING, "", asked)
    assert reading and reading.text == "issue"
    assert chosen("قضية")[0] != "issue"


def test_a_word_that_nothing_knows_has_no_reading() -> None:
    assert fitting.choose("قققققق", NOTHING, "", NOBODY) is None


@pytest.mark.parametrize(
    ("word", "is_open"), [("جيش", True), ("الجيش", False), ("جيشها", False), ("جيشا", False), ("كتب", False)]
)
def test_what_its_possessor_may_follow(word: str, is_open: bool) -> None:
    reading = fitting.choose(word, NOTHING, "", NOBODY)
    assert reading
    assert fitting.neighbour(word, reading).open is is_open


def test_readings_are_ordered_and_bounded() -> None:
    for word in ("وبأسلحتهم", "عام", "كتب", "باشينيان"):
        scores = [reading.score for reading in readings(word)]
        assert scores == sorted(scores, reverse=True)
        assert len(scores) <= 12
