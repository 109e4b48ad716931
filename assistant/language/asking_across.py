"""English questions that an Arabic sentence answers.

Nothing is translated freely: an office or institution is one of a short table, a nation and a place are taken from the
glossary where it knows one rendering only, and people are called by their office. A sentence with anything else at the
place of the question's subject gives no question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.language import glossary
from assistant.language.asking_ar import Drafted
from assistant.language.names import clitic_forms
from assistant.language.phrases_ar import Word, words_of
from assistant.language.statements_ar import ADJECTIVE, about, counted_victims, dated, office_at, requested, said_by
from assistant.language.text import normalize_arabic

# Arabic words of an office or institution (the nation's adjective follows) and its English name; a plural takes "do".
_OFFICES = {
    "رئيس الوزراء": "prime minister", "رئيسة الوزراء": "prime minister", "الرئيس": "president", "رئيس الحكومة": "prime minister",
    "وزير الخارجية": "foreign minister", "وزيرة الخارجية": "foreign minister", "وزير الدفاع": "defence minister",
    "وزير الداخلية": "interior minister", "وزيرة الداخلية": "interior minister", "وزير المالية": "finance minister",
    "وزير العدل": "justice minister", "وزير الصحة": "health minister", "وزير التجارة": "trade minister",
    "وزير الثقافة": "culture minister", "وزير الاقتصاد": "economy minister", "وزير التعليم": "education minister",
}  # fmt: skip
_INSTITUTIONS = {
    "وزارة الدفاع": "defence ministry", "وزارة الخارجية": "foreign ministry", "وزارة الداخلية": "interior ministry",
    "وزارة الصحة": "health ministry", "وزارة المالية": "finance ministry", "وزارة العدل": "justice ministry", "الحكومة": "government",
    "الجيش": "army", "البرلمان": "parliament", "الشرطة": "police", "السلطات": "authorities", "القوات": "forces",
}  # fmt: skip
_NAMED = {
    "المتحدث باسم الكرملين": "the Kremlin spokesman",
    "الناطق باسم الكرملين": "the Kremlin spokesman",
    "الأمين العام للأمم المتحدة": "the UN secretary-general",
    "البيت الأبيض": "the White House",
    "الأمم المتحدة": "the United Nations",
    "منظمة الصحة العالمية": "the World Health Organization",
    "صندوق النقد الدولي": "the International Monetary Fund",
    "الاتحاد الأوروبي": "the European Union",
}
_EVENTS = {
    "الاشتباكات": "clashes", "القتال": "fighting", "الحرب": "war", "المعارك": "battles", "المواجهات": "confrontations",
    "الاحتجاجات": "protests", "الانتخابات": "elections", "المفاوضات": "talks", "المحادثات": "talks",
}  # fmt: skip
_EVENT_WORDS = {
    "العسكرية": "military",
    "المسلحة": "armed",
    "الرئاسية": "presidential",
    "البرلمانية": "parliamentary",
    "التشريعية": "legislative",
}
_HAPPENED = {"اندلع": "break out", "بدأ": "begin", "انطلق": "start", "انتهى": "end"}
_VICTIMS = {
    "شخصًا": "people", "جنديًا": "soldiers", "مدنيًا": "civilians", "طفلًا": "children", "صحفيًا": "journalists", "مهاجرًا": "migrants",
    "عاملًا": "workers", "شرطيًا": "police officers", "سائحًا": "tourists", "راكبًا": "passengers",
}  # fmt: skip
_FATES = {"قُتل": "were killed", "أصيب": "were injured", "اعتُقل": "were arrested", "توفي": "died", "استشهد": "were killed", "اختُطف": "were kidnapped", "أُنقذ": "were rescued"}  # fmt: skip
_TWO_SIDES = "between {} and {}"


@lru_cache(maxsize=4096)
def nation(plain: str) -> str | None:
    """A nation's adjective in English for one in Arabic, in any gender, with the article or without; None if in doubt."""
    word = plain.removeprefix("ال")
    forms = {normalize_arabic(form) for form, _ in clitic_forms(word)} | {normalize_arabic(word)}
    forms |= {form[:-1] for form in forms if form.endswith(("ا", "ه"))}
    found = {
        offered[0].text
        for listed, offered in _renderings(word)
        if listed.column == glossary.DEMONYM and len(listed.words) == 1 and normalize_arabic(listed.words[0]) in forms
    }
    # "New Zealander" is a person, not an adjective.
    return found.pop() if len(found) == 1 and not any(name.endswith("lander") for name in found) else None


