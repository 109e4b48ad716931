"""Tables of articles (.csv, .tsv, .jsonl): a document for each row.

The first row of a table names its columns, a line of JSON its keys. Which of them is the title, the text and so on is
known by the usual names in English and Arabic, or said by the setting ``columns``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from assistant.decoding import decode
from assistant.errors import FileRefused
from assistant.language.dates import parse_dates
from assistant.readers.base import Extracted, bounded, is_web_address, one_line, stated_date, tidy, titled
from assistant.readers.markup import without_tags

MAX_ROWS = 500_000
EMPTY = "it is empty"
_LONGEST_CELL = 5_000_000

NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        *("text", "body", "content", "article", "article text", "full text", "fulltext", "article body", "maintext"),
        *("story", "paragraphs", "النص", "نص", "نص المقال", "المحتوى", "محتوى", "المقال", "متن", "المتن", "نص الخبر"),
        "الخبر",
    ),
    "title": ("title", "headline", "heading", "article title", "العنوان", "عنوان", "عنوان المقال", "عنوان الخبر"),
    "date": (
        *("date", "published", "published at", "publication date", "publish date", "date published", "datetime"),
        *("pubdate", "pub date", "timestamp", "created at", "التاريخ", "تاريخ", "تاريخ النشر"),
    ),
    "outlet": (
        *("outlet", "source", "publisher", "newspaper", "site", "site name", "publication", "domain"),
        *("المصدر", "مصدر", "الصحيفة", "الموقع", "الناشر"),
    ),
    "author": ("author", "authors", "byline", "writer", "الكاتب", "كاتب", "المؤلف", "بقلم"),
    "url": ("url", "link", "permalink", "source url", "web url", "الرابط", "رابط"),
}
"""What a column may be called, the most telling name first."""


class Row(NamedTuple):
    """An article of a table: ``number`` counts rows below the names, or lines of JSON, from 1.

    ``reason`` says why a row gives no article; there is none then.
    """

    number: int
    article: Extracted | None
    reason: str | None


def rows(data: bytes, file: str, columns: Mapping[str, str] | None = None) -> Iterator[Row]:
    """The articles of a table, in their order, bad rows with the reason.

    Raises:
        FileRefused: the file is no table, or no column of it can be the text of an article.
    """
    decoded = decode(data, file)
    lines = _json_lines(decoded.text) if _is_json(file) else _table(decoded.text, file)
    names: frozenset[str] | None = None
    chosen: dict[str, str] = {}
    found = False
    for number, cells in enumerate(lines, 1):
        if number > MAX_ROWS:
            raise FileRefused(file=file, reason=f"it has more than {MAX_ROWS} rows")
        if isinstance(cells, str):
            yield Row(number, None, cells)
            continue
        if names != cells.keys():
            names = frozenset(cells)
            chosen = choose(names, columns)
        if "text" not in chosen:
            if not _is_json(file):
                raise FileRefused(file=file, reason=_no_text(columns))
            yield Row(number, None, _no_text(columns))
            continue
        found = True
        article = _article(cells, chosen, decoded.encoding, decoded.guessed)
        yield Row(number, article, None if article else "it holds no text")
    if not found:
        raise FileRefused(file=file, reason=_no_text(columns))


def choose(names: frozenset[str], columns: Mapping[str, str] | None = None) -> dict[str, str]:
    """Which of the columns ``names`` has which meaning; those of ``columns`` come before the usual names."""
    plain = {_plain(name): name for name in sorted(names, reverse=True)}
    chosen: dict[str, str] = {}
    for meaning, usual in NAMES.items():
        wanted = [columns[meaning]] if columns and meaning in columns else usual
        name = next((plain[_plain(each)] for each in wanted if _plain(each) in plain), None)
        if name is not None:
            chosen[meaning] = name
    return chosen


def _plain(name: str) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[\W_]+", " ", name).casefold().split())


def _no_text(columns: Mapping[str, str] | None) -> str:
    if columns and "text" in columns:
        return f"it has no column named {columns['text']}"
    return "none of its columns is named as the text of an article (text, body, content, نص …)"


def _is_json(file: str) -> bool:
    return file.lower().endswith((".jsonl", ".ndjson"))


def _json_lines(text: str) -> Iterator[dict[str, str] | str]:
    for line in text.splitlines() if "\n" not in text else text.split("\n"):
        if not line.strip():
            # Counted, so that a row has the number of its line.
            yield EMPTY
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield "it is not valid JSON"
            continue
        yield {key: _cell(each) for key, each in value.items()} if isinstance(value, dict) else "it is no JSON object"


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "\n\n".join(each for each in value if isinstance(each, str))
    if isinstance(value, dict):
        # "source": {"id": ..., "name": "..."} is how news interfaces write it.
        return next((value[key] for key in ("name", "title", "text") if isinstance(value.get(key), str)), "")
    return ""


def _table(text: str, file: str) -> Iterator[dict[str, str] | str]:
    csv.field_size_limit(_LONGEST_CELL)
    text = text.removeprefix("\ufeff")
    first = text[:20_000].partition("\n")[0]
    delimiter = max("\t" if file.lower().endswith(".tsv") else ",", ";", "\t", "|", ",", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    with bounded(file, "a table"):
        names = [name.strip() for name in next(reader, [])]
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield f"it is damaged ({error})"
            continue
        if len(cells) > len(names) > 0 and any(cells[len(names) :]):
            yield "it has more cells than there are names of columns"
        elif any(cells):
            yield dict(zip(names, cells, strict=False))
        else:
            yield EMPTY


def _article(cells: Mapping[str, str], chosen: Mapping[str, str], encoding: str, guessed: bool) -> Extracted | None:
    stated = {meaning: cells.get(name, "") for meaning, name in chosen.items()}
    title = one_line(stated.get("title"))
    body = tidy(without_tags(stated["text"]))
    if not re.search(r"\w", body):
        return None
    url = stated.get("url", "").strip()
    return Extracted(
        titled(title, body),
        encoding,
        guessed,
        title=title,
        date=_date(stated.get("date", "")),
        author=one_line(stated.get("author")),
        outlet=one_line(stated.get("outlet")),
        url=url if is_web_address(url) else None,
    )


def _date(value: str) -> dt.date | None:
    found = stated_date(value)
    if found is None:
        dates = [date for date, _ in parse_dates(value[:200], day_first=None) if 1800 <= date.year <= 2100]
        found = dates[0] if len(set(dates)) == 1 else None
    return found
