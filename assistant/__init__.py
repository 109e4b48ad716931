"""Isnad (إسناد): ask Arabic or English questions of a folder of articles; every answer cites its exact source.

The public names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from assistant.citations import Answer, Citation, Turn
    from assistant.corpus import Document
    from assistant.errors import IsnadError
    from assistant.retrieval import Hit
    from assistant.scope import Scope
    from assistant.settings import Settings

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Document",
    "Hit",
    "IsnadError",
    "Scope",
    "Settings",
    "Turn",
    "__version__",
]

_HOMES = {
    "Answer": "assistant.citations",
    "Assistant": "assistant.chat",
    "Citation": "assistant.citations",
    "Document": "assistant.corpus",
    "Hit": "assistant.retrieval",
    "IsnadError": "assistant.errors",
    "Scope": "assistant.scope",
    "Settings": "assistant.settings",
    "Turn": "assistant.citations",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
