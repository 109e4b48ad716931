"""The routes about what is kept: conversations to list, search, rename, delete and save, and judgements on answers.

Every route serves the owner that the request's cookie names, and nobody else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assistant.citations import Language
from assistant.errors import ConversationChanged, IsnadError, TextTooLong, UnknownConversation, UsageError
from assistant.keeping import export
from assistant.keeping.conversations import Conversations, Summary
from assistant.keeping.feedback import Feedback
from assistant.web import visitors
from assistant.web.routes import PREFIX, language, refusal

_PAGE: Final = 40
_STATUS: Final[dict[type[IsnadError], int]] = {UnknownConversation: 404, ConversationChanged: 409, TextTooLong: 413}
Call = Callable[[str, Language], Any]


class Records:
    """The routes. ``url_of`` knows the address of an article where it states one."""

    def __init__(
        self, conversations: Conversations, feedback: Feedback, url_of: Callable[[str], str | None] = lambda file: None
    ) -> None:
        self._conversations = conversations
        self._feedback = feedback
        self._url_of = url_of

    def routes(self) -> Sequence[Route]:
        """Everything under ``/api/conversations`` and ``/api/feedback``."""
        base = f"{PREFIX}/conversations"
        return [
            Route(base, self.listed, methods=["GET"]),
            Route(base, self.rename, methods=["PATCH"]),
            Route(base, self.delete, methods=["DELETE"]),
            Route(f"{base}/export", self.export, methods=["GET"]),
            Route(f"{PREFIX}/feedback", self.judge, methods=["POST"]),
        ]

    async def listed(self, request: Request) -> Response:
        """The conversations, the last changed first; with ``q`` those that hold its words."""
        query, after = request.query_params.get("q", "")[:200].strip(), request.query_params.get("after")

        def call(owner: str, ui: Language) -> Any:
            if query:
                found = self._conversations.search(owner, query, _PAGE)
                rows = [_row(match.conversation) | {"excerpt": match.excerpt._asdict()} for match in found]
                return {"conversations": rows, "following": None}
            page = self._conversations.listed(owner, _PAGE, after)
            return {"conversations": [_row(each) for each in page.conversations], "following": page.following}

        return await _served(request, call)

    async def rename(self, request: Request) -> Response:
        """Give a conversation a title."""
        title = str(await _field(request, "title"))
        return await _served(
            request, lambda owner, ui: {"title": self._conversations.rename(owner, _id(request), title)}
        )

    async def delete(self, request: Request) -> Response:
        """Delete a conversation for good."""

        def call(owner: str, ui: Language) -> Any:
            self._conversations.delete(owner, _id(request))
            return {}

        return await _served(request, call)

    async def export(self, request: Request) -> Response:
        """A conversation as a file to save: Markdown, or JSON with every record."""
        suffix = "json" if request.query_params.get("form") == "json" else "md"

        def call(owner: str, ui: Language) -> Response:
            found = self._conversations.open(owner, _id(request))
            text = (
                export.to_json(found, self._url_of) if suffix == "json" else export.to_markdown(found, ui, self._url_of)
            )
            name = quote(export.file_name(found, suffix))
            kind = "application/json" if suffix == "json" else "text/markdown; charset=utf-8"
            return Response(
                text.encode("utf-8", "replace"),
                media_type=kind,
                headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
            )

        return await _served(request, call)

    async def judge(self, request: Request) -> Response:
        """Say of an answer that it was good or bad, and why; or take that back."""
        liked, comment = await _field(request, "liked"), await _field(request, "comment")
        turn = request.query_params.get("turn", "")

        def call(owner: str, ui: Language) -> Any:
            if liked is None:
                self._feedback.withdraw(owner, turn)
            else:
                self._feedback.give(owner, turn, bool(liked), comment if isinstance(comment, str) else "")
            return {"liked": None if liked is None else bool(liked)}

        return await _served(request, call)


def _row(summary: Summary) -> dict[str, Any]:
    return {"id": summary.id, "title": summary.title, "turns": summary.turns, "changed": summary.changed.isoformat()}


def _id(request: Request) -> str:
    return request.query_params.get("id", "")


async def _field(request: Request, name: str) -> object:
    """A field of the JSON object that is the request's body; ``None`` when there is none."""
    try:
        given = json.loads(await request.body())
    except (ValueError, RecursionError):
        return None
    return given.get(name) if isinstance(given, dict) else None


async def _served(request: Request, call: Call) -> Response:
    """What ``call`` gives for the owner of the request, its faults as one line."""
    ui, owner = language(request), visitors.owner(request.scope, request.cookies)

    def run() -> Response:
        try:
            if owner is None:
                raise UnknownConversation()
            result = call(owner, ui)
        except IsnadError as fault:
            known = _STATUS.get(type(fault), 400 if isinstance(fault, UsageError) else 503)
            return refusal(fault.say(ui), known)
        return result if isinstance(result, Response) else JSONResponse(result)

    return await run_in_threadpool(run)
