"""Answers to messages that ask nothing of the articles, or only what they are: nothing is searched for a *hello*, and it is
not "not in the articles". *What are the articles about?* is answered by their headlines, the newest first, each a citation.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, Protocol

from assistant import prompts, quotes
from assistant.catalogue import DocumentInfo, StoredPassage
from assistant.citations import Answer, Citable, Citation, Turn
from assistant.days import narrowed
from assistant.language.counted import articles
from assistant.language.courtesies import courtesy
from assistant.language.dates import spoken
from assistant.language.text import Language, fold
from assistant.scope import Scope
from assistant.settings import Settings

_HEADLINES = 5
_MARKS = re.compile(r"[#*_=>\s]+(?=\w)")
"""Of Markdown, before a headline."""


class Library(Protocol):
    """What is told of the articles."""

    def documents(self) -> Sequence[DocumentInfo]: ...
    def passages(self, file: str) -> list[StoredPassage]: ...
    def document(self, file: str) -> Citable: ...
    def is_stale(self, file: str) -> bool: ...


def returned(
    question: str, language: Language, library: Library, scope: Scope, settings: Settings, today: dt.date
) -> Answer | None:
    """What is said to a courtesy, about the articles of ``scope`` where it asks about them; ``None`` to a question.

    *The news of last week* is about the articles of those days, counted from ``today``.

    Raises:
        PromptInvalid: an edited template cannot be used.
    """
    kind, period = courtesy(question), None
    if kind is None:
        period = narrowed(question, scope, today)[1]
        rest = question.replace(period.words, " ", 1) if period else ""
        if period is None or courtesy(rest) != "contents":
            return None
        kind, scope = "contents", replace(scope, since=period.since, until=period.until)
        period = period._replace(effect="published")
    named = prompts.TASKS[kind]
    admitted = [info for info in library.documents() if scope.admits(info)] if named else []
    if period and not admitted:
        return None  # that there are none of these days is said to any question
    facts: dict[str, Any] = {"articles": _collection(admitted, language)} if "articles" in named else {}
    citations: tuple[Citation, ...] = ()
    if "quotes" in named:
        citations = tuple(
            quotes.citation(place, start, end, number, language, library.document, library.is_stale, settings.gloss)
            for number, (place, start, end) in enumerate(islice(_headlines(admitted, library), _HEADLINES), 1)
        )
        facts["quotes"] = quotes.quoted(citations, language, settings.prompts)
    return Answer(
        question,
        language,
        status="answered" if citations else "abstained",
        text=prompts.load(kind, language, settings.prompts).format(**facts).strip(),
        citations=citations,
        rejected=(),
        closest=(),
        confidence=1.0 if citations else 0.0,
        courtesy=kind,
        period=period,
    )


def asking(turns: Sequence[Turn]) -> list[Turn]:
    """The turns of a conversation that asked something: nothing leans on a courtesy."""
    return [turn for turn in turns if courtesy(turn.question) is None]


def _headlines(documents: Sequence[DocumentInfo], library: Library) -> Iterator[tuple[StoredPassage, int, int]]:
    """Of each article its headline, or its first sentence; the newest first, no two alike, with the passages they stand in."""
    seen: set[str] = set()
    for info in sorted(documents, key=lambda info: info.date or dt.date.min, reverse=True):
        if place := _headline(library.passages(info.file)):
            passage, start, end = place
            said = " ".join(fold(passage.text[start - passage.start : end - passage.start]).text.lower().split())
            if said not in seen:
                seen.add(said)
                yield place


def _headline(passages: Sequence[StoredPassage]) -> tuple[StoredPassage, int, int] | None:
    """The headline, where the article begins with one; else the first sentence that the article tells something in."""
    for passage in passages:
        told = [number for number in range(len(passage.sentences)) if number not in passage.framing]
        if first := [*passage.headlines, *told]:
            start, end = passage.sentences[first[0]]
            marks = _MARKS.match(passage.text, start - passage.start, end - passage.start)
            return passage, start + (marks.end() - marks.start() if marks else 0), end
    return None


def _collection(documents: Sequence[DocumentInfo], language: Language) -> str:
    """``5 articles, 31 October 2020 to 14 September 2022``."""
    days = [info.date for info in documents if info.date]
    told = articles(len(documents), language)
    if not days:
        return told
    first, last = spoken(min(days), language), spoken(max(days), language)
    if first == last:
        return f"{told}، {first}" if language == "ar" else f"{told}, {first}"
    return f"{told}، من {first} إلى {last}" if language == "ar" else f"{told}, {first} to {last}"
