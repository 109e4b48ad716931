"""Templates: complete in both languages, and an edited one is refused in one line before it can lose a citation."""

from __future__ import annotations

import json
import shutil
import string
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import prompts
from assistant.errors import PromptInvalid

ROOT = Path(__file__).parents[1]
LANGUAGES = ("ar", "en")


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_the_folder_holds_each_task_in_each_language_and_nothing_else() -> None:
    wanted = {f"{task}.{language}.txt" for task in prompts.TASKS for language in LANGUAGES}
    assert {path.name for path in prompts.folder().iterdir()} == wanted


@pytest.mark.parametrize("task", prompts.TASKS)
def test_both_languages_have_the_same_placeholders(task: str) -> None:
    texts = [(prompts.folder() / f"{task}.{language}.txt").read_text(encoding="utf-8") for language in LANGUAGES]
    assert placeholders(texts[0]) == placeholders(texts[1]) == sorted(prompts.TASKS[task])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", prompts.TASKS)
def test_a_template_says_what_it_is_given_once(task: str, language: str) -> None:
    given = {name: f"<{name}>" for name in prompts.TASKS[task]}
    said = prompts.load(task, language).format(**given)
    assert [said.count(value) for value in given.values()] == [1] * len(given)
    assert said == said.strip() != ""
    assert not set("{}") & set(said)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quote_carries_its_marker(language: str) -> None:
    said = prompts.load("quote", language).format(quote="words", number=7, source="where")
    assert said.index("words") < said.index("[7]") < said.index("where")


@pytest.mark.parametrize("hostile", ["{number}", "{source} {quote}", "{{x}}", "{0}", "100 %s", "}{"])
def test_what_an_article_says_is_never_a_placeholder(hostile: str) -> None:
    said = prompts.load("quote", "en").format(quote=hostile, number=1, source="S")
    assert hostile in prompts.load("answered", "en").format(quotes=said)


@pytest.mark.parametrize(
    ("task", "text", "reason"),
    [
        ("answered", "Look:", "exactly: {quotes}"),
        ("answered", "", "exactly: {quotes}"),
        ("answered", "{quotes} {title}", "exactly: {quotes}"),
        ("answered", "{quote}", "exactly: {quotes}"),
        ("answered", "{} {quotes}", "exactly: {quotes}"),
        ("answered", "{quotes!r}", "exactly: {quotes}"),
        ("answered", "{quotes:>10}", "exactly: {quotes}"),
        ("answered", "{quotes.upper}", "exactly: {quotes}"),
        ("answered", "{ quotes }", "exactly: {quotes}"),
        ("quote", "{quote} [{number}]", "exactly: {number}, {quote}, {source}"),
        ("abstained", "No {quotes}", "exactly: none"),
        ("answered", "{quotes", "braces do not match"),
        ("answered", "{quotes}}", "braces do not match"),
        ("answered", "{{quotes}}", "braces do not match"),
        ("answered", "}{quotes}", "braces do not match"),
        ("abstained", "{", "braces do not match"),
    ],
)
def test_an_unusable_template_is_refused(task: str, text: str, reason: str) -> None:
    with pytest.raises(PromptInvalid) as refused:
        prompts.check(text, task, "file.en.txt")
    assert reason in str(refused.value)
    for language in LANGUAGES:
        assert "file.en.txt" in refused.value.say(language)
        assert "\n" not in refused.value.say(language)


@pytest.mark.parametrize("text", ["Here:\n{quotes}\nDone.", "  {quotes}\n\n", "{quotes}"])
def test_an_edited_template_that_is_whole_is_used(text: str) -> None:
    assert prompts.check(text, "answered", "f").format(quotes="Q") == text.replace("{quotes}", "Q").strip()


