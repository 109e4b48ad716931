from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations import Answer, Citation, GlossWord, Mended, cite
from assistant.usage import Usage
from tests.keeping_double import an_answer


@dataclass(frozen=True)
class Article:
    text: str
    file: str = "news/a.txt"
    title: str = "عنوان"
    date: dt.date | None = dt.date(2020, 9, 27)
    outlet: str | None = "الجزيرة"

    def page(self, offset: int) -> int | None:
        return 1 + self.text.count("\f", 0, offset) if "\f" in self.text else None


TEXT = "عنوان\r\n\r\nاندلع القتال أمس.\nThen it ended."


def test_a_citation_knows_its_page() -> None:
    found = cite(Article("one\ftwo\fthree"), 8, 13, number=1, language="en")
    assert (found.quote, found.page, found.to_dict()["page"]) == ("three", 3, 3)
    assert Citation.from_dict(found.to_dict()).page == 3


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


CITATIONS = st.builds(
    lambda start, quote, date, outlet, language, stale: Citation(
        number=1,
        file="a.txt",
        title="t",
        date=date,
        start=start,
        end=start + len(quote),
        line=1,
        quote=quote,
        outlet=outlet,
        language=language,
        stale=stale,
        gloss=(GlossWord(0, len(quote), "g", "name"),) if quote else (),
        phrase=(0, 1) if quote else None,
    ),
    st.integers(0, 10**6),
    st.text(),
    st.none() | st.dates(),
    st.none() | st.text(),
    st.sampled_from(["ar", "en"]),
    st.booleans(),
)
ANSWERS = st.builds(
    Answer,
    question=st.text(),
    language=st.sampled_from(["ar", "en"]),
    status=st.sampled_from(["answered", "uncertain", "abstained"]),
    text=st.text(),
    citations=st.lists(CITATIONS, max_size=2).map(tuple),
    rejected=st.lists(CITATIONS, max_size=1).map(tuple),
    closest=st.lists(CITATIONS, max_size=1).map(tuple),
    confidence=st.floats(0, 1).map(lambda value: round(value, 4)),
    answered_by=st.sampled_from(["quotes", "model"]),
    notice=st.none() | st.text(),
    timings=st.dictionaries(st.text(), st.integers(0, 10**6).map(float), max_size=2),
    usage=st.none() | st.builds(Usage, *[st.integers(0, 10**9)] * 3),
)


@given(ANSWERS)
def test_an_answer_read_back_is_the_same(answer: Answer) -> None:
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_records_of_other_versions_are_read() -> None:
    """One that lacks what came later, and one that has what this version does not know."""
    least = {"question": "q", "language": "en", "status": "abstained", "text": "t"}
    answer = Answer.from_dict(least)
    assert (answer.citations, answer.confidence, answer.answered_by, answer.notice) == ((), 0.0, "quotes", None)
    span = {"file": "a.txt", "start": 2, "end": 3, "quote": "x"}
    most = least | {"unheard": [{"of": 1}], "citations": [span | {"colour": "red"}], "closest": None}
    assert Answer.from_dict(most).citations == (
        Citation(number=0, file="a.txt", title="a.txt", date=None, start=2, end=3, line=1, quote="x"),
    )


@pytest.mark.parametrize(
    "change",
    [
        {"status": "sure"},
        {"language": None},
        {"answered_by": []},
        {"confidence": "high"},
        {"timings": 7},
        {"citations": 7},
        {"citations": [None]},
        {"citations": [{"file": "a", "start": 0, "end": 2, "quote": "x"}]},
        {"citations": [{"file": "a", "start": 0, "end": float("inf"), "quote": "x"}]},
        {"citations": [{"file": "a", "start": 0, "end": 1, "quote": "x", "date": "yesterday"}]},
        {"citations": [{"file": "a", "start": 0, "end": 1, "quote": "x", "phrase": [1]}]},
        {"citations": [{"file": "a", "start": 0, "end": 1, "quote": "x", "gloss": [{"start": 0}]}]},
        {"citations": [{"start": 0, "end": 1, "quote": "x"}]},
    ],
)
def test_what_is_no_record_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Answer.from_dict({"question": "q", "language": "en", "status": "answered", "text": "t"} | change)


@pytest.mark.parametrize("missing", ["question", "language", "status", "text"])
def test_a_record_must_say_the_least(missing: str) -> None:
    record = {"question": "q", "language": "en", "status": "answered", "text": "t"}
    del record[missing]
    with pytest.raises(ValueError, match=missing):
        Answer.from_dict(record)


def test_what_was_mended_is_part_of_the_record_and_may_be_missing_from_an_old_one() -> None:
    answer = replace(an_answer(), mended=(Mended("Armnia", "Armenia"),))
    record = json.loads(json.dumps(answer.to_dict()))
    assert record["mended"] == [{"typed": "Armnia", "meant": "Armenia"}]
    assert Answer.from_dict(record) == answer
    del record["mended"]
    assert Answer.from_dict(record) == an_answer()
