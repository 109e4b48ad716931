"""Word documents (.docx): the paragraphs of the text, of its tables, lists and foot notes, in their order."""

from __future__ import annotations

from typing import Any

from assistant.readers.base import Extracted, bounded, check_text, one_line, tidy
from assistant.readers.packages import Package

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Documents saved as "strict" name the same things otherwise.
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DC = "{http://purl.org/dc/elements/1.1/}"
_BREAKS = {"br": "\n", "cr": "\n", "tab": " ", "noBreakHyphen": "-"}


def read(data: bytes, file: str) -> Extracted:
    """The text of a Word document.

    When it was written says nothing of when its article was published, so the document's own dates are not used.

    Raises:
        FileRefused: it is damaged, encrypted, a bomb, or holds no text.
    """
    with bounded(file, "a Word document"):
        package = Package(data, file, "a Word document")
        body = package.xml("word/document.xml")
        if body is None:
            package.refuse("it is an archive, but not a Word document")
        parts = [_text(body)]
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            notes = package.xml(name)
            parts.append("" if notes is None else _text(notes))
        properties = package.xml("docProps/core.xml")
        text = tidy("\n\n".join(part for part in parts if part.strip()))
        check_text(text, file)
        return Extracted(
            text,
            "utf-8",
            author=_property(properties, "creator"),
            hint=_property(properties, "title"),
        )


def _property(properties: Any, name: str) -> str | None:
    return None if properties is None else one_line(properties.findtext(f"{_DC}{name}"))


def _text(root: Any) -> str:
    pieces: list[str] = []
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            pieces.append(element)
            continue
        name = element.tag.removeprefix(_W).removeprefix(_STRICT) if isinstance(element.tag, str) else ""
        if name == "t":
            pieces.append(element.text or "")
        elif name in _BREAKS:
            pieces.append(_BREAKS[name])
        elif name not in ("", "del", "moveFrom", "instrText", _FALLBACK):
            if name == "p":
                waiting.append("\n\n")
            elif name == "tc":
                waiting.append(" ")
            waiting += reversed(element)
    return "".join(pieces)
