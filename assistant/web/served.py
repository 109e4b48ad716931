"""What the page needs of an assistant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant import citations
from assistant.catalogue import DocumentInfo
from assistant.citations import Answer, Citable, Partial
from assistant.corpus import Skipped
from assistant.retrieval import EVERYTHING, Hit
from assistant.scope import Scope
from assistant.settings import Settings


class Named(Protocol):
    """A model that writes answers."""

    @property
    def name(self) -> str: ...


class Served(Protocol):
    """An assistant; `assistant.chat.Assistant` is one."""

    @property
    def settings(self) -> Settings: ...
    @property
    def indexed_at(self) -> dt.datetime: ...
    @property
    def model(self) -> Named | None: ...
    def ask(self, question: str) -> Answer: ...
    def stream(
        self,
        question: str,
        history: Sequence[citations.Turn] = (),
        *,
        scope: Scope = EVERYTHING,
        quotes: int | None = None,
        written: bool = True,
    ) -> Iterator[Partial | Answer]: ...
    def search(self, question: str, limit: int = 10, scope: Scope = EVERYTHING) -> Sequence[Hit]: ...
    def document(self, file: str) -> Citable: ...
    def original(self, file: str) -> bytes: ...
    def documents(self) -> Sequence[DocumentInfo]: ...
    def skipped(self) -> Sequence[Skipped]: ...
    def copies(self, file: str) -> Sequence[str]: ...
    def is_stale(self, file: str) -> bool: ...
