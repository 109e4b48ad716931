"""Qdrant Edge: Qdrant's engine inside this process, on a folder of our own.

The shard has no write-ahead log: it is filled aside, flushed, closed and only then published, and a shard without a
log can be opened by several processes at once. Three habits of the engine shape this module:

* part of its faults surface as ``PanicException``, which is a ``BaseException``;
* opening a shard opens its files for writing and replaces some (`REWRITTEN`), so on a read-only disk a private copy
  is opened instead;
* it holds the interpreter's lock for whole calls, so filling and optimising belong in a process of their own;
* it keeps every vector twice, in the index that is searched and as it came, and reserves its files in large pages.
  A store that is finished (`EdgeStore.seal`) is cut down to what searching reads.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import qdrant_edge as edge

from assistant import disk
from assistant.errors import BuildFailed, IndexDamaged, IndexFault
from assistant.store.base import Language, Point, Scored

REWRITTEN = frozenset({"edge_config.json", "segment.json"})
"""Files that the engine replaces whenever it opens a folder, by the same JSON with its members in any order."""

# One space of the engine holds both of ours: a language is the last bit of a dimension. Two would take twice the files.
_TERMS = "terms"
_DENSE = "dense"
_BITS: dict[Language, int] = {"ar": 0, "en": 1}

# Kinds of the engine's index that are read from their own file; the other kind is made from the vectors on opening.
_INDEXES_WITHOUT_VECTORS = frozenset({"ImmutableRam", "Mmap"})
# Files whose reserved space may be cut off, and the least that the engine must find of one.
_RESERVED, _LEAST = ("page_*.dat", "tracker.dat"), 4096
# Searches that a store must answer after it was cut down as it did before.
_PROBES, _PROBE_EVERY, _PROBE_HITS = 32, 97, 10
# Times as many equal points as were asked for, from which on it is left to the engine which of them are found.
_MOST_EQUAL = 64

# Dense vectors are compared with all that there are: no graph. On 2 cores, 20,000 of 1,024 dimensions take 20 to 35 ms; a graph
# over them took five minutes to build. And what is found depends on what is stored alone, not on how it came to be stored.
_NO_GRAPH = 0
_EXACT = edge.SearchParams(exact=True)

# Points of a segment. What is turned into the compact kind is held in memory twice while that is done, about six kilobytes a
# point; so a large store is turned in pieces, and what one of a hundred thousand passages takes is what one of a million takes.
_SEGMENT_POINTS = 1 << 17
# The engine would put segments together beyond as many as these: all of them in memory at once.
_MOST_SEGMENTS = 4096

# Kilobytes from which a segment is turned into the compact, immutable kind. The default leaves small collections in
# the growing kind, whose pages are preallocated; one kilobyte means practically always.
_INDEXING_THRESHOLD_KB = 1

# Where a copy is opened when neither the index's disk nor that of temporary files has room.
_MEMORY = Path("/dev/shm")  # noqa: S108  (only folders that mkdtemp makes)


class EdgeStore:
    """A `Store` on one folder. Made by `create` or `open`."""

    def __init__(self, shard: edge.EdgeShard, path: Path, scratch: Path | None = None) -> None:
        self._shard: edge.EdgeShard | None = shard
        self._path = path
        self._scratch = scratch
        self._added = 0
        self._growing = 0
        self._probes: list[Point] = []

    @classmethod
    def create(cls, path: Path, dimensions: int | None = None) -> EdgeStore:
        """An empty store in ``path``, which is made; it must hold no other one. ``dimensions``: of dense vectors, if any."""
        config = edge.EdgeConfig(
            vectors={_DENSE: _dense_parameters(dimensions)} if dimensions else None,
            # Half precision in what is searched: an error of one in two thousand, on weights that are re-ranked.
            sparse_vectors={_TERMS: edge.EdgeSparseVectorParams(datatype=edge.VectorStorageDatatype.Float16)},
            optimizers=edge.EdgeOptimizersConfig(
                indexing_threshold=_INDEXING_THRESHOLD_KB,
                default_segment_number=_MOST_SEGMENTS,
                vacuum_min_vector_number=100,
            ),
            wal_enabled=False,
        )
        with _translated(path, writing=True):
            path.mkdir(parents=True, exist_ok=True)
            return cls(edge.EdgeShard.create(str(path), config), path)

    @classmethod
    def open(cls, path: Path) -> EdgeStore:
        """The store that was closed in ``path``.

        Raises:
            IndexDamaged: it cannot be read.
        """
        if _writable(path):
            # Opening writes a little, which a full disk refuses: then it may still be read elsewhere.
            with contextlib.suppress(IndexDamaged), _translated(path, writing=False):
                return cls(edge.EdgeShard.load(str(path)), path)
        with _translated(path, writing=False):
            try:
                return cls._open_copy(path, None)
            except OSError:
                if not _MEMORY.is_dir():
                    raise
                return cls._open_copy(path, _MEMORY)

    @classmethod
    def _open_copy(cls, path: Path, place: Path | None) -> EdgeStore:
        """Open a copy in ``place``, or where temporary files go."""
        scratch = Path(tempfile.mkdtemp(prefix="isnad-engine-", dir=place))
        try:
            disk.copy_tree(path, scratch / "engine")
            for item in scratch.rglob("*"):
                item.chmod(0o700 if item.is_dir() else 0o600)
            return cls(edge.EdgeShard.load(str(scratch / "engine")), path, scratch)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise

    def upsert(self, points: Sequence[Point]) -> None:
        """Add points, replacing those of the same id."""
        if not points:
            return
        self._remember(points)
        with _translated(self._path, writing=True):
            batch = [edge.Point(point.id, _vectors_of(point), dict(point.payload)) for point in points]
            self._opened().update(edge.UpdateOperation.upsert_points(batch))
        self._growing += len(points)
        if self._growing >= _SEGMENT_POINTS:
            self.flush()

    def delete(self, ids: Sequence[int]) -> None:
        if not ids:
            return
        with _translated(self._path, writing=True):
            self._opened().update(edge.UpdateOperation.delete_points(list(ids)))

    def search(
        self, language: Language, vector: Mapping[int, float], limit: int, among: Collection[int] | None = None
    ) -> list[Scored]:
        if not vector or limit < 1 or (among is not None and not among):
            return []
        return self._nearest(edge.Query.Nearest(_sparse(language, vector), using=_TERMS), limit, among, None)

    def near(self, dense: Sequence[float], limit: int, among: Collection[int] | None = None) -> list[Scored]:
        if limit < 1 or (among is not None and not among):
            return []
        return self._nearest(edge.Query.Nearest(list(dense), using=_DENSE), limit, among, _EXACT)

    def _nearest(
        self, query: edge.Query, limit: int, among: Collection[int] | None, params: edge.SearchParams | None
    ) -> list[Scored]:
        """The ``limit`` best points, of equal ones those of the least ids.

        Which of equal points the engine hands over depends on the segment that answers first. So it is asked for one more, and as
        long as that one is equal to the last, for more.
        """
        with _translated(self._path, writing=False):
            kept = None if among is None else edge.Filter(must=[edge.HasIdCondition(set(among))])
            asked = limit + 1
            while True:
                request = edge.QueryRequest(limit=asked, query=query, filter=kept, params=params)
                found = [Scored(int(str(point.id)), point.score) for point in self._opened().query(request)]
                found.sort(key=lambda scored: (-scored.score, scored.id))
                if len(found) < asked or found[-1].score < found[limit - 1].score or asked > _MOST_EQUAL * limit:
                    return found[:limit]
                asked *= 4

    def count(self) -> int:
        with _translated(self._path, writing=False):
            return self._opened().count(edge.CountRequest(exact=True))

    def flush(self) -> None:
        with _translated(self._path, writing=True):
            self._opened().optimize()
            self._opened().flush()
        self._growing = 0

    def seal(self) -> None:
        """`flush`, and cut the store down to what searching reads: it takes no more points, ever.

        Raises:
            BuildFailed: as `flush`, or because the store does not answer as it did before.
        """
        self.flush()
        before = (self.count(), self._answers())
        shard, self._shard = self._opened(), None
        with _translated(self._path, writing=True):
            shard.close()
            for segment in (self._path / "segments").iterdir():
                _cut_down(segment)
            self._shard = edge.EdgeShard.load(str(self._path))
            if (self.count(), self._answers()) != before:
                raise BuildFailed(reason="the search engine does not read back what was written")

    def _remember(self, points: Sequence[Point]) -> None:
        """Keep a few vectors, from all over, to search with in `seal`."""
        wanted = range(-self._added % _PROBE_EVERY, len(points), _PROBE_EVERY)
        self._added += len(points)
        self._probes += [points[n] for n in wanted]
        if len(self._probes) > 2 * _PROBES:
            self._probes = self._probes[::2]

    def _answers(self) -> list[tuple[list[Scored], list[float]]]:
        """What is found, without the last ones that are equal, and all scores: of thousands of equal points it is chance which come."""
        found = [self.search(point.language, point.vector, _PROBE_HITS) for point in self._probes]
        found += [self.near(point.dense, _PROBE_HITS) for point in self._probes if point.dense is not None]
        return [([one for one in each if one.score > each[-1].score], [one.score for one in each]) for each in found]

    def close(self) -> None:
        shard, self._shard = self._shard, None
        try:
            if shard is not None:
                with _translated(self._path, writing=False):
                    shard.close()
        finally:
            if self._scratch is not None:
                shutil.rmtree(self._scratch, ignore_errors=True)

    def __enter__(self) -> EdgeStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _opened(self) -> edge.EdgeShard:
        if self._shard is None:
            raise ValueError("the store has been closed")
        return self._shard


def _cut_down(segment: Path) -> None:
    """Cut off what the files of a closed segment only reserve, and the vectors where the index does not need them."""
    config = json.loads((segment / "segment.json").read_bytes())["config"]["sparse_vector_data"]
    for name, parameters in config.items():
        if parameters["index"]["index_type"] in _INDEXES_WITHOUT_VECTORS:
            vectors = segment / f"vector_storage-{name}" / "store"
            for page in vectors.glob("page_*.dat"):
                os.truncate(page, 0)
            os.truncate(vectors / "tracker.dat", _LEAST)
    for pattern in _RESERVED:
        for file in segment.rglob(pattern):
            disk.trim(file, _LEAST)


def _dense_parameters(dimensions: int) -> edge.EdgeVectorParams:
    return edge.EdgeVectorParams(
        dimensions,
        edge.Distance.Dot,
        datatype=edge.VectorStorageDatatype.Float16,
        hnsw_config=edge.HnswIndexConfig(m=_NO_GRAPH, ef_construct=100, full_scan_threshold=10_000),
    )


def _vectors_of(point: Point) -> dict[str, Any]:
    sparse = {_TERMS: _sparse(point.language, point.vector)}
    return sparse if point.dense is None else {**sparse, _DENSE: list(point.dense)}


def _sparse(language: Language, vector: Mapping[int, float]) -> edge.SparseVector:
    terms, bit = sorted(vector), _BITS[language]
    return edge.SparseVector([term << 1 | bit for term in terms], [float(vector[term]) for term in terms])


def _writable(path: Path) -> bool:
    """Whether the engine may open its files for writing: asked of every folder and file, as owners may differ."""
    return all(os.access(item, os.W_OK) for item in (path, *path.rglob("*")))


@contextlib.contextmanager
def _translated(path: Path, *, writing: bool) -> Iterator[None]:
    """The engine's faults as ours. It raises bare ``Exception`` and ``PanicException``, so both are caught here."""
    try:
        yield
    except (IndexFault, KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, TypeError, ValueError):
        raise  # ours, the person's, or a mistake in the calling code
    except BaseException as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        if writing:
            raise BuildFailed(reason=f"the search engine failed: {reason}") from error
        raise IndexDamaged(path=path, reason=f"the search engine cannot read it: {reason}") from error
