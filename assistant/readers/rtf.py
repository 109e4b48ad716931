"""Rich text (.rtf)."""

from __future__ import annotations

import re

from assistant.errors import FileRefused
from assistant.readers.base import Extracted, bounded, check_text, one_line, tidy

_STATED = {
    name: re.compile(rb"\{\\" + name.encode() + rb"\b\s?((?:[^{}]|\\['u]){1,2000})\}") for name in ("title", "author")
}


def read(data: bytes, file: str) -> Extracted:
    """The text of a rich text document. Raises `FileRefused` if it is none or holds no text."""
    if not data.lstrip()[:5] == b"{\\rtf":
        raise FileRefused(file=file, reason="its content is not rich text")
    with bounded(file, "rich text"):
        text = tidy(_text(data))
        check_text(text, file)
        return Extracted(text, "rtf", author=_stated(data, "author"), hint=_stated(data, "title"))


def _text(data: bytes) -> str:
    from striprtf.striprtf import rtf_to_text

    # Rich text is ASCII that names all else; stray bytes are of its code page, as they are in the escapes.
    ascii_only = re.sub(rb"[\x80-\xff]", lambda match: b"\\'%02x" % match[0][0], data)
    # Pictures are long and never text.
    ascii_only = re.sub(rb"\\bin\d+ ", b"", ascii_only)
    text: str = rtf_to_text(ascii_only.decode("ascii"), errors="replace")  # type: ignore[no-untyped-call]  # it has no types
    return re.sub(r"\n(?=\S)", "\n\n", text)


def _stated(data: bytes, name: str) -> str | None:
    match = _STATED[name].search(data[:100_000])
    if match is None:
        return None
    page = re.search(rb"\\ansicpg\d+", data[:1000])
    return one_line(_text(b"{\\rtf1\\ansi" + (page[0] if page else b"") + b" " + match[1] + b"}"))
