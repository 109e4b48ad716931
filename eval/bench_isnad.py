"""What `eval.bench` has measured, in a process of its own: ``python -m eval.bench_isnad``, one JSON object each way."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from assistant import Assistant
from eval.bench_peer import peak


def index(task: dict[str, Any]) -> dict[str, Any]:
    """Index a folder. ``seconds`` are those of `Assistant.open` alone."""
    begin = time.perf_counter()
    with Assistant.open(corpus=Path(task["corpus"]), index=Path(task["index"])) as assistant:
        seconds = time.perf_counter() - begin
        return {"seconds": seconds, "passages": assistant.summary.passages}


def ask(task: dict[str, Any]) -> dict[str, Any]:
    """Open an index and search.

    ``cold``: seconds from the start of the process to the end of the first search; ``times``: milliseconds per question;
    ``found``: per question, whether its article is among the first ten passages.
    """
    with Assistant.open(corpus=Path(task["corpus"]), index=Path(task["index"])) as assistant:
        assistant.search(task["first"])
        cold = time.time() - task["started"]
        for question in task["warming"]:
            assistant.search(question)
        times, found = [], []
        for question in task["questions"]:
            begin = time.perf_counter()
            hits = assistant.search(question["text"])
            times.append(1000 * (time.perf_counter() - begin))
            found.append(any(hit.file == question["file"] for hit in hits))
        return {"cold": cold, "times": times, "found": found}


if __name__ == "__main__":
    task = json.load(sys.stdin)
    answer = {"index": index, "ask": ask}[task["do"]](task)
    json.dump(answer | {"peak": peak()}, sys.stdout)
