"""The index of a folder: brought up to date, opened, verified, and rebuilt whenever there is any doubt.

The folder is the truth and the index a cache. `sync` compares the two and, if anything differs, has a child process
write a new generation aside, which then becomes current in one step: whoever is reading goes on with the old one, and
a process killed at any moment leaves the old one current. An unchanged folder writes nothing and starts no process.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant import corpus as folder
from assistant import generation, vectors
from assistant.builder import Consent, Progress, Watcher, run
from assistant.building import Job
from assistant.catalogue import SkippedFile
from assistant.changes import Changes, compare, everything
from assistant.corpus import Skipped
from assistant.errors import (
    BadSetting,
    BuildFailed,
    IndexDamaged,
    IndexFault,
    IndexLocked,
    NoSpaceLeft,
    NotAgreed,
    NotEmbedded,
)
from assistant.generation import Generation
from assistant.language.terms import analysis_version
from assistant.meaning import embedding
from assistant.passage_vectors import Plan
from assistant.places import alias_of, client_wanted, home_of, server_of
from assistant.settings import Settings

__all__ = ["Plan", "Progress", "Summary", "open_generation", "open_synced", "sync"]

# What a byte of text takes in the catalogue and the engine together while they are written, with room to spare.
_GROWTH = 3
# How long `open_synced` waits for another process to build the first index of all.
_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sync did. ``rebuilt`` says why everything was read anew; ``behind`` why the index could not follow.

    ``embedding`` says which model the index has vectors of, and how long they are.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    skipped: tuple[Skipped, ...] = ()
    passages: int = 0
    seconds: float = 0.0
    rebuilt: str | None = None
    behind: IndexFault | None = None
    embedding: str | None = None


def sync(
    corpus: Path,
    index: Path,
    settings: Settings,
    progress: Watcher | None = None,
    consent: Consent | None = None,
) -> Summary:
    """Bring the index up to date with the folder.

    ``consent`` is asked before passages are embedded; without it, those are that need no asking (``embedding_free_tokens``).

    Raises:
        NotEmbedded, NotAgreed: the index stays as it was.
        CorpusNotFound: there is no such folder.
        BadSetting: the index would lie among the articles.
        IndexLocked, NoSpaceLeft, BuildFailed: the index stays as it was.
    """
    opened, summary = _sync(corpus, index, settings, progress, consent)
    opened.close()
    return summary


def open_generation(index: Path, corpus: Path, settings: Settings) -> Generation:
    """Open the current generation as it is, verified, without looking at the folder.

    Raises:
        IndexDamaged: there is none, it is not whole, or it belongs to another folder or other settings. Those of embeddings do
            not matter: without its own vectors an index answers by words.
    """
    opened = generation.open_current(index, _signature(settings), server_of(settings))
    if opened.manifest.corpus != _identity(corpus):
        opened.close()
        raise IndexDamaged(path=index, reason=f"it was made from another folder, {opened.manifest.corpus}")
    return opened


def open_synced(
    corpus: Path, index: Path, settings: Settings, progress: Watcher | None = None
) -> tuple[Generation, Summary]:
    """Bring the index up to date and open it. A damaged one is rebuilt.

    If it cannot be brought up to date (another process is building, the disk is full or read-only, the embedding endpoint is
    away) but a sound generation of this folder exists, that one is opened and the summary's ``behind`` says why. Where there is
    none and only the vectors cannot be had, an index without them is built.

    Raises:
        CorpusNotFound, BadSetting: as `sync`.
        IndexFault: the index cannot be brought up to date and there is no sound one.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return _sync(corpus, index, settings, progress, None)
        except IndexFault as fault:
            with contextlib.suppress(IndexDamaged):
                opened = open_generation(index, corpus, settings)
                return opened, _behind(opened, fault)
            if isinstance(fault, NotEmbedded | NotAgreed):
                # Words need no endpoint: an index without vectors answers until there are some.
                opened, _ = _sync(corpus, index, settings.model_copy(update={"embedding_model": None}), progress, None)
                return opened, _behind(opened, fault)
            if not isinstance(fault, IndexLocked) or time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def _sync(
    corpus: Path, index: Path, settings: Settings, progress: Watcher | None, consent: Consent | None
) -> tuple[Generation, Summary]:
    """`sync`, handing over the generation that is then current."""
    _check_apart(corpus, index)
    begun = time.monotonic()
    opened, changes, reason, _ = _compared(corpus, index, settings)
    if opened is not None and not _outdated(opened, changes, corpus, settings):
        return opened, _summary(opened, changes, changes.skipped, None, begun)
    if opened is not None:
        opened.close()
    with _locked(index):
        # Another process may have built between the first look and the lock.
        opened, changes, reason, started_ns = _compared(corpus, index, settings)
        if opened is not None and not _outdated(opened, changes, corpus, settings):
            return opened, _summary(opened, changes, changes.skipped, None, begun)
        try:
            job = _job(corpus, index, settings, opened, changes, started_ns)
            skipped = _build(index, job, progress, consent or _few(settings))
            fresh = open_generation(index, corpus, settings)
            _tidy(fresh, opened, settings)
        finally:
            if opened is not None:
                opened.close()
    return fresh, _summary(fresh, changes, skipped, reason, begun)


