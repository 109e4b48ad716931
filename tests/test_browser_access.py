"""Reach: what axe-core finds, a walk with the keyboard alone, and signing in, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from assistant.citations import Language
from assistant.web.strings import say
from tests.browser import Opener, ask, focus, mostly_arabic, require_chromium, serving_each, shown_panel
from tests.web_double import SEEDS, Double

pytestmark = pytest.mark.browser

looks = pytest.mark.parametrize(
    ("language", "colours"),
    [
        ("ar", "light"),
        ("en", "dark"),
        pytest.param("ar", "dark", marks=pytest.mark.slow),
        pytest.param("en", "light", marks=pytest.mark.slow),
    ],
)
"""Colours do not depend on the language, nor the layout on the colours: two of the four always run."""
ENGLISH, ABSENT, UNCERTAIN = (
    "Which drones did Azerbaijan use?",
    "كم عدد سكان أرمينيا؟",
    "Who will lead the negotiations?",
)
PASSWORD = "seven calm camels cross"


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The page with everything that it can show, and one where readers sign in."""
    require_chromium()
    from assistant.keeping.database import Database
    from assistant.keeping.users import Users
    from assistant.shelf import Shelf
    from assistant.web.app import create_app

    folder = tmp_path_factory.mktemp("access")
    users = Users(folder / "users.json")
    users.add("سارة", PASSWORD)
    with Database(f"sqlite:///{folder / 'kept.sqlite'}") as database:
        shelf = Shelf(SEEDS, folder / "removed", 1)
        apps = {
            "double": create_app(Double(), suggestions=[ENGLISH, ABSENT], shelf=shelf, database=database),
            "users": create_app(Double(), database=database, users=users),
        }
        with serving_each(apps) as addresses:
            yield addresses


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core, which its Python package carries."""
    require_chromium("axe_playwright_python")
    found = find_spec("axe_playwright_python")
    assert found and found.submodule_search_locations
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text("utf-8")


def barriers(page: Any, axe: str) -> list[str]:
    """The serious and critical violations, each with the elements that it is about."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{each['id']}: {node['html'][:160]} ({node['failureSummary'][:300]})"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@looks
def test_axe_finds_no_barrier_in_the_chat(visit: Opener, axe: str, language: Language, colours: str) -> None:
    page = visit(language=language, color_scheme=colours)
    assert barriers(page, axe) == []
    ask(page, ENGLISH)
    ask(page, UNCERTAIN)
    ask(page, ABSENT).locator("summary").click()
    page.wait_for_selector("#side .past a.open")
    page.locator("#chat .judge .dislike").last.click()
    page.wait_for_selector("#chat .judge input")
    page.locator("#bar .options summary").click()
    assert barriers(page, axe) == []
    page.keyboard.press("Escape")
    page.locator("#chat a.cite").first.click()
    shown_panel(page).locator("mark").first.wait_for()
    assert barriers(page, axe) == []


@looks
def test_axe_finds_no_barrier_in_the_articles(visit: Opener, axe: str, language: Language, colours: str) -> None:
    page = visit(path="/#articles", ready="#library tbody tr", language=language, color_scheme=colours, refused=(422,))
    page.locator("#library input[type=file]").set_input_files(
        [{"name": "a.png", "mimeType": "image/png", "buffer": b"\x89PNG"}]
    )
    page.wait_for_selector("#library .uploads [data-state=refused]")
    page.locator("#library tbody input").first.check()
    assert barriers(page, axe) == []
    page.locator("#library a.title").first.click()
    page.wait_for_selector("#source .line")
    assert barriers(page, axe) == []
    page.keyboard.press("Escape")
    # An article that leaves; the folder of this page is not to be changed in truth.
    page.route(
        lambda address: "/api/articles?" in address,
        lambda route: route.fulfill(json={"token": "none"}) if route.request.method == "DELETE" else route.continue_(),
    )
    page.locator("#library [data-act=remove]").first.click()
    page.wait_for_selector("#library .uploads [data-state=removed]")
    page.wait_for_selector("#library tr.leaving")
    assert barriers(page, axe) == []


@looks
def test_axe_finds_no_barrier_on_a_phone(visit: Opener, axe: str, language: Language, colours: str) -> None:
    page = visit(language=language, color_scheme=colours, width=390, reduced_motion="reduce")
    ask(page, ENGLISH)
    page.locator("#bar .menu").click()
    page.wait_for_selector("#side .past a.open", state="visible")
    assert barriers(page, axe) == []


@looks
def test_axe_finds_no_barrier_in_signing_in(visit: Opener, axe: str, language: Language, colours: str) -> None:
    page = visit("users", path=f"/login?ui={language}", ready="form", color_scheme=colours, refused=(401,))
    assert barriers(page, axe) == []
    page.locator("[name=name]").fill("سارة")
    page.locator("[name=password]").fill("wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".fault")
    assert barriers(page, axe) == []


@mostly_arabic
def test_readers_sign_in_and_out(visit: Opener, language: Language) -> None:
    # What the page still asks for while its reader signs out is refused.
    page = visit("users", language=language, ready="form[action^='/login']", refused=(401,))
    assert page.title() == say("sign_in_title", language)
    page.locator("[name=name]").fill("سارة")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#ask textarea[aria-label]")
    ask(page, ENGLISH)
    page.wait_for_selector("#side .past a.open")
    page.locator("#bar .options summary").click()
    page.locator("#bar .options form button").click()
    page.wait_for_selector("form[action^='/login']")
    page.goto(page.url.replace("/login", "/"))
    page.wait_for_selector("form[action^='/login']")


def tab_to(page: Any, selector: str, key: str = "Tab", most: int = 40) -> None:
    """Go on with the keyboard until the focus is on ``selector``; every stop on the way can be seen."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


@mostly_arabic
def test_the_keyboard_alone_is_enough(visit: Opener, language: Language) -> None:
    page = visit(language=language)
    # The question box has the focus when the page opens.
    page.wait_for_function("document.activeElement.id === 'question'")
    page.keyboard.type(ENGLISH)
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat .answer")
    page.keyboard.press("Escape")
    tab_to(page, "#chat a.cite", "Shift+Tab")
    page.keyboard.press("Enter")
    shown_panel(page).locator("mark").first.wait_for()
    page.wait_for_function("document.activeElement.id === 'source-title'")
    tab_to(page, "[data-act=copy-reference]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#source .said")
    page.keyboard.press("Escape")
    assert focus(page) == "cite"

    # Once the list holds the conversation as the one that is open, the answer has nothing more to change in it.
    page.wait_for_selector("#side .past a.open[aria-current]")
    tab_to(page, "#side .past .more", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.className === 'rename'")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.activeElement.className === 'export_markdown'")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.className === 'more'")

    tab_to(page, ".library-link", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'library-title'")
    tab_to(page, "#library tbody input")
    page.keyboard.press("Space")
    tab_to(page, "[data-act=ask-shown]", "Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'question'")
    assert page.locator("#scope .scope").is_visible()
    tab_to(page, "[data-act=scope-clear]", "Shift+Tab")
    page.keyboard.press("Enter")
    assert page.locator("#scope .scope").is_hidden()
    assert page.evaluate("document.activeElement.id") == "question"

    tab_to(page, "#bar .options summary", "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, "#bar .options select")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.options summary')")


def test_the_first_stop_skips_to_the_question(visit: Opener) -> None:
    page = visit()
    tab_to(page, "a.skip", "Shift+Tab")
    assert page.locator("a.skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "question"
