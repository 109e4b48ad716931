"""English words: stop words, irregular forms, spelling, stems."""

from __future__ import annotations

import hashlib
import re
import sys
from functools import lru_cache
from typing import Any

import snowballstemmer

STOP_WORDS = frozenset(
    """a an the of in on at to for and or nor is are was were be been being am by with from as that this these those
    it its which what who whom whose when where why how did do does done doing had has have having not no into onto
    upon than then there their theirs they he she his her hers him you your we our us i me my will would shall
    should can could may might must between about if but so because s t re ll ve d don doesn didn isn wasn weren aren
    hasn haven hadn wouldn couldn shouldn ain one's themselves itself himself herself while whether though although
    also very just such same other another each every both all any some many much more most few several out up down
    off over under again further once here only own too during before after through within without against toward
    towards until since per via etc st nd rd th al el them myself yourself yourselves ourselves ours yours hers unless
    among amongst amid despite throughout besides regarding concerning except ought let either neither none others ones
    somebody someone something anybody anyone anything everybody everyone everything nobody nothing yet even ever thus hence
    therefore however else instead rather quite according""".split()
)

# Words that frame a question more often than they name its subject: half weight.
WEAK_WORDS = frozenset(
    """name type kind call long happen mean main give example person people thing way year time number amount know
    become make use take come get go include consider describe term refer accord tell say article""".split()
)
# Words of every subject that no dictionary has a word of its own for: they are not rare.
COMMON_WORDS = frozenset(
    """always often never already still almost exactly really actually currently recently now today lately finally mainly mostly
    usually generally especially particularly around along across above below behind beyond near inside outside next last
    latest recent first one little less least please own""".split()
)

# Identity of the words that serve grammar: what is kept of texts was made without them.
FINGERPRINT = hashlib.sha256(" ".join(sorted(STOP_WORDS)).encode()).hexdigest()[:8]


def is_stop_word(word: str) -> bool:
    """Whether an English word only serves grammar. Capitals tell "US", "WHO" and "May" from "us", "who" and "may"."""
    return word.lower() in STOP_WORDS and not (len(word) > 1 and word.isupper()) and word != "May"


_VERBS = """begin began begun;break broke broken;bring brought;build built;buy bought;catch caught;choose chose chosen;
come came;deal dealt;draw drew drawn;drink drank drunk;drive drove driven;eat ate eaten;fall fell fallen;feed fed;
feel felt;fight fought;find found;flee fled;fly flew flown;forget forgot forgotten;get got gotten;give gave given;
go goes went gone;grow grew grown;hear heard;hide hid hidden;hold held;keep kept;know knew known;lay laid;lead led;
leave left;lend lent;lose lost;make made;mean meant;meet met;pay paid;ride rode ridden;ring rang rung;rise rose risen;
run ran;say said;see saw seen;seek sought;sell sold;send sent;shake shook shaken;shine shone;shoot shot;show shown;
shrink shrank shrunk;sing sang sung;sink sank sunk;sit sat;sleep slept;speak spoke spoken;spend spent;stand stood;
steal stole stolen;stick stuck;strike struck stricken;swear swore sworn;swim swam swum;take took taken;teach taught;
tear tore torn;tell told;think thought;throw threw thrown;understand understood;wake woke woken;wear wore worn;win won;
withdraw withdrew withdrawn;write wrote written;arise arose arisen;awake awoke;bear bore borne born;beat beaten;
bend bent;bind bound;bite bit bitten;bleed bled;blow blew blown;breed bred;burn burnt;cling clung;creep crept;dig dug;
forbid forbade forbidden;forgive forgave forgiven;freeze froze frozen;hang hung;lean leant;leap leapt;
learn learnt;light lit;overcome overcame;prove proven;sew sewn;slide slid;spell spelt;spill spilt;spin spun;
spring sprang sprung;sting stung;sweep swept;swing swung;undergo underwent undergone;undertake undertook undertaken;
weave wove woven;weep wept;lie lying;die dying"""
_NOUNS = """man men;woman women;child children;foot feet;tooth teeth;goose geese;mouse mice;person people peoples;ox oxen;
life lives;wife wives;knife knives;leaf leaves;half halves;wolf wolves;loaf loaves;thief thieves;shelf shelves;
self selves;calf calves;datum data;medium media;criterion criteria;phenomenon phenomena;bacterium bacteria;
analysis analyses;crisis crises;thesis theses;hypothesis hypotheses;axis axes;nucleus nuclei;fungus fungi;
index indices;matrix matrices;good better best;bad worse worst;far further farther;gas gases gasses;bus buses busses;
lens lenses;virus viruses;status statuses;bonus bonuses;campus campuses"""


