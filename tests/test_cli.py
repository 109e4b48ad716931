"""The command ``isnad``: what it prints where, its exit codes, and that asking for help costs nothing.

What depends on the process (pipes, encodings, imports) is run as one; the rest calls `main`.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest

import assistant
from assistant.cli import main
from assistant.prompts import folder as prompts_folder
from tests.model_double import ModelDouble

ROOT = Path(__file__).parents[1]
COMMANDS = ["chat", "ask", "search", "index", "suggest", "mcp", "doctor", "eval"]
DRONES = "Which drones did Azerbaijan use?"
REQUEST = "متى طلبت أرمينيا المساعدة من روسيا؟"
FRAMES = {
    language: [
        path.read_text(encoding="utf-8").split("\n")[0].strip() for path in prompts_folder().glob(f"*.{language}.txt")
    ]
    for language in ("ar", "en")
}


@pytest.fixture(autouse=True)
def _a_folder_without_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ISNAD_RESERVE_MB", "1")


@pytest.fixture
def places(seeds: Path, seeds_index: Path) -> list[str]:
    return ["--corpus", str(seeds), "--index", str(seeds_index)]


class Run(NamedTuple):
    """A command in a process of its own: what it is given, and whether its reader leaves at once."""

    arguments: list[str]
    given: bytes | None = None
    environment: Mapping[str, str] = MappingProxyType({})
    leaves: bool = False


UNBUFFERED = {"PYTHONUNBUFFERED": "1"}
RUNS = {
    "ask": Run(["ask", DRONES]),
    "json": Run(["ask", "-", "--json"], f"{REQUEST} \n".encode() + b"\xff", {"LC_ALL": "C"}),
    "search, leaving": Run(["search", DRONES], leaves=True),
    "mistake": Run(["search", "Who?", "--limit", "0"]),
    "version, leaving": Run(["--version"], leaves=True),
    "version, leaving at once": Run(["--version"], environment=UNBUFFERED, leaves=True),
    "help, leaving": Run(["ask", "--help"], leaves=True),
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, seeds: Path, seeds_index: Path) -> dict[str, tuple[int, str, str]]:
    """Exit code, output and complaints of all `RUNS`, side by side as each takes its time to start."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONUNBUF", "PYTHONIO"))}
    plain |= {"PYTHONPATH": str(ROOT), "COLUMNS": "40", "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}
    started = {}
    for name, wanted in RUNS.items():
        where = (
            {"--corpus": str(seeds), "--index": str(seeds_index)} if wanted.arguments[0] in ("ask", "search") else {}
        )
        places = [word for option in where if option not in wanted.arguments for word in (option, where[option])]
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "assistant.cli", *wanted.arguments, *places],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=plain | dict(wanted.environment), cwd=tmp_path_factory.mktemp("cwd"),
        )  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(wanted.given or b"")
        process.stdin.close()
        if wanted.leaves:
            process.stdout.close()
        started[name] = process
    results = {}
    for name, process in started.items():
        out = b"" if RUNS[name].leaves else process.stdout.read()
        err = process.stderr.read()
        results[name] = (process.wait(timeout=120), out.decode("utf-8"), err.decode("utf-8"))
        process.stdout.close()
        process.stderr.close()
    return results


Ran = dict[str, tuple[int, str, str]]

# ---------------------------------------------------------------- processes


def test_an_answer_to_a_pipe_is_plain_and_unbroken(ran: Ran, seeds: Path) -> None:
    status, out, err = ran["ask"]
    assert (status, err) == (0, "")
    assert "\x1b" not in out
    assert out.split("\n")[0] in FRAMES["en"]
    quotes = re.findall(r"^\[\d+\] [«“](.*)[»”]$", out, re.MULTILINE)
    articles = [path.read_bytes().decode() for path in seeds.iterdir()]
    assert quotes and all(any(quote in article for article in articles) for quote in quotes)
    assert max(map(len, quotes)) > 40
    assert "word by word:" in out


