"""The embedding client against a real server: what is sent, what is believed of a reply, and how failing looks."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import embedding as module
from assistant.embedding import Embedder, Embedding, batches, tokens
from assistant.errors import EmbeddingFault, EmbeddingKind
from assistant.model import Deadline
from tests.model_double import EMBEDDING_FAULTS, REFUSED, ModelDouble, embedding, too_long

KEY = "sk-proj-7Yq2mZr84vLw1Xs9"
LONG = 60.0
TEXTS = ["Armenia asked Russia for help.", "طلبت أرمينيا المساعدة من روسيا.", "Bread is made of flour."]


@pytest.fixture(autouse=True)
def _brief_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build waits a minute between its tries; here they follow one another."""
    monkeypatch.setattr(module, "BUILDING_PAUSES", (0.01, 0.01))


@pytest.fixture
def double() -> Iterator[ModelDouble]:
    with ModelDouble() as started:
        yield started


def embedder(double: ModelDouble, **given: object) -> Embedder:
    return Embedder(Embedding(**({"model": "double-1", "url": double.url} | given)))  # type: ignore[arg-type]


def test_vectors_are_those_of_the_texts_in_their_order(double: ModelDouble) -> None:
    vectors = embedder(double).passages(TEXTS)
    assert [vector.shape for vector in vectors] == [(64,)] * 3
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert vector == pytest.approx(embedding(text), abs=1e-6)
    (request,) = double.embeddings
    assert request.body["model"] == "double-1" and request.body["input"] == TEXTS
    assert "dimensions" not in request.body
    assert "authorization" not in request.headers


def test_a_key_dimensions_and_prefixes_are_sent(double: ModelDouble) -> None:
    double.key = KEY
    with_prefix = embedder(double, key=KEY, dimensions=16, passage_prefix="passage: ")
    assert len(with_prefix.passages(["One."])[0]) == 16
    assert len(with_prefix.question("query: one?", Deadline(LONG))) == 16
    assert double.embedded == ["passage: One.", "query: one?"]
    assert {request.headers["authorization"] for request in double.embeddings} == {f"Bearer {KEY}"}
    assert KEY not in repr(with_prefix) + repr(Embedding("m", key=KEY)) + str(vars(with_prefix))
    assert KEY not in str(vars(with_prefix._endpoint))


def test_a_reply_in_another_order_is_put_right(double: ModelDouble) -> None:
    double.embedding_fault = "shuffled"
    for text, vector in zip(TEXTS, embedder(double).passages(TEXTS), strict=True):
        assert vector == pytest.approx(embedding(text), abs=1e-6)


def test_vectors_have_unit_length(double: ModelDouble) -> None:
    double.embedding_fault = "longer"
    for vector in embedder(double).passages(TEXTS):
        assert vector.shape == (65,)
        assert float(np.linalg.norm(vector)) == pytest.approx(1)


