"""The parts of the report: head, results, plots, other systems, another run, the questions' frame, and how it was measured."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from eval import compare, labels, plots, selective, tables, values
from eval.compare import Kept, Tested
from eval.labels import say
from eval.measures import percentile
from eval.records import Asked, Failed
from eval.results import OURS, Results
from eval.summary import SPENT, Measure

COLUMNS = (
    "file_ndcg_at_10",
    "gold_file_first",
    "evidence_at_3",
    "answer_contained",
    "citation_validity",
    "judge_correct",
    "judge_faithful",
    "auroc",
    "coverage_at_10",
    "error_rate",
    "hallucination_rate",
    "latency_median_ms",
    "tokens_mean",
    "cost_mean",
)
_EXPLAINED = tuple(name for name in COLUMNS if f"d.{name}" in labels.words())


def all_of(results: Results, before: Kept | None) -> Iterator[str]:
    """The body of the page."""
    yield head(results)
    yield "<main>"
    yield headline(results)
    yield drawings(results)
    if results.judged:
        yield section("judge", judged(results))
    if results.tested:
        yield section("against", differences(results.tested, "ours", "other", "other_is") + method())
    if before is not None:
        yield section("diff", difference(results, before))
    yield section("drill", '<div id="filters"></div><p id="count" role="status"></p><div id="cards"></div>')
    yield section("how", manifest(results))
    yield "</main>"


def section(key: str, inside: str) -> str:
    return f'<section id="{key}"><h2>{say(key)}</h2>{inside}</section>'


def note(text: str) -> str:
    return f'<p class="note" dir="ltr">{escape(text)}</p>'


def method() -> str:
    """How intervals and p values were made."""
    return f'<p class="note">{say("method").format_map(compare.method())}</p>'


def head(results: Results) -> str:
    """Title, switches, and whether all is well."""
    facts = results.plan.get("manifest", {})
    rows = sum(len(found) for found in results.rows.values())
    questions = len({(cell.suite, key) for cell, found in results.rows.items() for key in found})
    gates = results.plan.get("gates", [])
    missed = [gate for gate in gates if not gate["passed"]]
    items = [f"<li><b>{questions:,}</b> {say('questions')}</li>", f"<li><b>{rows:,}</b> {say('asked')}</li>"]
    if missed:
        names = "، ".join(f"{gate['measure']} {gate['language']}" for gate in missed)
        items.append(f'<li class="bad">{say("gates_missed")}: <bdi>{escape(names)}</bdi></li>')
    elif gates:
        items.append(f'<li class="good"><b>{len(gates)}</b> {say("gates_passed")}</li>')
    else:
        items.append(f"<li>{say('no_gates')}</li>")
    failed = len(results.failed)
    words = f"<b>{failed}</b> {say('failed')}" if failed else say("no_failures")
    items.append(f'<li class="{"bad" if failed else "good"}">{words}</li>')
    if opinion := results.opinion:
        side = "good" if opinion.agrees else "bad"
        items.append(
            f'<li class="{side}"><b>{opinion.compared:,}</b> {say("opinion")} <bdi>{f"{opinion.greatest:.0e}" if opinion.greatest else "0"}</bdi></li>'
        )
    return (
        f'<header><div class="top"><p class="eyebrow">{say("eyebrow")}</p>'
        f'<div class="switches"><button type="button" id="language">{say("language")}</button>'
        f'<button type="button" id="colours"><span class="to-dark">{say("dark")}</span>'
        f'<span class="to-light">{say("light")}</span></button></div></div>'
        f"<h1>{say('title')}</h1>"
        f'<p class="made"><bdi>{escape(str(facts.get("date", ""))[:16].replace("T", " "))}</bdi> · '
        f'<bdi>{escape(str(facts.get("machine", "")))}</bdi></p><ul class="facts">{"".join(items)}</ul></header>'
    )


def headline(results: Results) -> str:
    """A table for each suite, a row for each cell and system."""
    tables = []
    for suite in dict.fromkeys(cell.suite for cell in results.measures):
        cells = {cell: found for cell, found in results.measures.items() if cell.suite == suite}
        columns = [name for name in COLUMNS if any(name in found for found in cells.values())]
        top = "".join(f'<th scope="col">{say("m." + name)}</th>' for name in columns)
        lines = []
        for place in dict.fromkeys(cell.cell for cell in cells):
            systems = [cell for cell in cells if cell.cell == place]
            for number, cell in enumerate(systems):
                first = f'<th scope="rowgroup" rowspan="{len(systems)}">{labels.cell(place)}</th>' if not number else ""
                ours = ' class="ours"' if cell.system == OURS else ""
                values_ = "".join(f"<td>{_value(name, cells[cell].get(name))}</td>" for name in columns)
                lines.append(f'<tr{ours}>{first}<th scope="row"><bdi>{escape(cell.system)}</bdi></th>{values_}</tr>')
            lines[-len(systems)] = lines[-len(systems)].replace("<tr", '<tr data-group="1"', 1)
        name = say(f"suite.{suite}", suite)
        tables.append(
            f'<h3>{name}</h3><div class="scroll" tabindex="0" role="region" aria-label="{escape(suite)}"><table>'
            f'<thead><tr><th scope="col">{say("where")}</th><th scope="col">{say("system")}</th>{top}</tr></thead>'
            f"<tbody>{''.join(lines)}</tbody></table></div>"
        )
    return section("headline", f'<p class="lead">{say("headline_note")}</p>' + "".join(tables))


def _value(name: str, measure: Measure | None) -> str:
    if measure is None or measure.value is None:
        return '<span class="dim">–</span>'
    if name.endswith("_ms"):
        return f'<b><bdi dir="ltr">{measure.value:.{0 if measure.value >= 10 else 1}f} ms</bdi></b>'
    if name in SPENT:
        return f'<b><bdi dir="ltr">{tables.number(name, measure.value)}</bdi></b>'
    percent = name not in ("file_ndcg_at_10", "auroc")

    def shown(value: float) -> str:
        return f"{100 * value:.1f}" if percent else f"{value:.3f}"

    text = f'<b><bdi dir="ltr">{shown(measure.value)}{" %" if percent else ""}</bdi></b>'
    if measure.interval:
        low, high = measure.interval
        text += f'<small><bdi dir="ltr">{shown(low)} – {shown(high)}</bdi></small>'
        text += plots.whisker(measure.value, low, high)
    return text


def drawings(results: Results) -> str:
    """Plots for each suite, of what the suite has."""
    parts = []
    for suite in dict.fromkeys(cell.suite for cell in results.rows):
        figures = list(_figures(results, suite))
        parts.append(f'<h3>{say(f"suite.{suite}", suite)}</h3><div class="figures">{"".join(figures)}</div>')
    return section("plots", "".join(parts))


def _figures(results: Results, suite: str) -> Iterator[str]:
    of = {
        cell: [row for row in found.values() if not isinstance(row, Failed)]
        for cell, found in results.rows.items()
        if cell.suite == suite
    }
    ours = {
        cell.cell: [row for row in found if isinstance(row, Asked)] for cell, found in of.items() if cell.system == OURS
    }
    able: dict[bool, list[float]] = {True: [], False: []}
    for found in ours.values():
        for row in found:
            able[row.question.answerable].append(row.confidence)
    if able[True] and able[False]:
        curves = {place: selective.curve(found) for place, found in ours.items() if found}
        yield _figure("plot.risk", plots.risk_coverage(curves), [labels.cell(place) for place in curves])
    if able[True] or able[False]:
        groups = {"able": able[True], "unable": able[False]}
        legend = [f'<i class="key k-{name}"></i>{say(key)}' for name, key in
                  (("able", "answerable"), ("unable", "unanswerable")) if groups[name]]  # fmt: skip
        drawn = plots.histogram({name: each for name, each in groups.items() if each}, results.plan.get("bands", ()))
        yield _figure("plot.confidence", drawn, legend, keyed=False)
    lines: dict[str, plots.Line] = {}
    bars: dict[str, tuple[float, float, float]] = {}
    for system in dict.fromkeys(cell.system for cell in of):
        groups_ = [found for cell, found in of.items() if cell.system == system and found]
        by_cell = [[values.gold_rank(row) for row in found if row.question.gold] for found in groups_]
        ranks = [each for each in by_cell if each]
        if ranks:
            lines[system] = [
                (k, statistics.fmean(sum(r is not None and r <= k for r in each) / len(each) for each in ranks))
                for k in range(1, 11)
            ]
        times = [row.milliseconds for found in groups_ for row in found]
        if times:
            five, middle, last = (percentile(times, at) or 0.0 for at in (5, 50, 95))
            bars[system] = (five, middle, last)
    if lines:
        yield _figure("plot.recall", plots.recall(lines), [f"<bdi>{escape(name)}</bdi>" for name in lines])
    if bars:
        yield _figure("plot.latency", plots.latency(bars), [])


def _figure(key: str, drawn: str, legend: Sequence[str], keyed: bool = True) -> str:
    keys = [f'<i class="key s{number % 6}"></i>' if keyed else "" for number in range(len(legend))]
    items = "".join(f"<li>{mark}{text}</li>" for mark, text in zip(keys, legend, strict=True))
    listed = f'<ul class="legend">{items}</ul>' if legend else ""
    return (
        f"<figure><figcaption><b>{say(key)}</b><small>{say(key + '_note')}</small></figcaption>"
        f'{listed}<div dir="ltr">{drawn}</div></figure>'
    )


def differences(tested: Sequence[Tested], first: str, second: str, verdict: str = "verdict") -> str:
    """Differences with their intervals and verdicts."""
    lines = []
    head = ""
    for one in tested:
        d = one.difference
        name = (
            f"{say('suite.' + one.cell.suite, one.cell.suite)} · {labels.cell(one.cell.cell)} · "
            f"<bdi>{escape(one.cell.system)}</bdi>"
        )
        if name != head:
            head = name
            lines.append(f'<tr class="head"><th colspan="6" scope="rowgroup">{name}</th></tr>')
        p = f"{one.p:.4f}" if one.p >= 0.0001 else "&lt; .0001"
        lines.append(
            f'<tr><th scope="row">{say("m." + one.measure, one.measure)}</th><td><bdi>{d.first:.3f}</bdi></td>'
            f'<td><bdi>{d.second:.3f}</bdi></td><td><bdi dir="ltr"><b>{d.change:+.3f}</b> '
            f"[{d.interval.low:+.3f}, {d.interval.high:+.3f}]</bdi></td><td><bdi>{p}</bdi></td>"
            f'<td><span class="verdict {one.verdict}">{say(one.verdict)}</span></td></tr>'
        )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="tests"><table class="tests"><thead><tr>'
        f'<th scope="col">{say("measure")}</th><th scope="col">{say(first)}</th><th scope="col">{say(second)}</th>'
        f'<th scope="col">{say("change")}</th><th scope="col">p</th><th scope="col">{say(verdict)}</th>'
        f"</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def judged(results: Results) -> str:
    """How far the model that judged and the rules agree, and how many judgements failed."""

    def shown(value: float | None) -> str:
        return "–" if value is None else f"{value:.3f}"

    lines = "".join(
        f'<tr><th scope="row">{say("suite." + suite, suite)} · <bdi>{escape(system)}</bdi></th>'
        f"<td>{say('m.judge_' + what)}</td><td><bdi>{shown(one.share)}</bdi></td><td><bdi>{shown(one.kappa)}</bdi></td>"
        f"<td><bdi>{one.n}</bdi></td></tr>"
        for (suite, system, what), one in results.agreed.items()
    )
    failed = sum(bool(one.error) for found in results.judged.values() for one in found.values())
    heads = "".join(f'<th scope="col">{say(key)}</th>' for key in ("measure", "agreement", "kappa", "n"))
    return (
        f'<p class="lead">{say("judge_note")} {say("m.judge_errors")}: <b>{failed}</b></p>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="judge"><table class="tests"><thead><tr>'
        f'<th scope="col">{say("where")}</th>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def difference(results: Results, before: Kept) -> str:
    """The other run's name, and the tests between the two."""
    shown = note(f"{before.manifest.get('date', '')}  {before.manifest.get('command', '')}")
    try:
        return shown + differences(compare.compare(before, results.kept), "first", "second") + method()
    except compare.NotComparable as error:
        return shown + note(str(error))


