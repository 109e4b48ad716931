"""The baseline ``llamaindex-citations``: LlamaIndex's `CitationQueryEngine` with its default prompts over what its `BM25Retriever`
finds, written by the configured model.

It is given the best three passages, as in the example of its documentation, and numbers its sources itself; what ``[n]``
names is a whole source. An answer that cites no source counts as abstaining: its prompt asks for a citation wherever a source
helps, and has no other word for silence. Its confidence is the score of the best passage.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence

from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.settings import Settings
from eval.baselines import Baseline, Scored
from eval.endpoint import EndpointLLM
from eval.questions import Language, Question, script_of
from eval.records import Asked, Place

SOURCES = 3
_MARK = re.compile(r"\[(\d+)\]")
_HEAD = re.compile(r"Source \d+:\n")


class Citing:
    """Answers from texts by file name; ``index`` finds their passages."""

    def __init__(self, texts: Mapping[str, str], index: Baseline, settings: Settings) -> None:
        self._texts, self._index, self._llm = texts, index, EndpointLLM(settings)

    def search(self, question: str, limit: int, among: Sequence[str] = ()) -> list[Scored]:
        """As the index finds them."""
        return self._index.search(question, limit, among)

    def ask(self, question: Question, language: Language, limit: int, among: Sequence[str] = ()) -> Asked:
        """The row of one question.

        Raises:
            ModelFault: the model did not answer.
        """
        words = question.text[language]
        begin, meter = time.perf_counter(), self._llm.metered()
        found = self.search(words, limit, among)
        engine = CitationQueryEngine(_Given(found[:SOURCES]), llm=self._llm)
        response = engine.query(words)
        took = (time.perf_counter() - begin) * 1000
        text = str(response) if found else ""
        sources = [self._place(node) for node in response.source_nodes]
        numbers = list(dict.fromkeys(int(number) for number in _MARK.findall(text)))
        cited = tuple(sources[n - 1] for n in numbers if 1 <= n <= len(sources))
        return Asked(
            question=question,
            language=language,
            status="answered" if cited else "abstained",
            confidence=found[0].score if found else 0.0,
            text=text,
            hits=tuple(Place(*item.passage) for item in found),
            quotes=cited,
            citations=len(numbers),
            invalid=tuple(Place("", 0, 0, f"[{n}]") for n in numbers if not 1 <= n <= len(sources)),
            language_match=script_of(_MARK.sub("", text)) in (language, None),
            milliseconds=took,
            written=True,
            usage=meter.usage,
        )

    def _place(self, node: NodeWithScore) -> Place:
        """Where a source stands: it is a piece of a passage behind a heading, and its own offsets are not told."""
        text = _HEAD.sub("", node.node.get_content(), count=1).strip()
        file, start = node.node.metadata["file"], node.node.metadata["start"]
        found = self._texts[file].find(text, start)
        first = start if found < 0 else found
        return Place(file, first, first + len(text), text)


class _Given(BaseRetriever):
    """What was found already."""

    def __init__(self, found: Sequence[Scored]) -> None:
        super().__init__()
        self._found = found

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(
                node=TextNode(
                    text=item.passage.text, metadata={"file": item.passage.file, "start": item.passage.start}
                ),
                score=item.score,
            )
            for item in self._found
        ]
