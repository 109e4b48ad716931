"""Schemathesis over the page's own routes and Gradio's: whatever fits their description is answered, and nothing breaks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from tests.attacks.routes import STREAMS, routes
from tests.case import ROOT, Case, Lab, NotRun
from tests.faults.stopping import chat

_NAMES = ("file", "name", "id", "token", "turn", "q", "ui", "after", "page", "outlet", "since", "until", "sort", "form")


def tool() -> Path:
    """The program, from the environment that `make torture` sets up. Raises `NotRun` where there is none."""
    named = os.environ.get("ISNAD_SCHEMATHESIS") or ROOT / ".venv" / "tools" / "bin" / "schemathesis"
    found = shutil.which(str(named))
    if found is None:
        raise NotRun("schemathesis is not installed; 'make torture' installs it")
    return Path(found)


def described(app: Any) -> dict[str, Any]:
    """An OpenAPI description of every route under ``/api``, made from the app: any text for every parameter, any JSON for a body."""
    paths: dict[str, dict[str, Any]] = {}
    for called in routes(app):
        if not called.path.startswith("/api/") or called.method in ("HEAD", "OPTIONS"):
            continue
        operation: dict[str, Any] = {
            "parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in _NAMES],
            "responses": {"default": {"description": "any"}},
        }
        if called.method in ("POST", "PATCH"):
            operation["requestBody"] = {"content": {"application/json": {"schema": {}}}}
        paths.setdefault(called.path, {})[called.method.lower()] = operation
    assert len(paths) >= 8
    return {"openapi": "3.0.3", "info": {"title": "Isnad", "version": "1"}, "paths": paths}


def generated(lab: Lab) -> str:
    """Thousands of requests made of the descriptions."""
    program = tool()
    from assistant.keeping.database import Database
    from assistant.shelf import Shelf
    from assistant.web.app import create_app
    from tests.web_double import Double

    app = create_app(
        Double(),
        shelf=Shelf(lab.folder, lab.place("removed")),
        database=Database(f"sqlite:///{lab.place('kept.sqlite')}"),
    )
    with chat(lab, "chat") as (process, address, place):
        with urllib.request.urlopen(f"{address}/gradio_api/openapi.json", timeout=30) as response:
            theirs = json.load(response)
        theirs["paths"] = {
            path: each for path, each in theirs["paths"].items() if not STREAMS.search(path) or path.count("/") < 3
        }
        told = []
        for name, description, prefix in (("ours", described(app), ""), ("Gradio's", theirs, "/gradio_api")):
            if not description["paths"]:
                continue
            file = lab.place(f"{len(told)}.json")
            file.write_text(json.dumps(description), encoding="utf-8")
            done = subprocess.run(
                [str(program), "run", str(file), "--url", address + prefix, "--checks", "not_a_server_error", "--max-examples", "40",
                 "--phases", "coverage,fuzzing", "--request-timeout", "20", "--seed", str(lab.seed), "--no-color"],
                cwd=lab.folder, capture_output=True, text=True, timeout=800, check=False,
            )  # fmt: skip
            generated_ = re.search(r"(\d[\d,]*) generated", done.stdout)
            assert done.returncode == 0, f"{name}: {done.stdout[-1500:]}"
            told.append(f"{name}: {len(description['paths'])} paths, {generated_[1] if generated_ else '?'} requests")
        assert process.poll() is None
        assert "Traceback" not in (place / "said").read_text()
    return "; ".join(told)


CASES = [Case("web: schemathesis", "no server error, no stack, whatever fits the description", generated)]
