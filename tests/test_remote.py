"""An index on a server: what is sent, what its readers see meanwhile, and what is left when somebody dies or another comes."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant import generation
from assistant.builder import Progress
from assistant.building import build
from assistant.chat import Assistant
from assistant.cli import main
from assistant.doctor import examine
from assistant.errors import BuildFailed, IndexDamaged, StoreUnavailable
from assistant.generation import Generation
from assistant.index import _compared, _job, open_generation, open_synced, sync
from assistant.language.terms import passage_terms
from assistant.places import HOME, alias_of, home_of
from assistant.settings import Settings
from assistant.store.address import Server
from assistant.store.base import Point
from assistant.store.server import Connection, ServerStore, point_alias
from tests.qdrant_double import QdrantDouble

pytestmark = pytest.mark.slow  # `test_store_agreement` and `test_store_server` always run

KEY = "qd-0123456789abcdef"
TEXTS = {
    "one.txt": "Drones over the border\n\nThe army used new drones in September 2022. Nobody claimed them.\n",
    "two.txt": "طلب المساعدة\n\nطلبت أرمينيا المساعدة من روسيا يوم الثلاثاء. قال المتحدث إن الوضع خطير.\n",
    "three.txt": "A visit\n\nThe minister visited Yerevan on Monday.\n",
}


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for file, text in TEXTS.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def double() -> Iterator[QdrantDouble]:
    with QdrantDouble() as started:
        yield started


@pytest.fixture
def remote(settings: Settings, double: QdrantDouble) -> Settings:
    return at(settings, double)


def at(settings: Settings, double: QdrantDouble, **more: object) -> Settings:
    given = Settings(_env_file=None, store=double.url, store_seconds=5, **more)  # type: ignore[arg-type]
    return settings.model_copy(update={name: getattr(given, name) for name in given.model_fields_set})


def files(opened: Generation, words: str, limit: int = 10) -> list[str]:
    """The files of the passages that are found, best first."""
    language = "en" if words.isascii() else "ar"
    found = opened.store.search("en" if language == "en" else "ar", passage_terms(words).vector, limit)
    return [passage.file for passage in opened.catalogue.passages([scored.id for scored in found])]


def change(articles: Path) -> None:
    """One article comes, one changes, one goes."""
    (articles / "four.txt").write_text("A harvest\n\nThe harvest used drones this year.\n", encoding="utf-8")
    (articles / "three.txt").write_text("A visit\n\nThe minister left Yerevan and saw drones.\n", encoding="utf-8")
    (articles / "one.txt").unlink()


def ids_of(opened: Generation) -> set[int]:
    return set(opened.store.points.ids.tolist())  # type: ignore[attr-defined]


# ------------------------------------------------ what is sent


def test_a_first_index_is_a_collection_that_an_alias_stands_for(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    seen: list[Progress] = []
    summary = sync(articles, index, remote, seen.append)
    assert summary.passages == 3
    ((collection, count),) = double.collections().items()
    assert count == 3
    with_opened = open_generation(index, articles, remote)
    place = with_opened.manifest.place
    assert place is not None
    assert (place.url, place.collection, place.count) == (double.url, collection, 3)
    assert place.alias == alias_of(home_of(index), str(articles.resolve()), with_opened.manifest.signature)
    aliases = double.engine.get_aliases().aliases
    assert [(each.alias_name, each.collection_name) for each in aliases] == [(place.alias, collection)]
    assert not (with_opened.path / generation.ENGINE).exists()
    assert files(with_opened, "drones") == ["one.txt"]
    assert files(with_opened, "المساعدة") == ["two.txt"]
    with_opened.close()
    assert next((step.done, step.total) for step in seen if step.stage == "send") == (0, 3)


def test_an_unchanged_folder_sends_nothing(articles: Path, index: Path, remote: Settings, double: QdrantDouble) -> None:
    sync(articles, index, remote)
    double.seen.clear()
    assert sync(articles, index, remote).unchanged == 3
    assert [seen.path.rpartition("/")[2] for seen in double.seen] == ["count"]


def test_only_what_is_new_is_sent_and_what_is_gone_is_taken_out(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    sync(articles, index, remote)
    before, sent = double.collections(), set(double.sent)
    double.sent.clear()
    change(articles)
    opened, summary = open_synced(articles, index, remote)
    assert (summary.added, summary.changed, summary.removed) == (("four.txt",), ("three.txt",), ("one.txt",))
    assert double.collections() == before
    assert len(double.sent) == 2 and not set(double.sent) & sent
    (name,) = before
    held = {int(str(record.id)) for record in double.engine.scroll(name, limit=100)[0]}
    assert held == ids_of(opened)
    assert sorted(files(opened, "drones")) == ["four.txt", "three.txt"]
    opened.close()


def test_the_place_of_the_engine_may_change_both_ways(
    articles: Path, index: Path, settings: Settings, remote: Settings, double: QdrantDouble
) -> None:
    sync(articles, index, settings)
    summary = sync(articles, index, remote)
    assert summary.rebuilt and "not on an index server" in summary.rebuilt
    opened = open_generation(index, articles, remote)
    assert files(opened, "drones") == ["one.txt"]
    opened.close()
    back = sync(articles, index, settings)
    assert back.rebuilt and "on an index server" in back.rebuilt
    opened = open_generation(index, articles, settings)
    assert files(opened, "drones") == ["one.txt"]
    opened.close()


def test_other_settings_are_another_collection_and_the_old_one_answers_until_then(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    sync(articles, index, remote)
    (before,) = double.collections()
    reader = open_generation(index, articles, remote)
    during: list[list[str]] = []

    def watch(step: Progress) -> None:
        if step.stage == "send":
            during.append(files(reader, "drones"))

    sync(articles, index, remote.model_copy(update={"passage_words": 90}), watch)
    assert during and all(found == ["one.txt"] for found in during)
    reader.close()
    (after,) = double.collections()
    assert after.rpartition("-")[0] != before.rpartition("-")[0]
    assert after.split("-")[1] == before.split("-")[1]


# ------------------------------------------------ who reads meanwhile


def test_a_reader_of_the_generation_before_finds_what_is_still_there(
    articles: Path, index: Path, remote: Settings
) -> None:
    sync(articles, index, remote)
    reader = open_generation(index, articles, remote)
    change(articles)
    sync(articles, index, remote)
    assert files(reader, "المساعدة") == ["two.txt"]
    # The new and the changed article are none that it knows, and the one that went is gone.
    assert files(reader, "drones minister Yerevan") == []
    reader.close()


def test_a_reader_outlives_a_rebuild(articles: Path, index: Path, remote: Settings, double: QdrantDouble) -> None:
    """The alias leads it to the new collection, where the same passages are the same points."""
    sync(articles, index, remote)
    (before,) = double.collections()
    reader = open_generation(index, articles, remote)
    shutil.rmtree(index / generation.GENERATIONS)
    assert sync(articles, index, remote).rebuilt
    (after,) = double.collections()
    assert after != before and after.rpartition("-")[0] == before.rpartition("-")[0]
    assert files(reader, "drones") == ["one.txt"]
    reader.close()


def test_points_that_nobody_knows_change_no_answer(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    """However many there are, and however good."""
    sync(articles, index, remote)
    (name,) = double.collections()
    vector = dict.fromkeys(passage_terms("drones minister border").vector, 100.0)
    ServerStore(Connection(Server(double.url)), name).upsert([Point(n, "en", vector) for n in range(1, 400)])
    opened = open_generation(index, articles, remote)
    assert files(opened, "drones", 1) == ["one.txt"]
    assert sorted(files(opened, "drones minister", 2)) == ["one.txt", "three.txt"]
    opened.close()
    change(articles)
    sync(articles, index, remote)
    assert double.collections() == {name: 3}


def test_a_scope_is_asked_of_the_server(articles: Path, index: Path, remote: Settings) -> None:
    sync(articles, index, remote)
    opened = open_generation(index, articles, remote)
    among = opened.catalogue.passage_ids("three.txt")
    vector = passage_terms("drones minister").vector
    found = opened.store.search("en", vector, 5, among=among)
    assert [scored.id for scored in found] == among
    assert opened.store.search("en", vector, 5, among=[]) == opened.store.search("en", vector, 5, among=[7]) == []
    opened.close()


def test_a_node_that_is_behind_does_not_make_the_index_be_built_anew(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    """It has no alias at first, and then one that stands for what was before."""
    sync(articles, index, remote)
    (name,) = double.collections()
    alias = open_generation(index, articles, remote).manifest.place.alias  # type: ignore[union-attr]
    connection = Connection(Server(double.url))
    ServerStore.create(connection, "before")
    point_alias(connection, alias, "before")
    with ThreadPoolExecutor(1) as pool:
        double.seen.clear()
        opening = pool.submit(open_generation, index, articles, remote)
        while not [seen for seen in double.seen if seen.path.endswith("count")]:
            time.sleep(0.001)
        point_alias(connection, alias, name)
        opened = opening.result()
    assert files(opened, "drones") == ["one.txt"]
    opened.close()


# ------------------------------------------------ who else is there


def test_two_hosts_over_one_folder_leave_each_other_alone(
    articles: Path, tmp_path: Path, remote: Settings, double: QdrantDouble
) -> None:
    for name in ("one", "two"):
        sync(articles, tmp_path / name, remote)
    assert sorted(double.collections().values()) == [3, 3]
    one = open_generation(tmp_path / "one", articles, remote)
    change(articles)
    sync(articles, tmp_path / "two", remote.model_copy(update={"passage_words": 90}))
    assert len(double.collections()) == 2
    assert files(one, "drones") == ["one.txt"]
    one.close()
    one, summary = open_synced(articles, tmp_path / "one", remote)
    assert summary.rebuilt is None
    assert sorted(files(one, "drones")) == ["four.txt", "three.txt"]
    one.close()


def test_the_copy_of_an_index_folder_comes_to_no_wrong_answer(
    articles: Path, tmp_path: Path, remote: Settings, double: QdrantDouble
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    sync(articles, one, remote)
    shutil.copytree(one, two)
    change(articles)
    for index in (one, two, one):
        opened, _ = open_synced(articles, index, remote)
        assert sorted(files(opened, "drones")) == ["four.txt", "three.txt"]
        opened.close()
    assert list(double.collections().values()) == [3]
    (two / HOME).unlink()
    (articles / "four.txt").unlink()
    sync(articles, two, remote)
    assert sorted(double.collections().values()) == [2, 3]


# ------------------------------------------------ what is lost


def test_a_collection_that_is_gone_is_made_again(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    sync(articles, index, remote)
    (name,) = double.collections()
    double.engine.delete_collection(name)
    with pytest.raises(IndexDamaged, match="not on the index server"):
        open_generation(index, articles, remote)
    opened, summary = open_synced(articles, index, remote)
    assert summary.rebuilt and "not on the index server" in summary.rebuilt
    assert files(opened, "drones") == ["one.txt"]
    opened.close()


@pytest.mark.parametrize("strangers", [0, 1, 5])
def test_missing_points_are_noticed_whatever_else_is_there(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble, strangers: int
) -> None:
    sync(articles, index, remote)
    (name,) = double.collections()
    store = ServerStore(Connection(Server(double.url)), name)
    store.delete(double.sent[:1])
    store.upsert([Point(number, "en", {1: 1.0}) for number in range(1, 1 + strangers)])
    # As many as there should be are not looked at one by one: only this program writes to its collections.
    if strangers != 1:
        opened, summary = open_synced(articles, index, remote)
        assert summary.rebuilt and "holds 2 of the 3 passages" in summary.rebuilt
        assert files(opened, "drones") == ["one.txt"]
        opened.close()
        assert list(double.collections().values()) == [3]
    else:
        opened = open_generation(index, articles, remote)
        assert len(files(opened, "drones minister") + files(opened, "المساعدة")) == 2
        opened.close()


def test_a_running_assistant_builds_anew_what_the_server_has_lost(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    with Assistant.open(articles, index, remote) as assistant:
        assert not assistant.outdated()
        (name,) = double.collections()
        double.engine.delete_collection(name)
        with pytest.raises(IndexDamaged):
            assistant.search("drones over the border")
        assert assistant.outdated()
        assistant.refresh()
        assert assistant.search("drones over the border")[0].file == "one.txt"
        assert not assistant.outdated()


# ------------------------------------------------ who dies


@pytest.mark.parametrize("first", [True, False], ids=["first index", "increment"])
def test_a_build_that_cannot_go_on_leaves_what_was_there(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble, first: bool
) -> None:
    """The key is taken away in the middle: nobody tries that again."""
    if not first:
        sync(articles, index, remote)
        change(articles)
    before = double.collections()
    double.fail(403, None, "PUT .*/points")
    with pytest.raises(StoreUnavailable) as caught:
        sync(articles, index, remote)
    assert caught.value.kind == "key"
    double.recover()
    assert double.collections() == before
    if not first:
        opened = open_generation(index, articles, remote)
        assert files(opened, "drones") == ["one.txt"]
        opened.close()
    sync(articles, index, remote)
    assert list(double.collections().values()) == [3]


def test_a_server_that_fails_for_a_moment_holds_nothing_up(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    for fault in (500, "close", "lose"):
        double.fail(fault, 1, "PUT .*/points")  # type: ignore[arg-type]
    assert sync(articles, index, remote).passages == 3
    assert list(double.collections().values()) == [3]


def test_points_that_a_server_swallowed_are_missed_before_anything_is_published(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    sync(articles, index, remote)
    before = double.collections()
    shutil.rmtree(index / generation.GENERATIONS)

    double.fail("swallow", 1, "PUT .*/points")
    with pytest.raises(BuildFailed, match="lacks 3 of the 3 passages that it was sent"):
        sync(articles, index, remote)
    assert double.collections() == before


INDEXER = """
import sys
from pathlib import Path
from assistant.index import sync
from assistant.settings import Settings
sync(Path(sys.argv[1]), Path(sys.argv[2]), Settings(_env_file=None, reserve_mb=1, store=sys.argv[3]))
"""


@pytest.mark.parametrize("first", [True, False], ids=["first index", "increment"])
def test_a_build_that_is_killed_leaves_the_served_set_right(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble, first: bool
) -> None:
    reader = None
    if not first:
        sync(articles, index, remote)
        reader = open_generation(index, articles, remote)
        change(articles)
    sent = len(double.sent)
    double.fail("stall", None, "PUT .*/points")
    command = [sys.executable, "-c", INDEXER, str(articles), str(index), double.url]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as indexer:
        while len(double.sent) == sent and indexer.poll() is None:
            time.sleep(0.01)
        indexer.kill()
    assert indexer.returncode == -signal.SIGKILL
    double.recover()
    if reader is not None:
        assert files(reader, "drones") == ["one.txt"]
        again = open_generation(index, articles, remote)
        assert files(again, "drones") == files(reader, "drones")
        again.close()
        reader.close()
    opened, summary = open_synced(articles, index, remote)
    assert summary.rebuilt is None
    assert set(files(opened, "drones")) == ({"one.txt"} if first else {"three.txt", "four.txt"})
    opened.close()
    assert list(double.collections().values()) == [3]


def test_killed_before_publishing_the_index_is_right_or_built_anew(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    """A new collection is in its place, and the generation that describes it never came."""
    sync(articles, index, remote)
    change(articles)
    _, changes, _, started = _compared(articles, index, remote)
    list(build(_job(articles, index, remote, None, changes, started)))
    opened, summary = open_synced(articles, index, remote)
    assert summary.rebuilt and "of the 3 passages" in summary.rebuilt
    assert sorted(files(opened, "drones")) == ["four.txt", "three.txt"]
    opened.close()
    assert list(double.collections().values()) == [3]


# ------------------------------------------------ a server that is away


def test_questions_fail_in_plain_words_and_work_again_by_themselves(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    with Assistant.open(articles, index, remote) as assistant:
        double.stop()
        for ask in (assistant.ask, assistant.search):
            with pytest.raises(StoreUnavailable, match=r"The index server at 127.0.0.1:.* cannot be reached") as caught:
                ask("Who used drones?")
            assert "تعذّر الوصول إلى خادم الفهرس" in caught.value.say("ar")
        (articles / "four.txt").write_text("A harvest\n\nThe harvest used drones.\n", encoding="utf-8")
        assert assistant.outdated()
        with pytest.raises(StoreUnavailable):
            assistant.refresh()
        assert assistant.documents()
        double.start()
        assert assistant.ask("Who used drones?").citations
        assert assistant.outdated()
        assistant.refresh()
        assert len(assistant.search("drones")) == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ask", "Who used drones?"], "isnad: The index server at 127.0.0.1:"),
        (["ask", "من طلب المساعدة؟"], "isnad: تعذّر الوصول إلى خادم الفهرس"),
        (["search", "drones"], "isnad: The index server at 127.0.0.1:"),
        (["index"], "isnad: The index server at 127.0.0.1:"),
    ],
)
def test_the_command_line_says_so_in_one_line(
    articles: Path,
    index: Path,
    double: QdrantDouble,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.setenv("ISNAD_STORE_SECONDS", "5")
    double.stop()
    places = ["--corpus", str(articles), "--index", str(index), "--store", double.url]
    assert main([*arguments, *places]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.replace("\u2068", "").startswith(says) and len(err.splitlines()) == 1


def test_nothing_is_read_for_a_server_that_is_away(
    articles: Path, index: Path, remote: Settings, double: QdrantDouble
) -> None:
    double.stop()
    seen: list[Progress] = []
    with pytest.raises(StoreUnavailable):
        sync(articles, index, remote, seen.append)
    assert seen == []
    assert generation.names(index) == []


def test_the_key_reaches_the_server_and_no_file(articles: Path, index: Path, settings: Settings) -> None:
    with QdrantDouble(KEY) as double:
        sync(articles, index, at(settings, double, store_api_key=KEY))
        assert {seen.key for seen in double.seen} == {KEY}
        with pytest.raises(StoreUnavailable) as caught:
            open_generation(index, articles, at(settings, double, store_api_key="wrong-" + KEY))
        assert caught.value.kind == "key" and KEY not in str(caught.value)
    for path in index.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes()


# ------------------------------------------------ the doctor


def checked(settings: Settings, articles: Path, index: Path, name: str) -> list[object]:
    found = examine(settings.model_copy(update={"corpus": articles, "index": index}))
    return [check for check in found if check.name == name]


def test_the_doctor_says_where_the_index_is_and_whether_it_answers(
    articles: Path, index: Path, remote: Settings, settings: Settings, double: QdrantDouble
) -> None:
    assert checked(settings, articles, index, "Index server") == []
    sync(articles, index, remote)
    ((_, well, found, advice),) = checked(remote, articles, index, "Index server")  # type: ignore[misc]
    assert well and advice == ""
    assert f"Qdrant 1.15.0 at {double.url.removeprefix('http://')} answers after" in found
    ((_, well, found, _),) = checked(remote, articles, index, "Index")  # type: ignore[misc]
    assert well and "3 passages in isnad-" in found
    double.stop()
    ((_, well, found, advice),) = checked(remote, articles, index, "Index server")  # type: ignore[misc]
    assert not well and "cannot be reached" in advice
    ((_, well, found, advice),) = checked(remote, articles, index, "Index")  # type: ignore[misc]
    assert not well and advice


@pytest.mark.parametrize(
    ("url", "key", "says"),
    [
        ("http://qdrant.test:6333", KEY, "go to qdrant.test:6333 unencrypted, and so does the key; an https"),
        ("http://qdrant.test:6333", None, "go to qdrant.test:6333 unencrypted; an https"),
        ("https://qdrant.test:6333", KEY, "go to qdrant.test:6333."),
        ("http://127.0.0.1:6333", KEY, ""),
    ],
)
def test_the_doctor_warns_of_a_key_that_others_can_read(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, url: str, key: str | None, says: str
) -> None:
    """No server is asked: what would be, is in another's place."""
    from assistant import doctor, remote

    monkeypatch.setattr(remote, "version", lambda server: "1.15.0")
    given = Settings(_env_file=None, store=url, store_api_key=key)  # type: ignore[arg-type]
    (check,) = doctor._server(given)
    assert check.well and says in check.advice and bool(says) == bool(check.advice)
    assert KEY not in check.found + check.advice
