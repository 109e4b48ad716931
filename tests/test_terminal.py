"""What a person reads in a terminal."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console

from assistant.citations import Also, Answer, Citation, GlossWord, Language, Partial, Statement, Status
from assistant.corpus import Skipped
from assistant.errors import CorpusEmpty, IndexLocked
from assistant.index import Plan, Summary
from assistant.retrieval import Hit
from assistant.terminal import planned, show_answer, show_hits, show_summary, shown_while_written

ARABIC = Citation(
    1, "deep/a [b].txt", "عنوان [bold]", dt.date(2022, 9, 13), 4, 20, 3, "قتل 49 جنديا [/red]", "الجريدة", "ar", False,
    (GlossWord(0, 3, "killed", "word"), GlossWord(4, 6, "49", "number"), GlossWord(7, 12, "soldiers", "word")),
)  # fmt: skip
ENGLISH = Citation(2, "b.txt", "A title", None, 0, 9, 12, "It is so.", language="en")


def answer(status: Status = "answered", language: Language = "en", **more) -> Answer:
    cited = () if status == "abstained" else (ARABIC, ENGLISH)
    closest = () if status == "answered" else (ARABIC, ENGLISH)
    text = "The frame:\n\n“quoted” [1]\n(source)"
    return replace(Answer("q?", language, status, text, cited, (), closest, 0.5), **more)


def shown(show, thing: object, width: int = 10_000, color: bool = False) -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, highlight=False, force_terminal=color, color_system="truecolor" if color else None
    )
    show(console, thing)
    return out.getvalue()


def test_an_answer_is_its_frame_and_its_quotes_with_their_places() -> None:
    assert shown(show_answer, answer()).splitlines() == [
        "The frame:",
        "",
        "[1] «قتل 49 جنديا [/red]»",
        "    word by word: killed 49 soldiers",
        "    \u2068عنوان [bold]\u2069 · \u2068الجريدة\u2069 · \u206813 September 2022\u2069",
        "    \u2068deep/a [b].txt\u2069 · line 3",
        "",
        "[2] “It is so.”",
        "    \u2068A title\u2069",
        "    \u2068b.txt\u2069 · line 12",
    ]


@pytest.mark.parametrize(
    ("language", "line", "gloss", "stale", "closest"),
    [
        ("en", "line 3", "word by word:", "The file has changed", "Closest sentences, for reading on:"),
        ("ar", "السطر 3", "كلمة كلمة:", "تغيّر الملف", "أقرب الجمل، لمن أراد القراءة:"),
    ],
)
def test_everything_around_a_quote_is_in_the_readers_language(
    language: Language, line: str, gloss: str, stale: str, closest: str
) -> None:
    changed = replace(ARABIC, stale=True)
    said = shown(show_answer, answer("abstained", language, closest=(changed,)))
    assert all(words in said for words in (line, gloss, stale, closest))
    fresh = shown(show_answer, answer("answered", language))
    assert stale not in fresh and closest not in fresh
    assert "13 September 2022" not in shown(show_answer, answer("answered", "ar"))


@pytest.mark.parametrize("status", ["answered", "uncertain", "abstained"])
def test_each_quote_is_shown_once(status: Status) -> None:
    said = shown(show_answer, answer(status))
    assert (said.count(ARABIC.quote), said.count(ENGLISH.quote)) == (1, 1)


def test_an_abstention_without_anything_close_is_one_line() -> None:
    assert shown(show_answer, answer("abstained", closest=())) == "The frame:\n"


def test_a_notice_is_shown() -> None:
    assert "No model answered." in shown(show_answer, answer(notice="No model answered."))


def test_the_three_kinds_of_answers_look_different() -> None:
    codes = {
        shown(show_answer, answer(status), color=True).split("The frame:")[0]
        for status in ("answered", "uncertain", "abstained")
    }
    assert len(codes) == 3 and all(code.startswith("\x1b[") for code in codes)
    assert "\x1b" not in shown(show_answer, answer())


def test_hits_are_numbered_and_long_ones_cut() -> None:
    hits = [
        Hit("a.txt", 3, 9, "short\n\nwords", 1.234, "T", dt.date(2022, 9, 13)),
        Hit("[x].txt", 0, 500, "word " * 100, 1.0, "[dim]", None),
    ]
    lines = shown(show_hits, hits).splitlines()
    assert lines[:4] == ["1. \u2068T\u2069 · 2022-09-13", "   \u2068a.txt\u2069 · 3–9 · 1.23", "   short words", ""]
    assert lines[4:6] == ["2. \u2068[dim]\u2069", "   \u2068[x].txt\u2069 · 0–500 · 1.00"]
    assert lines[6].endswith("…") and len(lines[6]) < 260
    assert shown(show_hits, []).strip() == "No passage matches."


def test_a_summary_counts_and_gives_reasons() -> None:
    summary = Summary(
        added=("a", "b"), changed=("c",), removed=(), unchanged=7, skipped=(Skipped("x[1].png", "it is not text [sic]"),),
        passages=12, seconds=1.25, rebuilt="the index was made by an older version", behind=IndexLocked(path=".isnad", holder="process 7"),
    )  # fmt: skip
    assert shown(partial(show_summary, corpus=Path("articles")), summary).splitlines() == [
        "2 added, 1 changed, 0 removed, 7 unchanged, 1 skipped",
        "Everything was read anew: the index was made by an older version.",
        str(summary.behind),
        "  \u2068x[1].png\u2069: it is not text [sic]",
        "12 passages, 1.2 s",
    ]
    nothing = shown(partial(show_summary, corpus=Path("articles")), Summary())
    assert nothing.splitlines()[-1] == str(CorpusEmpty(path=Path("articles")))


def test_a_narrow_terminal_breaks_lines_and_loses_nothing() -> None:
    wide, narrow = shown(show_answer, answer()), shown(show_answer, answer(), width=24)
    assert narrow.split() == wide.split()
    assert max(map(len, narrow.splitlines())) < max(map(len, wide.splitlines()))


def test_what_a_model_wrote_is_shown_whole_and_its_doubtful_part_in_colour() -> None:
    text = "It rained [1]. It snowed [2]. (not supported by its source) It ended [1]."
    statements = (Statement(0, 14, "supported", "", (1,)), Statement(15, 29, "unsupported", "words", (2,)))
    written = answer(text=text, answered_by="model", statements=statements, asked="Who \x1b[31m?", notice="A line.")
    lines = shown(show_answer, written).splitlines()
    assert lines[:3] == ["Understood as: \u2068Who \ufffd[31m?\u2069", text, "A line."]
    coloured = shown(show_answer, written, color=True)
    assert "\x1b[33mIt snowed [2]. (not supported by its source)\x1b[0m" in coloured


@pytest.mark.parametrize("terminal", [True, False])
def test_an_answer_is_shown_while_it_is_written_to_a_person_only(terminal: bool) -> None:
    out = io.StringIO()
    console = Console(file=out, width=80, force_terminal=terminal, color_system=None)
    items = [Partial("q?", "en", "It \x07rained", ()), answer()]
    assert shown_while_written(console, iter(items)) is items[-1]
    assert ("rained" in out.getvalue()) is terminal
    assert "\x07" not in out.getvalue()


def test_what_is_to_be_embedded_is_a_line() -> None:
    plan = Plan(12_345, 3_000_000, 193, 0, "bge-m3", "127.0.0.1:11434")
    assert planned(plan, None) == (
        "To be embedded by bge-m3 at 127.0.0.1:11434: 12,345 passages, about 3,000,000 tokens in 193 requests."
    )
    assert planned(plan._replace(passages=1, requests=1, kept=7, tokens=150), 0.13).endswith(
        ": 1 passage (7 more are kept), about 150 tokens in 1 request, about 0.00 at 0.13 a million."
    )


@pytest.mark.parametrize(("language", "line"), [("en", "also in:"), ("ar", "وأيضًا في:")])
def test_the_other_places_of_a_sentence_are_lines_below_it(language: Language, line: str) -> None:
    also = (Also("c.txt", "T", None, "Post", 0, 9, 4), Also("d\x1b[2J.txt", "Title", None, None, 0, 9, 5))
    lines = shown(show_answer, answer(language=language, citations=(replace(ENGLISH, also=also),))).splitlines()
    told = [each for each in lines if line in each]
    assert ["Post" in told[0] and "c.txt" in told[0], "Title" in told[1] and "\x1b" not in told[1]] == [True, True]
    assert not any(line in each for each in shown(show_answer, answer(language=language)).splitlines())


def test_a_hit_that_says_the_same_is_said_to() -> None:
    lines = shown(show_hits, [Hit("b.txt", 0, 5, "words", 1.0, "T", None, "a.txt")]).splitlines()
    assert lines[2] == "   the same text as in \u2068a.txt\u2069"
