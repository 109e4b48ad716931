"""What a person sees in a terminal: an answer, hits, the summary of an index run.

Arabic and English never share a line where it can be helped: terminals differ in how they order mixed lines. What must stand
beside the other direction (a title beside a file name) is wrapped in Unicode isolates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

from assistant.citations import MARKS, Answer, Citation, Partial
from assistant.days import read_as
from assistant.errors import CorpusEmpty
from assistant.index import Plan, Summary
from assistant.language.dates import spoken
from assistant.language.text import Language

if TYPE_CHECKING:  # it brings LlamaIndex, a second, which indexing does not need
    from assistant.retrieval import Hit

_STYLES = {"answered": "bold green", "uncertain": "bold yellow", "abstained": "bold magenta"}
_PAGE, _LINE = {"en": "page", "ar": "الصفحة"}, {"en": "line", "ar": "السطر"}
_ALSO = {"en": "also in:", "ar": "وأيضًا في:"}
_GLOSS = {"en": "word by word:", "ar": "كلمة كلمة:"}
_CLOSEST = {"en": "Closest sentences, for reading on:", "ar": "أقرب الجمل، لمن أراد القراءة:"}
_MENDED = {"en": "Read “{typed}” as “{meant}”.", "ar": "قُرئت «{typed}» على أنها «{meant}»."}
_UNDERSTOOD = {"en": "Understood as:", "ar": "فُهم السؤال هكذا:"}
_STALE = {
    "en": "The file has changed since it was indexed; this is what it said then.",
    "ar": "تغيّر الملف بعد فهرسته؛ هذا ما كان فيه حينها.",
}


# Everything that could move the cursor, set the clipboard or turn the direction of a line.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _visible(text: str) -> str:
    """Text of an article or a file name as a terminal may have it: control characters become U+FFFD."""
    return _CONTROLS.sub("\ufffd", text)


def _isolated(text: str) -> str:
    return f"\u2068{_visible(text)}\u2069"


def _frame(answer: Answer) -> str:
    """The answer's own words: its text up to the first quote."""
    return answer.text.split("\n\n")[0].strip()


def _quote(console: Console, citation: Citation, reader: Language) -> None:
    console.print()
    mark = ("“", "”") if citation.language == "en" else ("«", "»")
    start, end = citation.phrase or (0, 0)
    parts = (citation.quote[:start], citation.quote[start:end], citation.quote[end:])
    before, phrase, after = (_visible(part) for part in parts)
    console.print(
        Text.assemble(
            (f"[{citation.number}] ", "bold cyan"), f"{mark[0]}{before}", (phrase, "bold"), f"{after}{mark[1]}"
        )
    )
    if citation.gloss:
        words = " ".join(word.text for word in citation.gloss)
        console.print(Text(f"    {_GLOSS[reader]} {words}", style="italic dim"))
    date = spoken(citation.date, reader) if citation.date else None
    titled = "" if citation.quote.strip() == citation.title else citation.title  # a headline is not said twice
    source = " · ".join(_isolated(part) for part in (titled, citation.outlet, date) if part)
    if source:
        console.print(Text("    " + source, style="dim"))
    page = "" if citation.page is None else f" · {_PAGE[reader]} {citation.page}"
    console.print(Text(f"    {_isolated(citation.file)}{page} · {_LINE[reader]} {citation.line}", style="dim"))
    for also in citation.also:
        line = f"{_isolated(also.file)} · {_LINE[reader]} {also.line}"
        console.print(Text(f"    {_ALSO[reader]} {_isolated(also.outlet or also.title)} · {line}", style="dim"))
    if citation.stale:
        console.print(Text("    " + _STALE[reader], style="yellow"))


def shown_while_written(console: Console, items: Iterator[Partial | Answer]) -> Answer:
    """Show an answer as it grows, if a person is watching; take it away when it is complete, and return it."""
    last: Partial | Answer | None = None
    with Live(console=console, transient=True, auto_refresh=False, vertical_overflow="visible") as live:
        for last in items:
            if isinstance(last, Partial) and console.is_terminal:
                live.update(Text(_visible(last.text), style="dim"), refresh=True)
    assert isinstance(last, Answer)
    return last


