"""Hijri dates as the days of the Gregorian calendar; some are well known."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.dates import parse_dates

DAY = dt.date(2022, 9, 13)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("نشر في 17 صفر 1444 هـ", [DAY]),
        ("نشر في ١٧ من شهر صفر عام ١٤٤٤", [DAY]),
        ("1444/02/17هـ", [DAY]),
        ("17/2/1444 هـ", [DAY]),
        ("17 Safar 1444 AH", [DAY]),
        ("1 محرم 1443 هـ", [dt.date(2021, 8, 9)]),  # new year
        ("1 رمضان 1441", [dt.date(2020, 4, 24)]),
        ("10 ذي الحجة 1443 هجرية", [dt.date(2022, 7, 9)]),  # feast of the sacrifice
        # Told in both calendars it is the Gregorian day that counts.
        ("الثلاثاء 17 صفر 1444 هـ الموافق 13 سبتمبر 2022", [DAY]),
        ("14 سبتمبر 2022 (17 صفر 1444)", [dt.date(2022, 9, 14)]),
        # No date: no era beside mere numbers, no such day, no such year, no day at all.
        ("17/2/1444", []),
        ("31 صفر 1444 هـ", []),
        ("5 صفر 1501 هـ", []),
        ("في عام 1444 هـ", []),
        ("في صفر 1444 هـ", []),
    ],
)
def test_dates(text: str, dates: list[dt.date]) -> None:
    assert [date for date, _ in parse_dates(text)] == dates


def test_the_span_is_what_states_the_date() -> None:
    text = "نُشر في ١٧ صَفَر ١٤٤٤ هـ، بعد الظهر"
    ((_, span),) = parse_dates(text)
    assert text[span.start : span.end] == "١٧ صَفَر ١٤٤٤ ه"  # a tatweel at the end is no letter


@given(st.integers(1, 30), st.integers(1, 12), st.integers(1343, 1500))
def test_one_day_follows_another(day: int, month: int, year: int) -> None:
    first, second = (parse_dates(f"{each}/{month}/{year} هـ") for each in (day, day + 1))
    if first and second:
        assert second[0][0] - first[0][0] == dt.timedelta(1)
