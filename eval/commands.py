"""The commands about whole runs: ``run`` with suites or a folder to write to, ``compare``, ``report``, ``fetch``, ``questions``."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console

from assistant import evidence
from assistant.settings import Settings
from eval import (
    asking,
    baselines,
    checking,
    compare,
    failures,
    faithful,
    fetch,
    gates,
    journal,
    judge,
    page,
    parallel,
    report,
    results,
    running,
    tables,
)
from eval.arguments import HERE
from eval.compare import Cell
from eval.manifest import describe, line, manifest
from eval.progress import bar
from eval.questions import LANGUAGES, Language
from eval.records import Asked, Failed, Price, Searched
from eval.run import Open, article
from eval.summary import Measure, summarise

OUT = Path(".isnad") / "report"


def is_whole(arguments: argparse.Namespace) -> bool:
    """Whether ``run`` was given anything that asks for a run in a folder."""
    names = ("suite", "squad", "arcd", "ntrex", "nomiracl", "beir", "baseline", "out", "resume", "price")
    return arguments.judge is not None or any(getattr(arguments, name) for name in names)


def run(arguments: argparse.Namespace, command: Sequence[str], opener: Open) -> int:
    """Ask every suite of every system, keep every row, write the report; exit code as in ``eval.__main__``."""
    console, begin, out = Console(), time.perf_counter(), arguments.out or OUT
    systems = [running.ISNAD, *dict.fromkeys(arguments.baseline)]
    for name in systems[1:]:
        baselines.check(name)
    bounds = _bounds(arguments)
    chosen = Settings.load()
    ask_judge = None if arguments.judge is None else judge.configured(Settings.load(model=arguments.judge or None))
    tasks, data = asking.tasks(arguments, opener)
    settings = describe(chosen)
    for name in ("corpus", "index"):
        settings.pop(name, None)
    facts = manifest(data=data, settings=settings, command=command, seconds=0.0)
    facts["glosses"] = "of quotes from folders; paragraphs of public sets are asked without"
    same = {"data": facts["data"], "settings": settings, "program": facts["versions"], "systems": systems}
    price = Price(*arguments.price) if arguments.price else None
    if price:
        same["price"] = facts["price"] = price._asdict()
    same["suites"] = list(dict.fromkeys(task.suite for task in tasks))
    kept = journal.begin(out, {"same": same, "manifest": facts}, arguments.resume)
    before = journal.read(out)[0].get("manifest", {}).get("seconds", 0.0) if kept else 0.0
    if kept:
        tables.print_plain(console, f"{len(kept)} questions were asked before and are not asked again")
    done = {journal.key(record) for record in kept}
    with journal.opened(out) as writing, bar(running.size(tasks, systems) - len(done)) as progress:
        jobs = arguments.jobs or os.cpu_count() or 1
        real = any(isinstance(task.corpus, Path) for task in tasks)
        checks: parallel.Work = partial(_checked, arguments, opener) if real else tuple
        trials = running.run_all(tasks, systems, opener, arguments.index, writing, done, progress, jobs, checks, price)
    if ask_judge:
        facts["judge"] = _judge(out, ask_judge)
    facts["seconds"] = round(before + time.perf_counter() - begin, 3)
    found = results.of(out)
    summaries = _own_summaries(found, trials)
    verdicts = gates.judge(bounds, summaries)
    plan = {"same": same, "manifest": facts, "gates": [verdict.to_dict() for verdict in verdicts], "bands": _bands()}
    checked = [{name: one.to_dict() for name, one in checking.summarise(trials).items()}] if trials else []
    journal.finish(out, {**plan, "checks": checked})
    found = found._replace(plan={**plan, "checks": checked})
    results.write(out, found)
    page.write(out / page.NAME, found)
    _print(console, found, summaries, verdicts)
    if arguments.failures:
        rows = [row for of in found.rows.values() for row in of.values()]
        asked = [row for row in rows if not isinstance(row, Searched)]
        for paragraph in (*failures.paragraphs(asked), *checking.failures(trials)):
            tables.print_plain(console, f"\n{paragraph}")
    if arguments.json:
        content = {**results.to_dict(found), "rows": journal.read(out)[1]}
        arguments.json.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    tables.print_plain(console, f"\n{line(facts)}\n\nreport: {out / page.NAME}")
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
    shown = [tables.Line(label, cells) for label, cells in compare.lines(tested)]
    tables.table(console, ("", "first", "second", "change", "p", "second is", "questions"), shown)
    tables.print_plain(console, f"\n{compare.note()}")
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


def draft_questions(arguments: argparse.Namespace, opener: Open) -> int:
    """Draft a question set, to be edited by hand."""
    from eval import drafting

    drafting.check(arguments.out)
    with opener(arguments.corpus, arguments.index) as assistant:
        rows = drafting.draft(assistant, arguments.number, arguments.feedback)
    drafting.write(arguments.out, rows)
    print(f"{len(rows)} questions in {arguments.out}: read them, translate, mend, and remove each note when it is done")
    return 0


def _judge(out: Path, ask: judge.Judge) -> str:
    """Have the answers of a run's folder judged that nobody has judged; returns who did."""
    rows = compare.by_cell(journal.read(out)[1])
    kept = judge.read(out)
    done = {(*cell, key) for cell, found in kept.items() for key, one in found.items() if not one.error}
    waiting = sum(judge.judgeable(row) for found in rows.values() for row in found.values()) - len(done)
    with journal.opened(out, journal.JUDGED) as writing, bar(waiting) as progress:
        judge.judge_all(rows, ask, writing, done, progress)
    return ask.name()


