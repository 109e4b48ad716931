"""Pictures of the page in every state, both languages, both colours, wide and narrow: ``python -m tests.screenshots OUT``.

Names are ``<state>-<language>-<colours>-<width>.png``. The pictures are for looking at; nothing compares them.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from assistant.web.app import create_app
from tests.browser import browser, serving
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
    "ar": {"answered": "متى طلبت أرمينيا المساعدة من روسيا؟", "uncertain": "من سيقود المفاوضات؟", "abstained": "كم عدد سكان أرمينيا؟"},
}


def take(out: Path, address: str, languages: list[str], colours: list[str], widths: list[int]) -> None:
    """Write every picture into ``out``."""
    for width in widths:
        for colour in colours:
            for language in languages:
                size = {"width": width, "height": 900 if width > 600 else 844}
                with browser(viewport=size, color_scheme=colour, locale=language, device_scale_factor=1 if width > 600 else 2) as context:
                    page = context.pages[0] if context.pages else context.new_page()
                    name = f"{language}-{colour}-{width}"
                    page.goto(address)
                    page.wait_for_selector("#ask textarea")
                    page.wait_for_timeout(500)
                    page.screenshot(path=out / f"empty-{name}.png")
                    for state, question in ASKED[language].items():
                        _ask(page, question)
                        page.screenshot(path=out / f"{state}-{name}.png")
                        if state == "answered":
                            page.locator("#chat a.cite").first.click()
                            page.wait_for_selector("#source .panel:not([hidden]) mark")
                            page.wait_for_timeout(300)
                            page.screenshot(path=out / f"source-{name}.png")
                            page.keyboard.press("Escape")
                        if state == "abstained":
                            page.locator("#chat .abstained summary").click()
                            page.wait_for_timeout(200)
                            page.screenshot(path=out / f"closest-{name}.png")
                        page.locator("[data-act=fresh]").click()
                        page.wait_for_selector("#chat .message-row", state="hidden")


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
    app = create_app(Double(), suggestions=SUGGESTIONS, indexed=dt.datetime(2025, 3, 9, 10, tzinfo=dt.UTC))
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
