"""Words of a text with their places.

A token's ``word`` is folded; its span is in the original text. Numbers are written ``#1234`` whether digits or several words
write them ("2.3 million" is one token, `numerals`), ordinals above ten ``#14th``, the month of a date in digits ``#--09``,
and signs that are read as words ``#%``. Where a word can be read in a second way the reading stands beside it as one
more token at the same place: ``XIV`` also as ``#14``, ``1970s`` also as ``seventies``, the first two numbers of ``5/6/2022``
also as months, and letter names written out in Arabic (``بي بي سي``) as the acronym ``@BBC``. A name of two words
that is as often written as one is one: ``عبد الفتاح``, ``Abdel Fattah``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from assistant.language import acronyms, numbers, numerals
from assistant.language.text import ARABIC_LETTERS, Folded, fold, is_arabic, normalize_arabic

_WORD = re.compile(
    r"(?P<dotted>(?<![A-Za-z.])[A-Z](?:\.[A-Z])+(?![A-Za-z']))"
    r"|(?P<letters>(?:[Aa]l|[Ee]l)(?=[A-Z][a-z]{2})|[A-Za-z]+(?:'(?!(?i:re|ll|ve)\b)(?=[A-Za-z]{2,})[A-Za-z]+)?"  # "O'Brien" is one word, "they're" is two
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

# Names of two words: "servant of" one of God's names, and others of his.
_SERVANT = re.compile("([وفلبك]?عبد)|و?(?:نصر|فضل|خير|عطا|فتح|جاد|جار|ضيف)")
_LATIN_SERVANT = re.compile("Abd(?:[aeu][lrsznd])?")
_SERVANT_OF = re.compile(r"Abd[aeu](?:l-?(?!l?ah?i?$)|([rsznd])(?=\1))([a-z]{4,})")
# "Light of the religion" and its like, where they are written in one word, become two.
_OF_RELIGION = re.compile(r"([A-Z][a-z]{2,6}?)[eiu]?(ddine?)|((?!ال|لل)\w{1,5}[درز])(الدين)")
_LATIN_ARTICLES = frozenset("al el ul ar as az an ad at".split())


class Token(NamedTuple):
    """A word type and the half-open character span, in the original text, that it was read from."""

    word: str
    start: int
    end: int


def roman_value(numeral: str) -> int:
    """Value of an upper-case Roman numeral."""
    digits = [_ROMAN_DIGITS[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))


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
    if match["dotted"]:
        return [(0, word.replace(".", ""))]
    if match["decade"]:
        return [(0, "#" + match["decade"]), (0, numbers.DECADES[match["decade"][-2:]])]
    if match["ordinal"]:
        number = numbers.plain(match["ordinal"])
        return [(0, _FIRST_ORDINALS.get(number, f"#{number}th"))]
    if match["y1"] or match["y2"]:
        parts = [group for group in ("y1", "m1", "d1", "a", "b", "y2") if match[group]]
        return [*_date(match)] or [(group, "#" + numbers.plain(match[group])) for group in parts]
    return [(0, "#" + (word if word in numbers.SIGNS else numbers.plain(word.replace(" ", ""))))]


@lru_cache(maxsize=65536)
def _parts(word: str) -> tuple[str, str, int] | None:
    """Of a word that is not kept as it is: a head that becomes a token of its own, if any, the rest and its length there."""
    if religion := _OF_RELIGION.fullmatch(word):
        head, tail = religion.group(1, 2) if religion[1] else religion.group(3, 4)
        return head, "Din" if religion[1] else tail, len(tail)
    if servant := _SERVANT_OF.fullmatch(word):
        return "", "Abdal" + servant[2], len(word)
    return None


def _plain(folded: Folded) -> Iterator[_Place]:
    text = folded.text
    for match in _WORD.finditer(text):
        if match.lastgroup == "letters":
            word = match.group()
            start, end = match.span()
            # A lone Arabic letter is a list mark or a clitic set apart.
            alone = len(word) == 1 and is_arabic(word)
            if parts := _parts(word):
                head, word, length = parts
                if head:
                    yield _Place(Token(head, *folded.original(start, start + len(head))), start, start + len(head))
                start = end - length
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
    for at, word in enumerate(words[:-1]):
        if _may_serve(word) and (name := _name_of_two(words, at, gap)):
            joined.setdefault(at, name)
    if not joined:
        return [place.token for place in places]
    result: list[Token] = []
    at = 0
    while at < len(places):
        end, word = joined.get(at, (at + 1, places[at].token.word))
        result.append(Token(word, places[at].token.start, places[end - 1].token.end))
        at = end
    return result


@lru_cache(maxsize=65536)
def _may_serve(word: str) -> bool:
    return bool(_SERVANT.fullmatch(word) or _LATIN_SERVANT.fullmatch(word))


def _name_of_two(words: Sequence[str], at: int, gap: Callable[[int], str]) -> tuple[int, str] | None:
    """The name that begins at a word and where it ends, if it is a word with the next."""
    word, following = words[at : at + 2]
    if servant := _SERVANT.fullmatch(word):
        is_name = len(following) > 3 and following.startswith("ال") if servant[1] else following == "الله"
        return (at + 2, word + following) if is_name and gap(at + 1) == " " else None
    if not _LATIN_SERVANT.fullmatch(word):
        return None
    end = at + 2 if following in _LATIN_ARTICLES else at + 1
    whole = end < len(words) and all(gap(i) in (" ", "-") for i in range(at + 1, end + 1))
    if whole and words[end].isalpha() and words[end].istitle() and len(words[end]) > 2:
        return end + 1, "Abdal" + words[end].lower()
    return None


def tokens(text: str) -> list[Token]:
    """Tokens of ``text`` in order of their places."""
    folded = fold(text)
    plain = _put_together(list(_plain(folded)), folded.text)
    spelled = {begin: (end, name) for begin, end, name in acronyms.spelled([token.word for token in plain])}
    result: list[Token] = []
    for i, token in enumerate(plain):
        if i in spelled:
            end, name = spelled[i]
            result.append(Token("@" + name, token.start, plain[end - 1].end))
        if len(token.word) >= 2 and token.word.isascii() and token.word.isupper() and _ROMAN.fullmatch(token.word):
            result.append(Token(f"#{roman_value(token.word)}", token.start, token.end))
        result.append(token)
    return result
