"""The readings of one Arabic word for an English reader, and which of them fits its neighbours.

A reading is an analysis of the lexicon with one English rendering. Its ``score`` adds up what is known of the word alone:
how usual the sense is (`senses`), its place in the dictionary, and how likely such a form is at all. `fitting`
adds what the neighbours and the reader's own words say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from assistant.language import arabic, english, glossary, romanize, senses
from assistant.language.lexicon import Analysis, lexicon
from assistant.language.senses import ADJECTIVE, FUNCTION, NAME, NOUN, PERSON, VERB
from assistant.language.text import normalize_arabic

WEIGHTS = {
    # What the dictionary and the lists say of the word.
    "order": 0.5,  # the dictionary's first rendering; later ones less
    "dict": 1.2,  # the glossary has this rendering for the lemma
    "table": 2.5,  # our own list has it
    "own": 1.0,  # a listed rendering that the dictionary lacks
    "form": 0.7,  # listed under the spelling, not the lemma
    "stem": 0.2,  # listed under the spelling of the stem only
    "deriv": 0.3,  # listed rendering and dictionary's are derived from one another
    "common": 1.0,  # a common English word
    "function": 1.0,  # a function word where `arabic` has one too
    "content": 0.5,  # a function word where it has none (cost)
    # How likely such a form is at all (costs).
    "prefix": 0.3,
    "rare_prefix": 1.5,  # "indeed", "would have", "like"
    "short": 0.5,  # clitics leave two letters
    "so": 0.6,
    "possessed": 0.2,
    "person": 0.6,  # "you", feminine plurals
    "I": 2.0,
    "my": 2.0,
    "command": 0.6,
    "dual": 0.2,
    "accusative": 0.1,
    "inflected_name": 2.5,  # a capitalised stem under an accusative or dual ending: oftener a name that ends like it
    "passive": 0.8,
    "apocopate": 1.0,  # a shortened verb where no particle shortens it
    "female": 0.9,  # a feminine agent: oftener a noun that ends like it
    # Names.
    "name": 2.5,
    "own_name": 5.0,
    "spelled_name": 2.0,
    "beside": 1.5,  # a person's name beside another name
    "alone": 2.0,  # one that stands alone (cost)
    "usual": 0.5,  # costs below which an analysis makes the spelling a usual word
    # Neighbours.
    "verb_place": 0.8,
    "noun_place": 0.8,
    "agreement": 0.7,
    "construct": 2.5,
    "past": 1.5,  # behind the particles of completed action
    "counted": 0.8,
    # The reader's own words.
    "asked": 1.0,
    "asked_family": 0.5,
    # Below these a dictionary word is less likely than a name that it looks like.
    "word": 0.0,
    "word_beside": 0.5,
}


class Reading(NamedTuple):
    """An analysis, the English base form that renders it, its stems, its part of speech and its score."""

    analysis: Analysis
    text: str
    stems: frozenset[str]
    part: str
    score: float


_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]")
_DEBRIS = re.compile(r"\b(s\.?o\.?|s\.?th\.?|sb|o\.s\.|sth|etc\.?)(?=\s|$)|^(to|the|an?) (?=\w)")


@lru_cache(maxsize=65536)
def alternatives(gloss: str) -> tuple[str, ...]:
    """A dictionary's gloss as plain renderings: ``"desire;aspire to (sth)"`` → ``("desire", "aspire to")``."""
    parts = re.split("[;/]", _BRACKETS.sub(" ", gloss))
    cleaned = (" ".join(_DEBRIS.sub(" ", part).split()).strip(" .,+") for part in parts)
    return tuple(dict.fromkeys(part for part in cleaned if part))


@lru_cache(maxsize=65536)
def stems_of(text: str) -> frozenset[str]:
    """Stems of a rendering's content words."""
    return frozenset(english.stem(word) for word in re.findall("[A-Za-z]+", text) if not english.is_stop_word(word))


@lru_cache(maxsize=65536)
def family(text: str) -> frozenset[str]:
    return frozenset(
        key for stem in stems_of(text) for key in (lexicon().derivations(stem) or english.derivations(stem))
    )


def _related(one: str, other: str) -> float:
    """How far two renderings say the same: 1 the same stems, less for derivations of one another."""
    if stems_of(one) == stems_of(other):
        return 1.0
    return WEIGHTS["deriv"] if family(one) & family(other) and len(one.split()) == len(other.split()) else 0.0