@lru_cache(maxsize=4096)
def place(words: tuple[str, ...]) -> str | None:
    """The English name of a place said in Arabic ``words``; None if there are several, or none."""
    found = {
        offered[0].text
        for listed, offered in _renderings(" ".join(words))
        if listed.column in (glossary.NAME, glossary.CAPITAL) and _bare(listed.text.split()) == _bare(words)
    }
    if len(found) != 1:
        return None
    english = found.pop()
    known = english.split()[0] in _OPEN_PLACES if len(words) > 1 else normalize_arabic(words[0]) in glossary.places()
    return english if known and _is_capitalised(english) else None


# First words of places of several words, which take no article: "North Korea", unlike "Foreign Office".
_OPEN_PLACES = frozenset(
    """North South East West New Saudi Sri Hong Costa Puerto Burkina Sierra El Equatorial Papua Bosnia Abu Addis Tel Buenos Los San Rio
    Kuala""".split()
)


_TAKE_THE = frozenset(
    """Fund Union Nations Organization Organisation Council Bank Commission Ministry Party Agency Committee Court League Army Forces
    Movement Federation Association Assembly Authority House Parliament Front Corps Service Brotherhood Spring Strip Sea Gulf River Canal
    Emirates States Kingdom Republic Corporation Office""".split()
)


@lru_cache(maxsize=4096)
def term(words: tuple[str, ...]) -> str | None:
    """The English of a definite Arabic phrase that is, word by word, one term of the press; None where that is in doubt."""
    if len(words) == 1 and words[0] in _EVENTS:
        return f"the {_EVENTS[words[0]]}"
    if country := place(words):
        return f"the {country}" if country.split()[-1] in _TAKE_THE else country
    found = {
        offered[0].text
        for listed, offered in _renderings(" ".join(words))
        if listed.column == glossary.NAME and _bare(listed.text.split()) == _bare(words)
    }
    if len(found) != 1:
        return None
    english = found.pop()
    if _is_capitalised(english):
        if " " not in english:
            return english
        return f"the {english}" if not _TAKE_THE.isdisjoint(english.split()) and words[0] != "شركة" else None
    return f"the {english}" if english.islower() and words[0].startswith("ال") | (len(words) > 1) else None


def _bare(words: Sequence[str]) -> list[str]:
    """Words without article and spelling variants, to be compared."""
    return [normalize_arabic(word).removeprefix("ال") for word in words]


def _is_capitalised(english: str) -> bool:
    return all(word[0].isupper() or word in ("of", "the", "and") for word in english.split())


def _renderings(phrase: str) -> list[tuple[glossary.Term, tuple[glossary.Term, ...]]]:
    words = phrase.split()
    keys = {" ".join(map(glossary.unit, words))}
    if len(words) == 1:
        keys |= {glossary.unit("ال" + phrase), glossary.unit(phrase.removesuffix("ة"))}
    return [pair for key in keys for pair in glossary.renderings(key, False)]


def _subject(words: Sequence[Word]) -> str | None:
    """The English of an Arabic subject."""
    plain = [word.plain for word in words if not word.is_sign]
    for size in (4, 3, 2):
        if name := _NAMED.get(" ".join(plain[:size])):
            return name
    for size in (2, 1):
        key = " ".join(plain[:size])
        english = _OFFICES.get(key) or _INSTITUTIONS.get(key)
        if english and len(plain) > size and (adjective := nation(plain[size])):
            return f"the {adjective} {english}"
    name = term(tuple(plain))
    return name if name and any(letter.isupper() for letter in name) else None


