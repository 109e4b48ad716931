"""The page of articles in a real Chromium: the list, what is added and removed, and what a question is limited to."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.citations import Language
from assistant.corpus import Document, Skipped, read
from assistant.errors import BuildFailed
from assistant.settings import Settings
from assistant.watching import State
from assistant.web.strings import say
from tests.browser import Opener, ask, mostly_arabic, require_chromium, serving_each, shown_panel, wide
from tests.web_double import SEEDS, Double

pytestmark = pytest.mark.browser

ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>"
LANGUAGES: tuple[Language, ...] = ("en", "ar")
both = pytest.mark.parametrize("language", LANGUAGES)
LEBANON, SCENARI, GULF = "004_6b939b76667bada4.txt", "000_b5aa3a0ff550aed9.txt", "003_960e743a51614c08.txt"


def odd_ones() -> dict[str, Document]:
    plain = read(SEEDS, LEBANON)
    return {
        name: replace(plain, file=name, title=title, outlet=ATTACK, language="en")
        for name, title in (
            (f'{ATTACK}\u202egnp "quoted".txt', f"{ATTACK}\u202e<iframe src=//evil.example>"),
            ("long.txt", "A very long title that goes on and on " * 8),
            ("one-word.txt", "Unbreakable" * 30),
        )
    }


class Told:
    """A folder that is followed, whose state is what the test says."""

    state = State()

    def wake(self) -> None:
        """Nothing to wake."""


@pytest.fixture(scope="module")
def told() -> Told:
    return Told()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the seeds that readers may change."""
    return Path(shutil.copytree(SEEDS, tmp_path_factory.mktemp("real") / "articles"))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that nobody looks at."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def addresses(
    folder: Path, kept: Path, told: Told, tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> Iterator[dict[str, str]]:
    """The page over a folder that is followed, over the stand-in, and over an empty folder."""
    require_chromium()
    from assistant.chat import Assistant
    from assistant.shelf import Shelf
    from assistant.watching import FolderWatch
    from assistant.web.app import create_app

    index, empty = folder.parent / "index", tmp_path_factory.mktemp("empty")
    odd = Double(extra=odd_ones(), left_out=(Skipped(ATTACK, ATTACK),))
    with Assistant.open(folder, index, settings) as assistant:
        # It looks when it is told to, or after an hour: no test waits for the clock.
        watched = FolderWatch(assistant, 3600)
        watched.start()
        shelf = Shelf(folder, folder.parent / "removed", 1)
        apps = {
            "real": create_app(assistant, watched=watched, shelf=shelf),
            "double": create_app(Double()),
            "odd": create_app(odd, shelf=Shelf(kept, kept.parent / "aside", 1)),
            "told": create_app(Double(), watched=told),
            "empty": create_app(Double(corpus=empty), shelf=Shelf(empty, empty / "removed", 1)),
        }
        with serving_each(apps) as addresses:
            yield addresses
        watched.stop()


def articles(visit: Opener, which: str = "double", **options: Any) -> Any:
    page = visit(which, path="/#articles", ready="#library tbody tr", **options)
    page.wait_for_function("document.querySelector('#library .tally').textContent")
    return page


def files(page: Any) -> list[str]:
    return list(page.locator("#library tbody .file").all_inner_texts())


def rows(page: Any, *expected: str) -> None:
    """Wait until the list shows exactly these files, in this order."""
    page.wait_for_function(
        "wanted => JSON.stringify([...document.querySelectorAll('#library tbody .file')].map(e => e.textContent)) === wanted",
        arg=json.dumps(expected, ensure_ascii=False, separators=(",", ":")),
    )


def holds(page: Any, file: str, there: bool = True) -> None:
    """Wait until the list holds this file, or does not."""
    page.wait_for_function(
        "([file, there]) => [...document.querySelectorAll('#library tbody .file')].some(e => e.textContent === file) === there",
        arg=[file, there],
    )


def remove(page: Any, file: str) -> None:
    """Remove an article, and wait until the list no longer holds it."""
    from playwright.sync_api import TimeoutError as TookTooLong

    button = page.locator(f"#library tbody tr:has-text('{file}') [data-act=remove]")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "DELETE" else None)
    for _ in range(3):
        # While a change is taken in, the list may be drawn anew between the press and the release of a click: nothing is
        # sent then, and only then is it clicked again.
        with contextlib.suppress(TookTooLong):
            button.click(timeout=20_000)
            page.wait_for_function(
                "file => [...document.querySelectorAll('#library tbody tr')]"
                ".every(e => !e.textContent.includes(file) || e.classList.contains('leaving'))",
                arg=file,
                timeout=20_000,
            )
        if sent:
            break
    assert len(sent) == 1
    holds(page, file, there=False)


