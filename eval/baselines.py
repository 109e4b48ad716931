"""What others would use, and our own engine with one part left out, put to the same questions in the same run.

- ``llamaindex-bm25``: LlamaIndex as its quick start has it: `SentenceSplitter` with its default lengths, and what its
  `BM25Retriever` does with its default settings. The calls of the retriever are made here (English stemmer and stop
  words, ``\\w\\w+`` tokens, bm25s with its defaults): its package asks for a PyStemmer older than ours.
- ``bm25s``: the same splitter and index, each word stemmed by the Snowball stemmer of its own script, no stop words. It is
  *unbridged*: an Arabic question finds nothing in an English text but numbers and Latin names.
- ``dense``: the same splitter, each passage and question embedded by the model that the settings name, ranked by cosine and by
  nothing else. It is there when embeddings are configured; Isnad itself is then the fusion of both rankings.
- ``llamaindex-citations``: the first, with `CitationQueryEngine` and the configured model on top; see `eval.citing`.
- ``without:PART``: our engine without a part of `eval.ablate`; it answers, too.

A baseline's confidence is the score of its best passage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple, Protocol

import numpy as np

from assistant.calls import Deadline
from assistant.embedding import Embedder, batches
from assistant.meaning import embedding
from assistant.model import Model
from assistant.settings import Settings
from eval.questions import script_of

NAMES = ("llamaindex-bm25", "bm25s")
CITATIONS = "llamaindex-citations"
DENSE = "dense"
SEARCHING = (*NAMES, DENSE)
"""Those that find passages and write nothing."""
WITHOUT = "without:"
_TOKENS = r"(?u)\b\w\w+\b"


class BaselineUnknown(Exception):
    """No baseline of that name, or its library or model is missing."""


class Passage(NamedTuple):
    """A piece of a file, with its place there."""

    file: str
    start: int
    end: int
    text: str


class Scored(NamedTuple):
    """A passage found."""

    passage: Passage
    score: float


class Baseline(Protocol):
    """Finds passages; ``among`` are the only files that count, or none to count all."""

    def search(self, question: str, limit: int, among: Sequence[str] = ()) -> list[Scored]: ...


def check(name: str) -> None:
    """Raises `BaselineUnknown`, saying what there is or what to install."""
    if name.startswith(WITHOUT):
        from eval.ablate import parts

        named = [part for part in parts() if part.name == name.removeprefix(WITHOUT)]
        if not named or named[0].left_out.stop_words:
            usable = ", ".join(part.name for part in parts() if not part.left_out.stop_words)
            raise BaselineUnknown(f"{name!r} names no part that can be left out of a run; there are {usable}")
        return
    known = (*SEARCHING, CITATIONS)
    if name not in known:
        raise BaselineUnknown(f"no baseline is called {name!r}; there are {', '.join(known)} and {WITHOUT}PART")
    if name == DENSE:
        if embedding(Settings.load()) is None:
            raise BaselineUnknown(
                "dense needs embeddings; set ISNAD_EMBEDDING_MODEL and OPENAI_BASE_URL or OPENAI_API_KEY"
            )
        return
    if name == CITATIONS and Model.configured(Settings.load()) is None:
        raise BaselineUnknown(f"{name} needs a model: set OPENAI_API_KEY, or OPENAI_BASE_URL for another endpoint")
    if find_spec("bm25s") is None:
        raise BaselineUnknown(f"{name} needs the package bm25s; 'make eval' installs it, or: pip install 'bm25s>=0.2'")


def build(name: str, passages: Sequence[Passage]) -> Baseline:
    """Index what `split` made of the texts, for the baseline of that name."""
    if name == DENSE:
        return Dense(passages, Settings.load())
    if name != "bm25s":
        import Stemmer

        return Bm25(passages, "en", Stemmer.Stemmer("english"))
    return Bm25(passages, [], ByScript())


def split(texts: Mapping[str, str]) -> list[Passage]:
    """The nodes of LlamaIndex's default splitter, with their places."""
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter

    documents = [Document(text=text, doc_id=file) for file, text in texts.items()]
    passages = []
    for node in SentenceSplitter().get_nodes_from_documents(documents):
        file, start, text = str(node.ref_doc_id), getattr(node, "start_char_idx", None), node.get_content()
        passages.append(Passage(file, start or 0, (start or 0) + len(text), text))
    return passages


class ByScript:
    """Stems a word by the stemmer of its script."""

    def __init__(self) -> None:
        import Stemmer

        self._stem: dict[str | None, Callable[[str], str]] = {
            "ar": Stemmer.Stemmer("arabic").stemWord,
            "en": Stemmer.Stemmer("english").stemWord,
        }

    def __call__(self, words: Sequence[str]) -> list[str]:
        return [stem(word) if (stem := self._stem.get(script_of(word))) else word for word in words]


class Bm25:
    """bm25s with its default parameters over given passages."""

    def __init__(self, passages: Sequence[Passage], stop_words: Any, stemmer: Any) -> None:
        import bm25s

        self._passages = passages
        self._settings = {
            "stopwords": stop_words,
            "stemmer": stemmer,
            "token_pattern": _TOKENS,
            "show_progress": False,
        }
        self._tokenize = bm25s.tokenize
        self._index = bm25s.BM25()
        self._index.index(self._tokenize([p.text for p in passages], **self._settings), show_progress=False)
        self._by_file: dict[str, list[int]] = {}
        for number, passage in enumerate(passages):
            self._by_file.setdefault(passage.file, []).append(number)

    def search(self, question: str, limit: int, among: Sequence[str] = ()) -> list[Scored]:
        """The best passages that have a word of the question, best first; equal scores in the order of the passages."""
        words = self._tokenize(question, return_ids=False, **self._settings)[0]
        scores = self._index.get_scores(words) if words else [0.0] * len(self._passages)
        numbers = [n for file in among for n in self._by_file.get(file, ())] if among else range(len(self._passages))
        best = sorted((n for n in numbers if scores[n] > 0), key=lambda n: (-scores[n], n))[:limit]
        return [Scored(self._passages[number], float(scores[number])) for number in best]


class Dense:
    """The cosine of a question's vector and a passage's, nothing else."""

    def __init__(self, passages: Sequence[Passage], settings: Settings) -> None:
        made_by = embedding(settings)
        assert made_by
        self._embedder, self._settings = Embedder(made_by), settings
        self._passages = passages
        texts = [passage.text for passage in passages]
        vectors = [
            v for run in batches(list(map(len, texts)), made_by.batch) for v in self._embedder.passages(texts[run])
        ]
        self._matrix = np.array(vectors)

    def search(self, question: str, limit: int, among: Sequence[str] = ()) -> list[Scored]:
        """The nearest passages, best first; equal scores in the order of the passages."""
        asked = self._settings.embedding_query_prefix + question
        scores = self._matrix @ self._embedder.question(asked, Deadline(self._settings.embedding_seconds))
        wanted = set(among)
        numbers = [n for n, passage in enumerate(self._passages) if not wanted or passage.file in wanted]
        best = sorted(numbers, key=lambda n: (-scores[n], n))[:limit]
        return [Scored(self._passages[number], float(scores[number])) for number in best]
