"""The risk of a band, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.confidence import SIGNS
from assistant.quotes import Bands
from eval import risk
from eval.confidence import Model
from eval.recipe import Judged
from eval.risk import Risk

BANDS = Bands(answer=0.5, uncertain=0.3)
COVERAGE = Model(np.array([float(name == "coverage") for name in SIGNS]), 0.0)
REVERSED = Model(-COVERAGE.weights, 0.0)
YES, PERHAPS, NO = 1.0, -0.5, -2.0  # logits of the three bands


def row(kind: str, logit: float, right: bool | None = None, fold: int = 0) -> Judged:
    values = {"coverage": logit, "sentence": 1.0}
    signs = np.array([values.get(name, 0.0) for name in SIGNS])
    # The signs of the models in use are not looked at: they have seen the question.
    return Judged("same", "en→en", kind, fold, right is not None, signs * np.nan, signs, right)


ROWS = [
    *(row("whole", YES, True) for _ in range(5)),
    row("whole", YES, False),
    row("whole", PERHAPS, True),
    row("whole", NO, False),
    # Off-topic: one of four is answered. Same article: one of two. Near miss: both.
    *(row("article", logit) for logit in (YES, NO, NO, NO)),
    *(row("paragraph", logit) for logit in (YES, PERHAPS)),
    *(row("word", YES) for _ in range(2)),
]


def test_the_share_of_unanswerable_and_wrongly_answered() -> None:
    found = risk.risks(ROWS, [COVERAGE], BANDS)
    assert list(found) == ["off-topic", "same article", "near miss", "all"]
    # Of the answerable 6/8 are answered, 1/8 wrongly; of the off-topic 1/4 are.
    assert found["off-topic"]["answered"] == Risk(
        balanced=pytest.approx((1 / 8 + 1 / 4) / (6 / 8 + 1 / 4)),
        own=pytest.approx((1 + 1) / (6 + 1), abs=1e-4),
        unanswerable=pytest.approx((1 / 4) / (6 / 8 + 1 / 4)),
        share=pytest.approx((6 / 8 + 1 / 4) / 2),
        questions=7,
    )
    assert found["off-topic"]["uncertain"] == Risk(0.0, 0.0, 0.0, pytest.approx(1 / 16, abs=1e-4), 1)
    assert found["off-topic"]["abstained"].balanced == 1.0  # the answerable one would have been answered wrongly
    # All kinds together count the same, however many rows they have.
    kinds = (1 / 4 + 1 / 2 + 1) / 3
    assert found["all"]["answered"].balanced == pytest.approx((1 / 8 + kinds) / (6 / 8 + kinds), abs=1e-4)
    assert found["all"]["answered"].own == pytest.approx((1 + 4) / (6 + 4))
    assert sum(band.questions for band in found["all"].values()) == len(ROWS)


def test_nothing_in_a_band_has_no_risk() -> None:
    found = risk.risks([row("whole", YES, True), row("word", YES)], [COVERAGE], BANDS)
    assert found["near miss"]["abstained"] == Risk(None, None, None, 0.0, 0)
    assert found["near miss"]["answered"].balanced == 0.5
    told = list(risk.lines("same", {"near miss": found["near miss"]}))
    assert told[0] == "risk 0.500 balanced, 0.500 at own rates, 2 questions  same near miss answered"
    assert told[2] == "risk none balanced, none at own rates, 0 questions  same near miss abstained"
    assert risk.to_dict(found)["near miss"]["answered"] == {
        "balanced": 0.5, "own": 0.5, "unanswerable": 0.5, "share": 1.0, "questions": 2,
    }  # fmt: skip


def test_every_row_is_judged_by_the_model_of_its_fold() -> None:
    rows = [row("whole", YES, True, fold=0), row("whole", YES, True, fold=1), row("word", NO)]
    found = risk.risks(rows, [COVERAGE, REVERSED], BANDS)["near miss"]
    assert (found["answered"].questions, found["uncertain"].questions, found["abstained"].questions) == (1, 0, 2)


def test_of_rows_judged_by_people_only_the_unanswerable_count() -> None:
    signs = row("people", YES).signs
    people = [
        Judged("same", "nomiracl en", "people", 0, truth, signs, row("people", YES).unseen)
        for truth in (True, True, False)
    ]
    found = risk.risks(people, [COVERAGE], BANDS)["judged"]
    assert found["answered"].own == pytest.approx(1 / 3, abs=1e-4)
    assert found["answered"].balanced == 0.5
