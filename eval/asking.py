"""Which suites a command line asks for, and the files that they are made of."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from eval import fetch, plain, suites
from eval.arguments import HERE
from eval.questions import LANGUAGES, Language, Question, load
from eval.run import Open, article
from eval.sets import SetInvalid
from eval.suites import Task

QUESTIONS, CORPUS = HERE / "data" / "seeds.jsonl", Path("seeds")
Made = tuple[list[Task], list[Path]]


def is_own(arguments: argparse.Namespace) -> bool:
    """Whether the questions or the articles are others than the committed ones."""
    return [p.resolve() for p in (arguments.questions, arguments.corpus)] != [p.resolve() for p in (QUESTIONS, CORPUS)]


def tasks(arguments: argparse.Namespace, opener: Open) -> Made:
    """What is asked, and the files it was made of, in the order of the suites.

    Raises:
        SetInvalid, QuestionsInvalid: a file is broken, or a suite has none.
    """
    made, data = list[Task](), list[Path]()
    for name in _suites(arguments):
        some, files = MAKERS[name](arguments, opener)
        made += some
        data += files
    return made, data


def _suites(arguments: argparse.Namespace) -> list[str]:
    """Those named; else those whose files are given; else the seeds."""
    if arguments.suite:
        return list(dict.fromkeys(arguments.suite))
    files = {
        "xquad": arguments.squad,
        **{name: getattr(arguments, name) for name in MAKERS if hasattr(arguments, name)},
    }
    given = {"seeds": is_own(arguments), **files}
    return [name for name in suites.SUITES if given[name]] or ["seeds"]


def _own(arguments: argparse.Namespace, opener: Open) -> Made:
    languages: Sequence[Language] = [arguments.language] if arguments.language else LANGUAGES
    label = "own" if is_own(arguments) else "seeds"
    task = suites.own(label, arguments.corpus, _read(arguments, opener), languages)
    return [task], [arguments.corpus, arguments.questions]


def _read(arguments: argparse.Namespace, opener: Open) -> list[Question]:
    """The question file, in either format."""
    if not plain.is_plain(arguments.questions):
        return load(arguments.questions)
    with opener(arguments.corpus, arguments.index) as assistant:

        def text_of(file: str) -> str | None:
            found = article(assistant, file)
            return found.text if found else None

        return plain.load(arguments.questions, [one.file for one in assistant.documents()], text_of)


def _xquad(arguments: argparse.Namespace, opener: Open) -> Made:
    files = _named("xquad", "--squad ar=FILE en=FILE", arguments.squad, fetch.XQUAD)
    return list(suites.squad(files)), list(files.values())


def _arcd(arguments: argparse.Namespace, opener: Open) -> Made:
    given: list[tuple[Language, Path]] = [("ar", arguments.arcd)] if arguments.arcd else []
    files = _named("arcd", "--arcd FILE", given, fetch.ARCD)
    return list(suites.squad(files, "arcd")), list(files.values())


def _ntrex(arguments: argparse.Namespace, opener: Open) -> Made:
    if arguments.ntrex is None:
        raise SetInvalid("the suite ntrex needs --ntrex FILE")
    return list(suites.ntrex(arguments.ntrex)), [arguments.ntrex]


def _nomiracl(arguments: argparse.Namespace, opener: Open) -> Made:
    files = _named("nomiracl", "--nomiracl ar=FILE en=FILE", arguments.nomiracl, {})
    return list(suites.nomiracl(files)), list(files.values())


def _beir(arguments: argparse.Namespace, opener: Open) -> Made:
    if not arguments.beir:
        raise SetInvalid("the suite beir needs --beir DIR")
    return list(suites.beir(arguments.beir)), list(arguments.beir)


MAKERS: Mapping[str, Callable[[argparse.Namespace, Open], Made]] = {
    "seeds": _own,
    "xquad": _xquad,
    "arcd": _arcd,
    "ntrex": _ntrex,
    "nomiracl": _nomiracl,
    "beir": _beir,
}
"""By the name of a suite, what makes its tasks of the command line."""


def _named(
    suite: str, option: str, given: Iterable[tuple[Language, Path]], fetched: Mapping[Language, Path]
) -> dict[Language, Path]:
    given = list(given)
    files = dict(given) or {language: path for language, path in fetched.items() if path.exists()}
    if len(files) < len(given):
        raise SetInvalid(f"the suite {suite} was given two files of one language")
    if not files:
        hint = f" (or 'python -m eval fetch {suite}' first)" if fetched else ""
        raise SetInvalid(f"the suite {suite} needs {option}{hint}")
    return files
