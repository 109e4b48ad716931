"""Full dates in Arabic and English text.

A date is found only when day, month and year are all stated and can be read in one way; anything else is left alone.
The month names are those of CLDR: those of Egypt and the Gulf (سبتمبر), of the Levant and Iraq (أيلول), of the Maghreb
(جوان، شتنبر) and the English ones, alone or paired (سبتمبر/أيلول). Digits may be of any script. Hijri dates are those
of `assistant.language.hijri`.
"""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache
from typing import NamedTuple

from assistant.language.hijri import hijri_dates
from assistant.language.sentences import Span
from assistant.language.text import Language, fold, is_arabic, normalize_arabic

_ARABIC_LOCALES = ("ar", "ar_SY", "ar_DZ", "ar_MA")
# Spellings of the press that CLDR does not list.
_MORE_MONTHS = {"sept": 9, "تشرين اول": 10, "تشرين ثاني": 11, "كانون اول": 12, "كانون ثاني": 1}
_MORE_WEEKDAYS = {"tues": 1, "thur": 3, "thurs": 3}
_YEARS = range(1500, 2200)
"""Years the Gregorian calendar may state; an earlier one is more likely Hijri."""


class _Names(NamedTuple):
    months: dict[str, int]
    weekdays: dict[str, int]


class _Grammar(NamedTuple):
    names: _Names
    words: re.Pattern[str]
    """Dates that name their month."""
    numbers: re.Pattern[str]
    """Dates of three numbers."""


def parse_dates(text: str, *, day_first: bool | None = None) -> list[tuple[dt.date, Span]]:
    """The full dates of ``text`` in order, each with its span (weekday included; time of day only in RFC 2822 dates).

    ``day_first`` settles ``5/6/2022``; with ``None`` it is left out unless its weekday settles it. A time zone
    is not applied: the date is the one that is written.
    """
    if not _YEAR.search(text):
        return []
    folded = fold(text)
    # Folding has left no letter whose lower case is longer, so the offsets hold.
    plain = normalize_arabic(folded.text).lower()
    grammar = _grammar()
    found: list[tuple[dt.date, int, int]] = []
    for match in grammar.words.finditer(plain):
        date = _named(match, grammar.names)
        if date:
            found.append((date, *_rfc_2822(plain, match)))
    for match in grammar.numbers.finditer(plain):
        date = _numbered(match, grammar.names, day_first)
        if date:
            found.append((date, *match.span()))
    found += hijri_dates(plain, [(start, end) for _, start, end in found])
    found.sort(key=lambda item: item[1])
    return [(date, Span(*folded.original(start, end))) for date, start, end in found]


_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_TIME = re.compile(r"\s+\d{1,2}:\d{2}(?::\d{2})?\s+(?:[+-]\d{4}|gmt|ut|utc|est|edt|cst|cdt|mst|mdt|pst|pdt)(?!\w)")


@cache
def _names() -> _Names:
    """Month and weekday names as they look once folded."""
    from babel import Locale

    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for locale in (*map(Locale.parse, _ARABIC_LOCALES), Locale.parse("en")):
        for width in ("wide", "abbreviated"):
            months |= {_plain(name): number for number, name in locale.months["format"][width].items()}
            weekdays |= {_plain(name): number for number, name in locale.days["format"][width].items()}
    months |= {_plain(name): number for name, number in _MORE_MONTHS.items()}
    weekdays |= {_plain(name): number for name, number in _MORE_WEEKDAYS.items()}
    return _Names(months, weekdays)


def _plain(name: str) -> str:
    return normalize_arabic(fold(name).text).lower().removesuffix(".")


@cache
def _grammar() -> _Grammar:
    names = _names()
    month = _any_of(names.months) + r"(?!\w)\.?"
    pair = rf"{month}(?:\s*[/(-]\s*{month}\s*\)?)?"
    weekday = rf"(?:(?P<weekday>{_any_of(names.weekdays)})(?!\w)\.?\s*[,،]?\s*(?:the\s+)?(?:الموافق\s*(?:ل\s*)?)?)?"
    # Not inside a number, a version, an address or a word.
    before, after = r"(?:(?<![\w/.:-])|(?<=\bال))", r"(?![\d/]|[.:-]\d)"
    day = r"(?P<{}>[0-3]?\d)"
    joint = r"(?:\s*[/,،-]\s*|\s+)"
    year = r"(?P<{}>[12]\d{{3}})"
    of_year = rf"{joint}(?:(?:من\s+)?(?:ال)?(?:عام|سنه|لعام|لسنه)\s+|of\s+)?"
    day_month = (
        day.format("day")
        + rf"(?:st|nd|rd|th)?(?:{joint}|)(?:من\s+|of\s+)?(?:شهر\s+)?(?P<month>{pair}){of_year}"
        + year.format("year")
    )
    month_day = (
        rf"(?P<month2>{pair})\s+" + day.format("day2") + r"(?:st|nd|rd|th)?(?:\s*[,،]\s*|\s+)" + year.format("year2")
    )
    words = rf"{before}{weekday}(?<![\d])(?:{day_month}|{month_day}){after}"
    three = r"(?P<a>\d{4}|\d{1,2})\s?(?P<sep>[/.-])\s?(?P<b>\d{1,2})\s?(?P=sep)\s?(?P<c>\d{4}|\d{1,2})"
    iso_time = r"(?:t\d{2}:\d{2}[\d:.]*(?:z|[+-]\d{2}:?\d{2})?)?"
    hijri = r"(?!\s*(?:ه\b|هجري))"
    numbers = rf"{before}{weekday}{three}{iso_time}(?![\w/-]|[.:]\d){hijri}"
    return _Grammar(names, re.compile(words), re.compile(numbers))


