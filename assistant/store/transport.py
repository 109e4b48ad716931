"""HTTP by the clock: a call to a server ends at its moment, whatever the server does.

The library's own timeouts count from one byte to the next, so that a server that drips could hold a call for ever.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator
from contextvars import ContextVar

import httpx

_end: ContextVar[float] = ContextVar("end", default=math.inf)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Calls through `Clocked` in this block end within so many seconds, together."""
    token = _end.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(token)


class Clocked(httpx.HTTPTransport):
    """Raises ``httpx.TimeoutException`` at the moment that `within` has set, the reading of the reply included."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        end = _end.get()
        left = max(0.001, end - time.monotonic())
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), left)
        response = super().handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Until(response.stream, end)
        return response


class _Until(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, end: float) -> None:
        self._stream, self._end = stream, end

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            if time.monotonic() > self._end:
                raise httpx.ReadTimeout("the reply takes too long")
            yield piece

    def close(self) -> None:
        self._stream.close()
