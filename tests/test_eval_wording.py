"""Words of answers: what counts as the same word, and that containment and F1 behave as such measures must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.wording import contains, f1, harmonic, words

ARABIC = st.text(st.sampled_from("بتثجحخدذرزسشصضطظعغفقكلمنهوي"), min_size=3, max_size=8)
TEXT = st.lists(st.one_of(ARABIC, st.sampled_from(["cabinet", "talks", "1990", "the", "3.5"])), max_size=8).map(
    " ".join
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("الحُكومـة", "حكومه"),
        ("والحكومة", "وحكومة"),
        ("للحكومة", "لحكومة"),
        ("ألمانيا", "المانيا"),
        ("الألمانية", "ألمانية"),
        ("إلى موسكو", "الي موسكو"),
        ("٤٩ جنديًا", "49 جنديا"),
        ("1,200", "١٬٢٠٠"),
        ("The Cabinet", "cabinet"),
        ("«جنيف»،", "جنيف"),
        ("ﻻ", "لا"),
    ],
)
def test_the_same_words(one: str, other: str) -> None:
    assert words(one) == words(other) != []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الله", ["الله"]),
        ("التي", ["التي"]),
        ("البو", ["البو"]),
        ("3.5 and 3,5", ["3.5", "and", "3,5"]),
        ("a man, an ox", ["man", "ox"]),
        ("؟!", []),
        ("co-operation", ["co", "operation"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("said", "expected", "contained", "share"),
    [
        ("عقدت المحادثات في جنيف.", "جنيف", True, 2 / 5),
        ("عقدت محادثات في جنيف", "المحادثات", True, 2 / 5),
        ("the talks were held in Geneva", "Geneva talks", False, 4 / 7),
        ("Geneva", "the Geneva", True, 1.0),
        ("12000", "2000", False, 0.0),
        ("Geneva", "Genevan", False, 0.0),
        ("", "x", False, 0.0),
        ("x", "", False, 0.0),
        ("so so", "so", True, 2 / 3),
    ],
)
def test_containment_and_f1(said: str, expected: str, contained: bool, share: float) -> None:
    assert contains(said, expected) is contained
    assert f1(said, expected) == pytest.approx(share)


@given(ARABIC)
def test_the_article_makes_no_other_word(word: str) -> None:
    assert words("ال" + word) == words(word)
    assert words("وال" + word) == words("و" + word) or word.startswith("ال")


@given(ARABIC, st.sampled_from("ًٌٍَُِّْـ"), st.integers(0, 8))
def test_vowel_signs_make_no_other_word(word: str, sign: str, at: int) -> None:
    assert words(word[:at] + sign + word[at:]) == words(word)


@given(TEXT)
def test_words_are_in_their_last_form(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@given(TEXT, TEXT)
def test_f1_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    value = f1(one, other)
    assert 0 <= value <= 1
    assert value == pytest.approx(f1(other, one))
    assert (value == 0) is not (set(words(one)) & set(words(other)) != set())
    assert (value == 1) is (sorted(words(one)) == sorted(words(other)) != [])


@given(TEXT, TEXT, TEXT)
def test_what_is_put_between_others_is_contained(before: str, text: str, after: str) -> None:
    said = f"{before} {text} {after}"
    assert contains(said, text) is bool(words(text))
    if contains(said, text):
        assert f1(said, text) >= 2 * len(words(text)) / (len(words(said)) + len(words(text))) - 1e-9


@pytest.mark.parametrize(("precision", "recall", "expected"), [(0, 0, 0), (1, 0, 0), (1, 1, 1), (0.5, 1, 2 / 3)])
def test_harmonic(precision: float, recall: float, expected: float) -> None:
    assert harmonic(precision, recall) == pytest.approx(expected)
