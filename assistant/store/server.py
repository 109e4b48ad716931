"""A Qdrant server or cluster, by its address: the same points as the embedded engine's, in a collection of their own.

What the server shall hold is said so that it ranks as `edge` does: one sparse space for both languages, a language being the
last bit of a dimension; half precision; no IDF of its own; dense vectors by dot product, compared with all that there are.

Every call has its time (`assistant.store.patience`), tries and pauses included, and its clock runs while a reply is read, too: a
server that drips is late. All calls can be made twice, so one whose reply was lost is simply made again. A collection may be
named by its alias everywhere but in `drop`.
"""

from __future__ import annotations

import contextlib
import logging
import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn, TypeVar

import httpx
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from assistant.errors import BuildFailed, IndexDamaged, IndexFault, StoreKind, StoreUnavailable
from assistant.store.address import Server
from assistant.store.base import Language, Point, Scored
from assistant.store.patience import Patience, of_build, of_search
from assistant.store.transport import Clocked, within

Result = TypeVar("Result")

_TERMS, _DENSE = "terms", "dense"
_BITS: dict[Language, int] = {"ar": 0, "en": 1}
_NO_GRAPH = models.HnswConfigDiff(m=0)
_EXACT = models.SearchParams(exact=True)

# A request of ids, and of points: the server takes 32 MB, and a number is twenty bytes at most.
_IDS, _NUMBERS = 10_000, 400_000
# What one try of a call that writes may take; the rest of the time is for trying again.
_TRY_SECONDS = 60.0
# More than are asked for, so that points that are not counted in the end, and equal scores, are not cut off.
_SPARE = 16

SETTLING = (0.1, 0.3, 0.9)
"""Pauses in which the nodes of a cluster come to agree on what was just made."""

_KINDS: dict[int, StoreKind] = {401: "key", 403: "key", 408: "late", 429: "limited", 504: "late"}
_NOT_FOUND = 404


