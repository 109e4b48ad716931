"""Where else a quoted sentence stands: in the copies of its article.

Agencies sell one text to many papers. A sentence that copies share is quoted once, and the quote says where else it stands.
Copies that differ in what they state do not share a sentence: the same numbers, negations and names are asked for, and all
but a few of the other words, which one of them leaves out and none exchanges: "rose" for "fell" is one word of many.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from assistant.ablation import cached
from assistant.catalogue import StoredPassage
from assistant.citations import Also, Citable, Citation, line_of
from assistant.language import terms
from assistant.language.kinds import Kind, kinds_of
from assistant.language.polarity import negatives
from assistant.language.sentences import Span
from assistant.language.text import is_arabic
from assistant.language.tokens import tokens
from assistant.retrieval import Hit

MOST = 8
"""Other articles named beside one quote."""
_SHARED = 0.9
_PARTICLES = re.compile(r"^(?:[وف](?:[بكل]?ال|لل)?|[بكل]?ال|لل)(?=\w{3})")


class _Said(NamedTuple):
    """What a text says, as far as words tell: its units of meaning, each as often as it is said, and which of its words a copy
    may not change.
    """

    units: Counter[str]
    fixed: frozenset[str]


@cached(maxsize=64)
def _said(text: str) -> _Said:
    found = tokens(text)
    content = [token.word for token in found if not terms.is_stop(token.word)]
    denied = {f"not {terms.unit(found[each.place].word)}" for each in negatives(text, found)}
    named = {terms.unit(word) for word in content if word[0] == "#" or kinds_of(word) & Kind.NAME}
    return _Said(Counter(_plain(terms.unit(word)) for word in content), frozenset(denied | named))


def same(one: str, other: str) -> bool:
    """Whether two texts are one, but for its spelling and a few words that change nothing."""
    # Most copies differ in nothing, and what a text says takes milliseconds to tell.
    return one == other or _same(_said(one), _said(other))


def _same(one: _Said, other: _Said) -> bool:
    if one.fixed != other.fixed:
        return False
    shared = len(one.units.keys() & other.units.keys())
    if not shared or shared < _SHARED * len(one.units.keys() | other.units.keys()):
        return False
    # What one has and the other lacks may be left out; where each has something of its own, it may be the opposite.
    return not (one.units - other.units and other.units - one.units)


def _plain(unit: str) -> str:
    """A unit without the particles that the stem leaves: ``والجسر`` is ``جسر``."""
    return _PARTICLES.sub("", unit, count=1) if is_arabic(unit) else unit


def noted(
    citations: Sequence[Citation],
    copies: Callable[[str], Sequence[str]],
    passages: Callable[[str], Sequence[StoredPassage]],
    document: Callable[[str], Citable],
) -> tuple[Citation, ...]:
    """The citations, each saying in which ``copies`` of its article the same sentence stands. ``copies`` of a file are others."""
    found = []
    for citation in citations:
        others = list(copies(citation.file))[:MOST]
        places = ((document(file), _place(citation.quote, passages(file))) for file in others)
        also = tuple(_also(article, place) for article, place in places if place)
        found.append(replace(citation, also=also) if also else citation)
    return tuple(found)


def distinct(passages: Iterable[StoredPassage]) -> Iterator[StoredPassage]:
    """The passages of which no earlier one says the same."""
    said: list[str] = []
    for passage in passages:
        this = _own(passage)
        if not any(_retold(this, other) for other in said):
            said.append(this)
            yield passage


def marked(
    hits: Sequence[Hit], copies: Callable[[str], Sequence[str]], passages: Callable[[str], Sequence[StoredPassage]]
) -> list[Hit]:
    """The hits, each that says what a better one of a copy of its article says marked with that article."""
    before: dict[str, list[Hit]] = {}  # by article, its unmarked hits
    found: list[Hit] = []

    @cache
    def own(file: str, start: int) -> str:
        return next(_own(each) for each in passages(file) if each.start == start)

    for hit in hits:
        others = copies(hit.file)
        # What a hit says is looked at only when one of a copy has come before it.
        told = (
            file
            for file in before
            if file in others and any(_retold(own(hit.file, hit.start), own(file, one.start)) for one in before[file])
        )
        first = next(told, None)
        if first is not None:
            hit = replace(hit, same_as=first)
        elif others:
            before.setdefault(hit.file, []).append(hit)
        found.append(hit)
    return found


def _retold(one: str, other: str) -> bool:
    """Whether the second text says what the first does: nothing is said by none."""
    return bool(one) and same(one, other)


def _own(passage: StoredPassage) -> str:
    """What a passage holds of the article itself: copies differ in their headlines and in what stands around them."""
    apart = passage.framing | passage.headlines
    return " ".join(
        passage.text[start - passage.start : end - passage.start]
        for number, (start, end) in enumerate(passage.sentences)
        if number not in apart
    )


def _place(quote: str, passages: Sequence[StoredPassage]) -> Span | None:
    """Where in an article the sentence stands."""
    wanted = _said(quote)
    for exactly in (True, False):
        for passage in passages:
            for span in passage.sentences:
                text = passage.text[span.start - passage.start : span.end - passage.start]
                if text == quote if exactly else _same(wanted, _said(text)):
                    return span
    return None


def _also(article: Citable, place: Span) -> Also:
    return Also(
        file=article.file,
        title=article.title,
        date=article.date,
        outlet=article.outlet,
        start=place.start,
        end=place.end,
        line=line_of(article.text, place.start),
    )
