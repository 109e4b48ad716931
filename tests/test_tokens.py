from __future__ import annotations

import time
from functools import lru_cache
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.language.numbers import ORDINALS
from assistant.language.text import fold
from assistant.language.tokens import roman_value, tokens, words_of


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
        ("AlJazeera, elSisi, eLearning, Elton", "Al Jazeera el Sisi eLearning Elton"),
        # acronyms with points
        ("The U.S. and C.N.N, at 5 a.m.", "The US and CNN at #5 a m"),
        ("J.K. Rowling, J. Biden", "JK Rowling J Biden"),
        # names of two words, or of one
        ("Abdel Fattah", "Abdalfattah"),
        ("Abdul-Fattah, Abd al-Fattah, Abdelfattah", "Abdalfattah Abdalfattah Abdalfattah"),
        ("Abdurrahman and Abdul Rahman", "Abdalrahman and Abdalrahman"),
        ("King Abdullah, Abdalla and Abdul said", "King Abdullah Abdalla and Abdul said"),
        ("Abdul, Rahman; Abdul.", "Abdul Rahman Abdul"),
        ("عبد الله وعبد الرحمن وعبدالفتاح", "عبدالله وعبدالرحمن وعبدالفتاح"),
        ("عبد، الله يعبد الله", "عبد الله يعبد الله"),
        ("نصر الله وحزب الله", "نصرالله وحزب الله"),
        ("نورالدين وبدرالدين", "نور الدين وبدر الدين"),
        ("والدين الوالدين خالدين للوالدين المجاهدين", "والدين الوالدين خالدين للوالدين المجاهدين"),
        ("Noureddine and Salaheddin", "Nour Din and Salah Din"),
        ("Saladin, Madeline and Reddine", "Saladin Madeline and Reddine"),
        ("O’Brien", "O'Brien"),
        ("Biden's plan", "Biden s plan"),
        ("don't they're we've YOU'LL", "don t they re we ve YOU LL"),
        ("Kılıçdaroğlu met Sørensen", "Kilicdaroglu met Sorensen"),
        # numbers
        ("20%", "#20 #%"),
        ("٢٠٪", "#20 #%"),
        ("٪٢٠", "#% #20"),
        ("100 % off, 20٪.", "#100 #% off #20 #%"),
        ("20 percent", "#20 percent"),
        ("20 في المئة", "#20 #%"),
        ("20 per cent", "#20 #%"),
        ("كم في المائة", "كم #%"),
        ("واحد في المئة", "واحد #%"),
        ("خلال في المئة", "خلال في المئة"),
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
        ("10 000 people", "#10000 people"),
        ("1.234.567", "#1234567"),
        ("192.168.1.2022", "#192.168.1.2022"),
        ("007 3.50", "#7 #3.5"),
        ("000", "#0"),
        # money
        ("$5m", "#$ #5000000"),
        ("5 m", "#5 m"),
        ("€3bn", "#€ #3000000000"),
        ("3bn euros", "#3000000000 euros"),
        ("5 ملايين دولار", "#5000000 دولار"),
        ("a $ sign", "a sign"),
        # several words of one number
        ("forty-nine ministers", "#49 ministers"),
        ("تسع وأربعين وزيرة", "#49 وزيرة"),
        ("15 ألفا و300 مدني", "#15300 مدني"),
        ("one two three", "one two three"),
        ("a hundred", "a hundred"),
        # dates in digits
        ("27/9/2020", "#27 #--09 #2020"),
        ("2020-09-27T10:00", "#2020 #--09 #27 T10 #00".replace("T10 #00", "T #10 #0")),
        ("٢٦ / ١ / ٢٠٢٤", "#26 #--01 #2024"),
        ("27.9.2020", "#27 #--09 #2020"),
        ("12/5/2020", "#12 #--12 #5 #--05 #2020"),  # day first or month first
        ("31/31/2020", "#31 #31 #2020"),
        ("15/2/1444 هـ", "#15 #2 #1444"),
        ("a/2022/09/13/b", "a #2022 #9 #13 b"),
        ("12 تشرين الأول 2001 وكانون الثاني", "#12 أكتوبر #2001 يناير"),
        ("تشرين، الأول", "تشرين الأول"),
        ("COVID-19 F-16", "COVID #19 F #16"),
        ("۲۰۲۰", "#2020"),
        # ordinals
        ("1st 2nd 3rd 20th", "first second third #20th"),
        ("21st 112th", "#21th #112th"),
        ("the fourteenth", "the #14th"),
        ("القرن الحادي والعشرين", "القرن #21th"),
        ("القرن الـ19", "القرن #19"),
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
        ("\u202e20%\u202c", ["20", "%"]),
        ("بلغ ٢٠ في المئة.", ["بلغ", "٢٠", "في المئة"]),
        ("about 2.3 million people", ["about", "2.3 million", "people"]),
        ("(مليونين وثلاثَمِئةِ ألفٍ)", ["مليونين وثلاثَمِئةِ ألف"]),
        ("5/6/2022", ["5", "5", "6", "6", "2022"]),
        ("في تشرين الأول،", ["في", "تشرين الأول"]),
        ("the U.S. army", ["the", "U.S", "army"]),
        ("Abd al-Fattah el-Sisi", ["Abd al-Fattah", "el", "Sisi"]),
        ("Noureddine عِزُّالدين", ["Nour", "ddine", "عِز", "الدين"]),
    ],
)
def test_places(text: str, places: list[str]) -> None:
    assert [text[token.start : token.end] for token in tokens(text)] == places


TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            [*"بي|سي|دي|إن|آي|XIV|1970s|21st|1,234.5|٢٠٪|11:46|5/6/2022|$5m|مليون|وثلاثة|عشر|في المئة|twenty|one|and|تشرين|الأول|مُحَمَّد|عبد|الله|Abdul|Noureddine|U.S.|O'Brien|they're|ﷺ|ﻻ|½|㎞|\ud800|\U000e0041|\u202e|ـ|.| ".split("|"), "\n"]
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
        if token.word in ("أكتوبر", "نوفمبر", "ديسمبر", "يناير") and " " in fold(original).text:
            continue
        if token.word == "Din" or token.word.startswith("Abdal") or "عبد" in token.word or "." in original:
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
    "unit",
    [
        "ً\u0650",
        "ﷺ",
        "\u202e",
        "\U000e0041",
        "\ud800",
        "بي ",
        "1,",
        "a'",
        "XIV ",
        "7s",
        "ب",
        "1/",
        "مليون ",
        "ومئة ",
        "million ",
        "one ",
        "and ",
        "12/5/2020 ",
        "% 1",
        "عبد ال",
        "Abdul ",
        "A.",
        "بي أو ",
        "وسي أن ",
        "نورالدين",
    ],
)
def test_reading_words_is_linear(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    found = tokens(text)
    assert time.process_time() - began < 4
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


_WRITTEN = st.lists(
    st.sampled_from("al El II the-end abd ibn of عبد الله كانون الأول ال و ثلاثة عشر مئة two hundred NATO n a t o سيف الدين d.c. 7 ـ".split())
    | st.text("aAلاةىءغيوعن", min_size=1, max_size=5),
    max_size=6,
).map(" ".join)  # fmt: skip


@given(_WRITTEN | TEXT)
def test_the_words_alone_are_those_of_the_tokens(text: str) -> None:
    assert words_of(text) == words(text)


def test_the_words_of_every_shipped_term_are_those_of_its_tokens() -> None:
    from assistant.language.glossary import sources

    for _, text in sources():
        for cell in text.replace("\n", "\t").replace(";", "\t").split("\t"):
            assert words_of(cell) == words(cell)
