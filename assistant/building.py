"""The child process that writes a generation: ``python -m assistant.building``.

It is a process of its own because the engine holds the interpreter's lock for seconds, dies by SIGBUS when the disk
is full, and must be stoppable at any moment. It reads one job (a line of JSON) from its standard input, writes
progress and one result as lines of JSON to its standard output, and ends at once when its input is closed, that is
when its parent has died. It touches only the folder it was given; publishing is the parent's step.

It never imports the chat, the page or LlamaIndex: starting it must stay cheap.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import shutil
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from assistant import corpus, disk, generation
from assistant.catalogue import SkippedFile
from assistant.cataloguing import CatalogueWriter
from assistant.corpus import Document, FileStat, Passage
from assistant.errors import FileRefused, IndexFault, NoSpaceLeft
from assistant.language.terms import PassageTerms, passage_terms
from assistant.store.base import Point
from assistant.store.edge import EdgeStore

_BATCH = 256
_REPORT_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Job:
    """What to build. ``base`` is the generation to start from; without it the files are all of the folder."""

    corpus: str
    target: str
    base: str | None
    signature: str
    started_ns: int
    passage_words: int
    passage_max_words: int
    reserve_mb: int
    read: tuple[FileStat, ...]
    removed: tuple[str, ...]
    touched: tuple[FileStat, ...]
    skipped: tuple[SkippedFile, ...]

    @classmethod
    def from_json(cls, line: bytes) -> Job:
        values: dict[str, Any] = json.loads(line)
        for name, kind in (("read", FileStat), ("touched", FileStat), ("skipped", SkippedFile)):
            values[name] = tuple(kind(*row) for row in values[name])
        return cls(**values)


class Report(NamedTuple):
    """A line of progress; the last one carries what was left out while reading."""

    stage: str
    done: int
    total: int
    file: str
    skipped: tuple[SkippedFile, ...] | None = None


def build(job: Job) -> Iterator[Report]:
    """Write the generation ``job`` describes into its target folder, whole and durable.

    Raises:
        IndexFault: it cannot be written, or the generation it starts from cannot be read.
    """
    target, folder = Path(job.target), Path(job.corpus)
    if job.base is not None:
        yield Report("copy", 0, 1, "")
        disk.copy_tree(Path(job.base), target)
        (target / generation.MANIFEST).unlink(missing_ok=True)
    store = (
        EdgeStore.create(target / generation.ENGINE) if job.base is None else EdgeStore.open(target / generation.ENGINE)
    )
    skipped = list(job.skipped)
    with store, contextlib.closing(CatalogueWriter(target / generation.CATALOGUE)) as catalogue:
        gone = [number for file in job.removed for number in catalogue.remove(file)]
        batch: list[Point] = []
        for done, stat in enumerate(job.read):
            yield Report("read", done, len(job.read), stat.file)
            gone += catalogue.remove(stat.file)
            try:
                document = corpus.read(folder, stat.file)
            except FileRefused as refusal:
                skipped.append(_left_out(folder, stat, refusal.reason))
                continue
            cut = _cut(document, job)
            ids = catalogue.add(document, cut)
            batch += [
                Point(number, passage.language, terms.vector, {"file": passage.file})
                for number, (passage, terms) in zip(ids, cut, strict=True)
            ]
            if len(batch) >= _BATCH:
                _write(store, gone, batch, job)
                gone, batch = [], []
        _write(store, gone, batch, job)
        catalogue.touch(job.touched)
        catalogue.skip(skipped)
        yield Report("write", len(job.read), len(job.read), "")
        totals = catalogue.finish()
        store.flush()
    # Opening settles small files of the engine into their final form: after this they are never different again.
    EdgeStore.open(target / generation.ENGINE).close()
    disk.sync_tree(target)
    manifest = generation.Manifest(
        signature=job.signature,
        corpus=job.corpus,
        created=dt.datetime.now(dt.UTC),
        started_ns=job.started_ns,
        documents=totals.documents,
        passages=totals.passages,
        files=generation.describe(target),
    )
    disk.replace(target / generation.MANIFEST, manifest.to_json())
    yield Report("done", len(job.read), len(job.read), "", tuple(sorted(skipped, key=lambda item: item.file)))


def _cut(document: Document, job: Job) -> list[tuple[Passage, PassageTerms]]:
    cut = corpus.passages(document, job.passage_words, job.passage_max_words)
    return [(passage, passage_terms(passage.text)) for passage in cut]


def _left_out(folder: Path, stat: FileStat, reason: str) -> SkippedFile:
    try:
        return SkippedFile(stat.file, reason, stat.size, stat.mtime_ns, corpus.hash_file(folder, stat.file))
    except FileRefused:
        return SkippedFile(stat.file, reason, stat.size, stat.mtime_ns, None)


def _write(store: EdgeStore, gone: list[int], batch: list[Point], job: Job) -> None:
    """Removals first: a file may have gone back to a content whose passages have the ids just removed."""
    free = shutil.disk_usage(job.target).free >> 20
    if free < job.reserve_mb:
        raise NoSpaceLeft(path=job.target, free=free, needed=job.reserve_mb)
    store.delete(gone)
    store.upsert(batch)


def _watch_parent() -> None:
    """End with the parent: its end of our standard input is closed by the system, however it died."""
    while os.read(0, 4096):
        pass
    os._exit(1)


def _say(record: object) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(record), flush=True)


def main() -> NoReturn:
    """Run the job given on standard input; exit code 1 after an error line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    # Unbuffered: what the watcher reads must not have been swallowed by a buffer.
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = os.read(0, 1 << 16)
        if not piece:
            sys.exit(1)
        line += piece
    threading.Thread(target=_watch_parent, daemon=True).start()
    stage, last = "", 0.0
    try:
        for report in build(Job.from_json(bytes(line))):
            if report.stage != stage or time.monotonic() - last >= _REPORT_SECONDS:
                stage, last = report.stage, time.monotonic()
                _say({"progress": report})
    except IndexFault as fault:
        _say({"error": type(fault).__name__, "facts": {name: str(value) for name, value in fault.facts.items()}})
        sys.exit(1)
    except (OSError, sqlite3.Error) as error:
        _say({"error": "BuildFailed", "facts": {"reason": " ".join(str(error).split())}})
        sys.exit(1)
    sys.exit(0)


if __name__ == "__main__":
    main()
