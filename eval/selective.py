"""Answering only when sure: the risk of the answers given, against the share of questions that are answered.

The curve takes the most confident answers first (El-Yaniv & Wiener 2010); equal confidences are taken together. An answer
is *wrong* when its question has none, or when none of the first three quotes holds the evidence; of an open question it is not
known where its answer stands, so any answer to it counts as right.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from eval.records import Asked
from eval.summary import Measure


class Point(NamedTuple):
    """After answering the ``coverage`` most confident share of the questions, ``risk`` of the answers are wrong."""

    coverage: float
    risk: float


def wrong(row: Asked) -> bool:
    """Whether the answer would be wrong if it were given."""
    if not row.question.answerable:
        return True
    return bool(row.question.gold) and not row.hit_within(3)


def curve(rows: Sequence[Asked]) -> list[Point]:
    """One point for each distinct confidence, from the highest to the lowest."""
    ordered = sorted(rows, key=lambda row: -row.confidence)
    points, mistaken = [], 0
    for count, row in enumerate(ordered, 1):
        mistaken += wrong(row)
        if count == len(ordered) or ordered[count].confidence != row.confidence:
            points.append(Point(count / len(ordered), mistaken / count))
    return points


def area(points: Sequence[Point]) -> float:
    """The mean risk over all coverages, each stretch at the risk of its end; lower is better. ``points`` is not empty."""
    starts = (0.0, *(point.coverage for point in points))
    return sum((point.coverage - start) * point.risk for start, point in zip(starts, points, strict=False))


def coverage_at(points: Sequence[Point], risk: float) -> float:
    """The largest share of the questions that can be answered with at most this risk; 0 when there is none."""
    return max((point.coverage for point in points if point.risk <= risk), default=0.0)


def summarise(rows: Sequence[Asked]) -> dict[str, Measure]:
    """Of rows that hold both answerable and unanswerable questions; else nothing."""
    if len({row.question.answerable for row in rows}) < 2:
        return {}
    points, n = curve(rows), len(rows)
    return {
        "risk_area": Measure(area(points), n),
        "coverage_at_5": Measure(coverage_at(points, 0.05), n),
        "coverage_at_10": Measure(coverage_at(points, 0.10), n),
    }
