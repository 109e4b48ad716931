"""Fitting the two evidence models of `assistant.evidence` on public development sets, never on the seeds.

``python -m eval fit --squad ar=AR.json en=EN.json --nomiracl ar=AR.jsonl en=EN.jsonl`` prints cross-validated figures and, with
``--write``, replaces ``assistant/data/evidence.json``. The rows come from `eval.recipe`, the models are `eval.choice` (which
sentence) and `eval.confidence` (how sure); `eval.risk` says what a confidence is worth at the bands in force.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from assistant.candidates import FEATURES
from assistant.confidence import SIGNS
from assistant.evidence import shipped_bands
from assistant.quotes import Bands
from eval import risk
from eval.choice import fit_choice, hit_rates
from eval.confidence import aligned, fit_confidence, separation
from eval.questions import Language
from eval.recipe import FOLDS, Choice, Floats, Judged, choices, judged, judged_by_people, opened
from eval.sets import read_squad

TARGET = Path(__file__).parents[1] / "assistant" / "data" / "evidence.json"

# Weights that are set by hand. Of the questions of these sets a dozen ask what something is, and no paragraph describes it by its name:
# nothing can be fitted to that. 3 is about what the best single signs of an answer weigh.
_SET = {"defined": 3.0}


def _chosen_by(rows: Sequence[Choice]) -> Floats:
    fitted = fit_choice(rows)
    return np.array([_SET.get(name, weight) for name, weight in zip(FEATURES, fitted, strict=True)])


def fit(
    squad: Mapping[Language, Path], nomiracl: Mapping[Language, Path], say: Callable[[str], None]
) -> dict[str, Any]:
    """Fit everything, saying cross-validated figures along the way; returns the content of ``evidence.json``.

    Raises:
        SetInvalid: a file cannot be read, or does not say where the answers are.
    """
    with ExitStack() as stack:
        sets = {language: read_squad(path) for language, path in squad.items()}
        assistants = {language: opened(stack, one.paragraphs) for language, one in sets.items()}
        rows = list(choices(assistants, sets))
        sentence = _chosen_by(rows)
        unseen = [_chosen_by([row for row in rows if row.fold != fold]) for fold in range(FOLDS)]
        for cell, (first, three) in sorted(hit_rates(rows, unseen).items()):
            say(f"answer in the first sentence {first:.3f}, in the first three {three:.3f}  {cell}")
        signs = list(judged(assistants, sets, sentence, unseen))
        for language, path in nomiracl.items():
            signs += judged_by_people(stack, path, language, sentence)
    models, bands, expected = {}, Bands(*shipped_bands()), {}
    for relation in ("same", "cross"):
        of = [row for row in signs if row.relation == relation]
        models[relation] = aligned(fit_confidence(of), of)
        parts = [fit_confidence(_but(of, fold)) for fold in range(FOLDS)]
        for name, value in sorted(separation(of, parts).items()):
            say(f"AUROC {value:.3f}  {name}")
        found = risk.risks(of, [aligned(part, _but(of, fold)) for fold, part in enumerate(parts)], bands)
        expected[relation] = risk.to_dict(found)
        for text in risk.lines(relation, found):
            say(text)
    return {
        "source": "python -m eval fit",
        "sentence": {name: round(float(w), 4) for name, w in zip(FEATURES, sentence, strict=True)},
        **{
            relation: {name: round(float(w), 4) for name, w in zip(SIGNS, model.weights, strict=True) if w}
            | {"bias": round(model.bias, 4)}
            for relation, model in models.items()
        },
        "risk": expected,
    }


def _but(rows: Sequence[Judged], fold: int) -> list[Judged]:
    """The rows of all other folds."""
    return [row for row in rows if row.fold != fold]
