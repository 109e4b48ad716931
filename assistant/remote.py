"""The points of an index on a Qdrant server: sent there, found again, and tidied up. See `assistant.places` for their names.

**A new collection** is filled aside and counted, then the alias is moved in one call. **An increment** sends what is new into the
collection that is being read, and should points be missing there, those; what is old is taken out only when the generation
is published (`tidy`).

For this to be right for everybody who reads meanwhile, points are named by their content (`assistant.point_ids`), and a search leaves out
those that its catalogue does not know. A reader of the generation before is given new points, which it leaves out, and misses
those that are gone: articles that are gone or changed, for the moment until it opens the next one. A reader of the new generation finds all
of its points, for nothing is published before the server has acknowledged them. A build that is killed leaves points, or a
collection, that nobody knows: they change no answer, and the next build removes them. Killed between the moving of the alias and
the publishing, it leaves a generation without some of its points; that is noticed on opening, and the index is built anew.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import TracebackType

import numpy as np
import numpy.typing as npt

from assistant.catalogue import Catalogue
from assistant.errors import BuildFailed, IndexDamaged, IndexFault
from assistant.language.text import Language
from assistant.loose import loose
from assistant.places import Place, family_of
from assistant.point_ids import PointIds
from assistant.store import server as qdrant
from assistant.store.address import Server
from assistant.store.base import Point, Scored, Store
from assistant.store.server import Connection, ServerStore


def version(server: Server) -> str:
    """The version of a server that answers. Raises `StoreUnavailable`."""
    with contextlib.closing(Connection(server)) as connection:
        return qdrant.version(connection)


class RemoteStore:
    """The points of a catalogue on a server as a `Store` whose ids are the passages' numbers.

    Points that the catalogue does not know are left out.
    """

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue
        self._known: PointIds | None = None
        self._lock = threading.Lock()
        self._among = lru_cache(maxsize=8)(loose(self._points_of))
        self.lost = False
        """Whether a search found that the collection is gone."""

    def _points_of(self, numbers: frozenset[int]) -> tuple[int, ...]:
        return tuple(self.points.of(numbers))

    @property
    def points(self) -> PointIds:
        """The points of the catalogue, worked out when they are first needed."""
        with self._lock:
            if self._known is None:
                self._known = PointIds(self._catalogue)
            return self._known

    def upsert(self, points: Sequence[Point]) -> None:
        ids = self.points.of(point.id for point in points)
        self._store.upsert([replace(point, id=number) for point, number in zip(points, ids, strict=True)])

    def delete(self, ids: Sequence[int]) -> None:
        self._store.delete(self.points.of(ids))

    def search(
        self, language: Language, vector: Mapping[int, float], limit: int, among: Collection[int] | None = None
    ) -> list[Scored]:
        return self._best(lambda most, only: self._store.search(language, vector, most, only), limit, among)

    def near(self, dense: Sequence[float], limit: int, among: Collection[int] | None = None) -> list[Scored]:
        return self._best(lambda most, only: self._store.near(dense, most, only), limit, among)

    def _best(
        self,
        search: Callable[[int, Collection[int] | None], list[Scored]],
        limit: int,
        among: Collection[int] | None,
    ) -> list[Scored]:
        """The best that the catalogue knows: where strangers took their places, more are asked for."""
        only = None if among is None else self._among(frozenset(among))
        if limit < 1 or (only is not None and not only):
            return []
        most = limit
        while True:
            try:
                found = search(most, only)
            except IndexDamaged:
                self.lost = True
                raise
            numbers = self.points.numbers_of([scored.id for scored in found])
            known = [Scored(numbers[scored.id], scored.score) for scored in found if scored.id in numbers]
            if len(known) >= limit or len(found) < most:
                return sorted(known, key=lambda scored: (-scored.score, scored.id))[:limit]
            most *= 4

    def count(self) -> int:
        return self._store.count()

    def flush(self) -> None:
        self._store.flush()

    def close(self) -> None:
        self._store.close()


def open_points(server: Server, place: Place, catalogue: Catalogue) -> RemoteStore:
    """The points of a published generation, counted. More than there should be are looked for one by one.

    Before it is believed that some are missing they are counted again: another node of a cluster may have answered, which did not
    know yet what the alias stands for now.

    Raises:
        IndexDamaged: the collection is not there, or points are missing.
        StoreUnavailable: nobody can tell.
    """
    store = ServerStore(Connection(server), place.alias)
    opened = RemoteStore(store, catalogue)
    try:
        there = _count(store, opened, place.count)
        for pause in qdrant.SETTLING:
            if there == place.count:
                break
            time.sleep(pause)
            there = _count(store, opened, place.count)
        if there != place.count:
            reason = f"the index server holds {there} of the {place.count} passages it should"
            raise IndexDamaged(path=f"{server.where}/{place.alias}", reason=reason)
    except BaseException:
        opened.close()
        raise
    return opened


def _count(store: ServerStore, opened: RemoteStore, expected: int) -> int:
    there = store.count()
    return store.held(opened.points.ids.tolist()) if there > expected else there


class Sending:
    """The points of a catalogue on their way to a server: `send` those that are `wanted`, look what is `missing`, then `finish`."""

    def __init__(
        self,
        server: Server,
        alias: str,
        catalogue: Catalogue,
        dimensions: int | None,
        base: tuple[Place, Catalogue] | None = None,
    ) -> None:
        """``base``: what the alias holds already, with vectors of the same length; without it, a new collection is begun.

        Raises:
            StoreUnavailable, BuildFailed: it cannot be.
        """
        self._points = PointIds(catalogue)
        self._points.check()
        self._url, self._alias, self._fresh = server.url, alias, base is None
        self._connection = Connection(server)
        self._collection = base[0].collection if base else f"{alias}-{secrets.token_hex(4)}"
        known = PointIds(base[1]) if base else None
        self._expected = len(self._points.ids) + (int(known.besides(self._points).sum()) if known else 0)
        self.wanted = self._numbers(self._points.besides(known))
        """The numbers of the passages that are to be sent."""
        try:
            if base:
                self._store = ServerStore(self._connection, alias)
            else:
                _remove(self._connection, alias, set(qdrant.aliases(self._connection).values()))
                self._store = ServerStore.create(self._connection, self._collection, dimensions)
        except BaseException:
            self._connection.close()
            raise
        self._remote = RemoteStore(self._store, catalogue)

    def __enter__(self) -> Sending:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.closing(self._connection), contextlib.suppress(IndexFault):
            if kind is not None and self._fresh:
                qdrant.drop(self._connection, self._collection)

    def send(self, points: Sequence[Point]) -> None:
        """Have the server keep some."""
        self._remote.upsert(points)

    def missing(self) -> set[int]:
        """The numbers of the passages that the server does not hold, now that all have been sent."""
        if self._store.count() == self._expected:
            return set()
        there = np.array([number for ids in self._store.ids() for number in ids], np.int64)
        return self._numbers(~np.isin(self._points.ids, there))

    def _numbers(self, which: npt.NDArray[np.bool_]) -> set[int]:
        return set(map(int, self._points.numbers[which]))

    def finish(self) -> Place:
        """Have the alias stand for the collection.

        Raises:
            BuildFailed: not all points are there.
        """
        if missing := len(self.missing()):
            total = len(self._points.ids)
            raise BuildFailed(reason=f"the index server lacks {missing} of the {total} passages that it was sent")
        if self._fresh:
            qdrant.point_alias(self._connection, self._alias, self._collection)
        return Place(self._url, self._alias, self._collection, len(self._points.ids))


def tidy(server: Server, place: Place, catalogue: Catalogue, former: Catalogue | None = None) -> None:
    """Take out of the server what a generation that was just published has no use for; ``former`` is of the one before.

    What cannot be taken out now does no harm, and is tried again after the next build.
    """
    with contextlib.suppress(IndexFault), contextlib.closing(Connection(server)) as connection:
        _remove(connection, place.alias, {place.collection, qdrant.aliases(connection).get(place.alias, "")})
        store, points = ServerStore(connection, place.alias), PointIds(catalogue)
        if former is not None:
            before = PointIds(former)
            store.delete(before.ids[before.besides(points)].tolist())
        if store.count() > place.count:
            store.delete([number for ids in store.ids() for number in points.strangers(ids)])


def _remove(connection: Connection, alias: str, kept: Collection[str]) -> None:
    """Delete the collections of the alias's home, but for some."""
    for name in qdrant.collections(connection, family_of(alias)):
        if name not in kept:
            qdrant.drop(connection, name)
