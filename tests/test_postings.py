"""Arrays of what is filed say the same as the rows they were read from, whole or key by key."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant import postings
from assistant.filing import Filing, analyse
from assistant.language.text import Language
from assistant.postings import Asked, best, distinct, of_lists, placed, strongest
from assistant.vocabulary import SCHEMA_SQL, Vocabulary

WORDS: dict[Language, list[str]] = {
    "ar": "الجنود جنود جندي المستشفى مستشفيات قتل قتلت يقتلون بوتين باشينيان Putin soldiers كتب كاتب مكتبة".split(),
    "en": "soldiers soldier Putin killed killing organization organ organize drones #49 BBC @BBC twelve كتاب".split(),
}


class Stored(Vocabulary):
    """The vocabulary of `WORDS`, and every statement that was run."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.executescript(SCHEMA_SQL)
        filing = Filing(self.connection, fresh=True)
        for language, words in WORDS.items():
            numbers = filing.numbers(language, words)
            filing.count(numbers, 1)
        filing.finish()
        self.statements: list[str] = []
        super().__init__(self.rows, self.rows_in)

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        self.statements.append(statement)
        return self.connection.execute(statement, values).fetchall()

    def rows_in(self, statement: str, before: tuple[Any, ...], values: Sequence[Any]) -> Iterator[Any]:
        yield from self.rows(f"{statement}({','.join('?' * len(values))})", [*before, *values])


def families() -> list[tuple[Language, str]]:
    return [
        (language, family)
        for language, words in WORDS.items()
        for family in sorted({family for family, _ in analyse(words).keys})
    ]


def keys_of(language: Language, family: str) -> list[str]:
    return ["no such key", *(key for of, key in analyse(WORDS[language]).keys if of == family), "neither"]


@pytest.mark.parametrize("whole", [postings.WHOLE, 0])
@pytest.mark.parametrize(("language", "family"), families())
def test_a_table_finds_what_the_rows_say(
    language: Language, family: str, whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings, "WHOLE", whole)
    stored = Stored()
    asked = keys_of(language, family)
    table = stored.table(language, family)
    assert table is not None
    for _ in range(2):  # what was not there the first time is remembered
        found = table.find(asked)
        by_rows = [(key, number, weight) for key, number, weight in stored.find(language, family, asked)]
        assert sorted(zip([asked[n] for n in found.keys], found.types, found.weights, strict=True)) == sorted(by_rows)
        assert list(found.keys) == sorted(found.keys)
        assert len(found.types)


def test_a_family_read_whole_needs_no_statement_after_that(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = Stored()
    table = stored.table("ar", "lemma")
    assert table is not None
    stored.statements.clear()
    assert len(table.find(keys_of("ar", "lemma")).types)
    assert stored.statements == []
    assert stored.table("ar", "no such family") is None


def test_a_family_of_many_keys_does_not_ask_twice_for_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "WHOLE", 0)
    stored = Stored()
    table = stored.table("en", "stem")
    assert table is not None
    values: list[Any] = []
    monkeypatch.setattr(
        table, "_rows_in", lambda _, before, keys: values.append(list(keys)) or stored.rows_in(_, before, keys)
    )
    table.find(["soldier", "absent"])
    table.find(["soldier", "absent", "organ"])
    assert [len(keys) for keys in values] == [2, 2]


def one_by_one(asked: Asked, word: int) -> dict[int, float]:
    """The similarity as it is defined, a posting at a time."""
    sums: dict[int, float] = {}
    for key, number, weight in zip(*asked.found, strict=True):
        if asked.words[key] == word:
            sums[int(number)] = sums.get(int(number), 0.0) + float(asked.weights[key] * weight)
    return {number: asked.strength * min(1.0, total) for number, total in sums.items()}


shares = st.floats(0.1, 1.0)


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    keys = draw(st.lists(st.tuples(st.integers(0, 2), shares), min_size=1, max_size=6))
    keys.sort(key=lambda key: key[0])
    rows = draw(st.lists(st.tuples(st.integers(0, len(keys) - 1), st.integers(0, 9), shares), max_size=20))
    words = np.array([word for word, _ in keys], np.int64)
    return Asked(draw(shares), np.array([weight for _, weight in keys]), words, of_lists(sorted(rows)))


@given(st.lists(questions(), max_size=4))
@hypothesis_settings(max_examples=60, deadline=None)
def test_the_best_family_counts(asked: list[Asked]) -> None:
    found = best(3, asked)
    for word in range(3):
        expected: dict[int, float] = {}
        for family in asked:
            for number, similarity in one_by_one(family, word).items():
                expected[number] = max(expected.get(number, 0.0), similarity)
        similar = dict(zip(*found[word], strict=True))
        assert similar == pytest.approx(expected)
        assert list(similar) == list(expected)  # in the order in which they are first found


@given(st.lists(st.integers(0, 20) | st.integers(0, 2**62), max_size=40))
def test_places_are_sorted_by_their_numbers(keys: list[int]) -> None:
    order = postings._sorting(np.array(keys, np.int64))
    assert order.tolist() == sorted(range(len(keys)), key=keys.__getitem__)


def test_nothing_asked_finds_nothing() -> None:
    assert [list(each.types) for each in best(2, [])] == [[], []]
    (found,) = best(1, [Asked(1.0, np.ones(1), np.zeros(1, np.int64), of_lists([]))])
    assert not len(found.types)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), shares), max_size=30))
@hypothesis_settings(max_examples=60, deadline=None)
def test_the_greatest_similarity_counts_in_the_order_of_the_first(rows: list[tuple[int, int, float]]) -> None:
    words, types, similarity = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.zeros(0),) * 3
    found = strongest(3, words.astype(np.int64), types.astype(np.int64), similarity)
    for word, (its_types, its_similarity) in enumerate(found):
        expected: dict[int, float] = {}
        for of, number, share in rows:
            if of == word:
                expected[number] = max(expected.get(number, 0.0), share)
        assert list(zip(its_types.tolist(), its_similarity.tolist(), strict=True)) == list(expected.items())
        likest = found[word].likest(3)
        by_hand = sorted(expected.items(), key=lambda item: -item[1])[:3]
        assert list(zip(likest.types.tolist(), likest.similarity.tolist(), strict=True)) == by_hand


@given(st.lists(st.lists(st.integers(0, 3), max_size=3), max_size=5))
def test_what_is_found_at_once_is_split_again(asked: list[list[int]]) -> None:
    """Under key ``n`` are ``n`` types."""
    rows = [
        (place, number, 1.0) for place, key in enumerate(key for keys in asked for key in keys) for number in range(key)
    ]
    parts = of_lists(rows).split([len(keys) for keys in asked])
    assert len(parts) == len(asked)
    for keys, part in zip(asked, parts, strict=True):
        wanted = [(place, number) for place, key in enumerate(keys) for number in range(key)]
        assert list(zip(part.keys.tolist(), part.types.tolist(), strict=True)) == wanted


@given(st.lists(st.integers(0, 9) | st.integers(0, 2**31 - 1)))
def test_different_numbers_and_where_they_stand(numbers: list[int]) -> None:
    values = np.array(numbers, np.int32)
    types, places = placed(values)
    assert distinct(values).tolist() == types.tolist() == sorted(set(numbers))
    assert types[places].tolist() == numbers
