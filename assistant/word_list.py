"""The words of all types in a row of bytes: any thousand of them are taken at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from assistant import packing
from assistant.postings import distinct, runs

Int64s = npt.NDArray[np.int64]

_BREAK = b"\n"


class WordList:
    """Words by the numbers of their types, from blocks of them in order: compact, with line breaks between them."""

    def __init__(self, blocks: Sequence[bytes], of_block: int) -> None:
        """``of_block``: how many words each holds. Raises ``ValueError`` when they hold more or fewer."""
        self._raw = np.frombuffer(b"".join(block + _BREAK for block in blocks), np.uint8)
        ends = np.flatnonzero(self._raw == _BREAK[0])
        if len(ends) != of_block * len(blocks):
            raise ValueError("a block of words is cut short")
        self._starts = np.zeros(len(ends) + 1, np.uint32)
        self._starts[1:] = ends + 1

    def __len__(self) -> int:
        """How many words there is room for: those of the last block may be fewer than it holds."""
        return len(self._starts) - 1

    def words(self, ids: Iterable[int]) -> dict[int, str]:
        """The words of these types, in the order of their numbers; none for types that there are not."""
        wanted = distinct(np.fromiter(ids, np.int64))
        wanted = wanted[(wanted >= 0) & (wanted < len(self))]
        words = self.joined(wanted).split(_BREAK)[:-1]
        there = [(number, word) for number, word in zip(wanted.tolist(), words, strict=True) if word]
        return dict(zip((number for number, _ in there), packing.expand_all([word for _, word in there]), strict=True))

    def joined(self, ids: Int64s) -> bytes:
        """The words of these types as they are stored (`packing.compact`), each followed by a line break."""
        starts = self._starts[ids].astype(np.int64)
        return self._raw[runs(starts, self._starts[ids + 1] - starts)].tobytes()
