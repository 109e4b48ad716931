"""Questions for a reader who does not know yet what to ask: made of the articles, and each tried on the assistant first.

Templates turn a sentence into the questions it answers (`assistant.language.asking_ar`, ``asking_en``, ``asking_across``).
A question is offered only when the assistant, asked it, answers with confidence and its first quote is a sentence from which
the question was made. Of those, the reader sees few: no two of one article or of one kind before every other had its turn.

The work is bounded by counts, whatever the size of the folder: so many articles are looked at, so many questions tried.
The same index gives the same questions.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.catalogue import DocumentInfo, StoredPassage
from assistant.citations import Answer, Citation, Language
from assistant.language import asking_across, asking_ar, asking_en
from assistant.language.tokens import words_of

ARTICLES = 400
"""Articles looked at, at most."""
_DRAFTED_FOR_EACH = 12  # questions made for each one that is wanted, before no further article is looked at
_TRIED_FOR_EACH = 2  # questions asked of the assistant for each one that is wanted
_CONFIDENT = 0.55  # a little above the answering band
_LONGEST_SENTENCE = 700  # characters

# The kinds of questions, those that show most of what the assistant can do first.
_KINDS = (
    "when",
    "request",
    "who",
    "said",
    "count",
    "where",
    "agent",
    "amount",
    "lasted",
    "about",
    "mentioned",
    "defined",
)


class Asked(Protocol):
    """What suggesting needs of an assistant; `assistant.chat.Assistant` is one."""

    def documents(self) -> list[DocumentInfo]: ...
    def passages(self, file: str) -> list[StoredPassage]: ...
    def quote(self, question: str) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the articles answer, and the sentence that answers it: ``document.text[start:end]`` of ``file``."""

    question: str
    language: Language
    kind: str
    file: str
    start: int
    end: int
    confidence: float

    def to_dict(self) -> dict[str, str | int | float]:
        """Plain JSON values."""
        return {
            "question": self.question,
            "language": self.language,
            "kind": self.kind,
            "file": self.file,
            "start": self.start,
            "end": self.end,
            "confidence": round(self.confidence, 4),
        }


@dataclass(slots=True)
class _Candidate:
    """A question not yet tried, with every sentence it was made from: (file, start, end)."""

    question: str
    kind: str
    sources: list[tuple[str, int, int]] = field(default_factory=list)


def suggestions(assistant: Asked, language: Language, limit: int = 4) -> list[Suggestion]:
    """Up to ``limit`` questions in ``language`` that the articles answer, the ones to show first in front.

    Raises:
        IndexDamaged: the index can no longer be read.
    """
    return list(suggested(assistant, language, limit))


def suggested(assistant: Asked, language: Language, limit: int = 4) -> Iterator[Suggestion]:
    """`suggestions` one by one: each takes a while."""
    candidates = _candidates(assistant, language, _DRAFTED_FOR_EACH * limit)
    chosen: list[Suggestion] = []
    turns: Counter[str] = Counter()  # of files and of kinds
    tried = 0
    for candidate in _by_turns(candidates, turns):
        if len(chosen) == limit or tried == _TRIED_FOR_EACH * limit:
            break
        if any(_alike(candidate.question, other.question) for other in chosen):
            continue
        tried += 1
        if suggestion := _tried(assistant, candidate, language):
            chosen.append(suggestion)
            turns.update((suggestion.file, suggestion.kind))
            yield suggestion


def _sample(documents: Sequence[DocumentInfo]) -> list[DocumentInfo]:
    """Articles in an order that neither their names nor their dates decide; the same for the same articles."""
    return sorted(documents, key=lambda info: hashlib.sha256(info.sha256.encode()).digest())[:ARTICLES]


def _candidates(assistant: Asked, language: Language, enough: int) -> list[_Candidate]:
    found: dict[str, _Candidate] = {}
    for info in _sample(assistant.documents()):
        if len(found) >= enough:
            break
        for passage in assistant.passages(info.file):
            for number, (start, end) in enumerate(passage.sentences):
                if end - start <= _LONGEST_SENTENCE and number not in passage.framing | passage.headlines:
                    text = passage.text[start - passage.start : end - passage.start]
                    for drafted in _drafts(text, passage.language, language):
                        candidate = found.setdefault(drafted.question, _Candidate(drafted.question, drafted.kind))
                        candidate.sources.append((info.file, start, end))
    return list(found.values())


def _drafts(text: str, written_in: Language, language: Language) -> Iterable[asking_ar.Drafted]:
    if written_in == "ar":
        return asking_ar.draft(text) if language == "ar" else asking_across.draft(text)
    return asking_en.draft(text) if language == "en" else ()


def _by_turns(candidates: Sequence[_Candidate], turns: Counter[str]) -> Iterator[_Candidate]:
    """All candidates: of the kinds with the fewest ``turns`` one in turn, though others of it have failed; within a kind,
    articles with the fewest first, then what most tell.
    """
    waiting = {kind: [item for item in candidates if item.kind == kind] for kind in _KINDS}
    given: Counter[str] = Counter()
    while kinds := [kind for kind in _KINDS if waiting[kind]]:
        kind = min(kinds, key=lambda each: (turns[each], given[each]))
        item = min(waiting[kind], key=lambda one: (min(turns[file] for file, _, _ in one.sources), -len(one.sources)))
        waiting[kind].remove(item)
        given[kind] += 1
        yield item


def _tried(assistant: Asked, candidate: _Candidate, language: Language) -> Suggestion | None:
    answer = assistant.quote(candidate.question)
    if answer.status != "answered" or answer.language != language or answer.confidence < _CONFIDENT:
        return None
    if not answer.citations or not _states(answer.citations[0], candidate.question, language):
        return None
    first = answer.citations[0]
    return Suggestion(
        candidate.question, language, candidate.kind, first.file, first.start, first.end, answer.confidence
    )


def _states(citation: Citation, question: str, language: Language) -> bool:
    """Whether the quoted sentence is one of which the question is made: the same office is held in many articles."""
    return any(drafted.question == question for drafted in _drafts(citation.quote, citation.language, language))


def _alike(one: str, other: str) -> bool:
    """Whether two questions share most of their words."""
    mine, theirs = (set(words_of(question)) for question in (one, other))
    return len(mine & theirs) >= 0.7 * min(len(mine), len(theirs))
