"""The risk of each confidence band: how many of its questions are unanswerable or wrongly answered.

Each question is given its confidence by models that were fitted without its article, and by it its band, as the assistant does.
An answerable question is *wrongly answered* if none of the sentences that would be quoted holds the answer. In the
bands that claim no answer the same share says how rightly they do not.

The share depends on how many questions are unanswerable, so it is given twice: for as many answerable as unanswerable
ones (the kinds of the latter in equal parts), and at the rates of the set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from assistant.citations import Status
from assistant.evidence import sureness
from assistant.quotes import Bands
from eval.confidence import Model
from eval.recipe import Judged
from eval.records import STATUSES

KINDS: Mapping[str, tuple[str, ...]] = {
    "off-topic": ("article",),
    "same article": ("paragraph",),
    "near miss": ("word",),
    "all": ("article", "paragraph", "word"),
}
"""Kinds of unanswerable questions by what is done to an answerable one (`eval.recipe.judged`)."""


@dataclass(frozen=True, slots=True)
class Risk:
    """One band. ``balanced`` and ``own``: the share of its questions that are unanswerable or wrongly answered, at either
    prior; None where there are none. ``unanswerable``: the first of the two parts, balanced. ``share``: the part of all
    questions that falls into the band, balanced. ``questions``: how many did.
    """

    balanced: float | None
    own: float | None
    unanswerable: float | None
    share: float
    questions: int


def risks(rows: Sequence[Judged], models: Sequence[Model], bands: Bands) -> dict[str, dict[Status, Risk]]:
    """By kind of unanswerable question and band, over the rows of one relation. ``models`` by fold.

    Human-judged rows make a kind of their own, *judged*; nobody has said which of their sentences answers, so that only
    the unanswerable count there.
    """
    placed = [(row, bands.status(sureness(row.unseen, *models[row.fold]))) for row in rows]
    answerable = [(row, status) for row, status in placed if row.kind == "whole"]
    found = {}
    for name, kinds in KINDS.items():
        negative = [[(row, status) for row, status in placed if row.kind == kind] for kind in kinds]
        found[name] = dict(_by_band(answerable, negative))
    if people := [(row, status) for row, status in placed if row.kind == "people"]:
        able, unable = ([(row, status) for row, status in people if row.answerable is truth] for truth in (True, False))
        found["judged"] = dict(_by_band(able, [unable]))
    return found


Placed = tuple[Judged, Status]


def _by_band(answerable: Sequence[Placed], unanswerable: Sequence[Sequence[Placed]]) -> Iterator[tuple[Status, Risk]]:
    able = Counter(status for _, status in answerable)
    wrong = Counter(status for row, status in answerable if row.right is False)
    unable = [Counter(status for _, status in kind) for kind in unanswerable]
    for status in STATUSES:
        positive, mistaken = (_part(each[status], len(answerable)) for each in (able, wrong))
        negative = sum(_part(each[status], each.total()) for each in unable) / len(unable)
        lost, questions = sum(each[status] for each in unable), able[status] + sum(each[status] for each in unable)
        yield (
            status,
            Risk(
                balanced=_ratio(mistaken + negative, positive + negative),
                own=_ratio(wrong[status] + lost, questions),
                unanswerable=_ratio(negative, positive + negative),
                share=round((positive + negative) / 2, 4),
                questions=questions,
            ),
        )


def _part(count: int, of: int) -> float:
    return count / of if of else 0.0


def _ratio(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def lines(relation: str, found: Mapping[str, Mapping[Status, Risk]]) -> Iterator[str]:
    """What is printed of them."""
    for kind, bands in found.items():
        for status, risk in bands.items():
            shares = (f"{value:.3f}" if value is not None else "none" for value in (risk.balanced, risk.own))
            yield f"risk {' balanced, '.join(shares)} at own rates, {risk.questions} questions  {relation} {kind} {status}"


def to_dict(found: Mapping[str, Mapping[Status, Risk]]) -> dict[str, dict[str, dict[str, float | int | None]]]:
    """Plain JSON values."""
    return {kind: {status: asdict(risk) for status, risk in bands.items()} for kind, bands in found.items()}
