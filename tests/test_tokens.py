from __future__ import annotations

import time
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.language.text import fold
from assistant.language.tokens import CARDINALS, ORDINALS, acronym, roman_value, tokens


def words(text: str) -> list[str]:
    return [token.word for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  \n ", ""),
        ("?!،؛ … ٪ % -", ""),
        ("The soldiers left.", "The soldiers left"),
        ("غادر الجنودُ المدينةَ.", "غادر الجنود المدينة"),
        ("كـــتاب", "كتاب"),
        ("عام2020م", "عام #2020"),  # a lone letter is a mark
        ("م. ج. الأمم", "الأمم"),
        ("وJohn", "John"),
        # apostrophes
        ("O'Brien and al-Qa'ida", "O'Brien and al Qa'ida"),
        ("O’Brien", "O'Brien"),
        ("Biden's plan", "Biden s plan"),
        ("don't they're we've YOU'LL", "don t they re we ve YOU LL"),
        ("Kılıçdaroğlu met Sørensen", "Kilicdaroglu met Sorensen"),
        # numbers
        ("20%", "#20"),
        ("٢٠٪", "#20"),
        ("20 percent", "#20 percent"),
        ("20 في المئة", "#20 في المئة"),
        ("11:46", "#11 #46"),
        ("١١:٤٦", "#11 #46"),
        ("1,234", "#1234"),
        ("1,234,567.89", "#1234567.89"),
        ("١٬٢٣٤", "#1234"),
        ("3.5", "#3.5"),
        ("٣٫٥", "#3.5"),
        ("3,5", "#3.5"),
        ("2020.", "#2020"),
        ("2020-2021", "#2020 #2021"),
        ("2018،2019", "#2018 #2019"),
        ("12/5/2020", "#12 #5 #2020"),
        ("COVID-19 F-16", "COVID #19 F #16"),
        ("۲۰۲۰", "#2020"),
        # ordinals
        ("1st 2nd 3rd 20th", "first second third twentieth"),
        ("21st 112th", "#21 #112"),
        # decades
        ("the 1970s", "the #1970 seventies"),
        ("the 1920's", "the #1920 twenties"),
        ("the 90s", "the #90 nineties"),
        ("the 1910s", "the #1910 s"),
        ("120s", "#120 s"),
        # Roman numerals are also read as they stand
        ("Louis XIV", "Louis #14 XIV"),
        ("World War II", "World War #2 II"),
        ("I came", "I came"),
        ("IIII VX xiv", "IIII VX xiv"),
        # letters spelled out
        ("بي بي سي", "@BBC بي بي سي"),
        ("قناة بي بي سي البريطانية", "قناة @BBC بي بي سي البريطانية"),
        ("إف بي آي", "@FBI إف بي آي"),
        ("آر تي", "@RT آر تي"),
        ("بي", "بي"),
        ("في سوريا", "في سوريا"),
        ("على أن إن", "على أن إن"),
        ("في دي", "في دي"),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("the 1970s", ["the", "1970s", "1970s"]),
        ("Louis XIV.", ["Louis", "XIV", "XIV"]),
        ("«بي بي سي»", ["بي بي سي", "بي", "بي", "سي"]),
        ("مُحَمَّدٌ قال", ["مُحَمَّد", "قال"]),
        ("(ﻛﺘﺎﺏ)", ["ﻛﺘﺎﺏ"]),
        ("كـتـاب", ["كـتـاب"]),
        ("1,234 ton", ["1,234", "ton"]),
        ("\u202e20%\u202c", ["20"]),
    ],
)
def test_places(text: str, places: list[str]) -> None:
    assert [text[token.start : token.end] for token in tokens(text)] == places


TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [*"بي|سي|دي|إن|آي|XIV|1970s|21st|1,234.5|٢٠٪|11:46|مُحَمَّد|O'Brien|they're|ﷺ|ﻻ|½|㎞|\ud800|\U000e0041|\u202e|ـ|.| ".split("|"), "\n"]
        ),
        max_size=25,
    ).map(" ".join),
)  # fmt: skip


@given(TEXT)
@example("½ 3½")
@example("بي\u064e\u064e بي سي")
def test_spans_lie_in_order_inside_the_text(text: str) -> None:
    found = tokens(text)
    for token in found:
        assert token.word
        assert 0 <= token.start < token.end <= len(text)
    for left, right in pairwise(found):
        assert left.start <= right.start


@given(TEXT)
def test_the_folded_span_gives_the_word_again(text: str) -> None:
    for token in tokens(text):
        original = text[token.start : token.end]
        if token.word[0] in "#@" or token.word in ORDINALS or token.word in _decade_words():
            continue
        assert token.word in fold(original).text
        if all(len(fold(character).text) <= 1 for character in original):  # no part of "½" or "㎞"
            assert token.word == fold(original).text


@lru_cache(maxsize=1)
def _decade_words() -> set[str]:
    return {word for decade in range(20, 100, 10) for word in words(f"19{decade}s") if word[0] != "#"}


def test_there_are_eight_decades() -> None:
    assert len(_decade_words()) == 8


@given(
    st.lists(
        st.from_regex("[A-Za-z]{2,8}|[بتثجحخد]{2,8}", fullmatch=True).filter(lambda w: not w.isupper()), max_size=8
    )
)
def test_plain_words_survive(plain: list[str]) -> None:
    assert words(" ".join(plain)) == plain


@pytest.mark.parametrize(
    "unit", ["ً\u0650", "ﷺ", "\u202e", "\U000e0041", "\ud800", "بي ", "1,", "a'", "XIV ", "7s", "ب"]
)
def test_reading_words_is_linear(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.perf_counter()
    found = tokens(text)
    assert time.perf_counter() - began < 4
    assert all(token.end <= len(text) for token in found)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("II", 2), ("IV", 4), ("IX", 9), ("XIV", 14), ("XL", 40), ("XCIX", 99), ("CD", 400), ("MCMLXXXIV", 1984), ("MMXX", 2020)],
)  # fmt: skip
def test_roman_numerals(numeral: str, value: int) -> None:
    assert roman_value(numeral) == value
    assert words(numeral) == [f"#{value}", numeral]


@given(st.integers(1, 3999))
def test_every_roman_numeral_is_read(number: int) -> None:
    rest, numeral = number, ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), "M CM D CD C XC L XL X IX V IV I".split(), strict=True
    ):
        numeral += letters * (rest // value)
        rest %= value
    assert roman_value(numeral) == number
    assert (f"#{number}" in words(numeral)) is (len(numeral) > 1)


def test_acronyms_of_letters_that_arabic_writes_alike_meet() -> None:
    assert acronym("PPC") == acronym("bbc") == acronym("BBC")
    assert acronym("BBC") != acronym("BBD")
    assert words("بي بي سي")[0] == "@" + acronym("BBC")


def test_number_words() -> None:
    assert (CARDINALS["zero"], CARDINALS["twenty"], CARDINALS["ninety"]) == ("0", "20", "90")
    assert (ORDINALS["first"], ORDINALS["twelfth"], ORDINALS["twentieth"]) == ("1", "12", "20")
    assert len(set(CARDINALS.values())) == len(CARDINALS) == 28
    assert len(set(ORDINALS.values())) == len(ORDINALS) == 20
