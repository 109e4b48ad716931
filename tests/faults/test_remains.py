"""What a failure leaves behind is told from what is current, and goes."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from assistant import generation
from assistant.errors import BuildFailed
from assistant.index import open_synced, sync
from assistant.settings import Settings

pytestmark = pytest.mark.apart


def made(index: Path, name: str) -> Path:
    folder = index / generation.GENERATIONS / name
    folder.mkdir(parents=True)
    (folder / generation.MANIFEST).write_text("{}")
    return folder


def test_what_never_became_current_is_left_over(tmp_path: Path) -> None:
    for name in ("000001", "000002", "000010"):
        made(tmp_path, name)
    half = made(tmp_path, ".building-x")
    assert generation.leftovers(tmp_path) == [half]  # which of the others was current is not known
    (tmp_path / generation.CURRENT).write_text("000002 digest\n")
    assert generation.leftovers(tmp_path) == [half, tmp_path / generation.GENERATIONS / "000010"]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("The lighthouse keeper is called Theodora.\n")
    return tmp_path / "articles"


def test_builds_that_cannot_be_made_current_do_not_heap_up(
    articles: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(articles, tmp_path / "index", settings)
    replace = os.replace
    for number in range(3):
        (articles / "a.txt").write_text(f"The lighthouse keeper number {number} is called Theodora.\n")
        with monkeypatch.context() as failing:
            failing.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))
            with pytest.raises(BuildFailed, match="Input/output error"):
                sync(articles, tmp_path / "index", settings)
    assert os.replace is replace
    assert len(list((tmp_path / "index" / generation.GENERATIONS).iterdir())) == 2
    opened, summary = open_synced(articles, tmp_path / "index", settings)
    assert (opened.catalogue.document("a.txt").text.split()[4], summary.rebuilt) == ("2", None)
    opened.close()


def test_a_disk_too_full_to_sign_the_lock_keeps_nobody_from_asking(
    articles: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(articles, tmp_path / "index", settings)
    (articles / "b.txt").write_text("The ferry to Qorlia was cancelled.\n")

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
    monkeypatch.setattr("assistant.index.tempfile.mkdtemp", full)
    opened, summary = open_synced(articles, tmp_path / "index", settings)
    assert [info.file for info in opened.catalogue.documents()] == ["a.txt"]
    assert "No space left" in str(summary.behind)
    opened.close()
