from __future__ import annotations

import pytest
import spelled
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language import numbers, terms
from assistant.language.tokens import tokens

ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def key(text: str) -> str | None:
    """The number that a whole text is, as questions and articles are matched by it."""
    found = tokens(text)
    if [text[token.start : token.end] for token in found] != [text]:
        return None
    keys = [
        key for family, key, weight in terms.type_terms(found[0].word).keys if family == terms.NUMBER and weight == 1
    ]
    return keys[0] if keys else None


HOW_MANY = st.one_of(
    st.integers(2, 120),
    st.integers(2, 3000),
    st.integers(2, 10**12 - 1),
    st.integers(2, 999).map(lambda n: n * 1000),
    st.integers(2, 999).map(lambda n: n * 10**6),
)


@settings(deadline=None)
@given(HOW_MANY, st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["-", " "]))
def test_a_number_has_one_key_in_every_form(n: int, feminine: bool, genitive: bool, apart: bool, hyphen: str) -> None:
    forms = [
        str(n), f"{n:,}", f"{n:,}".translate(ARABIC_DIGITS), str(n).translate(PERSIAN_DIGITS), f"{n}.0",
        spelled.english(n, hyphen=hyphen), spelled.english(n, british=False), spelled.english(n).capitalize(),
        spelled.arabic(n, feminine, genitive, apart), "ال" + spelled.arabic(n, feminine, genitive, apart),
        spelled.arabic(n, feminine, genitive, apart).replace("مئة", "مائة").replace("ة", "ه"),
        spelled.arabic(n, feminine, genitive, apart).replace("أ", "ا"),
    ]  # fmt: skip
    forms = [form for form in forms if form != "الاثنين"]  # Monday
    assert {form: key(form) for form in forms} == dict.fromkeys(forms, str(n))


@given(st.integers(1, 99))
def test_an_ordinal_has_one_key_in_every_form(n: int) -> None:
    forms = [spelled.english_ordinal(n), numbers.written(f"{n}th", "en")]
    if n < 20 or n % 10:  # "العشرين" is twenty as well as twentieth
        forms.append(spelled.arabic_ordinal(n))
    expected = f"{n}th"
    found = {form: {k for _, k, _ in terms.type_terms(tokens(form)[0].word).keys} for form in forms}
    assert all(expected in keys and len(tokens(form)) == 1 for form, keys in found.items()), found


@given(st.integers(11, 99), st.sampled_from([("million", "مليون", "ملايين"), ("billion", "مليار", "مليارات")]))
def test_tenths_of_millions(tenths: int, names: tuple[str, str, str]) -> None:
    english, arabic, several = names
    value = f"{tenths / 10:g}"
    one = str(tenths * {"million": 10**5, "billion": 10**8}[english])
    forms = [
        f"{value} {english}",
        f"{value}-{english}",
        f"{value} {arabic}",
        f"{value} {several}",
        f"{value}{english[0]}n",
    ]
    assert {form: key(form) for form in forms} == dict.fromkeys(forms, one)