def manifest(results: Results) -> str:
    """All that the numbers were made with, and what the measures say."""
    facts = results.plan.get("manifest", {})

    def listed(items: Mapping[str, Any]) -> str:
        return "<br>".join(f"{escape(str(name))} <code>{escape(str(value))}</code>" for name, value in items.items())

    rows = [
        ("man.command", f"<code>{escape(str(facts.get('command', '')))}</code>"),
        ("man.date", f"{escape(str(facts.get('date', '')))} · {facts.get('seconds', 0)} s"),
        ("man.machine", escape(str(facts.get("machine", "")))),
        ("man.data", listed(facts.get("data", {}))),
        ("man.versions", listed(facts.get("versions", {}))),
        ("man.settings", f"<code>{escape(json.dumps(facts.get('settings', {}), ensure_ascii=False))}</code>"),
        ("man.method", say("method").format_map(compare.method())),
    ]
    facts_ = "".join(
        f'<dt>{say(key)}</dt><dd dir="{"auto" if key == "man.method" else "ltr"}">{value}</dd>' for key, value in rows
    )
    taken = {name for found in results.measures.values() for name in found}
    names = [name for name in _EXPLAINED if name in taken]
    meant = "".join(f"<dt>{say('m.' + name)}</dt><dd>{say('d.' + name)}</dd>" for name in names)
    return f'<h3>{say("man.measures")}</h3><dl>{meant}</dl><dl class="manifest">{facts_}</dl>'
