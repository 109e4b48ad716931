"""The articles over time: how many there are of each stretch of days, drawn as bars that can be chosen."""

from __future__ import annotations

import datetime as dt
import html
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from assistant.citations import Language
from assistant.language.counted import articles as counted
from assistant.web.articles import Query, Row
from assistant.web.strings import long_date, month_name, say

_BARS: Final = 60  # more would be thinner than a finger
_YEARS: Final = {"year": 1, "decade": 10, "century": 100}


class Bar(NamedTuple):
    """The articles of a stretch of days, both ends included."""

    first: dt.date
    last: dt.date
    articles: int


def bars(dates: Iterable[dt.date]) -> tuple[str, list[Bar]]:
    """Articles by day, month, year, decade or century: the finest of these that needs no more than sixty bars.

    Stretches without articles are there too, so that distances are true.
    """
    days = sorted(dates)
    if not days:
        return "day", []
    for unit in ("day", "month", "year", "decade", "century"):
        found = _bars(days, unit)
        if len(found) <= _BARS:
            break
    return unit, found


def _bars(days: Sequence[dt.date], unit: str) -> list[Bar]:
    counts = Counter(_first(day, unit) for day in days)
    found: list[Bar] = []
    first = _first(days[0], unit)
    while first <= days[-1] and len(found) <= 2 * _BARS:
        following = _following(first, unit)
        last = following - dt.timedelta(days=1) if following else dt.date.max
        found.append(Bar(first, last, counts[first]))
        if following is None:
            break
        first = following
    return found


def _first(day: dt.date, unit: str) -> dt.date:
    if unit == "day":
        return day
    if unit == "month":
        return day.replace(day=1)
    return dt.date(max(1, day.year // _YEARS[unit] * _YEARS[unit]), 1, 1)


def _following(first: dt.date, unit: str) -> dt.date | None:
    try:
        if unit == "day":
            return first + dt.timedelta(days=1)
        if unit == "month":
            return dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return dt.date(first.year // _YEARS[unit] * _YEARS[unit] + _YEARS[unit], 1, 1)
    except (OverflowError, ValueError):
        return None


def timeline(all_rows: Sequence[Row], query: Query, ui: Language) -> str:
    """The articles over time as bars that can be chosen; nothing when fewer than two days are known."""
    dates = [row.date for row in all_rows if row.date]
    if len(set(dates)) < 2:
        return ""
    unit, found = bars(dates)
    most = max(bar.articles for bar in found)
    drawn = []
    for bar in found:
        name = _period(bar, unit, ui)
        label = html.escape(f"{name}: {counted(bar.articles, ui)}", quote=True)
        chosen = (query.since, query.until) == (bar.first, bar.last)
        height = 0 if not bar.articles else max(6, round(100 * bar.articles / most))
        if bar.articles:
            drawn.append(
                f'<button type="button" data-act="period" data-since="{bar.first}" data-until="{bar.last}" '
                f'aria-pressed="{"true" if chosen else "false"}" title="{label}" aria-label="{label}">'
                f'<i style="block-size:{height}%"></i></button>'
            )
        else:
            drawn.append("<span></span>")
    undated = sum(row.date is None and row.state != "skipped" for row in all_rows)
    ends = (
        f"<bdi>{html.escape(_period(found[0], unit, ui))}</bdi><bdi>{html.escape(_period(found[-1], unit, ui))}</bdi>"
    )
    note = (
        f'<span class="undated">{html.escape(say("undated", ui, articles=counted(undated, ui)))}</span>'
        if undated
        else ""
    )
    heading = html.escape(say("timeline", ui))
    return (
        f'<section aria-label="{heading}"><p class="heading"><span>{heading}</span>{note}</p>'
        f'<div class="bars" role="group" aria-label="{heading}">{"".join(drawn)}</div><p class="ends">{ends}</p></section>'
    )


def _period(bar: Bar, unit: str, ui: Language) -> str:
    if unit == "day":
        return long_date(bar.first, ui)
    if unit == "month":
        return f"{month_name(bar.first.month, ui)} {bar.first.year}"
    return str(bar.first.year) if unit == "year" else f"{bar.first.year}–{bar.last.year}"
