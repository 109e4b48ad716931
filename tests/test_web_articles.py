"""The list of articles: what is shown of it, in which order, and as what HTML."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.catalogue import DocumentInfo
from assistant.corpus import Skipped
from assistant.scope import Scope
from assistant.web import articles, timeline
from assistant.web.articles import Query, Row
from assistant.web.reasons import reason
from assistant.web.sources import reference
from assistant.web.timeline import Bar

ATTACK = "<img src=x onerror=alert(1)>\u202egpj"


def info(
    file: str, title: str, date: dt.date | None = None, outlet: str | None = None, language: str = "ar"
) -> DocumentInfo:
    return DocumentInfo(file, title, date, outlet, None, language, "utf-8", False, "0" * 64, 4700, 0, 3)  # type: ignore[arg-type]


@dataclass
class Library:
    held: list[DocumentInfo] = field(default_factory=list)
    left_out: list[Skipped] = field(default_factory=list)
    reprinted: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def documents(self) -> list[DocumentInfo]:
        return self.held

    def skipped(self) -> list[Skipped]:
        return self.left_out

    def copies(self, file: str) -> tuple[str, ...]:
        return self.reprinted.get(file, ())


LIBRARY = Library(
    [
        info("a.txt", "أرمينيا تطلب المساعدة", dt.date(2022, 9, 14), "DW"),
        info("b.txt", "Armenia asks for help", dt.date(2020, 10, 31), "The Times", "en"),
        info("c.txt", "بلا تاريخ", None, None),
    ],
    [Skipped("broken.txt", "the file is empty")],
)
ROWS = articles.rows(LIBRARY)


def files(query: Query) -> list[str]:
    return [row.file for row in articles.select(ROWS, query)]


def test_articles_and_files_left_out_are_all_there() -> None:
    assert [(row.file, row.state) for row in ROWS] == [
        ("a.txt", "indexed"), ("b.txt", "indexed"), ("c.txt", "indexed"), ("broken.txt", "skipped"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(), ["a.txt", "b.txt", "broken.txt", "c.txt"]),
        (Query(descending=False), ["broken.txt", "c.txt", "b.txt", "a.txt"]),
        (Query(words="ارمينيا"), ["a.txt"]),
        (Query(words="TIMES help"), ["b.txt"]),
        (Query(words="help nothing"), []),
        (Query(outlet="DW"), ["a.txt"]),
        (Query(language="en"), ["b.txt"]),
        (Query(state="skipped"), ["broken.txt"]),
        (Query(since=dt.date(2022, 1, 1)), ["a.txt"]),
        (Query(until=dt.date(2020, 10, 31)), ["b.txt"]),
        (Query(sort="title", descending=False), ["b.txt", "broken.txt", "a.txt", "c.txt"]),
    ],
)
def test_the_reader_chooses_what_is_shown(query: Query, found: list[str]) -> None:
    assert sorted(files(query)) == sorted(found)
    if query.sort == "date" and not query.words:
        assert [file for file in files(query) if file in ("a.txt", "b.txt")] == [
            file for file in found if file in ("a.txt", "b.txt")
        ]


@given(st.dictionaries(st.sampled_from(["q", "outlet", "since", "until", "sort", "order", "page", "state"]), st.text()))
def test_whatever_an_address_says_can_be_answered(given_parameters: dict[str, str]) -> None:
    query = Query.read(given_parameters)
    found = articles.select(ROWS, query)
    shown = articles.shown(found, query.page)
    assert set(shown) <= set(ROWS)
    assert bool(shown) == bool(found)
    timeline.timeline(ROWS, query, "ar")


@given(st.lists(st.dates(), max_size=30))
def test_the_timeline_counts_every_article_once_and_leaves_no_gap(dates: list[dt.date]) -> None:
    unit, bars = timeline.bars(dates)
    assert sum(bar.articles for bar in bars) == len(dates)
    assert all(later.first - earlier.last == dt.timedelta(days=1) for earlier, later in pairwise(bars))
    assert len(bars) <= (100 if unit == "century" else 60)
    for date in dates:
        assert any(bar.first <= date <= bar.last and bar.articles for bar in bars)


def test_the_timeline_takes_the_finest_stretch_that_fits() -> None:
    assert timeline.bars([dt.date(2022, 9, 13), dt.date(2022, 9, 14)]) == (
        "day", [Bar(dt.date(2022, 9, 13), dt.date(2022, 9, 13), 1), Bar(dt.date(2022, 9, 14), dt.date(2022, 9, 14), 1)]
    )  # fmt: skip
    assert timeline.bars([dt.date(2020, 10, 31), dt.date(2022, 9, 14)])[0] == "month"
    assert timeline.bars([dt.date(1990, 1, 1), dt.date(2022, 9, 14)])[0] == "year"
    assert timeline.bars([dt.date(1500, 1, 1), dt.date(2022, 9, 14)])[0] == "decade"


@pytest.mark.parametrize("ui", ["en", "ar"])
def test_bars_say_what_they_are_and_what_is_chosen(ui: str) -> None:
    query = Query(since=dt.date(2022, 9, 1), until=dt.date(2022, 9, 30))
    drawn = timeline.timeline(ROWS, query, ui)  # type: ignore[arg-type]
    assert drawn.count("<button") == 2
    assert drawn.count('aria-pressed="true"') == 1
    assert ("September 2022: 1 article" in drawn) == (ui == "en")
    assert ("سبتمبر 2022: مقال واحد" in drawn) == (ui == "ar")


def test_one_day_needs_no_timeline() -> None:
    assert timeline.timeline(ROWS[:1], Query(), "en") == ""


@pytest.mark.parametrize("ui", ["en", "ar"])
def test_no_text_from_outside_becomes_markup(ui: str) -> None:
    held = info(f"{ATTACK}.txt", ATTACK, dt.date(2022, 9, 14), ATTACK)
    rows = articles.rows(Library([held], [Skipped(ATTACK, ATTACK)]))
    shown = articles.table_rows(rows, lambda file: True, ui, removable=True)  # type: ignore[arg-type]
    assert "<img" not in shown
    assert "\u202e" not in re.sub(r'data-file="[^"]*"', "", shown)
    assert not re.search(r"<(?!/?(?:tr|td|a|bdi|span|button|svg|path|input)\b)", shown)
    # What the script sends back has to be the file's own name.
    assert f'data-file="{html.escape(f"{ATTACK}.txt", quote=True)}"' in shown


def test_a_row_says_what_is_known_and_what_is_not() -> None:
    shown = articles.table_rows(ROWS, lambda file: file == "b.txt", "en", removable=True)
    assert "14 September 2022" in shown
    assert "4.7 kB" in shown
    assert shown.count("Changed since") == 1
    assert shown.count("The article does not say") == 4  # outlet and date of c.txt, and of what was left out
    assert "the file is empty" in shown
    assert shown.count('data-act="remove"') == 3
    assert "data-act" not in articles.table_rows(ROWS, lambda file: False, "en", removable=False)


def test_pages_are_counted_from_one_and_never_missed() -> None:
    rows = [Row(f"{n:03}.txt", "x", None, None, "en", 1, "indexed", "", "") for n in range(120)]
    assert articles.pages(0) == 1
    assert articles.pages(120) == 3
    assert [row.file for row in articles.shown(rows, 3)] == [f"{n:03}.txt" for n in range(100, 120)]
    assert articles.shown(rows, 99) == articles.shown(rows, 3)
    assert articles.shown(rows, 0) == articles.shown(rows, 1)


def test_what_is_shown_can_be_asked() -> None:
    assert articles.as_scope(ROWS, Query()) == Scope()
    assert articles.as_scope(ROWS, Query(outlet="DW")) == Scope(outlets=frozenset({"DW"}))
    query = Query(words="help")
    assert articles.as_scope(articles.select(ROWS, query), query) == Scope(files=frozenset({"b.txt"}))


def test_reasons_are_said_in_the_reader_s_language() -> None:
    assert reason("the file is empty", "en") == "the file is empty"
    assert reason("the file is empty", "ar") == "الملف فارغ"
    assert "PDF" in reason("its content is PDF, not text", "ar")
    assert reason("something new", "ar") == "something new"


def test_every_reason_that_the_program_gives_is_known_in_arabic() -> None:
    import ast
    from pathlib import Path

    literal = []
    readers = sorted((Path(articles.__file__).parents[1] / "readers").glob("*.py"))
    for module in ("corpus", "decoding", "shelf", *(f"readers/{path.stem}" for path in readers)):
        tree = ast.parse((Path(articles.__file__).parents[1] / f"{module}.py").read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FileRefused":
                given_reasons = [keyword.value for keyword in node.keywords if keyword.arg == "reason"]
                literal += [value.value for value in given_reasons if isinstance(value, ast.Constant)]
    assert len(literal) > 12
    assert [phrase for phrase in literal if reason(phrase, "ar") == phrase] == []


@pytest.mark.parametrize("ui", ["en", "ar"])
def test_articles_with_the_same_text_name_each_other(ui: str) -> None:
    held = [
        info(f"{name}.txt", title, None, None)
        for name, title in (("a", "One"), ("b", ATTACK), ("c", "Three"), ("d", "Four"))
    ]
    group = ("a.txt", "b.txt", "c.txt")
    library = Library(held, reprinted={file: tuple(other for other in group if other != file) for file in group})
    rows = articles.rows(library)
    assert [row.copies for row in rows[2:]] == [(("a.txt", "One"), ("b.txt", ATTACK)), ()]
    one, other, alone = (
        articles.table_rows([row], lambda file: False, ui, removable=False)  # type: ignore[arg-type]
        for row in (rows[0], rows[2], rows[3])
    )
    assert 'class="copies"' in one and 'class="copies"' not in alone
    assert f'href="#src={reference("a.txt", 0, 0)}"' in other
    assert "<img" not in one
    assert ("and 1 more" in other) == (ui == "en")
