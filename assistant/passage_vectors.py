"""The dense vectors of a generation that is being built: those that are kept, and those that are still to be made.

`PassageVectors.complete` has everything embedded that is missing, after somebody has agreed to what it will take. Each batch is
kept before the next is sent, so whatever ends the run, what has been paid for stays.

A passage is embedded under its article's title, as LlamaIndex embeds a node: the middle of an article seldom names its subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from assistant.catalogue import Catalogue, StoredPassage
from assistant.embedding import Embedder, Embedding, batches, tokens
from assistant.errors import EmbeddingFault, NotEmbedded
from assistant.store.base import Point
from assistant.vectors import KeptVectors

_PORTION = 512


class Plan(NamedTuple):
    """What embedding the missing passages takes; ``tokens`` is an estimate. ``kept`` passages have their vectors already."""

    passages: int
    tokens: int
    requests: int
    kept: int
    model: str
    place: str


class _Missing(NamedTuple):
    passage: int
    digest: bytes
    length: int


class PassageVectors:
    """The vectors of all passages of a finished catalogue. Use it as a context manager."""

    def __init__(self, embedding: Embedding, kept: Path, catalogue: Path) -> None:
        self._embedding = embedding
        self.model = embedding.model
        self._catalogue = Catalogue(catalogue)
        self._kept = KeptVectors(kept)
        self._digests: dict[int, bytes] = {}
        self.dimensions: int | None = None
        """Of the vectors; ``None`` while there is none."""

    def __enter__(self) -> PassageVectors:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._kept.close()
        self._catalogue.close()

    def complete(self, agree: Callable[[Plan], None], check: Callable[[], None]) -> Iterator[tuple[int, int]]:
        """Have the missing vectors made; yields how many are done, of how many. ``check`` is called before each request.

        Raises:
            NotEmbedded: the endpoint did not give them. What it gave is kept.
        """
        missing, estimate = self._missing()
        if not missing:
            return
        embedder = Embedder(self._embedding)
        runs = [missing[run] for run in batches([each.length for each in missing], self._embedding.batch)]
        kept = len(set(self._digests.values())) - len(missing)
        agree(Plan(len(missing), round(estimate), len(runs), kept, embedder.model, embedder.where))
        done = 0
        yield done, len(missing)
        for run in runs:
            check()
            self._embed(embedder, run)
            done += len(run)
            yield done, len(missing)

    def added_to(self, points: Sequence[Point]) -> list[Point]:
        """The points with their dense vectors. Every passage must have one."""
        vectors = self._kept.get([self._digests[point.id] for point in points])
        return [replace(point, dense=vector.tolist()) for point, vector in zip(points, vectors, strict=True)]

    def drop_unused(self) -> None:
        """Let go of vectors that this generation does not use, if they are many."""
        self._kept.drop_unused(set(self._digests.values()))

    def _missing(self) -> tuple[list[_Missing], float]:
        """The passages without a vector, each text once, and about how many tokens they have."""
        found: list[_Missing] = []
        estimate, last = 0.0, -1
        seen: set[bytes] = set()
        while outlines := self._catalogue.outlines(last, _PORTION):
            last = outlines[-1][0]
            passages = self._catalogue.passages([number for number, _, _ in outlines])
            texts = [_text(passage) for passage in passages]
            digests = [self._embedding.digest(text) for text in texts]
            missing = self._kept.missing(digests)
            if self.dimensions is None:
                self.dimensions = self._kept.dimensions(digests)
            for passage, text, digest in zip(passages, texts, digests, strict=True):
                self._digests[passage.id] = digest
                if digest in missing and digest not in seen:
                    found.append(_Missing(passage.id, digest, len(text)))
                    estimate += tokens(text, passage.language)
                    seen.add(digest)
        return found, estimate

    def _embed(self, embedder: Embedder, run: Sequence[_Missing]) -> None:
        passages = self._catalogue.passages([each.passage for each in run])
        try:
            vectors = embedder.passages([_text(passage) for passage in passages])
            self.dimensions = self.dimensions or len(vectors[0])
            if any(len(vector) != self.dimensions for vector in vectors):
                raise EmbeddingFault("dimensions")
        except EmbeddingFault as fault:
            raise NotEmbedded(fault.kind) from None
        self._kept.put([each.digest for each in run], vectors)


def _text(passage: StoredPassage) -> str:
    """What is embedded of a passage."""
    return passage.text if passage.text.startswith(passage.title) else f"{passage.title}\n{passage.text}"
