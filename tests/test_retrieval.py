"""Searching: the engine against plain multiplication, an index that grew against a fresh one, LlamaIndex's view of both."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest
from collection import BruteStore, SmallCollection, brute_store
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from invariants import questions, said
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle, TextNode

from assistant.catalogue import LANGUAGES, StoredPassage
from assistant.chat import Assistant
from assistant.generation import Generation
from assistant.index import open_generation
from assistant.language import terms
from assistant.language.text import Language, fold
from assistant.matching import Matcher, match_question
from assistant.retrieval import EXAMINED, Hit, Searcher, to_hit, to_node
from assistant.scope import Scope
from assistant.settings import Settings
from assistant.store.base import Scored

ASKED = [
    "متى طلبت أرمينيا المساعدة من روسيا؟",
    "How many Armenian soldiers were killed?",
    "من هو المتحدث باسم الكرملين؟",
    "Which drones did Azerbaijan use?",
    "What is the population of Armenia?",
    "Who sells walrus milk?",
    "Pashinyan Putin باشينيان 2020 #49",
]
MORE = {
    "walrus.txt": "Walrus milk\n\nA farm in Norway sells walrus milk. Nobody has bought any since 2021.\n",
    "nation.md": "The population of Armenia\n\nAbout 2.8 million people live in Armenia, says the census.\n\nيعيش في أرمينيا نحو 2.8 مليون نسمة.\n",
}
SEEDS = [path.read_bytes().decode() for path in sorted((Path(__file__).parents[1] / "seeds").iterdir())]


@pytest.fixture(scope="module")
def generation(seeds_index: Path, seeds: Path, settings: Settings) -> Iterator[Generation]:
    opened = open_generation(seeds_index, seeds, settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def passages(generation: Generation) -> list[StoredPassage]:
    catalogue = generation.catalogue
    return catalogue.passages([number for file in catalogue.files() for number in catalogue.passage_ids(file)])


@pytest.fixture(scope="module")
def brute(passages: list[StoredPassage]) -> BruteStore:
    return brute_store(passages)


@pytest.fixture(scope="module")
def matchers(generation: Generation) -> dict[Language, Matcher]:
    return {language: Matcher(generation.catalogue, language) for language in LANGUAGES}


@given(question=questions(SEEDS))
@hypothesis_settings(max_examples=12, deadline=None)
def test_the_engine_multiplies_the_question_with_the_passages(
    generation: Generation, matchers: dict[Language, Matcher], brute: BruteStore, question: str
) -> None:
    for language, matcher in matchers.items():
        vector = match_question(matcher, terms.question_words(question)).vector()
        by_hand = dict(brute.search(language, vector, 1000))
        assert dict(generation.store.search(language, vector, 1000)) == pytest.approx(by_hand, rel=1e-3)
        best = [scored.score for scored in generation.store.search(language, vector, 3)]
        assert best == pytest.approx(sorted(by_hand.values(), reverse=True)[:3], rel=1e-3)


@pytest.mark.parametrize("question", ASKED)
def test_the_engine_and_a_brute_force_store_find_the_same(
    generation: Generation, brute: BruteStore, question: str
) -> None:
    ours = Searcher(generation.catalogue, generation.store).search(question, 10)
    slow = Searcher(generation.catalogue, brute).search(question, 10)
    assert [item.passage.id for item in ours] == [item.passage.id for item in slow]
    assert [item.score for item in ours] == pytest.approx([item.score for item in slow])


def ask_all(assistant: Assistant) -> list[tuple[list[tuple[object, ...]], dict[str, object]]]:
    found = []
    for question in ASKED:
        hits = [(hit.file, hit.start, hit.end, round(hit.score, 4)) for hit in assistant.search(question)]
        found.append((sorted(hits, key=lambda hit: (-float(str(hit[3])), hit)), said(assistant.ask(question))))
    return found


def test_an_index_that_grew_answers_like_a_fresh_one(tmp_path: Path, seeds: Path, settings: Settings) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    first, second, third = sorted(seeds.glob("*.txt"))[:3]
    for path in (first, second, third):
        shutil.copy(path, folder / path.name)
    (folder / "nation.md").write_text("The population of Armenia\n\nNobody has counted yet.\n", encoding="utf-8")
    with Assistant.open(folder, tmp_path / "grown", settings) as assistant:
        before = ask_all(assistant)
    (folder / first.name).unlink()
    (folder / second.name).write_bytes(second.read_bytes().replace("أرمينيا".encode(), "جورجيا".encode(), 5))
    for file, text in MORE.items():
        (folder / file).write_text(text, encoding="utf-8")
    with Assistant.open(folder, tmp_path / "grown", settings) as assistant:
        summary = assistant.summary
        assert (summary.added, summary.changed, summary.removed) == (
            ("walrus.txt",), (second.name, "nation.md"), (first.name,),
        )  # fmt: skip
        assert summary.rebuilt is None
        grown = ask_all(assistant)
    with Assistant.open(folder, tmp_path / "fresh", settings) as assistant:
        assert grown == ask_all(assistant)
    assert grown != before


@given(question=questions(SEEDS))
@hypothesis_settings(max_examples=20, deadline=None)
def test_hits_are_exact_ordered_and_as_many_as_asked_for(over_seeds: Assistant, question: str) -> None:
    if not any(character.isalnum() for character in fold(question).text) or len(question) > 2000:
        return
    hits = over_seeds.search(question, 12)
    for hit in hits:
        assert over_seeds.document(hit.file).text[hit.start : hit.end] == hit.text
        assert math.isfinite(hit.score)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({(hit.file, hit.start) for hit in hits}) == len(hits)
    assert over_seeds.search(question, 4) == hits[:4]
    assert over_seeds.search(question, 0) == []


def test_a_limit_beyond_the_collection_gives_all_that_matches(
    over_seeds: Assistant, passages: list[StoredPassage]
) -> None:
    found = over_seeds.search("أرمينيا", 1000)
    assert all(math.isfinite(hit.score) for hit in found)
    hits = {(hit.file, hit.start) for hit in found}
    assert {(p.file, p.start) for p in passages if "أرمينيا" in p.text.split()} <= hits
    assert 10 < len(hits) <= len(passages)


def test_a_hit_as_plain_values() -> None:
    hit = Hit("a.txt", 3, 9, "words!", 0.123456, "Title", dt.date(2022, 9, 13))
    told = {
        "file": "a.txt",
        "start": 3,
        "end": 9,
        "text": "words!",
        "score": 0.1235,
        "title": "Title",
        "date": "2022-09-13",
        "same_as": None,
    }
    assert json.loads(json.dumps(hit.to_dict())) == told
    assert Hit("a", 0, 1, "a", 1.0, "", None).to_dict()["date"] is None


def test_a_passage_goes_through_a_node_unchanged(passages: list[StoredPassage]) -> None:
    for passage in passages:
        node = to_node(passage)
        assert (node.text, node.start_char_idx, node.end_char_idx) == (passage.text, passage.start, passage.end)
        assert node.source_node is not None and node.source_node.node_id == passage.file
        assert json.loads(node.to_json())["text"] == passage.text
        assert passage.file not in node.get_content(MetadataMode.EMBED)
        hit = to_hit(NodeWithScore(node=node, score=0.5))
        assert hit == Hit(passage.file, passage.start, passage.end, passage.text, 0.5, passage.title, passage.date)
    assert any(passage.date for passage in passages)


@pytest.mark.parametrize("question", ASKED[:4])
def test_the_retriever_drops_into_llama_index(over_seeds: Assistant, question: str) -> None:
    nodes = over_seeds.as_retriever(limit=5).retrieve(question)
    assert len(nodes) == 5
    for found in nodes:
        assert isinstance(found, NodeWithScore) and isinstance(found.node, TextNode)
        text = over_seeds.document(found.metadata["file"]).text
        assert text[found.node.start_char_idx : found.node.end_char_idx] == found.node.text == found.get_content()
    assert [to_hit(found) for found in nodes] == over_seeds.search(question, 5)
    assert over_seeds.as_retriever(limit=5).retrieve(QueryBundle(question)) == nodes


def test_the_evidence_is_of_the_passages_retrieved(over_seeds: Assistant) -> None:
    retriever = over_seeds.as_retriever()
    hits = {hit.file for hit in over_seeds.search(ASKED[0], EXAMINED)}
    found = retriever.evidence(ASKED[0])
    assert {sentence.passage.file for sentence in found.sentences} == hits


def test_ranking_leaves_out_what_it_is_told_to(over_seeds: Assistant) -> None:
    searcher = over_seeds.searcher
    everything = searcher.rank(ASKED[0], 50)
    gone = everything[0].passage.file
    rest = searcher.rank(ASKED[0], 50, lambda passage: passage.file != gone)
    assert [(i.passage.id, i.score) for i in rest] == [
        (i.passage.id, pytest.approx(i.score)) for i in everything if i.passage.file != gone
    ]


def test_languages_are_merged_by_what_they_cover(tmp_path: Path) -> None:
    """The article that holds the words wins, in whichever language it and the question are."""
    texts = {
        "en.txt": "A farm\n\nA farm in Norway sells walrus milk.\n",
        "ar.txt": "اشتباكات\n\nطلبت أرمينيا المساعدة العسكرية من روسيا.\n",
    }
    collection = SmallCollection(tmp_path / "c", texts)
    for question, file in (
        ("Who sells milk?", "en.txt"),
        ("من يبيع الحليب؟", "en.txt"),
        ("ممن طلبت أرمينيا المساعدة؟", "ar.txt"),
        ("Whom did Armenia ask for help?", "ar.txt"),
    ):
        assert collection.searcher.search(question, 2)[0].passage.file == file


class CountingStore(BruteStore):
    """A store that counts its searches."""

    searches = 0

    def search(
        self, language: Language, vector: Mapping[int, float], limit: int, among: Collection[int] | None = None
    ) -> list[Scored]:
        self.searches += 1
        return super().search(language, vector, limit, among)


def test_what_was_asked_before_is_not_searched_for_again(generation: Generation, brute: BruteStore) -> None:
    store = CountingStore()
    store.upsert(list(brute.points.values()))
    searcher = Searcher(generation.catalogue, store)
    first = {question: (searcher.search(question, 10), searcher.evidence(question)) for question in ASKED}
    for number in range(30):  # more than have their matrices kept
        searcher.search(f"Where is village {number}?", 10)
    before = store.searches
    for question, (ranked, evidence) in first.items():
        assert [(r.passage.id, r.score) for r in searcher.search(question, 10)] == [
            (r.passage.id, r.score) for r in ranked
        ]
        assert searcher.evidence(question) is evidence
        assert len(searcher.search(question, 3)) <= 3
    assert store.searches == before
    assert searcher.search(ASKED[0], 10, Scope(files=frozenset({"none"}))) == []
    assert store.searches > before
