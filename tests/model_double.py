"""A scriptable OpenAI-compatible server: real HTTP on 127.0.0.1, real streaming, answers and faults chosen by the test.

    with ModelDouble(honest) as double:
        settings = Settings(_env_file=None, openai_base_url=double.url)

`BEHAVIOURS` say something, `FAULTS` go wrong on the way. It can also be run, to be asked, or killed, by hand:

    python -m tests.model_double --behaviour hallucinates --port 8123
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import gzip
import hashlib
import json
import math
import random
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.model_behaviours import BEHAVIOURS, Behaviour, Prompt, honest

FOREVER = 120.0
"""Seconds after which a fault that never ends does, in case its test does not end it."""


class Request(NamedTuple):
    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


class ModelDouble:
    """The server. Its behaviour and fault may be exchanged while it runs.

    ``fault``, a name or a script of its own, strikes the first ``times`` chat requests, or all. ``names`` are the models it offers. With a ``key``, requests
    without it are refused. ``piece`` is the length of the pieces that are streamed, in characters; unset, random ones of 1 to 8,
    so that anything may be split anywhere. ``pace`` and ``first`` are the seconds between pieces and before the first.
    ``rewrites`` is what it says to a prompt without numbered sentences, by its question.

    ``embedding_fault`` strikes the requests for embeddings, but for the first ``spared``; its vectors have ``dimensions``
    unless a request says otherwise, and to it a word means the same as the one it is ``alike``.
    """

    def __init__(
        self,
        behaviour: Behaviour = honest,
        fault: str | Fault | None = None,
        *,
        times: int | None = None,
        names: Sequence[str] = ("double-1",),
        key: str | None = None,
        piece: int | None = None,
        pace: float = 0.0,
        first: float = 0.0,
        rewrites: Mapping[str, str] | None = None,
        embedding_fault: str | Fault | None = None,
        spared: int = 0,
        dimensions: int = 64,
        alike: Mapping[str, str] | None = None,
        port: int = 0,
    ) -> None:
        self.behaviour = behaviour
        self.fault = fault
        self.times = times
        self.names = list(names)
        self.key = key
        self.piece = piece
        self.pace = pace
        self.first = first
        self.rewrites = dict(rewrites or {})
        self.embedding_fault = embedding_fault
        self.spared = spared
        self.dimensions = dimensions
        self.alike = dict(alike or {})
        self.requests: list[Request] = []
        self.ended = threading.Event()
        self.left = threading.Event()
        """Somebody hung up before the answer was over."""
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._killed = False
        if fault == REFUSED:
            self._server: ThreadingHTTPServer | None = None
            self._port_only = socket.socket()  # bound, but nobody listens
            self._port_only.bind(("127.0.0.1", port))
            self.port = int(self._port_only.getsockname()[1])
        else:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"double": self}))
            self._server.daemon_threads = True
            self.port = self._server.server_port
            threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def chats(self) -> list[Request]:
        """The requests for an answer."""
        return [request for request in self.requests if request.path.endswith("/chat/completions")]

    @property
    def embeddings(self) -> list[Request]:
        """The requests for vectors."""
        return [request for request in self.requests if request.path.endswith("/embeddings")]

    @property
    def embedded(self) -> list[str]:
        """All texts of which vectors were asked for."""
        return [text for request in self.embeddings for text in request.body["input"]]

    @property
    def prompts(self) -> list[Prompt]:
        return [Prompt.parse(request.body["messages"]) for request in self.chats]

    def __enter__(self) -> ModelDouble:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End whatever still streams or hangs, and the server."""
        self.ended.set()
        if self._server is None:
            self._port_only.close()
        elif not self._killed:
            self.kill()

    def kill(self) -> None:
        """As if the process had been killed: open connections are reset, new ones refused."""
        assert self._server
        self._killed = True
        self.ended.set()
        threading.Thread(
            target=self._server.shutdown, daemon=True
        ).start()  # waits for its loop, which may be the caller
        self._server.socket.close()
        with self._lock:
            for connection in self._open:
                _reset(connection)

    def said(self, prompt: Prompt) -> str:
        """What is answered to a prompt."""
        if not prompt.passages and prompt.question in self.rewrites:
            return self.rewrites[prompt.question]
        return self.behaviour(prompt)

    def cut(self, text: str) -> Iterator[str]:
        """The text in the pieces that are streamed."""
        chance = random.Random(len(text))
        while text:
            length = self.piece or chance.randint(1, 8)
            yield text[:length]
            text = text[length:]

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)

    def struck(self) -> Fault | None:
        """The fault for the request that has just come."""
        if self.fault is None or (self.times is not None and len(self.chats) > self.times):
            return None
        return FAULTS[self.fault] if isinstance(self.fault, str) else self.fault

    def struck_embedding(self) -> Fault | None:
        """The fault for the request for embeddings that has just come."""
        if self.embedding_fault is None or len(self.embeddings) <= self.spared:
            return None
        if not isinstance(self.embedding_fault, str):
            return self.embedding_fault
        return {**FAULTS, **EMBEDDING_FAULTS}[self.embedding_fault]


