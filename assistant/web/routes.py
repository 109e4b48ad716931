"""What the page's own scripts ask for besides the chat: the list of articles, adding and removing them, the state.

Answers are JSON; whatever in them is HTML was written by the pure functions of `articles` and `page`. A refusal is a
JSON object with one line in the reader's language and a fitting status code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant import corpus
from assistant.citations import Language
from assistant.errors import FileRefused, IsnadError
from assistant.shelf import Shelf
from assistant.watching import State
from assistant.web import articles
from assistant.web.articles import Listed, Query, Row
from assistant.web.reasons import reason
from assistant.web.sources import visible
from assistant.web.strings import say
from assistant.web.timeline import timeline

PREFIX: Final = "/api"
_PATIENCE: Final = 60.0
"""Seconds that an article may take to arrive."""
_BEGINNING: Final = 5.0
_SLOWEST: Final = 16_000
"""Bytes a second that must have arrived after the first `_BEGINNING` seconds: whoever dawdles keeps others waiting."""
_AT_ONCE: Final = 3
"""Articles that may arrive at the same time; others wait."""


class Library(Listed, Protocol):
    """What the routes need of an assistant."""

    def is_stale(self, file: str) -> bool: ...


class Watched(Protocol):
    """What is known of the index's state; `watching.FolderWatch` is one."""

    @property
    def state(self) -> State: ...
    def wake(self) -> None: ...


class Still:
    """For an assistant that does not follow its folder."""

    state = State()

    def wake(self) -> None:
        """Nothing to wake."""


