"""The doctor names what is there, what is missing and what to do, and leaves everything as it was."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.doctor import Check, examine
from assistant.settings import Settings

NAMES = ["Python", "Engine", "Dictionary", "Articles", "Index", "Disk", "Model"]


def report(settings: Settings, **changes: object) -> dict[str, Check]:
    checks = list(examine(settings.model_copy(update=changes)))
    assert len({check.name for check in checks}) == len(checks)
    for check in checks:
        assert check.found and "\n" not in check.found + check.advice
        assert check.well or check.advice
    return {check.name: check for check in checks}


def test_a_sound_installation_is_well(settings: Settings, seeds: Path, seeds_index: Path) -> None:
    found = report(settings, corpus=seeds, index=seeds_index)
    assert list(found) == NAMES
    assert [check.name for check in found.values() if not check.well] == []
    assert found["Articles"].found.startswith("5 files in ")
    assert found["Index"].found.startswith("5 articles, made 20")
    assert found["Engine"].found == "qdrant-edge-py 0.9.0"


def test_no_index_yet_is_well_and_stays_so(settings: Settings, seeds: Path, tmp_path: Path) -> None:
    found = report(settings, corpus=seeds, index=tmp_path / "deep" / "index")
    assert found["Index"].well and found["Index"].found.startswith("none yet")
    assert "isnad index" in found["Index"].advice
    assert list(tmp_path.iterdir()) == []


def test_an_index_that_will_be_built_anew_says_why(
    settings: Settings, seeds: Path, seeds_index: Path, tmp_path: Path
) -> None:
    (tmp_path / "articles").mkdir()
    other = report(settings, corpus=tmp_path / "articles", index=seeds_index)["Index"]
    assert other.found.startswith("not usable: it was made from another folder")
    shutil.copytree(seeds_index, tmp_path / "index")
    for path in tmp_path.rglob("*.json"):
        path.write_bytes(path.read_bytes()[:20])
    damaged = report(settings, corpus=seeds, index=tmp_path / "index")["Index"]
    assert damaged.well and damaged.found.startswith("not usable: ")
    assert "isnad index" in damaged.advice


@pytest.mark.parametrize(
    ("files", "found", "well"),
    [
        ({}, "0 files in ", False),
        ({"a.png": b"\x89PNG"}, "0 files in ", False),
        ({"a.txt": b"An article.", "b.md": b"Another."}, "2 files in ", True),
    ],
)
def test_articles_are_counted(
    settings: Settings, tmp_path: Path, files: dict[str, bytes], found: str, well: bool
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    check = report(settings, corpus=tmp_path, index=tmp_path / ".isnad")["Articles"]
    assert check.found.startswith(found)
    assert (check.well, "cannot be read" in check.found) == (well, "a.png" in files)


def test_a_missing_folder_is_said_to_be_missing(settings: Settings, tmp_path: Path) -> None:
    found = report(settings, corpus=tmp_path / "nowhere", index=tmp_path / "index")
    assert (found["Articles"].well, "Index" in found) == (False, False)
    assert "--corpus" in found["Articles"].advice
    assert found["Disk"].well and found["Model"].well


def test_a_full_disk_is_seen(settings: Settings, seeds: Path, tmp_path: Path) -> None:
    check = report(settings, corpus=seeds, index=tmp_path / "not" / "there", reserve_mb=10**9)["Disk"]
    assert not check.well
    assert "1000000000 MB" in check.advice
