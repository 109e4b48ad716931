"""Names across the two scripts: weighted alignment of Latin letters with Arabic ones, thousands of words at a time.

*Pashinyan* and *باشينيان* are compared letter by letter: how little does it cost to write the one with the letters of the other
(`writing`)? A question's name meets all names of the collection whose consonants are about the same (`names.variants`), and those
may be thousands: they come from the index already spelled out (`Spellings`), and all of them are compared at once. Those that are
too far are given up as early as may be, most of them before the first letter is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.language import writing
from assistant.language.letters import (
    ARABIC,
    ARABIC_BITS,
    LATIN,
    LATIN_BITS,
    Bytes,
    Floats,
    Int64s,
    Masks,
    Spellings,
    as_written,
    of_words,
    spellings,
)
from assistant.language.text import is_arabic

FLOOR = 0.70
"""Likeness below which two words are not the same name."""


# Costs are sums of a few numbers of single precision.
_ROUNDING = np.float32(1e-3)
# Latin spellings from as many on are looked at before they are aligned with an Arabic one.
_MANY = 256
# Spellings that a word is aligned with: those that promise most. Of ten thousand articles a word seldom has more.
_MOST_ALIGNED = 3072
# Up to this cost a grapheme is a usual one of its letter.
_LIKELY = 0.5


def likenesses(word: str, others: Spellings) -> Floats:
    """How well ``word`` and each spelling of the other script write the same name: shape ``(n,)``.

    1 is a perfect alignment; what lies below `FLOOR` means nothing and may come back as 0.
    """
    return likenesses_each([word], others, [len(others.lengths)])


def likenesses_each(words: Sequence[str], others: Spellings, ends: Sequence[int]) -> Floats:
    """`likenesses` of several words, each compared with those of ``others`` up to its end: shape of ``others``."""
    found = np.zeros(len(others.lengths), np.float32)
    spans = zip(words, [0, *ends], ends, strict=False)
    asked = [(word, _asked(word), start, end) for word, start, end in spans if end > start and spellings(word)]
    for compare, arabic in ((_with_arabic, False), (_with_latin, True)):
        of_script = [(mine, start, end) for word, mine, start, end in asked if is_arabic(word) == arabic]
        if of_script:
            compare(of_script, others, found)
    return found


class _Asked(NamedTuple):
    """A word and its spellings; of Arabic ones that begin alike only the longest.

    ``number``: how many spellings begin each of them, itself included; ``lengths``, ``weights``: of those, one after the other.
    ``prices``: the least that each letter of the other script can cost. ``heavy``, ``skips``: of a Latin word, what its letters
    weigh, and what each costs when it is left out.
    """

    spelled: Spellings
    number: Int64s
    lengths: Int64s
    weights: Floats
    prices: Floats
    heavy: Floats
    skips: Floats


_NOTHING = np.zeros(0, np.float32)


@lru_cache(maxsize=2048)
def _asked(word: str) -> _Asked:
    spelled = of_words([word])
    if is_arabic(word):
        forms = [each.letters for each in spellings(word)]
        whole = [i for i, one in enumerate(forms) if not any(other != one and other.startswith(one) for other in forms)]
        begin = [[i for i, form in enumerate(forms) if forms[each].startswith(form)] for each in whole]
        every = np.array([i for each in begin for i in each], np.int64)
        number = np.array([len(each) for each in begin], np.int64)
        lengths, weights = spelled.lengths[every], spelled.weights[every]
        longest = spelled.some(np.array(whole))
        prices = writing.shares()[longest.letters].min(axis=0)
        return _Asked(longest, number, lengths, weights, prices, _NOTHING, _NOTHING)
    graphemes = np.concatenate(writing.graphemes(spelled.letters))
    prices = np.minimum(writing.arabic_skips(), writing.cost_table()[graphemes].min(axis=0))
    prices[:, 0] = 0.0
    every = np.ones(len(spelled.lengths), np.int64)
    heavy, skips = writing.weight_of_letters(spelled), writing.latin_skips(spelled)
    return _Asked(spelled, every, spelled.lengths, spelled.weights, prices, heavy, skips)


def _with_arabic(asked: Sequence[tuple[_Asked, int, int]], others: Spellings, found: Floats) -> None:
    """Likenesses of Latin words with Arabic spellings, those from a start to an end each, into ``found``."""
    mine_of, others_of, first = [], [], 0
    for mine, start, end in asked:
        letters = others.letters[:, start:end]
        written = np.bitwise_or.reduce(writing.written()[letters], axis=0)
        near, promise = [], []
        for number, (weight, heavy) in enumerate(zip(mine.weights, mine.heavy, strict=True)):
            # Each Arabic letter is written somehow, or left out; and a Latin one that writes none of them is left out.
            least = mine.prices[number].take(letters).sum(axis=0)
            left_over = np.zeros(end - start, np.float32)
            mine_letters = mine.spelled.letters[: mine.spelled.lengths[number], number]
            for letter, skip in zip(mine_letters, mine.skips[:, number], strict=False):
                left_over += skip * ((written & (np.uint32(1) << np.uint32(letter))) == 0)
            weights = weight * others.weights[start:end]
            near.append(np.maximum(least, left_over) <= _most(weights, heavy))
            promise.append(weights * (1 - (least + left_over) / heavy))
        for there in _likeliest(near, promise):
            others_of.append(start + there)
            mine_of.append(np.full(len(there), first))
            first += 1
    of, which = np.concatenate(mine_of), np.concatenate(others_of)
    if not len(of):
        return
    latin = _joined([mine.spelled for mine, _, _ in asked])
    heavy, weights = np.concatenate([mine.heavy for mine, _, _ in asked])[of], latin.weights[of] * others.weights[which]
    costs = writing.least_costs(latin, of, others, which, _most(weights, heavy))
    costs = costs[others.lengths[which], np.arange(len(which))]
    np.maximum.at(found, which, weights * (1 - costs / heavy))


def _with_latin(asked: Sequence[tuple[_Asked, int, int]], others: Spellings, found: Floats) -> None:
    """The same of Arabic words with Latin spellings."""
    mine_of, others_of, first = [], [], 0
    heavy = writing.weight_of_letters(others)
    for mine, start, end in asked:
        near = _near_latin(mine, others, heavy, start, end)
        others_of += near
        mine_of += [np.full(len(there), first + number) for number, there in enumerate(near)]
        first += len(near)
    which, of = np.concatenate(mine_of), np.concatenate(others_of)
    if not len(of):
        return
    number, lengths, weights = (np.concatenate([mine[place] for mine, _, _ in asked]) for place in (1, 2, 3))
    firsts = np.cumsum(number) - number
    heavy, mine_weight = heavy[of], others.weights[of]
    most = _most(mine_weight * np.maximum.reduceat(weights, firsts)[which], heavy)
    latin, place = _used(others, of)
    costs = writing.least_costs(latin, place, _joined([mine.spelled for mine, _, _ in asked]), which, most)
    # Each spelling that begins one of them was written on the way.
    pair = np.repeat(np.arange(len(of)), number[which])
    begun = np.arange(len(pair)) + np.repeat(firsts[which] - (np.cumsum(number[which]) - number[which]), number[which])
    alike = mine_weight[pair] * weights[begun] * (1 - costs[lengths[begun], pair] / heavy[pair])
    np.maximum.at(found, of[pair], alike)


def _used(spelled: Spellings, which: Int64s) -> tuple[Spellings, Int64s]:
    """Only the spellings that are among ``which``, and where those stand in them."""
    used = np.zeros(len(spelled.lengths), dtype=bool)
    used[which] = True
    return spelled.some(np.flatnonzero(used)), (np.cumsum(used) - 1)[which]


def _near_latin(mine: _Asked, others: Spellings, heavy: Floats, start: int, end: int) -> list[Int64s]:
    """For each spelling of an Arabic word those of ``others`` that may write it or one that begins it.

    A letter costs as much as leaving it out if the Latin spelling has no letter that its graphemes begin with; a Latin letter the
    least that any letter of the Arabic spelling leaves it.
    """
    if end - start < _MANY:
        return [np.arange(start, end)] * len(mine.number)
    letters, others_weights, heavy = others.letters[:, start:end], others.weights[start:end], heavy[start:end]
    there = np.bitwise_or.reduce(np.uint32(1) << letters.astype(np.uint32), axis=0)
    costly = ~writing.free(letters)
    nears, promises = [], []
    ends = np.cumsum(mine.number).tolist()
    for number, (first, last) in enumerate(zip([0, *ends], ends, strict=False)):
        left_over = (mine.prices[number].take(letters) * costly).sum(axis=0)
        least, promise = np.zeros(end - start, np.float32), np.zeros(end - start, np.float32)
        near = np.zeros(end - start, dtype=bool)
        weights = dict(zip(mine.lengths[first:last].tolist(), mine.weights[first:last].tolist(), strict=True))
        for length, letter in enumerate(mine.spelled.letters[: mine.spelled.lengths[number], number].tolist(), 1):
            least += writing.arabic_skips()[letter] * ((there & writing.beginnings()[letter]) == 0)
            if length in weights:
                weight = np.float32(weights[length]) * others_weights
                near |= np.maximum(least, left_over) <= _most(weight, heavy)
                np.maximum(promise, weight * (1 - (least + left_over) / heavy), out=promise)
        nears.append(near)
        promises.append(promise)
    return [start + there for there in _likeliest(nears, promises)]


def _likeliest(near: Sequence[npt.NDArray[np.bool_]], promise: Sequence[Floats]) -> list[Int64s]:
    """Which are ``near`` to each of a word's spellings; of very many those that ``promise`` most of all."""
    there = list(map(np.flatnonzero, near))
    if sum(map(len, there)) <= _MOST_ALIGNED:
        return there
    hopes = [of_one[places] for of_one, places in zip(promise, there, strict=True)]
    least = np.partition(np.concatenate(hopes), -_MOST_ALIGNED)[-_MOST_ALIGNED]
    return [places[hope >= least] for places, hope in zip(there, hopes, strict=True)]


