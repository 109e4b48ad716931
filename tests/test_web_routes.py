"""The page's own routes over a real assistant: articles listed, added, removed, put back, and the state of the index."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from assistant import corpus
from assistant.chat import Assistant
from assistant.errors import NoSpaceLeft
from assistant.index import Summary
from assistant.settings import Settings
from assistant.shelf import Shelf
from assistant.watching import State
from assistant.web import routes
from assistant.web.app import create_app

HOME = {"base_url": "http://127.0.0.1:7860"}
TEXT = "The lighthouse keeper is called Theodora.\n"


class Watched:
    def __init__(self) -> None:
        self.state = State()
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def folder(tmp_path: Path, seeds: Path) -> Path:
    shutil.copytree(seeds, tmp_path / "articles")
    return tmp_path / "articles"


@pytest.fixture
def assistant(folder: Path, settings: Settings) -> Iterator[Assistant]:
    with Assistant.open(folder, folder.parent / "index", settings) as opened:
        yield opened


@pytest.fixture
def client(assistant: Assistant, folder: Path, watched: Watched) -> Iterator[TestClient]:
    shelf = Shelf(folder, folder.parent / "removed", reserve_mb=0)
    with TestClient(create_app(assistant, watched=watched, shelf=shelf), **HOME) as client:
        yield client


@pytest.fixture(scope="module")
def fixed(over_seeds: Assistant) -> Iterator[TestClient]:
    """A page whose readers may not change the folder."""
    with TestClient(create_app(over_seeds), **HOME) as client:
        yield client


class Refusing(NamedTuple):
    """A page over a folder that no test changes, for all that is refused."""

    client: TestClient
    folder: Path
    watched: Watched


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory, over_seeds: Assistant, seeds: Path) -> Iterator[Refusing]:
    root, watched = tmp_path_factory.mktemp("refusing"), Watched()
    folder = Path(shutil.copytree(seeds, root / "articles"))
    shelf = Shelf(folder, root / "removed", reserve_mb=0)
    with TestClient(create_app(over_seeds, watched=watched, shelf=shelf), **HOME) as client:
        yield Refusing(client, folder, watched)


def listed(client: TestClient, **query: str) -> Any:
    response = client.get("/api/articles", params=query)
    assert response.status_code == 200
    return response.json()


def test_the_articles_are_listed(fixed: TestClient) -> None:
    found = listed(fixed)
    assert (found["count"], found["all"], found["pages"]) == (5, 5, 1)
    assert found["rows"].count("<tr") == 5
    assert "مساعي لتطويق المواجهة العسكرية" in found["rows"]
    assert not found["changeable"]
    assert "data-act" not in found["rows"]
    assert listed(fixed, q="مساعي")["count"] == 1
    assert listed(fixed, outlet="nobody")["count"] == 0
    assert [count for _, count in found["outlets"]]


def test_an_article_is_added_and_the_index_told(client: TestClient, folder: Path, watched: Watched) -> None:
    response = client.post("/api/articles", params={"name": "keeper.txt"}, content=TEXT.encode())
    assert response.json() == {"file": "keeper.txt", "state": "added"}
    assert (folder / "keeper.txt").read_text() == TEXT
    assert watched.woken == 1
    assert client.post("/api/articles", params={"name": "keeper.txt"}, content=TEXT.encode()).json()["state"] == "same"


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("x.png", b"123", 422, "files of this kind are not read"),
        ("x.txt", b"", 422, "empty"),
        ("x.txt", b"\x00" * 100, 422, "text"),
        ("../../x.exe", b"text", 422, "files of this kind are not read"),
        ("x.txt", b"x" * (corpus.MAX_BYTES + 1), 413, ""),
    ],
)
def test_what_is_no_article_is_refused_in_one_line(
    refusing: Refusing, name: str, content: bytes, status: int, said: str
) -> None:
    client, folder, _ = refusing
    before = sorted(folder.iterdir())
    response = client.post("/api/articles", params={"name": name}, content=content)
    assert response.status_code == status
    assert said in response.json()["error"]
    assert "\n" not in response.json()["error"]
    arabic = client.post("/api/articles", params={"name": name, "ui": "ar"}, content=content).json()["error"]
    assert arabic.startswith("رُفض")
    assert sorted(folder.iterdir()) == before


def test_an_article_with_more_bytes_than_it_said_is_too_large(refusing: Refusing) -> None:
    response = refusing.client.post(
        "/api/articles", params={"name": "x.txt"}, content=b"x", headers={"content-length": str(corpus.MAX_BYTES + 9)}
    )
    assert response.status_code == 413


def test_an_article_is_removed_and_put_back(client: TestClient, folder: Path, watched: Watched) -> None:
    file = next(folder.glob("000_*")).name
    token = client.request("DELETE", "/api/articles", params={"file": file}).json()["token"]
    assert not (folder / file).exists()
    assert client.post("/api/articles/restore", params={"token": token}).json() == {"file": file}
    assert (folder / file).exists()
    assert watched.woken == 2


def test_the_list_says_what_is_out_of_the_folder_and_not_yet_out_of_it(
    client: TestClient, assistant: Assistant, folder: Path
) -> None:
    file, other = (next(folder.glob(f"{number}_*")).name for number in ("000", "001"))
    asked = {"leaving": [file, other, "unknown.txt", "../x"], "q": "no such words", "page": "7"}

    def leaving() -> list[str]:
        answer: list[str] = client.get("/api/articles", params=asked).json()["leaving"]
        return answer

    assert leaving() == []
    token = client.request("DELETE", "/api/articles", params={"file": file}).json()["token"]
    assert leaving() == [file]
    client.post("/api/articles/restore", params={"token": token})
    assert leaving() == []
    client.request("DELETE", "/api/articles", params={"file": file})
    assistant.refresh()
    assert leaving() == []
    assert listed(client)["leaving"] == []


@pytest.mark.parametrize("file", ["../index/CURRENT", "nothing.txt", "/etc/passwd", ""])
def test_only_articles_can_be_removed(refusing: Refusing, file: str) -> None:
    before = sorted(refusing.folder.iterdir())
    response = refusing.client.request("DELETE", "/api/articles", params={"file": file})
    assert response.status_code == 422
    assert "\n" not in response.json()["error"]
    assert sorted(refusing.folder.iterdir()) == before


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/articles"), ("DELETE", "/api/articles"), ("POST", "/api/articles/restore")]
)
def test_a_folder_that_is_not_to_be_changed_is_not(fixed: TestClient, method: str, path: str) -> None:
    response = fixed.request(method, path, params={"name": "x.txt", "file": "x.txt"}, content=b"text")
    assert response.status_code == 403
    assert "not added or removed" in response.json()["error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/articles"),
        ("DELETE", "/api/articles"),
        ("POST", "/api/articles/restore"),
        ("POST", "/api/articles/look"),
        ("POST", "/api/feedback"),
        ("PATCH", "/api/conversations"),
        ("DELETE", "/api/conversations"),
    ],
)
def test_other_pages_change_nothing(refusing: Refusing, method: str, path: str) -> None:
    client, _, watched = refusing
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert client.request(method, path, params={"name": "x.txt"}, content=b"x", headers=headers).status_code == 403
    assert watched.woken == 0


def test_the_state_says_what_the_index_is_doing(client: TestClient, watched: Watched) -> None:
    state = client.get("/api/state").json()
    assert (state["doing"], state["articles"], state["fault"], state["last"]) == ("idle", 5, None, None)
    assert "5 articles" in state["status"]
    watched.state = State("indexing", "read", 3, 9)
    state = client.get("/api/state").json()
    assert (state["doing"], state["stage"], state["done"], state["total"]) == ("indexing", "read", 3, 9)
    watched.state = State(runs=1, summary=Summary(added=("a.txt",), removed=("b.txt", "c.txt")))
    assert client.get("/api/state").json()["last"] == {"added": 1, "changed": 0, "removed": 2}
    watched.state = State(fault=NoSpaceLeft(path="x", free=1, needed=2))
    assert "MB free" in client.get("/api/state").json()["fault"]
    assert "قرص" in client.get("/api/state", params={"ui": "ar"}).json()["fault"]


def test_looking_wakes_the_watch(client: TestClient, watched: Watched) -> None:
    assert client.post("/api/articles/look").status_code == 200
    assert watched.woken == 1


@pytest.mark.parametrize(("pause", "whole"), [(0.0, True), (0.15, False)])
def test_whoever_dawdles_is_given_up(monkeypatch: pytest.MonkeyPatch, pause: float, whole: bool) -> None:
    """A byte now and then is not enough."""
    monkeypatch.setattr(routes, "_BEGINNING", 0.2)

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)
        sent.append(1)
        return {"type": "http.request", "body": b"x", "more_body": len(sent) < 20}

    sent: list[int] = []
    scope = {"type": "http", "method": "POST", "path": "/api/articles", "headers": []}
    data = asyncio.run(routes._body(Request(scope, receive)))
    assert data == (b"x" * 20 if whole else None)
