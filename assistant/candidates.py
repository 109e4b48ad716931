"""Candidate sentences for an answer, read off the match matrix: their features.

How much of the question a sentence covers, alone, with its neighbours and with what its passage named before; whether it
brings something *new* of the kind asked for (a number for "how many", a person's name for "who"); and where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.language import terms
from assistant.language.kinds import Kind, kinds_of
from assistant.language.questions import Asked
from assistant.language.text import is_arabic
from assistant.matching import Question
from assistant.matrix import Group, MatchMatrix

Floats = npt.NDArray[np.float64]

FEATURES = (
    "coverage",  # share of the question's weight that the sentence matches
    "window",  # the same with its neighbours' matches at .7
    "topic",  # the same with the title's and the best earlier matches of the passage at .6
    "passage",  # the passage's score below the best passage's
    "weight",  # matched weight in absolute terms: long questions say more
    "density",  # matches crowd around a token that the question did not bring
    "length",  # log of the number of tokens
    "novelty",  # log of the number of content tokens that are new
    "first",  # first sentence of its passage
    "lead",  # 1 / (1 + position in the passage)
    "echo",  # hardly anything new: the question said again, as headlines do
    "when", "number", "who", "where", "why", "how",  # something new of the kind asked for
    "when density", "number density", "who density",  # how closely matches crowd around it
    "names", "relation",  # share of the question's names, with what the passage named before; share of its other words
    "full name",  # who: two adjacent new names
    "counted",  # how many: a new number beside the counted noun
)  # fmt: skip
_KIND_ASKED = {
    Asked.WHO: Kind.NAME,  # but see `_NO_PERSON`
    Asked.WHEN: Kind.DATE,
    Asked.WHERE: Kind.NAME | Kind.PLACE,
    Asked.NUMBER: Kind.NUMBER,
    Asked.WHY: Kind.REASON,
    Asked.HOW: Kind.MANNER,
}
_NO_PERSON = Kind.LOCATION | Kind.PEOPLE | Kind.DATE
_MATCHED, _NEW_BELOW = 0.3, 0.5
_DECAY, _SENTENCE_STEP = 7.0, 5.0  # tokens
_RARE = 5.9  # nats of prior rarity above which a word counts like a name


@dataclass(frozen=True, slots=True)
class View:
    """A group's tokens without padding, cut into sentences that have tokens.

    ``values``: ``(words, tokens)``; ``starts``: first token of each sentence; ``passage``, ``rank``: number of its passage
    and position within it; ``number``: running number over the group (`MatchMatrix.sentence`).
    """

    values: Floats
    flags: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    of_token: npt.NDArray[np.int64]
    passage: npt.NDArray[np.int64]
    rank: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]


def _view(matrix: MatchMatrix) -> View:
    inside = matrix.sentence >= 0
    sentence = matrix.sentence[inside]
    starts = np.flatnonzero(np.diff(sentence, prepend=-1))
    numbers = sentence[starts]
    passage = np.searchsorted(matrix.first, numbers, side="right") - 1
    return View(
        values=matrix.values[:, inside].astype(np.float64),
        flags=_without_leading_capitals(matrix.flags[inside], starts),
        starts=starts,
        of_token=np.cumsum(np.isin(np.arange(len(sentence)), starts)) - 1,
        passage=passage,
        rank=numbers - matrix.first[passage],
        number=numbers,
    )


def _without_leading_capitals(flags: npt.NDArray[np.int32], starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """A known word that opens a sentence is capitalised for its place, not as a name (Arabic has no capitals)."""
    flags = flags.copy()
    opening = flags[starts]
    plain = (opening >= 0) & (
        opening & int(Kind.NAME | Kind.MAYBE_NAME | Kind.UNKNOWN) == int(Kind.NAME | Kind.MAYBE_NAME)
    )
    flags[starts] = np.where(plain, opening & ~int(Kind.NAME), opening)
    return flags


def _density(view: View, weights: Floats) -> Floats:
    """Per token, how closely weighted matches crowd around it, in [0, 1].

    ``sum_i w_i max_p M[i, p] exp(-distance(p, token) / 7) / sum(w)``, a sentence boundary counting five tokens and a passage
    boundary without end. The inner maximum over all p is two running maxima, one from each side.
    """
    position = np.arange(view.values.shape[1]) + _SENTENCE_STEP * view.of_token + 1000.0 * view.passage[view.of_token]
    with np.errstate(divide="ignore"):
        logs = np.log(np.where(view.values >= _MATCHED, view.values, 0.0))
    scaled = position / _DECAY
    before = np.maximum.accumulate(logs + scaled, axis=1) - scaled
    after = np.maximum.accumulate((logs - scaled)[:, ::-1], axis=1)[:, ::-1] + scaled
    return np.asarray(weights @ np.exp(np.maximum(before, after)) / weights.sum())


def _candidate_tokens(view: View, new: npt.NDArray[np.bool_], asked: Asked) -> npt.NDArray[np.bool_]:
    wanted = _KIND_ASKED.get(asked)
    if wanted is None:
        return np.zeros(len(new), dtype=bool)
    fits = (view.flags & int(wanted) > 0) & (view.flags >= 0)
    if asked is Asked.NUMBER:
        fits &= view.flags & int(Kind.YEAR) == 0
    if asked is Asked.WHO:
        fits &= view.flags & int(_NO_PERSON) == 0
    # Words of reason and manner are function words: they are never new content.
    return fits if asked in (Asked.WHY, Asked.HOW) else fits & new


def _neighbouring(best: Floats, view: View) -> tuple[Floats, Floats]:
    same = np.diff(view.passage) == 0
    before, after = np.zeros_like(best), np.zeros_like(best)
    before[:, 1:] = np.where(same, best[:, :-1], 0.0)
    after[:, :-1] = np.where(same, best[:, 1:], 0.0)
    return before, after


def _earlier(best: Floats, view: View) -> Floats:
    earlier = np.zeros_like(best)
    for number in np.unique(view.passage):
        run = np.flatnonzero(view.passage == number)
        earlier[:, run[1:]] = np.maximum.accumulate(best[:, run[:-1]], axis=1)
    return earlier


def _counted(view: View, candidate: npt.NDArray[np.bool_], row: int | None) -> npt.NDArray[np.bool_]:
    """Tokens that are a new number at most one token after, three before, a match of the counted noun."""
    found = np.zeros(len(candidate), dtype=bool)
    if row is None:
        return found
    nouns = np.flatnonzero(view.values[row] >= 0.4)
    for token in np.flatnonzero(candidate):
        found[token] = np.any((nouns - token >= -1) & (nouns - token <= 3))
    return found


def name_rows(question: Question) -> npt.NDArray[np.bool_]:
    """Question words that name something: names, numbers, and words as rare as names."""
    opening = question.words[0] if question.words else None
    named = []
    for token in question.words:
        kinds = kinds_of(token.word)
        capital_for_place = (
            token is opening and token.start == 0 and not kinds & Kind.UNKNOWN and not is_arabic(token.word)
        )
        is_name = bool(kinds & Kind.NAME) and not capital_for_place
        # "%" and "$" name nothing.
        is_number = token.word[0] == "#" and token.word[1:2] in "-0123456789"
        named.append(is_name or is_number or terms.prior_idf(token.word) >= _RARE)
    return np.array(named, dtype=bool)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything computed of a group that the two models need. ``features``: shape ``(sentences, features)``."""

    group: Group
    view: View
    features: Floats
    best: Floats  # (words, sentences): best match of each word in each sentence
    near: Floats  # (words, sentences): the same with the neighbouring sentences
    window: Floats  # (sentences,): the "window" feature
    typed: Floats  # (sentences,): density at the best token of the kind asked for
    crowding: Floats  # (tokens,): density at new tokens of the kind asked for, 0 elsewhere
    counted: npt.NDArray[np.bool_]  # (tokens,): a new number beside the counted noun


