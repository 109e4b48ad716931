"""The words around an answer, as files: ``prompts/<task>.<language>.txt``, which a reader may edit.

They are LlamaIndex templates. A template is checked when it is loaded: it must hold exactly the placeholders of its task,
in both languages the same, so that an edit cannot lose a citation.
"""

from __future__ import annotations

import re
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

# What LlamaIndex fills in. It knows no "{quote!r}" and no "{{": they would be printed as they are.
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def folder() -> Path:
    """The templates: beside the package in a checkout, inside it in an installed wheel."""
    inside = Path(__file__).parent / "_prompts"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "prompts"


def check(text: str, task: str, file: str) -> PromptTemplate:
    """A template from its text.

    Raises:
        PromptInvalid: the braces do not balance, or the placeholders are not those of the task.
    """
    if re.search("[{}]", _PLACEHOLDER.sub("", text)):
        raise PromptInvalid(file=file, reason="its braces do not match")
    wanted = TASKS[task]
    if set(_PLACEHOLDER.findall(text)) != wanted:
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
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptInvalid(file=path.name, reason="it is missing or is not UTF-8 text") from error
    return check(text, task, path.name)
