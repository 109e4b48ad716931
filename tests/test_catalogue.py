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
from collection import token_starts
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant import corpus
from assistant.catalogue import LANGUAGES, Catalogue, SkippedFile
from assistant.cataloguing import CatalogueWriter, Totals
from assistant.corpus import Document, FileStat
from assistant.cutting import passages
from assistant.errors import IndexDamaged, UnknownDocument
from assistant.language import terms
from assistant.language.terms import passage_terms, type_terms
from assistant.name_table import Near
from assistant.packing import pack_numbers
from assistant.reading import prepare
from assistant.vocabulary import STOP_WORD

PLAIN = Document(
    file="a.txt", text="Title of it\n\nFirst sentence here. Second one follows.\n", title="Title of it",
    date=dt.date(2022, 9, 14), outlet="A paper", url="https://example.org/a", language="en", encoding="utf-8",
    encoding_guessed=False, sha256="0" * 64, size=51, mtime_ns=17,
)  # fmt: skip


def add(writer: CatalogueWriter, document: Document) -> None:
    writer.add(prepare(document, passages(document), writer.packer))


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


FAMILIES = (*terms.FILED_UNDER, STOP_WORD)


def content(catalogue: Catalogue) -> dict[str, object]:
    """Everything a catalogue can tell, with word types by their words instead of their numbers."""
    told: dict[str, object] = {"documents": catalogue.documents(), "skipped": catalogue.skipped_files()}
    told |= {"copies": catalogue.copies(), "repeated": catalogue.repeated()}
    for language in LANGUAGES:
        told[f"{language} statistics"] = catalogue.statistics(language)
        types = catalogue.types(language, range(10_000))
        words = {number: stored.word for number, stored in types.items()}
        told[f"{language} types"] = sorted(stored[1:] for stored in types.values())
        filed = [type_terms(word) for word in words.values()]
        for family in FAMILIES:
            keys = {key for each in filed for name, key, _ in each.keys if name == family} | set(words.values())
            found = catalogue.find(language, family, keys)
            told[f"{language} {family}"] = sorted((key, words[number], weight) for key, number, weight in found)
        skeletons = {skeleton for each in filed for skeleton in each.spellings.values()}
        for kind in terms.NameClass:
            names = catalogue.names(language)
            near = Near(tuple(skeletons), [kind], lambda arabic, masks: np.zeros(len(masks), np.uint8))
            sounds = names.spellings(names.near([near], 10**9)[0])
            spelled = zip(sounds.types.tolist(), sounds.weights.tolist(), sounds.letters.T.tolist(), strict=True)
            told[f"{language} {kind.name}"] = sorted(
                (words[number], weight, [letter for letter in letters if letter]) for number, weight, letters in spelled
            )
    for file in catalogue.files():
        told[file] = catalogue.document(file)
        told[file, "passages"] = [
            (
                *passage[1:9],
                words_of(catalogue, passage.tokens),
                passage.token_sentences.tolist(),
                words_of(catalogue, passage.title_tokens),
                passage.framing,
                passage.headlines,
            )
            for passage in catalogue.passages(catalogue.passage_ids(file))
        ]
    return told


def words_of(catalogue: Catalogue, types: np.ndarray) -> list[str]:
    held = catalogue.words(types)
    return [held[number] for number in types.tolist()]


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
            assert words_of(catalogue, got.tokens) == passage_terms(passage.text).words
            for start, sentence in zip(token_starts(got), got.token_sentences.tolist(), strict=True):
                assert passage.sentences[sentence].start <= start < passage.sentences[sentence].end


