"""Numbers of things in words."""

from __future__ import annotations

from assistant.language.text import Language


def articles(count: int, language: Language) -> str:
    """A number of articles with the noun in the form that the number asks for; Arabic has six of them."""
    if language == "en":
        return "No articles" if count == 0 else "1 article" if count == 1 else f"{count:,} articles"
    few = {0: "لا مقالات", 1: "مقال واحد", 2: "مقالان"}
    if count in few:
        return few[count]
    return f"{count:,} " + ("مقالات" if 3 <= count % 100 <= 10 else "مقالًا" if count % 100 >= 11 else "مقال")
