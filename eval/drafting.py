"""A first question set for somebody's own articles: what the articles answer, by templates, and what readers said of answers.

It is a draft. Each row's note says what a person has to do with it, and the set measures nothing before that is done: the
questions are those that the assistant was found to answer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.suggestions import suggestions
from eval.questions import LANGUAGES, Language, QuestionsInvalid

_KINDS = {"when": "date", "who": "person", "said": "statement", "where": "place", "count": "number", "amount": "number"}
_OTHER: dict[Language, str] = {"ar": "English", "en": "Arabic"}


def draft(assistant: Any, number: int, feedback: Path | None = None) -> list[dict[str, Any]]:
    """Rows in the format of `eval.questions`: up to ``number`` made of the articles, half in each language, then the rows
    that ``isnad feedback export`` wrote.

    Raises:
        QuestionsInvalid: the feedback is no JSONL.
    """
    rows = []
    for language in LANGUAGES:
        half = number // 2 + (number % 2 if language == LANGUAGES[0] else 0)
        for count, one in enumerate(suggestions(assistant, language, half), 1):
            quote = assistant.document(one.file).text[one.start : one.end]
            rows.append(
                {
                    "id": f"draft-{language}-{count:02}",
                    "kind": _KINDS.get(one.kind, "fact"),
                    "answerable": True,
                    "question": dict.fromkeys(LANGUAGES, one.question),
                    "answer": dict.fromkeys(LANGUAGES, quote),
                    "gold": [{"file": one.file, "start": one.start, "end": one.end, "quote": quote}],
                    "note": f"DRAFT: put it in your own words, translate into {_OTHER[language]}, shorten answer and gold "
                    "to the clause that answers, and list every other place that answers it.",
                }
            )
    return rows + (_feedback(feedback) if feedback else [])


def check(path: Path) -> None:
    """Raises `QuestionsInvalid` for a file that exists, before anything is drafted for it."""
    if path.exists():
        raise QuestionsInvalid(f"{path} exists already. Name a new file with --out.")


def write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """One row a line; an existing file is somebody's work and is not written over.

    Raises:
        QuestionsInvalid: the file exists, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except OSError as error:
        raise QuestionsInvalid(f"{path} cannot be written: {error.strerror}. Name a new file with --out.") from error


def _feedback(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise QuestionsInvalid(f"{path} is not what 'isnad feedback export' writes: {error}") from error
