"""A model as judge, beside the rules and never in their place: is an answer correct, and is it faithful to what it cites?

LlamaIndex's evaluators put the questions; correctness is given at four of five points. Every answer that claims to be one is
judged. What the rules say of the same answers is held against it: agreement, and Cohen's kappa (1960), which takes away the
agreement of chance. A judgement that fails is an error of its own, counted beside the others; the run goes on.

``judged.jsonl`` in the folder of the run has a line for each judgement; `--resume` asks again only for what failed.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from assistant.model import Model
from assistant.settings import Settings
from eval import journal, sets
from eval.compare import Cell
from eval.records import AnyRow, Asked
from eval.selective import wrong
from eval.summary import Measure, fraction

_NO_ANSWER = "The sources do not answer this question."
_SCORE = re.compile(r"(?<![\d.])([1-5](?:\.\d+)?)(?![\d.])")
_VERDICT = re.compile(r"\W*(yes|no|نعم|لا)\b", re.IGNORECASE)


class JudgeUnknown(Exception):
    """A judge is asked for, and no model is configured."""


class Judgement(NamedTuple):
    """What the judge said of one answer, or why it said nothing."""

    score: float | None = None
    faithful: bool | None = None
    why: str = ""
    error: str = ""

    @property
    def correct(self) -> bool | None:
        return None if self.score is None else self.score >= 4

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Judgement:
        return cls(*(record.get(name, default) for name, default in cls._field_defaults.items()))


class Agreement(NamedTuple):
    """How often the judge and the rules say the same of ``n`` answers. ``kappa`` is None where chance explains all of it."""

    share: float | None
    kappa: float | None
    n: int


class Judge(NamedTuple):
    """``of`` judges an answer and raises nothing; ``name`` says who judges: the model, once it has been asked, and its host."""

    of: Callable[[Asked], Judgement]
    name: Callable[[], str]


def configured(settings: Settings) -> Judge:
    """The model of the settings, with LlamaIndex's evaluators.

    Raises:
        JudgeUnknown: there is none.
    """
    if Model.configured(settings) is None:
        raise JudgeUnknown("--judge needs a model: set OPENAI_API_KEY, or OPENAI_BASE_URL for another endpoint")
    from llama_index.core.evaluation import CorrectnessEvaluator, FaithfulnessEvaluator

    from eval.endpoint import EndpointLLM

    llm = EndpointLLM(settings)
    correctness = CorrectnessEvaluator(llm=llm, parser_function=lambda text: (score_of(text), text))
    faithfulness = FaithfulnessEvaluator(llm=llm)

    def judge(row: Asked) -> Judgement:
        question = row.question.text[row.language]
        told = row.question.answer or {}
        reference = told.get(row.language) if row.question.answerable else _NO_ANSWER
        try:
            # Not ``evaluate``, which leaves its event loop open.
            correct = asyncio.run(correctness.aevaluate(query=question, response=row.text, reference=reference))
            if correct.score is None:
                return Judgement(error=f"no score in {_brief(correct.feedback)!r}")
            cited = [quote.text for quote in row.quotes]
            faithful = asyncio.run(
                faithfulness.aevaluate(query=question, response=" ".join(row.said), contexts=cited or [""])
            )
            # Its own reading takes "yesterday" for a yes.
            verdict = _VERDICT.match(faithful.feedback or "")
            if verdict is None:
                return Judgement(error=f"neither yes nor no in {_brief(faithful.feedback)!r}")
            return Judgement(correct.score, verdict[1].lower() in ("yes", "نعم"), _brief(correct.feedback))
        except Exception as error:  # the edge of the run: what a model or a library does wrong is a result
            return Judgement(error=f"{type(error).__name__}: {error}")

    return Judge(judge, lambda: llm.name)


def score_of(text: str) -> float | None:
    """The first number from 1 to 5 that stands by itself."""
    found = _SCORE.search(text)
    return min(5.0, float(found[1])) if found else None


def _brief(text: str | None) -> str:
    return " ".join((text or "").split())[:300]


def judgeable(row: AnyRow) -> bool:
    """Whether there is an answer to judge: what abstains claims nothing."""
    return isinstance(row, Asked) and row.status == "answered"


def judge_all(
    rows: Mapping[Cell, Mapping[str, AnyRow]],
    judge: Judge,
    writing: journal.Journal,
    done: Collection[journal.Key] = (),
    progress: Callable[[int], None] = lambda judged: None,
) -> None:
    """Judge what is not ``done``; each judgement is written as soon as it is there."""
    judged = 0
    for cell, found in rows.items():
        for key, row in found.items():
            if isinstance(row, Asked) and judgeable(row) and (*cell, key) not in done:
                writing.append({**cell._asdict(), "id": key, **judge.of(row)._asdict()})
                judged += 1
                progress(judged)


def read(folder: Path) -> dict[Cell, dict[str, Judgement]]:
    """The judgements of a run, each answer's last; none where nobody judged.

    Raises:
        SetInvalid: a line is broken.
    """
    found: dict[Cell, dict[str, Judgement]] = {}
    path = folder / journal.JUDGED
    for _, record in sets.rows(path) if path.exists() else ():
        cell = Cell(record["suite"], record["system"], record["cell"])
        found.setdefault(cell, {})[record["id"]] = Judgement.of(record)
    return found


def summarise(judged: Iterable[Judgement]) -> dict[str, Measure]:
    """Shares of the answers that were judged, and how many could not be."""
    judged = list(judged)
    done = [one for one in judged if not one.error]
    return {
        "judge_correct": fraction(sum(bool(one.correct) for one in done), len(done)),
        "judge_faithful": fraction(sum(bool(one.faithful) for one in done), len(done)),
        "judge_errors": Measure(float(len(judged) - len(done)), len(judged)),
    }


def pairs(rows: Mapping[str, AnyRow], judged: Mapping[str, Judgement]) -> Iterator[tuple[str, bool, bool]]:
    """``correct`` or ``faithful``, what the judge says, and what the rules do; only where both say something."""
    for key, one in judged.items():
        row = rows.get(key)
        if one.error or not isinstance(row, Asked):
            continue
        if not row.question.open and one.correct is not None:
            yield "correct", one.correct, not wrong(row)
        if one.faithful is not None:
            yield "faithful", one.faithful, not row.invalid and row.supported == row.statements


def agreement(both: Sequence[tuple[bool, bool]]) -> Agreement:
    """Of pairs of verdicts."""
    n = len(both)
    if not n:
        return Agreement(None, None, 0)
    same = sum(one is other for one, other in both) / n
    first, second = (sum(pair[side] for pair in both) / n for side in (0, 1))
    chance = first * second + (1 - first) * (1 - second)
    return Agreement(same, None if chance == 1 else (same - chance) / (1 - chance), n)


def agreements(
    rows: Mapping[Cell, Mapping[str, AnyRow]], judged: Mapping[Cell, Mapping[str, Judgement]]
) -> dict[tuple[str, str, str], Agreement]:
    """By suite, system and what was judged, over all cells."""
    both: dict[tuple[str, str, str], list[tuple[bool, bool]]] = {}
    for cell, found in judged.items():
        for what, ours, theirs in pairs(rows.get(cell, {}), found):
            both.setdefault((cell.suite, cell.system, what), []).append((ours, theirs))
    return {place: agreement(found) for place, found in both.items()}


def lines(judged: Mapping[tuple[str, str, str], Agreement]) -> Iterator[str]:
    """What is printed of the agreement."""
    for (suite, system, what), one in judged.items():
        share = "–" if one.share is None else f"{one.share:.3f}"
        kappa = "–" if one.kappa is None else f"{one.kappa:.3f}"
        yield f"judge and rules on {what}, {suite} {system}: agreement {share}, kappa {kappa}, {one.n} answers"
