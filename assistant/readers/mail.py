"""Mails (.eml): the subject as title, the sender as outlet, and the text, plain if there is one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from assistant.decoding import decode
from assistant.errors import FileRefused
from assistant.readers.base import Extracted, bounded, check_text, one_line, tidy, titled
from assistant.readers.markup import block_text, decode_page

if TYPE_CHECKING:
    from email.message import EmailMessage, MIMEPart

_FEWEST_HEADERS = frozenset(("from", "subject", "date", "to", "message-id", "received", "mime-version"))


def read(data: bytes, file: str) -> Extracted:
    """The text of a mail; attachments are not read.

    Raises:
        FileRefused: it is no mail, or holds no text that can be read.
    """
    from email import message_from_bytes, policy
    from email.message import EmailMessage

    with bounded(file, "a mail"):
        message = message_from_bytes(data.lstrip(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        if not _FEWEST_HEADERS.intersection(name.lower() for name in message):
            raise FileRefused(file=file, reason="its content is not a mail")
        title = one_line(str(message.get("subject", "")))
        body, encoding, guessed = _body(message, file)
        text = titled(title, tidy(body))
        check_text(text, file)
        name, address = _sender(message)
        return Extracted(text, encoding, guessed, title=title, date=_date(message), author=name, outlet=name or address)


def _body(message: EmailMessage, file: str) -> tuple[str, str, bool]:
    """The text, its encoding, and whether that is a guess."""
    for kind in ("plain", "html"):
        part = message.get_body(preferencelist=(kind,))
        data = part.get_payload(decode=True) if part is not None else None
        if part is None or not isinstance(data, bytes) or not data.strip():
            continue
        text, encoding, guessed = _decoded(part, data, file)
        if kind == "html":
            text = block_text(text)
        if text.strip():
            return text, encoding, guessed
    return "", "utf-8", False


def _decoded(part: MIMEPart, data: bytes, file: str) -> tuple[str, str, bool]:
    charset = part.get_content_charset()
    if charset:
        try:
            return data.decode(charset), charset, False
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_page(data, file) if part.get_content_subtype() == "html" else decode(data, file)


def _sender(message: EmailMessage) -> tuple[str | None, str | None]:
    """Name and domain of the sender."""
    senders = getattr(message.get("from"), "addresses", ())
    if not senders:
        return None, None
    return one_line(senders[0].display_name), one_line(senders[0].domain)


def _date(message: EmailMessage) -> dt.date | None:
    """The day in the sender's own time zone."""
    sent = getattr(message.get("date"), "datetime", None)
    return sent.date() if isinstance(sent, dt.datetime) and 1970 <= sent.year <= 2100 else None
