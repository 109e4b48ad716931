"""Fitting the evidence models: the whole path on a tiny set."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from assistant.candidates import FEATURES
from assistant.confidence import SIGNS
from eval import confidence, fit
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
        assert all(weight * confidence.DIRECTION[sign] >= 0 for sign, weight in weights.items())
    assert all(math.isfinite(weight) for weight in fitted["sentence"].values())
    assert json.loads(json.dumps(fitted)) == fitted
    risk = fitted["risk"]
    assert [list(kinds) for kinds in risk.values()] == [
        ["off-topic", "same article", "near miss", "all", "judged"],
        ["off-topic", "same article", "near miss", "all"],
    ]
    for bands in (bands for kinds in risk.values() for bands in kinds.values()):
        assert list(bands) == ["answered", "uncertain", "abstained"]
        assert sum(band["share"] for band in bands.values()) == pytest.approx(1, abs=1e-3)
        assert all(
            band["balanced"] is None or 0 <= band["unanswerable"] <= band["balanced"] <= 1 for band in bands.values()
        )
    # What was withheld altogether is told apart even by this tiny set's models.
    assert risk["same"]["off-topic"]["answered"]["balanced"] < 0.5 < risk["same"]["off-topic"]["abstained"]["balanced"]
    told = [line for line in said if line.startswith("risk")]
    assert len(told) == 3 * (5 + 4)
    assert told[0].endswith("  same off-topic answered")
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
