"""Sentence markers in a model's answer, resolved while it streams.

The model is told to write ``[2.3]`` after what sentence 3 of passage 2 says. Models misspell that in many ways, and an
answer must be readable before it is complete, so `Resolver` takes whatever pieces come and says what may be shown by now:
known markers become ``[1]``, ``[2]`` in order of first appearance, unknown ones vanish. What comes out holds

- square brackets around nothing but our own numbers (those of the model's prose become round ones),
- no web address, no image, no link target and no tag, whatever the model read in an article,
- no control character, nothing invisible, nothing that turns the direction of a line.

Only what may still become one of these is held back; any other text is shown in the call that brought it. The word that is
still growing may change (``example`` is taken out once it has become ``example.com``); what stands before it never does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.catalogue import StoredPassage

_LONGEST_MARKER, _LONGEST_LINK = 120, 240  # characters; a bracket that is closed later than this is prose
_LONGEST_TAIL = 300  # nothing honest goes on for so long without a space
_MOST_IN_A_GROUP = 10


class Numbered(NamedTuple):
    """A sentence as the model was given it: its id (``2.3``), and where it stands in its document."""

    id: str
    passage: StoredPassage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]


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
_OPENERS, _CLOSERS = "[【［〔〖(（", "]】］〕〗)）"
_BRACKET = re.compile(f"[{re.escape(_OPENERS + _CLOSERS)}\n]")
_WORDS = (
    "sources source sentences sentence passages passage paragraph article references reference refs ref see cf ids id s p "
    "المصادر المصدر مصادر مصدر الجمل الجملة جمل جملة المقاطع المقطع مقطع المقالة المقال مقال المراجع المرجع مرجع انظر راجع رقم"
).split()
_WORD = "|".join(_WORDS)
_OF_TWO = re.compile(r"(\d{1,3})\s*,?\s*(?:sentences?|s|الجملة|جملة)\s*(\d{1,3})")
_ID = re.compile(r"(\d{1,3})\.(\d{1,3})(?:-(?:(\d{1,3})\.)?(\d{1,3}))?")
_ITEM = re.compile(rf"{_ID.pattern}|(\d{{1,3}})")
_OPEN_ID = re.compile(rf"\[{_ID.pattern}()(?![\d.\-])")  # never closed
_CODE_ID = re.compile(r"(`+)\s?(?P<id>[\d.,٫،\-–]+)\s?\1")
# What may stand between the brackets of a marker that is still being written.
_UNFINISHED = re.compile(rf"(?:[\d.,\-†\s\[\]()]|and|to|إلى|و|(?:{_WORD})(?![a-z]))*")
_NAMED = re.compile(
    r"(?:sources?|sentences?|passages?|المصدر|المصادر|الجملة|الجمل|المقطع)\s*$", re.IGNORECASE
)  # a number after these in prose is an id too


@lru_cache(maxsize=1024)
def _digit(character: str) -> str:
    return str(unicodedata.digit(character)) if unicodedata.category(character) == "Nd" else character


def _spelled(text: str) -> str:
    """``text`` with digits, brackets and signs of any script in one spelling, and lower case."""
    return "".join(map(_digit, text)).lower().translate(_ALIKE)


def _group(inside: str) -> list[re.Match[str]] | None:
    """The items of a marker from what stands between its brackets; ``None`` when that is no marker."""
    text = re.sub(r"†[^,]*", "", _spelled(inside))
    text = _OF_TWO.sub(r"\1.\2", re.sub(r"[\[\]()]", " ", text))
    text = re.sub(rf"(?<![a-zء-ي])(?:{_WORD})(?![a-zء-ي])\.?", " ", text)
    text = re.sub(r"\band\b|(?<![ء-ي])و", ",", re.sub(r"\bto\b|إلى", "-", text))
    text = re.sub(r"\s*([.\-])\s*", r"\1", text.strip(" .,-"))
    text = re.sub(r"[\s,]+", ",", text)
    # Arabic and some European hands write the decimal point as a comma.
    if pair := re.fullmatch(r"(\d{1,3}),(\d{1,3})", text):
        text = f"{pair[1]}.{pair[2]}" if "," in inside.strip() or "،" in inside else text
    items = [_ITEM.fullmatch(item) for item in text.split(",")]
    return [item for item in items if item] if all(items) else None


# ---------------------------------------------------------------- addresses

_ENDINGS = (
    "com org net info edu gov mil int io ai co tv xyz app dev site online shop club top biz link click example test local page "
    "ru cn uk de fr es eu ir tr sa ae eg lb sy jo iq az arpa onion pro live news blog tech store space website"
)
# Whatever hangs together with an address goes with it.
_WITHIN = r"[^\s<>\[\]()«»“”\"،؛؟]"
_ADDRESS = re.compile(
    rf"(?<!{_WITHIN}){_WITHIN}*?"
    r"(?:(?:https?|ftps?|wss?|javascript|mailto):|data:\w+/|file:/|www\.|\w@[\w-]{1,80}\.\w|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"
    rf"|\w\.(?:{'|'.join(_ENDINGS.split())})(?!\w)){_WITHIN}*",
    re.IGNORECASE | re.ASCII,
)
_STOPS = ".,،;؛:!?؟"  # at the end of an address they belong to the sentence
_TAG = re.compile(r"<(?:[/!]?[A-Za-z][^<>\n]*|\|[^|\n]*\|)>")
_TAG_BEGINS = re.compile(r"<(?![\s\d=])")
_UNFINISHED_TAG = re.compile(r"<(?:[/!]?(?:[A-Za-z][^<>\n]*)?|\|[^|\n]*\|?)")
_TARGET = r"\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
_LINK = re.compile(rf"\[(?P<words>[^\[\]\n]*)\]{_TARGET}")
_IMAGE = re.compile(rf"!\[[^\[\]\n]*\](?:{_TARGET}|\[[^\[\]\n]*\])")
_SPECIAL = re.compile(rf"{_ADDRESS.pattern}|[\[【［〔〖(（\]】］〕〗`*\\<!#]|(?<![\w.])\d", re.IGNORECASE | re.ASCII)

REMOVED = "…"
"""What is shown where an address was."""


def _closing(text: str, start: int, within: int) -> int | None:
    """Where the bracket at ``start`` is closed, if it is on the same line and ``within`` reach."""
    depth = 0
    for sign in _BRACKET.finditer(text, start, start + within):
        if sign[0] == "\n":
            return None
        depth += 1 if sign[0] in _OPENERS else -1
        if depth == 0:
            return sign.start()
    return None


def _settled(raw: str) -> int:
    """How much of ``raw`` reads the same whatever follows: whole words, and no bracket or tag that may go on."""
    safe = place = 0
    while place < len(raw):
        character = raw[place]
        rest = raw[place:] if character in _OPENERS + "<" else ""
        if character in " \n":
            safe = place + 1
        elif character == "<":
            if tag := _TAG.match(rest):
                place += tag.end() - 1
            elif len(rest) <= _LONGEST_LINK and _UNFINISHED_TAG.fullmatch(rest):
                break
        elif character in _OPENERS:
            close = _closing(rest, 0, _LONGEST_LINK)
            if close is None:
                if "\n" not in rest and _may_be_marker(rest):
                    break
            else:
                place += close
                if rest[close + 1 : close + 2] == "(":
                    target = _closing(rest, close + 1, _LONGEST_LINK)
                    if target is None and "\n" not in rest[close:] and len(rest) - close <= _LONGEST_LINK:
                        break
        place += 1
    return safe


def _may_be_marker(begun: str) -> bool:
    """Whether an open bracket with what follows it can still become a marker, a link or an address."""
    if begun[0] not in "(（":
        return len(begun) <= _LONGEST_LINK
    if len(begun) > _LONGEST_MARKER:
        return False
    inside = _spelled(begun[1:])
    whole = _UNFINISHED.match(inside)
    rest = inside[whole.end() if whole else 0 :]
    return "†" in inside or " " not in rest or any(word.startswith(rest) for word in _WORDS)


class Resolver:
    """Turns pieces of a model's answer into text to show. Use one for each answer.

    ``text`` is what is shown by now; ``cited[n - 1]`` is the id behind its marker ``[n]``; ``removed`` are the offsets in
    it where an address, an image or a tag was taken out: of what stands before, or after a space of what follows.
    """

    def __init__(self, numbered: Sequence[Numbered]) -> None:
        self._order = [sentence.id for sentence in numbered]
        self._known = set(self._order)
        self._sure = _Page()
        self._shown = self._sure
        self._tail = ""

    @property
    def text(self) -> str:
        return self._shown.text

    @property
    def cited(self) -> tuple[str, ...]:
        return tuple(self._shown.cited)

    @property
    def removed(self) -> tuple[int, ...]:
        return tuple(self._shown.removed)

    def feed(self, chunk: str) -> str:
        """All that can be shown once ``chunk`` has come."""
        self._tail += clean(chunk)
        done = _settled(self._tail) if len(self._tail) <= _LONGEST_TAIL else len(self._tail)
        self._write(self._sure, self._tail[:done])
        self._tail = self._tail[done:]
        self._shown = self._sure.copy()
        self._write(self._shown, self._tail[: _presentable(self._tail)])
        return self.text

    def finish(self) -> str:
        """All there is to show, when nothing more comes."""
        self._write(self._sure, self._tail)
        self._tail, self._shown = "", self._sure
        return self.text

    def _write(self, page: _Page, raw: str) -> None:
        """Put complete text on a page."""
        place = 0
        while place < len(raw):
            special = _SPECIAL.search(raw, place)
            start = special.start() if special else len(raw)
            page.emit(raw[place:start])
            place = self._special(page, raw, start) if special else start

    def _special(self, page: _Page, raw: str, start: int) -> int:
        """What may be more than prose begins at ``start``; says where it ends."""
        first = raw[start]
        if address := _ADDRESS.match(raw, start):
            page.remove()
            page.emit(REMOVED)
            return start + len(address[0].rstrip(_STOPS))
        if first in _OPENERS:
            return self._bracket(page, raw, start)
        if first in _CLOSERS:
            page.emit(")")
            return start + 1
        if first in "<!" and (gone := _TAG.match(raw, start) or _IMAGE.match(raw, start)):
            page.remove()
            return gone.end()
        if first == "<" and _TAG_BEGINS.match(raw, start):
            page.emit("‹")
            return start + 1
        if first == "`" and (code := _CODE_ID.match(raw, start)) and (items := _group(code["id"])):
            self._mark(page, items)
            return code.end()
        if first in "`*\\#":
            return _markdown(page, raw, start)
        if page.named() and (found := _ITEM.match(_spelled(raw[start : start + 16]))) and found[1]:
            self._mark(page, [found])
            return start + found.end()
        page.emit(first)
        return start + 1

    def _bracket(self, page: _Page, raw: str, start: int) -> int:
        square = raw[start] not in "(（"
        close = _closing(raw, start, _LONGEST_LINK if square else _LONGEST_MARKER)
        if close is not None:
            items = _group(raw[start + 1 : close])
            if items is not None and (square or any(item[1] for item in items)):
                self._mark(page, items)
                return close + 1
            if _ADDRESS.fullmatch(raw[start + 1 : close].strip()):
                page.remove()
                return close + 1
            if link := _LINK.match(raw, start):
                page.remove()
                self._write(page, link["words"])
                return link.end()
        if square and close is None and (open_ := _OPEN_ID.match(_spelled(raw[start : start + 16]))):
            self._mark(page, [open_])
            return start + open_.end()
        page.emit("(")
        return start + 1

    def _mark(self, page: _Page, items: Sequence[re.Match[str]]) -> None:
        page.mark([sentence for sentence in self._expand(items) if sentence in self._known])

    def _expand(self, items: Sequence[re.Match[str]]) -> Iterator[str]:
        """The ids of a marker's items: ``2.3``, ``2.3-2.5``, ``2.3-5``, and a lone number after an id, ``2.3, 5``."""
        passage = None
        for item in items:
            first_passage, first, last_passage, last, lone = (int(group) if group else None for group in item.groups())
            if lone is not None:
                yield f"{passage}.{lone}"
                continue
            passage = first_passage
            begin, end = f"{passage}.{first}", f"{last_passage or passage}.{last}"
            yield begin
            if begin in self._known and end in self._known:
                places = self._order.index(begin), self._order.index(end)
                yield from self._order[places[0] + 1 : places[1] + 1][:_MOST_IN_A_GROUP]
            elif last is not None:
                yield end


