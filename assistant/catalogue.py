"""What a generation knows of its files, passages and words: one SQLite file, written once, then only read.

The engine ranks; the catalogue tells what was ranked. It holds every document, every passage with its text, the spans
of its sentences and its tokens, and the *vocabulary* (`assistant.vocabulary`): the word types of each language and the
keys under which a question word finds them.

Word types and frequencies are counted per language **of the passage**: a passage is searched with the words of its
own language only, so "of how many passages" must mean passages of that language.

The text of a document is stored once, as that of its passages and of the gaps between them, and compactly
(`assistant.packing`). A passage's number is its document's and its place there: ``document << 20 | place``.

Nothing is loaded on opening: a question reads a few pages of the file, whatever its size. The file is opened
``immutable``, without locks, so many processes read it at once and a read-only disk will do.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import threading
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from assistant import frame, outlines, packing
from assistant.corpus import Document, Skipped, source
from assistant.errors import IndexDamaged, UnknownDocument
from assistant.language.sentences import Span
from assistant.language.text import Language
from assistant.loose import loose
from assistant.name_table import NameTable
from assistant.outlines import Outline
from assistant.packing import TextPacker
from assistant.postings import Postings, of_lists
from assistant.vocabulary import LANGUAGES as LANGUAGES
from assistant.vocabulary import SCHEMA_SQL as VOCABULARY_SQL
from assistant.vocabulary import LanguageStatistics, StoredType, Vocabulary
from assistant.word_list import WordList

Int32s = npt.NDArray[np.int32]
Found = TypeVar("Found")

PLACES = 1 << 20
"""Passages a document may have: more than a file of the largest size that is read can be cut into."""

SCHEMA_SQL = (
    """
CREATE TABLE dictionary (data BLOB NOT NULL);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, file TEXT NOT NULL, file_hash INTEGER NOT NULL, title BLOB NOT NULL,
    date INTEGER, outlet TEXT, url TEXT,
    language INTEGER NOT NULL, encoding TEXT, encoding_guessed INTEGER NOT NULL, sha256 BLOB NOT NULL,
    size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, passages INTEGER NOT NULL,
    title_words BLOB NOT NULL, gaps BLOB NOT NULL, author TEXT, pages BLOB, frame BLOB NOT NULL, sketch BLOB NOT NULL);
CREATE INDEX documents_by_file ON documents (file_hash);
CREATE TABLE copies (document INTEGER PRIMARY KEY, first INTEGER NOT NULL);
CREATE TABLE repeated (digests BLOB NOT NULL);
CREATE TABLE skipped (file TEXT NOT NULL, reason TEXT NOT NULL, size INTEGER, mtime_ns INTEGER, sha256 TEXT);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, language INTEGER NOT NULL, "start" INTEGER NOT NULL, titled INTEGER NOT NULL,
    outline BLOB NOT NULL, text BLOB NOT NULL);
"""
    + VOCABULARY_SQL
)

USUAL_ENCODING = "utf-8"
"""Not written down."""

# SQLite allows 32,766 parameters; longer statements only cost memory.
_CHUNK = 500
_INFO = "file, title, date, outlet, url, language, encoding, encoding_guessed, sha256, size, mtime_ns, passages, author, pages"

# An index of the names themselves would be as large as all titles together.
_NAMED = "file_hash = ? AND file = ?"


def file_hash(file: str) -> int:
    """By which a document is found; different files may have the same."""
    return zlib.crc32(file.encode("utf-8", "surrogatepass"))


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
    author: str | None = None
    pages: tuple[int, ...] = ()
    """As in `Document`."""


class RecordedFile(NamedTuple):
    """What a file looked like when it was read."""

    size: int
    mtime_ns: int
    sha256: str


class Source(NamedTuple):
    """What a document's passages were made of; ``document`` is its number, ``sha256`` the digest of its file."""

    document: int
    file: str
    sha256: bytes
    passages: int


class SkippedFile(NamedTuple):
    """A file left out, with what it looked like then; no ``sha256`` means that it could not even be opened."""

    file: str
    reason: str
    size: int | None
    mtime_ns: int | None
    sha256: str | None


