"""Arabic noun phrases at a given place of a sentence, as far as they can be told without a parser.

A phrase is taken only when every word of it is of a kind that can only go on a phrase (a noun with its article, a name,
the noun that another one qualifies) and what stands behind it can only end it. Whatever is doubtful is no phrase: the
questions made of these phrases must be well formed, and few are needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.language import arabic, dates, glossary
from assistant.language.lexicon import Analysis, lexicon
from assistant.language.text import ARABIC_LETTERS, fold, is_arabic, normalize_arabic

LONGEST = 9  # words of a phrase
_SIGNS = 4  # signs that may stand inside one
_MOST_HEADS = 3  # nouns before the one with the article: "spokesman of the ministry of ..."
QUOTES = '"“”«»'

_WORD = re.compile(
    rf"[{ARABIC_LETTERS}\u064b-\u0652\u0640]+(?:-[{ARABIC_LETTERS}\u064b-\u0652\u0640]+)*|[^\W_]+|[^\w\s]"
)
# Words with the article, or like it, that point out of the sentence or tell the time.
_POINTING = frozenset(
    """الذي التي الذين اللذين اللذان اللتان اللتين اللواتي اللاتي الآن اليوم الماضي الماضية المقبل المقبلة الجاري الجارية القادم القادمة
    الحالي الحالية السابق السابقة الأسبق السابقين المذكور المذكورة الأخير الأخيرة التالي التالية الثاني الثانية الآخر الأخرى الآخرين
    الساعة الصباح المساء الليلة الليل أمس المعني المعنية ذاته نفسه إلا الى إلى ألف البارحة الأثناء الإطار السياق الصدد الغرض
    الأول الأولى الثالث الثالثة الرابع الرابعة""".split()
)
_PARTS_OF_NAMES = frozenset("بن ابن أبو ابو عبد آل بو".split())
_PRONOUNS = re.compile(r"\b(?:its|his|her|their|him|them|it|my|our|your|me|us)\b")
_HOLDS_A_PRONOUN = re.compile("(?:ه|ها|هما|هم|هن|نا|ي|ني)$")
PREPOSITIONS = frozenset(
    "في من إلى على عن مع خلال بعد قبل منذ حول ضد بشأن عبر لدى أمام جراء إثر بسبب رغم وفق بحسب حسب عقب ضمن نحو أثناء بين تحت".split()
)
# What cannot belong to the phrase before it.
ENDS = PREPOSITIONS | frozenset(
    "أن إن بأن أنه إنه أنها إنها أنهم إنهم بأنه بأنها لأن كما حيث الذي التي الذين يوم مساء صباح ليلة ظهر عام سنة لا لم لن قد ثم و أو".split()
)


class Word(NamedTuple):
    """A word or a sign of a sentence: as written, folded, and its place in the sentence."""

    text: str
    plain: str
    start: int
    end: int

    @property
    def is_sign(self) -> bool:
        return not self.plain[:1].isalnum()


class Phrase(NamedTuple):
    """Words ``start`` up to ``end`` of a sentence: a noun phrase. ``named`` says whether a name is in it."""

    words: tuple[Word, ...]
    start: int
    end: int
    named: bool

    @property
    def text(self) -> str:
        """The phrase as a question takes it over: without quotation marks and commas."""
        return spoken(self.words)


def words_of(sentence: str) -> list[Word]:
    """The words and signs of a sentence in order."""
    return [Word(match.group(), fold(match.group()).text.strip(), *match.span()) for match in _WORD.finditer(sentence)]


def spoken(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words if not word.is_sign)


@lru_cache(maxsize=16384)
def is_definite(word: str) -> bool:
    """Whether a folded word is a noun or adjective that carries the article, and points to nothing outside."""
    if not word.startswith("ال") or len(word) < 5 or word in _POINTING or holds_pronoun(word):
        return False
    if dates.month_of(word) or word in _WEEKDAYS:
        return False
    # "التقى", "الذي", "التزمت" begin with the same letters.
    readings = lexicon().analyze(word)
    return not readings or any("the" in reading.prefix for reading in readings)


@lru_cache(maxsize=16384)
def is_known(word: str) -> bool:
    """Whether the dictionary knows a folded word as something else than a name."""
    return any(not _names(reading) for reading in lexicon().analyze(word)) or is_place(word)


_WEEKDAYS = frozenset("السبت الأحد الاحد الاثنين الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة".split())


@lru_cache(maxsize=16384)
def holds_pronoun(word: str) -> bool:
    """Whether a folded word may end in a pronoun: its meaning then lies in another sentence."""
    if not _HOLDS_A_PRONOUN.search(word) or is_place(word):
        return False
    readings = lexicon().analyze(word)
    return any(_PRONOUNS.search(reading.suffix) and "<verb>" not in reading.suffix for reading in readings) and not any(
        not reading.suffix for reading in readings
    )


@lru_cache(maxsize=16384)
def is_place(word: str) -> bool:
    return normalize_arabic(word) in glossary.places()


@lru_cache(maxsize=16384)
def is_name(word: str) -> bool:
    """Whether a folded word can only be a name: of a place, or unknown to the dictionary, or known to it as a name alone."""
    if len(word) < 3 or not is_arabic(word) or arabic.is_function_word(word) or word in ENDS or word in _POINTING:
        return word in _PARTS_OF_NAMES
    if word in _PARTS_OF_NAMES or is_place(word):
        return True
    if word.startswith("ال") or dates.month_of(word) or word in _WEEKDAYS:
        return False
    bare = [reading for reading in lexicon().analyze(word) if not reading.prefix]
    if not bare:
        # A word with a clitic that the dictionary can read is no name; one that it cannot read at all is.
        return not lexicon().analyze(word) and not word.endswith(("ا", "ات", "ون", "ين", "ية", "ته", "ها", "هم"))
    return all(_names(reading) for reading in bare)


def _names(reading: Analysis) -> bool:
    """Whether a reading is of a name: names that take endings ("Donald") are nouns to the dictionary, with a capital."""
    return reading.is_proper_name or (reading.category == "N0" and reading.gloss[:1].isupper())


@lru_cache(maxsize=16384)
def is_unread(word: str) -> bool:
    """Whether a folded word is nothing that the dictionary can read: beside a name it is one too, whatever it ends in."""
    return len(word) >= 3 and is_arabic(word) and word not in ENDS and not lexicon().analyze(word)


@lru_cache(maxsize=16384)
def is_noun(word: str) -> bool:
    """Whether a folded word without article is a noun that another may qualify, and no verb."""
    if not is_arabic(word) or arabic.is_function_word(word) or word in ENDS or holds_pronoun(word):
        return False
    readings = [reading for reading in lexicon().analyze(word) if not reading.prefix]
    nouns = [reading for reading in readings if reading.category[:1] == "N" and not reading.suffix.startswith("[acc")]
    verbs = [reading for reading in readings if reading.category[:2] in ("PV", "IV", "CV")]
    return bool(nouns) and (not verbs or word in _HEADS)


# Nouns at the head of offices and institutions, some of which could also be verbs when unvowelled.
_HEADS = frozenset(
    """رئيس رئيسة وزير وزيرة وزارة مجلس مدير مديرة أمين أمينة قائد سفير سفيرة ناطق متحدث محافظ والي عضو نائب نائبة مدرب مدربة هيئة
    منظمة شركة حزب حركة جيش قوات جماعة وكالة بلدية جامعة نادي فريق منتخب لجنة اتحاد بنك محكمة حكومة جمعية نقابة مؤسسة مركز معهد إدارة
    دار ديوان برلمان رئاسة قيادة بعثة سفارة شرطة مصالح وحدات مباراة مهرجان معرض بطولة دورة انتخابات قمة مؤتمر حرب معركة اتفاقية معاهدة
    مسلسل فيلم كتاب سلسلة برنامج مشروع قانون حملة مسابقة فعاليات أعمال كأس ملك أمير مهاجم لاعب حارس مخرج كاتب""".split()
)


def phrase_at(words: Sequence[Word], start: int, *, longest: int = LONGEST, before_verb: bool = False) -> Phrase | None:
    """The noun phrase that begins at ``start``: definite or a name. None where its bounds are in doubt.

    ``before_verb``: a verb or predicate follows, as after إن, so that anything ends a phrase whose last word has the article.
    """
    position = last = start
    named = definite = False
    heads = 0
    while position < len(words) and position - start < longest + _SIGNS:
        word = words[position]
        plain = word.plain
        if word.is_sign:
            if word.text not in QUOTES and not (word.text in "،," and definite and _name_follows(words, position + 1)):
                break
        elif is_name(plain) or (named and is_unread(plain)) or is_definite(plain) or (definite and _is_joined(plain)):
            named |= is_name(plain)
            definite = True
            last = position + 1
        elif plain == "باسم" and definite:
            pass
        elif is_noun(plain) and (words[position - 1].plain == "باسم" or (not definite and heads < _MOST_HEADS)):
            heads += 1
        else:
            break
        position += 1
    chosen = tuple(word for word in words[start:last] if not word.is_sign)
    if not definite or last - start > longest or chosen[-1].plain in _PARTS_OF_NAMES:
        return None
    # Nothing but signs may stand between the phrase's last word and what ends it.
    if any(not word.is_sign for word in words[last:position]):
        return None
    after = next((word for word in words[last : position + 1] if word.text not in QUOTES), None)
    closed = before_verb and is_definite(chosen[-1].plain)
    if after is not None and not after.is_sign and not closed and not _can_end(after.plain):
        return None
    return Phrase(chosen, start, last, named)


def _is_joined(plain: str) -> bool:
    """Whether a word is a definite noun with "to" or "of" joined to it."""
    return plain.startswith("لل") and is_definite("ال" + plain[2:])


def _name_follows(words: Sequence[Word], position: int) -> bool:
    """Whether a name of at least two words stands here, as it does after an office: "the spokesman, Dmitry Peskov"."""
    names = [word for word in words[position : position + 2] if is_name(word.plain) and not is_place(word.plain)]
    return len(names) == 2


def _can_end(plain: str) -> bool:
    """Whether a word can only stand outside the phrase before it."""
    if (
        plain in ENDS
        or plain[:1].isdigit()
        or dates.month_of(plain)
        or plain in _WEEKDAYS
        or arabic.is_function_word(plain)
    ):
        return True
    if plain in _POINTING:
        return plain[:3] in ("الذ", "الت", "الل", "الي") or plain in ("أمس", "الى", "إلى")
    # An adverb ("رسميا"), or a noun with a preposition or "and" joined to it.
    readings = lexicon().analyze(plain)
    joined = [reading for reading in readings if re.search(r"\b(?:and|for|to|by|with|as)\b", reading.prefix)]
    return plain.endswith(("ا", "اً", "ًا")) or bool(joined and len(joined) == len(readings))


def opening_verb(words: Sequence[Word], verbs: frozenset[str]) -> Word | None:
    """The first word of the sentence without "and", if it is one of ``verbs``."""
    if not words or words[0].is_sign:
        return None
    first = words[0]
    if first.plain in verbs:
        return first
    if first.plain[:1] in "وف" and first.plain[1:] in verbs:
        return Word(re.sub("^[وف][\u064b-\u0652]*", "", first.text), first.plain[1:], first.start + 1, first.end)
    return None


def is_specific(words: Sequence[Word]) -> bool:
    """Whether a reader knows what is spoken of: a name or a nation is there, or it is told at some length."""
    content = [word for word in words if not word.is_sign and word.plain not in PREPOSITIONS]
    return any(names_something(word.plain) for word in content) or len(content) >= 5


def names_something(plain: str) -> bool:
    """Whether a folded word names a person, a place or a nation, with the article or without."""
    return is_name(plain) or is_nation(plain) or (is_definite(plain) and (not is_known(plain) or is_place(plain)))


def is_nation(plain: str) -> bool:
    """Whether a folded word is the adjective of a nation, with the article."""
    adjective = plain.startswith("ال") and plain.endswith(("ي", "ية")) and len(plain) > 5
    return adjective and plain not in ("المالي", "المالية") and is_people(plain[2:])


def is_people(plain: str) -> bool:
    """Whether a folded word without article is the adjective or the name of a nation, in either gender."""
    plain = normalize_arabic(plain)
    masculine = plain[:-1] if plain.endswith("يه") else plain
    return masculine in glossary.peoples() or plain in glossary.peoples()
