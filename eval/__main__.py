"""``python -m eval``: the command line of the evaluation. Exit codes: 0 all well, 1 a gate missed or a question failed,
2 the run could not be made as asked."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from assistant.errors import IsnadError
from eval import checking, commands, failures, faithful, gates, plain, publish, rankings, report, sets, tables
from eval.arguments import HERE, parser
from eval.manifest import describe, line, manifest
from eval.progress import bar, write
from eval.questions import LANGUAGES, Language, QuestionsInvalid, load
from eval.records import Failed
from eval.run import Open, QuestionsMisplaced, article, ask_all, check, open_assistant
from eval.summary import summarise


def main(argv: Sequence[str] | None = None, opener: Open = open_assistant) -> int:
    """Run one command and return its exit code. ``opener`` makes the assistant that is measured."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = parser().parse_args(
        words if words[:1] in [[name] for name in (*COMMANDS, "-h", "--help")] else ["run", *words]
    )
    command = ["python", "-m", "eval", *words]
    try:
        return COMMANDS[arguments.command](arguments, command, opener)
    except (
        IsnadError,
        QuestionsInvalid,
        QuestionsMisplaced,
        gates.GatesInvalid,
        sets.SetInvalid,
        publish.Unpublishable,
        *commands.ERRORS,
    ) as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("eval: interrupted", file=sys.stderr)
        return 130


def run(arguments: argparse.Namespace, command: Sequence[str], opener: Open) -> int:
    """Ask a question set, print the measures, judge them."""
    if commands.is_whole(arguments) or plain.is_plain(arguments.questions):
        return commands.run(arguments, command, opener)
    console, begin = Console(), time.perf_counter()
    questions = load(arguments.questions)
    bounds = [] if arguments.no_gates else gates.load(arguments.gates or HERE / "gates.toml")
    languages: Sequence[Language] = [arguments.language] if arguments.language else LANGUAGES
    with opener(arguments.corpus, arguments.index) as assistant:
        check(assistant, questions)
        with bar(len(questions) * len(languages)) as progress:
            rows = ask_all(assistant, questions, languages, progress)
        statements = faithful.read(arguments.statements, lambda file: article(assistant, file))
        settings = describe(assistant.settings)
    summaries = {language: summarise([row for row in rows if row.language == language]) for language in languages}
    trials = list(checking.trials([one for one in statements if one.language in languages]))
    for language in languages if trials else ():
        summaries[language] |= checking.summarise([one for one in trials if one.faithful.language == language])
    verdicts = gates.judge(bounds, summaries)
    facts = manifest(
        data=(arguments.corpus, arguments.questions),
        settings=settings,
        command=command,
        seconds=time.perf_counter() - begin,
    )
    answerable = sum(question.answerable for question in questions)
    title = f"{len(questions)} questions, {answerable} answerable, over {arguments.corpus}; 95 % intervals in brackets"
    tables.print_plain(console, f"\n{title}\n")
    report.measures_table(console, summaries, verdicts)
    if arguments.failures:
        for paragraph in (*failures.paragraphs(rows), *checking.failures(trials)):
            tables.print_plain(console, f"\n{paragraph}")
    missed = [verdict for verdict in verdicts if not verdict.passed]
    failed = [row for row in rows if isinstance(row, Failed)]
    report.closing(console, verdicts, [(f"{row.question.id} {row.language}", row.error) for row in failed])
    tables.print_plain(console, f"\n{line(facts)}")
    if arguments.json:
        measured = {
            language: {name: measure.to_dict() for name, measure in summary.items()}
            for language, summary in summaries.items()
        }
        judged = [verdict.to_dict() for verdict in verdicts]
        head = {"manifest": facts, "measures": measured, "gates": judged}
        checks = {"checks": [one.to_dict() for one in trials]} if trials else {}
        write(arguments.json, {**head, **checks}, [row.to_dict() for row in rows])
    return 1 if missed or failed else 0


