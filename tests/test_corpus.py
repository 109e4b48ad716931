from __future__ import annotations

import datetime as dt
import hashlib
import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.corpus import (
    FileStat,
    Skipped,
    hash_file,
    locate,
    read,
    scan,
)
from assistant.errors import CorpusNotFound, FileRefused

SEEDS = Path(__file__).parent.parent / "seeds"
ARABIC = "اندلع قتال عنيف بين البلدين على طول الحدود المشتركة بعد منتصف ليل الأحد."  # 13 words
ENGLISH = "Heavy fighting broke out between the two countries along their common border at night."  # 14 words


# Reading


def test_seeds_are_read_as_they_are() -> None:
    files, skipped = scan(SEEDS)
    assert [file.file[:3] for file in files] == ["000", "001", "002", "003", "004"]
    assert skipped == []
    for file, size, mtime_ns in files:
        article = read(SEEDS, file)
        data = (SEEDS / file).read_bytes()
        assert article.text.encode() == data
        assert (article.file, article.size, article.mtime_ns) == (file, size, mtime_ns)
        assert article.sha256 == hashlib.sha256(data).hexdigest() == hash_file(SEEDS, file)
        assert (article.language, article.encoding, article.encoding_guessed) == ("ar", "utf-8", False)


def test_the_encoding_is_reported_and_newlines_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(f"عنوان المقال هنا\r\n{ARABIC}\r\n".encode("cp1256"))
    article = read(tmp_path, "a.txt")
    assert article.text == f"عنوان المقال هنا\r\n{ARABIC}\r\n"
    assert (article.encoding, article.encoding_guessed) == ("cp1256", True)


def test_the_name_is_the_title_of_last_resort(tmp_path: Path) -> None:
    (tmp_path / "report 7.txt").write_text("12345")
    assert read(tmp_path, "report 7.txt").title == "report 7"


# The folder


def test_scan_lists_what_it_reads_and_what_it_leaves_out(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    folder = tmp_path / "corpus"
    (folder / "b" / "c").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("z.txt", "b/a.TXT", "b/c/d.md", "b.text", "مقال.txt", "a\nb.txt", ".hidden.txt", ".git/x.txt"):
        (folder / name).write_text("نص")
    (folder / "x.mp4").write_bytes(b"film")
    (folder / "a.csv#1").write_text("text")
    (folder / "README").write_text("text")
    (folder / "in.txt").symlink_to(folder / "z.txt")
    (folder / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "hidden.txt").symlink_to(folder / ".hidden.txt")
    (folder / "loop").symlink_to(folder)
    (folder / "outdir").symlink_to(outside)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    (folder / "dir.txt").mkdir()
    os.mkfifo(folder / "fifo.txt")
    with (folder / "big.txt").open("wb") as big:
        big.truncate(20_000_001)
    (folder / os.fsdecode(b"\xff.txt")).write_text("نص")

    files, skipped = scan(folder)
    assert [file.file for file in files] == ["a\nb.txt", "b.text", "b/a.TXT", "b/c/d.md", "in.txt", "z.txt", "مقال.txt"]
    assert files[-1] == FileStat("مقال.txt", 4, (folder / "مقال.txt").stat().st_mtime_ns)
    reasons = {item.file: item.reason for item in skipped}
    assert {file: reason.partition(" (")[0] for file, reason in reasons.items()} == {
        "README": "files of this kind are not read",
        "big.txt": "it is larger than 20 MB",
        "fifo.txt": "it is not a regular file",
        "gone.txt": "it cannot be opened",
        "hidden.txt": "it is a link to something hidden",
        "loop": "it is a link to another folder",
        "out.txt": "it is a link that leads out of the folder",
        "outdir": "it is a link to another folder",
        "self.txt": "it cannot be opened",
        "x.mp4": "files of this kind are not read",
        "a.csv#1": "files of this kind are not read",
        "\ufffd.txt": "its name cannot be read as text",
    }
    assert (reasons["x.mp4"], reasons["README"]) == (
        "files of this kind are not read (.mp4)",
        "files of this kind are not read (no extension)",
    )
    for file in files:
        assert read(folder, file.file).text == "نص"
    for item in skipped:
        with pytest.raises(FileRefused):
            read(folder, item.file)


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CorpusNotFound):
        scan(tmp_path / "nowhere")
    (tmp_path / "file").write_text("text")
    with pytest.raises(CorpusNotFound):
        scan(tmp_path / "file")
    assert scan(tmp_path) == ([], [Skipped("file", "files of this kind are not read (no extension)")])


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("نص")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert [file.file for file in scan(tmp_path / "link")[0]] == ["a.txt"]
    assert read(tmp_path / "link", "a.txt").text == "نص"


