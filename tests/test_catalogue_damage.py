"""Whatever stands in a catalogue, a search finds or says that the index is damaged: no other error, and no harm to the process."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from collection import SmallCollection

from assistant.catalogue import Catalogue
from assistant.errors import IndexDamaged
from assistant.packing import pack_numbers, unpack_numbers
from assistant.retrieval import Searcher
from assistant.vocabulary import WORDS

TEXTS = {
    "a.txt": "Pashinyan asked Putin for help on Wednesday. Russia said it would look into the request from Armenia.",
    "b.txt": "طلب باشينيان مساعدة روسيا يوم الأربعاء. وقال بوتين إن موسكو تدرس طلب أرمينيا.",
}
QUESTIONS = [
    "Who asked Russia for Pashinyann helpp Armeniaa Putin?",
    "متى طلبت أرمينييا المساعدة من باشينيا بوتين رووسيا؟",
]

Edit = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> SmallCollection:
    return SmallCollection(tmp_path_factory.mktemp("whole") / "c.sqlite", TEXTS)


def searched(path: Path, whole: SmallCollection) -> int:
    """How many passages are found in the catalogue at ``path``, which has the points of the whole one."""
    catalogue = Catalogue(path)
    try:
        searcher = Searcher(catalogue, whole.store)
        return sum(len(searcher.search(question, 5)) for question in QUESTIONS)
    finally:
        catalogue.close()


def numbers(change: Callable[[list[int]], None]) -> Edit:
    def edited(packed: bytes) -> bytes:
        values = unpack_numbers(packed).tolist()
        change(values)
        return pack_numbers(values)

    return edited


def setting(place: int, value: int) -> Edit:
    return numbers(lambda values: values.__setitem__(place, value))


EDITS: list[tuple[str, str, Edit]] = [
    ("names", "marks", lambda marks: bytes(mark | 0x0F for mark in marks)),
    ("names", "letters", lambda letters: bytes(letter | 0x7F for letter in letters)),
    ("names", "types", setting(0, 100 * WORDS)),
    ("names", "types", setting(0, 1 << 31)),
    ("keys", "filed", setting(1, 3)),
    ("keys", "filed", setting(1, 1 << 34)),
    ("passages", "outline", setting(-1, 1 << 31)),
    ("passages", "outline", setting(-1, 1 << 34)),
    ("passages", "outline", setting(0, 1 << 34)),
    ("types", "facts", lambda facts: facts[:-9]),
    ("words", "words", lambda words: words.replace(b"\n", b"")),
]


@pytest.mark.parametrize(("table", "column", "edit"), EDITS)
def test_lists_that_mean_nothing_are_damage(
    tmp_path: Path, whole: SmallCollection, table: str, column: str, edit: Edit
) -> None:
    path = Path(shutil.copy(whole.path, tmp_path / "c.sqlite"))
    with sqlite3.connect(path) as connection:
        connection.create_function("edited", 1, edit)
        connection.execute(f"UPDATE {table} SET {column} = edited({column})")
    connection.close()
    with pytest.raises(IndexDamaged):
        searched(path, whole)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE names SET class = 9 WHERE class = (SELECT max(class) FROM names)",
        "UPDATE names SET class = 1 << 40 WHERE class = (SELECT max(class) FROM names)",
        "UPDATE names SET types = 'text'",
        "DELETE FROM words WHERE block = 0",
        "DELETE FROM words",
        "DELETE FROM types",
        "DELETE FROM passages",
        "UPDATE documents SET date = 1 << 40",
        "UPDATE passages SET language = 7",
        "DELETE FROM statistics",
    ],
)
def test_rows_that_mean_nothing_are_damage(tmp_path: Path, whole: SmallCollection, change: str) -> None:
    path = Path(shutil.copy(whole.path, tmp_path / "c.sqlite"))
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(IndexDamaged):
        searched(path, whole)


def test_flipped_bits_are_borne(tmp_path: Path, whole: SmallCollection) -> None:
    chance, raw, damaged = random.Random(20), whole.path.read_bytes(), 0
    for number in range(60):
        data = bytearray(raw)
        for _ in range(20):
            data[chance.randrange(4096, len(data))] ^= 1 << chance.randrange(8)
        path = tmp_path / f"{number}.sqlite"
        path.write_bytes(data)
        try:
            searched(path, whole)
        except IndexDamaged:
            damaged += 1
    assert damaged


def test_the_whole_one_is_searched(tmp_path: Path, whole: SmallCollection) -> None:
    assert searched(Path(shutil.copy(whole.path, tmp_path / "c.sqlite")), whole)
