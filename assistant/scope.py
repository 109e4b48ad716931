"""Which articles a question is asked of: some files, some outlets, some days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol


class Described(Protocol):
    """What a scope looks at; a `Document` is described like this."""

    @property
    def file(self) -> str: ...
    @property
    def outlet(self) -> str | None: ...
    @property
    def date(self) -> dt.date | None: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the collection. An empty field admits all.

    An article without a date lies in no range of dates, unless ``undated`` says that it may.
    """

    files: frozenset[str] = frozenset()
    outlets: frozenset[str] = frozenset()
    since: dt.date | None = None
    until: dt.date | None = None
    undated: bool = False

    def __bool__(self) -> bool:
        """Whether it leaves anything out at all."""
        return bool(self.files or self.outlets or self.since or self.until)

    def admits(self, document: Described) -> bool:
        """Whether the article belongs to it; both ends of the range of dates do."""
        if self.files and document.file not in self.files:
            return False
        if self.outlets and document.outlet not in self.outlets:
            return False
        if self.since or self.until:
            date = document.date
            if date is None:
                return self.undated
            return (self.since or date) <= date <= (self.until or date)
        return True

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, dates in ISO 8601; fields that admit all are left out."""
        values: dict[str, Any] = {}
        if self.files:
            values["files"] = sorted(self.files)
        if self.outlets:
            values["outlets"] = sorted(self.outlets)
        if self.since:
            values["since"] = self.since.isoformat()
        if self.until:
            values["until"] = self.until.isoformat()
        if self.undated:
            values["undated"] = True
        return values

    @classmethod
    def from_dict(cls, values: object) -> Scope:
        """The scope that `to_dict` wrote; whatever cannot be read admits all, so a stranger's input never fails."""
        if not isinstance(values, dict):
            return cls()
        return cls(
            _texts(values.get("files")),
            _texts(values.get("outlets")),
            _day(values.get("since")),
            _day(values.get("until")),
            values.get("undated") is True,
        )


def _texts(values: object) -> frozenset[str]:
    return frozenset(value for value in values if isinstance(value, str)) if isinstance(values, list) else frozenset()


def _day(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
