"""The baselines: LlamaIndex's splitter and retriever as they come, and BM25 with each script's own stemmer."""

from __future__ import annotations

import pytest

from eval import baselines
from eval.baselines import BaselineUnknown, ByScript, build, check, split
from tests.model_double import ModelDouble

TEXTS = {
    "ar.txt": "أعلنت الحكومة اتفاقات جديدة مع الجيران. ثم عقدت المحادثات.",
    "en.txt": "The government announced new agreements with its neighbours. Talks were held in Geneva.",
    "other.txt": "A recipe for bread: flour, water, salt. Bake it in Geneva.",
}


def files(name: str, question: str, among: tuple[str, ...] = ()) -> list[str]:
    return [found.passage.file for found in build(name, split(TEXTS)).search(question, 10, among)]


def test_passages_are_pieces_of_their_files() -> None:
    long = {"long.txt": " ".join(f"Sentence number {n} says something of its own." for n in range(900))}
    passages = split(long)
    assert len(passages) > 3
    assert all(long[p.file][p.start : p.end] == p.text for p in passages)


@pytest.mark.parametrize("name", baselines.NAMES)
def test_english_finds_english(name: str) -> None:
    assert files(name, "Which agreement was announced?")[0] == "en.txt"
    assert files(name, "recipes") == ["other.txt"]
    assert files(name, "zebra") == files(name, "؟") == []


def test_arabic_is_stemmed_by_the_one_and_not_by_the_other() -> None:
    assert files("bm25s", "ما الاتفاقات التي أعلنتها الحكومات؟") == ["ar.txt"]
    assert files("llamaindex-bm25", "الاتفاقات") == []


def test_neither_crosses_the_languages() -> None:
    for name in baselines.NAMES:
        assert "en.txt" not in files(name, "ما الاتفاقات الجديدة؟")


def test_only_the_given_files_count() -> None:
    assert set(files("bm25s", "Geneva")) == {"en.txt", "other.txt"}
    assert files("bm25s", "Geneva", ("other.txt", "ar.txt")) == ["other.txt"]


def test_scores_fall() -> None:
    scores = [found.score for found in build("bm25s", split(TEXTS)).search("Talks in Geneva", 10)]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 2


def test_a_word_is_stemmed_by_its_script() -> None:
    assert ByScript()(["الاتفاقات", "agreements", "2020"]) == ["اتفاق", "agreement", "2020"]


@pytest.mark.parametrize("name", ["elastic", "without:stop words", "without:everything"])
def test_an_unknown_baseline_says_what_there_is(name: str) -> None:
    with pytest.raises(BaselineUnknown, match=r"llamaindex-bm25|phrases"):
        check(name)


@pytest.mark.parametrize("name", [*baselines.NAMES, "without:phrases"])
def test_known_ones_pass(name: str) -> None:
    check(name)


def test_the_nearest_passages_by_an_embedding_model_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BaselineUnknown, match="ISNAD_EMBEDDING_MODEL"):
        check("dense")
    with ModelDouble(alike={"loaf": "bread"}) as double:
        monkeypatch.setenv("OPENAI_BASE_URL", double.url)
        monkeypatch.setenv("ISNAD_EMBEDDING_MODEL", "double-1")
        monkeypatch.setenv("ISNAD_EMBEDDING_QUERY_PREFIX", "query: ")
        check("dense")
        dense = build("dense", split(TEXTS))
        found = dense.search("a loaf recipe", 10)
        assert found[0].passage.file == "other.txt" and len(found) == 3
        assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
        assert [each.passage.file for each in dense.search("a loaf", 10, ("ar.txt",))] == ["ar.txt"]
        assert double.embedded[-1] == "query: a loaf" and len(double.embedded) == 3 + 2
