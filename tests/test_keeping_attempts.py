"""How often signing in may fail, by a clock that the test moves."""

from __future__ import annotations

import pytest

from assistant.errors import TooManyAttempts
from assistant.keeping import attempts as module
from assistant.keeping.attempts import OF_ADDRESS, OF_NAME, OF_NAME_AND_ADDRESS, WINDOW, Attempts


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def attempts(clock: Seconds) -> Attempts:
    return Attempts(clock)


def allowed(attempts: Attempts, name: str, address: str) -> bool:
    try:
        attempts.begin(name, address)
    except TooManyAttempts:
        return False
    return True


def test_a_name_from_an_address_may_fail_a_few_times(attempts: Attempts) -> None:
    assert [allowed(attempts, "layla", "a") for _ in range(7)] == [True] * OF_NAME_AND_ADDRESS + [False] * 2
    assert allowed(attempts, "layla", "b")  # her own machine
    assert allowed(attempts, "omar", "a")


def test_the_wait_is_said_and_is_enough(attempts: Attempts, clock: Seconds) -> None:
    for _ in range(OF_NAME_AND_ADDRESS):
        attempts.begin("layla", "a")
        clock.now += 10
    with pytest.raises(TooManyAttempts, match="850 seconds") as caught:
        attempts.begin("layla", "a")
    assert "850" in caught.value.say("ar")
    clock.now += 849.9
    assert not allowed(attempts, "layla", "a")
    clock.now += 0.1
    assert allowed(attempts, "layla", "a")
    assert not allowed(attempts, "layla", "a")  # one has expired, not all


def test_being_refused_does_not_make_the_wait_longer(attempts: Attempts, clock: Seconds) -> None:
    for _ in range(OF_NAME_AND_ADDRESS):
        attempts.begin("layla", "a")
    for _ in range(100):
        clock.now += 5
        assert not allowed(attempts, "layla", "a")
    clock.now = 1000 + WINDOW
    assert allowed(attempts, "layla", "a")


def test_an_address_may_not_try_many_names(attempts: Attempts) -> None:
    assert sum(allowed(attempts, f"name {number}", "a") for number in range(200)) == OF_ADDRESS
    assert allowed(attempts, "name 0", "b")


def test_a_name_may_not_be_tried_from_everywhere(attempts: Attempts) -> None:
    assert sum(allowed(attempts, "layla", f"address {number}") for number in range(500)) == OF_NAME
    assert allowed(attempts, "omar", "address 0")


def test_success_is_not_counted(attempts: Attempts) -> None:
    for _ in range(500):
        attempts.begin("layla", "a")
        attempts.succeeded("layla", "a")
    for _ in range(OF_NAME_AND_ADDRESS - 1):
        attempts.begin("layla", "a")
    attempts.begin("layla", "a")
    attempts.succeeded("layla", "a")
    assert [allowed(attempts, "layla", "a") for _ in range(6)] == [True] * OF_NAME_AND_ADDRESS + [False]


def test_attempts_made_at_once_are_all_counted(attempts: Attempts) -> None:
    """They count when they begin: none has failed yet."""
    assert sum(allowed(attempts, "layla", "a") for _ in range(1000)) == OF_NAME_AND_ADDRESS


def test_memory_is_bounded(attempts: Attempts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KEYS", 60)
    for number in range(1000):
        attempts.begin(f"name {number}", f"address {number}")
    assert len(attempts) == 60
