"""A whole run: every system is put every question of every suite, and each row is written down as soon as it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from assistant.ablation import leave_out
from eval import baselines, judged, parallel
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
    jobs: int = 1,
) -> None:
    """Ask what is not ``done``. ``systems`` are `ISNAD` and names of `baselines`; ``index`` is for real folders. With several
    ``jobs`` each collection is asked in a process of its own, so many at a time.

    Raises:
        QuestionsMisplaced: gold spans of a question file do not fit its folder.
        WorkerLost: a process ended in the middle of its work.
    """
    parts = list(split(tasks, systems, opener, index, done))
    rows = (
        parallel.run([partial(work, part) for part in parts], jobs)
        if jobs > 1
        else chain.from_iterable(map(work, parts))
    )
    for asked, record in enumerate(rows, 1):
        journal.append(record)
        progress(asked)


class Part(NamedTuple):
    """One collection's share of a run. ``first`` is the number of its first row; ``waiting`` what is still to be asked.
    ``indexed``: where the index of a real folder is kept."""

    task: Task
    first: int
    waiting: Mapping[str, Sequence[tuple[int, Ask]]]
    opener: Open
    indexed: Path


def split(
    tasks: Sequence[Task], systems: Sequence[str], opener: Open, index: Path, done: Collection[Key]
) -> Iterator[Part]:
    """The collections that have something left to ask."""
    first = 0
    for task in tasks:
        waiting = {
            system: [
                (first + order * len(task.asks) + place, one)
                for place, one in enumerate(task.asks)
                if (task.suite, system, one.cell, one.question.id) not in done
            ]
            for order, system in enumerate(systems)
        }
        if any(waiting.values()):
            yield Part(task, first, waiting, opener, index)
        first += len(task.asks) * len(systems)


def work(part: Part) -> Iterator[dict[str, Any]]:
    """The records of one collection; ``n`` is the place of each in the whole run."""
    task = part.task
    with _opened(task, part.opener, part.indexed) as assistant:
        if isinstance(task.corpus, Path):
            check(assistant, {one.question.id: one.question for one in task.asks}.values())
        for system, asks in part.waiting.items():
            for number, one, row in _rows(system, task, asks, assistant):
                place = {"suite": task.suite, "system": system, "cell": one.cell, "n": number}
                yield {**place, **_record(row, system)}


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


def _rows(
    system: str, task: Task, asks: Sequence[tuple[int, Ask]], assistant: Any
) -> Iterator[tuple[int, Ask, AnyRow]]:
    """The first question of each language is put twice: what is read once is not measured."""
    if not asks:
        return
    put: Callable[[Ask], AnyRow]
    block: AbstractContextManager[None] = nullcontext()
    if system in (*baselines.NAMES, baselines.DENSE):
        put = partial(_baseline, baselines.build(system, _texts(task, assistant)))
    else:
        put = partial(_isnad, assistant, task)
        part = system.removeprefix(baselines.WITHOUT)
        if part != system:
            block = leave_out(chosen([part])[0].left_out)
    with block:
        for first in {one.language: one for _, one in reversed(asks)}.values():
            put(first)
        for number, one in asks:
            yield number, one, put(one)


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


def _baseline(built: baselines.Baseline, one: Ask) -> AnyRow:
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
