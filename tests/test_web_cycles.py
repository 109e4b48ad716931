"""Searches of all objects are seldom, and leave out what stays."""

from __future__ import annotations

import gc
import weakref

from assistant.web import cycles


class Ring:
    def __init__(self) -> None:
        self.itself = self


def test_everything_is_as_before_at_the_end() -> None:
    before = gc.get_threshold(), list(gc.callbacks), gc.get_freeze_count()
    with cycles.seldom():
        cycles.settle()
        assert gc.get_threshold()[2] > before[0][2]
        assert gc.get_freeze_count() > 10_000
    assert (gc.get_threshold(), list(gc.callbacks)) == before[:2]
    assert gc.get_freeze_count() == 0


def test_what_outlives_a_search_is_left_out_of_the_next() -> None:
    with cycles.seldom():
        cycles.settle()
        stays = [[] for _ in range(5000)]
        gc.collect()
        assert len(gc.get_objects()) < len(stays)


def test_what_became_a_cycle_meanwhile_is_found_in_the_end() -> None:
    with cycles.seldom():
        cycles.settle()
        ring = Ring()
        gone = weakref.ref(ring)
        gc.collect()  # it is left out from now on
        del ring
        gc.collect()
        assert gone() is not None
        for _ in range(cycles._THOROUGH):
            gc.collect()
        assert gone() is None
