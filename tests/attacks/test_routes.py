"""No route of the app, ours or Gradio's, serves strangers, gives out a file, calls an address or tells of the inside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.keeping.database import Database
from assistant.keeping.users import Users
from assistant.shelf import Shelf
from assistant.web.app import create_app
from tests.attacks.routes import HOME, SECRET, STREAMS, Called, attempts, decent, listening, paths_out, request, routes
from tests.web_double import Double

PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("house")
    (place / "articles").mkdir()
    (place / "articles" / "a.txt").write_text("Armenia asked Russia for help.\n", encoding="utf-8")
    (place / "secret.txt").write_text(SECRET, encoding="utf-8")
    return place


def client_of(place: Path, users: Users | None) -> Iterator[TestClient]:
    app = create_app(
        Double(corpus=place / "articles"),
        shelf=Shelf(place / "articles", place / "removed", reserve_mb=0),
        database=Database(f"sqlite:///{place / 'data' / 'kept.sqlite'}"),
        users=users,
    )
    with TestClient(app, raise_server_exceptions=False, **HOME) as client:
        yield client


@pytest.fixture(scope="module")
def client(place: Path) -> Iterator[TestClient]:
    yield from client_of(place, None)


@pytest.fixture(scope="module")
def locked(place: Path) -> Iterator[TestClient]:
    users = Users(place / "users.txt")
    users.add("layla", PASSWORD)
    yield from client_of(place, users)


def found(client: TestClient) -> list[Called]:
    listed = routes(client.app)
    paths = {called.path for called in listed}
    # A list that lost its way would prove nothing.
    assert {
        "/api/articles",
        "/api/conversations/export",
        "/gradio_api/upload",
        "/gradio_api/queue/join",
        "/config",
    } <= paths
    assert len(listed) > 60
    return listed


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:7860", ""])
def test_nobody_is_served_under_another_name(client: TestClient, host: str) -> None:
    for called in found(client):
        response = request(client, called, {"host": host}, url=called.filled("x"))
        assert response.status_code == 421, called
        decent(response)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_no_other_page_changes_anything(client: TestClient, headers: dict[str, str]) -> None:
    for called in found(client):
        if called.method not in ("GET", "HEAD", "OPTIONS"):
            response = request(client, called, headers, url=called.filled("x"), json={})
            assert response.status_code == 403, called
            decent(response)


def test_no_route_gives_out_a_file_or_tells_of_the_inside(
    client: TestClient, place: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in place.rglob("*.txt")}
    for called in found(client):
        for value in paths_out(place / "secret.txt"):
            for given in attempts(called, value):
                if STREAMS.search(called.path):
                    continue
                response = request(client, called, **given)
                decent(response)
    for path, content in before.items():
        assert path.read_bytes() == content
    outside = {path for path in place.rglob("*.txt") if "articles" not in path.parts} - set(before)
    assert outside == set()
    assert "Traceback" not in "".join(capfd.readouterr())


def test_no_route_calls_an_address(client: TestClient) -> None:
    with listening() as (url, calls):
        for called in found(client):
            if STREAMS.search(called.path):
                continue
            for value in (
                url,
                url.removeprefix("http:"),
                url.replace("http://", "http://x@"),
                url.removeprefix("http://"),
            ):
                for given in attempts(called, value):
                    decent(request(client, called, **given))
        assert calls == []


def test_nothing_but_the_door_is_open_to_who_has_not_signed_in(locked: TestClient) -> None:
    for called in found(locked):
        if called.path.startswith(("/isnad", "/healthz", "/favicon.ico", "/robots.txt")) or called.path == "/login":
            continue
        response = request(locked, called, url=called.filled("x"), **({"json": {}} if called.method != "GET" else {}))
        assert response.status_code in (303, 401, 404, 405, 411, 413), (called, response.status_code)
        decent(response)


def test_a_session_that_was_planted_is_no_session(locked: TestClient) -> None:
    cookie = {"cookie": "isnad-session=planted; isnad=" + "a" * 43}
    for called in found(locked):
        if called.path in ("/login", "/login/", "/logout", "/healthz") or called.path.startswith("/isnad"):
            continue
        response = request(locked, called, cookie, url=called.filled("x"))
        assert response.status_code >= 300 or called.path in ("/favicon.ico", "/robots.txt"), called
