"""Questions to begin with, found in the background: the page does not wait for them, and they follow the index."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterable

from assistant.citations import Language
from assistant.web.strings import LANGUAGES

log = logging.getLogger(__name__)

Find = Callable[[Language], Iterable[str]]


class Hints:
    """What ``find`` gives in each language, anew whenever ``made`` (when the index was made) changes."""

    def __init__(self, find: Find, made: Callable[[], dt.datetime]) -> None:
        self._find = find
        self._made = made
        self._lock = threading.Lock()
        self._of: dt.datetime | None = None
        self._found: dict[Language, list[str]] = {}
        self._done = threading.Event()
        self._stopped = threading.Event()

    def questions(self) -> list[str]:
        """The questions of both languages that are known by now; asking for them begins the search for them."""
        with self._lock:
            made = self._made()
            if made != self._of:
                self._of, self._done = made, threading.Event()
                threading.Thread(target=self._run, args=(made, self._done), name="isnad-hints", daemon=True).start()
            return [question for language in LANGUAGES for question in self._found.get(language, ())]

    def stop(self, patience: float = 5.0) -> None:
        """Look for no more of them; what is being looked for is given ``patience`` seconds to end."""
        self._stopped.set()
        with self._lock:
            begun = self._of is not None
        if begun:
            self.wait(patience)

    def wait(self, seconds: float) -> bool:
        """Wait for the search that has begun; whether it ended."""
        return self._done.wait(seconds)

    def _run(self, made: dt.datetime, done: threading.Event) -> None:
        try:
            for language in LANGUAGES:
                found = []
                for question in self._find(language):
                    found.append(question)
                    if self._stopped.is_set():
                        return
                with self._lock:
                    if self._of != made:
                        return
                    self._found[language] = found
        except Exception as fault:  # the edge of a thread: there are no hints then
            log.error("no questions could be suggested: %s: %s", type(fault).__name__, fault)
        finally:
            done.set()
