"""Markers while they stream: however a model spells and splits them, the reader sees the same, and never an unknown id."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.catalogue import StoredPassage
from assistant.language.sentences import Span
from assistant.markers import Numbered, Resolver
from assistant.signs import clean

IDS = ("1.1", "1.2", "2.3", "2.4", "2.5", "10.12")


def numbered(*ids: str) -> list[Numbered]:
    text = "Words of a passage."
    passage = StoredPassage(1, "a.txt", 7, 7 + len(text), "en", "", None, text, (Span(7, 26),), *3 * (None,))  # type: ignore[arg-type]
    return [Numbered(each, passage, 7, 12) for each in ids]


def resolved(text: str) -> tuple[str, tuple[str, ...]]:
    resolver = Resolver(numbered(*IDS))
    resolver.feed(text)
    return resolver.finish(), resolver.cited


def test_a_numbered_sentence_knows_its_words() -> None:
    assert numbered("1.1")[0].text == "Words"


@pytest.mark.parametrize(
    "spelling",
    [
        "[2.3]", "【2.3】", "［2.3］", "(2.3)", "（2.3）", "[٢.٣]", "[٢٫٣]", "[٢،٣]", "[۲.۳]", "`[2.3]`", "`2.3`", "[`2.3`]", "**[2.3]**",
        "[[2.3]]", "([2.3])", "\\[2.3\\]", "[ 2.3 ]", "[2 . 3]", "[2:3]", "[2.3.]", "[S2.3]", "[source 2.3]", "[Source: 2.3]", "(see 2.3)",
        "[sentence 2.3]", "[^2.3]", "[#2.3]", "[المصدر 2.3]", "(الجملة ٢.٣)", "【2.3†source】", "[passage 2, sentence 3]", "[2.3\u200b]",
        "[2.3](https://evil.example)", "[2.3][2.3]", "[2.3, 2.3]", "[2.3][9.9]", "[9.9, 2.3]", "[2.3",
    ],
)  # fmt: skip
def test_however_a_marker_is_spelled(spelling: str) -> None:
    assert resolved(f"It rained {spelling}") == ("It rained [1]", ("2.3",))


@pytest.mark.parametrize(
    ("said", "shown", "cited"),
    [
        ("A [2.3]. B [1.1]. C [2.3].", "A [1]. B [2]. C [1].", ("2.3", "1.1")),
        ("A [2.3, 1.1].", "A [1][2].", ("2.3", "1.1")),
        ("A [2.3; 1.1]", "A [1][2]", ("2.3", "1.1")),
        ("A [2.3 and 1.1]", "A [1][2]", ("2.3", "1.1")),
        ("أ [2.3، 1.1]", "أ [1][2]", ("2.3", "1.1")),
        ("أ [2.3 و1.1]", "أ [1][2]", ("2.3", "1.1")),
        ("A [2.3–2.5]", "A [1][2][3]", ("2.3", "2.4", "2.5")),
        ("A [2.3-5]", "A [1][2][3]", ("2.3", "2.4", "2.5")),
        ("A [2.3, 5]", "A [1][2]", ("2.3", "2.5")),
        ("A [2.3] [1.1].", "A [1][2].", ("2.3", "1.1")),
        ("According to source 2.3 it rained", "According to source [1] it rained", ("2.3",)),
        ("- one [1.1]\n- two [1.2]", "- one [1]\n- two [2]", ("1.1", "1.2")),
    ],
)
def test_markers_are_numbered_as_they_appear(said: str, shown: str, cited: tuple[str, ...]) -> None:
    assert resolved(said) == (shown, cited)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("A [9.9].", "A."), ("A [99.99, 0.0]. B", "A. B"), ("A (7.7), B", "A, B"), ("A 【8.1†source】.", "A."), ("A [2].", "A."), ("A `9.9`", "A"),
        ("A []", "A ()"), ("It grew 2.3 percent (by 9.9 points)", "It grew 2.3 percent (by 9.9 points)"), ("in 2020 (a year)", "in 2020 (a year)"),
        ("A [sic] B", "A (sic) B"), ("1.1 million", "1.1 million"), ("(3 soldiers)", "(3 soldiers)"),
    ],
)  # fmt: skip
def test_unknown_ids_vanish_and_prose_stays(said: str, shown: str) -> None:
    assert resolved(said) == (shown, ())


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("see https://evil.example/x?y=1.", "see …."),
        ("see evil.example/x now", "see … now"),
        ("see www.evil.example", "see …"),
        ("mail me@evil.example", "mail …"),
        ("![p](https://evil.example/p.png) A", "A"),
        ("[read more](https://evil.example) A", "read more A"),
        ("<img src=https://evil.example/x> A", "A"),
        ("<b>A</b>", "A"),
        ("<script>alert(1)</script>A", "alert(1)A"),
        ("A <|im_end|> B", "A B"),
        ("javascript:alert(1) x", "…(1) x"),
    ],
)
def test_addresses_images_and_tags_are_taken_out_and_told(said: str, shown: str) -> None:
    resolver = Resolver(numbered(*IDS))
    resolver.feed(said)
    assert resolver.finish() == shown
    assert resolver.removed


@pytest.mark.parametrize("said", ["**A** _b_ `c` [1.1]", "3 < 4", "A & B", "5 * 3", "# Title\ntext", "$5, 7%"])
def test_plain_prose_and_emphasis_are_not_told(said: str) -> None:
    resolver = Resolver(numbered(*IDS))
    resolver.feed(said)
    resolver.finish()
    assert resolver.removed == ()


def test_nothing_unseen_is_left() -> None:
    assert clean("a\u202eb\u200bc\x1b[31m\x00d\ue000\U000e0041e\u2066\ufeff") == "abc[31mde"
    assert clean("سلامٌ\u00a0يا\tناس") == "سلامٌ يا ناس"


_WORDS = """[2.3] 【2.3】 (2.3) [2.3,2.5] [٢.٣] `[2.3]` [9.9] [ ] ( ) 【 2.3 word كلمة . ، https://e.com/x www.a.b ![a](http://e.com)
    [a](b) <b> < img ! * ` # \\ e x.com 1 [2.3-2.5] [sentence source المصدر … 1.1.1.1 @ a@b.co data: † | <|im_end|> - /"""
PIECES = st.sampled_from([*_WORDS.split(), " ", " ", "\n", "\u202e", "[2.3, 2.5]", "src=x>"])
TEXTS = st.lists(PIECES, max_size=14).map("".join) | st.text(alphabet="[]()2.31 ,`<>!a/:w\n", max_size=40)


