from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_buckwalter import package

from assistant.errors import LexiconMissing
from assistant.language import buckwalter
from assistant.language.cache import reader
from assistant.language.lexicon import LAYOUT, Lexicon, fill, gloss_alternatives, lexicon


@pytest.mark.parametrize(
    ("word", "prefix", "gloss", "suffix"),
    [
        ("جنود", "", "soldiers", ""),
        ("والجنود", "and + the", "soldiers", ""),
        ("للرئيس", "to/for + the", "president;head;chairman", ""),
        ("كتابهم", "", "book", "their"),
        ("القوات", "the", "armed forces", "[fem.pl.]"),
        ("قالت", "", "said", "it/they/she <verb>"),
        ("يقاتلون", "they (people)", "fight", "[masc.pl.]"),
        ("ستنسحب", "will + it/they/she", "withdraw;pull out", ""),
        ("وسيكتبونها", "and + will + they (people)", "write", "it/them/her"),
        ("المستشفيات", "the", "hospitals", "[fem.pl.]"),
        ("محمد", "", "Muhammad;Mohamed", ""),
        ("على", "", "on;above", ""),
    ],
)
def test_inflected_words_are_analysed(word: str, prefix: str, gloss: str, suffix: str) -> None:
    assert (prefix, gloss, suffix) in [(a.prefix, a.gloss, a.suffix) for a in lexicon().analyze(word)]


@pytest.mark.parametrize("word", ["", "باشينيان", "xyz", "زززز", "والوال", "#20", "قالبرلم"])
def test_what_is_no_arabic_word_has_no_reading(word: str) -> None:
    assert lexicon().analyze(word) == ()
    assert lexicon().lemmas(word) == {}


@pytest.mark.parametrize(
    ("word", "spelled"),
    [
        ("مستشفي", "مستشفى"),
        ("مدرسى", "مدرسي"),
        ("اسراييل", None),
        ("اقليم", "إقليم"),
        ("الازمة", "الأزمة"),
        ("الحكومه", "الحكومة"),
    ],
)
def test_a_word_spelled_carelessly_has_the_readings_of_the_careful_one(word: str, spelled: str | None) -> None:
    expected = lexicon().analyze(spelled) if spelled else ()
    assert {a.lemma for a in expected} <= {a.lemma for a in lexicon().analyze(word)}
    assert bool(lexicon().analyze(word)) is bool(spelled)


def test_flags_tell_function_words_and_names() -> None:
    flags = {(a.gloss, a.is_function_word, a.is_proper_name) for a in lexicon().analyze("على")}
    assert {("on;above", True, False), ("Ali", False, True)} <= flags
    assert {a.gloss for readings in lexicon().lemmas("على").values() for a in readings} == {"Ali"}


def test_preloading_changes_no_reading() -> None:
    words = "والجنود للرئيس كتابهم القوات يقاتلون وسيكتبونها باشينيان مستشفي علي".split()
    before = [lexicon().analyze(word) for word in words]
    loaded = Lexicon(reader("lexicon", _fingerprint(), fill))
    loaded.preload()
    assert [loaded.analyze(word) for word in words] == before


def _fingerprint() -> str:
    return f"{LAYOUT}-{buckwalter.fingerprint()}"


@given(st.text("ابتجدرسعفقكلمنهويةىأإ", min_size=1, max_size=10))
def test_every_reading_is_made_of_known_parts(word: str) -> None:
    for lemma, readings in lexicon().lemmas(word).items():
        assert lexicon().spelling(lemma)
        assert all(reading.lemma == lemma and not reading.is_function_word for reading in readings)
        assert all(weight > 0 for weight in lexicon().meaning(lemma).values())


@pytest.mark.parametrize(
    ("gloss", "alternatives"),
    [
        ("desire;aspire to (sth)", (("desir",), ("aspir",))),
        ("armed forces", (("arm", "forc"),)),
        ("be;become", (("becom",),)),
        ("(per) cent", (("cent",),)),
        ("say", (("say",),)),
        ("book/books", (("book",),)),
        ("the", ()),
        ("", ()),
        ("(in the) [manner]", ()),
    ],
)
def test_glosses_are_alternatives_of_stems(gloss: str, alternatives: tuple[tuple[str, ...], ...]) -> None:
    assert gloss_alternatives(gloss) == alternatives


