"""What holds of any bytes or text whatever: the properties that `tests.test_properties` and `tests.fuzz` try to break.

Each takes bytes, reads from them what it needs, and raises `AssertionError`, or anything else, where something is wrong.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from assistant.citations import Answer, cite
from assistant.corpus import locate
from assistant.cutting import passages
from assistant.decoding import decode
from assistant.errors import FileRefused
from assistant.keeping.export import confined
from assistant.language.sentences import LONGEST, sentences
from assistant.language.text import fold, well_formed
from assistant.language.tokens import tokens
from assistant.markers import Resolver, clean
from assistant.shelf import fit_name
from assistant.web import sources


def decoding(data: bytes) -> None:
    """Bytes are refused, or read so that they come back exactly."""
    try:
        found = decode(data, "a.txt")
    except FileRefused:
        return
    marks = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff", "utf-32-le": b"\xff\xfe\0\0", "utf-32-be": b"\0\0\xfe\xff"}  # fmt: skip
    written = found.text.encode(found.encoding)
    assert data in (written, marks.get(found.encoding, b"") + written), found.encoding


def _text(data: bytes) -> str:
    """Text of any characters, halves of surrogate pairs among them."""
    return (
        data.decode("utf-8", "surrogatepass" if data[:1] == b"\xed" else "replace")
        if _decodes(data)
        else data.decode("latin-1")
    )


def _decodes(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass" if data[:1] == b"\xed" else "replace")
    except UnicodeDecodeError:
        return False
    return True


def folding(data: bytes) -> None:
    """Every folded character knows where it stood; folding again changes nothing; nothing unseen is left."""
    text = _text(data)
    folded = fold(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert all(first <= second for first, second in itertools.pairwise(folded.offsets))
    assert folded.offsets[-1] == len(text)
    assert fold(folded.text).text == folded.text
    assert not [c for c in folded.text if unicodedata.category(c) in ("Mn", "Me", "Cf", "Cs", "Co", "Cn")]
    for start in range(0, len(folded.text), max(1, len(folded.text) // 8)):
        before, after = folded.original(start, start + 1)
        assert 0 <= before < after <= len(text)


def splitting(data: bytes) -> None:
    """Sentences stand in order, hold every letter, and are short enough to be quoted; words lie where they are said to."""
    text = well_formed(_text(data))
    spans = sentences(text)
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        assert not re.search(r"\w", text[at : span.start])
        assert span.end - span.start <= LONGEST
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        at = span.end
    assert not re.search(r"\w", text[at:])
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)


def marking(data: bytes) -> None:
    """However a model's answer is cut into pieces, it reads the same, and holds brackets around nothing but our numbers."""
    cuts, text = data[:8], _text(data[8:])
    whole = Resolver([])
    whole.feed(text)
    shown = whole.finish()
    pieces = Resolver([])
    at = 0
    for length in itertools.cycle(cuts or b"\1"):
        if at >= len(text):
            break
        pieces.feed(text[at : at + 1 + length % 9])
        at += 1 + length % 9
    assert pieces.finish() == shown
    assert not re.search(r"[\[\]]|https?:", shown)
    assert clean(shown) == shown


def resolving(data: bytes) -> None:
    """A reference to a span leads to that span or nowhere, and a citation is the exact words."""
    text = _text(data)
    found = sources.parse(text)
    assert found is None or sources.reference(*found) == text
    article = well_formed(text)
    for passage in passages(_document(article)) if article.strip() else []:
        citation = cite(_document(article), passage.start, passage.end, number=1, language="en")
        assert citation.quote == passage.text == article[passage.start : passage.end]


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="isnad-paths-"))
    (folder / "in" / "deep").mkdir(parents=True)
    (folder / "secret.txt").write_text("secret")
    (folder / "in" / "a.txt").write_text("Some words.")
    (folder / "in" / "out.txt").symlink_to(folder / "secret.txt")
    (folder / "in" / "up").symlink_to(folder)
    return folder / "in"


def placing(data: bytes) -> None:
    """No name leads out of the folder, and what a stranger calls a file becomes one plain name in it."""
    folder, name = _folder(), _text(data)
    for tried in (
        name,
        f"deep/{name}",
        f"{name}.txt",
        f"up/{name}",
        f"../{name}",
        str(folder / name) if "\0" not in name else name,
    ):
        try:
            path = locate(folder, tried)
        except FileRefused:
            continue
        assert path.is_relative_to(folder.resolve()) and not [
            part for part in path.relative_to(folder.resolve()).parts if part[0] == "."
        ]
    try:
        fitted = fit_name(name)
    except FileRefused as refusal:
        str(refusal).encode("utf-8")
        return
    assert "/" not in fitted and "\\" not in fitted and fitted not in (".", "..") and not fitted.startswith(".")
    assert fit_name(fitted) == fitted
    assert len(os.fsencode(fitted)) <= 255 and fitted.isprintable()


def recording(data: bytes) -> None:
    """A record that was kept, whatever became of it, is read back or refused by `ValueError`."""
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(record, dict):
        try:
            answer = Answer.from_dict(record)
        except ValueError:
            return
        assert Answer.from_dict(answer.to_dict()).question == answer.question
    text = _text(data)
    assert confined(confined(text)) == confined(text)


def _document(text: str):  # type: ignore[no-untyped-def]
    from assistant.corpus import Document

    return Document("a.txt", text, "a", None, None, None, "en", "utf-8", False, "", 1, 1)


PROPERTIES: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (decoding, folding, splitting, marking, resolving, placing, recording)
}
