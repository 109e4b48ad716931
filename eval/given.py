"""The assistant asked of given files only, out of an index of many: for sets that come with their own passages.

This is `Assistant.ask` without the search: the passages are all there are, so that what is measured is whether it knows
when they hold no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from assistant import evidence, quotes
from assistant.chat import Assistant
from assistant.citations import Answer
from assistant.language.questions import asked, question_language
from assistant.retrieval import Ranked


class Given(NamedTuple):
    """The answer, and the given passages that its evidence is from, best first."""

    answer: Answer
    ranked: list[Ranked]


def ask(assistant: Assistant, question: str, files: Sequence[str]) -> Given:
    """Answer from all passages of these files.

    Raises:
        UnknownDocument: the index holds none of that name.
    """
    own = [passage for file in files for passage in assistant.passages(file)]
    found = evidence.find(question, assistant.searcher.match(question, own), asked(question))
    language = question_language(question)
    shipped, settings = evidence.shipped_bands(), assistant.settings
    bands = quotes.Bands(
        shipped[0] if settings.answer_threshold is None else settings.answer_threshold,
        shipped[1] if settings.uncertain_threshold is None else settings.uncertain_threshold,
    )
    draft = quotes.compose(
        found, language, bands, settings.quotes, assistant.document, assistant.is_stale, settings.gloss, question
    )
    best = {sentence.passage.id: Ranked(sentence.passage, sentence.score) for sentence in reversed(found.sentences)}
    answer = Answer(
        question=question,
        language=language,
        status=draft.status,
        text=draft.text,
        citations=draft.citations,
        rejected=(),
        closest=draft.closest,
        confidence=found.confidence,
    )
    return Given(answer, sorted(best.values(), key=lambda item: -item.score))