class StoredPassage(NamedTuple):
    """A passage with its tokens. All offsets count from the document's start.

    ``tokens``: word type ids in order; ``token_sentences``: for each the number of its sentence, counted from 0. Both
    have shape ``(tokens,)``. ``title_tokens``: the types of the document's title, each once. ``framing``: the numbers of the
    sentences that are no part of the article (`assistant.frame`); ``headlines``: of those that are its headline.
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
    token_sentences: Int32s
    title_tokens: Int32s
    framing: frozenset[int] = frozenset()
    headlines: frozenset[int] = frozenset()

    @property
    def outline(self) -> Outline:
        """What it is ranked by."""
        return Outline(
            self.id, self.file, self.start, self.language, self.date, len(self.sentences), self.tokens, self.token_sentences,
            self.title_tokens[: 0 if self.title in self.text else None],
        )  # fmt: skip


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
        self._vocabulary = Vocabulary(loose(self._rows), loose(self._rows_in))
        self._packer: TextPacker | None = None
        self._repeated: frozenset[int] | None = None

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def files(self) -> list[str]:
        """Names of all documents, sorted."""
        return [file for (file,) in self._rows("SELECT file FROM documents ORDER BY file")]

    def documents(self) -> list[DocumentInfo]:
        """All documents without their texts, sorted by name."""
        return [_info(row) for row in self._rows(f"SELECT {_INFO} FROM documents ORDER BY file")]  # noqa: S608  (names of columns, written above)

    def recorded(self) -> dict[str, RecordedFile]:
        """Size, time and digest of every file that holds documents when it was read."""
        rows = self._rows("SELECT file, size, mtime_ns, sha256 FROM documents")
        return {source(file): RecordedFile(size, mtime_ns, sha256.hex()) for file, size, mtime_ns, sha256 in rows}

    def recorded_of(self, document: str) -> RecordedFile | None:
        """The same of the file of one document; ``None`` when there is no such document."""
        statement = f"SELECT size, mtime_ns, sha256 FROM documents WHERE {_NAMED}"  # noqa: S608  (names of columns, written above)
        rows = self._rows(statement, [file_hash(document), document])
        return next((RecordedFile(size, mtime_ns, sha256.hex()) for size, mtime_ns, sha256 in rows), None)

    def sources(self) -> list[Source]:
        """Where all documents come from, in the order of their numbers."""
        return [Source(*row) for row in self._rows("SELECT id, file, sha256, passages FROM documents ORDER BY id")]

    def document(self, file: str) -> Document:
        """One document with the text that was indexed.

        Raises:
            UnknownDocument: there is none of that name.
        """
        statement = f"SELECT {_INFO}, id, gaps FROM documents WHERE {_NAMED}"  # noqa: S608  (names of columns, written above)
        rows = self._rows(statement, [file_hash(file), file])
        if not rows:
            raise UnknownDocument(file=file)
        with self._reading():
            info, (number, gaps) = _info(rows[0][:-2]), rows[0][-2:]
            text = self._whole_text(number, packing.expand(gaps))
        return Document(text=text, **{name: value for name, value in info._asdict().items() if name != "passages"})

    def _whole_text(self, document: int, gaps: str) -> str:
        statement = 'SELECT "start", text FROM passages WHERE id BETWEEN ? AND ? ORDER BY id'
        pieces, length = [], 0
        for start, blob in self._rows(statement, [document * PLACES, (document + 1) * PLACES - 1]):
            gap, gaps = gaps[: start - length], gaps[start - length :]
            pieces += [gap, self._texts().unpack(blob)]
            length += len(gap) + len(pieces[-1])
        return "".join([*pieces, gaps])

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
            'SELECT p.id, p.language, p."start", p.outline, p.text, d.file, d.title, d.date, d.title_words, d.frame '
            "FROM passages p JOIN documents d ON d.id = p.id >> 20 WHERE p.id IN "
        )
        rows = list(self._rows_in(statement, (), ids))
        with self._reading():
            outlines = packing.unpack_runs([row[3] for row in rows])
            titles = packing.unpack_runs([row[8] for row in rows])
            parts = map(frame.unpacked, packing.unpack_runs([row[9] for row in rows]))
            unpack, repeated = self._texts().unpack, self._repeats()
            found = {
                row[0]: _passage(row[:8], unpack(row[4]), outline, title, part, repeated)
                for row, outline, title, part in zip(rows, outlines, titles, parts, strict=True)
            }
        return self._each(found, ids)

    def outlined(self, ids: Sequence[int]) -> list[Outline]:
        """What the passages of these ids are ranked by, in the order asked. Raises as `passages`."""
        statement = (
            'SELECT p.id, p.language, p."start", p.titled, p.outline, d.file, d.date, d.title_words '
            "FROM passages p JOIN documents d ON d.id = p.id >> 20 WHERE p.id IN "
        )
        rows = list(self._rows_in(statement, (), ids))
        with self._reading():
            return self._each({each.id: each for each in outlines.unpacked(rows)}, ids)

    def _each(self, found: Mapping[int, Found], ids: Sequence[int]) -> list[Found]:
        try:
            return [found[number] for number in ids]
        except KeyError as error:
            raise IndexDamaged(path=self._path, reason=f"passage {error} is not in the catalogue") from error

    def passage_ids(self, file: str) -> list[int]:
        """Ids of a document's passages in the order they stand there."""
        rows = self._rows(f"SELECT id, passages FROM documents WHERE {_NAMED}", [file_hash(file), file])  # noqa: S608  (names of columns, written above)
        return [number * PLACES + place for number, passages in rows for place in range(passages)]

    def passages_within(self, admitted: Callable[[DocumentInfo], bool]) -> frozenset[int]:
        """Ids of the passages of all documents that are ``admitted``."""
        found: set[int] = set()
        for row in self._rows(f"SELECT {_INFO}, id FROM documents"):  # noqa: S608  (names of columns, written above)
            info = _info(row[:-1])
            if admitted(info):
                found.update(range(row[-1] * PLACES, row[-1] * PLACES + info.passages))
        return frozenset(found)

    def copies(self) -> list[tuple[str, ...]]:
        """The files of documents that are copies of one another, each group and all groups sorted."""
        statement = "SELECT c.first, d.file FROM copies c JOIN documents d ON d.id = c.document ORDER BY d.file"
        found: dict[int, list[str]] = {}
        for first, file in self._rows(statement):
            found.setdefault(first, []).append(file)
        return sorted(map(tuple, found.values()))

    def repeated(self) -> frozenset[int]:
        """Digests of the lines that so many documents have that they belong to none (`frame.repeated`)."""
        with self._reading():
            return self._repeats()

    def _repeats(self) -> frozenset[int]:
        if self._repeated is None:
            gaps = packing.unpack_runs([digests for (digests,) in self._rows("SELECT digests FROM repeated")])
            self._repeated = frozenset(number for each in gaps for number in np.cumsum(each).tolist())
        return self._repeated

    def outlines(self, after: int, most: int) -> list[tuple[int, Language, Int32s]]:
        """(id, language, tokens) of the next ``most`` passages in order of their ids, those greater than ``after``."""
        statement = "SELECT id, language, outline FROM passages WHERE id > ? ORDER BY id LIMIT ?"
        rows = self._rows(statement, [after, most])
        with self._reading():
            outlines = packing.unpack_runs([row[2] for row in rows])
            return [(row[0], LANGUAGES[row[1]], _tokens(each)) for row, each in zip(rows, outlines, strict=True)]

    def statistics(self, language: Language) -> LanguageStatistics:
        """Totals of one language."""
        found = self._vocabulary.statistics(language)
        if found is None:
            raise IndexDamaged(path=self._path, reason="the catalogue holds no statistics")
        return found

    def facts(self, ids: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.void]:
        """`vocabulary.FACTS` of word types: same shape as ``ids``."""
        with self._reading():
            return self._vocabulary.facts(ids)

    def words(self, ids: Iterable[int]) -> dict[int, str]:
        """The words of types."""
        with self._reading():
            return self._vocabulary.words(ids)

    def types(self, language: Language, ids: Iterable[int]) -> dict[int, StoredType]:
        """The word types of these ids; ids of another language are left out."""
        with self._reading():
            return self._vocabulary.types(language, ids)

    def find_words(self, language: Language, words: Collection[str]) -> dict[str, StoredType]:
        """The word types that are exactly these words."""
        with self._reading():
            return self._vocabulary.find_words(language, words)

    def find(self, language: Language, family: str, keys: Collection[str]) -> list[tuple[str, int, float]]:
        """(key, word type, weight) of every word type filed under one of ``keys``."""
        with self._reading():
            return self._vocabulary.find(language, family, keys)

    def postings(self, language: Language, family: str, keys: Sequence[str]) -> Postings:
        """`find` as arrays, in the order of the keys."""
        with self._reading():
            table = self._vocabulary.table(language, family)
            return of_lists([]) if table is None else table.find(keys)

    def names(self, language: Language) -> NameTable:
        """The names of a language's passages."""
        with self._reading():
            return self._vocabulary.names(language)

    def word_list(self) -> WordList:
        """The words of all types."""
        with self._reading():
            return self._vocabulary.word_list()

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

    def _texts(self) -> TextPacker:
        if self._packer is None:
            self._packer = TextPacker(b"".join(data for (data,) in self._rows("SELECT data FROM dictionary")))
        return self._packer

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """What is stored is taken apart inside: whatever cannot be is damage."""
        try:
            yield
        except (zlib.error, UnicodeDecodeError, ValueError, LookupError, TypeError, OverflowError) as error:
            raise IndexDamaged(
                path=self._path, reason=f"a text or a list in the catalogue cannot be read: {error}"
            ) from error


