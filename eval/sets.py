"""Public test sets, and the collections that are made of them.

Two formats are read here: SQuAD's JSON, one file a language, the same question ids in each; and parallel documents (NTREX),
one JSON object a line with ``id``, ``ar`` and ``en``, each a list of sentences, whose first sentence, the headline, is
what is asked for the rest. `eval.beir` reads folders of BEIR.

A `Collection` is a folder to be indexed and the questions that are asked of it. Its cells are pairs of a question's
language and the language of the paragraph that answers it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from eval.lines import lines
from eval.questions import LANGUAGES, Language


class SetInvalid(Exception):
    """A file is not in its format, or the files of two languages do not belong together."""


class Asked(NamedTuple):
    """A question: its words, the file of its paragraph, the article that belongs to, where its answer begins, and the
    answer's words, "" when they are not told. ``others`` are further answers, with their places. ``impossible``: the
    paragraph does not answer it (SQuAD 2.0)."""

    text: str
    file: str
    article: int
    answer: int | None
    words: str = ""
    others: tuple[tuple[int, str], ...] = ()
    impossible: bool = False


class Squad(NamedTuple):
    """One language of a set: ``paragraphs`` by file name, ``questions`` by id."""

    paragraphs: dict[str, str]
    questions: dict[str, Asked]


class Query(NamedTuple):
    """A question of a collection; ``gold`` is the file that answers it, in the language ``documents``."""

    id: str
    asked: Language
    documents: Language
    text: str
    gold: str


class Collection(NamedTuple):
    """Texts by file name, and what is asked of them. ``label`` tells its cells from those of other collections."""

    label: str
    texts: dict[str, str]
    queries: list[Query]


def rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON objects of a file that has one a line, each with the line's number; blank lines are skipped.

    Raises:
        SetInvalid: naming file and line.
    """
    for number, line in lines(path, SetInvalid):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise SetInvalid(f"{path}, line {number}: not JSON: {error}") from None
        if not isinstance(row, dict):
            raise SetInvalid(f"{path}, line {number}: not a JSON object")
        yield number, row


def cell_name(asked: Language, documents: Language, label: str = "") -> str:
    """``ar→en``: Arabic questions, English paragraphs; ``ar→en mixed`` in the collection of that label."""
    return f"{asked}→{documents} {label}".rstrip()


def read_squad(path: Path) -> Squad:
    """Raises `SetInvalid`, naming the file and the field."""
    read = Squad({}, {})
    try:
        for number, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
            for paragraph in article["paragraphs"]:
                file = f"{len(read.paragraphs):05}.txt"
                read.paragraphs[file] = paragraph["context"]
                for question in paragraph["qas"]:
                    if question["id"] in read.questions:
                        raise SetInvalid(f"{path}: the question id {question['id']} occurs twice")
                    answers = question.get("answers") or [{"answer_start": None}]
                    places = dict.fromkeys((one["answer_start"], str(one.get("text", ""))) for one in answers)
                    (start, words), *more = places
                    others = tuple(place for place in more if place[1])
                    read.questions[question["id"]] = Asked(
                        question["question"],
                        file,
                        number,
                        start,
                        words,
                        others,
                        bool(question.get("is_impossible")),
                    )
    except (OSError, ValueError) as error:
        raise SetInvalid(f"{path} cannot be read: {error}") from error
    except (AttributeError, KeyError, TypeError) as error:
        raise SetInvalid(f"{path} is not in SQuAD's format: {type(error).__name__} {error}") from error
    if not read.questions:
        raise SetInvalid(f"{path} holds no question")
    return read


def read_parallel(path: Path) -> dict[Language, Squad]:
    """Parallel documents: the headline is the question, the rest of the document its file.

    Raises:
        SetInvalid: the message names the line.
    """
    read: dict[Language, Squad] = {language: Squad({}, {}) for language in LANGUAGES}
    documents = 0
    for number, row in rows(path):
        file = f"{number - 1:05}.txt"
        for language, (paragraphs, questions) in read.items():
            sentences = row.get(language)
            if not isinstance(sentences, list) or not all(isinstance(one, str) for one in sentences):
                raise SetInvalid(f"{path}, line {number}: {language}: must be a list of sentences")
            if len(sentences) < 2:
                raise SetInvalid(f"{path}, line {number}: {language}: a document of one sentence")
            headline, *rest = sentences
            paragraphs[file] = "\n".join(rest)
            questions[str(row.get("id"))] = Asked(headline, file, number - 1, None)
        documents += 1
    if not documents:
        raise SetInvalid(f"{path} holds no document")
    if any(len(one.questions) != documents for one in read.values()):
        raise SetInvalid(f"{path}: an id occurs twice")
    return read


def answerable(squad: Squad) -> Squad:
    """Without the questions that their paragraph does not answer: for ranking, where nothing could be right."""
    return squad._replace(questions={key: one for key, one in squad.questions.items() if not one.impossible})


def by_language(sets: Mapping[Language, Squad], label: str = "") -> Iterator[Collection]:
    """A collection for the paragraphs of each language, asked the questions of every language.

    Raises:
        SetInvalid: a question of one language has no paragraph in another.
    """
    for documents, written in sets.items():
        queries = []
        for asked, spoken in sets.items():
            if missing := spoken.questions.keys() - written.questions.keys():
                raise SetInvalid(f"question {min(missing)} of {asked} is not in the file of {documents}")
            queries += [
                Query(key, asked, documents, question.text, written.questions[key].file)
                for key, question in spoken.questions.items()
            ]
        yield Collection(label, written.paragraphs, queries)


def mixed(sets: Mapping[Language, Squad]) -> Iterator[Collection]:
    """Two collections with every second paragraph in the other language: odd ones Arabic, then even ones Arabic.

    Every question is asked of both in both languages, so that each cell holds every question once.

    Raises:
        SetInvalid: there are not two languages, or they do not hold the same questions about the same paragraphs.
    """
    if sets.keys() != set(LANGUAGES):
        raise SetInvalid("a mixed collection needs the files of both languages, ar=FILE and en=FILE")
    places = [{key: question.file for key, question in one.questions.items()} for one in sets.values()]
    if places[0] != places[1] or sets["ar"].paragraphs.keys() != sets["en"].paragraphs.keys():
        raise SetInvalid("a mixed collection needs the same questions about the same paragraphs in both files")
    files = sorted(sets["ar"].paragraphs)
    for order in (LANGUAGES, LANGUAGES[::-1]):  # the first paragraph is an odd one
        language = {file: order[number % 2] for number, file in enumerate(files)}
        texts = {file: sets[language[file]].paragraphs[file] for file in files}
        queries = [
            Query(key, asked, documents, question.text, question.file)
            for documents in sets
            for asked, spoken in sets.items()
            for key, question in spoken.questions.items()
            if language[question.file] == documents
        ]
        yield Collection("mixed", texts, queries)
