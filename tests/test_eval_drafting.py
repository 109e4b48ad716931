"""A first question set: made of the articles and of what readers said, and readable by the evaluation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import drafting, questions
from eval.__main__ import main
from eval.arguments import HERE
from eval.questions import QuestionsInvalid


def feedback(tmp_path: Path) -> Path:
    row = {"id": "edit-1", "kind": "near-miss", "answerable": False, "question": {"ar": "من؟", "en": "من؟"},
           "answer": None, "gold": [], "note": "Translate into en."}  # fmt: skip
    path = tmp_path / "liked.jsonl"
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    return path


def test_the_draft_of_the_seeds_fits_the_seeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.jsonl"
    places = ["--corpus", str(HERE.parent / "seeds"), "--index", str(tmp_path / "index"), "--out", str(out)]
    assert main(["questions", *places, "--number", "4", "--feedback", str(feedback(tmp_path))]) == 0
    assert f"questions in {out}" in capsys.readouterr().out
    drafted = questions.load(out)
    assert drafted[-1].id == "edit-1"
    assert 3 <= len(drafted) <= 5
    text = {file: (HERE.parent / "seeds" / file).read_bytes().decode() for one in drafted for file in one.files}
    assert questions.misplaced(drafted, text.get) == []
    assert all(one.note.startswith("DRAFT") for one in drafted[:-1])
    assert main(["questions", *places]) == 2
    assert "Name a new file with --out" in capsys.readouterr().err


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("work", "utf-8")
    with pytest.raises(QuestionsInvalid, match="cannot be written"):
        drafting.write(path, [])
    assert path.read_text("utf-8") == "work"


def test_feedback_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("{", "utf-8")
    silent: Any = type("Silent", (), {"documents": lambda self: []})()
    with pytest.raises(QuestionsInvalid, match="is not what 'isnad feedback export' writes"):
        drafting.draft(silent, 2, tmp_path / "x.jsonl")
