"""Public sets from their authors' own repositories, at a pinned commit and with a pinned SHA-256. Nothing of them is in this
repository, and nothing is downloaded but by this command."""

from __future__ import annotations

import hashlib
import tomllib
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from eval.questions import Language

PINS = Path(__file__).parent / "data" / "sets.toml"
INTO = Path(".isnad") / "sets"
XQUAD: Mapping[Language, Path] = {"ar": INTO / "xquad.ar.json", "en": INTO / "xquad.en.json"}
ARCD: Mapping[Language, Path] = {"ar": INTO / "arcd-test.json"}
NAMES = ("xquad", "arcd")
_LARGEST, _SECONDS = 64 * 2**20, 30


class NotFetched(Exception):
    """A set could not be downloaded, or is not what was pinned; nothing was written."""


class PublicFile(NamedTuple):
    """A file of a set; ``sha256`` is empty while nobody has recorded it."""

    name: str
    sha256: str


class PublicSet(NamedTuple):
    """Where a set is, and under which licence."""

    licence: str
    base: str
    files: tuple[PublicFile, ...]


def pinned(path: Path = PINS) -> dict[str, PublicSet]:
    """The sets of the file of pins."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: PublicSet(one["licence"], one["base"], tuple(PublicFile(**file) for file in one["files"]))
        for name, one in tables.items()
    }


def fetch(wanted: PublicSet, into: Path, unpinned: bool = False) -> list[tuple[Path, str]]:
    """Download what is not there yet; returns the files with their SHA-256.

    Raises:
        NotFetched: there is no network, or a file is not the pinned one. All files are checked before one is written.
    """
    contents: dict[Path, bytes] = {}
    for file in wanted.files:
        path = into / file.name
        there = path.exists()
        content = path.read_bytes() if there else _download(wanted.base + file.name)
        digest = hashlib.sha256(content).hexdigest()
        if file.sha256 and digest != file.sha256:
            place = str(path) if there else wanted.base + file.name
            raise NotFetched(f"{place} is not the pinned file: sha256 {digest}, expected {file.sha256}")
        if not file.sha256 and not unpinned:
            raise NotFetched(
                f"no SHA-256 is pinned for {file.name}; what is there has {digest}. "
                "Compare it with a source you trust, then use --unpinned, or put it into eval/data/sets.toml."
            )
        contents[path] = content
    into.mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        fresh = path.with_name(path.name + ".part")
        fresh.write_bytes(content)
        fresh.replace(path)
    return [(path, hashlib.sha256(content).hexdigest()) for path, content in contents.items()]


def _download(address: str) -> bytes:
    if not address.startswith(("https://", "http://127.0.0.1:")):
        raise NotFetched(f"{address} is not an https address")
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 - checked above
            content: bytes = answer.read(_LARGEST + 1)
    except (urllib.error.URLError, OSError) as error:
        raise NotFetched(
            f"{address} cannot be reached: {error}. Fetching needs the network once; "
            "a set that you have already can be named by its path: python -m eval run --help."
        ) from error
    if len(content) > _LARGEST:
        raise NotFetched(f"{address} is larger than {_LARGEST} bytes")
    return content
