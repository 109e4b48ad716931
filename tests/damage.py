"""What can happen to files behind our back: damage, and a disk that cannot be written."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

DAMAGES = ("delete", "empty", "halve", "flip")


def spoil(path: Path, damage: str) -> None:
    """Delete, empty or halve a file, or flip all bits of the byte in its middle."""
    size = path.stat().st_size
    if damage == "delete":
        path.unlink()
        return
    with path.open("r+b") as file:
        if damage == "flip":
            file.seek(size // 2)
            byte = file.read(1)
            file.seek(size // 2)
            file.write(bytes([byte[0] ^ 0xFF]))
        else:
            file.truncate(size // 2 if damage == "halve" else 0)


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing in ``folder`` can be written while this lasts (except by root: see `as_plain_user`)."""
    items = [folder, *folder.rglob("*")]
    for item in items:
        item.chmod(0o555 if item.is_dir() else 0o444)
    try:
        yield
    finally:
        for item in items:
            item.chmod(0o755 if item.is_dir() else 0o644)


def as_plain_user(command: list[str]) -> list[str]:
    """The command without the power to write where the mode forbids it."""
    if os.geteuid() != 0:
        return command
    tool = shutil.which("setpriv")
    if tool is None:
        pytest.skip("root may write anywhere and setpriv, which could forbid it, is missing")
    return [tool, "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all", *command]
