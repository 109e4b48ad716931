"""The commands that rank and gloss public sets: ``rank``, ``ablate``, ``gloss``."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from eval import gloss, rank, report, sets, tables
from eval.manifest import describe, line, manifest
from eval.progress import bar, write
from eval.questions import LANGUAGES
from eval.run import Evaluated, Open


def rank_files(arguments: argparse.Namespace, command: Sequence[str], opener: Open) -> int:
    """Rank the paragraphs of SQuAD-format files and the articles of parallel ones."""
    console, begin = Console(), time.perf_counter()
    collections = list(asked_for(arguments))
    settings: dict[str, Any] = {}

    @contextmanager
    def opened(corpus: Path, index: Path) -> Iterator[Evaluated]:
        with opener(corpus, index) as assistant:
            settings.update(describe(assistant.settings))
            yield assistant

    with bar(sum(len(collection.queries) for collection in collections)) as progress:
        rows = rank.rank_all(collections, opened, progress)
    cells = rank.summarise(rows)
    facts = manifest(data=files_of(arguments), settings=settings, command=command, seconds=time.perf_counter() - begin)
    tables.print_plain(console, "\nParagraphs as files; 95 % intervals in brackets\n")
    report.cells_table(console, cells)
    failed = [row for row in rows if row.error]
    for row in failed[:5]:
        tables.print_plain(console, f"failed: {row.query.id} {row.cell}: {row.error}")
    tables.print_plain(console, f"\n{line(facts)}")
    if arguments.json:
        measured = {cell: {name: value.to_dict() for name, value in found.items()} for cell, found in cells.items()}
        write(arguments.json, {"manifest": facts, "measures": measured}, [row.to_dict() for row in rows])
    return 1 if failed else 0


def ablate_parts(arguments: argparse.Namespace, command: Sequence[str], opener: Open) -> int:
    """Rank with one part of the engine left out at a time."""
    from assistant.settings import Settings
    from eval import ablate

    console, begin = Console(), time.perf_counter()
    try:
        rows = ablate.chosen(arguments.only)
    except ablate.UnknownPart as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    everywhere, arguments.mixed = (
        arguments.mixed,
        len(arguments.squad) == len(LANGUAGES) and (arguments.mixed or any(part.mixed for part in rows)),
    )
    collections: Sequence[sets.Collection] = list(asked_for(arguments))
    if arguments.sample:
        collections = [ablate.sample(one, arguments.sample) if one.label != "ntrex" else one for one in collections]
    settings = describe(Settings.load())
    results: list[ablate.Result] = []
    facts: dict[str, Any] = {}
    with bar(ablate.asked_of(collections, rows, everywhere)) as progress:
        for result in ablate.ablate(collections, rows, everywhere, progress):
            results.append(result)
            print(f"{len(results)}/{1 + len(rows)} {result.part.name}: {result.seconds:.0f} s", file=sys.stderr)
            facts = manifest(
                data=files_of(arguments), settings=settings, command=command, seconds=time.perf_counter() - begin
            )
            if arguments.json:  # after every row: a long run that is cut short has not been for nothing
                measured = {each.part.name: each.to_dict(results[0]) for each in results}
                write(arguments.json, {"manifest": facts, "noise": report.NOISE, "measures": measured}, [])
    tables.print_plain(console, "\nnDCG@10 (ntrex: R@1) without a part, and the difference to the whole engine;")
    tables.print_plain(console, f"~ a difference below {report.NOISE:g} says nothing\n")
    report.ablation_table(console, results)
    tables.print_plain(console, f"\n{line(facts)}")
    return 0


def gloss_parallel(arguments: argparse.Namespace, command: Sequence[str], opener: Open) -> int:
    """Gloss parallel text and hold it against its other side."""
    console, begin = Console(), time.perf_counter()
    segments: dict[str, list[gloss.Segment]] = {}
    if arguments.ntrex:
        segments["ntrex"] = gloss.read_ntrex(arguments.ntrex)
    if arguments.squad:
        segments["squad"] = gloss.read_squad(dict(arguments.squad))
    if not segments:
        raise sets.SetInvalid("nothing to gloss: name --ntrex FILE, or --squad ar=FILE en=FILE, or both")
    rows = gloss.compare_all(segments)
    cells = gloss.summarise(rows)
    facts = manifest(data=files_of(arguments), settings={}, command=command, seconds=time.perf_counter() - begin)
    tables.print_plain(console, "\nStems of content words, multisets by segment; 95 % intervals in brackets\n")
    report.gloss_table(console, cells)
    tables.print_plain(console, f"\n{line(facts)}")
    if arguments.json:
        measured = {cell: {name: value.to_dict() for name, value in found.items()} for cell, found in cells.items()}
        write(arguments.json, {"manifest": facts, "measures": measured}, [row.to_dict() for row in rows])
    return 0


def asked_for(arguments: argparse.Namespace) -> Iterator[sets.Collection]:
    """The collections that ``--squad``, ``--mixed`` and ``--ntrex`` name."""
    paths = dict(arguments.squad)
    if len(paths) != len(arguments.squad):
        raise sets.SetInvalid("--squad names a language twice")
    if not paths and not arguments.ntrex:
        raise sets.SetInvalid("nothing to rank: name files with --squad, --ntrex or both")
    squad = {language: sets.answerable(sets.read_squad(path)) for language, path in paths.items()}
    yield from sets.by_language(squad)
    if arguments.mixed:
        yield from sets.mixed(squad)
    if arguments.ntrex:
        yield from sets.by_language(sets.read_parallel(arguments.ntrex), "ntrex")


def files_of(arguments: argparse.Namespace) -> list[Path]:
    return [path for _, path in arguments.squad] + ([arguments.ntrex] if arguments.ntrex else [])
