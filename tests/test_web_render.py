"""Records to HTML, and references to panel data: everything from outside is text, and stays what it was."""

from __future__ import annotations

import datetime as dt
import re
import string
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations import Also, Answer, Citation, GlossWord, Language, Mended, Partial, Statement, Status, cite
from assistant.corpus import Skipped
from assistant.errors import IndexDamaged, UnknownDocument
from assistant.language.counted import articles
from assistant.web import page, render, sources, strings
from tests.attacks.markup import ATTACKS
from tests.web_double import Double

ALLOWED = set(
    (
        "a bdi blockquote button details div figcaption figure li p rt ruby span summary ul "
        "h1 h2 h3 header svg path rect circle"
    ).split()
)


class Seen(HTMLParser):
    """What a browser would make of a piece of HTML: its elements, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.balanced = True
        self.feed(html)
        self.close()
        self.balanced = self.balanced and not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("br", "path", "rect", "circle"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        self.balanced = self.balanced and bool(self.open) and self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def inert(html: str) -> Seen:
    """``html`` holds only our own elements, carries no handler, and leads nowhere but into the page."""
    seen = Seen(html)
    assert set(seen.tags) <= ALLOWED
    assert seen.balanced
    for name, value in seen.attributes:
        assert not name.startswith("on") and name not in ("src", "srcset", "style", "action", "formaction")
        if name == "href":
            assert re.fullmatch(r"#src=[A-Za-z0-9_-]+:\d+-\d+|#question|#articles", value or "")
    return seen


@dataclass(frozen=True)
class Page:
    """A document of any shape."""

    file: str = "a.txt"
    text: str = "The bridge opened in 1932.\nIt is long."
    title: str = "A bridge"
    date: dt.date | None = dt.date(2022, 9, 14)
    outlet: str | None = "The Post"


def citation(
    document: Page = Page(), start: int = 0, end: int | None = None, number: int = 1, language: Language = "en"
) -> Citation:
    return cite(document, start, len(document.text) if end is None else end, number=number, language=language)


def record(
    text: str = "",
    citations: tuple[Citation, ...] = (),
    closest: tuple[Citation, ...] = (),
    status: Status = "answered",
    notice: str | None = None,
    by: str = "quotes",
) -> Answer:
    return Answer(
        question="q",
        language="en",
        status=status,
        text=text,
        citations=citations,
        rejected=(),
        closest=closest,
        confidence=0.5,
        answered_by="model" if by == "model" else "quotes",
        notice=notice,
    )


class TestStrings:
    @pytest.mark.parametrize("key", strings.STRINGS)
    def test_both_languages_hold_the_same_placeholders(self, key: str) -> None:
        entry = strings.STRINGS[key]
        assert set(entry) == set(strings.LANGUAGES)
        fields = {
            lang: sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
            for lang, text in entry.items()
        }
        assert fields["en"] == fields["ar"]
        assert all(text.strip() for text in entry.values())

    @pytest.mark.parametrize("key", strings.STRINGS)
    def test_each_is_in_its_language(self, key: str) -> None:
        switch = key == "other_language"
        assert bool(re.search("[\u0621-\u064a]", strings.STRINGS[key]["ar"])) is not switch
        assert bool(re.search("[\u0621-\u064a]", strings.STRINGS[key]["en"])) is switch

    def test_the_browser_gets_only_known_keys(self) -> None:
        assert set(strings.SCRIPT) <= set(strings.STRINGS)

    def test_every_key_the_scripts_ask_for_reaches_them(self) -> None:
        scripts = Path(page.__file__).parent / "scripts"
        code = "".join(path.read_text(encoding="utf-8") for path in scripts.glob("*.js"))
        asked = set(re.findall(r"\bword\('(\w+)'[,)]", code)) | set(
            re.findall(r'data-label="(\w+)"', page.toolbar() + page.panel())
        )
        asked |= {
            "theme_light",
            "theme_dark",
            "copied",
            "copy_failed",
            "source_missing",
            "unreachable",
            "copy",
            "retry",
            "undo",
            "down",
        }
        assert len(asked) > 15
        assert asked <= set(strings.SCRIPT)

    @pytest.mark.parametrize(
        ("count", "en", "ar"),
        [
            (0, "No articles", "لا مقالات"),
            (1, "1 article", "مقال واحد"),
            (2, "2 articles", "مقالان"),
            (5, "5 articles", "5 مقالات"),
            (11, "11 articles", "11 مقالًا"),
            (100, "100 articles", "100 مقال"),
            (103, "103 articles", "103 مقالات"),
            (1234, "1,234 articles", "1,234 مقالًا"),
        ],
    )
    def test_articles_are_counted_as_each_language_counts(self, count: int, en: str, ar: str) -> None:
        assert (articles(count, "en"), articles(count, "ar")) == (en, ar)

    def test_dates_are_written_out(self) -> None:
        date = dt.date(2022, 9, 14)
        assert strings.long_date(date, "en") == "14 September 2022"
        assert strings.long_date(date, "ar") == "14 سبتمبر 2022"


NAMES = st.text(min_size=1, max_size=60)


class TestReferences:
    @given(NAMES, st.integers(0, 10**9 - 2), st.integers(1, 50))
    def test_come_back_as_they_went(self, file: str, start: int, length: int) -> None:
        file = file.encode("utf-8", "replace").decode()
        end = min(start + length, 10**9 - 1)
        text = sources.reference(file, start, end)
        assert re.fullmatch(r"[A-Za-z0-9_-]+:\d+-\d+", text)
        assert sources.parse(text) == (file, start, end)

    @given(st.text(max_size=80))
    def test_of_any_other_text_are_refused_or_canonical(self, text: str) -> None:
        found = sources.parse(text)
        assert found is None or sources.reference(*found) == text

    def test_names_that_are_not_utf_8_are_no_articles(self) -> None:
        file = b"caf\xe9.txt".decode("utf-8", "surrogateescape")
        assert sources.parse(sources.reference(file, 0, 1)) is None

    good = sources.reference("a b/مقال.txt", 3, 9)

    @pytest.mark.parametrize(
        "bad",
        [
            "",
            "x",
            "../../etc/passwd:1-2",
            "<img src=x>:1-2",
            good + "0" * 9,
            good + "\n",
            " " + good,
            good.replace("-", "–"),
            good.replace(":3-", ":03-"),
            good.replace(":3-9", ":9-3"),
            good.replace(":3-9", ":3-3"),
            good.replace(":3-9", ":3-٩"),
            good.replace(":", "=:"),
            "A" * 7000 + ":1-2",
            "A:1-2",
            None,
            7,
            ["a"],
            {"a": 1},
        ],
    )
    def test_that_are_malformed_are_refused(self, bad: object) -> None:
        assert sources.parse(bad) is None
        assert sources.panel(Double(), bad) == {"error": "missing"}


class Shelf:
    """A library of one document."""

    def __init__(self, document: Page) -> None:
        self.kept = document

    def document(self, file: str) -> Page:
        if file != self.kept.file:
            raise UnknownDocument(file=file)
        return self.kept

    def is_stale(self, file: str) -> bool:
        return file != self.kept.file


class TestPanel:
    @given(st.text(alphabet=st.sampled_from("ab ا\n\r\u2028<\U0001f600"), min_size=1, max_size=40), st.data())
    def test_shows_the_whole_text_and_exactly_the_span(self, text: str, data: st.DataObject) -> None:
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        shown = sources.panel(Shelf(Page(text=text)), sources.reference("a.txt", start, end))
        plain = "\n".join(line.removesuffix("\r") for line in text.split("\n")).replace("\r", "\n")
        assert "\n".join("".join(line["parts"]) for line in shown["lines"]) == plain
        assert shown["quote"] == text[start:end]
        marked = "".join(line["parts"][1] for line in shown["lines"])
        assert re.sub(r"[\r\n]", "", marked) == re.sub(r"[\r\n]", "", text[start:end])
        assert [line["n"] for line in shown["lines"]] == list(range(1, text.count("\n") + 2))
        assert shown["first"] == text.count("\n", 0, start) + 1

    def test_of_a_seed_marks_the_quote_on_its_line(self) -> None:
        double = Double()
        found = double.ask("Which drones did Azerbaijan use?").citations[0]
        shown = sources.panel(double, sources.reference_of(found))
        line = shown["lines"][found.line - 1]
        assert line["parts"][1] == found.quote
        assert (line["dir"], line["lang"], shown["date"]) == ("rtl", "ar", "2022-09-14")

    @pytest.mark.parametrize(
        ("file", "start", "end"), [("b.txt", 0, 1), ("../a.txt", 0, 1), ("a.txt", 0, 9999), ("a.txt", 38, 39)]
    )
    def test_of_what_is_not_there_says_so(self, file: str, start: int, end: int) -> None:
        assert sources.panel(Shelf(Page()), sources.reference(file, start, end)) == {"error": "missing"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\u202egnp.txt", "a\ufffdgnp.txt"),
        ("a\x00b\n", "a\ufffdb\ufffd"),
        ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
        ("caf\udce9.txt", "caf?.txt"),
    ],
)
def test_names_cannot_turn_the_text_around(name: str, shown: str) -> None:
    assert sources.visible(name) == shown


class TestAnswers:
    @pytest.mark.parametrize("attack", ATTACKS)
    @pytest.mark.parametrize("ui", strings.LANGUAGES)
    def test_are_inert_whatever_they_hold(self, attack: str, ui: Language) -> None:
        document = Page(file=f"{attack}.txt", text=f"{attack} {attack}", title=attack, outlet=attack)
        quoted = replace(
            citation(document),
            stale=True,
            gloss=(
                GlossWord(0, 3, attack, "word"),
                GlossWord(2, 10**6, attack, "name"),
                GlossWord(-1, 2, attack, "name"),
            ),
        )
        for html in (
            render.answer(record(f"{attack} [1][2] {attack}", (quoted,), notice=attack), ui),
            render.answer(record(f"{attack} [1]", (quoted,), by="model"), ui),
            render.answer(record(attack, (), (quoted,), status="abstained"), ui),
            render.question(attack),
            render.error(attack, ui),
        ):
            seen = inert(html)
            assert "\n" not in html and "\r" not in html
            assert re.sub(r"\W", "", attack) in re.sub(r"\W", "", seen.text)

    @given(st.text(max_size=200))
    def test_of_any_text_are_inert(self, text: str) -> None:
        inert(render.answer(record(text, (citation(Page(text=text or "x")),)), "en"))

    @pytest.mark.parametrize(
        ("status", "word"), [("answered", "Answered from"), ("uncertain", "may not be"), ("abstained", "Not in")]
    )
    def test_say_their_band(self, status: Status, word: str) -> None:
        html = render.answer(record("text", status=status), "en")
        assert f'class="answer {status}"' in html
        assert word in inert(html).text

    def test_show_a_quote_once_where_it_stands(self) -> None:
        one, two = citation(end=26), citation(start=27, number=2)
        html = render.answer(record(f"They say:\n\n“{one.quote}” [1].\n\nAnd: «{two.quote}» [2]", (one, two)), "en")
        assert html.count("<blockquote") == 2
        words = Seen(html.split('<span class="plain">')[0]).text
        assert words.count(one.quote) == words.count(two.quote) == 1
        assert words.index("They say") < words.index(one.quote) < words.index("And:") < words.index(two.quote)
        assert "“" not in words and "«" not in words

    def test_leave_to_the_caption_what_it_says_better(self) -> None:
        one = citation(end=26)
        html = render.answer(
            record(f"They say:\n\n“{one.quote}” [1]\n(A bridge, The Post, 2022)\n\nAnd so on.", (one,)), "en"
        )
        words = Seen(html.split('<span class="plain">')[0]).text
        assert "(A bridge" not in words and "And so on." in words

    def test_show_quotes_that_the_text_only_points_to(self) -> None:
        html = render.answer(record("See [1].", (citation(),)), "en")
        assert html.count("<blockquote") == 1
        assert '<span class="kept">See<a class="cite"' in html

    def test_of_a_model_list_their_sources(self) -> None:
        html = render.answer(record("It opened in 1932 [1][9].", (citation(end=26),), by="model"), "en")
        assert "<blockquote" not in html
        assert html.count('class="row"') == 1
        assert "[9]" not in html.split('<span class="plain">')[0]

    def test_of_a_list_are_a_list(self) -> None:
        html = render.answer(record("- one [1]\n- two", (citation(end=26),), by="model"), "en")
        assert html.count("<li>") == 2

    def test_fold_the_closest_passages_away(self) -> None:
        html = render.answer(record("The articles do not say.", closest=(citation(),), status="abstained"), "en")
        assert '<details class="folded closest" dir="ltr" lang="en"><summary>The closest passages (1)</summary>' in html

    def test_read_each_in_its_own_direction(self) -> None:
        arabic = citation(Page(text="افتتح الجسر عام 1932."), language="ar")
        html = render.answer(record(f"The articles say:\n\n“{arabic.quote}” [1]", (arabic,)), "en")
        assert '<p dir="ltr" lang="en">The articles say:</p>' in html
        assert '<blockquote class="words" dir="rtl" lang="ar">' in html
        assert '<figcaption dir="ltr" lang="en">' in html
        assert '<figcaption dir="rtl" lang="ar">' in render.answer(record("", (arabic,)), "ar")

    def test_name_title_outlet_date_line_and_file(self) -> None:
        text = inert(render.answer(record("", (citation(start=27),)), "en")).text
        for fact in ("A bridge", "The Post", "14 September 2022", "line 2", "a.txt"):
            assert fact in text

    def test_mark_what_is_stale(self) -> None:
        html = render.answer(record("", (replace(citation(), stale=True),)), "en")
        assert 'class="quote old"' in html and "has changed since" in html
        assert "has changed since" not in render.answer(record("", (citation(),)), "en")

    def test_gloss_each_word_and_keep_all_between(self) -> None:
        document = Page(text="استخدمت في «الهجوم» طائرات، 20.")
        words = (
            GlossWord(0, 7, "used", "word"),
            GlossWord(12, 18, "the attack", "word"),
            GlossWord(28, 30, "20", "number"),
        )
        html = render.answer(record("", (replace(citation(document, language="ar"), gloss=words),)), "en")
        assert '<ruby class="word">«الهجوم»<rt dir="ltr" lang="en">the attack</rt></ruby>' in html
        assert ">20</rt>" not in html
        assert html.count('class="gloss-note"') == 1
        body = html[html.index("<blockquote") : html.index("</blockquote>")]
        bare = Seen(re.sub(r"<rt .*?</rt>|<a .*?</a>", "", body)).text
        assert bare.strip() == document.text

    @given(
        st.text(alphabet="ab «».ا\n", min_size=1, max_size=30),
        st.lists(st.tuples(st.integers(-2, 32), st.integers(-2, 32)), max_size=6),
    )
    def test_gloss_never_changes_the_quote(self, text: str, spans: list[tuple[int, int]]) -> None:
        words = tuple(GlossWord(start, end, "gloss", "word") for start, end in spans)
        body = render.answer(record("", (replace(citation(Page(text=text)), gloss=words),)), "en")
        body = body[body.index("<blockquote") : body.index("</blockquote>")]
        bare = Seen(re.sub(r"<rt .*?</rt>|<a .*?</a>", "", body)).text
        assert bare.rstrip() == text.rstrip()

    def test_are_copied_as_text_with_numbers_and_sources(self) -> None:
        one = citation(end=26)
        text = render.plain(record(f"They say:\n\n“{one.quote}” [1]", (one,)), "en")
        assert text == (
            "They say:\n\n“The bridge opened in 1932.” [1]\n\n"
            "[1] A bridge · The Post · 14 September 2022 · a.txt · line 1"
        )
        html = render.answer(record(f"They say:\n\n“{one.quote}” [1]", (one,)), "en")
        assert Seen(html[html.index('<span class="plain">') :]).text == text
        assert "<" not in text

    def test_of_long_unbroken_text_stay_quick(self) -> None:
        html = render.answer(record("x" * 100_000 + "[1]", (citation(),), by="model"), "en")
        assert len(html) > 100_000


class TestPage:
    @pytest.mark.parametrize("attack", ATTACKS)
    def test_parts_are_inert_whatever_they_hold(self, attack: str) -> None:
        inert(page.hero([attack, "ما الخبر؟"], attack))
        inert(page.hero([], attack, empty=True, addable=True))
        inert(page.status(3, [Skipped(attack, attack)], None))
        inert(page.notice(attack, "ar"))

    def test_suggestions_are_shown_in_their_language_or_for_want_of_it_in_both(self) -> None:
        assert '<li class="for-en">' in page.hero(["What is new?", "ما الجديد؟"], "articles")
        assert '<li class="for-en for-ar">' in page.hero(["What is new?"], "articles")
        assert "<button" not in page.hero([], "articles")

    def test_status_counts_and_dates(self) -> None:
        text = Seen(page.status(5, [Skipped("a.bin", "it is not text")], dt.datetime(2025, 3, 9, 12))).text
        for fact in ("5 articles", "5 مقالات", "indexed 9 March 2025", "1 left out", "a.bin", "it is not text"):
            assert fact in text

    def test_head_holds_no_way_out_of_its_script(self) -> None:
        head = page.head("v1")
        assert head.count("</script>") == 1
        assert "http" not in head

    def test_faults_are_one_line(self) -> None:
        fault = IndexDamaged(path="x", reason="y")
        assert "is damaged (y)" in inert(render.error(fault.say("en"), "en")).text


# ---------------------------------------------------------------- answers that a model wrote


WRITTEN = (
    "It opened in 1932 [1]. It closed in 1950 [1]. (not supported by its source)\n- It was red. (without a source)"
)


def written_by_model(**more: object) -> Answer:
    first, second = WRITTEN.index("It closed"), WRITTEN.index("It was")
    statements = (
        Statement(0, first - 1, "supported", "", (1,)),
        Statement(first, WRITTEN.index(" (not"), "unsupported", "number", (1,)),
        Statement(second, WRITTEN.index(" (without"), "uncited", "uncited", ()),
    )
    return replace(record(WRITTEN, (citation(end=26),), by="model"), statements=statements, **more)


@pytest.mark.parametrize("ui", ["en", "ar"])
def test_doubtful_statements_are_marked_and_say_why(ui: Language) -> None:
    html = render.answer(written_by_model(), ui)
    seen = inert(html)
    assert html.count('class="doubtful unsupported"') == html.count('class="doubtful uncited"') == 1
    assert ("title", strings.say("why_number", ui)) in seen.attributes
    assert ("title", strings.say("why_uncited", ui)) in seen.attributes
    assert seen.text.count("(not supported by its source)") >= 1
    assert "<li>" in html and "opened in 1932" not in html.split("doubtful")[1]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_understood_question_is_shown_and_inert(attack: str) -> None:
    html = render.answer(written_by_model(asked=f"Who? {attack}"), "en")
    inert(html)
    assert "Understood as:" in html


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_unfinished_answer_is_inert_and_says_what_it_is(attack: str) -> None:
    part = Partial("Who?", "en", f"It rained [1]. {attack}", (citation(end=26),), attack)
    html = render.partial(part, "en")
    inert(html)
    assert strings.say("writing", "en") in html and html.count('class="cite"') == 1


def test_our_scripts_stand_in_the_page_itself() -> None:
    head = page.head("1", ["let first = 1", "let second = 2"])
    assert re.findall(r"<script([^>]*)>", head) == ["", "", ""]
    assert head.index("window.isnad") < head.index("let first") < head.index("let second")
    for path in (Path(page.__file__).parent / "scripts").glob("*.js"):
        assert "</script" not in path.read_text("utf-8")


def test_the_page_of_a_file_with_pages_is_named() -> None:
    paged = replace(citation(), page=12)
    for ui, words in (("en", "page 12"), ("ar", "الصفحة 12")):
        html = render.answer(record("It says [1].", (paged,)), ui)  # type: ignore[arg-type]
        assert f"<bdi>{words}</bdi>" in html and words in render.plain(record("", (paged,)), ui)  # type: ignore[arg-type]
    assert "page " not in Seen(render.answer(record("It says [1].", (citation(),)), "en")).text

    @dataclass(frozen=True)
    class Paged(Page):
        def page(self, offset: int) -> int | None:
            return 1 + self.text.count("\f", 0, offset)

    shelf = Shelf(Paged(text="One.\fTwo."))
    assert sources.panel(shelf, sources.reference("a.txt", 5, 9))["page"] == 2
    assert sources.panel(shelf, sources.reference("a.txt", 0, 0))["page"] is None
    assert sources.panel(Shelf(Page()), sources.reference("a.txt", 0, 3))["page"] is None


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_mended_typing_error_is_told(attack: str) -> None:
    told = replace(record("It rained."), mended=(Mended("Armnia", "Armenia"), Mended(attack, "x")))
    seen = inert(render.answer(told, "en"))
    assert "Read “Armnia” as “Armenia”." in seen.text
    assert "understood" not in render.answer(record("It rained."), "en")


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({}, "hero_empty_text"),
        ({"followed": True}, "hero_empty_text_followed"),
        ({"followed": True, "addable": True}, "hero_empty_text_add"),
    ],
)
def test_an_empty_folder_says_how_to_fill_it(options: dict[str, bool], key: str) -> None:
    html = page.hero([], "articles", empty=True, **options)
    assert strings.say(key, "en") in html and strings.say(key, "ar") in html
    assert ("#articles" in html) is bool(options.get("addable"))


@pytest.mark.parametrize(("quotes", "offered"), [(2, 5), (7, 7)])
def test_the_settings_begin_with_those_of_the_server(quotes: int, offered: int) -> None:
    html = page.toolbar(quotes=quotes)
    assert f'data-usual="{quotes}"' in html
    assert f'value="{offered}"' in html and f'value="{offered + 1}"' not in html


@pytest.mark.parametrize("ui", ["en", "ar"])
@pytest.mark.parametrize("by", ["quotes", "model"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_the_other_places_of_a_sentence_open_by_chips_of_their_own(ui: Language, by: str, attack: str) -> None:
    also = (Also("copy.txt", attack, None, None, 5, 31, 3), Also("b.txt", "T", None, attack or None, 0, 26, 1))
    cited = replace(citation(end=26), also=also)
    html = render.answer(record("It says [1].", (cited,), by=by), ui)
    seen = inert(html)
    places = [f"#src={sources.reference(each.file, each.start, each.end)}" for each in also]
    assert [value for name, value in seen.attributes if name == "href" and value in places] == places
    assert strings.say("also_in", ui) in seen.text
    assert strings.say("also_in", ui) not in render.answer(record("It says [1].", (citation(end=26),), by=by), ui)
    assert "copy.txt" in render.plain(record("It says [1].", (cited,), by=by), ui)
