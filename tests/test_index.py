"""The index follows its folder: what changes is told, what does not costs nothing, and any doubt means a rebuild."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from collection import token_starts
from damage import as_plain_user, read_only
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant import corpus, disk, generation
from assistant.building import Job, build
from assistant.catalogue import SkippedFile
from assistant.corpus import FileStat, Skipped
from assistant.errors import BadSetting, BuildFailed, CorpusNotFound, IndexDamaged, IndexLocked, NoSpaceLeft
from assistant.generation import Generation
from assistant.index import Progress, Summary, open_generation, open_synced, sync
from assistant.language.terms import passage_terms
from assistant.settings import Settings
from tests import built_here

LONG_AGO = time.time_ns() - 10**15
TEXTS = {
    "one.txt": "Drones over the border\n\nThe army used new drones in September 2022. Nobody claimed them.\n",
    "two.txt": "طلب المساعدة\n\nطلبت أرمينيا المساعدة من روسيا يوم الثلاثاء. قال المتحدث إن الوضع خطير.\n",
    "deep/three.txt": "A visit\n\nThe minister visited Yerevan on Monday.\n",
}


def put(folder: Path, file: str, content: str | bytes, mtime_ns: int = LONG_AGO) -> None:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, ns=(mtime_ns, mtime_ns))


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    for file, text in TEXTS.items():
        put(folder, file, text)
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> tuple[Path, Path]:
    """Articles and their index, built once and copied by the tests that change them."""
    root = tmp_path_factory.mktemp("built")
    for file, text in TEXTS.items():
        put(root / "articles", file, text)
    sync(root / "articles", root / "index", settings)
    return root / "articles", root / "index"


@pytest.fixture
def indexed(built: tuple[Path, Path], articles: Path, index: Path) -> Path:
    """The index of ``articles``. It was made elsewhere, so the first look at it hashes every file."""
    disk.copy_tree(built[1], index)
    return index


def content(index: Path) -> dict[str, object]:
    """All that is published, but for what the engine replaces by equal files whenever it opens."""
    listed: dict[str, object] = {}
    for path in disk.regular_files(index):
        if path.name not in {"lock", *generation.REWRITTEN}:
            listed[str(path)] = (path.stat().st_ino, disk.digest(path))
    return listed


def child_processes(events: list[str]) -> Iterator[None]:
    watching = True

    def hook(event: str, _: object) -> None:
        if watching and event == "subprocess.Popen":
            events.append(event)

    sys.addaudithook(hook)
    yield
    watching = False


@pytest.fixture
def started() -> Iterator[list[str]]:
    """One entry for every process started during the test."""
    events: list[str] = []
    watch = child_processes(events)
    next(watch)
    yield events
    next(watch, None)


@pytest.mark.apart
def test_a_folder_is_followed(articles: Path, index: Path, settings: Settings, started: list[str]) -> None:
    seen: list[Progress] = []
    summary = sync(articles, index, settings, seen.append)
    assert summary.added == tuple(sorted(TEXTS))
    assert (summary.changed, summary.removed, summary.unchanged, summary.rebuilt) == ((), (), 0, None)
    assert summary.passages == 3
    assert summary.seconds > 0
    assert {report.stage for report in seen} <= {"read", "write", "done"}
    assert (seen[0].stage, seen[0].file, seen[0].total) == ("read", "deep/three.txt", 3)
    assert seen[-1] == ("done", 3, 3, "")
    assert len(started) == 1

    before = content(index)
    summary = sync(articles, index, settings, seen.append)
    assert summary == Summary(unchanged=3, passages=3, seconds=summary.seconds)
    assert content(index) == before
    assert len(started) == 1

    put(articles, "four.md", "New one\n\nA new article arrived.\n")
    put(articles, "one.txt", "Drones\n\nThe army denied it.\n")
    (articles / "two.txt").rename(articles / "renamed.txt")
    put(articles, "empty.txt", b"")
    put(articles, "bad.txt", b"\x7fELF" + bytes(100))
    (articles / "link").symlink_to("/etc")
    summary = sync(articles, index, settings)
    assert summary.added == ("four.md", "renamed.txt")
    assert summary.changed == ("one.txt",)
    assert summary.removed == ("two.txt",)
    assert summary.unchanged == 1
    assert [item.file for item in summary.skipped] == ["bad.txt", "empty.txt", "link"]
    assert all(item.reason for item in summary.skipped)

    opened, again = open_synced(articles, index, settings)
    assert (again.skipped, again.unchanged, again.added) == (summary.skipped, 4, ())
    assert opened.catalogue.files() == ["deep/three.txt", "four.md", "one.txt", "renamed.txt"]
    assert tuple(opened.catalogue.skipped()) == summary.skipped
    assert opened.manifest.documents == 4
    opened.close()
    assert len(started) == 2


def test_every_passage_is_the_text_it_says(tmp_path: Path, index: Path, seeds: Path, settings: Settings) -> None:
    """Copies of the seeds with other line ends and other encodings: offsets count in the decoded file."""
    folder = tmp_path / "copies"
    for number, path in enumerate(sorted(seeds.glob("*.txt"))):
        text = path.read_bytes().decode("utf-8-sig")
        put(folder, f"crlf-{number}.txt", text.replace("\n", "\r\n"))
        put(folder, f"cr-{number}.txt", text.replace("\n", "\r"))
        put(folder, f"utf16-{number}.txt", text.encode("utf-16"))
        put(folder, f"bom-{number}.txt", b"\xef\xbb\xbf" + text.encode())
        put(folder, f"cp1256-{number}.txt", text.encode("cp1256", "replace"))
    opened, summary = open_synced(folder, index, settings)
    assert (len(summary.added), summary.skipped) == (25, ())
    checked = 0
    for file in opened.catalogue.files():
        document = opened.catalogue.document(file)
        assert document == corpus.read(folder, file)
        for passage in opened.catalogue.passages(opened.catalogue.passage_ids(file)):
            assert document.text[passage.start : passage.end] == passage.text
            assert all(passage.start <= span.start < span.end <= passage.end for span in passage.sentences)
            words = opened.catalogue.types(passage.language, passage.tokens.tolist())
            for number, word, start in zip(
                passage.tokens, passage_terms(passage.text).words, token_starts(passage), strict=True
            ):
                assert passage.start <= start < passage.end
                assert words[int(number)].word == word
                checked += 1
    assert checked > 5000
    opened.close()


@pytest.mark.parametrize("file", sorted(TEXTS))
def test_a_passage_is_found_by_its_own_terms(built: tuple[Path, Path], settings: Settings, file: str) -> None:
    opened = open_generation(built[1], built[0], settings)
    (number,) = opened.catalogue.passage_ids(file)
    (passage,) = opened.catalogue.passages([number])
    assert opened.store.search(passage.language, passage_terms(passage.text).vector, 1)[0].id == number
    opened.close()


def test_a_touched_file_is_no_change(indexed: Path, articles: Path, settings: Settings) -> None:
    sync(articles, indexed, settings)
    before = content(indexed)
    put(articles, "one.txt", TEXTS["one.txt"], LONG_AGO + 10**12)
    summary = sync(articles, indexed, settings)
    assert (summary.unchanged, summary.changed) == (3, ())
    assert content(indexed) == before


def test_an_edit_at_the_moment_of_indexing_is_noticed(articles: Path, index: Path, settings: Settings) -> None:
    """Same size, same time: only because the file was so new when it was read is its time not trusted."""
    now = time.time_ns()
    put(articles, "one.txt", TEXTS["one.txt"], now)
    sync(articles, index, settings)
    put(articles, "one.txt", TEXTS["one.txt"].replace("2022", "2023"), now)
    assert sync(articles, index, settings).changed == ("one.txt",)


def test_an_old_file_of_the_same_size_and_time_is_not_read(articles: Path, index: Path, settings: Settings) -> None:
    sync(articles, index, settings)
    (articles / "one.txt").chmod(0)
    before = (articles / "one.txt").stat().st_atime_ns
    assert sync(articles, index, settings).unchanged == 3
    put(articles, "two.txt", "x" * 10)
    (articles / "one.txt").chmod(0o644)
    assert (articles / "one.txt").stat().st_atime_ns == before


def test_a_folder_that_has_moved_is_not_read_into_the_index_again(
    indexed: Path, articles: Path, settings: Settings
) -> None:
    with pytest.raises(IndexDamaged, match="another folder"):
        open_generation(indexed, articles, settings)
    summary = sync(articles, indexed, settings)
    assert (summary.unchanged, summary.added, summary.rebuilt) == (3, (), None)
    before = content(indexed)
    open_generation(indexed, articles, settings).close()
    sync(articles, indexed, settings)
    assert content(indexed) == before


def test_other_settings_mean_a_rebuild(indexed: Path, articles: Path, settings: Settings) -> None:
    other = settings.model_copy(update={"passage_words": 30, "passage_max_words": 40})
    with pytest.raises(IndexDamaged, match="other settings"):
        open_generation(indexed, articles, other)
    summary = sync(articles, indexed, other)
    assert summary.rebuilt == "it was made with other settings or another version"
    assert len(summary.added) == 3


def test_old_generations_go_but_the_last_one_stays(indexed: Path, articles: Path, settings: Settings) -> None:
    generations = indexed / generation.GENERATIONS
    (generations / ".building-left").mkdir()
    sync(articles, indexed, settings)
    assert sorted(path.name for path in generations.iterdir()) == ["000001", "000002"]
    reader = open_generation(indexed, articles, settings)
    for number in range(2):
        put(articles, "one.txt", f"Edit\n\nThe edit number {number} came.\n", LONG_AGO + 1 + number)
        sync(articles, indexed, settings)
    assert sorted(path.name for path in generations.iterdir()) == ["000003", "000004"]
    assert reader.catalogue.document("one.txt").text == TEXTS["one.txt"]
    (passage,) = reader.catalogue.passages(reader.catalogue.passage_ids("one.txt"))
    assert reader.store.search("en", passage_terms(passage.text).vector, 1)[0].id == passage.id
    reader.close()


def test_a_file_that_opens_again_is_read(indexed: Path, articles: Path, settings: Settings) -> None:
    """Its permissions changed, which neither its size nor its time shows."""
    (articles / "one.txt").unlink()
    os.mkfifo(articles / "one.txt")
    put(articles, "bad.txt", b"\x7fELF" + bytes(100))
    summary = sync(articles, indexed, settings)
    assert [item.file for item in summary.skipped] == ["bad.txt", "one.txt"]
    assert summary.removed == ("one.txt",)
    before = content(indexed)
    assert sync(articles, indexed, settings).skipped == summary.skipped
    assert content(indexed) == before
    (articles / "one.txt").unlink()
    put(articles, "one.txt", TEXTS["one.txt"])
    put(articles, "bad.txt", "Good\n\nNow it is a text of some words.\n")
    summary = sync(articles, indexed, settings)
    assert (summary.added, summary.skipped) == (("bad.txt", "one.txt"), ())


def test_an_article_that_goes_bad_counts_as_removed(indexed: Path, articles: Path, settings: Settings) -> None:
    put(articles, "one.txt", b"\x7fELF" + bytes(100))
    summary = sync(articles, indexed, settings)
    assert (summary.removed, summary.changed, summary.unchanged) == (("one.txt",), (), 2)
    assert [item.file for item in summary.skipped] == ["one.txt"]


def test_an_empty_folder_has_an_empty_index(tmp_path: Path, index: Path, settings: Settings) -> None:
    (tmp_path / "empty").mkdir()
    opened, summary = open_synced(tmp_path / "empty", index, settings)
    assert summary == Summary(seconds=summary.seconds)
    assert opened.catalogue.files() == []
    assert opened.store.search("en", {1: 1.0}, 5) == []
    opened.close()


def test_no_folder_is_said_plainly(tmp_path: Path, index: Path, settings: Settings) -> None:
    with pytest.raises(CorpusNotFound, match="nowhere"):
        sync(tmp_path / "nowhere", index, settings)
    assert not index.exists()


@pytest.mark.parametrize("place", ["index", "deep/index", "."])
def test_the_index_may_not_lie_among_the_articles(articles: Path, settings: Settings, place: str) -> None:
    with pytest.raises(BadSetting, match="inside the folder of articles"):
        sync(articles, articles / place, settings)


def test_a_hidden_index_among_the_articles_is_not_seen(articles: Path, settings: Settings) -> None:
    assert sync(articles, articles / ".isnad", settings).passages == 3
    assert sync(articles, articles / ".isnad", settings).unchanged == 3


def test_a_file_where_the_index_should_be(articles: Path, index: Path, settings: Settings) -> None:
    index.write_text("not a folder")
    with pytest.raises(BuildFailed, match="cannot be written"):
        sync(articles, index, settings)
    assert index.read_text() == "not a folder"


def test_there_is_nothing_to_open_yet(articles: Path, index: Path, settings: Settings) -> None:
    with pytest.raises(IndexDamaged, match="which generation is current"):
        open_generation(index, articles, settings)


def test_a_full_disk_is_noticed_before_anything_is_written(
    indexed: Path, articles: Path, tmp_path: Path, settings: Settings
) -> None:
    greedy = settings.model_copy(update={"reserve_mb": 10**9})
    with pytest.raises(NoSpaceLeft, match="Free some space"):
        sync(articles, tmp_path / "other", greedy)
    sync(articles, indexed, settings)
    before = content(indexed)
    put(articles, "one.txt", "Changed\n\nIt has changed.\n")
    opened, summary = open_synced(articles, indexed, greedy)
    assert summary.behind is not None
    assert "Free some space" in str(summary.behind)
    assert (summary.unchanged, summary.passages) == (3, 3)
    assert opened.catalogue.document("one.txt").text == TEXTS["one.txt"]
    opened.close()
    assert content(indexed) == before


HOLDER = """
import sys
from pathlib import Path
from assistant.index import _locked
with _locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_indexer_is_told_who_is_building(indexed: Path, articles: Path, settings: Settings) -> None:
    sync(articles, indexed, settings)
    put(articles, "one.txt", "Changed\n\nIt has changed.\n")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(indexed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(IndexLocked, match=f"process {holder.pid}"):
            sync(articles, indexed, settings)
        opened, summary = open_synced(articles, indexed, settings)
        assert summary.behind is not None
        assert f"process {holder.pid}" in str(summary.behind)
        assert opened.catalogue.document("one.txt").text == TEXTS["one.txt"]
        opened.close()
        holder.kill()
    assert sync(articles, indexed, settings).changed == ("one.txt",)


OPEN = """
import sys
from pathlib import Path
from assistant.index import open_synced
from assistant.settings import Settings
opened, summary = open_synced(Path(sys.argv[1]), Path(sys.argv[2]), Settings(_env_file=None, reserve_mb=1))
print(opened.store.count(), len(opened.catalogue.files()), summary.behind)
"""


@pytest.mark.apart
def test_a_child_builds_what_the_tests_build_in_their_own_process(
    articles: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(articles, "none.txt", "")
    found, told = [], []
    for name in ("child", "here"):
        stages: list[str] = []
        sync(articles, tmp_path / name, settings, lambda report, stages=stages: stages.append(report.stage))
        (catalogue,) = (tmp_path / name / generation.GENERATIONS).glob(f"*/{generation.CATALOGUE}")
        with contextlib.closing(sqlite3.connect(f"{catalogue.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            found.append(list(database.iterdump()))
        told.append(list(dict.fromkeys(stages)))
        monkeypatch.setattr("assistant.index.run", built_here.run)
    assert found[0] == found[1] and told[0] == told[1]
    assert any("none.txt" in line for line in found[0])


def test_two_may_open_a_new_index_at_once(articles: Path, index: Path) -> None:
    command = [sys.executable, "-c", OPEN, str(articles), str(index)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=60) for process in both]
    assert told == [("3 3 None\n", "")] * 2
    assert len(generation.names(index)) == 1


def test_a_read_only_index_answers(indexed: Path, articles: Path, settings: Settings, tmp_path: Path) -> None:
    sync(articles, indexed, settings)
    command = as_plain_user([sys.executable, "-c", OPEN, str(articles), str(indexed)])
    with read_only(indexed):
        unchanged = subprocess.run(command, capture_output=True, text=True)
        put(articles, "new.txt", "New\n\nThis one is new.\n")
        changed = subprocess.run(command, capture_output=True, text=True)
    assert (unchanged.stdout, unchanged.stderr) == ("3 3 None\n", "")
    assert changed.stdout.startswith("3 3 The index could not be built: the folder ")
    assert "cannot be written" in changed.stdout


def test_an_interrupt_stops_the_child_and_frees_the_lock(articles: Path, index: Path, settings: Settings) -> None:
    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(articles, index, settings, interrupt)
    assert list((index / generation.GENERATIONS).iterdir()) == []
    assert sync(articles, index, settings).passages == 3


sentences = st.sampled_from(
    [
        "The minister spoke on Monday.",
        "Drones were used in 2020!",
        "Armenia asked for help; nobody came.",
        "قال المتحدث باسم الكرملين دميتري بيسكوف إن موسكو تتابع.",
        "طلبت أرمينيا المساعدة من روسيا يوم 13 سبتمبر.",
    ]
)
states = st.dictionaries(
    st.sampled_from(["a.txt", "b.txt", "د.txt"]), st.lists(sentences, max_size=5).map("\n\n".join), max_size=3
)


def built_by(target: Path, folder: Path, base: Path | None, before: dict[str, str], now: dict[str, str]) -> Generation:
    """A generation built in this process, opened without being published."""
    read = [stat for stat in corpus.scan(folder)[0] if base is None or before.get(stat.file) != now[stat.file]]
    job = Job(
        str(folder), str(target), str(base) if base else None, "s", 0, 40, 60, 0, tuple(read),
        tuple(sorted(set(before) - set(now))) if base else (), (), (),
    )  # fmt: skip
    target.mkdir()
    reports = list(build(job))
    assert reports[-1].stage == "done"
    catalogue = generation.Catalogue(target / generation.CATALOGUE)
    manifest = generation.Manifest.from_json((target / generation.MANIFEST).read_bytes())
    generation.verify(target, manifest)
    return Generation("0", target, manifest, catalogue, generation.EdgeStore.open(target / generation.ENGINE))


def told(opened: Generation) -> dict[str, object]:
    """What a generation answers, with nothing in it that may differ between two builds."""
    answers: dict[str, object] = {"passages": opened.manifest.passages, "documents": opened.manifest.documents}
    for language in ("ar", "en"):
        answers[language] = opened.catalogue.statistics(language)
    for file in opened.catalogue.files():
        answers[file] = opened.catalogue.document(file).text
        for passage in opened.catalogue.passages(opened.catalogue.passage_ids(file)):
            types = opened.catalogue.types(passage.language, passage.tokens.tolist())
            words = [types[number] for number in passage.tokens.tolist()]
            answers[file, passage.start] = [(stored.word, stored.unit, stored.df) for stored in words]
            terms = passage_terms(passage.text)
            found = opened.store.search(passage.language, terms.vector, 100)
            places = {each.id: (each.file, each.start) for each in opened.catalogue.passages([s.id for s in found])}
            answers[file, passage.start, "found"] = {places[scored.id]: round(scored.score, 3) for scored in found}
    answers["count"] = opened.store.count()
    opened.close()
    return answers


@hypothesis_settings(max_examples=12, deadline=None)
@given(st.lists(states, min_size=2, max_size=4))
def test_an_index_that_grew_answers_as_one_built_at_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, str]]
) -> None:
    root = tmp_path_factory.mktemp("grow")
    before: dict[str, str] = {}
    base: Path | None = None
    for number, now in enumerate(steps):
        folder = root / "articles"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for file, text in now.items():
            put(folder, file, "Title\n\n" + text)
        target = root / f"grown-{number}"
        grown = told(built_by(target, folder, base, before, now))
        before, base = now, target
    assert grown == told(built_by(root / "at-once", folder, None, {}, now))


