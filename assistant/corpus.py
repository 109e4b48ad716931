"""A folder of articles: files to documents, documents to passages.

The folder is the truth. A `Document` holds the text of one file exactly as it is encoded there, and every span of the
program counts characters of that text. A `Passage` is a run of whole sentences: passages cover every sentence of
the document once, in order, and ``passage.text == document.text[passage.start:passage.end]``.

Nothing outside the folder can be reached: `locate` is the only way from a name to a path. One bad file never stops
a run: `scan` lists what it left out, `read` raises `FileRefused`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from assistant.decoding import decode
from assistant.errors import CorpusNotFound, FileRefused
from assistant.language.sentences import Span, count_words, sentences
from assistant.language.text import Language, language_of
from assistant.metadata import metadata

SUFFIXES = (".txt", ".text", ".md")
MAX_BYTES = 20_000_000
TARGET_WORDS = 120
MAX_WORDS = 220
_LANGUAGE_RUN_WORDS = 25
"""A run of paragraphs in the other language must be this long to begin a passage of its own."""


@dataclass(frozen=True, slots=True)
class Document:
    """One article. ``text`` is the decoded file, newlines kept; ``file`` its POSIX path relative to the folder."""

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


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of a document: ``document.text[start:end]``. All spans count from the start of the document."""

    file: str
    start: int
    end: int
    text: str
    language: Language
    sentences: tuple[Span, ...]
    ordinal: int
    title: str
    date: dt.date | None


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


def locate(folder: Path, file: str) -> Path:
    """The real path of ``file``, which is inside ``folder`` once every symbolic link is followed.

    Raises:
        FileRefused: the name is absolute, climbs out, is hidden, is not of a text file, or leads outside.
    """
    parts = file.split("/")
    if not file or "\0" in file or any(part in ("", ".", "..") for part in parts):
        raise FileRefused(file=file, reason="it is not the name of a file inside the folder")
    if any(part.startswith(".") for part in parts):
        raise FileRefused(file=file, reason="it is hidden")
    if PurePosixPath(file).suffix.lower() not in SUFFIXES:
        raise FileRefused(file=file, reason=_not_text(file))
    try:
        root = folder.resolve()
        path = root.joinpath(*parts).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise FileRefused(file=file, reason=_cannot_open(error)) from error
    if not path.is_relative_to(root):
        raise FileRefused(file=file, reason="it is a link that leads out of the folder")
    return path


def scan(folder: Path) -> tuple[list[FileStat], list[Skipped]]:
    """List the text files under ``folder`` and what was left out, both sorted. Hidden entries are not mentioned.

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
            skipped.append(Skipped(_printable(prefix or "./"), _cannot_open(error)))
    return sorted(files), sorted(skipped, key=lambda item: item.file)


def read(folder: Path, file: str) -> Document:
    """Read one article.

    Raises:
        FileRefused: it cannot be read, or its content is not text.
    """
    data, status = _content(folder, file)
    decoded = decode(data, file)
    language = language_of(decoded.text)
    stated = metadata(decoded.text, PurePosixPath(file).stem)
    return Document(
        file=file,
        text=decoded.text,
        title=stated.title,
        date=stated.date,
        outlet=stated.outlet,
        url=stated.url,
        language=language,
        encoding=decoded.encoding,
        encoding_guessed=decoded.guessed,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        mtime_ns=status.st_mtime_ns,
    )


def hash_file(folder: Path, file: str) -> str:
    """SHA-256 of the file's bytes, as `Document.sha256`. Raises `FileRefused` as `read` does."""
    return hashlib.sha256(_content(folder, file)[0]).hexdigest()


def passages(document: Document, target_words: int = TARGET_WORDS, max_words: int = MAX_WORDS) -> list[Passage]:
    """Cut ``document`` into passages of about ``target_words``, at most ``max_words`` unless one sentence is longer."""
    text = document.text
    spans = sentences(text)
    words = [max(1, count_words(text[span.start : span.end])) for span in spans]
    groups: list[tuple[int, int]] = []
    for start, end in _language_runs(text, spans, words):
        groups.extend(_group(text, spans, words, start, end, target_words, max_words))
    result: list[Passage] = []
    for ordinal, (first, last) in enumerate(groups):
        start, end = spans[first].start, spans[last - 1].end
        content = text[start:end]
        result.append(
            Passage(
                file=document.file,
                start=start,
                end=end,
                text=content,
                language=language_of(content),
                sentences=tuple(spans[first:last]),
                ordinal=ordinal,
                title=document.title,
                date=document.date,
            )
        )
    return result


