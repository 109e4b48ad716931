"""Ranking over SQuAD-format files: each paragraph a file of its own, each question searched, no other help given.

A cell is a question language and a document language. The corpus of a cell holds the paragraphs of the document
language only; the questions are those of the question language's file, tied to their paragraph by question id. The gold
of a question is the file of its paragraph, and the rank of a file is that of its first passage among the files found.
Every question counts; one that finds nothing counts 0, one that raises an error is a failed row and counts nowhere.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from eval import measures
from eval.questions import Language
from eval.run import HITS, Searches
from eval.summary import Measure, average, fraction

Open = Callable[[Path, Path], AbstractContextManager[Searches]]
"""Opens an assistant over a corpus folder with an index folder."""


class SquadInvalid(Exception):
    """A file is not in SQuAD's format, or the files of two languages do not belong together."""


class Squad(NamedTuple):
    """``paragraphs`` by file name; ``questions`` by id; ``gold``: the file name of a question's paragraph."""

    paragraphs: dict[str, str]
    questions: dict[str, str]
    gold: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One question of a cell: the files found, best first, or the error."""

    id: str
    asked: Language
    documents: Language
    files: tuple[str, ...]
    gold: str
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        cell = {"id": self.id, "cell": cell_name(self.asked, self.documents), "gold": self.gold}
        return {**cell, "error": self.error} if self.error else {**cell, "files": list(self.files)}


def cell_name(asked: Language, documents: Language) -> str:
    """``ar→en``: Arabic questions, English paragraphs."""
    return f"{asked}→{documents}"


def read(path: Path) -> Squad:
    """Raises `SquadInvalid`, naming the file and the field."""
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        squad = Squad({}, {}, {})
        for paragraph in (paragraph for article in articles for paragraph in article["paragraphs"]):
            file = f"{len(squad.paragraphs):05}.txt"
            squad.paragraphs[file] = paragraph["context"]
            for question in paragraph["qas"]:
                if question["id"] in squad.questions:
                    raise SquadInvalid(f"{path}: the question id {question['id']} occurs twice")
                squad.questions[question["id"]] = question["question"]
                squad.gold[question["id"]] = file
    except (OSError, ValueError) as error:
        raise SquadInvalid(f"{path} cannot be read: {error}") from error
    except (KeyError, TypeError) as error:
        raise SquadInvalid(f"{path} is not in SQuAD's format: {type(error).__name__} {error}") from error
    if not squad.questions:
        raise SquadInvalid(f"{path} holds no question")
    return squad


def rank_all(
    sets: Mapping[Language, Squad], open_assistant: Open, progress: Callable[[int], None] | None = None
) -> list[Ranked]:
    """Every question of every language against the paragraphs of every language, in temporary folders.

    Raises:
        SquadInvalid: a question of one language has no paragraph in another.
    """
    for asked, questions in sets.items():
        for documents, squad in sets.items():
            if missing := questions.questions.keys() - squad.gold.keys():
                raise SquadInvalid(f"question {min(missing)} of {asked} is not in the file of {documents}")
    rows: list[Ranked] = []
    for documents, squad in sets.items():
        with tempfile.TemporaryDirectory(prefix="isnad-rank-") as folder:
            corpus, index = Path(folder, "corpus"), Path(folder, "index")
            corpus.mkdir()
            for file, text in squad.paragraphs.items():
                (corpus / file).write_bytes(text.encode("utf-8"))
            with open_assistant(corpus, index) as assistant:
                for asked, questions in sets.items():
                    for key, words in questions.questions.items():
                        rows.append(_rank(assistant, Ranked(key, asked, documents, (), squad.gold[key]), words))
                        if progress:
                            progress(len(rows))
    return rows


def _rank(assistant: Searches, row: Ranked, words: str) -> Ranked:
    try:
        hits = assistant.search(words, limit=HITS)
    except Exception as error:  # the edge of the run: an error is a result, and the other questions are still asked
        return Ranked(row.id, row.asked, row.documents, (), row.gold, f"{type(error).__name__}: {error}")
    return Ranked(row.id, row.asked, row.documents, tuple(measures.distinct(hit.file for hit in hits)), row.gold)


def summarise(rows: Sequence[Ranked]) -> dict[str, dict[str, Measure]]:
    """By cell: nDCG@10, R@1, R@5, and the number of errors."""
    cells: dict[str, list[Ranked]] = {}
    for row in rows:
        cells.setdefault(cell_name(row.asked, row.documents), []).append(row)
    return {name: _cell(rows) for name, rows in cells.items()}


def _cell(rows: Sequence[Ranked]) -> dict[str, Measure]:
    done = [row for row in rows if row.error is None]
    return {
        "ndcg_at_10": average([measures.ndcg(row.files, {row.gold}, 10) for row in done]),
        "recall_at_1": fraction(sum(row.gold in row.files[:1] for row in done), len(done)),
        "recall_at_5": fraction(sum(row.gold in row.files[:5] for row in done), len(done)),
        "errors": Measure(float(len(rows) - len(done)), len(rows)),
    }
