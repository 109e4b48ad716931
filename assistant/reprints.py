"""Where else a quoted sentence stands: in the copies of its article.

Agencies sell one text to many papers. A sentence that copies share is quoted once, and the quote says where else it stands.
Copies that differ in what they state do not share a sentence: the same numbers, negations and names are asked for, and all
but a few of the other words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.catalogue import StoredPassage
from assistant.citations import Also, Citable, Citation, line_of
from assistant.language import terms
from assistant.language.kinds import Kind, kinds_of
from assistant.language.polarity import negatives
from assistant.language.sentences import Span
from assistant.language.tokens import tokens
from assistant.retrieval import Hit

MOST = 8
"""Other articles named beside one quote."""
_SHARED = 0.9


class _Said(NamedTuple):
    """What a text says, as far as words tell: its units of meaning, and which of its words a copy may not change."""

    units: frozenset[str]
    fixed: frozenset[str]


def _said(text: str) -> _Said:
    found = tokens(text)
    content = [token.word for token in found if not terms.is_stop(token.word)]
    denied = {f"not {terms.unit(found[each.place].word)}" for each in negatives(text, found)}
    named = {terms.unit(word) for word in content if word[0] == "#" or kinds_of(word) & Kind.NAME}
    return _Said(frozenset(map(terms.unit, content)), frozenset(denied | named))


def same(one: str, other: str) -> bool:
    """Whether two texts are one, but for its spelling and a few words that change nothing."""
    return one == other or _same(_said(one), _said(other))


def _same(one: _Said, other: _Said) -> bool:
    shared = len(one.units & other.units)
    return bool(shared) and one.fixed == other.fixed and shared >= _SHARED * len(one.units | other.units)


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
    said: list[_Said] = []
    for passage in passages:
        this = _said(_own(passage))
        if not any(_same(this, other) for other in said):
            said.append(this)
            yield passage


def marked(
    hits: Sequence[Hit], copies: Callable[[str], Sequence[str]], passages: Callable[[str], Sequence[StoredPassage]]
) -> list[Hit]:
    """The hits, each that says what a better one of a copy of its article says marked with that article."""
    said: dict[str, list[_Said]] = {}  # by article, what its unmarked hits say
    found: list[Hit] = []
    for hit in hits:
        others = copies(hit.file)
        if others:
            this = next(_said(_own(each)) for each in passages(hit.file) if each.start == hit.start)
            told = (file for file in said if file in others and any(_same(this, one) for one in said[file]))
            first = next(told, None)
            if first is None:
                said.setdefault(hit.file, []).append(this)
            hit = replace(hit, same_as=first)
        found.append(hit)
    return found


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
