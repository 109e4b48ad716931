"""A chat model behind an OpenAI-compatible endpoint: OpenAI itself, Ollama, LM Studio, vLLM, llama.cpp.

Whatever the endpoint does, three things hold:

* A call ends with its `Deadline`, tries and pauses included.
* Nothing foreign gets out. The library and the network raise a dozen kinds of errors, some of which quote the key. All become a
  `ModelFault`, which is raised outside of the handler, so that the foreign error does not hang on it.
* Half an answer is never taken for a whole one: only the server's own finish reason ends an answer.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import ssl
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

from assistant.calls import Deadline, Say, read
from assistant.errors import FaultKind, ModelFault
from assistant.settings import DEFAULT_MODEL, Settings
from assistant.spoken import Words

if TYPE_CHECKING:
    import httpx
    import openai

__all__ = ["Deadline", "Message", "Model"]

_PAUSES = (0.3, 1.0)
"""Seconds before the second and the third try."""
_CONNECT_SECONDS = 10.0
_THINKING_TOKENS = 4096
"""What a model may spend on thoughts besides the answer; servers count both against one limit."""
_CHARACTERS_PER_TOKEN = 8
"""More than answers have on average. Pieces are no measure: some servers send many tokens in one, some single letters."""
_MOST_BYTES = 1 << 25
_NO_CHAT = re.compile("embed|rerank|whisper|tts|bge-|e5-", re.IGNORECASE)
_WORTH_TRYING = frozenset[FaultKind]({"limited", "server", "unreachable", "cut"})
# How OpenAI, vLLM, llama.cpp, LM Studio and others say that a request is longer than the model's context.
_TOO_LONG = re.compile(
    r"context[\s_-]*(?:length|size|window|overflow|limit)|n_ctx|too many tokens|(?:prompt|input|request|message)s? (?:is |are )?too long"
    r"|maximum (?:input|prompt|sequence|model) length|max_model_len"
)
_BAD_ENDS: dict[str, FaultKind] = {"length": "long", "content_filter": "refused"}
_BY_STATUS: dict[int, FaultKind] = {
    400: "refused", 401: "key", 402: "limited", 403: "key", 404: "garbled", 408: "server", 409: "server", 413: "small",
    422: "refused", 429: "limited",
}  # fmt: skip


class Message(NamedTuple):
    role: Literal["system", "user", "assistant"]
    content: str


class Model:
    """One model at one endpoint, for any thread. The library is loaded, and the endpoint asked, at the first use only."""

    def __init__(self, settings: Settings) -> None:
        # The address is never left to the library, which would read the environment by itself.
        self._url = settings.openai_base_url or "https://api.openai.com/v1"
        self._key = settings.openai_api_key
        host = urlsplit(self._url).hostname or ""
        self._official = host == "api.openai.com"
        self._asked_for = settings.model or (DEFAULT_MODEL if self._official else "")
        self._found = ""
        self._effort = settings.reasoning_effort or ("none" if self._asked_for and not settings.model else None)
        self._silence = settings.first_token_seconds
        self._most_tokens = settings.max_answer_tokens
        self._tls: ssl.SSLContext | None = None
        self._too_long: int | None = None
        self.where = urlsplit(self._url).netloc
        """Host and port, for people."""
        self.local = _is_loopback(host)
        """Whether the endpoint is on this machine."""
        self.private = self.local or self._url.startswith("https:")
        """Whether nobody on the way can read the key and the articles."""

    def __repr__(self) -> str:
        return f"Model({self.name!r} at {self.where})"

    @classmethod
    def configured(cls, settings: Settings) -> Model | None:
        """The model of these settings; ``None`` unless a key or an address is set, and when the model is ``none``."""
        if settings.model == "none" or not (settings.openai_api_key or settings.openai_base_url):
            return None
        return cls(settings)

    @property
    def name(self) -> str:
        """As the endpoint calls it; empty until the endpoint has been asked, when no setting says it."""
        return self._asked_for or self._found

    def takes(self, messages: Sequence[Message]) -> bool:
        """Whether no request of this length has been refused before as longer than the model's context."""
        return self._too_long is None or _length(messages) < self._too_long

    def warm(self) -> None:
        """Load the library in the background: it takes a second, which the first answer need not wait for."""

        def load() -> None:
            import httpx

            # Certificates that cannot be read, a proxy that cannot be used: the first call says so.
            with suppress(OSError, ValueError, ImportError, httpx.InvalidURL):
                self._client()

        threading.Thread(target=load, name="isnad-warm", daemon=True).start()

    def stream(
        self, messages: Sequence[Message], deadline: Deadline, most_tokens: int | None = None
    ) -> Generator[str, None, None]:
        """The answer, piece by piece as it comes. Closing the iterator ends the call.

        Raises:
            ModelFault: there is no answer, or what was yielded is not all of it.
        """

        most = most_tokens or self._most_tokens

        async def attempt(client: openai.AsyncOpenAI, watch: _Watch, say: Say) -> None:
            request = self._request(await self._chosen(client), messages, most)
            async for piece in self._pieces(client, watch, request, most):
                watch.spoken = watch.spoken or not piece.isspace()
                say(piece)
            if not watch.spoken:
                raise _Unusable("empty")

        spoken = False
        with closing(read(lambda say: self._tries(attempt, deadline, say), deadline)) as pieces:
            try:
                for piece in pieces:
                    spoken = True
                    yield piece
            except ModelFault as fault:
                if fault.kind == "small" and not spoken:  # refused; what was cut off may have had other reasons
                    self._too_long = min(_length(messages), self._too_long or sys.maxsize)
                raise

    def complete(self, messages: Sequence[Message], deadline: Deadline, most_tokens: int | None = None) -> str:
        """The whole answer.

        Raises:
            ModelFault: there is none, or only a part.
        """
        return "".join(self.stream(messages, deadline, most_tokens))

    def offered(self, deadline: Deadline) -> list[str]:
        """The names of the models that the endpoint has.

        Raises:
            ModelFault: it does not say.
        """

        async def attempt(client: openai.AsyncOpenAI, _: _Watch, say: Say) -> None:
            for name in await self._offered(client):
                say(name)

        return list(read(lambda say: self._tries(attempt, deadline, say), deadline))

    def probe(self, deadline: Deadline) -> str:
        """Have the model say a word, and tell how that went.

        Raises:
            ModelFault: it did not.
        """
        started = time.monotonic()
        words = self.stream([Message("user", "Answer with one word: ready")], deadline, 64)
        first = 0.0
        try:
            for _ in words:
                first = first or time.monotonic() - started
        except ModelFault as fault:
            if not (first and fault.kind in ("long", "small")):  # talkative, but it talks
                raise
        return f"{self.name} at {self.where} answers, its first word after {first:.1f} s"

    # ------------------------------------------------ on the event loop

    def _client(self) -> openai.AsyncOpenAI:
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
            event_hooks={"request": [] if self._key else [_anonymous], "response": [_bounded]},
        )
        client = openai.AsyncOpenAI(
            api_key=self._key.get_secret_value() if self._key else "none",  # it insists on one
            base_url=self._url,
            max_retries=0,
            http_client=transport,
        )
        _ = client.chat.completions, client.models  # the library loads these when they are first named
        return client

    async def _tries(self, attempt: _Attempt, deadline: Deadline, say: Say) -> FaultKind | None:
        """Try until it succeeds, or there is no use or no time for another try."""
        for pause in (*_PAUSES, None):
            failure = await self._try(attempt, deadline, say)
            if failure is None:
                break
            if pause is None or failure.final or max(pause, failure.pause) >= deadline.left:
                return failure.kind
            await asyncio.sleep(max(pause, failure.pause))
        return None

    async def _try(self, attempt: _Attempt, deadline: Deadline, say: Say) -> _Failure | None:
        """One try, whatever goes wrong in it turned into a value."""
        watch = _Watch(deadline, self._silence)
        try:
            client = self._client()
            async with client, asyncio.timeout(None) as watch.clock:
                watch.alive()
                await attempt(client, watch, say)
                watch.done = True
        except TimeoutError:
            failure = _Failure("late", final=True)
        except Exception as error:  # the edge to foreign code, where an odd reply makes Python raise anything
            failure = _failure(error, watch.begun)
        else:
            return None
        return None if watch.done else failure._replace(final=failure.final or watch.spoken)

    async def _offered(self, client: openai.AsyncOpenAI) -> list[str]:
        page = await client.models.list()
        names = (getattr(model, "id", None) for model in page.data)
        return [name for name in names if isinstance(name, str) and 0 < len(name) <= 200 and name.isprintable()]

    async def _chosen(self, client: openai.AsyncOpenAI) -> str:
        if not self.name:
            chats = [name for name in await self._offered(client) if not _NO_CHAT.search(name)]
            # On this machine any will do. Elsewhere the first of many is a guess that may cost money.
            if not chats or (len(chats) > 1 and not self.local):
                raise _Unusable("model")
            self._found = chats[0]
        return self.name

    def _request(self, name: str, messages: Sequence[Message], most_tokens: int) -> dict[str, Any]:
        room = 0 if self._effort == "none" else _THINKING_TOKENS
        request: dict[str, Any] = {
            "model": name,
            "messages": [message._asdict() for message in messages],
            "stream": True,
            "max_completion_tokens" if self._official else "max_tokens": most_tokens + room,
        }
        if self._effort:
            request["reasoning_effort"] = self._effort
        if self._effort == "none" or not (self._effort or self._official):  # models that think refuse it
            request["temperature"] = 0
        return request

    async def _pieces(
        self, client: openai.AsyncOpenAI, watch: _Watch, request: dict[str, Any], most_tokens: int
    ) -> AsyncIterator[str]:
        import httpx

        words = Words(self._key.get_secret_value() if self._key else "")
        length = size = 0
        thought, wordless = False, True
        try:
            async with await client.chat.completions.create(**request) as stream:
                watch.begun = True
                if not stream.response.headers.get("content-type", "text/event-stream").startswith("text/event-stream"):
                    raise _Unusable("garbled")
                async for chunk in stream:
                    wordless = False
                    delta = _delta(chunk)
                    if delta.alive:
                        watch.alive()
                        thought = thought or not delta.text
                    if delta.text:
                        length += len(delta.text)
                        size += len(delta.text.encode(errors="replace"))
                        if piece := words.feed(delta.text):
                            yield piece
                    if delta.finish:
                        if piece := words.finish():
                            yield piece
                        if bad := _BAD_ENDS.get(delta.finish):
                            # No token is shorter than a byte: so few have not reached the limit asked for, but the context's.
                            full = bad == "long" and 0 < size < most_tokens and not (thought or self._official)
                            raise _Unusable("small" if full else bad)
                        return
                    if length > most_tokens * _CHARACTERS_PER_TOKEN:
                        raise _Unusable("long")
        except httpx.RemoteProtocolError:
            if not (watch.begun and wordless):
                raise
        if wordless:
            # Once a stream has begun its status cannot say what is wrong, and some servers then just end it.
            limit = "max_completion_tokens" if self._official else "max_tokens"
            async with self._client() as afresh:  # the server may be about to hang up
                await afresh.chat.completions.create(**{**request, "stream": False, limit: 1})
        raise _Unusable("cut" if length else "empty")


