from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.english import IRREGULAR, WEAK_STEMS, american, derivations, is_stop_word, lancaster, stem


@pytest.mark.parametrize(
    "forms",
    [
        "kill kills killed killing Killed",
        "call calls called calling",
        "shell shells shelled shelling",
        "fall falls fell fallen falling",
        "sell sells sold selling",
        "poll polls polled polling",
        "travel travels traveled traveling travelled travelling",
        "cancel cancelled canceled cancelling",
        "control controlled controlling controls",
        "recall recalled recalling",
        "install installed installs",
        "rise rises rose risen rising",
        "arise arises arose arisen arising",
        "raise raises raised raising",
        "go goes went gone going",
        "begin began begun begins beginning",
        "write wrote written writes writing",
        "fight fought fighting fights",
        "win won wins winning",
        "soldier soldiers",
        "man men",
        "child children",
        "person people persons peoples",
        "crisis crises",
        "analysis analyses",
        "virus viruses",
        "base bases",
        "ground grounds",
        "wound wounds wounded",
        "country countries",
        # spelling of both sides of the ocean
        "defence defense defences defenses",
        "centre center centres centers",
        "colour color colours colors",
        "armoured armored",
        "organise organize organised organized organising organizing organiser organizer",
        "organisation organization organisations organizations",
        "analyse analyze analysed analyzed analysing analyzing",
        "dialogue dialog dialogues dialogs",
        "programme program programmes programs",
        "licence license",
    ],
)
def test_forms_of_a_word_share_a_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1, {form: stem(form) for form in forms.split()}


@pytest.mark.parametrize(
    "pair",
    [
        "kill kilo", "fill file", "pull pule", "roll role", "poll pole", "sell cell", "base basis", "hour hor", "tour tor",
        "wound wind", "ground grind", "war ware", "army arm", "minister ministry", "life live", "four for", "wise wiz",
    ],
)  # fmt: skip
def test_different_words_keep_different_stems(pair: str) -> None:
    left, right = pair.split()
    assert stem(left) != stem(right)


@pytest.mark.parametrize(
    "word", "hour four tour your pour this his rise wise flour colors killing calling selling".split()
)
def test_words_that_are_not_british_stay(word: str) -> None:
    assert american(word) == word


@given(st.text("abcdefghijklmnopqrstuvwxyz'", max_size=20))
def test_any_word_has_a_lower_case_stem(word: str) -> None:
    assert stem(word) == stem(word.upper())
    assert stem(word) == stem(word).lower()
    assert bool(stem(word)) is bool(word) or "'" in word


def test_base_forms_are_not_irregular_themselves() -> None:
    assert {base for base in IRREGULAR.values() if IRREGULAR.get(base, base) != base} == set()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("the", True), ("The", True), ("who", True), ("WHO", False), ("us", True), ("US", False), ("A", True), ("I", True),
        ("t", True), ("re", True), ("soldier", False), ("May", False), ("MAY", False), ("may", True), ("won", False), ("mine", False), ("IT", False), ("now", False),
    ],
)  # fmt: skip
def test_stop_words(word: str, expected: bool) -> None:
    assert is_stop_word(word) is expected


def test_framing_words_are_weak_in_every_form() -> None:
    assert {stem(word) for word in "named names called calls happened people years".split()} <= WEAK_STEMS
    assert stem("soldier") not in WEAK_STEMS


@pytest.mark.parametrize(("left", "right"), [("killing", "killer"), ("organizational", "organ"), ("translator", "translation"), ("explosive", "explosion")])  # fmt: skip
def test_derived_words_meet(left: str, right: str) -> None:
    assert derivations(stem(left)).keys() & derivations(stem(right)).keys()


def test_unrelated_words_do_not_meet_as_derivations() -> None:
    assert not derivations(stem("soldier")).keys() & derivations(stem("hospital")).keys()


def test_the_five_letter_key_weighs_less_than_the_stem() -> None:
    keys = derivations("organiz")
    assert keys.pop("L" + lancaster("organiz")) == 1.0
    assert keys == {"organ": 0.7}
    assert derivations("go") == {}
