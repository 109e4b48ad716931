"""Passages: whole sentences, in order, none left out."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import corpus
from assistant.corpus import Document
from assistant.cutting import Passage, passages
from assistant.language.sentences import count_words, sentences

ARABIC = "اندلع قتال عنيف بين البلدين على طول الحدود المشتركة بعد منتصف ليل الأحد."  # 13 words
ENGLISH = "Heavy fighting broke out between the two countries along their common border at night."  # 14 words


def document(text: str) -> Document:
    return Document("a.txt", text, "title", None, None, None, "ar", "utf-8", False, "", len(text), 0)


def check(article: Document, found: list[Passage]) -> None:
    """What holds for the passages of any document."""
    assert [span for passage in found for span in passage.sentences] == sentences(article.text)
    assert [passage.ordinal for passage in found] == list(range(len(found)))
    assert all(before.end <= after.start for before, after in pairwise(found))
    for passage in found:
        assert passage.text == article.text[passage.start : passage.end]
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        assert (passage.file, passage.title, passage.date) == (article.file, article.title, article.date)


def test_passages_of_the_seeds(seeds: Path) -> None:
    for stat in corpus.scan(seeds)[0]:
        article = corpus.read(seeds, stat.file)
        check(article, passages(article))
        assert all(40 <= count_words(passage.text) <= 220 for passage in passages(article))


def test_a_short_article_is_one_passage() -> None:
    article = document(f"عنوان\n\n{(ARABIC + ' ') * 8}\n\n{(ARABIC + ' ') * 8}\n")
    (passage,) = passages(article)
    check(article, [passage])


def test_passages_end_with_paragraphs_and_none_is_tiny() -> None:
    for count in range(3, 30):
        article = document("\n\n".join([f"{ARABIC} {ARABIC} {ARABIC} {ARABIC}"] * count))
        found = passages(article)
        check(article, found)
        if count * 52 > 220:
            assert all(len(passage.sentences) % 4 == 0 for passage in found)
            assert all(60 <= count_words(passage.text) <= 220 for passage in found)


def test_the_sizes_are_parameters() -> None:
    article = document(" ".join([ARABIC] * 40))
    found = passages(article, target_words=40, max_words=60)
    check(article, found)
    assert {count_words(passage.text) for passage in found} <= {26, 39, 52}


def test_a_sentence_is_never_cut() -> None:
    article = document(f"{ARABIC * 3}\n{'كلمة ' * 350}\n{ARABIC * 3}\n")
    found = passages(article)
    check(article, found)
    assert max(count_words(passage.text) for passage in found) >= 350


def test_a_translation_begins_a_passage_of_its_own() -> None:
    arabic, english = "\n\n".join([ARABIC] * 4), "\n\n".join([ENGLISH] * 4)
    article = document(f"{arabic}\n\nWritten by: Jane Smith\n\n{arabic}\n\n{english}\n\nموسكو\n\n{english}")
    found = passages(article)
    check(article, found)
    assert [passage.language for passage in found] == ["ar", "en"]
    assert found[1].text.startswith("Heavy")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_change_the_passages(newline: str) -> None:
    text = "\n\n".join([f"{ARABIC} {ARABIC}\n{ARABIC}"] * 12 + [ENGLISH] * 3)
    plain = [passage.text for passage in passages(document(text))]
    assert [p.text for p in passages(document(text.replace("\n", newline)))] == [
        p.replace("\n", newline) for p in plain
    ]


@given(
    st.lists(st.sampled_from([ARABIC, ENGLISH, "كلمة", "- one", "\n", "\n\n", "\r\n", " ", "...", "12"]), max_size=60)
)
def test_passages_cover_every_sentence_once(pieces: list[str]) -> None:
    article = document(" ".join(pieces))
    check(article, passages(article))
    for passage in passages(article, target_words=20, max_words=30):
        assert len(passage.sentences) == 1 or count_words(passage.text) <= 30


@pytest.mark.parametrize("piece", ["a\n", "كلمة\n\n", "...\n", "قال. ", "كلمة " * 300 + "\n", "one two three. "])
def test_passages_of_hostile_text_cost_little(piece: str) -> None:
    article = document(piece * (200_000 // len(piece)))
    started = time.process_time()
    found = passages(article)
    assert time.process_time() - started < 4
    check(article, found)