def redrawn(page: Any, act: Callable[[], object]) -> None:
    """Do what has the list drawn anew, and wait until other rows stand in it."""
    page.evaluate("for (const row of document.querySelectorAll('#library tbody tr')) row.dataset.old = 'yes'")
    act()
    page.wait_for_function(
        "document.querySelector('#library tbody tr') && !document.querySelector('#library tbody tr[data-old]')"
    )


def news(page: Any) -> None:
    """Tell the page that the index was brought up to date."""
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('isnad-state', { detail: { ...isnad.state, doing: '', news: true } }))"
    )


def scope(page: Any) -> str:
    return str(page.locator("#scope .scope span").inner_text())


def cited(page: Any, answer: Any) -> set[str]:
    """The files that an answer quotes, shown or folded."""
    return set(answer.locator("figcaption .file").all_text_contents())


@mostly_arabic
def test_the_list_shows_every_article_and_sorts(visit: Opener, language: Language) -> None:
    page = articles(visit, language=language)
    every = files(page)
    assert every[:3] == [LEBANON, SCENARI, GULF] and len(every) == 5
    first = page.locator("#library tbody tr").first
    day = "14 September 2022" if language == "en" else "14 سبتمبر 2022"
    for cell, fact in (("date", day), ("language", say("in_ar", language)), ("state", say("state_indexed", language))):
        assert first.locator(f"td.{cell}").inner_text() == fact
    assert page.locator("#library .tally").inner_text() == say("showing", language, shown=5, all=5)
    assert page.locator("#library th.date").get_attribute("aria-sort") == "descending"
    page.locator("[data-sort=date]").click()
    page.wait_for_selector("#library th.date[aria-sort=ascending]")
    rows(page, *files(page)[:2], GULF, SCENARI, LEBANON)
    page.locator("[data-sort=title]").click()
    page.wait_for_selector("#library th.title[aria-sort=ascending]")
    assert page.locator("#library th.date").get_attribute("aria-sort") is None
    names = page.locator("#library tbody a.title").all_inner_texts()
    page.locator("[data-sort=title]").click()
    page.wait_for_function(
        "name => document.querySelector('#library tbody a.title').textContent === name", arg=names[-1]
    )
    assert page.locator("#library tbody a.title").all_inner_texts() == names[::-1]


def test_the_list_is_searched_and_filtered(visit: Opener) -> None:
    page = articles(visit)
    clear = page.locator("#library [type=reset]")
    assert clear.is_hidden()
    search = page.locator("#library input[type=search]")
    search.fill("scenari economici")
    rows(page, SCENARI)
    assert page.locator("#library .tally").inner_text() == "1 of 5"
    search.fill("no such words")
    rows(page)
    assert page.locator("#library .nothing").inner_text() == "Nothing found"
    clear.click()
    page.wait_for_function("document.querySelectorAll('#library tbody tr').length === 5")
    outlet = page.locator("#library select[name=outlet]")
    outlet.select_option("الخليج الجديد")
    rows(page, GULF)
    clear.click()
    page.wait_for_function("document.querySelectorAll('#library tbody tr').length === 5")
    page.locator("#library select[name=language]").select_option("en")
    rows(page)
    clear.click()
    page.locator("#library input[name=since]").fill("2022-09-14")
    rows(page, LEBANON)
    page.locator("#library select[name=state]").select_option("skipped")
    rows(page)


def test_a_bar_of_the_timeline_chooses_its_period(visit: Opener) -> None:
    page = articles(visit)
    bar = page.locator("#library .bars button[title^='September 2022']")
    assert bar.get_attribute("aria-pressed") == "false"
    bar.click()
    rows(page, LEBANON, SCENARI)
    assert page.locator("#library input[name=since]").input_value() == "2022-09-01"
    assert page.locator("#library input[name=until]").input_value() == "2022-09-30"
    page.wait_for_selector("#library .bars button[aria-pressed=true]")
    page.locator("[data-act=ask-shown]").click()
    assert page.locator("#ask textarea").is_visible()
    assert scope(page) == "Asking only: 1 September 2022 – 30 September 2022"
    page.locator("[data-act=articles]").first.click()
    page.locator("#library .bars button[aria-pressed=true]").click()
    page.wait_for_function("document.querySelectorAll('#library tbody tr').length === 5")


