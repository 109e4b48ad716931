"""What was looked up is what is remembered, for any number of threads, and never more than there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.postings import NOTHING, Similar
from assistant.remembered import Remembered


def of_word(word: str) -> Similar:
    """As many types as the word has letters."""
    letters = np.arange(len(word))
    return Similar(letters + ord(word[0]), 1 / (1 + letters)) if word else NOTHING


WORDS = st.lists(st.text("abc", max_size=4), max_size=9)


@given(st.lists(WORDS, min_size=1, max_size=6), st.integers(1, 12))
@hypothesis_settings(max_examples=60, deadline=None)
def test_what_was_looked_up_is_known(asked: list[list[str]], most: int) -> None:
    """Whether it is remembered, looked up anew or let go of meanwhile; and no word is looked up that is known."""
    known: set[str] = set()

    def look(words: Sequence[str]) -> list[Similar]:
        assert len(words) == len(set(words))
        assert known.isdisjoint(words) or len(known.union(words)) > most
        return list(map(of_word, words))

    remembered = Remembered(look, most)
    for words in asked:
        full = len(known.union(words)) > most
        counts, found = remembered(words)
        known = set(words) if full else known.union(words)
        assert counts.tolist() == list(map(len, words))
        assert (found.types.dtype, found.similarity.dtype) == (np.int64, np.float64)
        for column in range(2):
            assert np.array_equal(
                found[column], np.concatenate([NOTHING[column], *(of_word(w)[column] for w in words)])
            )


def test_many_threads_remember_the_same() -> None:
    words = [letter * size for letter in "abcdefgh" for size in range(1, 40)]
    remembered = Remembered(lambda few: list(map(of_word, few)), 200)  # full now and then

    def ask(start: int) -> bool:
        few = [words[(start * 7 + step) % len(words)] for step in range(25)]
        counts, found = remembered(few)
        return counts.tolist() == list(map(len, few)) and np.array_equal(
            found.types, np.concatenate([of_word(word).types for word in few])
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))
