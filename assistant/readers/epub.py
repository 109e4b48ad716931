"""Books (.epub): the chapters in the order in which they are read."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

from assistant.readers.base import Extracted, bounded, check_text, is_web_address, one_line, stated_date, tidy
from assistant.readers.markup import block_text, decode_page
from assistant.readers.packages import Package

_KIND = "a book in the EPUB format"
_PAGES = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))


def read(data: bytes, file: str) -> Extracted:
    """The text of a book, and what it states of itself.

    Raises:
        FileRefused: it is damaged, encrypted, a bomb, or holds no text.
    """
    with bounded(file, _KIND):
        package = Package(data, file, _KIND)
        container = package.xml("META-INF/container.xml")
        path = (
            None if container is None else next(iter(container.xpath("//*[local-name()='rootfile']/@full-path")), None)
        )
        book = package.xml(str(path)) if path else None
        if book is None:
            package.refuse(f"it is an archive, but not {_KIND}")
        chapters = _chapters(book, posixpath.dirname(str(path)))
        encryption = package.member("META-INF/encryption.xml") or b""
        if any(name.encode() in encryption for name in chapters):
            package.refuse("it is encrypted")
        texts = []
        for name in chapters:
            page = package.member(name)
            if page and page.strip():
                texts.append(block_text(decode_page(page, file).text))
        text = tidy("\n\n".join(filter(None, texts)))
        check_text(text, file)
        sources = _stated(book, "source") + _stated(book, "identifier")
        return Extracted(
            text,
            "utf-8",
            title=one_line(next(iter(_stated(book, "title")), None)),
            date=stated_date(next(iter(_stated(book, "date")), None)),
            author=one_line(", ".join(_stated(book, "creator")[:5])),
            outlet=one_line(next(iter(_stated(book, "publisher")), None)),
            url=next((each for each in sources if is_web_address(each)), None),
        )


def _chapters(book: Any, folder: str) -> list[str]:
    """Names of the members that make up the text, in order, each once."""
    items = {
        item.get("id"): item.get("href", "")
        for item in book.xpath("//*[local-name()='manifest']/*[local-name()='item']")
        if item.get("media-type") in _PAGES and "nav" not in item.get("properties", "").split()
    }
    order = book.xpath("//*[local-name()='spine']/*[local-name()='itemref']/@idref")
    names = (items[number] for number in order if items.get(number))
    joined = (posixpath.normpath(posixpath.join(folder, unquote(name.partition("#")[0]))) for name in names)
    return list(dict.fromkeys(joined))


def _stated(book: Any, name: str) -> list[str]:
    found = book.xpath(f"//*[local-name()='metadata']/*[local-name()='{name}']/text()")
    return [value for each in found if (value := str(each).strip())]
