"""The words of a model's answer as they may be handed on, while they stream in.

Some models write their thoughts first, between ``<think>`` and ``</think>``; these are no part of the answer. And no answer may
hold the key: there are gateways that report a refused key, quoted, as if the model had said it.
"""

from __future__ import annotations

from assistant.language.text import well_formed

_LEAST_SECRET = 16
"""Shorter keys are placeholders for servers that need none, and may be words that an answer uses."""
_OPEN, _CLOSE = "<think>", "</think>"


class KeyShown(ValueError):
    """The key stands in the answer."""


class Words:
    """Feed it the pieces of one answer; it holds back what cannot be judged yet, seldom more than a word."""

    def __init__(self, key: str = "") -> None:
        self._key = key if len(key) >= _LEAST_SECRET else ""
        self._held = ""
        self._thoughts: bool | None = None
        """Whether these are thoughts; ``None`` until the answer's beginning tells."""

    def feed(self, piece: str) -> str:
        """What can be handed on now; maybe nothing.

        Raises:
            KeyShown: the key stands in it.
        """
        text, self._held = self._held + well_formed(piece), ""
        if self._thoughts is None:
            text = text.lstrip()
            if _OPEN.startswith(text):
                self._thoughts = True if text == _OPEN else None
                self._held = "" if self._thoughts else text
                return ""
            self._thoughts = text.startswith(_OPEN)
        if self._thoughts:
            _, closed, rest = text.partition(_CLOSE)
            if not closed:
                self._held = text[-len(_CLOSE) + 1 :]
                return ""
            self._thoughts = None
            return self.feed(rest)
        if self._key and self._key in text:
            raise KeyShown("the key stands in the answer")
        begun = next(
            (n for n in range(min(len(self._key) - 1, len(text)), 0, -1) if self._key.startswith(text[-n:])), 0
        )
        self._held = text[len(text) - begun :]
        return text[: len(text) - begun]

    def finish(self) -> str:
        """What was held back at the end, and was nothing to hide after all."""
        return "" if self._thoughts else self._held
