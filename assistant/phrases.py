"""The likely answer inside a quoted sentence, when a date or a counted number is asked for.

Names and places are not marked: too often the nearest one is not the answer.
"""

from __future__ import annotations

import re

import numpy as np

from assistant.candidates import Reading
from assistant.catalogue import StoredPassage
from assistant.language.kinds import Kind
from assistant.language.questions import Asked
from assistant.language.sentences import Span

# Tokens of one date or number stand this close: "27 سبتمبر/أيلول 2020", "2,3 million", "September 27, 2020".
_JOINED = re.compile(r"[\s/\-–,،.:]{0,3}")
_KINDS = {Asked.WHEN: Kind.DATE | Kind.NUMBER, Asked.NUMBER: Kind.NUMBER}


def answer_phrase(reading: Reading, sentence: int, asked: Asked) -> Span | None:
    """The date or number of a sentence around which the question's words crowd most; offsets in the document.

    A number is trusted only beside the noun that the question counts.
    """
    kinds = _KINDS.get(asked)
    if kinds is None:
        return None
    tokens = np.flatnonzero((reading.view.of_token == sentence) & (reading.crowding > 0))
    if asked is Asked.NUMBER:
        tokens = tokens[reading.counted[tokens]]
    if not len(tokens):
        return None
    chosen = int(tokens[reading.crowding[tokens].argmax()])
    passage = reading.group.passages[int(reading.view.passage[sentence])]
    offset = int(np.searchsorted(reading.view.passage[reading.view.of_token], reading.view.passage[sentence]))
    fits = (reading.view.flags >= 0) & (reading.view.flags & int(kinds) > 0) & (reading.view.of_token == sentence)
    first = last = chosen
    while first > offset and fits[first - 1] and _is_joined(passage, first - 1 - offset):
        first -= 1
    while last + 1 < len(fits) and fits[last + 1] and _is_joined(passage, last - offset):
        last += 1
    return Span(int(passage.token_starts[first - offset]), int(passage.token_ends[last - offset]))


def _is_joined(passage: StoredPassage, token: int) -> bool:
    """Whether nothing but space or the punctuation of dates stands between a token and the next."""
    end, start = int(passage.token_ends[token]), int(passage.token_starts[token + 1])
    return bool(_JOINED.fullmatch(passage.text[end - passage.start : start - passage.start]))
