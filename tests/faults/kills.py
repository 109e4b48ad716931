"""SIGKILL at random instants, and at every call that makes something last: nothing that was said to be done is lost."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path

from assistant import generation, shelf
from assistant.index import open_generation, open_synced, sync
from assistant.keeping.conversations import Conversations
from assistant.keeping.database import Database
from assistant.keeping.feedback import Feedback
from assistant.keeping.users import Users
from assistant.language.terms import passage_terms
from assistant.settings import Settings
from assistant.shelf import Shelf
from eval import journal
from tests.case import ROOT, Case, Lab, NotRun
from tests.faults import refused, tasks
from tests.faults.forks import DONE, Forks, Task
from tests.keeping_double import an_answer

KILLS_OF_INDEXING = 100
_ARTICLES = 12


class Folder:
    """A folder of articles that is changed again and again. Each article has a word that no other has."""

    def __init__(self, place: Path, chance: random.Random) -> None:
        self.place = place
        self._chance = chance
        self._number = 0
        self.words: dict[str, str] = {}
        """File -> its word."""
        place.mkdir(parents=True)
        for _ in range(_ARTICLES):
            self._add()

    def _add(self) -> None:
        self._number += 1
        self._write(f"{self._number:04d}.txt")

    def _write(self, file: str) -> None:
        self._number += 1
        letters = "".join("bcdfghklmnprstvz"[int(digit, 16)] + "o" for digit in f"{self._number:x}")
        self.words[file] = f"qu{letters}x"
        filler = " ".join(f"{self._chance.choice(('harbour', 'bridge', 'minister', 'river'))}" for _ in range(60))
        text = f"Report {self._number}\n\nThe word of the day is {self.words[file]} and {filler}.\n"
        (self.place / file).write_text(text, encoding="utf-8")

    def change(self) -> None:
        """Add, edit, remove and rename some articles."""
        for _ in range(self._chance.randint(1, 4)):
            files = sorted(self.words)
            what = self._chance.choice(("add", "edit", "edit", "remove", "rename"))
            if what == "add" or len(files) < 6:
                self._add()
            elif what == "edit":
                self._write(self._chance.choice(files))
            elif what == "remove" and len(files) > _ARTICLES // 2:
                file = self._chance.choice(files)
                (self.place / file).unlink()
                del self.words[file]
            else:
                old, self._number = self._chance.choice(files), self._number + 1
                new = f"{self._number:04d}.txt"
                (self.place / old).rename(self.place / new)
                self.words[new] = self.words.pop(old)


def served(index: Path, folder: Folder, settings: Settings) -> None:
    """After the next start the index holds the folder: every article whole, each found once by its own word, no other."""
    opened, summary = open_synced(folder.place, index, settings)
    try:
        assert summary.behind is None, summary.behind
        assert summary.rebuilt is None, summary.rebuilt
        on_disk = {path.name: path.read_text(encoding="utf-8") for path in folder.place.iterdir()}
        held = {info.file: opened.catalogue.document(info.file).text for info in opened.catalogue.documents()}
        assert held == on_disk
        numbers = [number for file in held for number in opened.catalogue.passage_ids(file)]
        assert len(set(numbers)) == len(numbers) == opened.store.count()
        for file, word in folder.words.items():
            found = opened.store.search("en", passage_terms(word).vector, 100)
            files = [passage.file for passage in opened.catalogue.passages([point.id for point in found])]
            assert files == [file], f"{word} of {file} is found in {files}"
    finally:
        opened.close()


def killing_the_indexer(lab: Lab) -> str:
    """The indexer, its builder or both, half of the times at a random instant, half of them at a write, fsync or rename."""
    folder, index = Folder(lab.place("articles"), lab.chance), lab.place("index")
    sync(folder.place, index, lab.settings)
    try:
        refusals = refused.Refusals(refused.library(lab.folder), index, lab.place("plan"))
    except NotRun:
        refusals = None
    left = {"old": 0, "new": 0}
    with Forks(lab.place("said"), "index", environment=refusals.environment if refusals else {}) as forks:

        def start() -> Task:
            folder.change()
            return forks.start("index", folder.place, index)

        if refusals:
            refusals.arm(0, 0)
        began = time.monotonic()
        assert start().wait()[-1:] == [DONE]
        duration, calls = time.monotonic() - began, refusals.calls if refusals else 0
        longest = 0.0
        for kill in range(KILLS_OF_INDEXING):
            before = generation.current(index)
            at_call = refusals is not None and kill % 2 == 0
            if refusals:
                # The last calls are those that swap: they are struck most.
                at = calls - kill // 2 % 12 if kill % 4 == 0 else lab.chance.randint(1, calls)
                how = lab.chance.choice((refused.KILL, refused.KILL_GROUP))
                refusals.arm(max(1, at) if at_call else 0, how)
            task = start()
            if at_call:
                task.wait()
                task.kill()  # a builder whose parent was killed
            else:
                time.sleep(lab.chance.uniform(0, 1.1 * duration))
                task.kill(group=lab.chance.random() < 0.7)
                task.wait()
            if refusals:
                refusals.arm(0, 0)
            after = generation.current(index)
            left["new" if after != before else "old"] += 1
            open_generation(index, folder.place, lab.settings).close()  # whichever it is, it is whole
            began = time.monotonic()
            served(index, folder, lab.settings)
            longest = max(longest, time.monotonic() - began)
    names = sorted(path.name for path in (index / generation.GENERATIONS).iterdir())
    assert len(names) <= 2 and not [name for name in names if name.startswith(".")], names
    beside = sorted(path.name for path in index.iterdir())
    assert beside == ["CURRENT", "generations", "lock"], beside
    how = "at calls and at random" if refusals else "at random (no C compiler)"
    return f"{KILLS_OF_INDEXING} kills {how}: {left['old']} left the old index, {left['new']} the new; longest start {longest:.1f} s"


def _killed_in_turn(
    lab: Lab, kills: int, given: Callable[[int], tuple[object, ...]], check: Callable[[list[str]], int]
) -> int:
    """Kill a task that goes on and on, ``kills`` times; ``check`` is given what it said and says where the next begins."""
    begin = 0
    with Forks(lab.place("said"), str(given(0)[0])) as forks:
        for _ in range(kills):
            name, *rest = given(begin)
            task = forks.start(str(name), *rest)
            task.wait_for(lab.chance.randint(0, 12))
            time.sleep(lab.chance.uniform(0, 0.03))
            task.kill()
            said = task.wait()
            assert not [line for line in said if line.startswith(("fault", "crash", DONE))], said[-1]
            begin = check(said)
    return begin


def killing_a_conversation(lab: Lab) -> str:
    """Every turn that was said to be kept is there, once and in order; the last may be there unsaid."""
    url = f"sqlite:///{lab.place('kept.sqlite')}"
    with Database(url) as database:
        conversation = Conversations(database).create(tasks.OWNER, "t").id

    def check(said: list[str]) -> int:
        with Database(url) as database:
            turns = Conversations(database).open(tasks.OWNER, conversation).turns
            assert database.told is None
        numbers = [int(turn.question.split()[1]) for turn in turns]
        assert numbers == list(range(len(numbers)))
        assert len(numbers) > max([-1, *map(int, said)])
        return len(numbers)

    def given(begin: int) -> tuple[object, ...]:
        return "converse", url, conversation, begin, 10**6

    kept = _killed_in_turn(lab, 40, given, check)
    return f"40 kills, {kept} turns kept"


def killing_feedback(lab: Lab) -> str:
    """There is one judgement, and it is the last that was said to be kept or the one after."""
    url = f"sqlite:///{lab.place('kept.sqlite')}"
    with Database(url) as database:
        keeper = Conversations(database)
        turn = keeper.append(tasks.OWNER, keeper.create(tasks.OWNER).id, "q", an_answer("q")).id
        Feedback(database).give(tasks.OWNER, turn, True, "comment -1")

    def check(said: list[str]) -> int:
        with Database(url) as database:
            (given,) = Feedback(database).all()
            assert database.told is None
        number = int(given.comment.split()[1])
        assert given.liked == (number % 2 == 0) or number == -1
        assert number >= max([-1, *map(int, said)])
        return number + 1

    def given(begin: int) -> tuple[object, ...]:
        return "judge", url, turn, begin, 10**6

    return f"20 kills, {_killed_in_turn(lab, 20, given, check)} judgements"


def killing_an_upload(lab: Lab) -> str:
    """No article is ever half there; one that was said to be added is there until it is taken out, and can be put back."""
    folder, aside = lab.place("articles"), lab.place("removed")
    folder.mkdir()

    def check(said: list[str]) -> int:
        there = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}
        for name, data in there.items():
            assert data == tasks.article(int(name.split(".")[0])), name
        last: dict[str, str] = {}
        for line in said:
            last[line.split()[1]] = line.split()[0]
        newest = said[-1].split()[1] if said else ""
        for name, state in last.items():
            taken = state == "removed" and name not in there
            back = (
                state == "added" and int(name.split(".")[0]) % 3 == 0 and name == newest
            )  # it was just being taken out
            assert name in there or taken or back, f"{name} was {state}"
        return max([-1, *(int(name.split(".")[0]) for name in (*there, *last))]) + 1

    def given(begin: int) -> tuple[object, ...]:
        return "shelve", folder, aside, begin, 10**6

    added = _killed_in_turn(lab, 30, given, check)
    hidden = [path for path in folder.iterdir() if path.name.startswith(".")]
    shelf._BEGUN_SECONDS = -1.0  # as if a minute had gone by
    Shelf(folder, aside, reserve_mb=0).add("last.txt", tasks.article(0))
    assert not [path for path in hidden if path.exists()]
    return f"30 kills, {added} articles added, {len(hidden)} unseen remains, gone with the next"


def killing_enrolment(lab: Lab) -> str:
    """The file of users is always whole and private."""
    path = lab.place("users.txt")

    def check(said: list[str]) -> int:
        names = Users(path).names()
        assert set(said) <= set(names)
        assert not path.exists() or path.stat().st_mode & 0o077 == 0
        return max([-1, *(int(name.removeprefix("user")) for name in names)]) + 1

    def given(begin: int) -> tuple[object, ...]:
        return "enrol", path, begin, 10**6

    return f"20 kills, {_killed_in_turn(lab, 20, given, check)} users"


def killing_an_evaluation(lab: Lab) -> str:
    """What was asked before the kill is not asked again, and the resumed run has every question once."""
    data = ROOT / "eval" / "data"
    lines = (data / "seeds.jsonl").read_text(encoding="utf-8").splitlines()[::12]
    asked, stated, out = lab.place("asked.jsonl"), lab.place("stated.jsonl"), lab.place("run")
    asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
    stated.write_text((data / "faithful.jsonl").read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    wanted, kept = 2 * len(lines), 0
    with Forks(lab.place("said"), "evaluate") as forks:

        def start(anew: bool) -> Task:
            # A run that was killed before it began is none: it begins anew.
            resume = "" if anew or not (out / journal.PLAN).exists() else "resume"
            return forks.start("evaluate", asked, stated, lab.place("index"), out, resume)

        for kill in range(20):
            # Four kills in a row, then a run that comes to its end.
            before = len(_rows(out)) if kill % 4 else 0
            task = start(kill % 4 == 0)
            until, target = time.monotonic() + 60, lab.chance.randint(before, before + wanted // 4)
            while len(_rows(out)) < target and not task.gone and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(lab.chance.uniform(0, 0.1))
            task.kill()
            said = task.wait()
            assert not [line for line in said if line.startswith(("fault", "crash"))], said
            found = _rows(out)
            assert kill % 4 == 0 or set(found[:before]) <= set(found)
            kept += len(found)
            if kill % 4 == 3:
                assert start(False).wait()[-1:] == [DONE]
                rows = _rows(out)
                assert len(rows) == len(set(rows)) == wanted, f"{len(rows)} rows of {wanted}"
    return f"20 kills, {kept} rows found again after them"


def _rows(out: Path) -> list[journal.Key]:
    text = (out / journal.ROWS).read_bytes() if (out / journal.ROWS).exists() else b""
    return [journal.key(json.loads(line)) for line in text[: text.rfind(b"\n") + 1].splitlines()]


CASES = [
    Case("crash: indexing", "the served set is the folder's after the next start: nothing lost, nothing twice, no manual step", killing_the_indexer),
    Case("crash: conversations", "every turn that was said to be kept is there, in order", killing_a_conversation),
    Case("crash: feedback", "one judgement, the last", killing_feedback),
    Case("crash: uploads", "no half article; what was added is there", killing_an_upload),
    Case("crash: users", "the file is whole and private", killing_enrolment),
    Case("crash: evaluation", "a resumed run has every question once", killing_an_evaluation),
]  # fmt: skip
