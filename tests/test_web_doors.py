"""Where there are users, nobody else gets in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.errors import BadSetting
from assistant.keeping.database import Database
from assistant.keeping.users import Users
from assistant.web import doors, server
from assistant.web.app import create_app
from assistant.web.doors import Sessions
from tests.web_double import Double

HOME = {"base_url": "http://127.0.0.1:7860"}
PASSWORD = "a long enough password"


@pytest.fixture
def users(tmp_path: Path) -> Users:
    users = Users(tmp_path / "users.txt")
    users.add("layla", PASSWORD)
    users.add("karim", PASSWORD + "!")
    return users


@pytest.fixture
def client(users: Users, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Double(), users=users, database=Database(f"sqlite:///{tmp_path}/kept.sqlite"))
    with TestClient(app, follow_redirects=False, **HOME) as client:
        yield client


def sign_in(client: TestClient, name: str = "layla", password: str = PASSWORD) -> int:
    return client.post("/login", data={"name": name, "password": password}).status_code


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/config"),
        ("GET", "/gradio_api/info"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/call/ask"),
        ("GET", "/api/articles"),
        ("GET", "/api/state"),
        ("GET", "/api/conversations"),
        ("POST", "/api/articles"),
        ("POST", "/api/feedback"),
    ],
)
def test_nothing_is_served_to_someone_who_has_not_signed_in(client: TestClient, method: str, path: str) -> None:
    response = client.request(method, path, json={})
    assert response.status_code == 401
    assert "not signed in" in response.json()["error"]


def test_the_page_leads_to_signing_in_and_back(client: TestClient) -> None:
    assert client.get("/").headers["location"] == "/login"
    shown = client.get("/login")
    assert shown.status_code == 200
    assert "script" not in shown.text
    assert client.get("/login?ui=ar").text.count('dir="rtl"') == 1
    assert sign_in(client) == 303
    assert client.get("/").status_code == 200
    assert client.get("/login").headers["location"] == "/"
    assert client.get("/api/articles").status_code == 200
    assert client.post("/logout").headers["location"] == "/login"
    assert client.get("/api/articles").status_code == 401


def test_signing_out_ends_the_session_and_not_only_the_cookie(client: TestClient) -> None:
    sign_in(client)
    token = client.cookies[doors.COOKIE]
    client.post("/logout")
    assert client.get("/api/state", headers={"cookie": f"{doors.COOKIE}={token}"}).status_code == 401


def test_a_session_of_before_is_worth_nothing_after_signing_in(client: TestClient) -> None:
    client.cookies.set(doors.COOKIE, "planted", domain="127.0.0.1")
    sign_in(client)
    assert "planted" not in [cookie.value for cookie in client.cookies.jar if cookie.domain == "127.0.0.1.local"]
    assert client.get("/api/state", headers={"cookie": f"{doors.COOKIE}=planted"}).status_code == 401


@pytest.mark.parametrize(
    ("name", "password"), [("layla", "wrong"), ("nobody", PASSWORD), ("", ""), ("karim", PASSWORD)]
)
def test_a_wrong_name_or_password_is_refused_without_saying_which(client: TestClient, name: str, password: str) -> None:
    response = client.post("/login", data={"name": name, "password": password})
    assert response.status_code == 401
    assert "The name or the password is wrong." in response.text
    assert doors.COOKIE not in client.cookies


def test_too_many_attempts_have_to_wait(client: TestClient) -> None:
    answers = [sign_in(client, password="wrong") for _ in range(8)]
    assert 429 in answers
    assert sign_in(client) == 429


def test_what_was_typed_as_a_name_is_only_shown(client: TestClient) -> None:
    response = client.post("/login", data={"name": '"><img src=x onerror=alert(1)>', "password": "x"})
    assert "<img src=x" not in response.text


def test_a_user_who_was_removed_is_out(client: TestClient, users: Users) -> None:
    sign_in(client)
    users.remove("layla")
    assert client.get("/api/state").status_code == 401


def test_a_cookie_is_out_of_reach_of_scripts_and_other_pages(client: TestClient) -> None:
    given = client.post("/login", data={"name": "layla", "password": PASSWORD}).headers["set-cookie"]
    assert "HttpOnly" in given
    assert "samesite=strict" in given.lower()


def test_each_user_has_their_own_conversations(client: TestClient) -> None:
    sign_in(client)
    assert client.get("/api/conversations").json()["conversations"] == []


def test_sessions_end_with_time_and_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    sessions = Sessions(lambda: now[0])
    token = sessions.begin("layla")
    assert sessions.user(token) == "layla"
    now[0] = 31 * 24 * 3600
    assert sessions.user(token) is None
    monkeypatch.setattr(doors, "_MOST", 2)
    kept = [sessions.begin("layla") for _ in range(3)]
    assert [sessions.user(each) for each in kept] == [None, "layla", "layla"]


def test_another_address_than_this_machine_s_needs_users(tmp_path: Path) -> None:
    nobody = server.Page(users=Users(tmp_path / "none.txt"))
    for page in (server.Page(), nobody):
        with pytest.raises(BadSetting, match="isnad users add"):
            server.serve(Double(), host="0.0.0.0", port=0, page=page)


def test_only_the_names_that_were_allowed_are_served(users: Users) -> None:
    app = create_app(Double(), users=users, hosts=frozenset({"news.example"}))
    with TestClient(app, base_url="http://news.example") as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/healthz", headers={"host": "127.0.0.1"}).status_code == 421
