"""The command line's words: what each command may be given."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from eval import fetch
from eval.questions import LANGUAGES, Language
from eval.suites import SUITES
from eval.values import SEPARATION, VALUES

HERE = Path(__file__).parent
STATEMENTS = HERE / "data" / "faithful.jsonl"
MEASURES = (*VALUES, SEPARATION)

EXAMPLES = """\
examples:
  python -m eval                                  the seed articles, both languages, gates checked
  python -m eval --failures --language en         read what went wrong with the English questions
  python -m eval --json run.json                  keep every row, with the measures and the manifest
  python -m eval --corpus DIR --questions FILE --no-gates
                                                  your own articles and questions (eval/README.md has the format)
  python -m eval run --questions FILE --corpus DIR --out DIR
                                                  the same with a report to open in a browser
  python -m eval run --squad ar=AR.json en=EN.json --baseline bm25s --out DIR
                                                  answers over public paragraphs, another system beside ours
  python -m eval compare DIR DIR                  what two runs differ in, and what is noise
  python -m eval rank --squad ar=AR.json en=EN.json
                                                  rank the paragraphs of SQuAD-format files, all language pairs
  python -m eval rank --squad ar=AR.json en=EN.json --mixed --ntrex FILE
                                                  also in mixed collections, and articles by their headlines
  python -m eval ablate --squad ar=AR.json en=EN.json --only gloss "general dictionary"
                                                  what these parts of the engine are worth
  python -m eval gloss --ntrex FILE --squad ar=AR.json en=EN.json
                                                  hold the glosses of parallel text against its other side
  python -m eval corruption --ntrex FILE --squad ar=AR.json en=EN.json
                                                  what the checker of written statements notices
  python -m eval bench --articles 500 50000       what indexing and searching cost, at two sizes
options of a command: python -m eval run --help, python -m eval rank --help
exit codes: 0 all well, 1 a gate missed or a question failed, 2 the run could not be made
"""


def squad_argument(text: str) -> tuple[Language, Path]:
    """``ar=FILE`` or ``en=FILE``."""
    language, _, path = text.partition("=")
    if language not in LANGUAGES or not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not ar=FILE or en=FILE")
    return language, Path(path)


def add_sets(command: argparse.ArgumentParser) -> None:
    """The arguments that name what is ranked."""
    command.add_argument(
        "--squad",
        type=squad_argument,
        nargs="+",
        default=[],
        metavar="LANGUAGE=FILE",
        help="ar=FILE, en=FILE or both: the same question ids in each",
    )
    command.add_argument(
        "--mixed", action="store_true", help="also with every second paragraph in the other language, both ways round"
    )
    command.add_argument(
        "--ntrex", type=Path, metavar="FILE", help="parallel articles, found by their headlines (eval/README.md)"
    )


def names_argument(text: str) -> list[str]:
    """``seeds,xquad``: names of suites."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in SUITES]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is no suite; there are {', '.join(SUITES)}")
    return names


def price_argument(text: str) -> float:
    """``0.10``: an amount of money."""
    try:
        amount = float(text)
    except ValueError:
        amount = -1.0
    if not 0 <= amount < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no price; two amounts are wanted, such as 0.10 0.50")
    return amount


def add_whole_run(one: argparse.ArgumentParser) -> None:
    """The arguments of a run that is kept in a folder, with its report."""
    whole = one.add_argument_group("a run in a folder, with its report (any of these asks for one)")
    whole.add_argument("--out", type=Path, metavar="DIR", help="rows, measures, TREC files and report.html")
    whole.add_argument("--resume", action="store_true", help="go on with the run in --out that was cut short")
    whole.add_argument(
        "--jobs", type=int, metavar="N", help="collections asked at the same time (default: one for each processor)"
    )
    whole.add_argument("--suite", type=names_argument, metavar="NAME,…", help=f"of {', '.join(SUITES)}")
    whole.add_argument("--squad", type=squad_argument, nargs="+", default=[], metavar="LANGUAGE=FILE", help="for xquad")
    whole.add_argument("--arcd", type=Path, metavar="FILE", help="for arcd, where it was not fetched")
    whole.add_argument("--ntrex", type=Path, metavar="FILE", help="parallel articles, found by their headlines")
    whole.add_argument("--beir", type=Path, nargs="+", default=[], metavar="DIR", help="folders in the format of BEIR")
    whole.add_argument(
        "--nomiracl", type=squad_argument, nargs="+", default=[], metavar="LANGUAGE=FILE", help="judged passages"
    )
    whole.add_argument(
        "--baseline",
        nargs="+",
        default=[],
        metavar="NAME",
        help="ask others, too: llamaindex-bm25, bm25s, dense, llamaindex-citations (needs a model), or without:PART (see ablate)",
    )
    whole.add_argument(
        "--judge",
        nargs="?",
        const="",
        metavar="MODEL",
        help="have a model judge each answer, beside the rules: this one, or the configured one; it costs calls",
    )
    whole.add_argument(
        "--price",
        type=price_argument,
        nargs=2,
        metavar=("PROMPT", "COMPLETION"),
        help="what a million tokens of the model cost, to be told what a question costs",
    )


