from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.kinds import Kind, kinds_of
from assistant.language.tokens import tokens
from assistant.vocabulary import STOP

NOT = Kind.NAME | Kind.NUMBER | Kind.DATE | Kind.PLACE | Kind.REASON | Kind.MANNER | Kind.UNIT | Kind.YEAR
NOT |= Kind.CONDITION | Kind.TIME | Kind.COUNTRY


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("@BBC", Kind.NAME),
        ("#7", Kind.NUMBER),
        ("#3.5", Kind.NUMBER),
        ("#2020", Kind.NUMBER | Kind.DATE | Kind.YEAR),
        ("#732", Kind.NUMBER | Kind.DATE | Kind.YEAR),
        ("#1234.5", Kind.NUMBER),
        ("#3000", Kind.NUMBER),
        ("#14th", Kind(0)),
        ("#--09", Kind.DATE),
        ("#%", Kind.UNIT),
        ("#$", Kind.UNIT),
        # English
        ("Pashinyan", Kind.NAME),
        ("Bush", Kind.NAME),
        ("bush", Kind(0)),
        ("The", Kind(0)),
        ("soldiers", Kind.UNIT),
        ("percent", Kind.UNIT),
        ("fifteen", Kind.NUMBER),
        ("million", Kind.NUMBER),
        ("January", Kind.DATE | Kind.NAME),
        ("yesterday", Kind.DATE),
        ("march", Kind(0)),
        ("March", Kind.DATE | Kind.NAME),
        ("villages", Kind.PLACE),
        ("because", Kind.REASON),
        ("by", Kind.MANNER),
        ("if", Kind.CONDITION),
        ("weeks", Kind.UNIT | Kind.TIME),
        ("Armenia", Kind.NAME | Kind.COUNTRY),
        ("Yerevan", Kind.NAME),
        # Arabic
        ("باشينيان", Kind.NAME),
        ("محمد", Kind.NAME),
        ("أرمينيا", Kind.NAME | Kind.COUNTRY),
        ("الحرب", Kind(0)),
        ("والجنود", Kind.UNIT),
        ("كيلومتر", Kind.UNIT),
        ("مليون", Kind.NUMBER),
        ("ساعتين", Kind.UNIT | Kind.TIME | Kind.NUMBER),
        ("أسبوع", Kind.UNIT | Kind.TIME),
        ("إذا", Kind.CONDITION),
        ("بشرط", Kind.CONDITION),
        ("يريفان", Kind.NAME),
        ("ثلاثين", Kind.NUMBER),
        ("ثلاثمئة", Kind.NUMBER | Kind.NAME),
        ("وثلاث", Kind.NUMBER),
        ("السبعينيات", Kind.DATE),
        ("الثالث", Kind.NAME),
        ("seventies", Kind.DATE),
        ("شتنبر", Kind.DATE | Kind.NAME),
        ("مدينة", Kind.PLACE | Kind.NAME),
        ("بسبب", Kind.REASON),
        ("لأن", Kind.REASON),
        ("ولأن", Kind.REASON),
        ("خلال", Kind.MANNER),
        ("في", Kind(0)),
        ("أمس", Kind.DATE),
    ],
)
def test_kinds(word: str, kinds: Kind) -> None:
    assert kinds_of(word) & NOT == kinds


@pytest.mark.parametrize("word", "فبراير أبريل الأحد والخميس يناير الإثنين".split())
def test_arabic_dates(word: str) -> None:
    assert kinds_of(word) & Kind.DATE


@pytest.mark.parametrize(
    ("word", "kind", "expected"),
    [
        ("باشينيان", Kind.UNKNOWN, True), ("جنود", Kind.UNKNOWN, False), ("soldiers", Kind.UNKNOWN, False), ("Pashinyan", Kind.UNKNOWN, True),
        ("محمد", Kind.MAYBE_NAME, True), ("جنود", Kind.MAYBE_NAME, False), ("soldiers", Kind.MAYBE_NAME, False),
        ("Bush", Kind.MAYBE_NAME, True), ("pashinyan", Kind.MAYBE_NAME, True), ("في", Kind.MAYBE_NAME, False),
    ],
)  # fmt: skip
def test_what_is_worth_aligning(word: str, kind: Kind, expected: bool) -> None:
    assert bool(kinds_of(word) & kind) is expected


@given(st.text(max_size=20))
def test_every_token_has_kinds(text: str) -> None:
    for token in tokens(text):
        assert 0 <= kinds_of(token.word) < STOP