@mostly_arabic
def test_a_scope_limits_the_answer_and_can_be_left(visit: Opener, language: Language) -> None:
    question = "متى طلبت أرمينيا المساعدة من روسيا؟"
    page = articles(visit, "real", language=language)
    page.locator(f"#library tbody tr:has-text('{GULF}') input").check()
    assert page.locator("#library .tally").inner_text().endswith(say("chosen", language, n=1))
    page.locator("[data-act=ask-shown]").click()
    title = read(SEEDS, GULF).title
    assert scope(page) == f"{say('scope_only', language)} {title}"
    assert cited(page, ask(page, question)) == {GULF}
    page.locator("[data-act=language]").click()
    other: Language = "ar" if language == "en" else "en"
    page.wait_for_function("text => document.querySelector('#scope').textContent.includes(text)", arg=title)
    assert scope(page) == f"{say('scope_only', other)} {title}"
    page.locator("[data-act=scope-clear]").click()
    page.wait_for_selector("#scope .scope", state="hidden")
    assert cited(page, ask(page, question)) - {GULF}


@mostly_arabic
def test_articles_are_added_asked_about_removed_and_put_back(visit: Opener, folder: Path, language: Language) -> None:
    name, keeper = ("keeper.txt", "Theodora") if language == "en" else ("حارس المنارة.txt", "ثيودورا")
    (folder / name).unlink(missing_ok=True)
    page = articles(visit, "real", language=language, refused=(422,))
    page.locator("[data-act=look]").click()
    holds(page, name, there=False)
    text = f"The lighthouse keeper of Saltmere is called {keeper}.\n"
    question = "What is the lighthouse keeper of Saltmere called?"
    if language == "ar":
        text, question = f"اسم حارس المنارة في سولتمير هو {keeper}.\n", "ما اسم حارس المنارة في سولتمير؟"
    page.locator("#library input[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "text/plain", "buffer": text.encode()},
            {"name": GULF, "mimeType": "text/plain", "buffer": (SEEDS / GULF).read_bytes()},
            {"name": f"{ATTACK.replace('/', '')}.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n"},
        ]
    )
    results = page.locator("#library .uploads li:has(.file)")
    page.wait_for_function("document.querySelectorAll('.uploads li:has(.file):not([data-state=sending])').length === 3")
    states = dict(
        zip(results.locator(".file").all_inner_texts(), results.locator(".said").all_inner_texts(), strict=True)
    )
    assert states[name] == say("upload_added", language)
    assert states[GULF] == say("upload_same", language)
    assert next(said for file, said in states.items() if "onerror" in file).startswith(
        say("upload_refused", language, reason="")
    )
    assert page.locator("#library .uploads img").count() == 0
    holds(page, name)

    page.locator("[data-act=chat]").click()
    assert keeper in ask(page, question).locator("blockquote").first.inner_text()

    page.locator("[data-act=articles]").first.click()
    remove(page, name)
    assert not (folder / name).exists()
    back = page.locator("#library .uploads [data-state=removed] button")
    assert back.evaluate("e => e === document.activeElement")
    back.press("Enter")
    holds(page, name)
    assert (folder / name).read_text("utf-8") == text
    remove(page, name)


def leaving(visit: Opener, kept: Path, **options: Any) -> tuple[Any, Any]:
    """The list of a folder that nobody looks at, which goes on holding what is removed; and the row of an article of it."""
    (kept / "one-word.txt").write_text("Unbreakable" * 30, "utf-8")
    page = articles(visit, "odd", **options)
    return page, page.locator("#library tbody tr:has-text('one-word.txt')")


