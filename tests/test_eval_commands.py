"""Whole runs over a double: the folder they leave, going on after a kill, comparing, reporting, and their exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from eval_double import DEAD, GENEVA, GOOD, SILENT, Double, Opener, Reply, set_out

from eval import journal
from eval.__main__ import main, open_assistant

ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    return set_out(tmp_path)


def words(place: Path, out: Path) -> list[str]:
    corpus, questions = place / "corpus", place / "questions.jsonl"
    return ["run", "--corpus", str(corpus), "--questions", str(questions), "--out", str(out), "--jobs", "1"]


def run(place: Path, out: Path, *more: str, **changes: Reply) -> tuple[int, Double]:
    double = Double({asked: changes.get(asked, reply) for asked, reply in GOOD.items()})
    return main([*words(place, out), *more], Opener(double)), double


def untimed(out: Path) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name != "milliseconds"} for row in journal.read(out)[1]]


def measures(out: Path) -> Any:
    found = json.loads((out / "run.json").read_text("utf-8"))["measures"]
    for systems in found.values():
        for cells in systems.values():
            for cell in cells.values():
                for name in [name for name in cell if name.endswith("_ms")]:
                    del cell[name]
    return found


def shown(out: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """What the report says of the questions, and its tables; without times."""
    page = (out / "report.html").read_text("utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    rows = [{key: value for key, value in row.items() if key != "ms"} for row in json.loads(found[1])["rows"]]
    return rows, [cell for cell in re.findall(r"<td>.*?</td>", page) if " ms<" not in cell]


def test_a_run_leaves_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out"
    code, double = run(folder, out, "--baseline", "bm25s")
    assert code == 0
    names = {path.name for path in out.iterdir()}
    assert names == {
        "plan.json", "rows.jsonl", "run.json", "report.html",
        "own.isnad.run", "own.isnad.qrels", "own.bm25s.run", "own.bm25s.qrels",
    }  # fmt: skip
    kept = json.loads((out / "run.json").read_text("utf-8"))
    assert kept["measures"]["own"]["isnad"]["ar"]["gold_file_first"]["value"] == 1.0
    assert set(kept["measures"]["own"]) == {"isnad", "bm25s"}
    assert kept["ir_measures"]["agrees"] is True
    assert kept["manifest"]["command"].startswith("python -m eval run --corpus")
    assert len(kept["manifest"]["data"]) == 2
    assert kept["gates"] == []
    assert len(untimed(out)) == 16
    printed = capsys.readouterr().out
    assert f"report: {out / 'report.html'}" in printed
    assert "computed anew, greatest difference 0.0e+00" in printed
    assert "seed 20200927" in printed
    assert len(double.asked) == 10  # the first question of each language once more


def test_a_failed_question_is_an_error_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out"
    code, _ = run(folder, out, **{"How many died?": Reply(error=ValueError("boom"))})
    assert code == 1
    (row,) = [row for row in untimed(out) if "error" in row]
    assert (row["id"], row["language"], row["error"]) == ("dead", "en", "ValueError: boom")
    measured = measures(out)["own"]["isnad"]["en"]
    assert measured["errors"]["value"] == 1.0
    assert measured["gold_file_first"]["n"] == 1
    assert "failed: dead own isnad en: ValueError: boom" in capsys.readouterr().out
    assert "ValueError: boom" in (out / "report.html").read_text("utf-8")
    code, double = run(folder, out, "--resume")
    assert code == 0
    assert double.asked == ["How many died?", "How many died?"]
    assert not any("error" in row for row in untimed(out))


KILLED = """
import os, signal, sys
from pathlib import Path
from eval_double import GOOD, Double, Opener
from test_eval_commands import words
from eval.__main__ import main, open_assistant

class Dying(Double):
    def ask(self, question):
        if len(self.asked) == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().ask(question)

