"""The fixed parts of the page: head, toolbar, empty state, status line, source panel.

Words that stand still are written in both languages and the style sheet shows one of them, so that the language switch
needs no server. Names of controls (``data-label``) are filled in by the browser script from the same table.
"""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Sequence
from typing import Final

from assistant.citations import Language
from assistant.corpus import SUFFIXES, Skipped
from assistant.language.counted import articles
from assistant.language.text import language_of
from assistant.web.markup import interface, reading
from assistant.web.reasons import reason
from assistant.web.sources import visible
from assistant.web.strings import LANGUAGES, SCRIPT, STRINGS, long_date, say

_QUOTE: Final = (
    "M3.5 8.7a3.3 3.3 0 1 1 6.6 0c0 5.2-1.9 8.3-5.4 9.9l-.8-1.5c1.9-1.1 2.9-2.7 3.1-5.1a3.3 3.3 0 0 1-3.5-3.3z"
)
_PATHS: Final = {
    "mark": f'<path d="{_QUOTE}"/><path d="{_QUOTE}" transform="translate(10.2)"/>',
    "system": '<rect x="3.5" y="5" width="17" height="11.5" rx="2"/><path d="M9 20h6M12 16.5V20"/>',
    "light": '<circle cx="12" cy="12" r="4"/>'
    '<path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4"/>',
    "dark": '<path d="M20 14.2A8 8 0 1 1 9.8 4a6.4 6.4 0 0 0 10.2 10.2z"/>',
    "close": '<path d="M6.5 6.5l11 11M17.5 6.5l-11 11"/>',
    "back": '<path d="M14.5 6 8.5 12l6 6"/>',
    "forth": '<path d="M9.5 6l6 6-6 6"/>',
    "fresh": '<path d="M12 5v14M5 12h14"/>',
    "menu": '<path d="M4.5 7h15M4.5 12h15M4.5 17h15"/>',
    "articles": '<path d="M6 4.5h9l3 3v12H6z"/><path d="M9 11h6M9 14.5h6M9 8h3"/>',
    "chat": '<path d="M5 6h14v10h-8l-4 3.5V16H5z"/>',
    "search": '<circle cx="10.5" cy="10.5" r="5.5"/><path d="m15 15 4.5 4.5"/>',
    "options": '<path d="M5 8h9M18 8h1M5 16h1M10 16h9"/><circle cx="16" cy="8" r="2"/><circle cx="8" cy="16" r="2"/>',
}


def _icon(*names: str) -> str:
    return "".join(
        f'<svg class="i-{name}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{_PATHS[name]}</svg>'
        for name in names
    )


def _both(key: str) -> str:
    """The string in both languages, of which the style sheet shows one."""
    return "".join(f'<span class="in-{lang}" lang="{lang}">{html.escape(say(key, lang))}</span>' for lang in LANGUAGES)


def _button(act: str, label: str, inside: str, classes: str = "tool") -> str:
    return f'<button class="{classes}" type="button" data-act="{act}" data-label="{label}">{inside}</button>'


def toolbar(*, quotes: int = 3, model: bool = False, signed_in: bool = False) -> str:
    """The conversations' drawer, name, settings, colours, language.

    ``quotes`` is how many an answer holds at most unless the reader says otherwise. ``model``: there is one to be turned off.
    ``signed_in``: readers have signed in, and may sign out.
    """
    name = f'<div class="name"><h1>{_both("name")}</h1><p>{_both("tagline")}</p></div>'
    menu = _button("menu", "menu", _icon("menu"), "tool menu")
    theme = _button("theme", "theme_system", _icon("system", "light", "dark"), "tool theme")
    language = _button("language", "switch_language", _both("other_language"), "tool wordy language")
    return (
        f'<a class="skip" href="#question">{_both("skip")}</a><header class="bar">{menu}<span class="logo">{_icon("mark")}</span>'
        f'{name}<div class="tools">{_options(quotes, model, signed_in)}{theme}{language}</div></header>'
    )


