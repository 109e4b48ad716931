"""A folder of everything that may not be read, among everything that must be: sixty files and more."""

from __future__ import annotations

import io
import os
import random
import socket
import sys
import zipfile
from pathlib import Path

_WORDS = "the ferry was cancelled and the harbour office closed because of the storm, officials said on Monday"
_ARABIC = "قالت الوزارة إن الجسر الذي يربط المدينتين أغلق صباح الاثنين بسبب العاصفة وإن العمل توقف في الميناء"


def word(number: int) -> str:
    """A word that stands in one file only."""
    return "zu" + "".join("bdfgklmnprstvxzw"[int(digit, 16)] + "a" for digit in f"{number:03x}") + "q"


def _article(number: int, arabic: bool = False) -> str:
    return f"Report {number}\n\n{_ARABIC if arabic else _WORDS}. The {word(number)} pier was closed. {_WORDS}.\n"


def _docx(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{paragraphs}</w:body></w:document>'
        )
    return packed.getvalue()


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(b"<w:p>" * 200_000)
    return packed.getvalue()


_ENTITIES = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "' + "x" * 1000 + '">' + "".join(
    f'<!ENTITY b{n} "{f"&b{n - 1};" * 10 if n else "&b;" * 10}">' for n in range(9)
) + "]><html><body>&b8;</body></html>"  # fmt: skip


def readable() -> dict[str, bytes]:
    """Name -> content of what must be read and found, whatever it looks like."""
    marks = "\u064e\u0651"
    texts = [
        ("plain.txt", lambda n: _article(n).encode()),
        ("bom.txt", lambda n: b"\xef\xbb\xbf" + _article(n).encode()),
        ("utf16le.txt", lambda n: b"\xff\xfe" + _article(n).encode("utf-16-le")),
        ("utf16be.txt", lambda n: b"\xfe\xff" + _article(n).encode("utf-16-be")),
        ("utf32.txt", lambda n: _article(n).encode("utf-32")),
        ("cp1256.txt", lambda n: _article(n, arabic=True).encode("cp1256")),
        ("iso8859-6.txt", lambda n: _article(n, arabic=True).encode("iso-8859-6")),
        ("cp1252.txt", lambda n: (_article(n) + "“Café” – naïve\n").encode("cp1252")),
        ("crlf.txt", lambda n: _article(n).replace("\n", "\r\n").encode()),
        ("cr.txt", lambda n: _article(n).replace("\n", "\r").encode()),
        ("no newline.txt", lambda n: _article(n).replace("\n", " ").encode()),
        ("long line.txt", lambda n: (f"The {word(n)} pier was closed. " + "word " * 100_000).encode()),
        ("harakat.txt", lambda n: f"{_article(n)}\n{'ب' + marks * 100_000}\n".encode()),
        ("ligatures.txt", lambda n: f"{_article(n)}\n{chr(0xFDFA) * 50_000}\n".encode()),
        ("combining.txt", lambda n: f"{_article(n)}\ne{chr(0x301) * 100_000}\n".encode()),
        ("bidi.txt", lambda n: f"\u202e{_article(n)}\u2066\u2067\u202c\u2069".encode()),
        ("tags.txt", lambda n: f"{_article(n)}{''.join(chr(0xE0000 + ord(c)) for c in 'ignore all')}".encode()),
        ("zero width.txt", lambda n: _article(n).replace("pier", "p\u200bi\u200ce\u2060r").encode()),
        ("emoji.txt", lambda n: f"{_article(n)}{'👩‍👩‍👧' * 10_000}".encode()),
        ("markup.txt", lambda n: f"<script>alert(1)</script>\n\n{_article(n)}<img src=x onerror=alert(1)>".encode()),
        ("braces.txt", lambda n: f"{{quote}} {{0}} %s %(x)s ${{y}}\n\n{_article(n)}".encode()),
        ("control.txt", lambda n: f"{_article(n)}\x1b[31m\x07".encode()),
        ("one sentence.txt", lambda n: f"The {word(n)} pier was closed.".encode()),
        ("news.md", lambda n: f"# Title\n\n{_article(n)}\n![x](http://evil.example/a.png)\n".encode()),
        ("page.html", lambda n: f"<html><head><title>T</title></head><body><article><p>{_article(n)}</p><p>{_WORDS}. {_WORDS}.</p></article></body></html>".encode()),
        ("entities.html", lambda n: _ENTITIES.replace("<body>", f"<body><p>{_article(n)}</p><p>{_WORDS}. {_WORDS}.</p>").encode()),
        ("unclosed.html", lambda n: f"<html><body><div><p>{_article(n)}<p>{_WORDS}. <b><i>{_WORDS}.".encode()),
        ("table.csv", lambda n: f"title,text\nA report,{_article(n).replace(',', ';').replace(chr(10), ' ')}\n".encode()),
        ("formulas.csv", lambda n: f"title,text\n=cmd|' /C calc'!A0,{_article(n).replace(',', ';').replace(chr(10), ' ')}\n".encode()),
        ("lines.jsonl", lambda n: ('{"title": "A", "text": "' + _article(n).replace("\n", " ") + '"}\n').encode()),
        ("report.docx", lambda n: _docx(_article(n))),
        ("letter.eml", lambda n: f"From: a@example.org\nSubject: News\nContent-Type: text/plain; charset=utf-8\n\n{_article(n)}".encode()),
        ("paper.rtf", lambda n: ("{\\rtf1\\ansi " + _article(n).replace("\n", "\\par ") + "}").encode()),
        ("<img src=x onerror=alert(1)>.txt", lambda n: _article(n).encode()),
        ("\u202egnp.exe.txt", lambda n: _article(n).encode()),
        ("a\nb.txt", lambda n: _article(n).encode()),
        ("CON.txt", lambda n: _article(n).encode()),
        ("x" * 245 + ".txt", lambda n: _article(n).encode()),
        ("مقال طويل.txt", lambda n: _article(n).encode()),
        ("a/b/c/d/e/f/deep.txt", lambda n: _article(n).encode()),
        ("{quote} %s.txt", lambda n: _article(n).encode()),
        ("UPPER.TXT", lambda n: _article(n).encode()),
    ]  # fmt: skip
    return {name: make(number) for number, (name, make) in enumerate(texts)}


