"""The lines of a file that has a record in each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def lines(path: Path, invalid: type[Exception]) -> Iterator[tuple[int, str]]:
    """Each line with its number, blank ones left out.

    Raises:
        invalid: the file cannot be read, or is not UTF-8.
    """
    try:
        # Not splitlines(): texts may hold the other signs that it takes for the end of a line.
        found = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, ValueError) as error:
        raise invalid(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(found, 1):
        if line.strip():
            yield number, line
