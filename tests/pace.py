"""How fast the page is, in a real Chromium: ``python -m tests.pace``.

Times are those of the browser's own clock: from the beginning of the navigation until a question can be typed, and from the key
that sends a question until its complete answer has been painted. Ends with 1 when a median is above its limit.
"""

from __future__ import annotations

import argparse
import statistics
from typing import Any

from tests.browser import chromium
from tests.served import questions, serving_the_seeds

USABLE, ANSWERED = 2000.0, 400.0
"""Milliseconds."""
_WATCH = """
    const usable = () => {
        const box = document.querySelector('#ask textarea[aria-label]');
        if (box && !box.disabled && window.usable === undefined) window.usable = performance.now();
    };
    new MutationObserver(usable).observe(document, { childList: true, subtree: true, attributes: true });
"""
_ASK = """() => new Promise(done => {
    const answers = () => document.querySelectorAll('#chat .answer:not(.writing)').length, before = answers();
    let began = 0;
    document.addEventListener('keydown', () => { began = performance.now(); }, { capture: true, once: true });
    const seen = new MutationObserver(() => {
        if (answers() > before) { seen.disconnect(); requestAnimationFrame(() => setTimeout(() => done(performance.now() - began))); }
    });
    seen.observe(document.querySelector('#main'), { childList: true, subtree: true });
})"""


def opening(browser: Any, address: str) -> float:
    """Milliseconds until a new reader can type."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(address)
    page.wait_for_function("window.usable !== undefined")
    took = float(page.evaluate("window.usable"))
    context.close()
    return took


def asking(browser: Any, address: str, asked: list[str]) -> list[float]:
    """Milliseconds until each answer, in conversations of ten questions."""
    took = []
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    for place, question in enumerate(asked):
        if place % 10 == 0:
            page.goto("about:blank")
            page.goto(address)
            page.wait_for_selector("#ask textarea[aria-label]")
            page.wait_for_timeout(1000)
        page.locator("#ask textarea").fill(question)
        page.evaluate(f"void (window.asked = ({_ASK})())")
        page.keyboard.press("Enter")
        took.append(float(page.evaluate("window.asked")))
    context.close()
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--openings", type=int, default=7)
    options = parser.parse_args()
    with serving_the_seeds() as server, chromium() as browser:
        opened = [opening(browser, server.address) for _ in range(options.openings)]
        asking(browser, server.address, questions(0, 3))
        answered = asking(browser, server.address, questions(1, options.questions))
    for name, took, limit in (("open", opened, USABLE), ("answer", answered, ANSWERED)):
        times = f"median {statistics.median(took):.0f}, longest {max(took):.0f}"
        print(f"{name}: {len(took)} times, milliseconds: {times} (limit of the median: {limit:.0f})")
    return int(statistics.median(opened) > USABLE or statistics.median(answered) > ANSWERED)


if __name__ == "__main__":
    raise SystemExit(main())