def _options(quotes: int, model: bool, signed_in: bool) -> str:
    """What a reader may set for themselves; kept in the browser."""
    numbers = "".join(f'<option value="{number}">{number}</option>' for number in range(1, max(5, quotes) + 1))
    written = f'<label><input type="checkbox" name="model">{_both("option_model")}</label>' if model else ""
    leave = (
        f'<form method="post" action="/logout"><button class="quiet">{_both("sign_out")}</button></form>'
        if signed_in
        else ""
    )
    return (
        f'<details class="options"><summary class="tool" data-label="options">{_icon("options")}</summary><div><h2>{_both("options")}</h2>'
        f'<label>{_both("option_quotes")}<select name="quotes" data-usual="{quotes}">{numbers}</select></label>'
        f'<label><input type="checkbox" name="gloss">{_both("option_gloss")}</label>{written}{leave}</div></details>'
    )


def side(*, kept: bool) -> str:
    """The side: a new chat, the articles, the conversations that are kept. `scripts/side.js` fills it."""
    fresh = _button("fresh", "fresh", f"{_icon('fresh')}<span>{_both('fresh')}</span>", "go fresh")
    library = (
        f'<a class="go library-link" href="#articles" data-act="articles">{_icon("articles")}'
        f'<span>{_both("articles_page")}</span><span class="count"></span></a>'
    )
    search = (
        f'<div class="find">{_icon("search")}<input type="search" maxlength="200" data-label="search_conversations" '
        'autocomplete="off"></div>'
    )
    chat = f'<a class="go chat-link" href="#" data-act="chat">{_icon("chat")}<span>{_both("chat_page")}</span></a>'
    lists = (
        f'<div class="past"><h2>{_both("conversations")}</h2>{search}<p class="fault" role="alert" hidden></p>'
        f'<ul></ul><p class="none">{_both("no_conversations")}</p></div>'
        if kept
        else ""
    )
    return f'<nav class="side" data-label="side">{fresh}{chat}{library}{lists}</nav><div class="veil" data-act="menu"></div>'


_COLUMNS: Final = ("title", "outlet", "date", "language", "size", "state")


def library() -> str:
    """The frame of the list of articles; `scripts/articles.js` fills it."""
    accepted = ",".join(SUFFIXES)
    add = (
        f'<label class="primary add" hidden>{_icon("fresh")}{_both("add_articles")}'
        f'<input class="sr" type="file" multiple accept="{accepted}" data-label="add_articles"></label>'
    )
    look = _button("look", "reindex", _both("reindex"), "quiet")
    head = (
        f'<header><div><h2 id="library-title" tabindex="-1">{_both("articles_page")}</h2><p>{_both("articles_text")}</p></div>'
        f'<div class="acts">{look}{add}</div></header>'
    )
    fields = "".join(
        (
            f'<div class="find">{_icon("search")}<input type="search" name="q" maxlength="200" autocomplete="off" '
            'data-label="search_articles"></div>',
            '<select name="outlet" data-label="column_outlet"><option value="" data-text="any_outlet"></option></select>',
            _select("language", (("", "any_language"), ("ar", "in_ar"), ("en", "in_en"))),
            _select("state", (("", "any_state"), ("indexed", "state_indexed"), ("skipped", "state_skipped"))),
            f'<span class="period"><label>{_both("from")}<input type="date" name="since"></label>',
            f'<label>{_both("to")}<input type="date" name="until"></label></span>',
        )
    )
    sorts = "".join(
        f'<th class="{name}" scope="col"><button type="button" data-act="sort" data-sort="{name}">'
        f"{_both(f'column_{name}')}</button></th>"
        for name in _COLUMNS
    )
    table = (
        '<table aria-labelledby="library-title"><thead><tr>'
        '<th class="pick" scope="col"><input type="checkbox" data-act="all" data-label="choose_all"></th>'
        f'{sorts}<th class="acts" scope="col"><span class="sr">{_both("column_acts")}</span></th></tr></thead><tbody></tbody></table>'
    )
    ask = (
        f'<button type="button" class="primary small" data-act="ask-shown"><span class="shown">{_both("ask_period")}</span>'
        f'<span class="picked">{_both("ask_chosen")}</span></button>'
    )
    clear = f'<button type="reset" form="library-filters" class="plain" hidden>{_both("clear")}</button>'
    pager = (
        f'<nav class="pager">{_button("page-back", "page_back", _icon("back"))}<span></span>'
        f"{_button('page-forth', 'page_forth', _icon('forth'))}</nav>"
    )
    return (
        f'<section class="library" aria-labelledby="library-title"><div class="inner">{head}<div role="status"><ul class="uploads"></ul></div>'
        f'<div class="timeline"></div><form class="filters" id="library-filters" role="search">{fields}</form>'
        f'<div class="above"><p class="tally" role="status"></p>{clear}{ask}</div>'
        f'<div class="sheet">{table}<p class="nothing" hidden><span class="not-found">{_both("none_found")}</span>'
        f'<span class="not-there">{_both("hero_empty_title")}</span></p></div>{pager}</div>'
        f'<div class="drop" hidden><p>{_both("drop")}</p></div></section>'
    )