def test_passages_are_ranked_by_what_they_hold(tmp_path: Path, seeds: Path) -> None:
    """Read by themselves, outlines are those of the passages; also of one whose title stands in one passage of two."""
    long = replace(PLAIN, file="b.txt", text=PLAIN.text + "\n\n" + "A sentence that is nothing but long. " * 60)
    documents = [corpus.read(seeds, stat.file) for stat in corpus.scan(seeds)[0]]
    catalogue = written(tmp_path / "c.sqlite", *documents, PLAIN, long)
    ids = [number for file in reversed(catalogue.files()) for number in catalogue.passage_ids(file)]
    outlines = catalogue.outlined(ids)
    for outline, passage in zip(outlines, catalogue.passages(ids), strict=True):
        for one, other in zip(outline, passage.outline, strict=True):
            assert np.array_equal(one, other)
            assert getattr(one, "dtype", None) == getattr(other, "dtype", None)
    titles = {file: [len(each.title_tokens) for each in outlines if each.file == file] for file in ("a.txt", "b.txt")}
    assert titles["a.txt"] == [0] and titles["b.txt"][0] == 0 and all(titles["b.txt"][1:]) and titles["b.txt"][1:]
    assert catalogue.outlined([]) == []
    with pytest.raises(IndexDamaged):
        catalogue.outlined([*ids, 7])


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
    filed = type_terms("sentence")
    assert (stored.unit, stored.stop, stored.flags) == filed[:3]
    assert filed.keys
    for family, key, weight in filed.keys:
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


@pytest.mark.parametrize(
    "outline",
    [
        [],
        [2**35 - 1],
        [1, 0, 5],
        [1, 0, 5, 2**35 - 1, 1],
        [1, 0, 5, 3, 1, 1],
        [2, 0, 5, 1, 1, 5, 1, 1],
    ],
)
def test_an_outline_that_contradicts_itself_is_damage(tmp_path: Path, outline: list[int]) -> None:
    """However many sentences or tokens it says it has."""
    whole = written(tmp_path / "c.sqlite", PLAIN, replace(PLAIN, file="b.txt"))
    ids = [*whole.passage_ids("a.txt"), *whole.passage_ids("b.txt")]
    with sqlite3.connect(tmp_path / "c.sqlite") as connection:
        connection.execute("UPDATE passages SET outline = ? WHERE id = ?", (pack_numbers(outline), ids[0]))
    connection.close()
    catalogue = reading(tmp_path / "c.sqlite")
    assert [outline.file for outline in catalogue.outlined(ids[1:])] == ["b.txt"]
    with pytest.raises(IndexDamaged):
        catalogue.outlined(ids)


def test_a_passage_that_only_the_engine_knows_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="passage 5"):
        written(tmp_path / "c.sqlite", PLAIN).passages([5])


def test_an_unknown_document_is_said_to_be_unknown(tmp_path: Path) -> None:
    with pytest.raises(UnknownDocument, match=r"b\.txt"):
        written(tmp_path / "c.sqlite", PLAIN).document("b.txt")


def test_documents_are_looked_up_one_by_one_and_taken_together(tmp_path: Path) -> None:
    others = [replace(PLAIN, file=file, outlet=outlet, size=size) for file, outlet, size in (("b.txt", "B", 7), ("c.csv#2", "C", 8))]  # fmt: skip
    catalogue = written(tmp_path / "c.sqlite", PLAIN, *others)
    assert catalogue.recorded_of("b.txt") == catalogue.recorded()["b.txt"] == (7, 17, "0" * 64)
    assert catalogue.recorded_of("c.csv#2") == catalogue.recorded()["c.csv"]
    assert catalogue.recorded_of("d.txt") is None
    wanted = {*catalogue.passage_ids("b.txt"), *catalogue.passage_ids("c.csv#2")}
    assert catalogue.passages_within(lambda document: document.outlet in ("B", "C")) == wanted
    assert catalogue.passages_within(lambda _: False) == frozenset()


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


def test_a_title_is_a_title_of_every_passage_that_does_not_hold_it(tmp_path: Path) -> None:
    first, second = (" ".join([f"{word}{n}" for n in range(150)]) + "." for word in ("one", "two"))
    text = f"Cheese of Goris\n\n{first}\n\n{second}\n"
    catalogue = written(tmp_path / "c.sqlite", replace(PLAIN, text=text, title="Cheese of Nowhere"))
    held = catalogue.passages(catalogue.passage_ids("a.txt"))
    assert len(held) > 1
    assert [words_of(catalogue, passage.title_tokens) for passage in held] == [["Cheese", "of", "Nowhere"]] * len(held)
    assert catalogue.find_words("en", ["Nowhere", "Goris"]).keys() == {"Nowhere", "Goris"}
    assert catalogue.find_words("en", ["Nowhere"])["Nowhere"].df == 0
    assert catalogue.statistics("en").types == len(set(passage_terms(text).words))


