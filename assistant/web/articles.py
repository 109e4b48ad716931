"""The list of articles: what to show of it, and the HTML of its rows.

Everything here is a function of records and of what the reader asked for; `routes` brings the two together.
"""

from __future__ import annotations

import datetime as dt
import html
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, Protocol

from assistant.catalogue import DocumentInfo
from assistant.citations import Language
from assistant.corpus import Skipped
from assistant.keeping.searching import folded
from assistant.scope import Scope
from assistant.web.markup import interface, reading
from assistant.web.reasons import reason
from assistant.web.sources import reference, visible
from assistant.web.strings import long_date, say

PAGE: Final = 50
"""Rows on a page."""
State = Literal["indexed", "changed", "skipped"]


class Row(NamedTuple):
    """An article, or a file that was left out; ``reason`` says why."""

    file: str
    title: str
    outlet: str | None
    date: dt.date | None
    language: Language | None
    size: int
    state: State
    reason: str
    guessed: str
    """The encoding, when it had to be guessed."""
    copies: tuple[tuple[str, str], ...] = ()
    """File and title of the articles that have the same text."""


class Listed(Protocol):
    """Where the list comes from; `assistant.chat.Assistant` is one."""

    def documents(self) -> Sequence[DocumentInfo]: ...
    def skipped(self) -> Sequence[Skipped]: ...
    def copies(self, file: str) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Query:
    """What the reader wants to see of the list. Empty fields leave nothing out."""

    words: str = ""
    outlet: str = ""
    language: str = ""
    state: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    sort: str = "date"
    descending: bool = True
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Query:
        """From the parameters of an address; whatever makes no sense is as if it were not there."""
        sort = given.get("sort", "")
        page = given.get("page", "")
        return cls(
            words=given.get("q", "")[:200],
            outlet=given.get("outlet", ""),
            language=given.get("language", ""),
            state=given.get("state", ""),
            since=_day(given.get("since", "")),
            until=_day(given.get("until", "")),
            sort=sort if sort in _ORDERS else "date",
            descending=given.get("order", "desc") != "asc",
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 8 else 1,
        )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def rows(listed: Listed) -> list[Row]:
    """Every article and every file that was left out."""
    documents = listed.documents()
    titles = {info.file: info.title for info in documents}
    found = [
        Row(
            info.file, info.title, info.outlet, info.date, info.language, info.size, "indexed", "",
            info.encoding if info.encoding_guessed else "",
            tuple((other, titles[other]) for other in listed.copies(info.file) if other in titles),
        )
        for info in documents
    ]  # fmt: skip
    return found + [
        Row(item.file, item.file, None, None, None, 0, "skipped", item.reason, "") for item in listed.skipped()
    ]


_ORDERS: Final[dict[str, Callable[[Row], Any]]] = {
    "title": lambda row: folded(row.title),
    "outlet": lambda row: folded(row.outlet or "") or "\U0010ffff",
    "date": lambda row: row.date or dt.date.min,
    "language": lambda row: row.language or "",
    "size": lambda row: row.size,
    "state": lambda row: row.state,
}


def select(all_rows: Iterable[Row], query: Query) -> list[Row]:
    """The rows that ``query`` asks for, in its order; equal ones by file."""
    words = folded(query.words).split()

    def wanted(row: Row) -> bool:
        if query.outlet and row.outlet != query.outlet:
            return False
        if query.language and row.language != query.language:
            return False
        if query.state and row.state != query.state:
            return False
        if (query.since or query.until) and (
            row.date is None or not (query.since or row.date) <= row.date <= (query.until or row.date)
        ):
            return False
        if not words:
            return True
        text = folded(f"{row.title}\n{row.outlet or ''}\n{row.file}")
        return all(word in text for word in words)

    kept = sorted((row for row in all_rows if wanted(row)), key=lambda row: row.file)
    return sorted(kept, key=_ORDERS[query.sort], reverse=query.descending)


_NAMED: Final = 2000
"""Files that a scope names one by one; a question that lists more would be a large one."""


def as_scope(found: Sequence[Row], query: Query) -> Scope:
    """What to ask to ask only what is shown; everything when that cannot be said."""
    if not (query.words or query.language or query.state):
        return Scope(outlets=frozenset({query.outlet} if query.outlet else ()), since=query.since, until=query.until)
    files = frozenset(row.file for row in found if row.state != "skipped")
    return Scope(files=files) if len(files) <= _NAMED else Scope()


