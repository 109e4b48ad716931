"""The reader's own glossary, beside the shipped one. Each case is a process: what is read is kept for a process's life.

They share one cache: what was made of the shipped files is not made again for another glossary beside them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LOOK = """
from assistant.language import glossary
print([r.words for r in glossary.replacements(["widget"])[0]])
print([r.words for r in glossary.replacements(["ceasefire"])[0]] != [])
print(glossary.complaints())
"""


def look(folder: Path, cache: Path) -> list[str]:
    environment = {**os.environ, "ISNAD_GLOSSARY": str(folder), "ISNAD_CACHE": str(cache)}
    done = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def test_a_line_of_ones_own_is_found_beside_the_shipped_ones(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "mine.tsv").write_text("# my subject\nwidget; gadget\tزنبرك; قطعة صغيرة\n", encoding="utf-8-sig")
    words, shipped, complaints = look(tmp_path, cache)
    assert "زنبرك" in words and "gadget" in words
    assert shipped == "True"
    assert complaints == "[]"


def test_what_cannot_be_used_is_named_and_the_rest_is_used(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "mine.tsv").write_bytes("one cell\nwidget\tزنبرك\n\tبلا\n".encode() + b"\xff\n")
    (tmp_path / "notes.txt").write_text("widget\tلا\n", encoding="utf-8")
    words, shipped, complaints = look(tmp_path, cache)
    assert "زنبرك" in words and "لا" not in words
    assert shipped == "True"
    assert [f"line {n}" in complaints for n in (1, 2, 3, 4)] == [True, False, True, True]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, cache: Path) -> None:
    _, shipped, complaints = look(tmp_path / "none", cache)
    assert shipped == "True"
    assert "is not a folder" in complaints


def test_a_line_more_makes_nothing_anew_but_its_own_file(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "mine.tsv").write_text("widget\tزنبرك\n", encoding="utf-8")
    look(tmp_path, cache)
    before = {path: path.stat().st_mtime_ns for path in cache.iterdir()}
    (tmp_path / "mine.tsv").write_text("widget\tلولب\n", encoding="utf-8")
    words, _, _ = look(tmp_path, cache)
    assert "لولب" in words and "زنبرك" not in words
    after = {path: path.stat().st_mtime_ns for path in cache.iterdir()}
    assert {path.name.partition("-")[0] for path in after.keys() - before.keys()} == {"glossary_own"}
    assert before.items() <= after.items()
