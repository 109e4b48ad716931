"""Names across the two scripts: weighted alignment of Latin letters with Arabic ones, thousands of words at a time.

*Pashinyan* and *باشينيان* are compared letter by letter with a dynamic programme: each Arabic letter lists the Latin
graphemes that write it, with a cost; vowels may be skipped cheaply, because Arabic often leaves them out. A question's
name meets all names of the collection whose consonants are about the same (`names.variants`), and those may be
thousands: they come from the index already spelled out (`Spellings`), and the programme is run for all of them at
once, one Arabic letter a step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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

_GRAPHEMES = """ب b p bb pp v:.3|پ p pp b:.2|ت t tt th:.2 d:.5|ث th t:.3 s:.4|ج j g dg dj gg ge ch:.4 y:.6 sh:.5 c:.6|ح h
خ kh ch x:.1 h:.3 k:.4 j:.2 g:.4|د d dd t:.5|ذ th dh z:.3 d:.2|ر r rr rh|ز z s:.2 zz x:.3 ts:.2 th:.5
س s ss c sc z:.2 ce x:.4 st:.6 th:.4 ps:.1 sh:.6|ش sh ch sch ti ci s:.5 tch:.1 c:.5 ssi j:.4 x:.4 sj|ص s ss c:.1
ض d dh z:.4|ط t tt th:.2|ظ z dh th:.2|ع a:.1 e:.2 i:.2 o:.2|غ g gh gu gg:.1 r:.6 h:.5 j:.5|ف f v ph ff w:.3 u:.5|ڤ v f
ق q k c g:.3 ck ch:.1|ك k c ck q qu cc kk ch:.1 x:.3 kh:.3 g:.4|گ g|چ ch tch cz:.1 cs:.2 c:.4 j:.3 sh:.5|ژ j zh z:.3|ل l ll|م m mm mb:.1
ن n nn ng:.3 kn:.1 gn:.1 m:.5|ه h a:.3 wh:.1 j:.5|ة a e:.1 ah t:.3 ia:.1
و o u w oo ou ow au:.1 aw:.1 ew ue oe:.1 eau v:.3 wh eu a:.4 q:.9
ي i e y ee ea ie ei ai ay ey ye j:.3 ii a:.4 u:.3 igh:.1 oe:.4|ى a e:.3 i:.2|ئ e i ie a:.2 y|ؤ o u"""
_ALEF = "a e:.15 i:.2 o:.2 u:.2 ai:.2 au:.2 ea:.2 ou:.3 aa ha:.2 ia:.2 er:.3 ar:.3 y:.4 eu:.2"
_LONG_VOWELS = frozenset("اويىةءأإآئؤه")
# Costs of leaving a letter out or writing a wrong one, in units of one consonant.
_SKIP_ARABIC_VOWEL, _SKIP_ARABIC, _WRONG = 0.35, 1.0, 1.1
_SKIP_VOWEL, _SKIP_FIRST_VOWEL, _SKIP_LAST_E = 0.2, 0.35, 0.05
_SKIP_LATIN = {"h": 0.15, "w": 0.5, "r": 0.5}
_IMPOSSIBLE = np.float32(1e6)

FLOOR = 0.70
"""Likeness below which two words are not the same name."""


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


# What a spelling's likeness is multiplied with, by its mark: clitics cut off (`names.clitic_forms`), a final s cut off.
_WEIGHTS = (1.0, 0.97, 0.9, 0.85, 0.765)
_PLURAL, _ENDING_KEPT = 1, 0.9
_END = 0x80  # set on a spelling's last letter

_ARABIC = {letter: number for number, letter in enumerate(dict.fromkeys([*_TABLE, *_LONG_VOWELS]), 1)}
_LATIN = {letter: number for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz", 1)}
_IS_VOWEL = np.isin(np.arange(256), [_LATIN[letter] for letter in names.VOWELS])
_NUMBERS = {text: n for n, text in enumerate(dict.fromkeys(g for row in _TABLE.values() for g in row), 1)}


class Spelling(NamedTuple):
    """One way to read a word as a name: its letters, how much the reading counts, the consonants of the whole word."""

    letters: str
    mark: int
    consonants: int

    @property
    def has_ending(self) -> bool:
        """Whether no ending was cut off."""
        return _WEIGHTS[self.mark] >= _ENDING_KEPT


class Spellings(NamedTuple):
    """Spellings of one script, of any number of words.

    ``types``: shape ``(n,)``, the word each belongs to; ``classes``: ``(n,)``, the kind of name it is; ``weights``:
    ``(n,)``; ``consonants``: ``(n,)``, of the whole word, 3 standing for more; ``letters``: ``(longest, n)``, codes, 0 after the end; ``lengths``: ``(n,)``.
    """

    types: npt.NDArray[np.int64]
    classes: Bytes
    weights: Floats
    consonants: Bytes
    letters: Bytes
    lengths: npt.NDArray[np.int64]


@lru_cache(maxsize=8192)
def spellings(word: str) -> tuple[Spelling, ...]:
    """All readings of a word; none for one that is no name in either script."""
    if not word:
        return ()
    if is_arabic(word):
        # Arabic writes the one sound ch with two letters.
        forms = names.clitic_forms(word.replace("تش", "چ")) if len(word) <= names.LONGEST else ()
        return tuple(Spelling(form, _WEIGHTS.index(round(weight, 3)), 3) for form, weight in forms)
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
    codes = _ARABIC if is_arabic(spelling.letters) else _LATIN
    letters = bytearray(map(codes.get, spelling.letters, repeat(0)))
    letters[-1] |= _END
    return spelling.mark | spelling.consonants << 4, bytes(letters)


def decode(types: npt.NDArray[np.int64], classes: Bytes, marks: bytes, letters: bytes) -> Spellings:
    """Spellings of words from the marks and letters that `encode` made, all in a row."""
    raw, mark = np.frombuffer(letters, np.uint8), np.frombuffer(marks, np.uint8)
    ends = np.flatnonzero(raw & _END)
    starts = np.concatenate([[0], ends + 1])[:-1]
    lengths = ends - starts + 1
    matrix = np.zeros((int(lengths.max(initial=0)), len(lengths)), np.uint8)
    column = np.repeat(np.arange(len(lengths)), lengths)
    matrix[np.arange(len(raw)) - starts[column], column] = raw & (_END - 1)
    weights = np.array(_WEIGHTS, np.float32)[mark & 0xF]
    return Spellings(types, classes, weights, (mark >> 4).astype(np.uint8), matrix, lengths)


def bounds(letters: bytes) -> npt.NDArray[np.int64]:
    """Where each spelling of encoded letters begins, and where the last one ends."""
    return np.concatenate([[0], np.flatnonzero(np.frombuffer(letters, np.uint8) & _END) + 1])


def of_words(words: Sequence[str]) -> Spellings:
    """The spellings of words of one script, ``types`` counting the words from 0."""
    encoded = [(number, *encode(each)) for number, word in enumerate(words) for each in spellings(word)]
    return decode(
        np.array([number for number, _, _ in encoded], np.int64),
        np.zeros(len(encoded), np.uint8),
        bytes(mark for _, mark, _ in encoded),
        b"".join(letters for _, _, letters in encoded),
    )


def likenesses(word: str, others: Spellings) -> Floats:
    """How well ``word`` and each spelling of the other script write the same name: shape ``(n,)``.

    1 is a perfect alignment; what lies below `FLOOR` means nothing and may come back as 0.
    """
    return likenesses_each([(word, others)])[0]


def likenesses_each(asked: Sequence[tuple[str, Spellings]]) -> list[Floats]:
    """`likenesses` of several words, each compared with spellings of its own."""
    found = [np.zeros(len(others.lengths), np.float32) for _, others in asked]
    latin: list[tuple[int, Spellings, Spellings]] = []
    arabic: list[tuple[int, Spellings, Spellings]] = []
    for place, (word, others) in enumerate(asked):
        if len(others.lengths) and spellings(word):
            (arabic if is_arabic(word) else latin).append((place, _spelled(word), others))
    for place, mine, others in latin:
        # Those that begin alike side by side.
        order = np.argsort(_beginning(others.letters))
        every, ordered = np.zeros(len(order), np.int64), _taken(others, order)
        alike = np.max([_alike(mine, ordered, every + n) for n in range(len(mine.lengths))], axis=0)
        found[place][order] = np.maximum(0, alike)
    if arabic:
        # An Arabic word has many spellings and few others: all of them beside all others, of all words at once.
        first, second, mine_of, others_of = 0, 0, [], []
        for _, mine, others in arabic:
            one, other = len(mine.lengths), len(others.lengths)
            mine_of.append(first + np.tile(np.arange(one), other))
            others_of.append(second + np.arange(other).repeat(one))
            first, second = first + one, second + other
        spelled = _taken(_joined([mine for _, mine, _ in arabic]), np.concatenate(mine_of))
        alike = _alike(_joined([others for *_, others in arabic]), spelled, np.concatenate(others_of))
        ends = np.cumsum([len(each) for each in mine_of])[:-1]
        for (place, _, others), each in zip(arabic, np.split(alike, ends), strict=True):
            found[place] = np.maximum(0, each.reshape(len(others.lengths), -1).max(axis=1))
    return found


def _beginning(letters: Bytes) -> npt.NDArray[np.uint64]:
    """Up to eight letters of each spelling as one number: shape ``(n,)``."""
    eight = np.zeros((letters.shape[1], 8), np.uint8)
    eight[:, : len(letters)] = letters[:8].T
    return eight.view(">u8")[:, 0].astype(np.uint64)


def _spelled(word: str) -> Spellings:
    encoded = [encode(spelling) for spelling in spellings(word)]
    marks, letters = bytes(mark for mark, _ in encoded), b"".join(letters for _, letters in encoded)
    return decode(np.zeros(len(encoded), np.int64), np.zeros(len(encoded), np.uint8), marks, letters)


def _joined(several: Sequence[Spellings]) -> Spellings:
    """Spellings one after the other."""
    longest = max(len(each.letters) for each in several)
    letters = [np.pad(each.letters, ((0, longest - len(each.letters)), (0, 0))) for each in several]
    types, classes, weights, consonants, _, lengths = zip(*several, strict=True)
    return Spellings(
        np.concatenate(types), np.concatenate(classes), np.concatenate(weights), np.concatenate(consonants),
        np.concatenate(letters, axis=1), np.concatenate(lengths),
    )  # fmt: skip


def _alike(latin: Spellings, arabic: Spellings, of: Int64s) -> Floats:
    """Likenesses of Arabic spellings with the Latin one ``of`` each: shape of both."""
    length = _weight_of_letters(latin)[of]
    costs = _alignment_costs(latin, arabic, of, (1 - FLOOR) * length)
    return np.asarray(latin.weights[of] * arabic.weights * (1 - costs / length))


def _taken(spelled: Spellings, which: npt.NDArray[np.int64]) -> Spellings:
    """These of the spellings."""
    return Spellings(
        spelled.types[which], spelled.classes[which], spelled.weights[which], spelled.consonants[which],
        spelled.letters[:, which], spelled.lengths[which],
    )  # fmt: skip


@lru_cache(maxsize=65536)
def likeness(latin_word: str, arabic_word: str) -> float:
    """`likenesses` of two words, the best of their spellings."""
    return float(likenesses(latin_word, of_words([arabic_word])).max(initial=0.0))


def costs(latin: Spellings, arabic: str, most: Floats) -> Floats:
    """Least cost of writing ``arabic`` with the letters of each Latin spelling, in consonants: shape ``(n,)``.

    It is large where it would be above ``most``, shape ``(n,)``.
    """
    every = np.arange(len(latin.lengths))
    return _alignment_costs(latin, _taken(as_written([arabic]), np.zeros_like(every)), every, most)


def as_written(words: Sequence[str]) -> Spellings:
    """Words of one script as they are, a spelling each."""
    encoded = [encode(Spelling(word, 0, 0)) for word in words]
    marks, codes = bytes(mark for mark, _ in encoded), b"".join(code for _, code in encoded)
    return decode(np.arange(len(words)), np.zeros(len(words), np.uint8), marks, codes)


def _weight_of_letters(latin: Spellings) -> Floats:
    """Consonants, doubled ones counted once, and half the other letters: shape ``(n,)``, at least 2."""
    consonant = (latin.letters > 0) & ~_IS_VOWEL[latin.letters]
    consonant[1:] &= latin.letters[1:] != latin.letters[:-1]
    heavy = np.maximum(2, consonant.sum(axis=0))
    return np.asarray(np.maximum(2, heavy + 0.5 * (latin.lengths - heavy)), np.float32)


def _alignment_costs(latin: Spellings, arabic: Spellings, of: Int64s, most: Floats) -> Floats:
    """Least costs of writing each Arabic spelling with the letters of the Latin one ``of`` it, where they are not above ``most``.

    ``of``, ``most``, result: shape of the Arabic spellings. Of those that stand side by side, what begins alike is written once.
    """
    result = np.full(len(of), _IMPOSSIBLE, np.float32)
    letters, lengths = arabic.letters, arabic.lengths
    skips = np.concatenate([np.zeros((1, len(latin.lengths)), np.float32), np.cumsum(_latin_skips(latin), axis=0)])
    prices = _Prices(latin)
    begins = _beginnings(letters, of)
    # Row i of ``costs``: the Arabic letters so far are written and i Latin letters are used up. A column for each beginning;
    # ``column``: that of each spelling, -1 when it is given up.
    heads = np.flatnonzero(np.diff(of, prepend=-1))
    costs, column = skips[:, of[heads]], np.cumsum(np.diff(of, prepend=of[:1]) != 0)
    for step in range(len(letters)):
        heads = np.flatnonzero(begins[step] & (lengths > step) & (column >= 0))
        if not len(heads):
            break
        costs, letter, which = costs[:, column[heads]], letters[step, heads], of[heads]
        skipped = skips if skips.shape[1] == 1 else skips[:, which]
        following = costs + _arabic_skips()[letter]
        np.minimum(following[1:], costs[:-1] + np.float32(_WRONG), out=following[1:])
        for size, price in prices.of(which, letter):
            price += costs[:-size]
            np.minimum(following[size:], price, out=following[size:])
        # Any number of Latin letters left out after that: a running minimum, once the cost of leaving them out is taken off.
        following -= skipped
        np.minimum.accumulate(following, axis=0, out=following)
        following += skipped
        costs = following
        beginning = np.cumsum(begins[step]) - 1
        column_of = np.full(int(beginning[-1]) + 1, -1)
        column_of[beginning[heads]] = np.arange(len(heads))
        column = column_of[beginning]
        done = np.flatnonzero((lengths == step + 1) & (column >= 0))
        result[done] = costs[latin.lengths[of[done]], column[done]]
        column_of[beginning[heads[costs.min(axis=0) > most[heads]]]] = -1
        column = column_of[beginning]
    return result


def _beginnings(letters: Bytes, of: Int64s) -> npt.NDArray[np.bool_]:
    """Whether a spelling, up to each of its letters, is another than the one before it: shape of ``letters``."""
    differs = np.ones(letters.shape, dtype=bool)
    differs[:, 1:] = letters[:, 1:] != letters[:, :-1]
    differs[:1] |= np.diff(of, prepend=-1) != 0
    return np.logical_or.accumulate(differs, axis=0)


class _Prices:
    """What it costs that a grapheme of a Latin spelling writes an Arabic letter."""

    def __init__(self, latin: Spellings) -> None:
        self._written = [(size, each) for size, each in enumerate(_graphemes(latin.letters), 1) if each.any()]
        self._single = len(latin.lengths) == 1
        if self._single:
            self._of_letter = [_cost_table()[written[:, 0]] for _, written in self._written]

    def of(self, which: Int64s, letter: Bytes) -> Iterator[tuple[int, Floats]]:
        """For each length of graphemes, the prices of a letter each by those of the spellings ``which``: shape (places, n)."""
        if self._single:
            for (size, _), prices in zip(self._written, self._of_letter, strict=True):
                yield size, np.take(prices, letter, axis=1)
        else:
            table = _cost_table()
            for size, written in self._written:
                yield size, np.take(table, written[:, which] * np.int32(table.shape[1]) + letter)


def _latin_skips(latin: Spellings) -> Floats:
    """What it costs to leave out each letter: shape of ``latin.letters``."""
    letters = latin.letters
    vowel = _IS_VOWEL[letters]
    skips = _plain_skips()[letters]
    skips[:1][vowel[:1]] = _SKIP_FIRST_VOWEL
    every = np.arange(len(latin.lengths))
    last = latin.lengths - 1
    skips[last, every] = np.where(letters[last, every] == _LATIN["e"], np.float32(_SKIP_LAST_E), skips[last, every])
    skips[1:][~vowel[1:] & (letters[1:] == letters[:-1])] = 0.0
    t, c, h = (_LATIN[letter] for letter in "tch")
    skips[:-2][(letters[:-2] == t) & (letters[1:-1] == c) & (letters[2:] == h)] = 0.0
    return skips


def _graphemes(letters: Bytes) -> list[npt.NDArray[np.int16]]:
    """Which grapheme of one, two and three letters begins at each letter; 0 is none."""
    codes = letters.astype(np.int32)
    found = []
    for size, known in enumerate(_grapheme_tables(), 1):
        packed = np.zeros((max(0, len(codes) - size + 1), codes.shape[1]), np.int32)
        for place in range(size):
            packed = packed * 27 + codes[place : len(codes) - size + 1 + place]
        found.append(known[packed])
    return found


@lru_cache(maxsize=1)
def _grapheme_tables() -> list[npt.NDArray[np.int16]]:
    tables = [np.zeros(27**size, np.int16) for size in (1, 2, 3)]
    for text, number in _NUMBERS.items():
        packed = 0
        for letter in text:
            packed = packed * 27 + _LATIN[letter]
        tables[len(text) - 1][packed] = number
    return tables


@lru_cache(maxsize=1)
def _cost_table() -> Floats:
    """Shape ``(graphemes, Arabic letters)``."""
    table = np.full((len(_NUMBERS) + 1, len(_ARABIC) + 1), _IMPOSSIBLE, np.float32)
    for letter, row in _TABLE.items():
        for text, cost in row.items():
            table[_NUMBERS[text], _ARABIC[letter]] = cost
    return table


@lru_cache(maxsize=1)
def _arabic_skips() -> Floats:
    skips = np.full(len(_ARABIC) + 1, _SKIP_ARABIC, np.float32)
    skips[[_ARABIC[letter] for letter in _LONG_VOWELS]] = _SKIP_ARABIC_VOWEL
    return skips


@lru_cache(maxsize=1)
def _plain_skips() -> Floats:
    skips = np.ones(len(_LATIN) + 1, np.float32)
    for letter, cost in (dict.fromkeys(names.VOWELS, _SKIP_VOWEL) | _SKIP_LATIN).items():
        skips[_LATIN[letter]] = cost
    return skips
