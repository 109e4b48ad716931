"""Files with holes: digests that see every byte, copies that keep the holes, replacements that are all or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import disk

BLOCK = 1 << 16
ROOT = Path(__file__).parents[1]


def write(path: Path, size: int, pieces: dict[int, bytes]) -> Path:
    """A file of ``size`` bytes, zero but for ``pieces``, with holes where the file system has them."""
    with path.open("wb") as file:
        for offset, piece in pieces.items():
            file.seek(offset)
            file.write(piece)
        file.truncate(size)
    return path


layouts = st.integers(0, 5 * BLOCK).flatmap(
    lambda size: st.tuples(
        st.just(size), st.dictionaries(st.integers(0, max(0, size - 8)), st.binary(min_size=1, max_size=8), max_size=5)
    )
)


@given(layouts)
def test_a_copy_is_the_same_file(
    tmp_path_factory: pytest.TempPathFactory, layout: tuple[int, dict[int, bytes]]
) -> None:
    size, pieces = layout
    root = tmp_path_factory.mktemp("copy")
    (root / "a" / "deep").mkdir(parents=True)
    original = write(root / "a" / "deep" / "file", size, pieces)
    disk.copy_tree(root / "a", root / "b")
    copy = root / "b" / "deep" / "file"
    assert copy.read_bytes() == original.read_bytes()
    assert disk.digest(copy) == disk.digest(original)


@given(layouts, st.data())
def test_one_flipped_bit_changes_the_digest(
    tmp_path_factory: pytest.TempPathFactory, layout: tuple[int, dict[int, bytes]], data: st.DataObject
) -> None:
    size, pieces = layout
    path = write(tmp_path_factory.mktemp("flip") / "file", size, pieces)
    before = disk.digest(path)
    if size:
        place, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 7))
        content = bytearray(path.read_bytes())
        content[place] ^= 1 << bit
        path.write_bytes(content)
        assert disk.digest(path) != before
    path.write_bytes(path.read_bytes() + b"\0")
    assert disk.digest(path) != before


def test_a_hole_and_written_zeros_are_the_same(tmp_path: Path) -> None:
    hole = write(tmp_path / "hole", 3 * BLOCK, {BLOCK: b"x"})
    zeros = tmp_path / "zeros"
    zeros.write_bytes(hole.read_bytes())
    assert disk.digest(hole) == disk.digest(zeros)


def test_a_copy_keeps_holes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    original = write(tmp_path / "a" / "file", 512 * BLOCK, {100 * BLOCK: b"x"})
    if disk.allocated(original) > 16 * BLOCK:
        pytest.skip("this file system has no holes")
    disk.copy_tree(tmp_path / "a", tmp_path / "b")
    assert disk.allocated(tmp_path / "b" / "file") <= 16 * BLOCK


def test_short_lived_files_of_the_engine_are_not_seen(tmp_path: Path) -> None:
    (tmp_path / ".atomicwriteX").mkdir()
    (tmp_path / ".atomicwriteX" / "tmpfile.tmp").write_text("x")
    (tmp_path / "kept").write_text("x")
    assert disk.regular_files(tmp_path) == [tmp_path / "kept"]


def test_replace_leaves_nothing_else_behind(tmp_path: Path) -> None:
    target = tmp_path / "CURRENT"
    disk.replace(target, "one\n")
    disk.replace(target, "two\n")
    assert target.read_text() == "two\n"
    assert list(tmp_path.iterdir()) == [target]


def test_a_mode_holds_from_the_first_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "private"
    target.write_text("old")
    target.chmod(0o644)
    (tmp_path / ".private.new").write_text("left by a process that was killed")
    seen = []
    move = os.replace
    monkeypatch.setattr(os, "replace", lambda old, new: (seen.append(os.stat(old).st_mode & 0o777), move(old, new)))
    disk.replace(target, "new", mode=0o600)
    assert seen == [0o600]
    assert target.read_text() == "new"
    assert target.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_replacement_that_fails_leaves_the_old_text_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "CURRENT"
    disk.replace(target, "old\n")
    with monkeypatch.context() as failing:
        failing.setattr(os, step, lambda *_: (_ for _ in ()).throw(OSError(5, "Input/output error")))
        with pytest.raises(OSError, match="Input/output"):
            disk.replace(target, "new\n")
    assert target.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_killed_process_left_beside_a_file_is_gone_with_the_next(tmp_path: Path) -> None:
    code = f"""
import os, signal
from pathlib import Path
from assistant import disk
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
disk.replace(Path({str(tmp_path / "CURRENT")!r}), "never")
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 1
    disk.replace(tmp_path / "CURRENT", "new\n")
    assert list(tmp_path.iterdir()) == [tmp_path / "CURRENT"]
