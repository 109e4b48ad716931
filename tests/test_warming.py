"""What is loaded in the background before it is needed: never for a command that does not need it, never cut off."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run(code: str, *arguments: str) -> list[str]:
    process = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=120, check=True
    )
    return process.stdout.split()


SEARCHING = """
import os, sys
os.environ |= {"OPENAI_API_KEY": "sk-proj-0123456789abcdef", "OPENAI_BASE_URL": "http://192.0.2.1/v1"}
sys.stdout = open(os.devnull, "w")
from assistant.cli import main
status = main(sys.argv[1:])
print(status, "assistant.chat" in sys.modules, "openai" in sys.modules, file=sys.__stdout__)
"""


def test_a_command_that_writes_nothing_does_not_load_the_library_of_the_model(seeds: Path, seeds_index: Path) -> None:
    found = run(SEARCHING, "search", "drones", "--corpus", str(seeds), "--index", str(seeds_index))
    assert found == ["0", "True", "False"]


LEAVING = """
import sys, time
from pathlib import Path
from assistant import checker, endpoint
from assistant.chat import Assistant
from assistant.settings import Settings

def slowly(name):
    def load(*arguments):
        time.sleep(0.5)
        print(name, flush=True)
    return load

endpoint.Endpoint.client = slowly("client")
checker.check = slowly("checks")
settings = Settings(_env_file=None, corpus=Path(sys.argv[1]), index=Path(sys.argv[2]), openai_api_key="k", openai_base_url="http://192.0.2.1/v1")
Assistant.open(settings=settings).close()
print("closed", flush=True)
"""


def test_a_program_that_ends_at_once_ends_after_what_is_being_loaded(seeds: Path, seeds_index: Path) -> None:
    """An interpreter that ends while another thread runs compiled code may abort."""
    said = run(LEAVING, str(seeds), str(seeds_index))
    assert said[0] == "closed"
    assert sorted(said[1:]) == ["checks", "checks", "client"]