EXPECTED: dict[str, tuple[EmbeddingKind, int]] = {
    **{name: ("garbled", 1) for name in EMBEDDING_FAULTS if name not in ("shuffled", "longer")},
    "key refused": ("key", 1),
    "no model": ("model", 1),
    "quota": ("limited", 1),
    "brief rate limit": ("limited", 3),
    "server error": ("server", 3),
    "overloaded": ("server", 3),
    "reset": ("unreachable", 3),
    REFUSED: ("unreachable", 0),
    "web page": ("garbled", 1),
    "json page": ("garbled", 1),
    "no such page": ("garbled", 1),
    "redirect loop": ("garbled", 1),
    "packed": ("garbled", 1),
    "hang": ("late", 1),
    "trickling headers": ("late", 1),
    "rate limit": ("limited", 1),  # it asks for two minutes, which a question does not have
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_failing_endpoint_is_told_by_its_kind_in_time(name: str) -> None:
    kind, requests = EXPECTED[name]
    with ModelDouble(fault=REFUSED if name == REFUSED else None, embedding_fault=name) as double:
        started = time.monotonic()
        asked = embedder(double, key=KEY)
        deadline = Deadline(1.0 if kind == "late" else 20.0)
        with pytest.raises(EmbeddingFault) as caught:
            asked._embedded(["Who?", "When?"], deadline, (0.01, 0.01))
        assert caught.value.kind == kind
        assert caught.value.__context__ is None and caught.value.__cause__ is None
        assert KEY not in str(caught.value) + caught.value.say("ar")
        assert len(double.embeddings) == requests
        assert time.monotonic() - started < (10 if kind == "late" else 25)  # far less than the faults last


def test_a_build_tries_again_and_goes_on(double: ModelDouble) -> None:
    def struck(exchange: object) -> None:
        double.embedding_fault = None
        exchange.error(503, "Loading the model.", {"Retry-After": "0.05"})  # type: ignore[attr-defined]

    double.embedding_fault = struck
    assert len(embedder(double).passages(TEXTS)) == 3
    assert len(double.embeddings) == 2


def test_what_is_too_long_is_embedded_by_its_beginning(double: ModelDouble) -> None:
    long = "word " * 100
    double.embedding_fault = too_long(200)
    vectors = embedder(double, passage_prefix="passage: ").passages(["Short.", long, "Brief."])
    assert len(vectors) == 3
    assert vectors[0] == pytest.approx(embedding("passage: Short."), abs=1e-6)
    taken = [text for text in double.embedded if text.startswith("passage: word") and len(text) <= 200]
    assert taken and len(taken[-1]) > 100 and long.startswith(taken[-1].removeprefix("passage: "))
    longest = max(double.embedded, key=len)
    embedder(double).passages(["x" * 150])
    double.embedding_fault = None
    embedder(double).passages(["y" * 50_000])
    assert len(longest) < 1000 and len(double.embedded[-1]) == 8000


def test_what_is_refused_at_any_length_ends(double: ModelDouble) -> None:
    double.embedding_fault = "bad request"
    with pytest.raises(EmbeddingFault) as caught:
        embedder(double).passages(["word " * 50] * 8)
    assert caught.value.kind == "refused"
    assert len(double.embeddings) < 12


def test_a_question_past_its_deadline_is_not_sent(double: ModelDouble) -> None:
    with pytest.raises(EmbeddingFault) as caught:
        embedder(double).question("Who?", Deadline(0))
    assert caught.value.kind == "late" and double.requests == []


@given(st.lists(st.integers(1, 30_000), max_size=60), st.integers(1, 20))
def test_batches_hold_every_text_once_and_not_too_much(lengths: list[int], most: int) -> None:
    runs = list(batches(lengths, most))
    assert list(itertools.chain.from_iterable(lengths[run] for run in runs)) == lengths
    for run in runs:
        sent = [min(length, 8000) for length in lengths[run]]
        assert 1 <= len(sent) <= most
        assert sum(sent) <= 100_000
    # None is sent apart that would have gone with the one before it.
    for one, next_one in itertools.pairwise(runs):
        together = sum(min(length, 8000) for length in lengths[one.start : next_one.start + 1])
        assert one.stop - one.start == most or together > 100_000


def test_vectors_are_kept_under_all_that_decides_them() -> None:
    base = Embedding("m", "http://a/v1", "key", None, "", 64)
    same = Embedding("m", "http://b/v1", "other", None, "", 8)
    assert base.digest("x") == same.digest("x") and len(base.digest("x")) == 16
    others = [
        Embedding("n"),
        Embedding("m", dimensions=8),
        Embedding("m", passage_prefix="p"),
        Embedding("m", passage_prefix="p "),
    ]
    assert len({base.digest("x"), base.digest("y"), *(other.digest("x") for other in others)}) == 6


def test_tokens_are_estimated_by_the_script() -> None:
    assert tokens("word" * 100, "en") == 100
    assert tokens("كلمة" * 100, "ar") == 200
    assert math.isclose(tokens("x" * 10**6, "en"), 2000)  # what is cut off is not paid for
