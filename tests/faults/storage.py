"""Disks that are full or read-only, files that are damaged, clocks that jump: said in one line, and no article is lost."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from assistant import disk
from assistant.chat import Assistant
from assistant.errors import DatabaseFault, FileRefused, IndexDamaged, IndexFault, IsnadError
from assistant.index import open_generation, open_synced, sync
from assistant.keeping.conversations import Conversations
from assistant.keeping.database import FILE, Database
from assistant.shelf import REMOVED, Shelf
from tests.case import ROOT, SEEDS, Case, Lab, NotRun
from tests.damage import DAMAGES, spoil
from tests.faults import refused, tasks
from tests.faults.forks import DONE, Forks
from tests.faults.kills import Folder, served
from tests.keeping_double import an_answer

QUESTION = "Which drones did Azerbaijan use?"


@contextlib.contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A file system of that size, in memory. Raises `NotRun` where none may be mounted."""
    place.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NotRun("it needs to mount a small file system, which only root may") from error
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path, leave: int = 0) -> Path:
    """Fill the disk but for ``leave`` bytes, with one file."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    os.truncate(ballast, max(0, ballast.stat().st_size - leave))
    return ballast


def building_on_a_full_disk(lab: Lab) -> str:
    """The first index, on disks from far too small to large enough: a fault in one line, or an index that holds everything."""
    failed, size = 0, 0
    for number in range(1, 60):
        size = number if number < 12 else 4 * number
        with small_disk(lab.place(f"disk-{number}"), size) as place:
            try:
                sync(SEEDS, place / "index", lab.settings)
            except IndexFault:
                failed += 1
                continue
            with Assistant.open(SEEDS, place / "index", lab.settings) as assistant:
                assert len(assistant.documents()) == 5
                assert assistant.ask(QUESTION).citations
            break
    assert failed > 1
    return f"{failed} disks too small, the first index at {size} MB"


def serving_on_a_full_disk(lab: Lab) -> str:
    """The disk is full while an index is there: it answers, says why it is behind, keeps nothing half; room makes all well."""
    with small_disk(lab.place("disk"), 64) as place:
        shutil.copytree(SEEDS, place / "articles")
        url, shelf = f"sqlite:///{place / 'data' / FILE}", Shelf(place / "articles", place / REMOVED, reserve_mb=0)
        sync(place / "articles", place / "index", lab.settings)
        running = Database(url)
        keeper = Conversations(running)
        conversation = keeper.create(tasks.OWNER, "kept").id
        (place / "articles" / "new.txt").write_text("The lighthouse keeper is called Theodora.\n", encoding="utf-8")
        faults: set[str] = set()
        for leave in (0, 4096, 20_000, 100_000, 1_000_000):
            ballast = fill(place, leave)
            with Assistant.open(place / "articles", place / "index", lab.settings) as assistant:
                assert assistant.summary.behind is not None
                assert assistant.ask(QUESTION).citations
                faults.add(type(assistant.summary.behind).__name__)
            before = len(keeper.open(tasks.OWNER, conversation).turns)
            try:
                keeper.append(tasks.OWNER, conversation, "q" * 500_000)
            except DatabaseFault as fault:
                faults.add(type(fault).__name__)
                assert len(keeper.open(tasks.OWNER, conversation).turns) == before
            # Another server may not even find room to read, and says so; it does not take the file for damaged.
            with Database(url) as other, contextlib.suppress(DatabaseFault):
                assert len(Conversations(other).open(tasks.OWNER, conversation).turns) >= before
            assert running.told is None and other.told is None
            try:
                shelf.add("large.txt", b"The harbour was dredged. " * 60_000)
            except FileRefused:
                faults.add("FileRefused")
            assert not [path for path in (place / "articles").iterdir() if path.name.startswith((".", "large"))]
            ballast.unlink()
            keeper.append(tasks.OWNER, conversation, f"room again after {leave}")
        turns = keeper.open(tasks.OWNER, conversation).turns
        assert sum(turn.question.startswith("room again") for turn in turns) == 5
        running.close()
        with Assistant.open(place / "articles", place / "index", lab.settings) as assistant:
            assert assistant.summary.behind is None
            assert "Theodora" in assistant.ask("Who is the lighthouse keeper?").text
    return f"5 degrees of fullness: {', '.join(sorted(faults))}"


def serving_from_a_read_only_disk(lab: Lab) -> str:
    """Index, articles and conversations cannot be written: everything can still be read, and what cannot be done is said."""
    with small_disk(lab.place("disk"), 64) as place:
        shutil.copytree(SEEDS, place / "articles")
        url = f"sqlite:///{place / 'data' / FILE}"
        sync(place / "articles", place / "index", lab.settings)
        with Database(url) as database:
            keeper = Conversations(database)
            conversation = keeper.create(tasks.OWNER, "kept").id
            keeper.append(tasks.OWNER, conversation, "q", an_answer("q"))
        (place / "articles" / "new.txt").write_text("The lighthouse keeper is called Theodora.\n", encoding="utf-8")
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        faults: set[str] = set()
        with Assistant.open(place / "articles", place / "index", lab.settings) as assistant:
            assert assistant.ask(QUESTION).citations
            faults.add(type(assistant.summary.behind).__name__)
        with Database(url) as database:
            keeper = Conversations(database)
            assert len(keeper.open(tasks.OWNER, conversation).turns) == 1
            for change in (lambda: keeper.append(tasks.OWNER, conversation, "q"), lambda: keeper.create(tasks.OWNER)):
                with contextlib.suppress(DatabaseFault):
                    change()
                    raise AssertionError("a read-only disk was written")
        for change in (
            lambda: Shelf(place / "articles", place / REMOVED, 0).add("a.txt", b"Some words of an article.\n"),
            lambda: Shelf(place / "articles", place / REMOVED, 0).remove("new.txt"),
        ):
            try:
                change()
            except FileRefused as fault:
                faults.add(type(fault).__name__)
            else:
                raise AssertionError("a read-only folder was changed")
    return f"read: articles, index, conversations; refused: {', '.join(sorted(faults))}"


def damaging_an_index(lab: Lab) -> str:
    """Every file of an index, in four ways: noticed on opening, rebuilt with the reason, and as many hits as before."""
    folder, index, pristine = Folder(lab.place("articles"), lab.chance), lab.place("index"), lab.place("pristine")
    sync(folder.place, index, lab.settings)
    disk.copy_tree(index, pristine)
    files = [file for file in disk.regular_files(pristine) if file.name != "lock"]
    noticed = 0
    for number, file in enumerate(files):
        target = index / file.relative_to(pristine)
        ways = DAMAGES if file.stat().st_size else ("delete",)
        for damage in ways:
            spoil(target, damage)
            try:
                open_generation(index, folder.place, lab.settings).close()
            except IndexDamaged:
                noticed += 1
            else:
                raise AssertionError(f"{file.name}: {damage} was not noticed")
            disk.copy_file(file, target)
        if number % 4 == 0:
            spoil(target, ways[number // 4 % len(ways)])
            opened, summary = open_synced(folder.place, index, lab.settings)
            opened.close()
            assert summary.rebuilt, f"{file.name} was not rebuilt"
            served(index, folder, lab.settings)
            shutil.rmtree(index)
            disk.copy_tree(pristine, index)
    return f"{len(files)} files, {noticed} damages, all noticed"


def damaging_the_conversations(lab: Lab) -> str:
    """The file halved, emptied, deleted, or a byte of it flipped in 300 places: each page is read, refused or set aside in words."""
    place = lab.place("data")
    file = place / FILE
    with Database(f"sqlite:///{file}") as database:
        keeper = Conversations(database)
        for number in range(8):
            conversation = keeper.create(tasks.OWNER, f"conversation {number}").id
            for turn in range(6):
                keeper.append(tasks.OWNER, conversation, f"question {turn}", an_answer(f"question {turn}"))
    whole = file.read_bytes()
    told = read = changed = 0
    damages = [b"", whole[: len(whole) // 2], None]
    for _ in range(300):
        at = lab.chance.randrange(len(whole))
        damages.append(whole[:at] + bytes([whole[at] ^ 1 << lab.chance.randrange(8)]) + whole[at + 1 :])
    for data in damages:
        shutil.rmtree(place)
        place.mkdir()
        if data is not None:
            file.write_bytes(data)
        with Database(f"sqlite:///{file}") as database:
            keeper = Conversations(database)
            turns = 0
            try:
                listed = keeper.listed(tasks.OWNER).conversations
            except DatabaseFault:
                listed = keeper.listed(tasks.OWNER).conversations  # found while reading: the next use sets it aside
            for summary in listed:
                try:
                    turns += sum(turn.fault is None for turn in keeper.open(tasks.OWNER, summary.id).turns)
                except IsnadError:
                    changed += 1
            if database.told is not None:
                told += 1
                assert list(place.glob(f"{FILE}.damaged-*"))
            elif data is not None and data:
                read += 1
            keeper.create(tasks.OWNER, "goes on")
    return f"303 damages: {told} files set aside and told, {read} read; {changed} conversations refused in words"


def jumping_clock(lab: Lab) -> str:
    """The clock goes back a day and forth again: every edit is noticed, also one that keeps a file's size."""
    folder, index = Folder(lab.place("articles"), lab.chance), lab.place("index")
    refusals = refused.Refusals(refused.library(lab.folder), index, lab.place("plan"))
    url = f"sqlite:///{lab.place('kept.sqlite')}"
    with Database(url) as database:
        conversation = Conversations(database).create(tasks.OWNER, "t").id
    with Forks(lab.place("said"), "index", "converse", environment=refusals.environment) as forks:
        for turn, seconds in enumerate((0, -86_400, -86_401, 0, 3 * 365 * 86_400, -3600)):
            refusals.set_clock(seconds)
            file = sorted(folder.words)[turn]
            path = folder.place / file
            text = path.read_text(encoding="utf-8")
            other = text.replace(folder.words[file], folder.words[file][::-1])
            path.write_text(other, encoding="utf-8")
            folder.words[file] = folder.words[file][::-1]
            now = path.stat().st_mtime_ns + seconds * 10**9
            os.utime(path, ns=(now, now))
            assert forks.start("index", folder.place, index).wait()[-1:] == [DONE]
            served(index, folder, lab.settings)
            assert forks.start("converse", url, conversation, 2 * turn, 2).wait()[-1:] == [DONE]
    with Database(url) as database:
        turns = Conversations(database).open(tasks.OWNER, conversation).turns
    assert [int(turn.question.split()[1]) for turn in turns] == list(range(12))
    return "6 jumps, 6 edits noticed, 12 turns in order"


