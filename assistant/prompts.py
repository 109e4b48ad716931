"""The words around an answer, as files: ``prompts/<task>.<language>.txt``, which a reader may edit.

They are LlamaIndex templates. A template is checked when it is loaded: it must hold exactly the placeholders of its task,
in both languages the same, so that an edit cannot lose a citation.
"""

from __future__ import annotations

import string
from functools import lru_cache
from pathlib import Path

from llama_index.core import PromptTemplate

from assistant.errors import PromptInvalid
from assistant.language.text import Language

TASKS = {
    "answered": frozenset({"quotes"}),
    "uncertain": frozenset({"quotes"}),
    "abstained": frozenset[str](),
    "quote": frozenset({"quote", "number", "source"}),
}


def folder() -> Path:
    """The templates: beside the package in a checkout, inside it in an installed wheel."""
    inside = Path(__file__).parent / "_prompts"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "prompts"


def check(text: str, task: str, file: str) -> PromptTemplate:
    """A template from its text.

    Raises:
        PromptInvalid: the braces do not balance, or the placeholders are not those of the task.
    """
    try:
        found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise PromptInvalid(file=file, reason=f"its braces do not match ({error})") from error
    wanted = TASKS[task]
    if found != wanted:
        names = ", ".join("{" + name + "}" for name in sorted(wanted)) or "none"
        raise PromptInvalid(file=file, reason=f"its placeholders must be exactly: {names}")
    return PromptTemplate(text.strip())


@lru_cache(maxsize=32)
def load(task: str, language: Language) -> PromptTemplate:
    """The template of a task in a language.

    Raises:
        PromptInvalid: the file is missing, is not UTF-8, or fails `check`.
    """
    path = folder() / f"{task}.{language}.txt"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptInvalid(file=path.name, reason="it is missing or is not UTF-8 text") from error
    return check(text, task, path.name)
