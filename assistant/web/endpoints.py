"""The two named endpoints, for programs: ``ask`` and ``search``; and that nothing which goes wrong in an event is more than a line."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from typing import Any, Final

import gradio as gr

from assistant.errors import Busy, IsnadError
from assistant.retrieval import Hit
from assistant.web.served import Served

_MOST: Final = 100
_IDLE: Final = 0.02
"""Seconds between two looks at the line of questions. Gradio looks a thousand times a second: a tenth of a core, day and night."""
log = logging.getLogger(__name__)


class Quiet(gr.Blocks):
    """Blocks whose faults are one line, in the log as outside: Gradio prints a stack for each, with what was sent.

    It prints one for requests that do not fit, too, which anybody can send. And it takes each call of a program for a session, of
    which it keeps ten thousand, 50 kB each: those that hold nothing are let go.
    """

    async def process_api(self, *arguments: Any, **named: Any) -> dict[str, Any]:
        try:
            return await super().process_api(*arguments, **named)
        except gr.Error:
            raise
        except Exception as fault:  # the edge: whatever it is, the page goes on
            log.error("a request could not be carried out: %s", type(fault).__name__)
            raise gr.Error(str(IsnadError()), print_exception=False) from None
        finally:
            self._let_go(named.get("session_hash"))

    def _let_go(self, session: str | None) -> None:
        if session is None:
            return
        holder = self.state_holder
        if session in holder.session_data and not holder.session_data[session].state_data:
            holder.session_data.pop(session)
            holder.time_last_used.pop(session, None)

    def queue(self, *arguments: Any, **named: Any) -> Quiet:
        """As Gradio's; whoever finds the line full is told so in both languages, for nothing says here which one is read."""
        super().queue(*arguments, **named)
        self._queue.sleep_when_free = self._queue.progress_update_sleep_when_free = _IDLE
        push = self._queue.push

        async def told(*given: Any, **more: Any) -> Any:
            success, said, state = await push(*given, **more)
            if not success:
                self._let_go(getattr((*given, more.get("body"))[0], "session_hash", None))
            return success, f"{Busy().say('en')} {Busy().say('ar')}" if state == "queue_full" else said, state

        self._queue.push = told  # type: ignore[method-assign]
        return self


class Endpoints:
    """Plain values in, JSON out. Whatever a program sends, it is answered or refused with one line."""

    def __init__(self, assistant: Served) -> None:
        self._assistant = assistant

    def ask(self, question: str) -> dict[str, Any]:
        """Answer a question from the articles, with citations."""
        with _outward():
            return self._assistant.ask(_text(question)).to_dict()

    def search(self, question: str, limit: int = 10) -> list[dict[str, Any]]:
        """The passages of the articles that come closest to a question, best first."""
        with _outward():
            most = max(1, min(limit, _MOST)) if isinstance(limit, int) else _MOST
            return [_found(hit) for hit in self._assistant.search(_text(question), limit=most)]


def _text(question: object) -> str:
    """What a program sent as its question; anything but text is no question."""
    return question if isinstance(question, str) else ""


def _found(hit: Hit) -> dict[str, Any]:
    date = hit.date.isoformat() if hit.date else None
    spans = {"file": hit.file, "start": hit.start, "end": hit.end, "text": hit.text}
    return {**spans, "score": float(hit.score), "title": hit.title, "date": date}


@contextlib.contextmanager
def _outward() -> Iterator[None]:
    """For callers outside: our own faults reach them as their one line, others without a word of the inside."""
    try:
        yield
    except IsnadError as fault:
        raise gr.Error(str(fault), print_exception=False) from None
