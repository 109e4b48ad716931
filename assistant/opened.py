"""A generation of the index opened for asking, shared by everybody who is asking it.

An assistant goes on to the next generation while questions are still being answered from the one before. So whoever
answers borrows the generation, and it is closed when it has been put aside and the last borrower is done.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant import corpus as corpora
from assistant.catalogue import DocumentInfo, StoredPassage
from assistant.changes import compare
from assistant.corpus import Document, Skipped
from assistant.errors import FileRefused
from assistant.generation import Generation
from assistant.meaning import Meanings
from assistant.retrieval import Searcher


class Opened:
    """One generation and what reads it. It closes itself: see `retire`."""

    def __init__(self, generation: Generation, folder: Path, meanings: Meanings | None = None) -> None:
        self.name = generation.name
        self.created: dt.datetime = generation.created
        self.searcher = Searcher(generation.catalogue, generation.store, meanings)
        self.empty = not generation.manifest.documents
        self._generation = generation
        self._catalogue = generation.catalogue
        self._folder = folder
        self._users = 0
        self._retired = False
        self._lock = threading.Lock()
        self._copies: dict[str, tuple[str, ...]] | None = None

    def enter(self) -> bool:
        """Borrow it; ``False`` when it was put aside in the meantime. Every ``True`` needs one `leave`."""
        with self._lock:
            if self._retired:
                return False
            self._users += 1
            return True

    def leave(self) -> None:
        """Give it back."""
        with self._lock:
            self._users -= 1
            last = self._retired and not self._users
        if last:
            self._generation.close()

    def retire(self) -> None:
        """Put it aside: nobody new may borrow it, and it is closed when nobody uses it any more."""
        with self._lock:
            first, self._retired = not self._retired, True
            unused = first and not self._users
        if unused:
            self._generation.close()

    def documents(self) -> list[DocumentInfo]:
        """All articles without their texts, sorted by file name."""
        return self._catalogue.documents()

    def skipped(self) -> list[Skipped]:
        """Files of the folder that were left out, each with its reason."""
        return self._catalogue.skipped()

    def copies(self, file: str) -> tuple[str, ...]:
        """The other articles that are copies of an article, sorted by file name."""
        if self._copies is None:
            # Groups are shared by all their members: of a text with thousands of copies each would else hold thousands.
            self._copies = {each: group for group in self._catalogue.copies() for each in group}
        return tuple(other for other in self._copies.get(file, ()) if other != file)

    def document(self, file: str) -> Document:
        """One article with the text that was indexed. Raises `UnknownDocument`."""
        return self._catalogue.document(file)

    def passages(self, file: str) -> list[StoredPassage]:
        """The passages of one article, in order."""
        return self._catalogue.passages(self._catalogue.passage_ids(file))

    def outdated(self) -> bool:
        """Whether the folder has changed since, or the server lost the index: a look at names, sizes and times of files.

        Raises:
            CorpusNotFound: the folder is gone.
        """
        if getattr(self._generation.store, "lost", False):
            return True
        files, refused = corpora.scan(self._folder)
        started = self._generation.manifest.started_ns
        return bool(compare(self._folder, files, refused, self._catalogue, started))

    def is_stale(self, file: str) -> bool:
        """Whether the file no longer holds what was indexed: changed, unreadable or gone."""
        recorded = self._catalogue.recorded_of(file)
        try:
            stat = corpora.locate(self._folder, file).stat()
            if recorded and (stat.st_size, stat.st_mtime_ns) == (recorded.size, recorded.mtime_ns):
                return False
            return recorded is None or corpora.hash_file(self._folder, file) != recorded.sha256
        except (OSError, FileRefused):
            return True


@contextmanager
def borrowed(current: Callable[[], Opened]) -> Iterator[Opened]:
    """What ``current`` says is the opened generation, which stays open until the block ends."""
    opened = current()
    while not opened.enter():
        following = current()
        if following is opened:
            raise ValueError("the assistant has been closed")
        opened = following
    try:
        yield opened
    finally:
        opened.leave()
