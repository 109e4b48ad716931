"""The formats of the word types' rows. What a catalogue finds in them is in test_catalogue."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.vocabulary import (
    BLOCK,
    FACTS,
    WORDS,
    file_under,
    groups,
    pack_facts,
    pack_words,
    unpack_facts,
    unpack_words,
)


def test_facts_come_back() -> None:
    facts = np.zeros(BLOCK, FACTS)
    facts["unit"] = np.arange(BLOCK) * 524_287
    facts["df"][7], facts["titles"][8], facts["flags"] = 2**32 - 1, 3, 1 << 14
    assert (unpack_facts(pack_facts(facts)) == facts).all()
    with pytest.raises((ValueError, zlib.error)):
        unpack_facts(pack_facts(facts[:10]))


@given(st.lists(st.text(st.sampled_from("ab#@قلا\U0001f600"), max_size=5), min_size=WORDS, max_size=WORDS))
def test_words_come_back(words: list[str]) -> None:
    assert unpack_words(pack_words(words)) == words


def test_keys_of_two_families_differ() -> None:
    assert file_under(1, "stem") != file_under(2, "stem")
    assert file_under(1, "جند")[1:] == "جند".encode("cp1256")


def test_groups_of_types() -> None:
    assert list(groups(np.array([4, 3, 10, 1, 5, 2, 1, 100]))) == [(4, [10, 11, 16]), (2, [100])]
    assert list(groups(np.zeros(0, np.int64))) == []
