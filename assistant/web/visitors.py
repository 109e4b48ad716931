"""Who is asking: a browser by a cookie of its own, so that everybody finds their own conversations and nobody else's.

The cookie is a random number that says nothing. What is kept under it is filed under its digest: whoever reads the
database cannot become a visitor.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "isnad"
OWNER: Final = "isnad_owner"
"""Where `doors` leaves the name of the user who is signed in, in the scope of a request."""
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_YEAR: Final = 365 * 24 * 3600


def owner(scope: Mapping[str, Any], cookies: Mapping[str, str]) -> str | None:
    """The opaque name under which conversations are kept: the user's, or that of a browser with a cookie, or ``None``."""
    if OWNER in scope:
        return str(scope[OWNER])
    value = cookies.get(COOKIE, "")
    if not _SHAPE.fullmatch(value):
        return None
    return "browser:" + hashlib.sha256(value.encode()).hexdigest()


class Visitors:
    """Middleware that gives every browser that opens the page a cookie, unless it brings one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or _known(scope):
            await self.app(scope, receive, send)
            return

        async def greeted(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookie = f"{COOKIE}={secrets.token_urlsafe(32)}; Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Strict"
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self.app(scope, receive, greeted)


def _known(scope: Scope) -> bool:
    return owner({}, HTTPConnection(scope).cookies) is not None
