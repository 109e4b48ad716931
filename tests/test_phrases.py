"""The likely answer inside a quote: found where it can be told, marked where it is shown, never outside the quote."""

from __future__ import annotations

import html
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant import evidence
from assistant.citations import cite
from assistant.language.questions import asked
from assistant.language.tokens import tokens
from assistant.phrases import _is_joined
from assistant.web import cited
from tests.collection import SmallCollection, document

TEXTS = {
    "fire.txt": "حريق في المصنع\nاندلع حريق كبير في مصنع الورق يوم 27 سبتمبر/أيلول 2020. وأصيب في الحريق 49 عاملا. وقال المدير إن المصنع أغلق.",
    "port.txt": "The new port\nThe port of Larna opened on March 3, 2019. It employs 2,300 workers. The mayor was present.",
}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> SmallCollection:
    return SmallCollection(tmp_path_factory.mktemp("phrases") / "catalogue.sqlite", TEXTS)


def phrase(texts: SmallCollection, question: str) -> str | None:
    best = evidence.find(question, texts.groups(question), asked(question)).sentences[0]
    text = texts.documents[best.passage.file].text
    return text[best.phrase.start : best.phrase.end] if best.phrase else None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("متى اندلع حريق مصنع الورق؟", "27 سبتمبر/أيلول 2020"),
        ("When did the fire in the paper factory break out?", "27 سبتمبر/أيلول 2020"),
        ("كم عاملا أصيب في الحريق؟", "49"),
        ("How many workers does the port employ?", "2,300"),
        ("When did the port of Larna open?", "March 3, 2019"),
        ("متى افتتح ميناء لارنا؟", "March 3, 2019"),
    ],
)
def test_a_date_and_a_counted_number_are_found(texts: SmallCollection, question: str, answer: str) -> None:
    assert phrase(texts, question) == answer


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Saturday, 31 October 2020", [True, True, True]),
        ("September 27, 2020", [True, True]),
        ("السبت، 31 أكتوبر 2020", [True, True, True]),
        ("2029, two", [False]),
        ("49, 31", [False]),
    ],
)
def test_a_comma_stands_in_a_date_and_between_two_of_them(text: str, joined: list[bool]) -> None:
    assert [_is_joined(text, one, other) for one, other in pairwise(tokens(text))] == joined


@pytest.mark.parametrize(
    "question", ["Who was present at the port?", "أين اندلع الحريق؟", "Why was the factory closed?", "port"]
)
def test_nothing_is_marked_when_something_else_is_asked_for(texts: SmallCollection, question: str) -> None:
    assert phrase(texts, question) is None


WORDS = [*" ".join(TEXTS.values()).split(), "When", "متى", "How many", "كم", "?", "؟"]


@hypothesis_settings(max_examples=60)
@given(question=st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join))
def test_a_phrase_stands_inside_its_sentence(texts: SmallCollection, question: str) -> None:
    for sentence in evidence.find(question, texts.groups(question), asked(question)).sentences:
        if sentence.phrase:
            assert sentence.start <= sentence.phrase.start < sentence.phrase.end <= sentence.end


@given(st.data())
def test_the_page_marks_exactly_the_phrase(data: st.DataObject) -> None:
    article = document("a.txt", "Five & <six> seven «ثمانية» nine")
    start = data.draw(st.integers(0, len(article.text) - 1))
    end = data.draw(st.integers(start + 1, len(article.text)))
    citation = cite(article, 0, len(article.text), number=1, language="en", phrase=(start, end))
    figure = cited.figure(citation, "en")
    (words,) = re.findall('<p>(.*?)<a class="cite"', figure)
    marked = "".join(re.findall('<strong class="phrase">(.*?)</strong>', words))
    assert html.unescape(marked) == article.text[start:end]
    assert html.unescape(re.sub("<[^>]*>", "", words)).strip() == article.text
