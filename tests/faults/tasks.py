"""What is killed, or has its calls refused: each task says a line for every thing that it was told is done."""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Callable
from pathlib import Path

from tests.case import SEEDS
from tests.faults.forks import Say

OWNER = "layla"


NEEDS = {
    "index": "assistant.index",
    "converse": "assistant.keeping.conversations",
    "judge": "assistant.keeping.feedback",
    "shelve": "assistant.shelf",
    "enrol": "assistant.keeping.users",
    "evaluate": "eval.__main__",
}
"""What is imported before a task runs."""


def warm(*names: str) -> None:
    """Import what these tasks need."""
    for name in names:
        importlib.import_module(NEEDS[name])


def index(say: Say, corpus: str, place: str) -> None:
    """Bring an index up to date."""
    from assistant.index import sync
    from assistant.settings import Settings

    sync(Path(corpus), Path(place), Settings(_env_file=None, reserve_mb=1))


def converse(say: Say, url: str, conversation: str, begin: str, most: str) -> None:
    """Add turns, ``most`` of them; says the number of each that was kept."""
    from assistant.keeping.conversations import Conversations
    from assistant.keeping.database import Database

    with Database(url) as database:
        keeper = Conversations(database)
        for number in range(int(begin), int(begin) + int(most)):
            keeper.append(OWNER, conversation, f"question {number} " + "x" * 300)
            say(str(number))


def judge(say: Say, url: str, turn: str, begin: str, most: str) -> None:
    """Judge one answer again and again; says the number of each judgement that was kept."""
    from assistant.keeping.database import Database
    from assistant.keeping.feedback import Feedback

    with Database(url) as database:
        feedback = Feedback(database)
        for number in range(int(begin), int(begin) + int(most)):
            feedback.give(OWNER, turn, number % 2 == 0, f"comment {number}")
            say(str(number))


def article(number: int) -> bytes:
    """What `shelve` adds under ``number``."""
    return f"Article {number}\n\n{f'The harbour w{number}x was dredged. ' * 400}\n".encode()


def shelve(say: Say, folder: str, aside: str, begin: str, most: str) -> None:
    """Add articles; every third is taken out again, and every ninth of those put back. Says what was done."""
    from assistant.shelf import Shelf

    shelf = Shelf(Path(folder), Path(aside), reserve_mb=0)
    for number in range(int(begin), int(begin) + int(most)):
        file = shelf.add(f"{number}.txt", article(number)).file
        say(f"added {file}")
        if number % 3 == 0:
            token = shelf.remove(file)
            say(f"removed {file} {token}")
            if number % 9 == 0:
                shelf.restore(token)
                say(f"restored {file} {token}")


def enrol(say: Say, path: str, begin: str, most: str) -> None:
    """Add users; says the name of each."""
    from assistant.keeping.users import Users

    users = Users(Path(path))
    users._hasher = type(users._hasher)(
        time_cost=1, memory_cost=64, parallelism=1
    )  # what is slow on purpose is not what is tried
    for number in range(int(begin), int(begin) + int(most)):
        users.add(f"user{number}", "a long enough password")
        say(f"user{number}")


def evaluate(say: Say, questions: str, statements: str, place: str, out: str, resume: str) -> None:
    """Ask a question set of the seeds, or go on with it."""
    from eval.__main__ import main

    given = ["run", "--corpus", str(SEEDS), "--questions", questions, "--statements", statements, "--index", place]
    given += ["--out", out, "--jobs", "1", "--no-gates"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()) as complaints:
        code = main([*given, "--resume"] if resume == "resume" else given)
    assert code == 0, complaints.getvalue()[-300:]


TASKS: dict[str, Callable[..., None]] = {
    each.__name__: each for each in (index, converse, judge, shelve, enrol, evaluate)
}
