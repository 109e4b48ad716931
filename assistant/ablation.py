"""Leaving parts of the engine out, to measure what each of them is worth: ``python -m eval ablate``.

The parts ask `left_out` whether they are to do their work; nothing is left out unless somebody is measuring, or a question is to be taken literally. What was
computed without a part must not be served when it is there again, so every cache whose content depends on a part is a
`cached` one: what is left out is part of its key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from assistant.loose import loose

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is left out; by default nothing. Only ``stop_words`` also changes what an index holds."""

    families: frozenset[str] = frozenset()  # names of `language.terms.Family`
    thesaurus: bool = False
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
    publishing: bool = False  # that the words of publishing say nothing of an article's subject
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


def _parts() -> LeftOut | None:
    """What is left out, as a part of a key: its hash takes longer than most of what is looked up by it."""
    parts = _current.get()
    return None if parts is _NOTHING else parts


def cached(maxsize: int) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """``lru_cache`` for what depends on parts that may be left out. That of a method does not keep its object."""

    def decorate(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        called = loose(function)

        @lru_cache(maxsize=maxsize)
        def keyed(parts: LeftOut | None, *arguments: Any, **named: Any) -> Result:
            return called(*arguments, **named)

        @wraps(called)
        def call(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
            return keyed(_parts(), *arguments, **named)  # type: ignore[arg-type]  # a cache wants hashables, which its callers give

        return call

    return decorate


def cached_each(
    maxsize: int, function: Callable[[Sequence[Key]], Sequence[Result]]
) -> Callable[[Sequence[Key]], list[Result]]:
    """``function``, which has a result for each of many keys, as one that computes only those it does not remember.

    It remembers those of the last ``maxsize`` keys, and a method does not keep its object. What two threads ask for at once may be computed twice.
    """
    called = loose(function)
    kept: OrderedDict[tuple[LeftOut | None, Key], tuple[Result]] = OrderedDict()
    lock = Lock()

    def call(keys: Sequence[Key]) -> list[Result]:
        parts = _parts()
        entries = [(parts, key) for key in keys]
        with lock:
            found = [kept.get(entry) for entry in entries]
            for entry, held in zip(entries, found, strict=True):
                if held:
                    kept.move_to_end(entry)
        missing = list(dict.fromkeys(entry for entry, held in zip(entries, found, strict=True) if not held))
        fresh: dict[tuple[LeftOut | None, Key], tuple[Result]] = {}
        if missing:
            # In a tuple of its own a result may be anything, also nothing.
            results = called([key for _, key in missing])
            fresh = {entry: (result,) for entry, result in zip(missing, results, strict=True)}
            with lock:
                kept.update(fresh)
                while len(kept) > maxsize:
                    kept.popitem(last=False)
        return [(held or fresh[entry])[0] for entry, held in zip(entries, found, strict=True)]

    return call