def _reset(connection: socket.socket) -> None:
    """Close with an RST instead of a goodbye."""
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)  # wakes whoever reads from it
        connection.close()
    except OSError:
        pass


class Exchange:
    """One request being answered; the faults are written in these words. ``text`` is what a chat is answered with."""

    def __init__(self, handler: _Handler, request: Request) -> None:
        self.handler = handler
        self.double = handler.double
        self.request = request
        messages = request.body.get("messages")
        self.text = self.double.said(Prompt.parse(messages)) if messages else ""

    def reply(
        self, status: int, body: object, headers: Mapping[str, str] | None = None, kind: str = "application/json"
    ) -> None:
        """A whole reply; anything but bytes is sent as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.handler.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(content)

    def error(self, status: int, message: str, headers: Mapping[str, str] | None = None, **more: str) -> None:
        self.reply(status, {"error": {"message": message, "type": "invalid_request_error", **more}}, headers)

    def open(self, headers: Mapping[str, str] | None = None) -> None:
        """Begin to stream."""
        self.handler.send_response(200)
        for name, value in {
            "Content-Type": "text/event-stream", "Transfer-Encoding": "chunked", **(headers or {})
        }.items():  # fmt: skip
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def raw(self, content: bytes) -> None:
        """One chunk of the body."""
        self.handler.wfile.write(b"%x\r\n%b\r\n" % (len(content), content))

    def event(self, data: object) -> None:
        self.raw(f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode())

    def piece(self, content: object, finish: str | None = None, **more: object) -> None:
        """A piece of the answer, as an event."""
        delta = {"role": "assistant", "content": content, **more}
        self.event(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": self.request.body["model"],
                "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            }
        )

    def close(self) -> None:
        """End the body as it should be ended."""
        self.handler.wfile.write(b"0\r\n\r\n")

    def wait(self, seconds: float = FOREVER) -> bool:
        """Wait; whether the test has ended meanwhile."""
        return self.double.ended.wait(seconds) if seconds else self.double.ended.is_set()

    def half(self) -> None:
        """Begin to stream, and break in the middle of the answer."""
        self.open()
        for content in self.double.cut(self.text[: len(self.text) // 2]):
            self.piece(content)

    def answer(self) -> None:
        """What a good server does."""
        if not self.request.body.get("stream"):
            message = {"role": "assistant", "content": self.text}
            self.reply(
                200,
                {
                    "id": "chatcmpl-1",
                    "object": "chat.completion",
                    "created": 1,
                    "model": self.request.body["model"],
                    "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                    "usage": self.usage,
                },
            )
            return
        self.open()
        self.wait(self.double.first)
        for content in self.double.cut(self.text):
            self.piece(content)
            if self.wait(self.double.pace):  # killed
                self.handler.close_connection = True
                return
        self.piece(None, finish="stop")
        if self.request.body.get("stream_options", {}).get("include_usage"):
            self.count()
        self.event("[DONE]")
        self.close()

    @property
    def usage(self) -> dict[str, int]:
        """Every word is a token here."""
        asked = sum(len(message["content"].split()) for message in self.request.body["messages"])
        said = len(self.text.split())
        return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}

    def count(self) -> None:
        """The event that tells the tokens: it has no choice."""
        self.event({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": self.request.body["model"],
                    "choices": [], "usage": self.usage})  # fmt: skip


# ------------------------------------------------ faults

Fault = Callable[[Exchange], None]
REFUSED = "connection refused"


def _key_refused(exchange: Exchange) -> None:
    sent = exchange.request.headers.get("authorization", "")
    exchange.error(401, f"Incorrect API key provided: {sent}", {"X-Seen": sent}, code="invalid_api_key")


def _key_echoed(exchange: Exchange) -> None:
    """A gateway that passes the refusal on as if the model had said it."""
    exchange.open()
    for content in exchange.double.cut(f"Error: {exchange.request.headers.get('authorization', '')} is not valid."):
        exchange.piece(content)
    exchange.piece(None, finish="stop")
    exchange.close()


def _reset_at_once(exchange: Exchange) -> None:
    _reset(exchange.handler.connection)


def _cut_stream(exchange: Exchange) -> None:
    exchange.half()
    exchange.close()


def _only_done(exchange: Exchange) -> None:
    exchange.half()
    exchange.event("[DONE]")
    exchange.close()


def _cut_chunk(exchange: Exchange) -> None:
    exchange.half()
    exchange.handler.wfile.write(b"400\r\ndata: {")
    exchange.handler.close_connection = True


def _bad_json(exchange: Exchange) -> None:
    exchange.half()
    exchange.event('{"choices": [{"delta": {"content": "wo')
    exchange.close()


def _stalled(exchange: Exchange) -> None:
    exchange.half()
    exchange.wait()


def _endless(exchange: Exchange) -> None:
    exchange.open()
    while not exchange.wait(0.001):
        exchange.piece("and so on ")


def _endless_thoughts(exchange: Exchange) -> None:
    exchange.open()
    while not exchange.wait(0.005):
        exchange.piece(None, reasoning_content="hmm ")


def _endless_line(exchange: Exchange) -> None:
    exchange.open()
    exchange.raw(b"data: ")
    while not exchange.double.ended.is_set():
        exchange.raw(b"x" * 65536)


def _pings(exchange: Exchange) -> None:
    exchange.open()
    while not exchange.wait(0.02):
        exchange.raw(b": ping\n\n")


def _empty_pieces(exchange: Exchange) -> None:
    """Pings as some servers send them: events without words."""
    exchange.open()
    while not exchange.wait(0.02):
        exchange.piece("")


def _trickling(exchange: Exchange) -> None:
    """Headers that never end, a byte at a time."""
    exchange.handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not exchange.wait(0.02):
        exchange.handler.wfile.write(b"x")


def _redirects(exchange: Exchange) -> None:
    exchange.reply(307, b"", {"Location": exchange.request.path}, "text/plain")


def _no_choices(exchange: Exchange) -> None:
    exchange.open()
    exchange.event({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": []})
    exchange.event("[DONE]")
    exchange.close()


def _no_content(exchange: Exchange) -> None:
    exchange.open()
    exchange.piece(None)
    exchange.piece(None, finish="stop")
    exchange.event("[DONE]")
    exchange.close()


def _strange_content(exchange: Exchange) -> None:
    exchange.open()
    exchange.piece([{"type": "text", "text": "word"}])
    exchange.piece(None, finish="stop")
    exchange.close()


def _strange_events(exchange: Exchange) -> None:
    exchange.open()
    for event in (5, "word", [1], {"choices": "word"}, {"choices": [5]}):
        exchange.event(json.dumps(event))
    exchange.close()


def _told_error(exchange: Exchange) -> None:
    exchange.half()
    exchange.event({"error": {"message": f"sorry, {exchange.request.headers.get('authorization')}", "code": 500}})
    exchange.close()


def _slow(exchange: Exchange) -> None:
    exchange.open()
    if not exchange.wait(5.0):
        exchange.piece(exchange.text)
        exchange.piece(None, finish="stop")
        exchange.close()


def _killed(exchange: Exchange) -> None:
    exchange.half()
    exchange.double.kill()


def _packed(exchange: Exchange) -> None:
    """A megabyte that unpacks to a gigabyte would look like this."""
    content = gzip.compress(b": ping\n\n" * 100_000)
    exchange.reply(200, content, {"Content-Encoding": "gzip"}, "text/event-stream")


def _no_http(exchange: Exchange) -> None:
    exchange.handler.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n")
    exchange.handler.close_connection = True


def _too_long(exchange: Exchange) -> None:
    exchange.open()
    for content in exchange.double.cut(f"{exchange.text} " * (600 // len(exchange.text) + 1)):
        exchange.piece(content)
    exchange.piece(None, finish="length")
    exchange.close()


def _full_context(exchange: Exchange) -> None:
    """The prompt leaves room for half an answer only."""
    exchange.half()
    exchange.piece(None, finish="length")
    exchange.close()


def small_context(exchange: Exchange) -> None:
    exchange.error(400, "This model's maximum context length is 512 tokens.", code="context_length_exceeded")


def _overflow_told(exchange: Exchange) -> None:
    """As servers say it that have begun to stream by then."""
    exchange.open()
    exchange.event({"error": {"message": "Reached context length of 512 tokens", "code": 500}})
    exchange.close()


def _nothing(exchange: Exchange) -> None:
    """A stream without a single event; asked without streaming, all is well."""
    if exchange.request.body.get("stream"):
        exchange.open()
        exchange.close()
    else:
        exchange.answer()


def _overflow_untold(exchange: Exchange) -> None:
    """As llama-cpp-python does: the stream breaks off at once, and only without streaming is it said what is wrong."""
    if exchange.request.body.get("stream"):
        exchange.open()
        exchange.handler.close_connection = True
    else:
        small_context(exchange)


def _nested(exchange: Exchange) -> None:
    """JSON so deep that reading it exhausts Python's stack."""
    exchange.open()
    exchange.event("[" * 200_000)
    exchange.close()


