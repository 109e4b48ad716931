"""What the assistant costs, beside LlamaIndex's BM25Retriever over the same files in the same run.

Each step is done in a process of its own, one after the other: index, then open and search. The peer needs an
interpreter that has ``requirements-bench.txt`` installed; without one the assistant is measured alone. The lexicon is
made before anything is measured: that is done once on a machine, not once an index.
"""

from __future__ import annotations

import contextlib
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from assistant.language.lexicon import lexicon
from eval import generated
from eval.generated import Question

_SCRIPTS = {"isnad": ["-m", "eval.bench_isnad"], "peer": [str(Path(__file__).with_name("bench_peer.py"))]}
NAMES_OF_SYSTEMS = {"isnad": "Isnad", "peer": "BM25Retriever"}
_SAMPLE_SECONDS = 0.1
_WARMING = 20
"""Questions asked before the clock runs: whoever asks one has most likely asked others."""


class BenchFailed(Exception):
    """A measured process failed; the message is its last words."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one system took for one collection. Milliseconds are per search of ten passages.

    ``index_bytes``: files on disk by their blocks; ``index_memory``, ``search_memory``: bytes, the peaks of all processes
    of the step added up (0 where the system does not tell); ``cold``: seconds from the start of a process to its first
    result; ``found_same``, ``found_cross``: share of the questions whose article is among the results.
    """

    system: str
    passages: int
    text_bytes: int
    seconds: float
    index_bytes: int
    index_memory: int
    search_memory: int
    cold: float
    same_p50: float
    same_p95: float
    cross_p50: float
    cross_p95: float
    found_same: float
    found_cross: float

    @property
    def passages_per_second(self) -> float:
        return self.passages / self.seconds

    @property
    def growth(self) -> float:
        """Bytes of index for a byte of text."""
        return self.index_bytes / self.text_bytes


class Line(NamedTuple):
    """A row of the table: what it is called, how a cost is read and written, and whether more of it is better."""

    name: str
    read: Callable[[Cost], float]
    shown: str
    more_is_better: bool = False


LINES = (
    Line("passages", lambda cost: cost.passages, "{:,.0f}"),
    Line("indexed, passages/s", lambda cost: cost.passages_per_second, "{:,.0f}", True),
    Line("index, MB", lambda cost: cost.index_bytes / 1e6, "{:,.1f}"),
    Line("index / text, bytes", lambda cost: cost.growth, "{:.2f}"),
    Line("memory to index, MB", lambda cost: cost.index_memory / 1e6, "{:,.0f}"),
    Line("first result after, s", lambda cost: cost.cold, "{:.2f}"),
    Line("memory to search, MB", lambda cost: cost.search_memory / 1e6, "{:,.0f}"),
    Line("search, same language, p50 ms", lambda cost: cost.same_p50, "{:.1f}"),
    Line("search, same language, p95 ms", lambda cost: cost.same_p95, "{:.1f}"),
    Line("search, other language, p50 ms", lambda cost: cost.cross_p50, "{:.1f}"),
    Line("search, other language, p95 ms", lambda cost: cost.cross_p95, "{:.1f}"),
    Line("article found, same language", lambda cost: cost.found_same, "{:.0%}", True),
    Line("article found, other language", lambda cost: cost.found_cross, "{:.0%}", True),
)


def bench(
    folder: Path, number: int, peer: Path | None, progress: Callable[[str], None] = lambda step: None
) -> Iterator[Cost]:
    """Measure the assistant, then the peer if there is an interpreter for it, over the files of ``folder``.

    Raises:
        BenchFailed: a step failed.
        ValueError: no questions can be drawn from the files.
    """
    progress("the lexicon and the questions")
    lexicon().preload()
    asked = generated.questions(folder, number + 1 + _WARMING)
    if len(asked) <= number + _WARMING:
        raise ValueError(f"{folder} has too few sentences to draw {number} questions from")
    systems = {"isnad": Path(sys.executable)} | ({"peer": peer} if peer else {})
    for system, python in systems.items():
        with tempfile.TemporaryDirectory(prefix="isnad-bench-") as scratch:
            yield _measure(system, python, folder, Path(scratch) / "index", asked, progress)