def test_going_back_to_an_earlier_text_within_one_build(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    put(folder, "a.txt", "Title\n\nSome words of it.\n")
    built_by(tmp_path / "one", folder, None, {}, {"a.txt": ""}).close()
    again = built_by(tmp_path / "two", folder, tmp_path / "one", {"a.txt": "before"}, {"a.txt": "after"})
    assert again.store.count() == 1
    again.close()


def test_the_builder_leaves_out_what_vanished(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    put(folder, "a.txt", "Title\n\nSome words of it.\n")
    files, _ = corpus.scan(folder)
    (folder / "a.txt").unlink()
    (tmp_path / "target").mkdir()
    job = Job(str(folder), str(tmp_path / "target"), None, "s", 0, 40, 60, 0, tuple(files), (), (), ())
    *_, last = build(job)
    assert last.skipped is not None
    ((file, reason, _, _, sha256),) = last.skipped
    assert (file, sha256) == ("a.txt", None)
    assert "cannot be opened" in reason


def test_a_job_arrives_as_it_was_sent() -> None:
    stats, skipped = (FileStat("ا.txt", 5, 2**60), FileStat("b.txt", 1, 0)), (SkippedFile("x", "y", None, None, None),)
    job = Job("c", "t", None, "s", 1, 40, 60, 0, stats, ("gone",), stats[:1], skipped, {"text": "body"}, {"key": "k"})
    line = job.to_json()
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert Job.from_json(line) == replace(job, removed=["gone"])  # type: ignore[arg-type]


def test_the_builder_keeps_its_reserve_while_it_writes(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    skipped = (SkippedFile("x", "y", None, None, None),)
    job = Job(str(tmp_path), str(tmp_path / "target"), None, "s", 0, 40, 60, 10**9, (), (), (), skipped)
    with pytest.raises(NoSpaceLeft):
        list(build(job))


def test_reasons_are_told_in_the_summary(indexed: Path, articles: Path, settings: Settings) -> None:
    put(articles, "picture.png", b"\x89PNG")
    summary = sync(articles, indexed, settings)
    assert summary.skipped == (Skipped("picture.png", "files of this kind are not read (.png)"),)
