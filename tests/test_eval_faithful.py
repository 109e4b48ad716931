"""Statements that are true to what they cite: where they come from, and which parallel paragraphs are left out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from eval import faithful
from eval.questions import Language
from eval.sets import SetInvalid, Squad

TEXT = "The talks began in Geneva.\nThirty prisoners were freed on Monday.\nNothing else was agreed there."


class Article(NamedTuple):
    text: str
    title: str
    date: dt.date | None


ARTICLE = Article(TEXT, "Talks", dt.date(2022, 9, 14))
QUOTE = "Thirty prisoners were freed"
START = TEXT.index(QUOTE)


def line(quote: str = QUOTE, file: str = "a.txt") -> str:
    cite = {"file": file, "start": START, "end": START + len(quote), "quote": quote}
    return json.dumps({"id": "x", "text": "أفرج عن ثلاثين أسيرا.", "cites": [cite]}) + "\n"


def test_a_statement_cites_whole_sentences_with_their_neighbours(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(line() + line(file="elsewhere.txt"))
    [one] = faithful.read(path, {"a.txt": ARTICLE}.get)
    [source] = one.sources
    assert one.cell == "ar→en"
    assert source.text == "Thirty prisoners were freed on Monday."
    assert source.context == "The talks began in Geneva.\nNothing else was agreed there."
    assert (source.title, source.date) == ("Talks", dt.date(2022, 9, 14))
    assert [each.text for each in one.neighbours] == source.context.splitlines()


@pytest.mark.parametrize("bad", [line(quote="Forty"), "{}\n", "no json\n"])
def test_a_line_that_does_not_fit_is_named(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(line() + bad)
    with pytest.raises(SetInvalid, match="line 2"):
        list(faithful.read(path, {"a.txt": ARTICLE}.get))


def test_every_sentence_is_laid_beside_its_translation_and_itself() -> None:
    whole: dict[Language, Sequence[str]] = {
        "en": ["One two three four five.", "Too short.", "Six seven eight nine ten."],
        "ar": ["واحد اثنان ثلاثة أربعة خمسة.", "قصير جدا.", "ستة سبعة ثمانية تسعة عشرة."],
    }
    found = list(faithful.parallel(iter([("d", whole)]), titled=True))
    assert sorted(one.cell for one in found) == sorted(2 * ["ar→ar", "ar→en", "en→ar", "en→en"])
    last = next(one for one in found if one.cell == "en→ar" and one.id == "d.2")
    assert (last.text, last.sources[0].text) == (whole["en"][2], whole["ar"][2])
    assert (last.sources[0].title, last.sources[0].context) == (whole["ar"][0], whole["ar"][1])
    assert last.neighbours == ()  # the sentence before is too short


@pytest.mark.parametrize(
    ("one", "other", "aligned"),
    [
        ((40, 60), (50, 80), True),
        ((40, 60), (100,), False),
        ((20, 90), (90, 20), False),
        ((30, 30), (90, 90), True),  # all of it is shorter
    ],
)
def test_paragraphs_whose_sentences_stand_side_by_side(
    one: tuple[int, ...], other: tuple[int, ...], aligned: bool
) -> None:
    assert faithful.is_aligned(["x" * n for n in one], ["x" * n for n in other]) is aligned


def test_spoilt_and_misaligned_paragraphs_are_left_out() -> None:
    english = "They placed him on the throne. He did not stay there long."
    arabic = {
        "good": "وضعوه على العرش في ذلك العام. لم يبق هناك وقتا طويلا.",
        "spoilt": "وضعوا YesÃ¼n على العرش. لم يبق هناك وقتا طويلا.",
        "split": "وضعوه على العرش، ولم يبق هناك وقتا طويلا.",
    }
    files: dict[Language, Squad] = {
        "ar": Squad(paragraphs=arabic, questions={}),
        "en": Squad(paragraphs=dict.fromkeys(arabic, english), questions={}),
    }
    assert [name for name, _ in faithful.squad(files)] == ["good"]
    with pytest.raises(SetInvalid):
        list(faithful.squad({"ar": files["ar"]}))


def test_parallel_documents_must_have_as_many_sentences(tmp_path: Path) -> None:
    path = tmp_path / "parallel.jsonl"
    path.write_text(
        json.dumps({"id": 1, "ar": ["أ"], "en": ["a"]}) + "\n" + json.dumps({"id": 2, "ar": [], "en": ["a"]})
    )
    found = faithful.ntrex(path)
    assert next(found) == ("1", {"ar": ["أ"], "en": ["a"]})
    with pytest.raises(SetInvalid, match="line 2"):
        next(found)