main(words(Path(sys.argv[1]), Path(sys.argv[2])), Opener(Dying(GOOD)))
"""


@pytest.mark.parametrize(("after", "kept", "asked"), [(3, 1, 9), (6, 4, 5)])
def test_a_killed_run_goes_on_to_the_same_report(folder: Path, after: int, kept: int, asked: int) -> None:
    out, whole = folder / "out", folder / "whole"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(out), str(after)],
        env=environment,
        capture_output=True,
        cwd=ROOT,
    )
    assert done.returncode == -9, done.stderr
    with (out / journal.ROWS).open("ab") as file:
        file.write(b'{"suite": "own", "sys')  # a line that the kill cut short
    assert not (out / "run.json").exists()
    assert len(journal.read(out)[1]) == kept
    code, double = run(folder, out, "--resume")
    assert code == 0
    assert len(double.asked) == asked
    assert run(folder, whole)[0] == 0
    assert untimed(out) == untimed(whole)
    assert measures(out) == measures(whole)
    for name in ("own.isnad.run", "own.isnad.qrels"):
        assert (out / name).read_bytes() == (whole / name).read_bytes()
    assert shown(out) == shown(whole)


def test_several_collections_at_a_time_give_the_same_rows(folder: Path) -> None:
    article = {"id": "n", "ar": ["كم القتلى؟", "49"], "en": ["How many died?", "49"]}
    (folder / "n.jsonl").write_text(json.dumps(article), "utf-8")
    more = ["--suite", "seeds,ntrex", "--ntrex", str(folder / "n.jsonl")]
    assert run(folder, folder / "one", *more)[0] == 0
    assert run(folder, folder / "two", *more, "--jobs", "2")[0] == 0
    assert untimed(folder / "two") == untimed(folder / "one")
    assert [row["n"] for row in untimed(folder / "two")] == list(range(12))


def test_a_process_finds_what_it_opens() -> None:
    """What stands in ``__main__`` under ``python -m eval`` cannot be found by the processes that it starts."""
    assert open_assistant.__module__ == "eval.run"


def test_other_questions_cannot_be_resumed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out"
    assert run(folder, out)[0] == 0
    path = folder / "questions.jsonl"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:3]), "utf-8")
    assert run(folder, out, "--resume")[0] == 2
    assert "cannot be resumed: data changed" in capsys.readouterr().err


def test_gates_hold_when_they_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gates.toml").write_text("[minimum]\nevidence_at_1 = 0.9", "utf-8")
    assert run(folder, folder / "out", "--gates", str(folder / "gates.toml"))[0] == 1
    assert "gate missed: evidence_at_1 en: 0.5000 < 0.9" in capsys.readouterr().out
    assert json.loads((folder / "out" / "run.json").read_text("utf-8"))["gates"][1]["passed"] is False


def test_compare_and_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = folder / "one", folder / "two"
    assert run(folder, one, "--baseline", "llamaindex-bm25")[0] == 0
    worse = {
        "How many died?": Reply("abstained", 0.0, (SILENT,)),
        "أين جرت المحادثات؟": Reply("answered", 0.9, (DEAD,)),
    }
    assert run(folder, two, **worse)[0] == 0
    capsys.readouterr()
    assert main(["compare", str(one), str(two), "--json", str(folder / "tests.json")]) == 0
    printed = capsys.readouterr().out
    assert "own · isnad · en" in printed
    assert "noise" in printed  # two questions prove nothing
    assert "better" not in printed and "worse" not in printed
    tests = json.loads((folder / "tests.json").read_text("utf-8"))["tests"]
    assert {one["verdict"] for one in tests} == {"noise"}
    assert main(["compare", str(one), "--systems", "isnad", "llamaindex-bm25"]) == 0
    assert "isnad → llamaindex-bm25" in capsys.readouterr().out
    assert main(["report", str(two), "--against", str(one)]) == 0
    assert capsys.readouterr().out == f"{two / 'report.html'}\n"
    page = (two / "report.html").read_text("utf-8")
    assert '"d":-1' in page
    assert '<section id="diff">' in page
    assert main(["compare", str(one)]) == 2
    assert main(["report", str(folder / "corpus")]) == 2
    assert "is not the folder of a run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--baseline", "elastic"], "no baseline is called 'elastic'"),
        (["--suite", "xquad"], "the suite xquad needs --squad ar=FILE en=FILE (or 'python -m eval fetch xquad' first)"),
        (["--suite", "ntrex"], "the suite ntrex needs --ntrex FILE"),
        (["--suite", "nomiracl"], "the suite nomiracl needs --nomiracl ar=FILE en=FILE"),
        (["--suite", "arcd"], "the suite arcd needs --arcd FILE (or 'python -m eval fetch arcd' first)"),
        (["--suite", "beir"], "the suite beir needs --beir DIR"),
        (["--baseline", "llamaindex-citations"], "llamaindex-citations needs a model: set OPENAI_API_KEY"),
        (["--resume"], "is not the folder of a run"),
    ],
)
def test_what_cannot_be_run_is_exit_code_2(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    more: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(folder)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    assert run(folder, folder / "out", *more)[0] == 2
    assert message in capsys.readouterr().err


def test_public_suites_beside_each_other(folder: Path) -> None:
    qas = [{"id": "q", "question": "Where were the talks?", "answers": [{"text": "Geneva", "answer_start": 0}]}]
    (folder / "en.json").write_text(
        json.dumps({"data": [{"paragraphs": [{"context": "Geneva", "qas": qas}]}]}), "utf-8"
    )
    article = {"id": "n", "ar": ["كم القتلى؟", "49"], "en": ["How many died?", "49"]}
    (folder / "n.jsonl").write_text(json.dumps(article), "utf-8")
    double = Double({**GOOD, "Where were the talks?": Reply(quotes=(GENEVA,))})
    more = ["--squad", f"en={folder / 'en.json'}", "--ntrex", str(folder / "n.jsonl"), "--out", str(folder / "out")]
    more += ["--jobs", "1"]
    assert main(["run", *more, "--baseline", "bm25s"], Opener(double)) == 0
    found = measures(folder / "out")
    assert set(found) == {"xquad", "ntrex"}
    assert set(found["ntrex"]["isnad"]) == {"ar→ar", "en→ar", "ar→en", "en→en"}
    assert found["xquad"]["bm25s"]["en→en"]["gold_file_first"]["value"] == 0.0  # the paragraph says nothing of talks


def test_an_unknown_suite_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--suite", "seeds,squad"])
    assert "'squad' is no suite; there are seeds, xquad, arcd, ntrex, nomiracl, beir" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)  # outside a checkout there are no seeds
    assert main(["run", "--suite", "seeds", "--out", str(tmp_path / "out")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "eval: There is no folder at seeds. Name a folder of articles with --corpus DIR."
