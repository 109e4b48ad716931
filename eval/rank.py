"""Ranking: each paragraph a file of its own, each question searched, no other help given.

A cell is a question language and a document language, in one of three kinds of collection (`eval.sets`): paragraphs of
one language only; paragraphs of both languages mixed, where the document language is that of the gold paragraph; and
parallel articles found by their headlines. The gold of a question is the file of its paragraph, and the rank of a file
is that of its first passage among the files found. Every question counts; one that finds nothing counts 0, one that
raises an error is a failed row and counts nowhere.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval import measures
from eval.run import HITS, Searches
from eval.sets import Collection, Query, cell_name
from eval.summary import Measure, average, fraction

Open = Callable[[Path, Path], AbstractContextManager[Searches]]
"""Opens an assistant over a corpus folder with an index folder."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One question of a cell: the files found, best first, or the error."""

    query: Query
    cell: str
    files: tuple[str, ...]
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        row = {"id": self.query.id, "cell": self.cell, "gold": self.query.gold}
        return {**row, "error": self.error} if self.error else {**row, "files": list(self.files)}


def rank_all(
    collections: Iterable[Collection], open_assistant: Open, progress: Callable[[int], None] | None = None
) -> list[Ranked]:
    """Every question of every collection, each collection in a temporary folder."""
    rows: list[Ranked] = []
    for collection in collections:
        with folder(collection.texts) as (corpus, index), open_assistant(corpus, index) as assistant:
            for query in collection.queries:
                rows.append(rank(assistant, query, collection.label))
                if progress:
                    progress(len(rows))
    return rows


@contextmanager
def folder(texts: Mapping[str, str]) -> Iterator[tuple[Path, Path]]:
    """A temporary folder of these files, and a place for its index."""
    with tempfile.TemporaryDirectory(prefix="isnad-rank-") as place:
        corpus = Path(place, "corpus")
        corpus.mkdir()
        for file, text in texts.items():
            (corpus / file).write_bytes(text.encode("utf-8"))
        yield corpus, Path(place, "index")


def rank(assistant: Searches, query: Query, label: str) -> Ranked:
    """Search for one question."""
    cell = cell_name(query.asked, query.documents, label)
    try:
        hits = assistant.search(query.text, limit=HITS)
    except Exception as error:  # the edge of the run: an error is a result, and the other questions are still asked
        return Ranked(query, cell, (), f"{type(error).__name__}: {error}")
    return Ranked(query, cell, tuple(measures.distinct(hit.file for hit in hits)))


def summarise(rows: Sequence[Ranked]) -> dict[str, dict[str, Measure]]:
    """By cell: nDCG@10, R@1, R@5, and the number of errors."""
    cells: dict[str, list[Ranked]] = {}
    for row in rows:
        cells.setdefault(row.cell, []).append(row)
    return {name: _cell(rows) for name, rows in cells.items()}


def _cell(rows: Sequence[Ranked]) -> dict[str, Measure]:
    done = [row for row in rows if row.error is None]
    return {
        "ndcg_at_10": average([measures.ndcg(row.files, {row.query.gold}, 10) for row in done]),
        "recall_at_1": fraction(sum(row.query.gold in row.files[:1] for row in done), len(done)),
        "recall_at_5": fraction(sum(row.query.gold in row.files[:5] for row in done), len(done)),
        "errors": Measure(float(len(rows) - len(done)), len(rows)),
    }
