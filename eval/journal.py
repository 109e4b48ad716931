"""The folder of a run: ``plan.json`` says what is asked of what, ``rows.jsonl`` has a line for each question asked.

A line is written as soon as its question is answered, so that a run that is killed has lost nothing; a last line that was cut
short is dropped. A run goes on only where plan, data, settings and program are the same.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

PLAN = "plan.json"
ROWS = "rows.jsonl"
JUDGED = "judged.jsonl"
_SYNCED = 20  # rows between two fsyncs: a power failure costs so many questions, a killed process none

Key = tuple[str, str, str, str]


class JournalInvalid(Exception):
    """A run's folder cannot be read, or not be continued."""


def key(record: Mapping[str, Any]) -> Key:
    """Suite, system, cell and id: what a record is of."""
    return record["suite"], record["system"], record["cell"], record["id"]


def read(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The plan and the records in the order planned, each question's last.

    Raises:
        JournalInvalid: no run was written there, or a line is broken.
    """
    try:
        plan = json.loads((folder / PLAN).read_text(encoding="utf-8"))
        # A run that was killed as it began may have none yet.
        content = (folder / ROWS).read_bytes() if (folder / ROWS).exists() else b""
    except (OSError, ValueError) as error:
        raise JournalInvalid(f"{folder} is not the folder of a run: {error}") from error
    if not isinstance(plan, dict):
        raise JournalInvalid(f"{folder / PLAN}: not a JSON object")
    records: dict[Key, dict[str, Any]] = {}
    for number, line in enumerate(content[: content.rfind(b"\n") + 1].splitlines(), 1):
        try:
            record = json.loads(line)
            records[key(record)] = record
        except (ValueError, KeyError, TypeError) as error:
            raise JournalInvalid(f"{folder / ROWS}, line {number}: {type(error).__name__} {error}") from error
    return plan, sorted(records.values(), key=lambda record: record.get("n", 0))


def begin(folder: Path, plan: Mapping[str, Any], resume: bool) -> list[dict[str, Any]]:
    """Start a run in a folder, or go on with the one that is there; returns what it has asked already, errors left out.

    A run that is replaced is kept beside the new one, as ``rows.jsonl.old``, and so is what a judge said of it.

    Raises:
        JournalInvalid: there is nothing to go on with, or it was made with other data, settings or program.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not resume:
        for name in (ROWS, JUDGED):
            if (folder / name).exists():
                (folder / name).replace(folder / (name + ".old"))
        # All at once: whoever finds a plan finds a whole one, and a run to go on with.
        finish(folder, plan)
        (folder / ROWS).write_bytes(b"")
        return []
    before, records = read(folder)
    if differing := sorted(name for name in plan["same"] if before.get("same", {}).get(name) != plan["same"][name]):
        raise JournalInvalid(
            f"{folder} cannot be resumed: {', '.join(differing)} changed since. Run without --resume, or name another --out."
        )
    kept = [record for record in records if "error" not in record]
    # Written anew, not cut: what is dropped must not come back, and a crash here must lose nothing.
    fresh = folder / (ROWS + ".new")
    with fresh.open("wb") as file:
        file.writelines(_line(record) for record in kept)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / ROWS)
    return kept


def finish(folder: Path, plan: Mapping[str, Any]) -> None:
    """Put the plan, now with what the run led to, in the place of the first one, all at once."""
    fresh = folder / (PLAN + ".new")
    fresh.write_text(json.dumps(plan, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(folder / PLAN)


class Journal:
    """Appends records."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._waiting = file, 0

    def append(self, record: Mapping[str, Any]) -> None:
        """The line is with the operating system when this returns."""
        self._file.write(_line(record))
        self._file.flush()
        self._waiting += 1
        if self._waiting == _SYNCED:
            self.sync()

    def sync(self) -> None:
        """The lines are on the disk when this returns."""
        os.fsync(self._file.fileno())
        self._waiting = 0


@contextmanager
def opened(folder: Path, name: str = ROWS) -> Iterator[Journal]:
    """A journal of a folder where a run has begun."""
    with (folder / name).open("ab") as file:
        journal = Journal(file)
        try:
            yield journal
        finally:
            journal.sync()


def _line(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"
