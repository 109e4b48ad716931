"""`Assistant`: whatever is asked of whatever folder, every citation is the exact words of a file, and the record agrees with itself."""

from __future__ import annotations

import os
import random
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from invariants import ARABIC, ENGLISH, ODD, check, questions, said

from assistant.chat import Assistant
from assistant.errors import CorpusEmpty, CorpusNotFound, EmptyQuestion, IsnadError, QuestionTooLong, UnknownDocument
from assistant.language.text import fold
from assistant.settings import Settings

SEEDS = [path.read_bytes().decode() for path in sorted((Path(__file__).parents[1] / "seeds").iterdir())]
ENGLISH_ARTICLE = """Armenia asks Russia for military help in clashes with Azerbaijan

London, Tue, 13 Sep 2022 - Prime Minister Nikol Pashinyan told parliament that at least 49 Armenian soldiers were killed overnight.

He spoke to President Vladimir Putin by telephone. "We need help," he said... Azerbaijan used Turkish drones (Bayraktar TB2), officials said!
Kremlin spokesman Dmitry Peskov declined to comment. Was it the worst fighting since 2020? Nobody could say. U.S. envoys met Mr. Aliyev at 11:46.
"""
LIKELY = [
    "متى طلبت أرمينيا المساعدة من روسيا؟",
    "How many Armenian soldiers were killed?",
    "من هو المتحدث باسم الكرملين؟",
    "Which drones did Azerbaijan use?",
    "What is the population of Armenia?",
    "كم عدد سكان أرمينيا؟",
    "who is باشينيان?",
    "من هو Nikol Pashinyan؟",
]


def askable(question: str) -> bool:
    return any(character.isalnum() for character in fold(question).text) and len(question.strip()) <= 2000


# ---------------------------------------------------------------- citations


@given(question=questions(SEEDS))
@example(question="Which drones did Azerbaijan use?")
@example(question="متى طلبت أرمينيا المساعدة من روسيا؟")
@hypothesis_settings(max_examples=40, deadline=None)
def test_every_answer_over_the_seeds_holds_together(over_seeds: Assistant, question: str) -> None:
    if askable(question):
        check(over_seeds, over_seeds.ask(question))
    else:
        with pytest.raises((EmptyQuestion, QuestionTooLong)):
            over_seeds.ask(question)


