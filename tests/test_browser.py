"""The page in a real Chromium, over the real index of the seeds and over a stand-in for rarer states."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from assistant.citations import Answer, Language, Mended, Partial, Turn
from assistant.corpus import Document, Skipped
from assistant.settings import Settings
from tests.attacks.markup import ATTACKS, DANGEROUS
from tests.browser import (
    Opener,
    ask,
    focus,
    require_chromium,
    serving_each,
    shown_panel,
    wide,
)
from tests.web_double import BROKEN, CRASH, LIMIT, QUESTIONS, SEEDS, Double

pytestmark = pytest.mark.browser

FIVE = (
    "متى طلبت أرمينيا المساعدة من روسيا؟",
    "How many Armenian soldiers were killed?",
    "من هو المتحدث باسم الكرملين؟",
    "Which drones did Azerbaijan use?",
    "What is the population of Armenia?",
)
ARABIC, ENGLISH = FIVE[0], FIVE[3]
ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def hostile() -> Document:
    name = f'sub dir/{ATTACK}\u202egnp "quoted" مقال.txt'
    return Document(
        file=name,
        text=f"{ATTACK} ![](https://evil.example/a.png) [x](javascript:alert(3))",
        title=f"{ATTACK}\u202e<iframe src=//evil.example>",
        date=dt.date(2022, 1, 2),
        outlet=f"{ATTACK}<style>*{{background:url(//evil.example)}}</style>",
        url=None,
        language="en",
        encoding="utf-8",
        encoding_guessed=False,
        sha256="",
        size=1,
        mtime_ns=0,
    )


@pytest.fixture(scope="module")
def assistant(seeds_index: Path, settings: Settings) -> Iterator[Any]:
    from assistant.chat import Assistant

    require_chromium()
    with Assistant.open(corpus=SEEDS, index=seeds_index, settings=settings) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def addresses(assistant: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The page over the real index, the stand-in, hostile articles, stale ones, and an empty folder."""
    from assistant.web.app import create_app

    empty = tmp_path_factory.mktemp("no articles")
    odd = Double(extra={"x": hostile()}, stale=True, left_out=(Skipped(ATTACK, ATTACK),))
    apps = {
        "real": create_app(assistant, suggestions=FIVE),
        "double": create_app(Double(), suggestions=[ARABIC, ENGLISH]),
        "odd": create_app(odd, suggestions=[ATTACK]),
        "attacked": create_app(Double(extra=attacked(), left_out=tuple(Skipped(each, each) for each in ATTACKS))),
        "obedient": create_app(Obedient(extra=attacked())),
        "empty": create_app(Double(corpus=empty)),
    }
    with serving_each(apps) as addresses:
        yield addresses


def attacked() -> dict[str, Document]:
    """An article for each attack, which is its name, its title, its outlet and its text."""
    return {
        str(place): replace(
            hostile(), file=f"{place} {attack}.txt", title=attack, outlet=attack, text=f"{place} {attack}"
        )
        for place, attack in enumerate(ATTACKS)
    }


@dataclass(frozen=True)
class Obedient(Double):
    """A model that repeats every attack, first unfinished and then with citations."""

    model: Any = "a model"

    def stream(self, question: str, history: Sequence[Turn] = (), **options: Any) -> Iterator[Partial | Answer]:
        answer = self.ask(question)
        lines = [f"{attack} [{number}]" for number, attack in enumerate(ATTACKS, 1)]
        for end in range(1, len(lines), 4):
            yield Partial(question, "en", "\n".join(lines[:end]), answer.citations, asked=ATTACKS[0])
        mended = tuple(Mended(attack, attack) for attack in ATTACKS)
        yield replace(
            answer, text="\n".join(lines), answered_by="model", notice=ATTACKS[0], asked=ATTACKS[1], mended=mended
        )


