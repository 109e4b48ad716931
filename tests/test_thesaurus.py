"""The thesaurus helps to find: its files are well formed, it offers what its lines say, one way only for classes."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from collection import SmallCollection

from assistant.ablation import LeftOut, leave_out
from assistant.language import glossary
from assistant.language.thesaurus import MEMBERS, RELATED, related

ROWS = [
    (name, number, row)
    for name in (RELATED, MEMBERS)
    for number, row in enumerate(
        (files("assistant") / "data" / "thesaurus" / name).read_text(encoding="utf-8").splitlines(), 1
    )
    if not row.startswith("#")
]
_ARABIC, _LATIN, _HARAKAT = re.compile("[\u0621-\u064a]"), re.compile("[A-Za-z]"), re.compile("[\u064b-\u0652]")


def offered(words: str) -> dict[str, float]:
    return {" ".join(each.words): each.strength for of_word in related(tuple(words.split())) for each in of_word}


def test_every_line_has_two_cells_of_different_terms() -> None:
    assert len(ROWS) > 1000
    for name, number, row in ROWS:
        cells = row.split("\t")
        assert len(cells) == 2, (name, number)
        for cell in cells:
            terms = cell.split("; ")
            assert len(terms) == len(set(terms)), (name, number)
            assert all(term and term == term.strip() for term in terms), (name, number)
        assert not _HARAKAT.search(row), (name, number)
        if name == RELATED:
            assert not _ARABIC.search(cells[0]), (name, number)
            assert not _LATIN.search(cells[1]), (name, number)


@pytest.mark.parametrize(
    ("word", "other"), [("casualties", "losses"), ("deluge", "inundation"), ("ضحايا", "قتلى"), ("اندلع", "نشب")]
)
def test_words_of_one_line_stand_for_each_other(word: str, other: str) -> None:
    assert other in offered(word)
    assert word in offered(other)
    assert 0 < offered(word)[other] < 1


def test_a_word_stands_less_for_one_of_the_other_language_than_of_its_own() -> None:
    found = offered("casualties")
    assert found["ضحايا"] < found["losses"]


def test_a_class_stands_for_its_members_and_no_member_for_its_class() -> None:
    assert {"French", "فرنسي"} <= offered("Western").keys()
    assert "minister" in offered("official")
    assert "Western" not in offered("French")
    assert "American" not in offered("French")


def test_a_term_of_several_words_is_found_as_a_whole() -> None:
    of_each = [[" ".join(each.words) for each in of_word] for of_word in related(("natural", "disaster"))]
    assert ["earthquake" in of_word for of_word in of_each] == [True, True]
    assert "earthquake" not in offered("natural")


@pytest.mark.parametrize(
    ("left_out", "word", "kept"),
    [
        ("give", "surrender", "capitulation"),  # "give up"
        ("break", "erupt", "ignite"),  # "break out"
        ("guilty", "innocent", "blameless"),  # "not guilty"
        ("مذنب", "بريء", "innocent"),  # "غير مذنب"
        ("قتل", "انتحار", "انتحر"),  # "قتل نفسه"
        ("killed", "suicide", "انتحار"),  # "killed himself"
    ],
)
def test_a_term_that_says_something_else_without_its_small_words_is_left_out(
    left_out: str, word: str, kept: str
) -> None:
    assert kept in offered(word)
    assert left_out not in offered(word)
    assert word not in offered(left_out)


def test_a_term_that_says_the_same_without_its_small_words_is_kept() -> None:
    assert "اعتقل" in offered("قبض")  # "قبض على"


def test_the_glossary_knows_nothing_of_it() -> None:
    assert "French" in offered("Western")
    assert "French" not in {" ".join(each.words) for each in glossary.replacements(["Western"])[0]}


def test_it_finds_what_is_told_in_other_words(tmp_path: Path) -> None:
    texts = SmallCollection(
        tmp_path / "c.sqlite",
        {
            "a.txt": "The French president spoke with the prime minister of Malta for an hour.",
            "b.txt": "The harvest was good. Farmers spoke of the best year since the flood.",
        },
    )

    def score() -> float:
        return {item.passage.file: item.score for item in texts.searcher.rank("Which Western leaders met?", 5)}.get(
            "a.txt", 0.0
        )

    with_it = score()
    with leave_out(LeftOut(thesaurus=True)):
        assert offered("Western") == {}
        assert with_it > score()
