"""Vectors of questions: asked for once, in time, and not again and again of an endpoint that is away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.errors import EmbeddingFault
from assistant.meaning import REST_SECONDS, Meanings, embedding
from assistant.model import Deadline
from assistant.settings import Settings
from tests.model_double import ModelDouble
from tests.model_double import embedding as vector_of


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def double() -> Iterator[ModelDouble]:
    with ModelDouble() as started:
        yield started


def settings_at(double: ModelDouble, **given: object) -> Settings:
    return Settings(_env_file=None, openai_base_url=double.url, embedding_model="double-1", **given)


def kind(found: object) -> str:
    assert isinstance(found, EmbeddingFault)
    return found.kind


def test_a_question_is_embedded_once(double: ModelDouble) -> None:
    meanings = Meanings(settings_at(double, embedding_query_prefix="query: "), 64)
    first = meanings.of("who asked?")
    assert first == pytest.approx(vector_of("query: who asked?"), abs=1e-6)
    assert meanings.of("who asked?") is first
    assert meanings.of("when?") != first
    assert double.embedded == ["query: who asked?", "query: when?"]


def test_only_so_many_are_remembered(double: ModelDouble) -> None:
    meanings = Meanings(settings_at(double), 64)
    meanings._vectors.update({f"question {number}": (1.0,) for number in range(300)})
    meanings.of("one more")
    assert len(meanings._vectors) == 256
    assert "one more" in meanings._vectors and "question 0" not in meanings._vectors


def test_an_endpoint_that_failed_rests(double: ModelDouble) -> None:
    clock = Clock()
    meanings = Meanings(settings_at(double), 64, clock)
    known = meanings.of("known")
    double.embedding_fault = "bad request"
    assert kind(meanings.of("one")) == "refused"
    clock.now += REST_SECONDS - 1
    assert kind(meanings.of("two")) == "refused"
    assert double.embedded == ["known", "one"]
    assert meanings.of("known") is known  # what is known needs no endpoint
    double.embedding_fault = None
    clock.now += 2
    assert isinstance(meanings.of("three"), tuple)
    assert isinstance(meanings.of("one"), tuple)


def test_vectors_of_another_length_are_no_use(double: ModelDouble) -> None:
    assert kind(Meanings(settings_at(double), 65).of("who?")) == "dimensions"


def test_an_index_without_vectors_asks_nobody(double: ModelDouble) -> None:
    meanings = Meanings(settings_at(double), None)
    assert kind(meanings.of("who?")) == "unindexed"
    assert double.requests == []


@pytest.mark.parametrize(("seconds", "left"), [(0.5, None), (60.0, 0.5)])
def test_a_question_waits_for_the_shorter_of_two_limits(
    double: ModelDouble, seconds: float, left: float | None
) -> None:
    double.embedding_fault = "hang"
    meanings = Meanings(settings_at(double, embedding_seconds=seconds), 64)
    assert kind(meanings.of("who?", Deadline(left) if left else None)) == "late"


def test_what_embeds_is_what_is_set() -> None:
    assert embedding(Settings(_env_file=None)) is None
    given = Settings(
        _env_file=None, openai_api_key="sk-proj-0123456789", embedding_model="m", embedding_dimensions=256,
        embedding_passage_prefix="passage: ", embedding_batch=8,
    )  # fmt: skip
    made = embedding(given)
    assert made is not None
    assert (made.model, made.url, made.dimensions, made.passage_prefix, made.batch) == ("m", None, 256, "passage: ", 8)
    assert made.key == "sk-proj-0123456789"
