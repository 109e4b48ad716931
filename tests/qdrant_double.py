"""A scriptable Qdrant server: real HTTP on 127.0.0.1 in front of the client library's own in-memory engine.

    with QdrantDouble() as double:
        settings = Settings(_env_file=None, store=double.url)

It rounds to half precision as a server does that was asked to, takes no larger request than a server, and goes wrong as a test
wants it to (`QdrantDouble.fail`). What it holds outlives `stop` and `start`, as a server's disk does.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import numpy as np
from qdrant_client import QdrantClient, models

MOST_BYTES = 32 << 20
Fault = Literal["hang", "stall", "swallow", "drip", "close", "lose", "garbage", "html"] | int
"""``lose`` does what was asked and breaks off before it replies, ``stall`` does not reply, ``swallow`` says that it wrote what it did
not; a number is a status."""


class Seen(NamedTuple):
    method: str
    path: str
    key: str | None


class QdrantDouble:
    """The server. With a ``key``, requests without it are refused."""

    def __init__(self, key: str | None = None) -> None:
        self.engine = QdrantClient(":memory:")
        self.key = key
        self.seen: list[Seen] = []
        self.sent: list[int] = []
        """The ids of all points that came, in their order."""
        self._faults: list[tuple[Fault, str]] = []
        self._always: tuple[Fault, str] | None = None
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._http: _Server | None = None
        self._port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def fail(self, fault: Fault, times: int | None = None, path: str = "") -> None:
        """Go wrong at the next ``times`` requests whose method and path match ``path``; ``None``: at all of them."""
        if times is None:
            self._always = (fault, path)
        else:
            self._faults += [(fault, path)] * times

    def recover(self) -> None:
        self._faults, self._always = [], None

    def collections(self) -> dict[str, int]:
        """The collections, and how many points each holds."""
        names = [each.name for each in self.engine.get_collections().collections]
        return {name: self.engine.count(name).count for name in sorted(names)}

    def start(self) -> None:
        self._ended.clear()
        self._http = _Server(("127.0.0.1", self._port), _handler(self))
        self._port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Be away: nobody listens at the address."""
        self._ended.set()
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()
            self._http.cut_off()
            self._http = None

    def __enter__(self) -> QdrantDouble:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.engine.close()

    def fault_of(self, what: str) -> Fault | None:
        with self._lock:
            for place, (fault, path) in enumerate(self._faults):
                if re.search(path, what):
                    del self._faults[place]
                    return fault
            if self._always and re.search(self._always[1], what):
                return self._always[0]
            return None

    def wait(self, seconds: float) -> None:
        self._ended.wait(seconds)

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """Status and result of a request."""
        for pattern, action in _ROUTES:
            if match := re.fullmatch(pattern, f"{method} {path}"):
                with self._lock:
                    if action is _upsert:
                        self.sent += [point["id"] for point in body["points"]]
                    try:
                        return 200, action(self.engine, body, *match.groups())
                    except ValueError as error:
                        text = str(error)
                        if re.search("^Collection .* not found", text):
                            return 404, text
                        return (409 if "already exists" in text else 400), text
        return 404, "no such address"


def _half(vectors: Any) -> Any:
    """Vectors in half precision, by name."""
    rounded = {}
    for name, vector in vectors.items():
        if isinstance(vector, models.SparseVector):
            rounded[name] = models.SparseVector(indices=vector.indices, values=_rounded(vector.values))
        else:
            rounded[name] = _rounded(vector)
    return rounded


def _rounded(values: Any) -> list[float]:
    return [float(value) for value in np.array(values, np.float16)]


def _create(engine: QdrantClient, body: dict[str, Any], name: str) -> bool:
    asked = models.CreateCollection(**body)
    if engine.collection_exists(name):
        raise ValueError("already exists")
    return engine.create_collection(name, asked.vectors, sparse_vectors_config=asked.sparse_vectors)


def _upsert(engine: QdrantClient, body: dict[str, Any], name: str) -> Any:
    points = models.PointsList(**body).points
    engine.upsert(name, [point.model_copy(update={"vector": _half(point.vector)}) for point in points])
    return _DONE


def _delete(engine: QdrantClient, body: dict[str, Any], name: str) -> Any:
    engine.delete(name, models.PointIdsList(**body))
    return _DONE


