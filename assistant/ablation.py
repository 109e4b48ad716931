"""Leaving parts of the engine out, to measure what each of them is worth. For measuring only: ``python -m eval ablate``.

The parts ask `left_out` whether they are to do their work; nothing is left out unless somebody is measuring. What was
computed without a part must not be served when it is there again, so every cache whose content depends on a part is a
`cached` one: what is left out is part of its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is left out; by default nothing. Only ``stop_words`` also changes what an index holds."""

    families: frozenset[str] = frozenset()  # names of `language.terms.Family`
    glossaries: frozenset[str] = frozenset()  # names of files in data/glossary
    names: bool = False  # alignment of names across the scripts
    spelling: bool = False  # unknown names of one script spelled a little differently
    phrases: bool = False  # a term of several words found as a whole
    dates: bool = False  # months and years of a question in the dates of articles (month names of CLDR)
    stop_words: bool = False
    prior: bool = False  # rarity expected from the lexicon
    score: frozenset[str] = frozenset()  # parts of `ranking.score` by letter: S, N, W
    ranking: bool = False  # the match matrix's order: that of the engine stays
    merging: bool = False  # scores as shares of the question's weight in each language
    evidence: bool = False  # the best passages in the order of their best sentences


_NOTHING = LeftOut()
_current: ContextVar[LeftOut] = ContextVar("left_out", default=_NOTHING)


def left_out() -> LeftOut:
    """What is left out in this context."""
    return _current.get()


@contextmanager
def leave_out(parts: LeftOut) -> Iterator[None]:
    """Leave these parts out, and no others, until the block ends."""
    token = _current.set(parts)
    try:
        yield
    finally:
        _current.reset(token)


def cached(maxsize: int) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """``lru_cache`` for what depends on parts that may be left out."""

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        @lru_cache(maxsize=maxsize)
        def keyed(parts: LeftOut, *arguments: Any, **named: Any) -> Result:
            return function(*arguments, **named)

        @wraps(function)
        def call(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
            return keyed(_current.get(), *arguments, **named)  # type: ignore[arg-type]  # a cache wants hashables, which its callers give

        return call

    return decorate
