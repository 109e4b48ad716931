"""A call on its own event loop: what it says, how it ends, and that nothing can make its reader wait for long."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable

import pytest

from assistant.calls import Deadline, Say, read
from assistant.errors import FaultKind, ModelFault

LONG = 30.0


def test_what_is_said_comes_in_order_and_the_end_is_quiet() -> None:
    async def call(say: Say[str]) -> FaultKind | None:
        for word in ("a", "b", "c"):
            say(word)
            await asyncio.sleep(0)
        return None

    assert list(read(call, Deadline(LONG))) == ["a", "b", "c"]


def test_words_are_there_before_the_call_is_over() -> None:
    heard = threading.Event()

    async def call(say: Say[str]) -> FaultKind | None:
        say("first")
        await asyncio.to_thread(heard.wait, LONG)
        say("last")
        return None

    reading = read(call, Deadline(LONG))
    assert next(reading) == "first"
    heard.set()
    assert list(reading) == ["last"]


def test_a_fault_comes_after_what_was_said() -> None:
    async def call(say: Say[str]) -> FaultKind | None:
        say("half")
        return "cut"

    reading = read(call, Deadline(LONG))
    assert next(reading) == "half"
    with pytest.raises(ModelFault) as caught:
        next(reading)
    assert caught.value.kind == "cut"
    assert caught.value.__context__ is None and caught.value.__cause__ is None


def test_closing_the_reader_cancels_the_call() -> None:
    cancelled = threading.Event()

    async def call(say: Say[str]) -> FaultKind | None:
        say("word")
        try:
            await asyncio.sleep(LONG)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return None

    reading = read(call, Deadline(LONG))
    next(reading)
    reading.close()
    assert cancelled.wait(LONG)


@pytest.mark.parametrize("stuck", [True, False], ids=["the loop is stuck", "the call sleeps"])
def test_the_reader_does_not_wait_past_the_deadline(stuck: bool) -> None:
    """Not even for a call that blocks its loop, which nobody can cancel."""
    ended = threading.Event()

    async def call(say: Say[str]) -> FaultKind | None:
        if stuck:
            ended.wait(LONG)
        else:
            await asyncio.sleep(LONG)
        return None

    started = time.monotonic()
    with pytest.raises(ModelFault) as caught:
        list(read(call, Deadline(0.1)))
    waited = time.monotonic() - started
    ended.set()
    assert caught.value.kind == "late"
    assert 0.1 <= waited < LONG / 2


def test_nothing_is_started_when_time_is_up() -> None:
    started = threading.Event()

    async def call(say: Say[str]) -> FaultKind | None:
        started.set()
        return None

    with pytest.raises(ModelFault) as caught:
        list(read(call, Deadline(-1)))
    assert caught.value.kind == "late"
    assert not started.is_set()


def test_a_deadline_passes() -> None:
    assert 9 < Deadline(10).left <= 10
    assert Deadline(-1).left < 0


def silent(_: Say[str]) -> Awaitable[FaultKind | None]:
    return asyncio.sleep(LONG, None)


@pytest.mark.parametrize("nested", [False, True])
def test_a_deadline_that_is_cut_ends_the_call_at_once(nested: bool) -> None:
    outer = Deadline(LONG)
    deadline = Deadline(LONG, within=outer) if nested else outer
    began = time.monotonic()
    threading.Timer(0.2, outer.cut).start()
    with pytest.raises(ModelFault) as caught:
        list(read(silent, deadline))
    assert caught.value.kind == "late"
    assert time.monotonic() - began < LONG / 2
    assert deadline.left <= 0


def test_a_deadline_within_another_is_not_after_it() -> None:
    assert Deadline(LONG, within=Deadline(1.0)).left <= 1.0
    assert Deadline(1.0, within=Deadline(LONG)).left <= 1.0
