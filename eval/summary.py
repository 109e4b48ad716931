"""From rows to measures: one `Measure` for each name in `NAMES`, over the rows of one language.

An answerable question's *evidence is hit* when the span of a quote and a gold span overlap, that is, share at least
one character of the same file. A quote is a citation of the answer or, where the answer has none because it abstained,
one of the closest passages it offers instead; *strict* counts the citations of answered questions only, so a question
that was not answered is a miss. AUROC takes the answerable questions as positives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eval import measures, values
from eval.measures import Interval
from eval.questions import STYLES
from eval.records import STATUSES, AnyRow, Asked, Failed, Row
from eval.wording import harmonic

AVERAGED = ("evidence_f1", "citation_recall", "answer_contained", "answer_f1", "lexical_support")
"""Measures that are the mean of what `eval.values` says of each question."""
SHARES = frozenset(["citation_recall", "answer_contained"])
"""Those of them that are yes or no for a question."""
SPENT = ("tokens_mean", "cost_mean")
"""Means over the questions for which a model was called and its endpoint counted the tokens."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A value over ``n`` things, with its 95 % interval where there is one. ``value`` is None when ``n`` is 0."""

    value: float | None
    n: int
    interval: Interval | None = None

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "n": self.n, "interval": list(self.interval) if self.interval else None}


def summarise(rows: Sequence[Row]) -> dict[str, Measure]:
    """All measures of the rows, in the order they are printed. Failed rows are counted under ``errors`` only."""
    asked = [row for row in rows if isinstance(row, Asked)]
    able = [row for row in asked if row.question.answerable]
    unable = [row for row in asked if not row.question.answerable]
    # Of an open question nobody has said where its answer stands.
    told = [row for row in able if row.question.gold]
    files = [(measures.distinct(hit.file for hit in row.hits), row.question.files) for row in told]
    quotes = [quote.holds(row.question.gold) for row in told if row.status == "answered" for quote in row.quotes]
    citations = sum(row.citations for row in asked)
    times = [row.milliseconds for row in asked]
    found = {
        "gold_file_first": share(told, lambda row: row.gold_first),
        "gold_passage_at_5": share(told, lambda row: row.found_within(5)),
        "file_ndcg_at_10": average([measures.ndcg(ranked, gold, 10) for ranked, gold in files]),
        "file_mrr": average([measures.reciprocal_rank(ranked, gold) for ranked, gold in files]),
        "gold_file_quoted_first": share(told, lambda row: row.gold_quoted_first),
        "evidence_at_1": share(told, lambda row: row.hit_within(1)),
        "evidence_at_3": share(told, lambda row: row.hit_within(3)),
        "evidence_at_1_strict": share(told, lambda row: row.status == "answered" and row.hit_within(1)),
        "evidence_at_3_strict": share(told, lambda row: row.status == "answered" and row.hit_within(3)),
        "citation_precision": Measure(measures.mean(list(map(float, quotes))), len(quotes)),
        "citation_validity": fraction(citations - sum(len(row.invalid) for row in asked), citations),
        "language_match": share(asked, lambda row: row.language_match),
        "auroc": separation(able, unable),
        "auroc_near_miss": separation(able, [row for row in unable if row.question.kind == "near-miss"]),
        "auroc_off_topic": separation(able, [row for row in unable if row.question.kind == "off-topic"]),
    }
    for name in AVERAGED:
        each = [value for row in asked if (value := values.VALUES[name].of(row)) is not None]
        found[name] = fraction(round(sum(each)), len(each)) if name in SHARES else average(each)
    precision, recall = found["citation_precision"], found["citation_recall"]
    both = None if precision.value is None or recall.value is None else harmonic(precision.value, recall.value)
    found["citation_f1"] = Measure(both, recall.n)
    for style in STYLES:
        group = [row for row in told if row.question.style == style]
        found[f"gold_file_first_{style}"] = share(group, lambda row: row.gold_first)
        found[f"evidence_at_3_{style}"] = share(group, lambda row: row.hit_within(3))
    for name, group in (("answerable", able), ("unanswerable", unable)):
        for status in STATUSES:
            found[f"{name}_{status}"] = fraction(sum(row.status == status for row in group), len(group))
    found["hallucination_rate"] = found["unanswerable_answered"]
    found["error_rate"] = found["answerable_abstained"]
    found["latency_median_ms"] = Measure(measures.percentile(times, 50), len(times))
    found["latency_p95_ms"] = Measure(measures.percentile(times, 95), len(times))
    for name in SPENT:
        each = [value for row in asked if (value := values.VALUES[name].of(row)) is not None]
        found[name] = average(each)
    found["errors"] = Measure(float(len(rows) - len(asked)), len(rows))
    return found


def search_only(rows: Sequence[AnyRow]) -> dict[str, Measure]:
    """The measures that need no answer, of any system; under the names of `summarise`, with what ranking adds."""
    done = [row for row in rows if not isinstance(row, Failed)]
    able = [row for row in done if row.question.gold]
    files = [(measures.distinct(hit.file for hit in row.hits), row.question.files) for row in able]
    times = [row.milliseconds for row in done]
    within = [next((rank for rank, file in enumerate(ranked) if file in gold), 10) for ranked, gold in files]
    positive, negative = ([row.confidence for row in done if row.question.answerable is side] for side in (True, False))
    return {
        "gold_file_first": fraction(sum(row.gold_first for row in able), len(able)),
        "gold_file_at_5": fraction(sum(rank < 5 for rank in within), len(able)),
        "file_ndcg_at_10": average([measures.ndcg(ranked, gold, 10) for ranked, gold in files]),
        "file_mrr": average([measures.reciprocal_rank(ranked, gold) for ranked, gold in files]),
        "auroc": Measure(
            measures.auroc(positive, negative),
            min(len(positive), len(negative)),
            measures.auroc_interval(positive, negative),
        ),
        "latency_median_ms": Measure(measures.percentile(times, 50), len(times)),
        "latency_p95_ms": Measure(measures.percentile(times, 95), len(times)),
        "errors": Measure(float(len(rows) - len(done)), len(rows)),
    }


def fraction(count: int, n: int) -> Measure:
    return Measure(count / n if n else None, n, measures.wilson(count, n))


def share(rows: Sequence[Asked], holds: Callable[[Asked], bool]) -> Measure:
    return fraction(sum(map(holds, rows)), len(rows))


def average(values: Sequence[float]) -> Measure:
    return Measure(measures.mean(values), len(values), measures.mean_interval(values))


def separation(able: Sequence[Asked], unable: Sequence[Asked]) -> Measure:
    """How well the confidence tells ``able`` from ``unable``; ``n`` is the smaller group."""
    positive, negative = [row.confidence for row in able], [row.confidence for row in unable]
    interval = measures.auroc_interval(positive, negative)
    return Measure(measures.auroc(positive, negative), min(len(positive), len(negative)), interval)
