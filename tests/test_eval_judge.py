"""A model as judge over real HTTP: what it says is a column of its own, what it fails to say an error of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from eval_double import GOOD, Double, Opener, set_out
from test_eval_summary import ABLE, ELSEWHERE, FAR, asked
from test_eval_summary import GOOD as HIT

from assistant.settings import Settings
from eval import judge, results
from eval.__main__ import main
from eval.judge import Agreement, Judgement, agreement, score_of
from eval.records import Asked
from tests.model_behaviours import Prompt
from tests.model_double import ModelDouble


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return set_out(tmp_path)


def says(score: str = "4.5\nIt is right.", verdict: str = "YES") -> Any:
    """The one to the question of correctness, the other to that of faithfulness."""

    def behaviour(prompt: Prompt) -> str:
        text = "\n".join(content for _, content in prompt.messages)
        return score if "expert evaluation system" in text else verdict

    return behaviour


def settings(double: ModelDouble) -> Settings:
    return Settings(_env_file=None, openai_base_url=double.url)


def row(**more: Any) -> Asked:
    made = asked(ABLE, "answered", 0.9, quotes=(HIT,), **more)
    assert isinstance(made, Asked)
    return made


def test_both_questions_are_put_with_what_they_need() -> None:
    with ModelDouble(says()) as double:
        found = judge.configured(settings(double)).of(row())
        asked_for = ["\n".join(content for _, content in prompt.messages) for prompt in double.prompts]
    assert found == Judgement(4.5, True, "4.5 It is right.")
    assert found.correct is True
    correctness, faithfulness = asked_for
    assert re.search(r"## User Query\nWho\?\n\n## Reference Answer\nHe\n", correctness)
    assert "Information: He x" in faithfulness  # an answer by quotation says its quotes
    assert "Context: He x" in faithfulness
    assert double.chats[0].body["messages"][0]["role"] == "system"


def test_of_an_unanswerable_question_no_answer_is_right() -> None:
    made = asked(FAR, "answered", 0.9, quotes=(ELSEWHERE,))
    assert isinstance(made, Asked)
    with ModelDouble(says("1\nWrong.", "No, it is not.")) as double:
        found = judge.configured(settings(double)).of(made)
        (first, *_) = double.prompts
    assert (found.correct, found.faithful) == (False, False)
    assert "The sources do not answer this question." in first.messages[-1][1]


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (says("Very good!"), "no score in 'Very good!'"),
        (says("4", "Perhaps, as said yesterday."), "neither yes nor no in 'Perhaps, as said yesterday.'"),
        (says("4", "yesterday"), "neither yes nor no in 'yesterday'"),
    ],
)
def test_what_is_no_judgement_is_an_error(behaviour: Any, error: str) -> None:
    with ModelDouble(behaviour) as double:
        assert judge.configured(settings(double)).of(row()) == Judgement(error=error)


@pytest.mark.parametrize("fault", ["key refused", "bad json", "web page", "quota", "connection refused"])
def test_a_fault_of_the_endpoint_is_an_error(fault: str) -> None:
    with ModelDouble(says(), fault=fault) as double:
        found = judge.configured(settings(double)).of(row())
    assert found.error.startswith("ModelFault: ")
    assert found.correct is None


@pytest.mark.parametrize(
    ("text", "score"),
    [("4.0\nBecause", 4.0), ("Score: 3", 3.0), ("5", 5.0), ("10", None), ("0", None), ("", None), ("2.5/5", 2.5)],
)
def test_a_score_is_read(text: str, score: float | None) -> None:
    assert score_of(text) == score


@pytest.mark.parametrize(
    ("counts", "share", "kappa"),
    [
        ((20, 5, 10, 15), 0.7, 0.4),  # Cohen's own way of counting: yes-yes, yes-no, no-yes, no-no
        ((45, 15, 25, 15), 0.6, 0.1304),
        ((10, 0, 0, 0), 1.0, None),
        ((5, 0, 0, 5), 1.0, 1.0),
        ((0, 5, 5, 0), 0.0, -1.0),
    ],
)
def test_kappa(counts: tuple[int, int, int, int], share: float, kappa: float | None) -> None:
    sides = ((True, True), (True, False), (False, True), (False, False))
    found = agreement([side for side, count in zip(sides, counts, strict=True) for _ in range(count)])
    assert found.share == pytest.approx(share)
    assert found.kappa == (None if kappa is None else pytest.approx(kappa, abs=1e-4))
    assert agreement([]) == Agreement(None, None, 0)


def run(place: Path, *more: str) -> tuple[int, dict[str, Any], results.Results]:
    out = place / "out"
    corpus, questions = ["--corpus", str(place / "corpus")], ["--questions", str(place / "questions.jsonl")]
    code = main(["run", *corpus, *questions, "--out", str(out), "--judge", *more], Opener(Double(GOOD)))
    return code, json.loads((out / "run.json").read_text("utf-8")), results.of(out)


def test_the_column_stands_beside_the_rules_and_fails_nothing(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with ModelDouble(says(), fault="bad json", times=2) as double:
        monkeypatch.setenv("OPENAI_BASE_URL", double.url)
        code, kept, found = run(folder)
        assert code == 0
        measured = kept["measures"]["own"]["isnad"]
        assert [measured[language]["judge_errors"]["value"] for language in ("ar", "en")] == [2.0, 0.0]
        assert measured["en"]["judge_correct"]["value"] == 1.0
        assert "judge_correct" not in measured["ar"] and measured["ar"]["gold_file_first"]["value"] == 1.0
        assert [(one["judged"], one["share"], one["kappa"], one["n"]) for one in kept["judge"]] == [
            ("correct", 1.0, None, 2),
            ("faithful", 1.0, None, 2),
        ]
        assert kept["manifest"]["judge"] == f"double-1 at 127.0.0.1:{double.port}"
        assert "judge and rules on correct, own isnad: agreement 1.000, kappa –, 2 answers" in capsys.readouterr().out
        # Only what failed is asked again.
        before = len(double.chats)
        code, kept, found = run(folder, "--resume")
        assert code == 0
        assert len(double.chats) - before == 4
    assert kept["measures"]["own"]["isnad"]["ar"]["judge_errors"]["value"] == 0.0
    page = (folder / "out" / "report.html").read_text("utf-8")
    assert "Correct, says the model" in page and "Judge and rules" in page
    assert sum(map(len, found.judged.values())) == 4


def test_another_model_judges_than_the_one_that_writes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelDouble(says(), names=("small", "large")) as double:
        monkeypatch.setenv("OPENAI_BASE_URL", double.url)
        monkeypatch.setenv("ISNAD_MODEL", "none")
        code, kept, _ = run(folder, "large")
        assert {request.body["model"] for request in double.chats} == {"large"}
    assert (code, kept["manifest"]["judge"]) == (0, f"large at 127.0.0.1:{double.port}")
    assert kept["manifest"]["settings"]["model"] == "none"


def test_without_a_model_nothing_is_begun(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert main(["run", "--judge", "--out", str(folder / "out")], Opener(Double(GOOD))) == 2
    assert "--judge needs a model: set OPENAI_API_KEY" in capsys.readouterr().err
    assert not (folder / "out").exists()
