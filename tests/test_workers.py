"""Other processes do what this one would have done, and their end never goes unnoticed."""

from __future__ import annotations

import io
import os
import pickle
import signal
import time

import pytest

from assistant.ablation import LeftOut, leave_out
from assistant.errors import BuildFailed
from assistant.filing import Analysis, analyse
from assistant.workers import Workers, serve, worthwhile

WORDS = ("Pashinyan", "soldiers", "باشينيان", "والجنود", "#2020", "the", "في")


def same(one: object, other: object) -> bool:
    return pickle.dumps(one) == pickle.dumps(other)


@pytest.mark.parametrize("number", [0, 2])
def test_tasks_are_done(number: int) -> None:
    with Workers(number) as workers:
        assert workers.number == number
        futures = [workers.submit(Analysis(WORDS[start:])) for start in range(5)]
        for start, future in enumerate(futures):
            assert same(list(future.result(60)), list(analyse(WORDS[start:])))


def test_what_is_left_out_here_is_left_out_there() -> None:
    with Workers(1) as workers, leave_out(LeftOut(stop_words=True)):
        there, here = workers.submit(Analysis(WORDS)).result(60), analyse(WORDS)
    assert same(list(there), list(here))
    assert here.flags != analyse(WORDS).flags


def test_a_task_that_fails_fails_the_build_and_only_that() -> None:
    with Workers(1) as workers:
        with pytest.raises(BuildFailed, match="TypeError"):
            workers.submit(Analysis((None,))).result(60)  # type: ignore[arg-type]
        assert workers.submit(Analysis(())).result(60).units == []


def test_a_process_that_dies_fails_the_build() -> None:
    with Workers(1) as workers:
        (process,) = workers._processes
        process.kill()
        process.wait()
        with pytest.raises(BuildFailed, match="died"):
            workers.submit(Analysis(WORDS)).result(60)


def test_processes_end_with_their_work_and_with_an_error() -> None:
    with Workers(2) as workers:
        workers.submit(Analysis(WORDS)).result(60)
    assert [process.returncode for process in workers._processes] == [0, 0]
    with pytest.raises(KeyboardInterrupt), Workers(1) as workers:
        raise KeyboardInterrupt
    assert workers._processes[0].returncode == -signal.SIGKILL


def test_a_process_ends_when_its_input_does() -> None:
    with Workers(1) as workers:
        (process,) = workers._processes
        assert process.stdin is not None
        process.stdin.close()
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.returncode == 0


def test_serving_answers_in_turn() -> None:
    tasks = io.BytesIO(b"".join(pickle.dumps(Analysis((word,))) for word in WORDS))
    results = io.BytesIO()
    serve(tasks, results)
    results.seek(0)
    for word in WORDS:
        succeeded, filed = pickle.load(results)
        assert succeeded and same(list(filed), list(analyse([word])))


def test_few_bytes_are_not_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(4)))
    assert [worthwhile(sizes) for sizes in ([], [1000] * 50, [3 << 20], [1 << 20] * 50)] == [0, 0, 3, 4]
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    assert worthwhile([1 << 30]) == 0
