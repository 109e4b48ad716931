"""The child process that writes a generation: ``python -m assistant.building``.

It is a process of its own because the engine holds the interpreter's lock for seconds, dies by SIGBUS when the disk
is full, and must be stoppable at any moment. It reads one job (a line of JSON) from its standard input, writes
progress and one result as lines of JSON to its standard output, and ends at once when its input is closed, that is
when its parent has died. It touches only the folder it was given, and the vectors that are kept beside the generations;
publishing is the parent's step. Before passages are embedded it says how many, and waits for a line that agrees.

It never imports the chat, the page or LlamaIndex: starting it must stay cheap.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import json
import os
import shutil
import signal
import sqlite3
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, fields
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

import numpy as np

from assistant import disk, generation
from assistant.catalogue import Catalogue, Int32s, SkippedFile
from assistant.cataloguing import CatalogueWriter, Totals
from assistant.corpus import FileStat
from assistant.errors import IndexFault, NoSpaceLeft
from assistant.language.terms import passage_weight
from assistant.places import Place, client_wanted
from assistant.reading import Reading, sample
from assistant.store.address import Server
from assistant.store.base import Point
from assistant.store.edge import EdgeStore
from assistant.vocabulary import STOP
from assistant.workers import Workers, worthwhile

if TYPE_CHECKING:
    from assistant.passage_vectors import PassageVectors, Plan
    from assistant.remote import Sending

Result = TypeVar("Result")

_BATCH = 512
_PORTION_BYTES, _PORTION_FILES = 1 << 18, 256
_REPORT_SECONDS = 0.05
# Whoever asks meanwhile goes first, where there are fewer processors than there is work.
_NICE = 10


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
    columns: dict[str, str] = field(default_factory=dict)
    embedding: dict[str, Any] | None = field(default=None, repr=False)
    """What makes an `embedding.Embedding`, the key among it."""
    vectors: str = ""
    """The file of kept vectors."""
    server: dict[str, Any] | None = field(default=None, repr=False)
    """What makes a `store.address.Server`, the key among it; ``None``: the points stay in the folder."""
    alias: str = ""
    """By which they are read there."""

    def to_json(self) -> bytes:
        """A line that `from_json` reads."""
        # Not `asdict`, which copies every name tuple: there is one for each file.
        return json.dumps({each.name: getattr(self, each.name) for each in fields(self)}).encode() + b"\n"

    @classmethod
    def from_json(cls, line: bytes) -> Job:
        values: dict[str, Any] = json.loads(line)
        for name, kind in (("read", FileStat), ("touched", FileStat), ("skipped", SkippedFile)):
            values[name] = tuple(kind(*row) for row in values[name])
        return cls(**values)


class Report(NamedTuple):
    """A line of progress: files while reading, then passages; the last one carries what was left out while reading."""

    stage: str
    done: int
    total: int
    file: str
    skipped: tuple[SkippedFile, ...] | None = None


def build(job: Job, agree: Callable[[Plan], None] = lambda _: None) -> Iterator[Report]:
    """Write the generation ``job`` describes into its target folder, whole and durable.

    Raises:
        IndexFault: it cannot be written, or the generation it starts from cannot be read, or its passages not be embedded.
    """
    target = Path(job.target)
    path = target / generation.CATALOGUE
    skipped = list(job.skipped)
    totals = yield from _catalogued(job, path, skipped)
    dense = _dense(job, path)
    with dense or contextlib.nullcontext():
        if dense:
            for done, total in dense.complete(agree, lambda: _check_space(job)):
                yield Report("embed", done, total, "")
        place = None
        if job.server is not None:
            place = yield from _send(job, path, dense)
        else:
            with EdgeStore.create(target / generation.ENGINE, dense.dimensions if dense else None) as store:
                done, total = 0, sum(totals.passages.values())
                for batch in _points(path):
                    _check_space(job)
                    store.upsert(dense.added_to(batch) if dense else batch)
                    done += len(batch)
                    yield Report("write", done, total, "")
                store.seal()
        if dense:
            dense.drop_unused()
    disk.sync_tree(target)
    manifest = generation.Manifest(
        signature=job.signature,
        corpus=job.corpus,
        created=dt.datetime.now(dt.UTC),
        started_ns=job.started_ns,
        documents=totals.documents,
        passages=totals.passages,
        files=generation.describe(target),
        embedding=_embedded(dense),
        place=place,
    )
    disk.replace(target / generation.MANIFEST, manifest.to_json())
    yield Report("done", len(job.read), len(job.read), "", tuple(sorted(skipped, key=lambda item: item.file)))


def _catalogued(job: Job, path: Path, skipped: list[SkippedFile]) -> Generator[Report, None, Totals]:
    """Write the catalogue; what cannot be read is added to ``skipped``. The vocabulary in memory ends with this step."""
    if job.base is not None:
        yield Report("copy", 0, 1, "")
        disk.copy_file(Path(job.base) / generation.CATALOGUE, path)
    _check_space(job)
    samples = sample(Path(job.corpus), job.read) if job.base is None else []
    with contextlib.closing(CatalogueWriter(path, samples)) as catalogue:
        for file in job.removed:
            catalogue.remove(file)
        yield from _read(job, catalogue, skipped)
        catalogue.touch(job.touched)
        catalogue.skip(skipped)
        yield Report("write", 0, 0, "")
        return catalogue.finish()


def _dense(job: Job, catalogue: Path) -> PassageVectors | None:
    if job.embedding is None:
        return None
    from assistant.embedding import Embedding  # a build without embeddings starts without them
    from assistant.passage_vectors import PassageVectors

    return PassageVectors(Embedding(**job.embedding), Path(job.vectors), catalogue)


def _embedded(dense: PassageVectors | None) -> generation.Embedded | None:
    return generation.Embedded(dense.model, dense.dimensions) if dense and dense.dimensions else None


def _send(job: Job, path: Path, dense: PassageVectors | None) -> Generator[Report, None, Place]:
    """Send to the server what it does not hold yet."""
    with client_wanted():
        from assistant.remote import Sending
    server = Server(**job.server or {})
    with contextlib.ExitStack() as stack:
        catalogue = stack.enter_context(contextlib.closing(Catalogue(path)))
        base = None
        if job.base is not None:
            made = generation.manifest_of(Path(job.base))
            if made.place is not None and (made.place.alias, made.embedding) == (job.alias, _embedded(dense)):
                former = stack.enter_context(contextlib.closing(Catalogue(Path(job.base) / generation.CATALOGUE)))
                base = (made.place, former)
        sending = stack.enter_context(Sending(server, job.alias, catalogue, dense.dimensions if dense else None, base))
        yield from _sent(sending, path, sending.wanted, dense)
        if base:
            yield from _sent(sending, path, sending.missing(), dense)
        return sending.finish()


def _sent(sending: Sending, path: Path, wanted: set[int], dense: PassageVectors | None) -> Iterator[Report]:
    done = 0
    for batch in _points(path, wanted):
        yield Report("send", done, len(wanted), "")
        sending.send(dense.added_to(batch) if dense else batch)
        done += len(batch)


def _read(job: Job, catalogue: CatalogueWriter, skipped: list[SkippedFile]) -> Iterator[Report]:
    """Read the files into the catalogue, in their order; what cannot be read is added to ``skipped``."""
    if job.read:
        yield Report("read", 0, len(job.read), job.read[0].file)
    done = 0
    with Workers(worthwhile([stat.size for stat in job.read])) as workers:
        for read in _in_order(workers, (_reading(job, catalogue, portion) for portion in _portions(job.read))):
            for each in read:
                catalogue.remove(each.stat.file)
                for document in each.documents:
                    catalogue.add(document)
                if each.refused is not None:
                    file, reason, sha256 = each.refused
                    skipped.append(SkippedFile(file, reason, each.stat.size, each.stat.mtime_ns, sha256))
                done += 1
                yield Report("read", done, len(job.read), each.stat.file)
            _check_space(job)
            catalogue.analyse(workers.submit, whole_portions=True)
        catalogue.analyse(workers.submit, whole_portions=False)


def _reading(job: Job, catalogue: CatalogueWriter, portion: tuple[FileStat, ...]) -> Reading:
    return Reading(job.corpus, portion, catalogue.dictionary, job.passage_words, job.passage_max_words, job.columns)


def _in_order(workers: Workers, tasks: Iterator[Callable[[], Result]]) -> Iterator[Result]:
    """The results of tasks in their order, a few tasks being done ahead."""
    waiting = deque(workers.submit(task) for task in islice(tasks, 1 + 2 * workers.number))
    while waiting:
        yield waiting.popleft().result()
        waiting.extend(workers.submit(task) for task in islice(tasks, 1))


def _portions(stats: tuple[FileStat, ...]) -> Iterator[tuple[FileStat, ...]]:
    """Files in portions of a quarter of a megabyte: enough to be worth sending, little enough to hold in memory."""
    portion: list[FileStat] = []
    size = 0
    for stat in stats:
        portion.append(stat)
        size += stat.size
        if size >= _PORTION_BYTES or len(portion) >= _PORTION_FILES:
            yield tuple(portion)
            portion, size = [], 0
    if portion:
        yield tuple(portion)


def _points(path: Path, wanted: set[int] | None = None) -> Iterator[list[Point]]:
    """Passages of a finished catalogue as the engine takes them, in batches: those that are ``wanted``, or all."""
    with contextlib.closing(Catalogue(path)) as catalogue:
        last = -1 if wanted is None else min(wanted, default=sys.maxsize) - 1
        while outlines := catalogue.outlines(last, _BATCH):
            last = outlines[-1][0]
            outlines = [outline for outline in outlines if wanted is None or outline[0] in wanted]
            if not outlines:
                continue
            vectors = _vectors([tokens for _, _, tokens in outlines], catalogue)
            yield [
                Point(number, language, vector) for (number, language, _), vector in zip(outlines, vectors, strict=True)
            ]


def _vectors(passages: list[Int32s], catalogue: Catalogue) -> list[dict[int, float]]:
    """The sparse vectors of passages, of their tokens: `terms.passage_terms` for many at a time."""
    lengths = np.array(list(map(len, passages)))
    facts = catalogue.facts(np.concatenate(passages))
    content = facts["flags"] & STOP == 0
    passage = np.repeat(np.arange(len(passages)), lengths)[content]
    # One number for a passage and a unit, so that all are counted at once.
    pairs, counts = np.unique(passage << 32 | facts["unit"][content], return_counts=True)
    passage = pairs >> 32
    total = np.bincount(passage, counts, len(passages))
    weights = passage_weight(counts, total[passage]).tolist()
    units = (pairs & 0xFFFFFFFF).tolist()
    bounds = np.searchsorted(passage, np.arange(len(passages) + 1)).tolist()
    return [dict(zip(units[start:end], weights[start:end], strict=True)) for start, end in pairwise(bounds)]


def _check_space(job: Job) -> None:
    free = shutil.disk_usage(job.target).free >> 20
    if free < job.reserve_mb:
        raise NoSpaceLeft(path=job.target, free=free, needed=job.reserve_mb)


def _watch_parent(agreed: threading.Event) -> None:
    """Note that the parent agrees, and end with it: its end of our standard input is closed by the system, however it died."""
    while os.read(0, 4096):
        agreed.set()
    os._exit(1)


def _say(record: object) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(record), flush=True)


def main() -> NoReturn:
    """Run the job given on standard input; exit code 1 after an error line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    gc.disable()  # the process ends with its job, and looking for cycles takes a good part of the time
    os.nice(_NICE)
    # Unbuffered: what the watcher reads must not have been swallowed by a buffer.
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = os.read(0, 1 << 16)
        if not piece:
            sys.exit(1)
        line += piece
    agreed = threading.Event()
    threading.Thread(target=_watch_parent, args=(agreed,), daemon=True).start()

    def agree(plan: Plan) -> None:
        _say({"plan": plan})
        agreed.wait()

    stage, last = "", 0.0
    try:
        for report in build(Job.from_json(bytes(line)), agree):
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
