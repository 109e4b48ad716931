"""The torture run itself, and those of its cases that cost little."""

from __future__ import annotations

import argparse
import threading
from pathlib import Path

import pytest

from tests import torture
from tests.case import Case, Lab, NotRun
from tests.torture import Row, here

pytestmark = pytest.mark.apart

CHEAP = ("I/O errors: uploads", "crash: users")


def outcomes(lab: Lab) -> str:
    if lab.seed < 4:
        raise {"1": AssertionError("two | three\nfour"), "2": NotRun("no compiler"), "3": KeyError("x")}[str(lab.seed)]
    raise AssertionError


@pytest.mark.parametrize("name", CHEAP)
def test_a_case_that_costs_little(name: str) -> None:
    (case,) = (case for case in torture.cases() if case.name == name)
    row = here(case, 0.1, 1)
    assert row.outcome in ("passed", "not run"), row.figure
    assert row.outcome == "passed" or "it needs" in row.figure


@pytest.mark.parametrize(
    ("seed", "outcome", "figure"),
    [
        (1, "failed", "+2: AssertionError: two | three four"),
        (2, "not run", "no compiler"),
        (3, "failed", "+2: KeyError: 'x'"),
        (4, "failed", "+3: AssertionError: raise AssertionError"),
    ],
)
def test_whatever_becomes_of_a_case_is_a_row(seed: int, outcome: str, figure: str) -> None:
    row = here(Case("a", "b", outcomes), 1, seed)
    if figure[0] == "+":  # so many lines below the beginning of the case
        line, _, said = figure.partition(": ")
        figure = f"tests/test_torture.py:{outcomes.__code__.co_firstlineno + int(line)}: {said}"
    assert (row.name, row.expected, row.outcome, row.figure) == ("a", "b", outcome, figure)


def test_a_case_works_in_a_folder_of_its_own_that_goes_with_it() -> None:
    places: list[Path] = []
    here(Case("a", "b", lambda lab: str(places.append(lab.place("x")))), 1, 1)
    assert not places[0].parent.exists()


def test_the_table_is_one_row_for_each_case() -> None:
    text = torture.report([Row("a", "b | c", "passed", "1\n2", 3.4), Row("d", "e", "failed", "f", 61)], "command", 120)
    assert "| a | b \\| c | passed | 1 2 | 3 |" in text
    assert "`command` on 2" in text and "1 of 2 cases passed in 2 minutes" in text


def test_a_failure_ends_the_run_with_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows = [Row("crash: users", "e", "failed", "f", 1.0), Row("crash: uploads", "e", "passed", "f", 1.0)]
    monkeypatch.setattr(torture, "run", lambda *_: iter(rows))
    monkeypatch.setattr("sys.argv", ["torture", "--only", "crash: u", "--out", str(tmp_path / "t.md")])
    assert torture.main() == 1
    assert "| crash: users | e | failed |" in (tmp_path / "t.md").read_text(encoding="utf-8")
    rows[0] = rows[0]._replace(outcome="not run")
    assert torture.main() == 0


def test_a_name_of_nothing_lists_the_cases() -> None:
    with pytest.raises(SystemExit, match="crash: indexing"):
        torture.chosen(["nothing"])
    assert [case.name for case in torture.chosen(["crash: u"])] == ["crash: uploads", "crash: users"]


def test_those_that_wait_run_beside_the_others_and_those_alone_after_all(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    let = threading.Event()

    def one(case: Case, minutes: float, seed: int) -> Row:
        if case.name == "waits":
            assert let.wait(30)
        elif case.name == "last":
            let.set()
        ended.append(case.name)
        return Row(case.name, "", "passed", "", 0.0)

    monkeypatch.setattr(torture, "apart", one)
    found = [Case("alone", "", outcomes, alone=True), Case("waits", "", outcomes, waits=True)]
    found += [Case(name, "", outcomes) for name in ("first", "second", "last")]
    rows = list(torture.run(found, 1, 1))
    assert ended[-2:] == ["waits", "alone"]
    assert sorted(row.name for row in rows) == sorted(case.name for case in found)


def test_the_command_is_one_that_can_be_typed() -> None:
    given = argparse.Namespace(only=["crash"], minutes=1.0, seed=1)
    assert torture._command(given) == 'make torture ARGS="--only crash --minutes 1"'
    assert torture._command(argparse.Namespace(only=[], minutes=5.0, seed=1)) == "make torture"
