"""The engine behind the store: plain dot products, two spaces, and faults that come through only as ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from damage import DAMAGES, as_plain_user, read_only, spoil
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant import disk
from assistant.errors import BuildFailed, IndexDamaged
from assistant.store import edge
from assistant.store.base import Point, Store
from assistant.store.edge import EdgeStore

terms = st.integers(0, 2**31 - 1) | st.integers(0, 5)
weights = st.floats(0.0625, 8, width=32)
vectors = st.dictionaries(terms, weights, min_size=1, max_size=6)
points = st.lists(
    st.builds(Point, st.integers(0, 2**63 - 1), st.sampled_from(["ar", "en"]), vectors),
    max_size=12,
    unique_by=lambda point: point.id,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EdgeStore]:
    with EdgeStore.create(tmp_path / "engine") as opened:
        yield opened


def expected(held: list[Point], language: str, query: dict[int, float]) -> dict[int, float]:
    """The plain dot product, computed by hand."""
    scores = {
        point.id: sum(weight * point.vector.get(term, 0.0) for term, weight in query.items())
        for point in held
        if point.language == language and set(query) & set(point.vector)
    }
    return dict(sorted(scores.items()))


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points, vectors, st.sampled_from(["ar", "en"]), st.sampled_from([None, EdgeStore.flush, EdgeStore.seal]))
def test_scores_are_plain_dot_products(
    tmp_path_factory: pytest.TempPathFactory,
    held: list[Point],
    query: dict[int, float],
    language: str,
    settle: Callable[[EdgeStore], None] | None,
) -> None:
    """In half precision: an error of one in two thousand."""
    with EdgeStore.create(tmp_path_factory.mktemp("store") / "engine") as store:
        store.upsert(held)
        if settle:
            settle(store)
        found = store.search(language, query, 100)
        assert {point.id: pytest.approx(point.score, rel=1e-3) for point in found} == expected(held, language, query)
        assert found == sorted(found, key=lambda point: (-point.score, point.id))
        assert store.count() == len(held)


def test_the_rarity_of_a_term_in_the_collection_does_not_count(store: EdgeStore) -> None:
    store.upsert([Point(1, "en", {7: 1.0}), Point(2, "en", {8: 1.0}), Point(3, "en", {8: 1.0})])
    assert [found.score for found in store.search("en", {7: 1.0, 8: 1.0}, 10)] == [1.0, 1.0, 1.0]


def test_upserting_replaces_and_deleting_removes(store: EdgeStore) -> None:
    store.upsert([Point(1, "ar", {1: 1.0}), Point(2**63 - 1, "en", {1: 1.0})])
    store.upsert([Point(1, "ar", {2: 3.0})])
    store.delete([2**63 - 1, 99])
    assert store.count() == 1
    assert store.search("ar", {2: 1.0}, 5) == [(1, 3.0)]
    assert store.search("ar", {1: 1.0}, 5) == []
    assert store.search("en", {1: 1.0}, 5) == []


@pytest.mark.parametrize(("query", "limit"), [({}, 5), ({1: 1.0}, 0)])
def test_nothing_asked_nothing_found(store: EdgeStore, query: dict[int, float], limit: int) -> None:
    store.upsert([Point(1, "ar", {1: 1.0})])
    assert store.search("ar", query, limit) == []


def test_a_closed_store_says_so(store: EdgeStore) -> None:
    store.close()
    store.close()
    with pytest.raises(ValueError, match="closed"):
        store.count()


def points_of(number: int) -> list[Point]:
    return [Point(n, "ar" if n % 2 else "en", {0: 1.0 + n, n: 0.5}) for n in range(1, number + 1)]


def settled(path: Path, number: int = 40) -> Path:
    """A finished store of ``number`` points in ``path``."""
    with EdgeStore.create(path) as store:
        store.upsert(points_of(number))
        store.seal()
    return path


def size(path: Path) -> int:
    return sum(file.stat().st_size for file in disk.regular_files(path))


def test_sealing_leaves_what_searching_needs(tmp_path: Path) -> None:
    with EdgeStore.create(tmp_path / "engine") as store:
        store.upsert(points_of(3000))
        store.flush()
        before, reserved = store.search("en", {0: 1.0, 40: 9.0}, 50), size(tmp_path / "engine")
        store.seal()
        assert store.search("en", {0: 1.0, 40: 9.0}, 50) == before
    assert size(tmp_path / "engine") < reserved / 10
    vectors = next((tmp_path / "engine").glob("segments/*/vector_storage-*/store/page_0.dat"))
    assert vectors.stat().st_size <= 4096
    with EdgeStore.open(tmp_path / "engine") as store:
        assert (store.search("en", {0: 1.0, 40: 9.0}, 50), store.count()) == (before, 3000)


@pytest.mark.parametrize("vary", [0.5, 0.0])
def test_a_store_in_segments_finds_what_one_segment_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, vary: float
) -> None:
    """Whichever segment answers first: also where very many points are equal, as passages that are copies are."""
    held = [Point(n, "ar" if n % 2 else "en", {0: 1.0 + vary * (n % 7), n % 50: 0.5}) for n in range(1, 2001)]

    def found(path: Path) -> list[object]:
        with EdgeStore.create(path) as store:
            for first in range(0, len(held), 100):
                store.upsert(held[first : first + 100])
            store.seal()
        with EdgeStore.open(path) as store:
            answers: list[object] = [store.search(language, {0: 1.0, 9: 2.0}, 30) for language in ("ar", "en")]
            return [*answers, store.search("en", {0: 1.0}, 3, {8, 600, 4, 1200, 1998}), store.count()]

    whole = found(tmp_path / "whole")
    monkeypatch.setattr(edge, "_SEGMENT_POINTS", 300)
    assert found(tmp_path / "parts") == whole
    one, several = (len(list((tmp_path / name / "segments").iterdir())) for name in ("whole", "parts"))
    assert several > one + 4


def test_a_sealed_store_takes_no_more(tmp_path: Path) -> None:
    with EdgeStore.open(settled(tmp_path / "engine", 500)) as store, pytest.raises(BuildFailed, match="search engine"):
        store.upsert([Point(n, "ar", {0: 9.0}) for n in range(1000, 1100)])


def test_a_store_that_does_not_read_back_what_it_wrote_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ruin(segment: Path) -> None:
        for file in segment.rglob("id_tracker.deleted"):
            file.write_bytes(b"\xff" * file.stat().st_size)

    monkeypatch.setattr(edge, "_cut_down", ruin)
    with EdgeStore.create(tmp_path / "engine") as store:
        store.upsert(points_of(500))
        with pytest.raises(BuildFailed):
            store.seal()


def test_several_may_have_it_open(tmp_path: Path) -> None:
    path = settled(tmp_path / "engine")
    with EdgeStore.open(path) as first, EdgeStore.open(path) as second:
        code = "import sys; from pathlib import Path; from assistant.store.edge import EdgeStore as E; "
        code += "print(E.open(Path(sys.argv[1])).search('ar', {0: 1.0}, 1))"
        other = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
        assert first.search("ar", {0: 1.0}, 1) == second.search("ar", {0: 1.0}, 1) == [(39, 40.0)]
        assert "id=39" in other.stdout


def test_opening_does_not_change_what_is_stored(tmp_path: Path) -> None:
    from assistant.generation import describe

    path = settled(tmp_path / "engine")
    before = describe(path)
    (path / ".atomicwriteLEFT").mkdir()  # what a reader killed while opening leaves behind
    for _ in range(8):
        with EdgeStore.open(path) as store:
            assert store.count() == 40
    assert {name: record.sha256 for name, record in describe(path).items()} == {
        name: record.sha256 for name, record in before.items()
    }


def test_a_store_can_go_on_from_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "engine"
    with EdgeStore.create(path) as store:
        store.upsert(points_of(40))
        store.flush()
    disk.copy_tree(path, tmp_path / "copy")
    with EdgeStore.open(tmp_path / "copy") as copy:
        copy.delete([39])
        copy.upsert([Point(100, "ar", {0: 9.0})])
        copy.flush()
        assert copy.count() == 40
        assert copy.search("ar", {0: 1.0}, 1) == [(37, 38.0)]
    with EdgeStore.open(path) as original:
        assert original.search("ar", {0: 1.0}, 1) == [(39, 40.0)]


def test_a_read_only_folder_can_be_searched(tmp_path: Path) -> None:
    path = settled(tmp_path / "engine")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    code = (
        "import sys; from pathlib import Path; from assistant.store.edge import EdgeStore as E\n"
        "path = Path(sys.argv[1])\n"
        "try: (path / 'x').touch(); print('writable')\n"
        "except PermissionError: pass\n"
        "with E.open(path) as store: print(store.search('ar', {0: 1.0}, 1))\n"
    )
    with read_only(path):
        done = subprocess.run(
            as_plain_user([sys.executable, "-c", code, str(path)]),
            capture_output=True,
            text=True,
            env=os.environ | {"TMPDIR": str(scratch)},
        )
    assert (done.stdout, done.stderr) == ("[Scored(id=39, score=40.0)]\n", "")
    assert list(scratch.iterdir()) == []


def test_what_is_not_a_store_is_damaged(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(IndexDamaged, match="search engine"):
            EdgeStore.open(path)


def test_a_place_that_is_taken_cannot_be_built_on(tmp_path: Path) -> None:
    path = settled(tmp_path / "engine")
    with pytest.raises(BuildFailed, match="search engine"):
        EdgeStore.create(path)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_shows_only_as_our_errors(tmp_path: Path, damage: str) -> None:
    """Whatever the engine does with a damaged file (even a panic), the caller sees `IndexDamaged` or an answer."""
    original = settled(tmp_path / "engine")
    raised = 0
    for number, file in enumerate(disk.regular_files(original)):
        path = tmp_path / f"copy-{number}"
        disk.copy_tree(original, path)
        spoil(path / file.relative_to(original), damage)
        try:
            with EdgeStore.open(path) as store:
                store.search("ar", {0: 1.0}, 5)
        except IndexDamaged:
            raised += 1
        shutil.rmtree(path)
    assert raised > 5


def test_the_engine_is_a_store(store: EdgeStore) -> None:
    held: Store = store
    assert held.count() == 0


# ------------------------------------------------ dense vectors

DIMENSIONS = 8


def dense_points(number: int) -> list[Point]:
    chance = np.random.default_rng(number)
    dense = chance.standard_normal((number, DIMENSIONS))
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    return [replace(point, dense=vector.tolist()) for point, vector in zip(points_of(number), dense, strict=True)]


@pytest.mark.parametrize("settle", [None, EdgeStore.flush, EdgeStore.seal])
def test_the_nearest_are_those_of_the_greatest_dot_product(
    tmp_path: Path, settle: Callable[[EdgeStore], None] | None
) -> None:
    """Of both languages, whatever words they have, exactly: no graph leaves any out."""
    held = dense_points(2000)
    with EdgeStore.create(tmp_path / "engine", DIMENSIONS) as store:
        store.upsert(held)
        if settle:
            settle(store)
        asked = held[7].dense
        assert asked is not None
        products = {point.id: float(np.dot(asked, point.dense or [])) for point in held}
        best = sorted(products, key=lambda number: -products[number])
        found = store.near(asked, 20)
        assert [point.id for point in found] == best[:20]
        assert [point.score for point in found] == pytest.approx([products[number] for number in best[:20]], abs=2e-3)
        few = store.near(asked, 3, among=best[100:200])
        assert [point.id for point in few] == best[100:103]
        assert store.near(asked, 0) == store.near(asked, 5, among=[]) == []
        # The words are what they were without.
        assert store.search("en", {0: 1.0}, 1) == [(2000, 2001.0)]


def test_dense_vectors_outlive_sealing(tmp_path: Path) -> None:
    held = dense_points(300)
    with EdgeStore.create(tmp_path / "engine", DIMENSIONS) as store:
        store.upsert(held)
        store.seal()
    assert held[0].dense is not None
    with EdgeStore.open(tmp_path / "engine") as store:
        assert store.near(held[0].dense, 1)[0].id == held[0].id


def test_a_store_without_dense_vectors_says_so_as_damage(store: EdgeStore) -> None:
    store.upsert(points_of(3))
    with pytest.raises(IndexDamaged, match="search engine"):
        store.near([1.0] * DIMENSIONS, 3)


def test_a_folder_that_cannot_be_opened_for_want_of_room_is_read_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine writes a little when it opens a folder."""
    path = tmp_path / "engine"
    with EdgeStore.create(path) as store:
        store.upsert([Point(1, "en", {7: 1.0})])
        store.seal()
    load = edge.edge.EdgeShard.load
    full: list[str] = []

    class Shard:
        @staticmethod
        def load(place: str) -> object:
            if place == str(path):
                full.append(place)
                raise Exception("Failed to save structure on disk with error: No space left on device (os error 28)")
            return load(place)

    monkeypatch.setattr("assistant.store.edge.edge.EdgeShard", Shard)
    with EdgeStore.open(path) as opened:
        assert [found.id for found in opened.search("en", {7: 1.0}, 5)] == [1]
    assert full == [str(path)]
