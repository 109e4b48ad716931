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
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.catalogue import StoredPassage
from assistant.signs import (
    ADDRESS,
    CLOSERS,
    CODE_ID,
    IMAGE,
    ITEM,
    LINK,
    LONGEST_LINK,
    LONGEST_MARKER,
    NAMED,
    OPEN_ID,
    OPENERS,
    REMOVED,
    SPECIAL,
    STOPS,
    TAG,
    TAG_BEGINS,
    clean,
    closing,
    group,
    presentable,
    settled,
    spelled,
)

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
        done = settled(self._tail) if len(self._tail) <= _LONGEST_TAIL else len(self._tail)
        self._write(self._sure, self._tail[:done])
        self._tail = self._tail[done:]
        self._shown = self._sure.copy()
        self._write(self._shown, self._tail[: presentable(self._tail)])
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
            special = SPECIAL.search(raw, place)
            start = special.start() if special else len(raw)
            page.emit(raw[place:start])
            place = self._special(page, raw, start) if special else start

    def _special(self, page: _Page, raw: str, start: int) -> int:
        """What may be more than prose begins at ``start``; says where it ends."""
        first = raw[start]
        if address := ADDRESS.match(raw, start):
            page.remove()
            page.emit(REMOVED)
            return start + len(address[0].rstrip(STOPS))
        if first in OPENERS:
            return self._bracket(page, raw, start)
        if first in CLOSERS:
            page.emit(")")
            return start + 1
        if first in "<!" and (gone := TAG.match(raw, start) or IMAGE.match(raw, start)):
            page.remove()
            return gone.end()
        if first == "<" and TAG_BEGINS.match(raw, start):
            page.emit("‹")
            return start + 1
        if first == "`" and (code := CODE_ID.match(raw, start)) and (items := group(code["id"])):
            self._mark(page, items)
            return code.end()
        if first in "`*\\#":
            return _markdown(page, raw, start)
        if page.named() and (found := ITEM.match(spelled(raw[start : start + 16]))) and found[1]:
            self._mark(page, [found])
            return start + found.end()
        page.emit(first)
        return start + 1

    def _bracket(self, page: _Page, raw: str, start: int) -> int:
        square = raw[start] not in "(（"
        close = closing(raw, start, LONGEST_LINK if square else LONGEST_MARKER)
        if close is not None:
            items = group(raw[start + 1 : close])
            if items is not None and (square or any(item[1] for item in items)):
                self._mark(page, items)
                return close + 1
            if ADDRESS.fullmatch(raw[start + 1 : close].strip()):
                page.remove()
                return close + 1
            if link := LINK.match(raw, start):
                page.remove()
                self._write(page, link["words"])
                return link.end()
        # An id that an address hangs on is a part of it.
        never_closed = square and close is None and not ADDRESS.match(raw, start + 1)
        if never_closed and (open_ := OPEN_ID.match(spelled(raw[start : start + 16]))):
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
        return bool(NAMED.search(self.text[-24:] + self.space))

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
            before = "" if words[0] in STOPS + ")" else before[:1]
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
