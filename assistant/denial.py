"""Negations of a statement that the sentences it cites do not make, and the reverse.

Negatives of both sides are paired by what they bear on. What is left over contradicts when the other side says the very words
without a negative.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.cases import MATCHED, SURE, Case
from assistant.claims import Reading
from assistant.language import arabic, english
from assistant.language.polarity import Negative
from assistant.language.text import is_arabic


class _Pair(NamedTuple):
    """A negative of the statement and one of a cited sentence that may say the same; numbers of both in their lists."""

    score: float
    mine: int
    theirs: int


def wrong_polarity(case: Case) -> Iterator[str]:
    """Negatives of the statement that contradict the cited sentences, then those of theirs that it contradicts."""
    mine = case.said.negatives
    theirs = [(number, negative) for number, text in enumerate(case.cited) for negative in text.negatives]
    pairs = [
        _Pair(score, i, j)
        for i, said in enumerate(mine)
        for j, (number, negative) in enumerate(theirs)
        if (score := _agreement(case, said, number, negative)) > 0
    ]
    partner: dict[int, int] = {}
    taken = set[int]()
    for pair in sorted(pairs, reverse=True):
        if pair.mine not in partner and pair.theirs not in taken:
            partner[pair.mine] = pair.theirs
            taken.add(pair.theirs)
    excused: list[Negative] = []
    spare = [negative for j, (_, negative) in enumerate(theirs) if j not in taken and negative.strength != "weak"]
    for i, negative in enumerate(mine):
        if negative.strength not in ASKED:
            continue
        word = case.said.words[negative.place].word
        double = next(
            (
                k
                for k, each in enumerate(mine)
                if each.place in negative.denied[:1] and each.place <= negative.place + 2 and each.strength == "worded"
            ),
            None,
        )
        if double is not None and (i in partner) != (double in partner):
            yield word
        elif i in partner or _continued(case.said, negative, [mine[k] for k in partner]):
            continue
        elif _asserted(case, negative, any(each.strength in ASKED for each in spare)):
            yield word
        elif excuse := next((each for each in spare if _may_mean(each, negative)), None):
            spare.remove(excuse)
            excused.append(excuse)
        elif negative.strength == "plain":
            yield word  # a prefix of one language is often something else in the other: "عدم التدخل", *to stay away*
    for j, (number, negative) in enumerate(theirs):
        if j in taken or negative in excused:
            continue
        if _continued(case.cited[number], negative, [theirs[k][1] for k in taken if theirs[k][0] == number]):
            continue
        if (negative.strength in ASKED and _affirmed(case, number, negative)) or _said_plainly(case, number, negative):
            yield case.cited[number].words[negative.place].word


def _agreement(case: Case, said: Negative, number: int, negative: Negative) -> float:
    """How likely two negatives deny the same: what they bear on matches, or matching words stand near both."""
    if not _may_mean(said, negative):
        return 0.0
    values = case.support.of_text(number)
    mine = [
        row
        for i in ((said.place,) if said.strength != "plain" else ()) + said.denied
        if (row := case.row(i)) is not None
    ]
    theirs = ((negative.place,) if negative.strength != "plain" else ()) + negative.denied
    best = 0.0
    for k, row in enumerate(mine):
        for m, j in enumerate(theirs):
            if values[row, j] >= MATCHED:
                best = max(best, (1 + (j == negative.place)) * float(values[row, j]) / (1 + 0.3 * (k + m)))
        near = float(values[row, slice(*negative.scope)].max(initial=0.0))
        if near >= MATCHED:
            best = max(best, 0.5 * near / (1 + 0.3 * k))
    for m, j in enumerate(theirs):
        for found in np.flatnonzero(values[:, j] >= MATCHED):
            if said.scope[0] <= case.index(int(found)) < said.scope[1]:
                best = max(best, 0.5 * float(values[found, j]) / (1 + 0.3 * m))
    return best * min(WEIGHTS[said.strength], WEIGHTS[negative.strength])


ASKED = ("plain", "prefix")


def _continued(text: Reading, negative: Negative, others: Sequence[Negative]) -> bool:
    """Whether a negative only goes on with one of the others: *not tomorrow and not in November*."""
    for other in others:
        first, last = sorted((other.place, negative.place))
        if other.strength in ASKED and 0 < last - first <= 6 and other.scope[0] <= negative.place < other.scope[1]:
            between = text.text[text.words[first].end : text.words[last].end]
            if re.search(r"\b(?:and|or|nor)\b|\sو", between):
                return True
    return False


WEIGHTS = {"plain": 1.0, "prefix": 1.0, "worded": 0.8, "weak": 0.3, "affixed": 0.3}


def _may_mean(one: Negative, other: Negative) -> bool:
    """Whether one may be the other in another language or in other words."""
    return "affixed" not in (one.strength, other.strength) or "prefix" in (one.strength, other.strength)


def _near(negative: Negative, place: int, others: Sequence[Negative]) -> bool:
    return any(
        other.scope[0] <= place < other.scope[1] and other.strength != "weak" and _may_mean(other, negative)
        for other in others
    )


def _asserted(case: Case, negative: Negative, excusable: bool) -> bool:
    """Whether a cited sentence says what the statement denies: one of its first words, with no negative near.

    ``excusable``: the cited sentences deny something that nothing of the statement is paired with.
    """
    # A prefix denies the very next word. A negative particle denies the verb; the word behind that may be a subject, which
    # both sides name, and is counted only where nothing else can account for the negative.
    rows = (case.row(i) for i in negative.denied[: 1 if excusable or negative.strength == "prefix" else 2])
    return any(_stands(case, negative, row) for row in rows if row is not None)


def _stands(case: Case, negative: Negative, row: int) -> bool:
    found = False
    for number, text in enumerate(case.cited):
        for column in np.flatnonzero(case.support.of_text(number)[row] >= SURE):
            if _near(negative, int(column), text.negatives):
                return False
            found = True
    return found


def _affirmed(case: Case, number: int, negative: Negative) -> bool:
    """Whether the statement says what a cited sentence denies, with no negative near."""
    values = case.support.of_text(number)
    rows = _matching_rows(values, negative.denied)
    if rows is None:
        return False
    places = [case.index(row) for row in rows]
    return not any(_near(negative, place, case.said.negatives) for place in places)


def _said_plainly(case: Case, number: int, negative: Negative) -> bool:
    """Whether the statement says *likely* where a cited sentence says *unlikely*, and only that."""
    if not negative.base or any(other.strength in ASKED for other in case.said.negatives):
        return False
    stem = english.stem(negative.base)
    if any(english.stem(token.word) == stem for token in case.cited[number].words if not is_arabic(token.word)):
        return False
    return any(
        (
            arabic.meanings(token.word).get(stem, 0.0) >= MATCHED
            if is_arabic(token.word)
            else english.stem(token.word) == stem
        )
        and not _near(negative, case.index(row), case.said.negatives)
        for row, token in enumerate(case.support.words)
        if token.word[0] not in "#@"
    )


def _matching_rows(values: npt.NDArray[np.float32], denied: Sequence[int]) -> list[int] | None:
    """Rows that match what a source denies: its first word, or most of them; None when the statement does not say it."""
    best = [(int(values[:, j].argmax()), float(values[:, j].max())) for j in denied] if len(values) else []
    hits = [row for row, value in best if value >= MATCHED]
    if best and (best[0][1] >= MATCHED or len(hits) >= 2):
        return hits
    return None
