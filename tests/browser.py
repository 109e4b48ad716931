"""A real browser for the tests, and a page for it to open, served on this machine."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

Opener = Callable[..., Any]

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 90_000
"""Milliseconds that a page is waited for: what is tested is what comes, not how soon on a machine that others use too."""
# What Gradio writes when a page is left, or an answer stopped, before the stream of its answer has ended.
_LEFT = "AbortError: signal is aborted without reason"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


def require_chromium(*packages: str) -> None:
    """Skip a test that lacks the browser or one of ``packages``; with ``ISNAD_BROWSER_TESTS=1`` it fails instead."""
    there = {str(CHROMIUM): CHROMIUM.exists()}
    there |= {name: find_spec(name) is not None for name in ("playwright", *packages)}
    if missing := [name for name, found in there.items() if not found]:
        reason = f"not installed: {', '.join(missing)}"
        if os.environ.get("ISNAD_BROWSER_TESTS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """A running Chromium with an empty profile of its own; ``new_context`` of it is a reader who was never here."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS, headless=True)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def serving(app: Any) -> Iterator[str]:
    """The address of ``app`` served on a free port of this machine until the block ends."""
    import uvicorn

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the page did not start")
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


@contextlib.contextmanager
def serving_each(apps: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The addresses of ``apps`` by their names."""
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(serving(app)) for name, app in apps.items()}


@contextlib.contextmanager
def visiting(browser: Any, addresses: Mapping[str, str]) -> Iterator[Opener]:
    """Opens pages, each as a new reader. When the block ends: nothing was fetched from elsewhere, nothing failed."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_page(
        which: str = "double",
        path: str = "/",
        language: str = "en",
        width: int = 1280,
        ready: str = "#ask textarea[aria-label]",
        refused: tuple[int, ...] = (),
        **options: Any,
    ) -> Any:
        """``refused`` are the status codes that the test is about, which Chromium writes to its console."""
        context = browser.new_context(
            locale=language,
            viewport={"width": width, "height": 800},
            permissions=["clipboard-read", "clipboard-write"],
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)

        def said(message: Any) -> None:
            expected = any(f"status of {code} " in message.text for code in refused)
            if message.type in ("error", "warning") and not expected and not message.text.startswith(_LEFT):
                complaints.append(message.text)

        def answered(response: Any) -> None:
            if response.status >= 400 and response.status not in refused:
                complaints.append(f"{response.status} {response.url}")

        def requested(request: Any) -> None:
            if not request.url.startswith((here, "data:", "blob:")):
                complaints.append(request.url)

        here = addresses[which]
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("console", said)
        page.on("response", answered)
        page.on("request", requested)
        page.goto(here + path)
        page.wait_for_selector(ready, state="attached")
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
    assert not complaints, "\n".join(complaints)


# The same in the other language takes long and tells little more.
mostly_arabic = pytest.mark.parametrize("language", ["ar", pytest.param("en", marks=pytest.mark.slow)])


def ask(page: Any, question: str) -> Any:
    """Ask and give the new answer."""
    from playwright.sync_api import TimeoutError as TookTooLong

    before = page.locator("#chat .answer").count()
    box = page.locator("#ask textarea")
    box.fill(question)
    page.keyboard.press("Enter")
    answer = page.locator("#chat .answer").nth(before)
    for _ in range(3):  # the words stay in the box when the page is not yet done with the question before
        with contextlib.suppress(TookTooLong):
            answer.wait_for(timeout=5000)
            return answer
        if box.input_value() == question:
            box.press("Enter")
    answer.wait_for()
    return answer


def focus(page: Any) -> str:
    """The class or the id of what has the focus."""
    return str(page.evaluate("document.activeElement.className || document.activeElement.id"))


def shown_panel(page: Any) -> Any:
    """The source panel, once it is open."""
    panel = page.locator("#source .panel")
    panel.wait_for()
    return panel


def wide(page: Any) -> int:
    """The width that the page, and whatever scrolls in it, would need."""
    boxes = ".library, .side, .past ul, .panel .body, [role=log]"
    return int(
        page.evaluate(
            f"""Math.max(document.documentElement.scrollWidth, document.body.scrollWidth,
            ...[...document.querySelectorAll('{boxes}')].filter(e => e.checkVisibility())
              .map(e => e.scrollWidth > e.clientWidth ? innerWidth + e.scrollWidth - e.clientWidth : 0))"""
        )
    )
