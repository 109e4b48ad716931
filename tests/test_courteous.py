"""A greeting is no question: it is answered as one would, and nothing is searched for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import courteous
from assistant.chat import Assistant
from assistant.citations import Answer, Courtesy, Turn
from assistant.language.courtesies import courtesy
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
        ("What articles do you have?", "about"),
        ("من أنت؟", "about"),
        ("ما هي المقالات التي لديك؟", "about"),
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
    assert courtesy(message) in (None, "about", "farewell", "thanks", "peace", "greeting", "heard")


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


def test_a_collection_without_dates_or_of_one_day() -> None:
    class Article:
        date = None

    told = courteous.returned("hello", "en", lambda: [Article()])
    assert told is not None
    assert "(1 article)" in told.text


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
