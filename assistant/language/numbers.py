"""What number a word may write, in both languages: ``forty``, ``أربعين``, ``ألفين``, ``الثالث``, ``السبعينات``.

A number is named by its plain decimal digits (``"2300000"``, ``"3.5"``), an ordinal by its digits and ``th`` (``"14th"``),
a decade by its year within the century and ``s`` (``"70s"``), a month by ``--09`` as ISO 8601 does; words for signs and for
parts of a month are named alike (``"%"``, ``"late"``). Numbers of several words are `numerals`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from assistant.language.text import Language, is_arabic, normalize_arabic

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_UNIT_ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth""".split()
_TEN_ORDINALS = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split()
_DECADES = "twenties thirties forties fifties sixties seventies eighties nineties".split()

CARDINALS = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
ORDINALS = {word: n for n, word in enumerate(_UNIT_ORDINALS, 1)} | {
    word: 10 * n for n, word in enumerate(_TEN_ORDINALS, 2)
}
_DECADE_WORDS = {word: f"{10 * n}s" for n, word in enumerate(_DECADES, 2)}
DECADES = {decade.removesuffix("s"): word for word, decade in _DECADE_WORDS.items()}
SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
PLURAL_SCALES = {f"{word}s": value for word, value in SCALES.items()}
# Written against the digits: "$5m". Lone "m", "b" and "k" are metres, bytes and kilometres as often, unless it is money.
SHORT_SCALES = {"bn": 10**9, "mn": 10**6, "mln": 10**6, "tn": 10**12, "trn": 10**12}
MONEY_SCALES = {"m": 10**6, "b": 10**9, "k": 10**3}


def _rows(table: str) -> dict[str, int]:
    """Lines of a value and its spellings, normalised."""
    return {
        normalize_arabic(word): int(value)
        for row in table.strip().split("|")
        for value, *words in [row.split()]
        for word in words
    }


ARABIC_UNITS = _rows(
    """1 واحد واحدة أحد إحدى حادي|2 اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي|3 ثلاثة ثلاث ثلاثا|4 أربعة أربع أربعا
    |5 خمسة خمس خمسا|6 ستة ست ستا|7 سبعة سبع سبعا|8 ثمانية ثمان ثماني ثمانيا|9 تسعة تسع تسعا|10 عشرة عشر"""
)
TEEN = frozenset(("عشر", "عشره"))
ARABIC_TENS = _rows(
    """20 عشرون عشرين|30 ثلاثون ثلاثين|40 أربعون أربعين|50 خمسون خمسين|60 ستون ستين|70 سبعون سبعين|80 ثمانون ثمانين
    |90 تسعون تسعين"""
)
HUNDRED = frozenset(normalize_arabic(word) for word in ("مئة", "مائة", "مئه", "ماية"))
ARABIC_HUNDREDS = (
    dict.fromkeys(HUNDRED, 100)
    | _rows("200 مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي")
    | {
        normalize_arabic(unit + hundred): 100 * n
        for n, units in enumerate("ثلاث|أربع|خمس|ست|سبع|ثمان ثماني|تسع".split("|"), 3)
        for unit in units.split()
        for hundred in ("مئة", "مائة")
    }
)
ARABIC_SCALES = _rows(
    """1000 ألف ألفا آلاف|1000000 مليون مليونا ملايين|1000000000 مليار مليارا مليارات بليون بليونا بلايين
    |1000000000000 تريليون تريليونا تريليونات ترليون ترليونا ترليونات"""
)
ARABIC_DUALS = _rows(
    """1000 ألفان ألفين ألفي|1000000 مليونان مليونين مليوني|1000000000 ملياران مليارين ملياري بليونان بليونين
    |1000000000000 تريليونان تريليونين تريليوني"""
)
SEVERAL = frozenset(normalize_arabic(word) for word in "آلاف ملايين مليارات بلايين تريليونات ترليونات".split())
# Alone, they may be the dual before its noun ("ألفا جندي") or the accusative of one ("ألفاً").
_DUAL_OR_SINGLE = frozenset(normalize_arabic(word) for word in "ألفا مليونا مليارا بليونا تريليونا ترليونا".split())
FRACTIONS = {"نصف": Decimal("0.5"), "ربع": Decimal("0.25")}
ARABIC_ORDINALS = _rows(
    """1 أول أولى حادي حادية|2 ثاني ثانية ثان|3 ثالث ثالثة|4 رابع رابعة|5 خامس خامسة|6 سادس سادسة|7 سابع سابعة
    |8 ثامن ثامنة|9 تاسع تاسعة|10 عاشر عاشرة"""
)
_ARABIC_DECADES = {
    normalize_arabic(stem + ending): f"{value}s"
    for value, stem in zip(range(20, 100, 10), "عشرين ثلاثين أربعين خمسين ستين سبعين ثمانين تسعين".split(), strict=True)
    for ending in ("ات", "يات")
}
_ONE_WORD = {
    **CARDINALS, **SCALES, **ARABIC_UNITS, **ARABIC_TENS, **ARABIC_HUNDREDS,
    **{word: value for word, value in ARABIC_SCALES.items() if word not in SEVERAL},
    **{word: 2 * value for word, value in ARABIC_DUALS.items()},
}  # fmt: skip
_ARABIC_WORDS = frozenset(_ONE_WORD) | SEVERAL | FRACTIONS.keys() | ARABIC_ORDINALS.keys() | _ARABIC_DECADES.keys()
_ARABIC_ENDINGS = frozenset(word[-2:] for word in _ARABIC_WORDS)
_PROCLITICS = ("", "ال", "و", "وال", "ب", "بال", "ل", "لل", "ف", "فال", "ك", "كال", "وب", "وبال", "ول", "ولل")
_SIGNS = {
    "%": "percent percentage pct بالمئة بالمائة",
    "$": "dollar dollars usd دولار دولارا دولارات دولارين دولاران",
    "€": "euro euros eur يورو",
    "£": "pound pounds gbp sterling جنيه جنيها جنيهات جنيهين إسترليني",
    "¥": "yen yuan ين يوان",
    "₪": "shekel shekels شيكل شيقل شواكل",
    "₽": "ruble rubles rouble roubles روبل روبلا روبلات",
    "₺": "lira liras ليرة ليرات",
    "₹": "rupee rupees روبية روبيات",
}
SIGNS = "".join(_SIGNS)
# Parts of a month or a year, where the dictionaries of the two languages do not meet ("أواخر سبتمبر", "late September").
_PERIODS = {
    "early": "early أوائل مطلع مستهل",
    "mid": "mid منتصف أواسط",
    "late": "late أواخر",
}
_PERIOD_WORDS = {normalize_arabic(word): period for period, words in _PERIODS.items() for word in words.split()}
_SIGN_WORDS = {normalize_arabic(word): sign for sign, words in _SIGNS.items() for word in words.split()}
CURRENCY = frozenset(_SIGN_WORDS) | frozenset(SIGNS) - {"%"}
# Longer ones are serial numbers; none of the words goes further.
MOST_DIGITS = 18

