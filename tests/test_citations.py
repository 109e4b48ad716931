from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations import Answer, Citation, GlossWord, cite


@dataclass(frozen=True)
class Article:
    text: str
    file: str = "news/a.txt"
    title: str = "عنوان"
    date: dt.date | None = dt.date(2020, 9, 27)
    outlet: str | None = "الجزيرة"


TEXT = "عنوان\r\n\r\nاندلع القتال أمس.\nThen it ended."


@given(st.text(min_size=1), st.data())
def test_the_quote_is_what_stands_in_the_article(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    citation = cite(Article(text), start, end, number=1, language="ar")
    assert text[citation.start : citation.end] == citation.quote
    assert citation.line == 1 + sum(1 for character in text[:start] if character == "\n")


@pytest.mark.parametrize(("word", "line"), [("عنوان", 1), ("اندلع", 3), ("Then", 4)])
def test_lines_count_from_one(word: str, line: int) -> None:
    start = TEXT.index(word)
    assert cite(Article(TEXT), start, start + len(word), number=1, language="ar").line == line


def test_the_line_is_the_one_where_the_quote_begins() -> None:
    assert cite(Article(TEXT), 0, len(TEXT), number=1, language="ar").line == 1


@pytest.mark.parametrize(
    ("start", "end"), [(0, 0), (3, 2), (-1, 2), (0, len(TEXT) + 1), (len(TEXT), len(TEXT)), (-3, -1)]
)
def test_a_span_outside_the_article_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"not inside news/a\.txt"):
        cite(Article(TEXT), start, end, number=1, language="ar")


def test_what_the_article_knows_of_itself_is_copied() -> None:
    gloss = (GlossWord(0, 5, "title", "word"),)
    citation = cite(Article(TEXT), 0, 5, number=3, language="en", stale=True, gloss=gloss)
    assert citation == Citation(
        number=3, file="news/a.txt", title="عنوان", date=dt.date(2020, 9, 27), start=0, end=5, line=1, quote="عنوان",
        outlet="الجزيرة", language="en", stale=True, gloss=gloss,
    )  # fmt: skip
    with pytest.raises(dataclasses.FrozenInstanceError):
        citation.quote = "forged"  # type: ignore[misc]


def test_a_citation_is_plain_json() -> None:
    citation = cite(Article(TEXT), 0, 5, number=1, language="ar", gloss=(GlossWord(0, 5, "title", "word"),))
    told = json.loads(json.dumps(citation.to_dict()))
    assert told["date"] == "2020-09-27"
    assert told["gloss"] == [{"start": 0, "end": 5, "text": "title", "kind": "word"}]
    assert told.keys() == {field.name for field in dataclasses.fields(Citation)}
    assert cite(Article(TEXT, date=None), 0, 5, number=1, language="ar").to_dict()["date"] is None


def test_an_answer_is_plain_json() -> None:
    citation = cite(Article(TEXT), 0, 5, number=1, language="ar")
    answer = Answer(
        question="متى؟", language="ar", status="answered", text="أمس [1]", citations=(citation,), rejected=(), closest=(citation,),
        confidence=0.123456, timings={"search": 1.23456},
    )  # fmt: skip
    told = json.loads(json.dumps(answer.to_dict()))
    assert told.keys() == {field.name for field in dataclasses.fields(Answer)}
    assert told["citations"] == told["closest"] == [citation.to_dict()]
    assert told["rejected"] == []
    assert told["confidence"] == 0.1235
    assert told["timings"] == {"search": 1.23}
    assert (told["answered_by"], told["notice"]) == ("quotes", None)
