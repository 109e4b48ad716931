"""What the evidence models are fitted on: rows made of public development sets, never of the seeds.

SQuAD-format sets give the sentence model its choices, and the confidence models their synthetic rows: a question as it is,
with its article or only its paragraph withheld, or with one word exchanged. NoMIRACL gives questions with passages that
people have judged. Folds are made of whole articles.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.chat import Assistant
from assistant.evidence import Evidence, Examination, examine
from assistant.language import terms
from assistant.language.questions import asked
from assistant.quotes import select
from assistant.retrieval import EXAMINED
from eval.questions import Language
from eval.sets import Asked, SetInvalid, Squad, cell_name
from eval.sets import rows as read_rows

Floats = npt.NDArray[np.float64]
FOLDS = 6
QUOTED = 3  # the most sentences that an answer quotes, unless it is set otherwise


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
    """A row for the confidence models. ``kind`` is the kind of positive or negative it is.

    ``unseen``: the signs by a sentence model that was fitted without the row's fold. ``right``: whether the sentences
    that model would quote hold the answer; None where nobody has said which sentence holds it.
    """

    relation: str
    cell: str
    kind: str
    fold: int
    answerable: bool
    signs: Floats
    unseen: Floats
    right: bool | None = None


def opened(stack: ExitStack, texts: Mapping[str, str]) -> Assistant:
    """An assistant over these texts in a temporary folder."""
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


def _examined(assistant: Assistant, question: str, among: Callable[[str], bool]) -> Examination | None:
    ranked = assistant.searcher.rank(question, EXAMINED, lambda passage: among(passage.file))
    groups = assistant.searcher.match(question, [item.passage for item in ranked])
    return examine(question, groups, asked(question))


def _gold(examination: Examination, question: Asked) -> int | None:
    assert question.answer is not None
    for candidate in range(len(examination.owners)):
        passage, start, end = examination.span(candidate)
        if passage.file == question.file and start <= question.answer < end:
            return candidate
    return None


def _quotes_answer(examination: Examination, scores: Floats, question: Asked) -> bool:
    quoted = select(Evidence(examination.sentences(scores), 0.0), QUOTED)
    answer = question.answer
    assert answer is not None
    return any(s.passage.file == question.file and s.start <= answer < s.end for s in quoted)


def choices(assistants: Mapping[Language, Assistant], sets: Mapping[Language, Squad]) -> Iterator[Choice]:
    """A row for every question of every language against the paragraphs of every language.

    Raises:
        SetInvalid: a question does not say where its answer is.
    """
    if any(question.answer is None for one in sets.values() for question in one.questions.values()):
        raise SetInvalid("a question without an answer: the sentence model learns from where the answers are")
    for spoken, (_, questions) in sets.items():
        for written, assistant in assistants.items():
            targets = sets[written].questions
            articles = {target.file: target.article for target in targets.values()}
            for key, question in questions.items():
                target = targets[key]
                for whole, among in ((True, _any), (False, _only(articles, target.article))):
                    examination = _examined(assistant, question.text, among)
                    if examination is not None:
                        cell, gold = cell_name(spoken, written), _gold(examination, target)
                        yield Choice(cell, whole, target.article % FOLDS, examination.features, gold)


def judged(
    assistants: Mapping[Language, Assistant],
    sets: Mapping[Language, Squad],
    sentence: Floats,
    unseen: Sequence[Floats],
    seed: int = 1,
) -> Iterator[Judged]:
    """Every question answerable, with its article withheld, with its paragraph withheld, and with a word exchanged.

    ``sentence``: weights of the sentence model, which chooses the sentence that the signs are taken from; ``unseen``: the
    same, by the fold that they were fitted without.
    """
    chance = random.Random(seed)
    for spoken, (_, questions) in sets.items():
        pool = [word.word for question in questions.values() for word in terms.question_words(question.text)]
        for written, assistant in assistants.items():
            targets = sets[written].questions
            articles = {target.file: target.article for target in targets.values()}
            for key, question in questions.items():
                target = targets[key]
                swapped = question.text
                if words := terms.question_words(question.text):
                    out = chance.choice(words)
                    swapped = swapped[: out.start] + chance.choice(pool) + swapped[out.end :]
                article, fold = target.article, target.article % FOLDS
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
                        cell = cell_name(spoken, written)
                        scores = examination.scores(unseen[fold])
                        yield Judged(
                            relation, cell, kind, fold, answerable,
                            signs=examination.signs(examination.scores(sentence)),
                            unseen=examination.signs(scores),
                            right=answerable and _quotes_answer(examination, scores, target),
                        )  # fmt: skip


def judged_by_people(stack: ExitStack, path: Path, language: Language, sentence: Floats) -> Iterator[Judged]:
    """NoMIRACL: each question against its own ten passages, out of one corpus of all of them."""
    rows = [row for _, row in read_rows(path)]
    texts = {f"{i:04}-{k:02}.txt": text for i, row in enumerate(rows) for k, text in enumerate(row["passages"])}
    assistant = opened(stack, texts)
    for i, row in enumerate(rows):
        own = [p for k in range(len(row["passages"])) for p in assistant.passages(f"{i:04}-{k:02}.txt")]
        groups = assistant.searcher.match(row["question"], own)
        examination = examine(row["question"], groups, asked(row["question"]))
        if examination is not None:
            signs = examination.signs(examination.features @ sentence)
            yield Judged(
                "same", "nomiracl " + language, "people", i % FOLDS, bool(row["answerable"]), signs, unseen=signs
            )
