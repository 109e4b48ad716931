"""Characters: folding with an offset map, and the language and direction of a text.

Folding makes spellings that look alike compare alike (presentation forms, harakat, tatweel, digits of any script, invisible
characters) and remembers where every folded character stood, so that whatever is found in the folded text can be
cited in the original. It works one character at a time: whole-string NFKC is quadratic in runs of combining
marks, and a hostile file must not be able to hang the indexer.

Letter variants that carry meaning for the dictionary (hamza seats, alef maqsura, ta marbuta) are kept here;
`normalize_arabic` removes them where only likeness counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

Language = Literal["ar", "en"]

ARABIC_LETTERS = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc"
_PERSIAN = {
    "ی": "ي", "ې": "ي", "ۍ": "ي", "ے": "ي", "ۓ": "ئ", "ک": "ك", "ڪ": "ك", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۀ": "ه", "ۂ": "ه", "ۃ": "ة",
    "ۆ": "و", "ۇ": "و", "ٱ": "ا", "ٲ": "أ", "ٳ": "إ", "ں": "ن",
}  # fmt: skip
# A hamza or madda set apart from its seat, as macOS writes file names and what is copied from them.
_COMBINED = {
    "ا\u0653": "آ",
    "ا\u0654": "أ",
    "ا\u0655": "إ",
    "و\u0654": "ؤ",
    "ي\u0654": "ئ",
    "ى\u0654": "ئ",
    "ی\u0654": "ئ",
}
_APART = re.compile("([اويىی])([\u064b-\u0652\u0670]*)([\u0653-\u0655])")
_MARKS_OF_SEATS = frozenset("\u0653\u0654\u0655")
# Latin letters that Unicode does not decompose: left as they are, they would cut "Kılıçdaroğlu" into three words.
_LATIN_LETTERS = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ə": "e", "Ə": "E", "ħ": "h", "Ħ": "H",
}  # fmt: skip
_PUNCTUATION = {"’": "'", "‘": "'", "ʼ": "'", "´": "'", "٫": ".", "٬": ",", "٪": "%", "‐": "-", "\u2011": "-"}
# Ligatures of whole phrases (U+FDFA is 18 characters) are honorifics, not words anyone asks for.
_LONGEST_EXPANSION = 4


class Folded(NamedTuple):
    """Folded text and, for each of its characters and its end, the offset in the original: ``len(text) + 1`` of them."""

    text: str
    offsets: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original span that folded characters ``start`` up to ``end`` came from (``start < end``)."""
        return self.offsets[start], self.offsets[end - 1] + 1


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    for table in (_PERSIAN, _LATIN_LETTERS, _PUNCTUATION):
        if character in table:
            return table[character]
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf") or character == "\u0640":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category in ("Cc", "Zs", "Zl", "Zp"):
        return character if character in "\n\r" else " "
    if category in ("Cs", "Co", "Cn"):
        return " "
    folded = unicodedata.normalize("NFKC", character)
    if folded.isascii():
        return folded if len(folded) <= _LONGEST_EXPANSION else " "
    # Arabic letters compose (alef + hamza); Latin ones lose their accents.
    if not "\u0600" <= folded[0] <= "\u06ff":
        folded = unicodedata.normalize("NFKD", folded)
    kept = (c for c in folded if unicodedata.category(c) not in ("Mn", "Me", "Cf") and c != "\u0640")
    folded = "".join(_PERSIAN.get(c) or _LATIN_LETTERS.get(c, c) for c in kept)
    return folded if len(folded) <= _LONGEST_EXPANSION else " "


def fold(text: str) -> Folded:
    """Fold ``text`` in linear time. A character is folded by itself, but for a seat of hamza and the mark that follows it."""
    if not _MARKS_OF_SEATS.isdisjoint(text):
        text = _APART.sub(lambda match: _COMBINED.get(match[1] + match[3], match[1]) + match[2] + match[3], text)
    replacements = {character: _fold_character(character) for character in set(text)}
    changed = {old: new for old, new in replacements.items() if new != old}
    if not changed:
        return Folded(text, range(len(text) + 1))
    table = str.maketrans(changed)
    if all(len(new) == 1 for new in changed.values()):
        return Folded(text.translate(table), range(len(text) + 1))
    resized = "".join(old for old, new in changed.items() if len(new) != 1)
    offsets: list[int] = []
    before = 0
    for match in re.finditer(f"[{re.escape(resized)}]", text):
        offsets.extend(range(before, match.start()))
        offsets.extend([match.start()] * len(replacements[match.group()]))
        before = match.end()
    offsets.extend(range(before, len(text) + 1))
    return Folded(text.translate(table), offsets)


def well_formed(text: str) -> str:
    """The text with halves of surrogate pairs put together, or replaced where they stand alone: nothing can write those."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_HAMZA_FORMS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي"})


def normalize_arabic(word: str) -> str:
    """One spelling for the alef, ya, ta marbuta and hamza variants of a folded word."""
    return word.translate(_HAMZA_FORMS)


def is_arabic(word: str) -> bool:
    """Whether a token begins with an Arabic letter."""
    return "\u0600" <= word[0] <= "\u06ff"


# Runs of letters: a match for each letter would take several times as long.
_ARABIC = re.compile(f"[{ARABIC_LETTERS}\ufb50-\ufdff\ufe70-\ufefc]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")


def language_of(text: str) -> Language:
    """The language of most letters; ``"ar"`` when there are none of either script but Arabic punctuation."""
    if text.isascii():
        return "en"
    arabic, latin = len("".join(_ARABIC.findall(text))), len("".join(_LATIN.findall(text)))
    if arabic == latin == 0:
        return "ar" if re.search("[؟،؛٠-٩]", text) else "en"
    # A Latin name is spelled with more letters than an Arabic one: vowels are written. Ties go to Arabic.
    return "ar" if arabic >= 0.7 * latin else "en"


def direction_of(text: str) -> Literal["rtl", "ltr"]:
    """Base direction in which a paragraph reads."""
    return "rtl" if language_of(text) == "ar" else "ltr"
