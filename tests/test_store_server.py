"""The Qdrant server behind the store: it ranks as the embedded engine does, and its faults come through only as ours.

It is asked over real HTTP: a double of our own, and the server at ``ISNAD_TEST_QDRANT``, if there is one.
"""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.errors import BuildFailed, IndexDamaged, StoreUnavailable
from assistant.store import server as qdrant
from assistant.store.address import Server
from assistant.store.base import Point, Store
from assistant.store.patience import Patience, of_build, of_search
from assistant.store.server import Connection, ServerStore
from tests.qdrant_double import Fault, QdrantDouble

ROOT = Path(__file__).parents[1]
REAL = os.environ.get("ISNAD_TEST_QDRANT")
KEY = "qd-0123456789abcdef"
DIMENSIONS = 8
AT_ONCE = Patience(20, (0.0, 0.0, 0.0))


@pytest.fixture
def double() -> Iterator[QdrantDouble]:
    with QdrantDouble() as started:
        yield started


@pytest.fixture(params=["double", "server"])
def server(request: pytest.FixtureRequest) -> Server:
    """Both kinds of servers; the real one only where the tests were given one."""
    if request.param == "server":
        if not REAL:
            pytest.skip("ISNAD_TEST_QDRANT names no server")
        return Server(REAL, os.environ.get("ISNAD_TEST_QDRANT_KEY"))
    double: QdrantDouble = request.getfixturevalue("double")
    return Server(double.url)


@pytest.fixture
def connection(server: Server) -> Iterator[Connection]:
    """A connection; the collections that a test has made are deleted after it."""
    opened = Connection(server)
    yield opened
    for name in qdrant.collections(opened, "test-"):
        qdrant.drop(opened, name)
    opened.close()


def fresh(connection: Connection, dimensions: int | None = None) -> ServerStore:
    return ServerStore.create(connection, f"test-{secrets.token_hex(6)}", dimensions)


@pytest.fixture
def store(connection: Connection) -> ServerStore:
    return fresh(connection)


# ------------------------------------------------ a store

terms = st.integers(0, 2**31 - 1) | st.integers(0, 5)
weights = st.floats(0.0625, 8, width=16)
vectors = st.dictionaries(terms, weights, min_size=1, max_size=6)
points = st.lists(
    st.builds(Point, st.integers(0, 2**63 - 1), st.sampled_from(["ar", "en"]), vectors),
    max_size=12,
    unique_by=lambda point: point.id,
)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points, vectors, st.sampled_from(["ar", "en"]))
def test_scores_are_plain_dot_products(
    connection: Connection, held: list[Point], query: dict[int, float], language: str
) -> None:
    store = fresh(connection)
    store.upsert(held)
    expected = {
        point.id: pytest.approx(sum(weight * point.vector.get(term, 0.0) for term, weight in query.items()), rel=1e-3)
        for point in held
        if point.language == language and set(query) & set(point.vector)
    }
    found = store.search("ar" if language == "ar" else "en", query, 100)
    assert {point.id: point.score for point in found} == expected
    assert found == sorted(found, key=lambda point: (-point.score, point.id))
    assert store.count() == len(held)


def test_the_rarity_of_a_term_in_the_collection_does_not_count(store: ServerStore) -> None:
    store.upsert([Point(1, "en", {7: 1.0}), Point(2, "en", {8: 1.0}), Point(3, "en", {8: 1.0})])
    assert store.search("en", {7: 1.0, 8: 1.0}, 10) == [(1, 1.0), (2, 1.0), (3, 1.0)]


def test_weights_are_kept_in_half_precision(store: ServerStore) -> None:
    """As in the embedded engine: 2049 cannot be written in eleven bits."""
    store.upsert([Point(1, "en", {7: 2049.0})])
    assert store.search("en", {7: 1.0}, 1) == [(1, 2048.0)]


def test_equal_scores_come_in_the_order_of_their_ids_whatever_the_limit(store: ServerStore) -> None:
    store.upsert([Point(number, "ar", {1: 1.0}) for number in (9, 3, 2**63 - 1, 5, 1)])
    assert [found.id for found in store.search("ar", {1: 1.0}, 9)] == [1, 3, 5, 9, 2**63 - 1]
    assert [found.id for found in store.search("ar", {1: 1.0}, 2)] == [1, 3]


