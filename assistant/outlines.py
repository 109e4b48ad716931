"""What passages are ranked by: their tokens, sentence by sentence. Of a hundred that are ranked a dozen are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assistant import packing
from assistant.language.text import Language
from assistant.postings import runs
from assistant.vocabulary import LANGUAGES

Int32s = npt.NDArray[np.int32]


class Outline(NamedTuple):
    """What a passage is ranked by: all but its text.

    ``sentences``: how many it has; ``tokens``, ``token_sentences``: as of `catalogue.StoredPassage`; ``title_tokens``: the same, but none of
    a passage that holds the title.
    """

    id: int
    file: str
    start: int
    language: Language
    date: dt.date | None
    sentences: int
    tokens: Int32s
    token_sentences: Int32s
    title_tokens: Int32s


def unpacked(rows: Sequence[Any]) -> list[Outline]:
    """Outlines as the catalogue stores them, all at once: a hundred passages are ranked for every question.

    A row is a passage's id, the number of its language, where it starts, whether it holds its document's title, its packed
    outline; and the file, the date and the packed title of its document. Raises ``ValueError`` or ``IndexError`` when an outline
    is damaged.
    """
    numbers, at = packing.unpack_joined([row[4] for row in rows])
    titles, title_at = packing.unpack_joined([b"" if row[3] else row[7] for row in rows])
    counts = numbers[at[:-1]]
    first = at[:-1] + 1 + 3 * counts
    if (first > at[1:]).any():
        raise ValueError("an outline is cut short")
    rank = runs(np.zeros(len(rows), np.int64), counts)
    lengths = numbers[np.repeat(at[:-1] + 3, counts) + 3 * rank]
    if max(numbers.max(initial=0), titles.max(initial=0)) > np.iinfo(np.int32).max:
        raise ValueError("a token is of no word")
    tokens, title_tokens = numbers.astype(np.int32), titles.astype(np.int32)
    # Each token belongs to a sentence. Asked first: of a wrong length there may be more than memory holds.
    if (np.bincount(np.repeat(np.arange(len(rows)), counts), lengths, len(rows)) != at[1:] - first).any():
        raise ValueError("the sentences of an outline are not those of its tokens")
    of_token = np.repeat(rank.astype(np.int32), lengths)
    until = np.cumsum(at[1:] - first)
    places = zip(
        first.tolist(), at[1:].tolist(), [0, *until.tolist()], until.tolist(), pairwise(title_at.tolist()), strict=False
    )
    return [
        Outline(
            number, file, start, LANGUAGES[language], dt.date.fromordinal(date) if date else None, count,
            tokens[one:end], of_token[begin:stop], title_tokens[slice(*title)],
        )
        for (number, language, start, _, _, file, date, _), count, (one, end, begin, stop, title) in zip(
            rows, counts.tolist(), places, strict=True
        )
    ]  # fmt: skip
