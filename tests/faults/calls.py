"""The n-th write, fsync or rename fails, for n = 1, 2, 3 ... until a run comes to its end: then whatever is there is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant import generation
from assistant.index import open_generation, sync
from assistant.keeping.conversations import Conversations
from assistant.keeping.database import Database
from assistant.keeping.users import Users
from tests.case import Case, Lab
from tests.faults import refused, tasks
from tests.faults.forks import DONE, Forks, Task
from tests.faults.kills import Folder, served
from tests.faults.refused import EIO, ENOSPC, FSYNC, RENAME, WRITE, Refusals

_MOST = 2000
"""Calls after which a run that still does not come to its end is a defect."""
_NAMES = {WRITE: "write", FSYNC: "fsync", RENAME: "rename"}


def until_it_completes(
    refusals: Refusals,
    kinds: int,
    how: int,
    on: bool,
    start: Callable[[], Task],
    check: Callable[[list[str]], None],
) -> tuple[int, int]:
    """Let the n-th call fail, for n from 1, until a run was not struck. ``check`` is given what each run said.

    Returns how many runs were struck, and how many of those came to their end all the same.
    """
    unharmed = 0
    for at in range(1, _MOST):
        refusals.arm(at, how, kinds, on=on)
        said = start().wait()
        calls = refusals.calls
        refusals.arm(0, 0)
        assert said[-1:] == [DONE] or said[-1].startswith("fault "), f"call {at} ({kinds}): {said[-1:]}"
        check(said)
        if calls < at:
            assert said[-1] == DONE, said[-1]
            return at - 1, unharmed
        unharmed += said[-1] == DONE
    raise AssertionError(f"no run came to its end within {_MOST} calls")


def _told(name: str, found: tuple[int, int]) -> str:
    return f"{name}: {found[0]} runs struck, {found[1]} unharmed"


def _indexing(lab: Lab, strikes: list[tuple[int, int, bool]]) -> str:
    folder, index = Folder(lab.place("articles"), lab.chance), lab.place("index")
    sync(folder.place, index, lab.settings)
    refusals = Refusals(refused.library(lab.folder), index, lab.place("plan"))
    told, runs = [], 0

    def check(said: list[str]) -> None:
        """The index is whole and that of before or of after; now and then the next start brings it up to date."""
        nonlocal runs
        runs += 1
        opened = open_generation(index, folder.place, lab.settings)
        generation.verify(opened.path, opened.manifest)
        current = {info.file: opened.catalogue.document(info.file).text for info in opened.catalogue.documents()}
        opened.close()
        names = [path.name for path in (index / generation.GENERATIONS).iterdir()]
        assert len(names) <= 3, f"what failed is left: {names}"
        on_disk = {path.name: path.read_text(encoding="utf-8") for path in folder.place.iterdir()}
        if said[-1] == DONE:
            assert current == on_disk
        if runs % 16 == 0:
            served(index, folder, lab.settings)
            current = on_disk
        if current == on_disk:
            folder.change()

    with Forks(lab.place("said"), "index", environment=refusals.environment) as forks:
        for kind, how, on in strikes:
            folder.change()
            found = until_it_completes(
                refusals, kind, how, on, lambda: forks.start("index", folder.place, index), check
            )
            told.append(_told(_NAMES[kind], found))
    served(index, folder, lab.settings)
    return "; ".join(told)


def refusing_writes_of_indexing(lab: Lab) -> str:
    """A write that fails once, and a disk that is full from then on."""
    return _indexing(lab, [(WRITE, EIO, False), (WRITE, ENOSPC, True)])


def refusing_lasting_of_indexing(lab: Lab) -> str:
    """An fsync or a rename that fails."""
    return _indexing(lab, [(RENAME, EIO, False), (FSYNC, EIO, False)])


def refusing_conversations(lab: Lab) -> str:
    """Turns that were said to be kept are there; nothing is set aside as damaged."""
    folder = lab.place("data")
    folder.mkdir()
    url = f"sqlite:///{folder / 'kept.sqlite'}"
    with Database(url) as database:
        conversation = Conversations(database).create(tasks.OWNER, "t").id
    begin, refusals = 0, Refusals(refused.library(lab.folder), folder, lab.place("plan"))

    def check(said: list[str]) -> None:
        nonlocal begin
        with Database(url) as database:
            turns = Conversations(database).open(tasks.OWNER, conversation).turns
            assert database.examine() == 1
            assert database.told is None
        numbers = [int(turn.question.split()[1]) for turn in turns]
        assert numbers == list(range(len(numbers)))
        assert len(numbers) > max([-1, *(int(line) for line in said if line.isdigit())])
        begin = len(numbers)

    told = []
    with Forks(lab.place("said"), "converse", environment=refusals.environment) as forks:
        for kinds, how, on in ((WRITE, EIO, False), (WRITE, ENOSPC, True), (FSYNC, EIO, False), (FSYNC, EIO, True)):
            found = until_it_completes(
                refusals, kinds, how, on, lambda: forks.start("converse", url, conversation, begin, 3), check
            )
            told.append(_told(_NAMES[kinds], found))
    return "; ".join(told)


def refusing_uploads(lab: Lab) -> str:
    """No article is half there, and what could not be added leaves nothing behind."""
    folder, aside = lab.place("data/articles"), lab.place("data/removed")
    folder.mkdir(parents=True)
    begin, refusals = 0, Refusals(refused.library(lab.folder), folder.parent, lab.place("plan"))

    def check(said: list[str]) -> None:
        nonlocal begin
        for path in folder.iterdir():
            assert not path.name.startswith("."), f"{path.name} is left"
            assert path.read_bytes() == tasks.article(int(path.name.split(".")[0]))
        begin = max([-1, *(int(path.name.split(".")[0]) for path in folder.iterdir())]) + 1
        for line in said:
            if line.startswith("added "):
                name = line.split()[1]
                begin = max(begin, int(name.split(".")[0]) + 1)
                kept = [_origin(token) for token in aside.iterdir()] if aside.exists() else []
                assert (folder / name).exists() or name in kept, f"{name} is lost"

    told = []
    with Forks(lab.place("said"), "shelve", environment=refusals.environment) as forks:
        for kinds in (WRITE, FSYNC, RENAME):
            for on in (False, True):
                found = until_it_completes(
                    refusals,
                    kinds,
                    EIO,
                    on,
                    lambda: forks.start("shelve", folder, aside, begin - begin % 9 + 9, 4),
                    check,
                )
                told.append(_told(_NAMES[kinds], found))
    return "; ".join(told)


def _origin(token: Path) -> str:
    origin = token / ".from"
    return origin.read_text(encoding="utf-8") if origin.exists() and (token / "article").exists() else ""


def refusing_users(lab: Lab) -> str:
    """The file of users stays whole, and holds everybody who was said to be added."""
    folder = lab.place("data")
    folder.mkdir()
    path, begin = folder / "users.txt", 0
    refusals = Refusals(refused.library(lab.folder), folder, lab.place("plan"))

    def check(said: list[str]) -> None:
        nonlocal begin
        names = Users(path).names()
        assert {line for line in said if line.startswith("user")} <= set(names)
        assert {each.name for each in folder.iterdir()} <= {"users.txt", ".users.txt.lock"}
        begin = max([-1, *(int(name.removeprefix("user")) for name in names)]) + 1

    told = []
    with Forks(lab.place("said"), "enrol", environment=refusals.environment) as forks:
        for kinds in (WRITE, FSYNC, RENAME):
            found = until_it_completes(refusals, kinds, EIO, False, lambda: forks.start("enrol", path, begin, 3), check)
            told.append(_told(_NAMES[kinds], found))
    return "; ".join(told)


CASES = [
    Case("I/O errors: writes of indexing", "said in one line; the index is whole, before or after", refusing_writes_of_indexing),
    Case("I/O errors: fsyncs and renames of indexing", "said in one line; the index is whole, before or after", refusing_lasting_of_indexing),
    Case("I/O errors: conversations", "said in one line; what was kept is there", refusing_conversations),
    Case("I/O errors: uploads", "said in one line; no half article, nothing left behind", refusing_uploads),
    Case("I/O errors: users", "said in one line; the file is whole", refusing_users),
]  # fmt: skip
