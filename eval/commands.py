"""The commands about whole runs: ``run`` with suites or a folder to write to, ``compare``, ``report``, ``fetch``, ``questions``."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast

from rich.console import Console

from assistant import evidence
from assistant.settings import Settings
from eval import (
    baselines,
    checking,
    compare,
    faithful,
    fetch,
    gates,
    journal,
    page,
    parallel,
    plain,
    report,
    results,
    running,
    suites,
)
from eval.arguments import HERE
from eval.compare import Cell
from eval.manifest import describe, line, manifest
from eval.questions import LANGUAGES, Language, Question, load
from eval.records import Asked, Failed, Row
from eval.run import article
from eval.sets import SetInvalid
from eval.summary import Measure, summarise

OUT = Path(".isnad") / "report"
QUESTIONS, CORPUS = HERE / "data" / "seeds.jsonl", Path("seeds")
Bar = Callable[[int], AbstractContextManager[Callable[[int], None]]]


def is_whole(arguments: argparse.Namespace) -> bool:
    """Whether ``run`` was given anything that asks for a run in a folder."""
    names = ("suite", "squad", "ntrex", "nomiracl", "baseline", "out", "resume")
    return any(getattr(arguments, name) for name in names)


def run(arguments: argparse.Namespace, command: Sequence[str], opener: running.Open, bar: Bar) -> int:
    """Ask every suite of every system, keep every row, write the report; exit code as in ``eval.__main__``."""
    console, begin, out = Console(), time.perf_counter(), arguments.out or OUT
    own = [p.resolve() for p in (arguments.questions, arguments.corpus)] != [p.resolve() for p in (QUESTIONS, CORPUS)]
    systems = [running.ISNAD, *dict.fromkeys(arguments.baseline)]
    for name in systems[1:]:
        baselines.check(name)
    bounds = _bounds(arguments, own)
    tasks, data = _tasks(arguments, own, opener)
    settings = describe(Settings.load())
    for name in ("corpus", "index"):
        settings.pop(name, None)
    facts = manifest(data=data, settings=settings, command=command, seconds=0.0)
    same = {"data": facts["data"], "settings": settings, "program": facts["versions"], "systems": systems}
    same["suites"] = list(dict.fromkeys(task.suite for task in tasks))
    kept = journal.begin(out, {"same": same, "manifest": facts}, arguments.resume)
    before = journal.read(out)[0].get("manifest", {}).get("seconds", 0.0) if kept else 0.0
    if kept:
        report.print_plain(console, f"{len(kept)} questions were asked before and are not asked again")
    done = {journal.key(record) for record in kept}
    with journal.opened(out) as writing, bar(running.size(tasks, systems) - len(done)) as progress:
        running.run_all(tasks, systems, opener, arguments.index, writing, done, progress, arguments.jobs)
    trials = _checked(arguments, opener) if any(isinstance(task.corpus, Path) for task in tasks) else []
    facts["seconds"] = round(before + time.perf_counter() - begin, 3)
    found = results.of(out)
    summaries = _own_summaries(found, trials)
    verdicts = gates.judge(bounds, summaries)
    plan = {"same": same, "manifest": facts, "gates": [verdict.to_dict() for verdict in verdicts], "bands": _bands()}
    checks = [{name: one.to_dict() for name, one in checking.summarise(trials).items()}] if trials else []
    journal.finish(out, {**plan, "checks": checks})
    found = found._replace(plan={**plan, "checks": checks})
    results.write(out, found)
    page.write(out / page.NAME, found)
    _print(console, found, summaries, verdicts)
    if arguments.failures:
        rows = [row for of in found.rows.values() for row in of.values()]
        for paragraph in (*report.failures(cast("list[Row]", [r for r in rows if isinstance(r, Asked | Failed)])),
                          *checking.failures(trials)):  # fmt: skip
            report.print_plain(console, f"\n{paragraph}")
    if arguments.json:
        content = {**results.to_dict(found), "rows": journal.read(out)[1]}
        arguments.json.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    report.print_plain(console, f"\n{line(facts)}\n\nreport: {out / page.NAME}")
    wrong = found.opinion is not None and not found.opinion.agrees
    return 1 if wrong or found.failed or any(not verdict.passed for verdict in verdicts) else 0


def compare_runs(arguments: argparse.Namespace) -> int:
    """Print what differs between two runs, or between two systems of one."""
    console = Console()
    first = compare.load(arguments.first)
    if arguments.systems:
        first, second = compare.systems(first, *arguments.systems)
    elif arguments.second is None:
        raise compare.NotComparable("name two runs, or one run and --systems A B")
    else:
        second = compare.load(arguments.second)
    tested = compare.compare(first, second, arguments.measure or compare.HEADLINE)
    shown = [report.Line(label, cells) for label, cells in compare.lines(tested)]
    report.table(console, ("", "first", "second", "change", "p", "second is", "questions"), shown)
    report.print_plain(console, f"\n{compare.note()}")
    if arguments.json:
        content = {"method": compare.note(), "tests": [one.to_dict() for one in tested]}
        arguments.json.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def report_run(arguments: argparse.Namespace) -> int:
    """Write a run's report anew, perhaps beside another run."""
    found = results.of(arguments.folder)
    results.write(arguments.folder, found)
    before = compare.load(arguments.against) if arguments.against else None
    page.write(arguments.folder / page.NAME, found, before)
    print(arguments.folder / page.NAME)
    return 0


