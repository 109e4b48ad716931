"""The days that a question speaks of: *in October 2020*, *since March*, ``العام الماضي``, *articles from September 2022*.

What is relative is counted from today, the day of the asking: a question has no other date. A question that names several
times without saying "between" or "from ... to" speaks of none in particular.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.language.moments import Mention, mentions
from assistant.language.quantities import Quantity, quantities
from assistant.language.text import fold, normalize_arabic


class Period(NamedTuple):
    """Days from ``since`` to ``until``, both included; ``None`` is open. ``words``: how the question says it.

    ``relative``: it is counted from today. ``published``: it is said of the articles, not of what they tell. ``onwards``: what is
    told began within it, as after "since" or "between".
    """

    words: str
    since: dt.date | None
    until: dt.date | None
    relative: bool = False
    published: bool = False
    onwards: bool = False


class _Days(NamedTuple):
    start: int
    end: int
    since: dt.date
    until: dt.date
    relative: bool
    counted: bool = False
    """It says by itself which side of today it is on: *two years ago*."""


_LAST_EN, _LAST_AR = r"(?:last|past|previous)", r"(?:الماضي|الماضيه|الفايت|الفايته|المنصرم|المنصرمه)"
_AFTER_NAME = re.compile(rf"\s+{_LAST_AR}(?!\w)")
_BEFORE_NAME = re.compile(rf"\b{_LAST_EN}\s+$")
_UNIT = {"day": "day", "week": "week", "month": "month", "year": "year", "يوم": "day", "اسبوع": "week", "شهر": "month", "عام": "year", "سنه": "year"}  # fmt: skip
_PLURAL = {"ايام": "day", "اسابيع": "week", "اشهر": "month", "شهور": "month", "اعوام": "year", "سنوات": "year", "سنين": "year"}  # fmt: skip
_DUAL = {"يومين": "day", "اسبوعين": "week", "شهرين": "month", "عامين": "year", "سنتين": "year"}
_ONE = re.compile(
    rf"\b(?P<at>last|past|previous|this)\s+(?P<en>week|month|year)\b"
    rf"|(?<!\w)[وفبل]?ال(?P<ar>اسبوع|شهر|عام|سنه)\s+(?P<then>{_LAST_AR}|الجاري|الحالي|الجاريه|الحاليه)(?!\w)"
    r"|(?<!\w)[وفبل]?هذ[اه]\s+ال(?P<this>اسبوع|شهر|عام|سنه)(?!\w)"
)
_DAY = re.compile(r"\b(?P<today>today)\b|\b(?P<yesterday>yesterday)\b|(?<!\w)(?P<اليوم>اليوم)(?=\W*$)|(?<!\w)[ال]{0,2}(?P<امس>امس)(?!\w)")  # fmt: skip
_SOME_EN = re.compile(rf"\b{_LAST_EN}\s+$")
_SOME_AR = re.compile(r"(?<!\w)(?:اخر|ال)$")
_UNITS_EN = re.compile(r"\s+(?P<unit>day|week|month|year)s?\b")
_UNITS_AR = re.compile(rf"\s+(?P<unit>{'|'.join([*_PLURAL, *_UNIT])})(?!\w)")
_LAST_SOME_AR = re.compile(
    rf"(?<!\w)(?:ال(?P<plural>{'|'.join(_PLURAL)})\s+(?:ال)?|ال(?P<dual>{'|'.join(_DUAL)})\s+(?:الماضيين|الاخيرين)|اخر\s+(?P<two>{'|'.join(_DUAL)}))"
)

# What stands before a time and says which side of it is meant; "in" and the like mean the time itself.
_SINCE = r"\bsince|\bfrom|\bstarting|(?<!\w)(?:منذ|من|ابتداء من|اعتبارا من)"
_AFTER = r"\bafter|(?<!\w)(?:بعد|عقب)"
_UNTIL = r"\buntil|\btill|\bup to|\bby|\bthrough|(?<!\w)(?:حتي|لغايه)"
_BEFORE = r"\bbefore|\bprior to|(?<!\w)قبل"
_IN = r"\bin|\bduring|\bof|\bon|\bthroughout|(?<!\w)(?:في|خلال|اثناء|عن|ل|ب)"
_SIDE = re.compile(
    rf"(?:(?P<since>{_SINCE})|(?P<after>{_AFTER})|(?P<until>{_UNTIL})|(?P<before>{_BEFORE})|(?P<within>{_IN}))"
    r"(?:\s+(?:the\s+)?(?:year|month|early|late|mid|end of|beginning of|start of|عام|العام|سنه|شهر|مطلع|اوايل|اواخر|نهايه|بدايه|يوم))*[\s-]*$"
    r"|(?P<named>(?<!\w)[وفبل]?(?:ال)?(?:عام|سنه))\s+$"
)
_TO = re.compile(r"\s*(?:and|to|until|till|through|[-–—]|الي|حتي|و)\s*(?:عام\s+|سنه\s+|شهر\s+)?و?")
_BOTH = re.compile(r"(?:\bbetween|\bfrom|(?<!\w)(?:ما\s+)?بين|(?<!\w)من)(?:\s+(?:عامي|عام|سنه|شهر|the))*\s+$")
_FROM = re.compile(r"from\b|من(?!\w)")
_OF_ARTICLES = re.compile(
    r"(?:\b(?:articles?|news|reports?|stories|coverage|pieces|headlines)(?:\s+(?:that\s+)?(?:were\s+|was\s+)?(?:published|written|dated|posted))?"
    r"|\b(?:published|dated|posted)"
    r"|(?<!\w)(?:ال)?(?:مقال|مقالات|مقاله|اخبار|تقارير|تقرير|تغطيه)(?:\s+(?:ال)?(?:منشور|منشوره|صادره|مورخه))?|(?<!\w)(?:نشر|نشرت|المنشوره|الصادره)"
    r")\s*$"
)


def period_of(question: str, today: dt.date) -> Period | None:
    """The days that a question names, if it names one time, or one range of times."""
    folded = fold(question)
    plain = normalize_arabic(folded.text).lower()
    numbers = quantities(folded.text)
    found = sorted(_times(folded.text, plain, numbers, today))
    if not found or len(found) > 2:
        return None
    begin = found[0]
    if len(found) == 2:
        end = found[1]
        opening = _BOTH.search(plain[: begin.start])
        if not (opening and _TO.fullmatch(plain[begin.end : end.start]) and begin.since <= end.until):
            return None
        since: dt.date | None = begin.since
        until: dt.date | None = end.until
        start, stop, relative = opening.start(), end.end, begin.relative or end.relative
    else:
        start, stop, relative = begin.start, begin.end, begin.relative
        side = None if begin.counted else _SIDE.search(plain[: begin.start])
        if side is None and not relative and begin.until - begin.since > dt.timedelta(31):
            return None  # a year that is part of a name: "the 2018 World Cup"
        start = side.start() if side else start
        way = side.lastgroup if side else None
        if way == "since" and _FROM.match(plain, start) and _OF_ARTICLES.search(plain[:start]):
            way = "within"  # "articles from September"
        try:
            since, until = _sided(begin, way)
        except OverflowError:
            return None
    published = bool(_OF_ARTICLES.search(plain[:start]))
    words = question[slice(*folded.original(start, stop))].strip()
    onwards = since is not None and (until is None or len(found) == 2)
    return Period(words, since, until, relative, published, onwards)


def _sided(days: _Days, side: str | None) -> tuple[dt.date | None, dt.date | None]:
    one = dt.timedelta(days=1)
    if side == "since":
        return days.since, None
    if side == "after":
        return days.until + one, None
    if side == "until":
        return None, days.until
    if side == "before":
        return None, days.since - one
    return days.since, days.until


def _times(text: str, plain: str, numbers: list[Quantity], today: dt.date) -> Iterator[_Days]:
    """Every time that is named, each once: those counted from today go first, for they take a part of the others."""
    relative = list(_relative(plain, numbers, today))
    yield from relative
    for mention in mentions(text, numbers):
        taken = any(each.start < mention.end and mention.start < each.end for each in relative)
        days = None if taken else _absolute(mention, plain, today)
        if days:
            yield days


def _absolute(mention: Mention, plain: str, today: dt.date) -> _Days | None:
    start, end, year, month, day = mention[:5]
    if mention.weekday is not None or mention.days_off is not None:
        return None
    if mention.years_off is not None:
        at = today.year + mention.years_off
        return _Days(start, end, dt.date(at, 1, 1), dt.date(at, 12, 31), True, True) if at >= 1 else None
    relative = False
    if year is None and month is not None and day is None:
        after, before = _AFTER_NAME.match(plain, end), _BEFORE_NAME.search(plain[:start])
        if not (after or before):
            return None  # of any year
        year, relative = today.year - (month >= today.month), True
        start, end = (before.start() if before else start), (after.end() if after else end)
    if year is None or (day is not None and month is None):
        return None
    first, last = _bounds(year, month, day)
    return _Days(start, end, first, last, relative) if first and last else None


def _bounds(year: int, month: int | None, day: int | None) -> tuple[dt.date | None, dt.date | None]:
    try:
        if month is None:
            return dt.date(year, 1, 1), dt.date(year, 12, 31)
        if day is None:
            return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        return dt.date(year, month, day), dt.date(year, month, day)
    except ValueError:
        return None, None


def _relative(plain: str, numbers: list[Quantity], today: dt.date) -> Iterator[_Days]:
    for match in _ONE.finditer(plain):
        unit = _UNIT[match["en"] or match["ar"] or match["this"]]
        current = match["at"] == "this" or match["this"] or (match["then"] or "").startswith(("الجاري", "الحالي"))
        yield _Days(*match.span(), *_unit(unit, today, 0 if current else -1), True)
    for match in _DAY.finditer(plain):
        day = today - dt.timedelta(days=match["yesterday"] is not None or match["امس"] is not None)
        yield _Days(*match.span(), day, day, True)
    for number in numbers:
        before = _SOME_EN.search(plain[: number.start])
        counted = _UNITS_EN.match(plain, number.end) if before else None
        if before is None:
            before = _SOME_AR.search(plain[: number.start].rstrip() if plain[: number.start].endswith(" ") else plain[: number.start])  # fmt: skip
            counted = _UNITS_AR.match(plain, number.end) if before else None
        value = number.values[0]
        if before and counted and 0 < value < 1000 and value == value.to_integral_value():
            name = counted["unit"]
            unit = _UNIT.get(name) or _PLURAL[name]
            yield _Days(before.start(), counted.end(), _back(today, unit, int(value)), today, True)
    for match in _LAST_SOME_AR.finditer(plain):
        if match["plural"] is None:
            yield _Days(*match.span(), _back(today, _DUAL[match["dual"] or match["two"]], 2), today, True)
            continue
        places = (match.end(), match.end() - 2)  # with its article, as one says it, or without
        counted_ = next((number for number in numbers if number.start in places), None)
        if counted_ and re.match(r"\s+(?:الماضيه|الاخيره)", plain[counted_.end :]):
            unit = _PLURAL[match["plural"]]
            yield _Days(match.start(), counted_.end, _back(today, unit, int(counted_.values[0])), today, True)


def _unit(unit: str, today: dt.date, off: int) -> tuple[dt.date, dt.date]:
    """The calendar's week (from Monday), month or year, ``off`` from the current one."""
    if unit == "week":
        monday = today - dt.timedelta(days=today.weekday() - 7 * off)
        return monday, monday + dt.timedelta(days=6)
    if unit == "month":
        months = today.year * 12 + today.month - 1 + off
        year, month = divmod(months, 12)
        return dt.date(year, month + 1, 1), dt.date(year, month + 1, calendar.monthrange(year, month + 1)[1])
    return dt.date(today.year + off, 1, 1), dt.date(today.year + off, 12, 31)


def _back(today: dt.date, unit: str, count: int) -> dt.date:
    """The day so many units before today."""
    if unit in ("day", "week"):
        return today - dt.timedelta(days=count * (7 if unit == "week" else 1))
    months = max(12, today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1))
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
