"""Dates as texts mention them, and what the day of the article adds."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.language.moments import Mention, Moment, mentions, resolve
from assistant.language.quantities import quantities
from assistant.language.text import fold

WRITTEN = dt.date(2022, 9, 14)  # a Wednesday


def stated(text: str) -> list[Mention]:
    plain = fold(text).text
    return mentions(plain, quantities(plain))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("on 12 September 2022", [(2022, 9, 12, None)]),
        ("on September 12, 2022", [(2022, 9, 12, None)]),
        ("12 and 13 September", [(None, 9, 13, None), (None, 9, 12, None)]),
        ("in early May", [(None, 5, None, None)]),
        ("يوم 12 سبتمبر/أيلول 2022", [(2022, 9, 12, None)]),
        ("في الثاني عشر من أيلول", [(None, 9, 12, None)]),
        ("منذ عام 1994", [(1994, None, None, None)]),
        ("on Saturday", [(None, None, None, 5)]),
        ("يوم السبت", [(None, None, None, 5)]),
        ("2022-09-12", [(2022, 9, 12, None)]),
        ("they may march", []),
        ("1994 soldiers and 49,000 others", [(1994, None, None, None)]),
        ("the sun sat low", []),
    ],
)
def test_what_is_stated(text: str, parts: list[tuple[int | None, ...]]) -> None:
    assert [mention[2:6] for mention in stated(text) if mention.absolute] == parts


@pytest.mark.parametrize(
    ("text", "claim", "holds"),
    [
        ("on 12 September", "12 September 2022", True),
        ("on 12 September", "Monday", True),
        ("on 12 September", "12 September 2021", False),
        ("on 12 December", "December 2021", True),  # the nearest is behind
        ("on Monday", "12 September 2022", True),
        ("on Monday", "13 September 2022", False),
        ("yesterday", "13 September 2022", True),
        ("أمس", "الثلاثاء", True),
        ("tomorrow", "14 September", False),
        ("two years ago", "in 2020", True),
        ("قبل عامين", "عام 2020", True),
        ("last year", "in 2021", True),
        ("العام الماضي", "عام 2022", False),
        ("in September, as in 1994", "September 1994", True),
    ],
)
def test_what_follows_from_the_day_of_the_article(text: str, claim: str, holds: bool) -> None:
    moments = resolve(stated(text), WRITTEN)
    [said] = [mention for mention in stated(claim) if mention.absolute]
    assert any(moment.holds(said) for moment in moments) is holds


def test_nothing_follows_without_a_day() -> None:
    assert resolve(stated("yesterday, two years ago"), None) == []
    assert resolve(stated("on 12 September"), None) == [Moment(None, 9, 12, None)]


@pytest.mark.parametrize("written", [dt.date.min, dt.date.max])
def test_the_ends_of_the_calendar(written: dt.date) -> None:
    assert all(isinstance(each, Moment) for each in resolve(stated("yesterday, tomorrow, on Monday"), written))


def test_a_day_that_does_not_exist_stays_as_written() -> None:
    assert Moment(2022, 2, 30, None) in resolve(stated("30 February"), WRITTEN)
