"""A run's folder: nothing that was written is lost, and nothing is mixed with what was made otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import journal
from eval.journal import JournalInvalid

PLAN: dict[str, Any] = {"same": {"data": {"a": "1"}, "systems": ["isnad"]}}


def record(name: str, **more: Any) -> dict[str, Any]:
    return {"suite": "s", "system": "isnad", "cell": "ar", "id": name, **more}


def filled(folder: Path, *records: dict[str, Any]) -> None:
    journal.begin(folder, PLAN, resume=False)
    with journal.opened(folder) as writing:
        for one in records:
            writing.append(one)


def test_what_is_appended_is_there_at_once(tmp_path: Path) -> None:
    journal.begin(tmp_path, PLAN, resume=False)
    with journal.opened(tmp_path) as writing:
        writing.append(record("one", text="سطر\nآخر"))
        assert journal.read(tmp_path) == (PLAN, [record("one", text="سطر\nآخر")])


def test_a_line_cut_short_is_dropped(tmp_path: Path) -> None:
    filled(tmp_path, record("one"), record("two"))
    content = (tmp_path / journal.ROWS).read_bytes()
    (tmp_path / journal.ROWS).write_bytes(content[:-5])
    assert journal.begin(tmp_path, PLAN, resume=True) == [record("one")]
    with journal.opened(tmp_path) as writing:
        writing.append(record("two"))
    assert (tmp_path / journal.ROWS).read_bytes() == content


def test_errors_are_asked_again_and_the_last_row_counts(tmp_path: Path) -> None:
    filled(tmp_path, record("one", error="x"), record("two", n=1), record("two", n=2))
    assert journal.begin(tmp_path, PLAN, resume=True) == [record("two", n=2)]


def test_other_data_cannot_be_resumed(tmp_path: Path) -> None:
    filled(tmp_path, record("one"))
    other = {"same": {"data": {"a": "2"}, "systems": ["isnad"]}}
    with pytest.raises(JournalInvalid, match="cannot be resumed: data changed"):
        journal.begin(tmp_path, other, resume=True)
    assert journal.read(tmp_path)[1] == [record("one")]


def test_a_new_run_keeps_the_old_rows_beside(tmp_path: Path) -> None:
    filled(tmp_path, record("one"))
    journal.begin(tmp_path, PLAN, resume=False)
    assert journal.read(tmp_path)[1] == []
    assert json.loads((tmp_path / (journal.ROWS + ".old")).read_text("utf-8")) == record("one")


@pytest.mark.parametrize(("content", "message"), [("{]\n", "line 1"), ("{}\n", "line 1: KeyError"), ("[]\n", "line 1")])
def test_a_broken_line_is_named(tmp_path: Path, content: str, message: str) -> None:
    filled(tmp_path)
    (tmp_path / journal.ROWS).write_text(content, "utf-8")
    with pytest.raises(JournalInvalid, match=message):
        journal.read(tmp_path)


def test_a_run_that_was_killed_as_it_began_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, record("one"))
    other = {"same": {"data": {"a": "2"}, "systems": ["isnad"]}}

    def killed(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", killed)
        with pytest.raises(KeyboardInterrupt):
            journal.begin(tmp_path, other, resume=False)
    assert journal.read(tmp_path) == (other, [])
    assert journal.begin(tmp_path, other, resume=True) == []


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JournalInvalid, match="is not the folder of a run"):
        journal.begin(tmp_path, PLAN, resume=True)