def test_files_edited_where_they_lie(tmp_path: Path) -> None:
    """In a checkout of its own, as a person would find it; and the templates inside the package go first, as in a wheel."""
    shutil.copytree(
        ROOT / "assistant", tmp_path / "assistant", ignore=shutil.ignore_patterns("web", "data", "__pycache__")
    )
    shutil.copytree(prompts.folder(), tmp_path / "prompts")
    folder = tmp_path / "prompts"
    (folder / "answered.en.txt").write_bytes("﻿Says:\r\n{quotes}\r\n".encode())
    (folder / "answered.ar.txt").write_bytes("تقول: {quotes}".encode("cp1256"))
    (folder / "abstained.ar.txt").unlink()
    (folder / "uncertain.en.txt").write_text("Close: {qoutes}")
    (folder / "uncertain.ar.txt").unlink()
    (folder / "uncertain.ar.txt").mkdir()
    code = """
import json, shutil
from assistant import prompts
from assistant.errors import PromptInvalid
def load(task, language):
    try:
        return prompts.load(task, language).format(quotes="Q", quote="q", number=1, source="s")
    except PromptInvalid as error:
        return str(error)
before = {f"{task}.{language}": load(task, language) for task in prompts.TASKS for language in ("ar", "en")}
shutil.copytree("prompts", "assistant/_prompts")
with open("assistant/_prompts/quote.en.txt", "w") as file:
    file.write("inside {quote} [{number}] {source}")
prompts.load.cache_clear()
print(json.dumps([before, load("quote", "en")]))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    said, inside = json.loads(done.stdout)
    assert inside == "inside q [1] s"
    for name in ("answered.ar", "abstained.ar", "uncertain.ar"):
        assert said[name].startswith(f"The template {name}.txt cannot be used: it is missing or is not UTF-8 text.")
    assert said["uncertain.en"].startswith(
        "The template uncertain.en.txt cannot be used: its placeholders must be exactly"
    )
    assert said["abstained.en"] == "The articles do not say."
    assert said["answered.en"] == "Says:\nQ"
    assert said["quote.en"].startswith("“q” [1]")


# ---------------------------------------------------------------- prompts for a model


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", sorted(prompts.CHATS))
def test_a_chat_has_a_task_and_what_is_asked(task: str, language: str) -> None:
    chat = prompts.load_chat(task, language)
    given = {name: f"<{name}>" for name in prompts.TASKS[task]}
    assert not set("{}") & set(chat.task.format())
    said = chat.asked.format(**given)
    assert [said.count(value) for value in given.values()] == [1] * len(given)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Task\n{passages} {question}", "two parts"),
        ("---\n{passages} {question}", "two parts"),
        ("Task\n---\n{passages}\n---\n{question}", "two parts"),
        ("Task {question}\n---\n{passages}", "below the line"),
        ("Task\n---\n{passages}", "exactly: {passages}, {question}"),
    ],
)
def test_a_chat_without_its_parts_is_refused(text: str, reason: str) -> None:
    with pytest.raises(PromptInvalid) as refused:
        prompts.check_chat(text, "write", "write.en.txt")
    assert reason in str(refused.value)
    assert "\n" not in refused.value.say("ar")


def test_a_line_of_hyphens_in_an_article_is_no_border() -> None:
    assert "---\nx" in prompts.load_chat("write", "en").asked.format(passages="---\nx", question="q")


def test_a_folder_of_edited_templates(tmp_path: Path) -> None:
    (tmp_path / "abstained.en.txt").write_text("Nothing.", encoding="utf-8")
    prompts.load_all(tmp_path)
    assert prompts.load("abstained", "en", tmp_path).format() == "Nothing."
    assert prompts.load("abstained", "ar", tmp_path).format() == prompts.load("abstained", "ar").format()
    (tmp_path / "again.ar.txt").write_text(" ", encoding="utf-8")
    prompts.load.cache_clear()
    with pytest.raises(PromptInvalid, match=r"again\.ar\.txt .* it is empty"):
        prompts.load_all(tmp_path)
    with pytest.raises(PromptInvalid, match="no such folder"):
        prompts.load_all(tmp_path / "nowhere")
