"""A method that is kept by its own object does not keep it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.ablation import cached
from assistant.chat import Assistant
from assistant.loose import loose
from assistant.settings import Settings


class Counts:
    def __init__(self, wrap: Callable[[Callable[[int], int]], Callable[[int], int]]) -> None:
        self.calls = 0
        self.doubled = wrap(self._double)

    def _double(self, number: int) -> int:
        self.calls += 1
        return 2 * number


@pytest.fixture
def without_searches() -> Iterator[None]:
    """Nothing goes but what nobody holds any more."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.mark.usefixtures("without_searches")
@pytest.mark.parametrize("wrap", [loose, cached(8)])
def test_the_object_goes_with_its_last_holder(wrap: Callable[[Callable[[int], int]], Callable[[int], int]]) -> None:
    counts = Counts(wrap)
    assert [counts.doubled(2), counts.doubled(2), counts.doubled(3)] == [4, 4, 6]
    assert counts.calls == (3 if wrap is loose else 2)
    doubled, gone = counts.doubled, weakref.ref(counts)
    del counts
    assert gone() is None
    with pytest.raises(ReferenceError):
        doubled(5)


def test_a_function_is_left_as_it_is() -> None:
    assert loose(len) is len


@pytest.mark.usefixtures("without_searches")
def test_an_index_that_is_put_aside_goes_with_all_it_has_learned(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "a.txt").write_text("The lighthouse keeper is called Theodora.\n")
    settings = Settings(_env_file=None, corpus=articles, index=tmp_path / "index", reserve_mb=1)
    with Assistant.open(settings=settings) as assistant:
        assert "Theodora" in assistant.ask("Who is the lighthous keeper?").text
        kept = [
            weakref.ref(assistant.searcher),
            weakref.ref(assistant._opened),
            weakref.ref(assistant._opened._catalogue),
        ]
        (articles / "b.txt").write_text("The ferry to Qorlia was cancelled.\n")
        assistant.refresh()
        assert [each() for each in kept] == [None, None, None]
        assert "Qorlia" in assistant.ask("Which ferry was cancelled?").text
