"""HTML: web pages by article extraction, and fragments of HTML in books, mails and tables block by block.

The encoding is that of the byte order mark, then the one the page states if the bytes are valid in it, then an
inference as for plain text. The parser fetches nothing and cuts off what is nested more than 256 deep.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

from assistant.decoding import Decoded, decode, decode_as
from assistant.readers.base import Extracted, bounded, check_text, is_web_address, one_line, stated_date, tidy, titled

_CHARSET = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
# What browsers read these names as (WHATWG Encoding Standard).
_LABELS = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "utf-16": "utf-8"}
_ENCODINGS = frozenset("utf-8 cp1256 iso8859-6 cp1252 mac-arabic utf-16-le utf-16-be iso8859-15 cp720 cp864".split())
_TAG = re.compile(r"</?(?:p|br|div|span|a|strong|em|b|i|h[1-6]|ul|li|img)\b[^>]{0,500}>", re.I)
_SILENT = frozenset("script style noscript template iframe object svg math head title select button form".split())
_BLOCKS = frozenset(
    "address article aside blockquote body br caption dd details div dl dt fieldset figcaption figure footer h1 h2 h3 "
    "h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_PARAGRAPHS = _BLOCKS - frozenset("br td th tr li dt dd caption tbody thead tfoot".split())
# A page whose extraction leaves less than this is read block by block: it is a list, a frame or a very short notice.
_LEAST_CHARACTERS = 40


def read(data: bytes, file: str) -> Extracted:
    """The article of a web page, without menus, related links and footers, and what the page states of it.

    Raises:
        FileRefused: the page holds no text, or none that could be read.
    """
    decoded = decode_page(data, file)
    with bounded(file, "a web page"):
        return _article(decoded, file)


def decode_page(data: bytes, file: str) -> Decoded:
    """Decode markup by what it states of its encoding. Raises `FileRefused` as `decode` does."""
    match = _CHARSET.search(data[:4096])
    if match and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        label = match[1].decode("ascii").lower()
        try:
            encoding = codecs.lookup(_LABELS.get(label, label)).name
        except LookupError:
            encoding = ""
        decoded = decode_as(data, encoding) if encoding in _ENCODINGS else None
        if decoded is not None:
            return decoded
    return decode(data, file)


def block_text(markup: str) -> str:
    """The text of HTML, a line for each block and a blank line between paragraphs."""
    tree = _parse(markup)
    return "" if tree is None else _tree_text(tree)


def without_tags(text: str) -> str:
    """``text``, as text if it is a fragment of HTML."""
    return block_text(f"<div>{text}</div>") if _TAG.search(text) else text


def _parse(markup: str) -> Any:
    from lxml import etree, html

    # A declared encoding would contradict the text, which is decoded already.
    markup = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.replace("\0", ""))
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return html.document_fromstring(markup, parser=parser)
    except etree.ParserError:
        return None


def _article(decoded: Decoded, file: str) -> Extracted:
    from trafilatura import bare_extraction

    found: Any = bare_extraction(
        _parse(decoded.text),
        with_metadata=True,
        include_comments=False,
        deduplicate=False,
        date_extraction_params={"extensive_search": False, "original_date": True, "max_date": "2100-12-31"},
    )
    title = one_line(found.title) if found else None
    text = tidy((found.text or "").replace("\n", "\n\n")) if found else ""
    if len(text) < _LEAST_CHARACTERS:
        text = block_text(decoded.text) or text
    text = titled(title, text)
    check_text(text, file)
    return Extracted(
        text,
        decoded.encoding,
        decoded.guessed,
        title=title,
        date=stated_date(found.date) if found else None,
        author=one_line(found.author) if found else None,
        outlet=one_line(found.sitename) if found else None,
        url=found.url if found and is_web_address(found.url) else None,
    )


def _tree_text(tree: Any) -> str:
    from lxml import etree

    pieces: list[str] = []
    silent = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += name in _SILENT
            pieces.append(_edge(name))
            if not silent:
                pieces.append(_collapsed(element.text, name))
        else:
            silent -= name in _SILENT
            pieces.append("" if name == "br" else _edge(name))
            if not silent and element is not tree:
                pieces.append(_collapsed(element.tail, name))
    return tidy("".join(pieces))


def _edge(name: str) -> str:
    if name in ("td", "th"):
        return " "
    return "\n\n" if name in _PARAGRAPHS else "\n" if name in _BLOCKS else ""


def _collapsed(text: str | None, name: str) -> str:
    if not text:
        return ""
    return text if name == "pre" else re.sub(r"\s+", " ", text)
