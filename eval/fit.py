"""Fitting the two evidence models of `assistant.evidence` on public development sets, never on the seeds.

``python -m eval fit --squad ar=AR.json en=EN.json --nomiracl ar=AR.jsonl en=EN.jsonl`` prints cross-validated figures and, with
``--write``, replaces ``assistant/data/evidence.json``.

The sentence model is a conditional logit: among the sentences of a question's best passages, the one that holds the
answer is the choice; one weight vector serves all four language pairs. The confidence models (same language, other
language) are logistic. Their negatives are questions whose article, or only whose paragraph, was withheld, questions with
one word exchanged, and NoMIRACL's human-judged ones. A sign may not count against its meaning: a feature that comes out
with the wrong direction is dropped and the rest fitted again.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.candidates import FEATURES
from assistant.chat import Assistant
from assistant.confidence import SIGNS
from assistant.evidence import NOTHING_OF_THE_KIND, Examination, examine
from assistant.language import terms
from assistant.language.questions import asked
from assistant.retrieval import EXAMINED
from eval import measures
from eval.questions import Language
from eval.sets import Asked, SetInvalid, cell_name, read_squad

Floats = npt.NDArray[np.float64]
FOLDS = 6
TARGET = Path(__file__).parents[1] / "assistant" / "data" / "evidence.json"
# Which way each sign may count: 1 for, -1 against, 0 either.
DIRECTION = dict.fromkeys(SIGNS, 1) | dict.fromkeys(
    ("spread", "missing kind", "missing word", "missing name", "exact"), -1
)
# Share of questions about something else that may be answered.
_FALSE = 0.05
# Share of the training mass that the human-judged set has beside the synthetic ones.
_JUDGED = 2.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A question for the sentence model: features of the candidates, and which one holds the answer, if any does.

    ``whole``: sought in the whole collection; otherwise among the paragraphs of its own article, which all are about
    the same thing, as the articles of a folder on one event are.
    """

    cell: str
    whole: bool
    fold: int
    features: Floats
    gold: int | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A row for the confidence models. ``kind`` is the kind of positive or negative it is."""

    relation: str
    cell: str
    kind: str
    fold: int
    answerable: bool
    signs: Floats


def _opened(stack: ExitStack, texts: Mapping[str, str]) -> Assistant:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="isnad-fit-")))
    corpus = folder / "corpus"
    corpus.mkdir()
    for file, text in texts.items():
        (corpus / file).write_bytes(text.encode("utf-8"))
    return stack.enter_context(Assistant.open(corpus=corpus, index=folder / "index"))


def _any(file: str) -> bool:
    return True


def _only(marks: Mapping[str, object], mark: object) -> Callable[[str], bool]:
    """Passages of the files that carry the mark."""
    return lambda file: marks.get(file) == mark


def _without(marks: Mapping[str, object], mark: object) -> Callable[[str], bool]:
    """Passages of all files but those that carry the mark."""
    return lambda file: marks.get(file) != mark


def _examined(
    assistant: Assistant, question: str, among: Callable[[str], bool] = lambda file: True
) -> Examination | None:
    ranked = assistant.searcher.rank(question, EXAMINED, lambda passage: among(passage.file))
    groups = assistant.searcher.match(question, [item.passage for item in ranked])
    return examine(question, groups, asked(question))


def _gold(examination: Examination, question: Asked) -> int | None:
    for candidate in range(len(examination.owners)):
        passage, start, end = examination.span(candidate)
        if passage.file == question.file and question.answer is not None and start <= question.answer < end:
            return candidate
    return None


def choices(assistants: Mapping[Language, Assistant], sets: Mapping[Language, dict[str, Asked]]) -> Iterator[Choice]:
    """A row for every question of every language against the paragraphs of every language."""
    for spoken, questions in sets.items():
        for written, assistant in assistants.items():
            articles = {target.file: target.article for target in sets[written].values()}
            for key, question in questions.items():
                target = sets[written][key]
                for whole, among in ((True, _any), (False, _only(articles, target.article))):
                    examination = _examined(assistant, question.text, among)
                    if examination is not None:
                        cell, gold = cell_name(spoken, written), _gold(examination, target)
                        yield Choice(cell, whole, target.article % FOLDS, examination.features, gold)


def fit_choice(rows: Sequence[Choice], ridge: float = 1.0) -> Floats:
    """Conditional logit by Newton's method with halved steps; the penalty is on standardised features."""
    rows = [row for row in rows if row.gold is not None]
    features = np.concatenate([row.features for row in rows])
    centre, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    features = (features - centre) / scale
    sizes = np.array([len(row.features) for row in rows])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    chosen = starts + np.array([row.gold for row in rows])
    owner = np.repeat(np.arange(len(rows)), sizes)

    def objective(weights: Floats) -> tuple[float, Floats]:
        scores = features @ weights
        top = np.maximum.reduceat(scores, starts)
        exponentials = np.exp(scores - top[owner])
        total = np.add.reduceat(exponentials, starts)
        likelihood = float((scores[chosen] - top - np.log(total)).sum())
        return likelihood - 0.5 * ridge * float(weights @ weights), exponentials / total[owner]

    weights = np.zeros(features.shape[1])
    value, probability = objective(weights)
    for _ in range(60):
        means = np.add.reduceat(features * probability[:, None], starts)
        gradient = features[chosen].sum(axis=0) - means.sum(axis=0) - ridge * weights
        curvature = (features * probability[:, None]).T @ features - means.T @ means + ridge * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        size = 1.0
        while (new := objective(weights + size * step))[0] < value and size > 1e-6:
            size /= 2
        gained = new[0] - value
        weights, (value, probability) = weights + size * step, new
        if gained < 1e-7:
            break
    return np.asarray(weights / scale)


