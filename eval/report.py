"""What is printed of results: which measures stand in which table, under which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from eval.gates import Verdict
from eval.questions import Language
from eval.summary import Measure
from eval.tables import Line, aligned, number, print_plain, show, table

if TYPE_CHECKING:
    from eval.ablate import Result
    from eval.bench import Cost
    from eval.compare import Cell

NOISE = 0.004
"""A smaller difference between two engines says nothing: so much comes and goes with any change."""

NAMES: Mapping[Language, str] = {"ar": "Arabic questions", "en": "English questions"}

LAYOUT: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Retrieval",
        (
            ("gold file first", "gold_file_first"),
            ("gold passage in first 5", "gold_passage_at_5"),
            ("nDCG@10 of files", "file_ndcg_at_10"),
            ("MRR of files", "file_mrr"),
        ),
    ),
    (
        "Evidence",
        (
            ("quote 1 from a gold file", "gold_file_quoted_first"),
            ("in quote 1", "evidence_at_1"),
            ("in quotes 1 to 3", "evidence_at_3"),
            ("in quote 1, answered only", "evidence_at_1_strict"),
            ("in quotes 1 to 3, answered only", "evidence_at_3_strict"),
            ("quote 1 and the evidence, F1", "evidence_f1"),
            ("quotes that hold evidence", "citation_precision"),
            ("answers with a quote that does", "citation_recall"),
            ("F1 of the two", "citation_f1"),
        ),
    ),
    (
        "Answers",
        (
            ("expected words in what was said", "answer_contained"),
            ("F1 of the words", "answer_f1"),
            ("statements of a model supported", "lexical_support"),
        ),
    ),
    (
        "Questions by style",
        (
            ("gold file first, plain", "gold_file_first_plain"),
            ("gold file first, paraphrase", "gold_file_first_paraphrase"),
            ("in quotes 1 to 3, plain", "evidence_at_3_plain"),
            ("in quotes 1 to 3, paraphrase", "evidence_at_3_paraphrase"),
        ),
    ),
    (
        "Citations and language",
        (("quote is the file's text", "citation_validity"), ("answer in the question's language", "language_match")),
    ),
    (
        "Checks of written statements (lexical support)",
        (
            ("true statements let pass", "faithful_supported"),
            ("false ones noticed", "corruption_detected"),
            ("  another number", "corruption_number"),
            ("  another date", "corruption_date"),
            ("  another name", "corruption_name"),
            ("  a negation put in or taken out", "corruption_negation"),
            ("  a neighbouring sentence cited", "corruption_swap"),
        ),
    ),
    (
        "Abstention",
        (
            ("AUROC of confidence", "auroc"),
            ("  against near misses", "auroc_near_miss"),
            ("  against off-topic", "auroc_off_topic"),
            ("answerable: answered", "answerable_answered"),
            ("  uncertain", "answerable_uncertain"),
            ("  abstained (error rate)", "error_rate"),
            ("unanswerable: abstained", "unanswerable_abstained"),
            ("  uncertain", "unanswerable_uncertain"),
            ("  answered (hallucination rate)", "hallucination_rate"),
        ),
    ),
    (
        "Running",
        (
            ("latency, median", "latency_median_ms"),
            ("latency, 95th percentile", "latency_p95_ms"),
            ("tokens a question", "tokens_mean"),
            ("cost a question", "cost_mean"),
            ("failed questions", "errors"),
        ),
    ),
)


def measures_table(
    console: Console, summaries: Mapping[Language, Mapping[str, Measure]], verdicts: Sequence[Verdict]
) -> None:
    """A column per language, the gates in the last one."""
    bounds = {verdict.gate.measure: verdict.gate.bound for verdict in verdicts}
    missed = {(verdict.gate.measure, verdict.language) for verdict in verdicts if not verdict.passed}
    lines: list[Line] = []
    for title, entries in LAYOUT:
        shown = []
        for label, name in entries:
            found = [summary.get(name, Measure(None, 0)) for summary in summaries.values()]
            if name not in bounds and all(one.value is None for one in found):
                continue  # a measure of something this set does not have
            cells = tuple(aligned(show(name, one)) for one in found)
            gate = f"≥ {number(name, bounds[name]):>7}" if name in bounds else ""
            failed = tuple((name, language) in missed for language in summaries)
            shown.append(Line("  " + label, (*cells, gate), (*failed, False)))
        lines += [Line(title), *shown] if shown else []
    table(console, ("", *(NAMES[language] for language in summaries), "gate" if bounds else ""), lines)


def cells_table(console: Console, cells: Mapping[str, Mapping[str, Measure]]) -> None:
    """A row per language cell of a ranking run."""
    names = ("ndcg_at_10", "recall_at_1", "recall_at_5", "errors")
    lines = [
        Line(cell, (*(show(name, found[name]) for name in names), str(found["errors"].n)))
        for cell, found in cells.items()
    ]
    table(console, ("question→document", "nDCG@10", "R@1", "R@5", "errors", "questions"), lines)


def results_table(console: Console, measured: Mapping[Cell, Mapping[str, Measure]]) -> None:
    """A row per suite, cell and system, with the measures that say most."""
    names = (
        "file_ndcg_at_10",
        "gold_file_first",
        "evidence_at_3",
        "answer_contained",
        "auroc",
        "error_rate",
        "hallucination_rate",
    )
    lines = []
    for suite, place in dict.fromkeys((cell.suite, cell.cell) for cell in measured):
        lines.append(Line(f"{suite} · {place}"))
        for cell, found in measured.items():
            if (cell.suite, cell.cell) == (suite, place):
                cells = tuple(show(name, found[name]) if name in found else "" for name in names)
                failed = found["errors"]
                lines.append(Line(f"  {cell.system}", (*cells, str(int(failed.value or 0)), str(failed.n))))
    head_line = (
        "",
        "nDCG@10",
        "gold file first",
        "in quotes 1 to 3",
        "words in answer",
        "AUROC",
        "error rate",
        "hallucination",
        "failed",
        "n",
    )
    table(console, head_line, lines)


def gloss_table(console: Console, cells: Mapping[str, Mapping[str, Measure]]) -> None:
    """A row per parallel set and direction."""
    lines = [Line(cell, tuple(show(name, measure) for name, measure in found.items())) for cell, found in cells.items()]
    table(console, ("text→reader", "recall", "precision", "300 words"), lines)


def checks_table(console: Console, cells: Mapping[str, Mapping[str, Measure]]) -> None:
    """A row per set and language cell of a corruption run; in parentheses, over how many."""
    lines = [
        Line(
            cell,
            tuple("–" if one.value is None else f"{number(name, one.value)} ({one.n})" for name, one in found.items()),
        )
        for cell, found in cells.items()
    ]
    head = ("statement→cited", "true: pass", "number", "date", "name", "negation", "swapped", "all noticed")
    table(console, head, lines)


def costs_table(console: Console, costs: Sequence[Cost]) -> None:
    """A row per cost; beside a second system, how many times better (above 1) or worse the first is."""
    from eval.bench import LINES, NAMES_OF_SYSTEMS, ratio

    lines = []
    for line in LINES:
        cells = [line.shown.format(line.read(cost)) for cost in costs]
        for other in costs[1:]:
            times = ratio(line, costs[0], other)
            cells.append(f"{times:.2g}×" if times is not None else "")
        lines.append(Line(line.name, tuple(cells)))
    heads = [NAMES_OF_SYSTEMS[cost.system] for cost in costs]
    table(console, ("cost", *heads, *("times better" for _ in costs[1:])), lines)


def growth_table(console: Console, costs: Sequence[Cost]) -> None:
    """A row per cost: the power of the number of passages that it grows with, where there are several sizes."""
    from eval.bench import LINES, NAMES_OF_SYSTEMS, exponent

    systems = list(dict.fromkeys(cost.system for cost in costs))
    own = [sorted((c for c in costs if c.system == system), key=lambda cost: cost.passages) for system in systems]
    if max(map(len, own)) < 2:
        return
    lines = []
    for line in LINES:
        powers = [exponent(line, each) for each in own]
        if any(power is not None for power in powers):
            lines.append(Line(line.name, tuple("" if power is None else f"{power:+.2f}" for power in powers)))
    print_plain(console, "")
    table(console, ("grows with passages to the power of", *(NAMES_OF_SYSTEMS[system] for system in systems)), lines)


def ablation_table(console: Console, results: Sequence[Result]) -> None:
    """A row per part left out; the first result is the whole engine. ``~`` marks a difference that says nothing."""
    whole = results[0]
    plain = [cell for cell in whole.ranks if " " not in cell]
    lines, group = [], ""
    for result in results:
        if result.part.group != group:
            group = result.part.group
            lines.append(Line(group))
        cells = [
            _difference(result.mean(cell), whole.mean(cell)) if cell in result.ranks else "" for cell in whole.ranks
        ]
        if plain:
            means = [sum(map(row.mean, plain)) / len(plain) for row in (result, whole) if plain[0] in row.ranks]
            cells.insert(0, _difference(*means) if len(means) == 2 else "")
        if result is whole:
            cells = [cell.partition(" ")[0] for cell in cells]
        lines.append(Line("  " * bool(group) + result.part.name, tuple(cells)))
    table(console, ("left out", *(["mean"] if plain else []), *whole.ranks), lines)


def _difference(value: float, whole: float) -> str:
    """``.881 -.012``"""
    change = f"{value - whole:+.3f}"
    mark = " ~" if abs(value - whole) < NOISE else ""
    return f"{value:.3f} {change}{mark}".replace("0.", ".")


def closing(console: Console, verdicts: Sequence[Verdict], failed: Sequence[tuple[str, str]]) -> None:
    """What went wrong: gates missed, and the first failed questions with their errors."""
    print_plain(console, "")
    missed = [verdict for verdict in verdicts if not verdict.passed]
    for verdict in missed:
        value = "not measured" if verdict.value is None else f"{verdict.value:.4f}"
        text = f"gate missed: {verdict.gate.measure} {verdict.language}: {value} < {verdict.gate.bound:g}"
        print_plain(console, text)
    for name, error in failed[:5]:
        print_plain(console, f"failed: {name}: {error}")
    if len(failed) > 5:
        print_plain(console, f"failed: {len(failed) - 5} more")
    if verdicts and not missed:
        print_plain(console, f"all {len(verdicts)} gates passed")
