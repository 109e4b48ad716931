"""Dates as texts mention them: in full or in part, and relative to the day an article was written.

*27 September*, ``سبتمبر/أيلول الماضي``, *on Saturday*, *in 2020* and ``قبل عامين`` each state a part of a date.
`mentions` finds what is stated; `resolve` adds what follows from the article's date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from assistant.language.dates import month_names, parse_dates, weekday_names
from assistant.language.quantities import Quantity
from assistant.language.text import normalize_arabic


class Mention(NamedTuple):
    """What a text states of a date. ``days_off``, ``years_off``: from the article's date, for *yesterday*, *two years ago*."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    days_off: int | None = None
    years_off: int | None = None

    @property
    def absolute(self) -> bool:
        """Whether anything is stated that a calendar shows."""
        return (self.year, self.month, self.day, self.weekday) != (None, None, None, None)


class Moment(NamedTuple):
    """A date as far as it is known."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None

    @classmethod
    def of(cls, date: dt.date) -> Moment:
        return cls(date.year, date.month, date.day, date.weekday())

    def holds(self, claim: Mention) -> bool:
        """Whether all that ``claim`` states is so here."""
        return all(stated in (None, known) for stated, known in zip(claim[2:6], self, strict=True))


YEARS = range(1000, 2200)
# Names that are words too: they count only beside a number or after a word that dates.
_DOUBTFUL = frozenset(normalize_arabic(word) for word in "may march mar مارس آب ماي جوان أوت".split())
_DATING = re.compile(
    r"(?:\b(?:in|since|until|till|by|last|next|this|early|late|mid|of|from|to)|"
    r"(?<!\w)(?:في|شهر|منذ|حتي|خلال|اوايل|اواخر|منتصف|بدايه|نهايه))[\s-]{1,2}$"
)
_BEFORE = re.compile(r"(?:st|nd|rd|th)?[\s,،/-]{0,3}(?:من\s+|of\s+)?(?:شهر\s+)?")
_AFTER = re.compile(r"[\s.,،/)-]{0,3}(?:(?:من\s+)?(?:ال|ل)?(?:عام|سنه)\s+|of\s+)?")
_DAY_LIST = re.compile(r"(?:st|nd|rd|th)?\s{0,2}(?:(?:and|to|or|او|الي|حتي)\s|[-–—,،]|)\s{0,2}و?\s?")
_PAIR = re.compile(r"\s?[/(-]\s?")
_RELATIVE = (
    (r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b|(?<!\w)(?:اليوم|الليله)(?!\w)", 0, None),
    (r"\b(?:yesterday|last night)\b|(?<!\w)(?:ال)?(?:امس|بارحه)(?!\w)|الليله الماضيه", -1, None),
    (r"\btomorrow\b|(?<!\w)(?:ال)?غدا?(?!\w)", 1, None),
    (r"\bthis year\b|(?:هذا|هذه) (?:العام|السنه)|(?:العام|السنه) (?:الجاري|الحالي)", None, 0),
    (r"\blast year\b|(?:العام|السنه) (?:الماضي|الفايت|المنصرم)", None, -1),
    (r"\bnext year\b|(?:العام|السنه) (?:المقبل|القادم)", None, 1),
)
_YEARS = re.compile(r"\s{0,2}(?:years?|عاما?|اعوام|سنه|سنوات|سنين)(?!\w)")
_TWO_YEARS = re.compile(r"(?:عام|سنت)ين")
_SINCE = re.compile(r"(?<!\w)(?:قبل|منذ|since|for)\s+(?:(?:نحو|حوالي|اكثر من|about|nearly|some)\s+)?$")


class _Names(NamedTuple):
    months: re.Pattern[str]
    weekdays: re.Pattern[str]
    relative: tuple[tuple[re.Pattern[str], int | None, int | None], ...]


@cache
def _names() -> _Names:
    def any_of(names: Collection[str]) -> re.Pattern[str]:
        longest_first = sorted(names, key=len, reverse=True)
        inner = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in longest_first)
        return re.compile(rf"(?<!\w)[وفلب]?(?P<name>{inner})(?!\w)")

    relative = tuple((re.compile(pattern), days, years) for pattern, days, years in _RELATIVE)
    # Short English weekdays ("sat", "sun") are words.
    weekdays = [name for name in weekday_names() if not name.isascii() or name.endswith("day")]
    return _Names(any_of([name for name in month_names() if len(name) > 1]), any_of(weekdays), relative)


def mentions(text: str, numbers: Sequence[Quantity]) -> list[Mention]:
    """What a folded text states of dates, months first. ``numbers``: those of the text."""
    plain = normalize_arabic(text).lower()
    found = [Mention(*span, date.year, date.month, date.day) for date, span in parse_dates(text)]
    found += [mention for mention in _with_months(text, plain, numbers) if not _inside(mention.start, found)]
    months = list(found)
    for number in numbers:
        year = _year(number, text)
        if year is not None and not _inside(number.start, months):
            found.append(Mention(number.start, number.end, year=year))
    for match in _names().weekdays.finditer(plain):
        found.append(Mention(*match.span("name"), weekday=weekday_names()[" ".join(match["name"].split())]))
    found += _relative(plain, numbers)
    return found


def _inside(place: int, found: Sequence[Mention]) -> bool:
    return any(mention.start <= place < mention.end for mention in found)


def _year(number: Quantity, text: str) -> int | None:
    digits = text[number.start : number.end]
    return int(digits) if len(digits) == 4 and digits.isdecimal() and int(digits) in YEARS else None


def _day(number: Quantity) -> int | None:
    value = number.values[0]
    small = number.form in ("digits", "ordinal", "words") and 1 <= value <= 31 and value == value.to_integral_value()
    return int(value) if small else None


def _with_months(text: str, plain: str, numbers: Sequence[Quantity]) -> Iterator[Mention]:
    starts = {number.start: i for i, number in enumerate(numbers)}
    ends = {number.end: i for i, number in enumerate(numbers)}
    names = month_names()
    done = 0
    for match in _names().months.finditer(plain):
        start, end = match.span("name")
        if start < done:
            continue
        month = names[" ".join(match["name"].split())]
        pair = _PAIR.match(plain, end)
        other = _names().months.match(plain, pair.end()) if pair else None
        if other and names[" ".join(other["name"].split())] == month:
            end = other.end()
        days, first = _days_before(plain, start, numbers, ends)
        year, last = None, end
        following = _following(plain, last, starts)
        if following is not None and not days:
            day = _day(numbers[following])
            if day is not None:
                days, last = [day], numbers[following].end
                following = _following(plain, last, starts)
        if following is not None:
            year = _year(numbers[following], text)
            last = numbers[following].end if year is not None else last
        doubtful = match["name"] in _DOUBTFUL or (text[start].isascii() and not text[start].isupper())
        if doubtful and not days and year is None and not (end > match.end() or _DATING.search(plain[:start][-12:])):
            continue
        if doubtful and text[start].isascii() and not text[start].isupper():
            continue
        done = last
        for day in days or (None,):
            yield Mention(first, last, year, month, day)


def _days_before(plain: str, start: int, numbers: Sequence[Quantity], ends: dict[int, int]) -> tuple[list[int], int]:
    """Days that stand before a month's name ("12 and 13 September"), and where the first begins."""
    days: list[int] = []
    first, gap = start, _BEFORE
    while len(days) < 4:
        before = next((ends[end] for end in range(first, max(first - 12, -1), -1) if end in ends), None)
        if before is None or not gap.fullmatch(plain, numbers[before].end, first):
            break
        day = _day(numbers[before])
        if day is None:
            break
        days.append(day)
        first, gap = numbers[before].start, _DAY_LIST
    return days, first