def _compared(corpus: Path, index: Path, settings: Settings) -> tuple[Generation | None, Changes, str | None, int]:
    """The current generation if it is sound, the changes since, why it is not sound, and when the look began."""
    started_ns = time.time_ns()
    files, refused = folder.scan(corpus)
    try:
        opened = generation.open_current(index, _signature(settings), server_of(settings))
    except IndexDamaged as damage:
        existed = generation.current(index) is not None or bool(generation.names(index))
        return None, everything(files, refused), str(damage.facts["reason"]) if existed else None, started_ns
    try:
        trusted_since = opened.manifest.started_ns if opened.manifest.corpus == _identity(corpus) else None
        return opened, compare(corpus, files, refused, opened.catalogue, trusted_since), None, started_ns
    except IndexDamaged as damage:
        opened.close()
        return None, everything(files, refused), str(damage.facts["reason"]), started_ns


def _outdated(opened: Generation, changes: Changes, corpus: Path, settings: Settings) -> bool:
    made = opened.manifest
    return bool(changes) or made.corpus != _identity(corpus) or made.signature != _signature(settings)


def _job(
    corpus: Path, index: Path, settings: Settings, base: Generation | None, changes: Changes, started_ns: int
) -> Job:
    """What a child is to do, and an empty folder for it."""
    _remove_leftovers(index)
    read = (*changes.added, *changes.changed)
    copied = sum(record.allocated for record in base.manifest.files.values()) if base else 0
    expected = copied + _GROWTH * sum(stat.size for stat in read)
    needed, free = settings.reserve_mb + (2 * expected >> 20), shutil.disk_usage(index).free >> 20
    if free < needed:
        raise NoSpaceLeft(path=index, free=free, needed=needed)
    try:
        target = Path(tempfile.mkdtemp(prefix=".building-", dir=index / generation.GENERATIONS))
        target.chmod(0o755)
    except OSError as error:
        raise BuildFailed(reason=f"the folder {index} cannot be written ({error.strerror})") from error
    embeds, server = embedding(settings), server_of(settings)
    if server is not None:
        with client_wanted():
            from assistant import remote
        remote.version(server)  # before anything is read for it
    return Job(
        corpus=_identity(corpus),
        target=str(target.resolve()),
        base=str(base.path.resolve()) if base else None,
        signature=_signature(settings),
        started_ns=started_ns,
        passage_words=settings.passage_words,
        passage_max_words=settings.passage_max_words,
        reserve_mb=settings.reserve_mb,
        read=read,
        removed=changes.removed,
        touched=changes.touched,
        skipped=changes.skipped,
        columns=settings.table_columns(),
        embedding=asdict(embeds) if embeds else None,
        vectors=str(index.resolve() / vectors.FILE),
        server=asdict(server) if server else None,
        alias=alias_of(home_of(index), _identity(corpus), _signature(settings)) if server else "",
    )


