"""A citation drawn: its chip, the quote with what its words mean, and where it stands."""

from __future__ import annotations

import re
from typing import Final

from assistant.citations import Also, Citation, Language
from assistant.web.markup import escape, interface, reading
from assistant.web.sources import reference, reference_of, visible
from assistant.web.strings import long_date, say

# What a chip may be tied to: a word of reasonable length, or a narrow screen would have to scroll.
LAST_WORD: Final = re.compile(r"(?<!\S)\S{1,24}\s*\Z")


def attribution(citation: Citation, ui: Language) -> str:
    """Where a quote stands, in one line of plain text."""
    facts = [visible(citation.title), visible(citation.outlet) if citation.outlet else ""]
    facts += [long_date(citation.date, ui) if citation.date else "", visible(citation.file)]
    facts += _place(citation, ui)
    return " · ".join(fact for fact in facts if fact)


def _place(citation: Citation, ui: Language) -> list[str]:
    """Page, where the file has pages, and line."""
    page = [] if citation.page is None else [say("page", ui, n=citation.page)]
    return [*page, say("line", ui, n=citation.line)]


def _label(citation: Citation, ui: Language) -> str:
    return escape(say("cite_label", ui, n=citation.number, title=visible(citation.title), line=citation.line))


def chip(citation: Citation, ui: Language) -> str:
    """The number of a citation, which opens its place in the article."""
    spoken = escape(say("source", ui))
    return (
        f'<a class="cite" href="#src={reference_of(citation)}" title="{_label(citation, ui)}">'
        f'<span class="sr">{spoken} </span>{citation.number}</a>'
    )


def _facts(citation: Citation, ui: Language) -> str:
    """Outlet, date, page and line, each isolated so that none turns its neighbours around."""
    facts = []
    if citation.outlet:
        facts.append(f"<bdi>{escape(visible(citation.outlet))}</bdi>")
    if citation.date:
        facts.append(f"<bdi>{escape(long_date(citation.date, ui))}</bdi>")
    facts += [f"<bdi>{escape(fact)}</bdi>" for fact in _place(citation, ui)]
    return '<span class="dot"> · </span>'.join(facts)


def _by(citation: Citation, ui: Language) -> str:
    title = visible(citation.title)
    named = f'<bdi class="title" {reading(title)}>{escape(title)}</bdi>'
    return (
        f"{'' if citation.quote.strip() == citation.title else named}"
        f'<span class="facts">{_facts(citation, ui)}<span class="dot"> · </span>'
        f'<bdi class="file" dir="ltr">{escape(visible(citation.file))}</bdi></span>'
    )


def figure(citation: Citation, ui: Language) -> str:
    """A quote in its own direction, its chip, and below it where it stands."""
    words, last = _glossed(citation)
    glossed, old = " glossed" if citation.gloss else "", " old" if citation.stale else ""
    stale = f'<p class="stale">{escape(say("stale", ui))}</p>' if citation.stale else ""
    return (
        f'<figure class="quote{old}"><blockquote class="words{glossed}" {reading(citation.quote)}>'
        f'<p>{words}<span class="kept">{last} {chip(citation, ui)}</span></p></blockquote>'
        f'<figcaption {interface(ui)}><a class="by" tabindex="-1" href="#src={reference_of(citation)}">'
        f"{_by(citation, ui)}</a>"
        f"{_also(citation, ui)}{stale}</figcaption></figure>"
    )


def row(citation: Citation, ui: Language) -> str:
    """A source by itself, for answers whose text does not show the quotes."""
    stale = f'<span class="stale">{escape(say("stale", ui))}</span>' if citation.stale else ""
    return (
        f'<a class="row" href="#src={reference_of(citation)}" title="{_label(citation, ui)}">'
        f'<span class="num">{citation.number}</span><span class="of">{_by(citation, ui)}{stale}</span></a>'
        f"{_also(citation, ui)}"
    )


def _also(citation: Citation, ui: Language) -> str:
    """The copies of the article that have the quoted sentence, each opened by a chip of its own."""
    if not citation.also:
        return ""
    chips = "".join(f" {_also_chip(each, ui)}" for each in citation.also)
    return f'<span class="also" {interface(ui)}>{escape(say("also_in", ui))}{chips}</span>'


def _also_chip(also: Also, ui: Language) -> str:
    title, name = visible(also.title), visible(also.outlet or also.title)
    label = escape(say("also_label", ui, title=title, line=also.line))
    place = reference(also.file, also.start, also.end)
    return f'<a class="cite copy" href="#src={place}" title="{label}"><bdi {reading(name)}>{escape(name)}</bdi></a>'


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
        meaning = f'<rt dir="{direction}" lang="{language}">{escape(word.text)}</rt>'
        out.append(f'<ruby class="{word.kind}">{_words(citation, start, end)}{meaning}</ruby>')
        done = end
    if done == len(quote) and out:
        return "".join(out[:-1]), out[-1]
    last = LAST_WORD.search(quote, done)
    cut = last.start() if last else len(quote)
    out.append(_words(citation, done, cut))
    return "".join(out), _words(citation, cut, len(quote))


def _words(citation: Citation, start: int, end: int) -> str:
    """Words of the quote, the likely answer among them marked."""
    first, last = citation.phrase or (0, 0)
    first, last = max(start, first), min(end, last)
    if first >= last:
        return escape(citation.quote[start:end])
    before, phrase, after = (escape(citation.quote[a:b]) for a, b in ((start, first), (first, last), (last, end)))
    return f'{before}<strong class="phrase">{phrase}</strong>{after}'
