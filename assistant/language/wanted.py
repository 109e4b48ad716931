"""All that a question says of its answer."""

from __future__ import annotations

from typing import NamedTuple

from assistant.language.definitions import asks_what_it_is
from assistant.language.questions import Asked, asks_for_country, asks_how_long, counted_noun


class Wanted(NamedTuple):
    """``counted``: of how many, the noun; ``how_long``: a span of time; ``country``: of where, whether it is a country, or a place
    within one, or either; ``definition``: what a thing is.
    """

    asked: Asked
    counted: str | None = None
    how_long: bool = False
    country: bool | None = None
    definition: bool = False

    @classmethod
    def of(cls, question: str, asked: Asked) -> Wanted:
        """What ``question`` wants, whose kind is ``asked``."""
        return cls(
            asked,
            counted_noun(question) if asked is Asked.NUMBER else None,
            asked is Asked.NUMBER and asks_how_long(question),
            asks_for_country(question) if asked is Asked.WHERE else None,
            asked is Asked.THING and asks_what_it_is(question),
        )
