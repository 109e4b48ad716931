"""Ask every question in every language, and keep what came back.

What is kept is checked here, against the documents' own text and by our own rules, not by the assistant's word for it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from assistant.citations import Answer, Citation
from assistant.errors import UnknownDocument
from eval.measures import distinct
from eval.questions import Language, Question, misplaced, script_of
from eval.records import Asked, Failed, Place, Row

HITS = 10


class QuestionsMisplaced(Exception):
    """Gold spans do not fit the corpus: measuring against them would be meaningless."""


class Hit(Protocol):
    """A passage found."""

    @property
    def file(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def text(self) -> str: ...


class Document(Protocol):
    """An article: its text, which all offsets refer to, and what its citations tell of it."""

    @property
    def text(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def date(self) -> dt.date | None: ...


class Searches(Protocol):
    """The part of the assistant that ranking needs."""

    def search(self, question: str, limit: int = 10) -> Sequence[Hit]: ...


class Answers(Searches, Protocol):
    """The part of the assistant that is measured."""

    def ask(self, question: str) -> Answer: ...
    def document(self, file: str) -> Document: ...


class Evaluated(Answers, Protocol):
    """What is opened: an assistant that also tells its settings."""

    @property
    def settings(self) -> Any: ...


class Open(Protocol):
    """Opens what is measured over a corpus folder with an index folder. Doubles and the assistant have more than `Evaluated` says."""

    def __call__(self, corpus: Path, index: Path, gloss: bool = True) -> AbstractContextManager[Any]: ...


def open_assistant(corpus: Path, index: Path, gloss: bool = True) -> AbstractContextManager[Any]:
    """The assistant itself, with glosses as the settings have them, or without.

    Here and not in ``eval.__main__``, where processes that a run starts would not find it.
    """
    from assistant import Assistant
    from assistant.settings import Settings

    settings = Settings.load()
    return Assistant.open(corpus, index, settings if gloss else settings.model_copy(update={"gloss": False}))


def check(assistant: Answers, questions: Iterable[Question]) -> None:
    """Raises `QuestionsMisplaced` when a gold span is not what the assistant has at that place."""
    if faults := misplaced(questions, lambda file: _text(assistant, file)):
        shown = "\n  ".join(faults[:10])
        raise QuestionsMisplaced(f"{len(faults)} gold spans do not fit the corpus:\n  {shown}")


def ask_all(
    assistant: Answers,
    questions: Sequence[Question],
    languages: Sequence[Language],
    progress: Callable[[int], None] | None = None,
) -> list[Row]:
    """One row for each question and language, in order. The first question is asked twice: caches fill unmeasured."""
    rows: list[Row] = []
    for language in languages:
        for question in questions:
            if not rows:
                ask(assistant, question, language)
            rows.append(ask(assistant, question, language))
            if progress:
                progress(len(rows))
    return rows


def ask(assistant: Answers, question: Question, language: Language) -> Row:
    """One question in one language; whatever goes wrong becomes a `Failed` row."""
    words = question.text[language]
    try:
        # Asked before it is searched: the assistant keeps its last searches, and a kept one would take no time.
        begin = time.perf_counter()
        answer = assistant.ask(words)
        # Own time: a model takes what it takes.
        milliseconds = (time.perf_counter() - begin) * 1000 - answer.timings.get("model", 0.0)
        hits = assistant.search(words, limit=HITS)
        return row_of(assistant, question, language, answer, hits, milliseconds)
    except Exception as error:  # the edge of the run: an error is a result, and the other questions are still asked
        return Failed(question, language, f"{type(error).__name__}: {error}")


def row_of(
    assistant: Answers,
    question: Question,
    language: Language,
    answer: Answer,
    hits: Sequence[Hit],
    milliseconds: float,
) -> Asked:
    """What is kept of an answer, checked against the documents."""
    cited = distinct(map(_place, (*answer.citations, *answer.closest, *answer.rejected)))
    return Asked(
        question=question,
        language=language,
        status=answer.status,
        confidence=answer.confidence,
        text=answer.text,
        hits=tuple(Place(hit.file, hit.start, hit.end, hit.text) for hit in hits),
        quotes=tuple(_place(citation) for citation in answer.citations or answer.closest),
        citations=len(cited),
        invalid=tuple(place for place in cited if not _valid(assistant, place)),
        language_match=speaks(answer, language),
        milliseconds=milliseconds,
        statements=len(answer.statements),
        supported=sum(statement.verdict == "supported" for statement in answer.statements),
        written=answer.answered_by == "model",
        usage=answer.usage,
    )


def speaks(answer: Answer, language: Language) -> bool:
    """Whether the answer is in ``language``: it says so, and its own words are in that script.

    Its own words are those left when the articles' words (quotes, titles, outlets) are taken out. White space is not
    compared, because a quote may be set in one line.
    """
    frame = " ".join(answer.text.split())
    cited = (*answer.citations, *answer.closest)
    words = {" ".join((text or "").split()) for one in cited for text in (one.quote, one.title, one.outlet)}
    # The longest first: a title may stand inside a quote.
    for found in sorted(words - {""}, key=len, reverse=True):
        frame = frame.replace(found, " ")
    return answer.language == language and script_of(frame) in (language, None)


def _valid(assistant: Answers, place: Place) -> bool:
    text = _text(assistant, place.file)
    return text is not None and place.text != "" and text[place.start : place.end] == place.text


def _text(assistant: Answers, file: str) -> str | None:
    found = article(assistant, file)
    return found.text if found else None


def _place(citation: Citation) -> Place:
    return Place(citation.file, citation.start, citation.end, citation.quote)


def article(assistant: Answers, file: str) -> Document | None:
    """The article of a file, None when there is none."""
    try:
        return assistant.document(file)
    except UnknownDocument:
        return None
