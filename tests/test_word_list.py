"""Words by their numbers, from the blocks in which they are stored."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import packing
from assistant.vocabulary import WORDS, pack_words
from assistant.word_list import WordList

WORD = st.text(st.sampled_from("ab#@قلاڤ\U0001f600"), max_size=5)


@given(st.lists(WORD, max_size=3 * WORDS), st.lists(st.integers(-3, 4 * WORDS), max_size=20))
def test_words_come_back_by_their_numbers(words: list[str], asked: list[int]) -> None:
    filled = words + [""] * (-len(words) % WORDS)
    told = WordList([pack_words(filled[n : n + WORDS]) for n in range(0, len(filled), WORDS)], WORDS)
    there = sorted(n for n in set(asked) if 0 <= n < len(words) and words[n])
    assert told.words(asked) == {number: words[number] for number in there}
    assert list(told.words(asked)) == there
    assert told.joined(np.array(there, np.int64)) == b"".join(packing.compact(words[n]) + b"\n" for n in there)


def test_a_block_that_is_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match="cut short"):
        WordList([pack_words(["a"] * WORDS), pack_words(["a"] * (WORDS - 1))], WORDS)
