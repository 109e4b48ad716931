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
from assistant.language.definitions import describes
from assistant.language.kinds import Kind, kinds_of
from assistant.language.questions import Asked
from assistant.language.text import is_arabic
from assistant.language.tokens import tokens
from assistant.language.wanted import Wanted
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
    "place",  # where: a new name that is known to be one of a place
    "defined",  # what is it: the name, and then what opens a description
)  # fmt: skip
_KIND_ASKED = {
    Asked.WHO: Kind.NAME,  # but see `_NO_PERSON`
    Asked.WHEN: Kind.DATE,
    Asked.WHERE: Kind.NAME | Kind.PLACE,
    Asked.NUMBER: Kind.NUMBER,
    Asked.WHY: Kind.REASON,
    Asked.HOW: Kind.MANNER,
    Asked.CONDITION: Kind.CONDITION,
}
_FUNCTION = (Asked.WHY, Asked.HOW, Asked.CONDITION)
_NO_PERSON = Kind.LOCATION | Kind.PEOPLE | Kind.DATE
_MATCHED, _NEW_BELOW = 0.3, 0.5
_DECAY, _SENTENCE_STEP = 7.0, 5.0  # tokens
_NAMED = 0.6  # of the question's weight, in a sentence that says what a thing is
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
    inside = np.flatnonzero(matrix.sentence >= 0)
    sentence = matrix.sentence[inside]
    starts = np.flatnonzero(np.diff(sentence, prepend=-1))
    numbers = sentence[starts]
    passage = np.searchsorted(matrix.first, numbers, side="right") - 1
    return View(
        values=np.take(matrix.values, inside, axis=1).astype(np.float64),
        flags=_without_leading_capitals(matrix.flags[inside], starts),
        starts=starts,
        of_token=np.repeat(np.arange(len(starts)), np.diff(starts, append=len(sentence))),
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
    matched = view.values >= _MATCHED
    rows = np.flatnonzero(matched.any(axis=1))
    matched = matched[rows]
    logs = np.full(matched.shape, -np.inf)
    logs[matched] = np.log(view.values[rows][matched])
    scaled = position / _DECAY
    before = np.maximum.accumulate(logs + scaled, axis=1) - scaled
    after = np.maximum.accumulate((logs - scaled)[:, ::-1], axis=1)[:, ::-1] + scaled
    return np.asarray(weights[rows] @ np.exp(np.maximum(before, after)) / weights.sum())


def _candidate_tokens(view: View, new: npt.NDArray[np.bool_], wanted: Wanted) -> npt.NDArray[np.bool_]:
    asked, kinds = wanted.asked, _KIND_ASKED.get(wanted.asked)
    if kinds is None:
        return np.zeros(len(new), dtype=bool)
    if asked in _FUNCTION:
        # Words of reason and manner are function words, which are never new content.
        return np.where(view.flags < 0, ~view.flags, view.flags) & int(kinds) > 0
    fits = _has(view, kinds)
    if wanted.how_long:
        return fits & new & _beside(view, Kind.TIME) | _bare_time(view) & new
    if asked is Asked.NUMBER:
        fits &= view.flags & int(Kind.YEAR) == 0
    if asked is Asked.WHO:
        fits &= view.flags & int(_NO_PERSON) == 0
    return fits & new


def _has(view: View, kind: Kind) -> npt.NDArray[np.bool_]:
    return (view.flags & int(kind) > 0) & (view.flags >= 0)


def _placed(view: View, country: bool | None) -> npt.NDArray[np.bool_]:
    """Known places: countries, or what lies within one, or both."""
    there, countries = _has(view, Kind.LOCATION), _has(view, Kind.COUNTRY)
    return there if country is None else there & (countries if country else ~countries)


def _beside(view: View, kind: Kind) -> npt.NDArray[np.bool_]:
    """Tokens that are of a kind, or at most two tokens before one that is, in the same sentence."""
    there = _has(view, kind)
    found = there.copy()
    for step in (1, 2):
        found[:-step] |= there[step:] & (view.of_token[:-step] == view.of_token[step:])
    return found


def _bare_time(view: View) -> npt.NDArray[np.bool_]:
    """Units of time that are no part of a date: "within a week", but not ``عام 2020``."""
    dated = _has(view, Kind.DATE)
    beside = np.zeros(len(dated), dtype=bool)
    beside[:-1] |= dated[1:]
    beside[1:] |= dated[:-1]
    return _has(view, Kind.TIME) & ~beside


def _neighbouring(best: Floats, view: View) -> tuple[Floats, Floats]:
    same = np.diff(view.passage) == 0
    before, after = np.zeros_like(best), np.zeros_like(best)
    before[:, 1:] = np.where(same, best[:, :-1], 0.0)
    after[:, :-1] = np.where(same, best[:, 1:], 0.0)
    return before, after


def _earlier(best: Floats, view: View) -> Floats:
    firsts = np.flatnonzero(np.diff(view.passage, prepend=-1))
    counts = np.diff(firsts, append=len(view.passage))
    run = np.repeat(np.arange(len(firsts)), counts)
    place = np.arange(len(run)) - firsts[run]
    # A row for each passage, its sentences one place further on.
    table = np.zeros((len(best), len(firsts), int(counts.max()) + 1))
    table[:, run, place + 1] = best
    return np.asarray(np.maximum.accumulate(table, axis=2)[:, run, place])


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


def _defined(group: Group, view: View, best: Floats, weights: Floats) -> Floats:
    """1 for sentences that name what the question names and go on to describe it."""
    found = np.zeros(len(view.starts))
    matched = view.values.max(axis=0) >= _NEW_BELOW
    ends = np.append(view.starts, len(matched))
    for sentence in np.flatnonzero(weights @ best >= _NAMED * weights.sum()):
        passage = int(view.passage[sentence])
        # The index keeps no places of single tokens: those of the one passage are found again.
        text = group.passages[passage].text
        places = tokens(text)
        offset = int(np.searchsorted(view.passage[view.of_token], passage))
        named = np.flatnonzero(matched[ends[sentence] : ends[sentence + 1]]) + ends[sentence] - offset
        found[sentence] = any(describes(text, places[place].end) for place in named.tolist())
    return found


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


def read(group: Group, wanted: Wanted, top: float) -> Reading:
    asked = wanted.asked
    view, weights = _view(group.matrix), group.question.weights
    total = weights.sum()
    best = np.maximum.reduceat(view.values, view.starts, axis=1)
    before, after = _neighbouring(best, view)
    content = view.flags >= 0
    new = content & (view.values.max(axis=0) < _NEW_BELOW)
    density = _density(view, weights)
    candidate = _candidate_tokens(view, new, wanted)

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
    row = rows.get(wanted.counted) if wanted.counted else None
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
        *(typed * (asked is kind) for kind in (Asked.WHEN, Asked.NUMBER, Asked.WHO, Asked.WHERE, Asked.WHY)),
        # Nobody asks for conditions in the sets for fitting: one is worth what a manner is.
        typed * (asked in (Asked.HOW, Asked.CONDITION)),
        *(crowded * (asked is kind) for kind in (Asked.WHEN, Asked.NUMBER, Asked.WHO)),
        part(names, carried),
        part(~names, best),
        per_sentence(pairs),
        per_sentence(beside_noun),
        per_sentence(candidate & _placed(view, wanted.country)) * (asked is Asked.WHERE),
        _defined(group, view, best, weights) if wanted.definition else np.zeros(len(view.starts)),
    ]
    features = np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)
    return Reading(group, view, features, best, near, window, crowded, crowding, beside_noun)
