"""Plain text and Markdown: the decoded file itself, newlines kept, so that its spans count in the file too."""

from __future__ import annotations

from assistant.decoding import decode
from assistant.readers.base import Extracted


def read(data: bytes, file: str) -> Extracted:
    """The text of the file as it is. Raises `FileRefused` if no encoding fits it."""
    decoded = decode(data, file)
    return Extracted(decoded.text, decoded.encoding, decoded.guessed)
