"""PDF documents: Arabic in the order of reading however it was drawn, pages, and documents that cannot be read."""

from __future__ import annotations

import contextlib
import os
import re
import zlib
from difflib import SequenceMatcher
from html import escape
from pathlib import Path

import pytest

from assistant.errors import FileRefused
from assistant.readers import pdf
from tests import made
from tests.browser import CHROMIUM, chromium
from tests.made import Drawn, drawn, visual

ARABIC = [
    "طلبت أرمينيا المساعدة من روسيا في النزاع على الحدود الشرقية",
    "يوم الأحد 27 سبتمبر 2020 بحسب وكالة Reuters في مدينة يريفان.",
    "وقالت الوزارة إن نسبة المشاركة بلغت 11:46 (قبل الظهر) أمس.",
]
ENGLISH = ["The sea was calm on Sunday and the fishermen went home", "early with a good catch (40 tons)."]


def test_arabic_drawn_as_the_eye_sees_it_is_read_from_right_to_left() -> None:
    found = pdf.read(made.pdf([drawn([visual(line) for line in ARABIC])]), "a.pdf")
    assert found.text == " ".join(ARABIC)


def test_arabic_drawn_in_the_order_of_reading_is_noticed() -> None:
    found = pdf.read(made.pdf([drawn(ARABIC)]), "a.pdf")
    assert found.text.split() == " ".join(ARABIC).split()


def test_words_drawn_one_by_one_are_put_in_their_places() -> None:
    """From right to left, as some programs write them, and from left to right, as others do."""
    words = ARABIC[0].split()
    places = [Drawn(word[::-1], 500 - 60 * number, 700) for number, word in enumerate(words)]
    for order in (places, places[::-1]):
        spaced = [piece for each in order for piece in (each, Drawn(" ", each.x - 5, 700))]
        assert pdf.read(made.pdf([spaced]), "a.pdf").text == ARABIC[0]
        assert pdf.read(made.pdf([order]), "a.pdf").text == ARABIC[0]


def test_presentation_forms_become_letters() -> None:
    shown = "ﻃﻠﺒﺖ أرﻣﻴﻨﻴﺎ اﻟﻤﺴﺎﻋﺪة ﻣﻦ روﺳﻴﺎ ﻷﻣﻨﻬﺎ"
    for line in (shown[::-1], shown):
        found = pdf.read(made.pdf([drawn([line])]), "a.pdf")
        assert found.text == "طلبت أرمينيا المساعدة من روسيا لأمنها"


def test_arabic_numerals_run_from_left_to_right() -> None:
    text = "وقع الاتفاق في عام ٢٠٢٠ في مدينة موسكو القديمة"
    line = "".join(reversed(text)).replace("٠٢٠٢", "٢٠٢٠")
    assert pdf.read(made.pdf([drawn([line])]), "a.pdf").text == text


def test_lines_become_paragraphs_and_pages_are_known() -> None:
    first = drawn(ENGLISH) + drawn(["Harvests were poor in the south, said the min-", "ister of farming."], top=690)
    found = pdf.read(made.pdf([first, [], drawn(["Another page."])]), "a.pdf")
    text = (
        "The sea was calm on Sunday and the fishermen went home early with a good catch (40 tons).\n\n"
        "Harvests were poor in the south, said the minister of farming.\n\nAnother page."
    )
    assert found.text == text
    assert found.pages == (0, text.index("\n\nAnother"), text.index("Another"))


def test_what_the_document_says_of_itself() -> None:
    information = "/Title (The sea was calm) /Author (Jane Smith) /CreationDate (D:20200101000000Z)"
    found = pdf.read(made.pdf([drawn(ENGLISH)], information), "a.pdf")
    assert (found.hint, found.author, found.date) == ("The sea was calm", "Jane Smith", None)


def refused(data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        pdf.read(data, "a.pdf")
    return str(caught.value.facts["reason"])


def test_documents_that_cannot_be_read_say_why() -> None:
    whole = made.pdf([drawn(ENGLISH)])
    assert refused(b"plain text") == "its content is not a PDF document"
    assert refused(b"%PDF-1.7\n" + bytes(500)) == "it is damaged, or not a PDF document"
    assert refused(made.pdf([[]])) == "the file holds no text"
    assert (
        refused(made.pdf([[]], extra="/XObject << /I 9 0 R >>")) == "it is scanned: its pages are images without text"
    )
    mixed = [*ARABIC[:1], ARABIC[0][::-1]]
    assert "backwards" in refused(made.pdf([drawn(mixed * 3)]))
    for end in range(20, len(whole), 101):
        with contextlib.suppress(FileRefused):
            assert "sea" in pdf.read(whole[:end], "a.pdf").text


def test_fonts_without_letters_are_refused() -> None:
    pieces = [Drawn("\ue001\ue002\ue003\ue004 \ue005\ue006\ue007 abc", 50, 700)]
    assert refused(made.pdf([pieces])) == "its fonts do not say which letters they draw"


def test_an_encrypted_document_is_refused() -> None:
    encrypt = (
        "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + "11" * 32 + "> /U <" + "22" * 32 + "> >> "
        "/ID [<" + "33" * 16 + "> <" + "33" * 16 + ">]"
    )
    plain = made.pdf([drawn(ENGLISH)])
    data = plain.replace(b"/Root 1 0 R", b"/Root 1 0 R " + encrypt.encode())
    assert refused(data) == "it is encrypted; save it anew without a password"


def test_a_stream_that_unpacks_to_too_much_is_refused() -> None:
    bomb = zlib.compress(zlib.compress(b" " * 300_000_000, 9), 9)
    packed = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(bomb), bomb)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>",
        packed,
    ]
    assert refused(made.assemble(objects))


def test_pages_that_contain_themselves_end() -> None:
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R 2 0 R] >>"]
    assert refused(made.assemble(objects))


def test_reading_twice_gives_the_same() -> None:
    data = made.pdf([drawn([visual(line) for line in ARABIC]), drawn(ENGLISH)])
    assert pdf.read(data, "a.pdf") == pdf.read(data, "a.pdf")


@pytest.mark.browser
def test_what_a_browser_prints_is_read_back_word_for_word(seeds: Path) -> None:
    """The seeds, printed by Chromium: presentation forms, a piece for each word, two pages and more."""
    if not CHROMIUM.exists():
        if os.environ.get("ISNAD_BROWSER_TESTS") == "1":
            pytest.fail("there is no Chromium")
        pytest.skip("there is no Chromium")
    with chromium() as browser:
        page = browser.new_page()
        for path in sorted(seeds.glob("*.txt")):
            text = path.read_text(encoding="utf-8")
            paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n") if line.strip())
            page.set_content(f'<html dir="rtl"><body>{paragraphs}</body></html>')
            found = pdf.read(page.pdf(), "a.pdf")
            written, read = (re.findall(r"\w+", each) for each in (text, found.text))
            same = SequenceMatcher(None, written, read, autojunk=False).get_matching_blocks()
            assert sum(block.size for block in same) >= 0.98 * len(written)
            assert found.pages
