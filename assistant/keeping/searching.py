"""Finding words in what was kept, however they were spelled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from assistant.language.text import fold, normalize_arabic

MOST_WORDS: Final = 8
_MOST_QUERY: Final = 200
_AROUND: Final = 60


class Excerpt(NamedTuple):
    """A piece of a text; ``text[start:end]`` is what was found in it. Nothing is marked where both are 0."""

    text: str
    start: int
    end: int


def folded(text: str) -> str:
    """The form that is searched in: no vowels, one alef, one case."""
    return _alike(fold(text).text)


def words(query: str) -> list[str]:
    """The words to look for, folded; the first few of a long query."""
    return list(dict.fromkeys(folded(query[:_MOST_QUERY]).split()))[:MOST_WORDS]


def excerpt(texts: Sequence[str], wanted: Sequence[str]) -> Excerpt:
    """The surroundings of the first word found, in the first of ``texts`` that holds one; else the beginning of the first."""
    for text in texts:
        shape = fold(text)
        searched = _alike(shape.text)
        places = [(place, place + len(word)) for word in wanted if (place := searched.find(word)) >= 0]
        if places:
            start, end = shape.original(*min(places))
            return _cut(text, start, end)
    return _cut(texts[0], 0, 0)


def _alike(text: str) -> str:
    """One character for each, so that offsets stay."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return normalize_arabic(lower)


def _cut(text: str, start: int, end: int) -> Excerpt:
    """About a line of ``text`` around the span, beginning and ending with whole words, on one line."""
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    if first and (space := re.search(r"\s", text[first:start])):
        first += space.end()
    if last < len(text) and (tail := text[end:last].rstrip()) and (spaces := list(re.finditer(r"\s", tail))):
        last = end + spaces[-1].start()
    before, after = "… " if first else "", " …" if last < len(text) else ""
    shown = re.sub(r"\s", " ", text[first:last])
    return Excerpt(before + shown + after, start - first + len(before), end - first + len(before))