class Articles:
    """The routes about articles. ``shelf`` is ``None`` where readers may not change the folder."""

    def __init__(
        self,
        library: Library,
        watched: Watched,
        shelf: Shelf | None,
        articles: Callable[[], int],
        status: Callable[[], str],
    ) -> None:
        """``articles`` counts them, ``status`` makes the line below the question box."""
        self._library = library
        self._watched = watched
        self._shelf = shelf
        self._articles = articles
        self._status = status
        self._arriving = asyncio.Semaphore(_AT_ONCE)

    def routes(self) -> Sequence[Route]:
        """Everything under `PREFIX`."""
        return [
            Route(f"{PREFIX}/articles", self.listed, methods=["GET"]),
            Route(f"{PREFIX}/articles", self.add, methods=["POST"]),
            Route(f"{PREFIX}/articles", self.remove, methods=["DELETE"]),
            Route(f"{PREFIX}/articles/restore", self.restore, methods=["POST"]),
            Route(f"{PREFIX}/articles/look", self.look, methods=["POST"]),
            Route(f"{PREFIX}/state", self.state, methods=["GET"]),
        ]

    async def listed(self, request: Request) -> Response:
        """A page of the list, its timeline and the outlets to choose from."""
        ui, query = language(request), Query.read(request.query_params)
        return JSONResponse(await run_in_threadpool(self._listed, query, request.query_params.getlist("leaving"), ui))

    def _listed(self, query: Query, leaving: Sequence[str], ui: Language) -> dict[str, Any]:
        every = articles.rows(self._library)
        found = articles.select(every, query)
        return {
            "rows": articles.table_rows(
                articles.shown(found, query.page), self._library.is_stale, ui, removable=self._shelf is not None
            ),
            "timeline": timeline(every, query, ui),
            "outlets": articles.outlets(every),
            "count": len(found),
            "all": len(every),
            "page": min(max(query.page, 1), articles.pages(len(found))),
            "pages": articles.pages(len(found)),
            "changeable": self._shelf is not None,
            "scope": articles.as_scope(found, query).to_dict() or None,
            "leaving": self._leaving(every, leaving),
        }

    def _leaving(self, every: Sequence[Row], asked: Sequence[str]) -> list[str]:
        """Which of the files ``asked`` about are out of the folder and still in the list, on whatever page of it."""
        if self._shelf is None or not asked:
            return []
        held = {row.file for row in every}
        return [file for file in asked if file in held and not self._shelf.holds(file)]

    async def add(self, request: Request) -> Response:
        """Take one file: its name in the address, its bytes as the body."""
        ui, name = language(request), request.query_params.get("name", "")
        if self._shelf is None:
            return refusal(say("upload_off", ui), 403)
        async with self._arriving:
            data = await _body(request)
            if data is None:
                most = corpus.MAX_BYTES // 1_000_000
                return refusal(say("upload_refused", ui, reason=say("upload_too_large", ui, n=most)), 413)
            try:
                shelved = await run_in_threadpool(self._shelf.add, name, data)
            except FileRefused as fault:
                return refusal(say("upload_refused", ui, reason=reason(fault.reason, ui)), 422)
        self._watched.wake()
        return JSONResponse({"file": shelved.file, "state": shelved.state})

    async def remove(self, request: Request) -> Response:
        """Take one file out of the folder; the answer holds what puts it back."""
        ui, file = language(request), request.query_params.get("file", "")
        if self._shelf is None:
            return refusal(say("upload_off", ui), 403)
        return await self._change(partial(self._shelf.remove, file), "token", ui)

    async def restore(self, request: Request) -> Response:
        """Put back what was taken out."""
        ui, token = language(request), request.query_params.get("token", "")
        if self._shelf is None:
            return refusal(say("upload_off", ui), 403)
        return await self._change(partial(self._shelf.restore, token), "file", ui)

    async def _change(self, change: Callable[[], str], name: str, ui: Language) -> Response:
        try:
            result = await run_in_threadpool(change)
        except FileRefused as fault:
            said = FileRefused(file=visible(str(fault.facts["file"])), reason=reason(fault.reason, ui))
            return refusal(said.say(ui), 422)
        self._watched.wake()
        return JSONResponse({name: result})

    async def look(self, request: Request) -> Response:
        """Have the folder looked at now."""
        self._watched.wake()
        return JSONResponse({"runs": self._watched.state.runs})

    async def state(self, request: Request) -> Response:
        """What the index is doing, and the line below the question box."""
        ui, state = language(request), self._watched.state
        done = state.summary
        return JSONResponse(
            {
                "doing": state.doing,
                "stage": state.stage,
                "done": state.done,
                "total": state.total,
                "runs": state.runs,
                "articles": await run_in_threadpool(self._articles),
                "fault": _fault(state.fault, ui),
                "last": {"added": len(done.added), "changed": len(done.changed), "removed": len(done.removed)}
                if done
                else None,
                "status": await run_in_threadpool(self._status),
            }
        )


def fragment(name: str, drawn: Callable[[], str]) -> Route:
    """A route that serves a piece of the page's own HTML."""

    async def served(request: Request) -> Response:
        return JSONResponse({"shown": await run_in_threadpool(drawn)})

    return Route(f"{PREFIX}/{name}", served, methods=["GET"])


def _fault(fault: IsnadError | None, ui: Language) -> str | None:
    return fault.say(ui) if fault else None


def language(request: Request) -> Language:
    """The language of the page that asks."""
    return "ar" if request.query_params.get("ui") == "ar" else "en"


def refusal(line: str, status: int) -> JSONResponse:
    """One line for the reader in place of what was asked for."""
    return JSONResponse({"error": line}, status_code=status)


async def _body(request: Request) -> bytes | None:
    """The body, or ``None`` when it is too large or does not arrive in time."""
    data, loop = bytearray(), asyncio.get_running_loop()
    began = loop.time()
    try:
        async with asyncio.timeout(_BEGINNING) as clock:
            async for piece in request.stream():
                data += piece
                if len(data) > corpus.MAX_BYTES:
                    return None
                clock.reschedule(began + min(_PATIENCE, _BEGINNING + len(data) / _SLOWEST))
    except (TimeoutError, ClientDisconnect):
        return None
    return bytes(data)
