"""What readers do, and what the page shows then.

Each method takes the talk of a session and what the browser sent along, and gives new values for `Shown`: the messages, the
talk, the question box, the line above it, and the id of the conversation that is open.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any, Final

import gradio as gr

from assistant.citations import Answer, Partial
from assistant.errors import EmptyQuestion, IsnadError, QuestionTooLong
from assistant.keeping.records import Said
from assistant.language.text import well_formed
from assistant.web import page, visitors
from assistant.web.context import Context
from assistant.web.pulse import pulsing
from assistant.web.served import Served
from assistant.web.talk import FAILED, STOPPED, Keeper, Talk, Turn

log = logging.getLogger(__name__)

Shown = tuple[Any, ...]
_SAME: Final = (gr.skip(),) * 5
_SETTLED: Final = 1000
_PULSE: Final = 0.2
"""Seconds after which a silent answer can be stopped."""


class Events:
    """The events of the chat over ``assistant``, whose answers ``keeper`` keeps."""

    def __init__(self, assistant: Served, keeper: Keeper) -> None:
        self._assistant = assistant
        self._keeper = keeper
        self._settled: deque[str] = deque(maxlen=_SETTLED)
        self._settling = threading.Lock()
        # Only what a model writes takes long enough to be stopped.
        self._ended: dict[str, Any] = {"submit_btn": True, "stop_btn": False} if assistant.model else {}
        self._begun: dict[str, Any] = {"submit_btn": False, "stop_btn": True} if assistant.model else {}

    def submitted(self, question: str, earlier: Talk, context: str, request: gr.Request) -> Iterator[Shown]:
        """A question was typed."""
        question, asked = well_formed(question or "").strip(), Context.read(context)
        if question:
            yield from self._reply(earlier, Turn(question), asked, _owner(request), box="")
        else:
            yield *_SAME[:3], page.notice(EmptyQuestion().say(asked.ui), asked.ui), gr.skip()

    def suggested(self, earlier: Talk, context: str, event: gr.EventData, request: gr.Request) -> Iterator[Shown]:
        """A suggested question was chosen."""
        yield from self.submitted(str(getattr(event, "question", "")), earlier, context, request)

    def retried(self, earlier: Talk, context: str, request: gr.Request) -> Iterator[Shown]:
        """The last question is to be answered again, in the same place."""
        if earlier.turns:
            again = Turn(earlier.turns[-1].question, kept=earlier.turns[-1].kept)
            yield from self._reply(earlier.before(), again, Context.read(context), _owner(request), box=gr.skip())
        else:
            yield _SAME

    def _reply(self, earlier: Talk, turn: Turn, asked: Context, owner: str | None, box: Any) -> Iterator[Shown]:
        turn = replace(turn, asking=secrets.token_hex(8))
        now = earlier.adding(turn)
        yield now.drawn(asked.ui), now, box, "", gr.skip()
        if self._begun:
            # Not in one step: the box keeps its words when its button changes with them.
            yield gr.skip(), gr.skip(), gr.update(**self._begun), gr.skip(), gr.skip()
        try:
            with contextlib.closing(self._stream(turn.question, earlier, asked)) as items:
                for item in items:
                    if isinstance(item, Answer):
                        turn = replace(turn, answer=item, partial=None)
                    elif item is None:
                        yield _SAME
                    else:
                        turn = replace(turn, partial=item)
                        now = earlier.adding(turn)
                        yield now.drawn(asked.ui), now, gr.skip(), gr.skip(), gr.skip()
        except (EmptyQuestion, QuestionTooLong) as fault:
            # Nothing was asked yet: the words go back into the box, to be changed.
            line = page.notice(fault.say(asked.ui), asked.ui)
            yield earlier.drawn(asked.ui), earlier, gr.update(**self._ended, value=turn.question), line, gr.skip()
            return
        except IsnadError as fault:
            turn = replace(turn, fault=Said.of(fault))
        except Exception as fault:  # the edge: whatever it is, the page stays and says so
            log.error("a question could not be answered: %s: %s", type(fault).__name__, fault)
            turn = replace(turn, fault=FAILED)
        if not self._settles(turn):
            return
        now, line = self._keeper.keep(owner, earlier.adding(turn), asked.ui)
        ended = gr.update(**self._ended) if self._ended else gr.skip()
        yield now.drawn(asked.ui), now, ended, page.notice(line, asked.ui), now.id

    def _settles(self, turn: Turn) -> bool:
        """Whether nothing has become of this turn yet: it may end by itself in the moment in which it is stopped."""
        with self._settling:
            if turn.asking in self._settled:
                return False
            self._settled.append(turn.asking)
            return True

    def _stream(self, question: str, earlier: Talk, asked: Context) -> Generator[Partial | Answer | None, None, None]:
        """The answer as it grows, and ``None`` now and then while a model keeps silent."""
        options: dict[str, Any] = {"scope": asked.scope, "quotes": asked.quotes, "written": asked.written}
        items = self._assistant.stream(question, earlier.history(), **options)
        yield from pulsing(items, _PULSE) if self._assistant.model and asked.written else items

    def stopped(self, earlier: Talk, context: str, request: gr.Request) -> Shown:
        """What was written so far stays, and is said to be no answer."""
        ui, last = Context.read(context).ui, earlier.turns[-1] if earlier.turns else None
        if last is None or last.answer or last.fault:
            return gr.skip(), gr.skip(), gr.update(**self._ended), gr.skip(), gr.skip()
        now, line = earlier.before().adding(replace(last, fault=STOPPED)), ""
        if self._settles(last):
            now, line = self._keeper.keep(_owner(request), now, ui)
        return now.drawn(ui), now, gr.update(**self._ended), page.notice(line, ui), now.id

    def undone(self, earlier: Talk, context: str, request: gr.Request) -> Shown:
        """The last question goes back into the box."""
        now = self._keeper.take_back(_owner(request), earlier)
        question = earlier.turns[-1].question if earlier.turns else gr.skip()
        return now.drawn(Context.read(context).ui), now, question, "", now.id

    def opened(self, earlier: Talk, context: str, event: gr.EventData, request: gr.Request) -> Shown:
        """A conversation that was kept was chosen."""
        ui = Context.read(context).ui
        try:
            now = self._keeper.open(_owner(request), str(getattr(event, "id", "")))
        except IsnadError as fault:
            return *_SAME[:3], page.notice(fault.say(ui), ui), earlier.id
        return now.drawn(ui), now, gr.skip(), "", now.id

    def fresh(self) -> Shown:
        """A new conversation."""
        return [], Talk(), "", "", ""

    def redrawn(self, earlier: Talk, context: str) -> tuple[Any, ...]:
        """The page speaks another language: the messages anew, and no line above the box."""
        return earlier.drawn(Context.read(context).ui), ""


def _owner(request: gr.Request) -> str | None:
    # Not by way of Gradio's own attributes, which are copies made through JSON.
    inner = request.request
    return visitors.owner(inner.scope, inner.cookies) if inner is not None else None
