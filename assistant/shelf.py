"""Putting articles into the folder and taking them out again, for readers who do it in the page.

An article is written aside and moved to its name in one step, so that nobody ever reads half of it, and never over
another. One that is taken out is not deleted: it goes to a folder of its own beside the index, and can be put back.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final, Literal, NamedTuple

from assistant import corpus, disk
from assistant.errors import FileRefused

REMOVED: Final = "removed"
"""The folder, beside the index and not in it, that holds what was taken out."""
_FROM, _ARTICLE = ".from", "article"
_TOKEN = re.compile(r"[A-Za-z0-9_]{4,32}")
_LONGEST_NAME: Final = 180  # bytes; file systems allow 255, and a number may be put after it
_COPIES: Final = 1000
_HIDDEN: Final = ".isnad-"
_BEGUN_SECONDS: Final = 60.0
# Characters that other file systems refuse, or that turn the text of a name around.
_UNFIT = re.compile('[\\x00-\\x1f\\x7f-\\x9f<>:"/\\\\|?*\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u2028\u2029]')


class Shelved(NamedTuple):
    """``file`` is where the article stands now; ``same``: it was there already, word for word."""

    file: str
    state: Literal["added", "same"]


class Shelf:
    """The folder ``articles`` as something that can be added to; ``aside`` is where removed articles go."""

    def __init__(self, articles: Path, aside: Path, reserve_mb: int = 256) -> None:
        self._articles = articles
        self._removed = aside
        self._reserve = reserve_mb << 20

    def add(self, name: str, data: bytes) -> Shelved:
        """Put an article into the folder, under ``name`` or one like it.

        Raises:
            FileRefused: it is not an article that can be read, it is too large, or it cannot be written.
        """
        file = fit_name(name)
        if len(data) > corpus.MAX_BYTES:
            raise FileRefused(file=file, reason=f"it is larger than {corpus.MAX_BYTES // 1_000_000} MB")
        corpus.glance(data, file)
        digest = hashlib.sha256(data).digest()
        with _written(file):
            if shutil.disk_usage(self._articles).free < len(data) + self._reserve:
                raise FileRefused(file=file, reason="the disk is nearly full")
            with _aside(self._articles) as written:
                with written.open("wb") as stream:
                    stream.write(data)
                    stream.flush()
                    os.fsync(stream.fileno())
                for other in _names(file):
                    target = self._articles / other
                    try:
                        _publish(written, target)
                    except FileExistsError:
                        if _holds(target, len(data), digest):
                            return Shelved(other, "same")
                    else:
                        return Shelved(other, "added")
        raise FileRefused(file=file, reason="there are too many files of this name")

    def holds(self, file: str) -> bool:
        """Whether there is such an article in the folder."""
        try:
            return corpus.locate(self._articles, file).is_file()
        except (FileRefused, OSError):
            return False

    def remove(self, file: str) -> str:
        """Take an article out; returns what `restore` needs to put it back.

        Raises:
            FileRefused: there is no such article in the folder, or it cannot be moved.
        """
        if corpus.source(file) != file:
            raise FileRefused(
                file=file, reason=f"it is a row of {corpus.source(file)}, which can only be removed as a whole"
            )
        corpus.locate(self._articles, file)
        with _written(file):
            self._removed.mkdir(parents=True, exist_ok=True)
            kept = Path(tempfile.mkdtemp(dir=self._removed))
            try:
                (kept / _FROM).write_text(file, encoding="utf-8")
                # A link is moved as a link: what it leads to stays where it is.
                shutil.move(self._articles.joinpath(*file.split("/")), kept / _ARTICLE)
            except OSError:
                shutil.rmtree(kept, ignore_errors=True)
                raise
            return kept.name

    def restore(self, token: str) -> str:
        """Put back what `remove` took out, unless its place is taken; returns the file.

        Raises:
            FileRefused: nothing was removed under this token, or it cannot be put back.
        """
        if not _TOKEN.fullmatch(token):
            raise FileRefused(file="?", reason="there is nothing to put back")
        kept = self._removed / token
        try:
            file = (kept / _FROM).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise FileRefused(file="?", reason="there is nothing to put back") from error
        with _written(file):
            target = self._articles.joinpath(*file.split("/"))
            target.parent.mkdir(parents=True, exist_ok=True)
            with _aside(target.parent) as copy:
                if (kept / _ARTICLE).is_symlink():
                    copy.unlink()  # a link cannot be written over a file
                shutil.copy2(kept / _ARTICLE, copy, follow_symlinks=False)
                try:
                    _publish(copy, target)
                except FileExistsError as error:
                    raise FileRefused(file=file, reason="another file has taken its name") from error
            shutil.rmtree(kept, ignore_errors=True)
        return file


def fit_name(name: str) -> str:
    """A file name made of what a stranger called it: its last part, without what file systems or readers trip over.

    Raises:
        FileRefused: nothing is left of it, or it is not the name of a file that is read.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1].encode("utf-8", "replace").decode("utf-8")
    fit = _UNFIT.sub("", unicodedata.normalize("NFC", last))
    plain = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in fit)
    kept = unicodedata.normalize("NFC", plain).strip(" .")  # what was apart may stand together now
    path = PurePosixPath(kept or "?")
    stem, suffix = path.stem.strip(" ."), path.suffix
    # Before the name is cut: an extension that is none may be longer than any name.
    if suffix.lower() not in corpus.SUFFIXES or not stem:
        shown, kind = kept[:80] or "?", suffix.lower()[:20] or "no extension"
        raise FileRefused(file=shown, reason=f"files of this kind are not read ({kind})")
    short = stem.encode()[: _LONGEST_NAME - len(suffix.encode())].decode("utf-8", "ignore")
    return short.rstrip(" .") + suffix


def _names(file: str) -> Iterable[str]:
    """The name itself, then ``name (2).txt``, ``name (3).txt`` ..."""
    path = PurePosixPath(file)
    yield file
    for number in range(2, _COPIES):
        yield f"{path.stem} ({number}){path.suffix}"


def _holds(path: Path, size: int, digest: bytes) -> bool:
    if not path.is_file() or path.stat().st_size != size:
        return False
    return hashlib.sha256(path.read_bytes()).digest() == digest


@contextlib.contextmanager
def _written(file: str) -> Iterator[None]:
    """What the system refuses is said of ``file``."""
    try:
        yield
    except OSError as error:
        raise FileRefused(
            file=file, reason=f"it cannot be written ({error.strerror or type(error).__name__})"
        ) from error


@contextlib.contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A hidden, empty file in ``folder`` for what is still being written; whatever is left of it goes at the end.

    It is locked for so long: one that is not was left by a process that was killed, and goes with the next.
    """
    _sweep(folder)
    path = folder / f"{_HIDDEN}{secrets.token_hex(8)}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with contextlib.suppress(OSError):  # a file system without locks: then nothing is swept there either
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield path
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove what killed processes have left in ``folder``: what nobody has locked, a minute after it was begun."""
    for path in folder.glob(f"{_HIDDEN}*"):
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if abs(time.time() - os.fstat(descriptor).st_ctime) > _BEGUN_SECONDS:
                    path.unlink()
            finally:
                os.close(descriptor)


def _publish(written: Path, target: Path) -> None:
    """Give a finished file its name, in one step and over no other. Raises ``FileExistsError``."""
    try:
        os.link(written, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK):
            raise
        # A file system without links: the name is taken first, then filled in one step.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            os.replace(written, target)
        except OSError:
            target.unlink(missing_ok=True)
            raise
    disk.sync_folder(target.parent)
