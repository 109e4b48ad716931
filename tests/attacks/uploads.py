"""Hostile uploads on the raw route of a running server: their number, size, kind, names and pace."""

from __future__ import annotations

import contextlib
import io
import os
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from assistant.corpus import MAX_BYTES
from tests.case import Case, Lab
from tests.faults.stopping import chat

NAMES = (
    "../../x.txt", "..\\..\\x.txt", "/etc/cron.d/x.txt", "C:\\Windows\\x.txt", "a\x00b.txt", "CON.txt", "x" * 600 + ".txt", "a\nb.txt",
    "\u202egnp.txt", "<img src=x onerror=alert(1)>.txt", ".hidden.txt", "....txt", " .txt", "%2e%2e%2fx.txt", "a/../../b.txt",
    "~root/.ssh/authorized_keys.txt", "-rf.txt", "$(id).txt", "`id`.txt", "|id.txt", "\ud800.txt", "قال.txt", "a" + "\u0301" * 300 + ".txt", "a." + "x" * 300,
)  # fmt: skip


def bomb() -> bytes:
    """A .docx of a few kilobytes that unpacks to half a gigabyte."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(500):
                part.write(bytes(1 << 20))
    return packed.getvalue()


KINDS = {
    "program.txt": b"\x7fELF" + os.urandom(5000), "archive.txt": b"PK\x03\x04" + os.urandom(5000), "picture.txt": b"\x89PNG\r\n\x1a\n" + os.urandom(900),
    "nothing.txt": b"", "zeros.txt": bytes(5000), "noise.txt": os.urandom(5000), "broken.pdf": b"%PDF-1.7\n" + os.urandom(3000),
    "broken.docx": b"PK\x03\x04" + os.urandom(3000), "page.exe": b"Some words.", "page": b"Some words.", "cut.txt": "قالت".encode()[:-1],
}  # fmt: skip


class Reply(NamedTuple):
    status: int
    text: str


def send(address: str, name: str, data: bytes) -> Reply:
    """Upload a file."""
    query = urllib.parse.urlencode({"name": name}, errors="surrogatepass")
    request = urllib.request.Request(f"{address}/api/articles?{query}", data, {"Content-Type": "text/plain"})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return Reply(response.status, response.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, error.read().decode("utf-8", "replace"))


def raw(address: str, head: str, body: bytes = b"", wait: float = 10) -> bytes:
    """What is answered to a request written by hand; nothing when the connection is just closed."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=wait) as connection, contextlib.suppress(OSError):
        connection.sendall(head.replace("HOST", f"{host}:{port}").encode() + b"\r\n\r\n" + body)
        return connection.recv(4000)
    return b""


def uploading(lab: Lab) -> str:
    """Names, kinds and sizes of every sort; twenty at once; and a few who never get to the end."""
    with chat(lab, "chat") as (process, address, place):
        articles = place / "articles"
        before = set(os.listdir(articles))
        for name in NAMES:
            reply = send(address, name, f"Some words about {len(name)} things.\n".encode())
            assert reply.status in (200, 400, 422), (name, reply)
            assert "Traceback" not in reply.text and str(place) not in reply.text
        for name, data in KINDS.items():
            reply = send(address, name, data)
            # What is inside a package is looked at by the process that indexes, which lists it with a reason.
            packed = name.endswith((".pdf", ".docx"))
            assert reply.status == 422 or (packed and reply.status == 200), (name, reply)
            assert "\n" not in reply.text
        assert send(address, "bomb.docx", bomb()).status in (200, 422)
        assert send(address, "large.txt", b"a" * (MAX_BYTES + 1)).status == 413
        post = "POST /api/articles?name=z.txt HTTP/1.1\r\nHost: HOST\r\n"
        for head, body in (
            (post + "Transfer-Encoding: chunked", b"5\r\nSome \r\n0\r\n\r\n"),
            (post + "Content-Length: 99999999999", b"x"),
            (post + "Content-Length: -1", b"x"),
            (post + "Content-Length: 5\r\nContent-Length: 50", b"Some words"),
            (post + "Content-Length: 5\r\nTransfer-Encoding: chunked", b"0\r\n\r\nGET /config HTTP/1.1\r\n\r\n"),
            ("POST /api/articles?name=" + "z" * 100_000 + " HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1", b"x"),
        ):
            answer = raw(address, head, body)
            assert b" 200 " not in answer.split(b"\r\n")[0], (head[:80], answer[:200])
        with ThreadPoolExecutor(20) as pool:
            replies = list(
                pool.map(lambda n: send(address, f"p{n}.txt", b"Words of an article. " * 40_000 + b"%d" % n), range(20))
            )
        assert [reply.status for reply in replies] == [200] * 20
        took = _while_some_dawdle(address)
        found = set(os.listdir(articles))
        assert not [name for name in found if name.startswith(".") or "/" in name or "\n" in name]
        assert before <= found
        assert {path.name for path in place.iterdir()} <= {"articles", "index", "index-data", "tmp", "said"}
        said = (place / "said").read_text()
        assert "Traceback" not in said, said[-500:]
        assert process.poll() is None
    return f"{len(NAMES)} names, {len(KINDS) + 2} kinds, 6 malformed requests, 20 at once; an honest one waited {took:.1f} s for 12 that dawdle"


def _while_some_dawdle(address: str) -> float:
    """Seconds that an honest upload takes while twelve others send a byte a second."""
    host, _, port = address.removeprefix("http://").partition(":")
    stop = threading.Event()

    def dawdle(number: int) -> None:
        head = (
            f"POST /api/articles?name=slow{number}.txt HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 900\r\n\r\n"
        )
        with contextlib.suppress(OSError), socket.create_connection((host, int(port))) as connection:
            connection.sendall(head.encode())
            while not stop.wait(1):
                connection.sendall(b"x")

    threads = [threading.Thread(target=dawdle, args=(number,), daemon=True) for number in range(12)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    began = time.monotonic()
    with urllib.request.urlopen(f"{address}/healthz", timeout=10) as response:
        assert response.status == 200
    assert time.monotonic() - began < 5
    reply = send(address, "honest.txt", b"The ferry to Qorlia was cancelled.\n")
    took = time.monotonic() - began
    stop.set()
    assert reply.status == 200, reply
    assert took < 40, f"an honest upload waited {took:.0f} s"
    return took


CASES = [Case("input: uploads", "refused in one line or one plain file in the folder; nobody can hold up the others", uploading, alone=True)]  # fmt: skip
