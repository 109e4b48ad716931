"""The page itself: one chat, one source panel, and the two named endpoints for programs.

A session keeps its turns as records on the server; the messages in the browser are drawn from them, so that switching
the language draws them anew. `create_app` only builds: it opens no port, and the assistant it is given stays the
caller's to close.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Protocol

import gradio as gr
from fastapi import FastAPI
from gradio.events import api
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from assistant.citations import Answer, Citable, Language
from assistant.corpus import Skipped
from assistant.errors import EmptyQuestion, IsnadError, QuestionTooLong
from assistant.language.text import well_formed
from assistant.retrieval import Hit
from assistant.settings import Settings
from assistant.web import page, render, sources
from assistant.web.security import Guard
from assistant.web.strings import say

log = logging.getLogger(__name__)

ASSETS: Final = Path(str(files("assistant.web") / "assets"))
_AT_ONCE: Final = 8
# An event brings the turns and the interface language; the language is known in the browser only.
_WITH_LANGUAGE: Final = "(turns, ui) => [turns, window.isnad.language]"
_WAITING: Final = 256
_MOST: Final = 100


class Served(Protocol):
    """What the page needs of an assistant; `assistant.chat.Assistant` is one."""

    @property
    def settings(self) -> Settings: ...
    @property
    def indexed_at(self) -> dt.datetime: ...
    def ask(self, question: str) -> Answer: ...
    def search(self, question: str, limit: int = 10) -> Sequence[Hit]: ...
    def document(self, file: str) -> Citable: ...
    def documents(self) -> Sequence[object]: ...
    def skipped(self) -> Sequence[Skipped]: ...
    def is_stale(self, file: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it; neither yet while it is being answered."""

    question: str
    answer: Answer | None = None
    fault: IsnadError | None = None
    failed: bool = False
    """Something broke that has no message of its own."""

    def messages(self, ui: Language) -> list[dict[str, str]]:
        """What the chat shows of this turn."""
        shown = [{"role": "user", "content": render.question(self.question)}]
        if self.answer:
            shown.append({"role": "assistant", "content": render.answer(self.answer, ui)})
        elif self.fault or self.failed:
            line = self.fault.say(ui) if self.fault else say("failed", ui)
            shown.append({"role": "assistant", "content": render.error(line, ui)})
        return shown


def create_app(assistant: Served, *, suggestions: Sequence[str] = ()) -> FastAPI:
    """The ASGI application that serves ``assistant``; ``suggestions`` are questions for an empty chat."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def health() -> JSONResponse:
        return JSONResponse({"ok": True, "articles": len(assistant.documents())})

    app.mount("/isnad", _Assets(directory=ASSETS))
    app.add_middleware(Guard)

    async def mount() -> None:
        _mount(app, _blocks(assistant, suggestions))

    # Gradio makes its locks while it builds, and an event loop for each when none is running, which it never closes.
    asyncio.run(mount())
    return app


def _mount(app: FastAPI, blocks: gr.Blocks) -> None:
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        server_name="127.0.0.1",
        head=page.head(_version()),
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


def _blocks(assistant: Served, suggestions: Sequence[str]) -> gr.Blocks:
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
        turns = gr.State([])
        # The interface language lives in the browser; a hidden box is how it reaches the server with an event.
        ui = gr.Textbox("en", visible=False)
        bar = gr.HTML(page.toolbar(), elem_id="bar", js_on_load=_script("toolbar.js"), apply_default_css=False)
        with gr.Row(elem_id="shell"):
            with gr.Column(elem_id="main", min_width=0):
                hero = gr.HTML(
                    page.hero(suggestions, None if documents else str(assistant.settings.corpus)),
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
                    page.status(documents, skipped, assistant.indexed_at), elem_id="status", apply_default_css=False
                )
            gr.HTML(
                page.panel(),
                elem_id="source",
                js_on_load=_script("panel.js"),
                server_functions=[get_source],
                apply_default_css=False,
            )

        def reply(earlier: list[Turn], question: str, language: Language) -> Iterator[tuple[Any, ...]]:
            turn = Turn(question)
            yield _drawn([*earlier, turn], language), [*earlier, turn], "", ""
            try:
                turn = replace(turn, answer=assistant.ask(question))
            except (EmptyQuestion, QuestionTooLong) as fault:
                # Nothing was asked yet: the words go back into the box, to be changed.
                yield _drawn(earlier, language), earlier, question, page.notice(fault.say(language))
                return
            except IsnadError as fault:
                turn = replace(turn, fault=fault)
            except Exception as fault:  # the edge: whatever it is, the page stays and says so
                log.error("a question could not be answered: %s: %s", type(fault).__name__, fault)
                turn = replace(turn, failed=True)
            yield _drawn([*earlier, turn], language), [*earlier, turn], gr.skip(), ""

        def submitted(question: str, earlier: list[Turn], language: str) -> Iterator[tuple[Any, ...]]:
            question = well_formed(question or "").strip()
            if question:
                yield from reply(earlier, question, _language(language))
            else:
                yield gr.skip(), gr.skip(), gr.skip(), page.notice(EmptyQuestion().say(_language(language)))

        def suggested(earlier: list[Turn], language: str, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
            # Only what the page itself offers can be asked this way.
            question = getattr(event, "question", None)
            if isinstance(question, str) and question in suggestions:
                yield from reply(earlier, question, _language(language))
            else:
                yield gr.skip(), gr.skip(), gr.skip(), gr.skip()

        def retried(earlier: list[Turn], language: str) -> Iterator[tuple[Any, ...]]:
            if earlier:
                yield from reply(earlier[:-1], earlier[-1].question, _language(language))
            else:
                yield [], [], gr.skip(), ""

        def undone(earlier: list[Turn], language: str) -> tuple[Any, ...]:
            return (
                _drawn(earlier[:-1], _language(language)),
                earlier[:-1],
                earlier[-1].question if earlier else gr.skip(),
                "",
            )

        def redrawn(earlier: list[Turn], language: str) -> tuple[Any, ...]:
            return _drawn(earlier, _language(language)), ""

        shown = [chat, turns, box, notice]
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        answering: dict[str, Any] = {
            **quiet,
            "concurrency_limit": _AT_ONCE,
            "concurrency_id": "ask",
            "trigger_mode": "once",
        }
        box.submit(submitted, [box, turns, ui], shown, js="(q, t, u) => [q, t, window.isnad.language]", **answering)
        hero.suggested(suggested, [turns, ui], shown, js=_WITH_LANGUAGE, **answering)
        chat.retry(retried, [turns, ui], shown, js=_WITH_LANGUAGE, **answering)
        chat.undo(undone, [turns, ui], shown, js=_WITH_LANGUAGE, queue=False, **quiet)
        bar.language(redrawn, [turns, ui], [chat, notice], js=_WITH_LANGUAGE, queue=False, **quiet)
        bar.fresh(lambda: ([], [], "", ""), None, shown, queue=False, **quiet)

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


def _drawn(turns: Sequence[Turn], ui: Language) -> list[dict[str, str]]:
    return [message for turn in turns for message in turn.messages(ui)]


def _language(text: str) -> Language:
    return "ar" if text == "ar" else "en"


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
    for name in ("app.css", "app.js", "first.js"):
        digest.update((ASSETS / name).read_bytes())
    return digest.hexdigest()[:12]


class _Assets(StaticFiles):
    """Style, scripts and fonts, which browsers may keep: fonts never change, the others carry a version."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kept = path.endswith(".woff2") or b"v=" in scope.get("query_string", b"")
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return response