def test_upserting_replaces_and_deleting_removes(store: ServerStore) -> None:
    store.upsert([Point(1, "ar", {1: 1.0}), Point(2**63 - 1, "en", {1: 1.0})])
    store.upsert([Point(1, "ar", {2: 3.0})])
    store.delete([2**63 - 1, 99])
    assert store.count() == 1
    assert store.search("ar", {2: 1.0}, 5) == [(1, 3.0)]
    assert store.search("ar", {1: 1.0}, 5) == store.search("en", {1: 1.0}, 5) == []
    store.delete([])
    store.upsert([])
    assert store.count() == 1


@pytest.mark.parametrize(("query", "limit"), [({}, 5), ({1: 1.0}, 0)])
def test_nothing_asked_nothing_found(store: ServerStore, query: dict[int, float], limit: int) -> None:
    store.upsert([Point(1, "ar", {1: 1.0})])
    assert store.search("ar", query, limit) == []


def test_only_some_may_be_found(store: ServerStore) -> None:
    """Also when there are more of them than one request can name."""
    store.upsert([Point(number, "ar", {1: float(number)}) for number in range(1, 9)])
    assert store.search("ar", {1: 1.0}, 2, among={2, 3, 5}) == [(5, 5.0), (3, 3.0)]
    assert store.search("ar", {1: 1.0}, 2, among=[]) == []
    many = {2, 3, 5, *range(100, 25_000)}
    assert store.search("ar", {1: 1.0}, 2, among=many) == [(5, 5.0), (3, 3.0)]
    assert store.held(sorted(many)) == 3


def test_all_ids_are_told_in_portions(store: ServerStore) -> None:
    store.upsert([Point(number, "ar", {1: 1.0}) for number in range(1, 10_101)])
    told = list(store.ids())
    assert len(told) == 2
    assert sorted(number for some in told for number in some) == list(range(1, 10_101))


def dense_points(number: int) -> list[Point]:
    chance = np.random.default_rng(number)
    dense = chance.standard_normal((number, DIMENSIONS))
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    return [Point(n, "ar", {0: 1.0}, dense=vector.tolist()) for n, vector in enumerate(dense, 1)]


def test_the_nearest_are_those_of_the_greatest_dot_product(connection: Connection) -> None:
    store, held = fresh(connection, DIMENSIONS), dense_points(300)
    store.upsert(held)
    asked = held[7].dense
    assert asked is not None
    products = {point.id: float(np.dot(asked, point.dense or [])) for point in held}
    best = sorted(products, key=lambda number: -products[number])
    found = store.near(asked, 20)
    assert [point.id for point in found] == best[:20]
    assert [point.score for point in found] == pytest.approx([products[number] for number in best[:20]], abs=2e-3)
    assert [point.id for point in store.near(asked, 3, among=best[100:200])] == best[100:103]
    assert store.near(asked, 0) == store.near(asked, 5, among=[]) == []
    assert len(store.search("ar", {0: 1.0}, 400)) == 300


def test_long_vectors_are_sent_in_requests_that_a_server_takes(connection: Connection) -> None:
    store = fresh(connection, 4096)
    store.upsert([Point(number, "ar", {0: 1.0}, dense=[0.0123456789] * 4096) for number in range(1, 401)])
    assert store.count() == 400


def test_a_store_without_dense_vectors_says_so_as_damage(store: ServerStore) -> None:
    store.upsert([Point(1, "ar", {1: 1.0})])
    with pytest.raises(IndexDamaged, match="status 400"):
        store.near([1.0] * DIMENSIONS, 3)
    with pytest.raises(BuildFailed, match="status 400"):
        store.upsert(dense_points(1))


def test_what_is_not_there_is_damaged(connection: Connection) -> None:
    gone = ServerStore(connection, "test-gone")
    asked: Sequence[object] = [gone.count, lambda: gone.search("ar", {1: 1.0}, 3), lambda: list(gone.ids())]
    for ask in asked:
        with pytest.raises(IndexDamaged, match="not on the index server"):
            ask()  # type: ignore[operator]
    assert not gone.exists()
    qdrant.drop(connection, "test-gone")


def test_a_node_that_does_not_know_of_a_collection_yet_is_asked_again(filled: QdrantDouble) -> None:
    filled.fail(404, 2)
    assert at(filled).count() == 1
    assert len(filled.seen) == 3


