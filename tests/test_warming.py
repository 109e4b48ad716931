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


COMMAND = """
import os, sys
os.environ |= {"OPENAI_API_KEY": "sk-proj-0123456789abcdef", "OPENAI_BASE_URL": "http://192.0.2.1/v1"}
sys.stdout = open(os.devnull, "w")
from assistant.cli import main
status = main(sys.argv[1:])
loaded = [name for name in ("openai", "llama_index") if name in sys.modules]
print(status, *loaded, file=sys.__stdout__)
"""


def test_commands_load_what_they_need(seeds: Path, seeds_index: Path) -> None:
    """The library of the model takes half a second, LlamaIndex one."""
    places = ("--corpus", str(seeds), "--index", str(seeds_index))
    assert run(COMMAND, "search", "drones", *places) == ["0", "llama_index"]
    assert run(COMMAND, "index", *places) == ["0"]


STEMMING = """
import sys
from assistant.language.english import lancaster
print(lancaster("organizational"), *[name for name in ("scipy", "sklearn") if name in sys.modules])
import sklearn.utils, scipy.stats
print(sklearn.__name__, scipy.__name__)
"""


def test_a_stemmer_loads_no_machine_learning() -> None:
    """Where they are installed, nltk would load both: a second of every first question. Who wants them later has them."""
    assert run(STEMMING) == ["org", "sklearn", "scipy"]


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
