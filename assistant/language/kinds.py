"""What kind of thing a word is, as far as one word can tell: could it answer *who*, *when*, *where*, *how many*?"""

from __future__ import annotations

import re
from enum import IntFlag
from functools import lru_cache

from assistant.language import arabic, dates, english, glossary, names, numbers
from assistant.language.lexicon import lexicon
from assistant.language.text import is_arabic, normalize_arabic


class Kind(IntFlag):
    """Bits stored with every word type of the index."""

    NAME = 1
    NUMBER = 2
    DATE = 4
    PLACE = 8
    REASON = 16
    MANNER = 32
    UNIT = 64
    YEAR = 128
    UNKNOWN = 256  # the lexicon has no content reading
    LOCATION = 1024  # a known name of a place
    PEOPLE = 2048  # a known name of a nation, a religion, a language or a currency
    CONDITION = 4096
    TIME = 8192  # a unit of time
    COUNTRY = 16384  # a known name of a country
    MAYBE_NAME = 512  # unknown or listed as a proper name: worth aligning with names of the other script


def _stems(words: str) -> frozenset[str]:
    return frozenset(english.stem(word) for word in words.split())


def _normal(words: str) -> frozenset[str]:
    return frozenset(normalize_arabic(word) for word in words.split())


@lru_cache(maxsize=1)
def _english_tables() -> dict[Kind, frozenset[str]]:
    return {
        Kind.NUMBER: _stems(
            " ".join(numbers.CARDINALS)
            + " hundred thousand million billion trillion half third quarter dozen tens dozens"
        ),
        Kind.DATE: _stems(
            """january february march april may june july august september october november december monday tuesday
            wednesday thursday friday saturday sunday yesterday today tomorrow"""
        ),
        Kind.PLACE: _stems(
            """city town village country state province region district river lake sea mountain island north south east west
            northern southern eastern western capital coast valley street border continent republic kingdom area located"""
        ),
        Kind.UNIT: _stems(
            """percent kilometer meter mile year month day hour minute dollar pound euro ton degree people soldier person
            inch foot feet square gram kilogram century week age"""
        ),
        Kind.REASON: _stems(
            "because due since therefore thus hence cause reason reasons result led lead owing so order"
        ),
        Kind.MANNER: _stems("by through using via process method means"),
        Kind.CONDITION: _stems("if unless condition conditional conditionally contingent"),
        Kind.TIME: _stems("minute hour day week fortnight month year decade century"),
    }


@lru_cache(maxsize=1)
def _arabic_tables() -> dict[Kind, frozenset[str]]:
    return {
        Kind.DATE: _normal(
            """يناير فبراير مارس أبريل نيسان مايو أيار يونيو حزيران يوليو تموز أغسطس آب سبتمبر أيلول أكتوبر تشرين نوفمبر
            ديسمبر كانون شباط آذار الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد القرن قرن رمضان شوال محرم رجب شعبان
            أمس اليوم غدا"""
        ),
        Kind.REASON: _normal(
            """لأن لأنه لأنها لأنهم بسبب نظرا نتيجة لذلك بهدف لكي كي سبب أسباب أجل إثر جراء حيث مما أدى أدت لذا ولهذا بفضل
            خوفا بدافع لتجنب"""
        ),
        Kind.MANNER: _normal("طريق خلال بواسطة باستخدام عبر بطريقة وسيلة عملية وذلك"),
        Kind.CONDITION: _normal(
            "إذا لو شرط بشرط شريطة شروط بشروط مشروط مشروطة حال حالة طالما يشترط تشترط اشترط اشترطت"
        ),
    }


# The bits as plain numbers: putting members of the enumeration together takes longer than finding out which.
_NAME, _NUMBER, _DATE, _PLACE, _REASON = map(int, (Kind.NAME, Kind.NUMBER, Kind.DATE, Kind.PLACE, Kind.REASON))
_MANNER, _UNIT, _UNKNOWN = map(int, (Kind.MANNER, Kind.UNIT, Kind.UNKNOWN))
_CONDITION, _TIME, _COUNTRY = map(int, (Kind.CONDITION, Kind.TIME, Kind.COUNTRY))
_LOCATION, _PEOPLE, _MAYBE_NAME = map(int, (Kind.LOCATION, Kind.PEOPLE, Kind.MAYBE_NAME))


