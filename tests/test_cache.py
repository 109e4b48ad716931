from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from assistant.errors import CacheUnwritable
from assistant.language.cache import cache_folder, reader, write

FILE = "things-1.sqlite"
# A process that makes the cached file slowly and prints what it then reads from it.
PROCESS = """
import time
from assistant.errors import CacheUnwritable
from assistant.language.cache import reader
def fill(db):
    db.execute("CREATE TABLE thing (name TEXT)")
    time.sleep(0.3)
    db.executemany("INSERT INTO thing VALUES (?)", [("a",)] * 5000)
print(len(reader("things", "1", fill).all("SELECT name FROM thing")))
"""


class Filling:
    """Fills a table, and counts how often it had to."""

    def __init__(self, rows: int = 500) -> None:
        self.times = 0
        self._rows = rows

    def __call__(self, db: sqlite3.Connection) -> None:
        self.times += 1
        db.execute("CREATE TABLE thing (name TEXT, number INTEGER)")
        db.executemany("INSERT INTO thing VALUES (?,?)", ((f"{i:050}", i) for i in range(self._rows)))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "deep" / "cache"
    monkeypatch.setenv("ISNAD_CACHE", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    return folder


def test_it_is_made_once(cache: Path) -> None:
    fill = Filling()
    for _ in range(3):
        assert reader("things", "1", fill).all("SELECT number FROM thing WHERE name = ?", f"{7:050}") == [(7,)]
    assert fill.times == 1
    assert [path.name for path in cache.iterdir()] == [FILE]


def test_what_was_made_a_month_ago_for_another_fingerprint_is_dropped(cache: Path) -> None:
    fill = Filling()
    for name, fingerprint in (("things", "1"), ("things", "2"), ("things_else", "1")):
        reader(name, fingerprint, fill)
    for file in (FILE, "things_else-1.sqlite"):
        os.utime(cache / file, (0, 0))
    reader("things", "3", fill)
    assert sorted(path.name for path in cache.iterdir()) == [
        "things-2.sqlite",
        "things-3.sqlite",
        "things_else-1.sqlite",
    ]


def test_another_fingerprint_is_another_file(cache: Path) -> None:
    fill = Filling()
    reader("things", "1", fill)
    reader("things", "2", fill)
    assert fill.times == 2


def test_the_folder_is_the_platforms_unless_named(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_folder() == cache
    monkeypatch.setenv("ISNAD_CACHE", "")
    assert cache_folder().is_absolute()
    assert "isnad" in str(cache_folder())


DAMAGE = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "cut inside a page": lambda data: data[:-1000],
    "only the header": lambda data: data[:100],
    "foreign": lambda data: b"This is no database at all.\n" * 400,
    "zeros": lambda data: bytes(len(data)),
    "schema overwritten": lambda data: data[:100] + bytes(4000) + data[4100:],
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_file_is_made_again(cache: Path, kind: str) -> None:
    fill = Filling()
    reader("things", "1", fill)
    whole = (cache / FILE).read_bytes()
    (cache / FILE).write_bytes(DAMAGE[kind](whole))
    assert len(reader("things", "1", fill).all("SELECT name FROM thing")) == 500
    assert fill.times == 2
    assert (cache / FILE).read_bytes() == whole


def test_damage_in_the_middle_is_mended_when_it_is_met(cache: Path) -> None:
    fill = Filling(rows=5000)
    reader("things", "1", fill)
    whole = (cache / FILE).read_bytes()
    pages = [whole[at : at + 4096] for at in range(0, len(whole), 4096)]
    pages[3:-2:2] = [b"\xff" * 4096 for _ in pages[3:-2:2]]
    (cache / FILE).write_bytes(b"".join(pages))
    source = reader("things", "1", fill)
    assert fill.times == 1
    assert len(source.all("SELECT name FROM thing")) == 5000
    assert fill.times == 2
    assert (cache / FILE).read_bytes() == whole


def test_damage_that_cannot_be_mended_yet_is_told_each_time_and_mended_later(cache: Path) -> None:
    room = [True, False, False, True]
    fill = Filling(rows=5000)

    def filling(db: sqlite3.Connection) -> None:
        if not room.pop(0):
            raise sqlite3.OperationalError("database or disk is full")
        fill(db)

    reader("things", "1", filling)
    whole = (cache / FILE).read_bytes()
    (cache / FILE).write_bytes(whole[: 3 * 4096] + b"\xff" * (len(whole) - 5 * 4096) + whole[-2 * 4096 :])
    source = reader("things", "1", filling)
    with pytest.raises(CacheUnwritable):
        source.all("SELECT name FROM thing")
    assert len(source.all("SELECT name FROM thing")) == 5000


def test_a_wrong_statement_makes_nothing_anew(cache: Path) -> None:
    fill = Filling()
    source = reader("things", "1", fill)
    with pytest.raises(sqlite3.OperationalError):
        source.all("SELECT nothing FROM thing")
    assert fill.times == 1


def test_a_full_disk_is_no_obstacle_and_two_are_told_in_one_line(cache: Path) -> None:
    fill, full = Filling(), [True, False, True, True]

    def filling(db: sqlite3.Connection) -> None:
        if full.pop(0):
            raise sqlite3.OperationalError("database or disk is full")
        fill(db)

    assert len(reader("things", "1", filling).all("SELECT name FROM thing")) == 500
    with pytest.raises(CacheUnwritable, match="disk is full") as caught:
        reader("things", "1", filling)
    assert "\n" not in str(caught.value)
    assert not list(cache.rglob("*.part"))


def test_a_file_that_was_never_finished_is_made_again(cache: Path) -> None:
    fill = Filling()
    cache.mkdir(parents=True)
    write(cache / FILE, Filling(rows=3))
    assert len(reader("things", "1", fill).all("SELECT name FROM thing")) == 500


def test_someone_elses_database_is_replaced(cache: Path) -> None:
    cache.mkdir(parents=True)
    with sqlite3.connect(cache / FILE) as db:
        db.execute("CREATE TABLE finished (yes)")
    db.close()
    fill = Filling()
    reader("things", "1", fill)
    assert fill.times == 1


def test_a_filling_that_fails_leaves_nothing_behind(cache: Path) -> None:
    def fail(db: sqlite3.Connection) -> None:
        db.execute("CREATE TABLE thing (name TEXT)")
        raise RuntimeError("no data")

    with pytest.raises(RuntimeError, match="no data"):
        reader("things", "1", fail)
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("obstacle", ["a file is in its place", "below a file", "a folder has the name", "read-only"])
def test_a_cache_that_cannot_be_written_is_no_obstacle(cache: Path, obstacle: str) -> None:
    if obstacle == "a file is in its place":
        cache.parent.mkdir()
        cache.write_text("")
    elif obstacle == "below a file":
        cache.parent.write_text("")
    elif obstacle == "a folder has the name":
        (cache / FILE / "inside").mkdir(parents=True)
    else:
        cache.mkdir(parents=True)
        cache.chmod(0o555)
    try:
        fill = Filling()
        assert len(reader("things", "1", fill).all("SELECT name FROM thing")) == 500
        assert fill.times >= 1
        assert not list(cache.parent.rglob("*.part")) if cache.parent.is_dir() else True
    finally:
        if cache.is_dir():
            cache.chmod(0o755)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no folder here that even root cannot write")
def test_a_folder_that_nobody_may_write_is_no_obstacle(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISNAD_CACHE", "/proc/self/isnad")
    fill = Filling()
    for made in (1, 2):
        assert len(reader("things", "1", fill).all("SELECT name FROM thing")) == 500
        assert fill.times == made


def test_a_read_only_cache_is_read(cache: Path) -> None:
    reader("things", "1", Filling())
    (cache / FILE).chmod(0o444)
    cache.chmod(0o555)
    try:
        fill = Filling()
        assert len(reader("things", "1", fill).all("SELECT name FROM thing")) == 500
        assert fill.times == 0
    finally:
        cache.chmod(0o755)


def test_nothing_is_ever_written_to_it(cache: Path) -> None:
    source = reader("things", "1", Filling())
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        source.all("DELETE FROM thing")


def test_two_processes_make_it_at_once(cache: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    running = [
        subprocess.Popen([sys.executable, "-c", PROCESS], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[0].strip() for process in running]
    assert said == ["5000", "5000"]
    assert [path.name for path in cache.iterdir()] == [FILE]
    assert len(reader("things", "1", Filling()).all("SELECT name FROM thing")) == 5000


def test_threads_share_a_reader(cache: Path) -> None:
    source = reader("things", "1", Filling())
    found: list[int] = []

    def look_up() -> None:
        for i in range(100):
            found.extend(number for (number,) in source.all("SELECT number FROM thing WHERE name = ?", f"{i:050}"))

    threads = [threading.Thread(target=look_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(list(range(100)) * 4)
