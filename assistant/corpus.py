"""A folder of articles: files to documents, documents to passages.

The folder is the truth. A `Document` holds the text of one article: of a plain text exactly as it is encoded there, of
other formats as `assistant.readers` extracts it. Every span of the program counts characters of that text. A `Passage`
is a run of whole sentences: passages cover every sentence of the document once, in order, and
``passage.text == document.text[passage.start:passage.end]``.

A file is one article, but for tables, which hold one in each row: ``news.csv#12`` is the twelfth article of
``news.csv``. `source` gives the file of any document; size, time and digest are always those of the file.

Nothing outside the folder can be reached: `locate` is the only way from a name to a path. One bad file never stops
a run: `scan` lists what it left out, `read` raises `FileRefused`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import stat
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from assistant.errors import CorpusNotFound, FileRefused
from assistant.language.dates import date_in_name
from assistant.language.text import Language, language_of
from assistant.metadata import metadata, shorten
from assistant.readers import registry, tables
from assistant.readers.base import MAX_BYTES as MAX_BYTES
from assistant.readers.base import Extracted, stands_in
from assistant.readers.registry import SUFFIXES as SUFFIXES
from assistant.readers.registry import glance as glance
from assistant.readers.registry import is_table as is_table


@dataclass(frozen=True, slots=True)
class Document:
    """One article. ``file`` is its POSIX path relative to the folder, ``text`` that of which all spans are.

    ``pages``: where each page begins, in characters of the text; empty where the file has no pages.
    """

    file: str
    text: str
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
    author: str | None = None
    pages: tuple[int, ...] = ()

    def page(self, offset: int) -> int | None:
        """The page, counted from 1, on which the character at ``offset`` stands; ``None`` where there are no pages."""
        return bisect_right(self.pages, offset) if self.pages else None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was left out, and why, in plain English."""

    file: str
    reason: str


class FileStat(NamedTuple):
    """A file of the corpus as the folder lists it: what changes when its content may have."""

    file: str
    size: int
    mtime_ns: int


def source(file: str) -> str:
    """The file that holds the document ``file``: itself, unless that is a row of a table."""
    return registry.split_row(file)[0]


def locate(folder: Path, file: str) -> Path:
    """The real path of the file of ``file``, which is inside ``folder`` once every symbolic link is followed.

    Raises:
        FileRefused: the name is absolute, climbs out, is hidden, is not of a kind that is read, or leads outside.
    """
    parts = source(file).split("/")
    if not file or "\0" in file or any(part in ("", ".", "..") for part in parts):
        raise FileRefused(file=file, reason="it is not the name of a file inside the folder")
    if any(part.startswith(".") for part in parts):
        raise FileRefused(file=file, reason="it is hidden")
    if registry.suffix(parts[-1]) not in SUFFIXES:
        raise FileRefused(file=file, reason=_not_text(file))
    try:
        root = folder.resolve()
        path = root.joinpath(*parts).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise FileRefused(file=file, reason=_cannot_open(error)) from error
    if not path.is_relative_to(root):
        raise FileRefused(file=file, reason="it is a link that leads out of the folder")
    if any(part.startswith(".") for part in path.relative_to(root).parts):
        raise FileRefused(file=file, reason="it is a link to something hidden")
    return path


def scan(folder: Path) -> tuple[list[FileStat], list[Skipped]]:
    """List the files to be read under ``folder`` and what was left out, both sorted. Hidden entries are not mentioned.

    Raises:
        CorpusNotFound: there is no such folder.
    """
    if not folder.is_dir():
        raise CorpusNotFound(path=folder)
    files: list[FileStat] = []
    skipped: list[Skipped] = []
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            with os.scandir(folder / prefix) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    name = prefix + entry.name
                    try:
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append(name + "/")
                        else:
                            files.append(_stat(folder, name, entry))
                    except FileRefused as refusal:
                        skipped.append(Skipped(_printable(name), refusal.reason))
                    except OSError as error:
                        skipped.append(Skipped(_printable(name), _cannot_open(error)))
        except OSError as error:
            skipped.append(Skipped(_printable(prefix or "./"), _cannot_open(error)))
    return sorted(files), sorted(skipped, key=lambda item: item.file)


def read(folder: Path, file: str, columns: Mapping[str, str] | None = None) -> Document:
    """Read one article, which may be a row of a table. For ``columns`` see `documents`.

    Raises:
        FileRefused: it cannot be read, there is no such row, or it is a whole table.
    """
    table, row = registry.split_row(file)
    if row is None and registry.is_table(file):
        raise FileRefused(file=file, reason="it is a table of articles, not an article")
    for found in documents(folder, table, columns):
        if row is None or found.file == file:
            if isinstance(found, Skipped):
                break
            return found
    raise FileRefused(file=file, reason="there is no such article in the table")


