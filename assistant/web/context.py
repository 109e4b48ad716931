"""What the browser knows and sends along with each event: the interface language, the articles asked, the settings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from assistant.citations import Language
from assistant.retrieval import EVERYTHING
from assistant.scope import Scope

_MOST_QUOTES: Final = 10
_LONGEST: Final = 400_000  # characters; a scope may name some thousand files


@dataclass(frozen=True, slots=True)
class Context:
    """The interface language, the articles asked, and what the reader has set; ``quotes`` is ``None`` where nothing is."""

    ui: Language = "en"
    scope: Scope = EVERYTHING
    quotes: int | None = None
    written: bool = True

    @classmethod
    def read(cls, text: object) -> Context:
        """From the browser's JSON; whatever cannot be read is the default."""
        try:
            given = json.loads(text) if isinstance(text, str) and len(text) <= _LONGEST else {}
        except (ValueError, RecursionError):
            given = {}
        if not isinstance(given, dict):
            return cls()
        quotes = given.get("quotes")
        return cls(
            "ar" if given.get("ui") == "ar" else "en",
            Scope.from_dict(given.get("scope")),
            quotes if isinstance(quotes, int) and 1 <= quotes <= _MOST_QUOTES else None,
            given.get("model") is not False,
        )
