"""``bench.html``: what was measured by `eval.bench`, drawn against the size of the collection. One file that loads nothing.

Every plot is an SVG with logarithmic axes in which a cost in proportion to the collection is a straight line that climbs
one decade a decade; a measure's unit stands in its title. Colours come from the page's style sheet, light and dark.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from eval.bench import LINES, NAMES_OF_SYSTEMS, Cost, Line, exponent

NAME = "bench.html"
WIDTH, HEIGHT = 380, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 18, 14, 34
_ACROSS, _DOWN = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

# What is drawn, by its name in `LINES`, and what it is called in Arabic.
PLOTS: Mapping[str, str] = {
    "indexed, passages/s": "سرعة الفهرسة، مقطع في الثانية",
    "index, MB": "حجم الفهرس، ميغابايت",
    "memory to index, MB": "ذاكرة الفهرسة، ميغابايت",
    "memory to search, MB": "ذاكرة البحث، ميغابايت",
    "first result after, s": "أول نتيجة بعد، ثانية",
    "search, same language, p50 ms": "البحث بلغة المقال، الوسيط، ملي ثانية",
    "search, same language, p95 ms": "البحث بلغة المقال، المئين 95، ملي ثانية",
    "search, other language, p50 ms": "البحث باللغة الأخرى، الوسيط، ملي ثانية",
    "search, other language, p95 ms": "البحث باللغة الأخرى، المئين 95، ملي ثانية",
}

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2421; --dim: #5c655f; --rule: #dde2df; --ground: #fbfcfb; --s0: #0f6256; --s1: #c26a1b }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ecea; --dim: #a3ada6; --rule: #333b37; --ground: #151917; --s0: #64cdb7; --s1: #eda45f } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 2rem auto; max-width: 82rem; padding: 0 1.2rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: .95rem; margin: 0 0 .3rem; font-weight: 600 }
[lang=ar] { display: block; font-weight: 400; color: var(--dim); direction: rtl } h1 [lang=ar], h2 [lang=ar] { text-align: left }
.key { display: flex; gap: 1.4rem; margin: 1rem 0 } .key span::before { content: ""; display: inline-block; width: 1.6em; height: 3px; margin-inline-end: .5em; vertical-align: middle; background: currentColor }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1.4rem 1.8rem }
svg { width: 100%; height: auto; display: block } .grid { stroke: var(--rule) } text { fill: var(--dim); font-size: 11px }
.line { fill: none; stroke: currentColor; stroke-width: 2.2 } .dot { fill: currentColor } text.value { fill: currentColor; font-weight: 600 }
.s0 { color: var(--s0) } .s1 { color: var(--s1) }
.wide { overflow-x: auto } table { border-collapse: collapse; margin: 2rem 0 1rem; font-variant-numeric: tabular-nums } th, td { padding: .25rem .8rem; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap }
th:first-child, td:first-child { text-align: left } p { color: var(--dim); max-width: 60rem } code { overflow-wrap: anywhere }
"""


class Curve(NamedTuple):
    """A system's values of one measure against passages, smallest collection first."""

    system: str
    points: Sequence[tuple[float, float]]


def write(folder: Path, costs: Sequence[Cost], facts: str) -> Path:
    """Write the page into ``folder``, which is made; ``facts`` says where the figures come from."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_text(html(costs, facts), encoding="utf-8")
    return path


def html(costs: Sequence[Cost], facts: str) -> str:
    """The page."""
    systems = list(dict.fromkeys(cost.system for cost in costs))
    key = "".join(f'<span class="s{n}">{escape(NAMES_OF_SYSTEMS[name])}</span>' for n, name in enumerate(systems))
    by_name = {line.name: line for line in LINES}
    plots = "".join(_figure(by_name[name], arabic, costs, systems) for name, arabic in PLOTS.items())
    return f"""<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Isnad · costs · كلفة إسناد</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>What indexing and searching cost <span lang="ar">كلفة الفهرسة والبحث</span></h1>