def _bands() -> list[float]:
    """The confidences from which an answer is given, and from which it is offered as uncertain."""
    shipped, settings = evidence.shipped_bands(), Settings.load()
    set_ = (settings.answer_threshold, settings.uncertain_threshold)
    return [default if one is None else one for one, default in zip(set_, shipped, strict=True)]


def _bounds(arguments: argparse.Namespace) -> list[gates.Gate]:
    """The committed gates are for the committed questions."""
    if arguments.no_gates or (asking.is_own(arguments) and arguments.gates is None):
        return []
    return gates.load(arguments.gates or HERE / "gates.toml")


def _checked(arguments: argparse.Namespace, opener: Open) -> list[checking.Trial]:
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
        tables.print_plain(console, "\n95 % intervals in brackets\n")
        report.measures_table(console, summaries, verdicts)
    tables.print_plain(console, "")
    report.results_table(console, found.measures)
    if found.tested:
        tables.print_plain(console, f"\nother systems against {running.ISNAD}\n")
        shown = [tables.Line(label, cells) for label, cells in compare.lines(found.tested)]
        tables.table(console, ("", running.ISNAD, "other", "change", "p", "other is", "questions"), shown)
        tables.print_plain(console, compare.note())
    if found.opinion:
        tables.print_plain(
            console,
            f"\nir_measures {found.opinion.version}: {found.opinion.compared} values computed anew, greatest difference "
            f"{found.opinion.greatest:.1e}{'' if found.opinion.agrees else '  DISAGREES'}",
        )
    for said in judge.lines(found.agreed):
        tables.print_plain(console, said)
    report.closing(
        console, verdicts, [(f"{row.question.id} {' '.join(cell)}", row.error) for cell, row in found.failed]
    )


ERRORS = (
    baselines.BaselineUnknown,
    compare.NotComparable,
    fetch.NotFetched,
    journal.JournalInvalid,
    judge.JudgeUnknown,
    parallel.WorkerLost,
)
"""What makes a run impossible as asked, besides what ``eval.__main__`` knows."""

COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "compare": compare_runs,
    "report": report_run,
    "fetch": fetch_set,
}