def test_a_file_may_vanish_or_be_replaced_after_the_scan(tmp_path: Path) -> None:
    for name in ("gone.txt", "fifo.txt", "dir.txt", "socket.txt"):
        (tmp_path / name).write_text("نص")
    files, _ = scan(tmp_path)
    for file in files:
        (tmp_path / file.file).unlink()
    os.mkfifo(tmp_path / "fifo.txt")
    (tmp_path / "dir.txt").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.txt"))
        for file in files:
            with pytest.raises(FileRefused):
                read(tmp_path, file.file)
            with pytest.raises(FileRefused):
                hash_file(tmp_path, file.file)


def test_what_may_not_be_read_is_listed() -> None:
    user = os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "a.txt").write_text("نص")
        (folder / "a.txt").chmod(0)
        (folder / "b.txt").write_text("نص")
        (folder / "closed").mkdir(mode=0)
        # Root may read everything.
        os.seteuid(user or 65534)
        try:
            files, skipped = scan(folder)
            with pytest.raises(FileRefused, match="permission"):
                read(folder, "a.txt")
        finally:
            os.seteuid(user)
    assert [file.file for file in files] == ["a.txt", "b.txt"]
    assert skipped == [Skipped("closed/", "it cannot be opened (permission denied)")]


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "/", "a//b.txt", "../a.txt", "b/../../a.txt", "b/../a.txt", "./a.txt", "a.txt/", "a.txt\0"),
        *(
            "/etc/passwd",
            "/etc/passwd.txt",
            ".a.txt",
            ".git/a.txt",
            "b/.git/a.txt",
            "a.exe",
            "a.csv#0",
            "../a.csv#1",
            "a.txt#1",
            "CON",
            "x" * 600 + ".txt",
        ),
        *("<img onerror=x>", "\u202etxt.a", "\ud800.txt", "~/a.txt", "missing.txt"),
    ],
)
def test_names_that_are_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (tmp_path / "a.txt").write_text("outside")
    with pytest.raises(FileRefused):
        read(folder, name)


PART = st.one_of(st.sampled_from(["..", ".", "", "out", "in", "a.txt", "b", "up"]), st.text(max_size=5))


@given(parts=st.lists(PART, max_size=6), absolute=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, parts: list[str], absolute: bool) -> None:
    folder = tmp_path / "corpus"
    if not folder.exists():
        (folder / "b").mkdir(parents=True)
        (folder / "a.txt").write_text("inside")
        (tmp_path / "a.txt").write_text("outside")
        (folder / "out").symlink_to(tmp_path)
        (folder / "in").symlink_to(folder / "b")
        (folder / "b" / "up").symlink_to("..")
    name = ("/" if absolute else "") + "/".join(parts)
    for candidate in (name, f"{name}.txt", f"{name}/a.txt"):
        try:
            path = locate(folder, candidate)
        except FileRefused:
            continue
        assert path.is_relative_to(folder.resolve())
        assert not path.is_symlink()
        assert not path.exists() or path == (folder / "a.txt").resolve()


def test_the_name_dates_an_article_that_states_no_date_itself(tmp_path: Path) -> None:
    (tmp_path / "2022-09-13 talks.txt").write_text("The talks\n\nThe talks were held in Geneva.\n")
    (tmp_path / "2022-09-14 talks.txt").write_text("The talks\n12 September 2022\n\nThe talks were held in Geneva.\n")
    assert [read(tmp_path, stat.file).date for stat in scan(tmp_path)[0]] == [
        dt.date(2022, 9, 13),
        dt.date(2022, 9, 12),
    ]
