"""A double of the assistant for the evaluation's tests: it says what its script says, over a tiny corpus."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from assistant.citations import Answer, Citation, Language, Status, cite
from assistant.errors import UnknownDocument

TEXTS = {
    "a.txt": "قتل 49 جنديا في ليلة واحدة.\nلم تعلن باكو\u00a0أرقاما.",
    "b.txt": "The talks were held in Geneva.\nThree truces had failed before.",
}


@dataclass(frozen=True)
class Article:
    file: str
    text: str
    title: str = ""
    date: dt.date | None = None
    outlet: str | None = None

    def page(self, offset: int) -> int | None:
        return None


class Found(NamedTuple):
    """A hit: whole line ``line`` of ``file``."""

    file: str
    start: int
    end: int
    text: str


def place(file: str, quote: str) -> Found:
    start = TEXTS[file].index(quote)
    return Found(file, start, start + len(quote), quote)


class Reply(NamedTuple):
    """What the double says to one question."""

    status: Status = "answered"
    confidence: float = 0.9
    quotes: tuple[tuple[str, str], ...] = ()
    """(file, quote), cited, or offered as closest when the status is *abstained*."""
    hits: tuple[tuple[str, str], ...] | None = None
    """(file, text) of the search; None: the same as ``quotes``."""
    frame: Mapping[Language, str] = {"ar": "وجدت هذا:", "en": "I found this:"}
    title: str = ""
    shift: int = 0
    """Moves the citations' spans without their text: a wrong citation."""
    error: Exception | None = None


class FakeSettings:
    def __init__(self) -> None:
        self.quotes = 3

    def model_dump(self, *, mode: str) -> dict[str, Any]:
        assert mode == "json"
        return {"quotes": self.quotes}

    def signature(self, analysis: str) -> str:
        return "0123456789abcdef"


class Double:
    """Replies are looked up by the question's words."""

    def __init__(self, replies: Mapping[str, Reply], texts: Mapping[str, str] = TEXTS) -> None:
        self.replies, self.texts = replies, texts
        self.settings = FakeSettings()
        self.asked: list[str] = []

    def search(self, question: str, limit: int = 10) -> Sequence[Found]:
        reply = self.replies[question]
        return [place(*hit) for hit in (reply.quotes if reply.hits is None else reply.hits)][:limit]

    def ask(self, question: str) -> Answer:
        self.asked.append(question)
        reply = self.replies[question]
        if reply.error:
            raise reply.error
        language: Language = "ar" if "\u0600" < question[0] < "\u0700" else "en"
        cited = tuple(self._cite(number, reply, *quote) for number, quote in enumerate(reply.quotes, 1))
        shown = cited if reply.status != "abstained" else ()
        quoted = (f"{' '.join(citation.quote.split())} [{citation.number}] ({citation.title})" for citation in shown)
        text = " ".join([reply.frame[language], *quoted])
        return Answer(
            question=question,
            language=language,
            status=reply.status,
            text=text,
            citations=shown,
            rejected=(),
            closest=() if reply.status == "answered" else cited,
            confidence=reply.confidence,
        )

    def document(self, file: str) -> Article:
        if file not in self.texts:
            raise UnknownDocument(file=file)
        return Article(file, self.texts[file])

    def documents(self) -> list[Article]:
        return [self.document(file) for file in self.texts]

    def _cite(self, number: int, reply: Reply, file: str, quote: str) -> Citation:
        found = place(file, quote)
        citation = cite(Article(file, TEXTS[file], reply.title), found.start, found.end, number=number, language="ar")
        return replace(citation, start=citation.start + reply.shift, end=citation.end + reply.shift)


class Opener:
    """Stands where ``Assistant.open`` stands, and keeps what it was asked to open."""

    def __init__(self, double: Double) -> None:
        self.double = double
        self.opened: list[tuple[Path, Path]] = []

    @contextmanager
    def __call__(self, corpus: Path, index: Path, gloss: bool = True) -> Iterator[Double]:
        self.opened.append((corpus, index))
        yield self.double


DEAD = ("a.txt", "قتل 49 جنديا")
SILENT = ("a.txt", "لم تعلن باكو\u00a0أرقاما")
GENEVA = ("b.txt", "held in Geneva")
GOOD: dict[str, Reply] = {
    "كم القتلى؟": Reply(quotes=(DEAD,)),
    "How many died?": Reply(quotes=(SILENT, DEAD)),
    "أين جرت المحادثات؟": Reply(quotes=(GENEVA,)),
    "Where were the talks?": Reply(quotes=(GENEVA,)),
    "كم قتيلا في باكو؟": Reply("uncertain", 0.4, (SILENT,)),
    "How many died in Baku?": Reply("uncertain", 0.5, (SILENT,)),
    "كيف أطبخ؟": Reply("abstained", 0.0),
    "How do I cook?": Reply("abstained", 0.1, (GENEVA,)),
}


def question(name: str, kind: str, ar: str, en: str, *gold: tuple[str, str]) -> dict[str, Any]:
    spans = [dict(zip(("file", "start", "end", "quote"), place(*span), strict=True)) for span in gold]
    answer = {"ar": "جواب", "en": "answer"} if gold else None
    asked = {"ar": ar, "en": en}
    return {"id": name, "kind": kind, "answerable": bool(gold), "question": asked, "answer": answer, "gold": spans}


def set_out(folder: Path) -> Path:
    """The corpus and the questions of `GOOD` as files of a folder."""
    (folder / "corpus").mkdir()
    for name, text in TEXTS.items():
        (folder / "corpus" / name).write_bytes(text.encode())
    words = list(GOOD)
    rows = [
        question("dead", "number", words[0], words[1], DEAD),
        question("talks", "place", words[2], words[3], GENEVA),
        question("baku", "near-miss", words[4], words[5]),
        question("cook", "off-topic", words[6], words[7]),
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "questions.jsonl").write_text(lines, encoding="utf-8")
    return folder
