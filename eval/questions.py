"""A question set: the same question in Arabic and in English, and every place in the articles that answers it.

One JSON object per line (``eval/README.md`` has the schema). The invariant: ``text[span.start:span.end] == span.quote``
in the decoded file, for every gold span; `misplaced` checks it against the texts themselves.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from eval.lines import lines

Language = Literal["ar", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

Style = Literal["plain", "paraphrase"]
STYLES: tuple[Style, ...] = get_args(Style)

ANSWERABLE_KINDS = frozenset(
    ["agreement", "date", "fact", "manner", "number", "person", "place", "reason", "source", "statement", "yes-no"]
)
UNANSWERABLE_KINDS = frozenset(["near-miss", "off-topic"])


class QuestionsInvalid(Exception):
    """A question file cannot be used: which line, which field, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A minimal clause that holds the answer, as a character span of a decoded file."""

    file: str
    start: int
    end: int
    quote: str

    def overlaps(self, file: str, start: int, end: int) -> bool:
        """Whether the span ``start:end`` of ``file`` shares at least one character with this one."""
        return file == self.file and start < self.end and self.start < end


@dataclass(frozen=True, slots=True)
class Question:
    """One question, in both languages when it is of a question file.

    ``gold`` is empty exactly when the articles do not answer it, but for an ``open`` question: people have said that it
    has an answer in its passages, and not where.
    """

    id: str
    kind: str
    text: dict[Language, str]
    answer: dict[Language, str] | None
    gold: tuple[Gold, ...]
    note: str = ""
    style: Style | None = None
    open: bool = False

    @property
    def answerable(self) -> bool:
        return self.open or bool(self.gold)

    @property
    def files(self) -> frozenset[str]:
        return frozenset(span.file for span in self.gold)


def script_of(text: str) -> Language | None:
    """The language whose script most letters of ``text`` belong to; None for a tie or no letters."""
    scripts = [_script_of_letter(char) for char in text]
    arabic, latin = scripts.count("ar"), scripts.count("en")
    return None if arabic == latin else "ar" if arabic > latin else "en"


@lru_cache(maxsize=4096)
def _script_of_letter(char: str) -> Language | None:
    if not char.isalpha():
        return None
    name = unicodedata.name(char, "")
    return "ar" if name.startswith("ARABIC") else "en" if name.startswith("LATIN") else None


def load(path: Path) -> list[Question]:
    """Read a question file.

    Raises:
        QuestionsInvalid: a row breaks the schema; the message names the line and the field.
    """
    questions: list[Question] = []
    seen: dict[str, int] = {}
    for number, line in lines(path, QuestionsInvalid):
        try:
            question = parse(line)
        except QuestionsInvalid as error:
            raise QuestionsInvalid(f"{path}, line {number}: {error}") from None
        if question.id in seen:
            raise QuestionsInvalid(f"{path}, line {number}: id: {question.id!r} was used in line {seen[question.id]}")
        seen[question.id] = number
        questions.append(question)
    if not questions:
        raise QuestionsInvalid(f"{path} holds no question")
    return questions


def parse(line: str) -> Question:
    """One row. Raises `QuestionsInvalid` with the field's name."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionsInvalid(f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise QuestionsInvalid("not a JSON object")
    known = {"id", "kind", "answerable", "question", "answer", "gold", "note", "style"}
    if unknown := sorted(set(row) - known):
        raise QuestionsInvalid(f"{unknown[0]}: unknown field; known: {', '.join(sorted(known))}")
    answerable = row.get("answerable")
    if not isinstance(answerable, bool):
        raise QuestionsInvalid("answerable: must be true or false")
    kind = _text(row, "kind")
    kinds = ANSWERABLE_KINDS if answerable else UNANSWERABLE_KINDS
    if kind not in kinds:
        raise QuestionsInvalid(f"kind: {kind!r} is not one of {', '.join(sorted(kinds))}")
    rows = row.get("gold")
    if not isinstance(rows, list):
        raise QuestionsInvalid("gold: must be a list of spans")
    gold = tuple(_span(span, f"gold[{index}]") for index, span in enumerate(rows))
    if answerable != bool(gold):
        raise QuestionsInvalid("gold: must be empty exactly when answerable is false")
    if len(set(gold)) != len(gold):
        raise QuestionsInvalid("gold: the same span twice")
    answer = None if row.get("answer") is None else _both(row, "answer")
    if answerable != (answer is not None):
        raise QuestionsInvalid("answer: must be null exactly when answerable is false")
    note = row.get("note", "")
    if not isinstance(note, str):
        raise QuestionsInvalid("note: must be a text")
    style = next((style for style in STYLES if style == row.get("style")), None)
    if "style" in row and style is None:
        raise QuestionsInvalid(f"style: must be one of {', '.join(STYLES)}, or be left out")
    return Question(_text(row, "id"), kind, _both(row, "question"), answer, gold, note, style)


def misplaced(questions: Iterable[Question], text_of: Callable[[str], str | None]) -> list[str]:
    """What is wrong with the gold spans, a line each; ``text_of`` gives None for a file that does not exist."""
    faults: list[str] = []
    for question in questions:
        for span in question.gold:
            text = text_of(span.file)
            if text is None:
                faults.append(f"{question.id}: there is no {span.file} in the corpus")
            elif span.quote and text[span.start : span.end] != span.quote:
                faults.append(f"{question.id}: {span.file}[{span.start}:{span.end}] is not {span.quote!r}")
    return faults


def _text(row: dict[str, Any], field: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or not value.strip():
        raise QuestionsInvalid(f"{field}: must be a text that is not empty")
    return value


def _both(row: dict[str, Any], field: str) -> dict[Language, str]:
    value = row.get(field)
    if not isinstance(value, dict) or set(value) != set(LANGUAGES):
        raise QuestionsInvalid(f"{field}: must hold exactly the keys ar and en")
    for language in LANGUAGES:
        if not isinstance(value[language], str) or not value[language].strip():
            raise QuestionsInvalid(f"{field}.{language}: must be a text that is not empty")
    return {language: value[language] for language in LANGUAGES}


def _span(value: object, field: str) -> Gold:
    if not isinstance(value, dict) or set(value) != {"file", "start", "end", "quote"}:
        raise QuestionsInvalid(f"{field}: must hold exactly file, start, end and quote")
    file, start, end, quote = value["file"], value["start"], value["end"], value["quote"]
    if not isinstance(file, str) or not isinstance(quote, str):
        raise QuestionsInvalid(f"{field}: file and quote must be texts")
    if type(start) is not int or type(end) is not int or not 0 <= start < end:
        raise QuestionsInvalid(f"{field}: start and end must be whole numbers, 0 <= start < end")
    if len(quote) != end - start:
        raise QuestionsInvalid(f"{field}: quote has {len(quote)} characters, start and end say {end - start}")
    return Gold(file, start, end, quote)