def edited(text: str, chance: random.Random) -> str:
    """The text after a careless editor: words gone, doubled, joined, strange characters between them."""
    pieces = re.split("( +|\n+)", text)
    strange = [word for word in ODD if not {"[", "\ud800", "\0"} & set(word)]
    for _ in range(60):
        place = chance.randrange(len(pieces))
        pieces[place] = chance.choice(
            [
                "",
                pieces[place] * 2,
                pieces[place][: len(pieces[place]) // 2]
                + chance.choice(strange)
                + pieces[place][len(pieces[place]) // 2 :],
                pieces[place] + chance.choice(["\n", "\r\n", "\u2028", "\v", "\x85", "\u200f\u202b", "؟!", ". ", "…"]),
                chance.choice(ENGLISH + ARABIC) + " ",
            ]
        )
    return "".join(pieces)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Assistant]:
    """Each article as it is not: other line ends, other encodings, edited twice."""
    root = tmp_path_factory.mktemp("copies")
    folder, chance = root / "articles", random.Random(7)
    folder.mkdir()
    for number, text in enumerate([*SEEDS, ENGLISH_ARTICLE]):
        text = text.removeprefix("\ufeff")
        variants = {
            "crlf": text.replace("\n", "\r\n").encode(),
            "mixed": "".join(line + chance.choice(["\n", "\r\n"]) for line in text.split("\n")).encode(),
            "cp1256": text.encode("cp1256", "replace"),
            "utf16": text.encode("utf-16"),
            "bom": text.encode("utf-8-sig"),
            **{f"edited{i}": edited(text, chance).encode("utf-8", "replace") for i in range(2)},
        }
        for name, content in variants.items():
            (folder / f"{name} {number}.txt").write_bytes(content)
    with Assistant.open(folder, root / "index", settings) as assistant:
        assert (len(assistant.documents()), assistant.skipped()) == (7 * 6, [])
        yield assistant


@given(question=questions([*SEEDS, ENGLISH_ARTICLE]))
@hypothesis_settings(max_examples=40, deadline=None)
def test_every_answer_over_edited_and_reencoded_copies_holds_together(copies: Assistant, question: str) -> None:
    if askable(question):
        check(copies, copies.ask(question))


@pytest.mark.parametrize("question", LIKELY)
def test_likely_questions_hold_together_and_are_answered_from_any_copy(copies: Assistant, question: str) -> None:
    answer = copies.ask(question)
    check(copies, answer)
    assert answer.citations or answer.closest


def test_every_kind_of_copy_is_found_exactly(copies: Assistant) -> None:
    hits = copies.search("طلبت أرمينيا المساعدة من روسيا Armenia Russia help", 1000)
    kinds = {"crlf": "utf-8", "mixed": "utf-8", "cp1256": "cp1256", "utf16": "utf-16", "bom": "utf-8"}
    assert {hit.file.split()[0] for hit in hits} >= kinds.keys() | {"edited0", "edited1"}
    encodings = {info.file: info.encoding for info in copies.documents()}
    for hit in hits:
        assert copies.document(hit.file).text[hit.start : hit.end] == hit.text
        if not copies.document(hit.file).text.isascii():
            assert encodings[hit.file].startswith(kinds.get(hit.file.split()[0], "utf-8"))
    assert any("\r\n" in copies.document(hit.file).text[: hit.start] for hit in hits)


def test_the_answers_of_both_kinds_are_among_the_likely_ones(over_seeds: Assistant) -> None:
    statuses = {over_seeds.ask(question).status for question in [*LIKELY, "How is goat cheese made in Peru?"]}
    assert {"answered", "abstained"} <= statuses


# ---------------------------------------------------------------- languages and settings


FRAMES = {
    ("answered", "en"): "The articles say:",
    ("answered", "ar"): "جاء في المقالات:",
    ("uncertain", "en"): "The articles may not say.",
    ("uncertain", "ar"): "قد لا تذكر المقالات ذلك.",
    ("abstained", "en"): "The articles do not say.",
    ("abstained", "ar"): "لا تذكر المقالات ذلك.",
}
BANDS = {"answered": (0.0, 0.0), "uncertain": (1.0, 0.0), "abstained": (1.0, 1.0)}


@pytest.mark.parametrize("status", BANDS)
def test_the_frame_is_in_the_language_of_the_question(
    seeds: Path, seeds_index: Path, settings: Settings, status: str
) -> None:
    high, low = BANDS[status]
    forced = settings.model_copy(update={"answer_threshold": high, "uncertain_threshold": low})
    with Assistant.open(seeds, seeds_index, forced) as assistant:
        for question, language in (
            ("متى طلبت أرمينيا المساعدة من روسيا؟", "ar"),
            ("من هو Nikol Pashinyan؟", "ar"),
            ("Which drones did Azerbaijan use?", "en"),
            ("who is باشينيان?", "en"),
        ):
            answer = assistant.ask(question)
            check(assistant, answer)
            assert (answer.question, answer.language, answer.status) == (question, language, status)
            assert answer.text.startswith(FRAMES[status, language])
            quotes = answer.citations or answer.closest
            assert [bool(citation.gloss) for citation in quotes] == [language == "en"] * len(quotes) != []


def test_settings_decide_how_much_is_quoted_and_what_it_is_called(
    seeds: Path, seeds_index: Path, settings: Settings
) -> None:
    question = "Which drones did Azerbaijan use?"
    for update, status, quotes in (
        ({"quotes": 1, "gloss": False, "answer_threshold": 0.0, "uncertain_threshold": 0.0}, "answered", 1),
        ({"quotes": 10, "answer_threshold": 1.0, "uncertain_threshold": 0.0}, "uncertain", 10),
        ({"answer_threshold": 1.0, "uncertain_threshold": 1.0}, "abstained", 0),
    ):
        with Assistant.open(seeds, seeds_index, settings.model_copy(update=update)) as assistant:
            answer = assistant.ask(question)
            check(assistant, answer)
            assert (answer.status, len(answer.citations) <= quotes) == (status, True)
            assert bool(answer.citations and answer.citations[0].gloss) == (status == "uncertain")


def test_paths_may_be_strings_and_white_space_around_a_question_is_nothing(
    seeds: Path, seeds_index: Path, settings: Settings, over_seeds: Assistant
) -> None:
    with Assistant.open(str(seeds), str(seeds_index), settings) as assistant:
        assert assistant.settings.corpus == seeds
        assert assistant.summary.unchanged == 5
        answer = assistant.ask("  \n Which drones did Azerbaijan use?\t")
    assert said(answer) == said(over_seeds.ask("Which drones did Azerbaijan use?"))


# ---------------------------------------------------------------- what cannot be asked


@pytest.mark.parametrize(
    "question", ["", " \n\t", "؟", "?!…", "ًٌٍ", "\u200f\u202e\u2066", "🙂🙂", "---", "\ud800", "«»", "ـــ"]
)
def test_a_question_without_a_letter_or_a_digit_is_empty(over_seeds: Assistant, question: str) -> None:
    for do in (over_seeds.ask, over_seeds.search):
        with pytest.raises(EmptyQuestion) as refused:
            do(question)
        one_line(refused.value)


def one_line(error: IsnadError) -> None:
    english, arabic = error.say("en"), error.say("ar")
    assert str(error) == english
    assert re.search("[a-z]", english) and re.search("[\u0621-\u064a]", arabic)
    for message in (english, arabic):
        assert not re.search(r"[\n\r{}]", message)


def test_a_question_may_be_as_long_as_the_limit_and_no_longer(over_seeds: Assistant) -> None:
    limit = over_seeds.settings.max_question_chars
    fits = ("drones " * limit)[: limit - 1] + "x"
    check(over_seeds, over_seeds.ask(f" {fits} "))
    for do in (over_seeds.ask, over_seeds.search):
        with pytest.raises(QuestionTooLong) as refused:
            do(fits + "y")
        assert refused.value.facts == {"length": limit + 1, "limit": limit}
        one_line(refused.value)


@pytest.mark.parametrize("question", ["who is the", "من هو", "a", "X" * 500, "ب" * 500])
def test_a_question_of_nothing_to_look_for_is_not_in_the_articles(over_seeds: Assistant, question: str) -> None:
    answer = over_seeds.ask(question)
    check(over_seeds, answer)
    assert answer.status == "abstained"


def test_an_empty_folder_is_said_to_be_empty_and_a_missing_one_missing(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    with Assistant.open(tmp_path / "articles", tmp_path / "index", settings) as assistant:
        assert assistant.documents() == []
        assert [skipped.file for skipped in assistant.skipped()] == ["picture.png"]
        for do in (assistant.ask, assistant.search):
            with pytest.raises(CorpusEmpty) as refused:
                do("Anything there?")
            one_line(refused.value)
        with pytest.raises(EmptyQuestion):
            assistant.ask("?")
    with pytest.raises(CorpusNotFound) as missing:
        Assistant.open(tmp_path / "nowhere", tmp_path / "index", settings)
    one_line(missing.value)


# ---------------------------------------------------------------- documents


def test_documents_are_what_the_folder_holds(over_seeds: Assistant, seeds: Path) -> None:
    assert [info.file for info in over_seeds.documents()] == sorted(path.name for path in seeds.iterdir())
    for info in over_seeds.documents():
        document = over_seeds.document(info.file)
        assert document.text == (seeds / info.file).read_bytes().decode("utf-8-sig")
        assert (document.title, document.date) == (info.title, info.date)
        passages = over_seeds.passages(info.file)
        assert len(passages) == info.passages
        assert [passage.start for passage in passages] == sorted(passage.start for passage in passages)
        assert all(document.text[passage.start : passage.end] == passage.text for passage in passages)


@pytest.mark.parametrize("file", ["nothing.txt", "", "../seeds/000_b5aa3a0ff550aed9.txt", "/etc/passwd"])
def test_a_document_that_is_not_indexed_is_unknown(over_seeds: Assistant, file: str) -> None:
    with pytest.raises(UnknownDocument) as refused:
        over_seeds.document(file)
    one_line(refused.value)


# ---------------------------------------------------------------- files that change while they are asked


def touch(path: Path) -> None:
    os.utime(path)


def edit(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("Friday", "Monday"), encoding="utf-8")


def edit_and_date_back(path: Path) -> None:
    edit(path)
    os.utime(path, ns=(10**17, 10**17))


def put_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def put_a_link_to_elsewhere(path: Path) -> None:
    outside = path.parents[1] / "outside.txt"
    shutil.move(path, outside)
    path.symlink_to(outside)


CHANGES = {
    "walrus": (lambda path: None, False),
    "badger": (touch, False),
    "heron": (edit, True),
    "lizard": (edit_and_date_back, True),
    "otter": (Path.unlink, True),
    "falcon": (put_a_folder, True),
    "beaver": (put_a_link_to_elsewhere, True),
}


@pytest.fixture(scope="module")
def animals(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Assistant]:
    """One article for each change."""
    root = tmp_path_factory.mktemp("animals")
    folder = root / "articles"
    folder.mkdir()
    for animal in CHANGES:
        path = folder / f"{animal}.txt"
        path.write_text(f"The {animal}\n\nThe {animal} was seen near the river on Friday.\n", encoding="utf-8")
        os.utime(path, ns=(10**18, 10**18))
    with Assistant.open(folder, root / "index", settings) as assistant:
        yield assistant


@pytest.mark.parametrize("animal", CHANGES)
def test_a_quote_says_when_its_file_has_changed(animals: Assistant, animal: str) -> None:
    change, stale = CHANGES[animal]
    question = f"When was the {animal} seen near the river?"
    before = next(citation for citation in animals.ask(question).citations if citation.file == f"{animal}.txt")
    assert not before.stale
    change(animals.settings.corpus / f"{animal}.txt")
    assert animals.is_stale(f"{animal}.txt") == stale
    answer = animals.ask(question)
    check(animals, answer)
    after = next(citation for citation in answer.citations if citation.file == f"{animal}.txt")
    assert (after.stale, after.quote) == (stale, before.quote)
    assert after.to_dict()["stale"] == stale


def test_a_file_never_indexed_is_stale(animals: Assistant) -> None:
    assert animals.is_stale("unicorn.txt")


# ---------------------------------------------------------------- threads


def test_two_threads_get_the_answers_of_one(seeds: Path, seeds_index: Path, settings: Settings) -> None:
    chance = random.Random(3)
    words = [word for text in SEEDS for word in text.split()] + ENGLISH * 5
    asked = LIKELY + [" ".join(["who", *chance.sample(words, 4)]) for _ in range(12)]
    with Assistant.open(seeds, seeds_index, settings) as one:
        alone = {question: (said(one.ask(question)), one.search(question)) for question in asked}
    with Assistant.open(seeds, seeds_index, settings) as shared:
        found: list[dict[str, object]] = [{}, {}]
        wrong: list[object] = []

        def work(thread: int) -> None:
            order = random.Random(thread)
            try:
                for _ in range(200):
                    question = order.choice(asked)
                    if (said(shared.ask(question)), shared.search(question)) != alone[question]:
                        wrong.append(question)
                    found[thread][question] = True
            except Exception as error:  # a thread's error would be lost
                wrong.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert min(len(each) for each in found) > len(asked) * 0.9
