"""Words of a text with their places.

A token's ``word`` is folded; its span is in the original text. Numbers are written ``#1234``. Where a word can be read in a
second way the reading follows as one more token at the same place: ``XIV`` also as ``#14``, ``1970s`` also as
``seventies``, and letter names written out in Arabic (``بي بي سي``) as the acronym ``@BBC``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.language.text import ARABIC_LETTERS, fold, is_arabic

_WORD = re.compile(
    r"(?P<decade>(?<!\d)(?:\d{2})?[2-9]0(?='?s\b))'?s"
    r"|(?P<ordinal>\d+)(?:st|nd|rd|th)\b"
    r"|[A-Za-z]+(?:'(?!(?i:re|ll|ve)\b)(?=[A-Za-z]{2,})[A-Za-z]+)?"  # "O'Brien" is one word, "they're" is two
    r"|\d+(?:[.,]\d+)*"
    rf"|[{ARABIC_LETTERS}]+"
)
_ROMAN = re.compile(r"(?=[MDCLXVI]{2,}$)M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
_TENS = "thirty forty fifty sixty seventy eighty ninety"
CARDINALS = {word: str(n) for n, word in enumerate(_UNITS.split())} | {
    word: str(10 * n) for n, word in enumerate(_TENS.split(), 3)
}
ORDINALS = {word: str(n) for n, word in enumerate(_ORDINALS.split(), 1)}
_ORDINAL_WORDS = {number: word for word, number in ORDINALS.items()}
_DECADES = dict(
    zip(
        "20 30 40 50 60 70 80 90".split(),
        "twenties thirties forties fifties sixties seventies eighties nineties".split(),
        strict=True,
    )
)

# Names of the Latin letters as Arabic writes them out.
_LETTER_NAMES = {
    name: letter
    for letter, names in {
        "A": "إيه أيه ايه اي", "B": "بي", "C": "سي", "D": "دي", "E": "إي", "F": "إف أف اف", "G": "جي", "H": "إتش أتش اتش",
        "I": "آي أي", "J": "جيه جاي", "K": "كيه كي كاي", "L": "إل أل ال", "M": "إم أم ام", "N": "إن أن ان", "O": "أو او",
        "Q": "كيو", "R": "آر ار", "S": "إس أس اس", "T": "تي", "U": "يو", "V": "في", "W": "دبليو", "X": "إكس اكس",
        "Y": "واي", "Z": "زد زي زيد",
    }.items()
    for name in names.split()
}  # fmt: skip
# Those that are no ordinary words: two of them make a run of letter names an acronym.
_UNMISTAKABLE = frozenset("بي سي دي تي جي آر إس إف دبليو إكس واي يو كيو إتش كيه إيه أيه آي إم".split())
# Arabic has no P and no G of its own: BBC and PPC are written alike.
_ONE_LETTER = str.maketrans("PJ", "BG")


class Token(NamedTuple):
    """A word type and the half-open character span, in the original text, that it was read from."""

    word: str
    start: int
    end: int


def roman_value(numeral: str) -> int:
    """Value of an upper-case Roman numeral."""
    digits = [_ROMAN_DIGITS[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))


def acronym(word: str) -> str:
    """Key under which an acronym is found from either script."""
    return word.upper().translate(_ONE_LETTER)


def _number(digits: str) -> str:
    return "#" + re.sub(r",(?=\d{3}(?!\d))", "", digits).replace(",", ".")


def _plain(text: str) -> Iterator[Token]:
    folded = fold(text)
    for match in _WORD.finditer(folded.text):
        start, end = folded.original(*match.span())
        word = match.group()
        if match["decade"]:
            yield Token("#" + match["decade"], start, end)
            yield Token(_DECADES[match["decade"][-2:]], start, end)
        elif match["ordinal"]:
            number = match["ordinal"]
            yield Token(_ORDINAL_WORDS.get(number, "#" + number), start, end)
        elif word[0].isdigit():
            yield Token(_number(word), start, end)
        elif len(word) > 1 or not is_arabic(word):  # a lone Arabic letter is a list mark or a clitic set apart
            yield Token(word, start, end)


def _letter(word: str) -> str | None:
    if word in _LETTER_NAMES:
        return _LETTER_NAMES[word]
    for clitic in ("ال", "ل", "ب", "و"):
        if word.startswith(clitic) and word[len(clitic) :] in _UNMISTAKABLE:
            return _LETTER_NAMES[word[len(clitic) :]]
    return None


def tokens(text: str) -> list[Token]:
    """Tokens of ``text`` in order of their places."""
    plain = list(_plain(text))
    letters = [_letter(token.word) for token in plain]
    result: list[Token] = []
    spelled_until = 0
    for i, token in enumerate(plain):
        if letters[i] and i >= spelled_until:
            end = i
            while end < len(plain) and letters[end]:
                end += 1
            run = plain[i:end]
            sure = sum(any(t.word.endswith(name) for name in _UNMISTAKABLE) for t in run)
            if len(run) >= 2 and sure >= 2:
                spelled_until = end
                name = acronym("".join(letter for letter in letters[i:end] if letter))
                result.append(Token("@" + name, token.start, run[-1].end))
        if len(token.word) >= 2 and token.word.isascii() and token.word.isupper() and _ROMAN.fullmatch(token.word):
            result.append(Token(f"#{roman_value(token.word)}", token.start, token.end))
        result.append(token)
    return result