def words(locator: Any) -> str:
    """The text of a quote without its gloss and its chip."""
    bare = "const c = e.cloneNode(true); c.querySelectorAll('rt, a').forEach(x => x.remove())"
    return str(locator.evaluate(f"e => {{ {bare}; return c.textContent.trim() }}"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_shows_what_the_assistant_says(visit: Opener, assistant: Any, language: str) -> None:
    page = visit("real", language=language)
    for question in FIVE:
        record: Answer = assistant.ask(question)
        answer = ask(page, question)
        assert record.status in answer.get_attribute("class").split()
        expected = record.citations or record.closest
        quotes = answer.locator("blockquote")
        assert [words(quotes.nth(i)) for i in range(quotes.count())] == [citation.quote for citation in expected]
        assert expected
        if record.status == "abstained":
            answer.locator("summary").click()
        answer.locator("a.cite").first.click()
        page.wait_for_function(
            "text => document.querySelector('#source mark')?.textContent === text", arg=expected[0].quote
        )
        assert expected[0].file in shown_panel(page).inner_text()
        page.keyboard.press("Escape")


def test_the_source_opens_by_keyboard_and_gives_the_focus_back(visit: Opener) -> None:
    page = visit()
    answer = ask(page, ENGLISH)
    chip = answer.locator("a.cite").first
    chip.focus()
    page.keyboard.press("Enter")
    panel = shown_panel(page)
    panel.locator("mark").first.wait_for()
    page.wait_for_function("document.activeElement.id === 'source-title'")
    record = Double().ask(ENGLISH).citations[0]
    assert panel.locator("mark").inner_text() == record.quote
    inside = page.evaluate(
        "(() => { const m = document.querySelector('#source mark').getBoundingClientRect(),"
        " b = document.querySelector('#source .body').getBoundingClientRect();"
        " return m.top >= b.top && m.bottom <= b.bottom })()"
    )
    assert inside
    for fact in (record.title, "14 September 2022", f"line {record.line}", record.file):
        assert fact in panel.locator("header").inner_text()
    assert panel.locator(".body").get_attribute("dir") == "rtl"
    assert chip.get_attribute("aria-current") == "true"
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert focus(page) == "cite"
    assert "#src=" not in page.url


def test_the_source_leads_to_the_next_and_previous_citation(visit: Opener) -> None:
    page = visit(language="ar")
    record = Double().ask(ARABIC)
    ask(page, ARABIC).locator("a.cite").first.click()
    panel = shown_panel(page)
    panel.locator("mark").first.wait_for()
    assert panel.locator(".place").inner_text() == "1 من 2"
    assert panel.locator("[data-act=previous]").is_disabled()
    panel.locator("[data-act=next]").click()
    page.wait_for_function(
        "text => document.querySelector('#source mark')?.textContent === text", arg=record.citations[1].quote
    )
    assert panel.locator("[data-act=next]").is_disabled()
    panel.locator("[data-act=previous]").click()
    page.wait_for_function(
        "text => document.querySelector('#source mark')?.textContent === text", arg=record.citations[0].quote
    )
    panel.locator("[data-act=copy-quote]").click()
    page.wait_for_selector("#source .said")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert record.citations[0].quote in copied and record.citations[0].file in copied


def test_the_source_that_is_shown_is_the_one_that_is_copied(visit: Opener) -> None:
    page = visit(language="ar")
    record = Double().ask(ARABIC)
    chips = ask(page, ARABIC).locator("a.cite")
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(re.compile("component_server"), hold_the_first)
    first, second = chips.nth(0), chips.nth(1)
    first.click()
    page.wait_for_function("held => location.hash.includes(held)", arg=first.get_attribute("href")[1:])
    second.click()
    page.wait_for_function(
        "text => document.querySelector('#source mark')?.textContent === text", arg=record.citations[1].quote
    )
    with page.expect_response(re.compile("component_server")) as late:
        held[0].continue_()
    late.value.finished()
    page.locator("#source [data-act=copy-quote]").click()
    page.wait_for_selector("#source .said")
    assert record.citations[1].quote in page.evaluate("navigator.clipboard.readText()")


def test_a_link_to_a_source_opens_it_and_a_broken_one_says_so(visit: Opener) -> None:
    from assistant.web.sources import reference_of

    found = Double().ask(ENGLISH).citations[0]
    page = visit(path=f"/#src={reference_of(found)}")
    assert shown_panel(page).locator("mark").inner_text() == found.quote
    page = visit(path="/#src=AAAA:1-2")
    assert "no longer in the index" in shown_panel(page).locator("h2").inner_text()


def test_one_switch_turns_the_language_and_the_layout(visit: Opener) -> None:
    page = visit()
    answer = ask(page, ENGLISH)
    assert answer.locator(".band").inner_text() == "Answered from the articles"
    answer.locator("a.cite").first.click()
    shown_panel(page).locator("mark").first.wait_for()
    place = "['#main', '.panel'].map(one => document.querySelector(one).getBoundingClientRect().left)"
    main, panel = page.evaluate(place)
    assert main < panel
    page.locator("[data-act=language]").click()
    page.wait_for_function("document.querySelector('#chat .band').textContent === 'إجابة من المقالات'")
    main, panel = page.evaluate(place)
    assert main > panel
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ar", "rtl"]
    assert "14 سبتمبر 2022" in shown_panel(page).inner_text()
    assert page.locator("#ask textarea").get_attribute("placeholder").startswith("اطرح")
    assert page.locator(".status").inner_text().startswith("5 مقالات")
    assert page.locator("[data-act=language]").get_attribute("aria-label") == "تحويل الصفحة إلى الإنجليزية"
    assert page.title().startswith("إسناد")
    page.wait_for_selector("#chat a.cite[aria-current=true]")
    page.reload()
    page.wait_for_selector("#ask textarea[aria-label=سؤالك]")
    assert page.evaluate("document.documentElement.dir") == "rtl"


@pytest.mark.parametrize(("locale", "direction"), [("en-GB", "ltr"), ("ar-EG", "rtl"), ("fr-FR", "ltr")])
def test_the_browser_s_language_comes_first(visit: Opener, locale: str, direction: str) -> None:
    page = visit(language=locale)
    assert page.evaluate("document.documentElement.dir") == direction
    # No control speaks the other language.
    shown = page.locator("body").inner_text() + " ".join(
        page.locator("[aria-label]").evaluate_all("es => es.map(e => e.ariaLabel)")
    )
    shown = shown.replace("العربية", "").replace("English", "").replace(ARABIC, "").replace(ENGLISH, "")
    assert not re.search("[a-z]{3}" if direction == "rtl" else "[\u0621-\u064a]{3}", shown)


def test_colours_follow_the_system_until_chosen_and_are_remembered(visit: Opener) -> None:
    page = visit(color_scheme="dark")
    colours = "document.documentElement.dataset.colours"
    assert page.evaluate(colours) == "dark"
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"{colours} === 'light'")
    button = page.locator("[data-act=theme]")
    button.click()
    button.click()
    assert page.evaluate(colours) == "dark"
    assert button.get_attribute("aria-label") == "Colours: dark"
    page.reload()
    page.wait_for_selector("#ask textarea[aria-label]")
    assert page.evaluate(colours) == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 21, 20)"


