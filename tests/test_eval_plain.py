"""Questions as somebody writes them down: where they have their answers, and what is wrong with a line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from eval_double import DEAD, GENEVA, TEXTS, Double, Opener, Reply

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


def test_an_answer_alone_has_no_place(tmp_path: Path) -> None:
    (found,) = read(tmp_path, {"question": "How many died?", "answer": 49})
    assert (found.answerable, found.open, found.gold, found.answer) == (True, True, (), {"en": "49"})


def test_words_count_wherever_they_stand(tmp_path: Path) -> None:
    (found,) = read(tmp_path, {"question": "What?", "quote": "e"})
    assert len(found.gold) == TEXTS["b.txt"].count("e")


def test_rows_as_spreadsheets_write_them(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    rows = [
        {"id": 7, "question": "كم القتلى؟", "answer": 49, "file": "", "quote": "لم تعلن باكو أرقاما", "note": None},
        {"id": "", "question": "Where?", "answer": "", "file": "b.txt", "quote": "Geneva. Three"},
    ]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(map(json.dumps, rows)).encode())
    assert plain.is_plain(path)
    first, second = plain.load(path, list(TEXTS), TEXTS.get)
    # The article has a no-break space there, and a line's end; the place is the article's.
    assert first.gold[0].quote == "لم تعلن باكو\u00a0أرقاما"
    assert second.gold[0].quote == "Geneva.\nThree"
    assert all(TEXTS[g.file][g.start : g.end] == g.quote for one in (first, second) for g in one.gold)
    assert (first.id, first.answer, second.id) == ("7", {"ar": "49"}, "q002")


def test_a_table_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        'question,answer,quote,file\r\nكم القتلى؟,49,قتل 49 جنديا,\r\n,,,\r\n"Who, then?",,,\r\n', "utf-8-sig"
    )
    assert plain.is_plain(path)
    first, second = plain.load(path, list(TEXTS), TEXTS.get)
    assert (first.id, first.answer, first.gold) == ("q002", {"ar": "49"}, (Gold("a.txt", 0, 12, "قتل 49 جنديا"),))
    assert (second.id, second.text, second.answerable) == ("q004", {"en": "Who, then?"}, False)
    path.write_text("question;answer;quote\nHow many, then?;49;قتل 49\n", "utf-8")
    assert plain.load(path, list(TEXTS), TEXTS.get)[0].text == {"en": "How many, then?"}
    path.with_suffix(".tsv").write_text("question\tquote\nWho?\tx\ty\n", "utf-8")
    with pytest.raises(QuestionsInvalid, match="line 2: a cell beyond the columns: unknown field"):
        plain.load(path.with_suffix(".tsv"), list(TEXTS), TEXTS.get)


@pytest.mark.parametrize(
    ("content", "plainly"),
    [
        ('{"question": "Who?"}', True),
        ('\n{"questions": "Who?"}', True),
        ('{"question": {"ar": "x", "en": "y"}}', False),
        ('{"question": "Who?", "gold": []}', False),
        ("{}", False),
        ("[", False),
        ("", False),
    ],
)
def test_the_first_row_tells_the_format(tmp_path: Path, content: str, plainly: bool) -> None:
    (tmp_path / "mine.jsonl").write_text(content, "utf-8")
    assert plain.is_plain(tmp_path / "mine.jsonl") is plainly


def test_a_folder_or_a_file_without_anything_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuestionsInvalid, match="the folder holds no article"):
        plain.load(tmp_path / "mine.jsonl", [], TEXTS.get)
    with pytest.raises(QuestionsInvalid, match=r"mine\.jsonl cannot be read"):
        plain.load(tmp_path / "mine.jsonl", list(TEXTS), TEXTS.get)
    (tmp_path / "mine.csv").write_text("question\n", "utf-8")
    with pytest.raises(QuestionsInvalid, match=r"mine\.csv holds no question"):
        plain.load(tmp_path / "mine.csv", list(TEXTS), TEXTS.get)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"question": "؟؟"}, "line 1: question: must be"),
        (
            {"question": "Who?", "file": "c.txt"},
            "line 1: file: there is no c.txt in the folder; there are a.txt, b.txt",
        ),
        ({"question": "Who?", "quote": "Paris"}, "line 1: quote: 'Paris' does not stand in any file"),
        ({"question": "Who?", "gold": []}, "line 1: gold: unknown field"),
        ({"questions": "Who?"}, "line 1: questions: unknown field; known: id, question"),
        ({"question": "Who?", "answer": True}, "line 1: answer: must be a text"),
        ({"question": ["Who?"]}, "line 1: question: must be a text"),
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