def _arabic_kinds(word: str) -> int:
    normal = normalize_arabic(word)
    without_clitic = normal[2:] if normal.startswith("ال") else normal[1:] if normal[0] in "وبفل" else normal
    tables = _arabic_tables()
    kinds = 0
    if normal in tables[Kind.DATE] or (without_clitic in tables[Kind.DATE] and len(without_clitic) > 3):
        kinds |= _DATE
    if normal in tables[Kind.REASON] or (normal[0] in "وف" and normal[1:] in tables[Kind.REASON]):
        kinds |= _REASON
    if normal in tables[Kind.MANNER]:
        kinds |= _MANNER
    if normal in tables[Kind.CONDITION] or (normal[0] in "وف" and normal[1:] in tables[Kind.CONDITION]):
        kinds |= _CONDITION
    if likely := arabic.likely_meanings(word):
        english_tables = _english_tables()
        for kind, bit in ((Kind.NUMBER, _NUMBER), (Kind.PLACE, _PLACE), (Kind.UNIT, _UNIT), (Kind.TIME, _TIME)):
            if not likely.isdisjoint(english_tables[kind]):
                kinds |= bit
        if kinds & _TIME and arabic.is_dual(word):
            kinds |= _NUMBER
    content = [a for readings in lexicon().lemmas(word).values() for a in readings]
    if not content:
        kinds |= _UNKNOWN
    if not arabic.is_function_word(word):
        if not content or any(a.gloss[:1].isupper() for a in content):
            kinds |= _NAME
        if arabic.may_be_name(word):
            kinds |= _MAYBE_NAME
        forms = [(normalize_arabic(form), weight) for form, weight in names.clitic_forms(word)]
        # A nation's name may be feminine or plural; a place's has one form.
        kinds |= _listed(
            {form for form, weight in forms if weight >= 0.9}, {form for form, weight in forms if weight >= 0.75}
        )
    return _with_numbers(kinds, word)


def _listed(forms: set[str], inflected: set[str]) -> int:
    kinds = 0
    if not forms.isdisjoint(glossary.places()):
        kinds |= _LOCATION | _NAME
    if not forms.isdisjoint(glossary.listed(("countries.tsv", glossary.NAME))):
        kinds |= _COUNTRY
    if not inflected.isdisjoint(glossary.peoples()):
        kinds |= _PEOPLE | _NAME
    return kinds


def _with_numbers(kinds: int, word: str) -> int:
    """A cardinal counts; an ordinal ranks, and a decade or a month is a time."""
    values = numbers.values(word)
    if values:
        if any(value.endswith(("th", "s")) for value in values):
            kinds &= ~_NUMBER
        elif any(value.isdigit() for value in values):
            kinds |= _NUMBER
    if dates.month_of(word) or any(value.endswith("s") for value in values):
        kinds |= _DATE
    return kinds


def _english_kinds(word: str) -> int:
    lower, stem = word.lower(), english.stem(word)
    kinds = 0
    for kind, stems in _english_tables().items():
        if kind is Kind.DATE and not word[0].isupper() and stem not in ("yesterday", "today", "tomorrow"):
            continue
        if stem in stems:
            kinds |= int(kind)
    known = lexicon().knows_stem(stem)
    if not known:
        kinds |= _UNKNOWN
    if word[0].isupper() and lower not in english.STOP_WORDS:
        kinds |= _NAME
    if word[0].isupper() or not known:
        kinds |= _MAYBE_NAME
    if word[0].isupper():
        kinds |= _listed({word}, {word, word.removesuffix("s")})
    return _with_numbers(kinds, word)


@lru_cache(maxsize=16384)
def kinds_of(word: str) -> Kind:
    """Kinds of a token's word. Capitals count: the index keeps "Bush" and "bush" apart."""
    if word[0] == "@":
        return Kind.NAME
    if word[0] == "#" and not word[1].isdigit():
        return Kind.DATE if word.startswith("#--") else Kind.UNIT
    if word[0] == "#":
        if word.endswith("th"):
            return Kind(0)  # it ranks and does not count
        year = re.fullmatch("1[0-9]{3}|20[0-9]{2}|[5-9][0-9]{2}", word[1:])
        return Kind.NUMBER | (Kind.DATE | Kind.YEAR if year else Kind(0))
    return Kind(_arabic_kinds(word) if is_arabic(word) else _english_kinds(word))
