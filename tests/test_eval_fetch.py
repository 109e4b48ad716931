"""Fetching from a server on this machine: pinned files only, all or none, and clear words when there is no network."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from eval.fetch import ARCD, INTO, NAMES, XQUAD, NotFetched, PublicFile, PublicSet, fetch, pinned

ONE = b'{"data": []}'
DIGEST = hashlib.sha256(ONE).hexdigest()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def base(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "one.json").write_bytes(ONE)
    (tmp_path / "served" / "two.json").write_bytes(ONE + b" ")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "served"))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


def wanted(base: str, **files: str) -> PublicSet:
    return PublicSet("free", base, tuple(PublicFile(f"{name}.json", digest) for name, digest in files.items()))


def test_a_pinned_file_is_kept(base: str, tmp_path: Path) -> None:
    into = tmp_path / "sets"
    assert fetch(wanted(base, one=DIGEST), into) == [(into / "one.json", DIGEST)]
    assert (into / "one.json").read_bytes() == ONE
    assert [path.name for path in into.iterdir()] == ["one.json"]


def test_a_file_that_is_there_is_not_fetched_again(base: str, tmp_path: Path) -> None:
    fetch(wanted(base, one=DIGEST), tmp_path)
    assert fetch(wanted("http://127.0.0.1:1/", one=DIGEST), tmp_path) == [(tmp_path / "one.json", DIGEST)]
    (tmp_path / "one.json").write_bytes(b"changed")
    with pytest.raises(NotFetched, match=r"one\.json is not the pinned file"):
        fetch(wanted(base, one=DIGEST), tmp_path)


def test_another_file_is_refused_and_nothing_written(base: str, tmp_path: Path) -> None:
    with pytest.raises(NotFetched, match=f"two.json is not the pinned file: sha256 .* expected {DIGEST}"):
        fetch(wanted(base, one=DIGEST, two=DIGEST), tmp_path / "sets")
    assert not (tmp_path / "sets").exists()


def test_what_nobody_pinned_needs_a_word(base: str, tmp_path: Path) -> None:
    with pytest.raises(NotFetched, match=f"no SHA-256 is pinned for one.json; what is there has {DIGEST}"):
        fetch(wanted(base, one=""), tmp_path / "sets")
    assert not (tmp_path / "sets").exists()
    assert fetch(wanted(base, one=""), tmp_path / "sets", unpinned=True)[0][1] == DIGEST


@pytest.mark.parametrize(
    ("address", "message"),
    [("http://127.0.0.1:1/", "cannot be reached.*by its path"), ("http://example.org/", "not an https address")],
)
def test_without_the_network_it_says_so(tmp_path: Path, address: str, message: str) -> None:
    with pytest.raises(NotFetched, match=message):
        fetch(wanted(address, one=DIGEST), tmp_path)


def test_the_committed_pins_name_one_commit_each() -> None:
    assert tuple(pinned()) == NAMES
    for one in pinned().values():
        assert one.base.startswith("https://raw.githubusercontent.com/")
        (commit,) = re.findall("/([0-9a-f]{40})/", one.base)
        assert set(commit) != {"0"}
        assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in one.files)
        assert "CC BY" in one.licence or "MIT" in one.licence


def test_what_is_fetched_is_where_a_suite_looks_for_it() -> None:
    looked_for = {*XQUAD.values(), *ARCD.values()}
    assert {INTO / file.name for one in pinned().values() for file in one.files} == looked_for
