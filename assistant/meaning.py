"""The vectors of questions: each is embedded once, within its time, and an endpoint that fails is left alone for a while.

A question never waits for embeddings longer than ``embedding_seconds``, and never fails for want of them: there is a vector, or
there is the reason why not.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from assistant.calls import Deadline
from assistant.embedding import Embedder, Embedding
from assistant.errors import EmbeddingFault
from assistant.settings import Settings

Meaning = tuple[float, ...]
"""The unit vector of a question."""

REST_SECONDS = 30.0
"""For so long an endpoint that failed is not asked again: each question would wait for its failing anew."""
_REMEMBERED = 256


def embedding(settings: Settings) -> Embedding | None:
    """What embeds under these settings; ``None`` when nothing does."""
    if not settings.embeds:
        return None
    assert settings.embedding_model
    return Embedding(
        model=settings.embedding_model,
        url=settings.openai_base_url,
        key=settings.openai_api_key.get_secret_value() if settings.openai_api_key else None,
        dimensions=settings.embedding_dimensions,
        passage_prefix=settings.embedding_passage_prefix,
        batch=settings.embedding_batch,
    )


class Meanings:
    """Vectors of questions, for any thread. ``dimensions`` is how long those of the index are; ``None``: it has none."""

    def __init__(self, settings: Settings, dimensions: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        made_by = embedding(settings)
        assert made_by
        self._embedder = Embedder(made_by)
        self._prefix = settings.embedding_query_prefix
        self._seconds = settings.embedding_seconds
        self._dimensions = dimensions
        self._clock = clock
        self._vectors: OrderedDict[str, Meaning] = OrderedDict()
        self._fault: EmbeddingFault | None = None if dimensions else EmbeddingFault("unindexed")
        self._until = float("inf")
        self._lock = threading.Lock()

    def of(self, question: str, deadline: Deadline | None = None) -> Meaning | EmbeddingFault:
        """The unit vector of a question, or why there is none. Ends by ``deadline``."""
        with self._lock:
            if question in self._vectors:
                self._vectors.move_to_end(question)
                return self._vectors[question]
            if self._fault is not None and self._clock() < self._until:
                return self._fault
        try:
            vector = tuple(self._embedder.question(self._prefix + question, Deadline(self._seconds, deadline)).tolist())
            if len(vector) != self._dimensions:
                raise EmbeddingFault("dimensions")
        except EmbeddingFault as fault:
            with self._lock:
                self._fault, self._until = fault, self._clock() + REST_SECONDS
            return fault
        with self._lock:
            self._fault = None
            self._vectors[question] = vector
            while len(self._vectors) > _REMEMBERED:
                self._vectors.popitem(last=False)
        return vector
