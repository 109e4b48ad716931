"""Which reader reads which file: by the end of its name, and never against what its content says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from assistant.decoding import decode
from assistant.errors import FileRefused
from assistant.readers import docx, epub, mail, markup, pdf, plain, rtf
from assistant.readers.base import MAX_BYTES, Extracted


class Reader(NamedTuple):
    """``read(content, file)`` gives the article or raises `FileRefused`; longer files are not even opened."""

    read: Callable[[bytes, str], Extracted]
    max_bytes: int = MAX_BYTES


READERS: dict[str, Reader] = {
    ".txt": Reader(plain.read),
    ".text": Reader(plain.read),
    ".md": Reader(plain.read),
    ".html": Reader(markup.read),
    ".htm": Reader(markup.read),
    ".xhtml": Reader(markup.read),
    ".pdf": Reader(pdf.read, 100_000_000),
    ".docx": Reader(docx.read, 50_000_000),
    ".epub": Reader(epub.read, 100_000_000),
    ".rtf": Reader(rtf.read),
    ".eml": Reader(mail.read, 50_000_000),
}
"""Ends of names, in lower case, of files that hold one article."""

TABLES: dict[str, int] = dict.fromkeys((".csv", ".tsv", ".jsonl", ".ndjson"), 100_000_000)
"""Ends of names of files that hold an article in each row, and how many bytes they may have."""

SUFFIXES = (*READERS, *TABLES)

_ROW = re.compile(rf"(.*(?:{'|'.join(map(re.escape, TABLES))}))#([1-9][0-9]{{0,8}})", re.DOTALL | re.IGNORECASE)


def suffix(file: str) -> str:
    """The ending of a POSIX path as `pathlib` has it, in lower case."""
    name = file[file.rfind("/") + 1 :]
    dot = name.rfind(".")
    return name[dot:].lower() if 0 < dot < len(name) - 1 else ""


def is_table(file: str) -> bool:
    """Whether ``file`` is named as a table of articles."""
    return suffix(file) in TABLES


def split_row(file: str) -> tuple[str, int | None]:
    """The file that ``file`` names, and which row of it: ``("a.csv", 12)`` of ``a.csv#12``."""
    match = _ROW.fullmatch(file) if "#" in file else None
    return (match[1], int(match[2])) if match else (file, None)


_BEGINNINGS = {
    ".pdf": (b"%PDF-", "a PDF document"),
    ".docx": (b"PK\x03\x04", "a Word document"),
    ".epub": (b"PK\x03\x04", "a book in the EPUB format"),
    ".rtf": (b"{\\rtf", "rich text"),
}


def glance(data: bytes, file: str) -> None:
    """Look at what is to become ``file``, without reading it: a moment's work whatever it is.

    Raises:
        FileRefused: it is plainly not what its name says. What passes may still be refused when it is read.
    """
    ending = suffix(file)
    if not data:
        raise FileRefused(file=file, reason="the file is empty")
    if ending in _BEGINNINGS:
        beginning, kind = _BEGINNINGS[ending]
        if beginning not in data[:1024]:
            raise FileRefused(file=file, reason=f"its content is not {kind}")
    elif ending in (".html", ".htm", ".xhtml"):
        markup.decode_page(data, file)
    elif ending != ".eml":
        decode(data, file)


def max_bytes(file: str) -> int:
    """How large a file of this name may be."""
    ending = suffix(file)
    return TABLES[ending] if ending in TABLES else READERS[ending].max_bytes
