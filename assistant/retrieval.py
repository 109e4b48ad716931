"""From a question to ranked passages: engine, re-ranking, merging of the two languages.

`Searcher` does the work; `PassageRetriever` is its LlamaIndex face: nodes are `TextNode`s with character offsets, and the
assistant's own path goes through it, so that whatever LlamaIndex offers (callbacks, query engines) sees what we see.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Protocol

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from assistant import evidence, ranking
from assistant.ablation import cached, left_out
from assistant.calls import Deadline
from assistant.catalogue import LANGUAGES, DocumentInfo, StoredPassage
from assistant.errors import EmbeddingFault
from assistant.evidence import Evidence, Weighed
from assistant.fusion import NEAREST, fused
from assistant.language.questions import asked
from assistant.language.text import Language
from assistant.loose import loose
from assistant.matching import Matcher, Question, Vocabulary, match_question
from assistant.matrix import Group, Laid, lay_out
from assistant.meaning import Meaning, Meanings
from assistant.outlines import Outline
from assistant.scope import Scope
from assistant.store.base import Store
from assistant.wording import Wording

RERANKED = 50  # passages per language that the engine hands to the match matrix
_RECALLED = 256  # searches, of some seventy kilobytes
EXAMINED = 15  # of the best passages, those whose sentences are looked at
# An English passage scores a little less than its Arabic twin: measured on parallel texts (XQuAD), the median ratio in both
# directions of asking.
_EVEN: dict[Language, float] = {"ar": 1.0, "en": 1.036}
EVERYTHING = Scope()
_PASSAGE = 2.5  # weight of the passage's score beside that of its best sentence: the best of 0 to 6 on XQuAD, by little


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. ``start`` and ``end`` are character offsets in the document's text; scores of one search compare."""

    file: str
    start: int
    end: int
    text: str
    score: float
    title: str
    date: dt.date | None
    same_as: str | None = None
    """The article of a better hit of which this one is a copy: it says the same."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; the date in ISO 8601."""
        return {
            "file": self.file,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "score": round(self.score, 4),
            "title": self.title,
            "date": self.date.isoformat() if self.date else None,
            "same_as": self.same_as,
        }


class Passages(Vocabulary, Protocol):
    """What searching asks of a catalogue."""

    def outlined(self, ids: Sequence[int]) -> list[Outline]: ...
    def passages(self, ids: Sequence[int]) -> list[StoredPassage]: ...
    def passages_within(self, admitted: Callable[[DocumentInfo], bool]) -> frozenset[int]: ...


class Ranked(NamedTuple):
    """A passage and its score; scores compare within one search."""

    passage: StoredPassage
    score: float


class _Placed(NamedTuple):
    """A passage that is ranked and perhaps never read, and its score."""

    outline: Outline
    score: float


class _Pool(NamedTuple):
    """What words alone find: passages best first, and the match matrices of all of them, one for each language."""

    ranked: list[_Placed]
    laid: list[Laid]


@dataclass(frozen=True)
class Found:
    """What a search found: passages best first, and how their sentences weigh."""

    ranked: tuple[Ranked, ...]
    weighed: Weighed

    @cached_property
    def evidence(self) -> Evidence:
        """The evidence in the best passages: not everybody who searches asks for it."""
        return self.weighed.evidence()


@dataclass
class _Recalled:
    """What is kept of a search when its matrices are gone: a twentieth of them."""

    ranked: tuple[Ranked, ...]
    evidence: Evidence | None = None


