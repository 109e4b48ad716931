from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.metadata import FrontMatter, Metadata, front_matter, metadata

SEEDS = Path(__file__).parent.parent / "seeds"
BODY = "اندلع قتال عنيف بين أرمينيا وأذربيجان في 12 مايو 2019 على طول الحدود، وقالت الوزارة إن القتال مستمر.\n\n" * 30
ENGLISH = "Fighting broke out on 12 May 2019 along the border, and the ministry said that it was continuing.\n\n" * 30


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "000",
            Metadata(
                "أرمينيا تطلب من روسيا مساعدة عسكرية في الاشتباكات مع أذربيجان",
                dt.date(2022, 9, 13),
                "Scenari Economici",
                "https://scenarieconomici.it/larmenia-chiede-aiuto-militare-alla-russia-negli-scontri-con-azerbaigian/",
            ),
        ),
        ("001", Metadata("تواجه أرمينيا وأذربيجان اشتباكات مسلحة في أسوأ لحظة بالنسبة لبوتين", None, None, None)),
        ("002", Metadata("أرمينيا تُطالب روسيا ومنظمة معاهدة الأمن الجماعي بتقديم المساعدة العسكرية", None, None, None)),
        (
            "003",
            Metadata(
                "أرمينيا تطالب روسيا بتفعيل الدفاع المشترك ضد أذربيجان.. وموسكو ترد",
                dt.date(2020, 10, 31),
                "الخليج الجديد",
                None,
            ),
        ),
        (
            "004",
            Metadata(
                "مساعي لتطويق المواجهة العسكرية بين اذربيجان وارمينيا", dt.date(2022, 9, 14), "ليبانون تابلويد", None
            ),
        ),
    ],
)
def test_seeds(file: str, expected: Metadata) -> None:
    (path,) = SEEDS.glob(f"{file}_*")
    text = path.read_bytes().decode()
    assert metadata(text, "stem") == expected
    assert metadata(text.replace("\n", "\r\n"), "stem") == expected


TITLE = "أرمينيا تطلب مساعدة عسكرية من روسيا"
ENGLISH_TITLE = "Armenia asks Russia for military help"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"{TITLE}\n\n{BODY}", TITLE),
        (f"\ufeff\n \n  {TITLE}  \n{BODY}", TITLE),
        (f"سياسة\n\n{TITLE}\n\n{BODY}", TITLE),
        (f"in\n\n{ENGLISH_TITLE}\n\n{ENGLISH}", ENGLISH_TITLE),
        (f"Home\nNews\nWorld\n{ENGLISH_TITLE}\nTuesday 13 September 2022\n{ENGLISH}", ENGLISH_TITLE),
        (f"الرئيسية\nالجزيرة نت\nسياسة\n{TITLE}\n{BODY}", TITLE),
        (f"Ceasefire\n\n{ENGLISH}", "Ceasefire"),
        (f"BBC News\n\n{ENGLISH_TITLE}\n\n{ENGLISH}", ENGLISH_TITLE),
        (f"صحيفة الشرق الأوسط\n\n{TITLE}\n\n{BODY}", TITLE),
        (f"13/09/2022\n{TITLE}\n\n{BODY}", TITLE),
        (f"https://example.com/a\n{TITLE}\n\n{BODY}", TITLE),
        (f"# {ENGLISH_TITLE}\n\n{ENGLISH}", ENGLISH_TITLE),
        (f'---\ntitle: "{ENGLISH_TITLE}"\ndate: 2022-09-13\n---\n\n{ENGLISH}', ENGLISH_TITLE),
        (f"العنوان: {TITLE}\n{BODY}", TITLE),
        ("Warsaw\n\nOne of the most famous people born in Warsaw was Marie Curie.\n\n" + ENGLISH, "Warsaw"),
        ("سوسة : القبض على مسلح والكشف عن شبكة تهريب\n\nأوقفت الشرطة مسلحا فجر اليوم بالمدينة\n\n" + BODY, None),
        ("12345\n---\nHello there", "Hello there"),
        ("... 12345 ...\n", "stem"),
        ("", "stem"),
    ],
)
def test_title(text: str, title: str | None) -> None:
    assert metadata(text, "stem").title == (title or text.split("\n")[0])


def test_a_long_title_is_cut_between_words() -> None:
    title = metadata("word " * 100, "stem").title
    assert title == "word " * 39 + "word…"
    assert len(title) <= 200
    assert len(metadata("x" * 1000, "stem").title) == 200


@pytest.mark.parametrize(
    ("masthead", "outlet"),
    [
        ("BBC News", "BBC News"),
        ("example.com", "example.com"),
        ("الجزيرة نت - خاص", "الجزيرة نت"),
        ("News", None),
        ("سياسة", None),
    ],
)
def test_a_masthead_names_the_outlet(masthead: str, outlet: str | None) -> None:
    assert metadata(f"{masthead}\n\n{TITLE}\n\n{BODY}", "stem") == Metadata(TITLE, None, outlet, None)


