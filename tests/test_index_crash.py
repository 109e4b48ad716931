"""Whatever is killed or spoilt, the index answers: with the old generation, the new one, or after a rebuild."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from damage import DAMAGES, spoil

from assistant import disk, generation
from assistant.errors import BuildFailed, IndexDamaged
from assistant.generation import Generation
from assistant.index import Progress, open_generation, open_synced, sync
from assistant.language.terms import passage_terms
from assistant.settings import Settings

pytestmark = pytest.mark.apart

OLD, NEW = "The bridge was closed in March.", "The bridge was opened again in April."

# Forks an indexer for every index named, so that a kill hits the indexing and not the start of Python.
INDEXERS = """
import os, signal, sys, time
from pathlib import Path
from assistant.index import sync
from assistant.settings import Settings
settings = Settings(_env_file=None, reserve_mb=1)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        begun = time.monotonic()
        sync(Path(sys.argv[1]), Path(line.strip()), settings)
        print(time.monotonic() - begun, flush=True)
        os._exit(0)
    print(pid, flush=True)
"""


def put(folder: Path, sentence: str) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(4):
        filler = " ".join(f"w{number}x{word}" for word in range(90))
        (folder / f"{number}.txt").write_text(f"Article {number}\n\n{filler}.\n\n{sentence}\n", encoding="utf-8")


def answer(opened: Generation) -> str:
    """Ask the engine and the catalogue; every passage found must say the same."""
    found = opened.store.search("en", passage_terms("bridge").vector, 10)
    passages = opened.catalogue.passages([point.id for point in found])
    assert len(passages) == 4
    (sentence,) = {passage.text.split("\n")[-1] for passage in passages}
    return sentence


def answer_of(index: Path, corpus: Path, settings: Settings) -> str:
    opened = open_generation(index, corpus, settings)
    try:
        return answer(opened)
    finally:
        opened.close()


def children(process: int) -> list[int]:
    """The processes started by a process (Linux)."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            found += [int(number) for number in (task / "children").read_text().split()]
    return found


def builders() -> list[int]:
    """The children of this process that build an index: other tests may have left theirs, a browser's driver or a server."""
    found = []
    for child in children(os.getpid()):
        with contextlib.suppress(OSError):
            if b"assistant.building" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return found


def gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def wait_until_gone(process: int) -> bool:
    deadline = time.monotonic() + 60
    while not gone(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    return gone(process)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> tuple[Path, Path, Path]:
    """A folder, an index of what it held, a pristine copy of that index; the folder has changed since."""
    root = tmp_path_factory.mktemp("crash")
    put(root / "articles", OLD)
    sync(root / "articles", root / "index", settings)
    disk.copy_tree(root / "index", root / "pristine")
    put(root / "articles", NEW)
    return root / "articles", root / "index", root / "pristine"


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes through /proc")


class Indexers:
    """Starts indexers of one folder; every one is killed by the test or ends by itself."""

    def __init__(self, articles: Path) -> None:
        command = [sys.executable, "-c", INDEXERS, str(articles)]
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, index: Path) -> int:
        assert self._server.stdin is not None
        self._server.stdin.write(f"{index}\n")
        self._server.stdin.flush()
        # One that ended before it could be killed has left its time.
        while "." in (line := self.line()):
            pass
        return int(line)

    def line(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline()

    def __enter__(self) -> Indexers:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()


@needs_proc
@pytest.mark.slow  # the torture run kills a hundred
def test_killing_the_indexer_at_any_moment(
    changed: tuple[Path, Path, Path], tmp_path: Path, settings: Settings
) -> None:
    """21 kills, spread from the first look at the folder to after the end of a whole run."""
    articles, _, pristine = changed
    disk.copy_tree(pristine, tmp_path / "whole")
    with Indexers(articles) as indexers:
        indexers.start(tmp_path / "whole")
        duration = float(indexers.line())

    def kill_at(indexers: Indexers, index: Path, delay: float) -> str:
        disk.copy_tree(pristine, index)
        reader = open_generation(index, articles, settings)
        indexer = indexers.start(index)
        time.sleep(delay)
        orphans = children(indexer)
        with contextlib.suppress(ProcessLookupError):
            os.kill(indexer, signal.SIGKILL)
        assert wait_until_gone(indexer)
        assert answer(reader) == OLD
        reader.close()
        after = answer_of(index, articles, settings)
        assert all(wait_until_gone(orphan) for orphan in orphans)
        assert answer_of(index, articles, settings) == after
        return after

    def kill_in_turn(turn: int) -> list[str]:
        delays = [(turn + 3 * step) / 20 * 1.3 * duration for step in range(7)]
        return [kill_at(servers[turn], tmp_path / f"{turn}-{step}", delay) for step, delay in enumerate(delays)]

    with (
        Indexers(articles) as one,
        Indexers(articles) as two,
        Indexers(articles) as three,
        ThreadPoolExecutor(3) as pool,
    ):
        servers = (one, two, three)
        outcomes = [outcome for turn in pool.map(kill_in_turn, range(3)) for outcome in turn]
    assert len(outcomes) == 21
    assert outcomes.count(OLD) >= 7
    for index in (tmp_path / f"0-{step}" for step in range(0, 7, 2)):
        done = answer_of(index, articles, settings) == NEW
        opened, summary = open_synced(articles, index, settings)
        assert (answer(opened), summary.rebuilt, summary.behind) == (NEW, None, None)
        assert len(summary.changed) == (0 if done else 4)
        opened.close()
        left = [path.name for path in (index / generation.GENERATIONS).iterdir()]
        assert len(left) <= 2
        assert done or not [name for name in left if name.startswith(".")]


@needs_proc
@pytest.mark.parametrize("moment", [0.0, 0.1, 0.2, "copy", "read", "write"])
def test_killing_the_child_fails_in_plain_words(
    changed: tuple[Path, Path, Path], tmp_path: Path, settings: Settings, moment: float | str
) -> None:
    articles, _, pristine = changed
    index = tmp_path / "index"
    disk.copy_tree(pristine, index)

    def kill_children(_: object = None) -> None:
        deadline = time.monotonic() + 60
        while not (found := builders()) and time.monotonic() < deadline:
            time.sleep(0.001)
        for child in found:
            os.kill(child, signal.SIGKILL)

    def at_stage(report: Progress) -> None:
        if report.stage == moment:
            kill_children()

    def after_delay() -> None:
        deadline = time.monotonic() + 60
        while not builders() and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(float(moment))
        kill_children()

    with ThreadPoolExecutor(1) as pool:
        timer = pool.submit(after_delay) if isinstance(moment, float) else None
        with pytest.raises(BuildFailed, match=r"was killed.*The previous one, if any, still answers\."):
            sync(articles, index, settings, at_stage)
        if timer is not None:
            timer.result()
    assert answer_of(index, articles, settings) == OLD
    assert list((index / generation.GENERATIONS).glob(".*")) == []
    assert sync(articles, index, settings).passages == 4
    assert answer_of(index, articles, settings) == NEW


@needs_proc
def test_a_bus_error_is_taken_for_a_full_disk(
    changed: tuple[Path, Path, Path], tmp_path: Path, settings: Settings
) -> None:
    articles, _, pristine = changed
    disk.copy_tree(pristine, tmp_path / "index")

    def bus_error(report: Progress) -> None:
        for child in builders():
            os.kill(child, signal.SIGBUS)

    with pytest.raises(BuildFailed, match="the disk is full"):
        sync(articles, tmp_path / "index", settings, bus_error)
    opened, summary = open_synced(articles, tmp_path / "index", settings)
    assert (answer(opened), summary.behind) == (NEW, None)
    opened.close()


def test_a_build_that_fails_leaves_an_answering_index(
    changed: tuple[Path, Path, Path], tmp_path: Path, settings: Settings
) -> None:
    articles, _, pristine = changed
    index = tmp_path / "index"
    disk.copy_tree(pristine, index)

    def kill(report: Progress) -> None:
        for child in builders():
            os.kill(child, signal.SIGKILL)

    opened, summary = open_synced(articles, index, settings, kill)
    assert answer(opened) == OLD
    assert summary.behind is not None
    assert "could not be built" in str(summary.behind)
    opened.close()


def test_every_damage_of_every_file_is_noticed(
    changed: tuple[Path, Path, Path], tmp_path: Path, settings: Settings
) -> None:
    articles, _, pristine = changed
    index = tmp_path / "index"
    disk.copy_tree(pristine, index)
    files = [file for file in disk.regular_files(pristine) if file.name != "lock"]
    assert len(files) > 20
    for file in files:
        target = index / file.relative_to(pristine)
        for damage in DAMAGES if file.stat().st_size else ("delete",):  # an empty file has no more to lose
            spoil(target, damage)
            with pytest.raises(IndexDamaged):
                open_generation(index, articles, settings)
            disk.copy_file(file, target)
    assert answer_of(index, articles, settings) == OLD


@pytest.mark.parametrize(
    ("pattern", "damage", "reason"),
    [
        ("CURRENT", "delete", "it does not say which generation is current"),
        ("CURRENT", "flip", "manifest.json is not the one that was written"),
        ("generations/*/manifest.json", "halve", "manifest.json is not the one that was written"),
        ("generations/*/catalogue.sqlite", "flip", "catalogue.sqlite is not what was written"),
        ("generations/*/catalogue.sqlite", "delete", "catalogue.sqlite cannot be read"),
        (
            "generations/*/engine/segments/*/vector_index-terms/inverted_index.dat",
            "flip",
            "inverted_index.dat is not what",
        ),
        ("generations/*", "delete", "manifest.json cannot be read"),
    ],
)
def test_a_damaged_index_is_rebuilt_and_says_why(
    changed: tuple[Path, Path, Path], tmp_path: Path, settings: Settings, pattern: str, damage: str, reason: str
) -> None:
    articles, _, pristine = changed
    index = tmp_path / "index"
    disk.copy_tree(pristine, index)
    (target,) = index.glob(pattern)
    if target.is_dir():
        shutil.rmtree(target / "engine")
        (target / "manifest.json").unlink()
    else:
        spoil(target, damage)
    opened, summary = open_synced(articles, index, settings)
    assert answer(opened) == NEW
    assert summary.rebuilt is not None
    assert reason in summary.rebuilt
    assert len(summary.added) == 4
    opened.close()


def test_beyond_the_budget_sizes_are_still_checked_and_a_full_check_sees_all(
    changed: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    _, _, pristine = changed
    disk.copy_tree(pristine, tmp_path / "index")
    (path,) = (tmp_path / "index" / generation.GENERATIONS).iterdir()
    manifest = generation.Manifest.from_json((path / generation.MANIFEST).read_bytes())
    spoil(path / generation.CATALOGUE, "flip")
    generation.verify(path, manifest, budget=0)
    with pytest.raises(IndexDamaged, match="catalogue"):
        generation.verify(path, manifest)
    spoil(path / generation.CATALOGUE, "halve")
    with pytest.raises(IndexDamaged, match="catalogue"):
        generation.verify(path, manifest, budget=0)
