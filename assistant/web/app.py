"""The page itself: one chat, one source panel, and the two named endpoints for programs.

A session keeps its turns as records on the server (`talk`); the messages in the browser are drawn from them, so that
switching the language draws them anew. `create_app` only builds: it opens no port, and the assistant it is given stays the
caller's to close.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final

import gradio as gr
from fastapi import FastAPI
from gradio.events import api
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from assistant.errors import IsnadError
from assistant.keeping.conversations import Conversations
from assistant.keeping.database import Database
from assistant.keeping.feedback import Feedback
from assistant.keeping.users import Users
from assistant.shelf import Shelf
from assistant.web import page, routes, sources
from assistant.web.doors import LOGIN, LOGOUT, Door
from assistant.web.endpoints import Endpoints, Quiet
from assistant.web.events import Events
from assistant.web.hints import Hints
from assistant.web.originals import Originals
from assistant.web.records import Records
from assistant.web.routes import Watched
from assistant.web.security import LOOPBACK, Guard
from assistant.web.served import Served
from assistant.web.static import ASSETS, Assets, script, version
from assistant.web.strings import say
from assistant.web.talk import Keeper, Talk
from assistant.web.visitors import Visitors

# Questions that are answered at the same time. Quoting is work for the processor, of which the interpreter gives one thread at
# a time its turn: more of them only wait on each other. A model is waited for.
_QUOTED_AT_ONCE: Final = 2
_WRITTEN_AT_ONCE: Final = 16
_TELL_SECONDS: Final = 2.0  # between two times that those who wait are told their place
_WAITING: Final = 256
# An event brings the talk and what only the browser knows: the interface language, the articles asked, the settings.
_WITH_CONTEXT: Final = "(talk, context) => [talk, window.isnad.context()]"


def create_app(
    assistant: Served,
    *,
    suggestions: Sequence[str] = (),
    hints: Hints | None = None,
    watched: Watched | None = None,
    shelf: Shelf | None = None,
    database: Database | None = None,
    users: Users | None = None,
    hosts: frozenset[str] = LOOPBACK,
) -> FastAPI:
    """The ASGI application that serves ``assistant``.

    ``suggestions`` are questions for an empty chat, and ``hints`` finds more of them; ``watched`` follows the folder; into ``shelf`` readers may put articles;
    in ``database`` conversations are kept; with ``users`` everybody has to sign in. ``hosts`` are the names under which
    the page may be called.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    articles = _Counter(assistant)

    def status() -> str:
        return page.status(
            articles(),
            list(assistant.skipped()),
            assistant.indexed_at,
            written=assistant.model is not None,
        )

    def questions() -> str:
        return page.suggested([*suggestions, *(hints.questions() if hints else ())])

    app.router.routes.append(routes.fragment("suggestions", questions))
    app.router.routes.extend(routes.Articles(assistant, watched or routes.Still(), shelf, articles, status).routes())
    app.router.routes.extend(Originals(assistant).routes())
    keeper = Keeper()
    if database:
        keeper = Keeper(Conversations(database), Feedback(database))
        app.router.routes.extend(Records(Conversations(database), Feedback(database), _url_of(assistant)).routes())

    @app.get("/healthz")
    async def health() -> JSONResponse:
        # At once where it can be: a thread of the pool may have to wait for many that make answers.
        number = articles.known()
        return JSONResponse({"ok": True, "articles": await run_in_threadpool(articles) if number is None else number})

    app.mount("/isnad", Assets())
    if users:
        app.add_middleware(Door, users=users)
    else:
        app.add_middleware(Visitors)
    app.add_middleware(Guard, hosts=hosts, more=frozenset({LOGIN, LOGOUT}) if users else frozenset())

    async def mount() -> None:
        _mount(
            app,
            _blocks(
                assistant,
                suggestions,
                keeper,
                users=users is not None,
                followed=watched is not None,
                addable=shelf is not None,
            ),
        )

    # Gradio makes its locks while it builds, and an event loop for each when none is running, which it never closes.
    asyncio.run(mount())
    return app


class _Counter:
    """Counts the articles, once for each state of the index: pages and whoever asks whether the server lives ask often."""

    def __init__(self, assistant: Served) -> None:
        self._assistant = assistant
        self._counted: tuple[dt.datetime, int] | None = None

    def known(self) -> int | None:
        """Their number, if it has been counted."""
        counted = self._counted
        return counted[1] if counted and counted[0] == self._assistant.indexed_at else None

    def __call__(self) -> int:
        if (number := self.known()) is None:
            state = self._assistant.indexed_at
            number = len(self._assistant.documents())
            self._counted = (state, number)
        return number