class Connection:
    """Calls to one server; for any number of threads."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._closed = False
        for library in ("httpx", "httpcore"):
            log = logging.getLogger(library)
            if log.level < logging.INFO:  # below it they log headers
                log.setLevel(logging.INFO)
        self._client = QdrantClient(
            url=server.url,
            headers={"api-key": server.key} if server.key else None,
            check_compatibility=False,
            transport=Clocked(),
            trust_env=False,
            follow_redirects=False,
        )

    def call(
        self, patience: Patience, ask: Callable[[QdrantClient], Result], *, missing: Result | None = None
    ) -> Result:
        """What ``ask`` gets; ``missing`` in place of a collection that is not there.

        Raises:
            StoreUnavailable: the server did not answer in time, or not as a Qdrant server does.
            IndexDamaged: there is no such collection.
            _Refused: the server understood, and will not.
        """

        def attempt(seconds: float) -> Result:
            if self._closed:
                raise ValueError("the store has been closed")
            try:
                with within(min(seconds, _TRY_SECONDS)):
                    return ask(self._client)
            except Exception as error:  # the edge to foreign code, where an odd reply makes Python raise anything
                fault = self._fault(error)
                if isinstance(fault, IndexDamaged) and missing is not None:
                    return missing
                raise fault from None

        for pause in (*SETTLING, None):
            try:
                return patience.call(attempt)
            except IndexDamaged:
                if pause is None:
                    raise
                patience.sleep(pause)
        raise AssertionError("the last pause is none")

    def _fault(self, error: Exception) -> IndexFault:
        where = self.server.where
        if isinstance(error, ResponseHandlingException):
            error = error.source
        if isinstance(error, ResourceExhaustedResponse):
            limited = StoreUnavailable("limited", place=where)
            limited.pause = float(error.retry_after_s)
            return limited
        if isinstance(error, httpx.TimeoutException):
            return StoreUnavailable("late", place=where)
        if isinstance(error, httpx.TransportError):
            return StoreUnavailable("unreachable", place=where)
        if not isinstance(error, UnexpectedResponse) or error.status_code is None:
            return StoreUnavailable("garbled", place=where)
        status = error.status_code
        if status in _KINDS or status >= 500:
            return StoreUnavailable(_KINDS.get(status, "server"), place=where)
        if status == _NOT_FOUND:
            return IndexDamaged(path=where, reason="its collection is not on the index server")
        return _Refused(status, where)

    def close(self) -> None:
        """Let go of the network; closing twice is allowed."""
        if not self._closed:
            self._closed = True
            self._client.close()


class _Refused(IndexFault):
    """The server understood what was asked, and answered that it cannot be."""

    def __init__(self, status: int, where: str) -> None:
        self.status, self.where = status, where
        super().__init__()


@contextlib.contextmanager
def _translated(*, writing: bool) -> Iterator[None]:
    try:
        yield
    except _Refused as refused:
        _refuse(refused, writing=writing)


def _refuse(refused: _Refused, *, writing: bool) -> NoReturn:
    reason = f"the index server refuses it with status {refused.status}"
    if writing:
        raise BuildFailed(reason=reason) from None
    raise IndexDamaged(path=refused.where, reason=reason) from None


class ServerStore:
    """A `Store` on one collection of a server."""

    def __init__(
        self, connection: Connection, collection: str, reading: Patience | None = None, writing: Patience | None = None
    ) -> None:
        self._connection = connection
        self._name = collection
        self._reading = reading or of_search(connection.server.seconds)
        self._writing = writing or of_build(connection.server.seconds)

    @classmethod
    def create(cls, connection: Connection, collection: str, dimensions: int | None = None) -> ServerStore:
        """A new, empty collection, under a name that nobody else uses. ``dimensions``: of dense vectors, if any.

        Raises:
            StoreUnavailable, BuildFailed: it cannot be made.
        """
        store, server = cls(connection, collection), connection.server
        dense = models.VectorParams(
            size=dimensions or 1,
            distance=models.Distance.DOT,
            datatype=models.Datatype.FLOAT16,
            hnsw_config=_NO_GRAPH,
        )
        half = models.SparseIndexParams(datatype=models.Datatype.FLOAT16)
        try:
            with _translated(writing=True):
                connection.call(
                    store._writing,
                    lambda client: client.create_collection(
                        collection,
                        vectors_config={_DENSE: dense} if dimensions else {},
                        sparse_vectors_config={_TERMS: models.SparseVectorParams(index=half)},
                        replication_factor=server.replicas,
                        shard_number=server.shards,
                    ),
                )
        except BuildFailed:
            if not store.exists():  # it does when the reply to the first try was lost
                raise
        return store

    def exists(self) -> bool:
        """Whether the server has the collection."""
        with _translated(writing=False):
            return self._connection.call(self._reading, lambda client: client.collection_exists(self._name))

    def upsert(self, points: Sequence[Point]) -> None:
        """Add points, replacing those of the same id."""
        with _translated(writing=True):
            for some in _portions(points):
                batch = [
                    models.PointStruct(id=point.id, vector=_vectors_of(point), payload=dict(point.payload))
                    for point in some
                ]
                self._connection.call(
                    self._writing, partial(QdrantClient.upsert, collection_name=self._name, points=batch)
                )

    def delete(self, ids: Sequence[int]) -> None:
        with _translated(writing=True):
            for some in _runs(ids):
                chosen = models.PointIdsList(points=list(some))
                self._connection.call(
                    self._writing, partial(QdrantClient.delete, collection_name=self._name, points_selector=chosen)
                )

    def search(
        self, language: Language, vector: Mapping[int, float], limit: int, among: Collection[int] | None = None
    ) -> list[Scored]:
        return self._query(_sparse(language, vector), _TERMS, limit, among) if vector else []

    def near(self, dense: Sequence[float], limit: int, among: Collection[int] | None = None) -> list[Scored]:
        return self._query(list(dense), _DENSE, limit, among)

    def _query(
        self, query: models.SparseVector | list[float], using: str, limit: int, among: Collection[int] | None
    ) -> list[Scored]:
        """The best points, of every portion of ``among`` when one request cannot name them all."""
        if limit < 1:
            return []
        found: list[Scored] = []
        for only in [None] if among is None else _runs(sorted(among)):
            kept = None if only is None else models.Filter(must=[models.HasIdCondition(has_id=list(only))])
            with _translated(writing=False):
                reply = self._connection.call(
                    self._reading,
                    partial(
                        QdrantClient.query_points,
                        collection_name=self._name,
                        query=query,
                        using=using,
                        query_filter=kept,
                        search_params=_EXACT if using == _DENSE else None,
                        limit=limit + _SPARE,
                        with_payload=False,
                        timeout=math.ceil(self._reading.seconds),
                    ),
                )
            found += [Scored(int(str(point.id)), point.score) for point in reply.points]
        return sorted(found, key=lambda scored: (-scored.score, scored.id))[:limit]

    def count(self) -> int:
        with _translated(writing=False):
            return self._connection.call(self._reading, lambda client: client.count(self._name, exact=True)).count

    def held(self, ids: Sequence[int]) -> int:
        """How many points of these ids there are."""
        total = 0
        with _translated(writing=False):
            for some in _runs(ids):
                kept = models.Filter(must=[models.HasIdCondition(has_id=list(some))])
                total += self._connection.call(
                    self._writing,
                    partial(QdrantClient.count, collection_name=self._name, count_filter=kept, exact=True),
                ).count
        return total

    def ids(self) -> Iterator[list[int]]:
        """The ids of all points, a portion at a time."""
        offset: Any = None
        while True:
            with _translated(writing=False):
                records, offset = self._connection.call(
                    self._writing,
                    partial(
                        QdrantClient.scroll,
                        collection_name=self._name,
                        limit=_IDS,
                        offset=offset,
                        with_payload=False,
                        with_vectors=False,
                    ),
                )
            if records:
                yield [int(str(record.id)) for record in records]
            if offset is None:
                return

    def flush(self) -> None:
        """Nothing is left to do: each write was acknowledged when it was durable, and the server optimises by itself."""

    def close(self) -> None:
        self._connection.close()


def version(connection: Connection) -> str:
    """The server's version. Raises `StoreUnavailable`."""
    patience = of_search(connection.server.seconds)
    try:
        about = connection.call(patience, lambda client: client.info())
    except (IndexDamaged, _Refused):
        raise StoreUnavailable("garbled", place=connection.server.where) from None
    return str(about.version)