def _withheld(exchange: Exchange) -> None:
    exchange.half()
    exchange.piece(None, finish="content_filter")
    exchange.close()


FAULTS: dict[str, Fault] = {
    "key refused": _key_refused,
    "key echoed": _key_echoed,
    "rate limit": lambda exchange: exchange.error(429, "Slow down.", {"Retry-After": "120"}),
    "brief rate limit": lambda exchange: exchange.error(429, "Slow down.", {"Retry-After": "0.4"}),
    "quota": lambda exchange: exchange.error(429, "No money.", code="insufficient_quota"),
    "server error": lambda exchange: exchange.error(500, "Oops."),
    "overloaded": lambda exchange: exchange.reply(503, b"<h1>503</h1>", kind="text/html"),
    "bad request": lambda exchange: exchange.error(400, "Unsupported value: 'reasoning_effort'."),
    "no model": lambda exchange: exchange.error(404, "The model does not exist.", code="model_not_found"),
    "no such page": lambda exchange: exchange.reply(404, b"<h1>404</h1> model railway club", kind="text/html"),
    "hang": lambda exchange: (exchange.wait(), None)[1],
    "reset": _reset_at_once,
    REFUSED: lambda exchange: None,
    "web page": lambda exchange: exchange.reply(200, b"<!doctype html><title>Sign in</title>", kind="text/html"),
    "json page": lambda exchange: exchange.reply(200, {"status": "ok"}),
    "cut stream": _cut_stream,
    "no finish reason": _only_done,
    "cut chunk": _cut_chunk,
    "bad json": _bad_json,
    "stalled stream": _stalled,
    "endless tokens": _endless,
    "endless thoughts": _endless_thoughts,
    "endless line": _endless_line,
    "pings": _pings,
    "empty pieces": _empty_pieces,
    "trickling headers": _trickling,
    "redirect loop": _redirects,
    "no choices": _no_choices,
    "no content": _no_content,
    "strange content": _strange_content,
    "strange events": _strange_events,
    "error in the stream": _told_error,
    "slow first token": _slow,
    "killed": _killed,
    "packed": _packed,
    "no http": _no_http,
    "cut at its limit": _too_long,
    "full context": _full_context,
    "small context": small_context,
    "overflow in the stream": _overflow_told,
    "overflow untold": _overflow_untold,
    "nothing": _nothing,
    "nested json": _nested,
    "content filter": _withheld,
}
"""Everything that goes wrong with endpoints, by name."""


