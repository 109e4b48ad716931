from __future__ import annotations

import pytest

from assistant.language import glossary, senses
from assistant.language.lexicon import lexicon
from assistant.language.text import is_arabic


def test_the_list_can_be_read_and_holds_each_language_on_its_side() -> None:
    pairs = list(senses.read_own(senses.own_lines()))
    assert len(pairs) > 3000
    wrong = [pair for pair in pairs if not pair.arabic or not is_arabic(pair.arabic) or not pair.english.isascii()]
    assert not wrong


def test_no_word_stands_on_two_lines() -> None:
    lines = [line.split("\t") for line in senses.own_lines().splitlines() if line and not line.startswith("#")]
    words = [(word.strip(), *cells) for arabic, _, *cells in lines for word in arabic.split(";")]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("line", ["كتاب", "كتاب\tbook\tnoun\tmore", "كتاب\tbook\tnuon"])
def test_a_wrong_line_is_told(line: str) -> None:
    with pytest.raises(ValueError, match=r"not a line of words\.tsv"):
        list(senses.read_own(f"# comment\n\n{line}\n"))


def test_later_renderings_weigh_less() -> None:
    pairs = list(senses.read_own("سعر; ثمن\tprice; cost\tnoun"))
    assert [(pair.arabic, pair.english, pair.weight) for pair in pairs] == [
        ("سعر", "price", 1.0), ("ثمن", "price", 1.0), ("سعر", "cost", 0.5), ("ثمن", "cost", 0.5),
    ]  # fmt: skip
    assert all(pair.own and pair.part == "noun" for pair in pairs)


def test_glossary_lines_pair_single_words_only() -> None:
    line = [
        glossary.Term(1, "name", ("price",), "price"), glossary.Term(1, "name", ("cost",), "cost", 1),
        glossary.Term(1, "name", ("سعر",), "سعر"), glossary.Term(1, "name", ("سعر", "سلعة"), "سعر السلعة", 1),
        glossary.Term(2, "name", ("Doha",), "Doha"), glossary.Term(2, "name", ("دوحة",), "الدوحة"),
    ]  # fmt: skip
    pairs = [(pair.arabic, pair.english, pair.part) for pair in senses.read_glossary(line)]
    assert pairs == [("سعر", "price", ""), ("سعر", "cost", ""), ("الدوحة", "Doha", "name")]


def test_a_sense_is_filed_under_the_lemma_that_it_speaks_of() -> None:
    meant = {
        sense.text for a in lexicon().analyze("حدة") if "intensity" in a.gloss for sense in senses.of_lemma(a.lemma)
    }
    assert "intensity" in meant
    others = {sense.text for a in lexicon().analyze("حد") if "limit" in a.gloss for sense in senses.of_lemma(a.lemma)}
    assert "limit" in others
    assert not {"intensity"} & others


def test_a_sense_that_the_lexicon_lacks_is_filed_under_its_spelling() -> None:
    assert "Homs" in {sense.text for sense in senses.of_form("حمص")}


def test_commonness() -> None:
    assert senses.commonness("say") == 1
    assert 0 < senses.commonness("achiev") < 1
    assert senses.commonness("xyzzy") == 0
