"""Pictures of the page in every state, language, colour and width: ``python -m tests.screenshots OUT``.

Names are ``<state>-<language>-<colours>-<width>.png``. The real page over a copy of the seed articles; answers that the
seeds seldom give (uncertain ones, faults) come from the stand-in. The pictures are for looking at; nothing compares them.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.chat import Assistant
from assistant.citations import Answer, Partial, Turn
from assistant.keeping.database import Database
from assistant.keeping.users import Users
from assistant.settings import Settings
from assistant.shelf import Shelf
from assistant.watching import FolderWatch
from assistant.web.app import create_app
from tests.browser import chromium, serving_each
from tests.web_double import BROKEN, SEEDS, Double

SUGGESTIONS = (
    "متى طلبت أرمينيا المساعدة من روسيا؟",
    "من هو المتحدث باسم الكرملين؟",
    "How many Armenian soldiers were killed?",
    "Which drones did Azerbaijan use?",
)
ASKED = {
    "en": ("Which drones did Azerbaijan use?", "What is the population of Armenia?", "Who will lead the negotiations?"),
    "ar": ("متى طلبت أرمينيا المساعدة من روسيا؟", "كم عدد سكان أرمينيا؟", "من سيقود المفاوضات؟"),
}
MISTYPED = {"en": "Which drones did Azerbijan use?", "ar": "من هو المتحدث باسم الكرملبن؟"}
UPLOADED = {
    "en": ("lighthouse.txt", "The lighthouse keeper of Saltmere is called Theodora.\n"),
    "ar": ("حارس المنارة.txt", "اسم حارس المنارة في سولتمير هو ثيودورا.\n"),
}
WRITING = {
    "en": "Azerbaijan used Bayraktar drones of Turkish make in the attack [1]. Armenia said so, and",
    "ar": "طلب رئيس الوزراء الأرميني نيكول باشينيان المساعدة من روسيا [1]، وبعث برسالة إلى الرئيس",
}
Namer = Callable[[str], Path]


@dataclass(frozen=True)
class Writing(Double):
    """A model that is never done: it stops in the middle of a sentence until it is let go."""

    model: Any = "a model"
    let: threading.Event = field(default_factory=threading.Event)

    def stream(self, question: str, history: Sequence[Turn] = (), **options: Any) -> Iterator[Partial | Answer]:
        answer = self.ask(question)
        yield Partial(question, answer.language, WRITING[answer.language], answer.citations)
        self.let.wait()
        yield answer


@contextlib.contextmanager
def pages() -> Iterator[dict[str, str]]:
    """The addresses of the page over a copy of the seeds, over the stand-in and over an empty folder."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        folder, empty = root / "articles", root / "new"
        shutil.copytree(SEEDS, folder)
        empty.mkdir()
        settings = Settings(_env_file=None, corpus=folder, index=root / "index", reserve_mb=1)
        with (
            Assistant.open(settings=settings) as assistant,
            Database(f"sqlite:///{root / 'kept.sqlite'}") as database,
        ):
            watched = FolderWatch(assistant, 3600)
            watched.start()
            shelf = Shelf(folder, root / "removed", 1)
            writing = Writing()
            users = Users(root / "users.json")
            users.add("layla", "seven calm camels cross")
            real = create_app(assistant, suggestions=SUGGESTIONS, watched=watched, shelf=shelf, database=database)
            apps = {
                "real": real,
                "double": create_app(Double()),
                "writing": create_app(writing),
                "users": create_app(Double(), users=users),
                "empty": create_app(Double(corpus=empty), shelf=Shelf(empty, root / "away", 1)),
            }
            with serving_each(apps) as addresses:
                try:
                    yield addresses
                finally:
                    writing.let.set()
            watched.stop()


