"""Numbers that several words write: "2.3 million", ``تسعة وأربعين``, ``في المئة``.

Both grammars are the usual ones: groups below a thousand, each with its scale, scales falling ("two million three
hundred thousand"). Arabic puts the unit before the ten, has a dual (``ألفين``), and joins the parts by ``و``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from assistant.language import numbers
from assistant.language.text import is_arabic, normalize_arabic


class Pieces(NamedTuple):
    """Words of a text, numbers as plain digits, and what stands in the text before the one at an index."""

    words: Sequence[str]
    gap: Callable[[int], str]


class Reading(NamedTuple):
    """The pieces ``first`` up to ``end`` write this number."""

    first: int
    end: int
    number: str


def _name(value: Decimal) -> str:
    return numbers.plain(f"{value:f}")


class _Part(NamedTuple):
    value: Decimal
    end: int
    ordinal: bool = False


def readings(pieces: Pieces, begins: Iterable[int]) -> list[Reading]:
    """Numbers and per cent written by several pieces, and ordinals above ten by one; in order, not overlapping.

    ``begins``: in order, the indices of the pieces that `may_begin` one.
    """
    found: list[Reading] = []
    grammars = (_English(pieces), _Arabic(pieces))
    until = 0
    for at in begins:
        word = pieces.words[at]
        # Most numbers in digits stand alone, as most words do.
        if at < until or (word[0].isdigit() and not _may_continue(pieces, at + 1)):
            continue
        if word in numbers.PER:
            if _is_percent(pieces, at):
                found.append(Reading(at, at + 2, "%"))
            continue
        parts = [_shortened(pieces, at), *(grammar.number(at) for grammar in grammars)]
        part = max((part for part in parts if part), key=lambda part: part.end, default=None)
        if part and (part.end > at + 1 or (part.ordinal and part.value > 10)):
            found.append(Reading(at, part.end, _name(part.value) + "th" * part.ordinal))
        until = part.end if part else 0
    return found


@lru_cache(maxsize=8192)
def may_begin(word: str) -> bool:
    """Whether a number or per cent may begin with the word."""
    return word[0].isdigit() or word in numbers.PER or word.lower() in _FIRST_WORDS or bool(numbers.bare(word)[0])


def _may_continue(pieces: Pieces, at: int) -> bool:
    return at < len(pieces.words) and _continues(pieces.words[at])


@lru_cache(maxsize=8192)
def _continues(word: str) -> bool:
    return word.lower() in _NEXT_WORDS or bool(numbers.bare(word)[0])


_NEXT_WORDS = frozenset({"and", *numbers.SCALES, *numbers.PLURAL_SCALES, *numbers.SHORT_SCALES, *numbers.MONEY_SCALES})
_FIRST_WORDS = frozenset({"half", *numbers.CARDINALS, *numbers.ORDINALS, *numbers.SCALES})


def _is_percent(pieces: Pieces, at: int) -> bool:
    if at + 1 == len(pieces.words) or pieces.gap(at + 1).strip(" "):
        return False
    following = pieces.words[at + 1]
    if pieces.words[at] == "per":
        return following == "cent"
    # "في المئة" alone may also be "among the hundred".
    of_hundred = pieces.words[at] == "في" and normalize_arabic(following).removeprefix("ال") in numbers.HUNDRED
    return of_hundred and at > 0 and (may_begin(pieces.words[at - 1]) or pieces.words[at - 1] == "كم")


def _shortened(pieces: Pieces, at: int) -> _Part | None:
    """``3bn``; ``5m`` only of money, before or behind."""
    value = _digits(pieces.words[at])
    if value is None or at + 1 == len(pieces.words) or pieces.gap(at + 1).strip(" "):
        return None
    unit = pieces.words[at + 1].lower()
    scale = numbers.SHORT_SCALES.get(unit, 0)
    if unit in numbers.MONEY_SCALES:
        beside = [pieces.words[i] for i in (at - 1, at + 2) if 0 <= i < len(pieces.words)]
        scale = numbers.MONEY_SCALES[unit] if any(word.lower() in numbers.CURRENCY for word in beside) else 0
    return _Part(value * scale, at + 2) if scale else None


def _digits(word: str) -> Decimal | None:
    # Dots beyond the first belong to versions and addresses.
    return (
        Decimal(word)
        if word[0].isdigit() and len(word) <= numbers.MOST_DIGITS and re.fullmatch(r"\d+(\.\d+)?", word)
        else None
    )


class _English:
    """English numbers among pieces."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces

    def word(self, at: int) -> str:
        return self.pieces.words[at].lower() if at < len(self.pieces.words) else ""

    def joined(self, at: int) -> bool:
        """Whether only a space or a hyphen stands before a piece."""
        return at < len(self.pieces.words) and self.pieces.gap(at).replace("-", " ", 1) in (" ", "  ", "")

    def next(self, at: int) -> str:
        return self.word(at) if self.joined(at) else ""

    def after_and(self, at: int) -> int:
        """The piece after an "and" that stands at ``at``, or ``at``."""
        return at + 1 if self.next(at) == "and" and self.joined(at + 1) else at

    def below_hundred(self, at: int) -> _Part | None:
        word = self.word(at)
        if word in numbers.ORDINALS:
            return _Part(Decimal(numbers.ORDINALS[word]), at + 1, ordinal=True)
        if word not in numbers.CARDINALS:
            return None
        value = numbers.CARDINALS[word]
        unit = self.next(at + 1)
        if value >= 20 and 0 < numbers.CARDINALS.get(unit, 0) < 10:
            return _Part(Decimal(value + numbers.CARDINALS[unit]), at + 2)
        if value >= 20 and 0 < numbers.ORDINALS.get(unit, 10) < 10:
            return _Part(Decimal(value + numbers.ORDINALS[unit]), at + 2, ordinal=True)
        return _Part(Decimal(value), at + 1)

    def group(self, at: int) -> _Part | None:
        """A number below a thousand, or "fifteen hundred", or digits."""
        digits = _digits(self.word(at)) if self.word(at) else None
        if digits is not None:
            return _Part(digits, at + 1)
        first = _Part(Decimal(1), at) if self.word(at) == "hundred" else self.below_hundred(at)
        if first is None or first.ordinal:
            return first
        if self.word(first.end) == "hundred" and (first.end == at or self.joined(first.end)):
            value, end = first.value * 100, first.end + 1
            rest = self.after_and(end)
            small = self.below_hundred(rest) if self.joined(rest) else None
            if small and self.next(small.end) != "hundred":
                return _Part(value + small.value, small.end, small.ordinal)
            return _Part(value, end)
        return self.year(first) or first

    def year(self, century: _Part) -> _Part | None:
        """The rest of "nineteen eighty-four"."""
        rest = self.below_hundred(century.end) if self.joined(century.end) else None
        if rest and not rest.ordinal and 13 <= century.value <= 20 and rest.value >= 10:
            return _Part(century.value * 100 + rest.value, rest.end)
        return None

    def scale(self, at: int, several: bool) -> int:
        word = self.next(at)
        return numbers.SCALES.get(word) or (numbers.PLURAL_SCALES.get(word, 0) if several else 0)

    def number(self, at: int) -> _Part | None:
        """The longest number that begins at a piece."""
        if self.word(at) == "half":
            article = at + 2 if self.next(at + 1) == "a" else at + 1
            scale = self.scale(article, False)
            return _Part(Decimal(scale) / 2, article + 1) if scale >= 1000 else None
        total, ceiling, end = Decimal(0), Decimal(10**15), at
        here = at
        while True:
            alone = here == at and numbers.SCALES.get(self.word(at), 0) >= 1000
            part = _Part(Decimal(1), at) if alone else self.group(here)
            if part is None or (here > at and self.word(here)[0].isdigit()):
                break
            halves = Decimal(0)
            scale_at = part.end
            if [self.next(part.end + i) for i in range(3)] == ["and", "a", "half"]:
                halves, scale_at = Decimal("0.5"), part.end + 3
            scale = (
                numbers.SCALES.get(self.word(at), 0)
                if alone
                else 0
                if part.ordinal
                else self.scale(scale_at, part.value != 1)
            )
            if halves and not scale:
                break
            value, stop = (part.value + halves) * (scale or 1), scale_at + 1 if scale else part.end
            if value >= ceiling or scale >= ceiling:
                break
            total, end, ceiling = total + value, stop, Decimal(scale or 1)
            if not scale or part.ordinal:
                return _Part(total, end, part.ordinal)
            if self.word(at)[0].isdigit():
                break  # "1.7 million four years ago": what begins in digits does not go on in words
            here = self.after_and(end)
            if not self.joined(here):
                break
        return _Part(total, end) if end > at else None


