"""A model's answer is not believed: its statements are judged one by one, and what remains is put together again.

- What comes from elsewhere than the articles is taken out: questions, orders, addresses, markup, and the words of the task.
- A statement that the cited sentences do not support, or that cites none, stays and is marked in the text itself. But a
  mere fragment of that sort (under three words, or with a code word that no sentence has) is taken out, and so is all of
  it in an answer that obeyed somebody: where anything had to be taken out, nothing gets the benefit of the doubt.
- The answer *stands* if at least one statement is supported, no fewer than half of all that it stated are, and it does not
  recite its task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.briefing import Briefing
from assistant.checker import Source, check
from assistant.citations import MARKS, Statement, Verdict
from assistant.language.orders import states
from assistant.language.sentences import Span, count_words
from assistant.language.text import Language, fold
from assistant.markers import Numbered, Resolver
from assistant.statements import MARKER, is_introduction, pieces, says_nothing

_checked = lru_cache(maxsize=256)(check)
_COPIED = 5  # words in a row that are no coincidence
_CODE = re.compile(
    r"(?<!\w)(?=\w*[-_]?\w*\d)(?=[\d_-]*[A-Za-z])[\w-]{5,}(?!\w)|(?<!\w)[A-Z][A-Z0-9]*[-_][A-Z0-9_-]+(?!\w)|\w_\w|(?<!\w)[A-Z]{4,}(?!\w)"
)
_LEAST_WORDS = 3


class Review(NamedTuple):
    """What is left of an answer. ``cited``: the id behind each number of the text; ``rejected``: ids that only what was taken
    out cites; ``refused``: it says that the articles do not say, and nothing else."""

    text: str
    statements: tuple[Statement, ...]
    cited: tuple[str, ...]
    rejected: tuple[str, ...]
    taken_out: int
    stands: bool
    refused: bool


class _Piece(NamedTuple):
    span: Span
    kind: str  # "introduction", "refusal", "statement"; "foreign" and "told" come from elsewhere, the latter from the task
    verdict: Verdict = "supported"
    reason: str = ""


def review(resolver: Resolver, briefing: Briefing) -> Review:
    """Judge a finished answer."""
    text, cited, language = resolver.text, resolver.cited, briefing.language
    judged = [_judge(text, span, kind, cited, briefing) for span, kind in _kinds(text, resolver.removed, briefing.task)]
    foreign = bool(resolver.removed) or any(piece.kind in ("foreign", "told") for piece in judged)
    claims = [piece for piece in judged if piece.kind not in ("introduction", "refusal")]
    kept = [piece for piece in judged if not _goes(text, piece, foreign, briefing)]
    while kept and kept[-1].kind == "introduction":
        kept.pop()
    put = _put_together(text, kept, cited, language)
    supported = sum(piece.kind == "statement" and piece.verdict == "supported" for piece in kept)
    return Review(
        text=put.text,
        statements=put.statements,
        cited=put.cited,
        rejected=tuple(each for each in cited if each not in put.cited),
        taken_out=sum(piece not in kept for piece in claims),
        stands=supported > 0 and 2 * supported >= len(claims) and not any(piece.kind == "told" for piece in judged),
        refused=not claims and any(piece.kind == "refusal" for piece in judged),
    )


def presentable(text: str, removed: Sequence[int], briefing: Briefing) -> str:
    """How much of an unfinished answer may be shown: up to the first piece that will be taken out for what it is.

    A code may be what an article was planted to have said, in a language whose orders are not known or in words that are none: its
    piece waits until it cites something.
    """
    for span, kind in _kinds(text, removed, briefing.task):
        said = text[span.start : span.end]
        coded = any(not code[0].isalpha() for code in _CODE.finditer(said))  # the articles have acronyms of their own
        if kind in ("foreign", "told") or (coded and not MARKER.search(said)):
            return text[: span.start].rstrip()
    return text


def _is_coded(said: str, briefing: Briefing) -> bool:
    """Whether a text holds a code that none of the sentences shown to the model has."""
    return any(not any(code[0] in each.text for each in briefing.numbered) for code in _CODE.finditer(said))


def ahead(resolver: Resolver, briefing: Briefing) -> None:
    """Judge what an unfinished answer has said so far, so that little is left to do at its end."""
    found = list(_kinds(resolver.text, resolver.removed, briefing.task))
    for span, kind in found[:-1]:
        _judge(resolver.text, span, kind, resolver.cited, briefing)


def _kinds(text: str, removed: Sequence[int], task: str) -> Iterator[tuple[Span, str]]:
    before = -1
    for span in pieces(text):
        kind = _kind(text[span.start : span.end], task)
        gone = any(before < place <= span.end for place in removed)
        yield span, "foreign" if gone and kind != "introduction" else kind
        before = span.end


@lru_cache(maxsize=1024)
def _kind(said: str, task: str) -> str:
    """What a piece of an answer is; asked of each again whenever the answer has grown."""
    bare = MARKER.sub("", said).strip()
    if is_introduction(said):
        return "introduction"
    if says_nothing(said):
        return "refusal"
    if not _runs(task).isdisjoint(_runs(bare)):
        return "told"
    return "statement" if states(bare) else "foreign"


@lru_cache(maxsize=256)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """All runs of a few words."""
    words = re.findall(r"\w+", fold(text).text.lower())
    return frozenset(tuple(words[i : i + _COPIED]) for i in range(len(words) - _COPIED + 1))


def _judge(text: str, span: Span, kind: str, cited: Sequence[str], briefing: Briefing) -> _Piece:
    if kind != "statement":
        return _Piece(span, kind)
    said = text[span.start : span.end]
    sources = [_source(briefing, cited[number - 1]) for number in _numbers(said) if 0 < number <= len(cited)]
    verdict = _checked(MARKER.sub("", said).strip(), tuple(sources))
    return _Piece(span, kind, verdict.verdict, verdict.reason)


def _source(briefing: Briefing, id_: str) -> Source:
    sentence = next(each for each in briefing.numbered if each.id == id_)
    passage = sentence.passage
    return Source(sentence.text, passage.language, passage.title, passage.date, _context(sentence))


def _context(sentence: Numbered) -> str:
    """The sentence with its neighbours in the article."""
    passage = sentence.passage
    place = passage.sentences.index(Span(sentence.start, sentence.end))
    first, last = passage.sentences[max(0, place - 1)], passage.sentences[min(len(passage.sentences) - 1, place + 1)]
    return passage.text[first.start - passage.start : last.end - passage.start]


def _goes(text: str, piece: _Piece, foreign: bool, briefing: Briefing) -> bool:
    if piece.kind != "statement" or piece.verdict == "supported":
        return piece.kind in ("foreign", "told")
    bare = MARKER.sub("", text[piece.span.start : piece.span.end])
    return foreign or count_words(bare) < _LEAST_WORDS or _is_coded(bare, briefing)


def _numbers(text: str) -> list[int]:
    return list(dict.fromkeys(int(number) for number in MARKER.findall(text)))


class _Whole(NamedTuple):
    text: str
    statements: tuple[Statement, ...]
    cited: tuple[str, ...]


def _put_together(text: str, kept: Sequence[_Piece], cited: Sequence[str], language: Language) -> _Whole:
    """The pieces with their numbers given anew, their marks after them, and the line breaks that stood between them."""
    numbers: dict[int, int] = {}
    whole, before = "", 0
    found: list[Statement] = []
    for piece in kept:
        said = text[piece.span.start : piece.span.end]
        own = [numbers.setdefault(number, len(numbers) + 1) for number in _numbers(said) if 0 < number <= len(cited)]
        said = MARKER.sub(lambda marker: f"[{numbers[int(marker[1])]}]" if int(marker[1]) in numbers else "", said)
        gap = text[before : piece.span.start]
        bullet = "- " if re.search(r"(?:^|\n)\s*[-•*–]\s+$", gap) else ""
        between = "\n\n" if "\n\n" in gap else "\n" if "\n" in gap or bullet else " "
        whole += (between if whole else "") + bullet
        if piece.kind == "statement" or piece.kind == "refusal":
            found.append(Statement(len(whole), len(whole) + len(said), piece.verdict, piece.reason, tuple(own)))
        whole += said + (MARKS[piece.verdict][language] if piece.kind == "statement" else "")
        before = piece.span.end
    return _Whole(whole, tuple(found), tuple(cited[number - 1] for number in numbers))