@mostly_arabic
def test_an_article_that_is_being_removed_cannot_be_removed_again(
    visit: Opener, kept: Path, language: Language
) -> None:
    page, row = leaving(visit, kept, language=language, refused=(422,))
    button, box, tag = row.locator("[data-act=remove]"), row.locator("input"), row.locator(".tag")
    box.check()
    button.click()
    back = page.locator("#library .uploads [data-state=removed] button")
    back.wait_for()
    ask_these = page.locator("#library [data-act=ask-shown]")

    def leaves() -> None:
        assert button.is_disabled() and box.is_disabled() and not box.is_checked()
        assert "leaving" in row.get_attribute("class")
        assert tag.inner_text() == say("state_leaving", language)
        assert ask_these.is_hidden()

    leaves()
    redrawn(page, page.locator("#library [data-act=sort]").first.click)
    leaves()
    # All are chosen but the one that leaves.
    page.locator("#library [data-act=all]").check()
    assert not box.is_checked()
    page.locator("#library [data-act=all]").uncheck()
    # The index was brought up to date, and the list still holds the article.
    redrawn(page, lambda: news(page))
    leaves()
    back.click()
    page.wait_for_selector("#library .uploads [data-state=removed]", state="detached")
    assert button.is_enabled() and box.is_enabled()
    assert tag.inner_text() == say("state_indexed", language)
    (kept / "one-word.txt").unlink()
    box.check()
    button.click()
    page.wait_for_selector("#library .uploads [data-state=refused]")
    assert button.is_enabled() and box.is_checked()
    assert button.evaluate("e => e === document.activeElement")


def test_an_article_that_is_in_the_folder_again_is_no_longer_leaving(visit: Opener, kept: Path) -> None:
    page, row = leaving(visit, kept)
    button = row.locator("[data-act=remove]")
    removed = page.locator("#library .uploads [data-state=removed]")
    button.click()
    removed.wait_for()
    # By other hands than this page's.
    (kept / "one-word.txt").write_text("Unbreakable" * 31, "utf-8")
    redrawn(page, lambda: news(page))
    assert button.is_enabled()
    button.click()
    page.wait_for_function("document.querySelectorAll('#library .uploads [data-state=removed]').length === 2")
    page.locator("#library input[type=file]").set_input_files(
        [{"name": "one-word.txt", "mimeType": "text/plain", "buffer": b"Unbreakable again. "}]
    )
    page.wait_for_selector("#library .uploads [data-state=added]")
    assert button.is_enabled()
    # What was taken out before can still be put back.
    assert removed.count() == 2


def test_a_removal_that_is_being_asked_for_is_not_forgotten(visit: Opener, kept: Path) -> None:
    page, row = leaving(visit, kept)
    held: list[Any] = []
    page.route(
        lambda address: "/api/articles?" in address,
        lambda route: held.append(route) if route.request.method == "DELETE" else route.continue_(),
    )
    button = row.locator("[data-act=remove]")
    button.click()
    redrawn(page, lambda: news(page))
    assert button.is_disabled()
    held.pop().continue_()
    page.wait_for_selector("#library .uploads [data-state=removed]")
    assert button.is_disabled()


def test_a_file_name_is_said_as_it_stands(visit: Opener) -> None:
    page = articles(visit)
    name = "costs $& {done} $1 $'.txt"
    said = page.evaluate("file => isnad.word('removed', { file, done: 3 })", name)
    assert said == say("removed", "en", file=name)


def test_files_are_dropped_on_the_list(visit: Opener) -> None:
    page = articles(visit, "real")
    with_file = """kind => {
        const carried = new DataTransfer();
        carried.items.add(new File(['The ferry to Saltmere leaves at nine.'], 'ferry.txt', { type: 'text/plain' }));
        document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
    }"""
    page.evaluate(with_file, "dragenter")
    assert page.locator("#library .drop").is_visible()
    page.evaluate(with_file, "drop")
    assert page.locator("#library .drop").is_hidden()
    holds(page, "ferry.txt")
    remove(page, "ferry.txt")


def test_changes_made_beside_the_page_are_found_when_asked_for(visit: Opener, folder: Path) -> None:
    page = articles(visit, "real")
    (folder / "beside.txt").write_text("The mayor of Saltmere resigned.\n", "utf-8")
    page.locator("[data-act=look]").click()
    holds(page, "beside.txt")
    (folder / "beside.txt").unlink()
    page.locator("[data-act=look]").click()
    holds(page, "beside.txt", there=False)


def test_a_list_that_could_not_be_fetched_is_fetched_once_it_can_be(visit: Opener) -> None:
    page = articles(visit, refused=(503,))
    tally = page.locator("#library .tally")
    before = tally.inner_text()
    page.route("**/api/articles?*", lambda route: route.fulfill(status=503, body="{}"))
    page.locator("#library [data-act=sort]").first.click()
    page.wait_for_function(
        "said => document.querySelector('#library .tally').textContent === said", arg=say("unreachable", "en")
    )
    page.unroute("**/api/articles?*")
    page.wait_for_function("said => document.querySelector('#library .tally').textContent === said", arg=before)


