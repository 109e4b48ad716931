"""Conversations, judgements and settings in a real Chromium: what is kept is found again, by its reader alone."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assistant.citations import Answer, Language, Partial, Turn
from assistant.retrieval import EVERYTHING
from assistant.scope import Scope
from assistant.settings import Settings
from assistant.web.strings import say
from tests.browser import PATIENCE, Opener, ask, focus, mostly_arabic, require_chromium, serving_each
from tests.web_double import Double

pytestmark = pytest.mark.browser

ENGLISH, ARABIC = "Which drones did Azerbaijan use?", "متى طلبت أرمينيا المساعدة من روسيا؟"
ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>\u202egnp?"


@dataclass(frozen=True)
class Recording(Double):
    """Remembers how it was asked."""

    asked: list[tuple[Scope, int | None]] = field(default_factory=list)

    def stream(self, question: str, history: Sequence[Turn] = (), **options: Any) -> Iterator[Partial | Answer]:
        self.asked.append((options["scope"], options["quotes"]))
        yield from super().stream(question, history, **options)

    def next(self, page: Any, before: int) -> tuple[Scope, int | None]:
        """How it was asked after it had been asked so often; an answer that looks like the last may still be the last."""
        for _ in range(PATIENCE // 50):
            if len(self.asked) > before:
                return self.asked[-1]
            page.wait_for_timeout(50)
        raise AssertionError("nothing was asked")

    @property
    def settings(self) -> Settings:
        return Settings(_env_file=None, corpus=self.corpus, quotes=2)


@dataclass(frozen=True)
class Slow(Double):
    """A model that answers each question once; asked again, it is never done until it is let go."""

    model: Any = "a model"
    asked: list[str] = field(default_factory=list)
    let: threading.Event = field(default_factory=threading.Event)

    def stream(self, question: str, history: Sequence[Turn] = (), **options: Any) -> Iterator[Partial | Answer]:
        answer = self.ask(question)
        self.asked.append(question)
        if self.asked.count(question) > 1:
            yield Partial(question, answer.language, "Not done", answer.citations)
            self.let.wait()
        yield answer


@pytest.fixture(scope="module")
def recording() -> Recording:
    return Recording()


@pytest.fixture(scope="module")
def slow() -> Iterator[Slow]:
    slow = Slow()
    yield slow
    slow.let.set()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from assistant.keeping.database import Database

    require_chromium()
    with Database(f"sqlite:///{tmp_path_factory.mktemp('kept') / 'kept.sqlite'}") as database:
        yield database


@pytest.fixture(scope="module")
def addresses(recording: Recording, slow: Slow, database: Any) -> Iterator[dict[str, str]]:
    from assistant.web.app import create_app

    apps = {"double": create_app(recording, database=database), "slow": create_app(slow, database=database)}
    with serving_each(apps) as addresses:
        yield addresses


def titles(page: Any) -> list[str]:
    return list(page.locator("#side .past a.open .of").all_inner_texts())


def listed(page: Any, *expected: str) -> None:
    """Wait until the list holds exactly these titles."""
    page.wait_for_function(
        "wanted => JSON.stringify([...document.querySelectorAll('#side .past a.open .of')].map(e => e.textContent))"
        " === wanted",
        arg=json.dumps(expected, ensure_ascii=False, separators=(",", ":")),
    )


def turns(page: Any) -> list[int]:
    """How many turns each conversation holds, as the server keeps them."""
    return list(
        page.evaluate("fetch('/api/conversations').then(r => r.json()).then(l => l.conversations.map(c => c.turns))")
    )


def fresh(page: Any) -> None:
    page.locator("[data-act=fresh]").click()
    page.wait_for_selector("#chat .message-row", state="detached")


def left(page: Any) -> None:
    """Wait until the address names no conversation."""
    page.wait_for_function("!location.hash.includes('c=')")


def choose(page: Any, entry: str, place: int = 0) -> None:
    """Choose an entry in the menu of a conversation."""
    page.locator("#side .past li[data-id]").nth(place).hover()
    page.locator("#side .past .more").nth(place).click()
    page.locator(f"#side .past .menu .{entry}").click()


@mostly_arabic
def test_a_conversation_is_kept_listed_and_opened_again(visit: Opener, language: Language) -> None:
    page = visit(language=language)
    assert page.locator("#side .past .none").inner_text() == say("no_conversations", language)
    ask(page, ENGLISH)
    listed(page, ENGLISH)
    ask(page, ARABIC)
    listed(page, ENGLISH)
    assert turns(page) == [2]
    page.wait_for_function("location.hash.includes('c=')")
    first = page.url
    fresh(page)
    left(page)
    ask(page, ARABIC)
    listed(page, ARABIC, ENGLISH)
    assert page.locator("#side .when").all_inner_texts() == [say("today", language)]
    page.locator("#side .past a.open").nth(1).click()
    page.wait_for_function("document.querySelectorAll('#chat .answer').length === 2")
    page.wait_for_function("first => location.href === first", arg=first)
    assert page.locator("#chat .asked").all_inner_texts() == [ENGLISH, ARABIC]
    page.locator("#side .past a.open[aria-current]", has_text=ENGLISH).wait_for()
    page.reload()
    page.wait_for_function("document.querySelectorAll('#chat .answer').length === 2")
    page.locator("#chat a.cite").first.click()
    page.wait_for_selector("#source .panel:not([hidden]) mark")
    assert "c=" in page.url and "src=" in page.url
    page.goto("about:blank")
    page.goto(first)
    page.wait_for_function("document.querySelectorAll('#chat .answer').length === 2")
    ask(page, "Who will lead the negotiations?")
    assert turns(page) == [3, 1]


def test_a_conversation_belongs_to_its_reader(visit: Opener) -> None:
    mine = visit()
    ask(mine, ENGLISH)
    listed(mine, ENGLISH)
    mine.wait_for_function("location.hash.includes('c=')")
    other = visit(path="/" + mine.url[mine.url.index("#") :])
    other.locator("#notice [role=alert]").wait_for()
    assert "no such conversation" in other.locator("#notice").inner_text()
    # An empty list may be one that has not come yet: this one has come, and holds what is his and nothing else.
    ask(other, ARABIC)
    listed(other, ARABIC)
    listed(mine, ENGLISH)


@mostly_arabic
def test_conversations_are_searched_renamed_and_deleted(visit: Opener, language: Language) -> None:
    page = visit(language=language)
    ask(page, ENGLISH)
    fresh(page)
    ask(page, ARABIC)
    listed(page, ARABIC, ENGLISH)
    search = page.locator("#side .past input[type=search]")
    search.fill("طلبت")
    listed(page, ARABIC)
    search.fill("DRONES")
    listed(page, ENGLISH)
    search.fill("nothing like it")
    listed(page)
    assert page.locator("#side .past .none").inner_text() == say("none_found", language)
    search.fill("")
    listed(page, ARABIC, ENGLISH)

    choose(page, "rename")
    field = page.locator("#side .past input.rename")
    assert field.input_value() == ARABIC
    field.fill("طلب المساعدة")
    field.press("Enter")
    listed(page, "طلب المساعدة", ENGLISH)
    choose(page, "rename", 1)
    field.fill("never mind")
    field.press("Escape")
    page.reload()
    listed(page, "طلب المساعدة", ENGLISH)

    page.locator("#side .past li[data-id]").first.hover()
    page.locator("#side .past .more").first.click()
    delete = page.locator("#side .past .menu .delete")
    delete.click()
    assert delete.inner_text() == say("delete_sure", language)
    assert turns(page) == [1, 1]
    delete.click()
    listed(page, ENGLISH)
    # The conversation that was open is gone from the chat as well.
    page.wait_for_selector("#chat .message-row", state="detached")
    left(page)


def changed(page: Any) -> None:
    """Tell the page that a conversation went on, after which it asks for the list; return when what it would do is done."""
    page.evaluate("document.dispatchEvent(new CustomEvent('isnad-conversation', { detail: '' }))")
    for _ in range(3):
        assert turns(page)


def drawn_anew(page: Any) -> None:
    """Wait until no row is there that `old` marked."""
    page.wait_for_function(
        "document.querySelector('#side .past li[data-id]') && !document.querySelector('#side .past li[data-old]')"
    )


def old(page: Any) -> None:
    """Mark the rows that are there now."""
    page.evaluate("for (const row of document.querySelectorAll('#side .past li')) row.dataset.old = 'yes'")


def test_the_list_is_not_drawn_anew_under_the_hands_of_its_reader(visit: Opener) -> None:
    page = visit()
    ask(page, ENGLISH)
    listed(page, ENGLISH)
    changed(page)
    choose(page, "rename")
    old(page)
    field = page.locator("#side .past input.rename")
    field.fill("Half a ti")
    changed(page)
    assert field.input_value() == "Half a ti"
    # Enter that ends the composing of a word is not the end of the title.
    for key in ("Enter", "Escape"):
        field.evaluate(
            "(field, key) => field.dispatchEvent(new KeyboardEvent('keydown', { key, isComposing: true, bubbles: true }))",
            key,
        )
    assert turns(page) == [1] and field.is_visible()
    field.fill("Half a title")
    field.press("Enter")
    drawn_anew(page)
    listed(page, "Half a title")
    assert page.evaluate("document.activeElement.matches('#side .past a.open')")

    page.locator("#side .past .more").focus()
    page.keyboard.press("Enter")
    old(page)
    changed(page)
    assert focus(page) == "rename"
    page.keyboard.press("Escape")
    drawn_anew(page)
    assert focus(page) == "more"


@mostly_arabic
def test_a_conversation_is_saved_as_a_file(visit: Opener, language: Language) -> None:
    page = visit(language=language)
    ask(page, ENGLISH)
    listed(page, ENGLISH)
    quote = Double().ask(ENGLISH).citations[0]
    with page.expect_download() as saved:
        choose(page, "export_markdown")
    text = Path(saved.value.path()).read_text("utf-8")
    assert saved.value.suggested_filename.endswith(".md")
    bare = text.replace("\\", "")  # Markdown marks that stand in the words are escaped
    assert ENGLISH in bare and quote.quote in bare and quote.file in bare
    with page.expect_download() as saved:
        choose(page, "export_json")
    record = json.loads(Path(saved.value.path()).read_text("utf-8"))
    assert record["bibliography"][0]["file"] == quote.file


def test_asking_again_and_taking_back_keep_the_record_right(visit: Opener) -> None:
    page = visit()
    ask(page, ENGLISH)
    ask(page, ARABIC)
    assert turns(page) == [2]
    before = page.locator("#chat .answer").nth(1).get_attribute("id")
    page.locator(f"#chat button[title='{say('retry', 'en')}']").click()
    page.wait_for_function(
        "id => document.querySelectorAll('#chat .answer')[1] && document.querySelectorAll('#chat .answer')[1].id !== id",
        arg=before,
    )
    assert turns(page) == [2]
    undo = page.locator(f"#chat button[title='{say('undo', 'en')}']")
    undo.click()
    page.wait_for_function("document.querySelectorAll('#chat .user-row').length === 1")
    assert turns(page) == [1]
    page.wait_for_function("asked => document.querySelector('#ask textarea').value === asked", arg=ARABIC)
    undo.click()
    page.wait_for_selector("#chat .message-row", state="detached")
    listed(page)
    assert turns(page) == []
    left(page)


def test_stopping_an_answer_that_is_given_again_keeps_one_turn(visit: Opener, slow: Slow) -> None:
    page = visit("slow")
    ask(page, ARABIC)
    first = ask(page, ENGLISH).get_attribute("id")
    assert turns(page) == [2]
    page.locator(f"#chat button[title='{say('retry', 'en')}']").click()
    page.locator("#chat .answer.writing").wait_for()
    page.locator("#ask .stop-button").click()
    page.locator("#chat .answer.failed").wait_for()
    assert say("stopped", "en") in page.locator("#chat .answer").nth(1).inner_text()
    assert page.locator("#chat .user-row").count() == 2 and turns(page) == [2]
    # What was typed leaves the box at once, not with the answer.
    page.locator("#ask textarea").fill(ARABIC)
    page.keyboard.press("Enter")
    page.locator("#chat .answer.writing").wait_for()
    page.locator("#ask .stop-button").wait_for()
    assert page.locator("#ask textarea").input_value() == ""
    page.locator("#ask .stop-button").click()
    page.wait_for_function("document.querySelectorAll('#chat .answer.failed').length === 2")
    # Opened again, it holds what was stopped in the place of what had been answered.
    slow.let.set()
    fresh(page)
    # On a busy machine the list may be drawn anew between the press and the release of a click, which then opens nothing.
    page.wait_for_function(
        """() => {
            if (!document.querySelector("#chat .answer")) document.querySelector("#side .past a.open")?.click();
            return document.querySelectorAll("#chat .answer.failed").length === 2;
        }""",
        polling=2000,
    )
    assert page.locator("#chat .asked").all_inner_texts() == [ARABIC, ENGLISH, ARABIC]
    assert page.locator("#chat .answer").count() == 3 and page.locator(f"#{first}").count() == 0


@mostly_arabic
def test_an_answer_is_judged_with_a_comment(visit: Opener, database: Any, language: Language) -> None:
    from assistant.keeping.feedback import Feedback

    page = visit(language=language)
    turn = ask(page, ENGLISH).get_attribute("id").removeprefix("turn-")

    def kept() -> list[tuple[bool, str]]:
        return [(given.liked, given.comment) for given in Feedback(database).all() if given.turn == turn]

    dislike = page.locator("#chat .judge .dislike")
    dislike.click()
    field = page.locator("#chat .judge input")
    assert field.get_attribute("placeholder") == say("why_dislike", language)
    field.fill("الجواب ناقص <b>x</b>")
    field.press("Enter")
    page.locator("#chat .said-so").wait_for()
    assert page.locator("#chat .said-so").inner_text() == say("thanks", language)
    assert kept() == [(False, "الجواب ناقص <b>x</b>")]
    page.reload()
    page.wait_for_selector("#chat .judge .dislike[aria-pressed=true]")
    page.locator("#chat .judge .like").click()
    page.wait_for_selector("#chat .judge .like[aria-pressed=true]")
    assert page.locator("#chat .judge .dislike").get_attribute("aria-pressed") == "false"
    assert [liked for liked, _ in kept()] == [True]
    page.locator("#chat .judge .like").click()
    page.wait_for_selector("#chat .judge .like[aria-pressed=false]")
    assert kept() == []


@mostly_arabic
def test_settings_work_and_are_remembered(visit: Opener, recording: Recording, language: Language) -> None:
    page = visit(language=language)
    ask(page, ENGLISH)
    assert recording.asked[-1] == (EVERYTHING, None)  # the server's own number
    options = page.locator("#bar .options")
    options.locator("summary").click()
    options.locator("select[name=quotes]").select_option("1")
    options.locator("input[name=gloss]").uncheck()
    page.keyboard.press("Escape")
    assert options.get_attribute("open") is None
    assert page.evaluate("document.activeElement.matches('.options summary')")
    page.wait_for_selector("#chat rt", state="hidden")
    ask(page, ENGLISH)
    assert recording.asked[-1][1] == 1
    page.reload()
    page.wait_for_selector("#ask textarea[aria-label]")
    page.wait_for_function("document.querySelectorAll('#chat .answer').length === 2")  # those of before
    before = len(recording.asked)
    ask(page, ENGLISH)
    assert recording.next(page, before)[1] == 1
    page.wait_for_selector("#chat rt", state="hidden")
    options.locator("summary").click()
    assert options.locator("select[name=quotes]").input_value() == "1"
    assert not options.locator("input[name=gloss]").is_checked()
    options.locator("select[name=quotes]").select_option("2")  # what this server's settings say
    before = len(recording.asked)
    ask(page, ENGLISH)
    assert recording.next(page, before)[1] is None


def test_an_answer_is_printed_with_its_sources_and_nothing_else(visit: Opener) -> None:
    page = visit(color_scheme="dark")
    ask(page, ENGLISH)
    ask(page, "What is the population of Armenia?")
    page.emulate_media(media="print")
    shown = """[...document.querySelectorAll('.side, .bar, #ask, .status, .message-buttons, .judge, .message-row')]
        .filter(e => e.checkVisibility()).map(e => e.className.split(' ')[0])"""
    assert page.evaluate(shown) == ["message-row"] * 4
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    colours = "[...new Set([...document.querySelectorAll('#chat .answer p, #chat ruby')].map(e => getComputedStyle(e).color))]"
    for colour in page.evaluate(colours):
        assert max(int(part) for part in re.findall(r"\d+", colour)[:3]) < 128, colour
    page.emulate_media(media="screen")
    page.evaluate("window.print = () => { window.printed = document.querySelector('.print-one') !== null }")
    page.locator("#chat .judge .print").nth(1).click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    rows = page.locator("#chat .message-row:visible")
    assert rows.count() == 2
    assert rows.nth(0).inner_text() == "What is the population of Armenia?"
    # What was folded is printed too.
    assert rows.nth(1).locator("blockquote").first.is_visible()
    assert rows.nth(1).locator("figcaption .file").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("#chat .message-row:visible").count() == 4


def test_hostile_titles_stay_text(visit: Opener) -> None:
    page = visit()
    ask(page, ATTACK)
    page.wait_for_selector("#side .past a.open")
    fresh(page)
    ask(page, ENGLISH)
    first = "document.querySelector('#side .past a.open .of')?.textContent"
    page.wait_for_function(f"{first} === {json.dumps(ENGLISH)}")
    choose(page, "rename")
    page.locator("#side .past input.rename").fill(ATTACK)
    page.locator("#side .past input.rename").press("Enter")
    page.wait_for_function(f"{first}?.startsWith('<img')")
    page.reload()
    page.wait_for_function("document.querySelectorAll('#side .past a.open').length === 2")
    assert all(title.startswith("<img src=x onerror=alert(1)>") for title in titles(page))
    page.locator("#side .past input[type=search]").fill("onerror")
    page.wait_for_function("document.querySelectorAll('#side .past a.open').length === 2")
    assert page.locator("#side img, #side script, #chat img, #chat script").count() == 0