def test_the_gloss_can_be_put_away(visit: Opener) -> None:
    page = visit()
    answer = ask(page, ENGLISH)
    meaning = answer.locator("rt").first
    assert meaning.is_visible()
    answer.locator(".gloss-switch").click()
    assert meaning.is_hidden()
    assert answer.locator(".gloss-switch").get_attribute("aria-pressed") == "false"
    page.reload()
    page.wait_for_selector("#ask textarea[aria-label]")
    assert ask(page, ENGLISH).locator("rt").first.is_hidden()


def test_suggested_questions_are_asked_as_they_stand(visit: Opener) -> None:
    page = visit(language="ar")
    assert page.locator("[data-act=suggest]:visible").all_inner_texts() == [ARABIC]
    page.locator("[data-act=suggest]:visible").click()
    page.locator("#chat .answer").wait_for()
    assert page.locator("#chat .asked").inner_text() == ARABIC
    assert page.locator("#hero .hero:visible").count() == 0


def test_a_fault_is_one_line_and_the_question_stays(visit: Opener) -> None:
    page = visit()
    answer = ask(page, BROKEN)
    assert answer.inner_text().startswith("The index in .isnad is damaged")
    assert page.locator("#chat .asked").inner_text() == BROKEN
    assert "Something went wrong" in ask(page, CRASH).inner_text()
    page.locator("[data-act=language]").click()
    page.wait_for_function("document.querySelector('#chat .answer').textContent.includes('تالف')")


