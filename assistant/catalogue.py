"""What a generation knows of its files, passages and words: one SQLite file, written once, then only read.

The engine ranks; the catalogue tells what was ranked. It holds every document with its text, every passage with the
spans of its sentences and tokens, and the *vocabulary*: each word type of each language with its document frequency,
and the keys (stems, lemmas, spellings of names ...) under which a question word finds it.

Word types and frequencies are counted per language **of the passage**: a passage is searched with the words of its
own language only, so "of how many passages" must mean passages of that language.

Nothing is loaded on opening: a question reads a few pages of the file, whatever its size. The file is opened
``immutable``, without locks, so many processes read it at once and a read-only disk will do.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.corpus import Document, Skipped
from assistant.errors import IndexDamaged, UnknownDocument
from assistant.language.sentences import Span
from assistant.language.text import Language

INT32 = np.dtype("<i4")
Int32s = npt.NDArray[np.int32]
CODES: dict[Language, int] = {"ar": 0, "en": 1}
LANGUAGES: tuple[Language, ...] = ("ar", "en")

SCHEMA_SQL = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, title TEXT NOT NULL, date TEXT, outlet TEXT, url TEXT,
    language INTEGER NOT NULL, encoding TEXT NOT NULL, encoding_guessed INTEGER NOT NULL, sha256 TEXT NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, passages INTEGER NOT NULL, text BLOB NOT NULL);
CREATE TABLE skipped (file TEXT NOT NULL, reason TEXT NOT NULL, size INTEGER, mtime_ns INTEGER, sha256 TEXT);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    language INTEGER NOT NULL, text TEXT NOT NULL, sentences BLOB NOT NULL,
    tokens BLOB NOT NULL, token_starts BLOB NOT NULL, token_ends BLOB NOT NULL);
CREATE INDEX passages_of_document ON passages (document);
CREATE TABLE types (
    id INTEGER PRIMARY KEY, language INTEGER NOT NULL, word TEXT NOT NULL, unit INTEGER NOT NULL,
    df INTEGER NOT NULL, stop INTEGER NOT NULL, flags INTEGER NOT NULL, UNIQUE (language, word));
CREATE TABLE keys (
    language INTEGER NOT NULL, family TEXT NOT NULL, key TEXT NOT NULL, type INTEGER NOT NULL, weight REAL NOT NULL,
    PRIMARY KEY (language, family, key, type)) WITHOUT ROWID;
CREATE TABLE statistics (
    language INTEGER PRIMARY KEY, passages INTEGER NOT NULL, tokens INTEGER NOT NULL, types INTEGER NOT NULL);
INSERT INTO statistics VALUES (0, 0, 0, 0), (1, 0, 0, 0);
"""

# SQLite allows 32,766 parameters; longer statements only cost memory.
_CHUNK = 500
_INFO = "file, title, date, outlet, url, language, encoding, encoding_guessed, sha256, size, mtime_ns, passages"


class DocumentInfo(NamedTuple):
    """A document without its text; ``passages`` is how many it was cut into."""

    file: str
    title: str
    date: dt.date | None
    outlet: str | None
    url: str | None
    language: Language
    encoding: str
    encoding_guessed: bool
    sha256: str
    size: int
    mtime_ns: int
    passages: int


class RecordedFile(NamedTuple):
    """What a file looked like when it was read."""

    size: int
    mtime_ns: int
    sha256: str


class SkippedFile(NamedTuple):
    """A file left out, with what it looked like then; no ``sha256`` means that it could not even be opened."""

    file: str
    reason: str
    size: int | None
    mtime_ns: int | None
    sha256: str | None


class StoredPassage(NamedTuple):
    """A passage with its tokens. All offsets count from the document's start; ``tokens`` are word type ids.

    Two tokens may stand at the same place (a Roman numeral is also a number).
    """

    id: int
    file: str
    start: int
    end: int
    language: Language
    title: str
    date: dt.date | None
    text: str
    sentences: tuple[Span, ...]
    tokens: Int32s
    token_starts: Int32s
    token_ends: Int32s


class StoredType(NamedTuple):
    """A word type: ``df`` passages of its language hold it; ``unit`` is its term in the engine's vectors."""

    id: int
    word: str
    unit: int
    df: int
    stop: bool
    flags: int


class LanguageStatistics(NamedTuple):
    """Totals over the passages of one language."""

    passages: int
    tokens: int
    types: int


