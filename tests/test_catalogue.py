"""The catalogue says what was put into it, grows and shrinks without a trace, and bears threads and damage."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant import corpus
from assistant.catalogue import LANGUAGES, Catalogue, SkippedFile, pack, unpack
from assistant.cataloguing import CatalogueWriter, Totals, passage_id
from assistant.corpus import Document, FileStat, passages
from assistant.errors import IndexDamaged, UnknownDocument
from assistant.language.terms import passage_terms, type_terms

PLAIN = Document(
    file="a.txt", text="Title of it\n\nFirst sentence here. Second one follows.\n", title="Title of it",
    date=dt.date(2022, 9, 14), outlet="A paper", url="https://example.org/a", language="en", encoding="utf-8",
    encoding_guessed=False, sha256="0" * 64, size=51, mtime_ns=17,
)  # fmt: skip


def add(writer: CatalogueWriter, document: Document) -> list[int]:
    cut = [(passage, passage_terms(passage.text)) for passage in passages(document)]
    return writer.add(document, cut)


def written(path: Path, *documents: Document) -> Catalogue:
    writer = CatalogueWriter(path)
    for document in documents:
        add(writer, document)
    writer.finish()
    return reading(path)


OPENED: list[Catalogue] = []


def reading(path: Path) -> Catalogue:
    """A catalogue that is closed after the test."""
    OPENED.append(Catalogue(path))
    return OPENED[-1]


@pytest.fixture(autouse=True)
def _close_all() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()


def content(catalogue: Catalogue) -> dict[str, object]:
    """Everything a catalogue can tell, with word types by their words instead of their numbers."""
    told: dict[str, object] = {"documents": catalogue.documents(), "skipped": catalogue.skipped_files()}
    for language in LANGUAGES:
        told[f"{language} statistics"] = catalogue.statistics(language)
    connection = catalogue._connection
    words = dict(connection.execute("SELECT id, word FROM types").fetchall())
    types = "SELECT language, word, unit, df, stop, flags FROM types ORDER BY language, word"
    told["types"] = connection.execute(types).fetchall()
    keys = connection.execute("SELECT language, family, key, weight, type FROM keys").fetchall()
    told["keys"] = sorted((*key, words[number]) for *key, number in keys)
    for file in catalogue.files():
        told[file] = catalogue.document(file)
        told[file, "passages"] = [
            (*passage[:9], [words[number] for number in passage.tokens.tolist()], *map(list, passage[10:]))
            for passage in catalogue.passages(catalogue.passage_ids(file))
        ]
    return told


def test_seeds_come_back_as_they_were_read(tmp_path: Path, seeds: Path) -> None:
    documents = [corpus.read(seeds, stat.file) for stat in corpus.scan(seeds)[0]]
    catalogue = written(tmp_path / "c.sqlite", *documents)
    assert [catalogue.document(document.file) for document in documents] == documents
    assert catalogue.files() == [document.file for document in documents]
    for document in documents:
        stored = catalogue.passages(catalogue.passage_ids(document.file))
        cut = passages(document)
        assert [info.passages for info in catalogue.documents() if info.file == document.file] == [len(cut)]
        for got, passage in zip(stored, cut, strict=True):
            assert got[1:9] == (
                passage.file, passage.start, passage.end, passage.language, document.title, document.date,
                document.text[passage.start : passage.end], passage.sentences,
            )  # fmt: skip
            terms = passage_terms(passage.text)
            held = catalogue.types(passage.language, got.tokens.tolist())
            assert [held[number].word for number in got.tokens.tolist()] == terms.words
            assert (got.token_starts - passage.start).tolist() == terms.starts
            assert (got.token_ends - passage.start).tolist() == terms.ends


def test_frequencies_are_counted_in_passages_of_the_language(tmp_path: Path, seeds: Path) -> None:
    documents = [corpus.read(seeds, stat.file) for stat in corpus.scan(seeds)[0]]
    catalogue = written(tmp_path / "c.sqlite", *documents, PLAIN)
    for language in LANGUAGES:
        held = [
            set(passage_terms(passage.text).words)
            for document in (*documents, PLAIN)
            for passage in passages(document)
            if passage.language == language
        ]
        words = set().union(*held)
        found = catalogue.find_words(language, words | {"no such word"})
        assert {word: stored.df for word, stored in found.items()} == {
            word: sum(word in passage for passage in held) for word in words
        }
        statistics = catalogue.statistics(language)
        assert (statistics.passages, statistics.types) == (len(held), len(words))


def test_words_are_found_under_all_their_keys(tmp_path: Path) -> None:
    catalogue = written(tmp_path / "c.sqlite", PLAIN)
    stored = catalogue.find_words("en", ["sentence"])["sentence"]
    terms = type_terms("sentence")
    assert (stored.unit, stored.stop, stored.flags) == terms[:3]
    assert terms.keys
    for family, key, weight in terms.keys:
        assert (key, stored.id, pytest.approx(weight)) in catalogue.find("en", family, ["no such key", key])
        assert catalogue.find("ar", family, [key]) == []
        assert catalogue.find("en", "no such family", [key]) == []


def test_many_keys_and_ids_are_asked_in_portions(tmp_path: Path) -> None:
    catalogue = written(tmp_path / "c.sqlite", PLAIN)
    (stored,) = catalogue.find_words("en", ["sentence"]).values()
    assert catalogue.types("en", range(100_000))[stored.id] == stored
    family, key, _ = type_terms("sentence").keys[0]
    many = [f"key {number}" for number in range(40_000)]
    assert stored.id in {number for _, number, _ in catalogue.find("en", family, [*many, key])}


def test_passages_come_in_the_order_asked(tmp_path: Path, seeds: Path) -> None:
    catalogue = written(tmp_path / "c.sqlite", *(corpus.read(seeds, stat.file) for stat in corpus.scan(seeds)[0]))
    ids = [number for file in catalogue.files() for number in catalogue.passage_ids(file)][::-1]
    assert [passage.id for passage in catalogue.passages([*ids, ids[0]])] == [*ids, ids[0]]
    assert catalogue.passages([]) == []


def test_a_passage_that_only_the_engine_knows_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="passage 5"):
        written(tmp_path / "c.sqlite", PLAIN).passages([5])


def test_an_unknown_document_is_said_to_be_unknown(tmp_path: Path) -> None:
    with pytest.raises(UnknownDocument, match=r"b\.txt"):
        written(tmp_path / "c.sqlite", PLAIN).document("b.txt")


def test_skipped_files_are_kept_with_their_reasons(tmp_path: Path) -> None:
    files = [SkippedFile("b", "it is empty", 0, 5, "aa"), SkippedFile("a", "it is a link", None, None, None)]
    writer = CatalogueWriter(tmp_path / "c.sqlite")
    writer.skip([SkippedFile("old", "x", None, None, None)])
    writer.skip(files)
    assert writer.finish() == Totals(0, {"ar": 0, "en": 0})
    catalogue = reading(tmp_path / "c.sqlite")
    assert catalogue.skipped_files() == files[::-1]
    assert [(item.file, item.reason) for item in catalogue.skipped()] == [("a", "it is a link"), ("b", "it is empty")]


def test_touching_records_only_size_and_time(tmp_path: Path) -> None:
    written(tmp_path / "c.sqlite", PLAIN).close()
    writer = CatalogueWriter(tmp_path / "c.sqlite")
    writer.touch([FileStat("a.txt", 51, 99)])
    writer.finish()
    assert reading(tmp_path / "c.sqlite").document("a.txt") == replace(PLAIN, mtime_ns=99)


def test_passage_ids_fit_and_tell_file_content_and_place_apart() -> None:
    ids = {passage_id(file, sha, n) for file in ("a", "b", "ب") for sha in ("0", "1") for n in range(50)}
    assert len(ids) == 300
    assert all(0 <= number < 2**63 for number in ids)
    assert passage_id("a", "0", 1) == passage_id("a", "0", 1)


paragraphs = st.lists(
    st.sampled_from(
        [
            "The minister spoke on Monday.", "Drones were used in 2020!", "Armenia asked for help; nobody came.",
            "قال المتحدث باسم الكرملين دميتري بيسكوف.", "طلبت أرمينيا المساعدة من روسيا يوم 13 سبتمبر.",
            "XIV ٢٠٢٢ 20%", "",
        ]
    ),
    max_size=6,
)  # fmt: skip
edits = st.lists(st.tuples(st.sampled_from(["a.txt", "b/ب.txt", "c.txt"]), st.none() | paragraphs), max_size=8)


@hypothesis_settings(max_examples=30, deadline=None)
@given(edits, st.integers(1, 3))
def test_growing_step_by_step_is_the_same_as_writing_at_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[str] | None]], generations: int
) -> None:
    root = tmp_path_factory.mktemp("grow")
    left: dict[str, Document] = {}
    for first in range(generations):
        writer = CatalogueWriter(root / "grown.sqlite")
        for number, (file, lines) in enumerate(steps[first::generations]):
            gone = writer.remove(file)
            assert len(gone) == (len(passages(left.pop(file))) if file in left else 0)
            if lines is not None:
                left[file] = replace(PLAIN, file=file, text="\n\n".join(lines), sha256=f"{first}-{number}")
                add(writer, left[file])
        totals = writer.finish()
        assert totals.documents == len(left)
    at_once = content(written(root / "at-once.sqlite", *left.values()))
    assert content(reading(root / "grown.sqlite")) == at_once


@given(st.text())
def test_a_text_of_any_characters_is_kept(text: str) -> None:
    assert unpack(pack(text)) == text


@pytest.mark.parametrize("text", ["", "a\r\nb\rc\u2028\0\U0001f600 \ufdfa", "\ud800 alone"])
def test_a_text_is_kept_to_the_character(tmp_path: Path, text: str) -> None:
    document = replace(PLAIN, text=text)
    writer = CatalogueWriter(tmp_path / "c.sqlite")
    writer.add(document, [])
    writer.finish()
    assert reading(tmp_path / "c.sqlite").document("a.txt") == document


def test_many_threads_may_ask_at_once(tmp_path: Path, seeds: Path) -> None:
    catalogue = written(tmp_path / "c.sqlite", *(corpus.read(seeds, stat.file) for stat in corpus.scan(seeds)[0]))
    ids = [number for file in catalogue.files() for number in catalogue.passage_ids(file)]
    right = [passage.text for passage in catalogue.passages(ids)]

    def ask(_: int) -> bool:
        return [passage.text for passage in catalogue.passages(ids)] == right

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(200)))


def test_a_removed_catalogue_still_answers(tmp_path: Path) -> None:
    catalogue = written(tmp_path / "c.sqlite", PLAIN)
    (tmp_path / "c.sqlite").unlink()
    with ThreadPoolExecutor(2) as pool:
        assert pool.submit(catalogue.document, "a.txt").result() == PLAIN


def test_asking_a_closed_catalogue_is_a_mistake_not_damage(tmp_path: Path) -> None:
    catalogue = written(tmp_path / "c.sqlite", PLAIN)
    catalogue.close()
    with pytest.raises(sqlite3.ProgrammingError):
        catalogue.files()


def test_reading_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    written(path, PLAIN).close()
    before = path.read_bytes()
    catalogue = reading(path)
    catalogue.documents()
    assert [item.name for item in tmp_path.iterdir()] == ["c.sqlite"]
    catalogue.close()
    assert path.read_bytes() == before


@pytest.mark.parametrize("data", [b"", b"not a database" * 100, b"SQLite format 3\0" + bytes(4096)])
def test_what_is_no_catalogue_is_damaged(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(data)
    catalogue = reading(path)
    with pytest.raises(IndexDamaged):
        catalogue.statistics("ar")


def test_a_missing_catalogue_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged):
        reading(tmp_path / "none.sqlite").files()


def test_a_spoilt_text_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    written(path, PLAIN).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE documents SET text = x'00'")
    connection.close()
    with pytest.raises(IndexDamaged, match="text"):
        reading(path).document("a.txt")


def test_offsets_are_32_bit_integers(tmp_path: Path) -> None:
    catalogue = written(tmp_path / "c.sqlite", PLAIN)
    (passage,) = catalogue.passages(catalogue.passage_ids("a.txt"))
    assert {passage.tokens.dtype, passage.token_starts.dtype, passage.token_ends.dtype} == {np.dtype("int32")}