# ------------------------------------------------ HTTP


class _Handler(BaseHTTPRequestHandler):
    double: ModelDouble
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.double.opened(self.connection)

    def finish(self) -> None:
        self.double.closed(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def handle(self) -> None:
        try:
            super().handle()
        except (OSError, ValueError):  # reset by us, by them, or closed under our hands
            self.double.left.set()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass

    def _received(self, body: dict[str, Any]) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.path = urlsplit(self.path).path  # whole addresses come to a proxy
        request = Request(self.command, self.path, headers, body)
        self.double.requests.append(request)
        return request

    def _reply(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _allowed(self, request: Request) -> bool:
        sent = request.headers.get("authorization", "")
        if self.double.key and sent != f"Bearer {self.double.key}":
            self._reply(401, {"error": {"message": f"Incorrect API key provided: {sent}", "code": "invalid_api_key"}})
            return False
        return True

    def do_GET(self) -> None:
        request = self._received({})
        if self.path == "/v1/models" and self._allowed(request):
            models = [{"id": name, "object": "model", "created": 1, "owned_by": "double"} for name in self.double.names]
            self._reply(200, {"object": "list", "data": models})
        elif self.path != "/v1/models":
            self._reply(404, {"detail": "Not Found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        request = self._received(body)
        if self.path == "/v1/chat/completions":
            if fault := self.double.struck():
                fault(Exchange(self, request))
            elif self._allowed(request):
                if body.get("model") not in self.double.names:
                    self._reply(404, {"error": {"message": f"model {body.get('model')!r} not found"}})
                else:
                    Exchange(self, request).answer()
        elif self.path == "/v1/embeddings":
            if fault := self.double.struck_embedding():
                fault(Exchange(self, request))
            elif self._allowed(request):
                self._reply(200, embedded(body, self.double))
        else:
            self._reply(404, {"detail": "Not Found"})


def embedding(text: str, dimensions: int = 64) -> list[float]:
    """A unit vector that depends on the words of the text alone: those that share words are near each other."""
    vector = [0.0] * dimensions
    for word in re.findall(r"\w+", text.casefold()) or [""]:
        digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
        vector[int.from_bytes(digest[:4], "big") % dimensions] += 1.0 if digest[4] % 2 else -1.0
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else [1.0, *vector[1:]]


def embedded(body: Mapping[str, Any], double: ModelDouble) -> dict[str, Any]:
    """What a good server replies to a request for vectors."""
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    data = []
    for index, text in enumerate(texts):
        words = re.sub(r"\w+", lambda word: double.alike.get(word[0].casefold(), word[0]), text)
        vector: Any = embedding(words, int(body.get("dimensions") or double.dimensions))
        if body.get("encoding_format") == "base64":  # what the library asks for by itself
            vector = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
        data.append({"object": "embedding", "index": index, "embedding": vector})
    words_asked = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": words_asked, "total_tokens": words_asked}
    return {"object": "list", "data": data, "model": body.get("model"), "usage": usage}


def _spoilt(spoil: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Fault:
    """A good reply, plain numbers in it, with its list of vectors changed."""

    def reply(exchange: Exchange) -> None:
        good = embedded({**exchange.request.body, "encoding_format": "float"}, exchange.double)
        exchange.reply(200, good | {"data": spoil(good["data"])})

    return reply


def _each(change: Callable[[int, list[float]], list[Any]]) -> Fault:
    """A good reply with each of its vectors changed; its place in the list is known."""
    return _spoilt(
        lambda data: [item | {"embedding": change(item["index"], item["embedding"])} for item in data],
    )


def too_long(most: int) -> Fault:
    """Refuses texts of more characters."""

    def reply(exchange: Exchange) -> None:
        if any(len(text) > most for text in exchange.request.body["input"]):
            exchange.error(400, "The input is longer than the context of the model.")
        else:
            exchange.reply(200, embedded(exchange.request.body, exchange.double))

    return reply


EMBEDDING_FAULTS: dict[str, Fault] = {
    "one too few": _spoilt(lambda data: data[:-1]),
    "one too many": _spoilt(lambda data: [*data, data[0] | {"index": len(data)}]),
    "same place": _spoilt(lambda data: [item | {"index": 0} for item in data]),
    "no vectors": _spoilt(lambda data: []),
    "not a number": _each(lambda place, vector: [math.nan, *vector[1:]]),
    "infinite": _each(lambda place, vector: [math.inf, *vector[1:]]),
    "nothing but zeros": _each(lambda place, vector: [0.0] * len(vector)),
    "words": _each(lambda place, vector: ["one", *vector[1:]]),
    "ragged": _each(lambda place, vector: vector[place:]),
    "empty vectors": _each(lambda place, vector: []),
    "shuffled": _spoilt(lambda data: data[::-1]),
    "longer": _each(lambda place, vector: [*vector, 0.5]),
}
"""What embedding endpoints reply besides what all may (`FAULTS`). *shuffled* is no fault: each vector says its place."""


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="An OpenAI-compatible server for trying things out.")
    parser.add_argument("--behaviour", choices=sorted(BEHAVIOURS), default="honest")
    parser.add_argument("--fault", choices=sorted(FAULTS))
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pace", type=float, default=0.02, help="seconds between pieces")
    parser.add_argument("--key", help="refuse requests without this key")
    arguments = parser.parse_args()
    with ModelDouble(
        BEHAVIOURS[arguments.behaviour], arguments.fault, key=arguments.key, pace=arguments.pace, port=arguments.port
    ) as double:
        print(double.url, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            double.ended.wait()


if __name__ == "__main__":
    main()
