"""All that could go wrong, done on purpose: ``python -m tests.torture``.

Every case runs in a process of its own, two at a time, those whose clock is judged alone, those that mostly wait beside them. Prints a table of case, expectation,
outcome and figure; ends with 1 if a case failed. ``--only NAME...`` runs those whose names begin so, ``--minutes`` is how long
the soaks last, ``--out FILE.md`` also writes the table.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import importlib
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from tests.case import ROOT, Case, Lab, NotRun

MODULES: Final = (
    "tests.faults.kills",
    "tests.faults.endpoint",
    "tests.faults.stopping",
    "tests.faults.calls",
    "tests.faults.storage",
    "tests.attacks.inputs",
    "tests.attacks.uploads",
    "tests.attacks.injection",
    "tests.attacks.schema",
    "tests.collected",
    "tests.faults.load",
)
"""Where the cases are, in the order of the table."""
_PATIENCE: Final = 900.0
"""Seconds that a case may take besides its soak."""
_LONGEST: Final = 800
"""Characters of a failure in the table."""


class Row(NamedTuple):
    """``outcome`` is ``passed``, ``failed`` or ``not run``."""

    name: str
    expected: str
    outcome: str
    figure: str
    seconds: float


def cases() -> list[Case]:
    """All cases; no two have the same name."""
    found = [case for module in MODULES for case in importlib.import_module(module).CASES]
    assert len({case.name for case in found}) == len(found)
    return found


def chosen(names: Sequence[str]) -> list[Case]:
    """The cases whose names begin with one of ``names``; all where none is given. Raises ``SystemExit`` for a name of nothing."""
    found = [case for case in cases() if not names or any(case.name.startswith(name) for name in names)]
    for name in names:
        if not any(case.name.startswith(name) for case in found):
            raise SystemExit(f"no case begins with {name!r}; there are: {', '.join(case.name for case in cases())}")
    return found


def here(case: Case, minutes: float, seed: int) -> Row:
    """Run a case in this process."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="isnad-torture-") as folder:
        try:
            outcome, figure = "passed", case.run(Lab(Path(folder), minutes, seed))
        except NotRun as reason:
            outcome, figure = "not run", str(reason)
        except Exception as fault:  # whatever it is, it is the outcome
            traceback.print_exc()
            outcome, figure = "failed", _told(fault)
    return Row(case.name, case.expected, outcome, figure, time.monotonic() - began)


def _told(fault: Exception) -> str:
    """Which line of the tests failed, and what was said of it; the line itself where nothing was."""
    steps = [
        step for step in traceback.extract_tb(fault.__traceback__) if Path(step.filename).is_relative_to(ROOT / "tests")
    ]
    said = " ".join(str(fault).split())[:_LONGEST] or (steps[-1].line or "" if steps else "")
    place = f"{Path(steps[-1].filename).relative_to(ROOT).as_posix()}:{steps[-1].lineno}: " if steps else ""
    return f"{place}{type(fault).__name__}: {said}"


def apart(case: Case, minutes: float, seed: int) -> Row:
    """Run a case in a process, and a process group, of its own, which is ended with it."""
    command = [
        sys.executable,
        "-m",
        "tests.torture",
        "--inside",
        case.name,
        "--minutes",
        f"{minutes}",
        "--seed",
        f"{seed}",
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ISNAD_", "OPENAI_"))}
    environment |= {
        name: os.environ[name]
        for name in ("ISNAD_CACHE", "ISNAD_BROWSER_TESTS", "ISNAD_SCHEMATHESIS", "INJECTIONS_FILE")
        if name in os.environ
    }
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            process.wait(_PATIENCE + 120 * minutes)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").splitlines()
    with contextlib.suppress(IndexError, ValueError, TypeError):
        row = Row(*json.loads(lines[-1]))
        if row.outcome == "failed":
            print("\n".join(lines[:-1][-60:]), file=sys.stderr, flush=True)
        return row
    print("\n".join(lines[-60:]), file=sys.stderr, flush=True)
    return Row(case.name, case.expected, "failed", "it did not come to an end", time.monotonic() - began)


def run(found: Sequence[Case], minutes: float, seed: int) -> Iterator[Row]:
    """Run cases, two at a time and those that mostly wait beside them, then those that need the machine for themselves."""

    def one(case: Case) -> Row:
        return apart(case, minutes, seed)

    with ThreadPoolExecutor(2) as pool, ThreadPoolExecutor(2) as beside:
        waiting = [beside.submit(one, case) for case in found if case.waits]
        yield from pool.map(one, [case for case in found if not case.alone and not case.waits])
        yield from (each.result() for each in waiting)
    for case in found:
        if case.alone:
            yield apart(case, minutes, seed)


def table(rows: Sequence[Row]) -> str:
    """Markdown."""

    def cell(text: str) -> str:
        return " ".join(text.split()).replace("|", "\\|")

    lines = ["| case | expected | outcome | figure | seconds |", "|---|---|---|---|---:|"]
    lines += [
        f"| {cell(row.name)} | {cell(row.expected)} | {row.outcome} | {cell(row.figure)} | {row.seconds:.0f} |"
        for row in rows
    ]
    return "\n".join(lines)


def report(rows: Sequence[Row], command: str, took: float) -> str:
    """The page that is kept: the table, with the command, the day and the machine."""
    passed = sum(row.outcome == "passed" for row in rows)
    return "\n".join(
        [
            "# The torture run",
            "",
            f"`{command}` on {dt.datetime.now(dt.UTC).date().isoformat()}: {passed} of {len(rows)} cases passed in "
            f"{took / 60:.0f} minutes, on {_machine()}. What each case does is told by its docstring in `tests/faults` and "
            "`tests/attacks`.",
            "",
            table(rows),
            "",
        ]
    )


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cores} cores ({platform.machine()}) and {memory:.0f} GB with {platform.system()} {platform.release()}, Python {platform.python_version()}"


def _command(options: argparse.Namespace) -> str:
    """As it may be typed again."""
    given = [f"--only {' '.join(options.only)}"] if options.only else []
    given += [
        f"--{name} {value:g}"
        for name, value, usual in (("minutes", options.minutes, 5), ("seed", options.seed, 1))
        if value != usual
    ]
    return "make torture" + (f' ARGS="{" ".join(given)}"' if given else "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="cases whose names begin so")
    parser.add_argument("--minutes", type=float, default=5.0, help="how long each soak lasts (60 for a whole one)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, metavar="FILE.md", help="also write the table")
    parser.add_argument("--list", action="store_true", help="the names of the cases")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        (case,) = (case for case in cases() if case.name == options.inside)
        print("\n" + json.dumps(here(case, options.minutes, options.seed)), flush=True)
        return 0
    found = chosen(options.only)
    if options.list:
        print("\n".join(f"{case.name}: {case.expected}" for case in found))
        return 0
    began, rows = time.monotonic(), []
    for row in run(found, options.minutes, options.seed):
        rows.append(row)
        print(f"{row.outcome:8} {row.name} ({row.seconds:.0f} s): {row.figure}", flush=True)
    rows.sort(key=lambda row: [case.name for case in found].index(row.name))
    print("\n" + table(rows))
    if options.out:
        options.out.write_text(report(rows, _command(options), time.monotonic() - began), encoding="utf-8")
    failed = [row.name for row in rows if row.outcome == "failed"]
    print(
        f"\n{len(rows) - len(failed)} of {len(rows)} without failure" + "".join(f"\nfailed: {name}" for name in failed)
    )
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
