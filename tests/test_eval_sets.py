"""Reading public sets, and what collections are made of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import sets
from eval.sets import Asked, SetInvalid, Squad


def squad(paragraphs: dict[str, list[tuple[str, str]]]) -> dict[str, Any]:
    rows = [{"context": text, "qas": [{"id": i, "question": q} for i, q in qas]} for text, qas in paragraphs.items()]
    return {"version": "1.1", "data": [{"title": "t", "paragraphs": rows[:1]}, {"title": "u", "paragraphs": rows[1:]}]}


ENGLISH = squad({"One.\r\nTwo.": [("q1", "one?"), ("q2", "two?")], "Three": [("q3", "three?")]})
ARABIC = squad({"واحد": [("q1", "كم؟"), ("q2", "كم ثانيًا؟")], "ثلاثة": [("q3", "ثلاثة؟")]})
HEADLINES = [
    {"id": "a", "ar": ["عنوان", "جملة.", "أخرى."], "en": ["Headline", "A sentence.", "Another."]},
    {"id": "b", "ar": ["ثان", "نص."], "en": ["Second", "Text."]},
]


def write(path: Path, *content: object) -> Path:
    path.write_text("\n".join(json.dumps(one) for one in content), encoding="utf-8")
    return path


@pytest.fixture
def both(tmp_path: Path) -> dict[Any, Squad]:
    return {
        "ar": sets.read_squad(write(tmp_path / "ar", ARABIC)),
        "en": sets.read_squad(write(tmp_path / "en", ENGLISH)),
    }


def test_paragraphs_articles_and_answers(tmp_path: Path) -> None:
    content = squad({"a": [("q1", "x"), ("q2", "y")], "b": [("q3", "z")]})
    content["data"][1]["paragraphs"][0]["qas"][0]["answers"] = [{"answer_start": 7}, {"answer_start": 9}]
    assert sets.read_squad(write(tmp_path / "f", content)) == Squad(
        {"00000.txt": "a", "00001.txt": "b"},
        {
            "q1": Asked("x", "00000.txt", 0, None),
            "q2": Asked("y", "00000.txt", 0, None),
            "q3": Asked("z", "00001.txt", 1, 7),
        },
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ("", "cannot be read"),
        ("[]", "not in SQuAD's format: TypeError"),
        ('{"data": ["x"]}', "not in SQuAD's format: TypeError"),
        ('{"data": [{"paragraphs": [{"context": "x"}]}]}', "not in SQuAD's format: KeyError 'qas'"),
        ('{"data": []}', "holds no question"),
        (json.dumps(squad({"a": [("q", "x"), ("q", "y")]})), "question id q occurs twice"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "squad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SetInvalid, match=message):
        sets.read_squad(path)
    with pytest.raises(SetInvalid, match="cannot be read"):
        sets.read_squad(tmp_path / "none.json")


def test_the_headline_asks_for_the_rest(tmp_path: Path) -> None:
    read = sets.read_parallel(write(tmp_path / "n.jsonl", *HEADLINES))
    assert read["en"].paragraphs == {"00000.txt": "A sentence.\nAnother.", "00001.txt": "Text."}
    assert {key: asked.text for key, asked in read["ar"].questions.items()} == {"a": "عنوان", "b": "ثان"}
    collections = list(sets.by_language(read, "ntrex"))
    assert [collection.label for collection in collections] == ["ntrex", "ntrex"]
    assert [(q.asked, q.documents, q.text, q.gold) for q in collections[0].queries] == [
        ("ar", "ar", "عنوان", "00000.txt"),
        ("ar", "ar", "ثان", "00001.txt"),
        ("en", "ar", "Headline", "00000.txt"),
        ("en", "ar", "Second", "00001.txt"),
    ]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "holds no document"),
        ([HEADLINES[0], {"id": "b", "ar": ["x", "y"]}], "line 2: en: must be a list of sentences"),
        ([HEADLINES[0], {"id": "b", "ar": ["x"], "en": ["x"]}], "line 2: ar: a document of one sentence"),
        ([HEADLINES[0], {"id": "b", "ar": ["x", "y"], "en": []}], "line 2: en: a document of one sentence"),
        ([[]], "line 1: not a JSON object"),
        ([HEADLINES[0], HEADLINES[0]], "an id occurs twice"),
    ],
)
def test_what_is_no_parallel_file_is_refused(tmp_path: Path, rows: list[object], message: str) -> None:
    with pytest.raises(SetInvalid, match=message):
        sets.read_parallel(write(tmp_path / "n.jsonl", *rows))
    with pytest.raises(SetInvalid, match="cannot be read"):
        sets.read_parallel(tmp_path / "none.jsonl")


def test_a_question_without_a_paragraph_in_the_other_language(both: dict[Any, Squad], tmp_path: Path) -> None:
    fewer = sets.read_squad(write(tmp_path / "f", squad({"One": [("q1", "one?")]})))
    with pytest.raises(SetInvalid, match="question q2 of ar is not in the file of en"):
        list(sets.by_language({"ar": both["ar"], "en": fewer}))


def test_every_second_paragraph_in_the_other_language(both: dict[Any, Squad]) -> None:
    odd, even = sets.mixed(both)
    assert odd.texts == {"00000.txt": "واحد", "00001.txt": "Three"}
    assert even.texts == {"00000.txt": "One.\r\nTwo.", "00001.txt": "ثلاثة"}
    assert [(q.id, q.asked, q.documents) for q in odd.queries] == [
        ("q1", "ar", "ar"), ("q2", "ar", "ar"), ("q1", "en", "ar"), ("q2", "en", "ar"),
        ("q3", "ar", "en"), ("q3", "en", "en"),
    ]  # fmt: skip
    # Over both, each pair of languages has every question once.
    cells: dict[tuple[str, str], list[str]] = {}
    for query in [*odd.queries, *even.queries]:
        cells.setdefault((query.asked, query.documents), []).append(query.id)
    assert {cell: sorted(ids) for cell, ids in cells.items()} == {
        (asked, written): ["q1", "q2", "q3"] for asked in ("ar", "en") for written in ("ar", "en")
    }


def test_what_cannot_be_mixed(both: dict[Any, Squad], tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match="both languages"):
        list(sets.mixed({"ar": both["ar"]}))
    moved = squad({"One": [("q1", "one?")], "Two": [("q2", "two?"), ("q3", "three?")]})
    with pytest.raises(SetInvalid, match="the same paragraphs"):
        list(sets.mixed({"ar": both["ar"], "en": sets.read_squad(write(tmp_path / "f", moved))}))