_GERUND = re.compile("[aeiou].*ing$")  # "joining", but not "bring"
_PLAIN_PREFIXES = ("", "the", "he/it", "it/they/she", "they (people)")
_AGENT = re.compile(r"(er|or|ist|ian|man|member|expert)$")


def _oddity(analysis: Analysis) -> float:
    """How unlikely the form of a reading is, whatever it means."""
    prefix, suffix, category = analysis.prefix, analysis.suffix, analysis.category
    cost = WEIGHTS["prefix"] * (prefix not in _PLAIN_PREFIXES)
    cost += WEIGHTS["so"] * ("so" in prefix.split("+")[0])
    cost += WEIGHTS["rare_prefix"] * bool(re.search("indeed|would have|like", prefix))
    cost += WEIGHTS["short"] * (bool(prefix) and prefix != "the" and len(analysis.stem) < 3)
    verbal = category.startswith(("PV", "IV", "CV"))
    cost += WEIGHTS["person"] * bool(re.search(r"\byou\b|women", suffix + prefix) or ("fem.pl" in suffix and verbal))
    cost += WEIGHTS["I"] * bool(re.search(r"\b(I|me)\b", suffix + prefix))
    cost += WEIGHTS["my"] * suffix.startswith("my")
    cost += WEIGHTS["possessed"] * bool(re.search(r"\b(its|his|her|their|our|your)\b", suffix))
    cost += WEIGHTS["command"] * category.startswith("CV")
    cost += WEIGHTS["person"] / 2 * ("both" in suffix + prefix)
    cost += WEIGHTS["dual"] * ("two" in suffix) + WEIGHTS["accusative"] * ("acc" in suffix)
    cost += WEIGHTS["inflected_name"] * (analysis.gloss[:1].isupper() and analysis.ending == "ا")
    cost += WEIGHTS["passive"] * ("Pass" in category)
    cost += WEIGHTS["apocopate"] * is_apocopate(analysis)
    cost += WEIGHTS["female"] * (suffix == "[fem.sg.]" and is_agent(alternatives(analysis.gloss or "-")[0]))
    return cost


def is_agent(text: str) -> bool:
    """Whether an English noun is spelled like one for a person who does something."""
    return bool(_AGENT.search(text))


def is_apocopate(analysis: Analysis) -> bool:
    """Whether the form is one that a verb has only behind particles like لم: the long vowel is gone."""
    return not analysis.suffix and analysis.category.startswith("IV_C")


def _usual(analysis: Analysis, part: str) -> dict[str, float]:
    """Renderings that the word lists have for the reading, with weights."""
    found: dict[str, float] = {}
    for sense in senses.of_lemma(analysis.lemma):
        if sense.part in ("", part):
            found[sense.text] = max(
                found.get(sense.text, 0.0), WEIGHTS["table" if sense.own else "dict"] * sense.weight
            )
    whole = analysis.stem + analysis.ending
    for form, weight in {analysis.stem: WEIGHTS["stem"], whole: WEIGHTS["form"]}.items():
        for sense in senses.of_form(form):
            if sense.part in ("", part):
                if sense.own:
                    found[sense.text] = max(found.get(sense.text, 0.0), WEIGHTS["table"] * sense.weight)
                else:
                    found[sense.text] = found.get(sense.text, 0.0) + weight * sense.weight
    return found


def _own_verbs(analysis: Analysis) -> dict[frozenset[str], str]:
    """Verbs of our own list for the reading, by stems: the dictionary explains many a verb by a passive."""
    own = [sense.text for sense in senses.of_lemma(analysis.lemma) if sense.own and sense.part == VERB]
    return {stems_of(text): text for text in own}


def _pronoun(gloss: str) -> str:
    words = re.findall("[a-z]+", gloss)
    return next((word for word in ("it", "them", "us", "me", "you") if word in words), "")


