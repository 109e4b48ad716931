"""Faithful statements made false in one place: what the checker of model-written answers must notice.

Every function takes a statement and returns it changed, or None where it has nothing to change. The changes are blunt and made
without the checker's own reading of numbers, dates and negations, so that the two do not share their mistakes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from assistant.language.english import IRREGULAR
from assistant.language.lexicon import lexicon
from assistant.language.text import Language, is_arabic, language_of
from assistant.language.tokens import Token, tokens


class Name(NamedTuple):
    """A name with its spellings, by language, the usual one first."""

    kind: str
    spellings: Mapping[Language, Sequence[str]]


def read_names(path: Path) -> list[Name]:
    """A table of kind, English spellings and Arabic spellings; ``#`` opens a comment."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and line[0] != "#"]
    return [Name(kind, {"en": english.split("|"), "ar": arabic.split("|")}) for kind, english, arabic in rows]


_DIGITS = re.compile(r"\d+")
_NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety",
    "ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة",
    "ثلاث أربع خمس ست سبع ثماني تسع عشر",
    "عشرين ثلاثين أربعين خمسين ستين سبعين ثمانين تسعين",
    "عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون",
    "عامين خمسة_أعوام", "ساعتين ثلاث_ساعات", "يومين أربعة_أيام", "million billion", "مليون مليار", "hundred thousand", "half third",
)  # fmt: skip
_DATE_WORDS = (
    "January February March April May June July August September October November December",
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
)
_MONTHS = "|".join((*_DATE_WORDS[0].split(), *_DATE_WORDS[2].split()))
_DAY = re.compile(rf"\b\d{{1,2}}(?=(?:st|nd|rd|th)? (?:of )?(?:{_MONTHS}))|(?<=[a-z] )\d{{1,2}}(?=,? \d{{4}})")
_YEAR = re.compile(r"(?<![\d.,])(?:1[89]|20)\d\d(?![\d,])|(?<!\d)(?:١[٨٩]|٢٠)[٠-٩]{2}(?!\d)")
_MARKER = re.compile(r"\[\d+\]")


def _choose(
    text: str, found: Sequence[re.Match[str]], replace: Callable[[re.Match[str]], str], draw: random.Random
) -> str:
    match = draw.choice(found)
    return text[: match.start()] + replace(match) + text[match.end() :]


def _other_digits(digits: str, draw: random.Random) -> str:
    """As many digits of the same script, another value."""
    zero = ord(digits[0]) - int(digits[0])
    while True:
        value = draw.randrange(10 ** (len(digits) - 1) if len(digits) > 1 else 1, 10 ** len(digits))
        if value != int(digits):
            return "".join(chr(zero + int(digit)) for digit in str(value))


def _one_of(rows: Sequence[str], text: str) -> list[tuple[re.Match[str], list[str]]]:
    found = []
    for row in rows:
        words = [word.replace("_", " ") for word in row.split()]
        for word in words:
            found += [
                (match, [other for other in words if other != word])
                for match in re.finditer(rf"(?<!\w)(?:(?<=و)|\b){re.escape(word)}(?!\w)", text)
            ]
    return found


def change_number(text: str, draw: random.Random) -> str | None:
    """Another number, in digits or in words, that is no part of a date."""
    dated = {match.span() for pattern in (_YEAR, _DAY) for match in pattern.finditer(text)}
    marked = [match.span() for match in _MARKER.finditer(text)]
    digits = [
        match
        for match in _DIGITS.finditer(text)
        if match.span() not in dated and not any(start <= match.start() < end for start, end in marked)
    ]
    if digits:
        return _choose(text, digits, lambda match: _other_digits(match[0], draw), draw)
    words = _one_of(_NUMBER_WORDS, text)
    return _exchange(text, words, draw)


def _exchange(text: str, words: Sequence[tuple[re.Match[str], list[str]]], draw: random.Random) -> str | None:
    if not words:
        return None
    match, others = draw.choice(list(words))
    return text[: match.start()] + draw.choice(others) + text[match.end() :]


def change_date(text: str, draw: random.Random) -> str | None:
    """Another year, month, weekday or day of the month."""
    words = _one_of(_DATE_WORDS, text)
    digits = [match for pattern in (_YEAR, _DAY) for match in pattern.finditer(text)]
    if not words and not digits:
        return None
    if draw.random() < len(words) / (len(words) + len(digits)):
        return _exchange(text, words, draw)
    return _choose(text, digits, lambda match: _other_day_or_year(match[0], draw), draw)


def _other_day_or_year(digits: str, draw: random.Random) -> str:
    zero, value = ord(digits[0]) - int(digits[0]), int(digits)
    other = value + draw.choice([-7, -3, -2, -1, 1, 2, 3, 6]) if len(digits) == 4 else draw.randint(1, 28)
    if other == value:
        other += 1
    return "".join(chr(zero + int(digit)) for digit in str(other))


