"""Records made into HTML: every text from outside is escaped here, then our own marks are put around it.

The result of `answer` and `question` is one line without a newline in it: the chat component reads its messages as
Markdown, where a line that begins with a block element is left alone as HTML up to the next blank line. Only elements
and attributes that survive the component's sanitiser are used (no ``data-*``, no ``aria-*``); the browser script adds
the rest.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from assistant.citations import Answer, Citation, Language, Partial, Statement
from assistant.language.text import direction_of, language_of
from assistant.review import MARKS
from assistant.web.sources import reference_of, visible
from assistant.web.strings import long_date, say

_MARKERS = re.compile(r"(?:\[\d{1,3}\])+")
_CLOSERS = re.compile(r"[.,;:!?،؛؟…»”\")]*")
# What a chip may be tied to: a word of reasonable length, or a narrow screen would have to scroll.
_LAST_WORD = re.compile(r"(?<!\S)\S{1,24}\s*\Z")
_BULLET = re.compile(r"\s*[-•*]\s+")
_OPENING, _CLOSING = "«“\"„‹'", "»”\"›'"


class _Prose(NamedTuple):
    text: str


class _Quote(NamedTuple):
    citation: Citation


def _escape(text: str) -> str:
    """Escaped for an element or a quoted attribute; line ends become character references."""
    return html.escape(text, quote=True).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "&#10;")


def _reading(text: str) -> str:
    """The attributes that make a paragraph read in its own direction."""
    return f'dir="{direction_of(text)}" lang="{language_of(text)}"'


def _interface(language: Language) -> str:
    return f'dir="{"rtl" if language == "ar" else "ltr"}" lang="{language}"'


def question(text: str) -> str:
    """A question as it was typed."""
    return f'<p class="asked" {_reading(text)}>{_escape(text.strip())}</p>'


def error(line: str, ui: Language, begun: Partial | None = None) -> str:
    """One plain line in place of an answer, or below what had been written of it."""
    written = _prose(begun.text, {citation.number: citation for citation in begun.citations}, ui) if begun else ""
    return f'<div class="answer failed" {_interface(ui)}>{written}<p class="notice">{_escape(line)}</p></div>'


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

    def figure(citation: Citation) -> str:
        """The first glossed quote is preceded by a line that says what a gloss is."""
        nonlocal noted
        note = _gloss_note(ui) if citation.gloss and not noted else ""
        noted = noted or bool(citation.gloss)
        return note + _figure(citation, ui)

    for piece in _pieces(record.text, by_number) if record.answered_by == "quotes" else ():
        if isinstance(piece, _Quote):
            shown.add(piece.citation.number)
            body.append(figure(piece.citation))
        else:
            body.append(_prose(piece.text, by_number, ui))
    rest = [citation for citation in record.citations if citation.number not in shown]
    if record.answered_by == "model":
        body.append(_written(record, by_number, ui))
        body.append(_folded("sources", (_row(citation, ui) for citation in record.citations), ui, opened=True))
    else:
        body.extend(figure(citation) for citation in rest)
    cited = {citation.number for citation in record.citations}
    closest = [citation for citation in record.closest if citation.number not in cited | shown]
    if closest:
        body.append(_folded("closest", (figure(citation) for citation in closest), ui, opened=False))
    head = [f'<p class="band" {_interface(ui)}>{_escape(say(record.status, ui))}</p>']
    if record.notice:
        head.append(f'<p class="notice" {_reading(record.notice)}>{_escape(record.notice)}</p>')
    if record.asked:
        head.append(_understood(record.asked, ui))
    copy = f'<span class="plain">{_escape(plain(record, ui))}</span>'
    # The sanitiser keeps an id and a class, of which the browser script makes the controls.
    said = "" if judged is None or judged.liked is None else " liked" if judged.liked else " disliked"
    turn = f' id="turn-{_escape(judged.turn)}"' if judged else ""
    return f'<div class="answer {record.status}{said}"{turn}>{"".join(head)}{"".join(body)}{copy}</div>'


def partial(record: Partial, ui: Language) -> str:
    """An answer that is still being written."""
    by_number = {citation.number: citation for citation in record.citations}
    understood = _understood(record.asked, ui) if record.asked else ""
    return (
        f'<div class="answer writing"><p class="band" {_interface(ui)}>{_escape(say("writing", ui))}</p>'
        f"{understood}{_prose(record.text, by_number, ui)}</div>"
    )


def _understood(asked: str, ui: Language) -> str:
    line = f"<bdi {_reading(asked)}>{_escape(asked)}</bdi>"
    return f'<p class="understood" {_interface(ui)}>{_escape(say("understood", ui))} {line}</p>'


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
            out.append(f"<ul {_reading(line)}><li>{item}</li></ul>" if bullet else f"<p {_reading(line)}>{item}</p>")
        start = end + 1
    return "".join(out)


def _doubtful(record: Answer, statement: Statement, citations: dict[int, Citation], ui: Language) -> str:
    why = _escape(say(f"why_{statement.reason}", ui))
    mark = _escape(MARKS[statement.verdict][record.language].strip())
    said = _inline(record.text[statement.start : statement.end], citations, ui)
    return f'<span class="doubtful {statement.verdict}" title="{why}">{said} <span class="why">{mark}</span></span>'


def plain(record: Answer, ui: Language) -> str:
    """The answer as text to paste: its words, then the sources by number, with the quotes it does not hold."""
    parts = [record.text.strip()]
    sources = record.citations or record.closest
    for citation in sources:
        lines = [f"[{citation.number}] {_attribution(citation, ui)}"]
        if citation.quote not in record.text:
            lines.append(f"“{citation.quote}”")
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part)


def _attribution(citation: Citation, ui: Language) -> str:
    facts = [visible(citation.title), visible(citation.outlet) if citation.outlet else ""]
    facts += [long_date(citation.date, ui) if citation.date else "", visible(citation.file)]
    facts.append(say("line", ui, n=citation.line))
    return " · ".join(fact for fact in facts if fact)


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
            out.append(f"<ul {_reading(paragraph)}>{items}</ul>")
        else:
            out.extend(
                f"<p {_reading(line)}>{_inline(line.strip(), citations, ui)}</p>" for line in lines if line.strip()
            )
    return "".join(out)


def _inline(text: str, citations: dict[int, Citation], ui: Language) -> str:
    """Escaped text with chips for known markers; a marker of nothing is dropped. A chip keeps to the word before it."""
    out: list[str] = []
    done = 0
    for match in _MARKERS.finditer(text):
        before = text[done : match.start()].rstrip()
        last = _LAST_WORD.search(before)
        word = last[0] if last else ""
        closers = _CLOSERS.match(text, match.end())
        after = closers[0] if closers else ""
        numbers = [int(number) for number in re.findall(r"\d+", match[0])]
        chips = "".join(_chip(citations[number], ui) for number in numbers if number in citations)
        out.append(_escape(before[: len(before) - len(word)]))
        kept = _escape(word), _escape(after)
        out.append(f'<span class="kept">{kept[0]}{chips}{kept[1]}</span>' if chips else "".join(kept))
        done = match.end() + len(after)
    out.append(_escape(text[done:]))
    return "".join(out)


def _label(citation: Citation, ui: Language) -> str:
    return _escape(say("cite_label", ui, n=citation.number, title=visible(citation.title), line=citation.line))


def _chip(citation: Citation, ui: Language) -> str:
    spoken = _escape(say("source", ui))
    return (
        f'<a class="cite" href="#src={reference_of(citation)}" title="{_label(citation, ui)}">'
        f'<span class="sr">{spoken} </span>{citation.number}</a>'
    )


def _facts(citation: Citation, ui: Language) -> str:
    """Outlet, date and line, each isolated so that none turns its neighbours around."""
    facts = []
    if citation.outlet:
        facts.append(f"<bdi>{_escape(visible(citation.outlet))}</bdi>")
    if citation.date:
        facts.append(f"<bdi>{_escape(long_date(citation.date, ui))}</bdi>")
    facts.append(f"<bdi>{_escape(say('line', ui, n=citation.line))}</bdi>")
    return '<span class="dot"> · </span>'.join(facts)


def _by(citation: Citation, ui: Language) -> str:
    title = visible(citation.title)
    return (
        f'<bdi class="title" {_reading(title)}>{_escape(title)}</bdi>'
        f'<span class="facts">{_facts(citation, ui)}<span class="dot"> · </span>'
        f'<bdi class="file" dir="ltr">{_escape(visible(citation.file))}</bdi></span>'
    )


def _figure(citation: Citation, ui: Language) -> str:
    """A quote in its own direction, its chip, and below it where it stands."""
    words, last = _glossed(citation)
    glossed, old = " glossed" if citation.gloss else "", " old" if citation.stale else ""
    stale = f'<p class="stale">{_escape(say("stale", ui))}</p>' if citation.stale else ""
    return (
        f'<figure class="quote{old}"><blockquote class="words{glossed}" {_reading(citation.quote)}>'
        f'<p>{words}<span class="kept">{last} {_chip(citation, ui)}</span></p></blockquote>'
        f'<figcaption {_interface(ui)}><a class="by" tabindex="-1" href="#src={reference_of(citation)}">'
        f"{_by(citation, ui)}</a>"
        f"{stale}</figcaption></figure>"
    )


def _row(citation: Citation, ui: Language) -> str:
    """A source by itself, for answers whose text does not show the quotes."""
    stale = f'<span class="stale">{_escape(say("stale", ui))}</span>' if citation.stale else ""
    return (
        f'<a class="row" href="#src={reference_of(citation)}" title="{_label(citation, ui)}">'
        f'<span class="num">{citation.number}</span><span class="of">{_by(citation, ui)}{stale}</span></a>'
    )


def _folded(key: Literal["sources", "closest"], items: Iterable[str], ui: Language, *, opened: bool) -> str:
    parts: Sequence[str] = list(items)
    if not parts:
        return ""
    summary = _escape(say(key, ui, n=len(parts)))
    return (
        f'<details class="folded {key}" {_interface(ui)}{" open" if opened else ""}>'
        f"<summary>{summary}</summary>{''.join(parts)}</details>"
    )


def _gloss_note(ui: Language) -> str:
    return (
        f'<p class="gloss-note" {_interface(ui)}><span class="on">{_escape(say("gloss", ui))}</span> '
        f'<button class="gloss-switch" type="button"><span class="on">{_escape(say("gloss_hide", ui))}</span>'
        f'<span class="off">{_escape(say("gloss_show", ui))}</span></button></p>'
    )


def _glossed(citation: Citation) -> tuple[str, str]:
    """The quote with each known word's meaning beneath it; its last word apart, so that the chip can keep to it.

    Marks that touch a glossed word stand on its base, so that no gap opens between them.
    """
    quote = citation.quote
    language, direction = ("en", "ltr") if citation.language == "ar" else ("ar", "rtl")
    words = [word for word in sorted(citation.gloss) if 0 <= word.start < word.end <= len(quote) and word.text.strip()]
    out: list[str] = []
    done = 0
    for place, word in enumerate(words):
        following = words[place + 1].start if place + 1 < len(words) else len(quote)
        if word.start < done or quote[word.start : word.end] == word.text:
            continue
        start, end = word.start, word.end
        while start > done and not quote[start - 1].isspace() and not quote[start - 1].isalnum():
            start -= 1
        while end < following and not quote[end].isspace() and not quote[end].isalnum():
            end += 1
        out.append(_words(citation, done, start))
        meaning = f'<rt dir="{direction}" lang="{language}">{_escape(word.text)}</rt>'
        out.append(f'<ruby class="{word.kind}">{_words(citation, start, end)}{meaning}</ruby>')
        done = end
    if done == len(quote) and out:
        return "".join(out[:-1]), out[-1]
    last = _LAST_WORD.search(quote, done)
    cut = last.start() if last else len(quote)
    out.append(_words(citation, done, cut))
    return "".join(out), _words(citation, cut, len(quote))


def _words(citation: Citation, start: int, end: int) -> str:
    """Words of the quote, the likely answer among them marked."""
    first, last = citation.phrase or (0, 0)
    first, last = max(start, first), min(end, last)
    if first >= last:
        return _escape(citation.quote[start:end])
    before, phrase, after = (_escape(citation.quote[a:b]) for a, b in ((start, first), (first, last), (last, end)))
    return f'{before}<strong class="phrase">{phrase}</strong>{after}'
