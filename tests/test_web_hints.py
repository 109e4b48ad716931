"""Questions to begin with come in the background, and follow the index."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

from starlette.testclient import TestClient

from assistant.citations import Language
from assistant.web.app import create_app
from assistant.web.hints import Hints
from tests.web_double import Double

FIRST, SECOND = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def test_nobody_waits_for_them() -> None:
    go = threading.Event()

    def find(language: Language) -> list[str]:
        assert go.wait(60)
        return [f"{language}?"]

    hints = Hints(find, lambda: FIRST)
    assert hints.questions() == []
    go.set()
    assert hints.wait(60)
    assert hints.questions() == ["en?", "ar?"]


def test_they_are_looked_for_once_for_each_index() -> None:
    made, calls = [FIRST], []

    def find(language: Language) -> list[str]:
        calls.append(language)
        return [f"{len(calls)}?"]

    hints = Hints(find, lambda: made[0])
    hints.questions()
    assert hints.wait(60)
    hints.questions()
    assert len(calls) == 2
    made[0] = SECOND
    hints.questions()
    assert hints.wait(60)
    assert hints.questions() == ["3?", "4?"]


def test_the_search_for_them_ends_with_the_program() -> None:
    first, begun = threading.Event(), threading.Event()
    found = []

    def find(language: Language) -> Iterator[str]:
        for number in range(3):
            begun.set()
            assert first.wait(60)
            found.append(number)
            yield f"{number}?"

    hints = Hints(find, lambda: FIRST)
    hints.stop()  # none was looked for
    hints = Hints(find, lambda: FIRST)
    hints.questions()
    assert begun.wait(60)
    threading.Timer(0.2, first.set).start()
    hints.stop(10)
    assert found == [0]
    assert hints.wait(0)


def test_a_fault_leaves_the_page_without_them() -> None:
    def find(language: Language) -> list[str]:
        raise RuntimeError("broken")

    hints = Hints(find, lambda: FIRST)
    hints.questions()
    assert hints.wait(60)
    assert hints.questions() == []


def test_the_page_asks_for_them() -> None:
    hints = Hints(lambda language: {"en": ["What <b>?"], "ar": ["ماذا؟"]}[language], lambda: FIRST)
    with TestClient(create_app(Double(), hints=hints), base_url="http://127.0.0.1") as client:
        client.get("/api/suggestions")
        assert hints.wait(60)
        shown = client.get("/api/suggestions").json()["shown"]
    assert "What &lt;b&gt;?" in shown
    assert "ماذا؟" in shown
