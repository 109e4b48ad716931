"""What stands between the network and the page: who may call, what may be called, what a browser may do.

The server listens on the loopback address, but every page open in the same browser can reach it. So the ``Host`` must
be a loopback name (a foreign name that resolves to 127.0.0.1 would otherwise read the articles), a request that changes
something must come from our own page or from no page at all, and only the routes that the page uses exist. The policy
forbids the browser to fetch anything from elsewhere, so that even a mistake in escaping cannot call out.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.corpus import MAX_BYTES

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})

# Gradio compiles its templates in the browser and puts its configuration inline: without the two 'unsafe' words the
# page does not start.
CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
    )
)
SANDBOX: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
"""For what strangers wrote and is shown as it is: nothing in it runs, asks or sends. Stricter than the page's own."""
HEADERS: Final = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with none, a browser would send our own forms with the origin "null"
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
# Gradio serves far more than a page needs (uploads, a proxy, files by path, monitoring, run history): these alone are
# let through.
_ROUTES: Final = re.compile(
    r"/(?:|healthz|config/?|theme\.css|favicon\.ico|robots\.txt|manifest\.json|pwa_icon(?:/\d+)?"
    r"|(?:assets|static|svelte|isnad)/.*"
    r"|api/(?:articles(?:/restore|/look)?|original|state|conversations(?:/export)?|feedback|suggestions)"
    r"|gradio_api/(?:info/?|openapi\.json|app_id/?|startup-events|theme\.css|component_server/?|cancel|reset/?"
    r"|queue/(?:join/?|data|status)|run/[^/]+|call/.*|heartbeat/[^/]+))"
)
_LARGEST: Final = 1_000_000  # bytes of a request's body
_LARGEST_ARTICLE: Final = MAX_BYTES + 1
_ARTICLES: Final = "/api/articles"
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Pure ASGI middleware, so that streams pass through unbuffered."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] = LOOPBACK, more: frozenset[str] = frozenset()) -> None:
        self.app = app
        self.hosts = hosts
        self._more = more  # paths that exist besides the usual ones

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                strict = headers.get("content-security-policy") == SANDBOX
                for name, value in HEADERS.items():
                    headers[name] = SANDBOX if strict and name == "content-security-policy" else value
            await send(message)

        headers = Headers(scope=scope)
        if _host_name(headers.get("host", "")) not in self.hosts:
            refusal = PlainTextResponse("This address is not served here.\n", status_code=421)
        elif scope["method"] not in _READS and not _from_our_page(headers):
            refusal = PlainTextResponse("Requests from other pages are refused.\n", status_code=403)
        elif scope["method"] not in _READS and not _small(headers, scope):
            refusal = PlainTextResponse("The request is too large.\n", status_code=413)
        elif _ROUTES.fullmatch(scope["path"]) is None and scope["path"] not in self._more:
            refusal = PlainTextResponse("Not found.\n", status_code=404)
        else:
            await self.app(scope, receive, guarded)
            return
        await refusal(scope, receive, guarded)


def _host_name(host: str) -> str | None:
    """The name in a ``Host`` header, without its port; ``None`` when the header is not a plain name and port."""
    if not re.fullmatch(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?", host):
        return None
    return urlsplit(f"//{host}").hostname


def _small(headers: Headers, scope: Scope) -> bool:
    """Whether the body says how long it is and is no longer than any honest request (a question has 2,000 characters)."""
    length = headers.get("content-length", "0" if scope["method"] == "DELETE" else "")
    most = _LARGEST_ARTICLE if (scope["method"], scope["path"]) == ("POST", _ARTICLES) else _LARGEST
    return "transfer-encoding" not in headers and length.isdecimal() and int(length[:10]) <= most


def _from_our_page(headers: Headers) -> bool:
    """Whether the request comes from a page of this server, or from a program that is no browser."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc == headers.get("host")
