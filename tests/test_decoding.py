from __future__ import annotations

import codecs
import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.decoding import Decoded, decode
from assistant.errors import FileRefused

SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
TEXTS = {path.name[:3]: path.read_bytes().decode() for path in SEEDS}


def refusal(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        decode(data, "a.txt")
    assert "a.txt" in str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize("seed", TEXTS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("codec", "mark", "encoding", "guessed"),
    [
        ("utf-8", b"", "utf-8", False),
        ("utf-8", codecs.BOM_UTF8, "utf-8", False),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16-le", False),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16-be", False),
        ("utf-32-le", codecs.BOM_UTF32_LE, "utf-32-le", False),
        ("utf-32-be", codecs.BOM_UTF32_BE, "utf-32-be", False),
        ("utf-16-le", b"", "utf-16-le", True),
        ("utf-16-be", b"", "utf-16-be", True),
        ("cp1256", b"", "cp1256", True),
        ("iso-8859-6", b"", "iso-8859-6", True),
    ],
)
def test_seeds_in_every_encoding(
    seed: str, newline: str, codec: str, mark: bytes, encoding: str, guessed: bool
) -> None:
    text = TEXTS[seed].replace("\n", newline)
    if not codec.startswith("utf"):
        text = text.encode(codec, "ignore").decode(codec)
    assert decode(mark + text.encode(codec), "a.txt") == Decoded(text, encoding, guessed)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("أرمينيا", "cp1256"),
        ("أرمينيا", "iso-8859-6"),
        ("القاهرة", "cp1256"),
        ("القاهرة", "iso-8859-6"),
        ("موسكو ترد", "cp1256"),
        ("موسكو ترد", "iso-8859-6"),
        ("قال د. أحمد: «لن نقبل»، ثم غادر؛ هل سيعود؟", "cp1256"),
        ("لقد كان هذا الخبر صحيحًا في رأي “المتحدث”…", "cp1256"),
        ("The Arabic word كتاب means book, and that is all there is to it.", "cp1256"),
        ("The Arabic word المدينة means the city, and that is all there is to it.", "iso-8859-6"),
        ("He met him in a café — “naïve” über façade, the price was £5.", "cp1252"),
        ("Le président a déjà été élu à l'époque où la forêt brûlait.", "cp1252"),
        ("Die Straße führt über die Brücke, größer als früher.", "cp1252"),
        ("It’s a ‘quoted’ sentence – nothing else…", "cp1252"),
    ],
)
def test_short_legacy_text(text: str, codec: str) -> None:
    decoded = decode(text.encode(codec), "a.txt")
    assert decoded.text == text
    assert decoded.guessed


@pytest.mark.parametrize("text", ["لا", "Yes, indeed.", "نعم\r\nYes", "“Quoted” — and dashed", "12 May"])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_short_utf_16_without_a_mark(text: str, codec: str) -> None:
    assert decode(text.encode(codec), "a.txt") == Decoded(text, codec, guessed=True)


def test_a_stray_control_does_not_make_a_text_another_thing() -> None:
    text = "قالت الوزارة إن القتال مستمر.\n\x0c\x1b[1mThe ministry said so.\x07\n" + "The fighting goes on. " * 10
    assert decode(text.encode(), "a.txt") == Decoded(text, "utf-8", guessed=False)
    assert "recognised" in refusal(b"\x01\x02\x03 text " * 20)  # but many do


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t \n", "no text"),
        (codecs.BOM_UTF8, "no text"),
        (codecs.BOM_UTF8 + b"\n", "no text"),
        (codecs.BOM_UTF16_LE + b"\n\0", "no text"),
        ("\u2028\u00a0\u200b\n".encode(), "no text"),
        (b"--- * ---", "no text"),
        (b"%PDF-1.4\n1 0 obj", "PDF"),
        (b"PK\x03\x04\x14\0\0\0", "zip"),
        (b"\x7fELF\x02\x01\x01\0", "program"),
        (b"{\\rtf1\\ansi hello}", "RTF"),
        (b"text \0 with a NUL", "binary"),
        ("نص عربي".encode() + b"\0" * 40, "binary"),
        (bytes(range(256)) * 4, "binary"),
        (b"\0" * 100, "binary"),
        ("وقالت الوزارة إن القتال مستمر".encode()[:-1], "cut off"),
        ("وقالت الوزارة ".encode() + b"\xd9 " + "إن القتال مستمر".encode(), "damaged"),
        (codecs.BOM_UTF16_LE + "نص".encode("utf-16-le")[:-1], "damaged"),
        (b"\x80\x81\x82\x83\x84\x85\x86\x87" * 20, "recognised"),
        ("\u0080\u0081\u0093نص".encode() * 10, "recognised"),
        ("\ue000\ue001\ufffd abc ".encode() * 10, "recognised"),
    ],
)
def test_what_is_refused(data: bytes, reason: str) -> None:
    assert reason in refusal(data)


def test_a_few_replacement_characters_are_tolerated() -> None:
    text = "نص طويل بما يكفي لأن يغتفر فيه حرف واحد تالف " * 5 + "\ufffd"
    assert decode(text.encode(), "a.txt").text == text


@given(st.binary(max_size=300))
def test_any_bytes_are_read_exactly_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data, "a.txt")
    except FileRefused:
        return
    marks = (b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
    assert data in [mark + decoded.text.encode(decoded.encoding) for mark in marks]
    assert decoded.text.strip()


@given(st.text(st.sampled_from("ابتثجحخدرزسشعغفقكلمنهويةى أإ،؟.\n\r12aZ"), min_size=1))
def test_utf_8_is_proven_not_guessed(text: str) -> None:
    assume(any(character.isalnum() for character in text))
    assert decode(text.encode(), "a.txt") == Decoded(text, "utf-8", guessed=False)


@pytest.mark.parametrize(
    "data", [b"\xc7\xe1 " * 700_000, b"\xe9" * 2_000_000, b"a\0" * 1_000_000, "ّ".encode() * 500_000]
)
def test_large_files_cost_little(data: bytes) -> None:
    started = time.process_time()
    with contextlib.suppress(FileRefused):
        decode(data, "a.txt")
    assert time.process_time() - started < 3
