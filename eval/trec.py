"""Runs and relevance judgements in TREC's formats, and a second opinion on our rank measures from ``ir_measures``.

A run and its judgements are written for each suite and system, a topic for each question of each cell; a question that
raised an error is in neither, and one without a known place of its answer is not judged. Characters that would break a line
into other columns stand as ``%20`` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from eval import measures
from eval.records import AnyRow, Failed
from eval.values import VALUES

_SPACE = re.compile(r"[\s%]")
AGREED = 5e-5
"""Two ways of computing a measure agree when they differ by less: the same to four places."""


class Pair(NamedTuple):
    """The files of one suite and system."""

    run: Path
    qrels: Path


class Opinion(NamedTuple):
    """What ``ir_measures`` says: its version, how many values were compared, and the greatest difference from ours."""

    version: str
    compared: int
    greatest: float

    @property
    def agrees(self) -> bool:
        return self.greatest < AGREED


def name(text: str) -> str:
    """One column of a line."""
    return _SPACE.sub(lambda found: quote(found[0], safe=""), text)


def topic(cell: str, question: str) -> str:
    return name(f"{cell}:{question}")


def write(folder: Path, suite: str, system: str, rows: Iterable[tuple[str, AnyRow]]) -> Pair:
    """``rows`` come with their cell. Files are ranked at their first passage, scores are falling whole numbers."""
    ranked, judged = [], []
    tag = name(system).replace(":", "-")
    for cell, row in rows:
        if isinstance(row, Failed) or not row.question.gold:
            continue
        key = topic(cell, row.question.id)
        files = measures.distinct(hit.file for hit in row.hits)
        ranked += [f"{key} Q0 {name(f)} {rank} {len(files) - rank + 1} {tag}\n" for rank, f in enumerate(files, 1)]
        judged += [f"{key} 0 {name(file)} 1\n" for file in sorted(row.question.files)]
    pair = Pair(folder / f"{suite}.{tag}.run", folder / f"{suite}.{tag}.qrels")
    pair.run.write_text("".join(ranked), encoding="utf-8")
    pair.qrels.write_text("".join(judged), encoding="utf-8")
    return pair


def second_opinion(pairs: Mapping[Pair, Sequence[tuple[str, AnyRow]]]) -> Opinion | None:
    """Every rank measure of every question, computed anew from the written files; None without ``ir_measures``."""
    try:
        import ir_measures
    except ImportError:
        return None
    from importlib.metadata import version

    standard = {value.standard: value.of for value in VALUES.values() if value.standard}
    wanted = [ir_measures.parse_measure(one) for one in standard]
    compared, greatest = 0, 0.0
    for pair, rows in pairs.items():
        ours = {topic(cell, row.question.id): row for cell, row in rows if not isinstance(row, Failed)}
        judged = list(ir_measures.read_trec_qrels(str(pair.qrels)))
        run = list(ir_measures.read_trec_run(str(pair.run)))
        for found in ir_measures.iter_calc(wanted, judged, run) if judged else ():
            mine = standard[str(found.measure)](ours[found.query_id])
            compared += 1
            greatest = max(greatest, abs((mine or 0.0) - found.value))
    return Opinion(version("ir-measures"), compared, greatest)
