"""What a model is shown: passages as numbered sentences, and the question.

Article text is data. Each sentence stands on one line behind its number, without line breaks, brackets, tags or anything
unseen, so that no article can write a number, a heading or a boundary of its own; the boundary differs with every question.
Sentences that state nothing (`language.orders`) are left out, and after an order the rest of its paragraph: there is nothing
in them to answer from, and much to obey.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from assistant import prompts
from assistant.catalogue import StoredPassage
from assistant.citations import Citable
from assistant.language import dates
from assistant.language.orders import is_order, states
from assistant.language.sentences import Span
from assistant.language.text import Language
from assistant.markers import Numbered
from assistant.model import Message
from assistant.reprints import distinct
from assistant.signs import clean

PASSAGES = 8
PER_FILE = 4
_LONGEST_SENTENCE, _LONGEST_HEADING = 1000, 300  # characters
_HARMLESS = str.maketrans(
    {"[": "(", "]": ")", "【": "(", "】": ")", "<": "‹", ">": "›", "{": "(", "}": ")", "`": "'", "=": "-"}
)


class Briefing(NamedTuple):
    """``task`` is what the model was told of its task: no answer may hold it."""

    messages: tuple[Message, ...]
    numbered: tuple[Numbered, ...]
    task: str
    language: Language


def brief(
    passages: Sequence[StoredPassage],
    question: str,
    language: Language,
    document: Callable[[str], Citable],
    edited: Path | None = None,
    most: int = PASSAGES,
) -> Briefing:
    """The messages for a model that is to answer ``question`` from the first ``most`` of ``passages``, best first.

    Raises:
        PromptInvalid: the template cannot be used.
    """
    template = prompts.load_chat("write", language, edited)
    numbered: list[Numbered] = []
    shown: list[str] = []
    for passage in _few_of_each(passages, most):
        spans = enumerate(harmless(passage), 1)
        sentences = [Numbered(f"{len(shown) + 1}.{number}", passage, *span) for number, span in spans]
        if sentences:
            numbered += sentences
            heading = f"{len(shown) + 1}. {_heading(document(passage.file), language)}"
            shown.append("\n".join([heading, *(f"[{each.id}] {plain(each.text)}" for each in sentences)]))
    boundary = f"=== {secrets.token_hex(4)} ==="
    body = "\n\n".join([boundary, *shown, boundary])
    task = template.task.format()
    asked = template.asked.format(passages=body, question=plain(question, len(question)))
    return Briefing((Message("system", task), Message("user", asked)), tuple(numbered), task, language)


def plain(text: str, longest: int = _LONGEST_SENTENCE) -> str:
    """Text from outside as one line that cannot be taken for a part of the frame."""
    line = " ".join(clean(text).translate(_HARMLESS).split())
    return line[:longest] + "…" if len(line) > longest else line


def _few_of_each(passages: Sequence[StoredPassage], most: int) -> Iterator[StoredPassage]:
    """The best passages, not all of them of one file, and none twice in the words of two copies."""
    taken: Counter[str] = Counter()
    for passage in distinct(passages):
        if taken[passage.file] < PER_FILE and taken.total() < most:
            taken[passage.file] += 1
            yield passage


def harmless(passage: StoredPassage) -> list[Span]:
    """The sentences of a passage that state something, are part of the article and follow no order in their paragraph."""
    found: list[Span] = []
    ordered = 0  # a paragraph with an order in it is not trusted further
    for number, (start, end) in enumerate(passage.sentences):
        text = passage.text[start - passage.start : end - passage.start]
        if (ordered and "\n" not in passage.text[ordered - passage.start : start - passage.start]) or is_order(text):
            ordered = end
        elif number not in passage.framing and states(text) and any(character.isalnum() for character in text):
            found.append(Span(start, end))
    return found


def _heading(document: Citable, language: Language) -> str:
    """Title, outlet and date of an article."""
    title = document.title if states(document.title) else ""
    facts = [title, document.outlet or "", dates.spoken(document.date, language) if document.date else ""]
    return " · ".join(plain(fact, _LONGEST_HEADING) for fact in facts if fact) or "—"
