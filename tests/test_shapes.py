"""Shapes of many words at once against those of one by one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant import packing
from assistant.language import arabic, names, shapes, spelling
from assistant.language.shapes import Words

ARABIC = st.text(st.sampled_from("اأإآبتثجكلمنهويةىئؤءسشغقفطپڤ"), min_size=1, max_size=14)
LATIN = st.text(st.sampled_from("abcdefghijkoqstuvwxyz'CKSé"), min_size=1, max_size=12)


def joined(words: list[str]) -> bytes:
    return b"".join(packing.compact(word) + b"\n" for word in words)


def shape(word: str) -> tuple[bytes, bytes, bytes]:
    sound = names.sound(word)
    return tuple(map(shapes.encoded, (word, sound, names.without_vowels(sound))))


@given(st.lists(ARABIC, max_size=8))
@example(["والقذافيون", "بالي", "ولا", "للنون", "فالين", "ووو", "ةي", "لل", "و"])
@example(["والي", "ال", "بالية", "كالسيين", "فية", "ولات"])
def test_arabic_words_in_all_their_shapes(words: list[str]) -> None:
    found = Words(joined(words), arabic=True)
    whole, short = found.spelled()
    assert len(found.open) == len(found.plain()) == len(whole.letters) == len(short.letters) == len(words)
    bare = [dict(zip(there.tolist(), left, strict=True)) for there, left in map(found.bare, range(1, 4))]
    for number, word in enumerate(words):
        if found.open[number]:
            continue
        assert found.plain()[number] == shapes.encoded(spelling.plain(word))
        assert (whole.letters[number], whole.sounds[number], whole.consonants[number]) == shape(spelling.plain(word))
        expected = shape(arabic.shortest_form(word))
        assert (short.letters[number], short.sounds[number], short.consonants[number]) == expected
        left = {spelling.plain(form) for form in names.proclitic_forms(word)} - {spelling.plain(word)}
        assert {each[number] for each in bare if number in each} == set(map(shapes.encoded, left))


@given(st.lists(LATIN, max_size=8))
@example(["Gaddafi", "Gaddafie", "sarah", "ahah", "Ah", "e", "tsche", "O'Neill", "Philippe"])
def test_latin_words_in_all_their_shapes(words: list[str]) -> None:
    found = Words(joined(words), arabic=False)
    (whole,) = found.spelled()
    assert len(found.open) == len(words)
    for number, word in enumerate(words):
        if not found.open[number]:
            assert (whole.letters[number], whole.sounds[number], whole.consonants[number]) == shape(
                spelling.plain(word)
            )


@pytest.mark.parametrize(
    ("word", "is_open"),
    [("بوتين", False), ("ڤوڤوزيلا", True), ("بووو", True), ("Zoë", True), ("Zoe", False), ("Baaa", False)],
)
def test_few_words_are_left_open(word: str, is_open: bool) -> None:
    beside = "حاضر" if word > "z" else "here"
    assert Words(joined([beside, word, beside]), word > "z").open.tolist() == [False, is_open, False]
