"""What it costs to write Arabic letters with Latin ones: the dynamic programme under `alignment`.

Each Arabic letter lists the Latin graphemes that write it, with a cost in units of one consonant; vowels may be left out cheaply, for
Arabic often leaves them out. Thousands of pairs are written at once, one Arabic letter a step, and a pair is given up once it costs too much.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assistant.language import names
from assistant.language.letters import ARABIC, IS_VOWEL, LATIN, Bytes, Floats, Int64s, Spellings

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

# Pairs that are aligned at once: what they need should stay near the processor.
_PAIRS = 4096
# Columns are closed up when fewer of them than this share are left.
_WORTH_IT = 0.8


def _grapheme_table() -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    rows = [*re.split(r"[|\n]", _GRAPHEMES), *(f"{alef} {_ALEF}" for alef in "اأإآٱء")]
    for row in rows:
        letter, *graphemes = row.split()
        for grapheme in graphemes:
            text, _, cost = grapheme.partition(":")
            table.setdefault(letter, {})[text] = float(cost or 0)
    return table


TABLE = _grapheme_table()

_NUMBERS = {text: n for n, text in enumerate(dict.fromkeys(g for row in TABLE.values() for g in row), 1)}
LETTERS = len(ARABIC) + 1


def weight_of_letters(latin: Spellings) -> Floats:
    """Consonants, doubled ones counted once, and half the other letters: shape ``(n,)``, at least 2."""
    consonant = (latin.letters > 0) & ~IS_VOWEL[latin.letters]
    consonant[1:] &= latin.letters[1:] != latin.letters[:-1]
    heavy = np.maximum(2, consonant.sum(axis=0))
    return np.asarray(np.maximum(2, heavy + 0.5 * (latin.lengths - heavy)), np.float32)


def least_costs(latin: Spellings, of: Int64s, arabic: Spellings, which: Int64s, most: Floats) -> Floats:
    """Least costs of writing the beginnings of Arabic spellings with the letters of Latin ones: shape ``(longest + 1, pairs)``.

    ``of``, ``which``: the Latin and the Arabic spelling of each pair; ``most``: of their shape, the cost above which one is given up.
    Row i holds the cost of the first i letters.
    """
    result = np.full((len(arabic.letters) + 1, len(of)), _IMPOSSIBLE, np.float32)
    skips = np.zeros((len(latin.letters) + 1, len(latin.lengths)), np.float32)
    np.cumsum(latin_skips(latin), axis=0, out=skips[1:])
    begin = [each.astype(np.int32) * LETTERS for each in graphemes(latin.letters)]
    if len(of) <= _PAIRS:
        _align(skips, begin, latin.lengths[of], arabic, of, which, most, np.arange(len(of)), result)
    else:
        # Words about as long side by side: the matrices are as high as the longest of them.
        ends = latin.lengths[of]
        order = np.argsort(ends, kind="stable")
        for start in range(0, len(of), _PAIRS):
            some = order[start : start + _PAIRS]
            _align(skips, begin, ends[some], arabic, of[some], which[some], most[some], some, result)
    return result


def _align(
    skips: Floats,
    begin: Sequence[npt.NDArray[np.int32]],
    ends: Int64s,
    arabic: Spellings,
    of: Int64s,
    which: Int64s,
    most: Floats,
    pairs: Int64s,
    result: Floats,
) -> None:
    """The same of these of the pairs, into ``result``. ``skips``, ``begin``: see there."""
    longest = int(ends.max())
    skips = skips[: longest + 1].take(of, axis=1)
    written = _Written.of([each[: max(0, longest - size)].take(of, axis=1) for size, each in enumerate(begin)])
    steps = arabic.lengths[which]
    letters = arabic.letters[: int(steps.max())].take(which, axis=1).astype(np.int32)
    # Row i of ``costs``: the Arabic letters so far are written and i Latin letters are used up. A column for each pair.
    costs = skips
    for step in range(len(letters)):
        following = costs + arabic_skips().take(letters[step])
        written.write(letters[step], costs, following)
        # Any number of Latin letters left out after that: a running minimum, once the cost of leaving them out is taken off.
        following -= skips
        _run_minimum(following)
        following += skips
        costs = following
        result[step + 1, pairs] = costs[ends, np.arange(len(ends))]
        left = np.flatnonzero((steps > step + 1) & (costs.min(axis=0) <= most))
        if not len(left):
            break
        if len(left) < _WORTH_IT * len(pairs):
            pairs, most, ends, steps = pairs[left], most[left], ends[left], steps[left]
            costs, skips = costs.take(left, axis=1), skips.take(left, axis=1)
            letters = letters.take(left, axis=1)
            written = written.some(left)


def _run_minimum(values: Floats) -> None:
    """Replace each row by the least of it and those above it: of twice as many of them at each step."""
    step = 1
    while step < len(values):
        values[step:] = np.minimum(values[step:], values[:-step])
        step *= 2


class _Written(NamedTuple):
    """Which graphemes stand in Latin spellings: ``single``, ``double``: where the costs of the one of one letter and that of two
    begin in the table of costs, for each place; ``triple``: rows, columns and the same of those of three, which are few.
    """

    single: npt.NDArray[np.int32]
    double: npt.NDArray[np.int32]
    triple: tuple[Int64s, Int64s, npt.NDArray[np.int32]]

    @classmethod
    def of(cls, begin: Sequence[npt.NDArray[np.int32]]) -> _Written:
        single, double, triple = begin
        rows, columns = np.nonzero(triple)
        return cls(single, double, (rows, columns, triple[rows, columns]))

    def some(self, columns: Int64s) -> _Written:
        """Those of these of the spellings."""
        rows, there, begin = self.triple
        place = np.full(self.single.shape[1], -1)
        place[columns] = np.arange(len(columns))
        kept = place[there] >= 0
        triple = (rows[kept], place[there[kept]], begin[kept])
        return _Written(self.single.take(columns, axis=1), self.double.take(columns, axis=1), triple)

    def write(self, letter: npt.NDArray[np.int32], costs: Floats, following: Floats) -> None:
        """Lower costs to those of writing an Arabic letter with a grapheme, or with a wrong letter: ``letter``, one for each
        spelling, after ``costs``."""
        prices = cost_table().ravel()
        for size, begin, table in ((1, self.single, _single_prices()), (2, self.double, prices)):
            if len(begin):
                price = table.take(begin + letter)
                price += costs[:-size]
                np.minimum(following[size:], price, out=following[size:])
        rows, columns, begin = self.triple
        if len(rows):
            price = prices.take(begin + letter[columns]) + costs[rows, columns]
            following[rows + 3, columns] = np.minimum(following[rows + 3, columns], price)


def latin_skips(latin: Spellings) -> Floats:
    """What it costs to leave out each letter: shape of ``latin.letters``."""
    letters = latin.letters
    vowel = IS_VOWEL[letters]
    skips = _plain_skips()[letters]
    skips[:1][vowel[:1]] = _SKIP_FIRST_VOWEL
    every = np.arange(len(latin.lengths))
    last = latin.lengths - 1
    skips[last, every] = np.where(letters[last, every] == LATIN["e"], np.float32(_SKIP_LAST_E), skips[last, every])
    skips[free(letters)] = 0.0
    return skips


def free(letters: Bytes) -> npt.NDArray[np.bool_]:
    """Which Latin letters may be left out at no cost: of the same shape."""
    found = np.zeros(letters.shape, dtype=bool)
    found[1:] = ~IS_VOWEL[letters[1:]] & (letters[1:] == letters[:-1])
    t, c, h = (LATIN[letter] for letter in "tch")
    found[:-2] |= (letters[:-2] == t) & (letters[1:-1] == c) & (letters[2:] == h)
    return found


def graphemes(letters: Bytes) -> list[npt.NDArray[np.int16]]:
    """Which grapheme of one, two and three letters begins at each letter; 0 is none."""
    codes = letters.astype(np.int32)
    found = []
    for size, known in enumerate(_grapheme_tables(), 1):
        packed = codes[: max(0, len(codes) - size + 1)].copy()
        for place in range(1, size):
            packed *= 27
            packed += codes[place : len(codes) - size + 1 + place]
        found.append(known[packed])
    return found


@lru_cache(maxsize=1)
def _grapheme_tables() -> list[npt.NDArray[np.int16]]:
    tables = [np.zeros(27**size, np.int16) for size in (1, 2, 3)]
    for text, number in _NUMBERS.items():
        packed = 0
        for letter in text:
            packed = packed * 27 + LATIN[letter]
        tables[len(text) - 1][packed] = number
    return tables


@lru_cache(maxsize=1)
def cost_table() -> Floats:
    """Shape ``(graphemes, Arabic letters)``."""
    table = np.full((len(_NUMBERS) + 1, len(ARABIC) + 1), _IMPOSSIBLE, np.float32)
    for letter, row in TABLE.items():
        for text, cost in row.items():
            table[_NUMBERS[text], ARABIC[letter]] = cost
    return table


@lru_cache(maxsize=1)
def _single_prices() -> Floats:
    """What one Latin letter costs, be it the wrong one."""
    return np.minimum(cost_table().ravel(), np.float32(_WRONG))


@lru_cache(maxsize=1)
def arabic_skips() -> Floats:
    skips = np.full(LETTERS, _SKIP_ARABIC, np.float32)
    skips[[ARABIC[letter] for letter in _LONG_VOWELS]] = _SKIP_ARABIC_VOWEL
    return skips


@lru_cache(maxsize=1)
def beginnings() -> npt.NDArray[np.uint32]:
    """With which Latin letters a grapheme of each Arabic letter may begin, as bits; all for what is none: shape ``(Arabic letters,)``."""
    bits = np.zeros(LETTERS, np.uint32)
    bits[0] = ~np.uint32(0)
    for letter, row in TABLE.items():
        for text in row:
            bits[ARABIC[letter]] |= np.uint32(1) << np.uint32(LATIN[text[0]])
    return bits


@lru_cache(maxsize=1)
def shares() -> Floats:
    """The least that each Latin letter can cost beside an Arabic one, left out or as part of a grapheme: shape ``(Arabic letters, 27)``."""
    table = np.tile(_plain_skips(), (LETTERS, 1))
    table[:, LATIN["e"]] = _SKIP_LAST_E
    for letter, row in TABLE.items():
        for text, cost in row.items():
            for each in text:
                place = ARABIC[letter], LATIN[each]
                table[place] = min(table[place], cost / len(text))
    table[:, 0] = 0.0
    return table


@lru_cache(maxsize=1)
def written() -> npt.NDArray[np.uint32]:
    """The Latin letters of the graphemes of each Arabic letter, as bits: shape ``(Arabic letters,)``."""
    bits = np.zeros(LETTERS, np.uint32)
    for letter, row in TABLE.items():
        for each in "".join(row):
            bits[ARABIC[letter]] |= np.uint32(1) << np.uint32(LATIN[each])
    return bits


@lru_cache(maxsize=1)
def _plain_skips() -> Floats:
    skips = np.ones(len(LATIN) + 1, np.float32)
    for letter, cost in (dict.fromkeys(names.VOWELS, _SKIP_VOWEL) | _SKIP_LATIN).items():
        skips[LATIN[letter]] = cost
    return skips
