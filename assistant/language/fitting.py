"""Which reading of an Arabic word fits its neighbours and the reader's own words.

A particle tells a verb from a noun, an adjective agrees with the noun before it, a person's name stands beside another
name or a title, and what the reader asked about is likelier to be meant than anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from assistant.language.lexicon import Analysis, lexicon
from assistant.language.readings import WEIGHTS, Reading, family, is_apocopate, readings, stems_of
from assistant.language.senses import ADJECTIVE, FUNCTION, NAME, NOUN, PERSON, VERB

_BEFORE_VERBS = frozenset("لم لن سوف قد لقد وقد ولم ولن فقد".split())
_BEFORE_PAST = frozenset("قد لقد وقد فقد ولقد".split())
_SHORTENING = frozenset("لم ولم فلم لا ولا ألم".split())
_OFTEN_BEFORE_VERBS = frozenset(
    "أن لا ما كي لكي حتى كان كانت كانوا عندما بينما الذي التي الذين حيث كما وكان وكانت".split()
)
_BEFORE_NOUNS = frozenset(
    """في من على إلى الى عن مع بين خلال منذ بعد قبل عند تحت ضد حول عبر دون بدون نحو لدى أمام وراء خلف فوق ضمن بسبب وفق حسب هذا
    هذه ذلك تلك هؤلاء كل بعض جميع أي أية غير عدم عقب إثر أثناء بشأن حيال إزاء تجاه باسم ذات ذو ذي إن وفي ومن وعلى وإلى وعن ومع وبين كما""".split()
)
_TITLES = frozenset(
    "السيد السيدة الرئيس الوزير الدكتور الشيخ الأستاذ النائب الملك الأمير اللاعب المدرب القائد السفير الجنرال الإمام الكاتب الشاعر الفنان".split()
)


class Neighbour(NamedTuple):
    """What stands before a word without a break: the token, and the part and definiteness of its reading."""

    word: str
    part: str
    definite: bool
    open: bool = False
    """Whether its possessor may follow."""


NOTHING = Neighbour("", "", False)


class Wanted(NamedTuple):
    """Stems of the reader's own words, and the derivation keys of these."""

    stems: frozenset[str]
    families: frozenset[str]


def wanted(words: Iterable[str]) -> Wanted:
    """What the reader's own English words ask for."""
    stems = stems_of(" ".join(words))
    return Wanted(stems, frozenset(key for stem in stems for key in lexicon().derivations(stem)))


def neighbour(word: str, reading: Reading) -> Neighbour:
    """What a chosen reading is for the word behind it."""
    analysis = reading.analysis
    named = reading.part in (NAME, PERSON)
    is_open = (
        reading.part == NOUN
        and not is_definite(analysis)
        and not re.search(r"acc|its|his|their|our|my|your", analysis.suffix)
    )
    return Neighbour(
        word,
        NAME if named else reading.part,
        is_definite(analysis),
        is_open and analysis.ending not in ("ين", "ون", "ان"),
    )


def is_definite(analysis: Analysis) -> bool:
    """Whether the word carries the article or a possessor."""
    return "the" in analysis.prefix


@lru_cache(maxsize=65536)
def is_name(word: str) -> bool:
    """Whether a word can hardly be anything but a name."""
    found = readings(word)
    return not found or found[0].part in (NAME, PERSON)


def _agreement(reading: Reading, before: Neighbour, after: str) -> float:
    score = 0.0
    counts = after[:1] == "#"
    after = "" if counts else after
    if counts:
        score -= WEIGHTS["counted"] * (reading.part == ADJECTIVE)
    if reading.part == VERB:
        score += WEIGHTS["past"] * (before.word in _BEFORE_PAST and reading.analysis.category.startswith("PV"))
        score += WEIGHTS["apocopate"] * (before.word in _SHORTENING and is_apocopate(reading.analysis))
    if before.word in _BEFORE_VERBS:
        score += WEIGHTS["verb_place"] * (reading.part == VERB)
    elif before.word in _OFTEN_BEFORE_VERBS:
        score += 0.5 * WEIGHTS["verb_place"] * (reading.part == VERB)
    elif before.word in _BEFORE_NOUNS:
        score -= WEIGHTS["noun_place"] * (reading.part == VERB)
    if reading.part == PERSON:
        beside = before.part in (NAME, PERSON) or before.word in _TITLES or (bool(after) and is_name(after))
        score += WEIGHTS["beside"] if beside else -WEIGHTS["alone"]
    if (
        "two" in reading.analysis.suffix
        and reading.analysis.ending[:1] in ("ا", "ي")
        and reading.analysis.ending not in ("ان", "ين")
    ):
        score -= WEIGHTS["construct"] * (not after.startswith("ال"))
    if before.part in (NOUN, ADJECTIVE, NAME):
        agrees = (before.definite or before.part == NAME) == is_definite(reading.analysis)
        if reading.part == ADJECTIVE:
            # Behind a preposition of its own it is no attribute.
            agrees = agrees and not re.search("by|with|for|to|like", reading.analysis.prefix)
            score += WEIGHTS["agreement"] if agrees else -WEIGHTS["agreement"]
    elif before.part == VERB:
        score -= WEIGHTS["noun_place"] * (reading.part == VERB)
    elif reading.part == ADJECTIVE:
        score -= WEIGHTS["agreement"]
    return score


def may_happen(particle: str, after: str, asked: Wanted) -> bool:
    """Whether a verb follows that says, behind قد, what may be rather than what has been."""
    reading = choose(after, Neighbour(particle, FUNCTION, False), "", asked) if after and after[0] != "#" else None
    return reading is not None and reading.part == VERB and reading.analysis.category.startswith("IV")


def choose(word: str, before: Neighbour, after: str, asked: Wanted) -> Reading | None:
    """The reading that fits best; ``after`` is the next token, ``""`` at a break."""
    best, best_score = None, 0.0
    for reading in readings(word):
        score = reading.score + _agreement(reading, before, after)
        if asked.stems and reading.part != FUNCTION:
            if reading.stems & asked.stems:
                score += WEIGHTS["asked"]
            elif family(reading.text) & asked.families:
                score += WEIGHTS["asked_family"]
        if best is None or score > best_score:
            best, best_score = reading, score
    if best and best.part not in (FUNCTION, NAME, PERSON):
        named = before.part == NAME or (bool(after) and after[0] != "#" and is_name(after))
        if best_score < WEIGHTS["word_beside" if named else "word"]:
            return None
    return best
