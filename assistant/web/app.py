"""The page itself: one chat, one source panel, and the two named endpoints for programs.

A session keeps its turns as records on the server (`talk`); the messages in the browser are drawn from them, so that
switching the language draws them anew. `create_app` only builds: it opens no port, and the assistant it is given stays the
caller's to close.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Protocol

import gradio as gr
from fastapi import FastAPI
from gradio.events import api
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope as Connection

from assistant import citations
from assistant.catalogue import DocumentInfo
from assistant.citations import Answer, Citable, Language, Partial
from assistant.corpus import Skipped
from assistant.errors import EmptyQuestion, IsnadError, QuestionTooLong
from assistant.keeping.conversations import Conversations
from assistant.keeping.database import Database
from assistant.keeping.feedback import Feedback
from assistant.keeping.records import Said
from assistant.keeping.users import Users
from assistant.language.text import well_formed
from assistant.retrieval import EVERYTHING, Hit
from assistant.scope import Scope
from assistant.settings import Settings
from assistant.shelf import Shelf
from assistant.web import page, routes, sources, visitors
from assistant.web.doors import LOGIN, LOGOUT, Door
from assistant.web.hints import Hints
from assistant.web.records import Records
from assistant.web.routes import Watched
from assistant.web.security import LOOPBACK, Guard
from assistant.web.strings import say
from assistant.web.talk import FAILED, STOPPED, Keeper, Talk, Turn
from assistant.web.visitors import Visitors

log = logging.getLogger(__name__)

ASSETS: Final = Path(str(files("assistant.web") / "assets"))
_AT_ONCE: Final = 8
# An event brings the talk and what only the browser knows: the interface language, the articles asked, the settings.
_WITH_CONTEXT: Final = "(talk, context) => [talk, window.isnad.context()]"
_WAITING: Final = 256
_MOST: Final = 100
_MOST_QUOTES: Final = 10
_LONGEST_CONTEXT: Final = 400_000  # characters; a scope may name some thousand files


class Named(Protocol):
    """A model that writes answers."""

    @property
    def name(self) -> str: ...


class Served(Protocol):
    """What the page needs of an assistant; `assistant.chat.Assistant` is one."""

    @property
    def settings(self) -> Settings: ...
    @property
    def indexed_at(self) -> dt.datetime: ...
    @property
    def model(self) -> Named | None: ...
    def ask(self, question: str) -> Answer: ...
    def stream(
        self,
        question: str,
        history: Sequence[citations.Turn] = (),
        *,
        scope: Scope = EVERYTHING,
        quotes: int | None = None,
        written: bool = True,
    ) -> Iterator[Partial | Answer]: ...
    def search(self, question: str, limit: int = 10, scope: Scope = EVERYTHING) -> Sequence[Hit]: ...
    def document(self, file: str) -> Citable: ...
    def documents(self) -> Sequence[DocumentInfo]: ...
    def skipped(self) -> Sequence[Skipped]: ...
    def is_stale(self, file: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Context:
    """What the browser knows and sends along: the interface language, the articles asked, the reader's settings."""

    ui: Language = "en"
    scope: Scope = EVERYTHING
    quotes: int | None = None
    written: bool = True

    @classmethod
    def read(cls, text: object) -> Context:
        """From the browser's JSON; whatever cannot be read is the default."""
        try:
            given = json.loads(text) if isinstance(text, str) and len(text) <= _LONGEST_CONTEXT else {}
        except (ValueError, RecursionError):
            given = {}
        if not isinstance(given, dict):
            return cls()
        quotes = given.get("quotes")
        return cls(
            "ar" if given.get("ui") == "ar" else "en",
            Scope.from_dict(given.get("scope")),
            quotes if isinstance(quotes, int) and 1 <= quotes <= _MOST_QUOTES else None,
            given.get("model") is not False,
        )


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

    def status() -> str:
        return page.status(
            len(assistant.documents()),
            list(assistant.skipped()),
            assistant.indexed_at,
            written=assistant.model is not None,
        )

    def questions() -> str:
        return page.suggested([*suggestions, *(hints.questions() if hints else ())])

    app.router.routes.append(routes.fragment("suggestions", questions))
    app.router.routes.extend(routes.Articles(assistant, watched or routes.Still(), shelf, status).routes())
    keeper = Keeper()
    if database:
        keeper = Keeper(Conversations(database), Feedback(database))
        app.router.routes.extend(Records(Conversations(database), Feedback(database), _url_of(assistant)).routes())

    @app.get("/healthz")
    def health() -> JSONResponse:
        return JSONResponse({"ok": True, "articles": len(assistant.documents())})

    app.mount("/isnad", _Assets(directory=ASSETS))
    if users:
        app.add_middleware(Door, users=users)
    else:
        app.add_middleware(Visitors)
    app.add_middleware(Guard, hosts=hosts, more=frozenset({LOGIN, LOGOUT}) if users else frozenset())

    async def mount() -> None:
        _mount(app, _blocks(assistant, suggestions, keeper, users=users is not None, addable=shelf is not None))

    # Gradio makes its locks while it builds, and an event loop for each when none is running, which it never closes.
    asyncio.run(mount())
    return app


