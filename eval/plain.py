"""A question set as somebody writes it down who has a folder and a list of questions: one JSON object a line with ``question``
and, where they are known, ``answer``, ``file`` and ``quote``. It becomes the set that `eval.questions` describes.

A row with a ``quote`` has its answer wherever the words stand; one with only a ``file``, somewhere in that file; one with
neither says that the articles do not answer it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from eval.questions import Gold, Language, Question, QuestionsInvalid, script_of

FIELDS = ("id", "question", "answer", "file", "quote", "note")


def is_plain(path: Path) -> bool:
    """Whether the first row is one of these: its question is a text, not a text for each language."""
    try:
        with path.open(encoding="utf-8") as file:
            row = json.loads(next((line for line in file if line.strip()), ""))
    except (OSError, ValueError):
        return False
    return isinstance(row, dict) and isinstance(row.get("question"), str)


def load(path: Path, files: Sequence[str], text_of: Callable[[str], str | None]) -> list[Question]:
    """Read the rows; ``files`` are those of the folder, ``text_of`` gives a file's text.

    Raises:
        QuestionsInvalid: naming line and field.
    """
    found: list[Question] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line), f"q{number:03}", files, text_of)
        except json.JSONDecodeError as error:
            raise QuestionsInvalid(f"{path}, line {number}: not JSON: {error}") from None
        except QuestionsInvalid as error:
            raise QuestionsInvalid(f"{path}, line {number}: {error}") from None
        if any(other.id == question.id for other in found):
            raise QuestionsInvalid(f"{path}, line {number}: id: {question.id!r} was used before")
        found.append(question)
    return found


def language(question: Question) -> Language:
    """The one language it is asked in."""
    return next(iter(question.text))


def _question(row: Any, default: str, files: Sequence[str], text_of: Callable[[str], str | None]) -> Question:
    if not isinstance(row, dict):
        raise QuestionsInvalid("not a JSON object")
    if unknown := sorted(set(row) - set(FIELDS)):
        raise QuestionsInvalid(f"{unknown[0]}: unknown field; known: {', '.join(FIELDS)}")
    for field in FIELDS:
        if not isinstance(row.get(field, ""), str | None):
            raise QuestionsInvalid(f"{field}: must be a text")
    words, answer, file, quote = (
        str(row.get(field) or "").strip() for field in ("question", "answer", "file", "quote")
    )
    if not any(character.isalnum() for character in words):
        raise QuestionsInvalid("question: must be a text that is not empty")
    if file and file not in files:
        raise QuestionsInvalid(f"file: there is no {file} in the folder; there are {', '.join(sorted(files)[:5])}, …")
    gold = tuple(_places(quote, [file] if file else files, text_of))
    if quote and not gold:
        raise QuestionsInvalid(
            f"quote: {quote!r} does not stand in {file or 'any file of the folder'}, letter by letter"
        )
    if file and not quote:
        gold = (Gold(file, 0, len(text_of(file) or ""), ""),)
    if answer and not gold:
        raise QuestionsInvalid("answer: an answer needs the file that holds it, or the words there as quote")
    asked: Language = "ar" if script_of(words) == "ar" else "en"
    kind = "fact" if gold else "near-miss"
    return Question(str(row.get("id") or default), kind, {asked: words}, {asked: answer} if answer else None, gold)


def _places(quote: str, files: Iterable[str], text_of: Callable[[str], str | None]) -> Iterable[Gold]:
    if not quote:
        return
    for file in files:
        text = text_of(file) or ""
        start = text.find(quote)
        while start >= 0:
            yield Gold(file, start, start + len(quote), quote)
            start = text.find(quote, start + 1)