def _following(plain: str, end: int, starts: dict[int, int]) -> int | None:
    gap = _AFTER.match(plain, end)
    return starts.get(gap.end()) if gap else None


def _relative(plain: str, numbers: Sequence[Quantity]) -> Iterator[Mention]:
    for pattern, days, years in _names().relative:
        for match in pattern.finditer(plain):
            yield Mention(*match.span(), days_off=days, years_off=years)
    for number in numbers:
        counted = _YEARS.match(plain, number.end)
        both = number.form == "hint" and _TWO_YEARS.search(plain[number.start : number.end])
        if counted or both:
            end = counted.end() if counted else number.end
            ago = re.match(r"\s+(?:ago|earlier|before|later|مضت|خلت)", plain[end : end + 12])
            value = number.values[0]
            if (
                (ago or _SINCE.search(plain[: number.start][-24:]))
                and value < 1000
                and value == value.to_integral_value()
            ):
                yield Mention(number.start, end, years_off=-int(value))


def resolve(found: Sequence[Mention], written: dt.date | None) -> list[Moment]:
    """The moments that mentions of one text may mean, given the date of its article.

    A month without a year may be of any year the text names, or the nearest to the article's date; a weekday is the nearest
    before or after it.
    """
    years = {mention.year for mention in found if mention.year is not None}
    moments: list[Moment] = []
    for mention in found:
        if mention.absolute:
            moments += _resolve(mention, years, written)
        elif written and mention.days_off is not None:
            # What happened overnight is told as of either day.
            shifts = {mention.days_off, 0} if mention.days_off <= 0 else {mention.days_off}
            moments += [Moment.of(day) for shift in shifts if (day := _shifted(written, shift))]
        elif written and mention.years_off is not None:
            moments += [Moment(year=written.year + mention.years_off)]
            moments += [Moment(year=year + mention.years_off) for year in years]
    return list(dict.fromkeys(moments))


def _resolve(mention: Mention, years: Collection[int], written: dt.date | None) -> Iterator[Moment]:
    year, month, day, weekday = mention[2:6]
    yield Moment(year, month, day, weekday)
    if weekday is not None and written:
        back = (written.weekday() - weekday) % 7
        for shift in (-back, 7 - back, -back - 7):
            date = _shifted(written, shift)
            if date:
                yield Moment.of(date)
    if month is None or (year is None and day is None and not years and not written):
        return
    candidates = {year} if year is not None else set(years)
    if year is None and written:
        candidates |= {written.year - (month > written.month), written.year + (month < written.month)}
    for candidate in candidates:
        yield _moment(candidate, month, day)


def _moment(year: int, month: int, day: int | None) -> Moment:
    if day is not None:
        try:
            return Moment.of(dt.date(year, month, day))
        except ValueError:
            pass
    return Moment(year, month, day)


def _shifted(date: dt.date, days: int) -> dt.date | None:
    try:
        return date + dt.timedelta(days=days)
    except OverflowError:
        return None