@mostly_arabic
def test_a_whole_article_is_read_beside_the_list(visit: Opener, language: Language) -> None:
    page = articles(visit, language=language)
    link = page.locator("#library a.title").first
    link.click()
    panel = shown_panel(page)
    document = read(SEEDS, LEBANON)
    page.wait_for_selector("#source .line")
    text = page.evaluate("[...document.querySelectorAll('#source .text')].map(e => e.textContent).join('\\n')")
    assert text == "\n".join(line for line in document.text.split("\n") if line.strip())
    assert panel.locator(".body").get_attribute("dir") == "rtl"
    assert panel.locator(".eyebrow").inner_text() == say("whole_article", language)
    assert panel.locator("[data-act=copy-quote]").is_hidden()
    panel.locator("[data-act=copy-reference]").click()
    page.wait_for_selector("#source .said")
    day = "14 September 2022" if language == "en" else "14 سبتمبر 2022"
    expected = [document.title, document.outlet, day, LEBANON, document.url]
    assert page.evaluate("navigator.clipboard.readText()") == " · ".join(filter(None, expected))
    page.keyboard.press("Escape")
    assert link.evaluate("e => e === document.activeElement")


@both
def test_an_empty_folder_leads_to_adding_articles(visit: Opener, language: Language) -> None:
    page = visit("empty", language=language)
    hero = page.locator("#hero .hero:visible")
    assert say("hero_empty_title", language) in hero.inner_text()
    assert say("hero_empty_text_add", language) in hero.inner_text()
    hero.locator("a").click()
    page.wait_for_selector("#library .not-there", state="visible")
    assert page.locator("#library .add").is_visible()
    assert page.locator("#library .filters").is_hidden()


@pytest.mark.parametrize("width", [1280, 360])
def test_hostile_names_stay_text_in_the_list(visit: Opener, width: int) -> None:
    page = articles(visit, "odd", width=width)
    library = page.locator("#library")
    assert ATTACK in library.inner_text()
    assert "\u202e" not in library.inner_text()
    assert library.locator("img, script, iframe, style").count() == 0
    assert wide(page) <= width
    page.locator("#library tbody tr:has-text('gnp') input").check()
    page.locator("[data-act=ask-shown]").click()
    assert ATTACK in scope(page)
    assert page.locator("#scope img, #scope script").count() == 0
    assert wide(page) <= width


@both
def test_nothing_of_the_articles_sticks_out_on_a_phone(visit: Opener, language: Language) -> None:
    page = articles(visit, "odd", language=language, width=360, refused=(422,))
    assert wide(page) <= 360
    page.locator("#library input[type=file]").set_input_files(
        [{"name": "a rather long name of a picture " * 3 + ".png", "mimeType": "image/png", "buffer": b"\x89PNG"}]
    )
    page.wait_for_selector("#library .uploads [data-state=refused]")
    assert wide(page) <= 360
    page.locator("#library a.title").first.click()
    page.wait_for_selector("#source .line")
    assert wide(page) <= 360
    page.keyboard.press("Escape")
    page.locator("#bar .menu").click()
    side = page.locator(".side")
    page.wait_for_function("getComputedStyle(document.querySelector('.side')).visibility === 'visible'")
    page.wait_for_function("document.querySelector('.side').getAnimations().length === 0")
    box = side.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 361
    assert (box["x"] == 0) == (language == "en")
    page.keyboard.press("Escape")
    page.locator("#bar .options summary").click()
    box = page.locator("#bar .options > div").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    assert wide(page) <= 360


@both
def test_the_chat_says_what_is_going_on_with_the_index(visit: Opener, told: Told, language: Language) -> None:
    fault = BuildFailed(reason="the disk is full")
    told.state = State("indexing", "reading", 3, 10)
    page = visit("told", language=language)
    line = page.locator("#status .now")
    for state, said in (
        (told.state, say("indexing", language, done=3, total=10)),
        (State(fault=fault, runs=1), fault.say(language)),
        (State("indexing"), say("indexing_start", language)),
    ):
        told.state = state
        page.evaluate("isnad.watch()")
        page.wait_for_function("said => document.querySelector('#status .now')?.textContent === said", arg=said)
        assert line.is_visible()
    told.state = State(runs=2)
    page.evaluate("isnad.watch()")
    page.wait_for_selector("#status .now", state="hidden")
