"""The numbers that a text states, however they are written, with their places.

Tokens put together what several words write (`tokens`, `numerals`); here the numbers are read off them, and beside them what
only hints at a number: an Arabic dual (``عامين`` is two years), *half*, *a dozen*, ``مزدوج``. Hints let a number of
another text be found again and are themselves no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.language import arabic, numbers
from assistant.language.text import is_arabic, normalize_arabic
from assistant.language.tokens import Token, tokens

Form = Literal["digits", "words", "ordinal", "date", "hint"]
"""``date``: a day, month or year of a date in digits, such as the three of ``5/6/2022``."""


class Quantity(NamedTuple):
    """A number and its span in the text. ``values``: its readings, the likeliest first; ``1.500`` has two."""

    values: tuple[Decimal, ...]
    start: int
    end: int
    form: Form


def _hints(rows: str) -> dict[str, tuple[Decimal, ...]]:
    return {
        normalize_arabic(word): tuple(map(Decimal, values.split(",")))
        for row in rows.replace("\n", " ").split("|")
        for values, *words in [row.split()]
        for word in words
    }


_HINTS = _hints(
    """0.5,50 half halves halved نصف النصف|0.25,25,4 quarter quarters ربع|3 third thirds triple tripled trilateral threefold ثلث ثلثي ثلثا ثلاثي
    ثلاثية|2 couple pair both twice double doubled twin either neither bilateral كلا كلتا كلاهما كلتاهما كليهما زوج زوجان زوجين ضعف ضعفي ضعفين
    تضاعف تضاعفت ضاعف ثنائي ثنائية مزدوج|12 dozen dozens noon midnight midday منتصف ظهر دزينة|10 decade decades عقد|
    100 century centuries قرن|14,2 fortnight|4 رباعي رباعية"""
)
_CLITICS = re.compile("^[وف]?[بلك]?(?:ال|ل(?=ل))?")
_AFTERNOON = re.compile(r"(?::\d\d)?\s?(?:pm\b|p\.m|مساء|عصرا|ليلا|بعد الظهر)", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_SPANS = re.compile(r"\s?[-–—/]\s?")


def quantities(text: str, words: Sequence[Token] | None = None) -> list[Quantity]:
    """The numbers of a folded text in order. ``words``: its tokens, if they are known already."""
    words = tokens(text) if words is None else words
    dated = {token.start for token in words if token.word.startswith("#--")}
    found: list[Quantity] = []
    for token in words:
        read = _values(token.word)
        if not read:
            continue
        form, values = read
        written = text[token.start : token.end]
        if token.start in dated:
            form = "date"
        elif form == "digits" and not written[0].isdecimal():
            # A Roman numeral ranks, words count.
            form = "ordinal" if written.isascii() and written.isupper() else "words"
        elif _THOUSANDS.fullmatch(written):
            values = (*values, Decimal(written.replace(".", "")))
        found.append(Quantity(values, token.start, token.end, form))
    return [_in_the_afternoon(quantity, text) for quantity in _joined(found, text)]


@lru_cache(maxsize=65536)
def _values(word: str) -> tuple[Form, tuple[Decimal, ...]] | None:
    if word[0] == "@" or (word[0] == "#" and not word[1].isdecimal()):
        return None
    if word[0] == "#":
        digits = word[1:].removesuffix("th")
        form: Form = "ordinal" if word.endswith("th") else "digits"
        return form, tuple(map(Decimal, [digits] if digits.count(".") < 2 else digits.split(".")))
    names = [name for name in numbers.values(word) if name[0].isdecimal()]
    if any(name.endswith("s") for name in names):
        tens = Decimal(names[0][:-1])
        return "hint", (tens, 1800 + tens, 1900 + tens, 2000 + tens)
    if names:
        ordinal = any(name.endswith("th") for name in names)
        values = dict.fromkeys(Decimal(name.removesuffix("th")) for name in names)
        return "ordinal" if ordinal else "words", tuple(values)
    hinted = _hinted(word)
    return ("hint", hinted) if hinted else None


def _hinted(word: str) -> tuple[Decimal, ...]:
    if not is_arabic(word):
        return _HINTS.get(word.lower(), ())
    normal = normalize_arabic(word)
    clitics = _CLITICS.match(normal)
    for bare in (normal, normal[clitics.end() :] if clitics else normal):
        if bare in _HINTS:
            return _HINTS[bare]
    return (Decimal(2),) if arabic.is_dual(word) else ()


def _joined(found: Sequence[Quantity], text: str) -> Iterator[Quantity]:
    """``30،000`` made one number; the end of ``1950-53`` is also 1953."""
    held: Quantity | None = None
    for quantity in found:
        first, second = (text[held.start : held.end], text[quantity.start : quantity.end]) if held else ("", "")
        if held and first.isdecimal() and second.isdecimal():
            sign = text[held.end : quantity.start]
            if sign == "،" and len(first) <= 3 == len(second):
                held = Quantity((Decimal(first + second),), held.start, quantity.end, "digits")
                continue
            if _SPANS.fullmatch(sign) and len(first) == 4 and len(second) == 2 and second > first[2:]:
                quantity = quantity._replace(values=(*quantity.values, Decimal(first[:2] + second)))
        if held:
            yield held
        held = quantity
    if held:
        yield held


def _in_the_afternoon(quantity: Quantity, text: str) -> Quantity:
    value = quantity.values[0]
    if quantity.form != "hint" and 0 < value < 12 and _AFTERNOON.match(text, quantity.end):
        return quantity._replace(values=(*quantity.values, value + 12))
    return quantity
