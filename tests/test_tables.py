"""Tables of articles: columns by their usual names, rows as documents, and rows that hold none."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pytest

from assistant import corpus
from assistant.corpus import Document, Skipped
from assistant.errors import FileRefused
from assistant.readers import tables
from assistant.readers.base import Extracted
from assistant.settings import ARTICLE_COLUMNS, Settings

ARABIC = "طلبت أرمينيا المساعدة من روسيا يوم الأحد، بحسب وزارة الخارجية."


def table(rows: Iterable[Iterable[str]], delimiter: str = ",") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode()


def articles(data: bytes, file: str = "a.csv", columns: Mapping[str, str] | None = None) -> list[Extracted]:
    return [row.article for row in tables.rows(data, file, columns) if row.article]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_columns_are_known_by_their_usual_names_in_both_languages(delimiter: str) -> None:
    english = [["id", "Headline", "published_at", "articleBody", "Source", "link", "Author"]]
    arabic = [["م", "العنوان", "تاريخ النشر", "نص المقال", "المصدر", "الرابط", "الكاتب"]]
    row = [["1", "عنوان الخبر", "2020-10-31T10:00:00Z", ARABIC, "الخليج", "https://example.com/1", "ليلى"]]
    for names in (english, arabic):
        (found,) = articles(table(names + row, delimiter))
        assert found == Extracted(
            f"عنوان الخبر\n\n{ARABIC}", "utf-8", False, "عنوان الخبر", date(2020, 10, 31), "ليلى", "الخليج",
            "https://example.com/1",
        )  # fmt: skip


def test_the_most_telling_name_is_taken_and_others_can_be_set() -> None:
    data = table([["content", "text", "contenu"], ["one", "two", "three"]])
    assert articles(data)[0].text == "two"
    assert articles(data, columns={"text": "Contenu"})[0].text == "three"
    with pytest.raises(FileRefused, match="no column named nothing"):
        articles(data, columns={"text": "nothing"})


def test_meanings_are_those_of_the_setting() -> None:
    assert sorted(tables.NAMES) == sorted(ARTICLE_COLUMNS)
    settings = Settings.load(columns="text=contenu, title = Le titre")
    assert settings.table_columns() == {"text": "contenu", "title": "Le titre"}
    assert settings.signature("x") != Settings.load().signature("x")


@pytest.mark.parametrize("value", ["text", "body=x", "text=", "=x"])
def test_a_setting_that_means_nothing_is_refused(value: str) -> None:
    with pytest.raises(Exception, match="the name of a column"):
        Settings.load(columns=value)


def test_cells_may_hold_lines_html_and_commas() -> None:
    data = table([["title", "text"], ['A "b", c', "<p>One.</p><p>Two &amp; three.</p>"], ["D", "one\n\ntwo, 3"]])
    assert [each.text for each in articles(data)] == ['A "b", c\n\nOne.\n\nTwo & three.', "D\n\none\n\ntwo, 3"]


def test_long_cells_and_other_encodings() -> None:
    long = (ARABIC + " ") * 5000
    data = table([["نص"], [long]])
    assert articles(data)[0].text == long.strip()
    (found,) = articles(data.decode().encode("cp1256"))
    assert (found.text, found.encoding, found.guessed) == (long.strip(), "cp1256", True)
    assert articles(b"\xef\xbb\xbf" + table([["text"], ["one"]]))[0].text == "one"


def test_lines_of_json() -> None:
    lines = [
        {"title": "T", "content": "One.", "source": {"id": None, "name": "The Press"}, "publishedAt": "2021-05-06"},
        {"title": "T", "content": ["Two.", "Three."], "extra": {"deep": [1]}},
        {"title": "no text"},
        ["no object"],
    ]
    data = "\n".join(json.dumps(line) for line in lines) + "\n{broken\n\n" + "[" * 100_000 + "\n"
    rows = list(tables.rows(data.encode(), "a.jsonl"))
    assert [row.article.text for row in rows if row.article] == ["T\n\nOne.", "T\n\nTwo.\n\nThree."]
    first = rows[0].article
    assert first is not None and (first.outlet, first.date) == ("The Press", date(2021, 5, 6))
    assert [row.number for row in rows] == list(range(1, 9))
    assert [row.reason for row in rows[3:6]] == ["it is no JSON object", "it is not valid JSON", tables.EMPTY]


@pytest.mark.parametrize(
    "data", [b"a,b\n1,2\n", b"one line of plain text\n", b"\x00\x01\x02,\xff", b"", b"text\n", b'{"text": "x"}\n']
)
def test_what_is_no_table_of_articles_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(FileRefused):
        list(corpus.documents(tmp_path, "a.csv"))


def test_rows_are_documents_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    file = "news/a.CSV"
    (tmp_path / file).write_bytes(
        table([["title", "text"], ["One", "First."], ["Two", ""], ["Three", "Third."], [], ["x", "y", "z"]])
    )
    found = list(corpus.documents(tmp_path, file))
    documents = [each for each in found if isinstance(each, Document)]
    assert [each.file for each in documents] == [f"{file}#1", f"{file}#3"]
    assert found[-1] == Skipped(f"{file}#2", "it holds no text; so were 1 more rows: 5")
    for each in documents:
        assert corpus.read(tmp_path, each.file) == each
        assert corpus.source(each.file) == file
        assert corpus.locate(tmp_path, each.file) == (tmp_path / file).resolve()
        assert corpus.hash_file(tmp_path, each.file) == each.sha256
    for name in (file, f"{file}#2", f"{file}#9", f"{file}#01", f"{file}#-1"):
        with pytest.raises(FileRefused):
            corpus.read(tmp_path, name)
    assert [stat.file for stat in corpus.scan(tmp_path)[0]] == [file]
