"""What has changed in the folder since it was indexed.

A file is *trusted* to be unchanged when its size and time are those recorded, as version control systems do, unless
it was written so shortly before it was read that a later change could carry the same time. Whatever is not trusted is
hashed, and only another content counts as a change: a file that was merely touched costs its reading, no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.catalogue import Catalogue, RecordedFile, SkippedFile
from assistant.corpus import FileStat, Skipped, hash_file, source
from assistant.errors import FileRefused

# File systems note times in steps: FAT in two seconds, most others in milliseconds or less.
_CLOCK_STEP_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Changes:
    """The folder against the catalogue. ``skipped`` is the whole new list, as far as it is known without reading."""

    added: tuple[FileStat, ...]
    changed: tuple[FileStat, ...]
    removed: tuple[str, ...]
    touched: tuple[FileStat, ...]
    """Other size or time on record, same content."""
    unchanged: int
    """How many files with documents stay, the touched ones among them."""
    skipped: tuple[SkippedFile, ...]
    skipped_differ: bool

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.skipped_differ)


def everything(files: Iterable[FileStat], refused: Iterable[Skipped]) -> Changes:
    """The changes that build an index from nothing."""
    return Changes(tuple(files), (), (), (), 0, tuple(map(_unseen, refused)), skipped_differ=True)


def compare(
    folder: Path, files: Iterable[FileStat], refused: Iterable[Skipped], catalogue: Catalogue, started_ns: int | None
) -> Changes:
    """Compare a scan of ``folder`` with what ``catalogue`` recorded.

    ``started_ns`` is when the recorded reading began; ``None`` trusts no size and time at all, and hashes every file.
    """
    recorded = catalogue.recorded()
    before = {item.file: item for item in catalogue.skipped_files()}
    rows: dict[str, list[SkippedFile]] = {}
    for item in before.values():
        rows.setdefault(source(item.file), []).append(item)
    added, changed, touched = [], [], []
    skipped = [_unseen(item) for item in refused]
    unchanged = 0
    for stat in files:
        known = recorded.pop(stat.file, None)
        left_out = before.get(stat.file)
        if known is not None:
            if _trusted(stat, known, started_ns):
                unchanged += 1
            elif _hash(folder, stat.file) == known.sha256:
                unchanged += 1
                if (stat.size, stat.mtime_ns) != (known.size, known.mtime_ns):
                    touched.append(stat)
            else:
                changed.append(stat)
                continue
            # Rows of a table that were left out, while others were read.
            skipped += rows.get(stat.file, [])
        elif left_out is not None and _still_left_out(folder, stat, left_out, started_ns):
            skipped.append(left_out)
        else:
            added.append(stat)
    listed = {(item.file, item.reason) for item in skipped}
    return Changes(
        tuple(added),
        tuple(changed),
        tuple(sorted(recorded)),
        tuple(touched),
        unchanged,
        tuple(skipped),
        listed != {(item.file, item.reason) for item in before.values()},
    )


def _trusted(stat: FileStat, known: RecordedFile | SkippedFile, started_ns: int | None) -> bool:
    same = (stat.size, stat.mtime_ns) == (known.size, known.mtime_ns)
    return same and started_ns is not None and stat.mtime_ns < started_ns - _CLOCK_STEP_NS


def _still_left_out(folder: Path, stat: FileStat, known: SkippedFile, started_ns: int | None) -> bool:
    """Content that could not be read stays so; a file that could not be opened may open now, whatever its time says."""
    if known.sha256 is not None and _trusted(stat, known, started_ns):
        return True
    try:
        return hash_file(folder, stat.file) == known.sha256
    except FileRefused as refusal:
        return refusal.reason == known.reason


def _hash(folder: Path, file: str) -> str | None:
    try:
        return hash_file(folder, file)
    except FileRefused:
        return None


def _unseen(item: Skipped) -> SkippedFile:
    return SkippedFile(item.file, item.reason, None, None, None)
