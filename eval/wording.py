"""Whether an answer says what was expected, word by word: containment, and the F1 of Rajpurkar et al. (2016).

Words are compared after Unicode's compatibility forms, case, vowel signs and tatweel have been taken away; the forms of alef, and
the pairs ى/ي and ة/ه, are one letter each, as in the evaluation of MLQA (Lewis et al. 2020). Digits of every script are the
same digits, a thousands separator is none of them. The article is no part of a word: *a*, *an* and *the* are left out, ال
is taken off, also behind و, ف, ب, ك and in لل. This is done without the assistant's own reading of words, so that the
two do not share their mistakes.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
_LETTERS = str.maketrans("أإآٱىیة", "ااااييه")
_SEPARATOR = re.compile(r"(?<=\d)[,٬](?=\d{3}(?!\d))")
_WORD = re.compile(r"\d+(?:[.,٫]\d+)*|[^\W\d_]+")
_ENGLISH_ARTICLES = frozenset(["a", "an", "the"])
# At least three letters are left: of الله and التي the first two are no article.
_ARTICLE = re.compile(r"([وفبك]?)ال(?=\w{3})|(لل)(?=\w{3})")


def words(text: str) -> list[str]:
    """The words of a text in the form in which they are compared."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold()).translate(_LETTERS)
    digits = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)
    found = (_without_article(word) for word in _WORD.findall(_SEPARATOR.sub("", digits)))
    return [word for word in found if word not in _ENGLISH_ARTICLES]


def _without_article(word: str) -> str:
    """Taken off until there is none: of المانيا, whose hamza was not typed, it is taken off with and without another one."""
    while match := _ARTICLE.match(word):
        word = (match[1] if match[2] is None else "ل") + word[match.end() :]
    return word


def contains(said: str, expected: str) -> bool:
    """Whether the expected words stand in what was said, all of them and one after the other. Nothing is in nothing."""
    wanted, given = words(expected), words(said)
    return bool(wanted) and any(given[at : at + len(wanted)] == wanted for at in range(len(given) - len(wanted) + 1))


def f1(said: str, expected: str) -> float:
    """The harmonic mean of precision and recall of the words, as multisets; 0 where they share none."""
    return harmonic(*_shares(words(said), words(expected)))


def _shares(given: Sequence[str], wanted: Sequence[str]) -> tuple[float, float]:
    shared = (Counter(given) & Counter(wanted)).total()
    return (shared / len(given), shared / len(wanted)) if shared else (0.0, 0.0)


def harmonic(precision: float, recall: float) -> float:
    """F1 of a precision and a recall; 0 where both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