def _any_of(names: dict[str, int]) -> str:
    longest_first = sorted(names, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest_first) + ")"


def _named(match: re.Match[str], names: _Names) -> dt.date | None:
    stated = re.split(r"\s*[/()-]\s*", match["month"] or match["month2"])
    months = {names.months[" ".join(name.rstrip(". ").split())] for name in stated if name}
    if len(months) != 1:
        return None
    return _date(int(match["year"] or match["year2"]), months.pop(), int(match["day"] or match["day2"]))


def _numbered(match: re.Match[str], names: _Names, day_first: bool | None) -> dt.date | None:
    a, b, c = match["a"], match["b"], match["c"]
    if (len(a) == 4) == (len(c) == 4):
        return None
    if len(a) == 4:
        return _date(int(a), int(b), int(c))
    year, first, second = int(c), int(a), int(b)
    readings = {date for date in (_date(year, second, first), _date(year, first, second)) if date}
    weekday = names.weekdays.get(match["weekday"] or "")
    if len(readings) == 2 and weekday is not None:
        readings = {date for date in readings if date.weekday() == weekday}
    if len(readings) == 2 and day_first is not None:
        return _date(year, second, first) if day_first else _date(year, first, second)
    return readings.pop() if len(readings) == 1 else None


def _rfc_2822(plain: str, match: re.Match[str]) -> tuple[int, int]:
    """The span of a date, with the time and the zone that make it an RFC 2822 date."""
    time = _TIME.match(plain, match.end())
    if time:
        try:
            parsedate_to_datetime(plain[match.start() : time.end()])
        except ValueError:
            return match.span()
        return match.start(), time.end()
    return match.span()


def _date(year: int, month: int, day: int) -> dt.date | None:
    if year not in _YEARS:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


_IN_NAME = re.compile(
    r"(?<![0-9A-Za-z])(?P<y>(?:19|20)\d\d)(?P<sep>[-_.]?)(?P<m>[01]\d)(?P=sep)(?P<d>[0-3]\d)(?![0-9A-Za-z])"
    r"|(?:^|/)(?P<y2>(?:19|20)\d\d)/(?P<m2>[01]?\d)/(?P<d2>[0-3]?\d)(?=/)"
)


def date_in_name(file: str) -> dt.date | None:
    """The one day that the name of a file, or the folders it is in, state: ``2022-09-13 talks.txt``, ``2022/09/13/talks.txt``."""
    found = {
        _date(*(int(match[part] or match[f"{part}2"]) for part in ("y", "m", "d"))) for match in _IN_NAME.finditer(file)
    }
    return found.pop() if len(found) == 1 else None


def month_names() -> dict[str, int]:
    """Month names of both languages, folded, normalised and in lower case, with the number of the month."""
    return _names().months


def weekday_names() -> dict[str, int]:
    """Weekday names likewise; Monday is 0."""
    return _names().weekdays


def spoken(date: dt.date, language: Language) -> str:
    """The date as a reader of the language writes it: ``14 September 2022``, ``14 سبتمبر 2022``."""
    from babel.dates import format_date

    # Latin digits in Arabic too: the articles use both, and dates must look the same wherever they stand.
    return str(format_date(date, "d MMMM y", locale="ar" if language == "ar" else "en"))


def names_part_of(word: str, date: dt.date) -> bool:
    """Whether a question's token (``#2020``, ``September``, ``أيلول``, ``#--09``) names the year or the month of a date."""
    if word.startswith("#--"):
        return int(word[3:]) == date.month
    if word[0] == "#":
        return word[1:] == str(date.year)
    return month_of(word) == date.month


_PROCLITICS = ("و", "ب", "ل", "ف", "ال")
# Month names that differ from another word by a hamza or a clitic (آب is August, أب father, باب a door).
_SHORT = frozenset(("آب", "أوت", "ماي", "غشت", "مارس"))


@lru_cache(maxsize=8192)
def month_of(word: str) -> int | None:
    """The month, 1 to 12, that a token's word names, clitics aside; None for any other word."""
    if word[0] in "#@":
        return None
    months = _names().months
    if not is_arabic(word):
        # "may" and "march" are words; a month has its capital.
        return months.get(word.lower()) if word[0].isupper() or word in _LOWER_CASE else None
    plain = normalize_arabic(word)
    if plain in months:
        return months[plain] if len(word) > 3 or word in _SHORT else None
    rests = (plain[len(clitic) :] for clitic in _PROCLITICS if plain.startswith(clitic))
    return next((months[rest] for rest in rests if len(rest) > 4 and rest in months), None)


_LOWER_CASE = frozenset("january february april june july august september october november december".split())
