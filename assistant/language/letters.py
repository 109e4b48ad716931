"""Spellings of names letter by letter, as an index stores them and as thousands of them are compared at once.

A word may be read as a name in several ways (`spellings`): as it is, without what may be its clitics or its plural. Each is
kept as a mark and its letters (`encode`), and read back as columns of numbers (`Spellings`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.language import names
from assistant.language.text import is_arabic

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Int64s = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint32]

# Letters in the order of their numbers, which are part of every index.
_ARABIC_LETTERS = "بپتثجحخدذرزسشصضطظعغفڤقكگچژلمنهةويىئؤاأإآٱء"
_LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyz"
ARABIC = {letter: number for number, letter in enumerate(_ARABIC_LETTERS, 1)}
LATIN = {letter: number for number, letter in enumerate(_LATIN_LETTERS, 1)}
IS_VOWEL = np.isin(np.arange(256), [LATIN[letter] for letter in names.VOWELS])

# Letters that say least of a name: they are often left out, or written in many ways.
_WEAK = frozenset("اأإآٱءهةويىئؤhw") | names.VOWELS

# What a spelling's likeness is multiplied with, by its mark: clitics cut off (`names.clitic_forms`), a final s cut off.
WEIGHTS = (1.0, 0.97, 0.9, 0.85, 0.765)
_PLURAL, _ENDING_KEPT = 1, 0.9
_WEIGHT_OF_MARK = np.array(WEIGHTS, np.float32)
END = 0x80
"""Set on a spelling's last letter."""


def _bits(letters: str) -> Masks:
    consonants = [letter for letter in letters if letter not in _WEAK]
    bits = np.zeros(END, np.uint32)
    for letter in consonants:
        bits[letters.index(letter) + 1] = 1 << consonants.index(letter)
    return bits


ARABIC_BITS, LATIN_BITS = _bits(_ARABIC_LETTERS), _bits(_LATIN_LETTERS)
"""A bit for each consonant of a script, none for other letters: by the letters' numbers."""


class Spelling(NamedTuple):
    """One way to read a word as a name: its letters, how much the reading counts, the consonants of the whole word."""

    letters: str
    mark: int
    consonants: int

    @property
    def has_ending(self) -> bool:
        """Whether no ending was cut off."""
        return WEIGHTS[self.mark] >= _ENDING_KEPT


class Spellings(NamedTuple):
    """Spellings of one script, of any number of words.

    ``types``: shape ``(n,)``, the word each belongs to; ``classes``: ``(n,)``, the kind of name it is; ``weights``:
    ``(n,)``; ``consonants``: ``(n,)``, of the whole word, 3 standing for more; ``letters``: ``(longest, n)``, codes, 0 after the end; ``lengths``: ``(n,)``.
    """

    types: Int64s
    classes: Bytes
    weights: Floats
    consonants: Bytes
    letters: Bytes
    lengths: Int64s

    def some(self, which: Int64s) -> Spellings:
        """These of the spellings."""
        lengths = self.lengths[which]
        letters = self.letters[: int(lengths.max(initial=0))].take(which, axis=1)
        return Spellings(
            self.types[which], self.classes[which], self.weights[which], self.consonants[which], letters, lengths
        )


@lru_cache(maxsize=8192)
def spellings(word: str) -> tuple[Spelling, ...]:
    """All readings of a word; none for one that is no name in either script."""
    if not word:
        return ()
    if is_arabic(word):
        # Arabic writes the one sound ch with two letters.
        forms = names.clitic_forms(word.replace("تش", "چ")) if len(word) <= names.LONGEST else ()
        return tuple(Spelling(form, WEIGHTS.index(round(weight, 3)), 3) for form, weight in forms)
    whole = names.plain_latin(word)
    if not 2 <= len(whole) <= names.LONGEST:
        return ()
    consonants = min(3, names.consonants(whole))
    found = [Spelling(whole, 0, consonants)]
    if whole.endswith("s") and len(whole) > 4:
        found.append(Spelling(whole[:-1], _PLURAL, consonants))
    if "x" in whole:  # Arabic writes it with two letters, "ماركس"
        found.append(Spelling(whole.replace("x", "ks"), 0, consonants))
    return tuple(found)


def encode(spelling: Spelling) -> tuple[int, bytes]:
    """The mark byte and the letters of a spelling as `decode` reads them."""
    codes = ARABIC if is_arabic(spelling.letters) else LATIN
    letters = bytearray(map(codes.get, spelling.letters, repeat(0)))
    letters[-1] |= END
    return spelling.mark | spelling.consonants << 4, bytes(letters)


def decode(types: Int64s, classes: Bytes, marks: bytes | Bytes, letters: bytes | Bytes) -> Spellings:
    """Spellings of words from the marks and letters that `encode` made, all in a row."""
    raw, mark = np.frombuffer(letters, np.uint8), np.frombuffer(marks, np.uint8)
    ends = np.flatnonzero(raw & END)
    starts = np.concatenate([[0], ends + 1])[:-1]
    lengths = ends - starts + 1
    longest = int(lengths.max(initial=0))
    # Written row by row and turned, for what follows goes through one letter of all of them after the other.
    rows = np.zeros((len(lengths), longest), np.uint8)
    rows[np.arange(longest) < lengths[:, None]] = raw & (END - 1)
    weights = _WEIGHT_OF_MARK[mark & 0xF]
    return Spellings(types, classes, weights, (mark >> 4).astype(np.uint8), np.ascontiguousarray(rows.T), lengths)


def bounds(letters: bytes | Bytes) -> Int64s:
    """Where each spelling of encoded letters begins, and where the last one ends."""
    return np.concatenate([[0], np.flatnonzero(np.frombuffer(letters, np.uint8) & END) + 1])


def of_words(words: Sequence[str]) -> Spellings:
    """All spellings of words; ``types`` are their places."""
    encoded = [(number, *encode(each)) for number, word in enumerate(words) for each in spellings(word)]
    return decode(
        np.array([number for number, _, _ in encoded], np.int64),
        np.zeros(len(encoded), np.uint8),
        bytes(mark for _, mark, _ in encoded),
        b"".join(letters for _, _, letters in encoded),
    )


def as_written(words: Sequence[str]) -> Spellings:
    """Words of one script as they are, a spelling each."""
    encoded = [encode(Spelling(word, 0, 0)) for word in words]
    marks, codes = bytes(mark for mark, _ in encoded), b"".join(code for _, code in encoded)
    return decode(np.arange(len(words)), np.zeros(len(words), np.uint8), marks, codes)
