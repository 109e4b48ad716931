"""English words put into the form a gloss needs: plurals, past tenses, participles, third persons.

A phrase is inflected at its head: ``pull out`` → *pulled out*, ``member of parliament`` → *members of parliament*. Words
that are already in the form asked for are left alone as far as their spelling shows it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.language import english

# Verbs whose past is their base form, and those that `english.IRREGULAR` has no need of for its stems.
_SAME = frozenset(
    """bet bid burst cast cost cut forecast hit hurt let put quit read reset rid set shed shut split spread thrust upset
    broadcast offset""".split()
)
_MORE = {
    "be": ("was", "been"),
    "become": ("became", "become"),
    "come": ("came", "come"),
    "do": ("did", "done"),
    "die": ("died", "died"),
    "foresee": ("foresaw", "foreseen"),
    "go": ("went", "gone"),
    "have": ("had", "had"),
    "lie": ("lay", "lain"),
    "mistake": ("mistook", "mistaken"),
    "rebuild": ("rebuilt", "rebuilt"),
    "run": ("ran", "run"),
    "swell": ("swelled", "swollen"),
    "uphold": ("upheld", "upheld"),
    "withhold": ("withheld", "withheld"),
    "withstand": ("withstood", "withstood"),
    "misunderstand": ("misunderstood", "misunderstood"),
    "overthrow": ("overthrew", "overthrown"),
    "beat": ("beat", "beaten"),
    "overtake": ("overtook", "overtaken"),
    "resell": ("resold", "resold"),
    "retell": ("retold", "retold"),
    "strive": ("strove", "striven"),
    "stride": ("strode", "stridden"),
    "grind": ("ground", "ground"),
    "string": ("strung", "strung"),
    "wind": ("wound", "wound"),
    "lend": ("lent", "lent"),
    "kneel": ("knelt", "knelt"),
}
# Of several syllables, with the stress on the last.
_DOUBLING = re.compile(
    "(admit|commit|compel|control|defer|deter|expel|forget|incur|occur|omit|patrol|permit|prefer|propel|rebel|recur|refer"
    "|regret|repel|submit|transfer|transmit|equip|outwit|unplug|kidnap|program|excel|dispel|embed|acquit|allot|abut|abet)$"
)
_ONE_SYLLABLE = re.compile("[^aeiou]*(?:qu)?[aeiou][bdgklmnprtvz]$")
# Nouns without a plural, and adjectives and participles that stand for people or things ("the wounded").
_UNCOUNTED = re.compile(
    "(people|men|women|craft|children|police|news|data|media|personnel|cattle|series|species|means|equipment|information"
    "|intelligence|wealth|help|support|advice|progress|evidence|damage|knowledge|research|money|music|staff|aid|violence"
    "|medication|grain|ful|ous|less|[a-z]{2}[^e]ed|[a-z]{3}ly)$"
)
_COUNTED = frozenset(
    """family ally assembly supply reply monopoly anomaly rally building meeting killing hearing reading writing painting
    finding warning ruling saying bombing setting beginning gathering offering drawing feeling filing holding opening
    rating recording saving shooting sighting stabbing string ring king wing thing spring evening morning wedding ceiling
    blessing briefing crossing earning marking landing listing training teaching sibling being""".split()
)
# A head followed by one of these is the whole of what is inflected in a noun phrase.
_AFTER_HEAD = re.compile(r"^(\S+)( (?:of|in|for|to|from|with|on|at|by|under|against|between)\b.*)$")


@lru_cache(maxsize=1)
def _irregular() -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    verbs: dict[str, tuple[str, ...]] = {}
    for form, base in english.IRREGULAR.items():
        verbs[base] = (*verbs.get(base, ()), form)
    plurals = {base: forms[0] for base, forms in verbs.items() if base in _NOUNS}
    return verbs, plurals


_NOUNS = frozenset(
    """man woman child foot tooth goose mouse person ox life wife knife leaf half wolf loaf thief shelf self calf datum medium
    criterion phenomenon bacterium analysis crisis thesis hypothesis axis nucleus fungus index matrix""".split()
)
_PLURALS = frozenset({"people", "children", "men", "women", "feet", "teeth", "mice", "lives", "media", "data"})


def _on_first(phrase: str, word: str) -> str:
    _, space, rest = phrase.partition(" ")
    return word + space + rest


def _ending(verb: str, ending: str) -> str:
    if verb.endswith("e"):
        return verb + ending[1:]
    if re.search("[^aeiou]y$", verb):
        return verb[:-1] + "i" + ending
    if _ONE_SYLLABLE.fullmatch(verb) or _DOUBLING.search(verb):
        return verb + verb[-1] + ending
    return verb + ending


def _principal(verb: str) -> tuple[str, str]:
    """Past and past participle of one base form; a form that is past already is its own."""
    if verb in ("was", "were", "is", "are", "had", "has", "did", "can", "may", "must"):
        return verb, verb
    if verb in _MORE:
        return _MORE[verb]
    if (
        verb in _SAME
        or verb in english.IRREGULAR
        or (verb.endswith("ed") and verb not in ("need", "feed", "speed", "seed"))
    ):
        return verb, verb
    forms = _irregular()[0].get(verb, ())
    if forms and verb not in _NOUNS and verb not in ("good", "bad", "far", "gas", "bus", "lens", "virus", "status"):
        return forms[0], forms[1] if len(forms) > 1 else forms[0]
    regular = _ending(verb, "ed")
    return regular, regular


@lru_cache(maxsize=16384)
def past(phrase: str) -> str:
    """``"announce"`` → ``"announced"``, ``"be killed"`` → ``"was killed"``."""
    return _on_first(phrase, _principal(phrase.split(" ")[0])[0])


@lru_cache(maxsize=16384)
def participle(phrase: str) -> str:
    """``"write"`` → ``"written"``, ``"be killed"`` → ``"been killed"``."""
    return _on_first(phrase, _principal(phrase.split(" ")[0])[1])


@lru_cache(maxsize=16384)
def third_person(phrase: str) -> str:
    """``"carry out"`` → ``"carries out"``, ``"be killed"`` → ``"is killed"``."""
    verb = phrase.split(" ")[0]
    if verb in ("is", "are", "has", "does", "can", "may", "must", "will", "said"):
        return phrase
    special = {"be": "is", "have": "has", "do": "does", "go": "goes"}.get(verb)
    return _on_first(phrase, special or _with_s(verb))


def _with_s(word: str) -> str:
    if re.search("[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search("(s|x|z|ch|sh)$", word) else "s")


@lru_cache(maxsize=16384)
def plural(phrase: str) -> str:
    """``"country"`` → ``"countries"``, ``"member of parliament"`` → ``"members of parliament"``."""
    headed = _AFTER_HEAD.match(phrase)
    if headed:
        return plural(headed[1]) + headed[2]
    head, space, last = phrase.rpartition(" ")
    low = last.lower()
    if low in _irregular()[1]:
        return head + space + _irregular()[1][low]
    uncounted = low not in _COUNTED and (_UNCOUNTED.search(low) or low.endswith("ing"))
    if uncounted or low in _PLURALS or re.search("[^su]s$", low) or not low.isalpha():
        return phrase
    return head + space + _with_s(last)


_SINGULAR = re.compile("(ss|us|is|ics|ous|news|series|species|means|gas|lens)$")


@lru_cache(maxsize=16384)
def is_plural(phrase: str) -> bool:
    """Whether a noun phrase is spelled like a plural: ``"issues"``, ``"members of parliament"``, ``"people"``."""
    headed = _AFTER_HEAD.match(phrase)
    last = (headed[1] if headed else phrase).rpartition(" ")[2].lower()
    if last in _PLURALS or last in _irregular()[1].values():
        return True
    return last.endswith("s") and last.isalpha() and not _SINGULAR.search(last)


@lru_cache(maxsize=4096)
def adverb(adjective: str) -> str:
    """``"significant"`` → ``"significantly"``, ``"economic"`` → ``"economically"``."""
    if adjective.endswith("ic"):
        return adjective + "ally"
    if adjective.endswith("le") and len(adjective) > 4:
        return adjective[:-1] + "y"
    if adjective.endswith("y") and len(adjective) > 4:
        return adjective[:-1] + "ily"
    return adjective + ("y" if adjective.endswith("ll") else "ly")