def test_the_record_as_json_of_a_question_piped_in(ran: Ran, seeds: Path) -> None:
    """In a locale without Arabic, and with a broken byte at the end."""
    status, out, err = ran["json"]
    assert (status, err) == (0, "")
    answer = json.loads(out)
    assert (answer["question"].split("\n")[0].strip(), answer["language"]) == (REQUEST, "ar")
    assert answer["text"].split("\n")[0].strip() in FRAMES["ar"]
    assert answer["citations"]
    for citation in answer["citations"]:
        text = (seeds / citation["file"]).read_bytes().decode("utf-8-sig")
        assert text[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize("name", [name for name, wanted in RUNS.items() if wanted.leaves])
def test_a_reader_who_leaves_early_is_no_error(ran: Ran, name: str) -> None:
    assert ran[name] == (0, "", "")


def test_a_mistake_is_one_line_and_no_traceback(ran: Ran) -> None:
    complaint = "isnad: The setting --limit cannot be used: it must be between 1 and 1000.\n"
    assert ran["mistake"] == (2, "", complaint)


@pytest.fixture(scope="module")
def helped() -> dict[str, tuple[str, set[str]]]:
    """The help of every command, asked for in one fresh process, and what had been imported by then."""
    code = """
import contextlib, io, json, sys
from assistant.cli import main
told = {}
for command in sys.argv[1:]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            status = main([*command.split(), "--help"])
        except SystemExit as stop:
            status = stop.code
    told[command] = [status, out.getvalue(), list(sys.modules)]
print(json.dumps(told))
"""
    arguments = ["", *(command for command in COMMANDS if command != "eval"), "eval"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=ROOT, check=True,
        env=os.environ | {"COLUMNS": "200"},
    )  # fmt: skip
    return {
        command: (out, set(modules))
        for command, (status, out, modules) in json.loads(done.stdout).items()
        if status == 0
    }


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_has_examples(helped: dict[str, tuple[str, set[str]]], command: str) -> None:
    text, _ = helped[command]
    assert text.startswith("usage: ")
    assert re.search(r"^examples?:\n( .*\n)+", text, re.MULTILINE)
    if command not in ("", "eval"):
        assert f"isnad {command}" in text.split("example")[1]
        assert "--corpus DIR" in text and "--index DIR" in text and "--color" in text
    if command == "":
        assert all(re.search(rf"^ +{name} ", text, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("command", ["", *(command for command in COMMANDS if command != "eval")])
def test_help_imports_nothing_heavy(helped: dict[str, tuple[str, set[str]]], command: str) -> None:
    heavy = {
        "numpy",
        "pydantic",
        "rich",
        "llama_index",
        "gradio",
        "qdrant_edge",
        "nltk",
        "babel",
        "assistant.chat",
    }
    assert helped[command][1] & heavy == set()


# ---------------------------------------------------------------- the same, without a process of its own


class Said:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        return (status, *self._capsys.readouterr())


@pytest.fixture
def isnad(capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


@pytest.mark.parametrize(("question", "language"), [(REQUEST, "ar"), (DRONES, "en")])
def test_an_answer_is_in_the_language_of_the_question(
    isnad: Said, places: list[str], question: str, language: str
) -> None:
    status, out, err = isnad("ask", question, *places)
    assert (status, err) == (0, "")
    assert out.split("\n")[0] in FRAMES[language]
    assert ("السطر" in out, " line " in out) == (language == "ar", language == "en")


def test_an_honest_abstention_is_no_failure(isnad: Said, places: list[str]) -> None:
    status, out, _ = isnad("ask", "How is goat cheese made in Peru?", *places)
    assert (status, out.split("\n")[0]) == (0, "The articles do not say.")


def test_passages_as_text_and_as_json(isnad: Said, places: list[str], seeds: Path) -> None:
    status, out, _ = isnad("search", DRONES, "--limit", "3", *places)
    assert (status, len(re.findall(r"^\d+\. ", out, re.MULTILINE))) == (0, 3)
    status, out, _ = isnad("search", DRONES, "--limit", "3", "--json", *places)
    hits = json.loads(out)
    assert (status, len(hits)) == (0, 3)
    for hit in hits:
        text = (seeds / hit["file"]).read_bytes().decode("utf-8-sig")
        assert text[hit["start"] : hit["end"]] == hit["text"]


@pytest.mark.parametrize(("color", "coloured"), [("always", True), ("never", False), ("auto", False)])
def test_colours(isnad: Said, places: list[str], color: str, coloured: bool) -> None:
    _, out, _ = isnad("ask", DRONES, "--color", color, *places)
    assert ("\x1b[" in out) == coloured


def test_an_index_run_says_what_it_did(isnad: Said, tmp_path: Path) -> None:
    articles = tmp_path / "news"
    articles.mkdir()
    (articles / "a.txt").write_text("Title\n\nA sentence about rivers.\n")
    (articles / "b[1].png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    where = ["--corpus", str(articles), "--index", str(tmp_path / "index")]
    status, out, err = isnad("index", *where)
    assert (status, err) == (0, "")
    assert out.startswith("1 added, 0 changed, 0 removed, 0 unchanged, 1 skipped\n")
    assert re.search(r"b\[1\]\.png\u2069: .+\n", out)
    assert re.search(r"^1 passages, \d+\.\d s$", out, re.MULTILINE)
    assert isnad("index", *where)[1].startswith("0 added, 0 changed, 0 removed, 1 unchanged, 1 skipped\n")
    (articles / "a.txt").unlink()
    assert isnad("index", *where)[1].startswith("0 added, 0 changed, 1 removed, 0 unchanged, 1 skipped\n")
    status, out, err = isnad("ask", "Rivers?", *where)
    assert (status, out) == (2, "")
    assert "holds no article that can be read" in err


def test_the_doctor(isnad: Said, places: list[str], tmp_path: Path) -> None:
    status, out, err = isnad("doctor", *places)
    assert (status, err) == (0, "")
    assert out.count("✓") == 8 and "✗" not in out
    strange = tmp_path / "news [bold] [/]"
    status, out, _ = isnad("doctor", "--corpus", str(strange))
    assert status == 1
    assert f"✗ Articles    {strange} is not there" in out
    assert "--corpus DIR" in out


KEY = "sk-proj-0123456789abcdef"


def test_the_doctor_tries_the_model_it_is_given(
    isnad: Said, places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with ModelDouble(key=KEY) as double:
        status, out, err = isnad("doctor", "--base-url", double.url, *places)
        assert (status, err) == (0, "")
        assert f"✓ Model       double-1 at 127.0.0.1:{double.port} answers" in out
        status, wrong, err = isnad("doctor", "--base-url", double.url, "--model", "other", *places)
        assert (status, err) == (1, "")
        assert f"✗ Model       other at 127.0.0.1:{double.port} gives no answer" in wrong
        assert "It has double-1." in wrong
        double.key = "another key"
        status, refused, err = isnad("doctor", "--base-url", double.url, *places)
        assert (status, err) == (1, "")
        assert "OPENAI_API_KEY" in refused
        asked = len(double.requests)
        status, none, _ = isnad("doctor", "--base-url", double.url, "--model", "none", *places)
        assert status == 0 and "none, as set" in none and len(double.requests) == asked
    assert KEY not in out + wrong + refused


@pytest.mark.parametrize("command", ["chat", "ask", "doctor"])
def test_the_model_is_chosen_by_flags_and_the_key_is_not(helped: dict[str, tuple[str, set[str]]], command: str) -> None:
    text, _ = helped[command]
    assert "--model NAME" in text and "--base-url URL" in text
    assert not re.search(r"--\S*key", text)


@pytest.mark.parametrize("given", [["--api-key", KEY], [f"--api-key={KEY}"], [f"--openai-api-key={KEY}", "more"]])
def test_a_key_on_the_command_line_is_refused_and_not_repeated(
    capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["ask", DRONES, *given])
    err = capsys.readouterr().err
    assert stopped.value.code == 2
    assert err.endswith(f"unrecognized arguments: {given[0].partition('=')[0]}\n")
    assert KEY not in err


def test_the_version(isnad: Said) -> None:
    assert isnad("--version") == (0, f"isnad {assistant.__version__}\n", "")


def test_no_command_is_answered_with_help(isnad: Said) -> None:
    status, out, _ = isnad()
    assert status == 2
    assert out.startswith("usage: isnad ")


@pytest.mark.parametrize(
    "arguments",
    [["dance"], ["ask"], ["ask", "a", "b"], ["ask", "a", "--nonsense"], ["search", "a", "--limit", "many"], ["--corpus", "x", "ask", "a"], ["ask", "a", "--color", "red"]],
)  # fmt: skip
def test_what_is_no_command_is_exit_code_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith("usage: isnad")


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["ask", ""], 2, "The question is empty."),
        (["ask", "؟"], 2, "السؤال فارغ."),
        (["search", " -- ", "--limit", "3"], 2, "The question is empty."),
        (["ask", "x" * 2001], 2, "The question has 2001 characters; the limit is 2000."),
        (["ask", "س" * 2001], 2, "طول السؤال 2001 حرفًا"),
        (["search", DRONES, "--limit", "0"], 2, "--limit"),
        (["search", DRONES, "--limit", "1001"], 2, "--limit"),
        (["ask", DRONES, "--corpus", "nowhere"], 2, "There is no folder at nowhere."),
        (["ask", REQUEST, "--corpus", "nowhere"], 2, "لا يوجد مجلد في \u2068nowhere\u2069."),
        (["index", "--corpus", "file"], 2, "There is no folder at file."),
        (["index", "--corpus", "articles", "--index", "articles/index"], 2, "lies inside the folder of articles"),
        (["index", "--corpus", "articles", "--index", "file/index"], 1, "The index could not be built"),
        (["chat", "--port", "70000"], 2, "--port"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_one_line(
    isnad: Said, places: list[str], tmp_path: Path, arguments: list[str], status: int, complaint: str
) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("An article.\n")
    (tmp_path / "file").write_text("not a folder")
    code, out, err = isnad(*arguments, *([] if "--corpus" in arguments else places))
    assert (code, out) == (status, "")
    assert err.startswith("isnad: ") and complaint in err
    assert err.count("\n") == 1


def test_a_bad_variable_is_named(isnad: Said, places: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISNAD_QUOTES", "many")
    status, _, err = isnad("ask", DRONES, *places)
    assert status == 2
    assert "ISNAD_QUOTES" in err and err.count("\n") == 1


class Stdin(io.StringIO):
    """Standard input that ends in an accident."""

    def __init__(self, accident: BaseException) -> None:
        super().__init__()
        self.accident = accident

    def read(self, size: int | None = -1) -> str:
        raise self.accident


def test_an_accident_is_one_line_unless_it_is_looked_for(
    isnad: Said, places: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(RuntimeError("the tape\nis torn")))
    assert isnad("ask", "-", *places) == (
        1, "", "isnad: unexpected RuntimeError: the tape is torn (ISNAD_DEBUG=1 shows where)\n",
    )  # fmt: skip
    monkeypatch.setenv("ISNAD_DEBUG", "1")
    with pytest.raises(RuntimeError, match="torn"):
        isnad("ask", "-", *places)


def test_an_interruption_is_exit_code_130(isnad: Said, places: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(KeyboardInterrupt()))
    assert isnad("ask", "-", *places) == (130, "", "")


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [(f"{DRONES}\n", 0, "[1]"), ("", 2, "The question is empty."), ("؟\n", 2, "السؤال فارغ."), (None, 2, "The question is empty.")],
)  # fmt: skip
def test_a_question_from_standard_input(
    isnad: Said, places: list[str], monkeypatch: pytest.MonkeyPatch, given: str | None, status: int, says: str
) -> None:
    monkeypatch.setattr(sys, "stdin", given if given is None else io.StringIO(given))
    code, out, err = isnad("ask", "-", *places)
    assert code == status
    assert says in out + err


def test_evaluating_is_the_evaluations_own_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["eval", "run", "--help"])
    assert stopped.value.code == 0
    assert "--questions FILE" in capsys.readouterr().out
    assert main(["eval", "--questions", "nowhere.jsonl", "--no-gates"]) == 2
    assert capsys.readouterr().err.startswith("eval: ")


def test_suggested_questions_are_lines(places: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", "--limit", "2", *places]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[-1] for line in lines] == ["؟", "؟", "?", "?"]


def test_suggested_questions_of_one_language_as_json(places: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suggest", "--language", "en", "--limit", "1", "--json", *places]) == 0
    (item,) = json.loads(capsys.readouterr().out)
    assert item["language"] == "en"
    assert item["question"].endswith("?")
    assert item["file"].endswith(".txt") and item["start"] < item["end"]


@pytest.mark.parametrize("limit", ["0", "101"])
def test_only_so_many_questions_are_suggested(
    limit: str, places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["suggest", "--limit", limit, *places]) == 2
    assert "--limit" in capsys.readouterr().err


def test_without_its_package_the_mcp_server_says_what_to_install(
    places: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    for name in [name for name in sys.modules if name.startswith("mcp.") or name == "assistant.tools"]:
        monkeypatch.delitem(sys.modules, name)
    assert main(["mcp", *places]) == 1
    printed = capsys.readouterr()
    assert "Run: pip install mcp." in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    ("flags", "files"),
    [
        (["--file", "004_6b939b76667bada4.txt"], {"004_6b939b76667bada4.txt"}),
        (["--since", "2022-09-14"], {"004_6b939b76667bada4.txt"}),
    ],
)
def test_a_part_of_the_articles_can_be_asked(isnad: Said, places: list[str], flags: list[str], files: set[str]) -> None:
    code, out, _ = isnad("search", DRONES, "--json", *flags, *places)
    assert code == 0
    assert {hit["file"] for hit in json.loads(out)} == files


def test_a_day_that_is_none_is_said_so(isnad: Said, places: list[str]) -> None:
    code, out, complaint = isnad("ask", DRONES, "--since", "yesterday", *places)
    assert (code, out) == (2, "")
    assert complaint == "isnad: The setting --since cannot be used: yesterday is not a date like 2022-09-13.\n"


def test_an_answer_by_a_model(isnad: Said, places: list[str]) -> None:
    with ModelDouble() as double:
        code, out, err = isnad("ask", DRONES, "--base-url", double.url, *places)
        assert (code, err) == (0, "")
        assert "Bayraktar TB2" in out.split("\n")[0] and "[1] «" in out
        code, out, err = isnad("ask", DRONES, "--json", "--base-url", double.url, *places)
        told = json.loads(out)
        assert (code, err, told["answered_by"]) == (0, "", "model")
        assert {statement["verdict"] for statement in told["statements"]} == {"supported"}
        double.fault = "server error"
        code, out, err = isnad("ask", DRONES, "--base-url", double.url, *places)
        assert (code, err) == (0, "")
        assert "The model endpoint has a fault of its own." in out and "The articles say:" in out


def test_a_folder_of_templates_that_cannot_be_used(isnad: Said, places: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    (tmp_path / "write.ar.txt").write_text("?", encoding="utf-8")
    monkeypatch.setenv("ISNAD_PROMPTS", str(tmp_path))
    code, out, err = isnad("ask", DRONES, *places)
    assert (code, out) == (1, "")
    assert err.startswith("isnad: The template write.ar.txt cannot be used:") and err.count("\n") == 1


# ---------------------------------------------------------------- embeddings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def news(tmp_path: Path) -> list[str]:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("Title\n\nA sentence about rivers.\n")
    return ["--corpus", str(tmp_path / "news"), "--index", str(tmp_path / "index")]


PLANNED = r"To be embedded by double-1 at 127\.0\.0\.1:\d+: 1 passage, about 8 tokens in 1 request"


def test_an_index_run_says_what_it_embeds_before_it_does(isnad: Said, news: list[str]) -> None:
    with ModelDouble() as double:
        status, out, err = isnad("index", *news, "--base-url", double.url, "--embedding-model", "double-1")
        assert status == 0 and re.fullmatch(PLANNED + r"\.\n", err)
        assert re.search(r"^1 passages, embedded by double-1, 64 dimensions, \d+\.\d s$", out, re.MULTILINE)
        assert isnad("index", *news, "--base-url", double.url, "--embedding-model", "double-1")[2] == ""
        status, out, err = isnad("search", "rivers", *news, "--base-url", double.url, "--embedding-model", "double-1")
        assert (status, err) == (0, "") and "A sentence about rivers." in out
        double.embedding_fault = "key refused"
        status, out, err = isnad("search", "river?", *news, "--base-url", double.url, "--embedding-model", "double-1")
        assert status == 0 and "A sentence about rivers." in out
        assert err.startswith("isnad: The search went without embeddings. The embedding endpoint refused access.")


@pytest.mark.apart
def test_a_large_run_wants_somebody_to_agree(
    isnad: Said, news: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ISNAD_EMBEDDING_MODEL", "double-1")
    monkeypatch.setenv("ISNAD_EMBEDDING_FREE_TOKENS", "2")
    monkeypatch.setenv("ISNAD_EMBEDDING_PRICE", "130000")
    with ModelDouble() as double:
        monkeypatch.setenv("OPENAI_BASE_URL", double.url)
        monkeypatch.setenv("ISNAD_MODEL", "none")
        status, out, err = isnad("index", *news)
        assert (status, out) == (1, "")
        lines = err.splitlines()
        assert re.fullmatch(PLANNED + r", about 1\.04 at 130000 a million\.", lines[0])
        assert lines[1].startswith("isnad: 1 passages, about 8 tokens, are to be embedded by double-1 at ")
        assert "isnad index --yes" in lines[1] and len(lines) == 2
        # Neither does a question agree to it; it is answered by words.
        status, out, err = isnad("ask", "Rivers?", *news)
        assert status == 0 and "A sentence about rivers." in out and "isnad index --yes" in err
        for typed in ("n\n", "", "\n"):
            monkeypatch.setattr(sys, "stdin", Terminal(typed))
            monkeypatch.setattr(sys, "stderr", asked := Terminal())
            assert main(["index", *news]) == 1
            assert "Embed them now? [y/N] " in asked.getvalue()
        assert double.requests == []
        monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
        assert main(["index", *news]) == 0
        assert len(double.embeddings) == 1
        (tmp_path / "news" / "b.txt").write_text("Another\n\nA sentence about mountains.\n")
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        assert main(["index", *news, "--yes"]) == 0
        assert len(double.embeddings) == 2


@pytest.mark.parametrize(
    "scope",
    [
        ["--file", "no.txt"],
        ["--outlet", "Nobody"],
        ["--until", "2000-01-01"],
        ["--since", "2023-01-01", "--until", "2022-09-30"],
    ],
    ids=str,
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_scope_without_articles_is_said(isnad: Said, places: list[str], command: str, scope: list[str]) -> None:
    status, out, err = isnad(command, DRONES, *scope, *places)
    assert (status, out) == (2, "")
    assert "no article is what they say together" in err
