"""What becomes of a question that is stopped in the very moment in which its answer ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant.citations import Language
from assistant.web.context import Context
from assistant.web.events import Events
from assistant.web.talk import STOPPED, Keeper, Talk, Turn
from tests.web_double import QUESTIONS, Double


class Keeping(Keeper):
    """Remembers what it was asked to keep."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Turn] = []

    def keep(self, owner: str | None, talk: Talk, ui: Language) -> tuple[Talk, str]:
        self.asked.append(talk.turns[-1])
        return talk, ""


@pytest.fixture
def keeper() -> Keeping:
    return Keeping()


def asked(events: Events) -> Iterator[Any]:
    return events._reply(Talk(), Turn(next(iter(QUESTIONS))), Context(), "browser:x", "")


def stop(events: Events, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> Talk:
    monkeypatch.setattr("assistant.web.events._owner", lambda request: "browser:x")
    return events.stopped(talk, "{}", None)[1]  # type: ignore[arg-type]


def test_an_answer_that_ends_after_it_was_stopped_is_not_kept(keeper: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    events = Events(Double(), keeper)
    steps = asked(events)
    talk = next(steps)[1]
    assert stop(events, talk, monkeypatch).turns[-1].fault == STOPPED
    list(steps)
    assert [turn.fault for turn in keeper.asked] == [STOPPED]


def test_a_stop_after_the_end_keeps_nothing_again(keeper: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    events = Events(Double(), keeper)
    steps = list(asked(events))
    stop(events, steps[0][1], monkeypatch)
    assert [turn.fault for turn in keeper.asked] == [None] and keeper.asked[0].answer