class Searcher:
    """Finds passages in one generation of the index, by words and with ``meanings`` by embeddings, too.

    Safe to share between threads.
    """

    def __init__(self, catalogue: Passages, store: Store, meanings: Meanings | None = None) -> None:
        self._catalogue = catalogue
        self._store = store
        self._meanings = meanings
        self._matchers: dict[Language, Matcher] = {
            language: Matcher(catalogue, language) for language in LANGUAGES if catalogue.statistics(language).passages
        }
        wording = Wording(tuple(self._matchers.values()))
        self.words, self.mended = wording.words, wording.mended
        # The retriever and the answer look at the same search one after the other. Each one that is kept holds its matrices,
        # a third of a megabyte.
        self._found = cached(maxsize=16)(self._find)
        # Many ask the same: what is suggested, what is in the news, what they have just asked.
        self._recalled = cached(maxsize=_RECALLED)(self._searched)
        self._inside = lru_cache(maxsize=8)(loose(self._passages_of))

    def _passages_of(self, scope: Scope) -> frozenset[int] | None:
        """The ids of the passages of a scope; ``None``: all there are."""
        return self._catalogue.passages_within(scope.admits) if scope else None

    def rank(
        self,
        question: str,
        limit: int,
        among: Callable[[Outline], bool] | None = None,
        scope: Scope = EVERYTHING,
    ) -> list[Ranked]:
        """The ``limit`` best passages of ``scope`` by the match matrix alone; ``among`` leaves out those it says no to.

        Each language is ranked with its own statistics; scores are shares of the question's weight and so compare.
        """
        ranked = self._candidates(question, max(RERANKED, limit), among, scope).ranked[:limit]
        passages = self._catalogue.passages([item.outline.id for item in ranked])
        return [Ranked(passage, item.score) for passage, item in zip(passages, ranked, strict=True)]

    def _candidates(
        self,
        question: str,
        most: int,
        among: Callable[[Outline], bool] | None,
        scope: Scope,
        besides: Sequence[int] = (),
    ) -> _Pool:
        """Up to ``most`` passages of each language, and those of the ids ``besides``, best first by the match matrix."""
        words = self.words(question)
        ranked: list[_Placed] = []
        pool: list[Laid] = []
        others = self._catalogue.outlined(besides) if besides else []
        for language, matcher in self._matchers.items():
            asked_here = match_question(matcher, words)
            found = self._store.search(language, asked_here.vector(), most, self._inside(scope))
            outlines = self._catalogue.outlined([scored.id for scored in found])
            if others:
                here = {outline.id for outline in outlines}
                outlines += [each for each in others if each.language == language and each.id not in here]
            laid = _laid(asked_here, matcher, [each for each in outlines if among is None or among(each)])
            if laid:
                scores = laid.scores.tolist()
                if left_out().ranking:
                    share = {scored.id: scored.score / asked_here.mass for scored in found}
                    scores = [share.get(outline.id, 0.0) for outline in laid.outlines]
                even = 1.0 if left_out().merging else _EVEN[language]
                ranked += [_Placed(each, even * score) for each, score in zip(laid.outlines, scores, strict=True)]
                pool.append(laid)
        return _Pool(sorted(ranked, key=lambda item: (-item.score, item.outline.file, item.outline.start)), pool)

    def match(self, question: str, passages: Sequence[StoredPassage]) -> list[Group]:
        """The match matrices of a question and given passages, one group per language."""
        words = self.words(question)
        groups = []
        for language, matcher in self._matchers.items():
            chosen = [passage for passage in passages if passage.language == language]
            laid = _laid(match_question(matcher, words), matcher, [passage.outline for passage in chosen])
            if laid and (group := laid.group(chosen)):
                groups.append(group)
        return groups

    def embed(self, question: str, deadline: Deadline | None = None) -> EmbeddingFault | None:
        """Have the question's vector ready by ``deadline``; returns why there will be none, if there should be one."""
        meaning = self._meanings.of(question, deadline) if self._meanings else None
        return meaning if isinstance(meaning, EmbeddingFault) else None

    def find(self, question: str, limit: int, scope: Scope = EVERYTHING) -> Found:
        """Rank passages and look for evidence in them. Without a vector of the question, by words alone."""
        return self._found(question, limit, scope, self._meaning(question))

    def _meaning(self, question: str) -> Meaning | None:
        meaning = self._meanings.of(question) if self._meanings else None
        return None if isinstance(meaning, EmbeddingFault) else meaning

    def _searched(self, question: str, limit: int, scope: Scope, meaning: Meaning | None) -> _Recalled:
        return _Recalled(self._found(question, limit, scope, meaning).ranked)

    def _find(self, question: str, limit: int, scope: Scope, meaning: Meaning | None) -> Found:
        """The best passages are put in the order of their best sentences: two articles on one subject differ in what they
        state, not in what they are about. With a vector, that order, the one by words and the one by nearness are fused.
        """
        near: list[int] = []
        if meaning is not None:
            near = [point.id for point in self._store.near(meaning, max(NEAREST, limit), self._inside(scope))]
        placed, pool = self._candidates(question, max(RERANKED, limit), None, scope, near)
        placed = _either(placed, near, limit) if near else placed[:limit]
        by_words = [item.outline.id for item in placed]
        passages = self._catalogue.passages(by_words)
        ranked = [Ranked(passage, item.score) for passage, item in zip(passages, placed, strict=True)]
        groups = [group for laid in pool if (group := laid.group(passages))]
        weighed = evidence.weigh(question, groups, asked(question))
        if not left_out().evidence:
            best = {number: score for number, score in weighed.passages.items() if math.isfinite(score)}
            # A passage without a sentence to look at stands behind all others, at a score that can be written down.
            worst = min(best.values(), default=0.0) - _PASSAGE
            ranked = [Ranked(p, best.get(p.id, worst) + _PASSAGE * score) for p, score in ranked]
            ranked.sort(key=lambda item: -item.score)
        return Found(tuple(_fused(ranked, by_words, near) if near else ranked), weighed)

    def search(self, question: str, limit: int, scope: Scope = EVERYTHING) -> list[Ranked]:
        """The ``limit`` best passages of both languages, best first."""
        if limit > EXAMINED:  # seldom, and too much to keep
            return list(self.find(question, limit, scope).ranked[:limit])
        return list(self._recalled(question, EXAMINED, scope, self._meaning(question)).ranked[:limit])

    def evidence(self, question: str, scope: Scope = EVERYTHING) -> Evidence:
        """The sentences of the best passages, and how sure they are an answer."""
        meaning = self._meaning(question)
        recalled = self._recalled(question, EXAMINED, scope, meaning)
        if recalled.evidence is None:  # not everybody who searches asks for it
            recalled.evidence = self._found(question, EXAMINED, scope, meaning).evidence
        return recalled.evidence