def _written(answer: Answer) -> Text:
    """The words of a model, what nothing supports in yellow."""
    text = Text()
    done = 0
    for statement in answer.statements:
        if statement.verdict != "supported":
            end = statement.end + len(MARKS[statement.verdict][answer.language])
            text.append(_visible(answer.text[done : statement.start]))
            text.append(_visible(answer.text[statement.start : end]), style="yellow")
            done = end
    return text.append(_visible(answer.text[done:]))


def show_answer(console: Console, answer: Answer) -> None:
    """The answer, its quotes with their sources, and the confidence."""
    if answer.asked:
        console.print(Text(f"{_UNDERSTOOD[answer.language]} {_isolated(answer.asked)}", style="dim"))
    notice = [Text(answer.notice, style="yellow")] if answer.notice else []
    for each in answer.mended:
        typed, meant = _isolated(each.typed), _isolated(each.meant)
        console.print(Text(_MENDED[answer.language].format(typed=typed, meant=meant), style="dim"))
    if answer.period:
        console.print(Text(read_as(answer.period, answer.language, _isolated), style="dim"))
    if answer.answered_by == "model":
        lines = [_written(answer), *notice]
    else:  # why there are quotes stands before what leads to them
        lines = [*notice, Text(_frame(answer), style="" if answer.courtesy else _STYLES[answer.status])]
    for line in lines:
        console.print(line)
    for citation in answer.citations:
        _quote(console, citation, answer.language)
    if answer.status == "abstained" and answer.closest:
        console.print()
        console.print(Text(_CLOSEST[answer.language], style="dim"))
        for citation in answer.closest:
            _quote(console, citation, answer.language)


def show_hits(console: Console, hits: Sequence[Hit]) -> None:
    """One block a passage: where it stands, and how it begins."""
    if not hits:
        console.print(Text("No passage matches.", style="dim"))
    for number, hit in enumerate(hits, 1):
        date = f" · {hit.date.isoformat()}" if hit.date else ""
        console.print(Text.assemble((f"{number}. ", "bold cyan"), _isolated(hit.title), (date, "dim")))
        console.print(Text(f"   {_isolated(hit.file)} · {hit.start}–{hit.end} · {hit.score:.2f}", style="dim"))
        if hit.same_as:
            console.print(Text(f"   the same text as in {_isolated(hit.same_as)}", style="dim"))
        beginning = " ".join(_visible(hit.text).split())
        console.print(Text("   " + (beginning[:240] + "…" if len(beginning) > 240 else beginning)))
        console.print()


def show_questions(console: Console, questions: Sequence[str]) -> None:
    """A line each."""
    if not questions:
        console.print(Text("The articles gave no question that they surely answer.", style="dim"))
    for question in questions:
        console.print(Text(_visible(question)), soft_wrap=True)


def planned(plan: Plan, price: float | None) -> str:
    """What is about to be embedded, in a line. ``price`` is that of a million tokens."""
    kept = f" ({plan.kept:,} more are kept)" if plan.kept else ""
    cost = f", about {plan.tokens * price / 1_000_000:.2f} at {price:g} a million" if price is not None else ""
    many, requests = "s" * (plan.passages != 1), f"{plan.requests:,} request" + "s" * (plan.requests != 1)
    return (
        f"To be embedded by {_visible(plan.model)} at {_visible(plan.place)}: {plan.passages:,} passage{many}{kept}, "
        f"about {plan.tokens:,} tokens in {requests}{cost}."
    )


def show_summary(console: Console, summary: Summary, corpus: Path) -> None:
    """What an index run did, files left out with their reasons."""
    counts = ", ".join(
        f"{len(files)} {word}"
        for files, word in ((summary.added, "added"), (summary.changed, "changed"), (summary.removed, "removed"))
    )
    console.print(f"{counts}, {summary.unchanged} unchanged, {len(summary.skipped)} skipped", highlight=False)
    if summary.rebuilt:
        console.print(Text(f"Everything was read anew: {summary.rebuilt}.", style="yellow"))
    if summary.behind:
        console.print(Text(str(summary.behind), style="yellow"))
    for skipped in summary.skipped:
        console.print(Text.assemble("  ", _isolated(skipped.file), (f": {skipped.reason}", "yellow")))
    dense = f", embedded by {_visible(summary.embedding)}" if summary.embedding else ""
    console.print(f"{summary.passages} passages{dense}, {summary.seconds:.1f} s", highlight=False, style="dim")
    if not summary.passages:
        console.print(Text(str(CorpusEmpty(path=corpus)), style="yellow"))
