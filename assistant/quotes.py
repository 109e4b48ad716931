"""The answer made of the articles' own sentences: needs no model and cannot say what no article says.

The best sentences are quoted, few and not twice the same; the confidence decides whether they are called the answer,
the closest passages, or nothing. Framing words come from ``prompts/``; everything between the quotation marks is cut
from the document by `citations.cite`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Literal, NamedTuple

from assistant import prompts
from assistant.catalogue import StoredPassage
from assistant.citations import Citable, Citation, GlossWord, Status, cite
from assistant.evidence import Evidence, Sentence
from assistant.language import dates, terms
from assistant.language.gloss import gloss
from assistant.language.quantities import quantities
from assistant.language.questions import Asked
from assistant.language.questions import asked as what_is_asked
from assistant.language.sentences import Span
from assistant.language.text import Language, fold
from assistant.language.tokens import tokens

# A further sentence is quoted if it is at least this likely relative to the best one.
_WORTH_QUOTING = 0.05
# Two sentences that share this much of the shorter one's content say the same.
_SAME = 0.75


class Bands(NamedTuple):
    """Confidence from which an answer is given, and below which the assistant abstains."""

    answer: float
    uncertain: float

    def status(self, confidence: float) -> Status:
        if confidence >= self.answer:
            return "answered"
        return "uncertain" if confidence >= self.uncertain else "abstained"


class Draft(NamedTuple):
    """An answer's text and what it cites; ``closest`` is what was offered without being called an answer.

    ``notice`` is a line for the reader, where there is something to be said of the quotes.
    """

    status: Status
    text: str
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    notice: str | None = None


NOTICES: dict[str, dict[Language, str]] = {
    "differ": {
        "en": "The articles give different numbers; the newest stands first.",
        "ar": "تذكر المقالات أرقامًا مختلفة؛ وأحدثها أولًا.",
    },
}


def _content(passage: StoredPassage, start: int, end: int) -> frozenset[str]:
    text = passage.text[start - passage.start : end - passage.start]
    return frozenset(terms.unit(token.word) for token in tokens(text) if not terms.is_stop(token.word))


def _same(content: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sentences say the same: where their numbers differ, they do not."""
    numbers, others = ({unit for unit in each if unit[0] == "#"} for each in (content, other))
    alike = len(content & other) >= _SAME * min(len(content), len(other))
    return alike and (numbers <= others or others <= numbers)


def select(evidence: Evidence, most: int, floor: float = _WORTH_QUOTING) -> list[Sentence]:
    """The sentences worth quoting, best first: likely, with content, and no two of them the same.

    ``floor``: how likely a further sentence must be, relative to the best one.
    """
    chosen: list[tuple[Sentence, frozenset[str]]] = []
    for sentence in evidence.sentences:
        if len(chosen) == most or (chosen and sentence.probability < floor * chosen[0][0].probability):
            break
        content = _content(sentence.passage, sentence.start, sentence.end)
        if not content:
            continue
        if any(_same(content, other) for _, other in chosen):
            continue
        chosen.append((sentence, content))
    return [sentence for sentence, _ in chosen]


def _differ(chosen: Sequence[Sentence]) -> bool:
    """Whether articles of different days state different numbers of what was counted."""
    stated = [(each.passage.date, number) for each in chosen if each.passage.date and (number := _number(each))]
    return any(day != other and not set(number) & set(another) for day, number in stated for other, another in stated)


def _number(sentence: Sentence) -> tuple[Decimal, ...]:
    """What the likely answer in a sentence may stand for, if it is a number."""
    if sentence.phrase is None:
        return ()
    start = sentence.passage.start
    text = sentence.passage.text[sentence.phrase.start - start : sentence.phrase.end - start]
    return next((each.values for each in quantities(fold(text).text)), ())


def _by_date(chosen: Sequence[Sentence]) -> list[Sentence]:
    """The newest first, undated ones last; those of one day stay in their order."""
    return sorted(chosen, key=lambda each: each.passage.date or dt.date.min, reverse=True)


def _source(citation: Citation, language: Language) -> str:
    """Title, outlet and date of a quote's article, in the order a reader looks for them."""
    parts = [citation.title, citation.outlet, dates.spoken(citation.date, language) if citation.date else None]
    return ("، " if language == "ar" else ", ").join(part for part in parts if part)


def _gloss(quote: str, written_in: Language, reader: Language, asked: str) -> tuple[GlossWord, ...]:
    return tuple(GlossWord(*rendering) for rendering in gloss(quote, reader, [asked])) if written_in != reader else ()


def compose(
    evidence: Evidence,
    language: Language,
    bands: Bands,
    most: int,
    document: Callable[[str], Citable],
    stale: Callable[[str], bool],
    with_gloss: bool,
    asked: str = "",
    edited: Path | None = None,
) -> Draft:
    """Write the answer to a question asked in ``language``.

    ``document`` gives the indexed document of a file name; ``stale`` says whether its file has changed since. ``asked`` is
    the question: a gloss prefers the senses that it names. ``edited`` is a folder of templates that replace the project's.
    """
    status = bands.status(evidence.confidence)
    # An answer is kept short; the closest sentences to what was not found are offered in full number.
    floor = _WORTH_QUOTING if status == "answered" else 0.0
    chosen = select(evidence, most, floor)
    notice = None
    if status == "answered" and what_is_asked(asked) is Asked.NUMBER and _differ(chosen):
        chosen, notice = _by_date(chosen), NOTICES["differ"][language]
    citations = tuple(
        citation(each.passage, each.start, each.end, number, language, document, stale, with_gloss, asked, each.phrase)
        for number, each in enumerate(chosen, 1)
    )
    if not citations:
        status = "abstained"
    if status == "abstained":
        return Draft(status, prompts.load("abstained", language, edited).format(), (), citations)
    frame: Literal["answered", "uncertain"] = status
    text = prompts.load(frame, language, edited).format(quotes=quoted(citations, language, edited))
    return Draft(status, text, citations, () if status == "answered" else citations, notice)


def quoted(citations: Sequence[Citation], language: Language, edited: Path | None = None) -> str:
    """The quotes with their numbers and sources, as they stand in the text of an answer."""
    template = prompts.load("quote", language, edited)
    return "\n\n".join(
        template.format(quote=each.quote, number=each.number, source=_source(each, language)) for each in citations
    )


def citation(
    passage: StoredPassage,
    start: int,
    end: int,
    number: int,
    language: Language,
    document: Callable[[str], Citable],
    stale: Callable[[str], bool],
    with_gloss: bool,
    asked: str = "",
    phrase: Span | None = None,
) -> Citation:
    """The span ``start:end`` of the document as citation ``number``, for a reader of ``language``."""
    quote = passage.text[start - passage.start : end - passage.start]
    return cite(
        document(passage.file),
        start,
        end,
        number=number,
        language=passage.language,
        stale=stale(passage.file),
        gloss=_gloss(quote, passage.language, language, asked) if with_gloss else (),
        phrase=(phrase.start - start, phrase.end - start) if phrase else None,
    )
