"""The torture run itself, and those of its cases that cost little."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import torture
from tests.case import Case, Lab, NotRun
from tests.torture import Row, here

CHEAP = ("I/O errors: uploads", "crash: users")


def outcomes(lab: Lab) -> str:
    raise {"1": AssertionError("two | three\nfour"), "2": NotRun("no compiler"), "3": KeyError("x")}[str(lab.seed)]


@pytest.mark.parametrize("name", CHEAP)
def test_a_case_that_costs_little(name: str) -> None:
    (case,) = (case for case in torture.cases() if case.name == name)
    row = here(case, 0.1, 1)
    assert row.outcome in ("passed", "not run"), row.figure
    assert row.outcome == "passed" or "it needs" in row.figure


@pytest.mark.parametrize(
    ("seed", "outcome", "figure"),
    [
        (1, "failed", "AssertionError: two | three four"),
        (2, "not run", "no compiler"),
        (3, "failed", "KeyError: 'x'"),
    ],
)
def test_whatever_becomes_of_a_case_is_a_row(seed: int, outcome: str, figure: str) -> None:
    row = here(Case("a", "b", outcomes), 1, seed)
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
