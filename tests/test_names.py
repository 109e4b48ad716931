from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.names import (
    alignment_cost,
    clitic_forms,
    coarse_arabic,
    coarse_latin,
    consonants,
    likeness,
    neighbours,
    plain_latin,
    sound,
    transliterate,
    without_vowels,
)
from assistant.language.terms import skeletons

ALIKE = """Pashinyan باشينيان|Aliyev علييف|Putin بوتين|Erdogan أردوغان|Erdoğan أردوغان|Biden بايدن|Trump ترامب|Netanyahu نتنياهو
Macron ماكرون|Zelensky زيلينسكي|Merkel ميركل|Yerevan يريفان|Baku باكو|Moscow موسكو|Washington واشنطن|London لندن
Berlin برلين|Paris باريس|Karabakh كاراباخ|Stepanakert ستيباناكيرت|Mohammed محمد|Ahmed أحمد|Hussein حسين|Khalid خالد
Sharif شريف|Qatar قطر|Baghdad بغداد|Ghannouchi الغنوشي|Khashoggi خاشقجي|Jolani الجولاني|Guterres غوتيريش|Lavrov لافروف
Johnson جونسون|George جورج|Schumacher شوماخر|Shakespeare شكسبير|Einstein أينشتاين|Google غوغل|Google جوجل|Facebook فيسبوك
Microsoft مايكروسوفت|Valve فالف|Beyoncé بيونسيه|Vladimir فلاديمير|Azerbaijan أذربيجان|Georgia جورجيا|Pelosi بيلوسي
Hariri الحريري|Ronaldo رونالدو|Messi ميسي|Zidane زيدان|Gaza غزة|Armenia أرمينيا|Armenian's أرمينيان|Sarkisian سركيسيان
Khamenei خامنئي|Rouhani روحاني|Dostoevsky دوستويفسكي|Marx ماركس|Alexander ألكسندر|Mexico المكسيك|Lenin لينين
Stalin وستالين|Hitler لهتلر|Putin لبوتين|Karabakh وكاراباخ|Houthi الحوثي|Houthi الحوثيين
Gorbachev غورباتشوف|Gorbachev جورباتشوف|Chapman تشابمان|Chavez تشافيز|Chaikovski تشايكوفسكي|Tchaikovsky تشايكوفسكي|Qaddafi القذافي|Khadafy القذافي
Jermuk جيرموك|Jermouk جيرموك|Abdalfattah عبدالفتاح|Abdalrahman عبدالرحمن|Huguenot هوغونوت|Pashinian باشنيان"""
DIFFERENT = """war حرب|peace سلام|house بيت|book كتاب|water ماء|army جيش|president رئيس|minister وزير|company شركة
school مدرسة|energy طاقة|language لغة|Putin أردوغان|Biden ترامب|Armenia أذربيجان|Baku يريفان|London باريس|Macron ميركل
Obama بوش|Ronaldo ميسي|Iran العراق|Russia أوروبا|Europe أفريقيا|Cuba كندا|Lavrov لبنان|Pashinyan باكستان|Karabakh كارتر
Sudan السعودية|x كس|- محمد|Kuwait كويكب"""


def pairs(rows: str) -> list[tuple[str, str]]:
    return [(latin, arabic) for row in re.split(r"[|\n]", rows) for latin, arabic in [row.split()]]


def test_the_tables_are_large_enough() -> None:
    assert len(pairs(ALIKE)) >= 30
    assert len(pairs(DIFFERENT)) >= 20


@pytest.mark.parametrize(("latin", "arabic"), pairs(ALIKE))
def test_the_same_name_is_alike(latin: str, arabic: str) -> None:
    assert likeness(latin, arabic) >= 0.8


@pytest.mark.parametrize(("latin", "arabic"), pairs(DIFFERENT))
def test_different_words_are_not_alike(latin: str, arabic: str) -> None:
    assert likeness(latin, arabic) < 0.7


@pytest.mark.parametrize(("latin", "arabic"), [pair for pair in pairs(ALIKE) if pair[0] not in ("Armenian's",)])
def test_the_same_name_is_found_by_its_skeleton(latin: str, arabic: str) -> None:
    assert skeletons(latin) & skeletons(arabic)


@pytest.mark.parametrize(
    "spellings",
    [
        "Gaddafi Qaddafi Kadhafi Gadhafi Khadafy", "Putin Poutine", "Jermuk Jermouk Djermuk", "Zelensky Zelenskyy Zelenskiy",
        "Tchaikovsky Tschaikowsky Chaikovski", "Netanyahu Netanyahou Nethanyahu", "Pashinyan Pashinian", "Hizbullah Hezbollah Hezbolla",
        "Karabakh Karabagh Qarabag", "Sisi Sissi", "غورباتشوف جورباتشوف كورباتشوف", "أردوغان أردوجان أردوقان", "طوكيو توكيو", "خامنئي خامنيي",
    ],
)  # fmt: skip
def test_spellings_of_one_sound(spellings: str) -> None:
    assert len({sound(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(
    "words", ["Putin Patten", "Macron Makarov", "Merkel Markel", "Biden Baden", "سلمان سليمان", "حسن حسين"]
)
def test_other_names_sound_otherwise(words: str) -> None:
    one, other = words.split()
    assert sound(one) != sound(other)


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20))
def test_sounds_keep_no_vowel_among_the_consonants(word: str) -> None:
    assert not set(without_vowels(sound(word))) & set("aeiouy")


def test_a_better_spelling_is_more_alike() -> None:
    assert likeness("Pashinyan", "باشينيان") > likeness("Pashinian", "باسينيان")
    assert likeness("Aliyev", "علييف") > likeness("Aliyev", "عليي")


@given(
    st.text("abcdefghijklmnopqrstuvwxyzÉğ' ", max_size=25), st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآ", max_size=25)
)
def test_likeness_is_a_share(latin: str, arabic: str) -> None:
    assert 0 <= likeness(latin, arabic) <= 1


@given(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12),
    st.text("ابتجدرسشعفقكلمنهوي", min_size=1, max_size=12),
)
def test_a_ceiling_only_cuts_costs_off(latin: str, arabic: str) -> None:
    free = alignment_cost(latin, arabic, 100.0)
    cut = alignment_cost(latin, arabic, 2.0)
    assert cut == pytest.approx(free) if free <= 2.0 else cut > 2.0
    assert free >= 0