def _either(ranked: list[_Placed], near: list[int], limit: int) -> list[_Placed]:
    """Of passages in the order of the match matrix, those that are among the best by it, or by both orders together.

    All that words alone would have found stay, so that embeddings add evidence and never take any away.
    """
    both = list(fused([item.outline.id for item in ranked], near))[:limit]
    return [item for place, item in enumerate(ranked) if place < limit or item.outline.id in both]


def _fused(ranked: list[Ranked], *others: list[int]) -> list[Ranked]:
    """The passages by their order and the others together."""
    passages = {item.passage.id: item.passage for item in ranked}
    scores = fused(list(passages), *others)
    return [Ranked(passages[number], score) for number, score in scores.items() if number in passages]


def _laid(question: Question, matcher: Matcher, outlines: Sequence[Outline]) -> Laid | None:
    outlines = [outline for outline in outlines if len(outline.tokens)]
    if not outlines:
        return None
    matrix = lay_out(question, matcher, outlines)
    return Laid(question, matrix, outlines, ranking.score(question, matrix))


def to_node(passage: StoredPassage) -> TextNode:
    """A passage as LlamaIndex sees it: exact text, offsets into the document, and where it comes from."""
    node = TextNode(
        id_=str(passage.id),
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "file": passage.file,
            "title": passage.title,
            "date": passage.date.isoformat() if passage.date else None,
            "language": passage.language,
        },
        excluded_embed_metadata_keys=["file", "date", "language"],
    )
    node.relationships[NodeRelationship.SOURCE] = RelatedNodeInfo(node_id=passage.file)
    return node


def to_hit(item: NodeWithScore) -> Hit:
    """A retrieved node as a public record."""
    node, facts = item.node, item.node.metadata
    assert isinstance(node, TextNode)
    return Hit(
        file=facts["file"],
        start=node.start_char_idx or 0,
        end=node.end_char_idx or 0,
        text=node.text,
        score=float(item.score or 0.0),
        title=facts["title"],
        date=dt.date.fromisoformat(facts["date"]) if facts["date"] else None,
    )


class PassageRetriever(BaseRetriever):
    """`Searcher` as a LlamaIndex retriever."""

    def __init__(self, searcher: Searcher, limit: int = 10, scope: Scope = EVERYTHING) -> None:
        super().__init__()
        self._searcher = searcher
        self._limit = limit
        self._scope = scope

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._searcher.search(query_bundle.query_str, self._limit, self._scope)
        return [NodeWithScore(node=to_node(item.passage), score=item.score) for item in found]

    def evidence(self, question: str) -> Evidence:
        """Evidence in the passages that `retrieve` finds for the question (the search is made once)."""
        return self._searcher.evidence(question, self._scope)