class Catalogue:
    """A catalogue opened for reading, for any number of threads.

    One connection under one lock: look-ups take tens of microseconds, so threads hardly wait, and a single open file
    goes on answering after a newer index has replaced and removed this one, which opening per thread would not.

    Every method raises `IndexDamaged` when the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            self._connection.execute("PRAGMA mmap_size = 1073741824")
        except sqlite3.Error as error:
            raise IndexDamaged(path=path, reason=f"the catalogue cannot be opened: {error}") from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def files(self) -> list[str]:
        """Names of all documents, sorted."""
        return [file for (file,) in self._rows("SELECT file FROM documents ORDER BY file")]

    def documents(self) -> list[DocumentInfo]:
        """All documents without their texts, sorted by name."""
        return [_info(row) for row in self._rows(f"SELECT {_INFO} FROM documents ORDER BY file")]  # noqa: S608

    def recorded(self) -> dict[str, RecordedFile]:
        """Size, time and digest of every document when it was read."""
        rows = self._rows("SELECT file, size, mtime_ns, sha256 FROM documents")
        return {file: RecordedFile(*rest) for file, *rest in rows}

    def document(self, file: str) -> Document:
        """One document with the text that was indexed.

        Raises:
            UnknownDocument: there is none of that name.
        """
        rows = self._rows(f"SELECT {_INFO}, text FROM documents WHERE file = ?", [file])  # noqa: S608
        if not rows:
            raise UnknownDocument(file=file)
        info, text = _info(rows[0][:-1]), self._text(rows[0][-1])
        return Document(text=text, **{name: value for name, value in info._asdict().items() if name != "passages"})

    def skipped(self) -> list[Skipped]:
        """Files that were left out, sorted by name."""
        return [Skipped(item.file, item.reason) for item in self.skipped_files()]

    def skipped_files(self) -> list[SkippedFile]:
        """The same, with what a later look at the folder is compared with."""
        return [
            SkippedFile(*row)
            for row in self._rows("SELECT file, reason, size, mtime_ns, sha256 FROM skipped ORDER BY file")
        ]

    def passages(self, ids: Sequence[int]) -> list[StoredPassage]:
        """The passages of these ids, in the order asked.

        Raises:
            IndexDamaged: one is not there; the ids come from the engine beside this file, which holds the same ones.
        """
        statement = (
            'SELECT p.id, d.file, p."start", p."end", p.language, d.title, d.date, p.text, p.sentences, p.tokens, '
            "p.token_starts, p.token_ends FROM passages p JOIN documents d ON d.id = p.document WHERE p.id IN "
        )
        found = {row[0]: _passage(row) for row in self._rows_in(statement, (), ids)}
        try:
            return [found[number] for number in ids]
        except KeyError as error:
            raise IndexDamaged(path=self._path, reason=f"passage {error} is not in the catalogue") from error

    def passage_ids(self, file: str) -> list[int]:
        """Ids of a document's passages in the order they stand there."""
        statement = (
            "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document WHERE d.file = ? "
            'ORDER BY p."start", p."end"'
        )
        return [number for (number,) in self._rows(statement, [file])]

    def statistics(self, language: Language) -> LanguageStatistics:
        """Totals of one language."""
        rows = self._rows("SELECT passages, tokens, types FROM statistics WHERE language = ?", [CODES[language]])
        if not rows:
            raise IndexDamaged(path=self._path, reason="the catalogue holds no statistics")
        return LanguageStatistics(*rows[0])

    def types(self, language: Language, ids: Iterable[int]) -> dict[int, StoredType]:
        """The word types of these ids; ids of another language are left out."""
        statement = "SELECT id, word, unit, df, stop, flags FROM types WHERE language = ? AND id IN "
        wanted = sorted({int(number) for number in ids})
        return {row[0]: _type(row) for row in self._rows_in(statement, (CODES[language],), wanted)}

    def find_words(self, language: Language, words: Collection[str]) -> dict[str, StoredType]:
        """The word types that are exactly these words."""
        statement = "SELECT id, word, unit, df, stop, flags FROM types WHERE language = ? AND word IN "
        return {row[1]: _type(row) for row in self._rows_in(statement, (CODES[language],), sorted(set(words)))}

    def find(self, language: Language, family: str, keys: Collection[str]) -> list[tuple[str, int, float]]:
        """(key, word type, weight) of every word type filed under one of ``keys``."""
        statement = "SELECT key, type, weight FROM keys WHERE language = ? AND family = ? AND key IN "
        return list(self._rows_in(statement, (CODES[language], family), sorted(set(keys))))

    def _rows_in(self, statement: str, before: tuple[Any, ...], values: Sequence[Any]) -> Iterator[Any]:
        """``statement (?, ?, ...)`` over ``values`` in bounded portions."""
        for first in range(0, len(values), _CHUNK):
            portion = values[first : first + _CHUNK]
            yield from self._rows(f"{statement}({','.join('?' * len(portion))})", [*before, *portion])

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            with self._lock:
                return self._connection.execute(statement, values).fetchall()
        except sqlite3.ProgrammingError:
            raise  # a closed catalogue or a wrong statement is a mistake in the calling code
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise IndexDamaged(path=self._path, reason=f"the catalogue cannot be read: {error}") from error

    def _text(self, blob: bytes) -> str:
        try:
            return unpack(blob)
        except (zlib.error, UnicodeDecodeError) as error:
            raise IndexDamaged(path=self._path, reason=f"a text in the catalogue cannot be read: {error}") from error


def pack(text: str) -> bytes:
    """A document's text as it is stored."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"))


def unpack(blob: bytes) -> str:
    return zlib.decompress(blob).decode("utf-8", "surrogatepass")


def _date(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _info(row: Sequence[Any]) -> DocumentInfo:
    file, title, date, outlet, url, language, encoding, guessed, *rest = row
    return DocumentInfo(file, title, _date(date), outlet, url, LANGUAGES[language], encoding, bool(guessed), *rest)


def _type(row: Sequence[Any]) -> StoredType:
    number, word, unit, df, stop, flags = row
    return StoredType(number, word, unit, df, bool(stop), flags)


def _passage(row: Sequence[Any]) -> StoredPassage:
    number, file, start, end, language, title, date, text, sentences, tokens, starts, ends = row
    spans = (np.frombuffer(sentences, INT32) + start).tolist()
    return StoredPassage(
        id=number,
        file=file,
        start=start,
        end=end,
        language=LANGUAGES[language],
        title=title,
        date=_date(date),
        text=text,
        sentences=tuple(map(Span, spans[::2], spans[1::2])),
        tokens=np.frombuffer(tokens, INT32),
        token_starts=np.frombuffer(starts, INT32) + np.int32(start),
        token_ends=np.frombuffer(ends, INT32) + np.int32(start),
    )
