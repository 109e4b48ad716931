"""Arabic spellings of names in Latin letters, as an English reader expects them.

A name is looked up among the common ones of ``assistant/data/gloss/names.txt`` by `alignment`. Any other foreign name is
spelled by the most probable sequence of letters: each Arabic letter offers a few graphemes at a cost, a vowel that Arabic leaves
out may be put between consonants, and a trigram model of the letters of the common names decides what reads like a name.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from assistant.language import alignment, names
from assistant.language.letters import Floats, Spellings, as_written

KNOWN = 0.9
_CLITICS = {"و": "and", "ب": "in", "ل": "to", "ف": "so", "ك": "like"}
_ARTICLES = {"وال": "and al-", "بال": "in al-", "لل": "to al-", "ال": "al-"}
CLITIC_WORDS = tuple(f"{rendering} " for rendering in _CLITICS.values())

_OPTIONS = {
    letter: tuple((grapheme.partition(":")[0], float(grapheme.partition(":")[2] or 0)) for grapheme in row.split()[1:])
    for row in """ا a e:2 o:3|أ a e:1 o:1.5 u:1|إ e i:.3 a:1.5|آ a|ب b p:.7 bb:2 pp:2|پ p|ت t tt:1.5 th:2.5|ث th|ج g j:.3 dge:2.5 ge:1.5 gg:2|ح h|خ kh ch:1.5
    د d dd:2|ذ th:.5 dh|ر r rr:1.5|ز z s:1.5 ss:3|س s ss:1 c:1.5 ce:1.5 sc:3|ش sh ch:1.5 sch:1.5|ص s|ض d|ط t|ظ z|ع a|غ g gh:1.5 gue:3|ف f v:.5 ph:1.5 ff:1.5|ڤ v|ق q k:.5
    ك k c:.2 ck:1 ch:2 qu:2 cc:2.5|گ g|ل l ll:.8|م m mm:1.5|ن n nn:1.2|ه h|ة a|و o u:.3 w:.5 ow:1.2 oo:1 ou:1 au:1.5 v:2|ي i y:.4 e:.6 ee:1 ey:1 ay:1 ai:1.2 ea:1.2 ie:1 ia:2
    ى a|ئ e i:.3|ؤ o u|چ ch|ژ zh|ء :0""".replace("\n", "|").split("|")
    for letter in [row.split()[0]]
}
_PAIRS = {
    "تش": (("ch", 0.0), ("tch", 1.0)),
    "كس": (("x", 0.3), ("cks", 1.0), ("ks", 0.5)),
    "كو": (("qu", 1.5),),
    "شت": (("st", 0.7), ("sht", 0.0)),
    "وا": (("wa", 0.0),),
    "اي": (("i", 0.7), ("y", 1.0), ("ai", 0.5), ("ay", 0.7), ("a", 1.5)),
    "او": (("ow", 0.5), ("au", 0.7), ("ou", 0.5), ("o", 1.5)),
}
_INSERTED = (("a", 1.0), ("e", 0.8), ("i", 1.0), ("o", 1.2), ("u", 1.3))
_VOWELS = frozenset("aeiouy")
_BEAM = 40
_LM = 1.0
_LONGEST = 24


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    text = (files("assistant") / "data" / "gloss" / "names.txt").read_text(encoding="utf-8")
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    return tuple(dict.fromkeys(words))


@lru_cache(maxsize=1)
def _index() -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for name in _names():
        if len(name) >= 3 and 2 <= len(names.plain_latin(name)) <= _LONGEST:
            index.setdefault(names.coarse_latin(name), []).append(name)
    return index


class _Alike(NamedTuple):
    """Names that sound roughly alike, in all their spellings: ``weights`` are of the letters of each, in consonants."""

    names: list[str]
    spellings: Spellings
    weights: Floats


@lru_cache(maxsize=4096)
def _alike(key: str) -> _Alike | None:
    found: list[str] = []
    written: list[str] = []
    weights: list[float] = []
    for name in _index().get(key, ()):
        plain = names.plain_latin(name)
        heavy = max(2, names.consonants(plain))
        for spelled in dict.fromkeys((plain, plain.replace("x", "ks"))):
            found.append(name)
            written.append(spelled)
            weights.append(max(heavy + 0.5 * (len(plain) - heavy), 2))
    return _Alike(found, as_written(written), np.array(weights, np.float32)) if found else None


@lru_cache(maxsize=16384)
def _closest(word: str) -> tuple[float, str]:
    """The common name that an Arabic word, as it is, writes best, and how well: 1 for a perfect alignment."""
    alike = _alike(names.coarse_arabic(word)) if 3 <= len(word) <= _LONGEST else None
    if alike is None:
        return KNOWN, ""
    likeness = 1 - alignment.costs(alike.spellings, word, 0.5 * alike.weights) / alike.weights.astype(np.float64)
    best = int(likeness.argmax())
    return (float(likeness[best]), alike.names[best]) if likeness[best] > KNOWN + 1e-9 else (KNOWN, "")


def known(word: str) -> tuple[str, str] | None:
    """The common name that an Arabic word writes, with the clitic before it (``""`` if none), if there is one."""
    found = {clitic: _closest(word[len(clitic) :]) for clitic in ("", *_CLITICS) if word.startswith(clitic)}
    clitic = max(found, key=lambda clitic: found[clitic][0])
    return (clitic, found[clitic][1]) if found[clitic][1] else None


@lru_cache(maxsize=1)
def _model() -> dict[str, dict[str, float]]:
    """Log probabilities of a letter after the two before it, ``^`` and ``$`` marking the ends."""
    counts: dict[str, Counter[str]] = {}
    for name in _names():
        spelled = "^^" + names.plain_latin(name) + "$"
        for i in range(2, len(spelled)):
            for history in (spelled[i - 2 : i], spelled[i - 1], ""):
                counts.setdefault(history, Counter())[spelled[i]] += 1
    letters = "abcdefghijklmnopqrstuvwxyz$"
    model: dict[str, dict[str, float]] = {}
    single = {c: (counts[""][c] + 1) / (counts[""].total() + 27) for c in letters}
    double: dict[str, dict[str, float]] = {}
    for history, counter in counts.items():
        if len(history) == 1:
            n = counter.total()
            double[history] = {c: (counter[c] + 3 * single[c]) / (n + 3) for c in letters}
    for history, counter in counts.items():
        if len(history) == 2:
            n = counter.total()
            model[history] = {c: math.log((counter[c] + 3 * double[history[1]][c]) / (n + 3)) for c in letters}
    for history, row in double.items():
        model[history] = {c: math.log(p) for c, p in row.items()}
    model[""] = {c: math.log(p) for c, p in single.items()}
    return model


def _gain(spelled: str, added: str) -> float:
    model = _model()
    total = 0.0
    for letter in added:
        row = model.get(spelled[-2:]) or model.get(spelled[-1:]) or model[""]
        total += row[letter]
        spelled += letter
    return total


@lru_cache(maxsize=16384)
def spell(word: str) -> str:
    """The most probable English spelling of a foreign name, capitalised."""
    word = re.sub(r"(.)\1+", r"\1", word)[:_LONGEST]
    beams: list[dict[str, float]] = [{} for _ in range(len(word) + 1)]
    beams[0]["^^"] = 0.0
    for i in range(len(word)):
        ranked = sorted(beams[i].items(), key=lambda item: -item[1])[:_BEAM]
        steps = [(1, g, c) for g, c in _OPTIONS.get(word[i], ())] + [
            (2, g, c) for g, c in _PAIRS.get(word[i : i + 2], ())
        ]
        for spelled, score in ranked:
            for size, grapheme, cost in steps:
                fillers = [("", 0.0)]
                if grapheme and i and spelled[-1] not in _VOWELS and grapheme[0] not in "aeiou":
                    fillers += _INSERTED
                for filler, extra in fillers:
                    added = filler + grapheme
                    value = score - cost - extra + _LM * _gain(spelled, added)
                    longer = spelled + added
                    if value > beams[i + size].get(longer, -math.inf):
                        beams[i + size][longer] = value
    finals: dict[str, float] = {}
    for spelled, score in beams[-1].items():
        for tail, cost in (("", 0.0), ("e", 1.0)) if spelled[-1] not in _VOWELS else (("", 0.0),):
            finals[spelled + tail] = score - cost + _LM * _gain(spelled, tail + "$")
    best = max(finals, key=lambda s: finals[s], default="^^")
    return best[2:].capitalize()


# Letters that Arabic writes in words of its own, hardly ever in foreign names.
_NATIVE = re.compile("[حصضظعذثقء]")


@lru_cache(maxsize=16384)
def name(word: str) -> str:
    """An unknown word as a name in Latin letters, with the clitics it seems to have: ``"and al-Ghanushi"``."""
    found = known(word)
    if found:
        return (_CLITICS[found[0]] + " " if found[0] else "") + found[1]
    for clitic, rendering in _ARTICLES.items():
        if word.startswith(clitic) and len(word) - len(clitic) >= 3:
            return rendering + names.transliterate(word[len(clitic) :])
    prefix = ""
    # A name that begins with W is rarer than "and" before a name, unless a vowel follows.
    if word[0] == "و" and len(word) >= 5 and word[1] not in "ايوأإآ":
        prefix, word = "and ", word[1:]
    return prefix + (names.transliterate(word) if _NATIVE.search(word) else spell(word))
