"""An OpenAI-compatible endpoint: OpenAI itself, Ollama, LM Studio, vLLM, llama.cpp; how it is called and how calls fail.

Whatever the endpoint does, two things hold:

* A call ends with its `Deadline`, tries and pauses included.
* Nothing foreign gets out. The library and the network raise a dozen kinds of errors, some of which quote the key. All become a
  kind of fault, a word of our own.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from assistant.calls import Deadline
from assistant.errors import FaultKind

if TYPE_CHECKING:
    import httpx
    import openai

OFFICIAL = "https://api.openai.com/v1"
PAUSES = (0.3, 1.0)
"""Seconds before the second and the third try, where a person is waiting."""
COUNT = "stream_options"
"""The parameter of a request that asks for a count of tokens; not all servers know it."""
_CONNECT_SECONDS = 10.0
_MOST_BYTES = 1 << 25
_WORTH_TRYING = frozenset[FaultKind]({"limited", "server", "unreachable", "cut"})
# How OpenAI, vLLM, llama.cpp, LM Studio and others say that a request is longer than the model's context.
_TOO_LONG = re.compile(
    r"context[\s_-]*(?:length|size|window|overflow|limit)|n_ctx|too many tokens|(?:prompt|input|request|message)s? (?:is |are )?too long"
    r"|maximum (?:input|prompt|sequence|model) length|max_model_len"
)
_BY_STATUS: dict[int, FaultKind] = {
    400: "refused", 401: "key", 402: "limited", 403: "key", 404: "garbled", 408: "server", 409: "server", 413: "small",
    422: "refused", 429: "limited",
}  # fmt: skip


class Watch:
    """How far a try has come, and its clock: it runs out after a silence, and at the deadline."""

    clock: asyncio.Timeout

    def __init__(self, deadline: Deadline, silence: float) -> None:
        self._deadline = deadline
        self._silence = silence
        self.begun = False
        """The reply has begun: a broken connection has cut something off."""
        self.spoken = False
        """Words have been handed on: another try would begin anew."""
        self.done = False

    def alive(self) -> None:
        """The endpoint has said or thought something: the silence counts from now."""
        now = asyncio.get_running_loop().time()
        self.clock.reschedule(now + min(self._silence, self._deadline.left))


Attempt = Callable[["openai.AsyncOpenAI", Watch], Awaitable[None]]


class Unusable(Exception):
    """What came is no answer. The kind of fault is all there is to say."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(kind)
        self.kind = kind


class _Secret:
    """A key, which does not show where an object's parts are printed."""

    def __init__(self, value: str | None) -> None:
        self.get: Callable[[], str | None] = lambda: value

    def __repr__(self) -> str:
        return "**********"


class Endpoint:
    """Where a model is, and the key to it. The library is loaded at the first use only."""

    def __init__(self, url: str | None, key: str | None) -> None:
        # The address is never left to the library, which would read the environment by itself.
        self._url = url or OFFICIAL
        self._key = _Secret(key)
        host = urlsplit(self._url).hostname or ""
        self._tls: ssl.SSLContext | None = None
        self.official = host == urlsplit(OFFICIAL).hostname
        """Whether it is OpenAI's own."""
        self.where = urlsplit(self._url).netloc
        """Host and port, for people."""
        self.local = _is_loopback(host)
        """Whether it is on this machine."""
        self.private = self.local or self._url.startswith("https:")
        """Whether nobody on the way can read the key and the articles."""

    @property
    def key(self) -> str | None:
        """For the client, and for those who have to take it out of what is shown."""
        return self._key.get()

    def client(self) -> openai.AsyncOpenAI:
        """A client for one try, on the event loop that runs."""
        import httpx
        import openai

        for library in ("openai", "httpx", "httpcore"):
            log = logging.getLogger(library)
            if log.level < logging.INFO:  # below it they log whole headers and prompts
                log.setLevel(logging.INFO)
        self._tls = self._tls or httpx.create_ssl_context()  # 50 ms, most of what a client costs
        transport = httpx.AsyncClient(
            timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),  # all other waits end by the call's own clock
            verify=self._tls,
            follow_redirects=False,
            trust_env=not self.local,  # a proxy would look for the server on its own machine
            headers={"Accept-Encoding": "identity"},
            event_hooks={"request": [] if self.key else [_anonymous], "response": [_bounded]},
        )
        client = openai.AsyncOpenAI(
            api_key=self.key or "none",  # it insists on one
            base_url=self._url,
            max_retries=0,
            http_client=transport,
        )
        # The library loads these when they are first named.
        _ = client.chat.completions, client.models, client.embeddings
        return client

    async def tries(
        self, attempt: Attempt, deadline: Deadline, silence: float, pauses: Sequence[float] = PAUSES
    ) -> FaultKind | None:
        """Try until it succeeds, or there is no use or no time for another try; ``pauses`` are the seconds between tries."""
        for pause in (*pauses, None):
            failure = await self._try(attempt, deadline, silence)
            if failure is None:
                break
            if pause is None or failure.final or max(pause, failure.pause) >= deadline.left:
                return failure.kind
            await asyncio.sleep(max(pause, failure.pause))
        return None

    async def _try(self, attempt: Attempt, deadline: Deadline, silence: float) -> _Failure | None:
        """One try, whatever goes wrong in it turned into a value."""
        watch = Watch(deadline, silence)
        try:
            client = self.client()
            async with client, asyncio.timeout(None) as watch.clock:
                watch.alive()
                await attempt(client, watch)
                watch.done = True
        except TimeoutError:
            failure = _Failure("late", final=True)
        except Exception as error:  # the edge to foreign code, where an odd reply makes Python raise anything
            failure = _failure(error, watch.begun)
        else:
            return None
        return None if watch.done else failure._replace(final=failure.final or watch.spoken)


