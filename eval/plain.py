"""A question set as somebody writes it down who has a folder and a list of questions: one JSON object a line with ``question``
and, where they are known, ``answer``, ``file`` and ``quote``, or a table (``.csv``, ``.tsv``) with these columns. It becomes the
set that `eval.questions` describes.

A row with a ``quote`` has its answer wherever the words stand, whatever white space is between them; one with only a ``file``,
somewhere in that file; one with only an ``answer``, at a place that is not told; one with none of them says that the articles
do not answer it. Empty cells count as left out, and
numbers as texts, as a spreadsheet writes them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from eval.questions import Gold, Language, Question, QuestionsInvalid, script_of

FIELDS = ("id", "question", "answer", "file", "quote", "note")


_SCHEMA = ("kind", "answerable", "gold")  # fields of the other format alone
_TABLES = {".csv": ",", ".tsv": "\t"}


def is_plain(path: Path) -> bool:
    """Whether the first row is one of these: it has no field that only `eval.questions` knows, and its question is one text."""
    if path.suffix.lower() in _TABLES:
        return True
    try:
        with path.open(encoding="utf-8-sig") as file:
            row = json.loads(next((line for line in file if line.strip()), ""))
    except (OSError, ValueError, RecursionError):
        return False
    if not isinstance(row, dict) or not row or isinstance(row.get("question"), dict):
        return False
    return not any(name in row for name in _SCHEMA)


def load(path: Path, files: Sequence[str], text_of: Callable[[str], str | None]) -> list[Question]:
    """Read the rows; ``files`` are those of the folder, ``text_of`` gives a file's text.

    Raises:
        QuestionsInvalid: naming line and field.
    """
    if not files:
        raise QuestionsInvalid("the folder holds no article that can be read; isnad index --corpus DIR says why")
    found: list[Question] = []
    for number, row in _rows(path):
        try:
            question = _question(row, f"q{number:03}", files, text_of)
        except QuestionsInvalid as error:
            raise QuestionsInvalid(f"{path}, line {number}: {error}") from None
        if any(other.id == question.id for other in found):
            raise QuestionsInvalid(f"{path}, line {number}: id: {question.id!r} was used before")
        found.append(question)
    if not found:
        raise QuestionsInvalid(f"{path} holds no question")
    return found


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    """What the lines hold, with their numbers; lines without anything are skipped."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise QuestionsInvalid(f"{path} cannot be read: {error}") from error
    if sign := _TABLES.get(path.suffix.lower()):
        head = text.partition("\n")[0]
        if sign == "," and head.count(";") > head.count(","):
            sign = ";"  # as spreadsheets write it where the comma is the decimal sign
        table = csv.DictReader(io.StringIO(text, newline=""), delimiter=sign)
        for cells in table:
            # Cells beyond the columns stand under None, as a list.
            row = {name or "a cell beyond the columns": cell for name, cell in cells.items()}
            if any(row.values()):
                yield table.line_num, row
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise QuestionsInvalid(
                    f"{path}, line {number}: not JSON: {error.msg} at column {error.colno}"
                ) from None
            except RecursionError:
                raise QuestionsInvalid(f"{path}, line {number}: not JSON: nested too deeply") from None


def language(question: Question) -> Language:
    """The one language it is asked in."""
    return next(iter(question.text))


def _question(row: Any, default: str, files: Sequence[str], text_of: Callable[[str], str | None]) -> Question:
    if not isinstance(row, dict):
        raise QuestionsInvalid("not a JSON object")
    if unknown := sorted(set(row) - set(FIELDS)):
        raise QuestionsInvalid(f"{unknown[0]}: unknown field; known: {', '.join(FIELDS)}")
    for field in FIELDS:
        if isinstance(row.get(field), bool | list | dict):
            raise QuestionsInvalid(f"{field}: must be a text")
    key, words, answer, file, quote = (
        "" if row.get(field) is None else str(row[field]).strip()
        for field in ("id", "question", "answer", "file", "quote")
    )
    if not any(character.isalnum() for character in words):
        raise QuestionsInvalid("question: must be a text that is not empty")
    if file and file not in files:
        some = ", ".join([*sorted(files)[:5], *(["…"] if len(files) > 5 else [])])
        raise QuestionsInvalid(f"file: there is no {file} in the folder; there are {some}")
    gold = tuple(_places(quote, [file] if file else files, text_of))
    if quote and not gold:
        raise QuestionsInvalid(
            f"quote: {quote!r} does not stand in {file or 'any file of the folder'}, letter by letter"
        )
    if file and not quote:
        gold = (Gold(file, 0, len(text_of(file) or ""), ""),)
    asked: Language = "ar" if script_of(words) == "ar" else "en"
    told = bool(gold or answer)
    kind = "fact" if told else "near-miss"
    expected = {asked: answer} if answer else None
    return Question(key or default, kind, {asked: words}, expected, gold, open=told and not gold)


def _places(quote: str, files: Iterable[str], text_of: Callable[[str], str | None]) -> Iterable[Gold]:
    if not quote:
        return
    words = re.compile(r"\s+".join(map(re.escape, quote.split())))
    for file in files:
        text = text_of(file) or ""
        found = words.search(text)
        while found:
            yield Gold(file, found.start(), found.end(), found[0])
            found = words.search(text, found.start() + 1)
