"""Export: readable, complete, and no text of others turns into markup, a formula, a link or another direction."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.citations import Answer, Citation
from assistant.errors import EmptyQuestion
from assistant.keeping.conversations import Conversation, KeptTurn
from assistant.keeping.export import bibliography, confined, file_name, to_json, to_markdown
from assistant.keeping.records import Said
from tests.keeping_double import a_citation, an_answer

DAY = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![](https://evil.example/t.png)",
    "[click](https://evil.example)",
    "[click][1]\n\n[1]: https://evil.example",
    "<https://evil.example>",
    "https://evil.example/path www.evil.example",
    "javascript:alert(1)",
    "**bold** _it_ ~~gone~~ `code`",
    "```\ncode\n```",
    "    indented",
    "# heading\n## another",
    "heading\n===\nheading\n---",
    "- item\n* item\n+ item\n1. item\n1) item",
    "> quote\n>> deeper",
    "|a|b|\n|-|-|\n|c|d|",
    "$x^2$ $$\\int$$ \\(y\\) \\[z\\]",
    "=HYPERLINK(\"https://evil.example\")",
    "&lt;b&gt; &#60;b&#62; &copy;",
    "<!-- hidden --> <?php ?> <![CDATA[x]]>",
    "a  \nb\\\nc",
    "\ttabbed",
    "---\n***\n___",
    "\u2028<b>\u2029</b>\x0b# x\x0c\x85- y\r* z",
    "\\<b\\>",
    ":smile: @user #12 ^1^ ~1~ [^1]",
]  # fmt: skip


def a_turn(answer: Answer | None = None, question: str = "Who?", fault: Said | None = None) -> KeptTurn:
    return KeptTurn("0" * 32, question, answer, answer.to_dict() if answer else None, fault, DAY)


def a_conversation(*turns: KeptTurn, title: str = "Soldiers") -> Conversation:
    return Conversation("1" * 32, title, DAY, DAY, turns)


def tokens(markdown: str) -> list[tuple[str, str]]:
    """(type, content) of all tokens of CommonMark with tables, strikethrough and links made of bare addresses."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [
        (token.type, token.content)
        for block in parser.parse(markdown)
        for token in (block.children if block.children is not None else [block])
    ]


def shape(markdown: str) -> list[str]:
    """What the text is made of, but for the text itself."""
    kinds = (kind for kind, _ in tokens(markdown))
    return [kind for kind in kinds if kind not in ("text", "text_special")]


def read(markdown: str) -> str:
    """What a reader sees."""
    return "".join("\n" if "break" in kind else content for kind, content in tokens(markdown))


def hostile(text: str) -> Conversation:
    citation = a_citation(title=text, outlet=text, file=text, quote=text or "x")
    answer = an_answer(text, text=text, citations=(citation,), answered_by="model", notice=text)
    return a_conversation(a_turn(answer, text, Said(text, text)), title=text)


def test_markdown_for_a_reader() -> None:
    url = "https://example.org/a?b=1&c=(2)"
    answered = an_answer("How many?")
    silent = an_answer(
        "Who won?", status="abstained", text="The articles do not say.", citations=(), closest=(a_citation(stale=True),)
    )
    fault = Said.of(EmptyQuestion())
    conversation = a_conversation(a_turn(answered, "How many?"), a_turn(silent, "Who won?"), a_turn(None, "؟", fault))
    text = to_markdown(conversation, "en", {"a/أول.txt": url}.get)
    assert text == (
        "# Soldiers\n\n"
        "*A conversation of 2026-01-02, from Isnad. Each quote is the exact text of the file named below it.*\n\n"
        "## How many?\n\n"
        "The articles say\\:\n\n"
        "> قالت وزارة الدفاع إن 49 جنديًا قُتلوا\\.  \n"
        "> — \\[1\\] \u2068الدفاع\\: مقتل 49 جنديًا\u2069, \u2068وكالة\u2069, 2022-09-13, \u2068a\\/أول\\.txt\u2069, line 2\n\n"
        "## Who won?\n\n"
        "The articles do not say\\.\n\n"
        "*Closest passages:*\n\n"
        "> قالت وزارة الدفاع إن 49 جنديًا قُتلوا\\.  \n"
        "> — \\[1\\] \u2068الدفاع\\: مقتل 49 جنديًا\u2069, \u2068وكالة\u2069, 2022-09-13, \u2068a\\/أول\\.txt\u2069, line 2, the file has changed since\n\n"
        "## ؟\n\n"
        "*The question is empty\\. Type a question in Arabic or English\\.*\n\n"
        "## Bibliography\n\n"
        f"1. \u2068الدفاع\\: مقتل 49 جنديًا\u2069, \u2068وكالة\u2069, 2022-09-13, \u2068a\\/أول\\.txt\u2069, line 2, <{url}>\n"
    )  # fmt: skip
    arabic = to_markdown(conversation, "ar")
    assert "## المراجع" in arabic and "السطر 2" in arabic and EmptyQuestion.ar.split(".")[0] in arabic
    assert "line" not in arabic and "Bibliography" not in arabic


def test_pages_are_named_where_there_are_any() -> None:
    paged = an_answer(citations=(a_citation(page=3), a_citation(page=12, line=40), a_citation(page=3)))
    conversation = a_conversation(a_turn(paged, "How many?"))
    text = to_markdown(conversation)
    assert "txt\u2069, page 3, line 2\n" in text
    assert "txt\u2069, pages 3, 12, lines 2, 40\n" in text
    assert "الصفحات 3، 12، الأسطر 2، 40" in to_markdown(conversation, "ar")
    assert json.loads(to_json(conversation))["bibliography"][0]["pages"] == [3, 12]