def _build(index: Path, job: Job, progress: Watcher | None, consent: Consent) -> tuple[SkippedFile, ...]:
    """Have a child write the next generation and publish it; returns the files that were left out."""
    target = Path(job.target)
    try:
        skipped = run(job, progress, consent)
        generation.publish(index, target, generation.next_name(index))
    except OSError as error:
        raise BuildFailed(reason=f"the folder of the index cannot be written ({error.strerror})") from error
    finally:
        shutil.rmtree(target, ignore_errors=True)
    _remove_old(index)
    return skipped


def _tidy(fresh: Generation, former: Generation | None, settings: Settings) -> None:
    """Take out of a server what no generation that was just published needs."""
    server, place = server_of(settings), fresh.manifest.place
    if server is not None and place is not None:
        from assistant.remote import tidy

        tidy(server, place, fresh.catalogue, former.catalogue if former else None)


def _few(settings: Settings) -> Consent:
    """The consent of somebody who is not asked."""
    return lambda plan: plan.tokens <= settings.embedding_free_tokens


@contextlib.contextmanager
def _locked(index: Path) -> Iterator[None]:
    """Hold the builder's lock. The system lets go of it when this process ends, however it ends."""
    try:
        (index / generation.GENERATIONS).mkdir(parents=True, exist_ok=True)
        descriptor = os.open(index / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise BuildFailed(reason=f"the folder {index} cannot be written ({error.strerror})") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 100, 0).decode("ascii", "replace").strip()
            raise IndexLocked(path=index, holder=holder or "unknown") from error
        except OSError as error:
            raise BuildFailed(reason=f"the folder {index} cannot be locked ({error.strerror})") from error
        with contextlib.suppress(OSError):  # on a full disk the lock holds without a name
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _remove_leftovers(index: Path) -> None:
    """What builders that failed or were killed have left behind. Only the holder of the lock may."""
    for path in generation.leftovers(index):
        shutil.rmtree(path, ignore_errors=True)


def _remove_old(index: Path) -> None:
    """Keep the current generation and the one before it, which readers may just be opening."""
    for name in generation.names(index)[:-2]:
        shutil.rmtree(index / generation.GENERATIONS / name, ignore_errors=True)


def _summary(
    opened: Generation, changes: Changes, skipped: tuple[SkippedFile, ...], reason: str | None, begun: float
) -> Summary:
    """``skipped`` is the final list: a file that could not be read is neither added nor changed, it is gone."""
    refused = {item.file for item in skipped}
    changed = [stat.file for stat in changes.changed]
    return Summary(
        added=tuple(stat.file for stat in changes.added if stat.file not in refused),
        changed=tuple(file for file in changed if file not in refused),
        removed=tuple(sorted({*changes.removed, *(file for file in changed if file in refused)})),
        unchanged=changes.unchanged,
        skipped=tuple(sorted((Skipped(item.file, item.reason) for item in skipped), key=lambda item: item.file)),
        passages=sum(opened.manifest.passages.values()),
        seconds=time.monotonic() - begun,
        rebuilt=reason,
        embedding=_embedded(opened),
    )


def _behind(opened: Generation, fault: IndexFault) -> Summary:
    return Summary(
        unchanged=opened.manifest.documents,
        skipped=tuple(opened.catalogue.skipped()),
        passages=sum(opened.manifest.passages.values()),
        behind=fault,
        embedding=_embedded(opened),
    )


def dimensions(opened: Generation, settings: Settings) -> int | None:
    """How long the vectors of a generation are, if they were made under these settings."""
    made = opened.manifest
    return made.embedding.dimensions if made.embedding and made.signature == _signature(settings) else None


def _embedded(opened: Generation) -> str | None:
    by = opened.manifest.embedding
    return f"{by.model}, {by.dimensions} dimensions" if by else None


def _check_apart(corpus: Path, index: Path) -> None:
    """An index among the articles would be scanned with them and differ after every build, unless it is hidden."""
    try:
        inside = index.resolve().relative_to(corpus.resolve())
    except ValueError:
        return
    if not any(part.startswith(".") for part in inside.parts):
        raise BadSetting(name="index", reason=f"{index} lies inside the folder of articles; name another folder")


def _identity(corpus: Path) -> str:
    return str(corpus.resolve())


def _signature(settings: Settings) -> str:
    return settings.signature(analysis_version())
