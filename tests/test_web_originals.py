"""The file of an article, served to the reader: shown where that is safe, saved where it is not, and never another file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.chat import Assistant
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.security import CONTENT_POLICY, SANDBOX
from assistant.web.sources import reference

HOME = {"base_url": "http://127.0.0.1:7860"}
ARABIC = "عقدت المحادثات في جنيف يوم الأحد، وقال الوزير إنها كانت مفيدة للجميع.\n"
PAGE = "<html><head><title>Talks</title><script>alert(1)</script></head><body><p>The talks were held in Geneva.</p></body></html>"
FILES = {
    "plain.txt": b"The talks were held in Geneva.\n",
    "\u0639\u0631\u0628\u064a.txt": ARABIC.encode("cp1256"),
    "page.html": PAGE.encode(),
    "rows.csv": b"title,text\nTalks,The talks were held in Geneva.\n",
    "old.rtf": rb"{\rtf1\ansi The talks were held in Geneva.}",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("originals") / "articles"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    with (
        Assistant.open(folder, folder.parent / "index", Settings(_env_file=None, reserve_mb=1)) as assistant,
        TestClient(create_app(assistant), **HOME) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("file", "media", "way", "policy"),
    [
        ("plain.txt", "text/plain; charset=utf-8", "inline; filename*=utf-8''plain.txt", CONTENT_POLICY),
        ("\u0639\u0631\u0628\u064a.txt", "text/plain; charset=windows-1256", "inline; filename*=utf-8''%D8%B9%D8%B1%D8%A8%D9%8A.txt", CONTENT_POLICY),
        ("page.html", "text/html; charset=utf-8", "inline; filename*=utf-8''page.html", SANDBOX),
        ("rows.csv#1", "text/plain; charset=utf-8", "inline; filename*=utf-8''rows.csv", CONTENT_POLICY),
        ("old.rtf", "application/octet-stream", "attachment; filename*=utf-8''old.rtf", CONTENT_POLICY),
    ],
)  # fmt: skip
def test_each_kind_is_shown_or_saved(client: TestClient, file: str, media: str, way: str, policy: str) -> None:
    answer = client.get("/api/original", params={"ref": reference(file, 0, 5)})
    assert answer.status_code == 200
    assert answer.content == FILES[file.partition("#")[0]]
    assert (answer.headers["content-type"], answer.headers["content-disposition"]) == (media, way)
    assert answer.headers["content-security-policy"] == policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_the_sandbox_allows_nothing() -> None:
    assert SANDBOX.startswith("sandbox; default-src 'none'")
    assert "script" not in SANDBOX and "allow-" not in SANDBOX


@pytest.mark.parametrize(
    "ref",
    ["", "x", "../../etc/passwd", reference("../outside.txt", 0, 0), reference("/etc/passwd", 0, 0), reference(".hidden.txt", 0, 0),
     reference("nobody.txt", 0, 0), reference("rows.csv", 0, 0), reference("plain.txt\0", 0, 0)],
)  # fmt: skip
def test_only_what_is_indexed_is_served(client: TestClient, folder: Path, ref: str) -> None:
    (folder.parent / "outside.txt").write_text("secret")
    (folder / ".hidden.txt").write_text("secret")
    answer = client.get("/api/original", params={"ref": ref, "ui": "ar"})
    assert answer.status_code == 404 and "secret" not in answer.text
    assert answer.json()["error"]


def test_a_file_that_is_gone_or_leads_outside_is_told_in_one_line(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parents[1] / "seeds", tmp_path / "articles")
    first, second = sorted((tmp_path / "articles").glob("*.txt"))[:2]
    (tmp_path / "secret.txt").write_text("secret")
    with (
        Assistant.open(tmp_path / "articles", tmp_path / "index", Settings(_env_file=None, reserve_mb=1)) as assistant,
        TestClient(create_app(assistant), **HOME) as client,
    ):
        first.unlink()
        second.unlink()
        second.symlink_to(tmp_path / "secret.txt")
        for file in (first, second):
            for ui in ("ar", "en"):
                answer = client.get("/api/original", params={"ref": reference(file.name, 0, 0), "ui": ui})
                assert answer.status_code == 404 and "secret" not in answer.text.replace("secret.txt", "")
                assert file.name in answer.json()["error"]
