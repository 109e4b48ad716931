"""Paragraphs as files, four cells, the rank of a file by its first passage."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from eval import rank
from eval.rank import Ranked, SquadInvalid


def squad(paragraphs: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    rows = [{"context": text, "qas": [{"id": i, "question": q} for i, q in qas]} for text, qas in paragraphs.items()]
    return {"version": "1.1", "data": [{"title": "t", "paragraphs": rows[:1]}, {"title": "u", "paragraphs": rows[1:]}]}


ENGLISH = squad({"One.\r\nTwo.": [("q1", "one?"), ("q2", "two?")], "Three": [("q3", "three?")]})
ARABIC = squad({"واحد": [("q1", "كم؟"), ("q2", "كم ثانيًا؟")], "ثلاثة": [("q3", "ثلاثة؟")]})


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
    def __call__(self, corpus: Path, index: Path) -> Iterator[Searcher]:
        assert not index.is_relative_to(corpus)
        self.folders.append({path.name: path.read_bytes() for path in sorted(corpus.iterdir())})
        yield self

    def search(self, question: str, limit: int = 10) -> Sequence[Hit]:
        files = self.found.get(question, ())
        if isinstance(files, Exception):
            raise files
        return [Hit(file) for file in files][:limit]


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_each_paragraph_is_a_file_and_each_cell_is_asked(tmp_path: Path) -> None:
    sets = {"ar": rank.read(write(tmp_path / "ar", ARABIC)), "en": rank.read(write(tmp_path / "en", ENGLISH))}
    searcher = Searcher(
        {
            "one?": ["00000.txt"],
            "two?": ["00001.txt", "00001.txt", "00000.txt"],
            "كم؟": ["00001.txt", "00000.txt"],
            "ثلاثة؟": RuntimeError("engine"),
        }
    )
    counted: list[int] = []
    rows = rank.rank_all(sets, searcher, counted.append)  # type: ignore[arg-type]
    assert searcher.folders == [
        {"00000.txt": "واحد".encode(), "00001.txt": "ثلاثة".encode()},
        {"00000.txt": b"One.\r\nTwo.", "00001.txt": b"Three"},
    ]
    assert counted == list(range(1, 13))
    cells = rank.summarise(rows)
    assert list(cells) == ["ar→ar", "en→ar", "ar→en", "en→en"]
    second = 1 / math.log2(3)
    for documents in ("ar", "en"):
        english, arabic = cells[f"en→{documents}"], cells[f"ar→{documents}"]
        # Passages of one file count once: q2's file is second, though it is the third hit. q3 finds nothing: zero.
        assert english["ndcg_at_10"].value == pytest.approx((1 + second + 0) / 3)
        assert (english["recall_at_1"].value, english["recall_at_5"].value) == pytest.approx((1 / 3, 2 / 3))
        assert (english["errors"].value, english["errors"].n) == (0.0, 3)
        # One error row: two questions are left, one of them found at rank 2.
        assert arabic["ndcg_at_10"].value == pytest.approx(second / 2)
        assert arabic["ndcg_at_10"].n == 2
        assert arabic["errors"].value == 1.0


def test_rows_as_json_values() -> None:
    assert Ranked("q", "ar", "en", ("f",), "g").to_dict() == {"id": "q", "cell": "ar→en", "gold": "g", "files": ["f"]}
    failed = Ranked("q", "ar", "en", (), "g", "KeyError: 1").to_dict()
    assert failed == {"id": "q", "cell": "ar→en", "gold": "g", "error": "KeyError: 1"}


def test_a_question_without_a_paragraph_in_the_other_language(tmp_path: Path) -> None:
    fewer = squad({"One": [("q1", "one?")]})
    sets = {"ar": rank.read(write(tmp_path / "ar", ARABIC)), "en": rank.read(write(tmp_path / "en", fewer))}
    with pytest.raises(SquadInvalid, match="question q2 of ar is not in the file of en"):
        rank.rank_all(sets, Searcher({}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "not in SQuAD's format: TypeError"),
        ('{"data": [{"paragraphs": [{"context": "x"}]}]}', "not in SQuAD's format: KeyError 'qas'"),
        ('{"data": []}', "holds no question"),
        (json.dumps(squad({"a": [("q", "x"), ("q", "y")]})), "question id q occurs twice"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "squad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SquadInvalid, match=message):
        rank.read(path)
    with pytest.raises(SquadInvalid, match="cannot be read"):
        rank.read(tmp_path / "none.json")
