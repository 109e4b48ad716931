"""A folder of every format, from the files to the answer, and what changes in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.citations import Citation
from assistant.settings import Settings
from tests import made
from tests.made import drawn, visual
from tests.test_readers import MENU, WHOLE
from tests.test_tables import table

TITLE = "جسر كورليا يفتتح رسميا"
PARAGRAPHS = ["افتتح الوزير سليم درباس جسر كورليا الجديد.", "وبلغت كلفة الجسر 55 مليون دينار."]
QUESTION = "من افتتح جسر كورليا؟"
LINES = [TITLE + ".", *PARAGRAPHS]
FORMATS = {
    "a.txt": "\n\n".join([TITLE, *PARAGRAPHS]).encode(),
    "a.html": made.page(TITLE, PARAGRAPHS, around=MENU).encode("cp1256"),
    "a.docx": made.docx([TITLE, *PARAGRAPHS]),
    "a.epub": made.epub(["".join(f"<p>{each}</p>" for each in [TITLE, *PARAGRAPHS])], TITLE),
    "a.rtf": made.rtf([TITLE, *PARAGRAPHS]),
    "a.eml": made.mail(TITLE, "\n\n".join(PARAGRAPHS)),
    "a.csv": table([["العنوان", "النص"], [TITLE, "\n\n".join(PARAGRAPHS)]]),
    "a.pdf": made.pdf([[piece for n, line in enumerate(LINES) for piece in drawn([visual(line)], 760 - 40 * n)]]),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


def opened(folder: Path, settings: Settings) -> Assistant:
    return Assistant.open(folder, folder.parent / "index", settings)


@pytest.mark.parametrize("file", FORMATS)
def test_the_same_article_gives_the_same_answer_in_every_format(folder: Path, settings: Settings, file: str) -> None:
    (folder / file).write_bytes(FORMATS[file])
    (folder / "other.txt").write_text("البحر هادئ.\n\nعاد الصيادون إلى بيوتهم مبكرا.")
    with opened(folder, settings) as assistant:
        answer = assistant.ask(QUESTION)
        assert answer.status == "answered"
        citation = answer.citations[0]
        assert citation.quote == PARAGRAPHS[0]
        text = assistant.document(citation.file).text
        assert text[citation.start : citation.end] == citation.quote
        assert not citation.stale
        assert assistant.document(citation.file).pages == ((0,) if file == "a.pdf" else ())
        (folder / file).write_bytes(FORMATS[file] + b" ")
        assert assistant.is_stale(citation.file)


def test_one_bad_file_of_each_format_stops_nothing(folder: Path, settings: Settings) -> None:
    for file, data in FORMATS.items():
        (folder / file).write_bytes(data)
        (folder / f"bad{file}").write_bytes(b"\x7fELF" + bytes(200))
    with opened(folder, settings) as assistant:
        assert assistant.summary.passages >= len(FORMATS)
        skipped = {item.file: item.reason for item in assistant.summary.skipped}
    assert sorted(skipped) == sorted(f"bad{file}" for file in FORMATS)
    assert all(skipped.values())


def test_authors_and_pages_are_kept_with_the_index(folder: Path, settings: Settings) -> None:
    (folder / "a.docx").write_bytes(WHOLE["a.docx"])
    pages = [drawn(["The sea was calm."]), drawn(["The bridge of Qorlia was opened."])]
    (folder / "b.pdf").write_bytes(made.pdf(pages, "/Author (Jane Smith)"))
    with opened(folder, settings) as assistant:
        assert assistant.document("a.docx").author == "ليلى حسن"
        document = assistant.document("b.pdf")
        assert (document.author, document.pages) == ("Jane Smith", (0, document.text.index("The bridge")))
        assert [document.page(place) for place in (0, len(document.text) - 1)] == [1, 2]
        citation = assistant.ask("What was opened in Qorlia?").citations[0]
        assert (citation.quote, citation.page) == ("The bridge of Qorlia was opened.", 2)
        assert Citation.from_dict(citation.to_dict()) == citation


def test_a_table_that_changes_is_read_anew_and_one_that_does_not_is_left_alone(
    folder: Path, settings: Settings
) -> None:
    path = folder / "a.csv"
    rows = [["title", "text"], ["One", "The bridge of Qorlia was opened."], ["Two", ""], ["Three", "The sea is calm."]]
    path.write_bytes(table(rows))
    (folder / "z.txt").write_text("Fishermen went home early.")
    with opened(folder, settings) as assistant:
        assert (assistant.summary.added, len(assistant.summary.skipped)) == (("a.csv", "z.txt"), 1)
        assert [hit.file for hit in assistant.search("bridge of Qorlia")] == ["a.csv#1"]
    for _ in range(2):
        os.utime(path, ns=(1, 1))
        with opened(folder, settings) as assistant:
            assert (assistant.summary.unchanged, assistant.summary.added, assistant.summary.changed) == (2, (), ())
            assert [item.file for item in assistant.summary.skipped] == ["a.csv#2"]
    path.write_bytes(table([rows[0], rows[3]]))
    with opened(folder, settings) as assistant:
        assert assistant.summary.changed == ("a.csv",)
        assert assistant.search("bridge of Qorlia") == []
        assert [hit.file for hit in assistant.search("calm sea")] == ["a.csv#1"]
    path.unlink()
    with opened(folder, settings) as assistant:
        assert assistant.summary.removed == ("a.csv",)
        assert assistant.search("calm sea") == []
