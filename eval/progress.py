"""What every command of the evaluation does at a terminal and at its end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress


@contextmanager
def bar(total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr, at a terminal only."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("asking", total=total)
        yield lambda done: progress.update(task, completed=done)


def write(path: Path, head: dict[str, Any], rows: Sequence[dict[str, Any]]) -> None:
    """One JSON object: the manifest and the measures, then ``rows``."""
    path.write_text(json.dumps({**head, "rows": rows}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