def _mount(app: FastAPI, blocks: gr.Blocks) -> None:
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        server_name="127.0.0.1",
        head=page.head(version(), [script("first.js"), script("app.js")]),
        theme=gr.themes.Base(font=["Isnad Sans", "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        favicon_path=str(ASSETS / "icon.svg"),
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        show_error=False,
        enable_monitoring=False,
        max_file_size=1,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
    )


def _url_of(assistant: Served) -> Callable[[str], str | None]:
    def url(file: str) -> str | None:
        try:
            return getattr(assistant.document(file), "url", None)
        except IsnadError:
            return None

    return url


def _blocks(
    assistant: Served, suggestions: Sequence[str], keeper: Keeper, *, users: bool, followed: bool, addable: bool
) -> gr.Blocks:
    documents, skipped = len(assistant.documents()), list(assistant.skipped())

    def get_source(reference: object) -> dict[str, Any]:
        """Called by the source panel. The argument comes from the browser, alone or in a list."""
        return sources.panel(
            assistant, reference[0] if isinstance(reference, list) and len(reference) == 1 else reference
        )

    blocks: gr.Blocks = Quiet(title=say("page_title", "en"), fill_width=True, fill_height=True, analytics_enabled=False)
    with blocks:
        talk = gr.State(Talk())
        # Which conversation is open, for the browser.
        place = gr.Textbox("", visible=False)
        # What only the browser knows reaches the server with an event by way of a hidden box.
        context = gr.Textbox("{}", visible=False)
        bar = gr.HTML(
            page.toolbar(quotes=assistant.settings.quotes, model=assistant.model is not None, signed_in=users),
            elem_id="bar",
            js_on_load=script("toolbar.js"),
            apply_default_css=False,
        )
        with gr.Row(elem_id="shell"):
            side = gr.HTML(
                page.side(kept=keeper.conversations is not None),
                elem_id="side",
                js_on_load=script("side.js"),
                apply_default_css=False,
            )
            with gr.Column(elem_id="main", min_width=0):
                hero = gr.HTML(
                    page.hero(
                        suggestions,
                        str(assistant.settings.corpus),
                        empty=not documents,
                        followed=followed,
                        addable=addable,
                    ),
                    elem_id="hero",
                    js_on_load=script("hero.js"),
                    apply_default_css=False,
                )
                chat = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    container=False,
                    height="100%",
                    autoscroll=False,
                    layout="bubble",
                    buttons=["copy"],
                    latex_delimiters=[],
                    allow_tags=False,
                    sanitize_html=True,
                    feedback_options=None,
                    allow_file_downloads=False,
                    group_consecutive_messages=False,
                )
                notice = gr.HTML("", elem_id="notice", apply_default_css=False)
                gr.HTML(page.scope(), elem_id="scope", apply_default_css=False)
                box = gr.Textbox(
                    elem_id="ask",
                    show_label=False,
                    container=False,
                    placeholder=say("ask", "en"),
                    submit_btn=True,
                    lines=1,
                    max_lines=6,
                    autofocus=True,
                    interactive=True,
                )
                gr.HTML(
                    page.status(documents, skipped, assistant.indexed_at, written=assistant.model is not None),
                    elem_id="status",
                    apply_default_css=False,
                )
            gr.HTML(page.library(), elem_id="library", js_on_load=script("articles.js"), apply_default_css=False)
            gr.HTML(
                page.panel(),
                elem_id="source",
                js_on_load=script("panel.js"),
                server_functions=[get_source],
                apply_default_css=False,
            )

        on, outward = Events(assistant, keeper), Endpoints(assistant)
        at_once = _WRITTEN_AT_ONCE if assistant.model else _QUOTED_AT_ONCE
        # Whoever asks, in the page or from a program, stands in one line.
        limits: dict[str, Any] = {"concurrency_limit": at_once, "concurrency_id": "ask"}
        shown = [chat, talk, box, notice, place]
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        answering: dict[str, Any] = {
            **quiet,
            **limits,
            "trigger_mode": "once",
        }
        js = "(question, talk, context) => [question, talk, window.isnad.context()]"
        events = [
            box.submit(on.submitted, [box, talk, context], shown, js=js, **answering),
            hero.suggested(on.suggested, [talk, context], shown, js=_WITH_CONTEXT, **answering),
            chat.retry(on.retried, [talk, context], shown, js=_WITH_CONTEXT, **answering),
            chat.undo(on.undone, [talk, context], shown, js=_WITH_CONTEXT, queue=False, **quiet),
            side.opened(on.opened, [talk, context], shown, js=_WITH_CONTEXT, queue=False, **quiet),
            side.fresh(on.fresh, None, shown, queue=False, **quiet),
        ]
        if assistant.model:
            events.append(
                box.stop(on.stopped, [talk, context], shown, js=_WITH_CONTEXT, queue=False, cancels=events[:3], **quiet)
            )
        for event in events:
            event.then(None, [place], None, js="(id) => { window.isnad.at(id); return []; }", queue=False, **quiet)
        bar.language(on.redrawn, [talk, context], [chat, notice], js=_WITH_CONTEXT, queue=False, **quiet)

        api(outward.ask, api_name="ask", **limits)
        api(outward.search, api_name="search", **limits)
    # Usually everybody who waits is told of every answer, which takes longer than the answers when fifty wait.
    blocks.queue(max_size=_WAITING, default_concurrency_limit=at_once, status_update_rate=_TELL_SECONDS, api_open=True)
    return blocks
