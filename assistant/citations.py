"""The public records of an answer: what was said, where it stands, and how sure we are.

The invariant of the whole project lives here: ``document_text[citation.start:citation.end] == citation.quote``.
`cite` is the only maker of citations, and it cuts the quote out of the text itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol, get_args

from assistant.usage import Usage

Language = Literal["ar", "en"]
Status = Literal["answered", "uncertain", "abstained"]
Verdict = Literal["supported", "unsupported", "uncited"]
Courtesy = Literal["contents", "about", "farewell", "thanks", "peace", "greeting", "heard"]
"""Of a message that is several, the first of these counts."""
Effect = Literal["published", "older", "nearer", "none"]

MARKS: dict[Verdict, dict[Language, str]] = {
    "supported": {"en": "", "ar": ""},
    "unsupported": {"en": " (not supported by its source)", "ar": " (لا يسنده مصدره)"},
    "uncited": {"en": " (without a source)", "ar": " (بلا مصدر)"},
}
"""What follows a statement in the text of an answer."""
_GLOSSES = ("word", "name", "number")


class GlossWord(NamedTuple):
    """A word of a quote and its rendering in the reader's language.

    ``start`` and ``end`` are character offsets *within the quote*. ``kind`` says where the rendering comes from:
    the dictionary, a transliterated name, or a number kept as it is.
    """

    start: int
    end: int
    text: str
    kind: Literal["word", "name", "number"]


class Also(NamedTuple):
    """Another article that has the quoted sentence, nearly word for word: characters ``start`` up to ``end`` of its text."""

    file: str
    title: str
    date: dt.date | None
    outlet: str | None
    start: int
    end: int
    line: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; the date in ISO 8601."""
        return self._asdict() | {"date": self.date.isoformat() if self.date else None}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Also:
        """Read back from what `to_dict` gave. Raises ``ValueError``, ``KeyError`` or ``TypeError`` if it is no record of one."""
        date, outlet = record.get("date"), record.get("outlet")
        return cls(
            file=str(record["file"]),
            title=str(record.get("title") or record["file"]),
            date=dt.date.fromisoformat(date) if date else None,
            outlet=None if outlet is None else str(outlet),
            start=int(record["start"]),
            end=int(record["end"]),
            line=int(record.get("line", 1)),
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """A span of an article. ``start`` and ``end`` are character offsets in the document's text; ``line`` counts from 1."""

    number: int
    file: str
    title: str
    date: dt.date | None
    start: int
    end: int
    line: int
    quote: str
    outlet: str | None = None
    language: Language = "ar"
    stale: bool = False
    """The file has changed since it was indexed: the quote is what it said then."""
    gloss: tuple[GlossWord, ...] = ()
    """Word-by-word rendering in the question's language; empty when the languages are the same."""
    phrase: tuple[int, int] | None = None
    """The likely answer within ``quote``, as offsets in it, where one can be told: a date, a counted number."""
    page: int | None = None
    """The page on which the quote begins, counted from 1, where the file has pages."""
    also: tuple[Also, ...] = ()
    """Copies of the article that have the sentence, too."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; the date in ISO 8601."""
        return {
            "number": self.number,
            "file": self.file,
            "title": self.title,
            "date": self.date.isoformat() if self.date else None,
            "outlet": self.outlet,
            "language": self.language,
            "start": self.start,
            "end": self.end,
            "line": self.line,
            "quote": self.quote,
            "stale": self.stale,
            "gloss": [word._asdict() for word in self.gloss],
            "phrase": list(self.phrase) if self.phrase else None,
            "page": self.page,
            "also": [each.to_dict() for each in self.also],
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Citation:
        """A citation read back from what `to_dict` gave, now or in another version: unknown fields are passed over.

        Raises:
            ValueError: it names no span, or its quote is not as long as the span.
        """
        try:
            start, end, quote = int(record["start"]), int(record["end"]), str(record["quote"])
            if end - start != len(quote):
                raise ValueError(f"the quote has {len(quote)} characters, the span {end - start}")
            date, phrase, outlet = record.get("date"), record.get("phrase"), record.get("outlet")
            return cls(
                number=int(record.get("number", 0)),
                file=str(record["file"]),
                title=str(record.get("title") or record["file"]),
                date=dt.date.fromisoformat(date) if date else None,
                start=start,
                end=end,
                line=int(record.get("line", 1)),
                quote=quote,
                outlet=None if outlet is None else str(outlet),
                language=_one_of(record.get("language", "ar"), get_args(Language)),
                stale=bool(record.get("stale", False)),
                gloss=tuple(
                    GlossWord(int(word["start"]), int(word["end"]), str(word["text"]), _one_of(word["kind"], _GLOSSES))
                    for word in record.get("gloss") or ()
                ),
                phrase=(int(phrase[0]), int(phrase[1])) if phrase else None,
                page=None if record.get("page") is None else int(record["page"]),
                also=tuple(map(Also.from_dict, record.get("also") or ())),
            )
        except (KeyError, TypeError, AttributeError, IndexError, OverflowError) as error:
            raise ValueError(f"no record of a citation: {type(error).__name__} {error}") from error


class Statement(NamedTuple):
    """A statement of an answer that a model wrote, checked against the sentences it cites.

    ``start`` and ``end`` are character offsets in `Answer.text`; ``citations`` are numbers in it. *supported* is lexical
    support, not entailment: numbers, dates, names, negation and words agree. ``reason`` says what does not (``number``,
    ``date``, ``name``, ``negation``, ``words``, ``uncited``) and is empty for supported ones.
    """

    start: int
    end: int
    verdict: Verdict
    reason: str
    citations: tuple[int, ...]


class Mended(NamedTuple):
    """Words of a question that were taken for a typing error, and what they were read as."""

    typed: str
    meant: str


class Period(NamedTuple):
    """Days that a question speaks of, both included; ``None`` is open. ``words``: how it says so.

    ``effect``: only articles *published* then were asked; or none that is *older*, for it cannot tell of them; or articles
    and sentences of these days count more (*nearer*). *None*: all articles could be asked.
    """

    words: str
    since: dt.date | None
    until: dt.date | None
    effect: Effect

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; dates in ISO 8601."""
        since, until = (day.isoformat() if day else None for day in (self.since, self.until))
        return {"words": self.words, "since": since, "until": until, "effect": self.effect}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Period:
        """Read back from what `to_dict` gave.

        Raises:
            ValueError, KeyError, TypeError: it is no record of one.
        """
        since, until = (
            dt.date.fromisoformat(record[name]) if record.get(name) else None for name in ("since", "until")
        )
        return cls(str(record["words"]), since, until, _one_of(record["effect"], get_args(Effect)))


class Turn(NamedTuple):
    """A question that was asked before, what was answered, and the question as it was understood, if it was a follow-up."""

    question: str
    answer: str
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """An answer that is still being written: all its text so far, which nothing has checked yet.

    ``text`` may begin anew: when the model is asked a second time.
    """

    question: str
    language: Language
    text: str
    citations: tuple[Citation, ...]
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant says to one question.

    ``text`` is in the question's language and carries ``[n]`` markers that name ``citations`` by number.
    ``status`` is *answered*; *uncertain*: the citations are the closest sentences and are said to be no answer; or
    *abstained*: the articles do not hold it, there are no citations, and ``closest`` is offered for reading on.
    ``confidence`` is in [0, 1] and comparable between questions. ``timings`` are in milliseconds: of
    the *total*, the *retrieval*, the *answer* by quotation, and with a model how long it was waited for (*model*) and what was
    done with its words besides (*checks*).

    When a model wrote it, ``statements`` holds the verdict on each statement, and ``rejected`` the citations of statements
    that were taken out. ``notice`` is one line for the reader. ``asked`` is the question as it was understood from the
    conversation, where that is not how it was put, and ``mended`` what was taken for typing errors in it.
    """

    question: str
    language: Language
    status: Status
    text: str
    citations: tuple[Citation, ...]
    rejected: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    confidence: float
    answered_by: Literal["quotes", "model"] = "quotes"
    notice: str | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    asked: str | None = None
    mended: tuple[Mended, ...] = ()
    period: Period | None = None
    """The days that the question speaks of, and what that changed."""
    courtesy: Courtesy | None = None
    """The question asks nothing of the articles (a greeting, thanks) or only what they are (*contents*); they were not searched."""
    usage: Usage | None = None
    """What a model took for it, also where its words were not used; ``None`` when no model was called."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON of ``isnad ask --json``."""
        return {
            "question": self.question,
            "language": self.language,
            "status": self.status,
            "text": self.text,
            "citations": [citation.to_dict() for citation in self.citations],
            "rejected": [citation.to_dict() for citation in self.rejected],
            "closest": [citation.to_dict() for citation in self.closest],
            "confidence": round(self.confidence, 4),
            "answered_by": self.answered_by,
            "notice": self.notice,
            "timings": {name: round(value, 2) for name, value in self.timings.items()},
            "statements": [
                statement._asdict() | {"citations": list(statement.citations)} for statement in self.statements
            ],
            "asked": self.asked,
            "mended": [each._asdict() for each in self.mended],
            "period": self.period.to_dict() if self.period else None,
            "courtesy": self.courtesy,
            "usage": self.usage.to_dict() if self.usage else None,
        }

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Answer:
        """An answer read back from what `to_dict` gave, now or in another version.

        Fields that are missing take their defaults, unknown ones are passed over.

        Raises:
            ValueError: it is no record of an answer.
        """
        try:
            citations, rejected, closest = (
                tuple(Citation.from_dict(citation) for citation in record.get(name) or ())
                for name in ("citations", "rejected", "closest")
            )
            notice = record.get("notice")
            return cls(
                question=str(record["question"]),
                language=_one_of(record["language"], get_args(Language)),
                status=_one_of(record["status"], get_args(Status)),
                text=str(record["text"]),
                citations=citations,
                rejected=rejected,
                closest=closest,
                confidence=float(record.get("confidence", 0.0)),
                answered_by=_one_of(record.get("answered_by", "quotes"), ("quotes", "model")),
                notice=None if notice is None else str(notice),
                timings={str(name): float(value) for name, value in (record.get("timings") or {}).items()},
                statements=tuple(_statement(each) for each in record.get("statements") or ()),
                asked=None if record.get("asked") is None else str(record["asked"]),
                mended=tuple(Mended(str(each["typed"]), str(each["meant"])) for each in record.get("mended") or ()),
                period=Period.from_dict(record["period"]) if record.get("period") else None,
                courtesy=_one_of(record["courtesy"], get_args(Courtesy)) if record.get("courtesy") else None,
                usage=Usage.from_dict(record["usage"]) if record.get("usage") else None,
            )
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"no record of an answer: {type(error).__name__} {error}") from error


def _statement(record: Mapping[str, Any]) -> Statement:
    return Statement(
        start=int(record["start"]),
        end=int(record["end"]),
        verdict=_one_of(record["verdict"], get_args(Verdict)),
        reason=str(record["reason"]),
        citations=tuple(int(number) for number in record["citations"]),
    )


def _one_of(value: object, known: tuple[Any, ...]) -> Any:
    if value not in known:
        raise ValueError(f"{value!r} is not one of {', '.join(known)}")
    return value


class Citable(Protocol):
    """What a citation needs to know of a document."""

    @property
    def file(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def date(self) -> dt.date | None: ...
    @property
    def outlet(self) -> str | None: ...


def line_of(text: str, offset: int) -> int:
    """The line, counted from 1, on which a character stands."""
    return text.count("\n", 0, offset) + 1


def cite(
    document: Citable,
    start: int,
    end: int,
    *,
    number: int,
    language: Language,
    stale: bool = False,
    gloss: tuple[GlossWord, ...] = (),
    phrase: tuple[int, int] | None = None,
) -> Citation:
    """Cut ``document.text[start:end]`` out as citation ``number``; ``phrase`` counts from the quote's start.

    Raises:
        ValueError: the span is empty or reaches outside the text.
    """
    if not 0 <= start < end <= len(document.text):
        raise ValueError(f"span {start}:{end} is not inside {document.file} ({len(document.text)} characters)")
    # Only documents of files with pages know of them.
    page_of: Callable[[int], int | None] | None = getattr(document, "page", None)
    return Citation(
        number=number,
        file=document.file,
        title=document.title,
        date=document.date,
        outlet=document.outlet,
        start=start,
        end=end,
        line=line_of(document.text, start),
        quote=document.text[start:end],
        language=language,
        stale=stale,
        gloss=gloss,
        phrase=phrase,
        page=page_of(start) if page_of else None,
    )
