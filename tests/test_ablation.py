"""Every part can be left out, does its work again afterwards, and nothing computed without it is ever served with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest
from collection import SmallCollection, document

from assistant.ablation import LeftOut, cached, cached_each, leave_out, left_out
from assistant.language import glossary
from assistant.language.terms import passage_terms

TEXTS = {
    "a.txt": "زار باشينيان موسكو يوم الاثنين والتقى جنودا هناك. قال إن رئيس الوزراء يريد السلام في كاراباخ. وغادر في المساء.",
    "b.txt": "قال رئيس البلدية إن مجلس الوزراء لم يجتمع. وتحدث عن الأسعار.",
    "c.txt": "The soldiers of Karabagh left the town. Seven of them were killed. The Prime Minister spoke in Moscow.",
    "d.txt": "A minister sold prime land near the river. Nothing else was said about it.",
    "e.txt": "The river rose and the town was flooded. Soldiers helped the people of the town.",
}
DATE = dt.date(2020, 9, 27)
ALL_FILES = frozenset(name for name, _ in glossary.sources())
# What is left out, and a question that this part of the engine has a say in.
CASES = [
    (LeftOut(families=frozenset(["stem"])), "Where were the soldiers?"),
    (LeftOut(families=frozenset(["numbers", "number", "number word"])), "Were 7 killed?"),
    (LeftOut(glossaries=ALL_FILES), "Who is the prime minister?"),
    (LeftOut(thesaurus=True), "Did the deluge reach the town?"),
    (LeftOut(names=True), "Did Pashinyan travel?"),
    (LeftOut(spelling=True), "What happened in Karabaghh?"),
    (LeftOut(phrases=True), "Who is the prime minister?"),
    (LeftOut(dates=True), "Which soldiers left in September?"),
    (LeftOut(prior=True), "Where were the soldiers?"),
    (LeftOut(score=frozenset("S")), "Which soldiers left the town?"),
    (LeftOut(score=frozenset("N")), "Which soldiers left the town?"),
    (LeftOut(score=frozenset("W")), "Which soldiers left the town?"),
    (LeftOut(ranking=True), "Which soldiers left the town?"),
    (LeftOut(merging=True), "Which soldiers left the town?"),
    (LeftOut(evidence=True), "Which soldiers left the town?"),
    (LeftOut(publishing=True), "Who wrote the article about the soldiers?"),
    (LeftOut(stop_words=True), "Which soldiers left the town?"),
]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> SmallCollection:
    return collection(tmp_path_factory.mktemp("ablation") / "c.sqlite")


def collection(path: Path) -> SmallCollection:
    return SmallCollection(path, [replace(document(file, text), date=DATE) for file, text in TEXTS.items()])


def found(texts: SmallCollection, question: str) -> list[tuple[str, float]]:
    return [(item.passage.file, item.score) for item in texts.searcher.search(question, 10)]


def test_nothing_is_left_out_by_itself() -> None:
    assert left_out() == LeftOut()
    with leave_out(LeftOut(names=True)):
        assert left_out() == LeftOut(names=True)
        with leave_out(LeftOut(prior=True)):
            assert left_out() == LeftOut(prior=True)
        assert left_out() == LeftOut(names=True)
    with pytest.raises(ZeroDivisionError), leave_out(LeftOut(names=True)):
        print(1 / 0)
    assert left_out() == LeftOut()


@pytest.mark.parametrize(("parts", "question"), CASES)
def test_a_part_left_out_is_missed_and_comes_back(texts: SmallCollection, parts: LeftOut, question: str) -> None:
    whole = found(texts, question)
    with leave_out(parts):
        without = found(texts, question)
        assert without != whole
        assert found(texts, question) == without
    assert found(texts, question) == whole


@pytest.mark.parametrize(("parts", "question"), CASES)
def test_it_makes_no_difference_which_is_computed_first(tmp_path: Path, parts: LeftOut, question: str) -> None:
    texts = collection(tmp_path / "c.sqlite")
    with leave_out(parts):
        without = found(texts, question)
    whole = found(texts, question)
    again = collection(tmp_path / "again.sqlite")
    assert found(again, question) == whole
    with leave_out(parts):
        assert found(again, question) == without


def test_every_part_is_tried_here() -> None:
    tried = {field.name for parts, _ in CASES for field in fields(LeftOut) if getattr(parts, field.name)}
    assert tried == {field.name for field in fields(LeftOut)}


def test_without_stop_words_an_index_holds_all_words(tmp_path: Path) -> None:
    text = "The talks were held in Geneva."
    assert len(passage_terms(text).vector) == 3
    with leave_out(LeftOut(stop_words=True)):
        assert len(passage_terms(text).vector) == 6
        texts = SmallCollection(tmp_path / "c.sqlite", {"a.txt": text})
        assert [file for file, _ in found(texts, "the")] == ["a.txt"]
    assert found(texts, "the") == []


def test_a_cache_keeps_what_was_computed_without_a_part_apart() -> None:
    computed: list[tuple[str, int]] = []

    @cached(maxsize=8)
    def double(text: str, times: int = 2) -> str:
        computed.append((text, times))
        return text * times if not left_out().names else text

    assert (double("x"), double("x"), double("x", times=3)) == ("xx", "xx", "xxx")
    with leave_out(LeftOut(names=True)):
        assert (double("x"), double("x")) == ("x", "x")
    assert double("x") == "xx"
    assert computed == [("x", 2), ("x", 3), ("x", 2)]
    assert double.__name__ == "double"


def test_what_is_asked_for_at_once_is_computed_once_and_only_so_much_is_kept() -> None:
    computed: list[list[str]] = []

    def lengths(texts: Sequence[str]) -> list[int | None]:
        computed.append(list(texts))
        return [None if left_out().names else len(text) for text in texts]

    each = cached_each(2, lengths)
    assert each(["a", "bb", "a"]) == [1, 2, 1]
    assert each(["bb", "a"]) == [2, 1]
    with leave_out(LeftOut(names=True)):
        assert each(["a"]) == each(["a"]) == [None]  # a result may be nothing
    assert each(["a", "bb", "ccc"]) == [1, 2, 3]
    assert each([]) == []
    # What was asked for last is what is left: "bb" went when there were two others.
    assert computed == [["a", "bb"], ["a"], ["bb", "ccc"]]
    assert each(["ccc", "bb"]) == [3, 2] and len(computed) == 3
