"""Sentences of Arabic and English text, as spans.

Invariant: the spans are ordered and disjoint, lie inside the text, begin and end with a character that is not white
space, never cross a line break, and leave no character uncovered but white space. A line without a full stop (a
title, a caption) is a sentence of its own.

A sentence is what an answer quotes, so every rule leans towards leaving together: a number, an initial or an
abbreviation does not end a sentence, a short quotation or parenthesis is not cut open, and a piece of under three
words joins the piece before it. Every look-back and look-ahead is bounded, so the work is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from assistant.language.text import ARABIC_LETTERS


class Span(NamedTuple):
    """Characters ``start`` up to ``end`` of a text."""

    start: int
    end: int


SHORTEST = 3
LONGEST = 2000  # characters
"""A piece of fewer words is no sentence when another stands before it in its line."""
_PAUSE_WORDS = 25
"""``..`` is a pause in Arabic newspapers; it ends a sentence only when that sentence is long already."""

_LOOK_BACK = 14


def _words(listing: str) -> frozenset[str]:
    return frozenset(listing.split())


_LINE = re.compile("[^\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]+")
_WORD = re.compile(r"\w\S*")
_LETTER = re.compile(r"\w")
_INVISIBLE = "\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_CLOSING = "'’”»›)\\]}"
# A run of stops, and what belongs to it: closing marks and reference numbers such as [3].
_STOP = re.compile(rf"[.!?؟؛…۔‼⁇⁈⁉]+[{_INVISIBLE}]*(?:\[\d{{1,3}}\])*")
_CLOSERS = re.compile(rf"[{_CLOSING}{_INVISIBLE}]*(?:\[\d{{1,3}}\])*")
_SPACED_CLOSERS = re.compile(r"\s?[”»›)\]}]+(?=\s|$|[.،,؛])")
_ENCLOSED = re.compile(r"“[^“”]{1,120}”|«[^«»]{1,120}»|\([^()]{1,200}\)|\[[^\[\]]{1,200}\]")
_QUOTATION = 120
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s؛،«»\"<>]*")
_CONTINUES = re.compile(r"[\s_*]*(?:[a-z]|[،,:;.!?؟؛…)\]}»”])")
_ARABIC_WORD = re.compile(f"[\"'«“(\\[]?[{ARABIC_LETTERS}]{{2}}")
_ARABIC_BEFORE = re.compile(rf"(?:[{ARABIC_LETTERS}\u064b-\u0652]{{3,}}|(?<![^\s(])\d{{3,}}|[{_CLOSING}\"%])$")
_LATIN_BEFORE = re.compile(r"(?:[a-z]{3,}|[\"”)])$")

_PRECEDED = rf"(?:^|[\s\"'“”«»(\[{_INVISIBLE}/،,-])"
_LETTERED = re.compile(rf"{_PRECEDED}(?:[^\W\d_]\.\s?)*[^\W\d_]\u0640?$")
_ORDINAL = re.compile(rf"{_PRECEDED}\d{{1,2}}$")
_LAST_WORD = re.compile(r"[^\s\"'“”«»(\[/،,]+$")
_ABBREVIATIONS = _words(
    # English titles, ranks and reference words stand before a name or a number; the Arabic ones likewise.
    """mr mrs ms mx dr prof st sr jr gen sen rep gov pres hon rev fr capt cmdr col lt maj sgt cpl pvt adm amb messrs mme
    vs cf no nos vol vols ed eds pp fig figs sec ch art approx est dept univ assn bros al e.g i.e viz ca ph.d m.d
    inc ltd co corp etc jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    u.s u.k u.n e.u u.s.a u.a.e u.s.s.r a.m p.m b.c a.d b.c.e c.e d.c
    أ.د ا.د م.م د.م ق.م ب.م ه.ش ص.ب ش.م.م ش.م.ل كم كلم سم ملم كغ كلغ هـ"""
)
# These can also be the last word of a sentence: they are when an unmistakable first word follows.
_MAY_END = _words("inc ltd co corp etc u.s u.k u.n e.u u.s.a u.a.e u.s.s.r a.m p.m b.c a.d b.c.e c.e d.c")
_OPENERS = re.compile(
    r"\s*[\"'“(]?(?:The|A|An|He|She|It|They|We|You|I|This|That|These|Those|There|In|On|At|By|To|From|With|But|And|So|Yet|"
    r"However|Otherwise|According|After|Before|During|Despite|Because|Due|When|While|Then|Now|Today|Later|His|Her|Their|"
    r"Its|Our|As|For|If|Since|Although|Meanwhile|Many|Some|Most|Both|Each|All|One|Another|Other)(?=[\s,])"
)


def sentences(text: str) -> list[Span]:
    """Split ``text`` into sentences. See the module for what is guaranteed."""
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        content = line.group()
        start = 0
        if len(content) > 1:
            for end in _boundaries(content):
                _append(spans, text, line.start() + start, line.start() + end)
                start = end
        _append(spans, text, line.start() + start, line.end())
    return spans


def count_words(text: str) -> int:
    """Words of ``text``: runs of non-space characters that hold a letter or a digit."""
    return len(_WORD.findall(text))


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    # Text without a stop for pages is no sentence: it is cut at a space, so that a quote stays a quote.
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space if space >= 0 else start + LONGEST
        _append(spans, text, start, cut)
        start = cut
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        spans.append(Span(start, start + len(stripped)))


def _boundaries(line: str) -> Iterator[int]:
    """Offsets in ``line`` where a sentence ends and another begins: the stops, but for those before a fragment."""
    pending: int | None = None
    for end in _stops(line):
        if pending is not None and not _is_fragment(line, pending, end):
            yield pending
        pending = end
    if pending is not None and not _is_fragment(line, pending, len(line)):
        yield pending


def _is_fragment(line: str, start: int, end: int) -> bool:
    return sum(1 for _ in islice(_WORD.finditer(line, start, end), SHORTEST)) < SHORTEST


def _stops(line: str) -> Iterator[int]:
    """Offsets after each run of stops that ends a sentence, before fragments are joined."""
    if _STOP.search(line) is None:
        return
    quotes = [match.start() for match in re.finditer('"', line)]
    enclosed = _Intervals(
        sorted(
            [match.span() for match in _ENCLOSED.finditer(line)]
            + [match.span() for match in _ADDRESS.finditer(line)]
            + _pairs(quotes)
        )
    )
    last = opened = 0
    word = -1
    for run in _STOP.finditer(line):
        if run.start() < last:
            continue
        while opened < len(quotes) and quotes[opened] < run.start():
            opened += 1
        end = _with_closers(line, run.end(), inside=opened % 2 == 1)
        if end >= len(line):
            return
        if word < last:
            found = _LETTER.search(line, last)
            word = found.start() if found else len(line)
        if word < run.start() and not enclosed.cut(end) and _ends_sentence(line, last, run, end):
            yield end
            last = end


def _pairs(quotes: list[int]) -> list[tuple[int, int]]:
    """Short quotations between straight quotes; none when the quotes do not pair off."""
    if len(quotes) % 2:
        return []
    pairs = zip(quotes[::2], quotes[1::2], strict=True)
    return [(start, end + 1) for start, end in pairs if end - start <= _QUOTATION]


class _Intervals:
    """Sorted intervals asked in ascending order whether a point lies strictly inside one of them."""

    def __init__(self, intervals: list[tuple[int, int]]) -> None:
        self._intervals = intervals
        self._next = 0
        self._reach = (0, 0)

    def cut(self, point: int) -> bool:
        while self._next < len(self._intervals) and self._intervals[self._next][0] < point:
            if self._intervals[self._next][1] > self._reach[1]:
                self._reach = self._intervals[self._next]
            self._next += 1
        return self._reach[0] < point < self._reach[1]


def _with_closers(line: str, end: int, inside: bool) -> int:
    """The end of a stop with the quotation marks and brackets that close after it."""
    while True:
        match = _CLOSERS.match(line, end)
        after = match.end() if match else end
        if inside and line[after : after + 1] == '"':
            after, inside = after + 1, False
        elif inside and line[after : after + 2] == ' "' and line[after + 2 : after + 3] in ("", " ", ".", "،", ","):
            after, inside = after + 2, False
        elif spaced := _SPACED_CLOSERS.match(line, after):
            after = spaced.end()
        if after == end:
            return end
        end = after


def _ends_sentence(line: str, start: int, run: re.Match[str], end: int) -> bool:
    marks = run.group()
    full_stop = marks[0] == "." and not any(mark in marks for mark in "!?؟؛")
    before = line[max(start, run.start() - _LOOK_BACK) : run.start()]
    if not line[end].isspace():
        # A missing space, or an address, a decimal, a name such as Yahoo!
        if _ARABIC_WORD.match(line, end):
            return not full_stop or (marks != ".." and bool(_ARABIC_BEFORE.search(before)))
        return bool(_LATIN_BEFORE.search(before) and _OPENERS.match(line, end))
    if _CONTINUES.match(line, end):
        return False
    if not full_stop:
        return True
    if marks == "..":
        return sum(1 for _ in islice(_WORD.finditer(line, start, run.start()), _PAUSE_WORDS)) == _PAUSE_WORDS
    if marks.startswith(".."):
        return True
    if _ORDINAL.search(before):
        # "12. The twelfth item" opens with its number; "at the age of 39. The record" ends with it.
        opening = run.start() - start < _LOOK_BACK and before.strip().isdecimal()
        return not opening and bool(_OPENERS.match(line, end))
    last_word = _LAST_WORD.search(before)
    if last_word is None:
        return True
    word = last_word.group()
    if len(word) > 2 and word.isalpha() and word.isupper():
        return True
    word = word.casefold()
    if word in _MAY_END:
        return bool(_OPENERS.match(line, end))
    return word not in _ABBREVIATIONS and not _LETTERED.search(before)
