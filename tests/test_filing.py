"""Word types are filed under all that is known of them, in one sweep or step by step."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from assistant import filing, vocabulary
from assistant.filing import Filing, analyse
from assistant.language.letters import bounds, encode
from assistant.language.terms import STEM, NameClass, type_terms
from assistant.name_table import Near
from assistant.vocabulary import BLOCK, SCHEMA_SQL, STOP_WORD, WORDS, Vocabulary

SAID = ["Pashinyan", "soldiers", "soldier", "the", "باشينيان", "والجنود", "#2020", "في", "@BBC"]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(tmp_path / "words.sqlite")) as opened:
        opened.executescript(SCHEMA_SQL)
        yield opened


def reading(connection: sqlite3.Connection) -> Vocabulary:
    def rows(statement: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        return connection.execute(statement, values).fetchall()

    def rows_in(statement: str, before: tuple[object, ...], values: Sequence[object]) -> list[tuple[object, ...]]:
        return rows(f"{statement}({','.join('?' * len(values))})", [*before, *values])

    return Vocabulary(rows, rows_in)


def spelled(told: Vocabulary, of_class: NameClass, skeletons: list[str]) -> list[int]:
    """The types whose names are filed under skeletons."""
    names = told.names("en")
    places, _ = names.near(
        [Near(tuple(skeletons), [of_class], lambda arabic, masks: np.zeros(len(masks), np.uint8))],
        10**6,
    )
    return names.types[places].tolist()


def test_an_analysis_is_what_the_terms_say() -> None:
    filed = analyse(SAID)
    spelled = [filed.letters[start:end] for start, end in pairwise(bounds(filed.letters).tolist())]
    for number, word in enumerate(SAID):
        wanted = type_terms(word)
        assert filed.units[number] == wanted.unit
        keys = {
            (*filed.keys[key], float(weight))
            for (key, of), weight in zip(filed.key_rows.tolist(), filed.weights, strict=True)
            if of == number
        }
        assert keys == ({(STOP_WORD, word, 1.0)} if wanted.stop else set(wanted.keys))
        sounds = {
            (*filed.sounds[sound], mark, letters)
            for (sound, of), mark, letters in zip(filed.sound_rows.tolist(), filed.marks, spelled, strict=True)
            if of == number
        }
        assert sounds == {(wanted.name, skeleton, *encode(spelling)) for spelling, skeleton in wanted.spellings.items()}
    assert len(set(filed.keys)) == len(filed.keys) and len(set(filed.sounds)) == len(filed.sounds)


def test_nothing_to_analyse() -> None:
    filed = analyse([])
    assert (filed.units, filed.keys, filed.sounds, len(filed.key_rows), len(filed.sound_rows)) == ([], [], [], 0, 0)


def test_types_are_numbered_as_they_come_and_numbers_are_used_again(connection: sqlite3.Connection) -> None:
    first = Filing(connection, fresh=True)
    first.expect([("en", "soldiers"), ("en", "never")])
    assert first.numbers("en", ["the", "soldiers", "the", "Goris"]) == [2, 0, 2, 3]
    assert first.numbers("ar", ["the"]) == [4]
    first.count([0, 2, 3, 4], 1)
    assert first.finish() == {"ar": 1, "en": 3}
    assert reading(connection).words(range(10)) == {0: "soldiers", 2: "the", 3: "Goris", 4: "the"}

    second = Filing(connection, fresh=False)
    assert second.numbers("en", ["Goris", "bridge", "soldiers"]) == [3, 1, 0]
    second.count([3], -1)
    second.count([1], 1)
    assert second.finish() == {"ar": 1, "en": 3}
    told = reading(connection)
    assert told.words(range(10)) == {0: "soldiers", 1: "bridge", 2: "the", 4: "the"}
    assert told.find("en", STEM, ["gori", "bridg"]) == [("bridg", 1, 1.0)]


def test_a_title_keeps_a_word_alive(connection: sqlite3.Connection) -> None:
    first = Filing(connection, fresh=True)
    (number,) = first.numbers("en", ["Goris"])
    first.count_title([number], 1)
    assert first.finish() == {"ar": 0, "en": 0}
    assert reading(connection).find_words("en", ["Goris"])["Goris"].df == 0
    second = Filing(connection, fresh=False)
    second.count_title([number], -1)
    second.finish()
    assert reading(connection).find_words("en", ["Goris"]) == {}


def test_new_words_are_given_out_once(connection: sqlite3.Connection) -> None:
    writing = Filing(connection, fresh=True)
    writing.numbers("en", ["one", "two", "three"])
    writing.numbers("ar", ["واحد"])
    assert writing.unfiled(2) == [("en", [0, 1, 2], ["one", "two", "three"])]
    assert writing.unfiled() == [("ar", [3], ["واحد"])]
    assert writing.unfiled() == []


@pytest.mark.parametrize("number", [1, WORDS, WORDS + 1, BLOCK, BLOCK + 1])
def test_any_number_of_types(connection: sqlite3.Connection, number: int) -> None:
    """Under one key, in one class of names, over the edges of rows."""
    words = [f"soldier{'s' * (n % 2)}" if n < 2 else f"#{n}" for n in range(number)]
    for half in (words[: number // 2], words[number // 2 :]):
        writing = Filing(connection, fresh=half is words[: number // 2] or not words[: number // 2])
        writing.count(writing.numbers("en", half), 1)
        writing.finish()
    told = reading(connection)
    assert told.words(range(number + 5)) == dict(enumerate(words))
    assert told.facts(np.arange(number))["df"].tolist() == [1] * number
    assert {stored.word for stored in told.types("en", range(number)).values()} == set(words)
    assert told.types("ar", range(number)) == {}


def test_long_lists_are_cut_into_rows(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "_PART_BYTES", 3)
    for module in (filing, vocabulary):
        monkeypatch.setattr(module, "PART", 2)
    words = [f"P{'a' * n}shiny{'a' * m}n" for n in range(1, 6) for m in range(1, 6)]
    writing = Filing(connection, fresh=True)
    writing.count(writing.numbers("en", words), 1)
    writing.finish()
    (rows,) = connection.execute("SELECT max(part) FROM names").fetchone()
    assert rows == len(words) // 2
    (skeleton,) = {skeleton for word in words for skeleton in type_terms(word).spellings.values()}
    told = reading(connection)
    assert spelled(told, type_terms(words[0]).name, [skeleton]) == list(range(len(words)))
    monkeypatch.setattr(vocabulary, "_ROWS_AT_ONCE", 3)
    assert spelled(reading(connection), type_terms(words[0]).name, [skeleton]) == list(range(len(words)))
    keys = {key for word in words for family, key, _ in type_terms(word).keys if family == "derived"}
    found = told.find("en", "derived", keys)
    assert {number for _, number, _ in found} == set(range(len(words)))
