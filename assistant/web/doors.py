"""Signing in, where there are users: a page of its own, a session by cookie, and a door before everything else.

A session is a random number that this process remembers; it ends by signing out, after a month, or with the process.
"""

from __future__ import annotations

import html
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.citations import Language
from assistant.errors import IsnadError, TooManyAttempts
from assistant.keeping.attempts import Attempts
from assistant.keeping.users import Users, sign_in
from assistant.web.strings import LANGUAGES, say
from assistant.web.visitors import OWNER

COOKIE: Final = "isnad-session"
LOGIN: Final = "/login"
LOGOUT: Final = "/logout"
_OPEN: Final = ("/healthz", "/isnad/", "/favicon.ico", "/robots.txt")
"""What may be seen without signing in."""
_LASTS: Final = 30 * 24 * 3600.0
_MOST: Final = 10_000
"""Sessions that are remembered; the oldest are forgotten first."""


class Sessions:
    """Who is signed in. ``clock`` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def begin(self, user: str) -> str:
        """A new session's token."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[token] = (user, self._clock() + _LASTS)
            while len(self._sessions) > _MOST:
                self._sessions.popitem(last=False)
        return token

    def user(self, token: str) -> str | None:
        """Whose session it is, while it lasts."""
        with self._lock:
            user, until = self._sessions.get(token, ("", 0.0))
            return user if user and until > self._clock() else None

    def end(self, token: str) -> None:
        """Forget a session."""
        with self._lock:
            self._sessions.pop(token, None)


class Door:
    """Middleware: whoever is not signed in sees the page for signing in, and nothing else."""

    def __init__(self, app: ASGIApp, users: Users, sessions: Sessions | None = None) -> None:
        self.app = app
        self._users = users
        self._attempts = Attempts()
        self._sessions = sessions or Sessions()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, path = Request(scope, receive), scope["path"]
        token = request.cookies.get(COOKIE, "")
        user = self._sessions.user(token)
        if path == LOGOUT and scope["method"] == "POST":
            self._sessions.end(token)
            response: Response = RedirectResponse(LOGIN, status_code=303)
            response.delete_cookie(COOKIE, path="/")
        elif path == LOGIN:
            response = RedirectResponse("/", status_code=303) if user else await self._login(request)
        elif user and user in await run_in_threadpool(self._known):
            scope[OWNER] = f"user:{user}"
            await self.app(scope, receive, send)
            return
        elif path.startswith(_OPEN):
            await self.app(scope, receive, send)
            return
        elif path == "/" and scope["method"] == "GET":
            response = RedirectResponse(LOGIN, status_code=303)
        else:
            response = JSONResponse({"error": say("signed_out", _language(request))}, status_code=401)
        await response(scope, receive, send)

    def _known(self) -> list[str]:
        """A user who was removed is out at once; a file that cannot be read lets nobody in."""
        try:
            return self._users.names()
        except IsnadError:
            return []

    async def _login(self, request: Request) -> Response:
        ui = _language(request)
        if request.method != "POST":
            return _page(ui)
        form = parse_qs((await request.body())[:10_000].decode("utf-8", "replace"), max_num_fields=10)
        name, password = form.get("name", [""])[0], form.get("password", [""])[0]
        address = request.client.host if request.client else ""
        try:
            user = await run_in_threadpool(sign_in, self._users, self._attempts, name, password, address)
        except IsnadError as fault:
            return _page(ui, fault.say(ui), name, 429 if isinstance(fault, TooManyAttempts) else 401)
        # A new session for every signing in: a token that was there before is worth nothing.
        self._sessions.end(request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(
            COOKIE, self._sessions.begin(user), max_age=int(_LASTS), path="/", httponly=True, samesite="strict"
        )
        return response


def _language(request: Request) -> Language:
    asked = request.query_params.get("ui")
    if asked in LANGUAGES:
        return "ar" if asked == "ar" else "en"
    return "ar" if request.headers.get("accept-language", "").lower().startswith("ar") else "en"


def _page(ui: Language, fault: str = "", name: str = "", status: int = 200) -> HTMLResponse:
    other: Language = "en" if ui == "ar" else "ar"
    said = f'<p class="fault" role="alert">{html.escape(fault)}</p>' if fault else ""
    page = f"""<!doctype html>
<html lang="{ui}" dir="{"rtl" if ui == "ar" else "ltr"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>{html.escape(say("sign_in_title", ui))}</title>
<link rel="icon" href="/isnad/icon.svg"><link rel="stylesheet" href="/isnad/login.css"></head>
<body><main><img src="/isnad/icon.svg" alt="" width="44" height="44"><h1>{html.escape(say("name", ui))}</h1><p>{html.escape(say("tagline", ui))}</p>{said}
<form method="post" action="{LOGIN}?ui={ui}">
<label>{html.escape(say("user_name", ui))}<input name="name" value="{html.escape(name[:100], quote=True)}" autocomplete="username" dir="auto" required autofocus></label>
<label>{html.escape(say("password", ui))}<input name="password" type="password" autocomplete="current-password" dir="ltr" required></label>
<button>{html.escape(say("sign_in", ui))}</button></form>
<a href="{LOGIN}?ui={other}" lang="{other}">{html.escape(say("other_language", ui))}</a></main></body></html>
"""
    return HTMLResponse(page, status_code=status, headers={"cache-control": "no-store"})
