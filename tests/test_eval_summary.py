"""The measures of a handful of rows, worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from assistant.usage import Usage
from eval.gates import Gate, GatesInvalid, judge, load
from eval.measures import wilson
from eval.questions import Gold, Question
from eval.records import Asked, Failed, Place, Row, Status
from eval.summary import Measure, summarise

GOLD = Gold("a", 0, 10, "x" * 10)
ABLE = Question("able", "fact", {"ar": "من؟", "en": "Who?"}, {"ar": "هو", "en": "He"}, (GOLD,))
PLAIN, OTHERWISE = replace(ABLE, style="plain"), replace(ABLE, style="paraphrase")
NEAR = Question("near", "near-miss", {"ar": "من؟", "en": "Who?"}, None, ())
FAR = Question("far", "off-topic", {"ar": "من؟", "en": "Who?"}, None, ())
GOOD, OTHER, ELSEWHERE = Place("a", 5, 15, "He x"), Place("a", 10, 20, "x"), Place("b", 0, 10, "هو")


def asked(
    question: Question,
    status: Status,
    confidence: float,
    *,
    quotes: tuple[Place, ...] = (),
    hits: tuple[Place, ...] = (),
    invalid: tuple[Place, ...] = (),
    match: bool = True,
    milliseconds: float = 1.0,
) -> Asked:
    return Asked(question, "en", status, confidence, "", hits, quotes, len(quotes), invalid, match, milliseconds)


def written(row: Asked, text: str, statements: int, supported: int) -> Asked:
    """The same answer, by a model."""
    usage, cost = Usage(900, 100), 0.25
    return replace(row, text=text, written=True, statements=statements, supported=supported, usage=usage, cost=cost)


ROWS: list[Row] = [
    written(
        asked(ABLE, "answered", 0.9, quotes=(GOOD, OTHER), hits=(GOOD,), milliseconds=1),
        "It was he [1], not she [2].",
        4,
        3,
    ),
    asked(PLAIN, "answered", 0.8, quotes=(OTHER, ELSEWHERE, GOOD), hits=(ELSEWHERE, OTHER, GOOD), milliseconds=2),
    asked(OTHERWISE, "uncertain", 0.5, quotes=(GOOD,), hits=(OTHER,) * 5 + (GOOD,), milliseconds=3),
    asked(OTHERWISE, "abstained", 0.2, quotes=(ELSEWHERE,), hits=(ELSEWHERE,), match=False, milliseconds=4),
    asked(NEAR, "answered", 0.8, quotes=(ELSEWHERE,), invalid=(ELSEWHERE,), milliseconds=5),
    asked(NEAR, "uncertain", 0.5, milliseconds=6),
    # One of its two calls was not counted: what it took is not known.
    replace(asked(FAR, "abstained", 0.1, milliseconds=7), usage=Usage(500, 1, 1)),
    Failed(FAR, "en", "RuntimeError: x"),
]


@pytest.mark.parametrize(
    ("name", "value", "n"),
    [
        ("gold_file_first", 2 / 4, 4),
        ("gold_passage_at_5", 2 / 4, 4),
        ("file_ndcg_at_10", (1 + 1 / math.log2(3) + 1 + 0) / 4, 4),
        ("file_mrr", (1 + 0.5 + 1 + 0) / 4, 4),
        ("gold_file_quoted_first", 3 / 4, 4),
        ("evidence_at_1", 2 / 4, 4),
        ("evidence_f1", (1 / 2 + 0 + 1 / 2 + 0) / 4, 4),  # five of ten characters are shared, both ways
        ("citation_recall", 2 / 2, 2),
        ("citation_f1", 2 * (2 / 5) / (2 / 5 + 1), 2),
        ("answer_contained", (1 + 1 + 1) / 3, 3),  # the fourth quotes Arabic only, which cannot hold an English word
        ("answer_f1", (2 / 6 + 0 + 2 / 3) / 3, 3),
        ("lexical_support", 3 / 4, 1),
        ("evidence_at_3", 3 / 4, 4),
        ("evidence_at_1_strict", 1 / 4, 4),
        ("evidence_at_3_strict", 2 / 4, 4),
        ("citation_precision", 2 / 5, 5),
        ("citation_validity", 7 / 8, 8),
        ("language_match", 6 / 7, 7),
        # .9: 3 of 3; .8: 2.5; .5: 1.5; .2: 1
        ("auroc", 8 / 12, 3),
        ("auroc_near_miss", (2 + 1.5 + 0.5 + 0) / 8, 2),
        ("auroc_off_topic", 1.0, 1),
        ("gold_file_first_plain", 0.0, 1),
        ("gold_file_first_paraphrase", 1 / 2, 2),
        ("evidence_at_3_plain", 1.0, 1),
        ("evidence_at_3_paraphrase", 1 / 2, 2),
        ("answerable_answered", 2 / 4, 4),
        ("answerable_uncertain", 1 / 4, 4),
        ("answerable_abstained", 1 / 4, 4),
        ("unanswerable_answered", 1 / 3, 3),
        ("unanswerable_uncertain", 1 / 3, 3),
        ("unanswerable_abstained", 1 / 3, 3),
        ("hallucination_rate", 1 / 3, 3),
        ("error_rate", 1 / 4, 4),
        ("latency_median_ms", 4.0, 7),
        ("latency_p95_ms", 6.7, 7),
        ("tokens_mean", 1000.0, 1),
        ("cost_mean", 0.25, 1),
        ("errors", 1.0, 8),
    ],
)
def test_each_measure(name: str, value: float, n: int) -> None:
    found = summarise(ROWS)[name]
    assert found.value == pytest.approx(value)
    assert found.n == n


def test_every_measure_is_in_the_table_above() -> None:
    marks = test_each_measure.pytestmark
    assert {case[0] for case in marks[0].args[1]} == set(summarise(ROWS))


def test_shares_carry_their_interval_and_nothing_is_not_zero() -> None:
    assert summarise(ROWS)["evidence_at_3"].interval == wilson(3, 4)
    empty = summarise([])
    assert {name: measure.value for name, measure in empty.items() if measure.value is not None} == {"errors": 0.0}
    failed = summarise([Failed(ABLE, "en", "x")])
    assert failed["evidence_at_3"] == Measure(None, 0, None)
    assert failed["errors"].value == 1.0


@pytest.mark.parametrize(
    ("bound", "value", "passed"), [(0.9, 0.9, True), (0.9, 0.8999, False), (1.0, 1.0, True), (0.0, None, False)]
)
def test_a_gate_is_a_least_value_and_the_unmeasured_fails(bound: float, value: float | None, passed: bool) -> None:
    (verdict,) = judge([Gate("auroc", bound)], {"ar": {"auroc": Measure(value, 1)}})
    assert verdict.passed is passed
    assert verdict.to_dict() == {"measure": "auroc", "bound": bound, "language": "ar", "value": value, "passed": passed}


def test_gates_are_put_to_each_language() -> None:
    summaries = {"ar": {"auroc": Measure(0.9, 1)}, "en": {"auroc": Measure(0.8, 1)}}
    verdicts = judge([Gate("auroc", 0.85)], summaries)
    assert [(verdict.language, verdict.passed) for verdict in verdicts] == [("ar", True), ("en", False)]


def test_the_committed_gates() -> None:
    from eval.arguments import HERE

    gates = dict(load(HERE / "gates.toml"))
    assert gates["citation_validity"] == 1.0
    assert {"gold_file_first", "evidence_at_3", "auroc"} <= gates.keys()
    assert all(0.8 <= bound <= 1 for bound in gates.values())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[minimum", "cannot be read"),
        ("", "there must be one table"),
        ("minimum = 1", "there must be one table"),
        ("[minimum]\nauroc = 1\n[maximum]\nerrors = 1", "there must be one table"),
        ("[minimum]\nbleu = 1", "bleu: no such measure; there are gold_file_first"),
        ("[minimum]\nauroc = 'high'", "auroc: the bound must be a number"),
        ("[minimum]\nauroc = true", "auroc: the bound must be a number"),
    ],
)
def test_broken_gates_are_refused(tmp_path: object, content: str, message: str) -> None:
    from pathlib import Path

    path = Path(str(tmp_path), "gates.toml")
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GatesInvalid, match=message):
        load(path)
    with pytest.raises(GatesInvalid, match="cannot be read"):
        load(path.with_name("none.toml"))