@pytest.mark.parametrize("said", ["[2.3www.a.b", "[2.3/www.a.b", "It rained [2.3-https://e.com", "[2.3(www.a.b"])
def test_an_address_that_hangs_on_a_marker_is_taken_out(said: str) -> None:
    resolver = Resolver(numbered(*IDS))
    for character in said:
        assert "www." not in resolver.feed(character)
    assert not re.search(r"www\.|https?:", resolver.finish())


def test_code_with_a_space_reads_the_same_in_one_piece_and_in_two() -> None:
    pieces, whole = Resolver(numbered(*IDS)), Resolver(numbered(*IDS))
    for piece in ("`1 ", "` "):
        pieces.feed(piece)
    whole.feed("`1 ` ")
    assert pieces.finish() == whole.finish() == "1"


@given(said=TEXTS, data=st.data())
@hypothesis_settings(max_examples=400)
def test_however_it_is_cut_it_reads_the_same(said: str, data: st.DataObject) -> None:
    whole = Resolver(numbered(*IDS))
    whole.feed(said)
    whole.finish()
    resolver = Resolver(numbered(*IDS))
    before, rest = "", said
    while rest:
        length = data.draw(st.integers(1, 6))
        shown = resolver.feed(rest[:length])
        rest = rest[length:]
        settled = before[: max(before.rfind(" "), before.rfind("\n"), 0)].rstrip()
        assert shown.startswith(settled)  # only the word that is growing may change
        before = shown
    assert resolver.finish() == whole.text
    assert (resolver.cited, resolver.removed) == (whole.cited, whole.removed)
    bare = re.sub(r"\[(\d+)\]", "", whole.text)
    assert not re.search(r"[\[\]]|https?:|www\.|<[^\s\d=…]", bare)
    numbers = [int(number) for number in re.findall(r"\[(\d+)\]", whole.text)]
    assert list(dict.fromkeys(numbers)) == list(range(1, len(whole.cited) + 1))
    assert set(whole.cited) <= set(IDS)


def test_a_plain_word_is_shown_in_the_call_that_brings_it() -> None:
    resolver = Resolver(numbered(*IDS))
    assert [resolver.feed(piece) for piece in ("It ", "rain", "ed", " [2", ".3", "].")] == [
        "It", "It rain", "It rained", "It rained", "It rained", "It rained [1].",
    ]  # fmt: skip
