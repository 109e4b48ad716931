"""Messages that ask nothing of the articles: a greeting, thanks, a farewell, and questions about the assistant itself.

A message is one only when all of it is: *thanks* and *Thank you very much, goodbye*, but not *thanks to whom did it end?*.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import get_args

from assistant.citations import Courtesy
from assistant.language.text import fold, normalize_arabic

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_SHORTENED = {"whats": "what is", "whos": "who is", "hows": "how is", "thats": "that is"}
_LONGEST = 20
"""Words of a message that is looked at."""


def courtesy(message: str) -> Courtesy | None:
    """Which of them a message is, all of it; ``None`` for anything that may be asked of the articles."""
    plain = _APOSTROPHE.sub("", fold(message[: 20 * _LONGEST]).text.lower())
    words = [part for word in _WORD.findall(plain) for part in _SHORTENED.get(word, normalize_arabic(word)).split()]
    if not words or len(words) > _LONGEST or len(message) > 20 * _LONGEST:
        return None
    return _whole(words)


def _whole(words: list[str]) -> Courtesy | None:
    """Read as phrases one after the other, the longest first, with words beside them."""
    phrases, longest = _listed()
    found: set[str] = set()
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            kind = phrases.get(" ".join(words[place : place + length]))
            if kind:
                found.add(kind)
                place += length
                break
        else:
            return None
    kinds: tuple[Courtesy, ...] = get_args(Courtesy)
    return next((kind for kind in kinds if kind in found), None)


@cache
def _listed() -> tuple[dict[str, str], int]:
    """The kind of each phrase, and how many words the longest has."""
    phrases: dict[str, str] = {}
    for line in (files("assistant") / "data" / "courtesies.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, listed = line.split("\t")
            phrases |= {" ".join(map(normalize_arabic, phrase.split())): kind for phrase in listed.split("; ")}
    return phrases, max(phrase.count(" ") + 1 for phrase in phrases)