def _query(engine: QdrantClient, body: dict[str, Any], name: str) -> Any:
    asked = models.QueryRequest(**body)
    query: Any = asked.query.nearest if isinstance(asked.query, models.NearestQuery) else asked.query
    found = engine.query_points(
        name, query, using=asked.using, query_filter=asked.filter, limit=asked.limit or 10, with_payload=False
    )
    return found.model_dump(mode="json")


def _scroll(engine: QdrantClient, body: dict[str, Any], name: str) -> Any:
    asked = models.ScrollRequest(**body)
    records, offset = engine.scroll(name, limit=asked.limit or 10, offset=asked.offset, with_payload=False)
    return {"points": [record.model_dump(mode="json") for record in records], "next_page_offset": offset}


def _count(engine: QdrantClient, body: dict[str, Any], name: str) -> Any:
    return engine.count(name, count_filter=models.CountRequest(**body).filter).model_dump(mode="json")


def _aliases(engine: QdrantClient, body: dict[str, Any]) -> bool:
    return engine.update_collection_aliases(models.ChangeAliasesOperation(**body).actions)


_DONE = {"operation_id": 0, "status": "completed"}
_ROUTES: list[tuple[str, Callable[..., Any]]] = [
    ("GET /", lambda engine, body: {"title": "qdrant - vector search engine", "version": "1.15.0"}),
    ("GET /collections", lambda engine, body: engine.get_collections().model_dump(mode="json")),
    ("GET /aliases", lambda engine, body: engine.get_aliases().model_dump(mode="json")),
    ("POST /collections/aliases", _aliases),
    ("GET /collections/([^/]+)/exists", lambda engine, body, name: {"exists": engine.collection_exists(name)}),
    ("PUT /collections/([^/]+)", _create),
    ("DELETE /collections/([^/]+)", lambda engine, body, name: engine.delete_collection(name)),
    ("PUT /collections/([^/]+)/points", _upsert),
    ("POST /collections/([^/]+)/points/delete", _delete),
    ("POST /collections/([^/]+)/points/query", _query),
    ("POST /collections/([^/]+)/points/scroll", _scroll),
    ("POST /collections/([^/]+)/points/count", _count),
]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._open: list[Any] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.append(request)
        super().process_request(request, client_address)

    def cut_off(self) -> None:
        """End the connections that clients keep open."""
        for request in self._open:
            with contextlib.suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)


def _handler(double: QdrantDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def _serve(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            double.seen.append(Seen(self.command, path, self.headers.get("api-key")))
            fault = double.fault_of(f"{self.command} {path}")
            if fault == "close":
                return self._break()
            if fault == "hang":
                double.wait(30)
                return self._break()
            if isinstance(fault, int):
                return self._reply(fault, {"status": {"error": "as the test wants"}})
            if fault in ("garbage", "html"):
                return self._send(200, b"<html>hello</html>" if fault == "html" else b'{"result": 7}')
            if double.key and self.headers.get("api-key") != double.key:
                return self._reply(401, {"status": {"error": "Must provide an API key"}})
            if len(data) > MOST_BYTES:
                return self._reply(413, {"status": {"error": "too large"}})
            if fault == "swallow":
                return self._reply(200, {"result": _DONE, "status": "ok", "time": 0.0})
            status, result = double.answer(self.command, path, json.loads(data or b"{}"))
            if fault in ("lose", "stall"):
                double.wait(30 if fault == "stall" else 0)
                return self._break()
            whole = {"result": result, "status": "ok", "time": 0.0} if status == 200 else {"status": {"error": result}}
            # The root says what it is without the usual frame.
            return self._reply(status, result if path == "/" else whole, drip=fault == "drip")

        do_GET = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815

        def _break(self) -> None:
            """Reset the connection."""
            with contextlib.suppress(OSError):
                self.connection.setsockopt(1, 13, struct.pack("ii", 1, 0))
            self.close_connection = True

        def _reply(self, status: int, content: Any, drip: bool = False) -> None:
            self._send(status, json.dumps(content).encode(), drip)

        def _send(self, status: int, data: bytes, drip: bool = False) -> None:
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "1")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            for first in range(0, len(data), 1 if drip else len(data) or 1):
                with contextlib.suppress(OSError):
                    self.wfile.write(data[first : first + (1 if drip else len(data))])
                if drip:
                    double.wait(0.05)

    return Handler


@contextlib.contextmanager
def qdrant(url: str | None = None) -> Iterator[str]:
    """The address of a server to be tested with: the one at ``url``, or a double."""
    if url:
        yield url
    else:
        with QdrantDouble() as double:
            yield double.url