def take(out: Path, addresses: dict[str, str], languages: list[str], colours: list[str], widths: list[int]) -> None:
    """Write every picture into ``out``."""
    with chromium() as browser:
        for width, colour, language in itertools.product(widths, colours, languages):
            narrow = width < 600
            context = browser.new_context(
                viewport={"width": width, "height": 844 if narrow else 900},
                color_scheme=colour,
                locale=language,
                device_scale_factor=2 if narrow else 1,
                has_touch=narrow,
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.set_default_timeout(15_000)

            def path(state: str, name: str = f"{language}-{colour}-{width}") -> Path:
                return out / f"{state}-{name}.png"

            _chat(page, addresses["real"], language, path)
            if narrow:
                page.locator("#bar .menu").click()
                _picture(page, path("drawer"))
                page.locator("#bar .menu").click()
            _articles(page, addresses["real"], language, path)
            _rare(page, addresses["double"], language, path)
            _open(page, f"{addresses['users']}/login?ui={language}", "form")
            page.locator("[name=name]").fill("layla")
            _picture(page, path("login"))
            _open(page, addresses["writing"], "#ask textarea")
            _ask(page, ASKED[language][0])
            _picture(page, path("answering"))
            _open(page, addresses["empty"], "#ask textarea")
            _picture(page, path("nothing-yet"))
            context.close()


def _chat(page: Any, address: str, language: str, path: Namer) -> None:
    answered, absent, _ = ASKED[language]
    mistyped = MISTYPED[language]
    _open(page, address, "#ask textarea")
    _picture(page, path("empty"))
    page.locator("#bar .options summary").click()
    _picture(page, path("settings"))
    page.keyboard.press("Escape")
    page.locator("#ask textarea").focus()
    _ask(page, answered)
    _picture(page, path("answered"))
    page.locator("#chat a.cite").first.click()
    page.wait_for_selector("#source .panel:not([hidden]) mark")
    _picture(page, path("source"))
    page.keyboard.press("Escape")
    page.locator("[data-act=fresh]").dispatch_event("click")
    page.wait_for_selector("#chat .message-row", state="detached")
    _ask(page, absent)
    page.locator("#chat .abstained summary").click()
    _picture(page, path("abstained"))
    page.locator("[data-act=fresh]").dispatch_event("click")
    page.wait_for_selector("#chat .message-row", state="detached")
    _ask(page, mistyped)
    _picture(page, path("mended"))


def _articles(page: Any, address: str, language: str, path: Namer) -> None:
    _open(page, f"{address}/#articles", "#library tbody tr")
    _picture(page, path("articles"))
    name, text = UPLOADED[language]
    files = [(name, text.encode()), ("photo.png", b"\x89PNG"), (known_article().name, known_article().read_bytes())]
    page.locator("#library input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files]
    )
    page.wait_for_selector(f"#library tbody .file:has-text('{name}')")
    _picture(page, path("upload"))
    page.locator("#library a.title").first.click()
    page.wait_for_selector("#source .line")
    _picture(page, path("article"))
    page.keyboard.press("Escape")
    page.locator("#library .bars button").last.click()
    page.wait_for_selector("#library .bars [aria-pressed=true]")
    page.locator("[data-act=ask-shown]").click()
    _picture(page, path("scope"))
    # The next reader finds the folder as it was.
    _open(page, f"{address}/#articles", "#library tbody tr")
    page.locator(f"#library tbody tr:has-text('{name}') [data-act=remove]").click()
    page.wait_for_selector(f"#library tbody .file:has-text('{name}')", state="detached")


def _rare(page: Any, address: str, language: str, path: Namer) -> None:
    _open(page, address, "#ask textarea")
    _ask(page, ASKED[language][2])
    _picture(page, path("uncertain"))
    page.locator("[data-act=fresh]").dispatch_event("click")
    page.wait_for_selector("#chat .message-row", state="detached")
    _ask(page, BROKEN)
    _picture(page, path("error"))


def known_article() -> Path:
    """An article that the folder holds already."""
    return min(SEEDS.glob("*.txt"))


def _open(page: Any, address: str, ready: str) -> None:
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector(ready)
    page.wait_for_function("document.fonts.status === 'loaded'")


def _ask(page: Any, question: str) -> None:
    page.locator("#ask textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat .answer")


def _picture(page: Any, path: Path) -> None:
    # What follows an answer on its own (the list at the side, the place of the scroll) has no event to wait for.
    page.mouse.move(1, 1)
    page.wait_for_timeout(350)
    page.screenshot(path=path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--language", action="append", choices=["en", "ar"])
    parser.add_argument("--colours", action="append", choices=["light", "dark"])
    parser.add_argument("--width", action="append", type=int)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with pages() as addresses:
        take(
            options.out,
            addresses,
            options.language or ["en", "ar"],
            options.colours or ["light", "dark"],
            options.width or [1440, 390],
        )


if __name__ == "__main__":
    main()
