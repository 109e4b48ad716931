from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.language.text import direction_of, fold, is_arabic, language_of, normalize_arabic

# Text that a generator of plain letters would hardly ever meet.
AWKWARD = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Mn", "Cf", "Cs", "Nd", "No"]),
        st.sampled_from("بيسـًٌٍَُِّْٰﷺﷲﻻﯾ½㎞…ß\u200f\u202e\u2066\U000e0041\ud800\udfff\x00\n\r٣۳３XIVs'%.,"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("Plain ASCII, 12%.", "Plain ASCII, 12%."),
        # Arabic: harakat and tatweel go, meaningful letter variants stay
        ("كِتَابٌ", "كتاب"),
        ("مُحَمَّدٌ", "محمد"),
        ("كـــتاب", "كتاب"),
        ("أحمد إلى آخر مدرسة على", "أحمد إلى آخر مدرسة على"),
        ("هٰذا", "هذا"),
        ("عمّان", "عمان"),
        # hamza and madda set apart, also behind a vowel
        ("ا\u0654رمينيا", "أرمينيا"),
        ("ا\u064e\u0654رمينيا", "أرمينيا"),
        ("ا\u0655لى ا\u0653خر", "إلى آخر"),
        ("رو\u0654وس شي\u0654 شى\u0654", "رؤوس شئ شئ"),
        ("ب\u0654 \u0654ا", "ب ا"),
        # presentation forms and ligatures
        ("ﻛﺘﺎﺏ", "كتاب"),
        ("ﻻ", "لا"),
        ("ﷲ", "الله"),
        ("ﷺ", " "),
        ("ﷴ", "محمد"),
        # letters of Persian and Urdu keyboards, also as presentation forms
        ("ایران", "ايران"),
        ("ﯾﺎﮐﮨ", "ياكه"),
        ("﷼", "ريال"),
        ("ھے ۃ ں", "هي ة ن"),
        ("ٱلكتاب", "الكتاب"),
        # digits of any script
        ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
        ("۲۰۲۰", "2020"),
        ("१९७१", "1971"),
        ("２０２０", "2020"),
        ("𝟐𝟎", "20"),
        ("①", "1"),
        ("x²", "x2"),
        ("٣٫٥ ١٬٢٣٤", "3.5 1,234"),
        # Latin letters
        ("café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Ångström", "Angstrom"),
        ("İstanbul", "Istanbul"),
        ("Kılıçdaroğlu", "Kilicdaroglu"),
        ("Straße", "Strasse"),
        ("Łódź Sørensen", "Lodz Sorensen"),
        ("Əliyev", "Eliyev"),
        ("ﬁnance", "finance"),
        ("Ⅷ", "VIII"),
        # punctuation that is typed in several ways
        ("it’s ʼtis", "it's 'tis"),
        ("and…", "and..."),
        # white space, controls, things that show nothing
        ("a\u00a0b\u2003c\td", "a b c d"),
        ("a\nb\r\nc", "a\nb\r\nc"),
        ("a\u2028b\x00c", "a b c"),
        ("با\u200cشي\u200dني\u200fان", "باشينيان"),
        ("\u202ea\u202c\u2066b\u2069", "ab"),
        ("a\U000e0041\U000e007fb", "ab"),
        ("\ufeffa", "a"),
        ("soft\u00adhyphen", "softhyphen"),
        ("a\ud800b", "a b"),
        ("a\ue000b", "a b"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text).text == folded


def test_the_offset_map_leads_back() -> None:
    text = "قال مُحَمَّدٌ: ﷲ أكبر"
    folded = fold(text)
    start = folded.text.index("محمد")
    assert text[slice(*folded.original(start, start + 4))] == "مُحَمَّد"
    start = folded.text.index("الله")
    assert text[slice(*folded.original(start, start + 4))] == "ﷲ"
    assert text[slice(*folded.original(start + 1, start + 2))] == "ﷲ"


@given(AWKWARD)
@example("\ud800\udc00")
@example("ﷺ" * 5)
@example("]^-\\" + "َ")
def test_every_folded_character_came_from_its_original_span(text: str) -> None:
    folded = fold(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert list(folded.offsets) == sorted(folded.offsets)
    assert folded.offsets[-1] == len(text)
    for i, character in enumerate(folded.text):
        start, end = folded.original(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert end == start + 1
        assert character in fold(text[start : end + 5]).text  # a seat of hamza and the mark that follows


@given(AWKWARD, AWKWARD.filter(lambda text: not re.match("[\u064b-\u0655\u0670]", text)))
def test_folding_goes_character_by_character(left: str, right: str) -> None:
    assert fold(left + right).text == fold(left).text + fold(right).text


@given(st.text("اأإآويئؤىكتبأَُِّْ", max_size=20))
def test_decomposed_letters_fold_as_composed_ones(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)).text == fold(unicodedata.normalize("NFC", text)).text


@given(AWKWARD)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(AWKWARD)
def test_folded_text_shows_nothing_invisible(text: str) -> None:
    for character in fold(text).text:
        assert unicodedata.category(character) not in ("Mn", "Me", "Cf", "Cs", "Co", "Cn")
        assert unicodedata.category(character) != "Nd" or character.isascii()
        assert character in "\n\r" or unicodedata.category(character) != "Cc"


@pytest.mark.parametrize(
    "unit",
    ["ً\u0650", "بَُ", "ا\u0654", "اً\u0655", "ﷺ", "\u202e", "\U000e0041", "\ud800", "\u0301\u0327", "a\u0301", "½", "🙂"],
    ids=lambda unit: "+".join(f"U+{ord(c):04X}" for c in unit),
)
def test_folding_is_linear(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.process_time()
    folded = fold(text)
    assert time.process_time() - began < 2
    assert folded.offsets[-1] == len(text)


@pytest.mark.parametrize(
    ("left", "right"),
    [("أحمد", "احمد"), ("إسرائيل", "اسراييل"), ("مدرسة", "مدرسه"), ("على", "علي"), ("آخر", "اخر"), ("مؤتمر", "موتمر")],
)
def test_spelling_variants_have_one_normal_form(left: str, right: str) -> None:
    assert normalize_arabic(left) == normalize_arabic(right)


def test_different_words_keep_different_normal_forms() -> None:
    words = ["كتاب", "كاتب", "مكتب", "قلب", "كلب", "سماء", "سما"]
    assert len({normalize_arabic(word) for word in words}) == len(words)


@pytest.mark.parametrize(("word", "expected"), [("كتاب", True), ("book", False), ("#20", False), ("@BBC", False)])
def test_arabic_words(word: str, expected: bool) -> None:
    assert is_arabic(word) is expected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("12:30 - 20%", "en"),
        ("٢٠٪", "ar"),
        ("؟", "ar"),
        ("?", "en"),
        ("Who is Pashinyan?", "en"),
        ("من هو باشينيان؟", "ar"),
        ("ﻛﺘﺎﺏ", "ar"),
        ("متى تأسست شركة Valve؟", "ar"),
        ("The word كتاب means book.", "en"),
        ("Ångström élève", "en"),
        ("رئيس Biden", "ar"),
        ("ab ab", "en"),
        ("اب ab", "ar"),
        ("\u202eabc", "en"),
        ("\ud800", "en"),
    ],
)
def test_language_and_direction(text: str, language: str) -> None:
    assert language_of(text) == language
    assert direction_of(text) == ("rtl" if language == "ar" else "ltr")


@given(AWKWARD)
def test_any_text_has_a_language(text: str) -> None:
    assert language_of(text) in ("ar", "en")
