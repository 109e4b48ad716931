"""From the rows of a run's folder to its measures and its files: ``run.json``, TREC files, ``report.html``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from eval import compare, journal, judge, selective, trec
from eval.compare import Cell, Kept, Tested
from eval.records import AnyRow, Asked, Failed, Searched
from eval.summary import Measure, search_only, summarise

RUN = "run.json"
OURS = "isnad"


class Results(NamedTuple):
    """What a run's folder says. ``tested`` holds the other systems against ours; ``opinion`` is that of ``ir_measures``."""

    plan: Mapping[str, Any]
    rows: Mapping[Cell, Mapping[str, AnyRow]]
    measures: Mapping[Cell, Mapping[str, Measure]]
    tested: Sequence[Tested]
    opinion: trec.Opinion | None
    judged: Mapping[Cell, Mapping[str, judge.Judgement]] = {}

    @property
    def agreed(self) -> dict[tuple[str, str, str], judge.Agreement]:
        """The judge and the rules, by suite, system and what was judged."""
        return judge.agreements(self.rows, self.judged)

    @property
    def kept(self) -> Kept:
        return Kept(self.rows, self.plan.get("manifest", {}))

    @property
    def failed(self) -> list[tuple[Cell, Failed]]:
        return [(cell, row) for cell, rows in self.rows.items() for row in rows.values() if isinstance(row, Failed)]


def of(folder: Path) -> Results:
    """Read a run's folder, measure, and write its TREC files.

    Raises:
        JournalInvalid, NotComparable, SetInvalid: it is no run's folder, or a row is broken.
    """
    plan, records = journal.read(folder)
    rows = compare.by_cell(records)
    judged = judge.read(folder)
    measured = {cell: measure(list(found.values())) for cell, found in rows.items()}
    for cell, found_ in judged.items():
        if cell in measured:
            judgements = {name: one for name, one in judge.summarise(found_.values()).items() if one.value is not None}
            measured[cell] = {**measured[cell], **judgements}
    pairs = {}
    for suite, system in dict.fromkeys((cell.suite, cell.system) for cell in rows):
        listed = [
            (cell.cell, row)
            for cell, found in rows.items()
            if (cell.suite, cell.system) == (suite, system)
            for row in found.values()
        ]
        if any(row.question.gold for _, row in listed):
            pairs[trec.write(folder, suite, system, listed)] = listed
    return Results(plan, rows, measured, beside(rows), trec.second_opinion(pairs), judged)


def measure(rows: Sequence[AnyRow]) -> dict[str, Measure]:
    """All measures of the rows of one cell that could be taken."""
    answers = [row for row in rows if not isinstance(row, Searched)]
    found = search_only(rows)
    if len(answers) == len(rows) and any(not isinstance(row, Failed) for row in rows):
        asked = [row for row in answers if isinstance(row, Asked)]
        found = {**summarise(answers), "gold_file_at_5": found["gold_file_at_5"], **selective.summarise(asked)}
    return {name: one for name, one in found.items() if one.value is not None}


def beside(rows: Mapping[Cell, Mapping[str, AnyRow]]) -> list[Tested]:
    """Every other system against ours, on what needs no answer; one family of tests."""
    kept = Kept(rows, {})
    first: dict[Cell, Mapping[str, AnyRow]] = {}
    second: dict[Cell, Mapping[str, AnyRow]] = {}
    for cell, found in rows.items():
        if cell.system != OURS and (ours := kept.rows.get(cell._replace(system=OURS))):
            first[cell], second[cell] = ours, found
    if not first:
        return []
    try:
        return compare.compare(Kept(first, {}), Kept(second, {}), ("file_ndcg_at_10", "gold_file_first", "auroc"))
    except compare.NotComparable:
        return []


def to_dict(results: Results) -> dict[str, Any]:
    """Plain JSON values, but for the rows."""
    measured: dict[str, Any] = {}
    for cell, found in results.measures.items():
        place = measured.setdefault(cell.suite, {}).setdefault(cell.system, {})
        place[cell.cell] = {name: one.to_dict() for name, one in found.items()}
    opinion = results.opinion
    return {
        "manifest": results.plan.get("manifest", {}),
        "gates": results.plan.get("gates", []),
        "measures": measured,
        "against_ours": [one.to_dict() for one in results.tested],
        "judge": [
            {"suite": suite, "system": system, "judged": what, **one._asdict()}
            for (suite, system, what), one in results.agreed.items()
        ],
        "ir_measures": opinion._asdict() | {"agrees": opinion.agrees} if opinion else None,
    }


def write(folder: Path, results: Results) -> None:
    """``run.json``."""
    text = json.dumps(to_dict(results), ensure_ascii=False, indent=1)
    (folder / RUN).write_text(text + "\n", encoding="utf-8")
