"""What a text claims that can be checked word by word: its numbers, dates, names and negations.

Statements and the sentences they cite are read alike, so what is copied is found again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.language import arabic, english, glossary, numbers
from assistant.language.acronyms import is_letter_name
from assistant.language.dates import month_names
from assistant.language.kinds import Kind, kinds_of
from assistant.language.lexicon import lexicon
from assistant.language.moments import Mention, mentions
from assistant.language.names import clitic_forms
from assistant.language.polarity import Negative, negatives
from assistant.language.quantities import Quantity, quantities
from assistant.language.text import ARABIC_LETTERS, fold, is_arabic, normalize_arabic
from assistant.language.tokens import Token, tokens

MARKERS = re.compile(r"\s*\[\s*\d{1,3}\s*(?:[,،;]\s*\d{1,3}\s*)*\]")
# This letter ends a word: what follows it was set without its space.
_GLUED = re.compile(f"(ة)(?=[{ARABIC_LETTERS}])")
# Made plain, "5½" would become 51 and 2.
_FRACTION = re.compile("(?<=\\d)[½¼¾]")
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
# A capital is due here: behind the end of a sentence, or right behind what opens one ('," she said' does not).
_OPENED = re.compile(r"[.!?:][\"”»)]?\s+$|[\"“”«(]$")
# Words that open a sentence, and forms of address, which a translation leaves out.
_ADDRESS = frozenset(
    "however nevertheless nonetheless moreover furthermore meanwhile therefore otherwise mr mrs ms miss dr prof rev sir lord lady col lt gen sgt capt sen rep gov hon st".split()
)
# What may stand before a name in Arabic, likewise.
_ARABIC_ADDRESS = frozenset("السيد السيدة الآنسة الدكتور الدكتورة الأستاذ الأستاذة البروفيسور الشيخ".split())


@dataclass(frozen=True, slots=True)
class Reading:
    """A text made plain, and what it claims. All places refer to ``text``; ``names`` are indices of ``words``."""

    text: str
    words: tuple[Token, ...]
    numbers: tuple[Quantity, ...]
    mentions: tuple[Mention, ...]
    negatives: tuple[Negative, ...]
    names: tuple[int, ...]
    likely_names: tuple[int, ...]


@lru_cache(maxsize=2048)
def read(text: str) -> Reading:
    """Read a text: a statement without its citation markers, or a sentence."""
    unmarked = _FRACTION.sub(lambda match: _FRACTIONS[match[0]], MARKERS.sub(" ", text))
    plain = _GLUED.sub(r"\1 ", _DOTTED.sub(lambda match: match[0].replace(".", ""), fold(unmarked).text))
    words = tokens(plain)
    numbers = quantities(plain, words)
    sure, likely = _names(plain, words)
    return Reading(
        plain,
        tuple(words),
        tuple(numbers),
        tuple(mentions(plain, numbers)),
        tuple(negatives(plain, words)),
        tuple(sure),
        tuple(likely),
    )


def _names(text: str, words: list[Token]) -> tuple[list[int], list[int]]:
    """Words that are surely names, and words that may be."""
    sure: list[int] = []
    likely: list[int] = []
    content = [token.word for token in words if token.word.isascii() and token.word.isalpha() and len(token.word) > 3]
    headline = len(content) > 2 and sum(word[0].isupper() for word in content) > 0.7 * len(content)
    for i, token in enumerate(words):
        if token.word[0] in "#@":
            continue
        if is_arabic(token.word):
            certainty = _arabic_name(token.word)
        else:
            addressed = i > 0 and words[i - 1].word.lower() in _ADDRESS and _OPENED.search(text[: token.start][-3:])
            opening = i == 0 or (not addressed and bool(_OPENED.search(text[: token.start][-4:])))
            certainty = _english_name(token.word, opening or headline)
        if certainty:
            (sure if certainty == 2 else likely).append(i)
    return sure, likely


@lru_cache(maxsize=65536)
def _english_name(word: str, opening: bool) -> int:
    """2 for a name, 1 for what may be one. ``opening``: the capital may be due to the place of the word."""
    if (
        not word[0].isupper()
        or len(word) < 2
        or english.is_stop_word(word)
        or word.lower() in _ADDRESS
        or numbers.values(word)
    ):
        return 0
    kinds = kinds_of(word)
    if kinds & Kind.DATE or word.lower() in month_names():
        return 0
    if kinds & (Kind.LOCATION | Kind.PEOPLE):
        # A nation's adjective is added and left out freely.
        return 2 if kinds & Kind.LOCATION else 1
    if word.isupper() and len(word) <= 6:
        return 2 if len(word) > 2 and glossary.replacements([word])[0] else 1
    if sum(letter.isupper() for letter in word) > 1 and not word.startswith(("Mc", "Mac", "O'", "De", "Le")):
        return 1  # a shortened form, which a translation may write out
    known = any(lexicon().knows_word(re.sub(ending, "", word.lower())) for ending in _ENDINGS)
    if opening:
        return 1 if kinds & Kind.UNKNOWN else 0
    return 1 if known or len(word) < 4 else 2


_ENDINGS = ("$^", "s$", "es$", "ed$", "ing$", "e?rs?$", "ments?$", "ly$", "^(?:pre|post|non|un|re|co|anti)")


@lru_cache(maxsize=1)
def _currencies() -> frozenset[str]:
    return glossary.listed(("currencies.tsv", glossary.NAME))


@lru_cache(maxsize=65536)
def _arabic_name(word: str) -> int:
    if len(word) < 3 or arabic.is_function_word(word) or is_letter_name(word):
        return 0
    kinds = kinds_of(word)
    if kinds & Kind.DATE:
        return 0
    readings = [a for found in lexicon().lemmas(word).values() for a in found]
    proper = all(a.is_proper_name or a.gloss[:1].isupper() for a in readings)
    if not {normalize_arabic(form) for form, _ in clitic_forms(word)}.isdisjoint(_currencies()):
        return 0
    if re.sub("^[وف]|^ل(?=ل)", "", word) in _ARABIC_ADDRESS:
        return 0
    if kinds & Kind.LOCATION or (kinds & Kind.PEOPLE and proper):
        # Many a place is named by a word ("صور", "السيد").
        return 2 if kinds & Kind.LOCATION and proper else 1
    if readings:
        return 2 if proper else 0
    if any(_is_latin_name(offered.words) for offered in glossary.replacements([word])[0]):
        return 2
    # A foreign name takes no article: what has one is a form of a word that the lexicon lacks.
    return 1 if _ORDINARY.search(word) is None and not _is_glued(word) else 0


def _is_latin_name(words: Sequence[str]) -> bool:
    return all(word.isascii() and word[0].isupper() for word in words)


def _is_glued(word: str) -> bool:
    """Whether an unknown word is a function word and another set without their space, as news often has them."""
    cuts = range(2, len(word) - 3)
    return any(arabic.is_function_word(word[:cut]) and lexicon().analyze(word[cut:]) for cut in cuts)


# What the lexicon lacks is a name, or a form of an ordinary word: these beginnings and endings are of the latter.
_ORDINARY = re.compile(
    "^.{10,}$|(?:ة|ها|هم|هما|نا|وا|ات|ون|ين|ية|ته|تها|تهم)$|^[وف]?(?:[يتن]|س[يتن]|است|مست|مت)|^[وف]?[بك]?ال"
)
