"""What a run asks: a suite is one or several collections, each with its questions.

``seeds`` (or the user's own questions and folder) asks for answers over a real folder; ``xquad`` asks for answers over the
paragraphs of SQuAD-format files, in collections of one language and, with both languages, in mixed ones; ``ntrex`` searches
parallel articles by their headlines; ``nomiracl`` asks each question of its own ten passages, of which people have said
whether they hold an answer; ``arcd`` is like ``xquad``, in Arabic only; ``beir`` searches the documents of BEIR folders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from eval import beir as folders
from eval import sets
from eval.questions import LANGUAGES, Gold, Language, Question
from eval.sets import SetInvalid, Squad, cell_name

SUITES = ("seeds", "xquad", "arcd", "ntrex", "nomiracl", "beir")


class Ask(NamedTuple):
    """A question as it is put: to which cell it counts, in which language, and of which files only (empty: of all)."""

    cell: str
    language: Language
    question: Question
    among: tuple[str, ...] = ()


class Task(NamedTuple):
    """One collection and what is asked of it. ``corpus`` is a folder, or texts by file name. ``answers``: whether answers are
    asked for, or passages only."""

    suite: str
    corpus: Path | Mapping[str, str]
    asks: Sequence[Ask]
    answers: bool = True


def own(suite: str, corpus: Path, questions: Sequence[Question], languages: Sequence[Language]) -> Task:
    """A question file over a folder; a cell for each language, with the questions that are put in it."""
    asks = [Ask(language, language, one) for language in languages for one in questions if language in one.text]
    return Task(suite, corpus, asks)


def squad(paths: Mapping[Language, Path], suite: str = "xquad") -> Iterator[Task]:
    """All pairs of languages, and with two files also the mixed collections.

    Raises:
        SetInvalid: see `eval.sets`.
    """
    read = {language: sets.read_squad(path) for language, path in paths.items()}
    collections = list(sets.by_language(read))
    if len(read) == len(LANGUAGES):
        collections += sets.mixed(read)
    for collection in collections:
        asks = [
            Ask(
                cell_name(query.asked, query.documents, collection.label),
                query.asked,
                _question(query, read[query.documents], collection.texts),
            )
            for query in collection.queries
        ]
        yield Task(suite, collection.texts, asks)


def ntrex(path: Path) -> Iterator[Task]:
    """Raises `SetInvalid`."""
    read = sets.read_parallel(path)
    for collection in sets.by_language(read):
        asks = [
            Ask(
                cell_name(query.asked, query.documents),
                query.asked,
                _question(query, read[query.documents], collection.texts),
            )
            for query in collection.queries
        ]
        yield Task("ntrex", collection.texts, asks, answers=False)


def nomiracl(paths: Mapping[Language, Path]) -> Iterator[Task]:
    """One JSON object a line: ``id``, ``question``, ``passages``, ``answerable``.

    Raises:
        SetInvalid: naming file, line and field.
    """
    for language, path in paths.items():
        texts: dict[str, str] = {}
        asks: list[Ask] = []
        for number, row in sets.rows(path):
            try:
                key, words, passages, answerable = (row[name] for name in ("id", "question", "passages", "answerable"))
            except KeyError as error:
                raise SetInvalid(f"{path}, line {number}: {error.args[0]}: is missing") from None
            if not isinstance(answerable, bool):
                raise SetInvalid(f"{path}, line {number}: answerable: must be true or false")
            if not isinstance(passages, list) or not passages or not all(isinstance(text, str) for text in passages):
                raise SetInvalid(f"{path}, line {number}: passages: must be a list of texts")
            files = tuple(f"{number:04}-{place:02}.txt" for place in range(len(passages)))
            texts |= zip(files, passages, strict=True)
            kind = "fact" if answerable else "judged"
            question = Question(str(key), kind, {language: str(words)}, None, (), open=answerable)
            asks.append(Ask(language, language, question, files))
        yield Task("nomiracl", texts, asks)


def beir(paths: Sequence[Path]) -> Iterator[Task]:
    """BEIR folders, each a collection; a cell for each language of questions and, where there are several, folder.

    Raises:
        SetInvalid: see `eval.beir`.
    """
    for path in paths:
        read = folders.read(path)
        documents = folders.language(read.texts.values())
        label = path.resolve().name if len(paths) > 1 else ""
        asks = []
        for key, one in read.queries.items():
            asked = folders.language([one.text])
            gold = tuple(Gold(file, 0, max(1, len(read.texts[file])), "") for file in one.relevant)
            question = Question(key, "fact", {asked: one.text}, None, gold)
            asks.append(Ask(cell_name(asked, documents, label), asked, question))
        yield Task("beir", read.texts, asks, answers=False)


def _question(query: sets.Query, written: Squad, texts: Mapping[str, str]) -> Question:
    """Its gold is the answer's place in the language of its paragraph, or the whole file where no place is told."""
    told = written.questions[query.id]
    if told.impossible:
        return Question(query.id, "near-miss", {query.asked: query.text}, None, ())
    text = texts[query.gold]
    if told.answer is None or not told.words:
        start = told.answer or 0
        gold: tuple[Gold, ...] = (Gold(query.gold, start, len(text) if told.answer is None else start + 1, ""),)
    else:
        places = ((told.answer, told.words), *told.others)
        gold = tuple(dict.fromkeys(_place(query, start, words, text) for start, words in places))
    answer = {query.asked: told.words} if told.words else None
    return Question(query.id, "fact", {query.asked: query.text}, answer, gold)


def _place(query: sets.Query, start: int, words: str, text: str) -> Gold:
    """Where the words stand: at ``start``, or at the next place to it, for some sets count characters otherwise."""
    found = [match.start() for match in re.finditer(re.escape(words), text)]
    if not found:
        raise SetInvalid(f"question {query.id}: answers: {words!r} does not stand in its paragraph")
    first = min(found, key=lambda at: abs(at - start))
    return Gold(query.gold, first, first + len(words), words)
