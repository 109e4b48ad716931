"""Pictures of the page in every state, language, colour and width: ``python -m tests.screenshots OUT``.

Names are ``<state>-<language>-<colours>-<width>.png``. The pictures are for looking at; nothing compares them.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.web.app import create_app
from tests.browser import chromium, serving
from tests.web_double import BROKEN, Double

SUGGESTIONS = (
    "متى طلبت أرمينيا المساعدة من روسيا؟",
    "من هو المتحدث باسم الكرملين؟",
    "How many Armenian soldiers were killed?",
    "Which drones did Azerbaijan use?",
)
ASKED = {
    "en": {
        "answered": "Which drones did Azerbaijan use?",
        "uncertain": "Who will lead the negotiations?",
        "abstained": "What is the population of Armenia?",
        "error": BROKEN,
    },
    "ar": {
        "answered": "متى طلبت أرمينيا المساعدة من روسيا؟",
        "uncertain": "من سيقود المفاوضات؟",
        "abstained": "كم عدد سكان أرمينيا؟",
    },
}


def take(out: Path, address: str, languages: list[str], colours: list[str], widths: list[int]) -> None:
    """Write every picture into ``out``."""
    with chromium() as browser:
        for width, colour, language in itertools.product(widths, colours, languages):
            narrow = width < 600
            context = browser.new_context(
                viewport={"width": width, "height": 844 if narrow else 900},
                color_scheme=colour,
                locale=language,
                device_scale_factor=2 if narrow else 1,
            )
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.goto(address)
            page.wait_for_selector("#ask textarea")
            page.wait_for_timeout(500)
            _states(page, language, lambda state, name=f"{language}-{colour}-{width}": out / f"{state}-{name}.png")
            context.close()


def _states(page: Any, language: str, path: Callable[[str], Path]) -> None:
    page.screenshot(path=path("empty"))
    for state, question in ASKED[language].items():
        _ask(page, question)
        page.screenshot(path=path(state))
        if state == "answered":
            page.locator("#chat a.cite").first.click()
            page.wait_for_selector("#source .panel:not([hidden]) mark")
            page.wait_for_timeout(300)
            page.screenshot(path=path("source"))
            page.keyboard.press("Escape")
        if state == "abstained":
            page.locator("#chat .abstained summary").click()
            page.wait_for_timeout(200)
            page.screenshot(path=path("closest"))
        page.locator("[data-act=fresh]").click()
        page.wait_for_selector("#chat .message-row", state="detached")


def _ask(page: Any, question: str) -> None:
    page.locator("#ask textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat .answer")
    page.wait_for_timeout(400)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--language", action="append", choices=["en", "ar"])
    parser.add_argument("--colours", action="append", choices=["light", "dark"])
    parser.add_argument("--width", action="append", type=int)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    app = create_app(Double(), suggestions=SUGGESTIONS)
    with serving(app) as address:
        take(
            options.out,
            address,
            options.language or ["en", "ar"],
            options.colours or ["light", "dark"],
            options.width or [1440, 390],
        )


if __name__ == "__main__":
    main()
