"""How answers and faults are written into a database and read back."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from assistant.citations import Answer
from assistant.errors import IsnadError, RecordUnreadable
from assistant.language.text import well_formed


class Said(NamedTuple):
    """One line for the reader in both languages: it is kept as it was said, and read in the language of the day."""

    en: str
    ar: str

    @classmethod
    def of(cls, fault: IsnadError) -> Said:
        """What ``fault`` says."""
        return cls(fault.say("en"), fault.say("ar"))

    def say(self, language: str) -> str:
        """The line in ``"ar"`` or ``"en"``."""
        return self.ar if language == "ar" else self.en


def plain(text: str) -> str:
    """Text that every database takes: whole characters, and no NUL, which PostgreSQL refuses."""
    return well_formed(text).replace("\x00", "\ufffd")


def record_text(answer: Answer | None) -> str | None:
    """The JSON of an answer."""
    return None if answer is None else well_formed(json.dumps(answer.to_dict(), ensure_ascii=False))


def record_of(text: str | None) -> dict[str, Any] | None:
    """The fields that `record_text` wrote; ``None`` for none and for what is none."""
    try:
        record = json.loads(text) if text is not None else None
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def answer_of(record: dict[str, Any] | None) -> tuple[Answer | None, Said | None]:
    """The answer of a record, or why there is none."""
    try:
        return Answer.from_dict(record or {}), None
    except ValueError:
        return None, Said.of(RecordUnreadable())


def fault_text(fault: Said | None) -> str | None:
    """The JSON of a fault."""
    return None if fault is None else plain(json.dumps(fault._asdict(), ensure_ascii=False))


def fault_of(text: str | None) -> Said | None:
    """The fault that `fault_text` wrote."""
    record = record_of(text)
    return Said(str(record.get("en", "")), str(record.get("ar", ""))) if record else None
