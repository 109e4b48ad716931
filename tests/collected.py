"""Cases of the torture run that stand among the tests: each row is the outcome of some of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable

from tests.browser import CHROMIUM
from tests.case import ROOT, Case, Lab, NotRun


def of_tests(*chosen: str, browser: bool = False) -> Callable[[Lab], str]:
    """A case that runs these tests (arguments of pytest) and tells how many there were. One that skips them is not run."""

    def run(lab: Lab) -> str:
        if browser and not CHROMIUM.exists():
            raise NotRun("Chromium is not installed")
        # Others' attacks are planted by a case of their own, which tells a cited quotation of one from its words.
        environment = {name: value for name, value in os.environ.items() if name != "INJECTIONS_FILE"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={lab.place('pytest')}", *chosen],
            cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        passed = re.search(r"(\d+) passed", done.stdout)
        assert done.returncode == 0 and passed, "\n".join(done.stdout.splitlines()[-25:])
        return f"{passed[1]} tests"

    return run


CASES = [
    Case("web: every route", "no foreign name or page, no file, no address, nothing of the inside, our headers on every response", of_tests("tests/attacks/test_routes.py", "tests/test_web_app.py", "tests/test_web_routes.py")),
    Case("web: sessions, passwords, guessing", "nobody gets in; few guesses", of_tests("tests/test_web_doors.py", "tests/test_keeping_attempts.py", "tests/test_keeping_users.py")),
    Case("web: other people's conversations", "as unknown as what never was", of_tests("tests/test_web_records.py", "tests/test_keeping_conversations.py", "tests/test_keeping_feedback.py", "-k", "not postgresql")),
    Case("web: render attacks", "inert wherever text is shown", of_tests("tests/test_web_render.py", "tests/test_web_articles.py")),
    Case("web: render attacks in a browser", "nothing runs, nothing is fetched", of_tests("tests/test_browser.py", "-k", "attack or hostile or inert or elsewhere or fetch", browser=True)),
    Case("web: exports", "text stays text in Markdown and JSON; no table is exported", of_tests("tests/test_keeping_export.py")),
    Case("network: nothing leaves", "no connection but to this machine", of_tests("tests/test_network.py")),
    Case("input: properties", "hold of any bytes and any text", of_tests("tests/test_properties.py", "tests/test_decoding.py", "tests/test_text.py", "tests/test_sentences.py", "tests/test_markers.py", "tests/test_citations.py", "tests/test_corpus.py", "tests/test_cutting.py", "tests/test_shelf.py")),
    Case("model: each fault", "told by kind, in time, without a secret", of_tests("tests/test_model.py", "tests/test_calls.py", "tests/test_embedding.py", "tests/test_written.py")),
]  # fmt: skip
