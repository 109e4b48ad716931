"""Dates of the Hijri calendar, as the Gregorian day on which they fall by the calendar of Umm al-Qura.

Where the month is begun by sight a date may be a day earlier or later. So a Hijri date counts only where no Gregorian one stands
beside it, as in ``17 صفر 1444 الموافق 13 سبتمبر 2022``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import cache

from assistant.language.text import fold, normalize_arabic

_MONTHS = (
    "محرم|المحرم|محرم الحرام|muharram", "صفر|safar", "ربيع الأول|rabi al-awwal|rabi al-awal|rabi i",
    "ربيع الآخر|ربيع الثاني|rabi al-thani|rabi al-akhir|rabi ii", "جمادى الأولى|جمادى الأول|jumada al-awwal|jumada al-ula|jumada i",
    "جمادى الآخرة|جمادى الثانية|جمادى الآخر|جمادى الثاني|jumada al-thani|jumada al-akhirah|jumada ii", "رجب|rajab", "شعبان|shaban|sha'ban",
    "رمضان|رمضان المبارك|ramadan", "شوال|shawwal", "ذو القعدة|ذي القعدة|dhu al-qadah|dhul-qadah|dhu al-qi'dah",
    "ذو الحجة|ذي الحجة|dhu al-hijjah|dhul-hijjah",
)  # fmt: skip
YEARS = range(1343, 1501)
"""Years for which the calendar of Umm al-Qura is known."""
_BESIDE = 25  # characters between a Hijri date and the Gregorian one that it is told with


def hijri_dates(plain: str, gregorian: Sequence[tuple[int, int]]) -> Iterator[tuple[dt.date, int, int]]:
    """The Hijri dates of a folded, normalised, lower-case text that no span of ``gregorian`` stands beside, as (date, start, end)."""
    named, numbered = _grammar()
    found = [(_named(match), match) for match in named.finditer(plain)]
    found += [(_numbered(match), match) for match in numbered.finditer(plain)]
    for date, match in found:
        beside = any(start - match.end() < _BESIDE and match.start() - end < _BESIDE for start, end in gregorian)
        if date and not beside:
            yield date, *match.span()


@cache
def _months() -> dict[str, int]:
    return {
        normalize_arabic(fold(name).text).lower(): number
        for number, names in enumerate(_MONTHS, 1)
        for name in names.split("|")
    }


@cache
def _grammar() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(_months(), key=len, reverse=True))
    era = r"(?:\s*(?:هجريه|هجري|ه(?!\w)|a\.?h\.?(?!\w)))"
    before = r"(?<![\w/.:-])"
    named = rf"{before}(?P<day>[0-3]?\d)\s+(?:من\s+)?(?:شهر\s+)?(?P<month>{names})\s*[,،]?\s*(?:(?:من\s+)?(?:ال)?(?:عام|سنه)\s+)?(?P<year>1[345]\d\d)(?![\d/]){era}?"
    numbered = rf"{before}(?:(?P<d>[0-3]?\d)\s?/\s?(?P<m>[01]?\d)\s?/\s?(?P<y>1[345]\d\d)|(?P<y2>1[345]\d\d)\s?/\s?(?P<m2>[01]?\d)\s?/\s?(?P<d2>[0-3]?\d)){era}"
    return re.compile(named), re.compile(numbered)


def _named(match: re.Match[str]) -> dt.date | None:
    return _date(int(match["year"]), _months()[" ".join(match["month"].split())], int(match["day"]))


def _numbered(match: re.Match[str]) -> dt.date | None:
    year, month, day = (int(match[name] or match[f"{name}2"]) for name in "ymd")
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> dt.date | None:
    from hijridate import Hijri

    if year not in YEARS:
        return None
    try:
        there = Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None
    return dt.date(there.year, there.month, there.day)
