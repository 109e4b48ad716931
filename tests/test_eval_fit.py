"""Fitting the evidence models: the optimum is one, wrong directions are dropped, and the whole path runs on a tiny set."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from assistant.evidence import FEATURES, SIGNS
from eval import fit
from eval.fit import Choice, Judged
from eval.sets import SetInvalid, cell_name

ANIMALS = {
    "walrus": ("الفظ", "Norway", "النرويج", 1901),
    "badger": ("الغرير", "Poland", "بولندا", 1912),
    "heron": ("مالك الحزين", "Egypt", "مصر", 1923),
    "lizard": ("السحلية", "Mexico", "المكسيك", 1934),
    "otter": ("القضاعة", "Japan", "اليابان", 1945),
    "falcon": ("الصقر", "Jordan", "الأردن", 1956),
}  # fmt: skip


def squad(language: str) -> dict[str, object]:
    """An article an animal, one paragraph and two questions each."""
    articles = []
    for name, (arabic, land, balad, year) in ANIMALS.items():
        if language == "en":
            context = f"The {name} eats fish and sleeps all day. A {name} museum opened in {land} in {year}. Visitors like it very much."
            asked = [(f"When did the {name} museum open?", str(year)), (f"Where did the {name} museum open?", land)]
        else:
            context = (
                f"يأكل {arabic} السمك وينام طوال النهار. افتتح متحف {arabic} في {balad} عام {year}. ويحبه الزوار كثيرا."
            )
            asked = [(f"متى افتتح متحف {arabic}؟", str(year)), (f"أين افتتح متحف {arabic}؟", balad)]
        questions = [
            {
                "id": f"{name}-{i}",
                "question": text,
                "answers": [{"text": answer, "answer_start": context.index(answer)}],
            }
            for i, (text, answer) in enumerate(asked)
        ]
        articles.append({"title": name, "paragraphs": [{"context": context, "qas": questions}]})
    return {"data": articles}


def nomiracl() -> str:
    """Questions with passages that people have judged: half of them hold the answer."""
    rows = []
    for name, (_, land, _, year) in ANIMALS.items():
        holds, lacks = f"The {name} museum opened in {land} in {year}.", f"The {name} eats fish. It sleeps in {land}."
        for answerable in (True, False):
            passages = [holds if answerable else lacks, "Nothing of the kind is written here."]
            rows.append(
                {"question": f"When did the {name} museum open?", "passages": passages, "answerable": answerable}
            )
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_the_whole_path_on_a_tiny_set(tmp_path: Path) -> None:
    for language in ("ar", "en"):
        (tmp_path / f"{language}.json").write_text(json.dumps(squad(language)), encoding="utf-8")
    (tmp_path / "en.jsonl").write_text(nomiracl(), encoding="utf-8")
    said: list[str] = []
    fitted = fit.fit(
        {"ar": tmp_path / "ar.json", "en": tmp_path / "en.json"}, {"en": tmp_path / "en.jsonl"}, said.append
    )
    assert list(fitted["sentence"]) == list(FEATURES)
    for relation in ("same", "cross"):
        weights = dict(fitted[relation])
        assert math.isfinite(weights.pop("bias"))
        assert weights and weights.keys() <= set(SIGNS)
        assert all(weight * fit.DIRECTION[sign] >= 0 for sign, weight in weights.items())
    assert all(math.isfinite(weight) for weight in fitted["sentence"].values())
    assert json.loads(json.dumps(fitted)) == fitted
    first = {line.split("  ")[1]: float(line.split()[5].rstrip(",")) for line in said if line.startswith("answer")}
    assert first.keys() == {cell_name(asked, written) for asked in ("ar", "en") for written in ("ar", "en")}
    assert min(first.values()) >= 0.5
    assert any(line.endswith("nomiracl en") for line in said)
    aurocs = [float(line.split()[1]) for line in said if line.startswith("AUROC")]
    assert len(aurocs) == 4 * 3 + 1
    assert all(0 <= value <= 1 for value in aurocs)


def test_questions_without_answers_are_refused(tmp_path: Path) -> None:
    asked = {"paragraphs": [{"context": "x", "qas": [{"id": "1", "question": "y"}]}]}
    (tmp_path / "x.json").write_text(json.dumps({"data": [asked]}))
    with pytest.raises(SetInvalid, match="a question without an answer"):
        fit.fit({"en": tmp_path / "x.json"}, {}, print)
    with pytest.raises(SetInvalid, match="nowhere"):
        fit.fit({"en": tmp_path / "nowhere.json"}, {}, print)


# ---------------------------------------------------------------- the sentence model


def drawn(rows: int = 150, width: int = 4, seed: int = 5) -> tuple[list[Choice], np.ndarray]:
    """Choices made by known weights."""
    chance = np.random.default_rng(seed)
    truth = np.array([2.0, -1.0, 0.5, 0.0])[:width]
    made = []
    for number in range(rows):
        features = chance.normal(size=(int(chance.integers(2, 6)), width))
        likely = np.exp(features @ truth)
        gold = int(chance.choice(len(features), p=likely / likely.sum()))
        made.append(Choice("en->en", True, number % fit.FOLDS, features, gold))
    return made, truth


def penalised(rows: list[Choice], weights: np.ndarray, ridge: float = 1.0) -> float:
    """The objective by its definition: log likelihood of the choices, less the penalty on standardised weights."""
    scale = np.concatenate([row.features for row in rows]).std(axis=0)
    total = 0.0
    for row in rows:
        scores = [float(features @ weights) for features in row.features]
        total += scores[row.gold] - math.log(sum(math.exp(score) for score in scores))
    return total - 0.5 * ridge * float(((weights * scale) ** 2).sum())


def test_no_weights_near_the_fitted_ones_are_better() -> None:
    rows, truth = drawn()
    weights = fit.fit_choice(rows)
    best = penalised(rows, weights)
    for i in range(len(weights)):
        for step in (-0.05, -0.001, 0.001, 0.05):
            moved = weights.copy()
            moved[i] += step
            assert penalised(rows, moved) < best
    assert weights == pytest.approx(truth, abs=0.5)


def test_questions_without_a_gold_sentence_do_not_count() -> None:
    rows, _ = drawn(40)
    lost = [Choice("en->en", True, 0, row.features * 100, None) for row in rows]
    assert fit.fit_choice([*rows, *lost]) == pytest.approx(fit.fit_choice(rows))


def test_hit_rates_by_hand() -> None:
    features = np.array([[0.0], [1.0], [2.0], [3.0]])
    rows = [
        Choice("a", True, 0, features, 3),  # first
        Choice("a", True, 0, features, 1),  # third
        Choice("a", True, 1, features, 3),  # last, as this fold's weight is negative
        Choice("a", True, 0, features, None),
        Choice("b", True, 0, features, 3),
    ]
    rates = fit.hit_rates(rows, lambda fold: np.array([1.0, -1.0][fold : fold + 1]))
    assert rates == {"a": (0.25, 0.5), "b": (1.0, 1.0)}


# ---------------------------------------------------------------- the confidence models


def row(signs: dict[str, float], answerable: bool, kind: str = "whole", fold: int = 0) -> Judged:
    return Judged("same", "en->en", kind, fold, answerable, np.array([signs.get(name, 0.0) for name in SIGNS]))


def judged(useful: str, misleading: str, rows: int = 60) -> list[Judged]:
    chance = np.random.default_rng(2)
    made = []
    for _ in range(rows):
        for answerable in (True, False):
            signs = {
                useful: fit.DIRECTION[useful] * (answerable + chance.normal() / 2),
                misleading: -fit.DIRECTION[misleading] * (answerable + chance.normal() / 2),
            }
            made.append(row(signs, answerable, "whole" if answerable else "article"))
    return made


@pytest.mark.parametrize(("useful", "misleading"), [("coverage", "names"), ("spread", "sentence"), ("joint", "exact")])
def test_a_sign_that_counts_against_its_meaning_is_dropped(useful: str, misleading: str) -> None:
    rows = judged(useful, misleading)
    weights, bias = fit.fit_confidence(rows)
    told = dict(zip(SIGNS, weights.tolist(), strict=True))
    assert told[useful] * fit.DIRECTION[useful] > 0
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
        *(Judged("same", "people's", "people", 0, answerable, row({"coverage": float(answerable)}, answerable).signs) for answerable in (True, False)),
        Judged("same", "one-sided", "people", 0, True, row({}, True).signs),
    ]  # fmt: skip
    model = np.array([float(name == "coverage") for name in SIGNS]), 0.0
    found = fit.separation(rows, lambda fold: model)
    assert math.isnan(found.pop("one-sided"))
    assert found == {"en->en article withheld": 0.75, "en->en word exchanged": 0.0, "people's": 1.0}


def test_every_sign_has_a_direction() -> None:
    assert fit.DIRECTION.keys() == set(SIGNS)
    assert set(fit.DIRECTION.values()) <= {-1, 0, 1}
