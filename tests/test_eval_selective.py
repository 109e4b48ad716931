"""Risk and coverage of four answers, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_eval_summary import ABLE, ELSEWHERE, FAR, GOOD, asked

from eval.records import Asked, Row
from eval.selective import Point, area, coverage_at, curve, summarise


def rows(*given: Row) -> list[Asked]:
    return [row for row in given if isinstance(row, Asked)]


RIGHT = asked(ABLE, "answered", 0.9, quotes=(GOOD,))
WRONG = asked(ABLE, "answered", 0.8, quotes=(ELSEWHERE,))
NONE = asked(FAR, "abstained", 0.1)


def test_the_most_confident_come_first_and_equals_together() -> None:
    equal = replace(rows(NONE)[0], confidence=0.8)
    assert curve([equal, *rows(NONE, WRONG, RIGHT)]) == [Point(1 / 4, 0), Point(3 / 4, 2 / 3), Point(1, 3 / 4)]


def test_area_and_coverage() -> None:
    points = curve(rows(RIGHT, WRONG, NONE))
    assert points == [Point(1 / 3, 0), Point(2 / 3, 1 / 2), Point(1, 2 / 3)]
    assert area(points) == pytest.approx((0 + 1 / 2 + 2 / 3) / 3)
    assert coverage_at(points, 0.1) == pytest.approx(1 / 3)
    assert coverage_at(points, 0.5) == pytest.approx(2 / 3)
    assert coverage_at([Point(1, 0.5)], 0.1) == 0.0


def test_without_both_sorts_of_questions_there_is_nothing_to_say() -> None:
    assert summarise(rows(RIGHT, WRONG)) == {}
    found = summarise(rows(RIGHT, WRONG, NONE))
    assert found["coverage_at_5"].value == pytest.approx(1 / 3)
    assert found["risk_area"].n == 3


def test_of_an_open_question_an_answer_counts_as_right() -> None:
    open_ = replace(ABLE, gold=(), open=True)
    assert curve(rows(asked(open_, "answered", 0.9, quotes=(ELSEWHERE,)), NONE))[0].risk == 0
