"""Whether a statement of a model-written answer is supported by the sentences it cites: *lexical support*.

Nothing is understood here. A statement is refused when it says a number, a date or a name that the cited sentences do not
hold, when it denies what they assert or the reverse, or when its words are not theirs, in either language. What it leaves
out, or makes of the right words, is not seen: support is not entailment.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Literal, NamedTuple

from assistant.cases import Case, Source
from assistant.denial import wrong_polarity
from assistant.errors import IsnadError
from assistant.figures import wrong_dates, wrong_numbers
from assistant.language.text import Language
from assistant.naming import wrong_names

__all__ = ["RULES", "Case", "Source", "Verdict", "check"]

Reason = Literal["", "number", "date", "name", "negation", "words", "uncited"]

NOTHING, LEAST, BETTER = 0.1, 0.25, 0.15
"""A statement is about other things when hardly anything of it is found, however short it is, when less of it is found than
its length lets expect, or so much more in a neighbouring sentence."""


class Verdict(NamedTuple):
    """What was found, and the first reason against the statement."""

    verdict: Literal["supported", "unsupported", "uncited"]
    reason: Reason


def wrong_words(case: Case) -> Iterator[str]:
    """Whether too little of the statement is in the cited sentences, or more is in a neighbour: how much of each."""
    cited = case.coverage(range(len(case.cited)))
    first = len(case.cited)
    other = max((case.coverage([first + k]) for k in range(len(case.around))), default=0.0)
    if case.found(range(len(case.cited))) < NOTHING or cited < LEAST or other > cited + BETTER:
        yield f"{cited:.2f} {other:.2f}"


RULES: tuple[tuple[Reason, Callable[[Case], Iterator[str]]], ...] = (
    ("number", wrong_numbers),
    ("date", wrong_dates),
    ("name", wrong_names),
    ("negation", wrong_polarity),
    ("words", wrong_words),
)


def warm() -> None:
    """Read, in the background, what the first check in either direction would have to wait a second for."""

    def checks() -> None:
        # Whatever is missing or damaged is told by the first answer.
        with suppress(IsnadError):
            for said, cited, language in _SAMPLES:
                check(said, [Source(cited, language, "", None, "")])

    # Not a daemon: an interpreter that ends while compiled modules are being loaded in another thread may abort.
    threading.Thread(target=checks, name="isnad-warm-checks").start()


_SAMPLES: tuple[tuple[str, str, Language], ...] = (
    ("The two armies agreed to a truce on Monday.", "اتفق الجيشان على هدنة يوم الإثنين.", "ar"),
    ("اتفق الجيشان على هدنة يوم الإثنين.", "The two armies agreed to a truce on Monday.", "en"),
)


def check(statement: str, sources: Sequence[Source]) -> Verdict:
    """Judge a statement by the sentences it cites."""
    if not sources:
        return Verdict("uncited", "uncited")
    case = Case(statement, sources)
    for reason, rule in RULES:
        if next(rule(case), None) is not None:
            return Verdict("unsupported", reason)
    return Verdict("supported", "")
