"""Numbers and dates of a statement that the sentences it cites do not hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from assistant.cases import Case
from assistant.claims import Reading
from assistant.language.moments import Mention, Moment, resolve
from assistant.language.quantities import Quantity


def wrong_numbers(case: Case) -> Iterator[str]:
    """Numbers of the statement that the cited sentences have not, not even rounded or as part of a date."""
    known = {value for text in (*case.cited, *case.titles) for number in text.numbers for value in number.values}
    known |= {_together(run) for text in case.cited for run in _RUN.finditer(text.text)}
    moments = _moments(case)
    said = case.said
    half = any(_HALF in number.values for number in said.numbers)
    spelled = [run.span() for run in _RUN.finditer(said.text) if _together(run) in known]
    dated = [mention for mention in said.mentions if mention.month is not None]
    for number in said.numbers:
        if any(mention.start <= number.start < mention.end for mention in dated) or _is_no_claim(number, said.text):
            continue
        if known.intersection(number.values) or any(_rounded(value, number.values[0]) for value in known):
            continue
        if _with_half(number, known, half) or any(start <= number.start < end for start, end in spelled):
            continue
        if any(moment.year in number.values or moment.day in number.values for moment in moments):
            continue
        if _century(number, said.text, known) or _hundreds(number.values[0], said.text[number.end :], known):
            continue
        if _is_weak(number, said.text) and not any(_unsaid(text, said) for text in case.cited):
            continue
        yield said.text[number.start : number.end]


_HALF = Decimal("0.5")
# Digits set apart, as those of a telephone are.
_RUN = re.compile(r"(?<![\d.,])\d+(?: \d+)+(?![\d.,])")


def _together(run: re.Match[str]) -> Decimal:
    return Decimal(run[0].replace(" ", ""))


def _with_half(number: Quantity, known: set[Decimal], half: bool) -> bool:
    """Whether one side writes 6.5 and the other *six and a half*; ``half``: the statement names a half."""
    value = number.values[0]
    return (half and value + _HALF in known) or (_HALF in known and value - _HALF in known)


def _is_no_claim(number: Quantity, text: str) -> bool:
    return number.form == "hint" or (number.form != "digits" and number.values[0] == 1)


def _is_weak(number: Quantity, text: str) -> bool:
    """Counting what is named anyway: *the two countries*, *a second meeting*."""
    return number.form == "ordinal" or (number.form == "words" and number.values[0] <= 3)


def _unsaid(text: Reading, said: Reading) -> bool:
    """Whether the text has a number that the statement does not have."""
    values = {value for number in said.numbers for value in number.values}
    return any(
        values.isdisjoint(number.values) and number.form in ("words", "digits", "ordinal") and number.values[0] != 1
        for number in text.numbers
    )


def _rounded(value: Decimal, said: Decimal) -> bool:
    if value < 1000 or said == 0 or said == value or (_is_recent(value) and _is_recent(said)):
        return False
    places = said.normalize()
    exponent = places.as_tuple().exponent
    if not isinstance(exponent, int) or len(places.as_tuple().digits) < 2 or len(value.as_tuple().digits) > 28:
        return False
    return value.quantize(Decimal((0, (1,), exponent))) == said if exponent < value.adjusted() else False


def _is_recent(value: Decimal) -> bool:
    """Whether a number is more likely a year than a count: years are not rounded."""
    return 1800 <= value < 2100


def _century(number: Quantity, text: str, known: set[Decimal]) -> bool:
    if not (re.match(r"(?:st|nd|rd|th)?[\s-]centur", text[number.end :][:12]) or text[: number.start].endswith("قرن ")):
        return False
    return any(1000 <= value < 2200 and value // 100 + 1 == number.values[0] for value in known)


@lru_cache(maxsize=1024)
def _resolved(found: tuple[Mention, ...], written: dt.date | None) -> tuple[Moment, ...]:
    return tuple(resolve(found, written))


def _moments(case: Case) -> list[Moment]:
    dates = case.dates if len(case.dates) == len(case.cited) else list(dict.fromkeys(case.dates))
    return [m for text in case.cited for date in dict.fromkeys(dates) for m in _resolved(text.mentions, date)]


def wrong_dates(case: Case) -> Iterator[str]:
    """Dates of the statement that neither the cited sentences nor the day of their article allow."""
    inside = _moments(case)
    outside = [Moment.of(date) for date in case.dates if date]
    outside += [m for text in case.titles for date in dict.fromkeys(case.dates) for m in _resolved(text.mentions, date)]
    known = {value for text in (*case.cited, *case.titles) for number in text.numbers for value in number.values}
    for mention in case.said.mentions:
        if not mention.absolute or any(moment.holds(mention) for moment in inside):
            continue
        lone_year = mention.month is None and mention.weekday is None
        if lone_year and known.intersection({Decimal(mention.year or 0)}):
            continue
        if lone_year and _hundreds(Decimal(mention.year or 1), case.said.text[mention.end :], known):
            continue
        if any(moment.holds(mention) for moment in outside) and not _other_date(mention, case):
            continue
        if lone_year and any(_rounded(value, Decimal(mention.year or 0)) for value in known):
            continue
        yield case.said.text[mention.start : mention.end]


def _hundreds(year: Decimal, following: str, known: set[Decimal]) -> bool:
    """Whether *the early 2000s* are told as a century by its number, the 21st."""
    return year % 100 == 0 and following.startswith("s") and year // 100 + 1 in known


def _other_date(mention: Mention, case: Case) -> bool:
    """Whether the cited sentences state a date of the same kind that the statement does not."""
    for text in case.cited:
        for other in text.mentions:
            same_kind = any(a is not None and b is not None for a, b in zip(mention[2:6], other[2:6], strict=True))
            said = any(
                all(a is None or b is None or a == b for a, b in zip(each[2:6], other[2:6], strict=True))
                and any(a is not None and a == b for a, b in zip(each[2:6], other[2:6], strict=True))
                for each in case.said.mentions
            )
            if same_kind and not said:
                return True
    return False