def test_a_quote_reads_exactly_as_it_stands_in_the_article() -> None:
    quote = '"It\'s 100% <b>over</b>", he said: [1] & *more* — $5 #1 a_b_c 3.5-4 x|y \\ `z` ~ ^'
    answer = an_answer(citations=(a_citation(quote=quote),))
    assert quote in read(to_markdown(a_conversation(a_turn(answer))))


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_of_others_is_only_text(attack: str) -> None:
    lines = len([line for line in re.split("\n", attack) if line.strip()])
    harmless = "\n".join(["x"] * lines)
    # Paragraphs may part where the attack leaves a line blank; nothing else may differ.
    attack = re.sub(r"\n\s*\n", "\n", attack)
    assert shape(to_markdown(hostile(attack))) == shape(to_markdown(hostile(harmless)))


@given(
    st.text(alphabet=st.sampled_from("\\`*_{}[]()#+-.!|<>~$&^=:/@\"' ax1\tΩعم\u202e\u2067\u2069\u202c"), max_size=40)
)
@example("1 \u2069")
def test_no_line_of_signs_is_markup(line: str) -> None:
    if confined(line).strip():
        assert shape(to_markdown(hostile(line))) == shape(to_markdown(hostile("x")))


@given(st.text(max_size=60))
def test_any_text_can_be_exported(text: str) -> None:
    markdown = to_markdown(hostile(text))
    kinds = {kind for kind, _ in tokens(markdown)}
    assert (
        kinds & {"html_block", "html_inline", "link_open", "image", "code_inline", "code_block", "fence", "hr"} == set()
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_renderers_that_know_no_escapes_meet_no_tag_and_no_address(attack: str) -> None:
    body = to_markdown(hostile(attack))
    assert not re.search(r"<[a-z/!?]", body)
    assert "://" not in body


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://x.example/\n<b>",
        "https://x.example/> <b>",
        "data:text/html,x",
        "https://x.example/é",
    ],
)
def test_only_plain_addresses_are_links(url: str) -> None:
    markdown = to_markdown(a_conversation(a_turn(an_answer())), url_of=lambda file: url)
    assert {kind for kind, _ in tokens(markdown)} & {"link_open", "html_inline"} == set()


def depth(text: str) -> list[str]:
    """What a text leaves open behind it, and '!' for each end of what it has not begun (UAX #9, X1 to X8)."""
    opened: list[str] = []
    for letter in text:
        if letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068":
            opened.append(letter)
        elif letter == "\u202c":
            if opened and opened[-1] in "\u202a\u202b\u202d\u202e":
                opened.pop()
        elif letter == "\u2069":
            if not set(opened) & set("\u2066\u2067\u2068"):
                return [*opened, "!"]
            while opened.pop() not in "\u2066\u2067\u2068":
                pass
    return opened


@given(st.text(alphabet="ab \u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069عم"))
def test_direction_ends_with_its_text(text: str) -> None:
    kept = confined(text)
    assert depth(kept) == []
    assert confined(kept) == kept
    letters = re.compile("[ab عم]")
    assert letters.findall(kept) == letters.findall(text)
    for line in to_markdown(hostile(text + "a")).split("\n"):
        assert depth(line) == []


def test_balanced_marks_of_an_article_are_kept() -> None:
    assert confined("a \u202bعربي\u202c b \u2068c\u2069") == "a \u202bعربي\u202c b \u2068c\u2069"


def test_a_name_cannot_pass_for_another() -> None:
    markdown = to_markdown(a_conversation(a_turn(an_answer(citations=(a_citation(file="a\u202etxt.exe"),)))))
    assert "\u202e" not in markdown and "a\ufffdtxt" in markdown


def test_the_bibliography_names_each_article_once_in_order() -> None:
    def at(file: str, line: int) -> Citation:
        return a_citation(file=file, line=line, title=file.upper())

    one = an_answer(citations=(at("b.txt", 7), at("a.txt", 1)))
    two = an_answer(citations=(at("b.txt", 2), at("b.txt", 7)))
    found = bibliography(a_conversation(a_turn(one), a_turn(two)), lambda file: f"https://x.example/{file}")
    assert [(s.file, s.title, s.lines, s.url) for s in found] == [
        ("b.txt", "B.TXT", (2, 7), "https://x.example/b.txt"),
        ("a.txt", "A.TXT", (1,), "https://x.example/a.txt"),
    ]
    assert "lines 2, 7" in to_markdown(a_conversation(a_turn(one), a_turn(two)))


def test_json_holds_everything() -> None:
    answer = an_answer()
    record = answer.to_dict() | {"later": ["unknown"]}
    turn = a_turn(answer)._replace(record=record)
    written = json.loads(to_json(a_conversation(turn, a_turn(None, "؟", Said("no", "لا")))))
    assert written["turns"][0] == {"question": "Who?", "asked": DAY.isoformat(), "answer": record, "fault": None}
    assert written["turns"][1]["fault"] == {"en": "no", "ar": "لا"}
    assert written["bibliography"][0]["file"] == "a/أول.txt" and written["bibliography"][0]["lines"] == [2]
    assert Answer.from_dict(written["turns"][0]["answer"]) == answer
    assert (written["format"], written["version"], written["title"]) == ("isnad-conversation", 1, "Soldiers")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Who asked?", "isnad-2026-01-02-Who-asked.md"),
        ("من طلب؟", "isnad-2026-01-02-من-طلب.md"),
        ("../../etc/passwd\x00\u202e", "isnad-2026-01-02-etc-passwd.md"),
        ("", "isnad-2026-01-02.md"),
        ("?!", "isnad-2026-01-02.md"),
        ("x" * 300, f"isnad-2026-01-02-{'x' * 60}.md"),
    ],
)
def test_file_names_are_safe(title: str, name: str) -> None:
    assert file_name(a_conversation(title=title), "md") == name