def test_long_words_are_compared_quickly() -> None:
    began = time.perf_counter()
    assert likeness("ab" * 300, "بتن" * 200) < 0.7
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("word", "plain"),
    [("Erdoğan", "erdogan"), ("O'Brien", "obrien"), ("BEYONCÉ", "beyonce"), ("محمد", ""), ("", ""), ("G20", "g")],
)
def test_plain_latin(word: str, plain: str) -> None:
    assert plain_latin(word) == plain


@pytest.mark.parametrize(("word", "count"), [("", 0), ("aeiou", 0), ("putin", 3), ("messi", 2), ("bb", 1)])
def test_consonants(word: str, count: int) -> None:
    assert consonants(word) == count


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("والجولاني", "جولاني"), ("للجولاني", "جولاني"), ("بالجولاني", "جولاني"), ("وعلييف", "علييف"), ("لبوتين", "بوتين"),
        ("الحوثيين", "حوثي"), ("الأرمنية", "أرمن"), ("بوتين", "بوتين"), ("فالففف", "فالفف"),
    ],
)  # fmt: skip
def test_clitics_come_off(word: str, form: str) -> None:
    assert form in dict(clitic_forms(word))


@given(st.text("ابتجدرسعفقكلمنهوية", min_size=1, max_size=12))
def test_forms_are_parts_of_the_word_and_weighted(word: str) -> None:
    forms = dict(clitic_forms(word))
    shortened = re.sub(r"(.)\1\1+", r"\1\1", word)
    assert forms[shortened] == 1.0
    for form, weight in forms.items():
        assert form and form in shortened
        assert 0 < weight <= 1
        assert form == shortened or len(form) >= 3


@pytest.mark.parametrize(("arabic", "latin"), [("باشينيان", "Pashinyan"), ("غوغل", "Google"), ("جوجل", "Google"), ("شوماخر", "Schumacher"), ("آي", "eye"), ("عون", "Aoun")])  # fmt: skip
def test_both_scripts_have_one_coarse_key(arabic: str, latin: str) -> None:
    assert neighbours(coarse_arabic(arabic)) & neighbours(coarse_latin(latin))


def test_neighbours_are_one_letter_apart() -> None:
    assert neighbours("") == set()
    assert neighbours("bs") == {"bs"}
    assert neighbours("bsm") == {"bsm", "bs", "bm", "sm"}


@given(st.text("bklmrst", min_size=3, max_size=8), st.data())
def test_keys_with_one_letter_more_meet(key: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(key)))
    longer = key[:place] + data.draw(st.sampled_from("bklmrst")) + key[place:]
    assert neighbours(key) & neighbours(longer)


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        ("باشينيان", "Bashinyan"), ("بوتين", "Butin"), ("باكو", "Baku"), ("موسكو", "Musku"), ("كاراباخ", "Karabakh"),
        ("ماكرون", "Makrun"), ("لافروف", "Lafruf"), ("فلاديمير", "Fladimir"), ("ترامب", "Tramb"), ("زيلينسكي", "Zilinski"),
        ("ستيباناكيرت", "Stibanakirt"), ("غنوشي", "Ghanushi"), ("روحاني", "Ruhani"), ("زيدان", "Zidan"), ("ميسي", "Misi"),
        ("رونالدو", "Runaldu"), ("شوشة", "Shusha"), ("لاتشين", "Lachin"), ("تشومسكي", "Chumski"), ("أرمينيا", "Arminya"),
        ("جورجيا", "Jurjiya"), ("نتنياهو", "Natniyahu"), ("لندن", "Landan"), ("برلين", "Barlin"), ("محمد", "Mahmad"),
        ("أحمد", "Ahmad"), ("قطر", "Qatar"), ("بغداد", "Baghdad"), ("شريف", "Sharif"), ("غزة", "Ghaza"), ("عون", "Awn"),
        ("واشنطن", "Washnatan"), ("دمشق", "Damshaq"), ("شوماخر", "Shumakhar"), ("پوتين", "Putin"), ("", ""),
    ],
)  # fmt: skip
def test_transliteration(arabic: str, latin: str) -> None:
    assert transliterate(arabic) == latin


@pytest.mark.parametrize(("latin", "arabic"), pairs(ALIKE))
def test_a_transliterated_name_can_be_read_aloud_and_recognised(latin: str, arabic: str) -> None:
    spoken = transliterate(arabic)
    assert spoken.isascii() and spoken.isalpha() and spoken[0].isupper()
    assert not re.search("[^aeiou]{5}", spoken.lower())
    assert likeness(spoken, arabic) >= 0.8


@given(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ", max_size=15))
def test_any_word_can_be_transliterated(word: str) -> None:
    spoken = transliterate(word)
    assert spoken.isascii()
    assert spoken == spoken.capitalize()
    assert bool(spoken) is bool(word.strip("ء"))
