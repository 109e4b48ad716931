"""LlamaIndex's citing engine as a baseline, over real HTTP: what it cites are places of the articles, and its faults are rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eval_double import GOOD, TEXTS, Double, Opener, set_out

from assistant.settings import Settings
from eval import baselines, journal
from eval.__main__ import main
from eval.citing import Citing
from eval.questions import Gold, Question
from eval.records import Asked
from tests.model_double import ModelDouble

QUESTION = Question("talks", "place", {"en": "Where were the talks held?"}, None, (Gold("b.txt", 0, 30, ""),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return set_out(tmp_path)


def ask(double: ModelDouble, question: Question = QUESTION) -> Asked:
    settings = Settings(_env_file=None, openai_base_url=double.url)
    built = Citing(TEXTS, baselines.build(baselines.CITATIONS, baselines.split(TEXTS)), settings)
    return built.ask(question, "en", 10)


def says(text: str) -> Any:
    return lambda prompt: text


def test_what_is_cited_stands_in_its_file() -> None:
    with ModelDouble(says("They were held in Geneva [1].")) as double:
        found = ask(double)
        (request,) = double.chats
    assert "Source 1:\nThe talks were held in Geneva." in request.body["messages"][-1]["content"]
    assert (found.status, found.citations, found.invalid, found.language_match) == ("answered", 1, (), True)
    (quote,) = found.quotes
    assert TEXTS[quote.file][quote.start : quote.end] == quote.text
    assert quote.holds(QUESTION.gold)
    assert found.hits[0].file == "b.txt"
    assert found.said == ("They were held in Geneva.",)
    assert found.confidence > 0


@pytest.mark.parametrize(
    ("text", "status", "citations", "invalid"),
    [
        ("None of the sources says so.", "abstained", 0, 0),
        ("In Geneva [1][1], says [7].", "answered", 2, 1),
        ("In Paris [7].", "abstained", 1, 1),
    ],
)
def test_a_citation_of_nothing_is_invalid(text: str, status: str, citations: int, invalid: int) -> None:
    with ModelDouble(says(text)) as double:
        found = ask(double)
    assert (found.status, found.citations, len(found.invalid)) == (status, citations, invalid)


def test_the_other_language_is_seen() -> None:
    with ModelDouble(says("عقدت في جنيف [1].")) as double:
        assert not ask(double).language_match


def test_nothing_found_is_nothing_asked() -> None:
    with ModelDouble(says("In Geneva [1].")) as double:
        found = ask(double, Question("q", "off-topic", {"en": "Zebras?"}, None, ()))
        assert double.chats == []
    assert (found.status, found.text, found.hits, found.confidence) == ("abstained", "", (), 0.0)


def test_it_runs_beside_us_and_its_faults_are_rows(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = ["--corpus", str(folder / "corpus"), "--questions", str(folder / "questions.jsonl"), "--language", "en"]
    out = folder / "out"
    more = ["--out", str(out), "--baseline", "llamaindex-citations", "--price", "1000", "4000"]
    with ModelDouble(says("In Geneva [1]."), fault="quota", times=1) as double:
        monkeypatch.setenv("OPENAI_BASE_URL", double.url)
        assert main(["run", *places, *more], Opener(Double(GOOD))) == 1  # a failed question fails the run
        rows = [row for row in journal.read(out)[1] if row["system"] == "llamaindex-citations"]
        assert [row["id"] for row in rows] == ["dead", "talks", "baku", "cook"]
        assert [row["id"] for row in rows if "error" in row] == ["talks"]
        # Nothing is found of the others, and what costs money is not put a second time to fill caches.
        assert len(double.chats) == 1
        assert main(["run", *places, *more, "--resume"], Opener(Double(GOOD))) == 0
        assert len(double.chats) == 2
        (asked,) = (sum(len(m["content"].split()) for m in chat.body["messages"]) for chat in double.chats[1:])
    measured = json.loads((out / "run.json").read_text("utf-8"))["measures"]["own"]["llamaindex-citations"]["en"]
    assert measured["errors"]["value"] == 0.0
    assert measured["evidence_at_3"]["value"] == 0.5
    assert measured["citation_validity"]["value"] == 1.0
    assert (measured["tokens_mean"]["value"], measured["tokens_mean"]["n"]) == (asked + 3, 1)
    assert measured["cost_mean"]["value"] == pytest.approx((asked * 1000 + 3 * 4000) / 1e6)
    assert "Cost of a question" in (out / "report.html").read_text("utf-8")
    ours = json.loads((out / "run.json").read_text("utf-8"))["measures"]["own"]["isnad"]["en"]
    assert "tokens_mean" not in ours  # no model was called


def test_a_price_is_two_amounts(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (["1"], ["1", "-2"], ["1", "nan"]):
        with pytest.raises(SystemExit):
            main(["run", "--price", *wrong], Opener(Double(GOOD)))
    assert "'nan' is no price; two amounts are wanted, such as 0.10 0.50" in capsys.readouterr().err