def full_temporary_folder(lab: Lab) -> str:
    """Nothing can be written where temporary files go: an index is built, or it is said in one line why not."""
    with small_disk(lab.place("tmp"), 1) as place:
        fill(place)
        environment = os.environ | {"TMPDIR": str(place), "ISNAD_RESERVE_MB": "1", "PYTHONPATH": str(ROOT)}
        said = []
        for command in (["index"], ["ask", QUESTION], ["search", QUESTION]):
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "assistant.cli",
                    *command,
                    "--corpus",
                    str(SEEDS),
                    "--index",
                    str(lab.place("index")),
                ],
                env=environment,
                cwd=lab.folder,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert "Traceback" not in done.stderr and "unexpected" not in done.stderr, done.stderr
            assert done.returncode == 0 or done.stderr.count("\n") == 1, done.stderr
            said.append(str(done.returncode))
    return f"index, ask, search ended with {', '.join(said)}"


CASES = [
    Case("storage: full disk, building", "one line, or an index that holds everything", building_on_a_full_disk),
    Case("storage: full disk, serving", "answers from the last index; nothing half; room makes all well", serving_on_a_full_disk),
    Case("storage: read-only disk", "everything is read, what cannot be done is said", serving_from_a_read_only_disk),
    Case("storage: damaged index", "every damage noticed and rebuilt, never fewer hits", damaging_an_index),
    Case("storage: damaged conversations", "set aside and told, or read; never a crash", damaging_the_conversations),
    Case("storage: clock jumping", "every edit noticed, turns in order", jumping_clock),
    Case("storage: full temporary folder", "done, or one line", full_temporary_folder),
]  # fmt: skip
