"""The whole way over the real articles: every question answered without an error, every quote verbatim."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.arguments import HERE


def test_the_committed_questions_over_the_seeds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISNAD_GLOSS", "false")  # half of the time, and no gate looks at glosses
    written = tmp_path / "run.json"
    places = ["--corpus", str(HERE.parent / "seeds"), "--index", str(tmp_path / "index"), "--json", str(written)]
    assert main(places) == 0, capsys.readouterr()
    run = json.loads(written.read_text(encoding="utf-8"))
    for measured in run["measures"].values():
        assert measured["errors"] == {"value": 0.0, "n": 186, "interval": None}
        assert measured["citation_validity"]["value"] == 1.0
        assert measured["language_match"]["value"] == 1.0
        assert measured["citation_validity"]["n"] > 200
    assert len(run["rows"]) == 372