def fetch_set(arguments: argparse.Namespace) -> int:
    """Download a public set."""
    wanted = fetch.pinned()[arguments.name]
    for path, digest in fetch.fetch(wanted, arguments.into, arguments.unpinned):
        print(f"{path}  sha256 {digest}")
    print(wanted.licence)
    return 0


def draft_questions(arguments: argparse.Namespace, opener: running.Open) -> int:
    """Draft a question set, to be edited by hand."""
    from eval import drafting

    with opener(arguments.corpus, arguments.index) as assistant:
        rows = drafting.draft(assistant, arguments.number, arguments.feedback)
    drafting.write(arguments.out, rows)
    print(f"{len(rows)} questions in {arguments.out}: read them, translate, mend, and remove each note when it is done")
    return 0


def _bands() -> list[float]:
    """The confidences from which an answer is given, and from which it is offered as uncertain."""
    shipped, settings = evidence.shipped_bands(), Settings.load()
    set_ = (settings.answer_threshold, settings.uncertain_threshold)
    return [default if one is None else one for one, default in zip(set_, shipped, strict=True)]


def _bounds(arguments: argparse.Namespace, own: bool) -> list[gates.Gate]:
    """The committed gates are for the committed questions."""
    if arguments.no_gates or (own and arguments.gates is None):
        return []
    return gates.load(arguments.gates or HERE / "gates.toml")


def _tasks(arguments: argparse.Namespace, own: bool, opener: running.Open) -> tuple[list[suites.Task], list[Path]]:
    """What is asked, and the files it was made of.

    Raises:
        SetInvalid, QuestionsInvalid: a file is broken, or a suite has none.
    """
    names = _suites(arguments, own)
    tasks: list[suites.Task] = []
    data: list[Path] = []
    for name in names:
        if name == "seeds":
            languages: Sequence[Language] = [arguments.language] if arguments.language else LANGUAGES
            label = "own" if own else "seeds"
            tasks.append(suites.own(label, arguments.corpus, _read(arguments, opener), languages))
            data += [arguments.corpus, arguments.questions]
        elif name == "xquad":
            files = _named(name, arguments.squad, fetch.XQUAD)
            tasks += suites.squad(files)
            data += files.values()
        elif name == "nomiracl":
            files = _named(name, arguments.nomiracl, {})
            tasks += suites.nomiracl(files)
            data += files.values()
        else:
            if arguments.ntrex is None:
                raise SetInvalid("the suite ntrex needs --ntrex FILE")
            tasks += suites.ntrex(arguments.ntrex)
            data.append(arguments.ntrex)
    return tasks, data


def _read(arguments: argparse.Namespace, opener: running.Open) -> list[Question]:
    """The question file, in either format."""
    if not plain.is_plain(arguments.questions):
        return load(arguments.questions)
    with opener(arguments.corpus, arguments.index) as assistant:

        def text_of(file: str) -> str | None:
            found = article(assistant, file)
            return found.text if found else None

        return plain.load(arguments.questions, [one.file for one in assistant.documents()], text_of)