def _select(name: str, choices: Sequence[tuple[str, str]]) -> str:
    options = "".join(f'<option value="{value}" data-text="{key}"></option>' for value, key in choices)
    return f'<select name="{name}" data-label="column_{name}">{options}</select>'


def scope() -> str:
    """The place above the question box that says which articles are asked."""
    clear = _button("scope-clear", "scope_clear", _icon("close"))
    return f'<p class="scope" hidden><span></span>{clear}</p>'


def hero(
    suggestions: Sequence[str], folder: str, *, empty: bool = False, followed: bool = False, addable: bool = False
) -> str:
    """What an empty chat shows: an invitation, and what to do while ``folder`` holds no article.

    ``empty`` says which of the two is shown first; `scripts/hero.js` follows the folder. The folder is ``followed``, or
    looked at on starting only. ``addable``: readers may add articles in the page.
    """
    path = f'<p class="path"><bdi dir="ltr">{html.escape(visible(folder))}</bdi></p>'
    todo, way = _both("hero_empty_text_followed" if followed else "hero_empty_text"), ""
    if addable:
        todo = _both("hero_empty_text_add")
        way = f'<p class="way"><a class="primary" href="#articles" data-act="articles">{_both("add_articles")}</a></p>'
    return (
        f'<div class="hero some"{" hidden" if empty else ""}><h2>{_both("hero_title")}</h2><p>{_both("hero_text")}</p></div>'
        f'<div class="hero none"{"" if empty else " hidden"}><h2>{_both("hero_empty_title")}</h2><p>{todo}</p>{way}{path}</div>'
        f'<div class="suggested">{suggested(suggestions)}</div>'
    )


def suggested(questions: Sequence[str]) -> str:
    """Questions to begin with: each language of the page shows those written in it, or all when it has none."""
    if not questions:
        return ""
    missing = [lang for lang in LANGUAGES if not any(language_of(question) == lang for question in questions)]
    items = []
    for question in questions:
        shown = " ".join(f"for-{lang}" for lang in (language_of(question), *missing))
        items.append(
            f'<li class="{shown}"><button type="button" data-act="suggest" {reading(question)}>'
            f"{html.escape(question)}</button></li>"
        )
    return f'<div class="suggest"><h3>{_both("suggestions")}</h3><ul>{"".join(items)}</ul></div>'


