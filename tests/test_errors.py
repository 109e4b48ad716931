from __future__ import annotations

import inspect
import re
import string
from typing import get_args

import pytest

from assistant import errors
from assistant.errors import (
    EmbeddingFault,
    EmbeddingKind,
    FaultKind,
    FileRefused,
    IndexFault,
    IsnadError,
    LexiconMissing,
    ModelFault,
    NotEmbedded,
    QuestionTooLong,
    UsageError,
)

CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, IsnadError)]
FACTS = {"length": 2001, "limit": 2000, "name": "quotes", "reason": "it is not a number", "path": "/data/articles", "file": "a.txt",
         "holder": "4711", "free": 3, "needed": 40, "place": "/data/kept.sqlite", "kept": "kept.damaged", "seconds": 30,
         "command": "mcp", "package": "mcp", "extra": "mcp", "kind": "late",
         "passages": 1234, "tokens": 567_890, "model": "bge-m3"}  # fmt: skip


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    lines = [re.match(r"    ([│├└─ ]*)([A-Z]\w+)", line) for line in (errors.__doc__ or "").splitlines()]
    drawn = [(len(line[1]) // 4, line[2]) for line in lines if line]
    parents: list[str] = []
    tree = {}
    for depth, name in drawn:
        parents[depth:] = [name]
        tree[name] = parents[depth - 1] if depth else "Exception"
    assert tree == {c.__name__: c.__base__.__name__ for c in CLASSES if c.__base__}


@pytest.mark.parametrize("error", CLASSES, ids=lambda c: c.__name__)
def test_both_messages_say_the_same_facts(error: type[IsnadError]) -> None:
    assert fields(error.en) == fields(error.ar) <= FACTS.keys()
    said = error(**FACTS)
    for language in ("en", "ar"):
        line = said.say(language)
        assert line.endswith((".", "؟")) and "\n" not in line and "{" not in line
        for name in fields(error.en):
            assert str(FACTS[name]) in line
    assert re.search("[ء-ي]{3}", said.say("ar"))
    assert not re.search("[ء-ي]", said.say("en"))
    assert str(said) == said.say("en")


def test_messages_differ() -> None:
    for language in ("en", "ar"):
        messages = [getattr(c, language) for c in CLASSES if c not in (UsageError, IndexFault)]
        assert len(set(messages)) == len(messages)


def test_a_message_is_one_line_whatever_the_facts_hold() -> None:
    assert str(FileRefused(file="a.txt", reason="two\nlines  here")) == "a.txt was left out: two lines here."


@pytest.mark.parametrize("name", ["{0}", "{file}", "{}", "%s", "{"])
def test_a_file_name_with_braces_is_said_as_it_is(name: str) -> None:
    error = FileRefused(file=name, reason="it is empty")
    assert str(error) == f"{name} was left out: it is empty."
    assert error.reason == "it is empty"


def test_numbers_are_in_the_message() -> None:
    error = QuestionTooLong(length=2001, limit=2000)
    assert "2001" in str(error) and "2000" in error.say("ar")
    assert error.facts == {"length": 2001, "limit": 2000}


@pytest.mark.parametrize("language", ["en", "fr", ""])
def test_any_other_language_is_told_in_english(language: str) -> None:
    assert LexiconMissing().say(language) == LexiconMissing.en


@pytest.mark.parametrize("kind", get_args(FaultKind))
def test_each_kind_of_model_fault_has_a_plain_line_of_its_own(kind: FaultKind) -> None:
    fault = ModelFault(kind)
    english, arabic = fault.say("en"), fault.say("ar")
    assert fault.kind == kind and str(fault) == english
    assert english.endswith(".") and arabic.endswith(".") and "{" not in english + arabic
    assert re.search("[ء-ي]{3}", arabic) and not re.search("[ء-ي]", english)
    assert re.findall("[A-Z]+_[A-Z_]+", english) == re.findall("[A-Z]+_[A-Z_]+", arabic)  # the same settings to look at
    others = [line for other, lines in ModelFault.lines.items() if other != kind for line in lines]
    assert english not in others and arabic not in others


def test_no_kind_of_model_fault_is_forgotten() -> None:
    assert set(ModelFault.lines) == set(get_args(FaultKind))


@pytest.mark.parametrize("kind", get_args(EmbeddingKind))
def test_each_kind_of_embedding_fault_has_a_line_that_tells_what_to_do(kind: EmbeddingKind) -> None:
    fault = EmbeddingFault(kind)
    english, arabic = fault.say("en"), fault.say("ar")
    assert fault.kind == kind and str(fault) == english
    assert re.search("[ء-ي]{3}", arabic) and not re.search("[ء-ي]", english)
    assert re.findall("[A-Z]+_[A-Z_]+", english) == re.findall("[A-Z]+_[A-Z_]+", arabic)
    others = [line for other, lines in EmbeddingFault.lines.items() if other != kind for line in lines]
    assert english not in others and arabic not in others
    for language, line in (("en", english), ("ar", arabic)):
        assert fault.notice(language).endswith(line) and fault.notice(language) != line
        built = NotEmbedded(kind).say(language)
        assert built.endswith(line) and built != line and "\n" not in built
    assert NotEmbedded(**NotEmbedded(kind).facts).kind == kind  # as it comes from the process that builds


def test_no_kind_of_embedding_fault_is_forgotten() -> None:
    assert set(EmbeddingFault.lines) == set(get_args(EmbeddingKind))


ISOLATE, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def test_facts_that_read_the_other_way_stand_apart() -> None:
    said = errors.IndexDamaged(path=".isnad", reason="تالف")
    assert f" {ISOLATE}.isnad{END} " in said.say("ar")
    assert f"({ISOLATE}تالف{END})" in said.say("en")
    assert "in .isnad is" in said.say("en") and "(تالف)" in said.say("ar")
    assert ISOLATE not in QuestionTooLong(length=2001, limit=2000).say("ar")


@pytest.mark.parametrize("name", ["a\u202egnp.txt", f"{END}x{ISOLATE}", f"x{END}", f"{ISOLATE}x", "\u2067x", "\u202dx"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_fact_turns_the_words_beside_it_around(name: str, language: str) -> None:
    line = FileRefused(file=name, reason="it is empty").say(language)
    assert not re.search("[\u202a-\u202e\u2066\u2067]", line)
    depth = 0
    for sign in line:
        depth += (sign == ISOLATE) - (sign == END)
        assert depth >= 0
    assert depth == 0