@pytest.mark.parametrize(
    ("forms", "number"),
    [
        ("half a million|half million|نصف مليون|500,000|خمسمئة ألف", "500000"),
        ("ربع مليون|250 ألفا", "250000"),
        ("مليون ونصف المليون|مليون ونصف مليون|مليون ونصف|one and a half million|1.5 million", "1500000"),
        ("مليوني|مليونين|مليونان|بمليونين|two million|$2m", "2000000"),
        ("ألفين|وألفين|الألفين|ألفي|two thousand", "2000"),
        ("تسعاً وأربعين|تسعة و أربعين|التاسعة والأربعين", "49"),
        ("nineteen eighty-four|ألف وتسعمئة وأربعة وثمانين", "1984"),
        ("twenty twenty-two|2022", "2022"),
        ("fifteen hundred|1500", "1500"),
        ("two dozen", "24"),
        ("seventies|السبعينات|السبعينيات|بالسبعينيات", "70s"),
        ("per cent|percent|percentage|بالمئة|بالمائة", "%"),
        ("dollars|دولارا|دولارات|USD", "$"),
        ("September|سبتمبر|أيلول|شتنبر|وأيلول|Sept", "--09"),
        ("late|أواخر|وأواخر", "late"),
        ("early|أوائل|بمطلع", "early"),
        ("يناير|كانون الثاني|وكانون الثاني|January|جانفي", "--01"),
    ],
)
def test_forms_of_one_number(forms: str, number: str) -> None:
    for form in forms.split("|"):
        keys = [
            k for token in tokens(form) for family, k, _ in terms.type_terms(token.word).keys if family == terms.NUMBER
        ]
        assert number in keys or f"{number}th" in keys, form


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("between one hundred and two hundred", "100 200"),
        ("one thousand and two thousand", "1000 2000"),
        ("بين 15 ألفا و20 ألفا", "15000 20000"),
        ("بين 10 ملايين و20 مليونا", "10000000 20000000"),
        ("بين مئة ألف ومئتي ألف", "100000 200000"),
        ("ثلاثة رجال وأربعون امرأة", ""),
        ("two, three hundred", "300"),
        ("5 m, 5 k", ""),
        ("the first two", ""),
        ("hundreds of thousands", ""),
        ("مئات الآلاف", ""),
        ("one or two", ""),
        ("half the men", ""),
        ("مليون أو مليونان", ""),
        ("مئة وأحد عشر", "111"),
        ("مئة واحد عشر", "111"),
        ("ألف وأربعمئة وواحد وعشرون", "1421"),
        ("1.7 million four years ago", "1700000"),
        ("2 million three hundred men", "2000000 300"),
        ("1.2.3 million", ""),
        ("9" * 30 + " million", ""),
    ],
)  # fmt: skip
def test_what_is_put_together(text: str, found: str) -> None:
    several = [token.word for token in tokens(text) if " " in text[token.start : token.end]]
    assert [word.removeprefix("#") for word in several] == found.split()


@pytest.mark.parametrize(
    "word",
    [
        "ministers",
        "وزيرا",
        "الثالوث",
        "الاثنين",
        "والأحد",
        "oneself",
        "باب",
        "أب",
        "may",
        "march",
        "ومن",
        "كمية",
        "الكمية",
        "ميتا",
        "ميتين",
    ],
)
def test_other_words_write_no_number(word: str) -> None:
    assert [key for family, key, _ in terms.type_terms(word).keys if family == terms.NUMBER] == []


def test_an_ordinal_is_found_under_its_cardinal_at_less_weight() -> None:
    assert numbers.values("الرابع") == {"4th": 1.0, "4": 0.8}
    assert numbers.of_name("14th") == {"14th": 1.0, "14": 0.8}
    assert numbers.of_name("14") == {"14": 1.0}


def test_second_is_also_a_unit_of_time() -> None:
    assert numbers.values("second") == numbers.values("الثانية") == {"2th": 0.7}


@pytest.mark.parametrize(
    ("number", "english", "arabic"),
    [
        ("21th", "21st", "21"), ("12th", "12th", "12"), ("103th", "103rd", "103"), ("2300000", "2,300,000", "2,300,000"), ("1984", "1984", "1984"),
        ("3.5", "3.5", "3.5"), ("--09", "9", "9"), ("%", "%", "%"),
    ],
)  # fmt: skip
def test_numbers_are_shown(number: str, english: str, arabic: str) -> None:
    assert (numbers.written(number, "en"), numbers.written(number, "ar")) == (english, arabic)


@given(st.from_regex(r"\d{1,25}([.,]\d{1,5}){0,4}", fullmatch=True))
def test_plain_digits_are_plain_already(digits: str) -> None:
    once = numbers.plain(digits)
    assert numbers.plain(once) == once
    assert "," not in once
