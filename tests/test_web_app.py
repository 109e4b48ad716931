"""The page as a server: what it lets in, what it sends out, its two endpoints, and how it starts and stops."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.errors import BadSetting
from assistant.web import security, server
from tests.browser import serving
from tests.web_double import BROKEN, CRASH, SEEDS, Double

HOME = {"base_url": "http://127.0.0.1:7860"}
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def app() -> Any:
    from assistant.web.app import create_app

    return create_app(Double(), suggestions=["Which drones did Azerbaijan use?"])


@pytest.fixture(scope="module")
def client(app: Any) -> Iterator[TestClient]:
    with TestClient(app, **HOME) as client:
        yield client


@pytest.fixture(scope="module")
def address(app: Any) -> Iterator[str]:
    with serving(app) as address:
        yield address


def test_healthz_counts_the_articles(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"ok": True, "articles": 5}


def test_the_page_starts_in_no_one_else_s_frame_and_asks_no_one_else(client: TestClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.headers["content-security-policy"] == security.CONTENT_POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"
    assert "/isnad/app.css?v=" in response.text
    # Gradio's template names two hosts of its own in comments and fallbacks; none may be a style sheet or a script.
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//", response.text)


def test_the_policy_reaches_nobody_else() -> None:
    assert not re.search(r"https?:|\*|//", security.CONTENT_POLICY)
    assert "frame-ancestors 'none'" in security.CONTENT_POLICY


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 200),
        ("localhost", 200),
        ("[::1]:80", 200),
        ("LOCALHOST:1", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("127.0.0.1:7860/x", 421),
        ("", 421),
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/", "/isnad/app.css"])
def test_only_this_machine_s_names_are_served(client: TestClient, host: str, status: int, path: str) -> None:
    response = client.get(path, headers={"host": host})
    assert response.status_code == status
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"origin": "http://127.0.0.1:7860"}, False),
        ({"sec-fetch-site": "same-origin"}, False),
        ({"origin": "http://127.0.0.1:8000"}, True),
        ({"origin": "http://localhost:7860"}, True),
        ({"origin": "https://evil.example"}, True),
        ({"origin": "null"}, True),
        ({"origin": "http://evil.example/127.0.0.1:7860"}, True),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site"}, True),
    ],
)
def test_other_pages_can_change_nothing(client: TestClient, headers: dict[str, str], refused: bool) -> None:
    response = client.post("/gradio_api/queue/join", json={}, headers=headers)
    assert (response.status_code == 403) is refused


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=" + str(SEEDS / "000_b5aa3a0ff550aed9.txt"),
        "/gradio_api/proxy=https://example.org",
        "/gradio_api/runs",
        "/gradio_api/deep_link",
        "/gradio_api/dev/reload",
        "/gradio_api/vibe-edit",
        "/gradio_api/upload_progress",
        "/monitoring",
        "/monitoring/summary",
        "/login",
        "/docs",
        "/openapi.json",
        "/isnad/app.js",
        "/isnad/../security.py",
        "/isnad/%2e%2e/security.py",
        "/static/../../../routes.py",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_the_page_does_not_use_is_not_there(client: TestClient, path: str, method: str) -> None:
    assert client.request(method, path).status_code in (404, 405)


@pytest.mark.parametrize(
    ("path", "kind", "kept"),
    [
        ("/isnad/fonts/NotoNaskhArabic-Regular.woff2", "font/woff2", True),
        ("/isnad/app.css", "text/css", False),
        ("/isnad/app.css?v=1", "text/css", True),
        ("/isnad/icon.svg", "image/svg", False),
    ],
)
def test_assets_say_how_long_they_keep(client: TestClient, path: str, kind: str, kept: bool) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert kind in response.headers["content-type"]
    assert ("immutable" in response.headers["cache-control"]) is kept


def test_fonts_travel_with_their_licence() -> None:
    fonts = ROOT / "assistant/web/assets/fonts"
    licence = (fonts / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    style = (fonts.parent / "app.css").read_text(encoding="utf-8")
    used = set(re.findall(r"fonts/([\w-]+\.woff2)", style))
    assert used == {path.name for path in fonts.glob("*.woff2")}


@pytest.fixture(scope="module")
def remote(address: str) -> Any:
    from gradio_client import Client

    return Client(address, verbose=False, analytics_enabled=False)


class TestEndpoints:
    def test_only_two_are_named(self, remote: Any) -> None:
        assert set(remote.view_api(return_format="dict", print_info=False)["named_endpoints"]) == {"/ask", "/search"}

    def test_ask_gives_the_record(self, remote: Any) -> None:
        question = "Which drones did Azerbaijan use?"
        assert remote.predict(question, api_name="/ask") == Double().ask(question).to_dict()

    def test_search_gives_passages(self, remote: Any) -> None:
        hits = remote.predict("drones", 2, api_name="/search")
        assert len(hits) == 2
        assert set(hits[0]) == {"file", "start", "end", "text", "score", "title", "date"}

    def test_our_faults_arrive_as_their_line(self, remote: Any) -> None:
        with pytest.raises(Exception, match="is damaged"):
            remote.predict(BROKEN, api_name="/ask")

    def test_other_faults_say_nothing_of_the_inside(self, remote: Any, capfd: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(Exception, match="Something went wrong") as caught:
            remote.predict(CRASH, api_name="/ask")
        assert "script" not in str(caught.value)
        written = "".join(capfd.readouterr())
        assert "Traceback" not in written and "script" not in written


class TestServing:
    @pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "example.org", "", "::"])
    def test_is_refused_on_other_addresses(self, host: str) -> None:
        with pytest.raises(BadSetting, match="this machine only"):
            server.serve(Double(), host=host, port=0)

    def test_of_a_taken_port_is_refused_at_once_in_one_line(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            with pytest.raises(BadSetting, match=rf"{taken.getsockname()[1]} cannot be used") as caught:
                server.serve(Double(), port=taken.getsockname()[1])
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("port", [-1, 65536, 10**12])
    def test_of_an_impossible_port_is_refused(self, port: int) -> None:
        with pytest.raises(BadSetting, match="port"):
            server.serve(Double(), port=port)

    @pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
    def test_says_its_address_answers_and_stops_quietly(self, stop: signal.Signals) -> None:
        imports = "from tests.web_double import Double; from assistant.web.server import serve"
        code = f"{imports}; serve(Double(), port=0); print('done')"
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ},
        )
        try:
            assert process.stdout
            line = process.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+", line)
            with socket.create_connection(("127.0.0.1", int(line.rsplit(":", 1)[1]))) as open_stream:
                # A browser holds a stream open; it must not hold up the end.
                open_stream.sendall(f"GET /gradio_api/heartbeat/x HTTP/1.1\r\nHost: {line[7:]}\r\n\r\n".encode())
                assert b"200" in open_stream.recv(64)
                process.send_signal(stop)
                stopping = time.monotonic()
                out, err = process.communicate(timeout=60)
            assert time.monotonic() - stopping < 30
            assert (out, err, process.returncode) == ("done\n", "", 0)
        finally:
            process.kill()
            process.wait()

    def test_without_a_wish_takes_the_next_free_port(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            monkeypatch.setattr(server, "DEFAULT_PORT", taken.getsockname()[1])
            listener = server._listen("127.0.0.1", None)
            with listener:
                assert taken.getsockname()[1] < listener.getsockname()[1] < taken.getsockname()[1] + 20


def test_telemetry_is_off_before_gradio_is_imported() -> None:
    check = "assert 'gradio' not in sys.modules; print(os.environ['GRADIO_ANALYTICS_ENABLED'])"
    code = f"import assistant.web, os, sys; {check}"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_gradio_keeps_no_statistics_of_what_was_asked(address: str, app: Any, remote: Any) -> None:
    for _ in range(3):
        remote.predict("drones", 1, api_name="/search")
    [queue] = [
        route.app.get_blocks()._queue for route in app.routes if hasattr(getattr(route, "app", None), "get_blocks")
    ]
    assert len(queue.event_analytics) <= 1
    assert queue.event_count_at_last_cache == 0
    assert queue.cached_event_analytics_summary == {"functions": {}}


def test_gradio_keeps_no_session_for_a_call_of_a_program(app: Any, client: TestClient) -> None:
    [gradio] = [route.app for route in app.routes if hasattr(getattr(route, "app", None), "state_holder")]
    sessions = gradio.state_holder.session_data
    page = gradio.state_holder["a page"]
    page[next(number for number, block in page.blocks_config.blocks.items() if type(block).__name__ == "State")]
    before = set(sessions)
    assert "a page" in before
    for question in ("Which drones did Azerbaijan use?", CRASH, ""):
        event = client.post("/gradio_api/call/ask", json={"data": [question]}).json()["event_id"]
        assert "event: " in client.get(f"/gradio_api/call/ask/{event}").text
    assert set(sessions) == before
    assert set(gradio.state_holder.time_last_used) == before


def test_a_session_that_holds_something_is_kept_when_the_line_is_full(app: Any) -> None:
    [gradio] = [route.app for route in app.routes if hasattr(getattr(route, "app", None), "state_holder")]
    blocks, holder = gradio.get_blocks(), gradio.state_holder
    page = holder["another page"]
    page[next(number for number, block in page.blocks_config.blocks.items() if type(block).__name__ == "State")]
    assert "a program" not in holder and holder["a program"]
    for session in ("a program", "another page"):
        body = SimpleNamespace(fn_index=None, session_hash=session)
        success, _, state = asyncio.run(blocks._queue.push(body=body, request=None, username=None))
        assert (success, state) == (False, "error")
    assert "a program" not in holder and "another page" in holder


def test_no_request_may_be_larger_than_an_honest_one(client: TestClient) -> None:
    assert client.post("/gradio_api/call/ask", json={"data": ["x" * 1_100_000]}).status_code == 413
    chunks = iter([b'{"data": ["', b"x" * 10, b'"]}'])
    assert client.post("/gradio_api/call/ask", content=chunks).status_code == 413
    assert client.post("/gradio_api/call/ask", json={"data": ["Which drones?"]}).status_code == 200


def test_an_origin_that_cannot_be_read_is_another_page(client: TestClient) -> None:
    response = client.post("/gradio_api/queue/join", json={}, headers={"origin": "http://["})
    assert response.status_code == 403
    assert "content-security-policy" in response.headers


def test_a_full_line_is_said_in_both_languages() -> None:
    from assistant.web.endpoints import Quiet

    async def join() -> Any:
        with Quiet() as blocks:
            pass
        blocks.queue(max_size=0)
        return await blocks._queue.push(SimpleNamespace(fn_index=0), None, None)  # type: ignore[arg-type]

    success, said, state = asyncio.run(join())
    assert (success, state) == (False, "queue_full")
    assert "Ask again in a minute" in said and "بعد دقيقة" in said


def test_a_page_that_nobody_asks_costs_next_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.web.endpoints import Quiet

    pauses: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(seconds)

    async def wait() -> None:
        with Quiet() as blocks:
            pass
        queue = blocks.queue()._queue
        monkeypatch.setattr(asyncio, "sleep", noted)
        waiting = asyncio.gather(queue.start_processing(), queue.start_progress_updates())
        while len(pauses) < 6:
            await sleep(0.01)
        queue.stopped = True
        await waiting

    asyncio.run(wait())
    assert min(pauses) >= 0.02


def test_asking_whether_it_lives_lists_the_articles_once_for_each_state_of_the_index() -> None:
    from assistant.web.app import _Counter

    listed: list[int] = []

    class Library:
        indexed_at = 1

        def documents(self) -> list[int]:
            listed.append(self.indexed_at)
            return [0] * self.indexed_at

    library = Library()
    count = _Counter(library)  # type: ignore[arg-type]
    assert count.known() is None
    assert [count(), count(), count.known()] == [1, 1, 1]
    library.indexed_at = 2
    assert count.known() is None
    assert [count(), count(), count.known()] == [2, 2, 2]
    assert listed == [1, 2]