def test_both_directions_of_a_meaning_agree() -> None:
    for stem in ("soldier", "war", "hospit", "kill", "presid"):
        lemmas = lexicon().lemmas_meaning(stem)
        assert lemmas
        assert lexicon().generality(stem) == len(lemmas)
        assert lexicon().knows_stem(stem)
        for lemma, weight in lemmas.items():
            assert lexicon().meaning(lemma)[stem] == weight


def test_the_weight_of_a_meaning() -> None:
    (lemma,) = lexicon().lemmas("والجنود")
    assert lexicon().meaning(lemma) == pytest.approx({"soldier": 2**-0.35, "privat": 2**-0.35})


def test_general_words_gloss_more_lemmas() -> None:
    assert lexicon().generality("make") > 10 * lexicon().generality("soldier") > 0
    assert lexicon().generality("pashinyan") == 0
    assert not lexicon().knows_stem("pashinyan")


def test_roots_lead_both_ways() -> None:
    assert lexicon().roots_of("write")["ktb"] > 0.5
    assert {"book", "write"} <= lexicon().stems_of_root("ktb").keys()
    assert lexicon().stems_of_root("no such root") == {}


def test_synonyms_share_an_arabic_word() -> None:
    assert "warfar" in lexicon().synonyms("war")
    assert "war" not in lexicon().synonyms("war")
    assert lexicon().synonym_of("warfar")["war"] == lexicon().synonyms("war")["warfar"]
    assert all(0 < weight <= 1 for weight in lexicon().synonyms("war").values())


def test_derived_stems_and_plain_words() -> None:
    assert "soldier" in lexicon().derived("soldi")
    assert lexicon().knows_word("soldiers")
    assert not lexicon().knows_word("soldierish")


def test_threads_share_the_lexicon() -> None:
    words = "والجنود للرئيس كتابهم القوات يقاتلون وسيكتبونها".split() * 10
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lexicon().analyze, words)) == [lexicon().analyze(word) for word in words]


@pytest.mark.parametrize("word", ["بت" * 50_000, "ا" * 100_000, "وال" * 30_000])
def test_a_word_without_end_is_no_trouble(word: str) -> None:
    began = time.process_time()
    assert lexicon().analyze(word) == ()
    assert time.process_time() - began < 1


# ---------------------------------------------------------------- building, on a dictionary of one word


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package(tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setenv("ISNAD_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def opened() -> Lexicon:
    return Lexicon(reader("lexicon", _fingerprint(), fill))


def test_a_small_lexicon_knows_what_its_dictionary_says(small: Path) -> None:
    built = opened()
    assert [(a.prefix, a.gloss) for a in built.analyze("وكتاب")] == [("and", "book")]
    assert [(a.gloss, a.suffix) for a in built.analyze("كتبهم")] == [("books", "their")]
    assert built.analyze("وكتبهم") == ()  # this prefix and this suffix do not go together
    (lemma,) = built.lemmas("كتاب")
    assert built.meaning(lemma) == {"book": 1.0}
    assert (built.root(lemma), built.spelling(lemma)) == ("ktb", "كتاب")
    assert built.knows_word("books")


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00" + bytes(5000), "كتاب".encode() * 999])
def test_a_damaged_lexicon_is_built_again(small: Path, content: bytes) -> None:
    opened()
    (file,) = small.iterdir()
    file.write_bytes(content)
    assert [a.gloss for a in opened().analyze("كتاب")] == ["book"]


def test_half_a_lexicon_is_built_again(small: Path) -> None:
    opened()
    (file,) = small.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert [a.gloss for a in opened().analyze("كتاب")] == ["book"]
    assert file.read_bytes() == whole


def test_new_data_makes_a_new_lexicon(small: Path) -> None:
    opened()
    with open(buckwalter.folder() / "dictStems", "a", encoding="latin-1") as stems:
        stems.write(";--- qlm\n;; qalam_1\nqlm\tqalam\tN\tpen;fountain pen\n")
    (lemma,) = opened().lemmas("قلم")
    assert opened().meaning(lemma) == pytest.approx({"pen": 1.5 * 2**-0.35, "fountain": 0.5 * 2**-0.35})
    assert len(list(small.iterdir())) == 2


def test_missing_data_is_said_and_leaves_no_file(small: Path) -> None:
    (buckwalter.folder() / "tableBC").unlink()
    with pytest.raises(LexiconMissing):
        fill(sqlite3.connect(":memory:"))
    with pytest.raises(LexiconMissing):
        opened()
    assert not small.exists()
