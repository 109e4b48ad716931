"""What is kept of one question asked in one language: an `Asked` row, a `Searched` row of a system that only searches, or a
`Failed` row with the error. `to_dict` and `read` are each other's reverse.

A failed question is never counted as a miss and never left out: measures are taken over `Asked` rows, and the number
of `Failed` rows stands beside them and fails the run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

from assistant.usage import Usage
from eval.questions import Gold, Language, Question

Status = Literal["answered", "uncertain", "abstained"]
STATUSES: tuple[Status, ...] = ("answered", "uncertain", "abstained")
_MARK = re.compile(r"\s*\[\d+\]")


class Place(NamedTuple):
    """A span that came back: a hit of the search, or a quote of the answer with its text."""

    file: str
    start: int
    end: int
    text: str

    def holds(self, gold: Sequence[Gold]) -> bool:
        """Whether the span overlaps a gold span."""
        return any(span.overlaps(self.file, self.start, self.end) for span in gold)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was searched and answered.

    ``hits`` are the passages found, best first. ``quotes`` are the answer's citations or, where it has none, its
    closest passages, in order. ``citations`` counts the spans cited, offered or
    rejected, each once; ``invalid`` are those whose text is not what stands at their place.
    ``language_match``: the answer says that it is in the question's language, and its own words (the quotes taken out)
    are in that language's script. ``statements`` counts those of an answer that a model wrote, ``supported`` those of
    them that the assistant's checker lets pass; an answer by quotation has none. ``usage`` is what a model took for it, ``cost``
    what that came to at the price of the run; both are None where no model was called or the endpoint did not count.
    """

    question: Question
    language: Language
    status: Status
    confidence: float
    text: str
    hits: tuple[Place, ...]
    quotes: tuple[Place, ...]
    citations: int
    invalid: tuple[Place, ...]
    language_match: bool
    milliseconds: float
    statements: int = 0
    supported: int = 0
    written: bool = False
    usage: Usage | None = None
    cost: float | None = None

    @property
    def tokens(self) -> int | None:
        """Prompt and completion together, where all calls were counted."""
        known = self.usage is not None and not self.usage.uncounted
        return self.usage.prompt_tokens + self.usage.completion_tokens if self.usage and known else None

    def hit_within(self, k: int) -> bool:
        """One of the first ``k`` quotes overlaps a gold span."""
        return any(quote.holds(self.question.gold) for quote in self.quotes[:k])

    def found_within(self, k: int) -> bool:
        """One of the first ``k`` passages of the search overlaps a gold span."""
        return any(hit.holds(self.question.gold) for hit in self.hits[:k])

    @property
    def gold_first(self) -> bool:
        """The best passage is of a file that answers the question."""
        return bool(self.hits) and self.hits[0].file in self.question.files

    @property
    def said(self) -> tuple[str, ...]:
        """What the answer states: the text that a model wrote without its marks, else the first three quotes."""
        return (_MARK.sub("", self.text),) if self.written else tuple(quote.text for quote in self.quotes[:3])

    @property
    def gold_quoted_first(self) -> bool:
        """The first quote is of a file that answers the question."""
        return bool(self.quotes) and self.quotes[0].file in self.question.files

    def to_dict(self) -> dict[str, Any]:
        return {
            **_question(self.question, self.language),
            "status": self.status,
            "confidence": self.confidence,
            "text": self.text,
            "hits": [{**hit._asdict(), "gold": hit.holds(self.question.gold)} for hit in self.hits],
            "quotes": [{**quote._asdict(), "gold": quote.holds(self.question.gold)} for quote in self.quotes],
            "citations": self.citations,
            "invalid": [place._asdict() for place in self.invalid],
            "language_match": self.language_match,
            "milliseconds": round(self.milliseconds, 3),
            "statements": self.statements,
            "supported": self.supported,
            "written": self.written,
            "usage": self.usage.to_dict() if self.usage else None,
            "cost": self.cost,
        }


@dataclass(frozen=True, slots=True)
class Failed:
    """A question that raised an error instead of an answer."""

    question: Question
    language: Language
    error: str

    def to_dict(self) -> dict[str, Any]:
        return {**_question(self.question, self.language), "error": self.error}


@dataclass(frozen=True, slots=True)
class Searched:
    """A question put to a system that finds passages and writes no answer; ``confidence`` is its best score."""

    question: Question
    language: Language
    confidence: float
    hits: tuple[Place, ...]
    milliseconds: float

    def found_within(self, k: int) -> bool:
        """One of the first ``k`` passages overlaps a gold span."""
        return any(hit.holds(self.question.gold) for hit in self.hits[:k])

    @property
    def gold_first(self) -> bool:
        """The best passage is of a file that answers the question."""
        return bool(self.hits) and self.hits[0].file in self.question.files

    def to_dict(self) -> dict[str, Any]:
        return {
            **_question(self.question, self.language),
            "confidence": self.confidence,
            "hits": [{**hit._asdict(), "gold": hit.holds(self.question.gold)} for hit in self.hits],
            "milliseconds": round(self.milliseconds, 3),
        }


class Price(NamedTuple):
    """What a million tokens cost, in any currency."""

    prompt: float
    completion: float

    def of(self, row: Asked) -> float | None:
        """What a row came to; None where its tokens are not known."""
        if row.usage is None or row.tokens is None:
            return None
        return (row.usage.prompt_tokens * self.prompt + row.usage.completion_tokens * self.completion) / 1e6


Row = Asked | Failed
AnyRow = Asked | Searched | Failed


def read(record: Mapping[str, Any]) -> AnyRow:
    """The row of a record.

    Raises:
        KeyError, TypeError, ValueError: it is no record of a row.
    """
    language: Language = "ar" if record["language"] == "ar" else "en"
    answer = record.get("expected")
    question = Question(
        record["id"],
        record["kind"],
        {language: record["question"]},
        None if answer is None else {language: answer},
        tuple(Gold(**span) for span in record["gold"]),
        style=record.get("style"),
        open=record.get("answerable") is True and not record["gold"],
    )
    if "error" in record:
        return Failed(question, language, record["error"])
    hits, took = tuple(map(_place, record["hits"])), float(record["milliseconds"])
    if "status" not in record:
        return Searched(question, language, float(record["confidence"]), hits, took)
    return Asked(
        question=question,
        language=language,
        status=record["status"],
        confidence=float(record["confidence"]),
        text=record["text"],
        hits=hits,
        quotes=tuple(map(_place, record["quotes"])),
        citations=int(record["citations"]),
        invalid=tuple(map(_place, record["invalid"])),
        language_match=bool(record["language_match"]),
        milliseconds=took,
        # What was written before there were these has none.
        statements=int(record.get("statements", 0)),
        supported=int(record.get("supported", 0)),
        written=bool(record.get("written", False)),
        usage=Usage.from_dict(record["usage"]) if record.get("usage") else None,
        cost=None if record.get("cost") is None else float(record["cost"]),
    )


def _place(record: Mapping[str, Any]) -> Place:
    return Place(record["file"], record["start"], record["end"], record["text"])


def _question(question: Question, language: Language) -> dict[str, Any]:
    return {
        "id": question.id,
        "language": language,
        "kind": question.kind,
        "style": question.style,
        "answerable": question.answerable,
        "question": question.text[language],
        "expected": question.answer[language] if question.answer else None,
        "gold": [asdict(span) for span in question.gold],
    }