def unreadable(chance: random.Random) -> dict[str, bytes]:
    """Name -> content of what must be listed with its reason."""
    noise = chance.randbytes
    return {
        "bad byte.txt": b"Some words of an article. " * 60 + b"\xff\n",
        "empty.txt": b"", "blank.txt": b" \n\t\n ", "bom only.txt": b"\xef\xbb\xbf", "zeros.txt": bytes(9000), "noise.txt": noise(9000),
        "program.txt": b"\x7fELF\x02\x01\x01" + noise(5000), "archive.txt": b"PK\x03\x04" + noise(5000), "picture.txt": b"\x89PNG\r\n\x1a\n" + noise(5000),
        "nul.txt": b"Some words\x00of an\x00article\x00" * 50, "broken.pdf": b"%PDF-1.7\n" + noise(4000), "empty.pdf": b"",
        "cut.pdf": b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog", "broken.docx": b"PK\x03\x04" + noise(4000), "bomb.docx": _bomb(),
        "no document.docx": _zip({"a.txt": b"x"}), "climbing.docx": _zip({"../../evil.txt": b"x"}), "broken.epub": noise(3000),
        "empty.html": b"<html></html>", "no columns.csv": b"1,2,3\n4,5,6\n", "broken.jsonl": b"{not json\n" * 20,
        "nested.json": b"[" * 100_000, "film.mp4": noise(2000), "noextension": b"Some words.", "large.txt": b"a" * 20_000_001,
        "script.sh": b"#!/bin/sh\nid\n",
    }  # fmt: skip


def _zip(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def fill(folder: Path, chance: random.Random) -> tuple[dict[str, str], set[str]]:
    """Make the folder. Returns the word of each file that is to be read, and the names of those that are to be listed."""
    wanted: dict[str, str] = {}
    for number, (name, content) in enumerate(readable().items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        wanted[name] = word(number)
    refused = unreadable(chance)
    for name, content in refused.items():
        (folder / name).write_bytes(content)
    outside = folder.parent / "outside.txt"
    outside.write_text("The secret is outside.", encoding="utf-8")
    (folder / "out.txt").symlink_to(outside)
    (folder / "up.txt").symlink_to("../outside.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "loop").symlink_to(".")
    (folder / "dangling.txt").symlink_to("nothing.txt")
    os.mkfifo(folder / "fifo.txt")
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(folder)  # the path of a socket may only be short
        try:
            server.bind("socket.txt")
        finally:
            os.chdir(here)
    listed = {"out.txt", "up.txt", "loop.txt", "loop", "dangling.txt", "fifo.txt", "socket.txt"}
    if sys.platform == "linux":
        (folder / os.fsdecode(b"\xff\xfe.txt")).write_text("Some words.")
        listed.add("\ufffd\ufffd.txt")
    return wanted, {*refused, *listed}
