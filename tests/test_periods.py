"""The days that questions name, in both languages; counted from Friday, 20 November 2026."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.periods import period_of

TODAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("question", "words", "days"),
    [
        ("What happened in October 2020?", "in October 2020", "2020-10-01 2020-10-31"),
        ("ماذا حدث في أكتوبر 2020؟", "في أكتوبر 2020", "2020-10-01 2020-10-31"),
        ("ماذا جرى في تشرين الأول 2020؟", "في تشرين الأول 2020", "2020-10-01 2020-10-31"),
        ("ما الذي تقرر في جانفي ٢٠٢١؟", "في جانفي ٢٠٢١", "2021-01-01 2021-01-31"),
        ("In 2020, who attacked?", "In 2020", "2020-01-01 2020-12-31"),
        ("من هاجم عام 2020؟", "عام 2020", "2020-01-01 2020-12-31"),
        ("What was said on 27 September 2020?", "on 27 September 2020", "2020-09-27 2020-09-27"),
        ("What has changed since March 2022?", "since March 2022", "2022-03-01 –"),
        ("ما الذي تغير منذ مارس 2022؟", "منذ مارس 2022", "2022-03-01 –"),
        ("What did they do after 1 November 2020?", "after 1 November 2020", "2020-11-02 –"),
        ("Who ruled before 2020?", "before 2020", "– 2019-12-31"),
        ("من حكم قبل عام 2020؟", "قبل عام 2020", "– 2019-12-31"),
        ("Who led between 2019 and 2021?", "between 2019 and 2021", "2019-01-01 2021-12-31"),
        ("من قاد بين عامي 2019 و2021؟", "بين عامي 2019 و2021", "2019-01-01 2021-12-31"),
        (
            "What was agreed from 12 September 2022 to 15 September 2022?",
            "from 12 September 2022 to 15 September 2022",
            "2022-09-12 2022-09-15",
        ),
    ],
)
def test_times_of_the_calendar(question: str, words: str, days: str) -> None:
    found = period_of(question, TODAY)
    assert found is not None and found.words == words and found.words in question
    assert f"{found.since or '–'} {found.until or '–'}" == days
    assert not found.relative
    assert found == period_of(question, dt.date(1990, 1, 1))


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("What did Putin say last September?", "2026-09-01 2026-09-30"),
        ("ماذا قال بوتين في سبتمبر الماضي؟", "2026-09-01 2026-09-30"),
        ("What did he say last December?", "2025-12-01 2025-12-31"),
        ("ما الذي حدث في نوفمبر الماضي؟", "2025-11-01 2025-11-30"),
        ("What happened yesterday?", "2026-11-19 2026-11-19"),
        ("ماذا حدث أمس؟", "2026-11-19 2026-11-19"),
        ("What is said today?", "2026-11-20 2026-11-20"),
        ("What happened last week?", "2026-11-09 2026-11-15"),
        ("ماذا حدث الأسبوع الماضي؟", "2026-11-09 2026-11-15"),
        ("What happens this week?", "2026-11-16 2026-11-22"),
        ("What happened last month?", "2026-10-01 2026-10-31"),
        ("ماذا حدث في الشهر الماضي؟", "2026-10-01 2026-10-31"),
        ("ماذا حدث هذا العام؟", "2026-01-01 2026-12-31"),
        ("Who was killed last year?", "2025-01-01 2025-12-31"),
        ("من قتل العام الماضي؟", "2025-01-01 2025-12-31"),
        ("What changed in the past three months?", "2026-08-20 2026-11-20"),
        ("ما الذي تغير خلال الأشهر الثلاثة الماضية؟", "2026-08-20 2026-11-20"),
        ("What changed in the last 30 days?", "2026-10-21 2026-11-20"),
        ("ما أخبار آخر 10 أيام؟", "2026-11-10 2026-11-20"),
        ("كم قتل خلال الشهرين الماضيين؟", "2026-09-20 2026-11-20"),
        ("What happened two years ago?", "2024-01-01 2024-12-31"),
        ("ماذا حدث قبل عامين؟", "2024-01-01 2024-12-31"),
        ("What happened since last month?", "2026-10-01 –"),
    ],
)
def test_times_that_count_from_today(question: str, days: str) -> None:
    found = period_of(question, TODAY)
    assert found is not None and found.relative and found.words in question
    assert f"{found.since or '–'} {found.until or '–'}" == days


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("Articles from September 2022 about Armenia", "2022-09-01 2022-09-30"),
        ("ماذا تقول المقالات المنشورة في سبتمبر 2022؟", "2022-09-01 2022-09-30"),
        ("أخبار أكتوبر 2020", "2020-10-01 2020-10-31"),
        ("What do reports published after 1 November 2020 say?", "2020-11-02 –"),
        ("What was in the news last month?", "2026-10-01 2026-10-31"),
        ("Which news since 2021 speak of drones?", "2021-01-01 –"),
    ],
)
def test_times_of_the_articles_themselves(question: str, days: str) -> None:
    found = period_of(question, TODAY)
    assert found is not None and found.published
    assert f"{found.since or '–'} {found.until or '–'}" == days


@pytest.mark.parametrize(
    "question",
    [
        "Who won the 2018 World Cup?",
        "How was the war of 2020 unlike that of 2022?",
        "What may happen?",
        "Who marched in March?",  # of any year
        "ما هو اليوم الوطني؟",
        "ماذا حدث في اليوم التالي؟",
        "لماذا هاجمت أذربيجان أرمينيا؟",
        "What is article 51?",
        "كم جنديا قتل؟",
        "",
    ],
)
def test_what_names_no_one_time(question: str) -> None:
    assert period_of(question, TODAY) is None


@given(st.text(), st.dates())
def test_any_text_has_days_in_order_or_none(text: str, today: dt.date) -> None:
    found = period_of(text, today)
    if found and found.since and found.until:
        assert found.since <= found.until


WORDS = "in since before after last past between and from to 2020 1 9999 month year week years ago September في منذ قبل بعد بين عام شهر سبتمبر الماضي آخر الماضية أيام عامين ٢٠٢١ و".split()


@given(st.lists(st.sampled_from(WORDS)).map(" ".join), st.dates())
def test_any_words_of_time_have_days_in_order_or_none(text: str, today: dt.date) -> None:
    found = period_of(text, today)
    assert found is None or (found.since or dt.date.min) <= (found.until or dt.date.max)
