"""Every route of the running app, whoever wrote it, is called with what an attacker would send it.

The list of routes is taken from the app itself, so that a new one is tried by itself.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from starlette.testclient import TestClient

from assistant.errors import IsnadError
from assistant.web import security

HOME: Final = {"base_url": "http://127.0.0.1:7860"}
SECRET: Final = "the-secret-of-the-house"
"""What stands in files that no route may give out."""
_PARAMETER: Final = re.compile(r"{(\w+)(?::\w+)?}")
_WRITES: Final = ("POST", "PUT", "PATCH", "DELETE")
INSIDE: Final = re.compile(
    r"Traceback|File \"|\.py\"?, line|site-packages|root:[x*]:0|" + re.escape(SECRET), re.IGNORECASE
)
"""What tells of the inside."""


class Called(NamedTuple):
    """A route and one of its methods, as it is called."""

    method: str
    path: str

    def filled(self, value: str) -> str:
        """The path with ``value`` for each of its parameters."""
        return _PARAMETER.sub(lambda _: value, self.path)


def routes(app: Any) -> list[Called]:
    """Every route of an application and of all that is mounted in it."""
    return sorted(set(_routes(app.routes, "")))


def _routes(found: Iterable[Any], prefix: str) -> Iterator[Called]:
    for route in found:
        path = prefix + getattr(route, "path", "")
        inner = getattr(route, "routes", None)
        if router := getattr(route, "original_router", None):
            yield from _routes(router.routes, prefix + route.include_context.prefix)
        elif inner:
            yield from _routes(inner, path)
        else:
            # What is mounted without routes serves whatever stands below it.
            methods = getattr(route, "methods", None)
            yield from (Called(method, path) for method in methods or ("GET",))
            if methods is None:
                yield Called("GET", path + "/{path}")


def paths_out(secret: Path) -> list[str]:
    """Ways to say the path of a file outside, for a path or a parameter."""
    deep, path = "../" * 12, str(secret)
    bare = path.lstrip("/")
    return [
        path, f"/{path}", f"{deep}{bare}", f"..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2f{bare.replace('/', '%2f')}",
        f"%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/{bare}", f"....//....//....//....//....//....//{bare}",
        f"{deep}{bare}%00.txt", path.replace("/", "%2f"), path.replace("/", "\\"), f"file://{path}", f"%252e%252e%252f{bare}",
        f"..%c0%af..%c0%af..%c0%af{bare}", f"..\\..\\..\\..\\..\\{bare}", "/proc/self/environ", f"{deep}etc/passwd",
    ]  # fmt: skip


@contextlib.contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """An address nobody has a reason to call, and what was sent to it all the same."""
    calls: list[bytes] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)

        def hear() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        connection.settimeout(1)
                        with contextlib.suppress(OSError):
                            calls.append(connection.recv(1000))

        threading.Thread(target=hear, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/canary", calls


_NAMES: Final = ("file", "path", "url", "name", "id", "token", "turn", "q", "ui", "after", "session_hash", "event_id")


def attempts(called: Called, value: str) -> Iterator[dict[str, Any]]:
    """The arguments of requests that hand ``value`` to a route in its path, its query and its body."""
    if called.filled(value) != called.path:
        yield {"url": called.filled(value)}
        # Gradio's own names of files and of addresses to fetch.
        yield {"url": called.filled(f"file={value}")}
        yield {"url": called.filled(f"proxy={value}")}
    url = called.filled("x")
    query = dict.fromkeys(_NAMES, value)
    yield {"url": url, "params": query}
    if called.method in _WRITES:
        yield {
            "url": url,
            "params": query,
            "json": {**query, "data": [value, {"path": value, "url": value}], "fn_index": 0},
        }
        yield {"url": url, "params": query, "data": query}
        yield {"url": url, "params": {"name": f"{value}.txt"}, "content": b"Some words of an article.\n"}


def request(client: TestClient, called: Called, headers: Mapping[str, str] = {}, **given: Any) -> Any:
    """The response, which does not follow redirects; streams that do not end are not read."""
    return client.request(called.method, headers=dict(headers), follow_redirects=False, **given)


STREAMS: Final = re.compile(r"heartbeat|queue/data|/call/|stream|startup-events|app_id|reload")
"""Routes that may answer for ever: they are called where they must refuse, and not otherwise."""


def decent(response: Any) -> None:
    """What every response must be: ours, with our headers, and silent about the inside."""
    for name, value in security.HEADERS.items():
        assert response.headers.get(name) == value, f"{name}: {response.headers.get(name)}"
    assert "server" not in response.headers
    assert response.headers.get("access-control-allow-origin") is None
    if response.status_code >= 500:  # Gradio's status for whatever an event cannot take
        assert response.json()["error"] == str(IsnadError()), response.text[:300]
    found = INSIDE.search(response.text)
    assert found is None, found and response.text[max(0, found.start() - 100) : found.end() + 100]
