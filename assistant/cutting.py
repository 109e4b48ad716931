"""A document cut into passages: whole sentences of one language, of about the same length, broken where a paragraph ends."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from assistant.corpus import Document
from assistant.language.sentences import Span, count_words, sentences
from assistant.language.text import Language, language_of

TARGET_WORDS = 120
MAX_WORDS = 220
_LANGUAGE_RUN_WORDS = 25
"""A run of paragraphs in the other language must be this long to begin a passage of its own."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of a document: ``document.text[start:end]``. All spans count from the start of the document."""

    file: str
    start: int
    end: int
    text: str
    language: Language
    sentences: tuple[Span, ...]
    ordinal: int
    title: str
    date: dt.date | None


def passages(document: Document, target_words: int = TARGET_WORDS, max_words: int = MAX_WORDS) -> list[Passage]:
    """Cut ``document`` into passages of about ``target_words``, at most ``max_words`` unless one sentence is longer."""
    text = document.text
    spans = sentences(text)
    # A line without words weighs something too, or a text of nothing else would be one passage without end.
    words = [max(1, count_words(text[span.start : span.end])) for span in spans]
    breaks = [_line_breaks(text[span.end : following.start]) for span, following in pairwise(spans)] + [2]
    result: list[Passage] = []
    for run_start, run_end in _language_runs(text, spans, words, breaks):
        for first, last in _group(words, breaks, run_start, run_end, target_words, max_words):
            start, end = spans[first].start, spans[last - 1].end
            content = text[start:end]
            result.append(
                Passage(
                    file=document.file,
                    start=start,
                    end=end,
                    text=content,
                    language=language_of(content),
                    sentences=tuple(spans[first:last]),
                    ordinal=len(result),
                    title=document.title,
                    date=document.date,
                )
            )
    return result


_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")


def _line_breaks(gap: str) -> int:
    """0: the next sentence stands in the same line; 1: in the next line; 2: after a blank line."""
    return min(2, len(_LINE_BREAK.findall(gap[:100])))


class _Run(NamedTuple):
    """Sentences ``start`` up to ``end`` in one language, and their words."""

    language: Language
    start: int
    end: int
    words: int


def _language_runs(text: str, spans: list[Span], words: list[int], breaks: list[int]) -> list[tuple[int, int]]:
    """Cut the sentences where paragraph after paragraph changes language; a name or a caption does not count."""
    lines: list[_Run] = []
    for index, span in enumerate(spans):
        if lines and breaks[index - 1] == 0:
            lines[-1] = lines[-1]._replace(end=index + 1, words=lines[-1].words + words[index])
        else:
            lines.append(_Run(language_of(text[span.start : span.end]), index, index + 1, words[index]))
    return [(run.start, run.end) for run in _merge(_merge(lines, 0), _LANGUAGE_RUN_WORDS)]


def _merge(runs: Iterable[_Run], shortest: int) -> list[_Run]:
    """Join neighbours of one language, and those of which one has fewer than ``shortest`` words."""
    merged: list[_Run] = []
    for run in runs:
        last = merged[-1] if merged else None
        if last and (run.language == last.language or min(run.words, last.words) < shortest):
            language = last.language if last.words >= run.words else run.language
            merged[-1] = _Run(language, last.start, run.end, last.words + run.words)
        else:
            merged.append(run)
    return merged


_BREAK_COST = (0.4, 0.15, 0.0)
"""Of ending a passage within a line, at its end, and at a blank line; being 40 % off the aimed size costs 0.4."""


def _group(
    words: list[int], breaks: list[int], start: int, end: int, target: int, most: int
) -> Iterator[tuple[int, int]]:
    """Group sentences ``start`` up to ``end``, breaking where the size is right and a paragraph ends."""
    remaining = sum(words[start:end])
    while remaining > most and end - start > 1:
        # Aiming at equal shares of what remains leaves no tiny passage at the end.
        aim = remaining / max(2, round(remaining / target))
        best, best_size, best_cost, size = start + 1, words[start], math.inf, 0
        for index in range(start, end - 1):
            size += words[index]
            if size > most:
                break
            cost = abs(size - aim) / aim + _BREAK_COST[breaks[index]]
            if cost < best_cost:
                best, best_size, best_cost = index + 1, size, cost
        yield start, best
        remaining -= best_size
        start = best
    if start < end:
        yield start, end