def _language_runs(text: str, spans: list[Span], words: list[int]) -> list[tuple[int, int]]:
    """Cut the sentences where paragraph after paragraph changes language; a name or a caption does not count."""
    runs: list[tuple[Language, int, int, int]] = []
    for index, span in enumerate(spans):
        language = language_of(text[span.start : span.end])
        if runs and (runs[-1][0] == language or "\n" not in text[spans[index - 1].end : span.start]):
            kind, start, _, number = runs[-1]
            runs[-1] = (kind, start, index + 1, number + words[index])
        else:
            runs.append((language, index, index + 1, words[index]))
    merged: list[tuple[Language, int, int, int]] = []
    for run in runs:
        if merged and (run[0] == merged[-1][0] or min(run[3], merged[-1][3]) < _LANGUAGE_RUN_WORDS):
            kind = merged[-1][0] if merged[-1][3] >= run[3] else run[0]
            merged[-1] = (kind, merged[-1][1], run[2], merged[-1][3] + run[3])
        else:
            merged.append(run)
    return [(start, end) for _, start, end, _ in merged]


def _group(
    text: str, spans: list[Span], words: list[int], start: int, end: int, target: int, most: int
) -> list[tuple[int, int]]:
    """Group sentences ``start`` up to ``end``, breaking where the size is right and a paragraph ends."""
    groups: list[tuple[int, int]] = []
    remaining = sum(words[start:end])
    while remaining > most:
        aim = remaining / max(2, round(remaining / target))
        best, best_cost, size = start + 1, float("inf"), 0
        for index in range(start, end - 1):
            size += words[index]
            if size > most and index > start:
                break
            gap = text[spans[index].end : spans[index + 1].start]
            cost = abs(size - aim) / aim
            cost += 0.0 if gap.count("\n") > 1 else 0.15 if "\n" in gap or "\r" in gap else 0.4
            if remaining - size < 0.4 * target:
                cost += 1
            if cost < best_cost:
                best, best_cost = index + 1, cost
        groups.append((start, best))
        remaining -= sum(words[start:best])
        start = best
        if end - start == 1:
            break
    if start < end:
        groups.append((start, end))
    return groups


def _stat(folder: Path, name: str, entry: os.DirEntry[str]) -> FileStat:
    if entry.is_symlink() and entry.is_dir():
        raise FileRefused(file=name, reason="it is a link to another folder")
    if _printable(name) != name:
        raise FileRefused(file=name, reason="its name cannot be read as text")
    path = locate(folder, name)
    try:
        status = path.stat()
    except OSError as error:
        raise FileRefused(file=name, reason=_cannot_open(error)) from error
    _check(name, status)
    return FileStat(name, status.st_size, status.st_mtime_ns)


def _check(file: str, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise FileRefused(file=file, reason="it is not a regular file")
    if status.st_size > MAX_BYTES:
        reason = f"it is larger than {MAX_BYTES // 1_000_000} MB ({status.st_size // 1_000_000} MB)"
        raise FileRefused(file=file, reason=reason)


def _content(folder: Path, file: str) -> tuple[bytes, os.stat_result]:
    path = locate(folder, file)
    try:
        # Without O_NONBLOCK opening a FIFO waits for a writer, perhaps for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(stream.fileno())
            _check(file, status)
            return stream.read(MAX_BYTES + 1), status
    except OSError as error:
        raise FileRefused(file=file, reason=_cannot_open(error)) from error


def _printable(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _not_text(file: str) -> str:
    return f"it is not a text file ({PurePosixPath(file).suffix.lower() or 'no extension'})"


def _cannot_open(error: Exception) -> str:
    detail = (getattr(error, "strerror", None) or str(error)).lower()
    return f"it cannot be opened ({detail})"
