from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.language.gloss import gloss
from assistant.language.text import is_arabic


def shown(text: str, reader: str = "en") -> list[tuple[str, str, str]]:
    return [(text[r.start : r.end], r.text, r.kind) for r in gloss(text, "ar" if reader == "ar" else "en")]


@pytest.mark.parametrize(
    ("word", "rendering"),
    [
        ("والجنود", "and the soldiers"),
        ("المدرسة", "the school"),
        ("المستشفيات", "the hospitals"),
        ("كتابهم", "their book"),
        ("في", "in"),
        ("وفي", "and in"),
        ("على", "on"),
        ("هل", "whether"),
        ("عليها", "on it"),
        ("الحرب", "the war"),
        ("مَدْرَسَةٌ", "school"),
    ],
)
def test_arabic_words(word: str, rendering: str) -> None:
    ((original, shown_as, kind),) = shown(word)
    assert word.startswith(original)  # a mark after the last letter is no part of it
    assert (shown_as, kind) == (rendering, "word")


@pytest.mark.parametrize(
    ("word", "rendering"),
    [
        ("باشينيان", "Pashinyan"),
        ("الغنوشي", "Ghannouchi"),
        ("والغنوشي", "and Ghannouchi"),
        ("علييف", "Aliyev"),
        ("محمد", "Mohammed"),
    ],
)
def test_names(word: str, rendering: str) -> None:
    assert shown(word) == [(word, rendering, "name")]


def test_numbers_stay_so_that_a_line_of_glosses_keeps_the_answer() -> None:
    assert shown("في القرن الحادي والعشرين")[-1] == ("الحادي والعشرين", "21st", "number")
    assert shown("مليونين وثلاثمئة ألف") == [("مليونين وثلاثمئة ألف", "2,300,000", "number")]
    assert shown("27/9/2020") == [("27", "27", "number"), ("9", "9", "number"), ("2020", "2020", "number")]
    assert shown("٢٠ و 30 و ٣٫٥") == [("٢٠", "20", "number"), ("30", "30", "number"), ("٣٫٥", "3.5", "number")]


@pytest.mark.parametrize(
    ("text", "rendering"),
    [
        # clitics in English order
        ("وبأسلحتهم", "and with their weapons"),
        ("سيفتحها", "will open it"),
        ("قال متحدثه", "said | his spokesman"),
        ("وفي وزارتها", "and in | its ministry"),
        ("للصحفيين", "to the journalists"),
        # the sense and the form that fit
        ("قبل عامين", "before | two years"),
        ("منذ عام 1992", "since | year | 1992"),
        ("اختتام فحصها", "conclusion | of its examination"),
        ("لم تحتج", "did not | need"),
        ("وتحتج", "and protests"),
        ("من تركيا", "from | Turkey"),
        ("قد تقرر", "has | been decided"),
        ("قد تتطور", "may | develop"),
        ("وقد يفتحها", "and may | open it"),
        ("يندرج تحت البند", "falls under | the clause"),
        ("بالبنية التحتية للبنية التحتية", "with infrastructure | to infrastructure"),
        ("نحو خمسين جنديا", "toward | 50 | soldiers"),
        ("بين المدنيين", "between | the civilians"),
        ("قد تسبب في", "has | caused | in"),
        ("قضايا متعلقة بآليات", "cases | related | with mechanisms"),
        ("كما قال", "also | said"),
        ("قال كما", "said | as"),
        ("29 آب/أغسطس", "29 | August"),
        ("وفقا للبيان", "according to | the statement"),
        ("مناقشة القضايا", "discussion | of the cases"),
        # numbers of words
        ("مواقع", "sites"),
        ("وقتل 49 جنديا", "and killed | 49 | soldiers"),
        ("منذ 20 عاما", "since | 20 | years"),
        # an adjective follows its noun, a possessor its possession
        ("الجيش الأذربيجاني", "the army | Azerbaijani"),
        ("عاصمة أرمينيا", "capital | of Armenia"),
        ("شوارع المدينة", "streets | of the city"),
        # several words
        ("بشكل كبير", "largely"),
        ("رئيس الوزراء الأرميني", "prime minister | Armenian"),
        ("لحفظ السلام على أراضي", "to peacekeeping | on | land"),
        ("في نوفمبر، الثاني", "in | November | the second"),
        ("عبد الفتاح", "Abdelfattah"),
        # what the article itself writes in Latin letters
        ("Valve أمس", "Valve | yesterday"),
    ],
)
def test_words_in_their_place(text: str, rendering: str) -> None:
    assert " | ".join(one.text for one in gloss(text, "en")) == rendering


def test_a_readers_own_words_choose_between_senses() -> None:
    def said(context: str) -> str:
        return gloss("قضية", "en", context.split())[0].text

    assert said("") != "issue"
    assert said("Which issue was raised?") == "issue"


def test_words_in_the_readers_language_are_left_out() -> None:
    assert shown("The soldiers left.") == []
    assert shown("قال إن جنديا قتل", "ar") == []


def test_english_words_for_an_arabic_reader() -> None:
    found = {word: (rendering, kind) for word, rendering, kind in shown("The soldiers of Armenia, xyzzy.", "ar")}
    assert found == {"soldiers": ("جندي", "word"), "of": ("من", "word"), "Armenia": ("أرمينيا", "word")}


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("does not include", "لا"), ("didn't resign", "لم"), ("They won't", "لن"), ("No deaths", "لا"), ("without help", "بدون"),
        ("was not seen", "لم يكن"), ("ruled out talks", "استبعد"), ("denied it", "نفى"), ("until May", "حتى"),
    ],
)  # fmt: skip
def test_what_denies_is_glossed(text: str, rendered: str) -> None:
    assert rendered in [shown for _, shown, _ in shown(text, "ar")]


def test_a_capital_within_a_sentence_makes_a_name() -> None:
    assert "قد" not in [rendering for _, rendering, _ in shown("They met May, and Will left", "ar")]


def test_a_known_place_is_one_whatever_its_name_means() -> None:
    assert [rendering for _, rendering, _ in shown("الخرطوم")] == ["Khartoum"]
    assert shown("خرطوم")[0][1] != "Khartoum"


def test_a_second_reading_of_a_place_is_not_shown() -> None:
    assert [word for word, _, _ in shown("قناة بي بي سي")] == ["قناة", "بي بي سي"]
    assert [word for word, _, _ in shown("Louis XIV, the 1970s", "ar")].count("XIV") <= 1


@given(
    st.one_of(
        st.text(max_size=60),
        st.text("ابتجدرسعفقكلمنهويةىأإ ًٌَُِّْـ٢٠.،", max_size=60),
        st.lists(st.sampled_from("والجنود باشينيان ٢٠ 1970s XIV بي سي soldiers Armenia ﷺ ½ \ud800".split()), max_size=12).map(" ".join),
    ),
    st.sampled_from(["ar", "en"]),
)  # fmt: skip
@example("بي سي بي", "en")
def test_renderings_lie_in_order_and_never_overlap(text: str, reader: str) -> None:
    found = gloss(text, "ar" if reader == "ar" else "en")
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.text.strip() == one.text != ""
        assert one.kind in ("word", "name", "number")
        if one.kind != "number":
            assert is_arabic(one.text) is (reader == "ar")
    for left, right in pairwise(found):
        assert left.end <= right.start


def test_a_long_quote_is_glossed_quickly() -> None:
    began = time.process_time()
    gloss("والجنود باشينيان ٢٠ المدرسة " * 5000, "en")
    gloss("ب" * 200_000, "en")
    gloss("b" * 200_000, "ar")
    assert time.process_time() - began < 4
