"""What goes wrong when people type: changes of a question that leave its meaning, each with a share of sources to keep."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

Slip = Callable[[str, random.Random], str]
_ARABIC = "\u0621-\u064a"
_WORD = re.compile(f"[A-Za-z]+|[{_ARABIC}]+")
_FORMS: dict[str, list[str]] = {}
for _code in range(0xFE80, 0xFEFD):
    _letter = unicodedata.normalize("NFKC", chr(_code))
    if len(_letter) == 1:
        _FORMS.setdefault(_letter, []).append(chr(_code))


def _between_letters(text: str, chance: random.Random, marks: str) -> str:
    return re.sub(f"(?<=[{_ARABIC}a-z])(?=[{_ARABIC}a-z])", lambda _: chance.choice([*marks, "", ""]), text)


def _in_one_word(edit: Callable[[str, int], str], shortest: int = 5) -> Slip:
    def slip(text: str, chance: random.Random) -> str:
        places = [match for match in _WORD.finditer(text) if len(match.group()) >= shortest]
        if not places:
            return text
        match = chance.choice(places)
        word = match.group()
        return text[: match.start()] + edit(word, chance.randrange(1, len(word) - 1)) + text[match.end() :]

    return slip


def _replaced(old: str, new: str) -> Slip:
    return lambda text, chance: text.translate(str.maketrans(old, new))


def _at_ends(old: str, new: str) -> Slip:
    return lambda text, chance: re.sub(rf"(?<=\w\w){old}\b", new, text)


def _joined(text: str, chance: random.Random) -> str:
    places = [m.start() for m in re.finditer(rf"(?<=[{_ARABIC}A-Za-z]{{4}}) (?=[{_ARABIC}A-Za-z]{{4}})", text)]
    place = chance.choice(places) if places else len(text)
    return text[:place] + text[place + 1 :]


SLIPS: dict[str, tuple[Slip, float]] = {
    # spelled differently: nothing may change
    "harakat": (lambda text, chance: _between_letters(text, chance, "\u064b\u064e\u064f\u0650\u0651\u0652"), 1.0),
    "tatweel": (lambda text, chance: _between_letters(text, chance, "\u0640"), 1.0),
    "nothing to see": (lambda text, chance: _between_letters(text, chance, "\u200b\u200c\u200d\u200f\u2060\ufeff\u00ad"), 1.0),
    "decomposed": (lambda text, chance: unicodedata.normalize("NFD", text), 1.0),
    "presentation forms": (lambda text, chance: "".join(chance.choice(_FORMS.get(c, [c])) for c in text), 1.0),
    "full width": (lambda text, chance: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text), 1.0),
    "Persian letters": (_replaced("يكه", "یکہ"), 1.0),
    "digits": (_replaced("0123456789", "٠١٢٣٤٥٦٧٨٩"), 1.0),
    "curly apostrophes": (_replaced("'\"", "’”"), 1.0),
    "no-break spaces": (_replaced(" ", "\u00a0"), 1.0),
    "lower case": (lambda text, chance: text.lower(), 0.9),
    "capitals": (lambda text, chance: text.upper(), 0.9),
    "no punctuation": (lambda text, chance: re.sub(r"[^\w\s]", " ", text), 0.95),
    # spelled otherwise by many
    "no hamza": (_replaced("أإآ", "ااا"), 0.95),
    "ه for ة": (_at_ends("ة", "ه"), 0.9),
    "ي for ى": (_at_ends("ى", "ي"), 0.95),
    "ى for ي": (_at_ends("ي", "ى"), 0.9),
    # typed badly
    "swapped": (_in_one_word(lambda word, i: word[:i] + word[i + 1] + word[i] + word[i + 2 :]), 0.9),
    "missing": (_in_one_word(lambda word, i: word[:i] + word[i + 1 :]), 0.85),
    "doubled": (_in_one_word(lambda word, i: word[:i] + word[i] + word[i:]), 0.9),
    "torn": (_in_one_word(lambda word, i: word[: i + 2] + " " + word[i + 2 :], 7), 0.85),
    "joined": (_joined, 0.85),
}  # fmt: skip
