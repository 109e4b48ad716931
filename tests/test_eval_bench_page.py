"""The page of costs: every measure drawn and told, for every system, and nothing loaded."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from eval import bench_page
from eval.bench import LINES, Cost, exponent
from eval.bench_page import Curve, html, plot, short

SMALL = Cost("isnad", 1000, 10**6, 2.0, 10**6, 10**8, 10**8, 0.5, 5.0, 8.0, 10.0, 20.0, 1.0, 0.5)
LARGE = replace(SMALL, passages=100_000, seconds=400.0, index_bytes=10**8, same_p50=50.0)
PEER = [replace(cost, system="peer", same_p50=1.0, search_memory=0) for cost in (SMALL, LARGE)]
BY_NAME = {line.name: line for line in LINES}


def test_every_plot_is_of_a_measure() -> None:
    assert bench_page.PLOTS.keys() <= BY_NAME.keys()


def test_the_page_draws_and_tells_all(tmp_path: Path) -> None:
    page = html([SMALL, *PEER, LARGE], "python -m eval bench <x>")
    pictures = re.findall("<svg.*?</svg>", page)
    assert len(pictures) == len(bench_page.PLOTS)
    for picture in pictures:
        ElementTree.fromstring(picture)
    assert page.count("<polyline") == 2 * len(bench_page.PLOTS)
    assert [line.name for line in LINES] == re.findall("<tr><td>(.*?)</td>", page)
    assert "&lt;x&gt;" in page and "<x>" not in page
    assert not re.search("(?:src|href)=|url\\(|@import", page)
    assert bench_page.write(tmp_path / "new", [SMALL], "x").read_text("utf-8").startswith("<!doctype html>")


def test_costs_in_proportion_climb_as_collections_do() -> None:
    line = BY_NAME["index, MB"]
    points = [tuple(map(float, each.split(","))) for each in re.findall(r'points="(.*?)"', plot([Curve("isnad", [(1000, 1), (10_000, 10), (100_000, 100)])], line))[0].split()]  # fmt: skip
    steps = [(after[0] - before[0], before[1] - after[1]) for before, after in pairwise(points)]
    assert steps[0] == pytest.approx(steps[1], abs=0.2)
    assert steps[0][0] > 0 and steps[0][1] > 0


def test_what_was_not_measured_is_not_drawn() -> None:
    assert "svg" not in plot([Curve("isnad", [(1000, 0.0)])], BY_NAME["index, MB"])
    assert plot([Curve("isnad", [(1000, 0.0), (2000, 1.0)])], BY_NAME["index, MB"]).count("<circle") == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [("index, MB", 1.0), ("search, same language, p50 ms", 0.5), ("first result after, s", 0.0), ("passages", None)],
)
def test_how_a_cost_grows(name: str, expected: float | None) -> None:
    assert exponent(BY_NAME[name], [SMALL, LARGE]) == (None if expected is None else pytest.approx(expected))
    assert exponent(BY_NAME[name], [SMALL]) is None


def test_large_numbers_are_short() -> None:
    assert [short(value) for value in (0.1, 10, 1000, 100_000, 1e6)] == ["0.1", "10", "1k", "100k", "1M"]