def _presentable(tail: str) -> int:
    """How much of an unfinished tail may be shown: up to the first bracket, tag or image that may go on."""
    place = 0
    while place < len(tail):
        character = tail[place]
        if character in "<!`*\\#" and _SPECIAL.match(tail, place):
            if not (tag := _TAG.match(tail, place)):
                return place
            place = tag.end() - 1
        elif character in _OPENERS:
            close = _closing(tail, place, _LONGEST_LINK)
            if close is None:
                if _may_be_marker(tail[place:]):
                    return place
            elif (_group(tail[place + 1 : close]) is None and close + 1 == len(tail)) or (
                tail[close + 1 : close + 2] == "(" and _closing(tail, close + 1, _LONGEST_LINK) is None
            ):
                return place
            else:
                place = close
        place += 1
    return len(tail)


def _markdown(page: _Page, raw: str, start: int) -> int:
    """Signs of emphasis, code and headings are dropped; a bullet, a product and a number sign stay."""
    sign = raw[start]
    end = start + 1
    while sign != "\\" and raw[end : end + 1] == sign:
        end += 1
    following = raw[end : end + 1]
    if sign == "\\":
        keep = not (following and following in "[]()【】*_`#\\{}.!-<>")
    elif sign == "*":
        keep = end == start + 1 and following == " " and (page.at_line_start() or page.space != "")
    elif sign == "#":
        keep = not page.at_line_start()
        end += not keep and following == " "
    else:
        keep = False
    if keep:
        page.emit(raw[start:end])
    return end


