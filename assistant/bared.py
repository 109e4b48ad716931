"""Passages bared of what stands around their articles (`assistant.frame`), so that a word in it is no match.

What is asked for is left: where a question of some words finds a good part of itself in a line of the frame, as "who wrote this
article?" in the line that names the author, it is no word that merely happens to stand there. And who asks when an article was
published asks for the line with its date.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant import ranking
from assistant.catalogue import StoredPassage
from assistant.language.dates import parse_dates
from assistant.language.questions import Asked
from assistant.language.text import fold, normalize_arabic
from assistant.matrix import Group

# A question of so many words, and so much of its weight in one line.
_ASKED_WORDS, _ASKED_SHARE = 3, 0.4


class Bared(NamedTuple):
    """``group``: without the matches of its frame; ``hidden``: by the running number of each sentence, whether it is taken out."""

    group: Group
    hidden: npt.NDArray[np.bool_]


_ADDRESS = re.compile(r"://|\bwww\.")
_PUBLISHED = re.compile(
    r"\b(?:published|posted|printed|released|come out)\b|(?<!\w)[وف]?(?:نشر|تنشر|ينشر|نشرت|صدر|صدرت|كتب|كتبت)(?!\w)"
)


def asks_for_the_day(question: str, asked: Asked) -> bool:
    """Whether it is the day of an article that is asked for, not of what it tells."""
    return asked is Asked.WHEN and bool(_PUBLISHED.search(normalize_arabic(fold(question).text).lower()))


def bared(group: Group, with_dates: bool = False) -> Bared:
    """The group as if what stands around its articles were not there, but for what the question asks for.

    ``with_dates``: lines that state a date are.
    """
    matrix, weights = group.matrix, group.question.weights
    hidden = np.zeros(int(matrix.first[-1]), dtype=bool)
    telling: list[int] = []
    for first, passage in zip(matrix.first.tolist(), group.passages, strict=False):
        framing = [rank for rank in passage.framing if not (with_dates and _dated(passage, rank))]
        hidden[[first + rank for rank in framing]] = True
        telling += [first + rank for rank in framing if _tells(passage, rank)]
    if not hidden.any():
        return Bared(group, hidden)
    if len(group.question.words) >= _ASKED_WORDS:
        for number in telling:
            columns = matrix.values[:, matrix.sentence == number]
            if columns.size and weights @ columns.max(axis=1) >= _ASKED_SHARE * weights.sum():
                hidden[number] = False
    gone = np.flatnonzero(np.append(hidden, False)[matrix.sentence])  # padding has the number -1
    if not matrix.values[:, gone].any():
        return Bared(group, hidden)
    values = matrix.values.copy()
    values[:, gone] = 0
    left = replace(matrix, values=values)
    return Bared(replace(group, matrix=left, scores=ranking.score(group.question, left)), hidden)


def _sentence(passage: StoredPassage, rank: int) -> str:
    start, end = passage.sentences[rank]
    return passage.text[start - passage.start : end - passage.start]


def _dated(passage: StoredPassage, rank: int) -> bool:
    return bool(parse_dates(_sentence(passage, rank)))


def _tells(passage: StoredPassage, rank: int) -> bool:
    """Whether a line tells what the article does not: an address does not, nor does the headline once more (``title: …``)."""
    text = fold(_sentence(passage, rank)).text
    title = fold(passage.title).text.strip()
    return not _ADDRESS.search(text) and not (title and title in text)
