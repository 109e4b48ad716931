"""The committed question set is what its documentation says, and broken files are refused with the line and field."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from eval.questions import (
    ANSWERABLE_KINDS,
    LANGUAGES,
    STYLES,
    Gold,
    Question,
    QuestionsInvalid,
    load,
    misplaced,
    parse,
    script_of,
)

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
QUESTIONS = load(ROOT / "eval" / "data" / "seeds.jsonl")


def text_of(file: str) -> str | None:
    path = SEEDS / file
    return path.read_bytes().decode("utf-8") if path.is_file() else None


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_every_row_of_the_committed_set(question: Question) -> None:
    assert misplaced([question], text_of) == []
    for language in LANGUAGES:
        assert script_of(question.text[language]) == language
    if question.answer is not None:
        assert script_of(question.answer["ar"]) in ("ar", None)  # a year alone has no letters
        assert script_of(question.answer["en"]) in ("en", None)
    for span in question.gold:
        assert span.quote == span.quote.strip()
        assert "\n" not in span.quote
    assert list(question.gold) == sorted(question.gold, key=lambda span: (span.file, span.start))


def test_counts_of_the_committed_set() -> None:
    answerable = [question for question in QUESTIONS if question.answerable]
    kinds = Counter(question.kind for question in QUESTIONS)
    assert len(QUESTIONS) == 186
    assert len(answerable) == 128
    assert (kinds["near-miss"], kinds["off-topic"]) == (27, 31)
    styles = Counter((question.style, question.answerable) for question in QUESTIONS)
    assert styles == {("paraphrase", True): 84, ("paraphrase", False): 36, ("plain", True): 44, ("plain", False): 22}
    plain = [question for question in answerable if question.style == "plain"]
    assert {span.file for question in plain for span in question.gold} == {path.name for path in SEEDS.iterdir()}
    assert {question.kind for question in plain} == ANSWERABLE_KINDS
    assert {span.file for question in answerable for span in question.gold} == {path.name for path in SEEDS.iterdir()}
    for language in LANGUAGES:
        assert len({question.text[language] for question in QUESTIONS}) == len(QUESTIONS)


def test_the_readme_states_the_counts() -> None:
    readme = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    for kind, count in Counter(question.kind for question in QUESTIONS).items():
        assert f"| {kind} | {count} |" in readme
    assert f"| **all** | **{len(QUESTIONS)}** |" in readme
    for style in STYLES:
        answerable = Counter(question.answerable for question in QUESTIONS if question.style == style)
        assert f"| `{style}` | {answerable[True]} | {answerable[False]} |" in readme


@pytest.mark.parametrize(
    ("text", "expected"),
    [("متى؟", "ar"), ("When?", "en"), ("1984", None), ("", None), ("صواريخ Iskander الأرمينية", "ar"), ("أ b", None)],
)
def test_script_of(text: str, expected: str | None) -> None:
    assert script_of(text) == expected


@pytest.mark.parametrize(
    ("file", "start", "end", "expected"),
    [("a", 0, 10, False), ("a", 0, 11, True), ("a", 19, 30, True), ("a", 20, 30, False), ("b", 10, 20, False)],
)
def test_overlap_means_one_shared_character(file: str, start: int, end: int, expected: bool) -> None:
    assert Gold("a", 10, 20, "x" * 10).overlaps(file, start, end) is expected


def test_misplaced_spans_are_named() -> None:
    question = Question("q", "fact", {"ar": "من؟", "en": "Who?"}, None, (Gold("a", 1, 3, "bc"), Gold("b", 0, 1, "x")))
    assert misplaced([question], {"a": "abcd"}.get) == ["q: there is no b in the corpus"]
    assert misplaced([question], {"a": "abd", "b": "x"}.get) == ["q: a[1:3] is not 'bc'"]


def row(**changes: Any) -> dict[str, Any]:
    good: dict[str, Any] = {
        "id": "q",
        "kind": "number",
        "answerable": True,
        "question": {"ar": "كم؟", "en": "How many?"},
        "answer": {"ar": "اثنان", "en": "Two"},
        "gold": [{"file": "a.txt", "start": 4, "end": 7, "quote": "two"}],
    }
    return good | changes


def test_a_good_row() -> None:
    question = parse(json.dumps(row()))
    assert question.answerable
    assert question.files == {"a.txt"}
    assert question.text["en"] == "How many?"
    assert question.style is None
    assert parse(json.dumps(row(style="plain"))).style == "plain"
    nothing = parse(json.dumps(row(answerable=False, kind="near-miss", answer=None, gold=[], note="why")))
    assert not nothing.answerable
    assert nothing.note == "why"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"id": " "}, "id: must be a text"),
        ({"kind": "riddle"}, "kind: 'riddle' is not one of"),
        ({"kind": "near-miss"}, "kind: 'near-miss' is not one of"),
        ({"answerable": 1}, "answerable: must be true or false"),
        ({"question": {"ar": "كم؟"}}, "question: must hold exactly the keys ar and en"),
        ({"question": {"ar": "كم؟", "en": ""}}, "question.en: must be a text"),
        ({"answer": None}, "answer: must be null exactly when"),
        ({"gold": []}, "gold: must be empty exactly when"),
        ({"gold": {}}, "gold: must be a list"),
        ({"gold": [{"file": "a.txt"}]}, r"gold\[0\]: must hold exactly"),
        ({"gold": [{"file": "a", "start": 7, "end": 4, "quote": "two"}]}, r"gold\[0\]: start and end must be"),
        ({"gold": [{"file": "a", "start": 4.0, "end": 7, "quote": "two"}]}, r"gold\[0\]: start and end must be"),
        ({"gold": [{"file": "a", "start": 4, "end": 8, "quote": "two"}]}, r"gold\[0\]: quote has 3 characters"),
        ({"gold": [{"file": 1, "start": 4, "end": 7, "quote": "two"}]}, r"gold\[0\]: file and quote must be texts"),
        ({"gold": [{"file": "a", "start": 4, "end": 7, "quote": "two"}] * 2}, "gold: the same span twice"),
        ({"note": 3}, "note: must be a text"),
        ({"style": "terse"}, "style: must be one of plain, paraphrase"),
        ({"style": None}, "style: must be one of plain, paraphrase"),
        ({"split": "dev"}, "split: unknown field"),
    ],
)
def test_a_broken_row_names_its_field(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(QuestionsInvalid, match=message):
        parse(json.dumps(row(**changes)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no question"),
        ("\n\n{]\n", "line 3: not JSON"),
        ("[" * 50_000, "line 1: not JSON"),
        ("[]\n", "line 1: not a JSON object"),
        (f"{json.dumps(row())}\n{json.dumps(row())}\n", "line 2: id: 'q' was used in line 1"),
    ],
)
def test_a_broken_file_names_its_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(QuestionsInvalid, match=message):
        load(path)


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionsInvalid, match="cannot be read"):
        load(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    with pytest.raises(QuestionsInvalid, match="cannot be read"):
        load(tmp_path / "latin.jsonl")
