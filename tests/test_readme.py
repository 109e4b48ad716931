"""Every command of the README is run, or proved to be what `make` runs."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.publish import Unpublishable, publish
from tests.browser import serving
from tests.model_double import ModelDouble

if TYPE_CHECKING:
    from assistant.chat import Assistant

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
SHELLS = [
    [line for each in text.splitlines() if (line := each.partition("  #")[0].strip())]
    for kind, text in BLOCKS
    if kind == "sh"
]
PYTHON = [text for kind, text in BLOCKS if kind == "python"]
# Where a block names a model's address, what follows in it is run with a double at that address.
ENDPOINT = "export OPENAI_BASE_URL="
WITH_MODEL = [line for block in SHELLS if block[0].startswith(ENDPOINT) for line in block[1:]]
SHELL = [line for block in SHELLS for line in block if not line.startswith(ENDPOINT)]
MAKE = [line for line in SHELL if line.startswith("make ")]
SET_UP = [line for line in SHELL if line.startswith(("python3 -m venv", ".venv/bin/pip"))]
SERVES = [line for line in SHELL if " chat" in line and "isnad" in line]  # started and stopped in test_network
USERS = [line for line in SHELL if line.startswith("isnad users ")]
ISNAD = [line for line in SHELL if line.startswith("isnad ") and line not in {*SERVES, *USERS, *WITH_MODEL}]


def run(
    arguments: list[str], index: Path, given: str = "", cwd: Path = ROOT, **more: str
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"ISNAD_INDEX": str(index)} | more
    return subprocess.run(
        arguments, cwd=cwd, env=environment, input=given, capture_output=True, text=True, encoding="utf-8",
        timeout=240, check=False,
    )  # fmt: skip


def isnad(line: str, index: Path, given: str = "", cwd: Path = ROOT, **more: str) -> str:
    done = run([sys.executable, "-m", "assistant.cli", *shlex.split(line)[1:]], index, given, cwd, **more)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    return done.stdout


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme") / "index"


def test_every_command_has_its_test() -> None:
    assert {kind for kind, _ in BLOCKS} <= {"sh", "python", "text"}
    assert {*MAKE, *SET_UP, *SERVES, *USERS, *ISNAD, *WITH_MODEL} == {*SHELL}
    assert len(ISNAD) >= 6
    assert WITH_MODEL
    assert len(PYTHON) == 2


@pytest.mark.parametrize("line", ISNAD)
def test_a_command_works(line: str, index: Path) -> None:
    said = isnad(line, index)
    if "--json" in line:
        assert json.loads(said)["question"]


@pytest.mark.parametrize("line", WITH_MODEL)
def test_a_command_works_with_a_model(line: str, index: Path) -> None:
    with ModelDouble(names=["qwen3", "bge-m3"]) as double:
        isnad(line, index, OPENAI_BASE_URL=double.url)
        assert double.embeddings if "--embedding-model" in line else double.chats


def test_users_are_added(tmp_path: Path) -> None:
    for line in USERS:
        isnad(line, tmp_path, "a long password\n", tmp_path, PYTHONPATH=str(ROOT))
    assert "layla" in (tmp_path / "users.txt").read_text(encoding="utf-8")


def test_the_python_example_works(tmp_path: Path) -> None:
    (example,) = [text for text in PYTHON if "from assistant" in text]
    code = example.replace('".isnad"', repr(str(tmp_path / "index")))
    done = run([sys.executable, "-c", code], tmp_path / "index")
    assert done.returncode == 0, done.stderr
    assert ".txt" in done.stdout


def test_the_example_over_http_works(over_seeds: Assistant, tmp_path: Path) -> None:
    from assistant.web.app import create_app

    (example,) = [text for text in PYTHON if "gradio_client" in text]
    with serving(create_app(over_seeds)) as address:
        code = example.replace("http://127.0.0.1:7860", address) + "print(answer['status'], len(passages))"
        done = run([sys.executable, "-c", code], tmp_path)
    assert (done.returncode, done.stdout) == (0, "answered 2\n"), done.stderr


@pytest.mark.parametrize("line", MAKE)
def test_a_make_target_exists(line: str, tmp_path: Path) -> None:
    done = run([*shlex.split(line), "--dry-run"], tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("line", SET_UP)
def test_the_set_up_without_make_is_what_make_does(line: str) -> None:
    """Files named exist, and each flag is one that the Makefile's own set-up, which every run goes through, uses."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for word in shlex.split(line):
        if word.endswith(".txt"):
            assert (ROOT / word).is_file()
        elif word.startswith("--"):
            assert word in makefile


def test_results_are_put_between_the_marks(tmp_path: Path) -> None:
    value = {"value": 0.5, "n": 2, "interval": [0.25, 0.75]}
    manifest = {"data": {"/x/y.json": "abcdef0123456789"}, "command": "python -m eval rank --squad ar=/x/y.json",
                "date": "2026-01-02T03:04:05+00:00", "machine": "a machine"}  # fmt: skip
    record = tmp_path / "rank.json"
    record.write_text(json.dumps({"manifest": manifest, "measures": {"ar→en": {"ndcg": value}}}), encoding="utf-8")
    page = tmp_path / "README.md"
    page.write_text("before\n<!-- results -->\nold\n<!-- /results -->\nafter\n", encoding="utf-8")
    publish([record], page)
    text = page.read_text(encoding="utf-8")
    assert "old" not in text
    assert "| ar→en | 0.500 [0.250, 0.750] |" in text
    assert "2026-01-02" in text
    assert "/x/" not in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")


def test_a_whole_run_is_published_from_its_folder(tmp_path: Path) -> None:
    value = {"value": 0.5, "n": 2, "interval": [0.25, 0.75]}
    manifest = {"data": {"/x/y.json": "abcdef0123456789"}, "command": "python -m eval run --squad ar=/x/y.json",
                "date": "2026-01-02T03:04:05+00:00", "machine": "a machine"}  # fmt: skip
    cells = {
        "isnad": {"ar→en": {"file_ndcg_at_10": value, "error_rate": value}},
        "bm25s": {"ar→en": {"file_ndcg_at_10": value}},
    }
    record = {"manifest": manifest, "gates": [], "against_ours": [], "measures": {"xquad": cells}}
    (tmp_path / "run.json").write_text(json.dumps(record), encoding="utf-8")
    page = tmp_path / "README.md"
    page.write_text("<!-- results -->\n<!-- /results -->\n", encoding="utf-8")
    publish([tmp_path], page)
    text = page.read_text(encoding="utf-8")
    assert "CC BY-SA 4.0" in text
    assert "| | system | nDCG@10 | abstained though answerable |" in text
    assert "| ar→en | isnad | 0.500 [0.250, 0.750] | 50.0 % [25.0, 75.0] |" in text
    assert "| ar→en | bm25s | 0.500 [0.250, 0.750] |  |" in text


@pytest.mark.parametrize(("record", "page"), [("[]", "<!-- results -->\n<!-- /results -->"), ("{}", "no marks")])
def test_what_is_no_result_is_refused(tmp_path: Path, record: str, page: str) -> None:
    (tmp_path / "run.json").write_text(record, encoding="utf-8")
    (tmp_path / "README.md").write_text(page, encoding="utf-8")
    with pytest.raises(Unpublishable):
        publish([tmp_path / "run.json"], tmp_path / "README.md")
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == page
