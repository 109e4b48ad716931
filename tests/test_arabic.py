from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language import arabic
from assistant.language.lexicon import lexicon

WORD = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ", min_size=1, max_size=12)


@pytest.mark.parametrize(
    "forms",
    [
        "الجنود جنود بالجنود",
        "المدرسة المدرسه",
        "الأزمة الازمة",
        "رئيس الرئيس للرئيس ورئيس",
        "إسرائيل اسرائيل",
        "عاصفة العاصفة والعاصفة بالعاصفة للعاصفة",
        "وزير الوزير",
        "بنوك البنوك",
        "التزام الالتزام",
        "ثورات الثورات",
    ],
)
def test_forms_share_a_stem(forms: str) -> None:
    assert len({arabic.stem(form) for form in forms.split()}) == 1


def test_different_words_keep_different_stems() -> None:
    assert len({arabic.stem(word) for word in "جنود رئيس مدرسة حرب سلام نهر".split()}) == 6


def test_what_only_looks_like_an_article_is_none() -> None:
    assert arabic.stem("والدته") != arabic.stem("دته")
    assert arabic.stem("بالغون") != arabic.stem("غون")


@pytest.mark.parametrize(
    ("word", "verb"), [("بلغت", True), ("يبلغ", True), ("جنديا", False), ("قتل", False), ("زلنسكي", False)]
)
def test_what_is_a_verb_by_every_reading(word: str, verb: bool) -> None:
    assert arabic.is_verb(word) is verb


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("الحرب", "war"), ("والجنود", "soldier"), ("للرئيس", "presid"), ("المستشفيات", "hospit"), ("اللغة", "languag"),
        ("انتخابات", "elect"), ("مظاهرات", "demonstr"), ("سيقول", "say"), ("يقاتلون", "fight"), ("فبراير", "februari"),
        ("كيلومتر", "kilomet"), ("هدنة", "truce"), ("اتفاقية", "treati"), ("قتل", "kill"), ("مصر", "egypt"), ("علي", "ali"),
    ],
)  # fmt: skip
def test_meanings(word: str, meaning: str) -> None:
    assert meaning in arabic.meanings(word)


@given(WORD)
def test_weights_are_shares(word: str) -> None:
    lemmas = arabic.lemma_weights(word)
    assert all(weight == pytest.approx(len(lemmas) ** -0.5) for weight in lemmas.values())
    assert all(0 < weight <= 1 for weight in arabic.meanings(word).values())
    roots = arabic.roots(word)
    assert all(root and weight == pytest.approx(len(roots) ** -0.5) for root, weight in roots.items())
    assert bool(lemmas) is not arabic.is_unknown(word)


@pytest.mark.parametrize(
    ("word", "root"), [("كتابهم", "ktb"), ("والجنود", "jnd"), ("المستشفيات", "$fw"), ("سيقول", "qwl")]
)
def test_roots(word: str, root: str) -> None:
    assert root in arabic.roots(word)


def test_roots_stand_in_the_order_of_the_readings() -> None:
    several = [word for word in "أثر أجرتها العين قال سلام أعلن تقدم".split() if len(arabic.roots(word)) > 1]
    assert len(several) > 2
    for word in several:
        in_order = dict.fromkeys(lexicon().root(lemma) for lemma in lexicon().lemmas(word))
        assert list(arabic.roots(word)) == [root for root in in_order if root in arabic.roots(word)]


def test_function_words_and_their_clitics() -> None:
    function = "في ومن وفي بأن كما كهذا أليس وقد لكن بكل لهذا والذي كانت إنها وكانت فهو".split()
    content = "أمن كسوف ألم كحول أبها أعلى أهل الأمن وأمن جنود باشينيان والجنود كتب محمد".split()
    assert [word for word in function if not arabic.is_function_word(word)] == []
    assert [word for word in content if arabic.is_function_word(word)] == []


def test_names_have_no_root() -> None:
    assert arabic.roots("محمد") == {}
    assert arabic.roots("باشينيان") == {}


@pytest.mark.parametrize(("word", "unknown", "name"), [("باشينيان", True, True), ("محمد", False, True), ("جنود", False, False), ("علي", False, True)])  # fmt: skip
def test_what_may_be_a_name(word: str, unknown: bool, name: bool) -> None:
    assert arabic.is_unknown(word) is unknown
    assert arabic.may_be_name(word) is name


@pytest.mark.parametrize(("word", "weak"), [("عدد", True), ("العدد", True), ("أسماء", True), ("المقالات", True), ("جنود", False)])  # fmt: skip
def test_framing_words_are_weak(word: str, weak: bool) -> None:
    assert arabic.is_weak(word) is weak


@pytest.mark.parametrize(("word", "short"), [("والجولاني", "جولان"), ("غزة", "غزه"), ("أحمد", "احمد")])
def test_shortest_form(word: str, short: str) -> None:
    assert arabic.shortest_form(word) == short


@given(WORD)
def test_the_shortest_form_is_never_empty(word: str) -> None:
    assert 0 < len(arabic.shortest_form(word)) <= len(word)
