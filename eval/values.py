"""What each question contributes to a measure: a value by question, so that two runs can be compared pair by pair.

The mean of a value over the questions that have it is the measure of the same name in `eval.summary` (by test); a rank
measure also has the name under which ``ir_measures`` knows it. AUROC is no mean and is listed apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from eval import measures, wording
from eval.questions import Gold, script_of
from eval.records import AnyRow, Asked, Failed, Place, Searched

Done = Asked | Searched


class Value(NamedTuple):
    """``of`` gives None for a question that the measure is not about. ``more`` is better, or less is."""

    of: Callable[[Done], float | None]
    more: bool = True
    standard: str = ""


def _files(row: Done) -> list[str]:
    return measures.distinct(hit.file for hit in row.hits)


def _ranked(measure: Callable[[Done], float]) -> Callable[[Done], float | None]:
    """For questions whose gold is known."""
    return lambda row: measure(row) if row.question.gold else None


def _answered(measure: Callable[[Asked], float], answerable: bool) -> Callable[[Done], float | None]:
    """For answers to questions that have an answer, or to those that have none."""
    return lambda row: measure(row) if isinstance(row, Asked) and row.question.answerable is answerable else None


def _quoted(measure: Callable[[Asked], float | None]) -> Callable[[Done], float | None]:
    return lambda row: measure(row) if isinstance(row, Asked) and row.question.gold else None


def evidence_f1(row: Asked) -> float | None:
    """Characters of the first quote against the gold span that they fit best; None where no words are told."""
    places = [span for span in row.question.gold if span.quote]
    return max((_overlap(row.quotes[:1], span) for span in places), default=None)


def _overlap(quotes: Sequence[Place], span: Gold) -> float:
    shared = sum(max(0, min(q.end, span.end) - max(q.start, span.start)) for q in quotes if q.file == span.file)
    length = sum(quote.end - quote.start for quote in quotes)
    return wording.harmonic(shared / length, shared / (span.end - span.start)) if shared else 0.0


def _said(measure: Callable[[Sequence[str], str], float]) -> Callable[[Done], float | None]:
    """For questions whose answer is told in words that what was said could hold: those of its script, or numbers."""

    def of(row: Done) -> float | None:
        expected = (row.question.answer or {}).get(row.language, "")
        if not isinstance(row, Asked) or not wording.words(expected):
            return None
        said = [text for text in row.said if script_of(expected) in (None, script_of(text))]
        return None if row.said and not said else measure(said, expected)

    return of


def _whole(number: int | None) -> float | None:
    return None if number is None else float(number)


VALUES: Mapping[str, Value] = {
    "file_ndcg_at_10": Value(_ranked(lambda r: measures.ndcg(_files(r), r.question.files, 10)), standard="nDCG@10"),
    "file_mrr": Value(_ranked(lambda r: measures.reciprocal_rank(_files(r), r.question.files)), standard="RR"),
    "gold_file_first": Value(_ranked(lambda r: float(r.gold_first)), standard="Success@1"),
    "gold_file_at_5": Value(
        _ranked(lambda r: float(any(file in r.question.files for file in _files(r)[:5]))), standard="Success@5"
    ),
    "evidence_at_1": Value(_quoted(lambda r: float(r.hit_within(1)))),
    "evidence_at_3": Value(_quoted(lambda r: float(r.hit_within(3)))),
    "evidence_at_3_strict": Value(_quoted(lambda r: float(r.status == "answered" and r.hit_within(3)))),
    "evidence_f1": Value(_quoted(evidence_f1)),
    "answer_contained": Value(_said(lambda said, told: float(any(wording.contains(text, told) for text in said)))),
    "answer_f1": Value(_said(lambda said, told: wording.f1(said[0], told) if said else 0.0)),
    "citation_recall": Value(_quoted(lambda r: float(r.hit_within(len(r.quotes))) if r.status == "answered" else None)),
    "lexical_support": Value(lambda r: r.supported / r.statements if isinstance(r, Asked) and r.statements else None),
    "language_match": Value(lambda r: float(r.language_match) if isinstance(r, Asked) else None),
    "error_rate": Value(_answered(lambda r: float(r.status == "abstained"), True), more=False),
    "hallucination_rate": Value(_answered(lambda r: float(r.status == "answered"), False), more=False),
    "tokens_mean": Value(lambda r: _whole(r.tokens) if isinstance(r, Asked) else None, more=False),
    "cost_mean": Value(lambda r: r.cost if isinstance(r, Asked) else None, more=False),
    "latency_mean_ms": Value(lambda r: r.milliseconds, more=False),
}
SEPARATION = "auroc"

FAULTS: Mapping[str, Callable[[Asked], bool]] = {
    "other_first": lambda r: bool(r.question.gold) and not r.gold_first,
    "no_evidence": lambda r: bool(r.question.gold) and not r.hit_within(3),
    "abstained": lambda r: r.question.answerable and r.status == "abstained",
    "hallucinated": lambda r: not r.question.answerable and r.status == "answered",
    "invalid": lambda r: bool(r.invalid),
    "language": lambda r: not r.language_match,
}
"""What can be wrong with an answer."""


def faults(row: AnyRow) -> list[str]:
    """What is wrong with a row, by name: ``error``, names of `FAULTS`, or for a search ``other_first``."""
    if isinstance(row, Failed):
        return ["error"]
    if isinstance(row, Searched):
        return ["other_first"] if row.question.gold and not row.gold_first else []
    return [name for name, wrong in FAULTS.items() if wrong(row)]


def gold_rank(row: Done) -> int | None:
    """The rank of the first gold file among the files found; 1 is the first, None when it is not there."""
    return next((rank for rank, file in enumerate(_files(row), 1) if file in row.question.files), None)
