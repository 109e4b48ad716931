"""A whole run: every system is put every question of every suite, and each row is written down as soon as it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from assistant.ablation import leave_out
from assistant.settings import Settings
from eval import baselines, given, parallel
from eval.ablate import chosen
from eval.journal import Journal, Key
from eval.rank import folder
from eval.records import AnyRow, Asked, Failed, Place, Price, Searched
from eval.run import HITS, Open, ask, check, row_of
from eval.suites import Ask, Task

ISNAD = "isnad"
_SHOWN, _LONGEST = 3, 300  # found passages whose text is kept, and how much of it


def run_all(
    tasks: Sequence[Task],
    systems: Sequence[str],
    opener: Open,
    index: Path,
    journal: Journal,
    done: Collection[Key] = (),
    progress: Callable[[int], None] = lambda asked: None,
    jobs: int = 1,
    beside: parallel.Work = tuple,
    price: Price | None = None,
) -> list[Any]:
    """Ask what is not ``done``. ``systems`` are `ISNAD` and names of `baselines`; ``index`` is for real folders. With several
    ``jobs`` so many collections are asked at a time. With a ``price`` rows tell their cost. ``beside`` is other work, done last; returns what it makes.

    Raises:
        QuestionsMisplaced: gold spans of a question file do not fit its folder.
        WorkerLost: a process ended in the middle of its work.
    """
    parts = [part._replace(price=price) for part in split(tasks, systems, opener, index, done)]
    if jobs > 1:  # the longest first, so that none is left alone at the end
        parts.sort(key=lambda part: -len(part.task.asks))
    pieces: list[parallel.Work] = [*(partial(work, part) for part in parts), partial(_apart, beside)]
    together = jobs > 1 and len(parts) > 1
    made: list[Any] = []
    asked = 0
    for item in parallel.run(pieces, jobs) if together else chain.from_iterable(piece() for piece in pieces):
        if isinstance(item, _Apart):
            made.append(item.made)
            continue
        journal.append(item)
        asked += 1
        progress(asked)
    return made


class _Apart(NamedTuple):
    """Something that is no row."""

    made: Any


def _apart(work: parallel.Work) -> Iterator[_Apart]:
    return map(_Apart, work())


class Part(NamedTuple):
    """One collection's share of a run. ``first`` is the number of its first row; ``waiting`` what is still to be asked.
    ``indexed``: where the index of a real folder is kept."""

    task: Task
    first: int
    waiting: Mapping[str, Sequence[tuple[int, Ask]]]
    opener: Open
    indexed: Path
    price: Price | None = None


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


class Texts:
    """What the assistant reads of a collection is what the others are given, in the same pieces to all of them."""

    def __init__(self, task: Task, assistant: Any) -> None:
        self._task, self._assistant = task, assistant

    @cached_property
    def by_file(self) -> Mapping[str, str]:
        if not isinstance(self._task.corpus, Path):
            return self._task.corpus
        return {one.file: self._assistant.document(one.file).text for one in self._assistant.documents()}

    @cached_property
    def passages(self) -> list[baselines.Passage]:
        return baselines.split(self.by_file)


def work(part: Part) -> Iterator[dict[str, Any]]:
    """The records of one collection; ``n`` is the place of each in the whole run."""
    task = part.task
    with _opened(task, part.opener, part.indexed) as assistant:
        if isinstance(task.corpus, Path):
            check(assistant, {one.question.id: one.question for one in task.asks}.values())
        texts = Texts(task, assistant)
        for system, asks in part.waiting.items():
            for number, one, row in _rows(system, task, asks, assistant, texts):
                if part.price and isinstance(row, Asked):
                    row = replace(row, cost=part.price.of(row))
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
    # No measure looks at the glosses of quotes (`eval.gloss` has its own), and they cost as much as the answers.
    with folder(task.corpus) as (corpus, place), opener(corpus, place, gloss=False) as assistant:
        yield assistant


def _rows(
    system: str, task: Task, asks: Sequence[tuple[int, Ask]], assistant: Any, texts: Texts
) -> Iterator[tuple[int, Ask, AnyRow]]:
    """The first question of each language is put twice: what is read once is not measured."""
    if not asks:
        return
    put: Callable[[Ask], AnyRow]
    block: AbstractContextManager[None] = nullcontext()
    calls_a_model = system == baselines.CITATIONS
    if system in baselines.SEARCHING or calls_a_model:
        put = _baseline(system, task, texts)
    else:
        put = partial(_isnad, assistant, task)
        calls_a_model = getattr(assistant, "model", None) is not None
        part = system.removeprefix(baselines.WITHOUT)
        if part != system:
            block = leave_out(chosen([part])[0].left_out)
    with block:
        # Not where it costs money: what a model takes hides what is read once.
        for first in {one.language: one for _, one in reversed(asks)}.values() if not calls_a_model else ():
            _caught(put, first)
        for number, one in asks:
            yield number, one, _caught(put, one)


def _caught(put: Callable[[Ask], AnyRow], one: Ask) -> AnyRow:
    try:
        return put(one)
    except Exception as error:  # the edge of the run: an error is a result, and the other questions are still asked
        return Failed(one.question, one.language, f"{type(error).__name__}: {error}")


def _isnad(assistant: Any, task: Task, one: Ask) -> AnyRow:
    words = one.question.text[one.language]
    if task.answers and not one.among:
        return ask(assistant, one.question, one.language)
    begin = time.perf_counter()
    if one.among:
        answer, ranked = given.ask(assistant, words, one.among)
        took = (time.perf_counter() - begin) * 1000
        hits = [item.passage for item in ranked[:HITS]]
        return row_of(assistant, one.question, one.language, answer, hits, took)
    hits = assistant.search(words, limit=HITS)
    took = (time.perf_counter() - begin) * 1000
    places = tuple(Place(hit.file, hit.start, hit.end, hit.text) for hit in hits)
    return Searched(one.question, one.language, 0.0, places, took)


def _baseline(name: str, task: Task, texts: Texts) -> Callable[[Ask], AnyRow]:
    built = baselines.build(name, texts.passages)
    if name == baselines.CITATIONS and task.answers:
        from eval.citing import Citing

        citing = Citing(texts.by_file, built, Settings.load())
        return lambda one: citing.ask(one.question, one.language, HITS, one.among)

    def put(one: Ask) -> AnyRow:
        begin = time.perf_counter()
        found = built.search(one.question.text[one.language], HITS, one.among)
        took = (time.perf_counter() - begin) * 1000
        best = found[0].score if found else 0.0
        return Searched(one.question, one.language, best, tuple(Place(*item.passage) for item in found), took)

    return put


def _record(row: AnyRow, system: str) -> dict[str, Any]:
    """The row without the texts that nobody will read."""
    record = row.to_dict()
    for number, hit in enumerate(record.get("hits", ())):
        hit["text"] = hit["text"][:_LONGEST] if number < _SHOWN and system == ISNAD else ""
    return record
