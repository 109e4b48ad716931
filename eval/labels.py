"""The report's words, in both languages at once: the page shows those of the language chosen."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path

FILE = Path(__file__).parent / "labels.json"


@cache
def words() -> dict[str, tuple[str, str]]:
    """English and Arabic by key."""
    return {key: (en, ar) for key, (en, ar) in json.loads(FILE.read_text(encoding="utf-8")).items()}


def say(key: str, fallback: str | None = None) -> str:
    """Both languages as HTML; with a ``fallback`` for names that users make up.

    Raises:
        KeyError: there is no such label.
    """
    if key not in words() and fallback is not None:
        return f"<span dir='auto'>{escape(fallback)}</span>"
    en, ar = words()[key]
    return f'<span class="in-en" lang="en">{escape(en)}</span><span class="in-ar" lang="ar">{escape(ar)}</span>'


def svg_text(key: str, x: float, y: float, style: str) -> str:
    """Both languages as SVG text at the same place."""
    return "".join(
        f'<text class="{style} in-{language}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(text)}</text>'
        for language, text in zip(("en", "ar"), words()[key], strict=True)
    )


def cell(name: str) -> str:
    """``ar→en mixed`` in words; the arrow turns with the direction of the line."""
    if f"cell.{name}" in words():
        return say(f"cell.{name}")
    pair, _, label = name.partition(" ")
    asked, arrow, documents = pair.partition("→")
    if not arrow or asked not in words() or documents not in words():
        return f"<bdi>{escape(name)}</bdi>"
    ways = []
    for place, (language, sign) in enumerate((("en", "→"), ("ar", "←"))):
        text = f"{words()[asked][place]} {sign} {words()[documents][place]}"
        text += f", {words()['mixed'][place]}" if label == "mixed" and language == "en" else ""
        text += f"، {words()['mixed'][place]}" if label == "mixed" and language == "ar" else ""
        ways.append(f'<span class="in-{language}" lang="{language}">{escape(text)}</span>')
    return "".join(ways)
