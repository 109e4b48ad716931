"""Tables as they are printed: for people at a terminal, and in plain columns for a file or a pipe; and numbers in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.summary import Measure


class Line(NamedTuple):
    """A row of a table; a heading has no cells. ``failed`` marks the cells that missed their gate."""

    label: str
    cells: tuple[str, ...] = ()
    failed: tuple[bool, ...] = ()


def table(console: Console, head: Sequence[str], lines: Sequence[Line]) -> None:
    """Rich at a terminal, aligned columns without colour elsewhere."""
    if console.is_terminal:
        _rich(console, head, lines)
        return
    rows = [tuple(head), *(_plain_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows if len(row) > 1) for column in range(len(head))]
    for row in rows:
        text = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        print_plain(console, text.rstrip())


def show(name: str, measure: Measure) -> str:
    """``96.4 % [90.0, 98.8]``, ``.874 [.790, .950]``, ``12.3 ms``; a dash for what could not be measured."""
    if measure.value is None:
        return "–"
    text = number(name, measure.value)
    if measure.interval is None:
        return text
    low, high = (number(name, bound).removesuffix(" %") for bound in measure.interval)
    return f"{text} [{low}, {high}]"


def number(name: str, value: float) -> str:
    if name == "errors":
        return str(int(value))
    if name.endswith("_ms"):
        return f"{value:.1f} ms"
    if name.startswith("tokens"):
        return f"{value:,.0f}"
    if name.startswith("cost"):
        return f"{value:.3g}"
    if name.startswith(("auroc", "file_", "ndcg", "recall")) or name.endswith("_f1"):
        return f"{value:.3f}"
    return f"{value * 100:.1f} %"


def aligned(cell: str) -> str:
    """Values of one column end at the same place, and their intervals start at the same place."""
    value, bracket, interval = cell.partition(" [")
    return f"{value:>7}{bracket}{interval}"


def print_plain(console: Console, text: str) -> None:
    """Text as it is: no markup, no wrapping, no colours guessed from its content."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _plain_cells(line: Line) -> tuple[str, ...]:
    """Without colour, a cell that missed its gate ends with an exclamation mark."""
    marks = line.failed or (False,) * len(line.cells)
    return (line.label, *(f"{cell} !" if mark else cell for cell, mark in zip(line.cells, marks, strict=True)))


def _rich(console: Console, head: Sequence[str], lines: Sequence[Line]) -> None:
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for title in head:
        grid.add_column(title, no_wrap=True, style="dim" if title == "gate" else "")
    for line in lines:
        if not line.cells:
            grid.add_row(Text(line.label, style="bold cyan"))
            continue
        marks = line.failed or (False,) * len(line.cells)
        cells = (Text(cell, style="bold red" if mark else "") for cell, mark in zip(line.cells, marks, strict=True))
        grid.add_row(Text(line.label), *cells)
    console.print(grid)