def _table(rows: str) -> dict[str, str]:
    forms: dict[str, str] = {}
    for row in rows.replace("\n", "").split(";"):
        base, *others = row.split()
        forms.update(dict.fromkeys(others, base))
    return forms


IRREGULAR = _table(_VERBS) | _table(_NOUNS)

_DOUBLE_L = "(?:recall|install|instill|distill|unroll|enroll|enthrall|befall|forestall|foretell|retell|resell|outsell|misspell|refill|quell)"
# British endings and their American counterparts, tried in order. Over-application ("raise" -> "raize") is
# harmless: it happens to questions, articles and glosses alike.
_AMERICAN = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"isation(s|al|)$", r"ization\1"),
        (r"(?<=[a-z]{2})is(ing|ed|es|e|er|ers)$", r"iz\1"),
        (r"ys(ing|ed|es|e)$", r"yz\1"),
        (r"(?<=[a-z]{3})our(s|ed|ing|al|)$", r"or\1"),
        (r"(?<=[a-z]{2})tre(s?)$", r"ter\1"),
        (r"^(def|off|lic|pret)ence(s?)$", r"\1ense\2"),
        (r"ogue(s?)$", r"og\1"),
        # "travelled", but not "killed": the verb has a vowel before the last one.
        (rf"^(?!{_DOUBLE_L})([a-z]*[aeiou][a-z]*[aeiou]l)l(ed|ing|er|ers)$", r"\1\2"),
        (r"mme(s?)$", r"m\1"),
    )
)
# A run of letters beyond this is no word, and patterns are slow on it.
_LONGEST = 40
_NOT_BRITISH = frozenset("hour hours four tour tours your pour".split())


def american(word: str) -> str:
    """The American spelling of a lower-case word."""
    if not 5 <= len(word) <= _LONGEST or word in _NOT_BRITISH:
        return word
    for pattern, replacement in _AMERICAN:
        changed, count = pattern.subn(replacement, word)
        if count:
            return changed
    return word


_snowball = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Snowball stem of the base form in American spelling, lower case."""
    word = word.lower()
    return str(_snowball.stemWord(american(IRREGULAR.get(word, word))))


@lru_cache(maxsize=1)
def _lancaster() -> Any:
    # nltk takes 0.1 s to import, and a second more where it finds these, of which stemming needs nothing. They are not installed
    # with Isnad; a thread of somebody else's program that imports them in just this tenth of a second has to try again.
    absent = [name for name in ("scipy", "sklearn") if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # how Python is told that there is none
    try:
        from nltk.stem.lancaster import LancasterStemmer
    finally:
        for name in absent:
            sys.modules.pop(name, None)  # two threads may do this at once

    return LancasterStemmer()


@lru_cache(maxsize=16384)
def lancaster(word: str) -> str:
    """Lancaster stem: cuts deeper than Snowball ("organizational" and "organ" meet), for derivations."""
    return str(_lancaster().stem(word))


def derivations(word_stem: str) -> dict[str, float]:
    """Keys under which derived words meet: the Lancaster stem, and five letters of the stem at less weight."""
    keys: dict[str, float] = {}
    if len(word_stem) > _LONGEST:
        return keys
    deep = lancaster(word_stem)
    if len(deep) >= 3:
        keys["L" + deep] = 1.0
    if len(word_stem) >= 5:
        keys[word_stem[:5]] = 0.7
    return keys


WEAK_STEMS = frozenset(stem(word) for word in WEAK_WORDS)
