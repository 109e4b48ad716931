"""What stands around an article is told from it: on the seed articles as they were labelled by hand, and case by case."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import frame, packing
from assistant.corpus import read
from assistant.frame import Part, Role
from assistant.language.sentences import sentences
from assistant.metadata import metadata

SEEDS = Path(__file__).parents[1] / "seeds"
LABELS = [line.split("\t") for line in (Path(__file__).parent / "boilerplate.tsv").read_text().splitlines()]

ENGLISH = """The Harbour Post | News from the coast
Home
Harbour to be dredged in spring
By Mary Carver
14 March 2021
Share on Facebook
The council decided on Tuesday to dredge the old harbour, which large ships have not entered since 2009.
Read also: Fishermen fear for their nets
The work will cost 3.2 million and take six months, the mayor said.
"We have waited long enough," she told reporters.
Source: Coast News Agency
Subscribe to our newsletter and never miss a story.
Tags
harbour, council
Two boats collide off the northern pier in thick fog
Museum of the sea opens its doors to children
© 2021 The Harbour Post. All rights reserved.
"""
ARABIC = """الرئيسية
الميناء القديم يُعمَّق في الربيع
كتب: مراد النجار
14 مارس 2021
شارك على فيسبوك
قرر المجلس البلدي يوم الثلاثاء تعميق الميناء القديم الذي لم تدخله السفن الكبيرة منذ عام 2009.
اقرأ أيضا: صيادون يخشون على شباكهم
وقالت رئيسة البلدية إن الأشغال ستكلف 3.2 مليون وتستغرق ستة أشهر.
المصدر: وكالة أنباء الساحل
تابعونا على قناتنا في تلغرام لتصلكم الأخبار أولا بأول.
كلمات مفتاحية
الميناء المجلس
تصادم قاربين قبالة الرصيف الشمالي وسط ضباب كثيف
متحف البحر يفتح أبوابه أمام الأطفال
جميع الحقوق محفوظة
"""


def roles(text: str, title: str | None = None) -> dict[str, Role]:
    """The sentences that are certainly no part of the article, with what they are."""
    spans = sentences(text)
    found = {part.start: part.role for part in frame.parts(text, spans, title or metadata(text, "x").title)}
    return {text[a:b]: found[a] for a, b in spans if found.get(a, Role.LINE) < Role.LINE}


def test_the_labelled_lines_of_the_seed_articles() -> None:
    names = {"boilerplate": Role.FRAME, "headline": Role.HEADLINE, "text": None}
    wrong = []
    for file in sorted({row[0] for row in LABELS}):
        document = read(SEEDS, file)
        found = {p.start: p.role for p in frame.parts(document.text, sentences(document.text), document.title)}
        for _, start, end, label in (row for row in LABELS if row[0] == file):
            role = found.get(int(start))
            if (role if role in (Role.FRAME, Role.HEADLINE) else None) is not names[label]:
                wrong.append((label, role, document.text[int(start) : int(end)]))
    assert wrong == []
    assert sum(label == "boilerplate" for *_, label in LABELS) == 27


@pytest.mark.parametrize(
    ("page", "article"),
    [
        (ENGLISH, ("The council decided", "The work will", '"We have waited')),
        (ARABIC, ("قرر المجلس", "وقالت رئيسة")),
    ],
)
def test_of_a_page_as_it_is_scraped_the_article_is_left(page: str, article: tuple[str, ...]) -> None:
    found = roles(page)
    left = [page[a:b] for a, b in sentences(page) if page[a:b] not in found]
    assert [line for line in left if not line.startswith(article)] == []
    assert len(left) == len(article)
    assert [text for text, role in found.items() if role is Role.HEADLINE] == [metadata(page, "x").title]


@pytest.mark.parametrize(
    "text",
    [
        "The bridge is closed.",
        "Views of the city, shared by millions on Facebook, made the bridge famous.\n\nIt was closed on Friday for repairs.",
        "What to bring:\n\nThe organisers ask everyone to bring the following:\nA warm coat\nTwo candles\nBread",
        "قال الوزير إن المشاهدات تجاوزت المليون في يوم واحد.\n\nشارك الوزير في الاجتماع الذي عقد في العاصمة أمس.",
        "The article published by the Times says that the bridge is safe.\n\nEngineers of the city disagree with that.",
        "أسعار التذاكر\n\nأعلنت الإدارة عن أسعار التذاكر كما يلي للموسم القادم:\nالمدارج: 10 دنانير\nالمنصة: 40 دينارا",
        "He left at dawn\n\nThe ship sailed at six in the morning with forty men.\n\nAnd nobody saw it again",
    ],
)
def test_what_an_article_states_is_left_alone(text: str) -> None:
    assert [line for line, role in roles(text).items() if role is Role.FRAME] == []


def test_a_headline_is_known_and_its_repetition_below_is_a_link() -> None:
    text = "Bridge closed for repairs\n\nWorkers closed the old bridge on Friday.\n\nBridge closed for repairs\n"
    spans = sentences(text)
    found = frame.parts(text, spans, "Bridge closed for repairs")
    assert [(part.start, part.role) for part in found if part.role < Role.LINE] == [
        (0, Role.HEADLINE),
        (spans[2].start, Role.FRAME),
    ]


def test_the_first_sentence_of_a_text_without_a_headline_is_none() -> None:
    text = "Workers closed the old bridge on Friday.\nIt will open in May."
    assert roles(text, "Workers closed the old bridge on Friday.") == {}


def marks(*parts: Part) -> bytes:
    return frame.packed(parts)


def test_a_line_of_many_articles_belongs_to_none() -> None:
    line, sentence, rare = (Part(0, Role.LINE, 7), Part(9, Role.SENTENCE, 8), Part(20, Role.LINE, 9))
    held = [marks(line, sentence)] * 4 + [marks(rare), b""]
    assert frame.repeated(held, np.arange(6)) == [7]
    assert frame.repeated([marks(sentence)] * 11, np.arange(11)) == []
    assert frame.repeated([marks(sentence)] * 12, np.arange(12)) == [8]
    # A line has to be repeated more often, the more articles there are.
    assert frame.repeated(held + [b""] * 900, np.arange(906)) == []


def test_repetitions_are_counted_over_all_documents_however_many_are_looked_at_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = [marks(Part(0, Role.LINE, 7 + number % 2), Part(9, Role.LINE, 2**32 - 1)) for number in range(9)]
    expected = [7, 8, 2**32 - 1]
    assert frame.repeated(iter(held), np.arange(9)) == expected
    monkeypatch.setattr(frame, "_AT_ONCE", 2)
    assert frame.repeated(iter(held), np.arange(9)) == expected
    # Of three texts none is enough, whichever of them say it again.
    assert frame.repeated(iter(held), np.arange(9) % 3) == []


def test_copies_of_one_article_repeat_nothing() -> None:
    held = [marks(Part(0, Role.LINE, 7))] * 9
    assert frame.repeated(held, np.zeros(9, np.int64)) == []
    assert frame.repeated([], np.zeros(0, np.int64)) == []


@given(st.lists(st.tuples(st.integers(0, 2**20), st.sampled_from(Role), st.integers(0, 2**32 - 1)), max_size=20))
def test_parts_are_kept_as_they_are(rows: list[tuple[int, Role, int]]) -> None:
    rows.sort()
    held = packing.unpack_numbers(frame.packed([Part(*row) for row in rows]))
    assert [tuple(row) for row in frame.unpacked(held).tolist()] == [tuple(map(int, row)) for row in rows]


@given(st.text(alphabet="ab .:\n؟شارك©1-", max_size=300), st.text(max_size=20))
def test_parts_are_sentences_in_order(text: str, title: str) -> None:
    spans = sentences(text)
    found = [part.start for part in frame.parts(text, spans, title)]
    assert set(found) <= {span.start for span in spans}
    assert all(one < other for one, other in pairwise(found))


def test_facts_above_an_article_are_none_of_it() -> None:
    text = "---\ntitle: A bridge\ndescription: The old bridge of the town has been closed.\n---\n\nWorkers closed the bridge on Friday.\n"
    left = [text[a:b] for a, b in sentences(text) if text[a:b] not in roles(text)]
    assert left == ["Workers closed the bridge on Friday."]