def test_files_of_one_hash_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("catalogue", "cataloguing"):
        monkeypatch.setattr(f"assistant.{module}.file_hash", lambda file: 7)
    other = replace(PLAIN, file="b.txt", text="Another one\n\nIt says this.\n", title="Another one")
    assert written(tmp_path / "c.sqlite", PLAIN, other).document("b.txt") == other
    writer = CatalogueWriter(tmp_path / "c.sqlite")
    writer.remove("a.txt")
    writer.finish()
    assert reading(tmp_path / "c.sqlite").files() == ["b.txt"]


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
            writer.remove(file)
            left.pop(file, None)
            if lines is not None:
                left[file] = replace(PLAIN, file=file, text="\n\n".join(lines), sha256=f"{first:032x}{number:032x}")
                add(writer, left[file])
        totals = writer.finish()
        assert totals.documents == len(left)
    at_once = content(written(root / "at-once.sqlite", *left.values()))
    assert content(reading(root / "grown.sqlite")) == at_once


@pytest.mark.parametrize("text", ["", "a\r\nb\rc\u2028\0\U0001f600 \ufdfa", "\ud800 alone"])
def test_a_text_is_kept_to_the_character(tmp_path: Path, text: str) -> None:
    document = replace(PLAIN, text=text)
    writer = CatalogueWriter(tmp_path / "c.sqlite")
    writer.add(prepare(document, [], writer.packer))
    writer.finish()
    assert reading(tmp_path / "c.sqlite").document("a.txt") == document


def scraped(number: int, words: str) -> Document:
    text = f"Headline {words} number {number}\n\nThe {words} council of town {words} decided on {words} that the old bridge is to stay closed.\n\nA line that the paper puts below every text\n"
    return replace(PLAIN, file=f"{number}.txt", text=text, title=text.split("\n")[0], sha256=f"{number:064x}")


@given(st.permutations(range(8)), st.integers(1, 7))
@hypothesis_settings(max_examples=15, deadline=None)
def test_copies_and_repeated_lines_are_those_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], first: int
) -> None:
    """However the collection came about: in one go, in two, in any order, with articles that are gone again."""
    root = tmp_path_factory.mktemp("settled")
    held = [scraped(number, ("harbour", "market", "river", "garden", "northern")[number % 5]) for number in range(8)]
    once = written(root / "once.sqlite", *held)
    assert once.copies() == [("0.txt", "5.txt"), ("1.txt", "6.txt"), ("2.txt", "7.txt")]
    assert len(once.repeated()) == 1  # of eight articles, but of five texts
    for numbers, gone in ((order[:first], [scraped(number, "gone") for number in range(20, 26)]), (order[first:], [])):
        writer = CatalogueWriter(root / "grown.sqlite")
        for document in gone:
            add(writer, document)
        for number in range(20, 26):
            if not gone:
                writer.remove(f"{number}.txt")
        for number in numbers:
            add(writer, held[number])
        writer.finish()
    assert content(reading(root / "grown.sqlite")) == content(once)


@given(st.text(st.sampled_from("ab. \n\u2028قلا؟\U0001f600\ud800\0"), max_size=400))
def test_texts_are_put_together_from_passages_and_gaps(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    document = replace(PLAIN, text=text)
    path = tmp_path_factory.mktemp("gaps") / "c.sqlite"
    writer = CatalogueWriter(path, ["ab. قلا"])
    writer.add(prepare(document, passages(document, 20, 20), writer.packer))
    writer.finish()
    assert reading(path).document("a.txt") == document


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


@pytest.mark.parametrize(
    ("table", "column"),
    [("passages", "text"), ("passages", "outline"), ("types", "facts"), ("keys", "filed"), ("names", "types")],
)
def test_what_is_spoilt_is_damage(tmp_path: Path, table: str, column: str) -> None:
    path = tmp_path / "c.sqlite"
    written(path, PLAIN).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE {table} SET {column} = x'ff'")
    connection.close()
    catalogue = reading(path)
    with pytest.raises(IndexDamaged, match="cannot be read"):
        content(catalogue)


def test_numbers_are_32_bit_integers(tmp_path: Path) -> None:
    catalogue = written(tmp_path / "c.sqlite", PLAIN)
    (passage,) = catalogue.passages(catalogue.passage_ids("a.txt"))
    assert {passage.tokens.dtype, passage.token_sentences.dtype, passage.title_tokens.dtype} == {np.dtype("int32")}