def _length(messages: Sequence[Message]) -> int:
    """Bytes: tokens of Arabic are shorter than those of English by about as much as its letters are longer."""
    return sum(len(message.content.encode()) for message in messages)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Watch:
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
        """The model has said or thought something: the silence counts from now."""
        now = asyncio.get_running_loop().time()
        self.clock.reschedule(now + min(self._silence, self._deadline.left))


_Attempt = Callable[["openai.AsyncOpenAI", _Watch, Say], Awaitable[None]]


class _Unusable(Exception):
    """What came is no answer. The kind of fault is all there is to say."""

    def __init__(self, kind: FaultKind) -> None:
        super().__init__(kind)
        self.kind = kind


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
    if isinstance(error, _Unusable):
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


class _Delta(NamedTuple):
    text: str
    alive: bool
    finish: str | None


def _delta(chunk: object) -> _Delta:
    """What a piece of the stream adds. Servers also send pieces without a choice: usage, or a sign of life."""
    choices: Any = getattr(chunk, "choices", None)
    if not choices:
        return _Delta("", False, None)
    delta = choices[0].delta
    text = getattr(delta, "content", None) or ""
    if not isinstance(text, str):
        raise _Unusable("garbled")
    thinks = any(getattr(delta, name, None) for name in ("reasoning_content", "reasoning"))
    return _Delta(text, bool(text) or thinks, choices[0].finish_reason)


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
                    raise _Unusable("long")
                yield part

        async def aclose(self) -> None:
            await self._stream.aclose()

    if response.headers.get("content-encoding", "identity") != "identity":
        raise _Unusable("garbled")
    assert isinstance(response.stream, httpx.AsyncByteStream)
    response.stream = Bounded(response.stream)
