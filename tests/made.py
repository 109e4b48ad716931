"""Files of every format, made here from texts, so that no binary file has to be kept."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from html import escape
from typing import NamedTuple

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of ``members`` in their order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return stream.getvalue()


def page(title: str, paragraphs: Sequence[str], head: str = "", around: str = "") -> str:
    """A web page as newspapers make them; ``around`` stands on both sides of the article."""
    body = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return (
        f"<!DOCTYPE html><html><head><title>{escape(title)}</title>{head}</head><body>{around}"
        f"<article><h1>{escape(title)}</h1>{body}</article>{around}</body></html>"
    )


def docx(paragraphs: Sequence[str], title: str = "", author: str = "", body: str = "", **members: str) -> bytes:
    """A Word document; ``body`` is more XML behind the paragraphs."""
    texts = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(each)}</w:t></w:r></w:p>' for each in paragraphs)
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
        f"<dc:creator>{escape(author)}</dc:creator></cp:coreProperties>"
    )
    document = f'<w:document xmlns:w="{W}"><w:body>{texts}{body}</w:body></w:document>'
    return archive(
        {"[Content_Types].xml": "<Types/>", "word/document.xml": document, "docProps/core.xml": core} | members
    )


def epub(chapters: Sequence[str], title: str = "", metadata: str = "", **members: str) -> bytes:
    """A book whose chapters are XHTML bodies."""
    names = [f"c{number}.xhtml" for number in range(len(chapters))]
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names)
    # The order of the spine is that of reading, whatever the manifest says.
    refs = "".join(f'<itemref idref="{name}"/>' for name in names)
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"<dc:title>{escape(title)}</dc:title>{metadata}</metadata><manifest>{items}</manifest>"
        f"<spine>{refs}</spine></package>"
    )
    pages = {
        f"OEBPS/{name}": f'<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html><head><title>x</title></head><body>{text}</body></html>'
        for name, text in zip(names, chapters, strict=True)
    }
    return archive(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OEBPS/book.opf": opf}
        | pages
        | members
    )


def rtf(paragraphs: Sequence[str], info: str = "") -> bytes:
    """Rich text; letters beyond ASCII are written as Word writes them."""
    text = "\\par\n".join("".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in each) for each in paragraphs)
    return f"{{\\rtf1\\ansi\\ansicpg1256\\deff0{{\\fonttbl{{\\f0 Arial;}}}}{info}\\f0\\fs24 {text}\\par}}".encode(
        "ascii"
    )


def mail(subject: str, body: str, sender: str = "", date: str = "", html: str = "") -> bytes:
    """A mail; with ``html`` in two versions."""
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, sender or "desk@example.com", "reader@example.com"
    if date:
        message["Date"] = date
    message.set_content(body, charset="utf-8")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


class Drawn(NamedTuple):
    """Characters drawn from ``x`` on, from left to right, at the height ``y``."""

    text: str
    x: float
    y: float
    size: float = 12


def drawn(lines: Sequence[str], top: float = 760, step: float = 16) -> list[Drawn]:
    """Lines of a page, one piece each, each character given in the order in which it is drawn."""
    return [Drawn(line, 50, top - number * step) for number, line in enumerate(lines)]


def visual(text: str) -> str:
    """Arabic ``text`` from left to right as the eye sees it: numbers and Latin words stay as they are."""
    return re.sub(r"[A-Za-z][A-Za-z ]*[A-Za-z]|\d[\d.,:/]*\d", lambda match: match[0][::-1], text[::-1])


def pdf(pages: Sequence[Sequence[Drawn]], information: str = "", unicode: bool = True, extra: str = "") -> bytes:
    """A PDF document with one font whose codes are those of its characters; ``extra`` goes into every page."""
    characters = sorted({c for each in pages for piece in each for c in piece.text})
    entries = "".join(f"<{ord(c):04x}> <{c.encode('utf-16-be').hex()}>\n" for c in characters)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(characters)} beginbfchar\n{entries}endbfchar endcmap end end"
    )
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{7 + 2 * n} 0 R' for n in range(len(pages)))}] >>".encode(),
        f"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [4 0 R]"
        f"{' /ToUnicode 5 0 R' if unicode else ''} >>".encode(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 500 /CIDSystemInfo "
        b"<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        stream(cmap.encode()),
        f"<< {information} >>".encode(),
    ]
    for number, pieces in enumerate(pages):
        codes = [
            f"BT /F1 {p.size} Tf 1 0 0 1 {p.x} {p.y} Tm <{''.join(f'{ord(c):04x}' for c in p.text)}> Tj ET"
            for p in pieces
        ]
        resources = f"<< /Font << /F1 3 0 R >> {extra} >>"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {8 + 2 * number} 0 R /Resources {resources} >>".encode()
        )
        objects.append(stream("\n".join(codes).encode()))
    return assemble(objects)


def stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def assemble(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """A PDF file of numbered objects; the first is the catalogue, the sixth, if there is one, tells of the document."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    info = "/Info 6 0 R" if len(objects) > 5 else ""
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {info} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
