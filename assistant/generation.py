"""A generation: one immutable state of the index, and the single file that says which one is current.

::

    INDEX/
        CURRENT                    "000007 <digest of its manifest>"; replaced in one step, so it is always whole
        lock                       held by the process that builds
        generations/000007/
            manifest.json          what made it, how much it holds, the digest of every other file
            catalogue.sqlite
            engine/...             unless the points are on a server: see `assistant.places`

The chain ``CURRENT`` → manifest → files makes every damage visible: a generation is opened only if everything on the
chain agrees. Nothing in a published generation changes any more; readers need no lock, and one that is being read may
be removed, for open files stay readable.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant import disk
from assistant.catalogue import LANGUAGES, Catalogue
from assistant.errors import IndexDamaged, IndexFault
from assistant.language.text import Language
from assistant.places import Place, client_wanted
from assistant.store.address import Server
from assistant.store.base import Store
from assistant.store.edge import REWRITTEN, EdgeStore

CURRENT = "CURRENT"
GENERATIONS = "generations"
MANIFEST = "manifest.json"
CATALOGUE = "catalogue.sqlite"
ENGINE = "engine"

DIGEST_BUDGET = 256 << 20
"""Bytes whose digests are checked on every opening, smallest files first: about a fifth of a second. Up to some 30,000
passages that is everything; beyond, only the sizes of the largest files are checked, and `verify` can check all."""

_NAME = re.compile(r"\d{6,}")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of a generation: its length, the bytes it takes on the disk, and the digest of its content."""

    size: int
    allocated: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Embedded:
    """By which model the passages of a generation were embedded, and how long its vectors are."""

    model: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is. ``started_ns`` is when the folder began to be read: see `changes.compare`."""

    signature: str
    corpus: str
    created: dt.datetime
    started_ns: int
    documents: int
    passages: dict[Language, int]
    files: dict[str, FileRecord]
    embedding: Embedded | None = None
    place: Place | None = None
    """Where the points are; ``None``: in the folder."""

    def to_json(self) -> str:
        values = asdict(self) | {"created": self.created.isoformat()}
        for name in ("embedding", "place"):
            if values[name] is None:
                del values[name]
        return json.dumps(values, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, data: bytes) -> Manifest:
        """Raises ``ValueError``, ``KeyError`` or ``TypeError`` when it is not one."""
        values: dict[str, Any] = json.loads(data)
        files = {name: FileRecord(**record) for name, record in values.pop("files").items()}
        embedded, place = values.pop("embedding", None), values.pop("place", None)
        return cls(
            created=dt.datetime.fromisoformat(values.pop("created")),
            files=files,
            embedding=Embedded(**embedded) if embedded else None,
            place=Place(**place) if place else None,
            **values,
        )


@dataclass(frozen=True)
class Generation:
    """A generation opened for asking. Close it when it is no longer asked."""

    name: str
    path: Path
    manifest: Manifest
    catalogue: Catalogue
    store: Store

    @property
    def created(self) -> dt.datetime:
        return self.manifest.created

    def close(self) -> None:
        self.catalogue.close()
        self.store.close()


def current(index: Path) -> str | None:
    """The text of ``CURRENT``, or ``None`` when none can be read. Equal texts mean the same generation."""
    try:
        return (index / CURRENT).read_text(encoding="ascii", errors="replace")
    except OSError:
        return None


def names(index: Path) -> list[str]:
    """Names of all published generations, oldest first."""
    try:
        return sorted(
            (path.name for path in (index / GENERATIONS).iterdir() if _NAME.fullmatch(path.name)), key=_number
        )
    except (FileNotFoundError, NotADirectoryError):
        return []


def next_name(index: Path) -> str:
    """A name greater than all there are."""
    return f"{_number((names(index) or ['0'])[-1]) + 1:06d}"


def publish(index: Path, prepared: Path, name: str) -> None:
    """Make the finished, durable folder ``prepared`` the current generation. Only the last step changes anything."""
    target = index / GENERATIONS / name
    disk.move(prepared, target)
    mark = hashlib.sha256((target / MANIFEST).read_bytes()).hexdigest()
    disk.replace(index / CURRENT, f"{name} {mark}\n")


def leftovers(index: Path) -> list[Path]:
    """What builders that failed or were killed have left: folders half written, and those that never became current.

    Names only grow, so whatever has a greater one than the current generation never was it. Only the holder of the lock may ask.
    """
    found = list((index / GENERATIONS).glob(".building-*"))
    name = (current(index) or "").partition(" ")[0]
    if _NAME.fullmatch(name):
        found += [index / GENERATIONS / other for other in names(index) if _number(other) > _number(name)]
    return found


def answers(made: str, wanted: str) -> bool:
    """Whether an index made under one signature answers under another: but for embeddings, they are the same."""
    return made.partition("-")[0] == wanted.partition("-")[0]


def open_current(index: Path, signature: str, server: Server | None = None) -> Generation:
    """Open the current generation, verified. ``server`` is where its points are to be; ``None``: in the folder.

    Raises:
        IndexDamaged: there is none, it is not what its manifest says, or it does not answer under ``signature``.
        StoreUnavailable, ClientMissing: the server cannot be asked.
    """
    while True:
        mark = current(index)
        try:
            return _open(index, mark, signature, server)
        except IndexDamaged:
            if current(index) == mark:
                raise
            # A newer generation was published while this one was being opened.


def _open(index: Path, mark: str | None, signature: str, server: Server | None) -> Generation:
    if mark is None:
        raise IndexDamaged(path=index, reason="it does not say which generation is current")
    name, _, digest = mark.removesuffix("\n").partition(" ")
    if not _NAME.fullmatch(name):
        raise IndexDamaged(path=index, reason=f"{CURRENT} does not name a generation")
    path = index / GENERATIONS / name
    manifest = _manifest(path, digest)
    if not answers(manifest.signature, signature):
        raise IndexDamaged(path=path, reason="it was made with other settings or another version")
    if (manifest.place is None) is not (server is None):
        raise IndexDamaged(path=path, reason=f"its passages are {'not ' * (server is not None)}on an index server")
    verify(path, manifest, DIGEST_BUDGET)
    catalogue = Catalogue(path / CATALOGUE)
    try:
        held = {language: catalogue.statistics(language).passages for language in LANGUAGES}
        store = _points(path, manifest, catalogue, server)
    except IndexFault:
        catalogue.close()
        raise
    generation = Generation(name, path, manifest, catalogue, store)
    total = sum(manifest.passages.values())
    try:
        if held != manifest.passages or (server is None and store.count() != total):
            raise IndexDamaged(path=path, reason=f"it does not hold the {total} passages it should")
    except IndexFault:
        generation.close()
        raise
    return generation


def _points(path: Path, manifest: Manifest, catalogue: Catalogue, server: Server | None) -> Store:
    if server is None or manifest.place is None:
        return EdgeStore.open(path / ENGINE)
    with client_wanted():
        from assistant.remote import open_points
    return open_points(server, manifest.place, catalogue)


def manifest_of(path: Path) -> Manifest:
    """The manifest of a published generation that was verified. Raises `IndexDamaged`."""
    try:
        return Manifest.from_json((path / MANIFEST).read_bytes())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(path=path, reason=f"{MANIFEST} cannot be read") from error


def _manifest(path: Path, digest: str) -> Manifest:
    try:
        data = (path / MANIFEST).read_bytes()
    except OSError as error:
        raise IndexDamaged(path=path, reason=f"{MANIFEST} cannot be read: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise IndexDamaged(path=path, reason=f"{MANIFEST} is not the one that was written")
    try:
        return Manifest.from_json(data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged(path=path, reason=f"{MANIFEST} is of another version") from error


def describe(path: Path) -> dict[str, FileRecord]:
    """The record of every file of a prepared generation, by its POSIX path inside it."""
    return {
        file.relative_to(path).as_posix(): FileRecord(file.stat().st_size, disk.allocated(file), _digest(file))
        for file in disk.regular_files(path)
        if file != path / MANIFEST
    }


def verify(path: Path, manifest: Manifest, budget: int | None = None) -> None:
    """Compare a generation's files with its manifest: all sizes, and the digests of ``budget`` bytes (``None``: all).

    Raises:
        IndexDamaged: a file is missing or is not what it was.
    """
    for name, record in sorted(manifest.files.items(), key=lambda item: item[1].allocated):
        try:
            same = (path / name).stat().st_size == record.size
            if same and (budget is None or budget >= record.allocated):
                budget = None if budget is None else budget - record.allocated
                same = _digest(path / name) == record.sha256
        except OSError as error:
            raise IndexDamaged(path=path, reason=f"{name} cannot be read: {error.strerror}") from error
        if not same:
            raise IndexDamaged(path=path, reason=f"{name} is not what was written")


def _digest(path: Path) -> str:
    """`disk.digest`, or for JSON that is written again and again the digest of what it says."""
    if path.name not in REWRITTEN:
        return disk.digest(path)
    data = path.read_bytes()
    with contextlib.suppress(ValueError):
        data = json.dumps(json.loads(data), sort_keys=True).encode()
    return hashlib.sha256(data).hexdigest()


def _number(name: str) -> int:
    return int(name)
