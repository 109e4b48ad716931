"""Keeping an index up to date: looking at the folder now and then, and following it. For a served assistant a thread does so.

A look costs a listing of the folder, so a large one is looked at less often: looking takes at most a small share of the
time. What the thread is doing, and what it last did, is there for the page to show.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from assistant.builder import Progress, Watcher
from assistant.errors import IsnadError
from assistant.index import Summary

log = logging.getLogger(__name__)

INTERVAL: Final = 3.0
"""Seconds between two looks at the folder, at least."""
_SHARE: Final = 30
"""A look that took t seconds is not repeated before this many times t."""


def follow(
    sync: Callable[[], Summary],
    told: Callable[[Summary | IsnadError], None],
    stop: threading.Event,
    interval: float = INTERVAL,
) -> None:
    """Bring an index up to date again and again until ``stop`` is set.

    ``told`` hears of the first time, of every time that something changed, and once of each fault: the folder may come back,
    and so may space on the disk.
    """
    last: str | None = None
    first = True
    while not stop.is_set():
        begun, looked = time.monotonic(), True
        try:
            summary = sync()
        except IsnadError as fault:
            if str(fault) != last:
                told(fault)
            last = str(fault)
        else:
            changed = summary.added or summary.changed or summary.removed or summary.rebuilt
            if first or last or changed:
                told(summary)
            looked = not changed
            first, last = False, None
        # After a build the next look comes soon: what took its time was not the looking.
        stop.wait(max(interval, _SHARE * (time.monotonic() - begun)) if looked else interval)


class Followed(Protocol):
    """What can follow its folder; `assistant.chat.Assistant` is one."""

    def outdated(self) -> bool: ...
    def refresh(self, progress: Watcher | None = None) -> Summary: ...


@dataclass(frozen=True, slots=True)
class State:
    """``doing``: nothing, looking or indexing. ``done`` of ``total`` counts the files or passages of ``stage``.

    ``runs`` counts the times the index was brought up to date; ``summary`` and ``fault`` are of the last time.
    """

    doing: Literal["idle", "indexing"] = "idle"
    stage: str = ""
    done: int = 0
    total: int = 0
    runs: int = 0
    summary: Summary | None = None
    fault: IsnadError | None = None


class FolderWatch:
    """Follows the folder of ``assistant`` from `start` to `stop`. `wake` makes it look at once."""

    def __init__(self, assistant: Followed, interval: float = INTERVAL) -> None:
        self._assistant = assistant
        self._interval = interval
        self._state = State()
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="isnad-watch", daemon=True)

    @property
    def state(self) -> State:
        """What it is doing now."""
        return self._state

    def start(self) -> None:
        """Begin to follow the folder."""
        self._thread.start()

    def stop(self, patience: float = 5.0) -> None:
        """Stop following it; a build that has begun is given ``patience`` seconds, then left to its child."""
        self._stopped.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(patience)

    def wake(self) -> None:
        """Look at the folder now."""
        self._wake.set()

    def _run(self) -> None:
        pause = self._interval
        while not self._stopped.is_set():
            self._wake.wait(pause)
            self._wake.clear()
            if self._stopped.is_set():
                return
            pause = max(self._interval, _SHARE * self.look())

    def look(self) -> float:
        """Look at the folder once, and bring the index up to date if it has changed. Never raises.

        Returns the seconds of what should not be repeated soon: of the look alone, or of a build as well that failed.
        """
        begun = time.monotonic()
        looked = 0.0
        try:
            outdated = self._assistant.outdated()
            looked = time.monotonic() - begun
            if outdated:
                self._follow()
            elif self._state.fault is not None:
                self._state = State(runs=self._state.runs, summary=self._state.summary)
        except IsnadError as fault:
            self._state = State(runs=self._state.runs, summary=self._state.summary, fault=fault)
        except Exception as fault:  # the edge of a thread: it must not die, and says so in the log
            log.error("the folder could not be followed: %s: %s", type(fault).__name__, fault)
            self._state = State(runs=self._state.runs, summary=self._state.summary, fault=IsnadError())
        return time.monotonic() - begun if self._state.fault else looked

    def _follow(self) -> None:
        runs, last = self._state.runs, self._state.summary

        def watch(step: Progress) -> None:
            self._state = State("indexing", step.stage, step.done, step.total, runs, last)

        self._state = State("indexing", runs=runs, summary=last)
        summary = self._assistant.refresh(watch)
        if summary.behind:
            raise summary.behind
        self._state = State(runs=runs + 1, summary=summary)
