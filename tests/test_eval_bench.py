"""Costs: measured in processes of their own, told beside the peer's, over collections that are the same every time."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from assistant.language.text import language_of
from eval import bench, generated, report
from eval.__main__ import main
from eval.bench import BenchFailed, Cost

# What the peer's script asks of LlamaIndex's retriever, as plain as can be.
PEER = """
import json
from pathlib import Path
from types import SimpleNamespace


class BM25Retriever:
    def __init__(self, pieces, most):
        self.pieces, self.most = pieces, most

    @classmethod
    def from_defaults(cls, nodes, similarity_top_k):
        return cls([(node.ref_doc_id, node.get_content()) for node in nodes], similarity_top_k)

    def persist(self, path):
        Path(path).mkdir()
        Path(path, "pieces.json").write_text(json.dumps([self.pieces, self.most]))

    @classmethod
    def from_persist_dir(cls, path):
        return cls(*json.loads(Path(path, "pieces.json").read_text()))

    def retrieve(self, question):
        words = set(question.rstrip("?\u061f").split())
        best = sorted(self.pieces, key=lambda piece: -len(words.intersection(piece[1].replace(".", " ").split())))
        return [SimpleNamespace(node=SimpleNamespace(ref_doc_id=file)) for file, _ in best[: self.most]]
"""


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "articles"
    generated.write(folder, 24)
    return folder


@pytest.fixture
def peer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "double" / "llama_index" / "retrievers" / "bm25"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(PEER, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "double"), *filter(None, [os.environ.get("PYTHONPATH")])])
    monkeypatch.setenv("PYTHONPATH", path)
    return Path(sys.executable)


def test_a_collection_is_the_same_every_time(articles: Path, tmp_path: Path) -> None:
    generated.write(tmp_path, 24)
    files = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.txt"))
    assert len(files) == 24
    texts = [(tmp_path / file).read_text("utf-8") for file in files]
    assert texts == [(articles / file).read_text("utf-8") for file in files]
    assert [language_of(text) for text in texts] == ["en", "ar"] * 12
    assert len(set(texts)) == 24
    assert all(100 < len(text.split()) < 600 for text in texts)


def test_half_of_the_questions_are_in_the_other_language(articles: Path) -> None:
    asked = generated.questions(articles, 20)
    assert asked == generated.questions(articles, 20)
    assert [question.same for question in asked] == [True, False] * 10
    for question in asked:
        text = (articles / question.file).read_text("utf-8")
        assert (language_of(question.text) == language_of(text)) is question.same
    assert {language_of(question.text) for question in asked} == {"ar", "en"}


def test_the_assistant_and_its_peer_are_measured(articles: Path, peer: Path) -> None:
    steps: list[str] = []
    mine, other = bench.bench(articles, 12, peer, steps.append)
    assert (mine.system, other.system) == ("isnad", "peer")
    assert steps[1:] == ["isnad: indexing", "isnad: searching", "peer: indexing", "peer: searching"]
    size = sum(path.stat().st_size for path in articles.rglob("*.txt"))
    for cost in (mine, other):
        assert cost.text_bytes == size
        assert 24 <= cost.passages <= 120
        assert min(cost.seconds, cost.cold, cost.same_p50, cost.cross_p50, cost.index_bytes) > 0
        assert cost.same_p50 <= cost.same_p95 and cost.cross_p50 <= cost.cross_p95
        assert cost.found_same == 1
        if Path("/proc/self/status").exists():
            assert min(cost.index_memory, cost.search_memory) > 1e6
    # Arabic letters are no English ones: what the double finds across languages it finds by chance.
    assert mine.found_cross > other.found_cross


def test_a_step_that_fails_is_told_with_its_last_words(articles: Path, tmp_path: Path) -> None:
    with pytest.raises(BenchFailed, match="CorpusNotFound"):
        bench.run([sys.executable, "-m", "eval.bench_isnad"], {"do": "index", "corpus": str(tmp_path / "no"), "index": str(tmp_path / "i")})  # fmt: skip
    with pytest.raises(ValueError, match="too few sentences"):
        list(bench.bench(tmp_path, 3, None))


COST = Cost("isnad", 100, 1000, 2.0, 1500, 0, 10**6, 1.0, 5.0, 8.0, 10.0, 20.0, 1.0, 0.5)


def test_ratios_say_how_many_times_better() -> None:
    other = replace(COST, system="peer", passages=300, seconds=3.0, index_bytes=3000, search_memory=0, found_cross=0.0)
    ratios = {line.name: bench.ratio(line, COST, other) for line in bench.LINES}
    assert ratios["passages"] is None
    assert ratios["indexed, passages/s"] == pytest.approx(0.5)
    assert ratios["index / text, bytes"] == pytest.approx(2.0)
    assert ratios["search, same language, p50 ms"] == 1.0
    assert ratios["memory to search, MB"] is None
    assert ratios["article found, other language"] is None


def test_the_table_has_a_column_for_each_and_one_for_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    report.costs_table(Console(width=200), [COST, replace(COST, system="peer", same_p50=10.0)])
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "cost Isnad BM25Retriever times better"
    assert "search, same language, p50 ms 5.0 10.0 2×" in lines
    assert "index / text, bytes 1.50 1.50 1×" in lines
    report.costs_table(Console(width=200), [COST])
    assert capsys.readouterr().out.splitlines()[0].split() == ["cost", "Isnad"]


def test_the_command_prints_and_writes(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "_measure", lambda system, *_: replace(COST, system=system))
    kept = tmp_path / "costs.json"
    assert main(["bench", "--corpus", str(articles), "--questions", "4", "--json", str(kept)]) == 0
    assert "python -m eval bench --corpus" in capsys.readouterr().out
    record = json.loads(kept.read_text("utf-8"))
    assert record["manifest"]["command"].startswith("python -m eval bench")
    assert record["rows"] == [bench.record([COST])[0]]
    assert record["rows"][0]["growth"] == 1.5
    assert main(["bench", "--articles", "4", "8", "--questions", "2", "--json", str(kept)]) == 0
    assert len(json.loads(kept.read_text("utf-8"))["rows"]) == 2
    assert main(["bench", "--corpus", str(tmp_path)]) == 2
    assert "too few sentences" in capsys.readouterr().err
