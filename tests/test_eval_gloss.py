"""Glosses against parallel text: what is counted, what is read, and the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import gloss
from eval.__main__ import main
from eval.gloss import Glossed, Segment
from eval.sets import SetInvalid

LINE = {
    "id": "a",
    "ar": ["غادر الجنود المدينة.", "بدأت الحرب أمس."],
    "en": ["The soldiers left the city.", "War began."],
}


def ntrex(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "parallel.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def squad(tmp_path: Path, name: str, context: str, *questions: tuple[str, str]) -> Path:
    asked = [{"id": key, "question": text, "answers": [{"text": "x", "answer_start": 0}]} for key, text in questions]
    path = tmp_path / name
    path.write_text(json.dumps({"data": [{"paragraphs": [{"context": context, "qas": asked}]}]}), encoding="utf-8")
    return path


def test_content_words_are_stems_without_stop_words_numbers_and_the_other_script() -> None:
    found = gloss.content(["The soldiers left 20 cities; the soldier غادر"], "en")
    assert dict(found) == {"soldier": 2, "leav": 1, "citi": 1}


def test_a_word_that_stands_twice_has_to_be_said_twice() -> None:
    once = Segment("a", {"ar": "الحرب", "en": "War, war and war."})
    row = gloss.compare(once, "en", "cell")
    assert (row.shared, row.translation, row.offered, row.words) == (1, 3, 1, 1)


def test_measures_are_ratios_of_sums() -> None:
    rows = [Glossed("a", "cell", 1, 2, 4, 10.0, 100), Glossed("b", "cell", 3, 6, 4, 20.0, 200)]
    measured = gloss.summarise(rows)["cell"]
    assert measured["gloss_recall"].value == 0.5
    assert measured["gloss_precision"].value == 0.5
    assert measured["quote_ms"].value == 30.0
    assert measured["gloss_recall"].n == 8


def test_sentences_are_segments(tmp_path: Path) -> None:
    segments = gloss.read_ntrex(ntrex(tmp_path, LINE))
    assert [segment.id for segment in segments] == ["a:1", "a:2"]
    assert segments[1].text == {"ar": "بدأت الحرب أمس.", "en": "War began."}


@pytest.mark.parametrize("line", [{"id": "a", "ar": ["x"], "en": []}, {"id": "a", "ar": ["x"]}, 3])
def test_what_is_no_parallel_text(tmp_path: Path, line: Any) -> None:
    with pytest.raises(SetInvalid, match=r"line 1: (no aligned sentences|not a JSON object)"):
        gloss.read_ntrex(ntrex(tmp_path, line))


def test_paragraphs_come_with_their_questions(tmp_path: Path) -> None:
    ar = squad(tmp_path, "ar", "غادر الجنود المدينة.", ("1", "من غادر؟"), ("2", "ماذا غادروا؟"))
    en = squad(tmp_path, "en", "The soldiers left the city.", ("1", "Who left?"), ("2", "What did they leave?"))
    (segment,) = gloss.read_squad({"ar": ar, "en": en})
    assert segment.text["en"] == "The soldiers left the city."
    assert segment.questions["en"] == ["Who left?", "What did they leave?"]
    with pytest.raises(SetInvalid, match="ar=FILE en=FILE"):
        gloss.read_squad({"ar": ar})
    other = squad(tmp_path, "other", "The soldiers left the city.", ("1", "Who left?"), ("3", "Why?"))
    with pytest.raises(SetInvalid, match="same questions"):
        gloss.read_squad({"ar": ar, "en": other})


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "run.json"
    assert main(["gloss", "--ntrex", str(ntrex(tmp_path, LINE)), "--json", str(written)]) == 0
    printed = capsys.readouterr().out
    assert "ntrex ar→en" in printed
    assert "ntrex en→ar" in printed
    kept = json.loads(written.read_text(encoding="utf-8"))
    cell = kept["measures"]["ntrex ar→en"]
    shared = sum(row["shared"] for row in kept["rows"] if row["cell"] == "ntrex ar→en")
    assert cell["gloss_recall"]["value"] == pytest.approx(shared / cell["gloss_recall"]["n"])
    assert cell["gloss_recall"]["value"] > 0.5


def test_nothing_to_gloss(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gloss"]) == 2
    assert "nothing to gloss" in capsys.readouterr().err
