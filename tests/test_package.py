"""What ``import assistant`` promises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import assistant
from assistant import chat, citations, corpus, errors, retrieval, scope, settings

ROOT = Path(__file__).parents[1]
PUBLIC = {
    "Answer": citations.Answer,
    "Assistant": chat.Assistant,
    "Citation": citations.Citation,
    "Document": corpus.Document,
    "Hit": retrieval.Hit,
    "IsnadError": errors.IsnadError,
    "Scope": scope.Scope,
    "Settings": settings.Settings,
    "Turn": citations.Turn,
}


def test_the_public_names_are_these_and_no_others() -> None:
    """Adding one is a promise to keep: it is written here on purpose."""
    assert assistant.__all__ == [*sorted(PUBLIC), "__version__"]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_is_the_thing_itself(name: str) -> None:
    assert getattr(assistant, name) is PUBLIC[name]


def test_a_star_import_brings_just_those() -> None:
    names: dict[str, object] = {}
    exec("from assistant import *", names)
    assert names.keys() - {"__builtins__"} == set(assistant.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Assistent'"):
        assistant.Assistent  # noqa: B018
    with pytest.raises(ImportError, match="Assistent"):
        exec("from assistant import Assistent")


def test_the_version_is_one_of_a_release() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+([ab]\d+|rc\d+|\.dev\d+)?", assistant.__version__)


def test_names_are_loaded_when_they_are_used() -> None:
    code = "import sys, assistant; before = set(sys.modules); assistant.IsnadError; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert {name for name in done.stdout.split() if name.startswith("assistant")} == {
        "assistant.errors",
        "assistant.faults",
    }


@pytest.mark.parametrize(
    "name",
    [name for name, thing in vars(errors).items() if isinstance(thing, type) and issubclass(thing, errors.IsnadError)],
)
def test_every_error_of_ours_is_an_isnad_error_with_both_languages(name: str) -> None:
    kind = getattr(errors, name)
    assert set(re.findall(r"{\w+}", kind.en)) == set(re.findall(r"{\w+}", kind.ar))
    assert not re.search("[\u0600-\u06ff]", kind.en) and re.search("[\u0600-\u06ff]", kind.ar)
