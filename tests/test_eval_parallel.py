"""Work in several processes: everything comes back, and what goes wrong there is known here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial

import pytest

from eval.parallel import WorkerLost, run


def count(name: str, to: int) -> Iterator[tuple[str, int]]:
    for number in range(to):
        yield name, number


def fail() -> Iterator[int]:
    yield 1
    raise ValueError("broken")


def die() -> Iterator[int]:
    yield 1
    os._exit(3)


def test_everything_comes_back_in_the_order_of_its_piece() -> None:
    made = list(run([partial(count, name, 50) for name in "abc"], 2))
    for name in "abc":
        assert [number for one, number in made if one == name] == list(range(50))
    assert len(made) == 150


def named(name: str) -> Iterator[tuple[str, int]]:
    yield name, os.getpid()


def test_a_process_does_one_piece_after_the_other() -> None:
    made = list(run([partial(named, name) for name in "abcde"], 2))
    assert sorted(name for name, _ in made) == list("abcde")
    assert len({process for _, process in made}) == 2
    assert os.getpid() not in {process for _, process in made}


def test_an_error_is_raised_here() -> None:
    with pytest.raises(ValueError, match="broken"):
        list(run([fail, partial(count, "a", 5)], 1))


def test_a_lost_process_is_noticed() -> None:
    made = run([die], 2)
    assert next(made) == 1
    with pytest.raises(WorkerLost, match="ended with 3"):
        next(made)
