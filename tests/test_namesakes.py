"""Many names at once against one by one, and what is looked at one by one: nothing that would count is left out before."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant import namesakes, packing, wording

ARABIC = st.text(st.sampled_from("ابتوليكسشمنةينء"), min_size=4, max_size=11)
LATIN = st.text(st.sampled_from("abdefhiknosty"), min_size=4, max_size=9).map(str.capitalize)


@st.composite
def words(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A word and others of its script, some of them close to it."""
    letters = draw(st.sampled_from([ARABIC, LATIN]))
    word = draw(letters)
    others = draw(st.lists(letters, max_size=4))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(word)))
        cut = draw(st.integers(0, 2))
        put = draw(letters)[: draw(st.integers(0, 3))]
        others.append(word[:at] + put + word[at + cut :] or word)
    return word, [each for each in others if each.isalpha()]


def joined(others: list[str]) -> bytes:
    return b"".join(packing.compact(each) + b"\n" for each in others)


@hypothesis_settings(max_examples=300)
@given(words())
@example(("القذافي", ["والقذافي", "القدافيون", "غذافي", "قذاف", "القذاففففي", "ڤذافي"]))
@example(("Gaddafi", ["Khadafy", "Qaddafi", "Gadafie", "Zoë", "Gaddafis"]))
def test_names_compared_at_once_are_as_alike_as_one_by_one(asked: tuple[str, list[str]]) -> None:
    word, others = asked
    found = namesakes._spelling_similarities(word, joined(others))
    assert found.tolist() == [namesakes._spelling_similarity(word, other) for other in others]


@hypothesis_settings(max_examples=300)
@given(words())
@example(("والحكومه", ["الحكومة", "حكوومه", "بالحكوة", "للحكومة", "حكومةةة"]))
@example(("Jounral", ["Journal", "journal", "Jounrals", "Zoë"]))
def test_no_word_a_slip_away_is_left_out(asked: tuple[str, list[str]]) -> None:
    word, others = asked
    may = namesakes._may_slip(word, joined(others))
    for other, kept in zip(others, may.tolist(), strict=True):
        assert kept or wording._slip(word, other) is None