def change_name(text: str, cited: str, names: Sequence[Name], draw: random.Random) -> str | None:
    """A name of the corpus in the place of another of its kind; the new one does not stand in what is cited."""
    language = language_of(text)
    found = []
    for name in names:
        for spelling in sorted(name.spellings[language], key=len, reverse=True):
            match = re.search(rf"(?<!\w)(?P<clitic>[وفبل]?){re.escape(spelling)}(?!\w)", text)
            if match:
                found.append((name, match))
                break
    if not found:
        return None
    name, match = draw.choice(found)
    others = [
        other
        for other in names
        if other.kind == name.kind
        and not any(s in text or s in cited for spellings in other.spellings.values() for s in spellings)
    ]
    if not others:
        return None
    return text[: match.end("clitic")] + draw.choice(others).spellings[language][0] + text[match.end() :]


_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|may|might|should|must)\b(?! not\b|n't)(?= [a-z])"
)
_PAST = re.compile(r"(?<=[a-zA-Z0-9)\"”] )([a-z]{2,}ed|" + "|".join(IRREGULAR) + r")\b")
_REMOVED = (
    (re.compile(r"\b(did|does|do) not (\w+)"), r"\1 \2"),
    (re.compile(r"\bcannot\b"), "can"),
    (re.compile(r"\bcan't\b"), "can"),
    (re.compile(r"\bwon't\b"), "will"),
    (re.compile(r"(?<=[a-z])n't\b"), ""),
    (re.compile(r" (?:not|never)(?= )(?! only)"), ""),
    (re.compile(r"\bNo (?=\w)"), "Some "),
    (re.compile(r"\bno (?=[a-z])(?!longer|doubt|less)"), "some "),
    (re.compile(r"\bwithout\b"), "with"),
    (re.compile(r"(?<!\w)(و?)(?:لم|لن|لا) (?!يزال|تزال|بد|سيما|يقل|تقل)"), r"\1"),
    (re.compile(r"(?<!\w)(و?)(?:ليس|ليست|غير) (?!فقط|أن)"), r"\1"),
    (re.compile(r"(?<!\w)(?:من )?(?:دون|بدون) "), "مع "),
)


def affirm(text: str, draw: random.Random) -> str | None:
    """The statement without one of its negations."""
    found = [(pattern, new) for pattern, new in _REMOVED if pattern.search(text)]
    if not found:
        return None
    pattern, new = draw.choice(found)
    return pattern.sub(new, text, count=1)


# Where a negation stands already, another one would not be a change that anyone makes.
_NEGATED = re.compile(
    r"\b(?:not|never|no|nor|neither|none|nothing|nobody|without|cannot|unable|fail\w*|refus\w*)\b|n't\b"
    r"|(?<!\w)[وف]?(?:لا|لم|لن|ليس|ليست|غير|عدم|دون|بدون|فشل\w*|رفض\w*|أخفق\w*)(?!\w)"
)
_BESIDE = 30


def _is_free(text: str, match: re.Match[str] | Token) -> bool:
    start, end = match.span() if isinstance(match, re.Match) else (match.start, match.end)
    return not _NEGATED.search(text[max(0, start - _BESIDE) : end + _BESIDE])


def negate(text: str, draw: random.Random) -> str | None:
    """The statement with a negation put before one of its verbs."""
    return _negate_arabic(text, draw) if language_of(text) == "ar" else _negate_english(text, draw)


def _negate_english(text: str, draw: random.Random) -> str | None:
    auxiliaries = [match for match in _AUXILIARY.finditer(text) if _is_free(text, match)]
    if auxiliaries:
        return _choose(text, auxiliaries[:2], lambda match: "cannot" if match[0] == "can" else match[0] + " not", draw)
    pasts = [
        match
        for match in _PAST.finditer(text)
        if _is_free(text, match) and match[0] not in ("men", "women", "children", "people", "lives")
    ]
    return _choose(text, pasts[:2], lambda match: "did not " + _base(match[0]), draw) if pasts else None


def _base(past: str) -> str:
    if past in IRREGULAR:
        return IRREGULAR[past]
    for base in (past[:-1], past[:-2], past[:-3], past[:-3] + "y"):
        if lexicon().knows_word(base):
            return base
    return past[:-2]


def _negate_arabic(text: str, draw: random.Random) -> str | None:
    verbs = []
    for token in tokens(text):
        readings = lexicon().analyze(token.word) if is_arabic(token.word) else ()
        tenses = {reading.category[:2] for reading in readings}
        if (
            tenses
            and tenses <= {"PV", "IV"}
            and not any(r.is_function_word for r in readings)
            and token.word[0] != "و"
            and _is_free(text, token)
        ):
            verbs.append((token, tenses))
    if not verbs:
        return None
    token, tenses = draw.choice(verbs[:2])
    word = draw.choice(["لم", "لا", "لن"]) if tenses == {"IV"} else "لم"
    return f"{text[: token.start]}{word} {text[token.start :]}"
