"""Every format but PDF: the text, what the file states of itself, and files made to do harm."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from datetime import date

import pytest

from assistant.errors import FileRefused
from assistant.readers import base, markup, plain, registry
from assistant.readers.base import Extracted
from tests import made

TITLE = "أرمينيا تطلب المساعدة من روسيا"
PARAGRAPHS = [
    "طلب رئيس الوزراء الأرميني نيكول باشينيان رسميا من الرئيس الروسي بدء مشاورات عاجلة يوم السبت.",
    "وأوضحت وزارة الخارجية الأرمينية، في بيان، أن الطلب يتعلق بحجم المساعدة التي يمكن لروسيا أن تقدمها.",
    "Armenia said on Saturday that it had asked Russia for help under the treaty of 1997.",
]
TEXT = "\n\n".join([TITLE, *PARAGRAPHS])
MENU = '<nav><ul><li><a href="/">الرئيسية</a></li><li><a href="/s">رياضة</a></li></ul></nav>'
HEAD = (
    f'<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="الخليج الجديد">'
    '<meta name="author" content="ليلى حسن"><link rel="canonical" href="https://example.com/a/1">'
    '<meta property="article:published_time" content="2020-10-31T11:46:00+03:00">'
)


def read(file: str, data: bytes) -> Extracted:
    return registry.READERS[registry.suffix(file)].read(data, file)


def refused(file: str, data: bytes) -> str:
    with pytest.raises(FileRefused) as caught:
        read(file, data)
    return str(caught.value.facts["reason"])


WHOLE = {
    "a.txt": TEXT.encode(),
    "a.html": made.page(TITLE, PARAGRAPHS, HEAD, MENU).encode(),
    "a.docx": made.docx([TITLE, *PARAGRAPHS], title=TITLE, author="ليلى حسن"),
    "a.epub": made.epub([f"<h1>{TITLE}</h1>" + "".join(f"<p>{each}</p>" for each in PARAGRAPHS)], TITLE),
    "a.rtf": made.rtf([TITLE, *PARAGRAPHS]),
    "a.eml": made.mail(TITLE, "\n\n".join(PARAGRAPHS)),
}


@pytest.mark.parametrize("file", WHOLE)
def test_the_text_is_the_same_in_every_format(file: str) -> None:
    found = read(file, WHOLE[file])
    assert found.text == TEXT
    assert read(file, WHOLE[file]) == found


@pytest.mark.parametrize("file", [file for file in WHOLE if file != "a.txt"])
def test_files_cut_off_anywhere_are_read_or_refused(file: str) -> None:
    data = WHOLE[file]
    for end in range(0, len(data), max(1, len(data) // 60)):
        with contextlib.suppress(FileRefused):
            assert read(file, data[:end]).text


@pytest.mark.parametrize("file", [file for file in WHOLE if file not in ("a.txt", "a.html")])
@pytest.mark.parametrize("other", ["a.txt", "a.docx", "a.rtf", "a.html"])
def test_the_name_must_not_belie_the_content(file: str, other: str) -> None:
    if file == other:
        return
    if file == "a.eml" and other == "a.txt":
        return
    assert refused(file, WHOLE[other])


@pytest.mark.parametrize("file", WHOLE)
def test_a_glance_tells_what_is_plainly_something_else(file: str) -> None:
    registry.glance(WHOLE[file], file)
    for data in (b"", *([b"\x7fELF" + bytes(50)] if file != "a.eml" else [])):
        with pytest.raises(FileRefused):
            registry.glance(data, file)


@pytest.mark.parametrize("file", WHOLE)
def test_files_without_text_are_refused(file: str) -> None:
    empty = {
        "a.txt": b" \n",
        "a.html": b"<html><body><script>var a = 'text';</script></body></html>",
        "a.docx": made.docx([]),
        "a.epub": made.epub(["<p> </p>"]),
        "a.rtf": made.rtf([""]),
        "a.eml": b"From: a@example.com\n\n",
    }
    assert "no text" in refused(file, empty[file])
    assert refused(file, b"")


# HTML


def test_a_page_states_its_title_date_author_outlet_and_address() -> None:
    found = read("a.html", WHOLE["a.html"])
    assert found == Extracted(
        TEXT, "utf-8", False, TITLE, date(2020, 10, 31), "ليلى حسن", "الخليج الجديد", "https://example.com/a/1"
    )
    assert "رياضة" not in found.text


@pytest.mark.parametrize("encoding", ["windows-1256", "iso-8859-6", "utf-8"])
@pytest.mark.parametrize("stated", [True, False])
def test_a_page_is_decoded_by_what_it_states_and_without_that_too(encoding: str, stated: bool) -> None:
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">' if stated else ""
    found = read("a.html", made.page(TITLE, PARAGRAPHS, head).encode(encoding))
    assert found.text == TEXT
    assert found.guessed == (not stated and encoding != "utf-8")


def test_a_page_may_state_a_wrong_encoding() -> None:
    data = made.page(TITLE, PARAGRAPHS, '<meta charset="utf-8">').encode("cp1256")
    assert read("a.html", data).text == TEXT
    data = made.page(TITLE, PARAGRAPHS, '<meta charset="no-such-thing">').encode()
    assert read("a.html", data).text == TEXT


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 200_000 + "The end of it." + "</div>" * 200_000,
        "<p>The end of it.</p>" + "<b><i><font><a>" * 100_000,
        "<p>The end of it.</p><table>" + "<tr><td>" * 50_000,
        "<p>The end of it.</p>" + "<p title='" + "x" * 2_000_000,
        "<p>The end of it.</p>" + "&amp;" * 500_000,
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><p>The end of it. &b;</p>',
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>The end of it. &x;</p>',
    ],
)
def test_pages_made_to_do_harm(page: str) -> None:
    begin = time.process_time()
    try:
        text = read("a.html", page.encode()).text
        assert "root:" not in text and "aaaaaaaaaaa" not in text
    except FileRefused:
        pass
    assert time.process_time() - begin < 20


def test_a_page_that_is_no_article_is_read_whole() -> None:
    assert read("a.html", b"<title>Notice</title><ul><li>Closed<li>on <b>Mon</b>days</ul>").text.split() == (
        ["Notice", "Closed", "on", "Mondays"]
    )


def test_blocks_are_lines() -> None:
    markup_text = "<h2>A</h2>one<br>two<p>three  <b>fo</b>ur</p><table><tr><td>1<td>2</table><script>no</script>"
    assert markup.block_text(markup_text) == "A\n\none\ntwo\n\nthree four\n\n1 2"
    assert markup.without_tags("2 < 3 and 4 > 3") == "2 < 3 and 4 > 3"
    assert markup.without_tags("<p>one</p><p>two</p>") == "one\n\ntwo"


# Packages


def test_a_word_document_says_who_wrote_it_and_perhaps_its_title() -> None:
    found = read("a.docx", WHOLE["a.docx"])
    assert (found.hint, found.author, found.date) == (TITLE, "ليلى حسن", None)


def test_tables_breaks_and_changes_of_a_word_document() -> None:
    body = (
        "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r>"
        "<w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        '<w:p><w:r><w:instrText>HYPERLINK "x"</w:instrText><w:t>link</w:t></w:r></w:p>'
    )
    assert read("a.docx", made.docx([], body=body)).text == "one two\nthree\n\ncell\n\nlink"


def test_a_bomb_does_not_go_off() -> None:
    bomb = made.docx([], body="<w:p><w:r><w:t>" + "a" * 30_000_000 + "</w:t></w:r></w:p>")
    assert len(bomb) < 100_000
    assert refused("a.docx", bomb) == "it unpacks to too much"
    assert refused("a.epub", made.epub(["<p>" + "a" * 30_000_000])) == "it unpacks to too much"
    many = made.epub(["<p>" + "text of a chapter " * 50_000 for _ in range(3)])
    assert read("a.epub", many).text.startswith("text of a chapter")


def test_sizes_that_an_archive_states_are_not_believed() -> None:
    data = bytearray(made.docx([], body="<w:p>" + "<w:r/>" * 3_000_000 + "</w:p>"))
    for info in zipfile.ZipFile(io.BytesIO(bytes(data))).infolist():
        if info.filename == "word/document.xml":
            place = data.rfind(info.filename.encode()) - 46
            data[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    assert refused("a.docx", bytes(data))


def test_an_archive_of_too_many_files_is_not_listed() -> None:
    assert refused("a.docx", made.archive({f"{n}": "" for n in range(20_001)})) == "it is an archive of too many files"


@pytest.mark.parametrize("part", ["word/document.xml", "docProps/core.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_a_word_document_are_refused(part: str, encoding: str) -> None:
    harm = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">'
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&x;&b;</x>'
    )
    members = {"word/document.xml": f'<w:document xmlns:w="{made.W}"/>'} | {part: harm.encode(encoding)}
    assert refused("a.docx", made.archive(members)) == "it defines entities of its own, which are not read"


def test_old_and_encrypted_office_documents_say_what_they_are() -> None:
    assert refused("a.docx", b"\xd0\xcf\x11\xe0" + bytes(1000)).startswith("it is an old or encrypted office document")
    assert refused("a.docx", WHOLE["a.epub"]) == "it is an archive, but not a Word document"
    data = bytearray(WHOLE["a.docx"])
    for place in range(len(data) - 4):
        if data[place : place + 4] == b"PK\x01\x02":
            data[place + 8] |= 1
        if data[place : place + 4] == b"PK\x03\x04":
            data[place + 6] |= 1
    assert refused("a.docx", bytes(data)) == "it is encrypted"


def test_a_book_is_read_in_its_order_and_states_what_it_is() -> None:
    stated = (
        "<dc:creator>Jane Smith</dc:creator><dc:creator>Ali</dc:creator><dc:publisher>The Press</dc:publisher>"
        "<dc:date>2019-05-02</dc:date><dc:identifier>https://example.com/b</dc:identifier>"
    )
    found = read("a.epub", made.epub(["<p>One &nbsp; &eacute;</p>", "<p>Two</p>"], "The Book", stated))
    assert found == Extracted(
        "One é\n\nTwo",
        "utf-8",
        False,
        "The Book",
        date(2019, 5, 2),
        "Jane Smith, Ali",
        "The Press",
        "https://example.com/b",
    )


def test_an_encrypted_book_is_refused() -> None:
    encryption = '<encryption><CipherReference URI="OEBPS/c0.xhtml"/></encryption>'
    assert refused("a.epub", made.epub(["<p>One</p>"], **{"META-INF/encryption.xml": encryption})) == "it is encrypted"


def test_a_book_that_points_outside_itself_finds_nothing() -> None:
    assert "no text" in refused("a.epub", made.epub(["<p></p>"], metadata="").replace(b"c0.xhtml", b"../../zz"))


# Rich text and mails


def test_rich_text_in_a_code_page() -> None:
    arabic = "".join(f"\\'{byte:02x}" for byte in TITLE.encode("cp1256"))
    info = "{\\info{\\title " + arabic + "}{\\author Jane}}"
    data = made.rtf([], info).replace(b"\\f0\\fs24 ", b"\\f0\\fs24 " + arabic.encode())
    found = read("a.rtf", data)
    assert (found.text, found.hint, found.author) == (TITLE, TITLE, "Jane")


def test_rich_text_nested_deeply_ends() -> None:
    begin = time.process_time()
    with contextlib.suppress(FileRefused):
        read("a.rtf", b"{\\rtf1 text " + b"{\\b " * 200_000 + b"}" * 200_000 + b"}")
    assert time.process_time() - begin < 20


def test_a_mail_states_its_sender_and_day() -> None:
    data = made.mail(
        TITLE, PARAGRAPHS[0], "وكالة الأنباء <desk@news.example>", "Sat, 31 Oct 2020 23:46:00 -0300", "<p>no</p>"
    )
    found = read("a.eml", data)
    assert (found.title, found.date, found.outlet) == (TITLE, date(2020, 10, 31), "وكالة الأنباء")
    assert found.text == f"{TITLE}\n\n{PARAGRAPHS[0]}"
    assert read("a.eml", made.mail(TITLE, "text", "desk@news.example")).outlet == "news.example"


def test_a_mail_in_html_only_or_in_an_unknown_encoding() -> None:
    html = "<html><body><p>One</p><p>Two</p><script>x</script></body></html>"
    data = made.mail("Subject", html).replace(b"text/plain", b"text/html")
    assert read("a.eml", data).text == "Subject\n\nOne\n\nTwo"
    raw = b"From: a@example.com\nSubject: S\nContent-Type: text/plain; charset=x-unknown\nContent-Transfer-Encoding: 8bit\n\n"
    assert read("a.eml", raw + PARAGRAPHS[0].encode("cp1256")).text == f"S\n\n{PARAGRAPHS[0]}"


def test_parts_within_parts_end() -> None:
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    begin = time.process_time()
    with contextlib.suppress(FileRefused):
        read("a.eml", f"From: a@example.com\nSubject: Deep\n{parts}Content-Type: text/plain\n\ntext".encode())
    assert time.process_time() - begin < 20


# Bounds


def test_a_parser_that_does_not_end_is_stopped() -> None:
    def endless() -> None:
        while True:
            try:
                sum(range(1000))
            except Exception:
                continue

    with pytest.raises(FileRefused, match=r"longer than 0\.2 seconds"), base.bounded("a.pdf", "a document", 0.2):
        endless()
    # The alarm is off again.
    begin = time.process_time()
    while time.process_time() - begin < 0.5:
        pass


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), AssertionError()])
def test_whatever_a_parser_raises_refuses_the_file(error: Exception) -> None:
    with pytest.raises(FileRefused, match="it is damaged, or not a document"), base.bounded("a.pdf", "a document"):
        raise error


def test_plain_text_stays_as_it_is() -> None:
    assert plain.read(b"one\r\n\r\n two", "a.txt") == Extracted("one\r\n\r\n two", "utf-8")


def test_tidy_text() -> None:
    assert base.tidy(" a \u00a0 b\r\nc\r\r\r\n\n\0d\ud800 ") == "a b\nc\n\nd"
    assert base.one_line(" \n- ") is None
    assert base.stated_date("2020-13-01") is None and base.stated_date("2020-12-01T10:00") == date(2020, 12, 1)
