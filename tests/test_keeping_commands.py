"""`isnad users` and `isnad feedback`, as a person runs them."""

from __future__ import annotations

import getpass
import io
import json
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.keeping.conversations import Conversations
from assistant.keeping.database import Database, beside
from assistant.keeping.feedback import Feedback
from assistant.keeping.users import Users
from eval.questions import load
from tests.keeping_double import an_answer


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index beside which there is feedback: one liked answer and one disliked."""
    index = tmp_path / "index"
    with Database(beside(index)) as database:
        keeper = Conversations(database)
        conversation = keeper.create("layla").id
        for liked in (True, False):
            turn = keeper.append("layla", conversation, "q", an_answer("q")).id
            Feedback(database).give("layla", turn, liked)
    return index


def test_feedback_is_exported_to_a_file_that_the_evaluation_reads(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "questions.jsonl"
    assert main(["feedback", "export", "--index", str(index), "--out", str(out)]) == 0
    assert [question.id.split("-")[0] for question in load(out)] == ["liked", "edit"]
    assert "2 questions, 1 of them" in capsys.readouterr().err


def test_feedback_is_exported_to_standard_output(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", "export", "--index", str(index)]) == 0
    assert len([json.loads(line) for line in capsys.readouterr().out.splitlines()]) == 2


def test_feedback_of_another_database(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ISNAD_DATABASE", f"sqlite:///{tmp_path}/other.sqlite")
    assert main(["feedback", "export", "--index", str(index)]) == 0
    assert capsys.readouterr().out == ""
    monkeypatch.setenv("ISNAD_DATABASE", "mysql://x")
    assert main(["feedback", "export"]) == 2
    assert "ISNAD_DATABASE" in capsys.readouterr().err


def test_a_file_that_cannot_be_written(index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", "export", "--index", str(index), "--out", str(tmp_path / "no" / "where")]) == 2
    assert "--out" in capsys.readouterr().err


def test_users_by_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "users.txt"
    monkeypatch.setattr("sys.stdin", io.StringIO("a long password\nsecond line\n"))
    assert main(["users", "add", "Layla", "--users", str(file)]) == 0
    monkeypatch.setenv("ISNAD_USERS", str(file))
    monkeypatch.setattr("sys.stdin", io.StringIO("another password"))
    assert main(["users", "add", "layla"]) == 0
    assert main(["users", "list"]) == 0
    assert capsys.readouterr().out == "layla was added.\nlayla has a new password.\nlayla\n"
    assert Users(file).check("layla", "another password") == "layla"
    assert main(["users", "remove", "layla"]) == 0
    assert main(["users", "list"]) == 0
    assert capsys.readouterr().out == "layla was removed.\n"


@pytest.mark.parametrize(("second", "status"), [("a long password", 0), ("a wrong password", 2)])
def test_a_person_types_the_password_twice_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], second: str, status: int
) -> None:
    typed = iter(["a long password", second])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda prompt: next(typed))
    file = tmp_path / "users.txt"
    assert main(["users", "add", "layla", "--users", str(file)]) == status
    assert Users(file).names() == (["layla"] if status == 0 else [])
    assert "a long password" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["list"], "--users"),
        (["add", "--users", "users.txt"], "NAME"),
        (["remove", "--users", "users.txt"], "NAME"),
        (["remove", "layla", "--users", "users.txt"], "no user layla"),
        (["add", "a:b", "--users", "users.txt"], "a:b"),
        (["add", "layla", "--users", "users.txt"], "fewer"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    arguments: list[str], says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["users", *arguments]) == 2
    error = capsys.readouterr().err
    assert says in error and error.count("\n") == 1


def test_where_there_is_nothing_yet_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feedback", "export", "--index", str(tmp_path / "none")]) == 0
    assert main(["users", "list", "--users", str(tmp_path / "none")]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "isnad: nobody has judged an answer yet; the page asks for it below each",
        "isnad: nobody may sign in yet; 'isnad users add NAME' lets somebody",
    ]
