from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import romanize


@pytest.mark.parametrize(
    ("word", "name"),
    [("جونسون", "Johnson"), ("ترامب", "Trump"), ("ستيوارت", "Stewart")],
)
def test_a_common_name_is_spelled_as_it_is(word: str, name: str) -> None:
    assert romanize.known(word) == ("", name)
    assert romanize.known("ب" + word) == ("ب", name)
    assert romanize.name(word) == name
    assert romanize.name("و" + word) == f"and {name}"


def test_a_word_that_writes_no_common_name() -> None:
    assert romanize.known("قققققق") is None
    assert romanize.known("اب") is None


def test_the_article_of_a_name() -> None:
    assert romanize.name("الزرزوري").startswith("al-Z")
    assert romanize.name("للزرزوري").startswith("to al-Z")


def test_an_unknown_foreign_name_reads_like_one() -> None:
    spelled = romanize.spell("برنكلوفيتش")
    assert spelled[0] == "B"
    assert set("aeiou") & set(spelled[1:4])  # vowels are put between the consonants


@given(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءئؤأإآپچژڤگ", min_size=1, max_size=60))
def test_any_arabic_word_gets_a_name(word: str) -> None:
    shown = romanize.name(word)
    assert shown.isascii() or not shown
    assert len(shown) <= 4 * 60
