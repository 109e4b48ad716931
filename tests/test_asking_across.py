from __future__ import annotations

import pytest

from assistant.language.asking_across import draft, nation, place, term
from tests.drafted import gives

MADE = {
    "واندلعت المعارك بين السودان وإثيوبيا، في 12 مارس/آذار الماضي، إثر خلاف.": ["When did the battles between Sudan and Ethiopia break out?"],
    "وقالت وزارة الدفاع التركية إن الاشتباكات توقفت.": ["What did the Turkish defence ministry say about the clashes?"],
    "قال الرئيس السوري بشار الأسد إن الربيع العربي انتهى.": [
        "Who is the Syrian president?",
        "What did the Syrian president say about the Arab Spring?",
    ],
    "طلب رئيس الوزراء العراقي حيدر العبادي من الرئيس الأمريكي دونالد ترامب، السبت، سحب القوات.": [
        "Who is the Iraqi prime minister?",
        "Who is the American president?",
        "What did the Iraqi prime minister ask the American president for?",
    ],
    "أكدت الوكالة مقتل 23 جنديا أرمينيا.": ["How many Armenian soldiers were killed?"],
    "وحذرت السلطات الألمانية من موجة جديدة.": ["What did the German authorities warn of?"],
    "وقال المتحدث باسم الكرملين ديمتري بيسكوف إن الرئيس بخير.": ["Who is the Kremlin spokesman?"],
}  # fmt: skip
SILENT = [
    "قال رئيس كتلة نداء تونس سفيان طوبال إن الحملات مستمرة.",
    "ودعت إسبانيا مواطنيها إلى الهدوء.",
    "قال الوزير إن الحكومة باقية.",
    "The Suez Canal was opened in 1869.",
    "",
]  # fmt: skip


test_a_sentence_gives_its_questions = gives(draft, MADE)


@pytest.mark.parametrize("sentence", SILENT)
def test_what_cannot_be_said_with_certainty_is_not_said(sentence: str) -> None:
    assert [drafted for drafted in draft(sentence) if drafted.kind != "who"] == []


@pytest.mark.parametrize(
    ("arabic", "english"),
    [("الأرمينية", "Armenian"), ("تركي", "Turkish"), ("الفرنسي", "French"), ("النيوزيلندي", None), ("الكبير", None)],
)
def test_a_nation_has_one_adjective_or_none(arabic: str, english: str | None) -> None:
    assert nation(arabic) == english


@pytest.mark.parametrize(
    ("arabic", "english"), [("أرمينيا", "Armenia"), ("كوريا الشمالية", "North Korea"), ("الحكومة", None)]
)
def test_a_place_has_one_name_or_none(arabic: str, english: str | None) -> None:
    assert place(tuple(arabic.split())) == english


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("صندوق النقد الدولي", "the International Monetary Fund"),
        ("السودان", "Sudan"),
        ("الاشتباكات", "the clashes"),
        ("بخير", None),
    ],
)
def test_a_term_takes_its_article(arabic: str, english: str | None) -> None:
    assert term(tuple(arabic.split())) == english