def hit_rates(rows: Sequence[Choice], weights: Callable[[int], Floats]) -> dict[str, tuple[float, float]]:
    """By cell: how often the answer is in the first sentence, and in the first three. ``weights`` by fold."""
    ranks: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if not row.whole:
            continue
        scores = row.features @ weights(row.fold)
        ranks[row.cell].append(10**6 if row.gold is None else int((scores > scores[row.gold]).sum()))
    return {
        cell: (float(np.mean(np.array(found) < 1)), float(np.mean(np.array(found) < 3)))
        for cell, found in ranks.items()
    }


def judged(
    assistants: Mapping[Language, Assistant],
    sets: Mapping[Language, dict[str, Asked]],
    sentence: Floats,
    seed: int = 1,
) -> Iterator[Judged]:
    """Every question answerable, with its article withheld, with its paragraph withheld, and with a word exchanged."""
    chance = random.Random(seed)
    for spoken, questions in sets.items():
        pool = [word.word for question in questions.values() for word in terms.question_words(question.text)]
        for written, assistant in assistants.items():
            articles = {target.file: target.article for target in sets[written].values()}
            for key, question in questions.items():
                target = sets[written][key]
                swapped = question.text
                if words := terms.question_words(question.text):
                    out = chance.choice(words)
                    swapped = swapped[: out.start] + chance.choice(pool) + swapped[out.end :]
                article = target.article
                versions = (
                    ("whole", True, question.text, _any),
                    ("article", False, question.text, _without(articles, article)),
                    ("paragraph", False, question.text, _without({target.file: True}, True)),
                    ("word", False, swapped, _any),
                )
                for kind, answerable, text, among in versions:
                    examination = _examined(assistant, text, among)
                    if examination is not None:
                        relation = "same" if spoken == written else "cross"
                        signs = examination.signs(examination.features @ sentence)
                        yield Judged(relation, cell_name(spoken, written), kind, article % FOLDS, answerable, signs)


