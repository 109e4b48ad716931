"""The file of an article as it lies in the folder, for the reader's own eyes: shown where a browser can, else saved.

What it holds was written by strangers and is served from our own address. So it is never shown as a page of ours: HTML is
shown in a sandbox without scripts, forms or requests, and whatever is neither that nor plain text nor PDF is only saved.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final, NamedTuple, Protocol
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assistant import corpus
from assistant.citations import Citable
from assistant.errors import FileRefused, UnknownDocument
from assistant.web.reasons import reason
from assistant.web.routes import PREFIX, language, refusal
from assistant.web.security import SANDBOX
from assistant.web.sources import parse, visible
from assistant.web.strings import say


class Library(Protocol):
    """Where the articles are."""

    def document(self, file: str) -> Citable: ...
    def original(self, file: str) -> bytes: ...


class _Kind(NamedTuple):
    """``shown``: in the browser."""

    media: str
    shown: bool


_TEXT, _PAGE = _Kind("text/plain", True), _Kind("text/html", True)
_KINDS: Final = {
    **dict.fromkeys((".txt", ".text", ".md", ".eml", ".csv", ".tsv", ".jsonl", ".ndjson"), _TEXT),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _PAGE),
    ".pdf": _Kind("application/pdf", True),
}
_SAVED: Final = _Kind("application/octet-stream", False)
# Names that browsers know by others than Python.
_CHARSETS: Final = {"cp1256": "windows-1256", "cp1252": "windows-1252", "utf-8-sig": "utf-8"}


class Originals:
    """The one route."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def routes(self) -> list[Route]:
        return [Route(f"{PREFIX}/original", self.original, methods=["GET"])]

    async def original(self, request: Request) -> Response:
        """The file that a reference names (`assistant.web.sources`)."""
        ui, found = language(request), parse(request.query_params.get("ref"))
        if found is None:
            return refusal(say("source_missing", ui), 404)
        try:
            document = await run_in_threadpool(self._library.document, found.file)
            content = await run_in_threadpool(self._library.original, found.file)
        except UnknownDocument:
            return refusal(say("source_missing", ui), 404)
        except FileRefused as fault:
            said = FileRefused(file=visible(str(fault.facts["file"])), reason=reason(fault.reason, ui))
            return refusal(said.say(ui), 404)
        return Response(content, headers=_headers(document))


def _headers(document: Citable) -> dict[str, str]:
    name = PurePosixPath(corpus.source(document.file)).name
    kind = _KINDS.get(PurePosixPath(name).suffix.lower(), _SAVED)
    encoding = getattr(document, "encoding", None)
    charset = _CHARSETS.get(encoding, encoding) if isinstance(encoding, str) else "utf-8"
    named = quote(visible(name), safe="")
    headers = {
        "content-type": f"{kind.media}; charset={charset}" if kind.media.startswith("text/") else kind.media,
        "content-disposition": f"{'inline' if kind.shown else 'attachment'}; filename*=utf-8''{named}",
        "cache-control": "no-store",
    }
    return headers | ({"content-security-policy": SANDBOX} if kind is _PAGE else {})