# Readings of a single word that are less certain: "second" is also a part of a minute, "pound" a weight.
_UNCERTAIN = 0.7
PER = ("per", "في")
_AS_CARDINAL = 0.8
# Sunday and Monday look like "the one" and "the two".
_WEEKDAYS = ("الاحد", "الاثنين")
_NO_CARDINAL = frozenset({"second", *map(normalize_arabic, ("ثانية", "حادي", "حادية"))})


def plain(digits: str) -> str:
    """The number that digits with separators write: ``1,234.50`` is ``1234.5``, ``3,5`` is ``3.5``."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", digits):
        digits = digits.replace(".", "")
    if digits.isdigit():
        return digits.lstrip("0") or "0"
    digits = re.sub(r",(?=\d{3}(?!\d))", "", digits).replace(",", ".")
    whole, point, rest = digits.partition(".")
    whole = whole.lstrip("0") or "0"
    if "." in rest:
        return digits  # a version or an address
    rest = rest.rstrip("0")
    return f"{whole}{point}{rest}" if rest else whole


# Without their hamza the hundreds look like other words: "كمية" is a quantity, "ميتا" a company.
_NO_HUNDRED = re.compile("(?<!ا)مي(?:ه|تان|تين|تا|تي)")


@lru_cache(maxsize=8192)
def bare(word: str) -> tuple[str, bool]:
    """A normalised Arabic number word without its clitics, and whether ``و`` came off; ``""`` if it is none."""
    normal = normalize_arabic(word)
    if normal[-2:] not in _ARABIC_ENDINGS:
        return "", False
    for clitic in _PROCLITICS:
        rest = normal[len(clitic) :]
        if normal.startswith(clitic) and rest in _ARABIC_WORDS:
            if "ئ" not in word and _NO_HUNDRED.fullmatch(rest):
                return "", False
            return rest, clitic[:1] == "و"
    return "", False


@lru_cache(maxsize=8192)
def values(word: str) -> dict[str, float]:
    """Numbers, ordinals, decades and signs that a single word may write, with weights; empty for any other word.

    An ordinal is found under its cardinal too: ``Louis XIV``, ``لويس الرابع عشر``.
    """
    normal = normalize_arabic(word.lower())
    if sign := _SIGN_WORDS.get(normal):
        return {sign: 1.0}
    period = _PERIOD_WORDS.get(normal) or (_PERIOD_WORDS.get(normal[1:]) if word[0] in "وبلف" else None)
    if period:
        return {period: _UNCERTAIN}
    if normal.endswith(_WEEKDAYS):
        return {}
    word = bare(word)[0] if is_arabic(word) else normal
    ordinal = ORDINALS.get(word) or ARABIC_ORDINALS.get(word)
    if ordinal and word in _NO_CARDINAL:
        return {f"{ordinal}th": _UNCERTAIN}
    if ordinal:
        return {f"{ordinal}th": 1.0, str(ordinal): _AS_CARDINAL}
    if word in _DUAL_OR_SINGLE:
        return {str(n * ARABIC_SCALES[word]): _UNCERTAIN for n in (1, 2)}
    number = _ONE_WORD.get(word)
    if number is not None:
        return {str(number): _AS_CARDINAL if number == 1 else 1.0}  # "one" is a pronoun as often
    decade = _DECADE_WORDS.get(word) or _ARABIC_DECADES.get(word)
    return {decade: 1.0} if decade else {}


def of_name(number: str) -> dict[str, float]:
    """What the name of a number stands for: itself, and an ordinal for its cardinal too."""
    return {number: 1.0, number[:-2]: _AS_CARDINAL} if number.endswith("th") else {number: 1.0}


def written(number: str, language: Language) -> str:
    """The name of a number as a reader of the language knows it: ``21st``, ``2,300,000``."""
    if number.endswith("th"):
        digits = number[:-2]
        ending = "th" if digits[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1:], "th")
        return digits + ending * (language == "en")
    if number.startswith("--"):
        return number.lstrip("-0")
    return f"{int(number):,}" if number.isdigit() and 4 < len(number) <= MOST_DIGITS else number
