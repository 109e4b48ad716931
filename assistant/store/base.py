"""What Isnad asks of a vector engine: put points in, take them out, and rank by a plain dot product.

A point is a passage. It carries one sparse vector in the space of its own language; the two spaces share nothing.
Scores are the **plain** dot product: no engine-side IDF. All collection statistics are applied on the query side,
because a question word is expanded into many index terms (stems, translations, spellings of a name) and all of them
must be weighed by the rarity of the *question's* word: the IDF of each noisy translation would let a rare wrong one
outweigh the right one. It also makes a score depend on the passage and the question alone, so a generation that grew
step by step ranks exactly as one built at once.

With embeddings a point carries a dense vector besides, in one space for both languages (`Store.near`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Protocol

Language = Literal["ar", "en"]


@dataclass(frozen=True, slots=True)
class Point:
    """One passage in the engine. ``id`` is below 2**63; ``vector`` maps a term (31 bits) to its weight in the passage.

    ``dense`` has unit length; all points of a store have one, or none has.
    """

    id: int
    language: Language
    vector: Mapping[int, float]
    payload: Mapping[str, Any] = field(default_factory=dict)
    dense: Sequence[float] | None = None


class Scored(NamedTuple):
    id: int
    score: float


class Store(Protocol):
    """An opened collection of points.

    Every method raises `IndexDamaged` when what is stored cannot be read, and the writing ones `BuildFailed`
    when it cannot be written; where the engine is a server, `StoreUnavailable`, too. Nothing of the engine's own errors comes through.
    """

    def upsert(self, points: Sequence[Point]) -> None: ...

    def delete(self, ids: Sequence[int]) -> None:
        """Remove points; ids that are not there are ignored."""

    def search(
        self, language: Language, vector: Mapping[int, float], limit: int, among: Collection[int] | None = None
    ) -> list[Scored]:
        """The ``limit`` best points with at least one term in common, best first; equal scores by id.

        ``among`` leaves out all points but those of these ids.
        """

    def near(self, dense: Sequence[float], limit: int, among: Collection[int] | None = None) -> list[Scored]:
        """The ``limit`` points with the greatest dot product of dense vectors, best first; equal scores by id.

        It is for stores whose points have them.
        """

    def count(self) -> int: ...

    def flush(self) -> None:
        """Make everything written so far durable and fast to search."""

    def close(self) -> None:
        """Let go of all files; closing twice is allowed."""