def collections(connection: Connection, prefix: str) -> list[str]:
    """The names of all collections that begin with ``prefix``, in order."""
    with _translated(writing=False):
        found = connection.call(
            of_build(connection.server.seconds), lambda client: client.get_collections()
        ).collections
    return sorted(each.name for each in found if each.name.startswith(prefix))


def aliases(connection: Connection) -> dict[str, str]:
    """All aliases, and the collections that they stand for."""
    with _translated(writing=False):
        known = connection.call(of_build(connection.server.seconds), lambda client: client.get_aliases()).aliases
    return {each.alias_name: each.collection_name for each in known}


def point_alias(connection: Connection, alias: str, collection: str) -> None:
    """Have ``alias`` stand for ``collection``: in one step, whatever it stood for."""
    create = models.CreateAliasOperation(create_alias=models.CreateAlias(collection_name=collection, alias_name=alias))
    remove = models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=alias))
    steps: list[Any] = [remove, create] if alias in aliases(connection) else [create]
    with _translated(writing=True):
        connection.call(of_build(connection.server.seconds), lambda client: client.update_collection_aliases(steps))


def drop(connection: Connection, collection: str) -> None:
    """Delete a collection, and the aliases that stand for it; one that is not there is ignored."""
    with _translated(writing=True):
        connection.call(
            of_build(connection.server.seconds), lambda client: client.delete_collection(collection), missing=False
        )


def _vectors_of(point: Point) -> dict[str, Any]:
    sparse = {_TERMS: _sparse(point.language, point.vector)}
    return sparse if point.dense is None else {**sparse, _DENSE: list(point.dense)}


def _sparse(language: Language, vector: Mapping[int, float]) -> models.SparseVector:
    terms, bit = sorted(vector), _BITS[language]
    return models.SparseVector(
        indices=[term << 1 | bit for term in terms], values=[float(vector[term]) for term in terms]
    )


def _runs(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[first : first + _IDS] for first in range(0, len(ids), _IDS))


def _portions(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Points in requests of a size that a server takes."""
    portion: list[Point] = []
    numbers = 0
    for point in points:
        size = 2 * len(point.vector) + len(point.dense or ())
        if portion and numbers + size > _NUMBERS:
            yield portion
            portion, numbers = [], 0
        portion.append(point)
        numbers += size
    if portion:
        yield portion
