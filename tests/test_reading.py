"""What is read of a file is all the catalogue needs, and one bad file is only one."""

from __future__ import annotations

import pickle
from pathlib import Path

from assistant import corpus, cutting
from assistant.corpus import FileStat
from assistant.language.text import Language
from assistant.language.tokens import tokens
from assistant.packing import TextPacker, expand
from assistant.reading import ReadDocument, Reading, prepare, read, sample

PACKER = TextPacker(b"")


def test_a_document_and_its_passages(seeds: Path) -> None:
    for stat in corpus.scan(seeds)[0]:
        document = corpus.read(seeds, stat.file)
        cut = cutting.passages(document)
        found = prepare(document, cut, PACKER)
        assert (found.info.file, found.info.title, found.info.passages) == (stat.file, document.title, len(cut))
        text, end = "", 0
        gaps = expand(found.gaps)
        for passage, got in zip(cut, found.passages, strict=True):
            assert (got.start, got.language, PACKER.unpack(got.text)) == (passage.start, passage.language, passage.text)
            assert got.words == [token.word for token in tokens(passage.text)]
            spans, place = [], got.start
            for gap, length, _ in got.sentences:
                spans.append((place + gap, place + gap + length))
                place += gap + length
            assert tuple(spans) == passage.sentences
            counts = [
                sum(start <= passage.start + token.start < end for token in tokens(passage.text))
                for start, end in spans
            ]
            assert [count for _, _, count in got.sentences] == counts
            text += gaps[: got.start - end] + PACKER.unpack(got.text)
            gaps, end = gaps[got.start - end :], passage.end
        assert text + gaps == document.text


def test_words_of_a_title_are_kept_for_passages_that_do_not_hold_it() -> None:
    def titled(title: str) -> ReadDocument:
        document = corpus.Document(
            "a", "One two three.", title, None, None, None, "en", "utf-8", False, "00", 1, 1
        )  # fmt: skip
        return prepare(document, cutting.passages(document), PACKER)

    assert titled("One two").title_words == []
    assert titled("two One two").title_words == ["two", "One"]


def put(folder: Path, file: str, content: bytes) -> FileStat:
    (folder / file).write_bytes(content)
    return FileStat(file, len(content), 0)


def test_files_come_in_order_and_bad_ones_with_their_reason(tmp_path: Path) -> None:
    stats = (
        put(tmp_path, "b.txt", b"Second\n\nIt is the second one.\n"),
        put(tmp_path, "a.txt", b"\x7fELF" + bytes(100)),
        FileStat("gone.txt", 1, 1),
        put(tmp_path, "c.txt", "الثالث\n\nهذا هو المقال الثالث.\n".encode()),
    )
    found = read(tmp_path, stats, PACKER, 120, 220)
    assert [each.stat for each in found] == list(stats)
    second, binary, gone, third = found
    languages: list[Language] = [each.info.language for each in (*second.documents, *third.documents)]
    assert languages == ["en", "ar"]
    assert second.refused is None and not binary.documents and not gone.documents
    assert binary.refused is not None and gone.refused is not None
    assert (binary.refused.file, len(binary.refused.sha256 or "")) == ("a.txt", 64)
    assert (gone.refused.file, gone.refused.sha256) == ("gone.txt", None)
    task = Reading(str(tmp_path), stats, b"", 120, 220)
    assert pickle.loads(pickle.dumps(task))() == found


def test_rows_of_a_table_are_documents_of_one_file(tmp_path: Path) -> None:
    stat = put(tmp_path, "a.csv", b"heading,contenu\nOne,First.\nTwo,\nThree,Third.\n")
    (found,) = read(tmp_path, [stat], PACKER, 120, 220, {"text": "contenu"})
    assert [each.info.file for each in found.documents] == ["a.csv#1", "a.csv#3"]
    assert found.refused is not None
    assert (found.refused.file, found.refused.sha256) == ("a.csv#2", found.documents[0].info.sha256)
    (none,) = read(tmp_path, [stat], PACKER, 120, 220)
    assert none.documents == [] and none.refused is not None


def test_samples_come_from_all_over_a_large_folder(tmp_path: Path) -> None:
    stats = [put(tmp_path, f"{n:04d}.txt", f"Article {n} ".encode() * 100) for n in range(400)]
    assert sample(tmp_path, stats[:100]) == []
    (tmp_path / "0005.txt").unlink()
    found = sample(tmp_path, stats)
    assert 70 <= len(found) <= 80
    assert found[0].startswith("Article 0 ") and found[-1].startswith("Article 395 ")
    assert max(map(len, found)) <= 400
