"""The lines of a page, from pieces of text and the places where they are drawn.

A page says what is drawn where, not in which order it is read. Arabic is nearly always drawn from left to right, so
the pieces of a line are put in the order of their places, and that *visual* order is turned into the order of reading
by undoing what the bidirectional algorithm of Unicode (UAX 9) does to a line: letters run from right to left, numbers
and Latin words within them from left to right.

Some programs draw the letters in the order of reading instead. Which it is shows in the letters: an article begins
words and never ends them, ta marbuta ends them and never begins them, and of the presentation forms an initial one
stands before a final one.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Piece(NamedTuple):
    """Text drawn at one place, its characters in the order in which they are drawn.

    ``x`` grows to the right, ``y`` upwards, both in points, as ``size``, its height.
    """

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces on one base line, in the order in which they are drawn."""

    pieces: tuple[Piece, ...]
    y: float
    size: float


_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_ARABIC_LETTER = re.compile(f"[{_ARABIC}]")
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f]")
# In a line of Arabic: words of Latin letters with what stands between them, or one number.
_LEFT_TO_RIGHT = re.compile(rf"[^\W\d_{_ARABIC}][^{_ARABIC}]*[^\W_{_ARABIC}]|[^\W\d_{_ARABIC}]|\d[\d.,:/٫٬]*\d")
_ARABIC_WORDS = re.compile(f"[{_ARABIC}][{_ARABIC}\\s]*[{_ARABIC}]")
_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
# Marks are pieces of their own, and the spaces around them a matter of rounding.
_BEFORE_MARK = re.compile(r" (?=[.،؛؟!:,]+(?!\w))|(?<=[(\[«]) | (?=[)\]»])|(?<=\d) (?=%)")
_IN_QUOTES = re.compile('" ?([^"]*?) ?"')
_MIRRORED = str.maketrans("()[]{}«»‹›<>", ")(][}{»«›‹><")
_BRACKET = re.compile(r"[()\[\]«»]")


def lines(pieces: Iterable[Piece]) -> list[Line]:
    """Pieces that follow each other on one base line, joined."""
    found: list[Line] = []
    current: list[Piece] = []
    for piece in pieces:
        if not piece.text.strip("\n"):
            continue
        if current and abs(piece.y - current[0].y) > 0.4 * max(piece.size, current[0].size, 1.0):
            found.append(_line(current))
            current = []
        current.append(piece)
    if current:
        found.append(_line(current))
    return [line for line in found if any(piece.text.strip() for piece in line.pieces)]


def _line(pieces: list[Piece]) -> Line:
    return Line(tuple(pieces), pieces[0].y, max(piece.size for piece in pieces))


def is_arabic(page: Iterable[Line]) -> bool:
    """Whether most letters of a page are Arabic: then its lines run from right to left, whatever stands in them."""
    text = "".join(piece.text for line in page for piece in line.pieces)
    return len(_ARABIC_LETTER.findall(text)) > len(_LATIN_LETTER.findall(text))


def readable(line: Line, drawn_in_reading_order: bool = False, on_arabic_page: bool = False) -> str:
    """The text of a line in the order of reading."""
    order = sorted(
        range(len(line.pieces)),
        key=lambda number: (round(line.pieces[number].x, 1), -number if drawn_in_reading_order else number),
    )
    pieces = [line.pieces[number] for number in order]
    texts = [_read_backwards(piece.text) if drawn_in_reading_order else piece.text for piece in pieces]
    joined = "".join(texts)
    arabic, latin = len(_ARABIC_LETTER.findall(joined)), len(_LATIN_LETTER.findall(joined))
    if arabic:
        joined = _separated(texts, pieces)
    if arabic and (on_arabic_page or arabic >= latin):
        joined = _read_backwards(joined)
    elif arabic:
        joined = _ARABIC_WORDS.sub(lambda match: _read_backwards(match[0]), joined)
    text = re.sub(r"\s+", " ", joined).strip()
    return _BEFORE_MARK.sub("", text) if arabic else text