def _mount(app: FastAPI, blocks: gr.Blocks) -> None:
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        server_name="127.0.0.1",
        head=page.head(_version(), [_script("first.js"), _script("app.js")]),
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


def _blocks(assistant: Served, suggestions: Sequence[str], keeper: Keeper, *, users: bool, addable: bool) -> gr.Blocks:
    documents, skipped = len(assistant.documents()), list(assistant.skipped())

    def get_source(reference: object) -> dict[str, Any]:
        """Called by the source panel. The argument comes from the browser, alone or in a list."""
        return sources.panel(
            assistant, reference[0] if isinstance(reference, list) and len(reference) == 1 else reference
        )

    blocks: gr.Blocks = gr.Blocks(
        title=say("page_title", "en"), fill_width=True, fill_height=True, analytics_enabled=False
    )
    with blocks:
        talk = gr.State(Talk())
        # Which conversation is open, for the browser.
        place = gr.Textbox("", visible=False)
        # What only the browser knows reaches the server with an event by way of a hidden box.
        context = gr.Textbox("{}", visible=False)
        bar = gr.HTML(
            page.toolbar(model=assistant.model is not None, signed_in=users),
            elem_id="bar",
            js_on_load=_script("toolbar.js"),
            apply_default_css=False,
        )
        with gr.Row(elem_id="shell"):
            side = gr.HTML(
                page.side(kept=keeper.conversations is not None),
                elem_id="side",
                js_on_load=_script("side.js"),
                apply_default_css=False,
            )
            with gr.Column(elem_id="main", min_width=0):
                hero = gr.HTML(
                    page.hero(suggestions, str(assistant.settings.corpus), empty=not documents, addable=addable),
                    elem_id="hero",
                    js_on_load=_script("hero.js"),
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
            gr.HTML(page.library(), elem_id="library", js_on_load=_script("articles.js"), apply_default_css=False)
            gr.HTML(
                page.panel(),
                elem_id="source",
                js_on_load=_script("panel.js"),
                server_functions=[get_source],
                apply_default_css=False,
            )

        # Only what a model writes takes long enough to be stopped.
        ended: dict[str, Any] = {"submit_btn": True, "stop_btn": False} if assistant.model else {}
        begun = gr.update(value="", submit_btn=False, stop_btn=True) if assistant.model else ""

        def reply(earlier: Talk, turn: Turn, asked: Context, owner: str | None) -> Iterator[tuple[Any, ...]]:
            question, now = turn.question, earlier.adding(turn)
            yield now.drawn(asked.ui), now, begun, "", gr.skip()
            try:
                options: dict[str, Any] = {"scope": asked.scope, "quotes": asked.quotes, "written": asked.written}
                for item in assistant.stream(question, earlier.history(), **options):
                    if isinstance(item, Answer):
                        turn = replace(turn, answer=item, partial=None)
                    else:
                        turn = replace(turn, partial=item)
                        now = earlier.adding(turn)
                        yield now.drawn(asked.ui), now, gr.skip(), gr.skip(), gr.skip()
            except (EmptyQuestion, QuestionTooLong) as fault:
                # Nothing was asked yet: the words go back into the box, to be changed.
                line = page.notice(fault.say(asked.ui))
                yield earlier.drawn(asked.ui), earlier, gr.update(**ended, value=question), line, gr.skip()
                return
            except IsnadError as fault:
                turn = replace(turn, fault=Said.of(fault))
            except Exception as fault:  # the edge: whatever it is, the page stays and says so
                log.error("a question could not be answered: %s: %s", type(fault).__name__, fault)
                turn = replace(turn, fault=FAILED)
            now, line = keeper.keep(owner, earlier.adding(turn), asked.ui)
            yield now.drawn(asked.ui), now, gr.update(**ended) if ended else gr.skip(), page.notice(line), now.id

        def submitted(question: str, earlier: Talk, context: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
            question, asked = well_formed(question or "").strip(), Context.read(context)
            if question:
                yield from reply(earlier, Turn(question), asked, _owner(request))
            else:
                yield *_SKIPPED[:3], page.notice(EmptyQuestion().say(asked.ui)), gr.skip()

        def suggested(
            earlier: Talk, context: str, event: gr.EventData, request: gr.Request
        ) -> Iterator[tuple[Any, ...]]:
            yield from submitted(str(getattr(event, "question", "")), earlier, context, request)

        def retried(earlier: Talk, context: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
            if earlier.turns:
                again = Turn(earlier.turns[-1].question, kept=earlier.turns[-1].kept)
                yield from reply(earlier.before(), again, Context.read(context), _owner(request))
            else:
                yield _SKIPPED

        def undone(earlier: Talk, context: str, request: gr.Request) -> tuple[Any, ...]:
            now = keeper.take_back(_owner(request), earlier)
            question = earlier.turns[-1].question if earlier.turns else gr.skip()
            return now.drawn(Context.read(context).ui), now, question, "", now.id

        def opened(earlier: Talk, context: str, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
            ui = Context.read(context).ui
            try:
                now = keeper.open(_owner(request), str(getattr(event, "id", "")))
            except IsnadError as fault:
                return *_SKIPPED[:3], page.notice(fault.say(ui)), earlier.id
            return now.drawn(ui), now, gr.skip(), "", now.id

        def stopped(earlier: Talk, context: str, request: gr.Request) -> tuple[Any, ...]:
            """What was written so far stays, and is said to be no answer."""
            ui, last = Context.read(context).ui, earlier.turns[-1] if earlier.turns else None
            if last is None or last.answer or last.fault:
                return gr.skip(), gr.skip(), gr.update(**ended), gr.skip(), gr.skip()
            now, line = keeper.keep(_owner(request), earlier.before().adding(replace(last, fault=STOPPED)), ui)
            return now.drawn(ui), now, gr.update(**ended), page.notice(line), now.id

        def redrawn(earlier: Talk, context: str) -> tuple[Any, ...]:
            return earlier.drawn(Context.read(context).ui), ""

        shown = [chat, talk, box, notice, place]
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        answering: dict[str, Any] = {
            **quiet,
            "concurrency_limit": _AT_ONCE,
            "concurrency_id": "ask",
            "trigger_mode": "once",
        }
        js = "(question, talk, context) => [question, talk, window.isnad.context()]"
        events = [
            box.submit(submitted, [box, talk, context], shown, js=js, **answering),
            hero.suggested(suggested, [talk, context], shown, js=_WITH_CONTEXT, **answering),
            chat.retry(retried, [talk, context], shown, js=_WITH_CONTEXT, **answering),
            chat.undo(undone, [talk, context], shown, js=_WITH_CONTEXT, queue=False, **quiet),
            side.opened(opened, [talk, context], shown, js=_WITH_CONTEXT, queue=False, **quiet),
            side.fresh(lambda: ([], Talk(), "", "", ""), None, shown, queue=False, **quiet),
        ]
        if assistant.model:
            events.append(
                box.stop(stopped, [talk, context], shown, js=_WITH_CONTEXT, queue=False, cancels=events[:3], **quiet)
            )
        for event in events:
            event.then(None, [place], None, js="(id) => { window.isnad.at(id); return []; }", queue=False, **quiet)
        bar.language(redrawn, [talk, context], [chat, notice], js=_WITH_CONTEXT, queue=False, **quiet)

        def ask(question: str) -> dict[str, Any]:
            """Answer a question from the articles, with citations."""
            with _outward():
                return assistant.ask(_text(question)).to_dict()

        def search(question: str, limit: int = 10) -> list[dict[str, Any]]:
            """The passages of the articles that come closest to a question, best first."""
            with _outward():
                most = max(1, min(limit, _MOST)) if isinstance(limit, int) else _MOST
                return [_found(hit) for hit in assistant.search(_text(question), limit=most)]

        api(ask, api_name="ask", concurrency_limit=_AT_ONCE)
        api(search, api_name="search", concurrency_limit=_AT_ONCE)
    blocks.queue(max_size=_WAITING, default_concurrency_limit=_AT_ONCE, api_open=True)
    return blocks


_SKIPPED: Final = (gr.skip(),) * 5
"""Nothing changes on the page."""


def _owner(request: gr.Request) -> str | None:
    # Not by way of Gradio's own attributes, which are copies made through JSON.
    inner = request.request
    return visitors.owner(inner.scope, inner.cookies) if inner is not None else None


def _text(question: object) -> str:
    """What a program sent as its question; anything but text is no question."""
    return question if isinstance(question, str) else ""


def _found(hit: Hit) -> dict[str, Any]:
    date = hit.date.isoformat() if hit.date else None
    spans = {"file": hit.file, "start": hit.start, "end": hit.end, "text": hit.text}
    return {**spans, "score": float(hit.score), "title": hit.title, "date": date}


@contextlib.contextmanager
def _outward() -> Iterator[None]:
    """For callers outside: our own faults reach them as their one line, others without a word of the inside."""
    try:
        yield
    except IsnadError as fault:
        raise gr.Error(str(fault), print_exception=False) from None


def _script(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _version() -> str:
    """Changes whenever an asset does, so that browsers may keep them."""
    digest = hashlib.sha256()
    for name in ("app.css", "library.css", "app.js", "first.js"):
        digest.update((ASSETS / name).read_bytes())
    return digest.hexdigest()[:12]


class _Assets(StaticFiles):
    """Style, scripts and fonts, which browsers may keep: fonts never change, the others carry a version."""

    async def get_response(self, path: str, scope: Connection) -> Response:
        response = await super().get_response(path, scope)
        kept = path.endswith(".woff2") or b"v=" in scope.get("query_string", b"")
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return response
