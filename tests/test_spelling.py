from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from assistant.language import spelling
from assistant.language.spelling import corrections, cost, known_among

WORDS = st.text("abcdeابتثةه", max_size=8)


@settings(deadline=None)
@given(WORDS, WORDS)
def test_one_slip_is_one_edit(typed: str, meant: str) -> None:
    """Against another implementation of the optimal string alignment distance."""
    slip = cost(typed, meant)
    assert (slip is not None) is (OSA.distance(typed, meant) <= 1)
    assert slip is None or (slip == 0) is (typed == meant)


@settings(deadline=None)
@given(st.text("abcdeابتثةه", min_size=2, max_size=8), st.data())
def test_every_edit_is_a_slip(meant: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(meant) - 2))
    letter = data.draw(st.sampled_from("abcاب"))
    for typed in (
        meant[:place] + meant[place + 1 :],
        meant[:place] + letter + meant[place:],
        meant[:place] + letter + meant[place + 1 :],
        meant[:place] + meant[place + 1] + meant[place] + meant[place + 2 :],
    ):
        slip = cost(typed, meant)
        assert slip is not None
        assert 0 <= slip <= 1.3


def test_easy_slips_are_cheaper() -> None:
    doubled, swapped, missing, near, extra, wrong = (
        cost(typed, "minister") or 0.0
        for typed in ("minnister", "miinster"[:2] + "inster"[1:], "miister", "minisyer", "minipster", "minxster")
    )
    assert doubled < missing < near < extra < wrong
    assert cost("imnister", "minister") == pytest.approx((cost("minitser", "minister") or 0) + 0.3)
    assert cost("المدرصة", "المدرسة") == cost("المدرشة", "المدرسة")
    assert swapped >= 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("prolbem", "problem"), ("usulaly", "usually"), ("recieve", "receive"), ("Presidnet", "President"), ("theri", "their"),
        ("poblem", "problem"), ("scholos", "schools"), ("globla", "global"),
        ("المتسوطنون", "المستوطنون"), ("البرييطانيون", "البريطانيون"), ("الطؤقات", "الطرقات"), ("الغاةب", "الغابة"), ("استهادة", "استعادة"),
        ("بترجةم", "بترجمة"), ("السججل", "السجل"),
    ],
)  # fmt: skip
def test_the_likeliest_word_comes_first(typed: str, meant: str) -> None:
    assert corrections(typed)[0][0] == meant


@pytest.mark.parametrize("typed", ["", "abcd", "ابجد", "Pashinyan", "باشينيان", "x" * 100, "ب" * 100])
def test_what_cannot_be_corrected(typed: str) -> None:
    assert corrections(typed) == ()


@settings(max_examples=20, deadline=None)
@given(
    st.one_of(
        st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=9), st.text("ابتجدرسعلمنهوي", min_size=5, max_size=8)
    )
)
def test_corrections_are_known_and_one_slip_away(typed: str) -> None:
    found = corrections(typed)
    assert [slip for _, slip in found] == sorted(slip for _, slip in found)
    assert known_among([word for word, _ in found]) == {word for word, _ in found}
    assert all(cost(typed, word) == slip for word, slip in found)


def test_known_words() -> None:
    words = ["minister", "their", "jerusalem", "qwrtx", "الوزير", "في", "قصثض"]
    assert known_among(words) == {"minister", "their", "jerusalem", "الوزير", "في"}


def test_slips_are_counted_without_capitals_and_seats() -> None:
    assert spelling.plain("Minister") == "minister"
    assert spelling.plain("مسألة") == spelling.plain("مساله")
