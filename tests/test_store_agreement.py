"""The embedded engine and the server must say the same: of the same articles, to the same questions, in the same order.

The server is a double with the client library's own engine behind real HTTP; besides, the one at ``ISNAD_TEST_QDRANT``, if there is one.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.chat import Assistant
from assistant.language.sentences import sentences
from assistant.retrieval import Hit
from assistant.scope import Scope
from assistant.settings import Settings
from assistant.store import server as qdrant
from assistant.store.address import Server
from assistant.store.server import Connection
from tests.model_behaviours import honest
from tests.model_double import ModelDouble
from tests.qdrant_double import QdrantDouble

ROOT = Path(__file__).parents[1]
REAL = os.environ.get("ISNAD_TEST_QDRANT")
QUESTIONS = [json.loads(line)["question"] for line in (ROOT / "eval/data/seeds.jsonl").read_text("utf-8").splitlines()]
ASKED = [question[language] for question in QUESTIONS[::12] for language in ("ar", "en")]
SCOPE = Scope(outlets=frozenset({"Gulf Daily", "جريدة الخليج"}))


def write_articles(folder: Path, seeds: Path) -> None:
    """The seeds, and 160 articles in each language made of the seeds' sentences, so that much competes for each question."""
    chance = random.Random(7)
    shutil.copytree(seeds, folder)
    arabic = [
        text[span.start : span.end]
        for path in sorted(seeds.glob("*.txt"))
        for text in [path.read_text(encoding="utf-8")]
        for span in sentences(text)
    ]
    lines = (ROOT / "tests" / "seeds_in_english.tsv").read_text(encoding="utf-8").splitlines()
    english = [line.partition("\t")[2] for line in lines if not line.startswith("#")]
    for number in range(160):
        for language, pool, outlet in (("ar", arabic, "جريدة الخليج"), ("en", english, "Gulf Daily")):
            chosen = chance.sample(pool, 9)
            head = f"{chosen[0].split('.')[0][:80]} {number}\n\n"
            source = f"Source: {outlet}\n\n" if number % 3 == 0 else ""
            text = head + source + "\n\n".join(" ".join(chosen[n : n + 3]) for n in range(1, 9, 3)) + "\n"
            (folder / f"{language}-{number:03}.txt").write_text(text, encoding="utf-8")


def change(folder: Path) -> None:
    """Some articles go, some come, some say what others have said."""
    for language in ("ar", "en"):
        for number in range(0, 30, 3):
            (folder / f"{language}-{number:03}.txt").unlink()
            path = folder / f"{language}-{number + 40:03}.txt"
            path.write_text((folder / f"{language}-{number + 80:03}.txt").read_text("utf-8") + "\n\n7.\n", "utf-8")
            shutil.copy(folder / f"{language}-{number + 81:03}.txt", folder / f"{language}-new-{number}.txt")


class Pair(NamedTuple):
    folder: Path
    embedded: Assistant
    served: Assistant


@pytest.fixture(scope="module", params=["double", "server"])
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, seeds: Path, settings: Settings
) -> Iterator[Pair]:
    """The same articles in both; a real server only where the tests were given one."""
    if request.param == "server" and not REAL:
        pytest.skip("ISNAD_TEST_QDRANT names no server")
    root = tmp_path_factory.mktemp("agreement")
    write_articles(root / "articles", seeds)
    with ExitStack() as stack:
        url = REAL if request.param == "server" and REAL else stack.enter_context(QdrantDouble()).url
        there = settings.model_copy(update={"store": url})
        served = stack.enter_context(Assistant.open(root / "articles", root / "served", there))
        embedded = stack.enter_context(Assistant.open(root / "articles", root / "embedded", settings))
        yield Pair(root / "articles", embedded, served)
        connection = Connection(Server(url))
        for name in qdrant.collections(connection, f"isnad-{(root / 'served' / 'home').read_text('ascii').strip()}"):
            qdrant.drop(connection, name)
        connection.close()


def ranks(hits: list[Hit]) -> list[tuple[str, int]]:
    return [(hit.file, hit.start) for hit in hits]


