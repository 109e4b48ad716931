"""Rows are checked against the documents, not against the assistant's word; an error is a row."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eval_double import Double, Reply

from assistant.citations import Answer
from eval.questions import Gold, Question
from eval.records import Asked, Failed
from eval.run import QuestionsMisplaced, ask, ask_all, check

DEAD = ("a.txt", "قتل 49 جنديا")
SILENT = ("a.txt", "لم تعلن باكو\u00a0أرقاما.")
GENEVA = ("b.txt", "held in Geneva")
TRUCES = ("b.txt", "Three truces had failed before.")
QUESTION = Question(
    "dead", "number", {"ar": "كم القتلى؟", "en": "How many dead?"}, None, (Gold("a.txt", 0, 12, DEAD[1]),)
)


def row(reply: Reply, question: Question = QUESTION) -> Asked:
    asked = ask(Double({question.text["en"]: reply}), question, "en")
    assert isinstance(asked, Asked)
    return asked


@pytest.mark.parametrize(
    ("quotes", "first", "third"),
    [
        ((DEAD,), True, True),
        ((("a.txt", "جنديا في ليلة"),), True, True),
        ((("a.txt", " في ليلة"),), False, False),
        ((TRUCES, GENEVA, DEAD), False, True),
        ((TRUCES, GENEVA, SILENT, DEAD), False, False),
        ((), False, False),
    ],
)
@pytest.mark.parametrize("status", ["answered", "uncertain", "abstained"])
def test_evidence_is_hit_by_overlap_within_k(
    quotes: tuple[tuple[str, str], ...], first: bool, third: bool, status: str
) -> None:
    asked = row(Reply(status=status, quotes=quotes))
    assert (asked.hit_within(1), asked.hit_within(3)) == (first, third)
    assert asked.status == status


def test_hits_of_the_search() -> None:
    asked = row(Reply(quotes=(), hits=(SILENT, TRUCES, DEAD)))
    assert asked.gold_first
    assert (asked.found_within(2), asked.found_within(3)) == (False, True)
    assert not row(Reply(hits=(TRUCES, DEAD))).gold_first
    assert not row(Reply(hits=())).gold_first


@pytest.mark.parametrize("status", ["answered", "uncertain", "abstained"])
@pytest.mark.parametrize(("shift", "invalid"), [(0, 0), (1, 2), (-1, 2), (500, 2)])
def test_citations_are_checked_against_the_document(status: str, shift: int, invalid: int) -> None:
    asked = row(Reply(status=status, quotes=(TRUCES, SILENT), shift=shift))
    assert len(asked.invalid) == invalid
    assert asked.citations == 2


def test_a_citation_of_an_unknown_document_is_invalid() -> None:
    double = Double({"How many dead?": Reply(quotes=(DEAD, TRUCES))}, texts={"b.txt": "other text"})
    asked = ask(double, QUESTION, "en")
    assert isinstance(asked, Asked)
    assert [place.file for place in asked.invalid] == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("words", "frame", "expected"),
    [
        ("en", {"ar": "", "en": "I found this:"}, True),
        ("en", {"ar": "", "en": "وجدت هذا:"}, False),
        ("en", {"ar": "", "en": ""}, True),
        ("ar", {"ar": "وجدت هذا:", "en": ""}, True),
        ("ar", {"ar": "I found this:", "en": ""}, False),
    ],
)
def test_the_words_around_the_quotes_are_in_the_question_s_language(
    words: str, frame: dict[str, str], expected: bool
) -> None:
    title = "Geneva"  # inside a quote, and the rest of that quote alone would outweigh an Arabic frame
    reply = Reply(quotes=(("b.txt", "The talks were held in Geneva."), TRUCES, SILENT, DEAD), frame=frame, title=title)
    asked = ask(Double(dict.fromkeys(QUESTION.text.values(), reply)), QUESTION, words)
    assert isinstance(asked, Asked)
    assert asked.language_match is expected


def test_an_answer_that_names_the_other_language_does_not_match() -> None:
    question = Question("q", "off-topic", {"ar": "How?", "en": "How?"}, None, ())
    asked = ask(Double({"How?": Reply()}), question, "ar")
    assert isinstance(asked, Asked)
    assert not asked.language_match


def test_an_error_is_a_row_and_the_others_are_asked() -> None:
    other = Question("other", "off-topic", {"ar": "متى؟", "en": "When?"}, None, ())
    broken = Reply(error=RuntimeError("no engine"))
    double = Double({"How many dead?": broken, "When?": Reply("abstained"), "كم القتلى؟": Reply(), "متى؟": Reply()})
    counted: list[int] = []
    rows = ask_all(double, [QUESTION, other], ["en", "ar"], counted.append)
    assert [(row.question.id, row.language) for row in rows] == [
        ("dead", "en"),
        ("other", "en"),
        ("dead", "ar"),
        ("other", "ar"),
    ]
    assert isinstance(rows[0], Failed)
    assert rows[0].error == "RuntimeError: no engine"
    assert all(isinstance(row, Asked) for row in rows[1:])
    assert counted == [1, 2, 3, 4]
    assert double.asked == ["How many dead?", "How many dead?", "When?", "كم القتلى؟", "متى؟"]


def test_gold_that_does_not_fit_the_corpus_stops_the_run() -> None:
    check(Double({}), [QUESTION])
    with pytest.raises(QuestionsMisplaced, match="1 gold spans do not fit"):
        check(Double({}, texts={"a.txt": "قتل خمسون جنديا"}), [QUESTION])
    with pytest.raises(QuestionsMisplaced, match=r"there is no a\.txt"):
        check(Double({}, texts={}), [QUESTION])


def test_rows_as_json_values() -> None:
    values = row(Reply(quotes=(DEAD, TRUCES))).to_dict()
    assert [quote["gold"] for quote in values["quotes"]] == [True, False]
    assert values["question"] == "How many dead?"
    assert values["gold"] == [{"file": "a.txt", "start": 0, "end": 12, "quote": DEAD[1]}]
    failed = Failed(QUESTION, "ar", "KeyError: 'x'").to_dict()
    assert (failed["error"], failed["language"]) == ("KeyError: 'x'", "ar")
    assert "status" not in failed


def test_the_time_that_a_model_was_waited_for_is_not_our_own() -> None:
    class Slow(Double):
        def ask(self, question: str) -> Answer:
            return replace(super().ask(question), timings={"model": 60_000.0, "total": 60_000.1})

    asked = ask(Slow({"How many dead?": Reply(quotes=(DEAD,))}), QUESTION, "en")
    assert isinstance(asked, Asked)
    assert asked.milliseconds < 0  # nobody waited here: all of the minute is taken off
