"""``report.html``: one file, in Arabic and English, that opens without a network and loads nothing.

Its policy allows only its own style sheet and script, by their digests; what articles and questions say is text to both the
writer of this page and its script. The tables and plots need no script; only the questions one by one do.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval import labels, panels, values
from eval.compare import Cell, Kept
from eval.records import AnyRow, Asked, Failed
from eval.results import OURS, Results

NAME = "report.html"
_ASSETS = Path(__file__).parent / "assets"
_MANY = 1500  # rows of a suite, beyond which those without a fault are shown in brief
_LONGEST, _BRIEF = 700, 160  # characters of a quote


def write(path: Path, results: Results, before: Kept | None = None) -> None:
    """Write the page; ``before`` is another run to show the differences from."""
    path.write_text(html(results, before), encoding="utf-8")


def html(results: Results, before: Kept | None = None) -> str:
    """The page."""
    style = (_ASSETS / "report.css").read_text(encoding="utf-8")
    script = (_ASSETS / "report.js").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'; "
        "form-action 'none'"
    )
    data = {"labels": labels.words(), "rows": list(rows(results, before)), "compared": before is not None}
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    body = "".join(panels.all_of(results, before))
    return f"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Isnad · evaluation · تقييم إسناد</title>
<style>{style}</style>
</head>
<body>
{body}
<script type="application/json" id="data">{packed}</script>
<script>{script}</script>
</body>
</html>
"""


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def rows(results: Results, before: Kept | None) -> Iterator[dict[str, Any]]:
    """What the page shows of each question: our answers, and the failed rows of all systems."""
    for cell, found in results.rows.items():
        many = sum(len(other) for at, other in results.rows.items() if at[:2] == cell[:2]) > _MANY
        earlier = before.rows.get(cell, {}) if before else {}
        for key, row in found.items():
            if cell.system == OURS or cell.system.startswith("without:") or isinstance(row, Failed):
                ranks = _ranks(results, cell, key)
                yield {
                    **_place(cell, row),
                    **_shown(row, many, brief=many and not values.faults(row)),
                    **({"r": ranks} if ranks else {}),
                    **_changed(row, earlier.get(key)),
                }


def _place(cell: Cell, row: AnyRow) -> dict[str, Any]:
    question = row.question
    shown: dict[str, Any] = {
        "s": cell.suite, "y": cell.system, "c": cell.cell, "i": question.id, "k": question.kind,
        "a": int(question.answerable), "q": question.text[row.language], "F": values.faults(row),
    }  # fmt: skip
    if question.answer:
        shown["x"] = question.answer[row.language]
    if question.gold:
        shown["g"] = [{"f": span.file, "p": span.start, "t": span.quote[:_LONGEST]} for span in question.gold]
    return shown


def _shown(row: AnyRow, many: bool, brief: bool) -> dict[str, Any]:
    """``brief``: of a row without a fault among many, the first quote and no more. An answer by quotation is its quotes."""
    if isinstance(row, Failed):
        return {"e": row.error}
    gold = row.question.gold
    shown: dict[str, Any] = {"ms": round(row.milliseconds, 1)}
    if isinstance(row, Asked):
        shown |= {"st": row.status, "cf": round(row.confidence, 3)}
        most, longest = (1, _BRIEF) if brief else (None, _LONGEST)
        shown["Q"] = [
            {"f": one.file, "p": one.start, "t": one.text[:longest], "g": int(one.holds(gold))}
            for one in row.quotes[:most]
        ]
        if row.written or not many:
            shown["t"] = row.text
    if not brief:
        longest = _BRIEF if many else _LONGEST
        shown["H"] = [{"f": hit.file, "t": hit.text[:longest], "g": int(hit.holds(gold))} for hit in row.hits[:3]]
    return shown


def _ranks(results: Results, cell: Cell, key: str) -> dict[str, int]:
    """By system, the rank of the right file; 0 where it was not found."""
    found = {}
    for other in dict.fromkeys(at.system for at in results.rows):
        row = results.rows.get(cell._replace(system=other), {}).get(key)
        if row is not None and not isinstance(row, Failed) and row.question.gold:
            found[other] = values.gold_rank(row) or 0
    return found


def _changed(row: AnyRow, earlier: AnyRow | None) -> dict[str, Any]:
    """``d``: 1 for a question that went wrong and no longer does, -1 for the reverse."""
    if earlier is None or bool(values.faults(row)) == bool(values.faults(earlier)):
        return {}
    was = ", ".join(values.faults(earlier))
    return {"d": -1 if values.faults(row) else 1, "was": was}
