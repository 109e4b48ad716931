"""An index with embeddings: what is sent once and never again, what a failing endpoint costs, and how searching uses it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from collection import SmallCollection

from assistant import generation
from assistant.builder import Progress
from assistant.chat import Assistant
from assistant.errors import NotAgreed, NotEmbedded
from assistant.generation import Generation
from assistant.index import Plan, dimensions, open_generation, open_synced, sync
from assistant.settings import Settings
from assistant.vectors import FILE
from tests.model_behaviours import honest
from tests.model_double import REFUSED, ModelDouble

ROOT = Path(__file__).parents[1]
TEXTS = {
    "one.txt": "Drones over the border\n\nThe army used new drones in September 2022. Nobody claimed them.\n",
    "two.txt": "طلب المساعدة\n\nطلبت أرمينيا المساعدة من روسيا يوم الثلاثاء. قال المتحدث إن الوضع خطير.\n",
    "three.txt": "A visit\n\nThe minister visited Yerevan on Monday.\n",
    "four.txt": "A harvest\n\nThe blimset was heavy in the valley this year.\n",
}
ALIKE = {"quorble": "blimset", "quorbles": "blimset"}
"""Words that no dictionary knows: only the embeddings see that they mean the same."""


def put(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    put(tmp_path / "articles", TEXTS)
    return tmp_path / "articles"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def double() -> Iterator[ModelDouble]:
    with ModelDouble(honest, names=["double-1"], alike=ALIKE) as started:
        yield started


@pytest.fixture
def plain() -> Settings:
    return Settings(_env_file=None, reserve_mb=1, model="none")


@pytest.fixture
def embedding(plain: Settings, double: ModelDouble) -> Settings:
    return settings_at(plain, double)


def settings_at(plain: Settings, double: ModelDouble, **given: Any) -> Settings:
    return plain.model_copy(
        update={"openai_base_url": double.url, "embedding_model": "double-1", "embedding_batch": 2, **given}
    )


def opened(articles: Path, index: Path, settings: Settings) -> Generation:
    return open_generation(index, articles, settings)


# ------------------------------------------------ without


def test_without_a_model_nothing_is_asked_and_nothing_is_different(
    articles: Path, tmp_path: Path, plain: Settings, double: ModelDouble
) -> None:
    """The signature, the files of the index, and what they say, are those of an index that knows of no embeddings."""
    with_address = plain.model_copy(update={"openai_base_url": double.url, "embedding_model": None})
    switched_off = with_address.model_copy(update={"embedding_model": "none", "embedding_passage_prefix": "passage: "})
    found = []
    for number, settings in enumerate((plain, with_address, switched_off)):
        place = tmp_path / f"index-{number}"
        with Assistant.open(articles, place, settings) as assistant:
            hits = [hit.to_dict() for hit in assistant.search("Which quorbles were heavy?")]
            assert assistant.summary.embedding is None and assistant.quote("Which drones?").notice is None
        (folder,) = (place / generation.GENERATIONS).iterdir()
        manifest = json.loads((folder / generation.MANIFEST).read_bytes())
        assert sorted(path.name for path in place.iterdir()) == ["CURRENT", "generations", "lock"]
        assert "embedding" not in manifest
        names = {Path(name).parts[0] for name in manifest["files"]}
        assert not any("dense" in name for name in manifest["files"])
        assert "-" not in manifest["signature"]
        found.append((manifest["signature"], names, hits))
    assert found[0] == found[1] == found[2]
    assert double.requests == []


# ------------------------------------------------ building


@pytest.mark.apart
def test_every_passage_is_embedded_once_in_batches(
    articles: Path, index: Path, embedding: Settings, double: ModelDouble
) -> None:
    seen: list[Progress] = []
    plans: list[Plan] = []

    def consent(plan: Plan) -> bool:
        plans.append(plan)
        assert double.requests == []  # nothing is sent before it is agreed to
        return True

    with_prefix = embedding.model_copy(update={"embedding_passage_prefix": "passage: "})
    summary = sync(articles, index, with_prefix, seen.append, consent)
    assert (summary.passages, summary.embedding) == (4, "double-1, 64 dimensions")
    assert [len(request.body["input"]) for request in double.embeddings] == [2, 2]
    assert all(text.startswith("passage: ") for text in double.embedded)
    assert len(set(double.embedded)) == 4
    (plan,) = plans
    assert (plan.passages, plan.requests, plan.kept, plan.model) == (4, 2, 0, "double-1")
    assert plan.place == f"127.0.0.1:{double.port}"
    assert 40 < plan.tokens < 200
    assert next((step.done, step.total) for step in seen if step.stage == "embed") == (0, 4)
    with_it = opened(articles, index, with_prefix)
    assert with_it.manifest.embedding == generation.Embedded("double-1", 64)
    assert dimensions(with_it, with_prefix) == 64
    generation.verify(with_it.path, with_it.manifest)
    with_it.close()
    # What is not changed is not even looked at.
    sync(articles, index, with_prefix)
    assert len(double.embeddings) == 2


def test_an_article_is_embedded_under_its_title(
    tmp_path: Path, index: Path, plain: Settings, double: ModelDouble
) -> None:
    words = " ".join(f"Sentence {number} of the long report says nothing new." for number in range(60))
    put(tmp_path / "articles", {"long.txt": f"The annual report\n\n{words}\n"})
    sync(tmp_path / "articles", index, settings_at(plain, double))
    assert len(double.embedded) > 2
    assert all(text.count("The annual report") == 1 for text in double.embedded)


def test_only_what_is_new_is_paid_for(articles: Path, index: Path, embedding: Settings, double: ModelDouble) -> None:
    sync(articles, index, embedding)
    double.requests.clear()
    put(articles, {"five.txt": "Rain\n\nIt rained in Gyumri.\n", "copy.txt": TEXTS["three.txt"]})
    (articles / "one.txt").rename(articles / "renamed.txt")
    plans: list[Plan] = []
    sync(articles, index, embedding, consent=lambda plan: plans.append(plan) is None)
    (text,) = double.embedded
    assert "It rained in Gyumri." in text
    assert [(plan.passages, plan.kept) for plan in plans] == [(1, 4)]
    with opened_searcher(articles, index, embedding) as assistant:
        assert {hit.file for hit in assistant.search("the visit to Yerevan")} >= {"three.txt", "copy.txt"}
    double.requests.clear()
    (articles / "five.txt").unlink()
    (articles / "copy.txt").unlink()
    sync(articles, index, embedding)
    assert double.requests == []


def opened_searcher(articles: Path, index: Path, settings: Settings) -> Assistant:
    return Assistant.open(articles, index, settings)


def test_switching_on_and_off_reads_no_article_anew(
    articles: Path, index: Path, plain: Settings, embedding: Settings, double: ModelDouble
) -> None:
    sync(articles, index, plain)
    steps: list[Progress] = []
    summary = sync(articles, index, embedding, steps.append)
    assert (summary.unchanged, summary.rebuilt, summary.embedding) == (4, None, "double-1, 64 dimensions")
    assert {step.stage for step in steps} == {"copy", "write", "embed", "done"}
    assert sync(articles, index, plain).embedding is None
    asked = len(double.embeddings)
    assert sync(articles, index, embedding).embedding == "double-1, 64 dimensions"
    assert len(double.embeddings) == asked  # they were kept
    other = embedding.model_copy(update={"embedding_dimensions": 16})
    assert sync(articles, index, other).embedding == "double-1, 16 dimensions"
    assert len(double.embeddings) == 2 * asked


FAULTS = {"key refused": "key", "one too few": "garbled", "not a number": "garbled", "no model": "model"}


@pytest.mark.parametrize(
    "fault",
    ["key refused", *(pytest.param(n, marks=pytest.mark.slow) for n in ("one too few", "not a number", "no model"))],
)
@pytest.mark.apart
def test_a_failing_endpoint_never_costs_the_index(
    articles: Path, index: Path, plain: Settings, embedding: Settings, double: ModelDouble, fault: str
) -> None:
    sync(articles, index, plain)
    before = generation.current(index)
    double.embedding_fault = fault
    with pytest.raises(NotEmbedded) as caught:
        sync(articles, index, embedding)
    assert caught.value.kind == FAULTS[fault]
    assert generation.current(index) == before
    assert os.listdir(index / generation.GENERATIONS) == ["000001"]
    with Assistant.open(articles, index, embedding) as assistant:
        assert isinstance(assistant.summary.behind, NotEmbedded)
        assert str(assistant.summary.behind).count("\n") == 0
        answer = assistant.quote("Which drones did the army use?")
        assert answer.citations[0].file == "one.txt"
        assert answer.notice == (
            "The search went without embeddings. The index holds no vectors of this model yet. "
            "Run 'isnad index', which says what is in the way."
        )
        # It is tried again, and then they are there.
        assert assistant.outdated()
        double.embedding_fault = None
        assert assistant.refresh().embedding == "double-1, 64 dimensions"
        assert not assistant.outdated()
        assert assistant.quote("Which drones did the army use?").notice is None


def test_a_first_index_is_built_without_vectors_where_there_are_none(
    articles: Path, index: Path, embedding: Settings, double: ModelDouble
) -> None:
    double.embedding_fault = "key refused"
    with Assistant.open(articles, index, embedding) as assistant:
        assert isinstance(assistant.summary.behind, NotEmbedded)
        answer = assistant.quote("Which drones did the army use?")
        assert answer.citations[0].file == "one.txt"
        assert answer.notice and "without embeddings" in answer.notice
        double.embedding_fault = None
        assert assistant.refresh().embedding == "double-1, 64 dimensions"


@pytest.mark.slow
def test_an_endpoint_that_never_answers_is_given_up_soon(
    articles: Path, index: Path, plain: Settings, double: ModelDouble
) -> None:
    """Three tries, as for an answer; the patience of a build is for one that has answered before."""
    double.embedding_fault = "server error"
    with pytest.raises(NotEmbedded):
        sync(articles, index, settings_at(plain, double, embedding_batch=64))
    assert len(double.embeddings) == 3


def goes_on(articles: Path, index: Path, embedding: Settings, double: ModelDouble) -> None:
    """The next build asks for what is missing, and for nothing twice."""
    first = set(double.embeddings[0].body["input"])
    double.requests.clear()
    double.embedding_fault = None
    sync(articles, index, embedding)
    assert len(double.embedded) == 2 and not first & set(double.embedded)


@pytest.mark.slow
def test_what_was_paid_for_stays_when_the_rest_fails(
    articles: Path, index: Path, embedding: Settings, double: ModelDouble
) -> None:
    double.embedding_fault, double.spared = "key refused", 1
    with pytest.raises(NotEmbedded):
        sync(articles, index, embedding)
    goes_on(articles, index, embedding, double)


def test_a_build_that_is_killed_goes_on_where_it_was(
    articles: Path, index: Path, embedding: Settings, double: ModelDouble
) -> None:
    """The parent is killed while the second batch is on its way."""
    double.embedding_fault, double.spared = "hang", 1
    code = (
        "import sys; from pathlib import Path; from assistant.index import sync; from assistant.settings import Settings\n"
        "sync(Path(sys.argv[1]), Path(sys.argv[2]), Settings(_env_file=None, reserve_mb=1, openai_base_url=sys.argv[3],"
        " embedding_model='double-1', embedding_batch=2))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(articles), str(index), double.url],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    patience = time.monotonic() + 60
    while len(double.embeddings) < 2 and time.monotonic() < patience:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    assert len(double.embeddings) == 2
    goes_on(articles, index, embedding, double)


def test_another_model_behind_the_name_is_noticed(
    articles: Path, index: Path, embedding: Settings, double: ModelDouble
) -> None:
    sync(articles, index, embedding)
    before = generation.current(index)
    double.dimensions = 32
    put(articles, {"five.txt": "Rain\n\nIt rained in Gyumri.\n"})
    with pytest.raises(NotEmbedded, match=FILE) as caught:
        sync(articles, index, embedding)
    assert caught.value.kind == "dimensions"
    assert generation.current(index) == before
    (index / FILE).unlink()
    assert sync(articles, index, embedding).embedding == "double-1, 32 dimensions"


def test_lost_and_damaged_vectors_are_made_again(
    articles: Path, index: Path, embedding: Settings, double: ModelDouble
) -> None:
    sync(articles, index, embedding)
    double.requests.clear()
    with sqlite3.connect(index / FILE) as connection:
        connection.execute("UPDATE vectors SET vector = x'00' WHERE digest = (SELECT min(digest) FROM vectors)")
    connection.close()
    put(articles, {"five.txt": "Rain\n\nIt rained in Gyumri.\n"})
    sync(articles, index, embedding)
    assert len(double.embedded) == 2
    (index / FILE).write_bytes(b"nothing of a database" * 300)
    put(articles, {"six.txt": "Snow\n\nIt snowed in Gyumri.\n"})
    double.requests.clear()
    sync(articles, index, embedding)
    assert len(double.embedded) == 6


# ------------------------------------------------ agreeing


@pytest.mark.apart
def test_much_is_embedded_only_when_somebody_agrees(
    articles: Path, index: Path, plain: Settings, embedding: Settings, double: ModelDouble
) -> None:
    sync(articles, index, plain)
    before = generation.current(index)
    dear = embedding.model_copy(update={"embedding_free_tokens": 20})
    refusals: list[Callable[[Plan], bool] | None] = [None, lambda _: False]
    for consent in refusals:
        with pytest.raises(NotAgreed, match="isnad index --yes") as caught:
            sync(articles, index, dear, consent=consent)
        assert caught.value.facts["passages"] == 4
    generation_found, summary = open_synced(articles, index, dear)
    generation_found.close()
    assert isinstance(summary.behind, NotAgreed)
    assert (generation.current(index), double.requests) == (before, [])
    assert sync(articles, index, dear, consent=lambda _: True).embedding


# ------------------------------------------------ searching


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, ModelDouble]]:
    """Articles, their index with embeddings, and the endpoint; the tests that change something copy the index."""
    root = tmp_path_factory.mktemp("embedded")
    put(root / "articles", TEXTS)
    with ModelDouble(honest, names=["double-1"], alike=ALIKE) as double:
        settings = settings_at(Settings(_env_file=None, reserve_mb=1, model="none"), double)
        sync(root / "articles", root / "index", settings)
        yield root / "articles", root / "index", double


@pytest.fixture
def hybrid(built: tuple[Path, Path, ModelDouble], plain: Settings) -> Iterator[tuple[Assistant, ModelDouble]]:
    articles, index, double = built
    double.requests.clear()
    double.embedding_fault = None
    settings = settings_at(plain, double, embedding_query_prefix="query: ")
    with Assistant.open(articles, index, settings) as assistant:
        assert assistant.summary.behind is None
        yield assistant, double


def test_what_has_no_word_in_common_is_found_by_its_meaning(
    built: tuple[Path, Path, ModelDouble], hybrid: tuple[Assistant, ModelDouble], plain: Settings, tmp_path: Path
) -> None:
    assistant, double = hybrid
    hits = assistant.search("quorbles", 3)
    assert hits[0].file == "four.txt"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert double.embedded == ["query: quorbles"]
    assistant.search("quorbles", 2)
    assert len(double.embeddings) == 1
    with Assistant.open(built[0], tmp_path / "plain", plain) as sparse:
        assert "four.txt" not in [hit.file for hit in sparse.search("quorbles", 3)]


def test_what_words_find_is_still_found_and_quoted(hybrid: tuple[Assistant, ModelDouble]) -> None:
    assistant, _ = hybrid
    for question in ("Which drones did the army use?", "متى طلبت أرمينيا المساعدة؟", "Who visited Yerevan?"):
        answer = assistant.ask(question)
        assert answer.citations and answer.notice is None
        for citation in answer.citations:
            assert assistant.document(citation.file).text[citation.start : citation.end] == citation.quote
        assert assistant.search(question, 1)[0].file == answer.citations[0].file


def test_nothing_in_common_with_the_question_is_no_error(hybrid: tuple[Assistant, ModelDouble]) -> None:
    assistant, _ = hybrid
    for question in ("who is it?", "?1", "zzz qqq", "من هو؟", "quorbles"):
        answer = assistant.ask(question)
        assert 0 <= answer.confidence <= 1
        assert answer.status in ("answered", "uncertain", "abstained")


def test_a_scope_holds_for_the_nearest_too(hybrid: tuple[Assistant, ModelDouble]) -> None:
    from assistant.scope import Scope

    assistant, _ = hybrid
    only = Scope(frozenset({"one.txt", "two.txt"}))
    assert {hit.file for hit in assistant.search("quorbles in the valley", 5, only)} <= {"one.txt", "two.txt"}
    assert assistant.search("quorbles", 5, Scope(frozenset({"nothing.txt"}))) == []


NOTICES = {
    "en": ("Which drones did the army use?", "The search went without embeddings. The embedding endpoint"),
    "ar": ("متى طلبت أرمينيا المساعدة؟", "جرى البحث من دون تضمين. "),
}


@pytest.mark.parametrize(
    ("fault", "language"),
    [("key refused", "ar"), ("key refused", "en"), ("server error", "en"), ("hang", "ar"), ("longer", "en")],
)
def test_without_the_endpoint_words_alone_answer_and_say_so(
    built: tuple[Path, Path, ModelDouble], plain: Settings, tmp_path: Path, fault: str, language: str
) -> None:
    articles, index, double = built
    question, notice = NOTICES[language]
    double.embedding_fault = fault
    double.requests.clear()
    settings = settings_at(plain, double, embedding_seconds=0.5)
    with (
        Assistant.open(articles, index, settings) as assistant,
        Assistant.open(articles, tmp_path / "plain", plain) as sparse,
    ):
        answer, without = assistant.ask(question), sparse.ask(question)
        assert answer.notice and (answer.notice.startswith(notice) or fault == "longer")
        assert answer.to_dict() | {"timings": 0, "notice": 0} == without.to_dict() | {"timings": 0, "notice": 0}
        asked = len(double.embeddings)
        assistant.ask(question)
        assert len(double.embeddings) == asked  # it is given a rest
    double.embedding_fault = None


def test_the_nearest_come_with_one_request_for_a_question_that_a_model_answers(
    built: tuple[Path, Path, ModelDouble], plain: Settings
) -> None:
    articles, index, double = built
    double.requests.clear()
    with Assistant.open(articles, index, settings_at(plain, double, model="double-1")) as assistant:
        answer = assistant.ask("Which drones did the army use?")
    assert answer.answered_by == "model" and answer.notice is None
    assert len(double.embeddings) == 1


def test_a_model_and_embeddings_that_are_both_away_are_both_told(
    built: tuple[Path, Path, ModelDouble], plain: Settings
) -> None:
    articles, index, _ = built
    with ModelDouble(fault=REFUSED) as away:
        settings = settings_at(plain, away, model="double-1", answer_seconds=10)
        with Assistant.open(articles, index, settings) as assistant:
            answer = assistant.ask("Which drones did the army use?")
    assert answer.notice and answer.citations[0].file == "one.txt"
    assert answer.notice.startswith("The model endpoint cannot be reached.")
    assert "The search went without embeddings. The embedding endpoint cannot be reached." in answer.notice


def test_searching_by_words_is_untouched(tmp_path: Path) -> None:
    """A searcher without meanings never asks its store for the nearest."""
    collection = SmallCollection(tmp_path / "catalogue.sqlite", TEXTS)
    assert not hasattr(collection.store, "near")
    assert collection.searcher.search("drones of the army", 3)
    assert collection.searcher.embed("drones") is None