def test_an_alias_moves_in_one_step(connection: Connection) -> None:
    first, second = fresh(connection), fresh(connection)
    first.upsert([Point(1, "ar", {1: 1.0})])
    second.upsert([Point(2, "ar", {1: 1.0})])
    one, two = (store._name for store in (first, second))
    alias = f"test-alias-{secrets.token_hex(4)}"
    read = ServerStore(connection, alias)
    qdrant.point_alias(connection, alias, one)
    assert read.search("ar", {1: 1.0}, 5) == [(1, 1.0)]
    qdrant.point_alias(connection, alias, two)
    assert read.search("ar", {1: 1.0}, 5) == [(2, 1.0)]
    assert qdrant.aliases(connection)[alias] == two
    qdrant.drop(connection, two)
    assert alias not in qdrant.aliases(connection)
    assert qdrant.collections(connection, one) == [one]


def test_the_server_is_a_store_and_says_when_it_is_closed(server: Server, connection: Connection) -> None:
    held: Store = ServerStore(Connection(server), fresh(connection)._name)
    held.flush()
    assert held.count() == 0
    held.close()
    held.close()
    with pytest.raises(ValueError, match="closed"):
        held.count()


# ------------------------------------------------ faults


def at(double: QdrantDouble, seconds: float = 20, **more: str) -> ServerStore:
    """A store that tries again without a pause."""
    connection = Connection(Server(double.url, seconds=seconds, **more))  # type: ignore[arg-type]
    patience = Patience(seconds, (0.0, 0.0, 0.0))
    return ServerStore(connection, "test-one", patience, patience)


@pytest.fixture
def filled(double: QdrantDouble) -> QdrantDouble:
    store = ServerStore.create(Connection(Server(double.url)), "test-one")
    store.upsert([Point(1, "ar", {1: 1.0})])
    double.seen.clear()
    return double


@pytest.mark.parametrize(
    ("fault", "kind", "tries"),
    [
        (401, "key", 1),
        (403, "key", 1),
        (408, "late", 4),
        (500, "server", 4),
        (502, "server", 4),
        (503, "server", 4),
        (504, "late", 4),
        ("close", "unreachable", 4),
        ("garbage", "garbled", 1),
        ("html", "garbled", 1),
    ],
)
def test_a_fault_has_its_kind_and_is_tried_again_if_it_may_pass(
    filled: QdrantDouble, fault: Fault, kind: str, tries: int
) -> None:
    filled.fail(fault)
    with pytest.raises(StoreUnavailable) as caught:
        at(filled).search("ar", {1: 1.0}, 3)
    assert caught.value.kind == kind
    assert len(filled.seen) == tries
    assert f"127.0.0.1:{filled.url.rpartition(':')[2]}" in str(caught.value)
    assert "as the test wants" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("fault", [500, 503, "close", "lose"])
def test_what_passes_is_not_noticed(filled: QdrantDouble, fault: Fault) -> None:
    """Writing twice what was written is the same as writing it once."""
    store = at(filled)
    filled.fail(fault, 3)
    assert store.search("ar", {1: 1.0}, 3) == [(1, 1.0)]
    filled.fail(fault, 3)
    store.upsert([Point(2, "ar", {1: 2.0})])
    filled.fail(fault, 3)
    store.delete([1])
    assert [point.id for point in store.search("ar", {1: 1.0}, 3)] == [2]


def test_a_collection_is_made_although_the_reply_was_lost(double: QdrantDouble) -> None:
    double.fail("lose", 1, "PUT")
    ServerStore.create(Connection(Server(double.url)), "test-one").upsert([Point(1, "ar", {1: 1.0})])
    assert double.collections() == {"test-one": 1}
    assert [seen.method for seen in double.seen] == ["PUT", "PUT", "GET", "PUT"]


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_a_call_ends_with_its_time(filled: QdrantDouble, fault: Fault) -> None:
    """Also when the reply has begun, and comes byte by byte."""
    filled.fail(fault)
    with pytest.raises(StoreUnavailable) as caught:
        at(filled, seconds=0.3).search("ar", {1: 1.0}, 3)
    assert caught.value.kind == "late"
    filled.recover()
    assert at(filled).count() == 1


def test_nobody_there_and_back_again(filled: QdrantDouble) -> None:
    store = at(filled)
    assert store.count() == 1
    filled.stop()
    with pytest.raises(StoreUnavailable, match="cannot be reached") as caught:
        store.count()
    assert caught.value.kind == "unreachable"
    filled.start()
    assert store.count() == 1


