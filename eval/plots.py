"""The report's plots as SVG: no library, no script, colours from the page's style sheet by class.

Every function returns one ``<svg>``; words stand in both languages, of which the page shows one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from eval.labels import svg_text
from eval.selective import Point

WIDTH, HEIGHT = 460, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 24, 12, 40
_ACROSS, _DOWN = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM

Line = Sequence[tuple[float, float]]


def risk_coverage(curves: Mapping[str, Sequence[Point]]) -> str:
    """A curve for each cell, from a coverage of 5 %: the risk of a handful of answers says nothing."""
    lines = {
        name: [(point.coverage, point.risk) for point in points if point.coverage >= 0.05]
        for name, points in curves.items()
    }
    highest = max((risk for line in lines.values() for _, risk in line), default=0.0)
    top = next(top for top in (0.2, 0.4, 0.6, 0.8, 1.0) if highest <= top)
    return _chart(lines, (0, 1), (0, top), "axis.coverage", "plot.risk", steps=True)


def recall(lines: Mapping[str, Line]) -> str:
    """Share found against k = 1 … 10."""
    low = min((y for line in lines.values() for _, y in line), default=0.0)
    floor = math.floor(low * 5) / 5 if low < 1 else 0.8
    return _chart(lines, (1, 10), (floor, 1), "axis.k", "plot.recall", dots=True)


def latency(bars: Mapping[str, tuple[float, float, float]]) -> str:
    """For each name the 5th percentile, the median and the 95th, in milliseconds."""
    height = _TOP + 34 * len(bars) + _BOTTOM
    low = 10 ** math.floor(math.log10(max(min(five for five, _, _ in bars.values()), 0.01)))
    high = 10 ** math.ceil(math.log10(max(max(last for _, _, last in bars.values()), low * 10)))
    left = 150

    def x(value: float) -> float:
        part = (math.log10(max(value, low)) - math.log10(low)) / (math.log10(high) - math.log10(low))
        return left + part * (WIDTH - left - 24)

    parts, mark = [], low
    while mark <= high * 1.001:
        parts.append(f'<line class="grid" x1="{x(mark):.1f}" x2="{x(mark):.1f}" y1="{_TOP}" y2="{height - _BOTTOM}"/>')
        parts.append(_number(x(mark), height - _BOTTOM + 16, f"{mark:g}"))
        mark *= 10
    for row, (name, (five, median, last)) in enumerate(bars.items()):
        y = _TOP + 34 * row + 17
        parts.append(f'<text class="tick" x="{left - 10}" y="{y + 4}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<line class="whisker s{row % 6}" x1="{x(five):.1f}" x2="{x(last):.1f}" y1="{y}" y2="{y}"/>')
        parts.append(f'<circle class="dot s{row % 6}" cx="{x(median):.1f}" cy="{y}" r="5"/>')
        parts.append(_number(x(median), y - 9, f"{median:.1f}" if median < 10 else f"{median:.0f}"))
    parts.append(svg_text("axis.ms", (left + WIDTH - 24) / 2, height - 6, "axis"))
    return _svg(parts, "plot.latency", height)


def histogram(groups: Mapping[str, Sequence[float]], bounds: Sequence[float]) -> str:
    """Counts in twenty bins of 0 to 1, a group beside the other; ``bounds`` are drawn as lines."""
    bins = 20
    counts = {name: [0] * bins for name in groups}
    for name, values in groups.items():
        for value in values:
            counts[name][min(bins - 1, max(0, int(value * bins)))] += 1
    most = max((count for each in counts.values() for count in each), default=0) or 1
    step = _nice(most / 4)
    top = step * math.ceil(most / step)
    parts = []
    for mark in range(0, top + 1, step):
        y = _TOP + _DOWN * (1 - mark / top)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_number(_LEFT - 8, y + 4, str(mark), "end"))
    wide = _ACROSS / bins
    for order, (name, each) in enumerate(counts.items()):
        for place, count in enumerate(each):
            if count:
                tall = _DOWN * count / top
                x = _LEFT + wide * place + 1 + order * (wide - 2) / len(counts)
                parts.append(
                    f'<rect class="bar b-{escape(name)}" x="{x:.1f}" y="{_TOP + _DOWN - tall:.1f}" '
                    f'width="{(wide - 2) / len(counts):.1f}" height="{tall:.1f}"/>'
                )
    for bound in bounds:
        x = _LEFT + _ACROSS * bound
        parts.append(f'<line class="bound" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_TOP + _DOWN}"/>')
    marks = (0, 0.25, 0.5, 0.75, 1)
    parts += [_number(_LEFT + _ACROSS * mark, HEIGHT - _BOTTOM + 16, f"{mark:g}") for mark in marks]
    parts.append(svg_text("axis.confidence", _LEFT + _ACROSS / 2, HEIGHT - 6, "axis"))
    return _svg(parts, "plot.confidence")


def whisker(value: float, low: float, high: float) -> str:
    """A value in its interval between 0 and 1, small enough for a table's cell."""
    return (
        '<svg class="whisk" viewBox="0 0 84 8" width="76" height="8" aria-hidden="true">'
        '<line class="grid" x1="2" x2="82" y1="4" y2="4"/>'
        f'<line class="whisker s0" x1="{2 + 80 * low:.1f}" x2="{2 + 80 * high:.1f}" y1="4" y2="4"/>'
        f'<circle class="dot s0" cx="{2 + 80 * value:.1f}" cy="4" r="3"/></svg>'
    )


def _chart(
    lines: Mapping[str, Line],
    across: tuple[float, float],
    up: tuple[float, float],
    bottom: str,
    title: str,
    steps: bool = False,
    dots: bool = False,
) -> str:
    def x(value: float) -> float:
        return _LEFT + _ACROSS * (value - across[0]) / (across[1] - across[0])

    def y(value: float) -> float:
        return _TOP + _DOWN * (1 - (value - up[0]) / (up[1] - up[0]))

    parts = []
    for mark in (up[0] + (up[1] - up[0]) * part / 4 for part in range(5)):
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y(mark):.1f}" y2="{y(mark):.1f}"/>')
        parts.append(_number(_LEFT - 8, y(mark) + 4, f"{100 * mark:.0f} %", "end"))
    marks = (1, 2, 3, 5, 10) if dots else (0, 0.25, 0.5, 0.75, 1)
    parts += [_number(x(mark), HEIGHT - _BOTTOM + 16, f"{mark}" if dots else f"{100 * mark:.0f} %") for mark in marks]
    for order, line in enumerate(lines.values()):
        points: list[tuple[float, float]] = []
        for at, value in line:
            if steps and points:
                points.append((at, points[-1][1]))
            points.append((at, value))
        path = " ".join(f"{x(at):.1f},{y(min(max(value, up[0]), up[1])):.1f}" for at, value in points)
        parts.append(f'<polyline class="line s{order % 6}" points="{path}"/>')
        if dots:
            parts += [f'<circle class="dot s{order % 6}" cx="{x(at):.1f}" cy="{y(v):.1f}" r="3"/>' for at, v in line]
    parts.append(svg_text(bottom, _LEFT + _ACROSS / 2, HEIGHT - 6, "axis"))
    return _svg(parts, title)


def _nice(value: float) -> int:
    """1, 2 or 5 times a power of ten, not below the value."""
    power = 10 ** math.floor(math.log10(max(value, 1)))
    return int(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= value))


def _number(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text class="tick" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(parts: Sequence[str], title: str, height: int = HEIGHT) -> str:
    inside = "".join(parts)
    return f'<svg class="plot" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{title}">{inside}</svg>'
