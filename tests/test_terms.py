from __future__ import annotations

import time
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import arabic, buckwalter, english, glossary
from assistant.language.glossary import filed, terms
from assistant.language.lexicon import lexicon
from assistant.language.terms import (
    ACRONYM,
    ARABIC_FAMILIES,
    ENGLISH_FAMILIES,
    K1,
    LEMMA,
    NUMBER,
    PIVOT_LENGTH,
    STEM,
    B,
    NameClass,
    analysis_version,
    as_they_are,
    english_stems,
    is_stop,
    passage_terms,
    prior_idf,
    question_weight,
    question_words,
    sought,
    type_terms,
    unit,
    unit_id,
)
from assistant.language.text import is_arabic
from assistant.language.tokens import tokens

TEXT = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from("the soldiers الجنود في باشينيان Pashinyan 2020 ٢٠ XIV بي سي 1970s BBC \ud800".split()), max_size=15).map(" ".join),
)  # fmt: skip


def similarity(question_word: str, word: str) -> float:
    """What the module's docstring promises: the best family counts."""
    filed: dict[str, dict[str, float]] = {}
    for family, key, weight in type_terms(word).keys:
        filed.setdefault(family, {})[key] = weight
    return max(
        family.strength * min(1.0, sum(q * filed.get(family.filed_under, {}).get(key, 0.0) for key, q in zip(keys, weights, strict=True)))
        for family, keys, weights in sought(question_word)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "word", "least"),
    [
        # one language
        ("soldier", "soldiers", 1.0), ("killed", "killing", 1.0), ("defence", "defense", 1.0), ("killing", "killer", 0.3),
        ("الجنود", "بالجنود", 1.0), ("الحرب", "حروب", 0.5), ("باشينيان", "وباشينيان", 0.7), ("علييف", "لعلييف", 0.7),
        # English to Arabic
        ("soldiers", "والجنود", 0.5), ("war", "الحرب", 0.5), ("hospital", "المستشفيات", 0.9), ("said", "وقال", 0.5),
        ("killed", "قتل", 0.5), ("president", "للرئيس", 0.4), ("February", "فبراير", 0.9), ("elections", "الانتخابات", 0.5),
        ("Armenia", "أرمينيا", 0.9), ("fighting", "القتال", 0.35),
        # Arabic to English
        ("الجنود", "soldiers", 0.5), ("الحرب", "war", 0.5), ("المستشفى", "hospitals", 0.9), ("أرمينيا", "Armenia", 0.9), ("قتل", "killed", 0.5),
        # numbers and acronyms
        ("#3", "third", 0.7), ("third", "#3", 0.7), ("#3", "الثالث", 0.5), ("ثلاثة", "#3", 0.5), ("#2020", "#2020", 1.0),
        ("#3", "ثلاثة", 1.0), ("#2000", "ألفين", 1.0), ("ثلاثمئة", "#300", 1.0), ("three", "ثلاث", 1.0), ("#14th", "#14", 0.8), ("#14", "#14th", 0.8),
        ("الثالث", "third", 1.0), ("#%", "بالمئة", 1.0), ("percentage", "#%", 1.0), ("دولارا", "#$", 1.0), ("#$", "dollars", 1.0), ("اثنان", "#2", 1.0),
        # dates
        ("September", "أيلول", 1.0), ("أيلول", "سبتمبر", 1.0), ("#--09", "September", 1.0), ("شتنبر", "#--09", 1.0), ("seventies", "السبعينيات", 1.0),
        ("السبعينات", "seventies", 1.0), ("late", "أواخر", 0.4),
        ("BBC", "@BBC", 1.0), ("CNN", "@?NCNN?", 1.0), ("@FB*", "FBI", 1.0), ("@FB*", "@FBI", 1.0), ("@BBC", "BBC", 1.0), ("XIV", "XIV", 1.0),
        # compounds
        ("football", "footballs", 1.0),
    ],
)  # fmt: skip
def test_a_question_word_finds_a_word_of_the_articles(asked: str, word: str, least: float) -> None:
    assert similarity(asked, word) >= least


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("soldiers", "المدرسة"), ("war", "السلام"), ("Armenia", "أذربيجان"), ("hospital", "الحرب"), ("الجنود", "school"),
        ("الحرب", "language"), ("#3", "#4"), ("#3", "fourth"), ("#3", "ثلاثين"), ("ثلاثة", "#30"), ("#--09", "#9"), ("الاثنين", "#2"), ("BBC", "@CNN"), ("FBI", "@CB*"), ("US", "us"), ("president", "minister"),
    ],
)  # fmt: skip
def test_a_question_word_does_not_find_another(asked: str, word: str) -> None:
    assert similarity(asked, word) < 0.3


