"""Articles put into the folder and taken out of it."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import corpus, shelf
from assistant.errors import FileRefused
from assistant.shelf import Shelf, Shelved

TEXT = b"Armenia asked Russia for help.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "articles").mkdir()
    return tmp_path / "articles"


@pytest.fixture
def the_shelf(folder: Path) -> Shelf:
    return Shelf(folder, folder.parent / "index" / shelf.REMOVED, reserve_mb=0)


def refused(error: pytest.ExceptionInfo[FileRefused]) -> str:
    return error.value.reason


def test_an_article_is_added_whole_and_leaves_nothing_else(the_shelf: Shelf, folder: Path) -> None:
    assert the_shelf.add("report.txt", TEXT) == Shelved("report.txt", "added")
    assert [path.name for path in folder.iterdir()] == ["report.txt"]
    assert (folder / "report.txt").read_bytes() == TEXT


@pytest.mark.parametrize(
    "file", ["report.txt", "sub/report.txt", "report.txt/x.txt", "../articles/report.txt", "", "x\0.txt"]
)
def test_it_says_what_the_folder_holds(the_shelf: Shelf, folder: Path, file: str) -> None:
    assert not the_shelf.holds(file)
    the_shelf.add("report.txt", TEXT)
    assert the_shelf.holds(file) == (file == "report.txt")
    (folder / "report.txt").unlink()
    assert not the_shelf.holds(file)


def test_the_same_article_is_not_added_twice_and_another_of_its_name_beside_it(the_shelf: Shelf, folder: Path) -> None:
    the_shelf.add("report.txt", TEXT)
    assert the_shelf.add("report.txt", TEXT) == Shelved("report.txt", "same")
    assert the_shelf.add("report.txt", TEXT + b"More.\n") == Shelved("report (2).txt", "added")
    assert the_shelf.add("report.txt", TEXT + b"More.\n") == Shelved("report (2).txt", "same")
    assert sorted(path.name for path in folder.iterdir()) == ["report (2).txt", "report.txt"]
    assert (folder / "report.txt").read_bytes() == TEXT


@pytest.mark.parametrize("code", [errno.EPERM, errno.ENOTSUP])
def test_a_file_system_without_links_will_do(
    the_shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def link(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", link)
    the_shelf.add("report.txt", TEXT)
    assert the_shelf.add("report.txt", b"Another.\n").file == "report (2).txt"
    assert (folder / "report.txt").read_bytes() == TEXT
    assert sorted(path.name for path in folder.iterdir()) == ["report (2).txt", "report.txt"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("picture.png", TEXT, "files of this kind are not read"),
        ("", TEXT, "files of this kind are not read"),
        (".txt", TEXT, "files of this kind are not read"),
        ("..", TEXT, "files of this kind are not read"),
        ("a.txt", b"\x00\x01\x02\x03" * 40, ""),
        ("a.txt", b"x" * (corpus.MAX_BYTES + 1), "larger than 20 MB"),
    ],
)
def test_what_is_no_article_is_refused_and_leaves_nothing(
    the_shelf: Shelf, folder: Path, name: str, data: bytes, reason: str
) -> None:
    with pytest.raises(FileRefused) as error:
        the_shelf.add(name, data)
    assert reason in refused(error)
    assert not list(folder.iterdir())


def test_a_folder_that_cannot_be_written_is_said_in_one_line(the_shelf: Shelf, folder: Path) -> None:
    folder.rmdir()
    with pytest.raises(FileRefused) as error:
        the_shelf.add("a.txt", TEXT)
    assert "No such file" in refused(error)
    assert "\n" not in str(error.value)


@given(st.text(max_size=80), st.sampled_from([".txt", ".TXT", ".md", ".text"]))
def test_a_fitted_name_is_one_plain_name_inside_the_folder(name: str, suffix: str) -> None:
    try:
        file = shelf.fit_name(name + suffix)
    except FileRefused:
        return
    assert "/" not in file
    assert not file.startswith(".")
    assert len(file.encode()) <= 255
    assert shelf.fit_name(file) == file
    assert file.isprintable()
    assert corpus.locate(Path("/nowhere"), file) == Path("/nowhere").resolve() / file


@pytest.mark.parametrize(
    ("name", "fitted"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\articles\\تقرير.txt", "تقرير.txt"),
        ("a\u202egpj.txt", "agpj.txt"),
        ("<img src=x>.md", "img src=x.md"),
        ("  spaced  .txt", "spaced.txt"),
        ("a\u00a0b\ufeff.txt", "a b.txt"),
        ("\ud7fca.txt", "a.txt"),
        ("e\u2060\u0301.txt", "\u00e9.txt"),
    ],
)
def test_odd_names_are_made_plain(name: str, fitted: str) -> None:
    assert shelf.fit_name(name) == fitted


@pytest.mark.parametrize("name", ["a." + "x" * 300, "a." + "ح" * 60_000, "." * 500, "x" * 500])
def test_an_extension_longer_than_any_name_is_refused_at_once(name: str) -> None:
    with pytest.raises(FileRefused, match="not read") as refused:
        shelf.fit_name(name)
    assert len(str(refused.value)) < 250


def test_a_long_name_is_cut_between_two_characters() -> None:
    assert shelf.fit_name("ح" * 60_000 + ".txt") == "ح" * 88 + ".txt"
    assert shelf.fit_name("a" * 175 + " b.txt") == "a" * 175 + ".txt"


def test_what_is_taken_out_can_be_put_back(the_shelf: Shelf, folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "a.txt").write_bytes(TEXT)
    token = the_shelf.remove("sub/a.txt")
    assert not (folder / "sub" / "a.txt").exists()
    assert the_shelf.restore(token) == "sub/a.txt"
    assert (folder / "sub" / "a.txt").read_bytes() == TEXT
    with pytest.raises(FileRefused) as error:
        the_shelf.restore(token)
    assert "nothing to put back" in refused(error)


def test_what_a_killed_process_left_goes_and_what_is_being_written_stays(
    the_shelf: Shelf, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (".isnad-left", ".isnad-written"):
        (folder / name).write_bytes(b"half")
    with (folder / ".isnad-written").open("rb") as written:
        fcntl.flock(written, fcntl.LOCK_EX)
        the_shelf.add("young.txt", TEXT)  # what has only just been begun may not be locked yet
        assert (folder / ".isnad-left").exists()
        monkeypatch.setattr(shelf, "_BEGUN_SECONDS", -1.0)
        the_shelf.add("report.txt", TEXT)
    assert sorted(path.name for path in folder.iterdir()) == [".isnad-written", "report.txt", "young.txt"]


def test_putting_back_overwrites_nothing(the_shelf: Shelf, folder: Path) -> None:
    (folder / "a.txt").write_bytes(TEXT)
    token = the_shelf.remove("a.txt")
    (folder / "a.txt").write_bytes(b"newer")
    with pytest.raises(FileRefused) as error:
        the_shelf.restore(token)
    assert "taken its name" in refused(error)
    assert (folder / "a.txt").read_bytes() == b"newer"
    (folder / "a.txt").unlink()
    assert the_shelf.restore(token) == "a.txt"


def test_a_link_is_taken_out_and_what_it_leads_to_stays(the_shelf: Shelf, folder: Path) -> None:
    (folder / "real.txt").write_bytes(TEXT)
    (folder / "link.txt").symlink_to("real.txt")
    token = the_shelf.remove("link.txt")
    assert (folder / "real.txt").read_bytes() == TEXT
    the_shelf.restore(token)
    assert (folder / "link.txt").is_symlink()


@pytest.mark.parametrize("file", ["../index/x.txt", "missing.txt", "/etc/passwd.txt", "a.png", ".hidden.txt"])
def test_nothing_outside_the_folder_can_be_taken_out(the_shelf: Shelf, folder: Path, file: str) -> None:
    outside = folder.parent / "index" / "x.txt"
    outside.parent.mkdir(exist_ok=True)
    outside.write_bytes(TEXT)
    with pytest.raises(FileRefused):
        the_shelf.remove(file)
    assert outside.read_bytes() == TEXT


@pytest.mark.parametrize("token", ["", "..", "../articles", "a/b", "x" * 200])
def test_a_token_that_was_never_given_puts_nothing_back(the_shelf: Shelf, token: str) -> None:
    with pytest.raises(FileRefused):
        the_shelf.restore(token)