def _measure(
    system: str, python: Path, folder: Path, index: Path, asked: Sequence[Question], progress: Callable[[str], None]
) -> Cost:
    command = [str(python), *_SCRIPTS[system]]
    places = {"corpus": str(folder), "index": str(index)}
    progress(f"{system}: indexing")
    indexed, index_memory = run(command, {"do": "index", **places})
    progress(f"{system}: searching")
    first, warming, rest = asked[0], asked[1 : 1 + _WARMING], asked[1 + _WARMING :]
    task: dict[str, Any] = {
        "do": "ask",
        **places,
        "first": first.text,
        "warming": [question.text for question in warming],
    }
    task["questions"] = [question._asdict() for question in rest]
    searched, search_memory = run(command, task)
    same = np.array([question.same for question in rest])
    times, found = np.array(searched["times"]), np.array(searched["found"])
    return Cost(
        system=system,
        passages=indexed["passages"],
        text_bytes=sum(path.stat().st_size for path in folder.rglob("*.txt")),
        seconds=indexed["seconds"],
        index_bytes=sum(path.stat().st_blocks * 512 for path in index.rglob("*") if path.is_file()),
        index_memory=index_memory,
        search_memory=search_memory,
        cold=searched["cold"],
        same_p50=float(np.median(times[same])),
        same_p95=float(np.quantile(times[same], 0.95)),
        cross_p50=float(np.median(times[~same])),
        cross_p95=float(np.quantile(times[~same], 0.95)),
        found_same=float(found[same].mean()),
        found_cross=float(found[~same].mean()),
    )


def run(command: Sequence[str], task: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Give a process a task; returns what it printed and the peaks of its memory and its children's, added up.

    Raises:
        BenchFailed: it ended in any other way than with an answer.
    """
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complaints, tempfile.TemporaryFile() as given:
        given.write(json.dumps(task | {"started": time.time()}).encode())
        given.seek(0)
        peaks: dict[int, int] = {}
        with subprocess.Popen(command, stdin=given, stdout=said, stderr=complaints) as process:
            while process.poll() is None:
                peaks |= _peaks(process.pid)
                time.sleep(_SAMPLE_SECONDS)
        said.seek(0)
        complaints.seek(0)
        if process.returncode:
            last = complaints.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise BenchFailed(f"{' '.join(command)}: {' '.join(last) or f'ended with {process.returncode}'}")
        told = json.load(said)
        # Only the process itself knows its peak at its end; a short one may have been seen at its start alone.
        peaks[process.pid] = max(peaks.get(process.pid, 0), told["peak"])
        return told, sum(peaks.values())


def _peaks(root: int) -> dict[int, int]:
    """Peak resident bytes of a process and its descendants so far; empty where there is no ``/proc``."""
    parents, peaks = {}, {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError, KeyError, ValueError):
            lines = (line.partition(":") for line in status.read_text().splitlines())
            facts = {name: value.strip() for name, _, value in lines}
            number = int(status.parent.name)
            parents[number] = int(facts["PPid"])
            peaks[number] = int(facts["VmHWM"].split()[0]) * 1024
    return {number: peak for number, peak in peaks.items() if _descends(number, root, parents)}


def _descends(number: int, root: int, parents: dict[int, int]) -> bool:
    while number not in (root, 0):
        number = parents.get(number, 0)
    return number == root


def ratio(line: Line, mine: Cost, other: Cost) -> float | None:
    """How many times better (above 1) or worse the first is; nothing for what is neither."""
    if line.name == "passages":
        return None
    ours, theirs = line.read(mine), line.read(other)
    if not ours or not theirs:
        return None
    return ours / theirs if line.more_is_better else theirs / ours


def exponent(line: Line, costs: Sequence[Cost]) -> float | None:
    """The power of the number of passages that a cost grows with, from the first of one system's costs to the last."""
    first, last = costs[0], costs[-1]
    values = line.read(first), line.read(last)
    if line.name == "passages" or first.passages == last.passages or min(values) <= 0:
        return None
    return math.log(values[1] / values[0]) / math.log(last.passages / first.passages)


def record(costs: Sequence[Cost]) -> list[dict[str, Any]]:
    """Plain JSON values, ready to be plotted: one object a system and collection."""
    return [{**asdict(cost), "passages_per_second": cost.passages_per_second, "growth": cost.growth} for cost in costs]
