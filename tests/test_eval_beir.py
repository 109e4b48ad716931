"""Folders of BEIR as they come: documents keep their names, and what is broken is named by file, line and field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_eval_rank import Searcher

from eval import beir, journal, suites
from eval.__main__ import main
from eval.sets import SetInvalid

CORPUS = [
    {"_id": "d/1", "title": "Geneva", "text": "The talks were held in Geneva."},
    {"_id": "d2", "title": "", "text": "Three truces had failed before."},
    {"_id": "d3", "text": ""},
]
QUERIES = [
    {"_id": "q1", "text": "Where were the talks?"},
    {"_id": "q2", "text": "أين عقدت المحادثات؟"},
    {"_id": "q3", "text": "Who?"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td/1\t2\nq1\td2\t0\nq2\td/1\t1\nq2\td2\t1\nq3\td2\t0\n"


def written(folder: Path, **files: str) -> Path:
    contents = {
        "corpus": "\n".join(map(json.dumps, CORPUS)),
        "queries": "\n".join(map(json.dumps, QUERIES)) + "\n",
        "test": QRELS,
        **files,
    }
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    for name in ("corpus", "queries"):
        (folder / f"{name}.jsonl").write_text(contents.pop(name), "utf-8")
    for name, text in contents.items():
        (folder / "qrels" / f"{name}.tsv").write_text(text, "utf-8")
    return folder


def test_a_folder_is_read_as_it_is(tmp_path: Path) -> None:
    found = beir.read(written(tmp_path))
    assert found.texts == {
        "d%2F1.txt": "Geneva\n\nThe talks were held in Geneva.",
        "d2.txt": "Three truces had failed before.",
        "d3.txt": "",
    }
    assert found.queries == {
        "q1": beir.Query("Where were the talks?", ("d%2F1.txt",)),
        "q2": beir.Query("أين عقدت المحادثات؟", ("d%2F1.txt", "d2.txt")),
    }


def test_the_judgements_of_the_test_are_taken_first(tmp_path: Path) -> None:
    other = "query-id\tcorpus-id\tscore\nq3\td2\t1\n"
    assert set(beir.read(written(tmp_path, dev=other)).queries) == {"q1", "q2"}
    (tmp_path / "qrels" / "test.tsv").unlink()
    assert set(beir.read(tmp_path).queries) == {"q3"}
    (tmp_path / "qrels" / "dev.tsv").rename(tmp_path / "qrels" / "mine.tsv")
    assert set(beir.read(tmp_path).queries) == {"q3"}


def test_cells_are_languages(tmp_path: Path) -> None:
    (task,) = suites.beir([written(tmp_path)])
    assert [(one.cell, one.language, one.question.id) for one in task.asks] == [
        ("en→en", "en", "q1"),
        ("ar→en", "ar", "q2"),
    ]
    assert not task.answers
    assert [len(one.question.gold) for one in task.asks] == [1, 2]
    labels = {one.cell for made in suites.beir([tmp_path, written(tmp_path / "two")]) for one in made.asks}
    assert labels == {f"{pair} {name}" for pair in ("en→en", "ar→en") for name in (tmp_path.name, "two")}


def test_a_run_keeps_the_names_of_the_documents(tmp_path: Path) -> None:
    written(tmp_path / "set")
    found = Searcher({"Where were the talks?": ["d2.txt", "d%2F1.txt"], "أين عقدت المحادثات؟": ["d2.txt"]})
    assert main(["run", "--beir", str(tmp_path / "set"), "--out", str(tmp_path / "out"), "--jobs", "1"], found) == 0
    assert [(row["cell"], row["id"]) for row in journal.read(tmp_path / "out")[1]] == [("en→en", "q1"), ("ar→en", "q2")]
    assert found.folders[0]["d%2F1.txt"] == b"Geneva\n\nThe talks were held in Geneva."
    measured = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["measures"]["beir"]["isnad"]
    assert measured["en→en"]["file_mrr"]["value"] == 0.5
    assert measured["ar→en"]["gold_file_first"]["value"] == 1.0
    assert "en→en:q1 0 d%252F1.txt 1" in (tmp_path / "out" / "beir.isnad.qrels").read_text("utf-8")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"corpus": "{"}, r"corpus.jsonl, line 1: not JSON"),
        ({"corpus": '{"_id": "d"}'}, r"corpus.jsonl, line 1: text: must be a text"),
        ({"corpus": '\n{"text": "x"}'}, r"corpus.jsonl, line 2: _id: must be a text that is not empty"),
        ({"corpus": '{"_id": "d", "text": "x"}\n{"_id": "d", "text": "y"}'}, r"line 2: _id: 'd' was used before"),
        ({"corpus": json.dumps({"_id": "ط" * 40, "text": "x"})}, r"line 1: _id: .* is too long"),
        ({"queries": '{"_id": "q1", "text": " "}'}, r"queries.jsonl, line 1: text: must be a text that is not empty"),
        ({"test": "a\tb\tc\nq9\td2\t1"}, r"test.tsv, line 2: there is no query 'q9'"),
        ({"test": "a\tb\tc\nq1\td9\t1"}, r"test.tsv, line 2: there is no document 'd9'"),
        ({"test": "a\tb\tc\nq1 d2 1"}, r"test.tsv, line 2: not query, document and score"),
        ({"test": "q1\td2\tmany\nq1\td2\tmany"}, r"test.tsv, line 2: not query, document and score"),
        ({"test": "a\tb\tc\nq1\td2\t0"}, r"test.tsv judges no document relevant"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(SetInvalid, match=message):
        beir.read(written(tmp_path, **files))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetInvalid, match=r"corpus\.jsonl cannot be read"):
        beir.read(tmp_path)
    written(tmp_path)
    (tmp_path / "qrels" / "test.tsv").unlink()
    with pytest.raises(SetInvalid, match=r"qrels holds no \.tsv file"):
        beir.read(tmp_path)
