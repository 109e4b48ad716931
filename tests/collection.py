"""A small collection in one process: a real catalogue, and a brute-force store in the engine's place."""

from __future__ import annotations

import hashlib
import weakref
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from assistant import cutting
from assistant.catalogue import LANGUAGES, Catalogue, StoredPassage
from assistant.cataloguing import CatalogueWriter
from assistant.corpus import Document
from assistant.language.terms import passage_terms
from assistant.language.text import Language, language_of
from assistant.language.tokens import tokens
from assistant.matching import Matcher
from assistant.matrix import Group
from assistant.reading import prepare
from assistant.retrieval import Searcher
from assistant.store.base import Point, Scored


class BruteStore:
    """A `Store` that multiplies the question with every passage."""

    def __init__(self) -> None:
        self.points: dict[int, Point] = {}

    def upsert(self, points: Sequence[Point]) -> None:
        self.points.update({point.id: point for point in points})

    def delete(self, ids: Sequence[int]) -> None:
        for number in ids:
            self.points.pop(number, None)

    def search(
        self, language: Language, vector: Mapping[int, float], limit: int, among: Collection[int] | None = None
    ) -> list[Scored]:
        found = [
            Scored(
                point.id, sum(point.vector[term] * weight for term, weight in vector.items() if term in point.vector)
            )
            for point in self.points.values()
            if point.language == language
            and (among is None or point.id in among)
            and not vector.keys().isdisjoint(point.vector)
        ]
        return sorted(found, key=lambda scored: (-scored.score, scored.id))[: max(0, limit)]

    def count(self) -> int:
        return len(self.points)

    def flush(self) -> None: ...

    def close(self) -> None: ...


def brute_store(passages: Sequence[StoredPassage]) -> BruteStore:
    """The passages as points, their vectors computed anew from their texts."""
    store = BruteStore()
    store.upsert([Point(p.id, p.language, passage_terms(p.text).vector) for p in passages])
    return store


def token_starts(passage: StoredPassage) -> list[int]:
    """Where the tokens of a passage begin in its document."""
    return [passage.start + token.start for token in tokens(passage.text)]


def document(file: str, text: str, title: str = "") -> Document:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(
        file=file, text=text, title=title or text.split("\n")[0], date=None, outlet=None, url=None,
        language=language_of(text), encoding="utf-8", encoding_guessed=False, sha256=digest, size=len(text), mtime_ns=0,
    )  # fmt: skip


class SmallCollection:
    """Documents that can be searched. The catalogue is written to ``path``."""

    def __init__(self, path: Path, texts: Mapping[str, str] | Sequence[Document]) -> None:
        documents = [document(*item) for item in texts.items()] if isinstance(texts, Mapping) else texts
        path.unlink(missing_ok=True)
        writer = CatalogueWriter(path)
        for each in documents:
            writer.add(prepare(each, cutting.passages(each), writer.packer))
        writer.finish()
        self.documents = {each.file: each for each in documents}
        self.path, self.catalogue = path, Catalogue(path)
        weakref.finalize(self, self.catalogue.close)
        self.passages = self.catalogue.passages(
            [n for file in self.documents for n in self.catalogue.passage_ids(file)]
        )
        self.store = brute_store(self.passages)
        self.searcher = Searcher(self.catalogue, self.store)
        self.matchers = {
            language: Matcher(self.catalogue, language)
            for language in LANGUAGES
            if self.catalogue.statistics(language).passages
        }

    def groups(self, question: str) -> list[Group]:
        """All passages matched with the question, one group per language."""
        return self.searcher.match(question, self.passages)

    def words(self, language: Language, words: str) -> list[int]:
        """Type ids of words of the collection."""
        found = self.catalogue.find_words(language, words.split())
        return [found[word].id for word in words.split()]
