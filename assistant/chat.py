"""`Assistant`: a folder of articles that can be asked.

The path of a question: `Assistant.ask` → `retrieval` (passages, and the evidence in them) → `quotes` (the
draft) → `citations` (the record).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant import corpus as corpora
from assistant import evidence, quotes, retrieval
from assistant.catalogue import DocumentInfo, StoredPassage
from assistant.citations import Answer
from assistant.corpus import Document, Skipped
from assistant.errors import CorpusEmpty, EmptyQuestion, FileRefused, QuestionTooLong
from assistant.generation import Generation
from assistant.index import Progress, Summary, open_synced
from assistant.language.questions import question_language
from assistant.language.text import fold, well_formed
from assistant.retrieval import Hit, PassageRetriever, Searcher
from assistant.settings import Settings


class Assistant:
    """An opened index over a folder. Use it as a context manager, or `close` it. Safe to share between threads."""

    def __init__(self, generation: Generation, summary: Summary, settings: Settings) -> None:
        self.settings = settings
        self.summary = summary
        self.indexed_at = generation.created
        self._generation = generation
        self._catalogue = generation.catalogue
        self._searcher = Searcher(generation.catalogue, generation.store)
        self._recorded = generation.catalogue.recorded()
        shipped = evidence.shipped_bands()
        self._bands = quotes.Bands(
            shipped[0] if settings.answer_threshold is None else settings.answer_threshold,
            shipped[1] if settings.uncertain_threshold is None else settings.uncertain_threshold,
        )

    @classmethod
    def open(
        cls,
        corpus: str | Path | None = None,
        index: str | Path | None = None,
        settings: Settings | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Assistant:
        """Bring the index up to date with the folder and open it.

        Raises:
            BadSetting, CorpusNotFound: nothing can be opened like this.
            IndexFault: the index could not be built and there is no earlier one.
        """
        given = {"corpus": Path(corpus) if corpus else None, "index": Path(index) if index else None}
        if settings is None:
            settings = Settings.load(**given)
        else:
            settings = settings.model_copy(update={name: path for name, path in given.items() if path})
        generation, summary = open_synced(settings.corpus, settings.index, settings, progress)
        return cls(generation, summary, settings)

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index's files."""
        self._generation.close()

    def documents(self) -> list[DocumentInfo]:
        """All articles without their texts, sorted by file name."""
        return self._catalogue.documents()

    def skipped(self) -> list[Skipped]:
        """Files of the folder that were left out, each with its reason."""
        return self._catalogue.skipped()

    def document(self, file: str) -> Document:
        """One article with the text that citations refer to.

        Raises:
            UnknownDocument: the index holds none of that name.
        """
        return self._catalogue.document(file)

    @property
    def searcher(self) -> Searcher:
        """The retrieval itself, for measuring and fitting."""
        return self._searcher

    def passages(self, file: str) -> list[StoredPassage]:
        """The passages of one article, in order."""
        return self._catalogue.passages(self._catalogue.passage_ids(file))

    def as_retriever(self, limit: int = 10) -> PassageRetriever:
        """The retriever, for any LlamaIndex program."""
        return PassageRetriever(self._searcher, limit)

    def as_query_engine(self) -> Any:
        """A LlamaIndex query engine whose responses are this assistant's answers, source nodes attached."""
        from assistant.engine import QuotingQueryEngine

        return QuotingQueryEngine(self)

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """The passages that match a question best, best first.

        Raises:
            EmptyQuestion, QuestionTooLong, CorpusEmpty: see `ask`.
        """
        question = self._checked(question)
        return [retrieval.to_hit(node) for node in self.as_retriever(limit).retrieve(question)]

    def ask(self, question: str) -> Answer:
        """Answer a question in its own language, with citations, or say honestly that the articles do not hold it.

        Raises:
            EmptyQuestion: there is no letter or digit in it.
            QuestionTooLong: it exceeds ``settings.max_question_chars``.
            CorpusEmpty: there is no article to ask.
            IndexDamaged: the index can no longer be read.
        """
        started = time.perf_counter()
        question = self._checked(question)
        language = question_language(question)
        retriever = self.as_retriever()
        retriever.retrieve(question)
        found = retriever.evidence(question)
        retrieved = time.perf_counter()
        draft = quotes.compose(
            found,
            language,
            self._bands,
            self.settings.quotes,
            self.document,
            self.is_stale,
            self.settings.gloss,
            question,
        )
        ended = time.perf_counter()
        return Answer(
            question=question,
            language=language,
            status=draft.status,
            text=draft.text,
            citations=draft.citations,
            rejected=(),
            closest=draft.closest,
            confidence=found.confidence,
            timings={
                "retrieval": 1000 * (retrieved - started),
                "answer": 1000 * (ended - retrieved),
                "total": 1000 * (ended - started),
            },
        )

    def is_stale(self, file: str) -> bool:
        """Whether the file no longer holds what was indexed: changed, unreadable or gone."""
        recorded = self._recorded.get(file)
        try:
            stat = corpora.locate(self.settings.corpus, file).stat()
            if recorded and (stat.st_size, stat.st_mtime_ns) == (recorded.size, recorded.mtime_ns):
                return False
            return recorded is None or corpora.hash_file(self.settings.corpus, file) != recorded.sha256
        except (OSError, FileRefused):
            return True

    def _checked(self, question: str) -> str:
        question = well_formed(question).strip()
        if len(question) > self.settings.max_question_chars:
            raise QuestionTooLong(length=len(question), limit=self.settings.max_question_chars)
        if not any(character.isalnum() for character in fold(question).text):
            raise EmptyQuestion()
        if not self._recorded:
            raise CorpusEmpty(path=self.settings.corpus)
        return question