def documents(folder: Path, file: str, columns: Mapping[str, str] | None = None) -> Iterator[Document | Skipped]:
    """All articles of a file: the one it holds, or those of the rows of a table.

    ``columns`` says by which name a table calls the ``text``, the ``title`` and so on, where that is not a usual one.
    If rows of a table had to be left out, the last thing is a `Skipped` of the first of them, which says why and which
    others.

    Raises:
        FileRefused: the file cannot be read, or holds no article.
    """
    data, status = _content(folder, file)
    record = _Record(file, hashlib.sha256(data).hexdigest(), status)
    if not registry.is_table(file):
        yield record.document(file, registry.READERS[registry.suffix(file)].read(data, file))
        return
    left_out: list[tables.Row] = []
    found = 0
    for row in tables.rows(data, file, columns):
        if row.article is None:
            if row.reason != tables.EMPTY:
                left_out.append(row)
            continue
        found += 1
        yield record.document(f"{file}#{row.number}", row.article)
    if not found:
        raise FileRefused(file=file, reason="no row of it holds text")
    if left_out:
        first = left_out[0]
        rows = ", ".join(str(row.number) for row in left_out[1:6]) + (" …" if len(left_out) > 6 else "")
        more = f"; so were {len(left_out) - 1} more rows: {rows}" if rows else ""
        yield Skipped(f"{file}#{first.number}", f"{first.reason}{more}")


class _Record(NamedTuple):
    """What every document of a file has in common."""

    file: str
    sha256: str
    status: os.stat_result

    def document(self, file: str, article: Extracted) -> Document:
        stated = metadata(article.text, PurePosixPath(self.file).stem)
        hint = article.hint
        # Programs put anything there; what stands at the head of the text as well is its title.
        if hint and not stands_in(hint, article.text[: 1000 + 3 * len(hint)]):
            hint = None
        return Document(
            file=file,
            text=article.text,
            title=shorten(article.title or hint or "") or stated.title,
            date=article.date or stated.date or date_in_name(source(file)),
            outlet=article.outlet or stated.outlet,
            url=article.url or stated.url,
            language=language_of(article.text),
            encoding=article.encoding,
            encoding_guessed=article.guessed,
            sha256=self.sha256,
            size=self.status.st_size,
            mtime_ns=self.status.st_mtime_ns,
            author=article.author or stated.author,
            pages=article.pages,
        )


def original(folder: Path, file: str) -> bytes:
    """The file of a document as it lies in the folder now. Raises `FileRefused` as `read` does."""
    return _content(folder, file)[0]


def hash_file(folder: Path, file: str) -> str:
    """SHA-256 of the file's bytes, as `Document.sha256`. Raises `FileRefused` as `read` does."""
    return hashlib.sha256(_content(folder, file)[0]).hexdigest()


def _stat(folder: Path, name: str, entry: os.DirEntry[str]) -> FileStat:
    if entry.is_symlink() and entry.is_dir():
        raise FileRefused(file=name, reason="it is a link to another folder")
    if source(name) != name:
        raise FileRefused(file=name, reason=_not_text(name))
    if _printable(name) != name:
        raise FileRefused(file=name, reason="its name cannot be read as text")
    if registry.suffix(name) not in SUFFIXES:
        raise FileRefused(file=name, reason=_not_text(name))
    # No folder on the way here is a link, or it would not have been gone into: only the file itself may lead elsewhere.
    try:
        status = (locate(folder, name) if entry.is_symlink() else entry).stat()
    except OSError as error:
        raise FileRefused(file=name, reason=_cannot_open(error)) from error
    _check(name, status)
    return FileStat(name, status.st_size, status.st_mtime_ns)


def _check(file: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise FileRefused(file=file, reason="it is not a regular file")
    most = registry.max_bytes(file)
    if status.st_size > most:
        reason = f"it is larger than {most // 1_000_000} MB ({status.st_size // 1_000_000} MB)"
        raise FileRefused(file=file, reason=reason)


def _content(folder: Path, file: str) -> tuple[bytes, os.stat_result]:
    path, file = locate(folder, file), source(file)
    try:
        # Without O_NONBLOCK opening a FIFO waits for a writer, perhaps for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(stream.fileno())
            _check(file, status)
            return stream.read(registry.max_bytes(file) + 1), status
    except OSError as error:
        raise FileRefused(file=file, reason=_cannot_open(error)) from error


def _printable(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _not_text(file: str) -> str:
    return f"files of this kind are not read ({PurePosixPath(file).suffix.lower() or 'no extension'})"


def _cannot_open(error: Exception) -> str:
    detail = (getattr(error, "strerror", None) or str(error)).lower()
    return f"it cannot be opened ({detail})"
