"""What the checker of model-written answers notices, and what it takes for wrong though it is right.

Each faithful statement is checked as it is (an alarm is a false one), then with one thing changed (`corruption`), then with
a neighbouring sentence cited in the place of the right one. A change counts as detected when the statement is not supported,
whatever the reason given.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from assistant.cases import Source
from assistant.checker import Verdict, check
from eval import corruption
from eval.faithful import Faithful
from eval.measures import SEED, wilson
from eval.summary import Measure

Kind = Literal["", "number", "date", "name", "negation", "swap"]
KINDS: tuple[Kind, ...] = ("number", "date", "name", "negation", "swap")
NAMES = Path(__file__).parent / "data" / "names.tsv"


class Trial(NamedTuple):
    """A statement put to the checker; ``kind`` is what was changed, "" for nothing."""

    faithful: Faithful
    kind: Kind
    text: str
    cited: tuple[str, ...]
    verdict: Verdict

    @property
    def alarm(self) -> bool:
        return self.verdict.verdict != "supported"

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.faithful.id, "cell": self.faithful.cell, "kind": self.kind, "text": self.text,
            "cited": list(self.cited), **self.verdict._asdict(),
        }  # fmt: skip


def trials(statements: Iterable[Faithful]) -> Iterator[Trial]:
    """Check each statement and its corruptions; the same statements give the same trials."""
    names = corruption.read_names(NAMES)
    for one in statements:
        yield _trial(one, "", one.text, one.sources)
        for kind, changed in corrupted(one, names):
            yield _trial(one, kind, changed, one.sources)
        for neighbour in one.neighbours:
            if one.text != neighbour.text:
                yield _trial(one, "swap", one.text, (neighbour,))


def _trial(one: Faithful, kind: Kind, text: str, sources: Sequence[Source]) -> Trial:
    return Trial(one, kind, text, tuple(source.text for source in sources), check(text, sources))


def corrupted(one: Faithful, names: Sequence[corruption.Name]) -> Iterator[tuple[Kind, str]]:
    """The statement with each thing changed that it has, once for each kind; negations are put in and taken out."""
    draw = random.Random(f"{SEED} {one.id} {one.cell}")
    cited = " ".join(source.text for source in one.sources)
    changes: tuple[tuple[Kind, str | None], ...] = (
        ("number", corruption.change_number(one.text, draw)),
        ("date", corruption.change_date(one.text, draw)),
        ("name", corruption.change_name(one.text, cited, names, draw)),
        ("negation", corruption.negate(one.text, draw)),
        ("negation", corruption.affirm(one.text, draw)),
    )
    for kind, changed in changes:
        if changed is not None and changed != one.text:
            yield kind, changed


def summarise(found: Sequence[Trial]) -> dict[str, Measure]:
    """The share of faithful statements let pass, and of changed ones noticed, by kind and over all."""
    faithful = [trial for trial in found if not trial.kind]
    measured = {"faithful_supported": _share(len(faithful) - _alarms(faithful), len(faithful))}
    for kind in KINDS:
        changed = [trial for trial in found if trial.kind == kind]
        measured[f"corruption_{kind}"] = _share(_alarms(changed), len(changed))
    changed = [trial for trial in found if trial.kind]
    measured["corruption_detected"] = _share(_alarms(changed), len(changed))
    return measured


def _alarms(found: Sequence[Trial]) -> int:
    return sum(trial.alarm for trial in found)


def _share(count: int, n: int) -> Measure:
    return Measure(count / n if n else None, n, wilson(count, n))


def sample(statements: Sequence[Faithful], count: int) -> list[Faithful]:
    """As many of the statements, always the same."""
    return random.Random(SEED).sample(statements, min(count, len(statements)))


def failures(found: Iterable[Trial]) -> list[str]:
    """Each false alarm and each miss, as a paragraph to read."""
    return [_paragraph(trial) for trial in found if trial.alarm != bool(trial.kind)]


def _paragraph(trial: Trial) -> str:
    fault = f"not noticed: {trial.kind}" if trial.kind else f"false alarm: {trial.verdict.reason}"
    cited = [f"  cites     {text}" for text in trial.cited]
    return "\n".join([f"{trial.faithful.id} · {trial.faithful.cell} · {fault}", f"  says      {trial.text}", *cited])
