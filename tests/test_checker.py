"""Lexical support: true statements pass in both languages, and each kind of change is noticed with its reason."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.cases import Source
from assistant.checker import check

CONTEXT = "قتل 49 جنديا أرمينيا في الليلة الماضية.\nوقالت يريفان إنها طلبت المساعدة."
GENEVA = Source(
    "اجتمع الوزيران في جنيف يوم 12 سبتمبر/أيلول واتفقا على تبادل ثلاثين أسيرا، ولم تعلن باكو أرقاما.",
    "ar",
    "محادثات أرمينيا وأذربيجان",
    dt.date(2022, 9, 14),
    CONTEXT,
)
TRUCE = Source(
    "The two ministers met in Geneva on September 12 and agreed to exchange thirty prisoners, but Baku gave no figures.",
    "en",
    "Talks between Armenia and Azerbaijan",
    dt.date(2022, 9, 14),
    "Forty-nine Armenian soldiers were killed last night.\nYerevan said it had asked for help.",
)


@pytest.mark.parametrize("source", [GENEVA, TRUCE], ids=["ar", "en"])
@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("The ministers met in Geneva on 12 September 2022. [1]", ""),
        ("The two ministers agreed to exchange 30 prisoners.", ""),
        ("Baku did not give figures.", ""),
        ("اتفق الوزيران في جنيف على تبادل 30 أسيرا.", ""),
        ("التقى الوزيران في جنيف في الثاني عشر من أيلول 2022.", ""),
        ("لم تذكر باكو أرقاما.", ""),
        ("The two ministers agreed to exchange 40 prisoners.", "number"),
        ("اتفق الوزيران في جنيف على تبادل أربعين أسيرا.", "number"),
        ("The ministers met in Geneva on 13 September.", "date"),
        ("التقى الوزيران في جنيف في 12 تشرين الأول.", "date"),
        ("The ministers met in Vienna and agreed to exchange thirty prisoners.", "name"),
        ("اتفق الوزيران في فيينا على تبادل ثلاثين أسيرا.", "name"),
        ("The two ministers did not agree to exchange thirty prisoners.", "negation"),
        ("لم يتفق الوزيران على تبادل ثلاثين أسيرا في جنيف.", "negation"),
        ("The weather in the mountains will stay cold and wet.", "words"),
        ("يفضل الأطفال شرب الحليب في الصباح.", "words"),
    ],
)
def test_what_is_said_of_a_sentence_in_either_language(source: Source, statement: str, reason: str) -> None:
    verdict = check(statement, [source])
    assert verdict.reason == reason
    assert verdict.verdict == ("unsupported" if reason else "supported")


def test_a_statement_without_sources_is_uncited() -> None:
    assert check("The ministers met in Geneva.", []) == ("uncited", "uncited")


def test_a_merged_statement_is_held_by_two_sentences_and_not_by_one() -> None:
    other = Source("قتل 49 جنديا أرمينيا في الليلة الماضية.", "ar", "", dt.date(2022, 9, 14), "")
    merged = "The ministers met in Geneva after 49 soldiers were killed."
    assert check(merged, [GENEVA, other]).verdict == "supported"
    assert check(merged, [GENEVA._replace(context="")]) == ("unsupported", "number")


def test_a_sentence_is_preferred_to_its_neighbour() -> None:
    neighbour = Source(CONTEXT.splitlines()[1], "ar", "", None, "قتل 49 جنديا أرمينيا في الليلة الماضية.")
    assert check("Many Armenian soldiers were killed overnight.", [neighbour]).verdict == "unsupported"
