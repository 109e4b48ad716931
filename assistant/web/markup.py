"""Text made safe to stand in HTML, and the attributes that give it its direction."""

from __future__ import annotations

import html

from assistant.citations import Language
from assistant.language.text import direction_of, language_of


def escape(text: str) -> str:
    """Escaped for an element or a quoted attribute; line ends become character references."""
    return html.escape(text, quote=True).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "&#10;")


def reading(text: str) -> str:
    """The attributes that make a paragraph read in its own direction."""
    return f'dir="{direction_of(text)}" lang="{language_of(text)}"'


def interface(language: Language) -> str:
    """The attributes of words of our own."""
    return f'dir="{"rtl" if language == "ar" else "ltr"}" lang="{language}"'
