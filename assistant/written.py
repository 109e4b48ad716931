"""The answer that a model writes from the passages found, streamed, then reviewed.

Whatever goes wrong ends in `Outcome.text` being ``None``, with a line that says why: then the articles are quoted. Another
try is made for the wrong language, and with fewer passages where they were more than the model's context holds; all within
the same deadline.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Sequence
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


class Writer:
    """Has one model write. ``document`` gives an indexed document by its file; ``stale`` says if the file has changed."""

    def __init__(
        self,
        model: Model,
        document: Callable[[str], Citable],
        stale: Callable[[str], bool],
        with_gloss: bool,
        edited: Path | None = None,
    ) -> None:
        self._model = model
        self._document = document
        self._stale = stale
        self._with_gloss = with_gloss
        self._edited = edited

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
        documents: dict[str, Citable] = {}

        def document(file: str) -> Citable:
            return documents.get(file) or documents.setdefault(file, self._document(file))

        fewer = None
        for most in _FEWER:
            briefing = brief(passages, understood or question, language, document, self._edited, most)
            if not briefing.numbered:
                return Outcome(None)
            if self._model.takes(briefing.messages):
                try:
                    outcome = yield from self._written(question, understood, briefing, document, deadline)
                except ModelFault as fault:
                    if fault.kind != "small":
                        return Outcome(None, notice=fault.say(language))
                else:
                    return outcome._replace(notice=outcome.notice or fewer)
            fewer = NOTICES["fewer"][language]
        return Outcome(None, notice=ModelFault("small").say(language))

    def _written(
        self,
        question: str,
        understood: str | None,
        briefing: Briefing,
        document: Callable[[str], Citable],
        deadline: Deadline,
    ) -> Generator[Partial, None, Outcome]:
        """Have the model write from one briefing.

        Raises:
            ModelFault: there is no answer, or not all of it.
        """
        language, messages = briefing.language, briefing.messages
        for again in (False, True):
            resolver = Resolver(briefing.numbered)
            pieces = self._model.stream(messages, deadline)
            due = 0.0
            try:
                for piece in pieces:
                    resolver.feed(piece)
                    if time.monotonic() < due:
                        continue
                    if _strays(resolver.text, language, _TELLING):
                        break
                    if text := presentable(resolver.text, resolver.removed, briefing.task):
                        yield Partial(
                            question, language, text, self._cited(text, resolver, briefing, document), understood
                        )
                        ahead(resolver, briefing)
                        due = time.monotonic() + _BETWEEN
            finally:
                pieces.close()
            resolver.finish()
            if not _strays(resolver.text, language, _FEWEST):
                return self._reviewed(resolver, briefing, document)
            if not again:
                # In the same message: some servers refuse two of one side in a row.
                once_more = prompts.load("again", language, self._edited).format()
                messages = (*messages[:-1], Message("user", f"{messages[-1].content}\n\n{once_more}"))
        return Outcome(None, notice=NOTICES["language"][language])

    def _reviewed(self, resolver: Resolver, briefing: Briefing, document: Callable[[str], Citable]) -> Outcome:
        language = briefing.language
        left = review(resolver, briefing)
        if left.refused:
            return Outcome(left.text, statements=left.statements, refused=True)
        if not left.stands:
            rejected = self._citations(resolver.cited, 1, briefing, document, self._with_gloss)
            return Outcome(None, rejected=rejected, notice=NOTICES["unsupported"][language])
        citations = self._citations(left.cited, 1, briefing, document, self._with_gloss)
        rejected = self._citations(left.rejected, len(citations) + 1, briefing, document, self._with_gloss)
        notice = NOTICES["taken out"][language] if left.taken_out else None
        return Outcome(left.text, citations, rejected, left.statements, notice)

    def _cited(
        self, text: str, resolver: Resolver, briefing: Briefing, document: Callable[[str], Citable]
    ) -> tuple[Citation, ...]:
        most = max((int(number) for number in re.findall(r"\[(\d+)\]", text)), default=0)
        return self._citations(resolver.cited[:most], 1, briefing, document, False)

    def _citations(
        self,
        ids: Sequence[str],
        first: int,
        briefing: Briefing,
        document: Callable[[str], Citable],
        with_gloss: bool,
    ) -> tuple[Citation, ...]:
        by_id = {each.id: each for each in briefing.numbered}
        return tuple(
            quotes.citation(
                each.passage, each.start, each.end, number, briefing.language, document, self._stale, with_gloss
            )
            for number, each in enumerate((by_id[id_] for id_ in ids), first)
        )


def _strays(text: str, language: Language, least: int) -> bool:
    """Whether a text of at least so many letters is mostly in another script than the language's."""
    letters = len(_LETTER.findall(text))
    return letters >= least and 2 * len(_OWN[language].findall(text)) < letters
