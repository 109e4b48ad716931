"""A greeting is no question: it is answered as one would, and nothing is searched for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat import Assistant
from assistant.citations import Answer, Courtesy, Turn
from assistant.language.courtesies import courtesy
from assistant.scope import Scope
from assistant.settings import Settings
from assistant.web import render


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("hello", "greeting"),
        ("Hello, Isnad!", "greeting"),
        ("Good morning everyone", "greeting"),
        ("صباح الخير", "greeting"),
        ("مَرحبًا 👋", "greeting"),
        ("أهلاً وسهلاً بك", "greeting"),
        ("السلام عليكم ورحمة الله وبركاته", "peace"),
        ("As-salamu alaykum", "peace"),
        ("As-salamu alaikum!", "peace"),
        ("Thank you very much for your help.", "thanks"),
        ("thanks, that's great, bye", "farewell"),
        ("شكرًا جزيلًا لك", "thanks"),
        ("إلى اللقاء", "farewell"),
        ("Hi! Who are you?", "about"),
        ("What articles do you have?", "contents"),
        ("Summarize the articles, please.", "contents"),
        ("عمَّ تتحدث المقالات؟", "contents"),
        ("من أنت؟", "about"),
        ("ما هي المقالات التي لديك؟", "contents"),
        ("ok", "heard"),
        ("نعم", "heard"),
    ],
)
def test_a_courtesy_is_told_by_all_its_words(message: str, kind: Courtesy | None) -> None:
    assert courtesy(message) == kind


@pytest.mark.parametrize(
    "message",
    [
        "",
        "؟",
        "Isnad",
        "the answer",
        "thanks to whom did the war end?",
        "Hello Kitty",
        "Who are you quoting?",
        "what can you do about drones?",
        "help for Armenia",
        "Who is the president?",
        "السلام",
        "من أنت يا باشينيان؟",
        "كيف حال المفاوضات؟",
        "معاهدة السلام",
        "مساعدة",
        "hello " * 30,
    ],
)
def test_whatever_may_be_asked_of_articles_is_a_question(message: str) -> None:
    assert courtesy(message) is None


@given(st.text(max_size=300))
def test_any_text_is_looked_at(message: str) -> None:
    assert courtesy(message) in (None, "contents", "about", "farewell", "thanks", "peace", "greeting", "heard")


@pytest.fixture(scope="module")
def opened(seeds: Path, seeds_index: Path, settings: Settings) -> Iterator[Assistant]:
    with Assistant.open(seeds, seeds_index, settings) as assistant:
        yield assistant


def test_the_answer_tells_of_the_collection(opened: Assistant) -> None:
    answer = opened.ask("what can you do?")
    assert (answer.status, answer.courtesy, answer.citations, answer.closest) == ("abstained", "about", (), ())
    assert "(5 articles, 31 October 2020 to 14 September 2022)" in answer.text
    assert "(5 مقالات، من 31 أكتوبر 2020 إلى 14 سبتمبر 2022)" in opened.ask("مرحبا").text
    assert Answer.from_dict(answer.to_dict()).courtesy == "about"


@pytest.mark.parametrize(
    ("message", "said"), [("what are the articles about?", "5 articles"), ("لخّص المقالات", "5 مقالات")]
)
def test_what_the_articles_are_is_told_by_their_headlines(opened: Assistant, message: str, said: str) -> None:
    answer = opened.ask(message)
    assert (answer.status, answer.courtesy) == ("answered", "contents")
    assert said in answer.text
    assert [citation.title for citation in answer.citations] == [citation.quote for citation in answer.citations]
    dates = [citation.date or dt.date.min for citation in answer.citations]
    assert len(dates) == 5
    assert dates == sorted(dates, reverse=True)
    for citation in answer.citations:
        assert opened.document(citation.file).text[citation.start : citation.end] == citation.quote
        assert f"[{citation.number}]" in answer.text
        assert bool(citation.gloss) == (answer.language == "en")


def test_only_the_articles_that_are_asked_are_told_of(opened: Assistant) -> None:
    one = opened.documents()[0].file
    answer = opened.ask("what articles do you have?", scope=Scope(files=frozenset({one})))
    assert [citation.file for citation in answer.citations] == [one]
    assert "1 article" in answer.text


@pytest.mark.parametrize(
    "message",
    [
        "articles from September 2022",
        "What happened in September 2022?",
        "المقالات المنشورة في سبتمبر 2022",
        "أخبار سبتمبر 2022",
    ],
)
def test_of_the_articles_of_some_days_as_well(opened: Assistant, message: str) -> None:
    answer = opened.ask(message)
    assert answer.courtesy == "contents" and answer.period is not None
    assert {str(citation.date)[:7] for citation in answer.citations} == {"2022-09"}
    assert len(answer.citations) == 2


def test_of_days_without_articles_nothing_is_listed(opened: Assistant) -> None:
    answer = opened.ask("articles from November 2025")
    assert (answer.courtesy, answer.status, answer.citations) == (None, "abstained", ())
    assert "14 September 2022" in (answer.notice or "")


def test_a_headline_of_markdown_is_quoted_without_its_marks(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "tram.md").write_text(
        "---\ntitle: Night tram returns to the harbour\nurl: https://news.example/night-tram\n---\n"
        "# Night tram returns to the harbour\n\nThe night tram returns on Friday, the council said. It will run every hour.\n"
    )
    with Assistant.open(tmp_path / "in", tmp_path / "index", settings) as assistant:
        (headline,) = assistant.ask("what are the articles about?").citations
        assert headline.quote == "Night tram returns to the harbour"
        asked = assistant.ask("When does the night tram return to the harbour?")
        assert asked.citations[0].quote.startswith("The night tram returns on Friday")
        assert not [each.quote for each in asked.citations if "title:" in each.quote or "://" in each.quote]


def test_nothing_leans_on_a_courtesy(opened: Assistant) -> None:
    asked = "Which drones did Azerbaijan use?"
    first = opened.ask(asked)
    turns = [Turn(asked, first.text), Turn("thanks", "You are welcome.")]
    assert opened.ask("and in 2020?", turns).asked == opened.ask("and in 2020?", turns[:1]).asked
    assert opened.ask("and in 2020?", turns).asked


def test_the_page_shows_it_without_a_verdict(opened: Assistant) -> None:
    shown = render.answer(opened.ask("thanks"), "en")
    assert "You are welcome" in shown
    assert 'class="band"' not in shown
    assert 'class="band"' in render.answer(opened.ask("What is the population of Armenia?"), "en")
