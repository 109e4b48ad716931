"""Read-only SQLite files in the user's cache folder, made from data that ships with packages.

A file is named after a fingerprint of what it was made from, appears by one atomic rename, and can be deleted at any time. One that
cannot be read is made again: when it is opened, or when a page of it turns out to be damaged later on.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from platformdirs import user_cache_dir

from assistant.errors import CacheUnwritable

_AT_ONCE = 500  # parameters of one statement
_MONTH = 30 * 24 * 3600  # seconds


def cache_folder() -> Path:
    """``ISNAD_CACHE``, or the platform's cache folder for the user."""
    return Path(os.environ.get("ISNAD_CACHE") or user_cache_dir("isnad"))


def write(path: Path, fill: Callable[[sqlite3.Connection], None]) -> None:
    """Let ``fill`` write a new database and put it at ``path`` in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    os.close(descriptor)
    try:
        with contextlib.closing(sqlite3.connect(temporary)) as db:
            db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF")
            fill(db)
            db.commit()
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)


class Reader:
    """Look-ups in one such file, from any number of threads. ``remake`` writes it anew if it turns out to be damaged."""

    def __init__(self, path: Path, remake: Callable[[], Path] | None = None) -> None:
        self._db, self._remake = _opened(path), remake
        self._lock = threading.Lock()

    def all(self, sql: str, *arguments: object) -> list[tuple[str, ...]]:
        """All rows of a query."""
        with self._lock:
            try:
                return self._db.execute(sql, arguments).fetchall()
            except sqlite3.DatabaseError as error:
                # Of the others, wrong statements for one, a new file knows no better.
                if type(error) is not sqlite3.DatabaseError or self._remake is None:
                    raise
                fresh = _opened(self._remake())
                self._remake = None  # what is damaged again is no accident
                self._db.close()
                self._db = fresh
                return self._db.execute(sql, arguments).fetchall()

    def among(self, sql: str, values: Sequence[object], *before: object) -> list[Any]:
        """All rows of a query that ends in ``IN``, with any number of values after the parameters ``before``."""
        found: list[Any] = []
        for first in range(0, len(values), _AT_ONCE):
            portion = values[first : first + _AT_ONCE]
            found += self.all(f"{sql} ({','.join('?' * len(portion))})", *before, *portion)
        return found


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    # A question looks up hundreds of rows all over the file: they are read from memory that all processes share.
    db.execute("PRAGMA mmap_size = 1073741824")
    return db


def reader(name: str, fingerprint: str, fill: Callable[[sqlite3.Connection], None]) -> Reader:
    """Open the cached file of this name and fingerprint, making it first if it is missing or unreadable.

    A cache folder that cannot be written or is full is no obstacle: a temporary one serves this process.

    Raises:
        CacheUnwritable: there is no room in either.
    """
    file = f"{name}-{fingerprint}.sqlite"
    path = cache_folder() / file
    if path.is_file():
        with contextlib.suppress(sqlite3.DatabaseError):
            found = Reader(path, lambda: _made(name, file, fill))
            # Touches the header, the schema and the last page: a cut or foreign file fails here.
            if found.all("SELECT CAST(yes AS TEXT) FROM finished") == [("1",)]:
                return found
    return Reader(_made(name, file, fill), lambda: _made(name, file, fill))


def _made(name: str, file: str, fill: Callable[[sqlite3.Connection], None]) -> Path:
    path = cache_folder() / file
    # SQLite tells of a full disk in an error of its own.
    with contextlib.suppress(OSError, sqlite3.Error):
        write(path, lambda db: _finish(db, fill))
        _drop_others(name, path)
        return path
    try:
        path = Path(tempfile.mkdtemp(prefix="isnad-")) / file
        write(path, lambda db: _finish(db, fill))
    except (OSError, sqlite3.Error) as error:
        raise CacheUnwritable(path=cache_folder(), reason=str(error)) from error
    return path


def _drop_others(name: str, kept: Path) -> None:
    # Two versions of the program, or two settings, may take turns; what nobody made for a month nobody misses.
    for other in kept.parent.glob(f"{name}-*.sqlite"):
        with contextlib.suppress(OSError):
            if other != kept and other.stat().st_mtime < time.time() - _MONTH:
                other.unlink()


def _finish(db: sqlite3.Connection, fill: Callable[[sqlite3.Connection], None]) -> None:
    fill(db)
    db.execute("CREATE TABLE finished (yes INTEGER)")
    db.execute("INSERT INTO finished VALUES (1)")
