"""The least that a run must reach, read from ``gates.toml``: one table of bounds by measure name.

A gate is put to every run that has its measure; those of the checker only where statements were checked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from eval import checking
from eval.questions import Language
from eval.summary import Measure, summarise


class GatesInvalid(Exception):
    """The file of gates cannot be used."""


class Gate(NamedTuple):
    """``measure`` must be at least ``bound`` in each language."""

    measure: str
    bound: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """A gate, the language it was put to, and how it went. What could not be measured does not pass."""

    gate: Gate
    language: Language
    value: float | None

    @property
    def passed(self) -> bool:
        return self.value is not None and self.value >= self.gate.bound

    def to_dict(self) -> dict[str, Any]:
        return {**self.gate._asdict(), "language": self.language, "value": self.value, "passed": self.passed}


def load(path: Path) -> list[Gate]:
    """Raises `GatesInvalid`: the file is unreadable, or names a table or a measure that does not exist."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GatesInvalid(f"{path} cannot be read: {error}") from error
    if set(tables) != {"minimum"} or not isinstance(tables["minimum"], dict):
        raise GatesInvalid(f"{path}: there must be one table, [minimum]")
    known = {**summarise([]), **checking.summarise([])}
    gates: list[Gate] = []
    for measure, bound in tables["minimum"].items():
        if measure not in known:
            raise GatesInvalid(f"{path}: {measure}: no such measure; there are {', '.join(known)}")
        if isinstance(bound, bool) or not isinstance(bound, int | float):
            raise GatesInvalid(f"{path}: {measure}: the bound must be a number")
        gates.append(Gate(measure, float(bound)))
    return gates


def judge(gates: Sequence[Gate], summaries: Mapping[Language, Mapping[str, Measure]]) -> list[Verdict]:
    """Every gate in every language that was measured, but for measures that the run has not."""
    return [
        Verdict(gate, language, summary[gate.measure].value)
        for gate in gates
        for language, summary in summaries.items()
        if gate.measure in summary
    ]
