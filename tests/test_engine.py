"""The assistant inside a LlamaIndex program."""

from __future__ import annotations

import asyncio

import pytest
from invariants import said
from llama_index.core.base.response.schema import Response
from llama_index.core.schema import QueryBundle, TextNode

from assistant.chat import Assistant
from assistant.errors import EmptyQuestion


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("متى طلبت أرمينيا المساعدة من روسيا؟", True),
        ("Which drones did Azerbaijan use?", True),
        ("How is goat cheese made in Peru?", False),
    ],
)
def test_a_response_is_the_answer(over_seeds: Assistant, question: str, cited: bool) -> None:
    response = over_seeds.as_query_engine().query(question)
    answer = over_seeds.ask(question)
    assert isinstance(response, Response)
    assert str(response) == response.response == answer.text
    assert {name: value for name, value in response.metadata.items() if name != "timings"} == said(answer)
    assert bool(response.source_nodes) == cited
    for found, citation in zip(response.source_nodes, answer.citations, strict=True):
        assert isinstance(found.node, TextNode)
        text = over_seeds.document(found.metadata["file"]).text
        assert text[found.node.start_char_idx : found.node.end_char_idx] == found.get_content() == citation.quote
        assert found.metadata == {"file": citation.file, "title": citation.title, "number": citation.number}
        assert found.score == answer.confidence


def test_a_query_bundle_and_an_awaited_query_give_the_same(over_seeds: Assistant) -> None:
    engine, question = over_seeds.as_query_engine(), "Which drones did Azerbaijan use?"
    assert (
        str(engine.query(QueryBundle(question)))
        == str(asyncio.run(engine.aquery(question)))
        == str(engine.query(question))
    )


def test_our_errors_come_through(over_seeds: Assistant) -> None:
    with pytest.raises(EmptyQuestion):
        over_seeds.as_query_engine().query("؟")
