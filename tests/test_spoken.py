"""Thoughts and keys are kept back, everything else goes through as it is, however the text is cut into pieces."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.spoken import KeyShown, Words

KEY = "sk-proj-0123456789abcdef"
CUTS = st.lists(st.integers(1, 9), min_size=1, max_size=30)


def pieces(text: str, cuts: list[int]) -> list[str]:
    found = []
    at = 0
    while text:
        length = cuts[at % len(cuts)]
        found.append(text[:length])
        text = text[length:]
        at += 1
    return found


def said(text: str, cuts: list[int], key: str = KEY) -> str:
    words = Words(key)
    return "".join([*(words.feed(piece) for piece in pieces(text, cuts)), words.finish()])


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])).map(lambda text: "." + text), CUTS)
def test_plain_words_go_through(text: str, cuts: list[int]) -> None:
    assert said(text, cuts) == text


@given(st.text(alphabet="sk-proj01 ").map(lambda text: "." + text), CUTS)
def test_beginnings_of_the_key_are_only_delayed(text: str, cuts: list[int]) -> None:
    assert said(text, cuts) == text


@given(st.text(max_size=20), st.text(max_size=20), CUTS)
def test_the_key_never_comes_out(before: str, after: str, cuts: list[int]) -> None:
    words = Words(KEY)
    out: list[str] = []
    with pytest.raises(KeyShown) as caught:
        out.extend(words.feed(piece) for piece in pieces(f".{before}{KEY}{after}", cuts))
    assert f".{before}".startswith("".join(out))
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("key", ["", "none", "ollama", "lm-studio"])
def test_placeholders_are_no_secrets(key: str) -> None:
    assert said(f"The server {key} has none.", [3], key) == f"The server {key} has none."


@given(st.sampled_from(["", "\n", "hm", "a < b", "<b>", "</thin", "<think>"]), CUTS)
def test_thoughts_are_left_out(thoughts: str, cuts: list[int]) -> None:
    assert said(f"\n<think>{thoughts}</think>\n\nThe answer [1.1].", cuts) == "The answer [1.1]."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<think>and never comes to an end", ""),
        ("<thin", "<thin"),
        ("<thinking> is a word here", "<thinking> is a word here"),
        ("He said: <think> is a tag.", "He said: <think> is a tag."),
        ("<think>a</think><think>b</think>c", "c"),
        ("   ", ""),
    ],
)
def test_what_is_a_thought_is_told_by_the_beginning(text: str, shown: str) -> None:
    for length in (1, 3, 100):
        assert said(text, [length]) == shown


def test_halves_of_characters_are_replaced() -> None:
    """JSON can write them, nothing else can."""
    assert re.fullmatch("a\ufffd+b", said("a\ud83db", [9]))
    assert said("a\U0001f600b", [1]) == "a\U0001f600b"