def _options(analysis: Analysis, serves: bool) -> Iterable[Reading]:
    part = senses.part_of(analysis)
    base = -_oddity(analysis)
    if part == FUNCTION:
        base += WEIGHTS["function"] if serves else -WEIGHTS["content"]
        if "+" in analysis.gloss:
            head, _, tail = analysis.gloss.partition("+")
            text = "-".join(filter(None, (alternatives(head)[0], _pronoun(tail))))
            yield Reading(analysis, text, stems_of(text), part, base + WEIGHTS["order"])
            return
    listed = _usual(analysis, part)
    if part == VERB:
        listed = {text: weight for text, weight in listed.items() if not _GERUND.search(text.split(" ")[0])}
    taken = set()
    active = _own_verbs(analysis) if part == VERB and "Pass" not in analysis.category else {}
    for place, text in enumerate(alternatives(analysis.gloss)):
        text = active.get(stems_of(text), text) if text.startswith("be ") else text
        support = 0.0
        for other, weight in listed.items():
            related = _related(text, other)
            if related == 1:
                taken.add(other)
            if related:
                support = max(support, related * weight)
        yield Reading(
            analysis,
            text,
            stems_of(text),
            part,
            base + WEIGHTS["order"] / (1 + place) + support + WEIGHTS["common"] * _common(text),
        )
    for text, weight in listed.items():
        if text not in taken:
            yield Reading(
                analysis, text, stems_of(text), part, base + WEIGHTS["own"] * weight + WEIGHTS["common"] * _common(text)
            )


def _common(text: str) -> float:
    if text[:1].isupper():
        return 0.67
    return min((senses.commonness(stem) for stem in stems_of(text)), default=0.0)


# The clitics that a listed word may carry, as the lexicon glosses them, and what they leave of the spelling.
_NAME_CLITICS = {
    "": "",
    "و": "and",
    "ف": "so",
    "ب": "by;with",
    "ل": "for/to",
    "ك": "like;such as",
    "وب": "and + by/with",
    "ول": "and + for/to",
}
_ARTICLES = {"ال": "the", "وال": "and + the", "بال": "with/by + the", "لل": "for/to + the"}


def _listed_words(word: str) -> Iterable[Reading]:
    """Readings as a noun, adjective or verb that our own list has and the lexicon has not."""
    for clitic, prefix in (*_NAME_CLITICS.items(), *_ARTICLES.items()):
        form = word[len(clitic) :]
        for sense in senses.of_form(form) if word.startswith(clitic) and len(form) >= 2 else ():
            if sense.own and sense.part in (NOUN, ADJECTIVE, VERB):
                analysis = Analysis(-1, sense.text, 0, "", prefix, "", form, "")
                score = WEIGHTS["table"] * sense.weight + WEIGHTS["common"] * _common(sense.text) - _oddity(analysis)
                yield Reading(analysis, sense.text, stems_of(sense.text), sense.part, score)


def _names(word: str) -> Iterable[Reading]:
    """Readings as a name that the word lists have."""
    splits = [(word[len(clitic) :], gloss) for clitic, gloss in _NAME_CLITICS.items() if word.startswith(clitic)]
    if word.startswith("لل"):
        splits.append(("ال" + word[2:], "for/to"))
    usual_word = any(
        not reading.gloss[:1].isupper() and _oddity(reading) < WEIGHTS["usual"] for reading in lexicon().analyze(word)
    )
    for form, prefix in splits:
        for sense in senses.of_form(form) if len(form) >= 2 else ():
            if sense.part in (NAME, PERSON):
                analysis = Analysis(-1, sense.text, 0, "Nprop", prefix, "", form, "")
                # A known place is one, whatever its name means: "الخرطوم" (Khartoum) is also a hose.
                place = sense.part == NAME and normalize_arabic(form) in glossary.places()
                part = sense.part if sense.own or place or not usual_word else PERSON
                listed = WEIGHTS["own_name"] if sense.own and part == NAME else WEIGHTS["name"]
                score = listed * sense.weight - WEIGHTS["prefix"] * bool(prefix)
                yield Reading(analysis, sense.text, stems_of(sense.text), part, score)
    found = romanize.known(word)
    if found:
        clitic, text = found
        analysis = Analysis(-1, text, 0, "Nprop", _NAME_CLITICS[clitic], "", word[len(clitic) :], "")
        yield Reading(analysis, text, stems_of(text), PERSON if usual_word else NAME, WEIGHTS["spelled_name"])


@lru_cache(maxsize=65536)
def readings(word: str) -> tuple[Reading, ...]:
    """Readings of a folded Arabic word, the best first; none if neither the lexicon nor a list of names knows it."""
    serves = arabic.is_function_word(word)
    found: dict[tuple[str, str, str, str], Reading] = {}
    options = [option for analysis in lexicon().analyze(word) for option in _options(analysis, serves)]
    for option in (*options, *_listed_words(word), *_names(word)):
        key = (option.text, option.part, option.analysis.prefix, option.analysis.suffix)
        if key not in found or found[key].score < option.score:
            found[key] = option
    return tuple(sorted(found.values(), key=lambda reading: -reading.score))[:12]