def _suites(arguments: argparse.Namespace, own: bool) -> list[str]:
    """Those named; else those whose files are given; else the seeds."""
    if arguments.suite:
        return list(dict.fromkeys(arguments.suite))
    given = {"seeds": own, "xquad": arguments.squad, "ntrex": arguments.ntrex, "nomiracl": arguments.nomiracl}
    return [name for name, files in given.items() if files] or ["seeds"]


def _named(
    suite: str, given: Iterable[tuple[Language, Path]], fetched: Mapping[Language, Path]
) -> dict[Language, Path]:
    given = list(given)
    files = dict(given) or {language: path for language, path in fetched.items() if path.exists()}
    if len(files) < len(given):
        raise SetInvalid(f"the suite {suite} was given two files of one language")
    if not files:
        option = "--squad" if suite == "xquad" else f"--{suite}"
        hint = " (or 'python -m eval fetch xquad' first)" if fetched else ""
        raise SetInvalid(f"the suite {suite} needs {option} ar=FILE en=FILE{hint}")
    return files


def _checked(arguments: argparse.Namespace, opener: running.Open) -> list[checking.Trial]:
    """The checker of written statements, on the statements about these articles."""
    with opener(arguments.corpus, arguments.index) as assistant:
        statements = faithful.read(arguments.statements, lambda file: article(assistant, file))
    languages = [arguments.language] if arguments.language else LANGUAGES
    return list(checking.trials([one for one in statements if one.language in languages]))


def _own_summaries(found: results.Results, trials: Sequence[checking.Trial]) -> dict[Language, dict[str, Measure]]:
    """The measures of a question file by language, with those of the checker."""
    summaries: dict[Language, dict[str, Measure]] = {}
    for suite in ("seeds", "own"):
        for language in LANGUAGES:
            rows = found.rows.get(Cell(suite, running.ISNAD, language))
            if rows:
                asked = [row for row in rows.values() if isinstance(row, Asked | Failed)]
                summaries[language] = summarise(asked)
                if trials:
                    mine = [trial for trial in trials if trial.faithful.language == language]
                    summaries[language] |= checking.summarise(mine)
    return summaries


def _print(
    console: Console,
    found: results.Results,
    summaries: Mapping[Language, Mapping[str, Measure]],
    verdicts: Sequence[gates.Verdict],
) -> None:
    if summaries:
        report.print_plain(console, "\n95 % intervals in brackets\n")
        report.measures_table(console, summaries, verdicts)
    report.print_plain(console, "")
    report.results_table(console, found.measures)
    if found.tested:
        report.print_plain(console, f"\nother systems against {running.ISNAD}\n")
        shown = [report.Line(label, cells) for label, cells in compare.lines(found.tested)]
        report.table(console, ("", running.ISNAD, "other", "change", "p", "other is", "questions"), shown)
        report.print_plain(console, compare.note())
    if found.opinion:
        report.print_plain(
            console,
            f"\nir_measures {found.opinion.version}: {found.opinion.compared} values computed anew, greatest difference "
            f"{found.opinion.greatest:.1e}{'' if found.opinion.agrees else '  DISAGREES'}",
        )
    missed = [verdict for verdict in verdicts if not verdict.passed]
    report.print_plain(console, "")
    for verdict in missed:
        value = "not measured" if verdict.value is None else f"{verdict.value:.4f}"
        text = f"gate missed: {verdict.gate.measure} {verdict.language}: {value} < {verdict.gate.bound:g}"
        report.print_plain(console, text)
    for cell, row in found.failed[:5]:
        report.print_plain(console, f"failed: {row.question.id} {' '.join(cell)}: {row.error}")
    if verdicts and not missed:
        report.print_plain(console, f"all {len(verdicts)} gates passed")


ERRORS = (
    baselines.BaselineUnknown,
    compare.NotComparable,
    fetch.NotFetched,
    journal.JournalInvalid,
    parallel.WorkerLost,
)
"""What makes a run impossible as asked, besides what ``eval.__main__`` knows."""

COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "compare": compare_runs,
    "report": report_run,
    "fetch": fetch_set,
}
