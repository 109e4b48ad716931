"""Two runs side by side: ``python -m eval compare A B``. Only the questions that both answered count, and what is noise is
called noise: a difference counts when the randomisation test, corrected for all tests of the comparison, says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from eval import journal, statistics, values
from eval.labels import words
from eval.measures import SEED
from eval.questions import Gold, Language, Question
from eval.records import AnyRow, Failed, Place, Searched, read
from eval.statistics import ALPHA, DRAWS, Difference

HEADLINE = (
    "file_ndcg_at_10",
    "gold_file_first",
    "evidence_at_3",
    "auroc",
    "error_rate",
    "hallucination_rate",
)


class NotComparable(Exception):
    """A file is no run, or two runs have no question in common."""


class Cell(NamedTuple):
    """Where a measure is taken."""

    suite: str
    system: str
    cell: str


class Kept(NamedTuple):
    """A run as it was written: rows by cell and question, and the manifest."""

    rows: Mapping[Cell, Mapping[str, AnyRow]]
    manifest: Mapping[str, Any]


class Tested(NamedTuple):
    """One measure of one cell in both runs; ``p`` is corrected. ``more``: whether more of it is better."""

    cell: Cell
    measure: str
    difference: Difference
    p: float
    more: bool

    @property
    def verdict(self) -> Literal["better", "worse", "noise"]:
        """How the second run stands to the first."""
        if self.p >= ALPHA or not self.difference.change:
            return "noise"
        return "better" if (self.difference.change > 0) is self.more else "worse"

    def to_dict(self) -> dict[str, Any]:
        found = self.difference._asdict() | {"interval": list(self.difference.interval), "p": self.difference.p}
        return {**self.cell._asdict(), "measure": self.measure, **found, "p_holm": self.p, "verdict": self.verdict}


def load(path: Path) -> Kept:
    """A run's folder, or the JSON that ``run --json`` and ``rank --json`` write.

    Raises:
        NotComparable: it is neither.
        JournalInvalid: a folder's rows are broken.
    """
    if path.is_dir():
        plan, records = journal.read(path)
        return Kept(by_cell(records), plan.get("manifest", {}))
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        rows: dict[Cell, dict[str, AnyRow]] = {}
        for record in written["rows"]:
            cell, row = _ranked(record) if "cell" in record else _asked(record)
            rows.setdefault(cell, {})[row.question.id] = row
        return Kept(rows, written["manifest"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotComparable(f"{path} is not a run: {type(error).__name__} {error}") from error


def by_cell(records: Iterable[Mapping[str, Any]]) -> dict[Cell, dict[str, AnyRow]]:
    """Rows by cell and question, in the order written.

    Raises:
        NotComparable: a record is no row.
    """
    rows: dict[Cell, dict[str, AnyRow]] = {}
    for record in records:
        try:
            cell = Cell(record["suite"], record["system"], record["cell"])
            rows.setdefault(cell, {})[record["id"]] = read(record)
        except (KeyError, TypeError, ValueError) as error:
            raise NotComparable(f"the record of {record.get('id')!r} is no row: {error}") from error
    return rows


def _asked(record: Mapping[str, Any]) -> tuple[Cell, AnyRow]:
    return Cell("seeds", "isnad", record["language"]), read(record)


def _ranked(record: Mapping[str, Any]) -> tuple[Cell, AnyRow]:
    """A row of ``rank --json``: files only."""
    pair, _, label = record["cell"].partition(" ")
    cell = Cell("ntrex", "isnad", pair) if label == "ntrex" else Cell("xquad", "isnad", record["cell"])
    language: Language = "ar" if pair.startswith("ar") else "en"
    question = Question(record["id"], "fact", {language: ""}, None, (Gold(record["gold"], 0, 1, ""),))
    if "error" in record:
        return cell, Failed(question, language, record["error"])
    return cell, Searched(question, language, 0.0, tuple(Place(file, 0, 1, "") for file in record["files"]), 0.0)


def systems(kept: Kept, first: str, second: str) -> tuple[Kept, Kept]:
    """Two systems of one run, as if they were two runs of one system."""
    sides = []
    for name in (first, second):
        rows = {cell._replace(system=f"{first} → {second}"): r for cell, r in kept.rows.items() if cell.system == name}
        if not rows:
            there = ", ".join(dict.fromkeys(cell.system for cell in kept.rows))
            raise NotComparable(f"the run has no system {name!r}; it has {there}")
        sides.append(Kept(rows, kept.manifest))
    return sides[0], sides[1]


def compare(first: Kept, second: Kept, measures: Sequence[str] = HEADLINE, draws: int = DRAWS) -> list[Tested]:
    """Every measure that both runs have of the same questions, cell by cell.

    Raises:
        NotComparable: they have none.
    """
    found: list[tuple[Cell, str, Difference]] = []
    for cell, rows in first.rows.items():
        if cell not in second.rows:
            continue
        pairs = [
            (one, other)
            for key, one in rows.items()
            if not isinstance(one, Failed)
            and (other := second.rows[cell].get(key)) is not None
            and not isinstance(other, Failed)
        ]
        taken = ((measure, _difference(measure, pairs, draws)) for measure in measures)
        found += [(cell, measure, difference) for measure, difference in taken if difference]
    if not found:
        raise NotComparable("the two runs have no question in common of which these measures could be taken")
    corrected = statistics.holm([difference.p for _, _, difference in found])
    return [
        Tested(cell, measure, difference, p, measure == values.SEPARATION or values.VALUES[measure].more)
        for (cell, measure, difference), p in zip(found, corrected, strict=True)
    ]


def _difference(measure: str, pairs: Sequence[tuple[values.Done, values.Done]], draws: int) -> Difference | None:
    if measure == values.SEPARATION:
        truth = [one.question.answerable for one, _ in pairs]
        if len(set(truth)) < 2 or not any(one.confidence for one, _ in pairs):
            return None
        confidences = [(one.confidence, other.confidence) for one, other in pairs]
        return statistics.of_separation([a for a, _ in confidences], [b for _, b in confidences], truth, draws)
    of = values.VALUES[measure].of
    both = [(of(one), of(other)) for one, other in pairs]
    known = [(a, b) for a, b in both if a is not None and b is not None]
    return statistics.of_means([a for a, _ in known], [b for _, b in known], draws) if known else None


def lines(tested: Sequence[Tested]) -> list[tuple[str, tuple[str, ...]]]:
    """What is printed: a label and its cells; a label without cells heads those that follow."""
    shown: list[tuple[str, tuple[str, ...]]] = []
    head = None
    for one in tested:
        if one.cell != head:
            head = one.cell
            shown.append((" · ".join((head.suite, head.system, head.cell)), ()))
        d = one.difference
        interval = f"[{d.interval.low:+.3f}, {d.interval.high:+.3f}]"
        p = f"{one.p:.4f}" if one.p >= 0.0001 else "<.0001"
        shown.append(
            (
                f"  {one.measure}",
                (f"{d.first:.3f}", f"{d.second:.3f}", f"{d.change:+.3f} {interval}", p, one.verdict, str(d.n)),
            )
        )
    return shown


def method(draws: int = DRAWS) -> dict[str, str]:
    """The numbers of how intervals and p values were made; `labels.words` has the sentence that they stand in."""
    return {"draws": str(draws), "seed": str(SEED), "alpha": f"{ALPHA:g}"}


def note(draws: int = DRAWS) -> str:
    """How the intervals and p values were made."""
    return words()["method"][0].format_map(method(draws))
