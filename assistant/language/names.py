"""Names in the two scripts: what is left of a word without clitics, its coarse consonants, and how to say it.

*Pashinyan* and *باشينيان* have the coarse key ``bsm`` in common; `variants` of a key are those of names spelled a little
differently. How alike two names really are is `assistant.language.alignment`'s business.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.language.text import is_arabic

VOWELS = frozenset("aeiouy")
# No name is longer; a run of letters that is costs the square of its length.
LONGEST = 40

PREFIXES = ("وال", "بال", "كال", "فال", "ولل", "لل", "ال", "وب", "ول", "و", "ب", "ل", "ك", "ف")
SUFFIXES = ("يون", "يين", "ات", "ية", "ون", "ين", "ان", "ي", "ة")


@lru_cache(maxsize=8192)
def plain_latin(word: str) -> str:
    """Lower-case letters a–z of a Latin word, accents removed."""
    return re.sub("[^a-z]", "", unicodedata.normalize("NFKD", word.lower()))


def proclitic_forms(word: str) -> dict[str, float]:
    """Those of the `clitic_forms` that keep the end of the word: all of a weight of 0.9 or more."""
    word = re.sub(r"(.)\1\1+", r"\1\1", word)
    forms = {word: 1.0}
    for prefix in PREFIXES if word.startswith(PREFIXES) else ():
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            forms[word[len(prefix) :]] = 1.0 if "ال" in prefix or "لل" in prefix else 0.9
    return forms


@lru_cache(maxsize=8192)
def clitic_forms(word: str) -> tuple[tuple[str, float], ...]:
    """An Arabic word and what is left without its likely clitics and endings, each with a weight in (0, 1]."""
    forms = proclitic_forms(word)
    for form in list(forms):
        for suffix in SUFFIXES if form.endswith(SUFFIXES) else ():
            if form.endswith(suffix) and len(form) - len(suffix) >= 4:
                forms.setdefault(form[: -len(suffix)], 0.85 * forms[form])
    return tuple(forms.items())


def consonants(latin: str) -> int:
    """Number of consonants of a plain Latin word, doubled ones counted once."""
    return sum(1 for i, c in enumerate(latin) if c not in VOWELS and (i == 0 or c != latin[i - 1]))


class _OnlyThese(dict[int, str | None]):
    """A table of ``str.translate`` that takes out all other characters."""

    def __missing__(self, character: int) -> None:
        return None


_COARSE_ARABIC = dict(zip("بپتثجخدذرزسشصضطظغفڤقكگلمنچژ", "bbttkkttrssssttskbbkkklmmks", strict=True))
_TO_COARSE = _OnlyThese({ord(letter): code for letter, code in _COARSE_ARABIC.items()})
_LETTERS = "".join(sorted(set(_COARSE_ARABIC.values())))
_WEAK_ARABIC = {"ه": "h", "و": "w", "ي": "y", "ح": "h"}
_COARSE_LATIN = tuple(
    pair.split(">")
    for pair in "tsch>k tch>k sch>s sh>s ch>k ph>b th>t x>ks ce>s ci>s cy>s ti>t c>k q>k v>b p>b f>b j>k g>k d>t z>s n>m".split()
)


def _squeeze(text: str) -> str:
    return re.sub(r"(.)\1+", r"\1", text)


@lru_cache(maxsize=8192)
def coarse_arabic(word: str) -> str:
    """Consonant classes of an Arabic word; a key of fewer than two keeps h, w, y and is marked ``=``."""
    word = word.replace("تش", "چ")
    key = _squeeze(word.translate(_TO_COARSE))
    return key if len(key) > 1 else "=" + key + "".join(_WEAK_ARABIC.get(letter, "") for letter in word)


@lru_cache(maxsize=8192)
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


@lru_cache(maxsize=4096)
def variants(key: str) -> list[list[str]]:
    """Keys of names that may be spelled alike: the key itself, those one letter apart, those with one letter replaced.

    A letter is left out of a key of three letters or more only: two consonants say too little to lose one.
    """
    if not key:
        return []
    letters = _LETTERS if key[0] != "=" else _LETTERS + "hwy"
    shorter = _without_one(key)
    longer = _with_one(key, letters)
    replaced = {changed for less in shorter for changed in _with_one(less, letters)}
    close = shorter | longer
    return [[key], sorted(close - {key}), sorted(replaced - close - {key})]


def _without_one(key: str) -> set[str]:
    return {key[:i] + key[i + 1 :] for i in range(len(key))} if 3 <= len(key) <= LONGEST else set()


def _with_one(key: str, letters: str) -> set[str]:
    if not 2 <= len(key) < LONGEST:
        return set()
    return {key[:i] + letter + key[i:] for i in range(len(key) + 1) for letter in letters}


# Spellings of one sound, in the order they are replaced.
ONE_SOUND = tuple(
    pair.split(">")
    for pair in "tsch>$ tch>$ sch>$ ch>$ sh>$ dj>j ck>k kh>k gh>k th>t dh>d ph>f wsk>fsk oo>u ou>u yj>i".split()
)
LATIN_SOUNDS = str.maketrans("gqcvzoweyp", "kkkfsuuiib")
ARABIC_SOUNDS = str.maketrans("غجقگطصثظذضڤپچةىئؤ", "ككككتسسزددفبشهييو", "ء")


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """What spellings of a name in one script have in common: ``Gaddafi`` and ``Khadafy``, ``غورباتشوف`` and ``جورباتشوف``."""
    if is_arabic(word):
        return _squeeze(word.translate(ARABIC_SOUNDS))
    plain = plain_latin(word)
    for old, new in ONE_SOUND:
        plain = plain.replace(old, new)
    if len(plain) > 4 and plain.endswith(("e", "ah")):
        plain = plain[:-1]
    return _squeeze(plain.translate(LATIN_SOUNDS))


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
