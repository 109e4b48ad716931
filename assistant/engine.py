"""The assistant as a LlamaIndex query engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.schema import NodeWithScore, TextNode
from pydantic import PrivateAttr

if TYPE_CHECKING:
    from assistant.chat import Assistant


class QuotingQueryEngine(CustomQueryEngine):
    """Responses carry the answer's text, the cited sentences as source nodes, and the whole record as metadata."""

    _assistant: Assistant = PrivateAttr()

    def __init__(self, assistant: Assistant) -> None:
        super().__init__()
        self._assistant = assistant

    def custom_query(self, query_str: str) -> Response:
        answer = self._assistant.ask(query_str)
        nodes = [
            NodeWithScore(
                node=TextNode(
                    text=citation.quote,
                    start_char_idx=citation.start,
                    end_char_idx=citation.end,
                    metadata={"file": citation.file, "title": citation.title, "number": citation.number},
                ),
                score=answer.confidence,
            )
            for citation in answer.citations
        ]
        return Response(response=answer.text, source_nodes=nodes, metadata=answer.to_dict())