<div class="key">{key}</div>
<div class="plots">{plots}</div>
<div class="wide">{_table(costs, systems)}</div>
<p>Across: passages in the collection. Both axes are logarithmic. <i>Grows</i>: the power of the number of passages that a cost
grows with, from the smallest to the largest collection; 1 is in proportion, 0 is not at all.
<span lang="ar">أفقيا: عدد المقاطع، والمحوران لوغاريتميان. «Grows»: أُسّ نمو الكلفة مع عدد المقاطع؛ 1 تناسب طردي، و0 ثبات.</span></p>
<p><code>{escape(" · ".join(facts.splitlines()))}</code></p>
</body>
</html>
"""


def _figure(line: Line, arabic: str, costs: Sequence[Cost], systems: Sequence[str]) -> str:
    curves = [
        Curve(name, sorted((cost.passages, line.read(cost)) for cost in costs if cost.system == name))
        for name in systems
    ]
    title = f'<h2>{escape(line.name)} <span lang="ar">{escape(arabic)}</span></h2>'
    return f"<figure style='margin:0'>{title}{plot(curves, line)}</figure>"


def plot(curves: Sequence[Curve], line: Line) -> str:
    """The curves of one measure; what is not above 0 was not measured and is left out."""
    curves = [Curve(name, [point for point in points if point[1] > 0]) for name, points in curves]
    everything = [point for curve in curves for point in curve.points]
    if not everything:
        return "<p>not measured</p>"
    across, up = (_decades([point[n] for point in everything]) for n in (0, 1))

    def x(value: float) -> float:
        return _LEFT + _ACROSS * (math.log10(value) - across[0]) / (across[1] - across[0])

    def y(value: float) -> float:
        return _TOP + _DOWN * (1 - (math.log10(value) - up[0]) / (up[1] - up[0]))

    parts = []
    for mark in _marks(*up):
        at = y(mark)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{short(mark)}</text>')
    for mark in _marks(*across):
        at = x(mark)
        parts.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP}" y2="{HEIGHT - _BOTTOM}"/>')
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT - _BOTTOM + 18}" text-anchor="middle">{short(mark)}</text>')
    ends = [curve.points[-1][1] for curve in curves if curve.points]
    for number, (_, points) in enumerate(curves):
        path = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in points)
        parts.append(f'<g class="s{number}"><polyline class="line" points="{path}"/>')
        for at, value in points:
            # Beside another curve the number goes to the side where that is not.
            above = value >= max(ends) or value > 1.3 * min(ends)
            text = escape(line.shown.format(value))
            parts.append(f'<circle class="dot" cx="{x(at):.1f}" cy="{y(value):.1f}" r="3.4"/>')
            offset = -9 if above else 17
            parts.append(
                f'<text class="value" x="{x(at):.1f}" y="{y(value) + offset:.1f}" text-anchor="middle">{text}</text>'
            )
        parts.append("</g>")
    label = escape(line.name)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _decades(values: Sequence[float]) -> tuple[float, float]:
    """Logarithms between which the values lie with room to spare, a decade apart at least."""
    low, high = math.log10(min(values)) - 0.18, math.log10(max(values)) + 0.22
    spare = max(0.0, 1.0 - (high - low)) / 2
    return low - spare, high + spare


def _marks(low: float, high: float) -> list[float]:
    """Round numbers between two logarithms: powers of ten, and where they are few their double and their half besides."""
    factors = (1, 2, 5) if high - low < 1.6 else (1,)
    marks = [factor * 10.0**power for power in range(math.floor(low), math.ceil(high) + 1) for factor in factors]
    return [mark for mark in marks if low <= math.log10(mark) <= high]


def short(value: float) -> str:
    """``1k``, ``100k``, ``1M``, ``0.1``."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _table(costs: Sequence[Cost], systems: Sequence[str]) -> str:
    heads, columns = [], []
    for system in systems:
        own = sorted((cost for cost in costs if cost.system == system), key=lambda cost: cost.passages)
        heads += [f"{NAMES_OF_SYSTEMS[system]}, {short(float(f'{cost.passages:.1g}'))}" for cost in own]
        columns.append(own)
        heads += ["grows"] * (len(own) > 1)
    head = "".join(f"<th>{escape(each)}</th>" for each in ("cost", *heads))
    rows = []
    for line in LINES:
        cells = [line.name]
        for own in columns:
            cells += [line.shown.format(line.read(cost)) for cost in own]
            if len(own) > 1:
                grows = exponent(line, own)
                cells.append("" if grows is None else f"{grows:+.2f}")
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