def read(group: Group, asked: Asked, counted: str | None, top: float) -> Reading:
    view, weights = _view(group.matrix), group.question.weights
    total = weights.sum()
    best = np.maximum.reduceat(view.values, view.starts, axis=1)
    before, after = _neighbouring(best, view)
    content = view.flags >= 0
    new = content & (view.values.max(axis=0) < _NEW_BELOW)
    density = _density(view, weights)
    candidate = _candidate_tokens(view, new, asked)

    def share(matches: Floats) -> Floats:
        return np.asarray(weights @ matches / total)

    def per_sentence(values: npt.NDArray[Any]) -> Floats:
        return np.maximum.reduceat(values.astype(np.float64), view.starts)

    lengths = np.diff(np.append(view.starts, len(content)))
    novel = np.add.reduceat(new.astype(np.float64), view.starts)
    typed = per_sentence(candidate)
    pairs = np.zeros(len(candidate), dtype=bool)
    if asked is Asked.WHO:
        pairs[:-1] = candidate[:-1] & candidate[1:] & (view.of_token[:-1] == view.of_token[1:])
    rows = {token.word.lower(): i for i, token in enumerate(group.question.words)}
    row = rows.get(counted) if counted and asked is Asked.NUMBER else None
    near = np.maximum(best, 0.7 * np.maximum(before, after))
    carried = np.maximum(best, 0.6 * np.maximum(_earlier(best, view), group.matrix.titles[:, view.passage]))
    names = name_rows(group.question)
    crowding = np.where(candidate & new, density, 0.0)
    crowded = per_sentence(crowding)
    beside_noun = _counted(view, candidate, row)

    def part(rows: npt.NDArray[np.bool_], matches: Floats) -> Floats:
        of = weights[rows].sum()
        return np.asarray(weights[rows] @ matches[rows] / of) if of else np.zeros(matches.shape[1])

    window = share(near)
    columns = [
        share(best),
        window,
        share(carried),
        group.scores[view.passage] - top,
        weights @ best / 20,
        per_sentence(np.where(new, density, 0)),
        np.log1p(lengths),
        np.log1p(novel),
        view.rank == 0,
        1 / (1 + view.rank),
        novel < 2,
        *(typed * (asked is kind) for kind in (Asked.WHEN, Asked.NUMBER, Asked.WHO, Asked.WHERE, Asked.WHY, Asked.HOW)),
        *(crowded * (asked is kind) for kind in (Asked.WHEN, Asked.NUMBER, Asked.WHO)),
        part(names, carried),
        part(~names, best),
        per_sentence(pairs),
        per_sentence(beside_noun),
    ]
    features = np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)
    return Reading(group, view, features, best, near, window, crowded, crowding, beside_noun)
