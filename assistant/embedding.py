"""An embedding model behind an OpenAI-compatible endpoint: texts become unit vectors of one length.

What comes back is not believed: as many vectors as texts, each with its own place, all finite, none zero, all of one length.
A text that is longer than the endpoint takes is embedded by its beginning: `_MOST_CHARACTERS` of it, and where the endpoint still
refuses it, half of that, and half again.

Imported by the process that builds an index, so it knows neither settings nor LlamaIndex.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from assistant.calls import Deadline, Say, read
from assistant.endpoint import PAUSES, Endpoint, Unusable, Watch
from assistant.errors import EmbeddingFault, EmbeddingKind, FaultKind, ModelFault

if TYPE_CHECKING:
    import openai

Vector = npt.NDArray[np.float32]

BUILDING_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds between tries while an index is built: nobody waits for one request, and a limit may last a minute."""
_BATCH_SECONDS = 300.0
_SILENCE = 120.0  # a reply comes as a whole, and a small machine takes its time for a batch
_MOST_CHARACTERS = 8000
_BATCH_CHARACTERS = 100_000
_HALVINGS = 4
_CHARACTERS_PER_TOKEN = {"ar": 2.0, "en": 4.0}
_KINDS: dict[FaultKind, EmbeddingKind] = {
    "key": "key", "model": "model", "limited": "limited", "refused": "refused", "small": "refused", "unreachable": "unreachable",
    "late": "late", "server": "server", "cut": "unreachable", "garbled": "garbled", "empty": "garbled", "long": "garbled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Embedding:
    """All that decides how texts are embedded, and by whom. The key is never shown."""

    model: str
    url: str | None = None
    key: str | None = field(default=None, repr=False)
    dimensions: int | None = None
    passage_prefix: str = ""
    batch: int = 64

    def digest(self, text: str) -> bytes:
        """Under which the vector of a passage is kept: equal texts, embedded alike, have equal ones. 16 bytes."""
        made_by = json.dumps([self.model, self.dimensions, self.passage_prefix, _MOST_CHARACTERS])
        return hashlib.sha256(f"{made_by}\n{text}".encode("utf-8", "surrogatepass")).digest()[:16]


def tokens(text: str, language: str) -> float:
    """About how many tokens a model will count; it is an estimate, for telling a large run from a small one."""
    return min(len(text), _MOST_CHARACTERS) / _CHARACTERS_PER_TOKEN[language]


def batches(lengths: Sequence[int], most: int) -> Iterator[slice]:
    """Texts of these lengths in runs of at most ``most`` texts and `_BATCH_CHARACTERS` characters."""
    start = characters = 0
    for place, length in enumerate(lengths):
        length = min(length, _MOST_CHARACTERS)
        if place > start and (place - start >= most or characters + length > _BATCH_CHARACTERS):
            yield slice(start, place)
            start, characters = place, 0
        characters += length
    if start < len(lengths):
        yield slice(start, len(lengths))


class Embedder:
    """One embedding model at one endpoint, for any thread. The endpoint is asked at the first use only."""

    def __init__(self, embedding: Embedding) -> None:
        self._endpoint = Endpoint(embedding.url, embedding.key)
        self._embedding = embedding
        self._has_answered = False
        self.model = embedding.model
        self.where, self.local, self.private = self._endpoint.where, self._endpoint.local, self._endpoint.private
        """As in `Endpoint`."""

    def __repr__(self) -> str:
        return f"Embedder({self.model!r} at {self.where})"

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """The vectors of the texts of one batch, in their order, with the patience of a build.

        Raises:
            EmbeddingFault: there are none.
        """
        cut = [self._embedding.passage_prefix + text[:_MOST_CHARACTERS] for text in texts]
        return self._taken(cut, len(self._embedding.passage_prefix), _HALVINGS)

    def question(self, text: str, deadline: Deadline) -> Vector:
        """The vector of one text, as it is; the prefix is the caller's.

        Raises:
            EmbeddingFault: there is none.
        """
        return self._embedded([text], deadline, PAUSES)[0]

    def _taken(self, texts: list[str], prefix: int, halvings: int) -> list[Vector]:
        """Embed texts; what is refused together is tried apart, and what is refused alone is cut to half."""
        try:
            # An endpoint that has never answered is more likely wrong than busy.
            pauses = BUILDING_PAUSES if self._has_answered else PAUSES
            return self._embedded(texts, Deadline(_BATCH_SECONDS), pauses)
        except EmbeddingFault as fault:
            length = len(texts[0]) - prefix
            if fault.kind != "refused" or (len(texts) == 1 and (not halvings or length < 2)):
                raise
        if len(texts) == 1:
            return self._taken([texts[0][: prefix + length // 2]], prefix, halvings - 1)
        middle = len(texts) // 2
        return self._taken(texts[:middle], prefix, halvings) + self._taken(texts[middle:], prefix, halvings)

    def _embedded(self, texts: list[str], deadline: Deadline, pauses: Sequence[float]) -> list[Vector]:
        request: dict[str, Any] = {"model": self.model, "input": texts}
        if self._embedding.dimensions:
            request["dimensions"] = self._embedding.dimensions

        async def call(say: Say[list[Vector]]) -> FaultKind | None:
            async def attempt(client: openai.AsyncOpenAI, watch: Watch) -> None:
                reply: Any = await client.embeddings.create(**request)
                say(_vectors(reply, len(texts)))

            return await self._endpoint.tries(attempt, deadline, _SILENCE, pauses)

        kind: EmbeddingKind = "garbled"
        replies: Generator[list[Vector], None, None] = read(call, deadline)
        try:
            for vectors in replies:
                self._has_answered = True
                return vectors
        except ModelFault as fault:
            kind = _KINDS[fault.kind]
        finally:
            replies.close()
        raise EmbeddingFault(kind)


def _vectors(reply: Any, number: int) -> list[Vector]:
    """What a reply says, checked. Raises `Unusable`, or what an odd reply makes Python raise."""
    by_place = {item.index: item.embedding for item in reply.data}
    if len(reply.data) != number or set(by_place) != set(range(number)):
        raise Unusable("garbled")
    matrix = np.array([by_place[place] for place in range(number)], dtype=np.float32)
    if matrix.ndim != 2 or not matrix.shape[1] or not np.isfinite(matrix).all():
        raise Unusable("garbled")
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    if not (np.isfinite(lengths) & (lengths > 0)).all():
        raise Unusable("garbled")
    return list(matrix / lengths)
