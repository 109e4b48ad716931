"""Calls to the system that fail at a chosen moment, or kill: the n-th write, fsync or rename of a program and its children.

After SQLite's tests (https://sqlite.org/testing.html, "I/O error testing"): let the n-th call fail for n = 1, 2, 3 ... until a run
comes to its end without having been struck. The calls of the engine and of SQLite are struck like Python's, for a small library is
loaded before the C library (``refuse.c``), which a C compiler makes when it is wanted.
"""

from __future__ import annotations

import errno
import mmap
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Final

from tests.case import NotRun

WRITE, FSYNC, RENAME = 1, 2, 4
EVERY: Final = WRITE | FSYNC | RENAME
EIO, ENOSPC = errno.EIO, errno.ENOSPC
KILL, KILL_GROUP = 0, -1
_SOURCE: Final = Path(__file__).with_name("refuse.c")
_NUMBERS: Final = struct.Struct("=6q")


def library(folder: Path) -> Path:
    """The library, compiled into ``folder``. Raises `NotRun` where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    made = folder / "refuse.so"
    if compiler is None:
        raise NotRun("it needs a C compiler (cc)")
    done = subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", str(made), str(_SOURCE), "-ldl"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotRun(f"the library cannot be compiled here: {done.stderr.strip().splitlines()[:1]}")
    return made


class Refusals:
    """What is refused to the processes that are started with `environment`, below the folder ``under``."""

    def __init__(self, made: Path, under: Path, plan: Path) -> None:
        plan.write_bytes(bytes(_NUMBERS.size))
        with plan.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _NUMBERS.size)
        self.environment = {"LD_PRELOAD": str(made), "REFUSE_UNDER": f"{under.resolve()}/", "REFUSE_PLAN": str(plan)}

    def arm(self, at: int, how: int, kinds: int = EVERY, *, on: bool = False) -> None:
        """Strike the call ``at`` (0: none, they are only counted) of ``kinds``; with ``on`` all later ones too."""
        self._shared[:] = _NUMBERS.pack(0, at, how, kinds, on, 0)

    def set_clock(self, seconds: int) -> None:
        """Let the clock be wrong by so much; nothing is struck."""
        self._shared[:] = _NUMBERS.pack(0, 0, 0, 0, 0, seconds)

    @property
    def calls(self) -> int:
        """How many calls there were since `arm`."""
        return int(_NUMBERS.unpack(self._shared[:])[0])
