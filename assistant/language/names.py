"""Names across the two scripts: weighted alignment of Latin letters with Arabic ones.

*Pashinyan* and *باشينيان* are compared letter by letter with a dynamic programme: each Arabic letter lists the Latin
graphemes that write it, with a cost; vowels may be skipped cheaply, because Arabic often leaves them out.
`skeleton` gives the coarse consonant key under which candidates are found first.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache

from assistant.language.text import is_arabic

_GRAPHEMES = """ب b p bb pp v:.3|پ p pp b:.2|ت t tt th:.2 d:.5|ث th t:.3 s:.4|ج j g dg dj gg ge ch:.4 y:.6 sh:.5 c:.6|ح h
خ kh ch x:.1 h:.3 k:.4 j:.2 g:.4|د d dd t:.5|ذ th dh z:.3 d:.2|ر r rr rh|ز z s:.2 zz x:.3 ts:.2 th:.5
س s ss c sc z:.2 ce x:.4 st:.6 th:.4 ps:.1 sh:.6|ش sh ch sch ti ci s:.5 tch:.1 c:.5 ssi j:.4 x:.4 sj|ص s ss c:.1
ض d dh z:.4|ط t tt th:.2|ظ z dh th:.2|ع a:.1 e:.2 i:.2 o:.2|غ g gh gu gg:.1 r:.6 h:.5 j:.5|ف f v ph ff w:.3 u:.5|ڤ v f
ق q k c g:.3 ck ch:.1|ك k c ck q qu cc kk ch:.1 x:.3 kh:.3 g:.4|گ g|چ ch tch cz:.1 cs:.2 c:.4 j:.3 sh:.5|ژ j zh z:.3|ل l ll|م m mm mb:.1
ن n nn ng:.3 kn:.1 gn:.1 m:.5|ه h a:.3 wh:.1 j:.5|ة a e:.1 ah t:.3 ia:.1
و o u w oo ou ow au:.1 aw:.1 ew ue oe:.1 eau v:.3 wh eu a:.4 q:.9
ي i e y ee ea ie ei ai ay ey ye j:.3 ii a:.4 u:.3 igh:.1 oe:.4|ى a e:.3 i:.2|ئ e i ie a:.2 y|ؤ o u"""
_ALEF = "a e:.15 i:.2 o:.2 u:.2 ai:.2 au:.2 ea:.2 ou:.3 aa ha:.2 ia:.2 er:.3 ar:.3 y:.4 eu:.2"
_VOWELS = frozenset("aeiouy")
_LONG_VOWELS = frozenset("اويىةءأإآئؤه")
# Costs of leaving a letter out or writing a wrong one, in units of one consonant.
_SKIP_ARABIC_VOWEL, _SKIP_ARABIC, _WRONG = 0.35, 1.0, 1.1
# No name is longer; a run of letters that is costs the square of its length.
_LONGEST = 40

_PREFIXES = ("وال", "بال", "كال", "فال", "ولل", "لل", "ال", "وب", "ول", "و", "ب", "ل", "ك", "ف")
_SUFFIXES = ("يون", "يين", "ات", "ية", "ون", "ين", "ان", "ي", "ة")


def _grapheme_table() -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    rows = [*re.split(r"[|\n]", _GRAPHEMES), *(f"{alef} {_ALEF}" for alef in "اأإآٱء")]
    for row in rows:
        letter, *graphemes = row.split()
        for grapheme in graphemes:
            text, _, cost = grapheme.partition(":")
            table.setdefault(letter, {})[text] = float(cost or 0)
    return table


_TABLE = _grapheme_table()


@lru_cache(maxsize=65536)
def plain_latin(word: str) -> str:
    """Lower-case letters a–z of a Latin word, accents removed."""
    return re.sub("[^a-z]", "", unicodedata.normalize("NFKD", word.lower()))


@lru_cache(maxsize=65536)
def clitic_forms(word: str) -> tuple[tuple[str, float], ...]:
    """An Arabic word and what is left without its likely clitics and endings, each with a weight in (0, 1]."""
    word = re.sub(r"(.)\1\1+", r"\1\1", word)
    forms = {word: 1.0}
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            forms[word[len(prefix) :]] = 1.0 if "ال" in prefix or "لل" in prefix else 0.9
    for form in list(forms):
        for suffix in _SUFFIXES:
            if form.endswith(suffix) and len(form) - len(suffix) >= 4:
                forms.setdefault(form[: -len(suffix)], 0.85 * forms[form])
    return tuple(forms.items())


def consonants(latin: str) -> int:
    """Number of consonants of a plain Latin word, doubled ones counted once."""
    return sum(1 for i, c in enumerate(latin) if c not in _VOWELS and (i == 0 or c != latin[i - 1]))


def _skip_latin(latin: str, i: int) -> float:
    letter = latin[i]
    if letter in _VOWELS:
        return 0.05 if letter == "e" and i == len(latin) - 1 else 0.2 if i else 0.35
    if i and letter == latin[i - 1]:
        return 0.0
    if letter == "t" and latin[i : i + 3] == "tch":
        return 0.0
    return {"h": 0.15, "w": 0.5, "r": 0.5}.get(letter, 1.0)


def alignment_cost(latin: str, arabic: str, ceiling: float) -> float:
    """Least cost of writing ``arabic`` with the letters of ``latin``; hopeless above ``ceiling``, where it may come back as infinite."""
    rows, columns = len(latin), len(arabic)
    costs = [[math.inf] * (columns + 1) for _ in range(rows + 1)]
    costs[0][0] = 0.0
    graphemes = [_TABLE.get(letter, {}) for letter in arabic]
    for i in range(rows + 1):
        row = costs[i]
        # A grapheme spans at most three letters: three hopeless rows in a run cannot be mended.
        if i >= 3 and all(min(costs[k]) > ceiling for k in (i, i - 1, i - 2)):
            return math.inf
        for j in range(columns + 1):
            cost = row[j]
            if cost > ceiling:
                continue
            if j < columns:
                for length in (1, 2, 3):
                    if i + length <= rows:
                        step = graphemes[j].get(latin[i : i + length])
                        if step is not None and cost + step < costs[i + length][j + 1]:
                            costs[i + length][j + 1] = cost + step
                skip = _SKIP_ARABIC_VOWEL if arabic[j] in _LONG_VOWELS else _SKIP_ARABIC
                row[j + 1] = min(row[j + 1], cost + skip)
                if i < rows:
                    costs[i + 1][j + 1] = min(costs[i + 1][j + 1], cost + _WRONG)
            if i < rows:
                costs[i + 1][j] = min(costs[i + 1][j], cost + _skip_latin(latin, i))
    return costs[rows][columns]


@lru_cache(maxsize=262144)
def likeness(latin_word: str, arabic_word: str) -> float:
    """How well two words write the same name, 1 for a perfect alignment; below about .7 means nothing."""
    whole = plain_latin(latin_word)
    if not 2 <= len(whole) <= _LONGEST or len(arabic_word) > _LONGEST:
        return 0.0
    spellings = [(whole, 1.0)]
    if whole.endswith("s") and len(whole) > 4:
        spellings.append((whole[:-1], 0.97))
    if "x" in whole:  # Arabic writes it with two letters, "ماركس"
        spellings.append((whole.replace("x", "ks"), 1.0))
    best = 0.0
    for latin, weight in spellings:
        heavy = max(2, consonants(latin))
        length = max(heavy + 0.5 * (len(latin) - heavy), 2)
        for form, form_weight in clitic_forms(arabic_word.replace("تش", "چ")):
            cost = alignment_cost(latin, form, 0.5 * length)
            best = max(best, weight * form_weight * (1 - cost / length))
    return best


_COARSE_ARABIC = dict(zip("بپتثجخدذرزسشصضطظغفڤقكگلمنچژ", "bbttkkttrssssttskbbkkklmmks", strict=True))
_WEAK_ARABIC = {"ه": "h", "و": "w", "ي": "y", "ح": "h"}
_COARSE_LATIN = tuple(
    pair.split(">")
    for pair in "tsch>k tch>k sch>s sh>s ch>k ph>b th>t x>ks ce>s ci>s cy>s ti>t c>k q>k v>b p>b f>b j>k g>k d>t z>s n>m".split()
)


def _squeeze(text: str) -> str:
    return re.sub(r"(.)\1+", r"\1", text)


@lru_cache(maxsize=65536)
def coarse_arabic(word: str) -> str:
    """Consonant classes of an Arabic word; a key of fewer than two keeps h, w, y and is marked ``=``."""
    word = word.replace("تش", "چ")
    key = _squeeze("".join(_COARSE_ARABIC.get(letter, "") for letter in word))
    return key if len(key) > 1 else "=" + key + "".join(_WEAK_ARABIC.get(letter, "") for letter in word)


@lru_cache(maxsize=65536)
def coarse_latin(word: str) -> str:
    """Consonant classes of a Latin word, comparable with `coarse_arabic`."""
    word = plain_latin(word)
    for old, new in _COARSE_LATIN:
        word = word.replace(old, new)
    key = _squeeze(re.sub("[aeiouywh]", "", word))
    if len(key) > 1:
        return key
    weak = word.replace("ee", "y").replace("oo", "w").replace("o", "w").replace("u", "w").replace("i", "y")
    return "=" + key + re.sub("[^hwy]", "", weak)


def neighbours(key: str) -> set[str]:
    """The key and, from three letters on, every key with one letter left out: equal ones are one edit apart."""
    if not key:
        return set()
    return {key} | ({key[:i] + key[i + 1 :] for i in range(len(key))} if 3 <= len(key) <= _LONGEST else set())


# Spellings of one sound, in the order they are replaced.
_ONE_SOUND = tuple(
    pair.split(">")
    for pair in "tsch>$ tch>$ sch>$ ch>$ sh>$ dj>j ck>k kh>k gh>k th>t dh>d ph>f wsk>fsk oo>u ou>u yj>i".split()
)
_LATIN_SOUNDS = str.maketrans("gqcvzoweyp", "kkkfsuuiib")
_ARABIC_SOUNDS = str.maketrans("غجقگطصثظذضڤپچةىئؤ", "ككككتسسزددفبشهييو", "ء")


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """What spellings of a name in one script have in common: ``Gaddafi`` and ``Khadafy``, ``غورباتشوف`` and ``جورباتشوف``."""
    if is_arabic(word):
        return _squeeze(word.translate(_ARABIC_SOUNDS))
    plain = plain_latin(word)
    for old, new in _ONE_SOUND:
        plain = plain.replace(old, new)
    if len(plain) > 4 and plain.endswith(("e", "ah")):
        plain = plain[:-1]
    return _squeeze(plain.translate(_LATIN_SOUNDS))


def without_vowels(sounds: str) -> str:
    """The consonants of a `sound`."""
    return re.sub("[aiuاوي]", "", sounds)


_ROMAN = {
    "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z",
    "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q",
    "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ة": "a", "ى": "a", "ا": "a", "أ": "a", "إ": "i", "آ": "a",
    "ؤ": "u", "ئ": "i", "پ": "p", "ڤ": "v", "گ": "g", "چ": "ch", "ژ": "zh", "ٱ": "a", "ء": "",
}  # fmt: skip
_LATIN_VOWELS = frozenset("aeiou")
# Two consonants that begin a syllable in names from elsewhere ("sb" is how Arabic writes "sp").
_ONSETS = frozenset("bl br dr fl fr gl gr kl kr sb sf sk sl sm sn st tr".split())

_LIQUIDS = frozenset("rlnmwy")


def transliterate(word: str) -> str:
    """An Arabic name in Latin letters for an English reader: readable, not reversible (``باشينيان`` → Bashinyan).

    و and ي are read as vowels between consonants and as w, y beside vowels; a consonant cluster that Arabic leaves
    unvowelled gets an *a* where it could not be said, and تش is *ch*.
    """
    letters = list(word.replace("تش", "چ"))
    out: list[str] = []
    for i, letter in enumerate(letters):
        following = letters[i + 1] if i + 1 < len(letters) else ""
        after_vowel = bool(out) and out[-1][-1:] in _LATIN_VOWELS
        before_vowel = bool(following) and following in "اأآىةوي"
        if letter == "و":
            out.append(
                "w" if (not out and before_vowel) or after_vowel else "w" if before_vowel and following == "ا" else "u"
            )
        elif letter == "ي":
            out.append("y" if after_vowel or (before_vowel and following != "و") else "i")
        else:
            out.append(_ROMAN.get(letter, ""))
    return _vowelled([piece for piece in out if piece]).capitalize()


def _vowelled(pieces: list[str]) -> str:
    """``pieces``, each a consonant or a vowel, with a vowel where an English reader could not go on."""
    spoken = ""
    consonants_before = 0
    for i, piece in enumerate(pieces):
        vowel = piece in _LATIN_VOWELS
        if not vowel and consonants_before:
            following = pieces[i + 1] if i + 1 < len(pieces) else ""
            crowded = consonants_before >= 2 or i == 1
            sayable = consonants_before <= 2 and pieces[i - 1] + piece in _ONSETS and following in _LATIN_VOWELS
            hard_end = not following and piece in _LIQUIDS and pieces[i - 1] not in _LIQUIDS
            if hard_end or (crowded and not sayable):
                spoken += "i" if piece == "y" else "a"
                consonants_before = 0
        spoken += piece
        consonants_before = 0 if vowel else consonants_before + 1
    return spoken
