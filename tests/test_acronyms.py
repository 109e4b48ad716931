from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.acronyms import key, keys, spelled
from assistant.language.terms import question_words


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("بي بي سي", "BBC"), ("سي إن إن", "CNN"), ("سي ان ان", "CNN"), ("السي أن أن", "CNN"), ("بى بى سى", "BBC"), ("البي بي سي", "BBC"),
        ("إف بي آي", "FBI"), ("أف بي آي", "FBI"), ("اف بي اي", "FB*"), ("سي اي ايه", "C*A"), ("دي إن إيه", "DNA"), ("إتش آي في", "HIV?"),
        ("بيبيسي", "BBC"), ("البيبيسي", "BBC"), ("إن بي سي", "?NBC"), ("إتش إس بي سي", "HSBC"),
        # words on either side that are letters now and then
        ("قال إن بي بي سي في لندن", "?NBBCV?"), ("لقناة سي إن إن إن الرئيس", "CNNN?"), ("أن سي إن إن", "?NCNN?"),
        ("بي بي سي أو سي إن إن", "BBC CNN"), ("بي بي سي وسي إن إن", "BBC CNN"),
        # none
        ("ليوناردو دي كابريو", ""), ("أن في ال أو", ""), ("السيسي", ""), ("بي", ""), ("", ""), ("الدستور", ""),
    ],
)  # fmt: skip
def test_what_letter_names_spell(text: str, names: str) -> None:
    assert [name for _, _, name in spelled(text.split(), range(len(text.split())))] == names.split()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("BBC", {"BBC"}), ("FB*", {"FBA", "FBE", "FBI"}), ("CNNV?", {"CNNV", "CNN"}), ("?NBBC", {"NBBC", "BBC"}),
        ("?NBBCV?", {"NBBCV", "BBCV", "NBBC", "BBC"}),
    ],
)  # fmt: skip
def test_what_a_name_may_be(name: str, expected: set[str]) -> None:
    assert set(keys(name)) == expected


def test_letters_that_arabic_writes_alike_meet() -> None:
    assert key("PPC") == key("bbc") == key("BBC")
    assert key("BBC") != key("BBD")


@given(st.lists(st.sampled_from("بي سي إن أو وسي في اي بيبيسي كتاب إيه".split()), max_size=20))
def test_acronyms_lie_in_order_and_apart(words: list[str]) -> None:
    runs = [(begin, end) for begin, end, _ in spelled(words, range(len(words))) if end - begin > 1]
    assert all(0 <= begin < end <= len(words) for begin, end in runs)
    assert all(left[1] <= right[0] for left, right in pairwise(runs))
    assert all(len(keys(name)) <= 36 for _, _, name in spelled(words, range(len(words))))


def test_a_question_asks_for_the_acronym_and_not_for_its_letters() -> None:
    assert [token.word for token in question_words("ماذا قالت بي بي سي أمس؟")] == ["قالت", "@BBC", "أمس"]