class _Arabic:
    """Arabic numbers among pieces."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces

    def word(self, at: int) -> str:
        if at >= len(self.pieces.words) or not is_arabic(self.pieces.words[at]):
            return ""
        return numbers.bare(self.pieces.words[at])[0]

    def adjacent(self, at: int) -> bool:
        """Whether a piece follows the one before without ``و``."""
        return at < len(self.pieces.words) and self.pieces.gap(at).strip(" ") == "" and not self.has_and(at)

    def has_and(self, at: int) -> bool:
        if not is_arabic(self.pieces.words[at]):
            return False
        bare, joined = numbers.bare(self.pieces.words[at])
        # "وأحد عشر" looks like "واحد" once the hamza is gone.
        return joined or (bare == "واحد" and self.word(at + 1) in numbers.TEEN)

    def after_and(self, at: int) -> bool:
        """Whether a piece is joined to the one before by ``و``, its own or one set apart."""
        if at >= len(self.pieces.words):
            return False
        gap = self.pieces.gap(at).strip(" ")
        return gap == "و" or (gap == "" and self.has_and(at))

    def group(self, at: int) -> _Part | None:
        """A number below a thousand, or digits."""
        piece = self.pieces.words[at]
        digits = _digits(piece)
        if digits is not None:
            return _Part(digits, at + 1)
        hundreds = self.hundreds(at)
        if hundreds is None:
            return self.below_hundred(at)
        small = self.below_hundred(hundreds.end) if self.after_and(hundreds.end) else None
        if small and not small.ordinal and self.hundreds(hundreds.end) is None:
            return _Part(hundreds.value + small.value, small.end)
        return hundreds

    def hundreds(self, at: int) -> _Part | None:
        word = self.word(at)
        if word in numbers.ARABIC_HUNDREDS:
            return _Part(Decimal(numbers.ARABIC_HUNDREDS[word]), at + 1)
        unit = numbers.ARABIC_UNITS.get(word, 0)
        if 3 <= unit <= 9 and self.adjacent(at + 1) and self.word(at + 1) in numbers.HUNDRED:
            return _Part(Decimal(100 * unit), at + 2)
        return None

    def below_hundred(self, at: int) -> _Part | None:
        word = self.word(at)
        if word in numbers.ARABIC_TENS:
            return _Part(Decimal(numbers.ARABIC_TENS[word]), at + 1)
        # "الحادي عشر" is the eleventh, "أحد عشر" eleven.
        ordinal = word in numbers.ARABIC_ORDINALS
        unit = numbers.ARABIC_ORDINALS.get(word) or numbers.ARABIC_UNITS.get(word)
        if not unit:
            return None
        if unit < 10 and self.adjacent(at + 1) and self.word(at + 1) in numbers.TEEN:
            return _Part(Decimal(10 + unit), at + 2, ordinal)
        if unit < 10 and self.after_and(at + 1) and self.word(at + 1) in numbers.ARABIC_TENS:
            return _Part(Decimal(unit + numbers.ARABIC_TENS[self.word(at + 1)]), at + 2, ordinal)
        return _Part(Decimal(unit), at + 1, ordinal)

    def scaled(self, at: int) -> tuple[_Part, int] | None:
        """A group with its scale (1 for none), or a scale alone; ``نصف`` and ``ربع`` of one too."""
        word = self.word(at)
        if word in numbers.FRACTIONS:
            scale = numbers.ARABIC_SCALES.get(self.word(at + 1), 0) if self.adjacent(at + 1) else 0
            return (_Part(numbers.FRACTIONS[word] * scale, at + 2), scale) if scale else None
        if word in numbers.ARABIC_DUALS:
            return self.halves(_Part(Decimal(2 * numbers.ARABIC_DUALS[word]), at + 1), numbers.ARABIC_DUALS[word])
        if word in numbers.ARABIC_SCALES and word not in numbers.SEVERAL:
            return self.halves(_Part(Decimal(numbers.ARABIC_SCALES[word]), at + 1), numbers.ARABIC_SCALES[word])
        part = self.group(at)
        if part is None or part.ordinal:
            return (part, 1) if part else None
        scale = numbers.ARABIC_SCALES.get(self.word(part.end), 0) if self.adjacent(part.end) else 0
        return self.halves(_Part(part.value * scale, part.end + 1), scale) if scale else (part, 1)

    def halves(self, part: _Part, scale: int) -> tuple[_Part, int]:
        """``مليون ونصف المليون``: the half is one of the scale, named again or not."""
        word = self.word(part.end) if self.after_and(part.end) else ""
        if word not in numbers.FRACTIONS:
            return part, scale
        end = part.end + 1
        again = numbers.ARABIC_SCALES.get(self.word(end)) if self.adjacent(end) else None
        if again is not None and again != scale:
            return part, scale
        return _Part(part.value + numbers.FRACTIONS[word] * scale, end + (again is not None)), 1

    def number(self, at: int) -> _Part | None:
        """The longest number that begins at a piece."""
        first = self.scaled(at)
        if first is None:
            return None
        part, scale = first
        while scale >= 1000 and self.after_and(part.end):
            following = self.scaled(part.end)
            if following is None or following[0].ordinal or following[0].value >= scale or following[1] >= scale:
                break
            part, scale = _Part(part.value + following[0].value, following[0].end), following[1]
        return part
