"""The answer that a model writes from the passages found, streamed, then reviewed.

Whatever goes wrong ends in `Outcome.text` being ``None``, with a line that says why: then the articles are quoted. Another
try is made for the wrong language, and with fewer passages where they were more than the model's context holds; all within
the same deadline.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from assistant import prompts, quotes
from assistant.briefing import PASSAGES, Briefing, brief
from assistant.catalogue import StoredPassage
from assistant.citations import Citable, Citation, Partial, Statement
from assistant.errors import ModelFault
from assistant.language.text import ARABIC_LETTERS, Language
from assistant.markers import Resolver
from assistant.model import Deadline, Message, Model
from assistant.review import ahead, presentable, review
from assistant.usage import Meter

NOTICES: dict[str, dict[Language, str]] = {
    "unsupported": {
        "en": "The model's answer did not hold to the articles; these are their own words.",
        "ar": "لم يلتزم جواب النموذج بما في المقالات؛ هذه كلماتها كما وردت.",
    },
    "language": {
        "en": "The model did not answer in English; these are the articles' own words.",
        "ar": "لم يُجب النموذج بالعربية؛ هذه كلمات المقالات كما وردت.",
    },
    "taken out": {
        "en": "Part of the model's answer was taken out: it did not come from the articles.",
        "ar": "حُذف جزء من جواب النموذج لأنه لم يأت من المقالات.",
    },
    "fewer": {
        "en": "The model's context is small, so it was shown fewer passages than usual.",
        "ar": "سياق النموذج صغير، فعُرضت عليه مقاطع أقل من المعتاد.",
    },
}
_LETTER = re.compile(r"[^\W\d_]")
_OWN = {"ar": re.compile(f"[{ARABIC_LETTERS}]"), "en": re.compile("[A-Za-z]")}
_TELLING = 40  # letters from which the language of an unfinished answer can be told
_FEWEST = 12
_FEWER = (PASSAGES, PASSAGES // 2, PASSAGES // 4, 1)
"""Passages that a model is shown at most, at the first try and at those after it found them too many."""
_BETWEEN = 0.05
"""Seconds between two looks at an unfinished answer: reading it anew costs milliseconds. The first word is shown at once."""


class Outcome(NamedTuple):
    """What came of it. No ``text``: the articles are to be quoted. ``refused``: the model says that they do not say."""

    text: str | None
    citations: tuple[Citation, ...] = ()
    rejected: tuple[Citation, ...] = ()
    statements: tuple[Statement, ...] = ()
    notice: str | None = None
    refused: bool = False


class Articles(NamedTuple):
    """What a writer asks of the index. ``document``: an indexed document by its file; ``stale``: if the file has changed."""

    document: Callable[[str], Citable]
    stale: Callable[[str], bool]
    with_gloss: bool


class Writer:
    """Has one model write one answer."""

    def __init__(
        self, model: Model, articles: Articles, edited: Path | None = None, meter: Meter | None = None
    ) -> None:
        self._model = model
        self._articles = articles._replace(document=lru_cache(maxsize=None)(articles.document))
        self._edited = edited
        self._meter = meter
        self.waited = 0.0
        """Seconds in which there was nothing to do but to wait for the model."""

    def write(
        self,
        question: str,
        understood: str | None,
        language: Language,
        passages: Sequence[StoredPassage],
        deadline: Deadline,
    ) -> Generator[Partial, None, Outcome]:
        """Yield the answer as it grows, and return what is left of it.

        ``understood`` is the question that stands by itself, if ``question`` does not.

        Raises:
            PromptInvalid: a template cannot be used.
        """
        fewer = None
        for most in _FEWER:
            asked = understood or question
            briefing = brief(passages, asked, language, self._articles.document, self._edited, most)
            if not briefing.numbered:
                return Outcome(None)
            if self._model.takes(briefing.messages):
                try:
                    outcome = yield from self._written(question, understood, briefing, deadline)
                except ModelFault as fault:
                    if fault.kind != "small":
                        return Outcome(None, notice=fault.say(language))
                else:
                    return outcome._replace(notice=outcome.notice or fewer)
            fewer = NOTICES["fewer"][language]
        return Outcome(None, notice=ModelFault("small").say(language))

    def _written(
        self, question: str, understood: str | None, briefing: Briefing, deadline: Deadline
    ) -> Generator[Partial, None, Outcome]:
        """Have the model write from one briefing.

        Raises:
            ModelFault: there is no answer, or not all of it.
        """
        language, messages = briefing.language, briefing.messages
        cites = _Cites(briefing, self._articles)
        for again in (False, True):
            resolver = Resolver(briefing.numbered)
            pieces = self._model.stream(messages, deadline, meter=self._meter)
            due = 0.0
            try:
                for piece in self._awaited(pieces):
                    resolver.feed(piece)
                    if time.monotonic() < due:
                        continue
                    if _strays(resolver.text, language, _TELLING):
                        break
                    if text := presentable(resolver.text, resolver.removed, briefing):
                        yield Partial(question, language, text, cites.shown(text, resolver.cited), understood)
                        ahead(resolver, briefing)
                        cites.ahead(resolver.cited)
                        due = time.monotonic() + _BETWEEN
            finally:
                pieces.close()
            resolver.finish()
            if not _strays(resolver.text, language, _FEWEST):
                return _reviewed(resolver, briefing, cites)
            if not again:
                # In the same message: some servers refuse two of one side in a row.
                once_more = prompts.load("again", language, self._edited).format()
                messages = (*messages[:-1], Message("user", f"{messages[-1].content}\n\n{once_more}"))
        return Outcome(None, notice=NOTICES["language"][language])

    def _awaited(self, pieces: Iterator[str]) -> Iterator[str]:
        """The pieces, the time until each counted."""
        while True:
            started = time.perf_counter()
            try:
                piece = next(pieces, None)
            finally:
                self.waited += time.perf_counter() - started
            if piece is None:
                break
            yield piece


def _reviewed(resolver: Resolver, briefing: Briefing, cites: _Cites) -> Outcome:
    language = briefing.language
    left = review(resolver, briefing)
    if left.refused:
        return Outcome(left.text, statements=left.statements, refused=True)
    if not left.stands:
        return Outcome(None, rejected=cites.all(resolver.cited), notice=NOTICES["unsupported"][language])
    citations = cites.all(left.cited)
    rejected = cites.all(left.rejected, len(citations) + 1)
    notice = NOTICES["taken out"][language] if left.taken_out else None
    return Outcome(left.text, citations, rejected, left.statements, notice)


class _Cites:
    """The numbered sentences of one briefing as citations. A gloss takes its time, so each is made once."""

    def __init__(self, briefing: Briefing, articles: Articles) -> None:
        self._by_id = {each.id: each for each in briefing.numbered}
        self._language = briefing.language
        self._articles = articles
        self._made: dict[str, Citation] = {}

    def ahead(self, ids: Sequence[str]) -> None:
        """Make ready what the unfinished answer cites, while the model goes on."""
        for id_ in ids:
            self._one(id_, 1, self._articles.with_gloss)

    def shown(self, text: str, ids: Sequence[str]) -> tuple[Citation, ...]:
        """Those that an unfinished answer shows so far; ``ids``: what its numbers stand for."""
        most = max((int(number) for number in re.findall(r"\[(\d+)\]", text)), default=0)
        return tuple(self._one(id_, number, False) for number, id_ in enumerate(ids[:most], 1))

    def all(self, ids: Sequence[str], first: int = 1) -> tuple[Citation, ...]:
        """Citations numbered from ``first``."""
        return tuple(self._one(id_, number, self._articles.with_gloss) for number, id_ in enumerate(ids, first))

    def _one(self, id_: str, number: int, with_gloss: bool) -> Citation:
        document, stale, _ = self._articles
        each = self._by_id[id_]
        made = self._made.get(id_)
        if made is None:
            made = quotes.citation(
                each.passage, each.start, each.end, number, self._language, document, stale, with_gloss
            )
            if with_gloss or not self._articles.with_gloss:
                self._made[id_] = made
        # The file may have changed since.
        return replace(made, number=number, stale=stale(each.passage.file), gloss=made.gloss if with_gloss else ())


def _strays(text: str, language: Language, least: int) -> bool:
    """Whether a text of at least so many letters is mostly in another script than the language's."""
    letters = len(_LETTER.findall(text))
    return letters >= least and 2 * len(_OWN[language].findall(text)) < letters