def add_run_commands(commands: Any) -> None:
    """The commands about runs that have been made, and about what runs need."""
    two = commands.add_parser("compare", help="two runs: what differs, and what is noise")
    two.add_argument("first", type=Path, metavar="RUN", help="a run's folder, or a --json file of run or rank")
    two.add_argument("second", type=Path, nargs="?", metavar="RUN")
    two.add_argument("--systems", nargs=2, metavar="NAME", help="two systems of the one run instead")
    two.add_argument("--measure", nargs="+", choices=MEASURES, metavar="NAME", help=f"of {', '.join(MEASURES)}")
    two.add_argument("--json", type=Path, metavar="FILE", help="write every test to FILE")
    page = commands.add_parser("report", help="write a run's report anew")
    page.add_argument("folder", type=Path, metavar="DIR", help="the --out of a run")
    page.add_argument("--against", type=Path, metavar="RUN", help="show what differs from this run")
    fetched = commands.add_parser("fetch", help="download a public set from its own repository")
    fetched.add_argument("name", choices=fetch.NAMES, metavar="NAME", help=", ".join(fetch.NAMES))
    fetched.add_argument("--into", type=Path, default=fetch.INTO, metavar="DIR", help=f"default: {fetch.INTO}")
    fetched.add_argument("--unpinned", action="store_true", help="keep files of which no SHA-256 is recorded")
    drafted = commands.add_parser("questions", help="draft a question set for your own articles, to be edited by hand")
    drafted.add_argument("--corpus", type=Path, required=True, metavar="DIR", help="your articles")
    drafted.add_argument("--out", type=Path, required=True, metavar="FILE", help="the question set; must not exist")
    drafted.add_argument("--index", type=Path, default=Path(".isnad") / "eval", metavar="DIR", help="as for run")
    drafted.add_argument("--feedback", type=Path, metavar="FILE", help="also what 'isnad feedback export' wrote")
    drafted.add_argument(
        "--number", type=int, default=20, metavar="N", help="questions made of the articles (default: 20)"
    )


def parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        prog="python -m eval",
        description="Measure the assistant: ask questions with known answers, rank paragraphs with known questions.",
        epilog=EXAMPLES,
        formatter_class=shape,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    one = commands.add_parser(
        "run", help="ask a question set (this is what no command means)", epilog=EXAMPLES, formatter_class=shape
    )
    one.add_argument("--corpus", type=Path, default=Path("seeds"), metavar="DIR", help="articles (default: seeds)")
    one.add_argument(
        "--questions",
        type=Path,
        default=HERE / "data" / "seeds.jsonl",
        metavar="FILE",
        help="question set (default: eval/data/seeds.jsonl)",
    )
    one.add_argument(
        "--index",
        type=Path,
        default=Path(".isnad") / "eval",
        metavar="DIR",
        help="where the index is kept between runs (default: .isnad/eval)",
    )
    one.add_argument("--language", choices=LANGUAGES, help="ask in this language only")
    one.add_argument("--failures", action="store_true", help="print each miss: question, gold, what was quoted")
    one.add_argument("--json", type=Path, metavar="FILE", help="write manifest, measures and every row to FILE")
    one.add_argument("--gates", type=Path, metavar="FILE", help="default: eval/gates.toml")
    one.add_argument("--no-gates", action="store_true", help="measure only; a failed question still fails the run")
    one.add_argument(
        "--statements",
        type=Path,
        default=STATEMENTS,
        metavar="FILE",
        help="true statements to check, if they are about these articles (default: eval/data/faithful.jsonl)",
    )
    add_whole_run(one)
    add_run_commands(commands)
    three = commands.add_parser(
        "corruption", help="check true and falsified statements against what they cite", formatter_class=shape
    )
    three.add_argument("--corpus", type=Path, default=Path("seeds"), metavar="DIR", help="articles (default: seeds)")
    three.add_argument("--index", type=Path, default=Path(".isnad") / "eval", metavar="DIR", help="as for run")
    three.add_argument("--statements", type=Path, default=STATEMENTS, metavar="FILE", help="as for run")
    three.add_argument("--ntrex", type=Path, metavar="FILE", help="also the sentences of parallel articles")
    three.add_argument(
        "--squad", type=squad_argument, nargs="+", default=[], metavar="LANGUAGE=FILE", help="also those of paragraphs"
    )
    three.add_argument(
        "--sample", type=int, metavar="N", help="a random N statements of each set and pair of languages"
    )
    three.add_argument("--failures", action="store_true", help="print each false alarm and each miss")
    three.add_argument("--json", type=Path, metavar="FILE", help="write manifest, measures and every row to FILE")
    page = commands.add_parser("publish", help="put the --json of runs into the README", formatter_class=shape)
    page.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="the --out of a run, or a --json file")
    weights = commands.add_parser("fit", help="fit the evidence models on development sets", formatter_class=shape)
    weights.add_argument("--squad", type=squad_argument, nargs="+", required=True, metavar="LANGUAGE=FILE")
    weights.add_argument("--nomiracl", type=squad_argument, nargs="*", default=[], metavar="LANGUAGE=FILE")
    weights.add_argument("--write", action="store_true", help="replace assistant/data/evidence.json")
    two = commands.add_parser(
        "rank", help="rank the paragraphs of SQuAD-format files", epilog=EXAMPLES, formatter_class=shape
    )
    add_sets(two)
    two.add_argument("--json", type=Path, metavar="FILE", help="write manifest, measures and every row to FILE")
    three = commands.add_parser(
        "gloss", help="hold the glosses of parallel text against its other side", epilog=EXAMPLES, formatter_class=shape
    )
    three.add_argument(
        "--ntrex", type=Path, metavar="FILE", help="documents of aligned sentences, one JSON object a line"
    )
    three.add_argument(
        "--squad", type=squad_argument, nargs=2, default=[], metavar="LANGUAGE=FILE", help="ar=FILE en=FILE, parallel"
    )
    three.add_argument("--json", type=Path, metavar="FILE", help="write manifest, measures and every row to FILE")
    without = commands.add_parser(
        "ablate", help="rank with one part of the engine left out at a time", formatter_class=shape
    )
    add_sets(without)
    without.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="these rows only; a wrong name lists all"
    )
    without.add_argument(
        "--sample", type=int, metavar="N", help="ask a random sample of N questions of --squad, seeded"
    )
    without.add_argument(
        "--json", type=Path, metavar="FILE", help="write manifest and measures to FILE, after every row"
    )
    costs = commands.add_parser(
        "bench", help="measure speed, size and memory beside LlamaIndex's BM25Retriever", formatter_class=shape
    )
    costs.add_argument(
        "--corpus",
        type=Path,
        metavar="DIR",
        help="measure these articles (default: generated ones, half of them Arabic)",
    )
    costs.add_argument(
        "--articles",
        type=int,
        nargs="+",
        default=[500, 5000],
        metavar="N",
        help="sizes of the generated collections, about two passages an article (default: 500 5000, some minutes; "
        "500000 are a million passages, about an hour and 4 GB of disk)",
    )
    costs.add_argument(
        "--questions",
        type=int,
        default=100,
        metavar="N",
        help="searches, half of them in the other language (default: 100)",
    )
    costs.add_argument(
        "--peer-python",
        type=Path,
        metavar="PYTHON",
        help="an interpreter with requirements-bench.txt; without it the assistant is measured alone",
    )
    costs.add_argument("--out", type=Path, metavar="DIR", help="write the plots and tables to DIR/bench.html")
    costs.add_argument(
        "--json", type=Path, metavar="FILE", help="write manifest and measures to FILE, after every size"
    )
    return top
