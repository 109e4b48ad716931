"""Words of a text with their places.

A token's ``word`` is folded; its span is in the original text. Numbers are written ``#1234`` whether digits or several words
write them ("2.3 million" is one token, `numerals`), ordinals above ten ``#14th``, the month of a date in digits ``#--09``,
and signs that are read as words ``#%``. Where a word can be read in a second way the reading stands beside it as one
more token at the same place: ``XIV`` also as ``#14``, ``1970s`` also as ``seventies``, the first two numbers of ``5/6/2022``
also as months, and letter names written out in Arabic (``بي بي سي``) as the acronym ``@BBC``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.language import numbers, numerals
from assistant.language.text import ARABIC_LETTERS, Folded, fold, is_arabic, normalize_arabic

_WORD = re.compile(
    r"(?P<letters>[A-Za-z]+(?:'(?!(?i:re|ll|ve)\b)(?=[A-Za-z]{2,})[A-Za-z]+)?"  # "O'Brien" is one word, "they're" is two
    rf"|[{ARABIC_LETTERS}]+)"
    r"|(?P<decade>(?<!\d)(?:\d{2})?[2-9]0(?='?s\b))'?s"
    r"|(?<![\d/.:-])(?:(?P<y1>\d{4})(?P<s1> ?[/.-] ?)(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<s2> ?[/.-] ?)(?P<b>\d{1,2})(?P=s2)(?P<y2>\d{4}))(?![\d/]|[.:-]\d)"
    r"|(?P<ordinal>\d+)(?:st|nd|rd|th)\b"
    r"|\d{1,3}(?: 000)+(?![\d.,])"
    r"|\d+(?:[.,]\d+)*"
    rf"|[{numbers.SIGNS}](?= ?\d)|(?:(?<=\d)|(?<=\d ))[{numbers.SIGNS}]"
)
_ROMAN = re.compile(r"(?=[MDCLXVI]{2,}$)M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}

_FIRST_ORDINALS = {str(n): word for word, n in numbers.ORDINALS.items() if n <= 10}
# Days, months and the year of a date in digits; Hijri years are no years of these months.
_YEARS = range(1500, 2200)
# The Levant's names of two words, as one.
_MONTHS = {
    ("تشرين", "اول"): "أكتوبر", ("تشرين", "ثاني"): "نوفمبر", ("كانون", "اول"): "ديسمبر", ("كانون", "ثاني"): "يناير",
    ("تشرين", "ثان"): "نوفمبر", ("كانون", "ثان"): "يناير",
}  # fmt: skip
_MONTH_BEGINNINGS = tuple({first for first, _ in _MONTHS})
# What stands before digits as a word would have it: "الـ19".
_ARTICLES = frozenset("ال وال بال لل لال فال كال".split())

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


class _Place(NamedTuple):
    """A token and its half-open span in the folded text."""

    token: Token
    start: int
    end: int


def _date(match: re.Match[str]) -> list[tuple[str, str]]:
    """Groups of a date in digits with their words; empty if it is none."""
    year = int(match["y1"] or match["y2"])
    if match["y1"]:
        day_first, month_first = False, int(match["m1"]) <= 12 and int(match["d1"]) <= 31
        first, second = "m1", "d1"
    else:
        a, b = int(match["a"]), int(match["b"])
        day_first, month_first = 0 < b <= 12 and 0 < a <= 31, 0 < a <= 12 and 0 < b <= 31
        first, second = "a", "b"
    if year not in _YEARS or not (day_first or month_first):
        return []
    words = [("y1", f"#{year}")] if match["y1"] else []
    for group, is_day, is_month in ((first, day_first, month_first), (second, month_first, day_first)):
        words += [(group, f"#{int(match[group])}")] * is_day + [(group, f"#--{int(match[group]):02}")] * is_month
    return words + ([] if match["y1"] else [("y2", f"#{year}")])


def _readings(match: re.Match[str]) -> list[tuple[str | int, str]]:
    """Words that a match without letters writes, each with the group of its place."""
    word = match.group()
    if match["decade"]:
        return [(0, "#" + match["decade"]), (0, numbers.DECADES[match["decade"][-2:]])]
    if match["ordinal"]:
        number = numbers.plain(match["ordinal"])
        return [(0, _FIRST_ORDINALS.get(number, f"#{number}th"))]
    if match["y1"] or match["y2"]:
        parts = [group for group in ("y1", "m1", "d1", "a", "b", "y2") if match[group]]
        return [*_date(match)] or [(group, "#" + numbers.plain(match[group])) for group in parts]
    return [(0, "#" + (word if word in numbers.SIGNS else numbers.plain(word.replace(" ", ""))))]


def _plain(folded: Folded) -> Iterator[_Place]:
    text = folded.text
    for match in _WORD.finditer(text):
        if match.lastgroup == "letters":
            word = match.group()
            start, end = match.span()
            # A lone Arabic letter is a list mark or a clitic set apart.
            alone = len(word) == 1 and is_arabic(word)
            if not alone and not (word in _ARTICLES and text[end : end + 1].isdigit()):
                yield _Place(Token(word, *folded.original(start, end)), start, end)
            continue
        for group, word in _readings(match):
            start, end = match.span(group)
            yield _Place(Token(word, *folded.original(start, end)), start, end)


def _put_together(places: Sequence[_Place], text: str) -> list[Token]:
    """Several words that write one number or one month become one token."""
    words = [place.token.word.removeprefix("#") for place in places]

    def gap(at: int) -> str:
        return text[places[at - 1].end : places[at].start]

    joined = {
        reading.first: (reading.end, "#" + reading.number) for reading in numerals.readings(numerals.Pieces(words, gap))
    }
    for at, (left, right) in enumerate(pairwise(words)):
        if left.endswith(_MONTH_BEGINNINGS) and not gap(at + 1).strip(" "):
            month = _MONTHS.get((left.removeprefix("و"), normalize_arabic(right).removeprefix("ال")))
            if month:
                joined[at] = (at + 2, month)
    if not joined:
        return [place.token for place in places]
    result: list[Token] = []
    at = 0
    while at < len(places):
        end, word = joined.get(at, (at + 1, places[at].token.word))
        result.append(Token(word, places[at].token.start, places[end - 1].token.end))
        at = end
    return result


def _letter(word: str) -> str | None:
    if word in _LETTER_NAMES:
        return _LETTER_NAMES[word]
    for clitic in ("ال", "ل", "ب", "و"):
        if word.startswith(clitic) and word[len(clitic) :] in _UNMISTAKABLE:
            return _LETTER_NAMES[word[len(clitic) :]]
    return None


def tokens(text: str) -> list[Token]:
    """Tokens of ``text`` in order of their places."""
    folded = fold(text)
    plain = _put_together(list(_plain(folded)), folded.text)
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
