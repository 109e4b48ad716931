"""What suites ask: cells, gold spans, and clear errors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import sets, suites
from eval.questions import Gold, Language, Question
from eval.sets import SetInvalid

CONTEXT = {"ar": "عقدت المحادثات في جنيف.", "en": "The talks were held in Geneva."}
ANSWER = {"ar": "جنيف", "en": "Geneva"}
ASKED = {"ar": "أين عقدت؟", "en": "Where were they held?"}


def squad(folder: Path, language: Language, shift: int = 0) -> Path:
    start = CONTEXT[language].index(ANSWER[language]) + shift
    answers = [{"text": ANSWER[language], "answer_start": start}]
    qas = [{"id": "q1", "question": ASKED[language], "answers": answers}]
    path = folder / f"{language}.json"
    path.write_text(json.dumps({"data": [{"paragraphs": [{"context": CONTEXT[language], "qas": qas}]}]}), "utf-8")
    return path


def test_squad_asks_all_pairs_and_the_mixed_ones(tmp_path: Path) -> None:
    tasks = list(suites.squad({language: squad(tmp_path, language) for language in ("ar", "en")}))
    cells = [ask.cell for task in tasks for ask in task.asks]
    assert cells == [
        "ar→ar", "en→ar", "ar→en", "en→en", "ar→ar mixed", "en→ar mixed", "ar→en mixed", "en→en mixed",
    ]  # fmt: skip
    across = tasks[1].asks[0]
    assert (across.language, across.question.text) == ("ar", {"ar": ASKED["ar"]})
    assert across.question.gold == (Gold("00000.txt", 23, 29, "Geneva"),)
    assert across.question.answer == {"ar": "Geneva"}
    assert all(task.answers and task.suite == "xquad" for task in tasks)


def one(folder: Path, *answers: dict[str, Any], context: str = "In May and in May", **more: Any) -> Question:
    """The question of a file that has one."""
    qas = [{"id": "q1", "question": "When?", "answers": list(answers), **more}]
    (folder / "s.json").write_text(json.dumps({"data": [{"paragraphs": [{"context": context, "qas": qas}]}]}), "utf-8")
    (task,) = suites.squad({"en": folder / "s.json"})
    return task.asks[0].question


def test_an_answer_is_taken_at_the_place_next_to_the_one_told(tmp_path: Path) -> None:
    assert one(tmp_path, {"text": "May", "answer_start": 12}).gold == (Gold("00000.txt", 14, 17, "May"),)
    assert one(tmp_path, {"text": "May", "answer_start": 0}).gold == (Gold("00000.txt", 3, 6, "May"),)
    with pytest.raises(SetInvalid, match="question q1: answers: 'June' does not stand in its paragraph"):
        one(tmp_path, {"text": "June", "answer_start": 3})


def test_every_answer_of_a_question_counts(tmp_path: Path) -> None:
    answers = [
        {"text": "May", "answer_start": 3},
        {"text": "in May", "answer_start": 11},
        {"text": "May", "answer_start": 3},
    ]
    question = one(tmp_path, *answers)
    assert question.gold == (Gold("00000.txt", 3, 6, "May"), Gold("00000.txt", 11, 17, "in May"))
    assert question.answer == {"en": "May"}


def test_an_impossible_question_is_unanswerable(tmp_path: Path) -> None:
    question = one(tmp_path, is_impossible=True)
    assert (question.answerable, question.gold, question.kind) == (False, (), "near-miss")
    squad = sets.read_squad(tmp_path / "s.json")
    assert squad.questions["q1"].impossible
    assert sets.answerable(squad).questions == {}


def test_ntrex_is_searched_by_headlines(tmp_path: Path) -> None:
    row = {"id": "n", "ar": ["عنوان", "نص"], "en": ["Head", "Text"]}
    (tmp_path / "n.jsonl").write_text(json.dumps(row), "utf-8")
    tasks = list(suites.ntrex(tmp_path / "n.jsonl"))
    assert [ask.cell for task in tasks for ask in task.asks] == ["ar→ar", "en→ar", "ar→en", "en→en"]
    assert not any(task.answers for task in tasks)
    assert tasks[1].asks[0].question.gold == (Gold("00000.txt", 0, 4, ""),)


def test_nomiracl_asks_each_question_of_its_own_passages(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "question": "Who?", "passages": ["a", "b"], "answerable": True},
        {"id": 2, "question": "When?", "passages": ["c"], "answerable": False},
    ]
    (tmp_path / "n.jsonl").write_text("\n\n".join(map(json.dumps, rows)), "utf-8")
    (task,) = suites.nomiracl({"en": tmp_path / "n.jsonl"})
    assert task.corpus == {"0001-00.txt": "a", "0001-01.txt": "b", "0003-00.txt": "c"}
    assert [ask.among for ask in task.asks] == [("0001-00.txt", "0001-01.txt"), ("0003-00.txt",)]
    assert [ask.question.answerable for ask in task.asks] == [True, False]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "line 1: not a JSON object"),
        ('\n{"id": "1", "question": "q", "passages": ["a"]}', "line 2: answerable: is missing"),
        ('{"id": "1", "question": "q", "passages": ["a"], "answerable": 1}', "line 1: answerable: must be"),
        ('{"id": "1", "question": "q", "passages": [], "answerable": true}', "line 1: passages: must be"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "n.jsonl").write_text(content, "utf-8")
    with pytest.raises(SetInvalid, match=message):
        list(suites.nomiracl({"en": tmp_path / "n.jsonl"}))
    with pytest.raises(SetInvalid, match="cannot be read"):
        list(suites.nomiracl({"en": tmp_path / "missing.jsonl"}))


def test_an_own_set_has_a_cell_for_each_language() -> None:
    text: dict[Language, str] = {"ar": "من؟", "en": "Who?"}
    question: Any = Question("q", "fact", text, None, (Gold("a", 0, 1, "x"),))
    task = suites.own("own", Path("x"), [question], ["ar", "en"])
    assert [(ask.cell, ask.language) for ask in task.asks] == [("ar", "ar"), ("en", "en")]
