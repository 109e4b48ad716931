"""Coverage-guided fuzzing of what reads foreign text: ``python -m tests.fuzz NAME --seconds N``.

NAME is one of `tests.properties`. It needs atheris, which is not among the project's requirements: install it into an environment
that has Isnad (``pip install atheris``). What breaks a property is written to the working directory as ``crash-...``, and can be
given again as a FILE.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

from tests.case import SEEDS
from tests.properties import PROPERTIES


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=PROPERTIES)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="try these only")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, help="a folder for inputs that reach new code")
    options = parser.parse_args()
    holds = PROPERTIES[options.name]
    if options.files:
        for file in options.files:
            holds(file.read_bytes())
        print(f"{options.name} holds of {len(options.files)} files")
        return 0
    try:
        import atheris
    except ModuleNotFoundError:
        print("fuzzing needs atheris: pip install atheris", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["assistant"]):
        for name in [name for name in sys.modules if name.split(".")[0] == "assistant" or name == "tests.properties"]:
            del sys.modules[name]
        instrumented = importlib.import_module("tests.properties").PROPERTIES
    # What reaches new code is written to the first folder, which must not be the articles.
    kept = str(options.corpus) if options.corpus else tempfile.mkdtemp(prefix="isnad-fuzz-")
    limits = [f"-max_total_time={options.seconds}", "-max_len=2000", "-timeout=20", "-rss_limit_mb=3000"]
    atheris.Setup([sys.argv[0], *limits, kept, str(SEEDS)], instrumented[options.name])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
