"""A stand-in for the assistant at the seam that the page sees: real articles and real spans, answers chosen by hand.

It lets the page be tested in every state, also in those that a real index seldom shows: stale quotes, faults, a crash,
odd names.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.citations import Answer, Citation, GlossWord, Partial, Status, Turn, cite
from assistant.corpus import Document, Skipped, original, read, scan
from assistant.errors import CorpusEmpty, EmptyQuestion, IndexDamaged, QuestionTooLong, UnknownDocument
from assistant.language.text import Language, language_of
from assistant.retrieval import EVERYTHING, Hit
from assistant.scope import Scope
from assistant.settings import Settings

SEEDS = Path(__file__).parent.parent / "seeds"
LIMIT = 2000

TURKISH_DRONES = ("وأشارت إلى أن القوات الأذربيجانية", "تركية.")
SOLDIERS = ("قال الرئيس الروسي فلاديمير", "قره باغ.")
REQUEST = ("طلب رئيس الوزراء الأرميني", "النزاع مع أذربيجان.")
LETTER = ("بعث رئيس الوزراء الأرميني", "روسيا لأرمينيا.")
SPOKESMAN = ("وقال المتحدث باسم الكرملين، ديمتري", "على الحدود")

QUESTIONS: dict[str, tuple[Status, tuple[tuple[str, str], ...]]] = {
    "متى طلبت أرمينيا المساعدة من روسيا؟": ("answered", (REQUEST, LETTER)),
    "How many Armenian soldiers were killed?": ("answered", (SOLDIERS,)),
    "من هو المتحدث باسم الكرملين؟": ("answered", (SPOKESMAN,)),
    "Which drones did Azerbaijan use?": ("answered", (TURKISH_DRONES,)),
    "What is the population of Armenia?": ("abstained", (SOLDIERS, REQUEST)),
    "كم عدد سكان أرمينيا؟": ("abstained", (SOLDIERS, REQUEST)),
    "Who will lead the negotiations?": ("uncertain", (LETTER, SPOKESMAN)),
    "من سيقود المفاوضات؟": ("uncertain", (LETTER, SPOKESMAN)),
}
BROKEN = "What breaks the index?"
CRASH = "What crashes?"

GLOSSARY = dict(
    pair.split("=")
    for pair in (
        "وأشارت=and it pointed;إلى=to;أن=that;القوات=the forces;الأذربيجانية=the Azerbaijani;"
        "استخدمت=used;في=in;الهجوم=the attack;طائرات=aircraft;من=from;دون=without;طيار=pilot;طراز=type;"
        "بيرقدار=Bayraqdar;تي=T;بي=B;حسب=according to;البيان=the statement;الأرميني=the Armenian;"
        "الذي=which;نقلته=transmitted it;وسائل=means;إعلام=information;تركية=Turkish;قال=said;"
        "الرئيس=the president;الروسي=the Russian;فلاديمير=Vladimir;بوتين=Putin;إنه=that he;يسعى=strives;"
        "إنهاء=ending;القتال=the fighting;بين=between;أرمينيا=Armenia;وأذربيجان=and Azerbaijan;بعد=after;"
        "اشتباكات=clashes;حدودية=border;قتلت=killed;جندياً=soldier;أرمينياً=Armenian;حين=time;"
        "أكدت=affirmed;تركيا=Turkey;وقوفها=its standing;الدائم=the permanent;جانب=side;الحليفة=the ally;"
        "أذربيجان=Azerbaijan;ظل=shadow;مخاوف=fears;اندلاع=outbreak;حرب=war;أخرى=another;عامين=two years;"
        "معركة=battle;قره=Qarah;باغ=Bagh;بعث=sent;رئيس=head;الوزراء=the ministers;نيكول=Nikul;"
        "باشينيان=Bashinyan;برسالة=with a letter;طلب=requested;فيها=in it;بدء=beginning;"
        "المشاورات=the consultations;لتحديد=to determine;المساعدة=the help;التي=which;يمكن=is possible;"
        "تقدمها=offers it;روسيا=Russia;لأرمينيا=to Armenia;وقال=and said;المتحدث=the speaker;"
        "باسم=in the name of;الكرملين=the Kremlin"
    ).split(";")
)
_NAMES = {
    "بيرقدار",
    "فلاديمير",
    "بوتين",
    "نيكول",
    "باشينيان",
    "قره",
    "باغ",
    "أرمينيا",
    "روسيا",
    "أذربيجان",
    "وأذربيجان",
}


@dataclass(frozen=True)
class Double:
    """Answers `QUESTIONS` from ``corpus``; anything else is not in the articles."""

    corpus: Path = SEEDS
    extra: dict[str, Document] = field(default_factory=dict)
    stale: bool = False
    left_out: tuple[Skipped, ...] = ()
    reprinted: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return Settings(_env_file=None, corpus=self.corpus)

    @property
    def indexed_at(self) -> dt.datetime:
        return dt.datetime(2025, 3, 9, 10, tzinfo=dt.UTC)

    def is_stale(self, file: str) -> bool:
        return self.stale

    def documents(self) -> Sequence[Document]:  # a document is described as its description is
        return [read(self.corpus, stat.file) for stat in scan(self.corpus)[0]] + list(self.extra.values())

    def skipped(self) -> Sequence[Skipped]:
        return self.left_out

    def copies(self, file: str) -> Sequence[str]:
        return self.reprinted.get(file, ())

    def document(self, file: str) -> Document:
        for document in self.documents():
            if document.file == file:
                return document
        raise UnknownDocument(file=file)

    def original(self, file: str) -> bytes:
        return original(self.corpus, self.document(file).file)

    def search(self, question: str, limit: int = 10, scope: Scope = EVERYTHING) -> list[Hit]:
        documents = self.documents()[:limit]
        return [
            Hit(each.file, 0, len(each.title), each.text[: len(each.title)], 1.0, each.title, each.date)
            for each in documents
        ]

    model: Any = None

    def stream(self, question: str, history: Sequence[Turn] = (), **options: Any) -> Iterator[Partial | Answer]:
        yield self.ask(question)

    def ask(self, question: str) -> Answer:
        if not question.strip():
            raise EmptyQuestion
        if len(question) > LIMIT:
            raise QuestionTooLong(length=len(question), limit=LIMIT)
        if not self.documents():
            raise CorpusEmpty(path=self.corpus)
        if question == BROKEN:
            raise IndexDamaged(path=".isnad", reason="a checksum differs")
        if question == CRASH:
            raise RuntimeError("<script>alert(1)</script>")
        language = language_of(question)
        status, places = QUESTIONS.get(question, ("abstained", ()))
        quotes = tuple(self._cite(place, number, language) for number, place in enumerate(places, 1))
        if question not in QUESTIONS and self.extra:
            status = "answered"
            quotes = tuple(
                cite(each, 0, len(each.text), number=number, language=each.language, stale=self.stale)
                for number, each in enumerate(self.extra.values(), 1)
            )
        return Answer(
            question=question,
            language=language,
            status=status,
            text=_words(status, quotes, language),
            citations=() if status == "abstained" else quotes,
            rejected=(),
            closest=quotes if status == "abstained" else (),
            confidence={"answered": 0.9, "uncertain": 0.5, "abstained": 0.1}[status],
        )

    def _cite(self, place: tuple[str, str], number: int, language: Language) -> Citation:
        for document in self.documents():
            start = document.text.find(place[0])
            if start >= 0:
                end = document.text.index(place[1], start) + len(place[1])
                found = cite(document, start, end, number=number, language="ar", stale=self.stale)
                return replace(found, gloss=gloss(found.quote)) if language == "en" else found
        raise AssertionError(f"no article holds {place[0]!r}")


def gloss(quote: str) -> tuple[GlossWord, ...]:
    words = []
    for match in re.finditer(r"\w+", quote):
        text = GLOSSARY.get(match[0])
        if text:
            words.append(GlossWord(match.start(), match.end(), text, "name" if match[0] in _NAMES else "word"))
    return tuple(words)


def _words(status: Status, quotes: Sequence[Citation], language: Language) -> str:
    if status == "abstained":
        return "لا تذكر المقالات ذلك." if language == "ar" else "The articles do not say."
    frame = {
        ("answered", "en"): "The articles say:",
        ("answered", "ar"): "جاء في المقالات:",
        ("uncertain", "en"): "The articles may not say. The closest they come:",
        ("uncertain", "ar"): "قد لا تذكر المقالات ذلك. أقرب ما فيها:",
    }[status, language]
    opening, closing = ("«", "»") if language == "ar" else ("“", "”")
    return "\n\n".join([frame, *(f"{opening}{quote.quote}{closing} [{quote.number}]" for quote in quotes)])
