"""Words of one script in the shapes in which they are compared, thousands at a time: as they are written, and as they sound.

A shape of many words is one run of bytes, each word ending with a line break, so that a few calls make it of all of them. What
bytes cannot say of a word is left open (`Words.open`): such words are few, and are compared one by one whatever they look like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.language import names
from assistant.language.text import normalize_arabic

Bytes = npt.NDArray[np.uint8]
Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CHARSET = "cp1256"
_BREAK = 10
_FINAL_FROM = 5  # letters of a word that may end in a letter that is not heard
_LETTERS = 3  # of the longest prefix and of the longest suffix
LONGEST_PROCLITIC = max(map(len, names.PREFIXES))
# From so many letters on any two of them may be taken off a word together.
_LONG = 12


def _table(change: dict[str, str]) -> bytes:
    every = [bytes([code]).decode(CHARSET) for code in range(256)]
    return b"".join(change.get(letter, letter).encode(CHARSET) for letter in every)


_PLAIN = _table({chr(code): normalize_arabic(chr(code)) for code in range(0x620, 0x650)})
_NO_LATIN_LETTER = bytes(code for code in range(256) if not 97 <= code <= 122 and code != _BREAK)


class Shape(NamedTuple):
    """Many words in one shape: ``letters``, and how they sound, each word apart."""

    letters: list[bytes]
    sounds: list[bytes]
    consonants: list[bytes]


class Words:
    """Words of one script, each in `CHARSET` and followed by a line break: ``joined``."""

    def __init__(self, joined: bytes, arabic: bool) -> None:
        self._arabic = arabic
        self._joined = joined
        raw = np.frombuffer(joined, np.uint8)
        self._ends = np.flatnonzero(raw == _BREAK)
        self._starts = np.concatenate([[0], self._ends + 1])[:-1]
        self.lengths = self._ends - self._starts
        # Another character set, accents; of three equal letters in a row one is left out before clitics are.
        strange = raw == 0 if arabic else (raw == 0) | (raw >= 0x80)
        if arabic:
            strange[2:] |= (raw[2:] == raw[1:-1]) & (raw[2:] == raw[:-2])
        counts = np.concatenate([[0], np.cumsum(strange)])
        self.open: Bools = counts[self._ends] > counts[self._starts]
        """The words of which this is no good."""
        self._plain = joined.translate(_PLAIN) if arabic else joined.lower()

    def plain(self) -> list[bytes]:
        """The words as `spelling.plain` writes them."""
        return self._plain.split(b"\n")[:-1]

    def spelled(self) -> list[Shape]:
        """The words as a whole and, if they are Arabic, as `arabic.shortest_form` writes them."""
        whole = _shape(self._plain, self._arabic)
        if not self._arabic:
            return [whole]
        front, back = _cuts()[self._beginnings(), self._endings(), np.minimum(self.lengths, _LONG)].T
        return [whole, _shape(self._without(front, back), True)]

    def bare(self, front: int) -> tuple[Int64s, list[bytes]]:
        """Which Arabic words may have a proclitic of so many letters, and what is left of them, at least three letters."""
        there = np.flatnonzero(_fronts()[self._beginnings(), front] & (self.lengths - front >= 3))
        some = np.zeros(len(self.lengths), np.int64)
        some[:] = self.lengths  # nothing is left of the others
        some[there] = front
        left = self._without(some, np.zeros_like(some)).split(b"\n")
        return there, [left[place] for place in there.tolist()]

    def _without(self, front: Int64s, back: Int64s) -> bytes:
        """The plain words without so many letters before and behind."""
        raw = np.frombuffer(self._plain, np.uint8)
        kept = np.zeros(len(raw) + 1, np.int8)
        kept[self._starts + front] += 1
        kept[self._ends - back] -= 1
        keep = np.cumsum(kept[:-1], dtype=np.int8).astype(bool)
        keep[self._ends] = True
        return bytes(raw[keep])

    def _beginnings(self) -> Int64s:
        """Which prefixes the words may have, as `_prefixes` numbers them."""
        raw = _PREFIX_LETTERS[np.frombuffer(self._joined, np.uint8)]
        last = len(raw) - 1
        key = np.zeros(len(self._starts), np.int64)
        for place in range(_LETTERS):
            key = key * _RADIX + raw[np.minimum(self._starts + place, last)]
        return _prefixes().number[key]

    def _endings(self) -> Int64s:
        """Which suffixes, as `_suffixes` numbers them; of words of three letters or more."""
        raw = _SUFFIX_LETTERS[np.frombuffer(self._joined, np.uint8)]
        key = np.zeros(len(self._starts), np.int64)
        for place in range(_LETTERS, 0, -1):
            key = key * _RADIX + raw[np.maximum(self._ends - place, 0)]
        return _suffixes().number[key]


def encoded(word: str) -> bytes:
    """A word as those of `Words` are written; what the character set lacks is like nothing in it."""
    return word.encode(CHARSET, "replace").replace(b"?", b"\1")


def _shape(joined: bytes, arabic: bool) -> Shape:
    sounds = _sounds(joined, arabic)
    return Shape(*(each.split(b"\n")[:-1] for each in (joined, sounds, sounds.translate(None, _VOWELS))))


_VOWELS = "aiuاوي".encode(CHARSET)


def _sounds(joined: bytes, arabic: bool) -> bytes:
    """`names.sound` of many plain words."""
    if arabic:
        said = joined.translate(_ARABIC_SOUNDS, "ء".encode(CHARSET))
    else:
        said = joined.translate(None, _NO_LATIN_LETTER)
        for old, new in names.ONE_SOUND:
            said = said.replace(old.encode(), new.encode())
        said = _without_final(said).translate(_LATIN_SOUNDS)
    raw = np.frombuffer(said, np.uint8)
    kept = np.ones(len(raw), dtype=bool)
    kept[1:] = (raw[1:] != raw[:-1]) | (raw[1:] == _BREAK)
    return raw[kept].tobytes()


def _without_final(said: bytes) -> bytes:
    """The words without a final e, or h after a, of those of more than four letters."""
    raw = np.frombuffer(said, np.uint8)
    ends = np.flatnonzero(raw == _BREAK)
    last = ends[np.diff(ends, prepend=-1) > _FINAL_FROM] - 1
    mute = (raw[last] == ord("e")) | ((raw[last] == ord("h")) & (raw[last - 1] == ord("a")))
    kept = np.ones(len(raw), dtype=bool)
    kept[last[mute]] = False
    return raw[kept].tobytes()


def _translated(table: Mapping[int, int | None]) -> bytes:
    return _table({chr(old): chr(new) for old, new in table.items() if new is not None})


_ARABIC_SOUNDS, _LATIN_SOUNDS = _translated(names.ARABIC_SOUNDS), _translated(names.LATIN_SOUNDS)


# ---------------------------------------------------------------- clitics


def _alphabet(clitics: Sequence[str]) -> tuple[list[str], Bytes]:
    """The letters of clitics, after what stands for all others, and the number of each letter by its code."""
    used = ["\n", *sorted(set("".join(clitics)))]
    numbers = np.zeros(256, np.uint8)
    for number, letter in enumerate(used[1:], 1):
        numbers[letter.encode(CHARSET)[0]] = number
    return used, numbers


_PREFIX_ALPHABET, _PREFIX_LETTERS = _alphabet(names.PREFIXES)
_SUFFIX_ALPHABET, _SUFFIX_LETTERS = _alphabet(names.SUFFIXES)
_RADIX = max(len(_PREFIX_ALPHABET), len(_SUFFIX_ALPHABET))


class _Clitics(NamedTuple):
    """The sets of clitics that words may have: of which lengths, in their order; and by three letters as one number, which set."""

    sets: list[tuple[int, ...]]
    number: Int64s


def _clitics(alphabet: Sequence[str], clitics: Sequence[str], meets: Callable[[str, str], bool]) -> _Clitics:
    sets: dict[tuple[int, ...], int] = {}
    number = np.zeros(_RADIX**_LETTERS, np.int64)
    for key, letters in enumerate(product(range(_RADIX), repeat=_LETTERS)):
        if max(letters) < len(alphabet):
            word = "".join(alphabet[each] for each in letters)
            number[key] = sets.setdefault(tuple(len(each) for each in clitics if meets(word, each)), len(sets))
    return _Clitics(list(sets), number)


@lru_cache(maxsize=1)
def _prefixes() -> _Clitics:
    return _clitics(_PREFIX_ALPHABET, names.PREFIXES, str.startswith)


@lru_cache(maxsize=1)
def _suffixes() -> _Clitics:
    return _clitics(_SUFFIX_ALPHABET, names.SUFFIXES, str.endswith)


@lru_cache(maxsize=1)
def _fronts() -> Bools:
    """Whether one of a set of prefixes is so long: shape ``(sets, letters and none)``."""
    return np.array([[length in each for length in range(_LETTERS + 1)] for each in _prefixes().sets])


@lru_cache(maxsize=1)
def _cuts() -> Int64s:
    """How many letters the shortest form lacks before and behind: shape ``(prefixes, suffixes, length, 2)``. See `names.clitic_forms`."""
    prefixes, suffixes = _prefixes().sets, _suffixes().sets
    cuts = np.zeros((len(prefixes), len(suffixes), _LONG + 1, 2), np.int64)
    for one, other, length in product(range(len(prefixes)), range(len(suffixes)), range(_LONG + 1)):
        fronts = [0, *(each for each in prefixes[one] if length - each >= 3)]
        forms = [(front, 0) for front in fronts]
        forms += [(front, back) for front in fronts for back in suffixes[other] if length - front - back >= 4]
        cuts[one, other, length] = min(forms, key=lambda form: length - sum(form))
    return cuts
