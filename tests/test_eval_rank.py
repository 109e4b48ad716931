"""Texts as files, cells of languages, the rank of a file by its first passage."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from eval import rank
from eval.rank import Ranked
from eval.sets import Collection, Query


class Hit(NamedTuple):
    file: str
    start: int = 0
    end: int = 1
    text: str = "x"


class Searcher:
    """Finds what the test says, whatever the folder holds; remembers the folder's content."""

    def __init__(self, found: dict[str, Sequence[str] | Exception]) -> None:
        self.found = found
        self.folders: list[dict[str, bytes]] = []

    @contextmanager
    def __call__(self, corpus: Path, index: Path, gloss: bool = True) -> Iterator[Searcher]:
        assert not index.is_relative_to(corpus)
        self.folders.append({path.name: path.read_bytes() for path in sorted(corpus.iterdir())})
        yield self

    def search(self, question: str, limit: int = 10) -> Sequence[Hit]:
        files = self.found.get(question, ())
        if isinstance(files, Exception):
            raise files
        return [Hit(file) for file in files][:limit]


def test_each_text_is_a_file_and_each_question_is_asked() -> None:
    collections = [
        Collection("", {"0": "واحد", "1": "Three"}, [
            Query("q1", "en", "ar", "one?", "0"), Query("q2", "en", "ar", "two?", "0"),
            Query("q3", "en", "ar", "three?", "1"), Query("q1", "ar", "ar", "كم؟", "0"),
            Query("q3", "ar", "ar", "ثلاثة؟", "1"),
        ]),
        Collection("mixed", {"0": "One.\r\nTwo."}, [Query("q1", "en", "ar", "one?", "0")]),
    ]  # fmt: skip
    searcher = Searcher({"one?": ["0"], "two?": ["1", "1", "0"], "كم؟": ["1", "0"], "ثلاثة؟": RuntimeError("engine")})
    counted: list[int] = []
    rows = rank.rank_all(collections, searcher, counted.append)
    assert searcher.folders == [{"0": "واحد".encode(), "1": b"Three"}, {"0": b"One.\r\nTwo."}]
    assert counted == [1, 2, 3, 4, 5, 6]
    cells = rank.summarise(rows)
    assert list(cells) == ["en→ar", "ar→ar", "en→ar mixed"]
    second = 1 / math.log2(3)
    english, arabic = cells["en→ar"], cells["ar→ar"]
    # Passages of one file count once: q2's file is second, though it is the third hit. q3 finds nothing: zero.
    assert english["ndcg_at_10"].value == pytest.approx((1 + second + 0) / 3)
    assert (english["recall_at_1"].value, english["recall_at_5"].value) == pytest.approx((1 / 3, 2 / 3))
    assert (english["errors"].value, english["errors"].n) == (0.0, 3)
    # One error row: one question is left, found at rank 2.
    assert arabic["ndcg_at_10"].value == pytest.approx(second)
    assert arabic["ndcg_at_10"].n == 1
    assert arabic["errors"].value == 1.0
    # What is found in another collection counts there only.
    assert (cells["en→ar mixed"]["ndcg_at_10"].value, cells["en→ar mixed"]["ndcg_at_10"].n) == (1.0, 1)


def test_rows_as_json_values() -> None:
    query = Query("q", "ar", "en", "x", "g")
    assert Ranked(query, "ar→en", ("f",)).to_dict() == {"id": "q", "cell": "ar→en", "gold": "g", "files": ["f"]}
    failed = Ranked(query, "ar→en", (), "KeyError: 1").to_dict()
    assert failed == {"id": "q", "cell": "ar→en", "gold": "g", "error": "KeyError: 1"}
