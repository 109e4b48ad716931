"""A served assistant follows its folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.builder import Progress, Watcher
from assistant.chat import Assistant
from assistant.errors import CorpusNotFound, IndexFault, IsnadError, NoSpaceLeft
from assistant.index import Summary
from assistant.settings import Settings
from assistant.watching import FolderWatch, follow

FIRST = "The bridge over the river was opened in May.\n"
SECOND = "The lighthouse keeper is called Theodora.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(FIRST)
    return tmp_path / "articles"


@pytest.fixture
def assistant(folder: Path, settings: Settings) -> Iterator[Assistant]:
    with Assistant.open(folder, folder.parent / "index", settings) as opened:
        yield opened


def test_an_assistant_follows_its_folder_while_it_is_open(assistant: Assistant, folder: Path) -> None:
    assert not assistant.outdated()
    assert assistant.ask("Who is the lighthouse keeper?").status == "abstained"
    (folder / "b.txt").write_text(SECOND)
    assert assistant.outdated()
    assert assistant.refresh().added == ("b.txt",)
    assert not assistant.outdated()
    assert "Theodora" in assistant.ask("Who is the lighthouse keeper?").citations[0].quote
    (folder / "b.txt").unlink()
    assert assistant.refresh().removed == ("b.txt",)
    assert [document.file for document in assistant.documents()] == ["a.txt"]


def test_refreshing_an_unchanged_folder_changes_nothing(assistant: Assistant) -> None:
    before = assistant.indexed_at
    summary = assistant.refresh()
    assert not (summary.added or summary.changed or summary.removed)
    assert assistant.indexed_at == before
    assert assistant.search("bridge")


def test_questions_are_answered_while_the_index_changes_under_them(assistant: Assistant, folder: Path) -> None:
    stop, faults, answered = threading.Event(), [], [0]

    def ask() -> None:
        while not stop.is_set():
            try:
                assert assistant.ask("When was the bridge opened?").citations[0].file == "a.txt"
                answered[0] += 1
            except Exception as fault:  # whatever it is, the test wants to see it
                faults.append(fault)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(4):
        (folder / f"more-{number}.txt").write_text(f"Note {number} on the weather.\n")
        assistant.refresh()
    stop.set()
    for thread in threads:
        thread.join()
    assert not faults
    assert answered[0] > 4
    assert len(assistant.documents()) == 5


def test_a_closed_assistant_says_so(folder: Path, settings: Settings) -> None:
    assistant = Assistant.open(folder, folder.parent / "index", settings)
    assistant.close()
    assistant.close()
    with pytest.raises(ValueError, match="closed"):
        assistant.ask("When was the bridge opened?")


class Double:
    """Follows as it is told to."""

    def __init__(self) -> None:
        self.changed = False
        self.fault: Exception | None = None
        self.behind: IndexFault | None = None
        self.seen: list[object] = []
        self.watch: FolderWatch | None = None

    def outdated(self) -> bool:
        if self.fault:
            raise self.fault
        return self.changed

    def refresh(self, progress: Watcher | None = None) -> Summary:
        assert progress
        assert self.watch
        progress(Progress("read", 1, 2, "a.txt"))
        self.seen.append(self.watch.state)
        self.changed = self.behind is not None
        return Summary(behind=self.behind) if self.behind else Summary(added=("a.txt",))


@pytest.fixture
def double() -> Double:
    double = Double()
    double.watch = FolderWatch(double)
    return double


def test_nothing_is_done_until_the_folder_changes(double: Double) -> None:
    assert double.watch
    double.watch.look()
    assert double.watch.state.runs == 0
    double.changed = True
    double.watch.look()
    during, after = double.seen[0], double.watch.state
    assert (during.doing, during.stage, during.done, during.total) == ("indexing", "read", 1, 2)  # type: ignore[attr-defined]
    assert (after.doing, after.runs, after.summary) == ("idle", 1, Summary(added=("a.txt",)))


@pytest.mark.parametrize(
    "fault", [CorpusNotFound(path="x"), NoSpaceLeft(path="x", free=1, needed=2), RuntimeError("x")]
)
def test_a_fault_is_kept_to_be_shown_and_forgotten_when_it_is_over(double: Double, fault: Exception) -> None:
    assert double.watch
    double.fault = fault
    double.watch.look()
    assert isinstance(double.watch.state.fault, IsnadError)
    assert double.watch.state.doing == "idle"
    double.fault = None
    double.watch.look()
    assert double.watch.state.fault is None


def test_an_index_that_could_not_follow_is_no_success(double: Double) -> None:
    assert double.watch
    double.changed, double.behind = True, NoSpaceLeft(path="x", free=1, needed=2)
    double.watch.look()
    assert double.watch.state.fault is double.behind
    assert double.watch.state.runs == 0
    double.behind = None
    double.watch.look()
    assert (double.watch.state.fault, double.watch.state.runs) == (None, 1)


def test_a_long_build_does_not_put_off_the_next_look(double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    assert double.watch
    now = [0.0]
    monkeypatch.setattr("assistant.watching.time.monotonic", lambda: now[0])
    refresh = double.refresh

    def slowly(progress: Watcher | None = None) -> Summary:
        now[0] += 60
        return refresh(progress)

    monkeypatch.setattr(double, "refresh", slowly)
    double.changed = True
    assert double.watch.look() == 0
    double.changed, double.behind = True, NoSpaceLeft(path="x", free=1, needed=2)
    assert double.watch.look() == 60


def test_the_watch_looks_when_it_is_woken(assistant: Assistant, folder: Path) -> None:
    watch = FolderWatch(assistant, interval=600)
    watch.start()
    try:
        (folder / "b.txt").write_text(SECOND)
        watch.wake()
        waited = threading.Event()
        for _ in range(600):
            if watch.state.runs:
                break
            waited.wait(0.05)
        assert watch.state.summary
        assert watch.state.summary.added == ("b.txt",)
    finally:
        watch.stop()


def test_following_tells_what_changed_and_each_fault_once() -> None:
    stop, news = threading.Event(), []
    full = NoSpaceLeft(path=Path("x"), free=1, needed=2)
    script: list[Summary | IsnadError] = [
        Summary(unchanged=3), Summary(unchanged=3), full, full, CorpusNotFound(path=Path("y")), Summary(unchanged=3),
        Summary(unchanged=3), Summary(added=("b.txt",)), Summary(removed=("b.txt",)), Summary(rebuilt="it was damaged"),
    ]  # fmt: skip
    steps = iter(script)

    def sync() -> Summary:
        step = next(steps)
        if step is script[-1]:
            stop.set()
        if isinstance(step, IsnadError):
            raise step
        return step

    follow(sync, news.append, stop, interval=0.0)
    assert news == [script[0], full, script[4], script[5], *script[7:]]


def test_the_command_follows_a_folder_until_it_is_told_to_stop(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "assistant.cli", "index", "--watch", "--corpus", str(folder), "--index", str(tmp_path / "ix")]  # fmt: skip
    environment = {**os.environ, "ISNAD_RESERVE_MB": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as watcher:
        assert watcher.stdout and watcher.stderr
        assert watcher.stdout.readline() == "1 added, 0 changed, 0 removed, 0 unchanged, 0 skipped\n"
        assert watcher.stdout.readline().startswith("1 passages")
        (folder / "b.txt").write_text(SECOND)
        assert watcher.stdout.readline() == "1 added, 0 changed, 0 removed, 1 unchanged, 0 skipped\n"
        watcher.send_signal(signal.SIGTERM)
        assert watcher.wait(30) == 0
        assert watcher.stderr.read() == ""
