"""Suggested questions: whatever is offered, the assistant answers it from the sentence it was made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from assistant.citations import Answer
from assistant.language.questions import question_language
from assistant.suggestions import _candidates, _tried, suggestions

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.language.text import Language


class Watched:
    """The assistant over the seeds, with every question it is asked written down and every answer changed on its way."""

    def __init__(self, inner: Assistant, **changes: Any) -> None:
        self.inner = inner
        self.changes = changes
        self.asked: list[str] = []
        self.documents, self.passages = inner.documents, inner.passages

    def quote(self, question: str) -> Answer:
        self.asked.append(question)
        answer = self.inner.quote(question)
        return replace(answer, **{name: change(answer) for name, change in self.changes.items()})


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_suggestion_is_answered_by_its_sentence(over_seeds: Assistant, language: Language) -> None:
    found = suggestions(over_seeds, language, 10)
    assert len(found) >= 4
    for item in found:
        assert question_language(item.question) == item.language == language
        answer = over_seeds.ask(item.question)
        assert answer.status == "answered"
        first = answer.citations[0]
        assert (first.file, first.start, first.end) == (item.file, item.start, item.end)
        assert over_seeds.document(item.file).text[item.start : item.end] == first.quote
        assert item.confidence == answer.confidence


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_first_four_are_of_as_many_kinds_as_there_are_and_of_several_articles(
    over_seeds: Assistant, language: Language
) -> None:
    found = suggestions(over_seeds, language, 4)
    kinds = {item.kind for item in found}
    assert len(found) == 4
    assert len(kinds) >= 3
    others = [each for each in _candidates(over_seeds, language, 48) if each.kind not in kinds]
    assert len(kinds) == 4 or not any(_tried(over_seeds, each, language) for each in others)
    assert len({item.file for item in found}) >= 2
    assert len({item.question for item in found}) == 4


def test_the_same_articles_give_the_same_questions(over_seeds: Assistant) -> None:
    assert suggestions(over_seeds, "ar", 6) == suggestions(over_seeds, "ar", 6)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("status", lambda answer: "uncertain"),
        ("confidence", lambda answer: 0.5),
        ("citations", lambda answer: ()),
        ("citations", lambda answer: tuple(replace(one, quote="—") for one in answer.citations)),
        ("language", lambda answer: "en"),
    ],
)
def test_what_is_not_surely_answered_is_not_offered(over_seeds: Assistant, name: str, change: Any) -> None:
    watched = Watched(over_seeds, **{name: change})
    assert suggestions(watched, "ar", 4) == []
    assert watched.asked


def test_the_work_is_bounded(over_seeds: Assistant) -> None:
    watched = Watched(over_seeds, status=lambda answer: "abstained")
    assert suggestions(watched, "ar", 1) == []
    assert 1 <= len(watched.asked) <= 2


def test_an_empty_folder_gives_none(over_seeds: Assistant) -> None:
    watched = Watched(over_seeds)
    watched.documents = list
    assert suggestions(watched, "en", 4) == []
    assert watched.asked == []