def _date(ordinal: int | None) -> dt.date | None:
    return dt.date.fromordinal(ordinal) if ordinal else None


def _info(row: Sequence[Any]) -> DocumentInfo:
    file, title, date, outlet, url, language, encoding, guessed, sha256, size, mtime_ns, passages, author, pages = row
    return DocumentInfo(
        file, packing.expand(title), _date(date), outlet, url, LANGUAGES[language], encoding or USUAL_ENCODING,
        bool(guessed), sha256.hex(),
        size, mtime_ns, passages, author, tuple(packing.unpack_numbers(pages).tolist()) if pages else (),
    )  # fmt: skip


def _tokens(outline: npt.NDArray[np.int64]) -> Int32s:
    """An outline holds the number of sentences; for each the gap before it, its length and its tokens; the tokens."""
    return outline[1 + 3 * int(outline[0]) :].astype(np.int32)


_NONE: frozenset[int] = frozenset()


def _passage(
    row: Sequence[Any],
    text: str,
    outline: npt.NDArray[np.int64],
    title: npt.NDArray[np.int64],
    parts: npt.NDArray[np.int64],
    repeated: frozenset[int],
) -> StoredPassage:
    number, language, start, _, _, file, name, date = row
    count = int(outline[0])
    table = outline[1 : 1 + 3 * count]
    # A few sentences: plain numbers are quicker here than arrays.
    sentences, end = [], start
    for gap, length in zip(table[::3].tolist(), table[1::3].tolist(), strict=True):
        sentences.append(Span(end + gap, end + gap + length))
        end += gap + length
    roles = {begins: role for begins, role, digest in parts.tolist() if role < frame.Role.LINE or digest in repeated}
    ranks = {rank: roles[span.start] for rank, span in enumerate(sentences) if span.start in roles} if roles else {}
    return StoredPassage(
        id=number,
        file=file,
        start=start,
        end=start + len(text),
        language=LANGUAGES[language],
        title=packing.expand(name),
        date=_date(date),
        text=text,
        sentences=tuple(sentences),
        tokens=_tokens(outline),
        token_sentences=np.repeat(np.arange(count, dtype=np.int32), table[2::3]),
        title_tokens=title.astype(np.int32),
        framing=frozenset(rank for rank, role in ranks.items() if role != frame.Role.HEADLINE) if ranks else _NONE,
        headlines=frozenset(rank for rank, role in ranks.items() if role == frame.Role.HEADLINE) if ranks else _NONE,
    )