@pytest.mark.parametrize(
    "line",
    [
        "13 September 2022",
        "Tuesday, September 13, 2022 9:00 AM GMT",
        "Published: 13 Sept 2022",
        "Published on September 13, 2022 | Updated on September 15, 2022",
        "Updated September 15, 2022 - Published September 13, 2022",
        "By Jane Smith, 13 September 2022",
        "By Jane Smith | 2022-09-13",
        "Reuters - 13 September 2022",
        "September 13, 2022 / 4:05 PM GMT+2 / Updated 3 months ago",
    ],
)
def test_date_in_an_english_article(line: str) -> None:
    assert metadata(f"{ENGLISH_TITLE}\n\n{line}\n\n{ENGLISH}", "stem").date == dt.date(2022, 9, 13)


@pytest.mark.parametrize(
    "line",
    [
        "الثلاثاء 13 سبتمبر 2022 11:46 ص",
        "١٣ أيلول ٢٠٢٢",
        "نُشر في 13 سبتمبر/أيلول 2022 الساعة 10:30 بتوقيت غرينتش",
        "تاريخ النشر: 13-09-2022",
        "القاهرة - 13 سبتمبر 2022",
        "كتب: أحمد علي، 13 سبتمبر 2022",
        "آخر تحديث: 15 سبتمبر 2022 | نشر 13 سبتمبر 2022",
    ],
)
def test_date_in_an_arabic_article(line: str) -> None:
    assert metadata(f"{TITLE}\n\n{line}\n\n{BODY}", "stem").date == dt.date(2022, 9, 13)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("LISBON, January 18, 2025 (Atlantic Press) - At least four people were killed.", dt.date(2025, 1, 18)),
        ("ADEN, October 9, 2024 - Health workers began a campaign.", dt.date(2024, 10, 9)),
        ("Cairo, 5 May 2024 (Reuters) — Shares fell.", dt.date(2024, 5, 5)),
        ("SALTMERE 5 May 2024 – The harbour was closed.", dt.date(2024, 5, 5)),
        ("مسقط، 13 مايو 2025", dt.date(2025, 5, 13)),
        (
            "القاهرة في 13 مايو 2025 (أ ف ب) - قال الوزير إن الحكومة ستعلن عن خطتها قبل نهاية العام الجاري.",
            dt.date(2025, 5, 13),
        ),
        (
            "بيروت، 13 أيار/مايو 2025 (وكالة الأنباء) – أعلنت الوزارة عن خطة جديدة لدعم المزارعين في البلاد.",
            dt.date(2025, 5, 13),
        ),
    ],
)
def test_the_day_of_a_dateline(line: str, date: dt.date) -> None:
    text = (
        f"{TITLE}\n\n{line}\n\n{BODY}" if "\u0600" < line[0] < "\u0700" else f"{ENGLISH_TITLE}\n\n{line}\n\n{ENGLISH}"
    )
    assert metadata(text, "stem").date == date


def test_numeric_dates_are_day_first_in_arabic_and_left_alone_in_english() -> None:
    assert metadata(f"{TITLE}\n\n05/06/2016\n\n{BODY}", "stem").date == dt.date(2016, 6, 5)
    assert metadata(f"{ENGLISH_TITLE}\n\n05/06/2016\n\n{ENGLISH}", "stem").date is None


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n\n{BODY}",
        f"{TITLE}\n\nوقعت المعاهدة في 2 مارس 2006\n\n{BODY}",
        f"{ENGLISH_TITLE}\n\nThe treaty was signed on 2 March 2006\n\n{ENGLISH}",
        f"{TITLE}\n\n{BODY}\n\nأحمد علي من مواليد 3 مايو 1984، كاتب",
        f"{TITLE}\n\n{BODY}\n\nأحدث مقاطع الفيديو\nمشاهدة :45926 الجمعة ٢٦ / يناير / ٢٠٢٤",
        f"{TITLE}\n\n{BODY}\n\nنشرت صحيفة إيكونوميست في 2 مارس 2006 إعلانا",
        f"Battle of 13 September 1922\n\n{ENGLISH}",
        f"{ENGLISH_TITLE}\n\nOn 5 May 2014 - a day of storms - the minister of the country resigned.\n\n{ENGLISH}",
        f"{ENGLISH_TITLE}\n\nLeila Haddad (5 May 1960 – 12 June 2020) was the first singer of the country to be heard.\n\n{ENGLISH}",
        f"{ENGLISH_TITLE}\n\nWorld Cup Final, 5 May 2014 - it was the day on which the whole country stood still.\n\n{ENGLISH}",
        f"{TITLE}\n\nمعركة بدر 13 مايو 2015 - كانت ليلة لم تعرف البلاد مثلها منذ نهاية الحرب الأهلية الطويلة فيها\n\n{BODY}",
    ],
)
def test_a_date_of_the_story_is_not_the_date_of_the_article(text: str) -> None:
    assert metadata(text, "stem").date is None