def _most(weights: Floats, heavy: Floats) -> Floats:
    """The cost above which spellings of these weights, of a Latin one with letters of such weight, are below `FLOOR`."""
    return np.asarray((1 - np.float32(FLOOR) / weights) * heavy + _ROUNDING)


def unlike(word: str, arabic: bool, consonants: Masks) -> Bytes:
    """About how many consonants of ``word`` spellings lack or have besides, by the bits of theirs: shape ``(n,)``.

    ``arabic``: whether the spellings are. A quick look at very many names, of which only the closest can be compared.
    """
    forms = [_stand_for(each.letters, is_arabic(word), arabic) for each in spellings(word)]
    # As a whole and without all that may be clitics: what is between is between.
    forms = list(dict.fromkeys((max(forms, key=len), min(forms, key=len)))) if forms else []
    least = np.full(len(consonants), np.iinfo(np.uint8).max, np.uint8)
    for form in forms:
        lacking = np.bitwise_count(consonants & ~np.bitwise_or.reduce(np.array([0, *form], np.uint32)))
        for letter in form:
            lacking += (consonants & letter) == 0
        np.minimum(least, lacking, out=least)
    return least


def _stand_for(letters: str, arabic: bool, others: bool) -> tuple[np.uint32, ...]:
    """For each consonant of a spelling the bits of those that may stand for it in a spelling of the same or the other script."""
    codes, bits = (ARABIC, ARABIC_BITS) if arabic else (LATIN, LATIN_BITS)
    each = (codes.get(letter, 0) for i, letter in enumerate(letters) if letter != letters[i - 1 : i])
    consonants = [code for code in each if bits[code]]
    return tuple(bits[code] if arabic == others else _others()[arabic][code] for code in consonants)