def _read_backwards(text: str) -> str:
    """Arabic from the last character to the first, the numbers and Latin words in it as they are."""
    return _LEFT_TO_RIGHT.sub(lambda match: match[0][::-1], text[::-1])


def _separated(texts: Sequence[str], pieces: Sequence[Piece]) -> str:
    """The texts joined, with spaces where pieces stand farther apart than the first can be wide."""
    parts = list(texts[:1])
    for (before, piece), (last, text) in zip(pairwise(pieces), pairwise(texts), strict=True):
        wide = before.size * (0.65 * len(last.strip()) + 0.3)
        if piece.x - before.x > wide and not last.endswith(" ") and not text.startswith(" "):
            parts.append(" ")
        parts.append(text)
    return "".join(parts)


def letters(text: str) -> str:
    """``text`` with the letters that presentation forms stand for."""
    return _FORM.sub(lambda match: unicodedata.normalize("NFKC", match[0]).strip() or match[0], text)


def turn_brackets(texts: Sequence[str]) -> list[str]:
    """Mirror the brackets of Arabic lines if most lines begin with a closing one."""
    arabic = [text for text in texts if _ARABIC_LETTER.search(text)]
    firsts = [match[0] for text in arabic if (match := _BRACKET.search(text))]
    if 2 * sum(first in ")]»" for first in firsts) <= len(firsts):
        return list(texts)
    return [_BEFORE_MARK.sub("", text.translate(_MIRRORED)) if _ARABIC_LETTER.search(text) else text for text in texts]


_WORD = re.compile("[\u0621-\u064a]{3,}")


def arabic_order(text: str) -> float | None:
    """How Arabic ``text`` reads: from 1, as it should, to -1, backwards; ``None`` if there is too little to tell."""
    right = wrong = 0
    for word in re.findall(f"[{_ARABIC}]+", text):
        kinds = [_kind(character) for character in word if _FORM.match(character)]
        if len(kinds) >= 2:
            right += kinds[0] == "initial" or kinds[-1] == "final"
            wrong += kinds[0] == "final" or kinds[-1] == "initial"
    for word in _WORD.findall(letters(text)):
        right += word.startswith(("ال", "وال", "بال", "لل")) + word.endswith(("ة", "ى", "ات", "ين"))
        wrong += word.endswith(("لا", "لاو", "لاب", "لل")) + word.startswith(("ة", "ى", "تا", "ني"))
    return (right - wrong) / (right + wrong) if right + wrong >= 4 else None


def _kind(character: str) -> str:
    return unicodedata.decomposition(character).partition(">")[0].lstrip("<")


_ENDED = re.compile(r"[.!?؟…:؛][\"'”»)\]]*$")


def paragraphs(found: Sequence[Line], texts: Sequence[str]) -> str:
    """Lines joined to paragraphs, with a blank line between them.

    A paragraph ends where the next line is farther down than usual, of another size, or above; and at a line much
    shorter than the others that ends a sentence.
    """
    if not texts:
        return ""
    steps = [before.y - after.y for before, after in pairwise(found) if before.y > after.y]
    step = statistics.median_low([round(each, 1) for each in steps]) if steps else 0.0
    width = sorted(map(len, texts))[int(0.9 * (len(texts) - 1))]
    parts = [texts[0]]
    for before, line, last, text in zip(found, found[1:], texts, texts[1:], strict=False):
        down = before.y - line.y
        apart = down > 1.3 * step or down < 0 or abs(before.size - line.size) > 0.1 * before.size
        if apart or (len(last) < 0.75 * width and _ENDED.search(last)):
            parts.append("\n\n" + text)
        elif last.endswith("-") and last[-2:-1].isalpha() and text[:1].islower():
            parts[-1] = parts[-1][:-1]
            parts.append(text)
        else:
            parts.append(" " + text)
    text = "".join(parts)
    if not _ARABIC_LETTER.search(text):
        return text
    return "\n\n".join(
        _IN_QUOTES.sub(r'"\1"', part) if part.count('"') % 2 == 0 else part for part in text.split("\n\n")
    )
