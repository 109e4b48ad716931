"""Negation: the words of a text that deny something, and the words they deny.

A *plain* negative is a negation of grammar (not, never, without; لم, ليس), a *prefix* one of the Arabic words that stand where
English has a prefix (غير, عدم, دون). A *worded* one denies by its meaning (refuse, lack, unlikely; رفض, فشل, استبعد): a
translation may turn these into each other. A *weak* one may stand for a negation now and then (few, stop, against), and an
*affixed* word (inappropriate, but also *increased*) for a *prefix* one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from assistant.language import arabic, english
from assistant.language.lexicon import lexicon
from assistant.language.terms import is_stop
from assistant.language.text import is_arabic, normalize_arabic
from assistant.language.tokens import Token

Strength = Literal["plain", "prefix", "worded", "weak", "affixed"]


class Negative(NamedTuple):
    """``place``: its index among the tokens; ``denied``: those of the words it bears on, nearest first; ``scope``: the
    tokens, first and end, of its part of the sentence."""

    place: int
    strength: Strength
    denied: tuple[int, ...]
    scope: tuple[int, int]
    base: str = ""
    """The English word that a prefix or ending denies: *likely* of *unlikely*."""


_ENGLISH = frozenset("not never no nor neither none nobody nothing nowhere without cannot".split())
_ARABIC = frozenset("لا لم لن ليس ليست ليسوا ليسا لسنا لست ليستا ألا ألن أليس أليست لئلا كيلا".split())
_ARABIC_PREFIXES = frozenset("غير عدم بلا بغير لعدم بعدم دون بدون".split())
# Said with a negation, and denying nothing.
_IDIOMS = re.compile(
    r"\b(?:not (?:only|just|merely|simply|least|to mention|long)|if not|or not|or without|without fail|never more|no (?:less|fewer|later|sooner|more) than|no (?:doubt|matter|wonder)|nothing (?:but|less)"
    r"|(?:not|t) until|t (?:just|only)|(?:not|t) help (?:but|\w+ing)|no\. ?\d|no(?=[,!]))\b"
    r"|(?<!\w)[وف]?(?:لا (?:[يتن]زال\w*|زال\w*|سيما|بد|شك|ريب|حصر|حد|عد|[يت]حصي|[يت]قل|[يت]تجاوز|[يت]زيد|جدال|محاله|غير|اقل|اكثر)|لا (?:نهايي|متناهي|حدود|شعوري)\w*|ا[مو] لا|ان لم (?:يكن|تكن)|لا غني|غير (?:مباشر|عادي|ان)\w*|(?:الذي|التي|قد|لقد) غير|غير (?:ذلك|\d)|لم شمل\w*|(?:لا|لم|ليس|ليست) (?:\w+ ){0,4}(?:فقط|فحسب)|ليست? مجرد"
    r"|غير ان\w*|الا وه[وي]|دون طيار|د[يو] لا|لا(?=[،,!]))(?!\w)"
)
_WORDED = """refuse reject deny fail failure lack absence absent unable prevent avoid refrain abstain hardly barely rarely scarcely seldom
unlikely impossible exclude devoid exempt prohibit forbid ban negate incapable inability nonexistent anonymous anonymity neglect
ignore unless inadequate insufficient inaccurate incorrect incomplete ineffective inconclusive illegal irregular irrelevant
improper impractical invisible indirect disagree disapprove dislike disallow distrust mistrust dissatisfied disobey
disrespect discontinue disregard repel silent silence miss skip omit cancel vacant empty"""
_WEAK = "few little except only instead rather stop cease halt zero free contrary against yet"
_ARABIC_WORDED = """رفض أنكر نفى فشل أخفق عجز امتنع تعذر استحال منع حظر استبعد استثنى تجنب تفادى افتقر غياب انعدم تجاهل أهمل نادر مستحيل
مستبعد استبعاد رافض فاشل ممنوع محظور عاجز امتناع"""
_ARABIC_WEAK = "قليل فقط إلا سوى توقف كف ضد بعيد حر خال خلا صد"
# These may also be made of "in" and a word: they excuse a negation and are never one.
_AFFIXED = re.compile(
    "(?:in|im|ir|il|dis|anti)[a-z]{3,}(?:able|ible|ent|ant|ate|al|ic|ive|ous|ful|ite|ed|ct|ry|ly|ness|ity|ence|ance|ency|rd|ld|ss|ge|ply)"
)
_UN = re.compile("(?:un|non)([a-z]{4,})|([a-z]{3,})less(?:ly|ness)?")
_IN = re.compile("(?:in|im|il|ir|dis)([a-z]{4,})")
_NOT_UN = frozenset(
    "under unit united unique union universe university unto nonetheless nevertheless regardless bless unlike".split()
)
_EXCEPTIVES = frozenset(("سوى", "إلا", "الا"))
_WITHOUT = frozenset("without دون بدون بغير بلا".split())
_REACH = 3
_BEHIND, _AHEAD = 4, 10
_STOPS = re.compile(r"[.,;:!?،؛؟()«»“”\"]")


@lru_cache(maxsize=1)
def _english_tables() -> tuple[tuple[Strength, frozenset[str]], ...]:
    def stems(words: str) -> frozenset[str]:
        return frozenset(english.stem(word) for word in words.split())

    return (("worded", stems(_WORDED)), ("weak", stems(_WEAK)))


@lru_cache(maxsize=1)
def _arabic_tables() -> tuple[tuple[Strength, frozenset[int]], ...]:
    def lemmas(words: str) -> frozenset[int]:
        return frozenset(lemma for word in words.split() for lemma in arabic.lemma_weights(word))

    return (("worded", lemmas(_ARABIC_WORDED)), ("weak", lemmas(_ARABIC_WEAK)))


@lru_cache(maxsize=65536)
def _base(word: str) -> str:
    """The word that an English one denies by its form, if it is known; else ""."""
    affixed = _UN.fullmatch(word) if word not in _NOT_UN and not word.startswith("under") else None
    if affixed is None and english.stem(word) in dict(_english_tables())["worded"]:
        affixed = _IN.fullmatch(word)
    base = (affixed[1] or affixed[affixed.re.groups]) if affixed else ""
    return base if base and (lexicon().knows_word(base) or lexicon().knows_stem(english.stem(base))) else ""


def _opposite(word: str) -> str:
    """The word that is the contrary of an English one: *likely* of *unlikely*; none of *speechless* or *unveiled*."""
    reversed_verb = any(
        word.endswith(ending) and lexicon().knows_word(word.removesuffix(ending) + rest)
        for ending in ("ed", "ing")
        for rest in ("", "e")
    )
    return "" if reversed_verb or re.search("less(?:ly|ness)?$", word) else _base(word)


@lru_cache(maxsize=65536)
def _worded(word: str) -> Strength | None:
    if word[0] in "#@":
        return None
    if is_arabic(word):
        # A word of many readings denies nothing for one of them.
        weights = arabic.lemma_weights(word)
        for strength, lemmas in _arabic_tables():
            if sum(lemma in lemmas for lemma in weights) > len(weights) / 2:
                return strength
        return None
    lower = word.lower()
    if lower in _NOT_UN:
        return None
    stem = english.stem(lower)
    for strength, stems in _english_tables():
        if stem in stems:
            return strength
    if _base(lower):
        return "worded"
    return "affixed" if _AFFIXED.fullmatch(lower) or _is_coined(lower) else None


def _is_coined(word: str) -> bool:
    """Whether a word that nobody knows denies something by its form: *unpresidential*."""
    return _UN.fullmatch(word) is not None and not lexicon().knows_word(word)


def _of_grammar(words: Sequence[Token], i: int, text: str) -> Strength | None:
    word = words[i].word
    if is_arabic(word):
        bare = word[1:] if word[0] in "وف" else word
        return "prefix" if bare in _ARABIC_PREFIXES else "plain" if word in _ARABIC or bare in _ARABIC else None
    lower = word.lower()
    contracted = lower == "t" and i > 0 and text[words[i].start - 1 : words[i].start] in ("'", "’")
    if lower == "non":
        return "prefix"
    return "plain" if lower in _ENGLISH or contracted else None


def negatives(text: str, words: Sequence[Token]) -> list[Negative]:
    """The negatives of a folded text, in order. ``words``: its tokens."""
    idioms = [match.span() for match in _IDIOMS.finditer(normalize_arabic(text).lower())]
    never_without = set[int]()
    found: list[Negative] = []
    for i, token in enumerate(words):
        if any(start <= token.start < end for start, end in idioms):
            continue
        strength: Strength | None = _of_grammar(words, i, text) or _worded(token.word)
        if strength:
            first, end = _scope(text, words, i)
            if (
                strength in ("plain", "prefix")
                and is_arabic(token.word)
                and any(w.word in _EXCEPTIVES for w in words[i + 1 : end])
            ):
                strength = "weak"  # "لم يبق سوى": only
            if strength == "plain" and (without := _without(words, i + 1, end)):
                never_without.add(without)
                strength = "weak"  # "cannot tell it without weeping": only so
            elif i in never_without:
                strength = "weak"
            denied = [j for j in range(i + 1, end) if not is_stop(words[j].word)]
            found.append(Negative(i, strength, tuple(denied[:_REACH]), (first, end), _opposite(token.word.lower())))
    return found


def _without(words: Sequence[Token], first: int, end: int) -> int | None:
    """The place of a *without* in the same clause."""
    for j in range(first, end):
        word = words[j].word.lower()
        if word in _WITHOUT:
            return j
        if word in ("and", "or", "but") or (word[0] == "و" and len(word) > 2):
            return None
    return None


def _scope(text: str, words: Sequence[Token], place: int) -> tuple[int, int]:
    first, end = place, place + 1
    while first > max(0, place - _BEHIND) and not _STOPS.search(text, words[first - 1].end, words[first].start):
        first -= 1
    while end < min(len(words), place + _AHEAD) and not _STOPS.search(text, words[end - 1].end, words[end].start):
        end += 1
    return first, end
