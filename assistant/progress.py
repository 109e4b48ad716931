"""What a command prints to, and the progress of indexing there. Rich is loaded when something is shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from assistant.settings import Settings


def console_of(settings: Settings, *, error: bool = False) -> Console:
    """Where a command prints: standard output, or standard error; coloured as the settings say."""
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:
            raise  # rich calls this while it handles the error, and would end the program with failure

    forced = {"always": True, "never": False}.get(settings.color)
    console = Piped(stderr=error, force_terminal=forced, no_color=settings.color == "never" or None, highlight=False)
    if not (sys.stderr if error else sys.stdout).isatty():
        console.width = 10_000  # lines for another program, or a file, are not broken
    return console


@contextmanager
def progress(settings: Settings) -> Iterator[Bar]:
    """The progress of indexing on standard error, when a person is watching."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = console_of(settings, error=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield Bar(bar)


class Bar:
    """The progress of indexing, a line for each stage."""

    _NAMES: ClassVar = {
        "copy": "Copying the index",
        "read": "Reading articles",
        "embed": "Embedding passages",
        "write": "Writing the index",
        "send": "Sending to the index server",
        "done": "Index ready",
    }

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def watch(self, step: Any) -> None:
        """Show a step."""
        if step.stage == "done":
            self._progress.stop()
            return
        total = step.total or None  # not known yet
        if step.stage not in self._tasks:
            name = self._NAMES.get(step.stage, step.stage)
            self._tasks[step.stage] = self._progress.add_task(name, total=total, rate="")
        number = self._tasks[step.stage]
        self._progress.update(number, completed=step.done, total=total)
        if speed := self._progress.tasks[number].speed:
            self._progress.update(number, rate=f"{speed:.0f}/s" if speed >= 10 else f"{speed:.1f}/s")

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Take it away, so that somebody can be asked."""
        self._progress.stop()
        yield
        self._progress.start()
