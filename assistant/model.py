"""A chat model behind an OpenAI-compatible endpoint (`assistant.endpoint`).

Whatever the endpoint does, a call ends with its `Deadline`, and becomes an answer or a `ModelFault`, which is raised outside of
the handler, so that no foreign error hangs on it. Half an answer is never taken for a whole one: only the server's own finish
reason ends an answer.
"""

from __future__ import annotations

import asyncio
import re
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from assistant.calls import Deadline, Say, read
from assistant.endpoint import COUNT, Endpoint, Unusable, Watch, begun, offered
from assistant.errors import FaultKind, ModelFault
from assistant.settings import DEFAULT_MODEL, Settings
from assistant.spoken import Words
from assistant.usage import Meter

if TYPE_CHECKING:
    import openai

__all__ = ["Deadline", "Message", "Model"]

_THINKING_TOKENS = 4096
"""What a model may spend on thoughts besides the answer; servers count both against one limit."""
_CHARACTERS_PER_TOKEN = 8
"""More than answers have on average. Pieces are no measure: some servers send many tokens in one, some single letters."""
_NO_CHAT = re.compile("embed|rerank|whisper|tts|bge-|e5-", re.IGNORECASE)
_COUNT_SECONDS = 0.5
"""How long the count of tokens is waited for, which comes after the answer."""
_BAD_ENDS: dict[str, FaultKind] = {"length": "long", "content_filter": "refused"}


class Message(NamedTuple):
    role: Literal["system", "user", "assistant"]
    content: str


