"""Questions asked of a part of the collection."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from collection import SmallCollection, document
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat import Assistant
from assistant.scope import Scope

DAYS = st.none() | st.dates()


@given(st.frozensets(st.text(max_size=5), max_size=3), st.frozensets(st.text(max_size=5), max_size=3), DAYS, DAYS)
def test_a_scope_survives_being_written_down(
    files: frozenset[str], outlets: frozenset[str], since: dt.date | None, until: dt.date | None
) -> None:
    scope = Scope(files, outlets, since, until)
    assert Scope.from_dict(scope.to_dict()) == scope
    assert bool(scope) == bool(scope.to_dict())


@pytest.mark.parametrize("values", [None, [], "x", {"files": "a"}, {"since": "soon"}, {"until": 3}, {"outlets": [1]}])
def test_what_cannot_be_read_admits_all(values: object) -> None:
    assert not Scope.from_dict(values)


def test_a_scope_admits_by_file_outlet_and_day() -> None:
    dated = replace(document("a.txt", "Text."), date=dt.date(2022, 9, 14), outlet="DW")
    undated = document("b.txt", "Text.")
    assert Scope().admits(dated)
    assert Scope().admits(undated)
    assert Scope(files=frozenset({"a.txt"})).admits(dated)
    assert not Scope(files=frozenset({"a.txt"})).admits(undated)
    assert Scope(outlets=frozenset({"DW"})).admits(dated)
    assert not Scope(outlets=frozenset({"DW"})).admits(undated)
    assert Scope(since=dt.date(2022, 9, 14), until=dt.date(2022, 9, 14)).admits(dated)
    assert not Scope(since=dt.date(2022, 9, 15)).admits(dated)
    assert not Scope(until=dt.date(2022, 9, 13)).admits(dated)
    assert not Scope(until=dt.date(2030, 1, 1)).admits(undated)


def test_a_scope_reaches_what_many_better_passages_hide(tmp_path: Path) -> None:
    """The engine hands on the best fifty: leaving out afterwards would find nothing here."""
    texts = {f"{number:03}.txt": "The harvest festival began. The harvest was good." for number in range(120)}
    texts["hidden.txt"] = "A note on the harvest of a small village in the mountains, and on much else besides it."
    collection = SmallCollection(tmp_path / "catalogue.sqlite", texts)
    only = Scope(files=frozenset({"hidden.txt"}))
    assert [item.passage.file for item in collection.searcher.search("harvest", 10, only)] == ["hidden.txt"]
    assert "hidden.txt" not in [item.passage.file for item in collection.searcher.search("harvest", 10)]


@pytest.mark.parametrize("question", ["متى طلبت أرمينيا المساعدة من روسيا؟", "How many Armenian soldiers were killed?"])
def test_an_answer_cites_nothing_outside_its_scope(over_seeds: Assistant, question: str) -> None:
    whole = over_seeds.ask(question)
    cited = {citation.file for citation in (*whole.citations, *whole.closest)}
    for info in over_seeds.documents():
        scope = Scope(files=frozenset({info.file}))
        part = over_seeds.ask(question, scope=scope)
        assert {citation.file for citation in (*part.citations, *part.closest)} <= {info.file}
        assert {hit.file for hit in over_seeds.search(question, 10, scope)} <= {info.file}
    assert {citation.file for citation in (*over_seeds.ask(question).citations,)} <= cited


def test_a_scope_that_admits_nothing_is_answered_honestly(over_seeds: Assistant) -> None:
    nothing = over_seeds.ask("How many Armenian soldiers were killed?", scope=Scope(files=frozenset({"none.txt"})))
    assert nothing.status == "abstained"
    assert not nothing.closest
