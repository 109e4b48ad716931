"""What holds of every answer, whatever was asked of whatever folder; and questions of every sort to ask."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence

from hypothesis import strategies as st

from assistant import prompts
from assistant.chat import Assistant
from assistant.citations import Answer, Citation

TEMPLATES = prompts.folder()


def check_citation(assistant: Assistant, citation: Citation) -> None:
    document = assistant.document(citation.file)
    assert document.text[citation.start : citation.end] == citation.quote
    assert citation.quote == citation.quote.strip() != ""
    assert citation.quote in document.text.split("\n")[citation.line - 1]
    assert document.text[: citation.start].count("\n") == citation.line - 1
    assert (citation.title, citation.date, citation.outlet) == (document.title, document.date, document.outlet)
    ends = 0
    for word in citation.gloss:
        assert ends <= word.start < word.end <= len(citation.quote)
        assert word.text.strip()
        ends = word.end


def without_quotes(answer: Answer) -> str:
    """The answer's own words: what an article says may look like a marker."""
    text = answer.text
    for citation in answer.citations:
        for theirs in (citation.quote, citation.title, citation.outlet or ""):
            assert theirs in text
            text = text.replace(theirs, "\n", 1) if theirs else text
    return text


def _check_frame(answer: Answer) -> None:
    frame = (TEMPLATES / f"{answer.status}.{answer.language}.txt").read_text(encoding="utf-8").split("\n")[0]
    assert answer.text.startswith(frame)


def check(assistant: Assistant, answer: Answer) -> None:
    for citation in (*answer.citations, *answer.closest, *answer.rejected):
        check_citation(assistant, citation)
        assert bool(citation.gloss) <= (citation.language != answer.language)
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [int(marker) for marker in re.findall(r"\[(\d+)\]", without_quotes(answer))] == numbers
    assert len(answer.citations) <= assistant.settings.quotes
    if answer.status == "answered":
        assert answer.citations and not answer.closest
    elif answer.status == "uncertain":
        assert answer.citations and answer.closest == answer.citations
    else:
        assert answer.status == "abstained" and not answer.citations
        assert [citation.number for citation in answer.closest] == list(range(1, len(answer.closest) + 1))
    assert answer.text == answer.text.strip()
    if answer.courtesy is None:
        _check_frame(answer)
    assert 0 <= answer.confidence <= 1
    assert answer.rejected == () and answer.answered_by == "quotes"
    stages = {"total"} if answer.courtesy else {"retrieval", "answer", "total"}
    assert set(answer.timings) == stages and min(answer.timings.values()) >= 0
    told = answer.to_dict()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    for name in ("citations", "closest"):
        dates = [item["date"] and dt.date.fromisoformat(item["date"]) for item in told[name]]
        assert dates == [citation.date for citation in getattr(answer, name)]


def said(answer: Answer) -> dict[str, object]:
    """The answer without what differs from run to run."""
    return {name: value for name, value in answer.to_dict().items() if name != "timings"}


ENGLISH = """who when where how many which did the Armenia Azerbaijan Russia Putin Pashinyan asked help killed soldiers drones
war border ceasefire 2020 49 2022 president minister Turkey's NATO XIV 1990s forty-nine attacked Nagorno-Karabakh U.S.""".split()
ARABIC = "من متى أين كم هل لماذا ما هو عدد طلب قتل الحرب".split()
ODD = [
    "🙂", "👩‍👩‍👧", "\u202e", "\u2066", "\u2069", "\u200f", "\u00ad", "ـــ", "ًٌٍَُِّْ", "ﷺ", "ﻻ", "٣٤", "۱۲", "!!", "{quote}", "[1]", "<b>", "\\", "%s", "'", '"',
    "\u0000", "\ufeff", "a" * 300, "ب" * 300, "Z̸͑͛a", "日本語", "\ud800", "½", "1,000,000.5.5", "#", "@BBC", "बी",
]  # fmt: skip


def questions(articles: Sequence[str]) -> st.SearchStrategy[str]:
    """Questions of words of the articles and of both languages, junk among them; some of nothing but junk, some long."""
    theirs = sorted({word for text in articles for word in text.split()})
    word = st.one_of(
        st.sampled_from(theirs),
        st.sampled_from(theirs),
        st.sampled_from(ENGLISH),
        st.sampled_from(ARABIC),
        st.sampled_from(ODD),
    )
    asked = st.lists(word, min_size=1, max_size=14).map(" ".join)
    glued = st.lists(word, min_size=1, max_size=6).map("".join)
    piece = st.sampled_from(articles).flatmap(
        lambda text: st.integers(0, max(0, len(text) - 120)).map(lambda start: text[start : start + 120])
    )
    long = st.lists(word, min_size=60, max_size=90).map(" ".join)
    return st.one_of(asked, asked, glued, piece, st.text(max_size=40), long)