@lru_cache(maxsize=1)
def _others() -> tuple[Masks, Masks]:
    """The consonants of the other script that Latin ones may stand for, and Arabic ones: bits by the letters' numbers."""
    of_latin, of_arabic = np.zeros(len(LATIN) + 1, np.uint32), np.zeros(writing.LETTERS, np.uint32)
    for letter, row in writing.TABLE.items():
        for text, cost in row.items():
            for each in text if cost <= _LIKELY else "":
                of_latin[LATIN[each]] |= ARABIC_BITS[ARABIC[letter]]
                of_arabic[ARABIC[letter]] |= LATIN_BITS[LATIN[each]]
    return of_latin, of_arabic


def _joined(several: Sequence[Spellings]) -> Spellings:
    """Spellings one after the other."""
    longest = max(len(each.letters) for each in several)
    letters = np.zeros((longest, sum(len(each.lengths) for each in several)), np.uint8)
    start = 0
    for each in several:
        letters[: len(each.letters), start : start + len(each.lengths)] = each.letters
        start += len(each.lengths)
    types, classes, weights, consonants, _, lengths = zip(*several, strict=True)
    return Spellings(
        np.concatenate(types), np.concatenate(classes), np.concatenate(weights), np.concatenate(consonants),
        letters, np.concatenate(lengths),
    )  # fmt: skip


@lru_cache(maxsize=65536)
def likeness(latin_word: str, arabic_word: str) -> float:
    """`likenesses` of two words, the best of their spellings."""
    return float(likenesses(latin_word, of_words([arabic_word])).max(initial=0.0))


def costs(latin: Spellings, arabic: str, most: Floats) -> Floats:
    """Least cost of writing ``arabic`` with the letters of each Latin spelling, in consonants: shape ``(n,)``.

    It is large where it would be above ``most``, shape ``(n,)``.
    """
    every = np.arange(len(latin.lengths))
    return np.asarray(writing.least_costs(latin, every, as_written([arabic]), np.zeros_like(every), most)[-1])
