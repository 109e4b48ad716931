"""A whole run: every system is put every question of every suite, and each row is written down as soon as it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from assistant.ablation import leave_out
from eval import baselines, judged
from eval.ablate import chosen
from eval.journal import Journal, Key
from eval.rank import folder
from eval.records import AnyRow, Failed, Place, Searched
from eval.run import HITS, ask, check, row_of
from eval.suites import Ask, Task

ISNAD = "isnad"
_SHOWN, _LONGEST = 3, 300  # found passages whose text is kept, and how much of it

Open = Callable[[Path, Path], AbstractContextManager[Any]]


def run_all(
    tasks: Sequence[Task],
    systems: Sequence[str],
    opener: Open,
    index: Path,
    journal: Journal,
    done: Collection[Key] = (),
    progress: Callable[[int], None] = lambda asked: None,
) -> None:
    """Ask what is not ``done``. ``systems`` are `ISNAD` and names of `baselines`; ``index`` is for real folders.

    Raises:
        QuestionsMisplaced: gold spans of a question file do not fit its folder.
    """
    asked = 0
    for task in tasks:
        waiting = {
            system: [one for one in task.asks if (task.suite, system, one.cell, one.question.id) not in done]
            for system in systems
        }
        if not any(waiting.values()):
            continue
        with _opened(task, opener, index) as assistant:
            if isinstance(task.corpus, Path):
                check(assistant, {one.question.id: one.question for one in task.asks}.values())
            for system, asks in waiting.items():
                for one, row in _rows(system, task, asks, assistant):
                    journal.append({"suite": task.suite, "system": system, "cell": one.cell, **_record(row, system)})
                    asked += 1
                    progress(asked)
        journal.sync()


def size(tasks: Sequence[Task], systems: Sequence[str]) -> int:
    """How many questions a run asks."""
    return sum(len(task.asks) for task in tasks) * len(systems)


@contextmanager
def _opened(task: Task, opener: Open, index: Path) -> Iterator[Any]:
    if isinstance(task.corpus, Path):
        with opener(task.corpus, index) as assistant:
            yield assistant
        return
    with folder(task.corpus) as (corpus, place), opener(corpus, place) as assistant:
        yield assistant


def _rows(system: str, task: Task, asks: Sequence[Ask], assistant: Any) -> Iterator[tuple[Ask, AnyRow]]:
    """The first question is put twice: caches fill unmeasured."""
    if system in baselines.NAMES:
        built = baselines.build(system, _texts(task, assistant)) if asks else None
        put = lambda one: _baseline(built, one)  # noqa: E731
        block: AbstractContextManager[None] = nullcontext()
    else:
        put = lambda one: _isnad(assistant, task, one)  # noqa: E731
        part = system.removeprefix(baselines.WITHOUT)
        block = leave_out(chosen([part])[0].left_out) if part != system else nullcontext()
    with block:
        for number, one in enumerate(asks):
            if not number:
                put(one)
            yield one, put(one)


def _isnad(assistant: Any, task: Task, one: Ask) -> AnyRow:
    words = one.question.text[one.language]
    if task.answers and not one.among:
        return ask(assistant, one.question, one.language)
    try:
        begin = time.perf_counter()
        if one.among:
            answer, ranked = judged.ask(assistant, words, one.among)
            took = (time.perf_counter() - begin) * 1000
            hits = [item.passage for item in ranked[:HITS]]
            return row_of(assistant, one.question, one.language, answer, hits, took)
        hits = assistant.search(words, limit=HITS)
        took = (time.perf_counter() - begin) * 1000
    except Exception as error:  # the edge of the run: an error is a result, and the other questions are still asked
        return Failed(one.question, one.language, f"{type(error).__name__}: {error}")
    places = tuple(Place(hit.file, hit.start, hit.end, hit.text) for hit in hits)
    return Searched(one.question, one.language, 0.0, places, took)


def _baseline(built: baselines.Baseline | None, one: Ask) -> AnyRow:
    assert built is not None
    try:
        begin = time.perf_counter()
        found = built.search(one.question.text[one.language], HITS, one.among)
        took = (time.perf_counter() - begin) * 1000
    except Exception as error:  # as above
        return Failed(one.question, one.language, f"{type(error).__name__}: {error}")
    best = found[0].score if found else 0.0
    return Searched(one.question, one.language, best, tuple(Place(*item.passage) for item in found), took)


def _texts(task: Task, assistant: Any) -> Mapping[str, str]:
    """What the assistant reads of a folder is what the others are given."""
    if not isinstance(task.corpus, Path):
        return task.corpus
    return {one.file: assistant.document(one.file).text for one in assistant.documents()}


def _record(row: AnyRow, system: str) -> dict[str, Any]:
    """The row without the texts that nobody will read."""
    record = row.to_dict()
    for number, hit in enumerate(record.get("hits", ())):
        hit["text"] = hit["text"][:_LONGEST] if number < _SHOWN and system == ISNAD else ""
    return record