def status(count: int, skipped: Sequence[Skipped], indexed: dt.datetime | None, *, written: bool = False) -> str:
    """One quiet line: how many articles, what answers (a model if ``written``), how old the index is.

    What is going on with the index, `scripts/app.js` puts in.
    """
    parts = []
    for lang in LANGUAGES:
        facts = [articles(count, lang), say("mode_model" if written else "mode", lang)]
        if indexed:
            facts.append(say("indexed", lang, date=long_date(indexed.astimezone().date(), lang)))
        line = '<span class="dot"> · </span>'.join(f"<bdi>{html.escape(fact)}</bdi>" for fact in facts)
        parts.append(f'<span class="in-{lang}" lang="{lang}">{line}</span>')
    now = '<span class="now" role="status" hidden></span>'
    return f'<div class="status">{"".join(parts)}{now}{_left_out(skipped)}</div>'


def _left_out(skipped: Sequence[Skipped]) -> str:
    if not skipped:
        return ""
    summary = "".join(
        f'<span class="in-{lang}" lang="{lang}">{html.escape(say("left_out", lang, n=len(skipped)))}</span>'
        for lang in LANGUAGES
    )
    rows = "".join(
        f'<li><bdi dir="ltr">{html.escape(visible(file.file))}</bdi>'
        + "".join(
            f'<span class="in-{lang}" lang="{lang}">{html.escape(reason(visible(file.reason), lang))}</span>'
            for lang in LANGUAGES
        )
        + "</li>"
        for file in skipped[:100]
    )
    title = _both("left_out_title")
    return f'<details class="left-out"><summary>{summary}</summary><div><h3>{title}</h3><ul>{rows}</ul></div></details>'


def panel() -> str:
    """The frame of the source panel; `scripts/panel.js` fills it."""
    walk = (
        f'<div class="walk" hidden>{_button("previous", "previous", _icon("back"))}<span class="place"></span>'
        f"{_button('next', 'next', _icon('forth'))}</div>"
    )
    head = (
        f'<div class="row"><span class="eyebrow"><span class="of-quote">{_both("source")}</span>'
        f'<span class="of-article">{_both("whole_article")}</span><span class="k"></span></span>{walk}'
        f"{_button('close', 'close', _icon('close'))}</div>"
        '<h2 id="source-title" tabindex="-1"></h2><p class="meta"></p><p class="stale" hidden></p>'
        f'<div class="acts">{_button("copy-quote", "copy_quote", _both("copy_quote"), "quiet")}'
        f"{_button('copy-reference', 'copy_reference', _both('copy_reference'), 'quiet')}"
        f'<a class="quiet original" target="_blank" rel="noopener">{_both("open_original")}</a></div>'
    )
    return (
        f'<aside class="panel" aria-labelledby="source-title" hidden><header>{head}</header>'
        '<div class="body" tabindex="0" role="region" data-label="article"></div></aside>'
    )


def notice(line: str, ui: Language) -> str:
    """A line of ours above the question box; it reads as ``ui`` does, whatever names are in it."""
    return f'<p role="alert" {interface(ui)}>{html.escape(line)}</p>' if line else ""


def head(version: str, scripts: Sequence[str] = ()) -> str:
    """What the document's head holds: language, direction and colours are set before anything is drawn.

    ``scripts`` are the texts of our own scripts. They stand in the page itself: Gradio puts the head in by a script, and
    one that it had to fetch could arrive after the parts of the page that call it.
    """
    inline = "\n".join(f"<script>{script}</script>" for script in scripts)
    table = {lang: {key: STRINGS[key][lang] for key in SCRIPT} for lang in LANGUAGES}
    strings = json.dumps(table, ensure_ascii=True).replace("<", "\\u003c")
    return f"""<meta name="color-scheme" content="light dark">
<link rel="preload" href="/isnad/fonts/NotoSans-Regular.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/isnad/app.css?v={version}">
<link rel="stylesheet" href="/isnad/library.css?v={version}">
<script>window.isnad = {{ strings: {strings} }}</script>
{inline}"""
