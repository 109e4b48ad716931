"""The signs in a model's raw text: markers however they are spelled, brackets, links, addresses and tags; and how much of a text
that is still growing can be judged already."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST_MARKER, LONGEST_LINK = 120, 240  # characters; a bracket that is closed later than this is prose

# ---------------------------------------------------------------- characters

# Blank or invisible though Unicode calls them letters, marks or symbols.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


@lru_cache(maxsize=8192)
def _clean(character: str) -> str:
    if character in "\n\u2028\u2029\u0085\v\f":
        return "\n"
    if character == "\t":
        return " "
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    variation = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return "" if category[0] == "C" or variation or character in _UNSEEN else character


def clean(text: str) -> str:
    """``text`` without characters that are not seen or that move others: controls, formats, private and unassigned ones."""
    return "".join(map(_clean, text))


# ---------------------------------------------------------------- the spelling of a marker

_ALIKE = str.maketrans(
    {"٫": ".", "．": ".", "。": ".", "·": ".", ":": ".", "：": ".", "،": ",", "，": ",", "、": ",", ";": ",", "؛": ",", "；": ",",
     "/": ",", "&": ",", "+": ",", "|": ",", "–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-", "~": "-", "〜": "-", "…": "-",
     "\\": "", "`": "", "*": "", "#": "", "^": "", "§": "", "【": "[", "】": "]", "［": "[", "］": "]", "〔": "[", "〕": "]",
     "〖": "[", "〗": "]", "（": "(", "）": ")"}
)  # fmt: skip
OPENERS, CLOSERS = "[【［〔〖(（", "]】］〕〗)）"
_BRACKET = re.compile(f"[{re.escape(OPENERS + CLOSERS)}\n]")
_WORDS = (
    "sources source sentences sentence passages passage paragraph article references reference refs ref see cf ids id s p "
    "المصادر المصدر مصادر مصدر الجمل الجملة جمل جملة المقاطع المقطع مقطع المقالة المقال مقال المراجع المرجع مرجع انظر راجع رقم"
).split()
_WORD = "|".join(_WORDS)
_OF_TWO = re.compile(r"(\d{1,3})\s*,?\s*(?:sentences?|s|الجملة|جملة)\s*(\d{1,3})")
_ID = re.compile(r"(\d{1,3})\.(\d{1,3})(?:-(?:(\d{1,3})\.)?(\d{1,3}))?")
ITEM = re.compile(rf"{_ID.pattern}|(\d{{1,3}})")
OPEN_ID = re.compile(rf"\[{_ID.pattern}()(?![\d.\-])")  # never closed
CODE_ID = re.compile(r"(`+)(?P<id>[\d.,٫،\-–]+)\1")
# What may stand between the brackets of a marker that is still being written.
_UNFINISHED = re.compile(rf"(?:[\d.,\-†\s\[\]()]|and|to|إلى|و|(?:{_WORD})(?![a-z]))*")
NAMED = re.compile(
    r"(?:sources?|sentences?|passages?|المصدر|المصادر|الجملة|الجمل|المقطع)\s*$", re.IGNORECASE
)  # a number after these in prose is an id too


@lru_cache(maxsize=1024)
def _digit(character: str) -> str:
    return str(unicodedata.digit(character)) if unicodedata.category(character) == "Nd" else character


def spelled(text: str) -> str:
    """``text`` with digits, brackets and signs of any script in one spelling, and lower case."""
    return "".join(map(_digit, text)).lower().translate(_ALIKE)


def group(inside: str) -> list[re.Match[str]] | None:
    """The items of a marker from what stands between its brackets; ``None`` when that is no marker."""
    text = re.sub(r"†[^,]*", "", spelled(inside))
    text = _OF_TWO.sub(r"\1.\2", re.sub(r"[\[\]()]", " ", text))
    text = re.sub(rf"(?<![a-zء-ي])(?:{_WORD})(?![a-zء-ي])\.?", " ", text)
    text = re.sub(r"\band\b|(?<![ء-ي])و", ",", re.sub(r"\bto\b|إلى", "-", text))
    text = re.sub(r"\s*([.\-])\s*", r"\1", text.strip(" .,-"))
    text = re.sub(r"[\s,]+", ",", text)
    # Arabic and some European hands write the decimal point as a comma.
    if pair := re.fullmatch(r"(\d{1,3}),(\d{1,3})", text):
        text = f"{pair[1]}.{pair[2]}" if "," in inside.strip() or "،" in inside else text
    items = [ITEM.fullmatch(item) for item in text.split(",")]
    return [item for item in items if item] if all(items) else None


# ---------------------------------------------------------------- addresses

_ENDINGS = (
    "com org net info edu gov mil int io ai co tv xyz app dev site online shop club top biz link click example test local page "
    "ru cn uk de fr es eu ir tr sa ae eg lb sy jo iq az arpa onion pro live news blog tech store space website"
)
# Whatever hangs together with an address goes with it.
_WITHIN = r"[^\s<>\[\]()«»“”\"،؛؟]"
ADDRESS = re.compile(
    rf"(?<!{_WITHIN}){_WITHIN}*?"
    r"(?:(?:https?|ftps?|wss?|javascript|mailto):|data:\w+/|file:/|www\.|\w@[\w-]{1,80}\.\w|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"
    rf"|\w\.(?:{'|'.join(_ENDINGS.split())})(?!\w)){_WITHIN}*",
    re.IGNORECASE | re.ASCII,
)
STOPS = ".,،;؛:!?؟"  # at the end of an address they belong to the sentence
TAG = re.compile(r"<(?:[/!]?[A-Za-z][^<>\n]*|\|[^|\n]*\|)>")
TAG_BEGINS = re.compile(r"<(?![\s\d=])")
_UNFINISHED_TAG = re.compile(r"<(?:[/!]?(?:[A-Za-z][^<>\n]*)?|\|[^|\n]*\|?)")
_TARGET = r"\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
LINK = re.compile(rf"\[(?P<words>[^\[\]\n]*)\]{_TARGET}")
IMAGE = re.compile(rf"!\[[^\[\]\n]*\](?:{_TARGET}|\[[^\[\]\n]*\])")
SPECIAL = re.compile(rf"{ADDRESS.pattern}|[\[【［〔〖(（\]】］〕〗`*\\<!#]|(?<![\w.])\d", re.IGNORECASE | re.ASCII)

REMOVED = "…"
"""What is shown where an address was."""


def closing(text: str, start: int, within: int) -> int | None:
    """Where the bracket at ``start`` is closed, if it is on the same line and ``within`` reach."""
    depth = 0
    for sign in _BRACKET.finditer(text, start, start + within):
        if sign[0] == "\n":
            return None
        depth += 1 if sign[0] in OPENERS else -1
        if depth == 0:
            return sign.start()
    return None


def settled(raw: str) -> int:
    """How much of ``raw`` reads the same whatever follows: whole words, and no bracket or tag that may go on."""
    safe = place = 0
    while place < len(raw):
        character = raw[place]
        rest = raw[place:] if character in OPENERS + "<" else ""
        if character in " \n":
            safe = place + 1
        elif character == "<":
            if tag := TAG.match(rest):
                place += tag.end() - 1
            elif len(rest) <= LONGEST_LINK and _UNFINISHED_TAG.fullmatch(rest):
                break
        elif character in OPENERS:
            close = closing(rest, 0, LONGEST_LINK)
            if close is None:
                if "\n" not in rest and may_be_marker(rest):
                    break
            else:
                place += close
                if rest[close + 1 : close + 2] == "(":
                    target = closing(rest, close + 1, LONGEST_LINK)
                    if target is None and "\n" not in rest[close:] and len(rest) - close <= LONGEST_LINK:
                        break
        place += 1
    return safe


def may_be_marker(begun: str) -> bool:
    """Whether an open bracket with what follows it can still become a marker, a link or an address."""
    if begun[0] not in "(（":
        return len(begun) <= LONGEST_LINK
    if len(begun) > LONGEST_MARKER:
        return False
    inside = spelled(begun[1:])
    whole = _UNFINISHED.match(inside)
    rest = inside[whole.end() if whole else 0 :]
    return "†" in inside or " " not in rest or any(word.startswith(rest) for word in _WORDS)


def presentable(tail: str) -> int:
    """How much of an unfinished tail may be shown: up to the first bracket, tag or image that may go on."""
    place = 0
    while place < len(tail):
        character = tail[place]
        if character in "<!`*\\#" and SPECIAL.match(tail, place):
            if not (tag := TAG.match(tail, place)):
                return place
            place = tag.end() - 1
        elif character in OPENERS:
            close = closing(tail, place, LONGEST_LINK)
            if close is None:
                if may_be_marker(tail[place:]):
                    return place
            elif (group(tail[place + 1 : close]) is None and close + 1 == len(tail)) or (
                tail[close + 1 : close + 2] == "(" and closing(tail, close + 1, LONGEST_LINK) is None
            ):
                return place
            else:
                place = close
        place += 1
    return len(tail)
