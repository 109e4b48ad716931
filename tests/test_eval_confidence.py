"""The confidence models: signs that count against their meaning are dropped, and AUROC is that of the definition."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from assistant.confidence import SIGNS
from eval.confidence import DIRECTION, Model, fit_confidence, separation
from eval.recipe import Judged


def row(signs: dict[str, float], answerable: bool, kind: str = "whole", fold: int = 0) -> Judged:
    values = np.array([signs.get(name, 0.0) for name in SIGNS])
    return Judged("same", "en->en", kind, fold, answerable, values, values)


def judged(useful: str, misleading: str, rows: int = 60) -> list[Judged]:
    chance = np.random.default_rng(2)
    made = []
    for _ in range(rows):
        for answerable in (True, False):
            signs = {
                useful: DIRECTION[useful] * (answerable + chance.normal() / 2),
                misleading: -DIRECTION[misleading] * (answerable + chance.normal() / 2),
            }
            made.append(row(signs, answerable, "whole" if answerable else "article"))
    return made


@pytest.mark.parametrize(("useful", "misleading"), [("coverage", "names"), ("spread", "sentence"), ("joint", "exact")])
def test_a_sign_that_counts_against_its_meaning_is_dropped(useful: str, misleading: str) -> None:
    rows = judged(useful, misleading)
    weights, bias = fit_confidence(rows)
    told = dict(zip(SIGNS, weights.tolist(), strict=True))
    assert told[useful] * DIRECTION[useful] > 0
    assert told[misleading] == 0
    assert not any(told[name] for name in SIGNS if name not in (useful, misleading))
    sure = [float(each.signs @ weights + bias) for each in rows]
    assert np.mean([value > 0 for value, each in zip(sure, rows, strict=True) if each.answerable]) > 0.75
    assert np.mean([value < 0 for value, each in zip(sure, rows, strict=True) if not each.answerable]) > 0.5


def test_separation_by_hand() -> None:
    rows = [
        *(row({"coverage": value}, True) for value in (0.9, 0.6)),
        *(row({"coverage": value}, False, "article") for value in (0.1, 0.7)),
        row({"coverage": 0.95}, False, "word"),
        *(replace(row({"coverage": float(truth)}, truth, "people"), cell="people's") for truth in (True, False)),
        replace(row({}, True, "people"), cell="one-sided"),
    ]
    model = Model(np.array([float(name == "coverage") for name in SIGNS]), 0.0)
    found = separation(rows, [model])
    assert math.isnan(found.pop("one-sided"))
    assert found == {"en->en article withheld": 0.75, "en->en word exchanged": 0.0, "people's": 1.0}


def test_every_sign_has_a_direction() -> None:
    assert DIRECTION.keys() == set(SIGNS)
    assert set(DIRECTION.values()) <= {-1, 0, 1}
