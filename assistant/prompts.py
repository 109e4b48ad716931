"""The words around an answer and the words to a model, as files: ``prompts/<task>.<language>.txt``, which a reader may edit.

They are LlamaIndex templates. A template is checked when it is loaded: it must hold exactly the placeholders of its task,
in both languages the same, so that an edit cannot lose a citation. Those for a model (`CHATS`) have two parts, with a line
of three hyphens between them: what the model is told about its task, and what it is asked.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from llama_index.core import PromptTemplate

from assistant.errors import PromptInvalid
from assistant.language.text import Language

TASKS = {
    "answered": frozenset({"quotes"}),
    "uncertain": frozenset({"quotes"}),
    "abstained": frozenset[str](),
    "quote": frozenset({"quote", "number", "source"}),
    "greeting": frozenset({"articles"}),
    "peace": frozenset({"articles"}),
    "about": frozenset({"articles"}),
    "contents": frozenset({"articles", "quotes"}),
    "thanks": frozenset[str](),
    "farewell": frozenset[str](),
    "heard": frozenset[str](),
    "write": frozenset({"passages", "question"}),
    "again": frozenset[str](),
    "follow": frozenset({"conversation", "question"}),
}
CHATS = frozenset({"write", "follow"})

# What LlamaIndex fills in. It knows no "{quote!r}" and no "{{": they would be printed as they are.
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_BETWEEN = re.compile(r"^---[ \t]*$", re.MULTILINE)


class Chat(NamedTuple):
    """A template for a model: ``task`` holds no placeholders."""

    task: PromptTemplate
    asked: PromptTemplate


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
    if not text.strip():
        raise PromptInvalid(file=file, reason="it is empty")
    return PromptTemplate(text.strip())


def check_chat(text: str, task: str, file: str) -> Chat:
    """A template of two parts from its text.

    Raises:
        PromptInvalid: as `check`; or the parts are not two, or the first has placeholders.
    """
    check(text, task, file)
    parts = _BETWEEN.split(text.replace("\r\n", "\n"))
    if len(parts) != 2 or not all(part.strip() for part in parts):
        raise PromptInvalid(file=file, reason="it must have two parts with a line of three hyphens (---) between them")
    if _PLACEHOLDER.search(parts[0]):
        raise PromptInvalid(file=file, reason="its placeholders must stand below the line of hyphens")
    return Chat(*(PromptTemplate(part.strip()) for part in parts))


@lru_cache(maxsize=64)
def load(task: str, language: Language, edited: Path | None = None) -> PromptTemplate:
    """The template of a task in a language: from the folder ``edited`` if it has one, else the project's own.

    Raises:
        PromptInvalid: the file is missing, is not UTF-8, or fails `check`.
    """
    return check(_read(task, language, edited), task, _name(task, language))


@lru_cache(maxsize=64)
def load_chat(task: str, language: Language, edited: Path | None = None) -> Chat:
    """The template of one of `CHATS`.

    Raises:
        PromptInvalid: the file is missing, is not UTF-8, or fails `check_chat`.
    """
    return check_chat(_read(task, language, edited), task, _name(task, language))


def load_all(edited: Path) -> None:
    """Check every template of a folder, so that a mistake is told before the first question.

    Raises:
        PromptInvalid: one cannot be used, or there is no such folder.
    """
    if not edited.is_dir():
        raise PromptInvalid(file=str(edited), reason="there is no such folder")
    for task in TASKS:
        for language in ("ar", "en"):
            (load_chat if task in CHATS else load)(task, language, edited)


def _name(task: str, language: Language) -> str:
    return f"{task}.{language}.txt"


def _read(task: str, language: Language, edited: Path | None) -> str:
    path = folder() / _name(task, language)
    if edited and (edited / path.name).exists():
        path = edited / path.name
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptInvalid(file=path.name, reason="it is missing or is not UTF-8 text") from error