class _Page:
    """Text given out so far. Space waits for what it stands before: it goes when that turns out to be nothing."""

    def __init__(self) -> None:
        self.text = ""
        self.space = ""
        self.cited: list[str] = []
        self.removed: list[int] = []
        self._run: set[str] = set()
        self._gap = False  # a marker of nothing stood here

    def copy(self) -> _Page:
        page = _Page()
        page.text, page.space, page._gap = self.text, self.space, self._gap
        page.cited, page.removed, page._run = self.cited.copy(), self.removed.copy(), self._run.copy()
        return page

    def at_line_start(self) -> bool:
        return not self.text or "\n" in self.space

    def named(self) -> bool:
        """Whether the words so far say that a number to come is that of a sentence."""
        return bool(_NAMED.search(self.text[-24:] + self.space))

    def emit(self, text: str) -> None:
        words = re.sub(r" *\n *", "\n", text.strip(" \n"))
        words = re.sub(r"\n{3,}", "\n\n", words)
        if not words:
            self.space += text
            return
        before = self.space + text[: text.index(words[0])]
        if "\n" in before:
            before = "\n\n" if before.count("\n") > 1 else "\n"
        elif self._gap:
            before = "" if words[0] in _STOPS + ")" else before[:1]
        self.text += (before if self.text else "") + words
        self.space = text[text.rindex(words[-1]) + 1 :]
        self._gap = False
        self._run.clear()

    def mark(self, sentences: Sequence[str]) -> None:
        """Write the numbers of ``sentences``, each once in a row of markers."""
        new = [sentence for sentence in dict.fromkeys(sentences) if sentence not in self._run]
        if not new:
            self._gap = True
            return
        self.cited += [sentence for sentence in new if sentence not in self.cited]
        run = self._run | set(new)
        if self._run and "\n" not in self.space:
            self.space = ""
        self.emit("".join(f"[{self.cited.index(sentence) + 1}]" for sentence in new))
        self._run = run

    def remove(self) -> None:
        """Note that something was taken out here; after a space, it belonged to what follows."""
        self.removed.append(len(self.text) + bool(self.text and self.space))
        self._gap = True