def check_corrupted(arguments: argparse.Namespace, command: Sequence[str], opener: Open) -> int:
    """Check true and falsified statements: hand-written ones, and the sentences of parallel texts."""
    console, begin = Console(), time.perf_counter()
    with opener(arguments.corpus, arguments.index) as assistant:
        given = {"written": faithful.read(arguments.statements, lambda file: article(assistant, file))}
        settings = describe(assistant.settings)
    if arguments.ntrex:
        given["ntrex"] = list(faithful.parallel(faithful.ntrex(arguments.ntrex), titled=True))
    if arguments.squad:
        files = {language: sets.read_squad(path) for language, path in arguments.squad}
        given["squad"] = list(faithful.parallel(faithful.squad(files), titled=False))
    cells: dict[str, list[faithful.Faithful]] = {}
    for name, statements in given.items():
        for one in statements:
            cells.setdefault(f"{name} {one.cell}", []).append(one)
    if arguments.sample:
        cells = {cell: checking.sample(statements, arguments.sample) for cell, statements in cells.items()}
    found: dict[str, list[checking.Trial]] = {}
    with bar(len(cells)) as progress:
        for cell, statements in cells.items():
            found[cell] = list(checking.trials(statements))
            progress(len(found))
    measured = {cell: checking.summarise(trials) for cell, trials in found.items()}
    data = (arguments.corpus, arguments.statements, *rankings.files_of(arguments))
    facts = manifest(data=data, settings=settings, command=command, seconds=time.perf_counter() - begin)
    tables.print_plain(
        console, "\nStatements checked against what they cite: true ones, and the same with one thing changed\n"
    )
    report.checks_table(console, measured)
    if arguments.failures:
        for paragraph in checking.failures([one for trials in found.values() for one in trials]):
            tables.print_plain(console, f"\n{paragraph}")
    tables.print_plain(console, f"\n{line(facts)}")
    if arguments.json:
        shown = {cell: {name: value.to_dict() for name, value in each.items()} for cell, each in measured.items()}
        rows = [{"set": cell, **one.to_dict()} for cell, trials in found.items() for one in trials]
        write(arguments.json, {"manifest": facts, "measures": shown}, rows)
    return 0


def fit_weights(arguments: argparse.Namespace, command: Sequence[str], opener: Open) -> int:
    """Fit the evidence models and, if asked, put the weights in place."""
    from eval import fit

    fitted = fit.fit(dict(arguments.squad), dict(arguments.nomiracl), lambda text: print(text, flush=True))
    if arguments.write:
        bands = json.loads(fit.TARGET.read_text(encoding="utf-8"))["bands"]
        fit.TARGET.write_text(json.dumps({**fitted, "bands": bands}, indent=1) + "\n", encoding="utf-8")
    else:
        print(json.dumps(fitted, indent=1))
    return 0


def measure_costs(arguments: argparse.Namespace, command: Sequence[str], opener: Open) -> int:
    """Measure speed, size and memory, of generated collections or of a folder."""
    from assistant.settings import Settings
    from eval import bench, bench_page, generated

    console, begin, costs = Console(), time.perf_counter(), list[bench.Cost]()
    told = Console(stderr=True)
    facts: dict[str, Any] = {}
    try:
        for size in [0] if arguments.corpus else sorted(arguments.articles):
            with (
                tempfile.TemporaryDirectory(prefix="isnad-bench-") as scratch,
                told.status("writing articles") as status,
            ):
                folder = arguments.corpus or Path(scratch)
                if not arguments.corpus:
                    generated.write(folder, size)
                found = list(bench.bench(folder, arguments.questions, arguments.peer_python, status.update))
            costs += found
            tables.print_plain(console, "")
            report.costs_table(console, found)
            facts = manifest(
                data=[arguments.corpus] if arguments.corpus else [],
                settings=describe(Settings.load()),
                command=command,
                seconds=time.perf_counter() - begin,
            )
            # After every size: the largest takes longest, and may be more than the machine can take.
            if arguments.json:
                arguments.json.parent.mkdir(parents=True, exist_ok=True)
                write(arguments.json, {"manifest": facts}, bench.record(costs))
            if arguments.out:
                bench_page.write(arguments.out, costs, line(facts))
    except (bench.BenchFailed, ValueError) as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    report.growth_table(console, costs)
    tables.print_plain(console, f"\n{line(facts)}")
    if arguments.out:
        tables.print_plain(console, f"plots: {arguments.out / bench_page.NAME}")
    return 0


def publish_results(arguments: argparse.Namespace, command: Sequence[str], opener: Open) -> int:
    """Put the results of earlier runs into the README."""
    publish.publish(arguments.runs)
    return 0


COMMANDS: Mapping[str, Callable[[argparse.Namespace, Sequence[str], Open], int]] = {
    "run": run,
    "rank": rankings.rank_files,
    "corruption": check_corrupted,
    "ablate": rankings.ablate_parts,
    "gloss": rankings.gloss_parallel,
    "fit": fit_weights,
    "bench": measure_costs,
    "publish": publish_results,
    "questions": lambda arguments, command, opener: commands.draft_questions(arguments, opener),
    **{
        name: lambda arguments, command, opener: commands.COMMANDS[arguments.command](arguments)
        for name in commands.COMMANDS
    },
}


if __name__ == "__main__":
    sys.exit(main())