@pytest.mark.parametrize(
    ("line", "date", "outlet", "url"),
    [
        (
            "This post was originally published on the Daily Example blog at https://example.com/a, on 13 Sep 2022.",
            dt.date(2022, 9, 13),
            "Daily Example",
            "https://example.com/a",
        ),
        (f"The post {ENGLISH_TITLE} appeared first on Example Times.", None, "Example Times", None),
        ("المصدر: الجزيرة + وكالات", None, "الجزيرة", None),
        ("المصدر : وكالات", None, None, None),
        ("المصدر: https://example.com/a", None, None, "https://example.com/a"),
        ("Source: Reuters", None, "Reuters", None),
        ("Published 13 September 2022", dt.date(2022, 9, 13), None, None),
        ("تم نشر هذا المقال على موقع المدن في 13 سبتمبر 2022", dt.date(2022, 9, 13), "المدن", None),
    ],
)
def test_what_stands_below_the_text(line: str, date: dt.date | None, outlet: str | None, url: str | None) -> None:
    body, title = (BODY, TITLE) if line[0] > "\u0600" else (ENGLISH, ENGLISH_TITLE)
    assert metadata(f"{title}\n\n{body}\n\n{line}\n", "stem") == Metadata(title, date, outlet, url)


def test_a_header_of_labels() -> None:
    text = (
        f"Title: {ENGLISH_TITLE}\nSource: Example Times\nDate: 2022-09-13\nURL: https://example.com/a?b=1\n\n{ENGLISH}"
    )
    expected = Metadata(ENGLISH_TITLE, dt.date(2022, 9, 13), "Example Times", "https://example.com/a?b=1")
    assert metadata(text, "stem") == expected


@given(st.text())
def test_there_is_always_a_title(text: str) -> None:
    title = metadata(text, "stem").title
    assert 0 < len(title) <= 200
    assert title == " ".join(title.split())


@pytest.mark.parametrize("piece", ["a ", "-", "12 مايو 2019 ", ": ", "ا" * 50 + "\n", "published the post ", "_#*> "])
def test_hostile_text_costs_little(piece: str) -> None:
    started = time.process_time()
    metadata(piece * 100_000, "stem")
    assert time.process_time() - started < 2


FACTS = {
    "title": "A bridge: closed", "date": "2021-05-02", "outlet": "The Post", "author": "Mary Carver",
    "url": "https://example.org/bridge",
}  # fmt: skip
YAML = """---
# what the editor wrote
title: "A bridge: closed"
date: 2021-05-02
Source: The Post
authors:
  - Mary Carver
  - Ned Finch
canonical_url: https://example.org/bridge
tags: [bridges, towns]
description: >
  Of a crack
  in a pier.
---
"""
TOML = """+++
title = "A bridge: closed"
date = 2021-05-02
publisher = 'The Post'
authors = ["Mary Carver", "Ned Finch"]
url = "https://example.org/bridge"
draft = false
[extra]
x = 1
+++
"""


@pytest.mark.parametrize(
    "block", [YAML, TOML, YAML.replace("\n", "\r\n"), "\ufeff" + YAML, YAML.removesuffix("---\n") + "...\n"]
)
def test_front_matter_states_what_the_article_is(block: str) -> None:
    text = f"{block}\nAnother line that looks like a title\n\n{ENGLISH}"
    assert front_matter(text) == FrontMatter(len(block), FACTS)
    assert metadata(text, "stem") == Metadata(
        FACTS["title"], dt.date(2021, 5, 2), FACTS["outlet"], FACTS["url"], FACTS["author"]
    )


def test_front_matter_in_arabic() -> None:
    text = f"---\nالعنوان: جسر مغلق\nالتاريخ: 2 مايو 2021\nالمصدر: الصحيفة\nالكاتب: مراد النجار\n---\n{BODY}"
    assert metadata(text, "stem") == Metadata("جسر مغلق", dt.date(2021, 5, 2), "الصحيفة", None, "مراد النجار")


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: never closed\n\nThe bridge is closed.",
        "---\nThe bridge is closed.\n---\nIt will open in May.",
        "---\nNote: the bridge is closed.\n---\nIt will open in May.",
        "+++\ntitle = no string\n+++\nThe bridge is closed.",
        "+++\ntitle = 'one'\n---\nThe bridge is closed.",
        "\n---\ntitle: not at the beginning\n---\nThe bridge is closed.",
        "---\ntitle: a\n" + "key: value\n" * 1000 + "---\nThe bridge is closed.",
        "---\n---\nThe bridge is closed.",
        "",
    ],
)
def test_what_only_looks_like_front_matter_is_text(text: str) -> None:
    assert front_matter(text) == FrontMatter(0, {})


@given(st.text(st.sampled_from("-+\n: ='\"abtile[],#>"), max_size=200))
def test_any_beginning_can_be_read(text: str) -> None:
    found = front_matter(f"---\n{text}\n---\n")
    assert 0 <= found.end <= len(text) + 9
    front_matter(f"+++\n{text}\n+++\n")
