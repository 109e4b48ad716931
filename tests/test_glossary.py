from __future__ import annotations

import re
from itertools import islice

import pytest

from assistant.language.glossary import LONGEST_TERM, fingerprint, read_terms, replacements, sources, terms, unit
from assistant.language.text import ARABIC_LETTERS

ARABIC = re.compile(f"[{ARABIC_LETTERS}]")
LATIN = re.compile("[A-Za-zÀ-ɏ]")
FILES = dict(sources())
COLUMNS = {"countries.tsv": 4}


def lines(name: str) -> list[tuple[int, str]]:
    return [(n, line) for n, line in enumerate(FILES[name].split("\n"), 1) if line and not line.startswith("#")]


def alternatives(cell: str) -> list[str]:
    return [alternative.strip() for alternative in cell.split(";")]


def test_the_files_are_shipped() -> None:
    assert {"countries.tsv", "places.tsv", "peoples.tsv", "currencies.tsv", "dictionary.tsv"} <= FILES.keys()
    assert sum(len(lines(name)) for name in FILES) > 25000


@pytest.mark.parametrize("name", FILES)
def test_every_line_has_its_columns(name: str) -> None:
    expected = COLUMNS.get(name, 2)
    assert [(n, line) for n, line in lines(name) if line.count("\t") + 1 != expected] == []
    assert FILES[name].endswith("\n") and "\r" not in FILES[name] and "\n\n" not in FILES[name]


@pytest.mark.parametrize("name", FILES)
def test_no_alternative_is_empty(name: str) -> None:
    wrong = []
    for n, line in lines(name):
        for column, cell in enumerate(line.split("\t")):
            empty = "" in alternatives(cell) and not (column >= 2 and cell == "")
            if empty or cell != cell.strip() or "  " in cell:
                wrong.append((n, cell))
    assert wrong == []


@pytest.mark.parametrize("name", FILES)
def test_alternatives_stand_in_the_column_of_their_language(name: str) -> None:
    wrong = []
    for n, line in lines(name):
        english, arabic, *both = line.split("\t")
        wrong += [(n, term) for term in alternatives(english) if ARABIC.search(term) or not LATIN.search(term)]
        wrong += [(n, term) for term in alternatives(arabic) if not ARABIC.search(term)]
        for cell in filter(None, both):
            wrong += [(n, term) for term in alternatives(cell) if bool(ARABIC.search(term)) is bool(LATIN.search(term))]
    assert wrong == []


@pytest.mark.parametrize("name", FILES)
def test_no_line_and_no_alternative_comes_twice(name: str) -> None:
    found = [line for _, line in lines(name)]
    assert [line for line in set(found) if found.count(line) > 1] == []
    cells = [cell for _, line in lines(name) for cell in line.split("\t")]
    assert [cell for cell in cells if len(set(alternatives(cell))) < len(alternatives(cell))] == []


@pytest.mark.parametrize("name", FILES)
def test_nothing_invisible_is_in_the_files(name: str) -> None:
    assert re.findall("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00a0\ufb50-\ufefc]", FILES[name]) == []


def test_terms_are_short_and_numbered_by_line() -> None:
    terms = list(read_terms(sources()))
    assert all(1 <= len(term.words) <= LONGEST_TERM for term in terms)
    assert max(term.concept for term in terms) == sum(len(lines(name)) for name in FILES)
    assert {("#48", "hours"), ("G", "#7")} <= {term.words for term in terms}
    assert {term.column for term in terms} == {"name", "demonym", "capital", "entry"}
    assert all(len(term.key.split(" ")) == len(term.words) for term in terms)


def offered(phrase: str, position: int = 0) -> dict[str, float]:
    return {" ".join(r.words): r.strength for r in replacements(phrase.split())[position]}


@pytest.mark.parametrize(
    ("asked", "term", "strength"),
    [
        ("Russia", "روسيا", 1.0), ("روسيا", "Russia", 1.0), ("Russia", "Russian Federation", 0.5), ("Russia", "روسي", 0.8),
        ("Russian", "روسي", 1.0), ("روسي", "Russia", 0.8),
        ("prime minister", "رئيس الوزراء", 1.0), ("Prime Ministers", "رئيس الوزراء", 1.0), ("ceasefire", "وقف إطلاق النار", 1.0),
        ("رئيس الوزراء", "prime minister", 1.0), ("G #7", "مجموعة السبع", 1.0), ("#48 hours", "يومين", 1.0),
        ("World War #2 II", "الحرب العالمية الثانية", 1.0), ("May", "مايو", 1.0),
    ],
)  # fmt: skip
def test_a_term_is_replaced_by_the_others_of_its_line(asked: str, term: str, strength: float) -> None:
    for position in range(len(asked.split())):
        assert offered(asked, position)[term] == pytest.approx(strength)


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("hours", "يومين"), ("G", "مجموعة السبع"), ("last", "دور الستة عشر"), ("group", "G #77"),
        ("World War", "الحرب العالمية الأولى"), ("World War #2 II", "الحرب العالمية الأولى"), ("minister", "رئيس الوزراء"),
    ],
)  # fmt: skip
def test_a_part_of_a_term_is_not_the_term(asked: str, term: str) -> None:
    assert term not in offered(asked)


@pytest.mark.parametrize("capital", ["Moscow", "Kremlin", "موسكو"])
def test_a_capital_stands_for_its_government_only_in_part(capital: str) -> None:
    assert 0 < offered(capital)["روسيا"] < offered("Russia")["روسيا"]


def test_each_word_gets_what_its_phrases_offer() -> None:
    words = "Who met the prime minister in Moscow".split()
    found = replacements(words)
    assert len(found) == len(words)
    assert found[words.index("prime")] and found[words.index("minister")]
    assert "روسيا" in {" ".join(r.words) for r in found[words.index("Moscow")]}
    assert "روسيا" not in {" ".join(r.words) for r in found[words.index("prime")]}


@pytest.mark.parametrize("words", [[], ["xyzzy"], ["#2020"], ["@BBC"], ["باشينيانوف"], ["xyzzy"] * 50])
def test_unknown_words_have_no_replacement(words: list[str]) -> None:
    assert replacements(words) == [()] * len(words)


def test_nothing_replaces_itself() -> None:
    for word in ("Russia", "روسيا", "war", "حرب", "president"):
        assert all(unit(word) != " ".join(map(unit, r.words)) for r in replacements([word])[0])
        assert all(0 < r.strength <= 1 for r in replacements([word])[0])


def test_the_fingerprint_is_of_the_files() -> None:
    assert re.fullmatch("[0-9a-f]{16}", fingerprint())
    assert fingerprint() == fingerprint()


def test_the_terms_that_are_kept_are_the_terms_that_were_read() -> None:
    kept = terms()
    for read in islice(read_terms(sources()), 5000):
        assert next(kept) == read
