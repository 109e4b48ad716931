"""The corruption test: what it changes, and that every change is a change."""

from __future__ import annotations

import random

from assistant.cases import Source
from eval import checking, corruption
from eval.faithful import Faithful

TEXT = "قتل 49 جنديا في غوريس يوم 12 سبتمبر 2022."
BESIDE = Source("وصل الوزير إلى جنيف لإجراء المحادثات.", "ar", "", None, TEXT)
ONE = Faithful(
    "x", "The 49 soldiers were killed in Goris on 12 September 2022.", "en",
    (Source(TEXT, "ar", "", None, BESIDE.text),), (BESIDE,),
)  # fmt: skip


def test_trials_hold_each_kind_and_are_the_same_twice() -> None:
    found = list(checking.trials([ONE]))
    assert [trial.kind for trial in found] == ["", "number", "date", "name", "negation", "swap"]
    assert found == list(checking.trials([ONE]))
    assert [trial.alarm for trial in found] == [False, True, True, True, True, True]


def test_measures_and_failures() -> None:
    found = list(checking.trials([ONE]))
    assert {name: one.n for name, one in checking.summarise(found).items()}["corruption_detected"] == 5
    assert checking.failures(found) == []
    missed = found[1]._replace(verdict=found[0].verdict)
    assert "not noticed: number" in checking.failures([missed])[0]


def test_changes_change_one_thing_or_nothing() -> None:
    draw = random.Random(1)
    assert corruption.change_number("no digits here", draw) is None
    assert corruption.affirm("They did not go", draw) == "They did go"
    assert corruption.negate("The army was defeated", draw) == "The army was not defeated"
    assert corruption.change_date("in May", draw) not in (None, "in May")
