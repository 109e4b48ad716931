"""Answers to messages that ask nothing of the articles: they are not searched for a *hello*, and it is not "not in the articles"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from assistant import prompts
from assistant.citations import Answer, Turn
from assistant.language.counted import articles
from assistant.language.courtesies import courtesy
from assistant.language.dates import spoken
from assistant.language.text import Language


class Dated(Protocol):
    """What is told of an article."""

    @property
    def date(self) -> dt.date | None: ...


def returned(
    question: str, language: Language, documents: Callable[[], Sequence[Dated]], edited: Path | None = None
) -> Answer | None:
    """What is said to a courtesy, with the number of ``documents`` and their days where it asks about them; ``None`` to a question.

    Raises:
        PromptInvalid: a template of the folder ``edited`` cannot be used.
    """
    kind = courtesy(question)
    if kind is None:
        return None
    template = prompts.load(kind, language, edited)
    about = "articles" in prompts.TASKS[kind]
    text = template.format(articles=_collection(documents(), language)) if about else template.format()
    return Answer(question, language, "abstained", text, (), (), (), 0.0, courtesy=kind)


def asking(turns: Sequence[Turn]) -> list[Turn]:
    """The turns of a conversation that asked something: nothing leans on a courtesy."""
    return [turn for turn in turns if courtesy(turn.question) is None]


def _collection(documents: Sequence[Dated], language: Language) -> str:
    """``5 articles, 31 October 2020 to 14 September 2022``."""
    days = sorted(document.date for document in documents if document.date)
    told = articles(len(documents), language)
    if not days:
        return told
    first, last = spoken(days[0], language), spoken(days[-1], language)
    if first == last:
        return f"{told}، {first}" if language == "ar" else f"{told}, {first}"
    return f"{told}، من {first} إلى {last}" if language == "ar" else f"{told}, {first} to {last}"
