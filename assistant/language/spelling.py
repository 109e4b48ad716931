"""Slips of the keyboard: which words one slip away were meant.

A slip is one edit: two letters swapped, one missing, one too many, or a wrong one. `cost` weighs it by how easily it
happens: a doubled letter and a swap more easily than a letter that is neither near on the keyboard nor alike in sound.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import pairwise

from assistant.language import arabic, english, glossary, names
from assistant.language.lexicon import lexicon
from assistant.language.text import is_arabic, normalize_arabic

SHORTEST = 5
"""Letters of a word below which a slip cannot be told from another word."""
_LONGEST = 24
_DOUBLED, _SWAPPED, _MISSING, _NEAR, _OTHER_ROW, _TOO_MANY, _WRONG, _FIRST = 0.3, 0.4, 0.55, 0.6, 0.65, 0.65, 1.0, 0.3
_MOST = 8

# Rows of the keyboards, each half a key further right than the one above.
_KEYBOARDS = (("qwertyuiop", "asdfghjkl", "zxcvbnm"), ("دجحخهعغفقثصض"[::-1], "طكمنتالبيسش"[::-1], "ظزوةىرؤءئ"[::-1]))
# Letters heard or seen alike.
_ALIKE = "aeiouy ck sz sc bp dt gj gk vf vw mn qk شس صس طت ضظ ضد ذد ذز ظز ثت ثس قك غق غخ هح عا ءا هة جغ جش بت بن ين تن حخ حج رز دذ فق".split()


@lru_cache(maxsize=1)
def _near() -> dict[str, dict[str, float]]:
    """What it costs to type one letter for another near it: on the same row, of a like sound, one row away."""
    near: dict[str, dict[str, float]] = {}
    for rows in _KEYBOARDS:
        beside = [pair for row in rows for pair in pairwise(row)]
        below = [
            pair
            for row, lower in pairwise(rows)
            for pair in (*zip(row, lower, strict=False), *zip(row[1:], lower, strict=False))
        ]
        for pairs, price in ((below, _OTHER_ROW), (beside, _NEAR)):
            for left, right in pairs:
                near.setdefault(left, {})[right] = near.setdefault(right, {})[left] = price
    for letters in _ALIKE:
        for letter in letters:
            near.setdefault(letter, {}).update(dict.fromkeys(letters.replace(letter, ""), _NEAR))
    return near


def cost(typed: str, meant: str) -> float | None:
    """What the slip that makes ``typed`` of ``meant`` costs, in (0, 1.3]; 0 for none, None for more than one."""
    if typed == meant:
        return 0.0
    if abs(len(typed) - len(meant)) > 1:
        return None
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    end = 0
    while end < min(len(typed), len(meant)) - start and typed[-1 - end] == meant[-1 - end]:
        end += 1
    wrong, right = typed[start : len(typed) - end], meant[start : len(meant) - end]
    first = _FIRST if start == 0 else 0.0
    if len(wrong) == len(right) == 1:
        return first + _near().get(wrong, {}).get(right, _WRONG)
    if len(wrong) == len(right) == 2 and wrong == right[::-1]:
        return first + _SWAPPED
    if len(wrong) + len(right) == 1:
        # The prefix takes as many letters as it can, so a doubled letter's twin stands before.
        doubled = start and typed[start - 1] == wrong + right
        return _DOUBLED if doubled else first + (_MISSING if right else _TOO_MANY)
    return None


def _edits(word: str) -> Iterator[str]:
    """Words that a slip may have made ``word`` of: any letter missing, but only likely ones wrong."""
    letters = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي" if is_arabic(word) else "abcdefghijklmnopqrstuvwxyz"
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]
        yield from (word[:i] + letter + word[i + 1 :] for letter in _near().get(word[i], ()))
    for i in range(len(word) - 1):
        yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    for i in range(len(word) + 1):
        yield from (word[:i] + letter + word[i:] for letter in letters)


def _uninflected(word: str) -> Iterator[str]:
    """What a regular English inflection may be one of; glosses seldom have them."""
    for ending in ("s", "es", "ed", "ing", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word.removesuffix(ending)
            yield from (base, base + "e")


def known_among(words: Collection[str]) -> set[str]:
    """Those of many words, Latin ones in lower case, that the lexicon or the glossary lists or that serve grammar."""
    in_arabic = {word for word in words if is_arabic(word)}
    in_english = set(words) - in_arabic
    bases = {word: set(_uninflected(word)) for word in in_english}
    listed = lexicon().words_among(in_english.union(*bases.values()))
    spellings = {each: word for word in words for each in (word, word.capitalize())}
    return (
        lexicon().read_among(in_arabic)
        | (in_english & listed)
        | {word for word in in_english if not bases[word].isdisjoint(listed)}
        | (in_arabic & arabic.FUNCTION_WORDS)
        | (in_english & english.STOP_WORDS)
        | {spellings[each] for each in glossary.written_among(spellings)}
    )


@lru_cache(maxsize=4096)
def corrections(word: str) -> tuple[tuple[str, float], ...]:
    """Known words, function words included, one slip from one that is not known; likeliest first."""
    if not SHORTEST <= len(word) <= _LONGEST:
        return ()
    typed = word if is_arabic(word) else word.lower()
    edits = {edit for edit in _edits(typed) if edit != typed and len(edit) >= SHORTEST - 1}
    costs = {each: cost(typed, each) or 0.0 for each in known_among(edits)}
    ranked = sorted(costs.items(), key=lambda item: (item[1], item[0]))[:_MOST]
    capital = str.capitalize if word[0].isupper() else str
    return tuple((capital(each), slip) for each, slip in ranked)


def plain(word: str) -> str:
    """The spelling that slips are counted in: no capitals, no seats of hamza."""
    return normalize_arabic(word) if is_arabic(word) else word.lower()


@lru_cache(maxsize=16384)
def bare(word: str) -> tuple[str, ...]:
    """An Arabic word as slips are counted in it, and what is left of it without what may be its proclitics."""
    return tuple(plain(form) for form in names.proclitic_forms(word) if len(form) >= SHORTEST - 1)