async def offered(client: openai.AsyncOpenAI) -> list[str]:
    """The names of the models that the endpoint has."""
    page = await client.models.list()
    names = (getattr(model, "id", None) for model in page.data)
    return [name for name in names if isinstance(name, str) and 0 < len(name) <= 200 and name.isprintable()]


async def begun(client: openai.AsyncOpenAI, request: dict[str, Any]) -> openai.AsyncStream[Any]:
    """The stream of a request for an answer. A server that refuses to count tokens is asked without: `COUNT` is taken out."""
    import openai

    try:
        stream: openai.AsyncStream[Any] = await client.chat.completions.create(**request)
    except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
        if COUNT not in request or COUNT not in _said(error):
            raise
        del request[COUNT]
        stream = await client.chat.completions.create(**request)
    return stream


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Failure(NamedTuple):
    kind: FaultKind
    pause: float = 0.0
    """Seconds for which the server asks not to be tried again."""
    final: bool = False


def _failure(error: BaseException, begun: bool) -> _Failure:
    import httpx
    import openai

    if isinstance(error, openai.APIStatusError):
        return _refusal(error)
    if isinstance(error, openai.APIConnectionError) and error.__cause__:
        error = error.__cause__
    kind: FaultKind = "garbled"
    if isinstance(error, Unusable):
        kind = error.kind
    elif isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError | OSError):
        kind = "unreachable"
    elif isinstance(error, httpx.TimeoutException):
        kind = "late"
    elif isinstance(error, httpx.TransportError):
        kind = "cut" if begun else "unreachable"
    elif isinstance(error, openai.APIConnectionError):
        kind = "unreachable"
    elif isinstance(error, openai.APIError) and not isinstance(error, openai.APIResponseValidationError):
        kind = "small" if _TOO_LONG.search(_said(error)) else "server"  # an error told within the stream
    return _Failure(kind, final=kind not in _WORTH_TRYING)


def _said(error: openai.APIError) -> str:
    return f"{error.body} {error.message}".lower()


def _refusal(error: openai.APIStatusError) -> _Failure:
    """What a reply means that is no success."""
    status, said = error.status_code, _said(error)
    kind = "server" if status >= 500 else _BY_STATUS.get(status, "garbled")
    if status in (400, 422, 500) and _TOO_LONG.search(said):
        return _Failure("small", final=True)
    if status in (400, 404) and "model" in said and "json" in error.response.headers.get("content-type", ""):
        kind = "model" if status == 404 or "model_not_found" in said else kind
    try:
        pause = max(0.0, float(error.response.headers.get("retry-after", 0)))
    except ValueError:  # a date: nobody sends one for a pause that a person could wait out
        pause = 0.0
    return _Failure(kind, pause, final=kind not in _WORTH_TRYING or "insufficient_quota" in said or status == 402)


async def _anonymous(request: httpx.Request) -> None:
    """Send no key where there is none: some servers refuse what they do not know."""
    request.headers.pop("Authorization", None)


async def _bounded(response: httpx.Response) -> None:
    """Let no reply fill the memory: neither by its size nor by unpacking."""
    import httpx

    class Bounded(httpx.AsyncByteStream):
        def __init__(self, stream: httpx.AsyncByteStream) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            left = _MOST_BYTES
            async for part in self._stream:
                left -= len(part)
                if left < 0:
                    raise Unusable("long")
                yield part

        async def aclose(self) -> None:
            await self._stream.aclose()

    if response.headers.get("content-encoding", "identity") != "identity":
        raise Unusable("garbled")
    assert isinstance(response.stream, httpx.AsyncByteStream)
    response.stream = Bounded(response.stream)
