"""Vectors that are kept: sound ones come back, others are made again, and what nobody uses goes at last."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.vectors import KeptVectors


def digest(number: int) -> bytes:
    return number.to_bytes(16, "big")


def unit(number: int, dimensions: int = 24) -> np.ndarray:
    vector = np.random.default_rng(number).standard_normal(dimensions).astype(np.float32)
    return vector / np.linalg.norm(vector)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.sqlite"


@pytest.fixture
def kept(path: Path) -> Iterator[KeptVectors]:
    opened = KeptVectors(path)
    yield opened
    opened.close()


def fill(kept: KeptVectors, numbers: range) -> list[bytes]:
    digests = [digest(number) for number in numbers]
    kept.put(digests, [unit(number) for number in numbers])
    return digests


def test_what_is_put_comes_back_in_the_order_asked(kept: KeptVectors, path: Path) -> None:
    digests = fill(kept, range(1200))
    again = KeptVectors(path)  # as another process would see it
    for number, vector in zip((7, 1100, 3), again.get([digests[7], digests[1100], digests[3]]), strict=True):
        assert vector == pytest.approx(unit(number), abs=1e-3)
        assert vector.dtype == np.float32
    assert again.missing([*digests, digest(5000)]) == {digest(5000)}
    assert again.dimensions(digests) == 24 and again.dimensions([digest(5000)]) is None
    with pytest.raises(KeyError):
        again.get([digest(5000)])
    again.close()


@pytest.mark.parametrize("blob", [b"", b"\0" * 48, b"\1\2\3", np.full(24, np.nan, "<f2").tobytes(), b"\xff" * 48])
def test_a_vector_that_cannot_be_one_is_missing(kept: KeptVectors, path: Path, blob: bytes) -> None:
    digests = fill(kept, range(3))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE vectors SET vector = ? WHERE digest = ?", (blob, digests[1]))
    connection.close()
    assert kept.missing(digests) == {digests[1]}
    kept.put([digests[1]], [unit(1)])
    assert kept.missing(digests) == set()


@pytest.mark.parametrize("content", [b"no database at all" * 100, None])
def test_a_damaged_file_is_begun_anew(path: Path, content: bytes | None) -> None:
    first = KeptVectors(path)
    digests = fill(first, range(300))
    first.close()
    data = path.read_bytes()
    path.write_bytes(content if content is not None else data[:4096] + b"\xaa" * (len(data) - 4096))
    kept = KeptVectors(path)
    assert kept.missing(digests) == set(digests)
    kept.put(digests[:1], [unit(0)])
    assert kept.missing(digests[:1]) == set()
    kept.close()


def test_what_is_not_used_stays_until_it_is_the_greater_part(kept: KeptVectors) -> None:
    digests = fill(kept, range(100))
    assert kept.drop_unused(set(digests[:50])) == 0
    assert kept.missing(digests) == set()
    assert kept.drop_unused(set(digests[:49])) == 51
    assert kept.missing(digests) == set(digests[49:])
    assert kept.drop_unused(set()) == 49


def test_a_folder_that_cannot_be_written_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        KeptVectors(tmp_path / "nowhere" / "vectors.sqlite")
