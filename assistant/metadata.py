"""What an article says about itself: title, date, outlet and address. Nothing stated, nothing returned."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple


class Metadata(NamedTuple):
    title: str
    date: dt.date | None
    outlet: str | None
    url: str | None


def metadata(text: str, stem: str) -> Metadata:
    """Read the metadata of an article; ``stem`` is its title when it has no line of letters."""
    for line in re.split("[\r\n]+", text):
        if any(character.isalpha() for character in line):
            return Metadata(line.strip()[:200], None, None, None)
    return Metadata(stem, None, None, None)
