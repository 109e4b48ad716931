"""Inputs that once cost too much time or memory, or reached a place they must not reach."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from rich.console import Console

from assistant import Assistant
from assistant.language.sentences import LONGEST, sentences
from assistant.settings import Settings
from assistant.terminal import show_answer
from assistant.web import render

ROW = "The Biglandia government announced a budget of 55 million dollars for the Grandola bridge and "


def opened(tmp_path: Path, **files: str) -> Assistant:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, text in files.items():
        (corpus / f"{name}.txt").write_text(text, encoding="utf-8")
    return Assistant.open(corpus, tmp_path / "index", Settings.load())


def seconds(begin: float) -> float:
    return time.process_time() - begin


def test_a_page_without_a_stop_is_cut_into_pieces_that_can_be_quoted() -> None:
    text = ROW * 3000
    found = sentences(text)
    assert max(span.end - span.start for span in found) <= LONGEST
    assert "".join(text[span.start : span.end] for span in found).replace(" ", "") == text.replace(" ", "")


def test_a_very_long_line_full_of_matches_is_answered_in_bounded_time(tmp_path: Path) -> None:
    with opened(tmp_path, long=ROW * 3000, other="The sea is calm. Fishermen went home early.") as assistant:
        begin = time.process_time()
        answer = assistant.ask("budget of Biglandia for the Grandola bridge")
        assert seconds(begin) < 5
    assert answer.citations
    assert all(len(citation.quote) <= LONGEST for citation in answer.citations)


def test_a_quote_full_of_markers_is_drawn_in_bounded_time(tmp_path: Path) -> None:
    text = "The gate of Qorlia " + "[1] word " * 2000 + "fell down."
    with opened(tmp_path, gate=text) as assistant:
        answer = assistant.ask("What happened to the gate of Qorlia?")
        begin = time.process_time()
        drawn = render.answer(answer, "en")
        assert seconds(begin) < 5
    assert "Qorlia" in drawn


def test_a_pasted_text_of_many_words_is_asked_in_bounded_time(over_seeds: Assistant) -> None:
    letters = "bdfgklmnprst"
    words = [f"{a}o{b}i{c}".capitalize() for a in letters for b in letters for c in letters][:330]
    begin = time.process_time()
    over_seeds.ask(" ".join(words)[:1990])
    assert seconds(begin) < 5


@pytest.mark.parametrize("question", ["who \ud800 is the spokesman", "\ud83d\ude00 من هو المتحدث باسم الكرملين؟"])
def test_halves_of_surrogate_pairs_do_no_harm(over_seeds: Assistant, question: str) -> None:
    over_seeds.ask(question).question.encode("utf-8")


def test_nothing_in_an_article_reaches_the_terminal_as_a_command(tmp_path: Path) -> None:
    text = (
        "The Qorlian treaty was signed by \x1b[2J\x1b]52;c;cm0=\x1b\\Zed in Oslo.\n"
        + "The sea was calm that day.\n" * 60
    )
    with opened(tmp_path, treaty=text) as assistant:
        answer = assistant.ask("Who signed the Qorlian treaty?")
    console = Console(record=True, width=200, force_terminal=False, no_color=True)
    with console.capture() as shown:
        show_answer(console, answer)
    assert "Qorlian" in shown.get()
    assert "\x1b" not in shown.get()
