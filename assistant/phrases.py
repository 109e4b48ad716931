"""The likely answer inside a quoted sentence, when a date or a counted number is asked for.

Names and places are not marked: too often the nearest one is not the answer.
"""

from __future__ import annotations

import re

import numpy as np

from assistant.candidates import Reading
from assistant.language.kinds import Kind, kinds_of
from assistant.language.questions import Asked
from assistant.language.sentences import Span
from assistant.language.tokens import Token, tokens

# Tokens of one date or number stand this close: "27 سبتمبر/أيلول 2020", "2,3 million", "September 27, 2020".
_JOINED = re.compile(r"[\s/\-–,،.:]{0,3}")
_COMMA, _YEAR = frozenset(",،"), re.compile(r"#\d{4}")
_KINDS = {Asked.WHEN: Kind.DATE | Kind.NUMBER, Asked.NUMBER: Kind.NUMBER}


def answer_phrase(reading: Reading, sentence: int, asked: Asked) -> Span | None:
    """The date or number of a sentence around which the question's words crowd most; offsets in the document.

    A number is trusted only beside the noun that the question counts.
    """
    kinds = _KINDS.get(asked)
    if kinds is None:
        return None
    places = np.flatnonzero((reading.view.of_token == sentence) & (reading.crowding > 0))
    if asked is Asked.NUMBER:
        places = places[reading.counted[places]]
    if not len(places):
        return None
    chosen = int(places[reading.crowding[places].argmax()])
    passage = reading.group.passages[int(reading.view.passage[sentence])]
    offset = int(np.searchsorted(reading.view.passage[reading.view.of_token], reading.view.passage[sentence]))
    fits = (reading.view.flags >= 0) & (reading.view.flags & int(kinds) > 0) & (reading.view.of_token == sentence)
    # The index keeps no places of single tokens: those of the one passage are found again.
    found = tokens(passage.text)
    first = last = chosen
    while (
        first > offset and fits[first - 1] and _is_joined(passage.text, *found[first - 1 - offset : first + 1 - offset])
    ):
        first -= 1
    while (
        last + 1 < len(fits) and fits[last + 1] and _is_joined(passage.text, *found[last - offset : last + 2 - offset])
    ):
        last += 1
    return Span(passage.start + found[first - offset].start, passage.start + found[last - offset].end)


def _is_joined(text: str, token: Token, following: Token) -> bool:
    """Whether nothing but space or the punctuation of dates stands between two tokens: a comma only behind a day of the week or a
    month, or before the year.
    """
    between = text[token.end : following.start]
    if not _COMMA.isdisjoint(between):
        named = token.word[0] != "#" and kinds_of(token.word) & Kind.DATE
        if not (named or _YEAR.fullmatch(following.word)):
            return False
    return bool(_JOINED.fullmatch(between))
