"""Records made into HTML: every text from outside is escaped here, then our own marks are put around it.

The result of `answer` and `question` is one line without a newline in it: the chat component reads its messages as
Markdown, where a line that begins with a block element is left alone as HTML up to the next blank line. Only elements
and attributes that survive the component's sanitiser are used (no ``data-*``, no ``aria-*``); the browser script adds
the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from assistant.citations import MARKS, Answer, Citation, Language, Mended, Partial, Statement
from assistant.days import read_as
from assistant.web.cited import LAST_WORD, attribution, chip, figure, row
from assistant.web.markup import escape, interface, reading
from assistant.web.sources import visible
from assistant.web.strings import say

_MARKERS = re.compile(r"(?:\[\d{1,3}\])+")
_CLOSERS = re.compile(r"[.,;:!?،؛؟…»”\")]*")
_BULLET = re.compile(r"\s*[-•*]\s+")
_OPENING, _CLOSING = "«“\"„‹'", "»”\"›'"


class _Prose(NamedTuple):
    text: str


class _Quote(NamedTuple):
    citation: Citation


def question(text: str) -> str:
    """A question as it was typed."""
    return f'<p class="asked" {reading(text)}>{escape(text.strip())}</p>'


def error(line: str, ui: Language, begun: Partial | None = None) -> str:
    """One plain line in place of an answer, or below what had been written of it."""
    written = _prose(begun.text, {citation.number: citation for citation in begun.citations}, ui) if begun else ""
    return f'<div class="answer failed" {interface(ui)}>{written}<p class="notice">{escape(line)}</p></div>'


class Judged(NamedTuple):
    """An answer that can be judged by the id of its turn, and what was said of it so far."""

    turn: str
    liked: bool | None = None


def answer(record: Answer, ui: Language, judged: Judged | None = None) -> str:
    """One answer. ``ui`` words the labels; the words of the record stay in their languages."""
    by_number = {citation.number: citation for citation in (*record.citations, *record.closest)}
    shown: set[int] = set()
    body: list[str] = []
    noted = False

    def quote(citation: Citation) -> str:
        """The first glossed quote is preceded by a line that says what a gloss is."""
        nonlocal noted
        note = _gloss_note(ui) if citation.gloss and not noted else ""
        noted = noted or bool(citation.gloss)
        return note + figure(citation, ui)

    for piece in _pieces(record.text, by_number) if record.answered_by == "quotes" else ():
        if isinstance(piece, _Quote):
            shown.add(piece.citation.number)
            body.append(quote(piece.citation))
        else:
            body.append(_prose(piece.text, by_number, ui))
    rest = [citation for citation in record.citations if citation.number not in shown]
    if record.answered_by == "model":
        body.append(_written(record, by_number, ui))
        body.append(_folded("sources", (row(citation, ui) for citation in record.citations), ui, opened=True))
    else:
        body.extend(quote(citation) for citation in rest)
    cited = {citation.number for citation in record.citations}
    closest = [citation for citation in record.closest if citation.number not in cited | shown]
    if closest:
        body.append(_folded("closest", (quote(citation) for citation in closest), ui, opened=False))
    head = [] if record.courtesy else [f'<p class="band" {interface(ui)}>{escape(say(record.status, ui))}</p>']
    if record.notice:
        head.append(f'<p class="notice" {reading(record.notice)}>{escape(record.notice)}</p>')
    if record.asked:
        head.append(_understood(record.asked, ui))
    if record.mended:
        head.append(_mended(record.mended, ui))
    if record.period:
        head.append(
            f'<p class="understood" {interface(ui)}>{read_as(record.period, ui, lambda text: _words(text, ui))}</p>'
        )
    copy = f'<span class="plain">{escape(plain(record, ui))}</span>'
    # The sanitiser keeps an id and a class, of which the browser script makes the controls.
    said = "" if judged is None or judged.liked is None else " liked" if judged.liked else " disliked"
    turn = f' id="turn-{escape(judged.turn)}"' if judged else ""
    kind = "courtesy" if record.courtesy else record.status
    return f'<div class="answer {kind}{said}"{turn}>{"".join(head)}{"".join(body)}{copy}</div>'


def partial(record: Partial, ui: Language) -> str:
    """An answer that is still being written."""
    by_number = {citation.number: citation for citation in record.citations}
    understood = _understood(record.asked, ui) if record.asked else ""
    return (
        f'<div class="answer writing"><p class="band" {interface(ui)}>{escape(say("writing", ui))}</p>'
        f"{understood}{_prose(record.text, by_number, ui)}</div>"
    )


def _understood(asked: str, ui: Language) -> str:
    line = f"<bdi {reading(asked)}>{escape(asked)}</bdi>"
    return f'<p class="understood" {interface(ui)}>{escape(say("understood", ui))} {line}</p>'


def _mended(mended: Iterable[Mended], ui: Language) -> str:
    """What was taken for typing errors, so that a reader who meant what was typed knows."""

    lines = " ".join(say("mended", ui, typed=_words(each.typed, ui), meant=_words(each.meant, ui)) for each in mended)
    return f'<p class="understood" {interface(ui)}>{lines}</p>'


def _words(text: str, ui: Language) -> str:
    """Words of the question, in quotation marks."""
    return f"<bdi {reading(text)}>{'«' if ui == 'ar' else '“'}{escape(text)}{'»' if ui == 'ar' else '”'}</bdi>"


def _written(record: Answer, citations: dict[int, Citation], ui: Language) -> str:
    """The prose of a model: what nothing supports is marked, and says why."""
    out: list[str] = []
    start = 0
    doubtful = [statement for statement in record.statements if statement.verdict != "supported"]
    for line in record.text.split("\n"):
        end = start + len(line)
        if line.strip():
            bullet = _BULLET.match(line)
            begin = start + (bullet.end() if bullet else 0)
            parts: list[str] = []
            for statement in doubtful:
                if begin <= statement.start and statement.end <= end:
                    parts.append(_inline(record.text[begin : statement.start], citations, ui))
                    parts.append(_doubtful(record, statement, citations, ui))
                    begin = statement.end + len(MARKS[statement.verdict][record.language])
            parts.append(_inline(record.text[begin:end].rstrip(), citations, ui))
            item = "".join(parts)
            out.append(f"<ul {reading(line)}><li>{item}</li></ul>" if bullet else f"<p {reading(line)}>{item}</p>")
        start = end + 1
    return "".join(out)


def _doubtful(record: Answer, statement: Statement, citations: dict[int, Citation], ui: Language) -> str:
    why = escape(say(f"why_{statement.reason}", ui))
    mark = escape(MARKS[statement.verdict][record.language].strip())
    said = _inline(record.text[statement.start : statement.end], citations, ui)
    return f'<span class="doubtful {statement.verdict}" title="{why}">{said} <span class="why">{mark}</span></span>'


def plain(record: Answer, ui: Language) -> str:
    """The answer as text to paste: its words, then the sources by number, with the quotes it does not hold."""
    parts = [record.text.strip()]
    sources = record.citations or record.closest
    for citation in sources:
        lines = [f"[{citation.number}] {attribution(citation, ui)}"]
        if citation.quote not in record.text:
            lines.append(f"“{citation.quote}”")
        if citation.also:
            lines.append(f"{say('also_in', ui)} {' · '.join(visible(each.file) for each in citation.also)}")
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part)


def _pieces(text: str, citations: dict[int, Citation]) -> Iterator[_Prose | _Quote]:
    """Cut ``text`` into prose and the quotes that stand in it word for word before their own marker."""
    done = 0
    for marker in re.finditer(r"\[(\d{1,3})\]", text):
        citation = citations.get(int(marker[1]))
        if citation is None or marker.start() < done:
            continue
        start = _quote_start(text[done : marker.start()], citation.quote)
        if start is None:
            continue
        if text[done : done + start].strip():
            yield _Prose(text[done : done + start])
        yield _Quote(citation)
        # What is left after a quote: a full stop with nothing to close, and the source in brackets, which the caption
        # says better.
        tail = re.compile(rf"[ \t]*[.,،;؛]?(?:\s*\({re.escape(citation.title)}[^\n]*\)(?=\s|\Z))?").match(
            text, marker.end()
        )
        done = tail.end() if tail else marker.end()
    if text[done:].strip():
        yield _Prose(text[done:])


def _quote_start(before: str, quote: str) -> int | None:
    """Where ``quote``, with the quotation mark that opens it, begins in ``before``, which must end with it."""
    spaced = r"\s+".join(re.escape(word) for word in quote.split())
    # Only the end can match: a search over all that stands before would be quadratic in an article's own "[1]"s.
    tail = max(0, len(before) - len(quote) - 8)
    match = re.compile(rf"[{_OPENING}]?\s*{spaced}\s*[{_CLOSING}]?\s*\Z").search(before, tail)
    if match is None:
        return None
    bullet = re.search(r"(?:^|\n)\s*(?:[-•*]|>)\s*\Z", before[: match.start()])
    return bullet.start() if bullet else match.start()


def _prose(text: str, citations: dict[int, Citation], ui: Language) -> str:
    out: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = paragraph.split("\n")
        if all(_BULLET.match(line) for line in lines):
            items = "".join(f"<li>{_inline(_BULLET.sub('', line, count=1), citations, ui)}</li>" for line in lines)
            out.append(f"<ul {reading(paragraph)}>{items}</ul>")
        else:
            out.extend(
                f"<p {reading(line)}>{_inline(line.strip(), citations, ui)}</p>" for line in lines if line.strip()
            )
    return "".join(out)


def _inline(text: str, citations: dict[int, Citation], ui: Language) -> str:
    """Escaped text with chips for known markers; a marker of nothing is dropped. A chip keeps to the word before it."""
    out: list[str] = []
    done = 0
    for match in _MARKERS.finditer(text):
        before = text[done : match.start()].rstrip()
        last = LAST_WORD.search(before)
        word = last[0] if last else ""
        closers = _CLOSERS.match(text, match.end())
        after = closers[0] if closers else ""
        numbers = [int(number) for number in re.findall(r"\d+", match[0])]
        chips = "".join(chip(citations[number], ui) for number in numbers if number in citations)
        out.append(escape(before[: len(before) - len(word)]))
        kept = escape(word), escape(after)
        out.append(f'<span class="kept">{kept[0]}{chips}{kept[1]}</span>' if chips else "".join(kept))
        done = match.end() + len(after)
    out.append(escape(text[done:]))
    return "".join(out)


def _folded(key: Literal["sources", "closest"], items: Iterable[str], ui: Language, *, opened: bool) -> str:
    parts: Sequence[str] = list(items)
    if not parts:
        return ""
    summary = escape(say(key, ui, n=len(parts)))
    return (
        f'<details class="folded {key}" {interface(ui)}{" open" if opened else ""}>'
        f"<summary>{summary}</summary>{''.join(parts)}</details>"
    )


def _gloss_note(ui: Language) -> str:
    return (
        f'<p class="gloss-note" {interface(ui)}><span class="on">{escape(say("gloss", ui))}</span> '
        f'<button class="gloss-switch" type="button"><span class="on">{escape(say("gloss_hide", ui))}</span>'
        f'<span class="off">{escape(say("gloss_show", ui))}</span></button></p>'
    )
