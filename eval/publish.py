"""Putting measured results into the README: ``python -m eval publish RUN [...]``: the ``--out`` of runs, or their ``--json``.

Only what stands between the two ``results`` comments is replaced, and only by numbers that come with their manifest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

README = Path(__file__).parents[1] / "README.md"
_PLACE = re.compile(r"(<!-- results -->\n).*?(<!-- /results -->)", re.DOTALL)

ROWS = (
    ("gold file first", "gold_file_first", 100),
    ("evidence in quotes 1 to 3", "evidence_at_3", 100),
    ("quote is the file's own text", "citation_validity", 100),
    ("answer in the question's language", "language_match", 100),
    ("AUROC of confidence", "auroc", 1),
    ("… against near misses", "auroc_near_miss", 1),
    ("… against off-topic questions", "auroc_off_topic", 1),
    ("answerable, yet abstained", "error_rate", 100),
    ("unanswerable, yet answered", "hallucination_rate", 100),
)

WHOLE = (
    ("nDCG@10", "file_ndcg_at_10", 1),
    ("gold file first", "gold_file_first", 100),
    ("evidence in quotes 1 to 3", "evidence_at_3", 100),
    ("expected words in the answer", "answer_contained", 100),
    ("AUROC", "auroc", 1),
    ("abstained though answerable", "error_rate", 100),
    ("answered though unanswerable", "hallucination_rate", 100),
)

SETS = {
    "seeds": "The seed articles (`eval/data/seeds.jsonl`)",
    "xquad": "XQuAD (google-deepmind/xquad, CC BY-SA 4.0), each paragraph a file",
    "arcd": "ARCD (husseinmozannar/SOQAL, MIT), each paragraph a file",
    "ntrex": "NTREX (MicrosoftTranslator/NTREX, CC BY-SA 4.0), articles by their headlines",
    "nomiracl": "NoMIRACL (project-miracl/nomiracl, Apache-2.0), ten judged passages a question",
    "beir": "Folders in the format of BEIR, documents found",
}


class Unpublishable(Exception):
    """A file is not the JSON of a run, or the README has no place for results."""


def _number(measure: Mapping[str, Any], scale: int) -> str:
    if measure["value"] is None:
        return "not measured"
    digits, sign = (1, " %") if scale == 100 else (3, "")
    text = f"{measure['value'] * scale:.{digits}f}{sign}"
    if measure["interval"]:
        low, high = (f"{bound * scale:.{digits}f}" for bound in measure["interval"])
        text += f" [{low}, {high}]"
    return text


def _run(record: Mapping[str, Any]) -> list[str]:
    measured = record["measures"]
    lines = ["| the seed articles, 95 % intervals | Arabic questions | English questions |", "|---|---|---|"]
    for title, name, scale in ROWS:
        lines.append(f"| {title} | {_number(measured['ar'][name], scale)} | {_number(measured['en'][name], scale)} |")
    return lines


def _rank(record: Mapping[str, Any]) -> list[str]:
    measured = record["measures"]
    names = list(next(iter(measured.values())))
    shown = [(name, name) for name in names if name not in ("errors",)]
    lines = ["| question → paragraphs | " + " | ".join(title.replace("_", " ") for title, _ in shown) + " |"]
    lines.append("|---" * (len(shown) + 1) + "|")
    for cell, values in measured.items():
        lines.append(f"| {cell} | " + " | ".join(_number(values[name], 1) for _, name in shown) + " |")
    return lines


def _whole(record: Mapping[str, Any]) -> list[str]:
    """A run of several suites: a table for each, a row for each cell and system."""
    lines: list[str] = []
    for suite, systems in record["measures"].items():
        shown = [
            column for column in WHOLE if any(column[1] in cell for one in systems.values() for cell in one.values())
        ]
        lines += [f"{SETS.get(suite, suite)}:", "", "| | system | " + " | ".join(title for title, *_ in shown) + " |"]
        lines.append("|---" * (len(shown) + 2) + "|")
        for place in dict.fromkeys(place for one in systems.values() for place in one):
            for system, cells in systems.items():
                if found := cells.get(place):
                    numbers = (_number(found[name], scale) if name in found else "" for _, name, scale in shown)
                    lines.append(f"| {place} | {system} | " + " | ".join(numbers) + " |")
        lines.append("")
    return lines[:-1]


def _source(record: Mapping[str, Any]) -> str:
    manifest = record["manifest"]
    data = ", ".join(f"{Path(name).name} `{digest[:12]}`" for name, digest in manifest["data"].items())
    command = re.sub(r"[\w./-]*/(?=[\w.-]+)", "", manifest["command"])
    return f"`{command}`, {manifest['date'][:10]}, {manifest['machine']}; data {data}"


def section(records: Sequence[Mapping[str, Any]]) -> str:
    """The results as Markdown."""
    lines: list[str] = []
    for record in records:
        lines += _whole(record) if "against_ours" in record else _run(record) if "gates" in record else _rank(record)
        lines += ["", _source(record), ""]
    return "\n".join(lines)


def publish(paths: Sequence[Path], readme: Path = README) -> None:
    """Replace the README's results.

    Raises:
        Unpublishable: see the class.
    """
    try:
        files = [path / "run.json" if path.is_dir() else path for path in paths]
        text = section([json.loads(path.read_text(encoding="utf-8")) for path in files])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unpublishable(f"not the --json of a run: {type(error).__name__} {error}") from error
    page = readme.read_text(encoding="utf-8")
    if not _PLACE.search(page):
        raise Unpublishable(f"{readme.name} has no <!-- results --> and <!-- /results --> lines")
    readme.write_text(_PLACE.sub(lambda match: match[1] + text + match[2], page), encoding="utf-8")