def test_stop_words_are_filed_under_nothing() -> None:
    for word in ("the", "in", "في", "الذي", "وكانت"):
        filed = type_terms(word)
        assert filed.stop and filed.keys == []
        assert question_weight(word) == 0


def test_what_a_type_is_filed_under() -> None:
    assert {family for family, _, _ in type_terms("باشينيان").keys} == {STEM, "form"}
    assert {family for family, _, _ in type_terms("والجنود").keys} == {STEM, LEMMA, "root"}
    assert type_terms("#2020").keys == [(STEM, "#2020", 1.0), (NUMBER, "2020", 1.0)]
    assert (ACRONYM, "BBC", 1.0) in type_terms("BBC").keys
    assert {("number", "3th", 1.0), ("number", "3", 0.8)} <= set(type_terms("third").keys)


@pytest.mark.parametrize(
    ("word", "kind", "sounds"),
    [
        ("باشينيان", NameClass.ARABIC_NAME, {"باشينيان": "bsm", "اشينيان": "sm", "باشيني": "bsm", "اشيني": "sm"}),
        ("والكاتب", NameClass.ARABIC_WORD, {"والكاتب": "lktb", "الكاتب": "lktb", "كاتب": "ktb"}),
        ("مدرسة", NameClass.ARABIC_WORD, {"مدرسة": "mtrs"}),  # its ending stays: it is a word
        ("Pashinyan", NameClass.LATIN_NAME, {"pashinyan": "bsm"}),
        ("Bush", NameClass.LATIN_CAPITAL, {"bush": "bs"}),
        ("Marx", NameClass.LATIN_CAPITAL, {"marx": "mrks", "marks": "mrks"}),
        ("soldiers", NameClass.LATIN_WORD, {"soldiers": "sltrs", "soldier": "sltrs"}),
        ("xyzzy", NameClass.LATIN_UNKNOWN, {"xyzzy": "ks", "ksyzzy": "ks"}),
        ("the", NameClass.LATIN_UNKNOWN, {}),
        ("#2020", NameClass.LATIN_WORD, {}),
        ("@BBC", NameClass.LATIN_WORD, {}),
    ],
)
def test_how_a_type_sounds(word: str, kind: NameClass, sounds: dict[str, str]) -> None:
    filed = type_terms(word)
    assert {spelling.letters: skeleton for spelling, skeleton in filed.spellings.items()} == sounds
    assert not sounds or filed.name == kind


@given(TEXT)
def test_a_type_is_filed_with_weights(text: str) -> None:
    for token in tokens(text):
        filed = type_terms(token.word)
        assert filed.unit == unit_id(unit(token.word))
        assert filed.stop is is_stop(token.word)
        assert all(key and 0 < weight <= 1 for _, key, weight in filed.keys)
        assert len({(family, key) for family, key, _ in filed.keys}) == len(filed.keys)
        assert question_weight(token.word) in (0.0, 0.5, 1.0)
        assert 1.0 <= prior_idf(token.word) <= 6.0


@given(TEXT)
def test_a_passage_keeps_every_token(text: str) -> None:
    terms = passage_terms(text)
    assert list(zip(terms.words, terms.starts, terms.ends, strict=True)) == [tuple(token) for token in tokens(text)]
    assert terms.vector.keys() == {unit_id(unit(word)) for word in terms.words if not is_stop(word)}
    assert all(0 < weight < K1 + 1 and 0 <= term < 2**31 for term, weight in terms.vector.items())


