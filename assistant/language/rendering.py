"""How a reading of an Arabic word is said in English: its clitics in English order, its number and tense.

``وبأسلحتهم`` is *and with their weapons*, ``سيفتحها`` *will open it*. An adjective that follows its noun repeats the noun's
article and number, and is shown without them; a noun that has the next noun for its possessor is followed by *of*.
"""

from __future__ import annotations

import re

from assistant.language import inflection, readings, senses
from assistant.language.fitting import Neighbour
from assistant.language.lexicon import Analysis
from assistant.language.readings import Reading

_PREFIXES = {"and": "and", "so": "so", "by": "with", "with": "with", "like": "as", "for": "for", "to": "to"}
_POSSESSIVES = ("his", "her", "its", "their", "our", "my", "your")
_OBJECTS = ("it", "them", "us", "me", "you")
_PEOPLE = frozenset({"Nall", "N/ap", "N-ap", "Nall_L"})
# What people have and say, and who belongs to them.
_OF_PERSONS = re.compile(
    r"\b(counterpart|deputy|colleague|spokes\w+|aide|brother|sister|father|mother|son|daughter|wife|husband|child|family|friend"
    r"|parent|lawyer|coach|head|hand|face|eye|body|life|death|home|house|saying|statement|speech|remark|tweet|visit|voice|job"
    r"|car|book|age|name|arrival|appreciation|expression|surprise|regret|hope|belief|opinion|view|companion|master)s?\b"
)
# Adjectives that are said of people as nouns.
_NAMES_PEOPLE = re.compile("(an|ist|er)$")
_BASE_AFTER = frozenset("لم لن سوف ولم ولن أن كي لكي قد وقد فقد".split())
_PERFECT_AFTER = frozenset("قد وقد فقد لقد ولقد".split())


def clitics(analysis: Analysis) -> list[str]:
    """Renderings of the particles before the word: ``["and", "to", "the"]``."""
    parts: list[str] = []
    for part in analysis.prefix.replace("/so with", "/so + with").replace("by the", "by + the").split("+"):
        options = re.findall("[a-z]+", part.lower())
        known = [option for option in options if option in _PREFIXES]
        if known:
            # "for/to" is "to" before a name or a verb more often than "for".
            parts.append("to" if "to" in known else _PREFIXES[known[0]])
        if "the" in options:
            parts.append("the")
    return parts


def word(reading: Reading, before: Neighbour) -> str:
    """The reading with its clitics, as it is said after ``before``."""
    if reading.part == senses.VERB:
        return _verb(reading, before.word)
    if reading.part == senses.FUNCTION:
        found = re.findall("[a-z]+", reading.analysis.suffix)
        pronouns = [one for one in _OBJECTS if one in found][:1]
        return " ".join([*clitics(reading.analysis), reading.text, *pronouns])
    return _noun(reading, before)


def is_plural(reading: Reading) -> bool:
    """Whether a noun is plural, by its ending or, where the plural is a stem of its own, by the dictionary's gloss."""
    if reading.part != senses.NOUN:
        return False
    if re.search(r"\bpl\b|\btwo\b", reading.analysis.suffix):
        return True
    listed = readings.alternatives(reading.analysis.gloss)[:2]
    return bool(listed) and all(inflection.is_plural(one) for one in listed)


def _noun(reading: Reading, before: Neighbour) -> str:
    analysis, text = reading.analysis, reading.text
    follows = reading.part == senses.ADJECTIVE and before.part in (senses.NOUN, senses.ADJECTIVE, senses.NAME)
    parts = clitics(analysis)
    if follows and parts == ["the"]:
        parts = []
    possessor = next((one for one in re.findall("[a-z]+", analysis.suffix) if one in _POSSESSIVES), None)
    if possessor:
        parts = [part for part in parts if part != "the"] + [_owner(text) if "its" in analysis.suffix else possessor]
    people = "masc.pl" in analysis.suffix and bool(_NAMES_PEOPLE.search(text))
    counted = reading.part == senses.NOUN and not parts and _counts(before.word)
    if not follows and (is_plural(reading) or people or counted):
        # The plural of people and the dual are spelled alike, and the plural is far commoner.
        is_people = analysis.category in _PEOPLE or readings.is_agent(text)
        if "two" in analysis.suffix and not (analysis.ending == "ين" and is_people):
            parts.append("two")
        text = inflection.plural(text)
    if (
        before.open
        and (parts[:1] == ["the"] or possessor or reading.part in (senses.NAME, senses.PERSON))
        and not (set(parts) & set(_PREFIXES.values()))
    ):
        parts.insert(0, "of")
    return " ".join([*parts, text])


def _counts(token: str) -> bool:
    """Whether a number counts the noun behind it. Arabic has the singular there, and a year is followed by another phrase."""
    number = token[1:]
    return token[:1] == "#" and number.isdigit() and int(number) > 1 and not 1500 <= int(number) < 2200


def _owner(text: str) -> str:
    """*His* or *its* for the suffix that is either: by what is owned, for the owner is not known."""
    return "his" if _OF_PERSONS.search(text) else "its"


def _verb(reading: Reading, before: str) -> str:
    analysis, text = reading.analysis, reading.text
    parts = [part for part in clitics(analysis) if part in ("and", "so", "to")]
    subject_of = f"{analysis.prefix} {analysis.suffix}".split("<verb>")[0]
    subject = next((one for one in ("I", "we", "you") if re.search(rf"\b{one}\b", subject_of)), "")
    if "they (people)" in subject_of or analysis.suffix.startswith("they <verb>"):
        subject = "they"
    if "will" in analysis.prefix:
        parts += [subject, "will"]
    elif "to" not in parts:
        parts.append(subject)
        if analysis.category.startswith("PV"):
            text = inflection.participle(text) if before in _PERFECT_AFTER else inflection.past(text)
        elif analysis.category.startswith("IV") and before not in _BASE_AFTER and not subject:
            text = inflection.third_person(text)
    last = analysis.suffix.rpartition("<verb>")[2] if "<verb>" in analysis.suffix else analysis.suffix
    target = next((one for one in _OBJECTS if re.search(rf"\b{one}\b", last.replace("it/them/her", "it"))), "")
    return " ".join(part for part in (*parts, text, target) if part)