def agree(pair: Pair, limit: int = 10) -> None:
    for question in ASKED:
        for scope in (Scope(), SCOPE):
            ours, theirs = (each.search(question, limit, scope) for each in (pair.embedded, pair.served))
            assert ranks(ours) == ranks(theirs), question
            assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs])
    answers = [(pair.embedded.ask(question), pair.served.ask(question)) for question in ASKED[:6]]
    assert all(ours.text == theirs.text and ours.confidence == theirs.confidence for ours, theirs in answers)


def test_questions_find_the_same_in_the_same_order(pair: Pair) -> None:
    passages = [sum(info.passages for info in each.documents()) for each in (pair.embedded, pair.served)]
    assert passages[0] == passages[1] > 320
    found = [hit.file for question in ASKED for hit in pair.served.search(question)]
    assert {"ar", "en", "00"} <= {file[:2] for file in found}
    assert pair.served.search(ASKED[0], 10, SCOPE)
    agree(pair)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_stores_score_alike(pair: Pair, language: str) -> None:
    """To half precision; and of points that score alike, those with the smaller numbers come first."""
    searchers = [each._opened._generation for each in (pair.embedded, pair.served)]
    for question in ASKED[language == "en" :: 2]:
        matcher = pair.embedded.searcher._matchers["en" if language == "en" else "ar"]
        vector = matcher.ask(tuple(pair.embedded.searcher.words(question))).vector()
        ours, theirs = (each.store.search("en" if language == "en" else "ar", vector, 400) for each in searchers)
        names = [{p.id: (p.file, p.start) for p in each.catalogue.passages([s.id for s in found])} for each, found in zip(searchers, (ours, theirs), strict=True)]  # fmt: skip
        scores = [{names[n][s.id]: s.score for s in found} for n, found in enumerate((ours, theirs))]
        assert scores[0] == pytest.approx(scores[1], rel=1e-5)
        assert theirs == sorted(theirs, key=lambda scored: (-scored.score, scored.id))


def test_after_a_change_they_still_agree(pair: Pair, tmp_path: Path) -> None:
    change(pair.folder)
    for each in (pair.embedded, pair.served):
        assert each.outdated()
        summary = each.refresh()
        assert summary.rebuilt is None
        assert (len(summary.removed), len(summary.changed), len(summary.added)) == (20, 20, 20)
    agree(pair)
    # Built at once it numbers its passages otherwise, and of two articles that are the same either may be cited.
    alone = pair.served.settings.model_copy(update={"store": None})
    with Assistant.open(pair.folder, tmp_path / "anew", alone) as anew:
        for question in ASKED:
            ours, theirs = (each.search(question, 5) for each in (anew, pair.served))
            assert [hit.text for hit in ours] == [hit.text for hit in theirs]


def test_embeddings_find_the_same(seeds: Path, tmp_path: Path, settings: Settings) -> None:
    """Vectors of an endpoint are in both, and fused with the words in the same way."""
    with ModelDouble(honest, names=["double-1"]) as model, QdrantDouble() as server:
        embeds = settings.model_copy(
            update={"openai_base_url": model.url, "embedding_model": "double-1", "model": "none"}
        )
        there = embeds.model_copy(update={"store": server.url})
        with (
            Assistant.open(seeds, tmp_path / "served", there) as served,
            Assistant.open(seeds, tmp_path / "embedded", embeds) as embedded,
        ):
            assert served.summary.embedding and served.summary.embedding == embedded.summary.embedding
            for question in ASKED[:8]:
                assert ranks(embedded.search(question)) == ranks(served.search(question))
                assert served.searcher.embed(question) is None
        before = len(server.sent)
        articles = tmp_path / "articles"
        shutil.copytree(seeds, articles)
        with Assistant.open(articles, tmp_path / "second", there):
            pass
        (articles / "new.txt").write_text("A visit\n\nThe minister visited Yerevan.\n", encoding="utf-8")
        with Assistant.open(articles, tmp_path / "second", there) as served:
            assert len(server.sent) == before + before + 1
            assert served.search("Who visited Yerevan?")[0].file == "new.txt"
