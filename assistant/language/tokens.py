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
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.language import acronyms, numbers, numerals
from assistant.language.text import ARABIC_LETTERS, Folded, fold, is_arabic, normalize_arabic

_WORD = re.compile(
    # Nothing else begins with an Arabic letter, and most words here are Arabic.
    rf"(?P<arabic>[{ARABIC_LETTERS}]+)"
    r"|(?P<dotted>(?<![A-Za-z.])[A-Z](?:\.[A-Z])+(?![A-Za-z']))"
    r"|(?P<letters>(?:[Aa]l|[Ee]l)(?=[A-Z][a-z]{2})|[A-Za-z]+(?:'(?!(?i:re|ll|ve)\b)(?=[A-Za-z]{2,})[A-Za-z]+)?)"  # "O'Brien" is one word, "they're" is two
    r"|(?P<decade>(?<!\d)(?:\d{2})?[2-9]0(?='?s\b))'?s"
    r"|(?<![\d/.:-])(?:(?P<y1>\d{4})(?P<s1> ?[/.-] ?)(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})"
    r"|(?P<a>\d{1,2})(?P<s2> ?[/.-] ?)(?P<b>\d{1,2})(?P=s2)(?P<y2>\d{4}))(?![\d/]|[.:-]\d)"
    r"|(?P<ordinal>\d+)(?:st|nd|rd|th)\b"
    r"|\d{1,3}(?: 000)+(?![\d.,])"
    r"|\d+(?:[.,]\d+)*"
    rf"|[{numbers.SIGNS}](?= ?\d)|(?:(?<=\d)|(?<=\d ))[{numbers.SIGNS}]"
)
_OF_LETTERS = ("arabic", "letters")
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


class _Places(NamedTuple):
    """Tokens, and the half-open span of each in the folded text."""

    tokens: list[Token]
    starts: list[int]
    ends: list[int]

    def add(self, word: str, start: int, end: int, folded: Folded) -> None:
        self.tokens.append(Token(word, *folded.original(start, end)))
        self.starts.append(start)
        self.ends.append(end)


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


@lru_cache(maxsize=8192)
def _parts(word: str) -> tuple[str, str, int] | None:
    """Of a word that is not kept as it is: a head that becomes a token of its own, if any, the rest and its length there."""
    if religion := _OF_RELIGION.fullmatch(word):
        head, tail = religion.group(1, 2) if religion[1] else religion.group(3, 4)
        return head, "Din" if religion[1] else tail, len(tail)
    if servant := _SERVANT_OF.fullmatch(word):
        return "", "Abdal" + servant[2], len(word)
    return None


@lru_cache(maxsize=65536)
def _keeps(word: str) -> bool:
    """Whether letters in a row are a token as they stand, whatever stands beside them."""
    # A lone Arabic letter is a list mark or a clitic set apart.
    return _parts(word) is None and word not in _ARTICLES and not (len(word) == 1 and is_arabic(word))


def _plain(folded: Folded) -> _Places:
    text, places = folded.text, _Places([], [], [])
    tokens_, starts, ends = places
    unmoved = isinstance(folded.offsets, range)
    for match in _WORD.finditer(text):
        if match.lastgroup not in _OF_LETTERS:
            for group, word in _readings(match):
                places.add(word, *match.span(group), folded)
            continue
        word = match.group()
        start, end = match.span()
        if _keeps(word):
            tokens_.append(Token(word, start, end) if unmoved else Token(word, *folded.original(start, end)))
            starts.append(start)
            ends.append(end)
            continue
        alone = len(word) == 1 and is_arabic(word)
        if parts := _parts(word):
            head, word, length = parts
            if head:
                places.add(head, start, start + len(head), folded)
            start = end - length
        if not alone and not (word in _ARTICLES and text[end : end + 1].isdigit()):
            places.add(word, start, end, folded)
    return places


_NUMBER, _MONTH, _SERVES, _LETTERS, _ROMANS = 1, 2, 4, 8, 16
_PLAIN = "(?:[A-Z]?[a-z]+|[A-Z]+|[ء-غف-ي]+)"
_ONLY_LETTERS = re.compile(f"{_PLAIN}(?: {_PLAIN})*")
"""Words of one script, in letters that folding leaves as they are."""


@lru_cache(maxsize=65536)
def _roles(word: str) -> int:
    """What a token's word may be a part of, or be besides: bits. Most words have none, and are looked at once."""
    bare = word.removeprefix("#")
    return (
        _NUMBER * numerals.may_begin(bare)
        | _MONTH * bare.endswith(_MONTH_BEGINNINGS)
        | _SERVES * _may_serve(bare)
        | _LETTERS * acronyms.may_spell(word)
        | _ROMANS * (len(word) >= 2 and word.isascii() and word.isupper() and _ROMAN.fullmatch(word) is not None)
    )


def _put_together(places: _Places, text: str, roles: Sequence[int]) -> list[Token]:
    """Several words that write one number or one month become one token."""
    found = places.tokens
    if not any(role & (_NUMBER | _MONTH | _SERVES) for role in roles):
        return found
    words = [token.word.removeprefix("#") for token in found]

    def gap(at: int) -> str:
        return text[places.ends[at - 1] : places.starts[at]]

    begins = [at for at, role in enumerate(roles) if role & _NUMBER]
    joined = {
        reading.first: (reading.end, "#" + reading.number)
        for reading in numerals.readings(numerals.Pieces(words, gap), begins)
    }
    for at, role in enumerate(roles[:-1]):
        if role & _MONTH and not gap(at + 1).strip(" "):
            right = normalize_arabic(words[at + 1]).removeprefix("ال")
            if month := _MONTHS.get((words[at].removeprefix("و"), right)):
                joined[at] = (at + 2, month)
    for at, role in enumerate(roles[:-1]):
        if role & _SERVES and (name := _name_of_two(words, at, gap)):
            joined.setdefault(at, name)
    if not joined:
        return found
    result: list[Token] = []
    at = 0
    while at < len(found):
        end, word = joined.get(at, (at + 1, found[at].word))
        result.append(Token(word, found[at].start, found[end - 1].end))
        at = end
    return result


@lru_cache(maxsize=8192)
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


def words_of(text: str) -> list[str]:
    """The words of `tokens`; at once where they are nothing but letters and single spaces, as the terms of a dictionary are."""
    if _ONLY_LETTERS.fullmatch(text := text.strip(" ")):
        found = text.split(" ")
        if all(_keeps(word) and not _roles(word) for word in found):
            return found
    return [token.word for token in tokens(text)]


def tokens(text: str) -> list[Token]:
    """Tokens of ``text`` in order of their places."""
    folded = fold(text)
    places = _plain(folded)
    roles = [_roles(token.word) for token in places.tokens]
    found = _put_together(places, folded.text, roles)
    if found is not places.tokens:
        roles = [_roles(token.word) for token in found]
    if not any(role & (_LETTERS | _ROMANS) for role in roles):
        return found
    letters = [at for at, role in enumerate(roles) if role & _LETTERS]
    spelled = {begin: (end, name) for begin, end, name in acronyms.spelled([token.word for token in found], letters)}
    result: list[Token] = []
    for i, (token, role) in enumerate(zip(found, roles, strict=True)):
        if i in spelled:
            end, name = spelled[i]
            result.append(Token("@" + name, token.start, found[end - 1].end))
        if role & _ROMANS:
            result.append(Token(f"#{roman_value(token.word)}", token.start, token.end))
        result.append(token)
    return result
