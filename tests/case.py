"""A case of the torture run: what is done, what is expected, and a figure to read.

A case is a function that is given a `Lab` and returns a line of figures. It fails by raising, `AssertionError` for what was
looked for and anything else for what was not; what this machine lacks is `NotRun`, which is no success.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from assistant.settings import Settings

ROOT: Final = Path(__file__).parents[1]
SEEDS: Final = ROOT / "seeds"


class NotRun(Exception):
    """The case needs something that this machine does not have or allow."""


@dataclass
class Lab:
    """Where a case works. ``minutes`` is how long a soak lasts; ``seed`` decides everything that is random."""

    folder: Path
    minutes: float = 5.0
    seed: int = 1
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def place(self, name: str) -> Path:
        """A path of the case's own, not made yet."""
        return self.folder / name

    @property
    def settings(self) -> Settings:
        """The defaults, whatever the environment says; a small disk must not fail a case."""
        return Settings(_env_file=None, reserve_mb=1)


class Case(NamedTuple):
    """``alone``: its clock is judged, so nothing else may run beside it. ``waits``: it mostly does, for minutes, so others may."""

    name: str
    expected: str
    run: Callable[[Lab], str]
    alone: bool = False
    waits: bool = False
