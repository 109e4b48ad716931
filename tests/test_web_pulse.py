"""An iterator that pauses can be left in its pause, and loses nothing otherwise."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from assistant.web.pulse import pulsing


class Slow:
    """Gives ``a``, then waits until it is let go, then gives ``b``."""

    def __init__(self, fault: BaseException | None = None) -> None:
        self.let, self.closed, self.fault = threading.Event(), threading.Event(), fault

    def items(self) -> Iterator[str]:
        try:
            yield "a"
            self.let.wait()
            if self.fault:
                raise self.fault
            yield "b"
            yield "c"
        finally:
            self.closed.set()


def test_what_is_given_comes_in_order_and_pauses_are_pulses() -> None:
    slow = Slow()
    pulses = pulsing(slow.items(), 0.01)
    assert [next(pulses), next(pulses), next(pulses)] == ["a", None, None]
    slow.let.set()
    assert [item for item in pulses if item] == ["b", "c"]
    assert slow.closed.wait(60)


def test_left_in_a_pause_it_returns_at_once_and_closes_what_it_took_from() -> None:
    slow = Slow()
    pulses = pulsing(slow.items(), 0.01)
    assert [next(pulses), next(pulses)] == ["a", None]
    pulses.close()
    assert not slow.closed.is_set()
    slow.let.set()
    assert slow.closed.wait(60)


@pytest.mark.parametrize("fault", [ValueError("no"), KeyboardInterrupt()])
def test_what_is_raised_is_raised_here(fault: BaseException) -> None:
    slow = Slow(fault)
    slow.let.set()
    pulses = pulsing(slow.items(), 10)
    assert next(pulses) == "a"
    with pytest.raises(type(fault)) as caught:
        next(pulses)
    assert caught.value is fault