def judged_by_people(stack: ExitStack, path: Path, language: Language, sentence: Floats) -> Iterator[Judged]:
    """NoMIRACL: each question against its own ten passages, out of one corpus of all of them."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = {f"{i:04}-{k:02}.txt": text for i, row in enumerate(rows) for k, text in enumerate(row["passages"])}
    assistant = _opened(stack, texts)
    for i, row in enumerate(rows):
        own = [p for k in range(len(row["passages"])) for p in assistant.passages(f"{i:04}-{k:02}.txt")]
        groups = assistant.searcher.match(row["question"], own)
        examination = examine(row["question"], groups, asked(row["question"]))
        if examination is not None:
            signs = examination.signs(examination.features @ sentence)
            yield Judged("same", "nomiracl " + language, "people", i % FOLDS, bool(row["answerable"]), signs)


def fit_confidence(rows: Sequence[Judged], ridge: float = 1.0) -> tuple[Floats, float]:
    """Weights and bias; every kind of row balanced, signs of the wrong direction dropped one by one, worst first."""
    groups: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        groups[row.cell, row.kind, row.answerable].append(i)
    mass = np.zeros(len(rows))
    for (_, kind, answerable), members in groups.items():
        mass[members] = (_JUDGED if kind == "people" else 3.0 if answerable else 1.0) / len(members)
    mass *= len(rows) / mass.sum()
    signs, truth = np.array([row.signs for row in rows]), np.array([row.answerable for row in rows], dtype=np.float64)
    centre, scale = signs.mean(axis=0), signs.std(axis=0) + 1e-9
    standard = np.column_stack([(signs - centre) / scale, np.ones(len(rows))])
    kept = list(range(len(SIGNS)))
    while True:
        columns = [*kept, len(SIGNS)]
        weights = _logistic(standard[:, columns], truth, mass, ridge)
        wrong = {i: float(w) * DIRECTION[SIGNS[i]] for i, w in zip(kept, weights, strict=False)}
        worst = min(wrong, key=lambda i: wrong[i])
        if wrong[worst] >= 0:
            break
        kept.remove(worst)
    full = np.zeros(len(SIGNS))
    full[kept] = weights[:-1] / scale[kept]
    return full, float(weights[-1] - full @ centre)


def _aligned(model: tuple[Floats, float], rows: Sequence[Judged]) -> tuple[Floats, float]:
    """The model with its bias moved so that a share `_FALSE` of questions whose article is missing reach one half.

    The two relations are fitted on different negatives; this makes their confidences mean the same thing.
    """
    weights, bias = model
    missing = SIGNS.index("missing kind")
    logits = [
        float(row.signs @ weights) + bias - NOTHING_OF_THE_KIND * float(row.signs[missing])
        for row in rows
        if row.kind == "article"
    ]
    return weights, bias - float(np.quantile(logits, 1 - _FALSE))


def _logistic(features: Floats, truth: Floats, mass: Floats, ridge: float) -> Floats:
    weights = np.zeros(features.shape[1])
    penalty = ridge * np.eye(len(weights))
    penalty[-1, -1] = 0
    for _ in range(50):
        likely = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (mass * (truth - likely)) - penalty @ weights
        curvature = (features * (mass * likely * (1 - likely))[:, None]).T @ features + penalty
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def separation(rows: Sequence[Judged], models: Callable[[int], tuple[Floats, float]]) -> dict[str, float]:
    """AUROC by cell and kind of negative. ``models`` by fold."""
    scores: dict[tuple[str, str], list[tuple[bool, float]]] = defaultdict(list)
    for row in rows:
        weights, bias = models(row.fold)
        scores[row.cell, row.kind].append((row.answerable, float(row.signs @ weights + bias)))
    result = {}
    for (cell, kind), pairs in scores.items():
        if kind == "people":
            result[cell] = _auroc(pairs)
        elif kind != "whole":
            result[f"{cell} {kind} withheld" if kind != "word" else f"{cell} word exchanged"] = _auroc(
                [*scores[cell, "whole"], *pairs]
            )
    return result


def _auroc(pairs: Sequence[tuple[bool, float]]) -> float:
    value = measures.auroc([score for truth, score in pairs if truth], [score for truth, score in pairs if not truth])
    return float("nan") if value is None else value


def fit(
    squad: Mapping[Language, Path], nomiracl: Mapping[Language, Path], say: Callable[[str], None]
) -> dict[str, Any]:
    """Fit everything, saying cross-validated figures along the way; returns the content of ``evidence.json``.

    Raises:
        SetInvalid: a file cannot be read, or does not say where the answers are.
    """
    with ExitStack() as stack:
        read = {language: read_squad(path) for language, path in squad.items()}
        if any(question.answer is None for _, questions in read.values() for question in questions.values()):
            raise SetInvalid("a question without an answer: the sentence model learns from where the answers are")
        assistants = {language: _opened(stack, paragraphs) for language, (paragraphs, _) in read.items()}
        sets = {language: questions for language, (_, questions) in read.items()}
        rows = list(choices(assistants, sets))
        sentence = fit_choice(rows)
        folded = [fit_choice([row for row in rows if row.fold != fold]) for fold in range(FOLDS)]
        for cell, (one, three) in sorted(hit_rates(rows, lambda fold: folded[fold]).items()):
            say(f"answer in the first sentence {one:.3f}, in the first three {three:.3f}  {cell}")
        signs = list(judged(assistants, sets, sentence))
        for language, path in nomiracl.items():
            signs += judged_by_people(stack, path, language, sentence)
    models = {}
    for relation in ("same", "cross"):
        of = [row for row in signs if row.relation == relation]
        models[relation] = _aligned(fit_confidence(of), of)
        parts = [fit_confidence([row for row in of if row.fold != fold]) for fold in range(FOLDS)]
        for name, value in sorted(separation(of, lambda fold, parts=parts: parts[fold]).items()):  # type: ignore[misc]
            say(f"AUROC {value:.3f}  {name}")
    return {
        "source": "python -m eval fit",
        "sentence": {name: round(float(w), 4) for name, w in zip(FEATURES, sentence, strict=True)},
        **{
            relation: {name: round(float(w), 4) for name, w in zip(SIGNS, weights, strict=True) if w}
            | {"bias": round(bias, 4)}
            for relation, (weights, bias) in models.items()
        },
    }
