"""What a question contributes agrees with the measures made of it, and a row survives being written and read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from test_eval_summary import ABLE, ELSEWHERE, FAR, GOOD, ROWS

from eval import values
from eval.measures import mean
from eval.questions import Question
from eval.records import Asked, Failed, Searched, read
from eval.summary import search_only, summarise

DONE = [row for row in ROWS if not isinstance(row, Failed)]
SHARED = sorted(set(values.VALUES) & set(summarise([])))


def test_most_values_are_measures() -> None:
    assert set(values.VALUES) - set(SHARED) == {"gold_file_at_5", "latency_mean_ms"}


@pytest.mark.parametrize("name", SHARED)
def test_the_mean_of_a_value_is_the_measure(name: str) -> None:
    found = [value for row in DONE if (value := values.VALUES[name].of(row)) is not None]
    measure = summarise(ROWS)[name]
    assert mean(found) == pytest.approx(measure.value)
    assert len(found) == measure.n


@pytest.mark.parametrize("name", ["gold_file_first", "gold_file_at_5", "file_ndcg_at_10", "file_mrr"])
def test_a_system_that_only_searches_has_the_same_rank_measures(name: str) -> None:
    rows = [
        Searched(r.question, r.language, r.confidence, r.hits, r.milliseconds) for r in DONE if isinstance(r, Asked)
    ]
    found = [value for row in rows if (value := values.VALUES[name].of(row)) is not None]
    assert mean(found) == pytest.approx(search_only(rows)[name].value)
    assert search_only(rows)["auroc"] == summarise(ROWS)["auroc"]


def test_what_only_answers_have_is_no_value_of_a_search() -> None:
    row = Searched(ABLE, "en", 3.5, (GOOD,), 1.0)
    assert [name for name, value in values.VALUES.items() if value.of(row) is None] == [
        "evidence_at_1", "evidence_at_3", "evidence_at_3_strict", "evidence_f1", "answer_contained", "answer_f1",
        "citation_recall", "lexical_support", "language_match", "error_rate", "hallucination_rate", "tokens_mean", "cost_mean",
    ]  # fmt: skip


@pytest.mark.parametrize("row", [*ROWS, Searched(ABLE, "en", 3.5, (GOOD, ELSEWHERE), 1.5)])
def test_a_row_is_read_as_it_was_written(row: Asked | Searched | Failed) -> None:
    back = read(json.loads(json.dumps(row.to_dict(), ensure_ascii=False)))
    question = replace(
        row.question,
        text={row.language: row.question.text[row.language]},
        answer={row.language: row.question.answer[row.language]} if row.question.answer else None,
    )
    assert back == replace(row, question=question)


def test_an_open_question_is_answerable_without_a_place() -> None:
    question = Question("q", "fact", {"en": "Who?"}, None, (), open=True)
    row = Asked(question, "en", "abstained", 0.1, "", (), (), 0, (), True, 1.0)
    assert read(row.to_dict()) == row
    assert values.faults(row) == ["abstained"]
    assert values.VALUES["error_rate"].of(row) == 1.0
    assert values.VALUES["file_ndcg_at_10"].of(row) is None
    assert summarise([row])["file_ndcg_at_10"].value is None


def test_faults_are_named() -> None:
    assert values.faults(Failed(FAR, "en", "x")) == ["error"]
    assert values.faults(Searched(ABLE, "en", 1.0, (ELSEWHERE,), 1.0)) == ["other_first"]
    assert values.faults(ROWS[4]) == ["hallucinated", "invalid"]
    assert values.faults(ROWS[3]) == ["other_first", "no_evidence", "abstained", "language"]


def test_the_rank_of_the_right_file() -> None:
    assert values.gold_rank(Searched(ABLE, "en", 1.0, (ELSEWHERE, ELSEWHERE, GOOD), 1.0)) == 2
    assert values.gold_rank(Searched(ABLE, "en", 1.0, (ELSEWHERE,), 1.0)) is None
