"""The vectors of passages that have been paid for, kept in one SQLite file of the index folder.

It outlives generations: an interrupted build, a changed file, a passage that comes back pay only for what is new. A vector is
kept under the digest of its text and of all that decided it (`Embedding.digest`), in half precision, as the engine holds it. The
file is a cache: what cannot be read is embedded again. Only the process that holds the builder's lock touches it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant.embedding import Vector

FILE = "vectors.sqlite"

_CHUNK = 500
_NORM = 0.01  # how far the length of a kept unit vector may be off: half precision, and many dimensions


class KeptVectors:
    """The file, opened for reading and writing. A damaged one is begun anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # the folder or the disk; the file may be sound
            self._begin_anew()

    def _open(self) -> None:
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        self._connection.execute("CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, vector BLOB NOT NULL)")

    def _begin_anew(self) -> None:
        self._connection.close()
        for path in (self._path, self._path.with_name(self._path.name + "-journal")):
            path.unlink(missing_ok=True)
        self._open()

    def missing(self, digests: Sequence[bytes]) -> set[bytes]:
        """Those of ``digests`` of which no sound vector is kept."""
        try:
            return set(digests) - {digest for digest, _ in self._sound(digests)}
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self._begin_anew()
            return set(digests)

    def dimensions(self, digests: Sequence[bytes]) -> int | None:
        """How long the first sound vector kept under ``digests`` is; ``None`` when there is none."""
        return next((len(vector) for _, vector in self._sound(digests)), None)

    def get(self, digests: Sequence[bytes]) -> list[Vector]:
        """The vectors kept under ``digests``, in their order. Raises `KeyError` when one is not there."""
        found = dict(self._sound(digests))
        return [found[digest] for digest in digests]

    def put(self, digests: Sequence[bytes], vectors: Sequence[Vector]) -> None:
        """Keep unit vectors; they are durable when this returns."""
        rows = [(digest, vector.astype("<f2").tobytes()) for digest, vector in zip(digests, vectors, strict=True)]
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)
        self._connection.execute("COMMIT")

    def _sound(self, digests: Sequence[bytes]) -> Iterator[tuple[bytes, Vector]]:
        for start in range(0, len(digests), _CHUNK):
            few = digests[start : start + _CHUNK]
            marks = ", ".join("?" * len(few))
            statement = f"SELECT digest, vector FROM vectors WHERE digest IN ({marks})"  # noqa: S608  (question marks)
            for digest, blob in self._connection.execute(statement, few):
                if len(blob) % 2 == 0 and abs(np.linalg.norm(vector := _vector(blob)) - 1) < _NORM:
                    yield digest, vector

    def drop_unused(self, used: set[bytes]) -> int:
        """Once more than half of what is kept is no longer used, drop that part; returns how much was dropped.

        Sooner would make whoever tries another model, or takes an article out and puts it back, pay twice.
        """
        (kept,) = self._connection.execute("SELECT count(*) FROM vectors").fetchone()
        if kept <= 2 * len(used):
            return 0
        with contextlib.closing(self._connection.execute("SELECT digest FROM vectors")) as rows:
            gone = [(digest,) for (digest,) in rows if digest not in used]
        self._connection.execute("BEGIN")
        self._connection.executemany("DELETE FROM vectors WHERE digest = ?", gone)
        self._connection.execute("COMMIT")
        self._connection.execute("VACUUM")
        return len(gone)

    def close(self) -> None:
        self._connection.close()


def _vector(blob: bytes) -> Vector:
    return np.frombuffer(blob, "<f2").astype(np.float32)