def test_a_question_that_cannot_be_asked_stays_in_the_box(visit: Opener) -> None:
    page = visit()
    box = page.locator("#ask textarea")
    long = "why " * (LIMIT // 4) + "?"
    box.fill(long)
    page.keyboard.press("Enter")
    page.locator("#notice [role=alert]").wait_for()
    assert "limit is 2000" in page.locator("#notice").inner_text()
    assert box.input_value() == long
    assert page.locator("#chat .message-row").count() == 0
    box.fill("   ")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#notice').textContent.includes('is empty')")
    ask(page, ENGLISH)
    page.wait_for_function("!document.querySelector('#notice').textContent.trim()")


def test_a_question_can_be_asked_again_taken_back_and_left_behind(visit: Opener) -> None:
    page = visit()
    ask(page, ENGLISH)
    ask(page, ARABIC)
    page.evaluate("for (const answer of document.querySelectorAll('#chat .answer')) answer.dataset.old = 'yes'")
    page.locator("#chat button[title='Ask again']").click()
    page.wait_for_selector("#chat .answer:not([data-old]):not(.writing)")
    assert page.locator("#chat .user-row").count() == page.locator("#chat .answer").count() == 2
    page.wait_for_selector("#ask .submit-button")
    page.locator("#chat button[title^='Take the question back']").click()
    page.wait_for_function("document.querySelectorAll('#chat .user-row').length === 1")
    assert page.locator("#ask textarea").input_value() == ARABIC
    page.locator("[data-act=fresh]").click()
    page.wait_for_selector("#chat .message-row", state="detached")
    assert page.locator("#hero .hero.some").is_visible()
    assert page.locator("#ask textarea").input_value() == ""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_answer_is_copied_as_text(visit: Opener, language: Language) -> None:
    from assistant.web.render import plain
    from assistant.web.strings import say

    page = visit(language=language)
    ask(page, ENGLISH)
    ask(page, ARABIC)
    buttons = page.locator(f"#chat .bot-row + .message-buttons button[title='{say('copy', language)}']")
    for place, question in enumerate((ENGLISH, ARABIC)):
        buttons.nth(place).click()
        page.wait_for_selector(f"#chat button[title='{say('copied', language)}']")
        assert page.evaluate("navigator.clipboard.readText()") == plain(Double().ask(question), language)
    for key in ("retry", "undo"):
        assert page.locator(f"#chat button[title='{say(key, language)}']").count() == 1


@pytest.mark.parametrize("which", ["odd", "double"])
def test_hostile_names_articles_and_questions_stay_text(visit: Opener, which: str) -> None:
    page = visit(which)
    question = f"{ATTACK} ![](https://evil.example/b.png) <form action=//evil.example>"
    answer = ask(page, question)
    assert page.locator("#chat .asked").inner_text() == question
    assert answer.locator("img, script, iframe, form, style").count() == 0
    if which == "odd":
        document = hostile()
        assert words(answer.locator("blockquote")) == document.text
        assert ATTACK in answer.locator(".title").inner_text()
        assert "\u202e" not in answer.locator("figcaption").inner_text()
        assert answer.locator(".stale").is_visible()
        answer.locator("a.cite").click()
        panel = shown_panel(page)
        assert panel.locator("mark").inner_text() == document.text
        assert ATTACK in panel.locator("h2").inner_text()
        assert panel.locator("header .stale").is_visible()
        assert panel.locator("img, script, iframe, form, style").count() == 0
        page.locator(".left-out summary").click()
        assert ATTACK in page.locator(".left-out").inner_text()


@pytest.mark.parametrize("which", [pytest.param("attacked", marks=pytest.mark.slow), "obedient"])
def test_no_attack_runs_or_fetches_anything(visit: Opener, which: str) -> None:
    page = visit(which, path="/#articles", ready="#library tbody tr")
    assert page.locator("#library tbody tr").count() >= len(ATTACKS)
    page.locator("[data-act=chat]").first.click()
    for attack in (" ".join(ATTACKS), *ATTACKS[:3]):
        answer = ask(page, attack)
        page.wait_for_function("!document.querySelector('#chat .answer.writing')")
    quotes = answer.locator("blockquote" if which == "attacked" else "a.row")
    assert quotes.count() == len(ATTACKS)
    for attack in ATTACKS:
        if attack.isprintable():
            assert attack in answer.inner_text()
    for chip in answer.locator("a.cite").all():
        chip.click()
        page.wait_for_function(
            "([panel, of]) => document.querySelector(panel)?.textContent.startsWith(of + ' ')",
            arg=["#source mark", str(int(chip.evaluate("e => e.lastChild.textContent")) - 1)],
        )
    page.locator("[data-act=language]").click()
    page.wait_for_function("document.documentElement.dir === 'rtl'")
    for place in ("#chat .message", "#source", "#library tbody", "#status", "#notice", "#side"):
        found = (
            page.locator(place).locator(DANGEROUS).evaluate_all("all => all.map(each => each.outerHTML.slice(0, 200))")
        )
        assert found == [], place
    handlers = "[...document.querySelectorAll('#chat *, #source *, #library *')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length"
    assert page.evaluate(handlers) == 0


def test_an_empty_folder_is_said_to_be_empty(visit: Opener) -> None:
    page = visit("empty")
    assert "There are no articles yet" in page.locator("#hero").inner_text()
    assert "no articles" in page.locator("#hero .path").inner_text()
    assert "holds no article" in ask(page, ENGLISH).inner_text()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_sticks_out_at_any_width(visit: Opener, language: str) -> None:
    page = visit(width=360, language=language)
    assert wide(page) <= 360
    for question in QUESTIONS:
        ask(page, question)
    for width in (1280, 768, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert wide(page) <= width
        page.locator("#chat a.cite:visible").last.click()
        box = shown_panel(page).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width + 1
        assert wide(page) <= width
        page.keyboard.press("Escape")
    assert box["width"] == 360 and box["y"] > 100


def test_every_control_has_a_name_and_a_visible_focus(visit: Opener) -> None:
    page = visit()
    ask(page, ENGLISH).locator("a.cite").first.click()
    shown_panel(page).locator("mark").first.wait_for()
    nameless = page.evaluate(
        "[...document.querySelectorAll('button, a[href], textarea, [role=region]')].filter(e => e.checkVisibility() &&"
        " !(e.ariaLabel || e.title || e.textContent).trim()).map(e => e.outerHTML)"
    )
    assert nameless == []
    page.locator("#ask textarea").focus()
    outlines = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        outlines.add(
            page.evaluate(
                "(e => e === document.body ? 'solid' : getComputedStyle(e).outlineStyle)(document.activeElement)"
            )
        )
    assert outlines == {"solid"}


def test_stale_quotes_are_marked_in_the_answer(visit: Opener) -> None:
    page = visit("odd")
    assert "has changed since" in ask(page, ARABIC).locator(".stale").first.inner_text()
