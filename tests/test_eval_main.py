"""The command line over a double: what is printed, what is written, and the exit code."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest
from eval_double import DEAD, GENEVA, GOOD, SILENT, Double, Opener, Reply, question, set_out
from rich.console import Console

from eval import report, tables
from eval.__main__ import main
from eval.gates import Gate, judge
from eval.manifest import digest
from eval.measures import Interval
from eval.questions import LANGUAGES, Language
from eval.summary import Measure, summarise


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    return set_out(tmp_path)


def run(folder: Path, *more: str, **changes: Reply) -> int:
    double = Double({words: changes.get(words, reply) for words, reply in GOOD.items()})
    places = ["--corpus", str(folder / "corpus"), "--questions", str(folder / "questions.jsonl")]
    return main([*places, *more], Opener(double))


def test_a_good_run_prints_its_table_and_manifest(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder) == 0
    printed = capsys.readouterr().out
    assert "4 questions, 2 answerable" in printed
    assert "Arabic questions" in printed
    lines = [" ".join(line.split()) for line in printed.splitlines()]
    assert "gold file first 100.0 % [34.2, 100.0] 100.0 % [34.2, 100.0] ≥ 86.0 %" in lines
    assert "in quote 1 100.0 % [34.2, 100.0] 50.0 % [9.5, 90.5]" in lines
    assert "all 10 gates passed" in printed
    assert "python -m eval --corpus" in printed
    assert "settings 0123456789abcdef" in printed
    assert digest(folder / "questions.jsonl")[:12] in printed
    assert "\x1b" not in printed


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"How many died?": Reply(quotes=(SILENT,))}, "gate missed: evidence_at_3 en: 0.5000 < 0.84"),
        ({"كم القتلى؟": Reply(quotes=(DEAD,), shift=1)}, "gate missed: citation_validity ar: 0.6667 < 1"),
        ({"كم القتلى؟": Reply(hits=(GENEVA,), quotes=(DEAD,))}, "gate missed: gold_file_first ar: 0.5000 < 0.86"),
        ({"How do I cook?": Reply("abstained", 1.0)}, "gate missed: auroc en: 0.5000 < 0.83"),
        ({"How do I cook?": Reply(error=ValueError("boom"))}, "failed: cook en: ValueError: boom"),
    ],
)
def test_a_gate_missed_or_a_question_failed_is_exit_code_1(
    folder: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Reply], said: str
) -> None:
    assert run(folder, **changes) == 1
    assert said in capsys.readouterr().out


def test_no_gates_still_fails_on_errors(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {"How many died?": Reply(quotes=(SILENT,))}
    assert run(folder, "--no-gates", **wrong) == 0
    printed = capsys.readouterr().out
    assert "≥" not in printed
    assert "gate missed" not in printed
    assert run(folder, "--no-gates", **{"How many died?": Reply(error=ValueError("boom"))}) == 1


def test_an_unanswered_set_fails_the_gate_it_cannot_measure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:2]), encoding="utf-8")
    assert run(folder, "--language", "ar") == 1
    assert "gate missed: auroc ar: not measured < 0.83" in capsys.readouterr().out


def test_failures_are_paragraphs_to_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = {
        "How many died?": Reply("abstained", 0.2, (SILENT,), hits=(GENEVA,)),
        "How do I cook?": Reply("answered", 0.3, (GENEVA,), shift=2),
        "كيف أطبخ؟": Reply(error=ValueError("boom")),
    }
    assert run(folder, "--failures", **changes) == 1
    printed = capsys.readouterr().out
    paragraphs = {text.split(" · ")[0]: text for text in printed.split("\n\n") if " · " in text.splitlines()[0]}
    dead = paragraphs["dead"]
    assert "another article came first; no evidence in the first 3 quotes; abstained from an answerable" in dead
    assert "asked     How many died?" in dead
    assert f"gold      a.txt:0  {DEAD[1]}" in dead
    assert "found     b.txt" in dead
    assert f"quote 1   a.txt:28  {' '.join(SILENT[1].split())}" in dead
    assert "cook · ar · off-topic · ValueError: boom" in printed
    english = next(text for text in printed.split("\n\n") if text.startswith("cook · en"))
    assert "answered a question the articles do not answer; a quote is not the text at its place" in english
    assert "invalid   b.txt:17  held in Geneva" in english
    assert "talks" not in paragraphs


def test_json_holds_every_row_and_the_manifest(folder: Path) -> None:
    path = folder / "run.json"
    assert run(folder, "--json", str(path), "--language", "en") == 0
    written = json.loads(path.read_text(encoding="utf-8"))
    assert list(written) == ["manifest", "measures", "gates", "rows"]
    assert [row["id"] for row in written["rows"]] == ["dead", "talks", "baku", "cook"]
    assert list(written["measures"]) == ["en"]
    assert written["measures"]["en"]["evidence_at_1"] == {
        "value": 0.5,
        "n": 2,
        "interval": pytest.approx([0.0945, 0.9055], abs=1e-4),
    }
    assert len(written["gates"]) == 5
    facts = written["manifest"]
    assert facts["settings"] == {"quotes": 3, "signature": "0123456789abcdef"}
    assert facts["data"][(folder / "questions.jsonl").as_posix()] == digest(folder / "questions.jsonl")
    assert {"isnad", "python", "numpy"} <= set(facts["versions"])
    assert facts["command"].startswith("python -m eval --corpus ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "line 1: answerable: must be"),
        (json.dumps(question("q", "fact", "ما؟", "What?", DEAD)).replace("49", "50"), "1 gold spans do not fit"),
    ],
)
def test_what_cannot_be_run_is_exit_code_2(
    folder: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
) -> None:
    (folder / "questions.jsonl").write_text(content, encoding="utf-8")
    assert run(folder) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


def test_bad_gates_are_exit_code_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gates.toml").write_text("[minimum]\nbleu = 1", encoding="utf-8")
    assert run(folder, "--gates", str(folder / "gates.toml")) == 2
    assert "bleu: no such measure" in capsys.readouterr().err


def test_rank_prints_its_cells(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"id": "q", "question": "How many died?"}
    squad = {"data": [{"paragraphs": [{"context": "49 died.", "qas": [asked]}]}]}
    (folder / "en.json").write_text(json.dumps(squad), encoding="utf-8")
    written = folder / "rank.json"
    opener = Opener(Double({"How many died?": Reply(hits=(DEAD,))}))
    assert main(["rank", "--squad", f"en={folder / 'en.json'}", "--json", str(written)], opener) == 0
    printed = capsys.readouterr().out
    assert "en→en              0.000 [0.000, 0.000]  0.000 [0.000, 0.793]  0.000 [0.000, 0.793]  0       1" in printed
    assert json.loads(written.read_text("utf-8"))["rows"] == [
        {"id": "q", "cell": "en→en", "gold": "00000.txt", "files": ["a.txt"]}
    ]
    assert json.loads(written.read_text("utf-8"))["manifest"]["settings"]["quotes"] == 3
    broken = Opener(Double({"How many died?": Reply(), "x": Reply()}))
    broken.double.replies = {}
    assert main(["rank", "--squad", f"en={folder / 'en.json'}"], broken) == 1
    assert "failed: q en→en: KeyError" in capsys.readouterr().out


def test_rank_prints_mixed_and_parallel_cells(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for language, words in (("ar", "كم القتلى؟"), ("en", "How many died?")):
        squad = {"data": [{"paragraphs": [{"context": "49", "qas": [{"id": "q", "question": words}]}]}]}
        (folder / f"{language}.json").write_text(json.dumps(squad), encoding="utf-8")
    article = {"id": "n", "ar": ["كم القتلى؟", "49"], "en": ["How many died?", "49"]}
    (folder / "n.jsonl").write_text(json.dumps(article), encoding="utf-8")
    squads = ["--squad", f"ar={folder / 'ar.json'}", f"en={folder / 'en.json'}"]
    written = folder / "rank.json"
    opener = Opener(Double(GOOD))
    ntrex = ["--ntrex", str(folder / "n.jsonl")]
    assert main(["rank", *squads, "--mixed", *ntrex, "--json", str(written)], opener) == 0
    printed = capsys.readouterr().out
    pairs = [f"{asked}→{documents}" for documents in ("ar", "en") for asked in ("ar", "en")]
    cells = [pair + label for label in ("", " mixed", " ntrex") for pair in pairs]
    table = [line.split("  ")[0] for line in printed.splitlines() if "→" in line.split("  ")[0]]
    assert table == ["question→document", *cells]
    kept = json.loads(written.read_text("utf-8"))
    assert list(kept["measures"]) == cells
    assert [Path(name).name for name in kept["manifest"]["data"]] == ["ar.json", "en.json", "n.jsonl"]
    assert len(opener.opened) == 6
    assert main(["rank", *ntrex], opener) == 0
    assert main(["rank"], opener) == 2
    assert main(["rank", *squads[:2], "--mixed"], opener) == 2
    assert "a mixed collection needs the files of both languages" in capsys.readouterr().err


@pytest.mark.parametrize("argument", ["fr=x", "en", "en="])
def test_rank_wants_a_language_and_a_file(capsys: pytest.CaptureFixture[str], argument: str) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["rank", "--squad", argument])
    assert exit_.value.code == 2
    assert "is not ar=FILE or en=FILE" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["run", "--help"], ["rank", "--help"]])
def test_help_has_examples(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(words)
    assert exit_.value.code == 0
    assert "python -m eval rank --squad ar=AR.json en=EN.json" in capsys.readouterr().out


def test_every_measure_is_printed_under_one_name() -> None:
    shown = [name for _, entries in report.LAYOUT for _, name in entries]
    assert len(shown) == len(set(shown))
    # The two shares with names of their own are not printed twice.
    assert set(summarise([])) - set(shown) == {"unanswerable_answered", "answerable_abstained"}


def test_a_terminal_gets_colours_and_marks_what_missed() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=120)
    summaries: dict[Language, dict[str, Measure]] = {language: summarise([]) for language in LANGUAGES}
    summaries["en"]["auroc"] = Measure(0.5, 3, Interval(0.4, 0.6))
    report.measures_table(console, summaries, judge([Gate("auroc", 0.85)], summaries))
    text = console.file.getvalue()
    assert "\x1b[1;31m  0.500 [0.400, 0.600]" in text
    assert "Abstention" in text
    assert "Retrieval" not in text  # of which nothing was measured


@pytest.mark.parametrize(
    ("name", "measure", "expected"),
    [
        ("auroc", Measure(0.87444, 9, Interval(0.79, 0.95)), "0.874 [0.790, 0.950]"),
        ("evidence_at_3", Measure(0.9643, 84, Interval(0.9, 0.988)), "96.4 % [90.0, 98.8]"),
        ("citation_precision", Measure(0.5, 4), "50.0 %"),
        ("latency_p95_ms", Measure(12.345, 9), "12.3 ms"),
        ("errors", Measure(2.0, 9), "2"),
        ("auroc", Measure(None, 0), "–"),
    ],
)
def test_how_a_measure_is_written(name: str, measure: Measure, expected: str) -> None:
    assert tables.show(name, measure) == expected


def test_the_digest_of_a_folder_is_that_of_its_list(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"two")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.txt").write_bytes(b"one")
    (tmp_path / ".hidden").write_bytes(b"no")
    one, two = hashlib.sha256(b"one").hexdigest(), hashlib.sha256(b"two").hexdigest()
    assert digest(tmp_path) == hashlib.sha256(f"{one}  a/x.txt\n{two}  b.txt\n".encode()).hexdigest()
    assert digest(tmp_path / "b.txt") == two