def outlets(all_rows: Iterable[Row]) -> list[tuple[str, int]]:
    """Outlets with the number of their articles, the most frequent first."""
    counts = Counter(row.outlet for row in all_rows if row.outlet)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def pages(count: int) -> int:
    """How many pages ``count`` rows fill; an empty list has one."""
    return max(1, math.ceil(count / PAGE))


def shown(found: Sequence[Row], page: int) -> Sequence[Row]:
    """The rows of one page, counted from 1."""
    place = min(max(page, 1), pages(len(found))) - 1
    return found[place * PAGE : (place + 1) * PAGE]


def table_rows(shown_rows: Iterable[Row], changed: Callable[[str], bool], ui: Language, *, removable: bool) -> str:
    """``<tr>`` elements. ``changed`` says whether a file differs from what was indexed."""
    return "".join(_row(row, changed, ui, removable) for row in shown_rows)


def _row(row: Row, changed: Callable[[str], bool], ui: Language, removable: bool) -> str:
    state: State = "changed" if row.state == "indexed" and changed(row.file) else row.state
    file, title = html.escape(visible(row.file)), visible(row.title)
    name = f"<bdi {reading(title)}>{html.escape(title)}</bdi>"
    if row.state == "skipped":
        why = reason(visible(row.reason), ui)
        named = f'<span class="title">{name}</span><span class="why" {reading(why)}>{html.escape(why)}</span>'
        pick = ""
    else:
        link = f"#src={reference(row.file, 0, 0)}"
        named = f'<a class="title" href="{link}">{name}</a><bdi class="file" dir="ltr">{file}</bdi>{_copies(row, ui)}'
        label = html.escape(say("choose", ui, title=title), quote=True)
        pick = f'<input type="checkbox" data-file="{html.escape(row.file, quote=True)}" aria-label="{label}">'
    remove = ""
    if removable and row.state != "skipped":
        label = html.escape(say("remove", ui, title=title), quote=True)
        remove = (
            f'<button type="button" class="tool" data-act="remove" data-file="{html.escape(row.file, quote=True)}" '
            f'title="{label}" aria-label="{label}">{_BIN}</button>'
        )
    outlet = f"<bdi>{html.escape(visible(row.outlet))}</bdi>" if row.outlet else _nothing(ui)
    date = f"<bdi>{html.escape(long_date(row.date, ui))}</bdi>" if row.date else _nothing(ui)
    language = say(f"in_{row.language}", ui) if row.language else ""
    guessed = f' title="{html.escape(say("guessed", ui, encoding=row.guessed), quote=True)}"' if row.guessed else ""
    star = f'<span class="sr">{html.escape(say("guessed", ui, encoding=row.guessed))}</span>*' if row.guessed else ""
    return (
        f'<tr class="{state}"><td class="pick">{pick}</td><td class="what">{named}</td>'
        f'<td class="outlet">{outlet}</td><td class="date">{date}</td>'
        f'<td class="language"{guessed}>{html.escape(language)}{star}</td>'
        f'<td class="size"><bdi>{html.escape(_size(row.size, ui)) if row.size else ""}</bdi></td>'
        f'<td class="state"><span class="tag">{html.escape(say(f"state_{state}", ui))}</span></td>'
        f'<td class="acts">{remove}</td></tr>'
    )


_BIN: Final = (
    '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
    '<path d="M5 7h14M10 7V5h4v2M7 7l.8 12h8.4L17 7M10.500 10.5v5M13.5 10.5v5"/></svg>'
)


def _copies(row: Row, ui: Language) -> str:
    """That other articles have the same text, linked to the first of them."""
    if not row.copies:
        return ""
    file, title = row.copies[0]
    of = f'<a href="#src={reference(file, 0, 0)}"><bdi>{html.escape(visible(title))}</bdi></a>'
    key, more = ("copy_of_more", len(row.copies) - 1) if len(row.copies) > 1 else ("copy_of", 0)
    said = html.escape(say(key, ui, title="\0", n=more) if more else say(key, ui, title="\0")).replace("\0", of)
    return f'<span class="copies" {interface(ui)}>{said}</span>'


def _nothing(ui: Language) -> str:
    return f'<span class="unsaid" title="{html.escape(say("not_stated", ui), quote=True)}">–</span>'


def _size(size: int, ui: Language) -> str:
    if size < 1_000_000:
        return say("kilobytes", ui, n=f"{max(0.1, size / 1000):.1f}")
    return say("megabytes", ui, n=f"{size / 1e6:.1f}")
