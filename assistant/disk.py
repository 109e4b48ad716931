"""Files that are mostly holes, and files that must survive a power cut.

The engine preallocates pages of 32 MB that hold a few kilobytes. `digest` and `copy_file` read only what is really
there, and treat a hole and written zeros alike, so a copy on another file system has the same digest.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

_BLOCK = 1 << 16
_ZEROS = bytes(_BLOCK)


def _blocks(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(offset, bytes) of every 64 KiB block that is not all zeros, in order."""
    descriptor, size = file.fileno(), os.fstat(file.fileno()).st_size
    offset = 0
    while offset < size:
        offset = _next_data(descriptor, offset, size) // _BLOCK * _BLOCK
        if offset >= size:
            return
        block = os.pread(descriptor, _BLOCK, offset)
        if not block:
            return
        if block != _ZEROS[: len(block)]:
            yield offset, block
        offset += _BLOCK


def _next_data(descriptor: int, offset: int, size: int) -> int:
    """Where data begins at or after ``offset``; ``size`` when only a hole is left. Without support, here."""
    try:
        return os.lseek(descriptor, offset, os.SEEK_DATA)
    except AttributeError:
        return offset
    except OSError as error:
        if error.errno == errno.ENXIO:
            return size
        if error.errno in (errno.EINVAL, errno.ENOTSUP):
            return offset
        raise


def trim(path: Path, least: int) -> None:
    """Cut off the zeros at the end of a file, to whole blocks of 64 KiB; it keeps at least ``least`` bytes."""
    end = least
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        for offset, block in _blocks(file):
            end = max(end, offset + len(block))
    if end < size:
        os.truncate(path, end)


def digest(path: Path) -> str:
    """SHA-256 of a file's size and of its non-zero blocks with their places."""
    state = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        state.update(os.fstat(file.fileno()).st_size.to_bytes(8, "big"))
        for offset, block in _blocks(file):
            state.update(offset.to_bytes(8, "big"))
            state.update(block)
    return state.hexdigest()


def allocated(path: Path) -> int:
    """Bytes a file really takes on the disk."""
    return path.stat().st_blocks * 512


def regular_files(folder: Path) -> list[Path]:
    """Every file below ``folder``, sorted, without the short-lived ones the engine makes while it opens."""
    found = []
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(where, name) for name in names]
    return sorted(found)


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder file by file, holes kept; the copy is private and writable."""
    target.mkdir(parents=True, exist_ok=True)
    for path in regular_files(source):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy_file(path, copy)


def copy_file(source: Path, target: Path) -> None:
    """Copy the content of one file, holes kept."""
    with source.open("rb", buffering=0) as old, target.open("wb", buffering=0) as new:
        for offset, block in _blocks(old):
            if os.pwrite(new.fileno(), block, offset) != len(block):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        os.ftruncate(new.fileno(), os.fstat(old.fileno()).st_size)


def sync_tree(folder: Path) -> None:
    """Make every file and folder below ``folder``, and itself, durable."""
    folders, files = [], []
    for where, _, names in os.walk(folder):
        folders.append(Path(where))
        files += [Path(where, name) for name in names]
    # Together, because the file system writes its journal once for all that wait for it.
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(_sync, files))
        list(pool.map(_sync, folders))


def replace(path: Path, text: str, mode: int | None = None) -> None:
    """Write ``text`` to ``path`` so that it holds, at every moment and after a power cut, the old text or the new.

    With a ``mode`` nobody whom it leaves out could ever read it. Two processes must not replace a file at the same time: what is
    written aside has one name, so that whatever a killed one has left is gone with the next.
    """
    aside = path.with_name(f".{path.name}.new")
    try:
        if mode is not None:
            aside.unlink(missing_ok=True)
            os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode))
        with aside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def move(source: Path, target: Path) -> None:
    """Rename within one folder, durably."""
    os.rename(source, target)
    _sync(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable."""
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