class Model:
    """One model at one endpoint, for any thread. The library is loaded, and the endpoint asked, at the first use only."""

    def __init__(self, settings: Settings) -> None:
        key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
        self._endpoint = Endpoint(settings.openai_base_url, key)
        self._official = self._endpoint.official
        self._asked_for = settings.model or (DEFAULT_MODEL if self._official else "")
        self._found = ""
        self._effort = settings.reasoning_effort or ("none" if self._asked_for and not settings.model else None)
        self._silence = settings.first_token_seconds
        self._most_tokens = settings.max_answer_tokens
        self._too_long: int | None = None
        self._counts = True
        self.where, self.local, self.private = self._endpoint.where, self._endpoint.local, self._endpoint.private
        """As in `Endpoint`."""

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
                self._endpoint.client()

        # Not a daemon: an interpreter that ends while compiled modules are being loaded in another thread may abort.
        threading.Thread(target=load, name="isnad-warm").start()

    def stream(
        self,
        messages: Sequence[Message],
        deadline: Deadline,
        most_tokens: int | None = None,
        meter: Meter | None = None,
    ) -> Generator[str, None, None]:
        """The answer, piece by piece as it comes. Closing the iterator ends the call. ``meter`` is told its tokens.

        Raises:
            ModelFault: there is no answer, or what was yielded is not all of it.
        """

        most = most_tokens or self._most_tokens

        async def attempt(client: openai.AsyncOpenAI, watch: Watch, say: Say[str]) -> None:
            request = self._request(await self._chosen(client), messages, most)
            if meter is not None and self._counts:
                request[COUNT] = {"include_usage": True}
            async for piece in self._pieces(client, watch, request, most, meter):
                watch.spoken = watch.spoken or not piece.isspace()
                say(piece)
            if not watch.spoken:
                raise Unusable("empty")

        spoken = False
        words: Generator[str, None, None] = read(lambda say: self._tries(attempt, deadline, say), deadline)
        with closing(words) as pieces:
            try:
                for piece in pieces:
                    spoken = True
                    yield piece
            except ModelFault as fault:
                if fault.kind == "small" and not spoken:  # refused; what was cut off may have had other reasons
                    self._too_long = min(_length(messages), self._too_long or sys.maxsize)
                raise

    def complete(
        self,
        messages: Sequence[Message],
        deadline: Deadline,
        most_tokens: int | None = None,
        meter: Meter | None = None,
    ) -> str:
        """The whole answer, as `stream`.

        Raises:
            ModelFault: there is none, or only a part.
        """
        return "".join(self.stream(messages, deadline, most_tokens, meter))

    def offered(self, deadline: Deadline) -> list[str]:
        """The names of the models that the endpoint has.

        Raises:
            ModelFault: it does not say.
        """

        async def attempt(client: openai.AsyncOpenAI, _: Watch, say: Say[str]) -> None:
            for name in await offered(client):
                say(name)

        names: Generator[str, None, None] = read(lambda say: self._tries(attempt, deadline, say), deadline)
        return list(names)

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

    async def _tries(self, attempt: _Attempt, deadline: Deadline, say: Say[str]) -> FaultKind | None:
        return await self._endpoint.tries(lambda client, watch: attempt(client, watch, say), deadline, self._silence)

    async def _chosen(self, client: openai.AsyncOpenAI) -> str:
        if not self.name:
            chats = [name for name in await offered(client) if not _NO_CHAT.search(name)]
            # On this machine any will do. Elsewhere the first of many is a guess that may cost money.
            if not chats or (len(chats) > 1 and not self.local):
                raise Unusable("model")
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
        self, client: openai.AsyncOpenAI, watch: Watch, request: dict[str, Any], most_tokens: int, meter: Meter | None
    ) -> AsyncIterator[str]:
        import httpx

        words = Words(self._endpoint.key or "")
        length = size = 0
        thought, wordless = False, True
        try:
            async with await begun(client, request) as stream:
                self._counts = self._counts and (meter is None or COUNT in request)
                watch.begun = True
                tokens = _Count(meter)
                if not stream.response.headers.get("content-type", "text/event-stream").startswith("text/event-stream"):
                    raise Unusable("garbled")
                async for chunk in stream:
                    wordless = False
                    tokens.read(chunk)
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
                            raise Unusable("small" if full else bad)
                        watch.done = watch.spoken
                        await tokens.wait(stream)
                        return
                    if length > most_tokens * _CHARACTERS_PER_TOKEN:
                        raise Unusable("long")
        except httpx.RemoteProtocolError:
            if not (watch.begun and wordless):
                raise
        if wordless:
            # Once a stream has begun its status cannot say what is wrong, and some servers then just end it.
            limit = "max_completion_tokens" if self._official else "max_tokens"
            async with self._endpoint.client() as afresh:  # the server may be about to hang up
                whole = {name: value for name, value in request.items() if name != COUNT}
                await afresh.chat.completions.create(**{**whole, "stream": False, limit: 1})
        raise Unusable("cut" if length else "empty")


class _Count:
    """The tokens of one call, told to a meter as the endpoint tells them."""

    def __init__(self, meter: Meter | None) -> None:
        self._meter = meter
        self._call = meter.call() if meter else 0
        self._known = meter is None

    def read(self, chunk: object) -> None:
        usage = getattr(chunk, "usage", None)
        prompt, completion = (getattr(usage, name, None) for name in ("prompt_tokens", "completion_tokens"))
        if self._meter and isinstance(prompt, int) and isinstance(completion, int) and min(prompt, completion) >= 0:
            self._meter.count(self._call, prompt, completion)
            self._known = True

    async def wait(self, stream: openai.AsyncStream[Any]) -> None:
        """Read on behind the end of an answer. The answer is there, so whatever goes wrong now does not matter."""
        with suppress(Exception):
            async with asyncio.timeout(_COUNT_SECONDS):
                while not self._known:
                    self.read(await anext(stream))


def _length(messages: Sequence[Message]) -> int:
    """Bytes: tokens of Arabic are shorter than those of English by about as much as its letters are longer."""
    return sum(len(message.content.encode()) for message in messages)


_Attempt = Callable[["openai.AsyncOpenAI", Watch, Say[str]], Awaitable[None]]


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
        raise Unusable("garbled")
    thinks = any(getattr(delta, name, None) for name in ("reasoning_content", "reasoning"))
    return _Delta(text, bool(text) or thinks, choices[0].finish_reason)
