"""The tests that every module of drafted questions passes: what a sentence gives, and which sentences give nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import pytest


class Drafted(Protocol):
    """A question made of a sentence."""

    @property
    def question(self) -> str: ...


Draft = Callable[[str], Sequence[Drafted]]


def gives(draft: Draft, made: Mapping[str, Sequence[str]]) -> Callable[[str], None]:
    """A test that each sentence gives exactly its questions, in order."""

    @pytest.mark.parametrize("sentence", made)
    def test(sentence: str) -> None:
        assert [drafted.question for drafted in draft(sentence)] == made[sentence]

    return test


def keeps_silent(draft: Draft, sentences: Sequence[str]) -> Callable[[str], None]:
    """A test that none of the sentences gives a question."""

    @pytest.mark.parametrize("sentence", sentences)
    def test(sentence: str) -> None:
        assert [drafted.question for drafted in draft(sentence)] == []

    return test