def draft(sentence: str) -> list[Drafted]:
    """English questions that the Arabic ``sentence`` answers."""
    words = words_of(sentence)
    found: dict[Drafted, None] = {}
    for made in (_who(words), _said(words), _asked_for(words), _about(words), _when(words), _killed(words)):
        found.update(dict.fromkeys(made))
    return list(found)


def _who(words: Sequence[Word]) -> Iterator[Drafted]:
    for position in range(len(words)):
        office = office_at(words, position)
        subject = _subject(office) if office else None
        if office and subject and len(office) <= 4 and not any(word.plain in _INSTITUTIONS for word in office[:1]):
            yield Drafted(f"Who is {subject}?", "who")


def _said(words: Sequence[Word]) -> Iterator[Drafted]:
    found = said_by(words)
    subject = _subject(found.speaker) if found else None
    if found is None or subject is None:
        return
    about = term(tuple(word.plain for word in found.topic.words if not word.is_sign))
    if about and about != subject:
        yield Drafted(f"What did {subject} say about {about}?", "said")


def _asked_for(words: Sequence[Word]) -> Iterator[Drafted]:
    found = requested(words)
    if found is None:
        return
    asking, asked = _subject(found[0].words), _subject(found[1].words)
    if asking and asked:
        yield Drafted(f"What did {asking} ask {asked} for?", "request")


_TOLD = {"دع": "call for", "حذر": "warn of", "كشف": "reveal", "أعلن": "announce"}


def _about(words: Sequence[Word]) -> Iterator[Drafted]:
    found = about(words)
    subject = _subject(found[1].words) if found else None
    if found is None or subject is None:
        return
    verb, phrase = found
    if verb.plain.startswith("دع") and words[phrase.end].plain != "إلى":
        return  # "called on its citizens to ..." is not "called for"
    if english := next((told for start, told in _TOLD.items() if verb.plain.startswith(start)), None):
        yield Drafted(f"What did {subject} {english}?", "about")


def _when(words: Sequence[Word]) -> Iterator[Drafted]:
    found = dated(words)
    if found is None:
        return
    verb, clause = found[0], [word.plain for word in found[1] if not word.is_sign]
    english = _HAPPENED.get(verb) or _HAPPENED.get(verb[:-1]) or _HAPPENED.get(verb[:-1] + "ى")
    if not english or clause[0] not in _EVENTS:
        return
    adjectives = []
    rest = clause[1:]
    while rest and rest[0] in _EVENT_WORDS:
        adjectives.append(_EVENT_WORDS[rest.pop(0)])
    event = " ".join(["the", *adjectives, _EVENTS[clause[0]]])
    if len(rest) == 3 and rest[0] == "بين" and rest[2][0] == "و":
        sides = place((rest[1],)), place((rest[2][1:],))
        if None not in sides:
            yield Drafted(f"When did {event} {_TWO_SIDES.format(*sides)} {english}?", "when")
    elif len(rest) == 2 and rest[0] == "في" and (country := place((rest[1],))):
        yield Drafted(f"When did {event} in {country} {english}?", "when")
    elif len(rest) == 1 and (adjective := nation(rest[0])):
        yield Drafted(f"When did the {adjective} {' '.join([*adjectives, _EVENTS[clause[0]]])} {english}?", "when")


def _killed(words: Sequence[Word]) -> Iterator[Drafted]:
    for victims in counted_victims(words):
        people, fate = _VICTIMS.get(victims.counted), _FATES.get(victims.fate)
        if not people or not fate:
            continue
        adjective = nation(ADJECTIVE.sub("", victims.nation)) if victims.nation else None
        where = place((victims.place,)) if victims.place else None
        if adjective or where:
            of = f"{adjective} " if adjective else ""
            yield Drafted(f"How many {of}{people} {fate}{f' in {where}' if where else ''}?", "count")
