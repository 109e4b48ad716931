"""Questions as somebody writes them down: where they have their answers, and what is wrong with a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from eval_double import TEXTS, Double, Opener, Reply
from test_eval_main import DEAD, GENEVA

from eval import journal, plain
from eval.__main__ import main
from eval.questions import Gold, Question, QuestionsInvalid


def read(tmp_path: Path, *rows: object) -> list[Question]:
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return plain.load(path, list(TEXTS), TEXTS.get)


def test_the_three_sorts_of_rows(tmp_path: Path) -> None:
    quoted, filed, none = read(
        tmp_path,
        {"question": "كم القتلى؟", "answer": "49", "quote": "قتل 49 جنديا"},
        {"question": "Where?", "file": "b.txt", "id": "where", "note": "x"},
        {"question": "Who cooked?", "answer": None},
    )
    assert quoted.gold == (Gold("a.txt", 0, 12, "قتل 49 جنديا"),)
    assert (quoted.id, quoted.text, quoted.answer) == ("q001", {"ar": "كم القتلى؟"}, {"ar": "49"})
    assert filed.gold == (Gold("b.txt", 0, len(TEXTS["b.txt"]), ""),)
    assert (filed.id, plain.language(filed), filed.answerable) == ("where", "en", True)
    assert (none.gold, none.answerable, none.kind) == ((), False, "near-miss")


def test_words_count_wherever_they_stand(tmp_path: Path) -> None:
    (found,) = read(tmp_path, {"question": "What?", "quote": "e"})
    assert len(found.gold) == TEXTS["b.txt"].count("e")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": "؟؟"}, "line 1: question: must be"),
        (
            {"question": "Who?", "file": "c.txt"},
            "line 1: file: there is no c.txt in the folder; there are a.txt, b.txt",
        ),
        ({"question": "Who?", "quote": "Paris"}, "line 1: quote: 'Paris' does not stand in any file"),
        ({"question": "Who?", "answer": "He"}, "line 1: answer: an answer needs the file"),
        ({"question": "Who?", "gold": []}, "line 1: gold: unknown field"),
        ({"question": "Who?", "answer": 49}, "line 1: answer: must be a text"),
        ([], "line 1: not a JSON object"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, row: object, message: str) -> None:
    with pytest.raises(QuestionsInvalid, match=message):
        read(tmp_path, row)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(QuestionsInvalid, match="line 2: id: 'x' was used before"):
        read(tmp_path, {"question": "Who?", "id": "x"}, {"question": "When?", "id": "x"})


def test_one_command_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [{"question": "كم القتلى؟", "quote": "قتل 49 جنديا"}, {"question": "Where?", "file": "b.txt"}]
    Path("mine.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    Path("corpus").mkdir()
    double = Double({"كم القتلى؟": Reply(quotes=(DEAD,)), "Where?": Reply(quotes=(GENEVA,))})
    assert main(["run", "--questions", "mine.jsonl", "--corpus", "corpus"], Opener(double)) == 0
    out = Path(".isnad") / "report"
    assert [(row["cell"], row["id"]) for row in journal.read(out)[1]] == [("ar", "q001"), ("en", "q002")]
    assert (out / "report.html").exists()
