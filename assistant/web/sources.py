"""From a citation to its place in the article: a reference for the address bar, the data of the source panel.

A reference is ``<file>:<start>-<end>`` with the file name in unpadded base64url, so that it is made of letters, digits,
``-`` and ``_`` whatever the name holds, works as a link to keep, and says nothing to a file system. What comes back
from the browser is matched whole, decoded, and then only *looked up* among the indexed articles: it never becomes a
path.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from assistant.citations import Citable, Citation
from assistant.errors import UnknownDocument
from assistant.language.text import direction_of, language_of

_REFERENCE = re.compile(r"([A-Za-z0-9_-]{1,6000}):([0-9]{1,9})-([0-9]{1,9})")
# Marks that turn the text after them around: in a name they can only deceive. Arabic joiners are not among them.
_UNSEEN = re.compile("[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


class Reference(NamedTuple):
    """A span of an article: characters ``start`` up to ``end`` of ``file``; ``0`` to ``0`` is the article as a whole."""

    file: str
    start: int
    end: int


class Library(Protocol):
    """Where the articles are read: `Assistant` is one."""

    def document(self, file: str) -> Citable: ...
    def is_stale(self, file: str) -> bool: ...


def reference(file: str, start: int, end: int) -> str:
    """The reference to a span, safe in an address for any file name."""
    name = base64.urlsafe_b64encode(file.encode("utf-8", "surrogateescape")).rstrip(b"=").decode("ascii")
    return f"{name}:{start}-{end}"


def reference_of(citation: Citation) -> str:
    """The reference to what ``citation`` quotes."""
    return reference(citation.file, citation.start, citation.end)


def parse(text: object) -> Reference | None:
    """The span that ``text`` refers to; ``None`` unless it is exactly what `reference` writes."""
    match = _REFERENCE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    try:
        padded = match[1] + "=" * (-len(match[1]) % 4)
        file = base64.urlsafe_b64decode(padded).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    found = Reference(file, int(match[2]), int(match[3]))
    whole = found.start == found.end == 0
    return found if reference(*found) == text and (whole or found.start < found.end) else None


def visible(name: str) -> str:
    """A file name or title as it may be shown, its control and direction-turning characters replaced by U+FFFD."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", name.encode("utf-8", "replace").decode("utf-8"))


def panel(library: Library, text: object) -> dict[str, Any]:
    """What the source panel shows of the reference ``text``: plain strings, each line as (before, quoted, after).

    The three parts of all lines, joined, are the article's text up to its line ends. A reference that is malformed,
    names no indexed article or reaches outside it gives ``{"error": "missing"}``.
    """
    found = parse(text)
    if found is None:
        return {"error": "missing"}
    try:
        document = library.document(found.file)
    except UnknownDocument:
        return {"error": "missing"}
    if found.end > len(document.text):
        return {"error": "missing"}
    lines: list[dict[str, Any]] = []
    start = 0
    for number, raw in enumerate(document.text.split("\n"), 1):
        line = raw.removesuffix("\r")
        first = min(max(found.start - start, 0), len(line))
        last = min(max(found.end - start, first), len(line))
        # A lone carriage return is an old line end: shown as one, and still one character.
        parts = [part.replace("\r", "\n") for part in (line[:first], line[first:last], line[last:])]
        lines.append({"n": number, "parts": parts, "dir": direction_of(line), "lang": language_of(line)})
        start += len(raw) + 1
    # Only documents of files with pages know of them.
    page_of: Callable[[int], int | None] | None = getattr(document, "page", None)
    return {
        "file": visible(document.file),
        "title": visible(document.title),
        "outlet": visible(document.outlet) if document.outlet else None,
        "date": document.date.isoformat() if document.date else None,
        "url": visible(url) if isinstance(url := getattr(document, "url", None), str) else None,
        "dir": direction_of(document.text),
        "lang": language_of(document.text),
        "lines": lines,
        "first": document.text.count("\n", 0, found.start) + 1,
        "last": document.text.count("\n", 0, max(0, found.end - 1)) + 1,
        "page": page_of(found.start) if page_of and found.end else None,
        "quote": document.text[found.start : found.end],
        "stale": library.is_stale(found.file),
    }
