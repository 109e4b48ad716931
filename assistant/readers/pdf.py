"""PDF documents that hold text: page after page, Arabic in the order of reading.

A document of which no Arabic order can be made sense of is refused rather than quoted wrongly.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Mapping
from typing import Any

from assistant.errors import FileRefused
from assistant.readers import lines
from assistant.readers.base import Extracted, bounded, check_text, one_line, tidy
from assistant.readers.lines import Line, Piece

MAX_PAGES = 1000
# A page of news takes a tenth of a second.
_MAX_SECONDS = 150.0
# Of these the library says once and for all in which order they follow each other; the others follow their neighbours.
_STRONG = re.compile(
    "([\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufeff])"
    "|[^\0-\x2f:-@\u0660-\u066d\u06f0-\u06f9\u2000-\u206f\u20a0-\u21ff]"
)
_BREAK = "\n\n"
_NOT_LETTERS = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]|\\(cid:\\d+\\)")
# Pages that hold nothing but this much are drawn, not written: scans with a stamp or a page number.
_FEW_CHARACTERS = 20
# Articles in the order of reading measure 0.8 and more, backwards as much below zero.
_LEAST_ORDER = 0.2


def read(data: bytes, file: str) -> Extracted:
    """The text layer of a PDF document, and where each page begins in it.

    When the file was made says nothing of when its article was published, so the document's own dates are not used.

    Raises:
        FileRefused: it is damaged, encrypted, scanned without text, or its letters or their order make no sense.
    """
    if b"%PDF-" not in data[:1024]:
        raise FileRefused(file=file, reason="its content is not a PDF document")
    with bounded(file, "a PDF document", _MAX_SECONDS):
        import pypdf

        # What is wrong with a document is said once, as the reason why it is refused.
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        document = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if document.is_encrypted and not _opens(document, file):
            raise FileRefused(file=file, reason="it is encrypted; save it anew without a password")
        if len(document.pages) > MAX_PAGES:
            raise FileRefused(file=file, reason=f"it has more than {MAX_PAGES} pages")
        pages = [lines.lines(_pieces(page)) for page in document.pages]
        texts = _in_order(pages, file)
        text, starts = _joined([lines.paragraphs(*both) for both in zip(pages, texts, strict=True)])
        if len(text.strip()) < _FEW_CHARACTERS and any(_is_drawn(page) for page in document.pages):
            raise FileRefused(file=file, reason="it is scanned: its pages are images without text")
        check_text(text, file)
        if len(_NOT_LETTERS.findall(text)) > 0.1 * len(text):
            raise FileRefused(file=file, reason="its fonts do not say which letters they draw")
        information: Mapping[str, object] = document.metadata or {}
        return Extracted(
            text,
            "pdf",
            author=one_line(information.get("/Author")),
            hint=one_line(information.get("/Title")),
            pages=starts,
        )


def _opens(document: Any, file: str) -> bool:
    """Whether the empty password will do, as it does for documents that only forbid printing."""
    from pypdf.errors import DependencyError

    try:
        return bool(document.decrypt(""))
    except DependencyError as error:
        raise FileRefused(file=file, reason="it is encrypted; save it anew without a password") from error


def _pieces(page: Any) -> list[Piece]:
    found: list[Piece] = []
    backwards = False

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        nonlocal backwards
        strong = _STRONG.search(text)
        if strong:
            backwards = strong[1] is not None
        text = text.rstrip("\n")
        if backwards:
            text = _as_drawn(text)
        if text:
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            scale = abs(tm[0] * cm[0] + tm[1] * cm[2]) or abs(tm[1] * cm[1]) or 1.0
            found.append(Piece(text, x, y, abs(size * scale)))

    page.extract_text(visitor_text=visit)
    return found


def _as_drawn(text: str) -> str:
    """Text of which the library has put the letters, drawn from left to right, into the order of reading.

    It adds spaces of its own at the end, where a space drawn before the text would stand as well: beside a word either
    is kept, beside a mark neither, because only words run together if a space is missing.
    """
    core = text.rstrip(" ")
    if not core:
        return " "
    added = len(text) - len(core)
    if any(character.isalnum() for character in core):
        return f" {core[::-1]} " if added else core[::-1]
    return " " * (added - 1) + core[::-1]


def _in_order(pages: list[list[Line]], file: str) -> list[list[str]]:
    """The texts of the lines of all pages in the order of reading.

    Raises:
        FileRefused: neither order makes sense.
    """
    chosen: list[list[str]] = []
    best = _LEAST_ORDER
    for drawn_in_reading_order in (False, True):
        texts = [
            [lines.readable(line, drawn_in_reading_order, arabic) for line in page]
            for page, arabic in zip(pages, map(lines.is_arabic, pages), strict=True)
        ]
        score = lines.arabic_order("\n".join(text for page in texts for text in page))
        if score is None or score > best:
            chosen, best = texts, score or 1.0
        if best > 0.5:
            break
    if not chosen and pages:
        raise FileRefused(file=file, reason="its Arabic text is stored backwards and could not be put in order")
    turned = iter(lines.turn_brackets([lines.letters(text) for page in chosen for text in page]))
    return [[next(turned) for _ in page] for page in chosen]


def _joined(pages: list[str]) -> tuple[str, tuple[int, ...]]:
    """The whole text, and where each page begins; a page without text begins where the next one does."""
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for page in map(tidy, pages):
        if page and length:
            parts.append(_BREAK)
            length += len(_BREAK)
        starts.append(length)
        parts.append(page)
        length += len(page)
    return "".join(parts), tuple(min(start, length) for start in starts)


def _is_drawn(page: Any) -> bool:
    resources = page.get("/Resources")
    return bool(resources is not None and resources.get_object().get("/XObject"))
