"""Bytes to text, by a ladder: byte order mark, strict UTF-8, UTF-16 without a mark, then the legacy 8-bit encodings.

The newlines are kept exactly as they are and the byte order mark is not part of the text, so that character offsets
into it mean the same to everybody. Nothing is ever decoded with errors ignored: what no rung can read is refused
with a reason. From the third rung on the encoding is an inference, and is reported as such.
"""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections import Counter
from functools import cache
from typing import NamedTuple

from assistant.errors import FileRefused


class Decoded(NamedTuple):
    """The text, the name of its encoding, and whether that was inferred rather than stated or proven."""

    text: str
    encoding: str
    guessed: bool


# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"{\\rtf", "an RTF document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
_LETTER = re.compile(r"\w")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x7f]")
_DOUBTFUL_SHARE = 0.02
"""Of all characters, those that no article holds: controls, unassigned, private use, replacement characters."""


def decode(data: bytes, file: str) -> Decoded:
    """Decode the content of ``file``, which is named in errors only.

    Raises:
        FileRefused: empty, binary, damaged, or in no encoding that could be recognised.
    """
    if not data:
        raise FileRefused(file=file, reason="the file is empty")
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise FileRefused(file=file, reason=f"its content is {kind}, not text")
    decoded = _marked(data, file) or _utf_8(data) or _utf_16(data)
    if decoded is None:
        if b"\0" in data:
            raise FileRefused(file=file, reason="its content is binary, not text")
        text = _strictly(data, "utf-8")
        if text is None and _is_damaged_utf_8(data):
            raise FileRefused(file=file, reason="its UTF-8 text is damaged or cut off in the middle of a character")
        # A control or two that a program has left in a text do not make it another thing; many do.
        decoded = _legacy(data) if text is None else Decoded(text, "utf-8", guessed=False)
    if decoded is None or _is_doubtful(decoded.text):
        raise FileRefused(file=file, reason="its content is binary or in an encoding that could not be recognised")
    if not _LETTER.search(decoded.text):
        raise FileRefused(file=file, reason="the file holds no text")
    return decoded


def decode_as(data: bytes, encoding: str) -> Decoded | None:
    """Decode by an encoding that is stated; ``None`` if the bytes are not valid in it or make no writing."""
    text = _strictly(data, encoding)
    return None if text is None or _is_doubtful(text) else Decoded(text, encoding, guessed=False)


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _marked(data: bytes, file: str) -> Decoded | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strictly(data[len(mark) :], encoding)
            if text is not None:
                return Decoded(text, encoding, guessed=False)
            if encoding.startswith("utf-32"):
                continue
            raise FileRefused(file=file, reason=f"it begins as {encoding.upper()} text but is damaged or cut off")
    return None


def _utf_8(data: bytes) -> Decoded | None:
    text = _strictly(data, "utf-8")
    # UTF-16 text of Arabic or English letters is also valid UTF-8, full of NULs and other controls.
    return None if text is None or _CONTROLS.search(text) else Decoded(text, "utf-8", guessed=False)


def _utf_16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: the high byte of nearly every character of Arabic and Latin text is 0, 6 or 0x20."""
    if len(data) % 2:
        return None
    sample = data[:20_000]
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        counts = Counter(sample[offset::2])
        high = counts[0x00] + counts[0x06] + counts[0x20]
        low = Counter(sample[1 - offset :: 2])
        if high >= 0.9 * (len(sample) // 2) and counts[0x20] <= 0.3 * high and low[0x00] <= 0.02 * high:
            text = _strictly(data, encoding)
            if text is not None and not _CONTROLS.search(text):
                return Decoded(text, encoding, guessed=True)
    return None


def _is_damaged_utf_8(data: bytes) -> bool:
    """Whether most bytes above ASCII do make UTF-8 characters: in an 8-bit encoding that is next to impossible."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - bad
    return good >= 2 * bad


def _is_doubtful(text: str) -> bool:
    counts = Counter(text)
    doubtful = sum(
        number
        for character, number in counts.items()
        if character not in "\t\n\r\v\f\x1c\x1d\x1e\x85\ufeff"
        and (character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs"))
    )
    return doubtful > _DOUBTFUL_SHARE * len(text)


# Letters per thousand Arabic letters, counted on news.
_ARABIC = (
    "ا152 ل115 ي74 م64 و52 ن50 ر47 ت46 ة39 ب39 ع30 د30 س27 ف25 ق22 ه22 ح19 أ17 ج16 ك15 ص10 ط10 ش9 إ9 ى8 خ8 ض7 ز7 ث5 ذ5 "
    "ئ4 غ4 ء4 ظ2 ؤ1 آ1"
)
_RARE = -9.0
_LATIN_LETTER = -4.0
_HIGH_RUN = re.compile("[^\x00-\x7f]{1,64}")


@cache
def _arabic_letters() -> dict[str, float]:
    return {item[0]: math.log(int(item[1:]) / 1000) for item in _ARABIC.split()}


def _legacy(data: bytes) -> Decoded | None:
    """The 8-bit encoding whose reading looks most like writing."""
    if _CONTROLS.search(data.decode("latin-1")):
        return None
    best: tuple[float, str, str] | None = None
    for encoding in ("cp1252", "cp1256", "iso-8859-6"):
        text = _strictly(data, encoding)
        if text is None:
            continue
        score = _likelihood(text)
        if best is None or score > best[0]:
            best = (score, encoding, text)
    if best is None or best[0] < _RARE + 2:
        return None
    return Decoded(best[2], best[1], guessed=True)


def _likelihood(text: str) -> float:
    """Mean log-likelihood of the characters above ASCII, given what Arabic and Western words look like.

    A run of Arabic letters stands apart from ASCII letters, begins with ال more often than not, and has ة and ى only at
    its end; an accented Latin letter stands alone among ASCII letters.
    """
    total, number = 0.0, 0
    for run, times in Counter(
        text[max(match.start() - 1, 0) : match.end() + 1] for match in _HIGH_RUN.finditer(text[:100_000])
    ).items():
        total += times * _word_likelihood(run)
        number += times * sum(1 for character in run if character > "\x7f")
    return total / number if number else 0.0


def _word_likelihood(context: str) -> float:
    letters = _arabic_letters()
    score = 0.0
    for index, character in enumerate(context):
        if character <= "\x7f":
            continue
        before = context[index - 1] if index else " "
        after = context[index + 1] if index + 1 < len(context) else " "
        if character in letters:
            score += letters[character]
            if (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha()):
                score -= 5
            if character in "ةى" and after in letters:
                score -= 6
            if character == "ل" and before == "ا":
                score += 1.5
        elif character.isalpha():
            score += _LATIN_LETTER
            neighbours = sum(1 for other in (before, after) if other.isascii() and other.isalpha())
            score += 2 * neighbours if neighbours else -4
            if before.islower() and character.isupper():
                score -= 4
        elif unicodedata.combining(character):
            score += -6.0 if before in letters else _RARE
        elif character in "،؛؟\u00a0«»“”‘’–—…•·€£°":
            score += -3.0
        else:
            score += _RARE
    return score
