"""What the days that a question speaks of mean for the articles that are asked.

An article cannot tell of what came after it. So what happened "since March" or "last week" is asked of articles that are not
older than that; one without a date may be asked. Articles *from* a time are those published then, and no others. For a time
in the past ("in October 2020") an article may be of any later day: those of that time only count more, as all words do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.citations import Effect, Period
from assistant.language.dates import spoken
from assistant.language.periods import period_of
from assistant.language.terms import question_words
from assistant.language.text import Language
from assistant.scope import Described, Scope

NOTICES: dict[str, dict[Language, str]] = {
    "none": {"en": "No article is of these days; the newest is of {newest}.",
             "ar": "لا مقال من هذه الأيام؛ أحدث المقالات بتاريخ {newest}."},
    "undated": {"en": "No article states a date, so none is known to be of these days.",
                "ar": "لا يذكر أي مقال تاريخه، فلا يُعرف مقال من هذه الأيام."},
}  # fmt: skip

_READ: dict[Effect, dict[Language, str]] = {
    "published": {"en": "Only articles of these days were asked: {days} ({words}).",
                  "ar": "سُئلت مقالات هذه الأيام وحدها: {days} ({words})."},
    "older": {"en": "Read {words} as {days}; older articles were left out.",
              "ar": "قُرئت {words} على أنها {days}؛ وتُركت المقالات الأقدم."},
    "nearer": {"en": "Read {words} as {days}; articles of that time count more.",
               "ar": "قُرئت {words} على أنها {days}؛ ورُجّحت مقالات ذلك الوقت."},
    "none": {"en": "Read {words} as {days}.", "ar": "قُرئت {words} على أنها {days}."},
}  # fmt: skip
_SPAN: dict[str, dict[Language, str]] = {
    "both": {"en": "{since} to {until}", "ar": "{since} إلى {until}"},
    "since": {"en": "{since} and later", "ar": "{since} وما بعده"},
    "until": {"en": "{until} and earlier", "ar": "{until} وما قبله"},
}  # fmt: skip


def read_as(period: Period, language: Language, word: Callable[[str], str]) -> str:
    """A line that tells a reader how the days were read; ``word`` sets off the question's words."""
    since, until = (spoken(day, language) if day else "" for day in (period.since, period.until))
    open_ = "both" if since and until else "since" if since else "until"
    days = since if since == until else _SPAN[open_][language].format(since=since, until=until)
    return _READ[period.effect][language].format(days=days, words=word(period.words))


def narrowed(question: str, scope: Scope, today: dt.date) -> tuple[Scope, Period | None]:
    """The part of ``scope`` that a question is about, and how its words were read. What a person has chosen stands."""
    found = period_of(question, today)
    if found is None:
        return scope, None
    period = Period(found.words, found.since, found.until, "nearer")
    if scope.since or scope.until:
        return scope, period
    if found.published:
        return replace(scope, since=found.since, until=found.until), period._replace(effect="published")
    if found.since is not None and (found.relative or found.onwards):
        return replace(scope, since=found.since, undated=True), period._replace(effect="older")
    return scope, period


class Days(NamedTuple):
    """What is asked of which articles. ``nothing``: a line for the reader; none of them is of the days asked about.

    ``scope`` then is all that was to be asked: what there is of other days may be read on, and is no answer. ``searched``: the
    question as it is looked for. Words of time that have chosen the articles are not looked for in them once more: every line with
    a date would seem to answer.
    """

    searched: str
    scope: Scope
    period: Period | None = None
    nothing: str | None = None


def days_of(
    question: str,
    scope: Scope,
    articles: Callable[[], Sequence[Described]],
    language: Language,
    today: dt.date,
) -> Days:
    """The days of a question, for a reader of ``language``; ``articles`` are all there are."""
    inside, period = narrowed(question, scope, today)
    if period is None or inside == scope:
        return Days(question, scope, period)
    rest = question.replace(period.words, " ", 1)
    searched = rest if question_words(rest) else question
    there = [each for each in articles() if scope.admits(each)]
    kept = list(filter(inside.admits, there))
    if len(kept) == len(there):  # all may tell of it
        return Days(searched, scope, period._replace(effect="none"))
    # Articles without a date may tell of these days as well; that they do is not to be thought where no other can.
    if any(each.date for each in kept):
        return Days(searched, inside, period)
    newest = max((each.date for each in there if each.date), default=None)
    if newest is None:
        return Days(searched, scope, period, NOTICES["undated"][language])
    return Days(searched, scope, period, NOTICES["none"][language].format(newest=spoken(newest, language)))