def test_a_server_that_asks_for_a_pause_is_given_one(filled: QdrantDouble) -> None:
    pauses: list[float] = []
    patience = Patience(20, (0.0,), sleep=pauses.append)
    filled.fail(429, 1)
    assert ServerStore(Connection(Server(filled.url)), "test-one", patience).count() == 1
    assert pauses == [1.0]
    filled.fail(429)
    with pytest.raises(StoreUnavailable, match="takes no more requests"):
        ServerStore(Connection(Server(filled.url)), "test-one", patience).count()


def test_the_version_is_told_and_another_server_is_none(double: QdrantDouble) -> None:
    connection = Connection(Server(double.url, seconds=5))
    assert qdrant.version(connection) == "1.15.0"
    for fault in (404, "html", 405):
        double.fail(fault)  # type: ignore[arg-type]
        with pytest.raises(StoreUnavailable, match="no Qdrant server"):
            qdrant.version(connection)
        double.recover()


def test_the_key_is_sent_and_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with QdrantDouble(KEY) as double:
        server = Server(double.url, KEY)
        store = ServerStore.create(Connection(server), "test-one")
        store.upsert([Point(1, "ar", {1: 1.0})])
        assert {seen.key for seen in double.seen} == {KEY}
        wrong = Server(double.url, KEY[:-1], seconds=5)
        with pytest.raises(StoreUnavailable, match="ISNAD_STORE_API_KEY") as caught:
            ServerStore(Connection(wrong), "test-one").count()
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.say("ar") + repr((server, wrong, store))
    assert KEY[:-1] not in shown + caplog.text
    assert "httpx" in caplog.text  # it would be there


@pytest.mark.parametrize(
    ("url", "local", "private"),
    [
        ("http://127.0.0.1:6333", True, True),
        ("http://localhost:6333", True, True),
        ("http://[::1]:6333", True, True),
        ("http://qdrant-1:6333", False, False),
        ("http://192.0.2.7:6333", False, False),
        ("https://qdrant.example:6333", False, True),
    ],
)
def test_who_can_read_on_the_way(url: str, local: bool, private: bool) -> None:
    server = Server(url)
    assert (server.local, server.private, server.where) == (local, private, url.partition("//")[2])


def test_without_the_client_it_is_said_what_to_install(seeds: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['qdrant_client'] = None\n"
        "from assistant.cli import main\n"
        "sys.exit(main(['ask', sys.argv[1], '--corpus', sys.argv[2], '--index', sys.argv[3], '--store', 'http://127.0.0.1:9']))"
    )
    for question, says in (("Who?", "Run: pip install 'isnad[server]'"), ("من؟", "نفّذ: pip install 'isnad[server]'")):
        done = subprocess.run(
            [sys.executable, "-c", code, question, str(seeds), str(tmp_path / "index")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert says in done.stderr and len(done.stderr.splitlines()) == 1


# ------------------------------------------------ patience


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)


@pytest.mark.parametrize("kind", ["unreachable", "late", "server", "limited"])
def test_pauses_grow_and_end_with_the_time(kind: str) -> None:
    clock = Clock()
    patience = Patience(of_build(10).seconds, of_build(10).pauses, True, lambda: clock.now, clock.sleep)
    left: list[float] = []

    def fails(seconds: float) -> None:
        left.append(seconds)
        raise StoreUnavailable(kind, place="here")  # type: ignore[arg-type]

    with pytest.raises(StoreUnavailable):
        patience.call(fails)
    assert all(full / 2 <= pause <= full for pause, full in zip(clock.pauses, (0.5, 1, 2, 4, 8), strict=False))
    assert all(4 <= pause <= 8 for pause in clock.pauses[5:])
    assert 100 < clock.now - 100.0 < 120
    assert left == sorted(left, reverse=True) and left[0] == 120


def test_a_search_is_tried_four_times_at_most() -> None:
    clock = Clock()
    patience = Patience(10, of_search(10).pauses, False, lambda: clock.now, clock.sleep)
    tried = []

    def fails(seconds: float) -> None:
        tried.append(seconds)
        raise StoreUnavailable("server", place="here")

    with pytest.raises(StoreUnavailable):
        patience.call(fails)
    assert len(tried) == 4


def test_the_first_success_ends_it() -> None:
    tried = iter([StoreUnavailable("server", place="here"), None])

    def ask(_: float) -> str:
        if fault := next(tried):
            raise fault
        return "done"

    assert AT_ONCE.call(ask) == "done"
