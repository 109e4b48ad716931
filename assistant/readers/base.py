"""What every reader gives, and the bounds that every reader keeps.

A reader turns the bytes of a file into **one** text, to which all spans refer; the same bytes always give the same
text. It fetches nothing, follows nothing and runs nothing that a file names. What it cannot read it refuses with
`FileRefused` and a reason that says what is wrong with the file.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import NamedTuple, NoReturn

from assistant.errors import FileRefused

MAX_BYTES = 20_000_000
"""Of a file, where its format is not one of few words in many bytes."""
MAX_CHARACTERS = 20_000_000
MAX_SECONDS = 60.0
"""Of processor time, for one file."""


class Extracted(NamedTuple):
    """The text of an article and what its file states of it; ``None`` where it states nothing.

    ``pages``: where each page begins, in characters; empty where there are no pages. ``hint``: a title that a program
    may have put there, to be believed only if the text has it too.
    """

    text: str
    encoding: str
    guessed: bool = False
    title: str | None = None
    date: dt.date | None = None
    author: str | None = None
    outlet: str | None = None
    url: str | None = None
    pages: tuple[int, ...] = ()
    hint: str | None = None


class _OutOfTime(BaseException):
    """Not an `Exception`: libraries that go on after any error must not go on after this one."""


@contextlib.contextmanager
def bounded(file: str, kind: str, seconds: float = MAX_SECONDS) -> Iterator[None]:
    """Run a foreign parser over a file: whatever it raises, or taking too long, means that the file is refused.

    Time is that of the processor, so that a busy machine refuses no more than an idle one. It is counted in the main
    thread only, as signals are.

    Raises:
        FileRefused: it took too long or raised something.
    """
    # Windows has no such timer.
    alone = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    before = None
    try:
        if alone:
            before = signal.signal(signal.SIGVTALRM, _stop)
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        yield
    except FileRefused:
        raise
    except _OutOfTime:
        raise FileRefused(file=file, reason=f"reading it takes longer than {seconds:g} seconds") from None
    except MemoryError as error:
        raise FileRefused(file=file, reason="reading it takes too much memory") from error
    except Exception as error:  # the edge to foreign code: damage makes parsers raise anything
        raise FileRefused(file=file, reason=f"it is damaged, or not {kind}") from error
    finally:
        if alone:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise _OutOfTime


_UNWANTED = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_BLANK_LINES = re.compile(r"\n{3,}")
_LETTER = re.compile(r"\w")


def tidy(text: str) -> str:
    """``text`` with newlines only, one space between words, no blank space at line ends, one blank line at most."""
    text = _UNWANTED.sub("", _LINE_END.sub("\n", text))
    text = "\n".join(line.strip() for line in _SPACES.sub(" ", text).split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


def one_line(value: object) -> str | None:
    """A stated title, name or address as one line, or ``None`` if it has no letter or digit."""
    text = " ".join(tidy(value[:2000]).split()) if isinstance(value, str) else ""
    return text if _LETTER.search(text) else None


def titled(title: str | None, text: str) -> str:
    """``text`` below its title, unless that is among its first lines."""
    if not title or stands_in(title, text[: 3 * len(title) + 200]):
        return text
    return f"{title}\n\n{text}" if text else title


def stands_in(title: str, text: str) -> bool:
    """Whether the words of ``title`` stand in ``text``, however they are broken into lines."""
    words = r"\s+".join(map(re.escape, title.split()))
    return re.search(rf"(?<!\w){words}(?!\w)", text) is not None


def check_text(text: str, file: str) -> None:
    """Raises `FileRefused` if there is no text, or more than an article or a book has."""
    if not _LETTER.search(text):
        raise FileRefused(file=file, reason="the file holds no text")
    if len(text) > MAX_CHARACTERS:
        raise FileRefused(file=file, reason=f"it holds more than {MAX_CHARACTERS // 1_000_000} million characters")


def is_web_address(value: str | None) -> bool:
    return value is not None and re.fullmatch(r"https?://[^\s<>\"]{3,2000}", value) is not None


def stated_date(value: object) -> dt.date | None:
    """The date at the beginning of an ISO 8601 date or time, for years from 1800 to 2100."""
    match = re.match(r"\s*(\d{4})-(\d{2})-(\d{2})(?!\d)", value) if isinstance(value, str) else None
    try:
        date = dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
    return date if date and 1800 <= date.year <= 2100 else None
