"""What an answer cost: the tokens of its calls to a model, as the endpoint counted them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Usage(NamedTuple):
    """Tokens over all calls for one answer. ``uncounted``: calls of which the endpoint did not say how many they took."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    uncounted: int = 0

    def to_dict(self) -> dict[str, int]:
        """Plain JSON values."""
        return self._asdict()

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Usage:
        """Read back from what `to_dict` gave.

        Raises:
            ValueError, TypeError: a value is no number.
        """
        return cls(*(int(record.get(name, 0)) for name in cls._fields))


class Meter:
    """Adds up the calls for one answer, which is made in one thread."""

    def __init__(self) -> None:
        self._calls: list[tuple[int, int] | None] = []

    def call(self) -> int:
        """Note that a call has begun; returns its number, for `count`."""
        self._calls.append(None)
        return len(self._calls) - 1

    def count(self, call: int, prompt_tokens: int, completion_tokens: int) -> None:
        """What the endpoint says of a call; the last word counts, for some say it with every piece."""
        self._calls[call] = (prompt_tokens, completion_tokens)

    @property
    def usage(self) -> Usage | None:
        """``None`` when no model was called."""
        if not self._calls:
            return None
        counted = [each for each in self._calls if each is not None]
        return Usage(
            sum(prompt for prompt, _ in counted), sum(done for _, done in counted), len(self._calls) - len(counted)
        )