def test_the_vector_is_bm25() -> None:
    vector = passage_terms("The soldier met a soldier near Yerevan.").vector
    norm = K1 * (1 - B + B * 5 / PIVOT_LENGTH)  # soldier met soldier near Yerevan
    assert vector[unit_id("soldier")] == pytest.approx(2 * (K1 + 1) / (2 + norm))
    assert vector[unit_id("yerevan")] == pytest.approx((K1 + 1) / (1 + norm))
    assert len(vector) == 4
    assert passage_terms("").vector == passage_terms("the of في").vector == {}


def test_dimensions_are_the_same_on_every_machine() -> None:
    assert unit_id("soldier") == 780694017
    assert unit_id("جنود") == 1744450021


@pytest.mark.parametrize(
    ("word", "weight"), [("soldier", 1.0), ("name", 0.5), ("called", 0.5), ("عدد", 0.5), ("جنود", 1.0), ("#2", 1.0), ("US", 1.0), ("us", 0.0)]
)  # fmt: skip
def test_question_weights(word: str, weight: float) -> None:
    assert question_weight(word) == weight


def test_general_words_are_expected_to_be_common() -> None:
    assert prior_idf("make") < prior_idf("soldier") < prior_idf("Pashinyan") == 6.0
    assert prior_idf("باشينيان") == 6.0 > prior_idf("القوات")
    assert prior_idf("#2020") == 5.0


def test_question_words_come_once_and_in_order() -> None:
    words = question_words("Who killed the soldiers, the soldiers of 2020, in Yerevan?")
    assert [token.word for token in words] == ["killed", "soldiers", "#2020", "Yerevan"]
    assert words[1].start == len("Who killed the ")
    assert question_words("Who is it?") == question_words("") == []
    assert [token.word for token in question_words("من قتل الجنود في يريفان؟")] == ["قتل", "الجنود", "يريفان"]


def test_unknown_compounds_have_parts() -> None:
    assert english_stems("footballer")["footbal"] == 1.0
    assert english_stems("warplane") == {"warplan": 1.0, "war": 0.7, "plane": 0.7}
    assert english_stems("soldier") == {"soldier": 1.0}


def test_words_of_the_glossary_look_for_what_their_analysis_says() -> None:
    """Whether the glossary knows them, and keeps it, or not."""
    written = {word for term in islice(terms(), 0, None, 97) for word in term.words}
    words = [*sorted(written), "pashinyanov", "زيلينسكوفيتش", "#48", "#-7", "@UN", "المستشفيات", "Organisations"]
    assert {is_arabic(word) for word in written} == {True, False}
    assert len(filed(words)) >= len(written)
    for word, each in zip(words, as_they_are(words), strict=True):
        assert each.stem == unit(word)
        lemmas = lexicon().lemmas(word) if is_arabic(word) else {}
        assert each.lemmas == tuple(map(str, lemmas))
        assert not lemmas or each.weight == arabic.lemma_weights(word)[int(each.lemmas[0])]
    assert any(len(each.lemmas) > 1 for each in as_they_are(words))


def test_every_family_has_a_name_and_a_strength() -> None:
    for recipe in (ENGLISH_FAMILIES, ARABIC_FAMILIES):
        assert len({family.name for family in recipe}) == len(recipe)
        assert all(0 < family.strength <= 1 for family in recipe)


def test_the_version_names_the_data() -> None:
    version = analysis_version()
    for part in (english.FINGERPRINT, arabic.FINGERPRINT, buckwalter.fingerprint(), glossary.names_fingerprint()):
        assert part
        assert part in version


@pytest.mark.parametrize(
    "word", ["bt" * 50_000, "a" * 100_000, "al" * 50_000 + "led", "بت" * 50_000, "#" + "1" * 100_000, "M" * 100_000]
)
def test_a_word_without_end_is_no_trouble(word: str) -> None:
    began = time.process_time()
    filed = type_terms(word)
    assert sum(len(key) for _, key, _ in filed.keys) < 10 * len(word)
    assert prior_idf(word) <= 6.0
    passage_terms(word)
    assert time.process_time() - began < 2
