"""Acronyms that Arabic spells out by the names of the Latin letters: ``بي بي سي`` is BBC, ``بيبيسي`` too.

In the name of an acronym ``*`` is a letter that may be A, E or I, and ``?`` says that the first or the last letter may be a
word of its own: ``سي إن إن في`` is CNNV, or CNN and "in". `keys` lists what it may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

# Names of the Latin letters as Arabic writes them out.
_LETTER_NAMES = {
    name: letter
    for letter, names in {
        "A": "إيه أيه ايه", "B": "بي", "C": "سي", "D": "دي", "E": "إي", "F": "إف أف اف", "G": "جي", "H": "إتش أتش اتش",
        "I": "آي أي", "*": "اي", "J": "جيه جاي", "K": "كيه كي كاي", "L": "إل أل ال", "M": "إم أم ام", "N": "إن أن ان", "O": "أو او",
        "Q": "كيو", "R": "آر ار", "S": "إس أس اس", "T": "تي", "U": "يو", "V": "في", "W": "دبليو", "X": "إكس اكس",
        "Y": "واي", "Z": "زد زي زيد",
    }.items()
    for name in names.split()
}  # fmt: skip
# Those that are no ordinary words: two of them make a run of letter names an acronym.
_UNMISTAKABLE = frozenset("بي سي دي تي جي آر إس إف اف دبليو إكس اكس واي يو كيو إتش اتش كيه إيه أيه آي إم".split())
# And those that are words more often: at the ends of a run they belong to what stands beside it as likely as not.
_WORDS_TOO = frozenset("في أو او أن إن ان ال".split())
_IN_ONE_WORD = re.compile(f"(?:ال)?((?:{'|'.join(sorted(_UNMISTAKABLE, key=len, reverse=True))}){{3,6}})")
_ONE_LETTER_NAME = re.compile("|".join(sorted(_UNMISTAKABLE, key=len, reverse=True)))
# Arabic has no P and no G of its own: BBC and PPC are written alike.
_ONE_LETTER = str.maketrans("PJ", "BG")
# A longer run is no name.
_MOST_LETTERS = 12


def key(word: str) -> str:
    """Key under which an acronym is found from either script."""
    return word.upper().translate(_ONE_LETTER)


def keys(name: str) -> list[str]:
    """Keys of a name of `spelled`: more than one where a letter is in doubt."""
    found = [""]
    for letter in name.strip("?"):
        found = [key + each for key in found for each in ("IAE" if letter == "*" and len(found) < 9 else letter)]
    found += [key[1:] for key in found if name.startswith("?")]
    return found + [key[:-1] for key in found if name.endswith("?")]


@lru_cache(maxsize=8192)
def _letter(word: str) -> str | None:
    word = word.replace("ى", "ي")
    if word in _LETTER_NAMES:
        return _LETTER_NAMES[word]
    for clitic in ("ال", "ل", "ب", "و"):
        if word.startswith(clitic) and word[len(clitic) :] in _UNMISTAKABLE:
            return _LETTER_NAMES[word[len(clitic) :]]
    return None


def is_letter_name(word: str) -> bool:
    """Whether an Arabic word writes out the name of a Latin letter: ``بي``, ``دبليو``."""
    return _letter(word) is not None


def _is_sure(words: Sequence[str]) -> bool:
    """Whether letter names in a row are no chance. One alone is."""
    if len(words) < 2:
        return False
    sure = sum(word.replace("ى", "ي").endswith(tuple(_UNMISTAKABLE)) for word in words)
    return sure >= (2 if len(words) < 3 else 1)


def _runs(words: Sequence[str], letters: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of letter names that write acronyms; two with "or" or "and" between them are two.

    ``letters``: in order, the places where letter names may stand.
    """
    until = 0
    for at in letters:
        if at < until or not _letter(words[at]):
            continue
        end = at
        while end < min(len(words), at + _MOST_LETTERS) and _letter(words[end]):
            end += 1
        begin = at
        for cut in range(at + 2, end - 1):
            aside = words[cut] in _WORDS_TOO  # "or"; "and" is written against the next letter
            if not aside and (words[cut][0] != "و" or words[cut] in _LETTER_NAMES):
                continue
            if _is_sure(words[begin:cut]) and _is_sure(words[cut + aside : end]):
                yield begin, cut
                begin = cut + aside
        if _is_sure(words[begin:end]):
            yield begin, end
        until = end


def _name_of(words: Sequence[str]) -> str:
    name = key("".join(_letter(word) or "" for word in words))
    first = "?" * (words[0] in _WORDS_TOO and _is_sure(words[1:]))
    last = "?" * (words[-1] in _WORDS_TOO and _is_sure(words[:-1]))
    return first + name + last


def may_spell(word: str) -> bool:
    """Whether a folded word may be part of an acronym that is spelled out, or all of one."""
    return _letter(word) is not None or (len(word) >= 6 and _IN_ONE_WORD.fullmatch(word) is not None)


def spelled(words: Sequence[str], places: Sequence[int]) -> list[tuple[int, int, str]]:
    """Acronyms that folded words spell out: half-open ranges of ``words`` and the name of each.

    ``places``: in order, the indices of the words that `may_spell` one.
    """
    found = [(begin, end, _name_of(words[begin:end])) for begin, end in _runs(words, places)]
    for at in places:
        if len(words[at]) >= 6 and (letters := _IN_ONE_WORD.fullmatch(words[at])):
            names = _ONE_LETTER_NAME.findall(letters[1])
            found.append((at, at + 1, key("".join(_LETTER_NAMES[name] for name in names))))
    return found
