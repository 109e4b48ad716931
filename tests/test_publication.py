"""Questions about an article as something published: what is asked, and that the words of publishing are not searched for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ablation import LeftOut, leave_out
from assistant.language.publication import (
    Fact,
    asks_of_article,
    is_agency,
    is_called,
    tells_of_its_making,
    tells_of_publishing,
)
from assistant.language.terms import question_words

ASKING = {
    Fact.AUTHOR: """Who wrote the article about the flood in Dernah?|who is the author of the report on grain prices?|Who authored the story on Gaza?
        |Who wrote the article about the new constitution?|Who wrote the article about the signing of the treaty?|Who wrote the flood article?|Who is the author of the Dernah flood story?|The article about the flood was written by whom?
        |من كتب مقال الفيضان في درنة؟|من هو كاتب التقرير عن أسعار القمح؟|من كتب الخبر عن غزة؟|من كتب هذا المقال عن المتحف؟|من هي كاتبة المقال عن غزة؟""",
    Fact.DAY: """When was the story on the flood published?|When did Al Jazeera publish its report on grain?|What date was the article on Gaza posted?
        |متى نشر موقع الخليج خبر الفيضان؟|متى نُشر التقرير عن أسعار القمح؟|ما تاريخ نشر المقال عن غزة؟|متى نشر هذا الخبر عن المتحف؟""",
    Fact.OUTLET: """Which newspaper published the story on the flood?|Which outlet is the source of the report on grain?|What site ran the article on Gaza?
        |Who is the publisher of the article on Gaza?|What was the source of the story about the memo?|In which newspaper did the article on the flood appear?|What newspaper was the article on the flood published in?|Which newspaper published the Dernah flood story?
        |أي صحيفة نشرت خبر الفيضان؟|ما مصدر خبر أسعار القمح؟|على أي موقع نُشر المقال عن غزة؟""",
}


@pytest.mark.parametrize(
    ("question", "fact"), [(question.strip(), fact) for fact, of in ASKING.items() for question in of.split("|")]
)
def test_what_is_asked_of_an_article(question: str, fact: Fact) -> None:
    asking = asks_of_article(question)
    assert asking is not None
    assert asking.fact is fact
    words = [token.word for token in question_words(question)]
    assert words
    assert not any(map(tells_of_publishing, words))


@pytest.mark.parametrize(
    "question",
    """Who wrote the novel Season of Migration to the North?|Who is Noureddine, the author of the article?|When did the fighting begin?
    |Has Baku published figures for its losses?|Which agency runs the port?|When did the minister report to parliament?|من كتب رواية موسم الهجرة؟
    |متى نشرت روسيا قواتها؟|ما موقع أرمينيا؟|أي وكالة تدير الميناء؟|According to the article, when were the troops deployed?
    |When did the army publish the names, according to the report?|Which website was blocked in the story of the ministry?
    |What did the author of the book say of the article?|من كتب على الجدار بحسب التقرير؟|متى صدر الحكم وفق الخبر؟
    |When was the activist who wrote the article about the king arrested?|Who was the lawyer of the activist who wrote the article?
    |ماذا طلبت المحكمة من كاتب المقال؟|ما المطلوب من كاتب مقال السرو؟|متى صدر الحكم على كاتب المقال؟|متى صدر كتاب الغابة بعد مقال المجلة؟
    |Who was the article about the king?|Who was the article about the law based on?|Who was the Post reporter arrested in Korra?
    |Who was the post of ambassador given to?|When was the activist jailed over the article released?|When was the blogger jailed over a post published?
    |When was the column of tanks that carried the soldiers hit?|When was the story The Lighthouse written?|When did the newspaper publish the photos?
    |When was the report of the United Nations published?|متى صدر تقرير الأمم المتحدة عن المخيم؟
    |When was the article on presidential terms in the constitution written?|Who wrote the article of the treaty on collective defence?
    |When was the treaty's article on defence written?|Who wrote the article on torture in the UN convention?|Who was the source of the story about the memo?
    |Who wrote the article about the flood and what did the mayor promise?|من كتب المقال عن الفيضان وماذا وعد العمدة؟""".split(
        "|"
    ),
)
def test_other_questions_keep_all_their_words(question: str) -> None:
    assert asks_of_article(question.strip()) is None


@pytest.mark.parametrize(
    ("question", "by"),
    [
        ("When did Al Jazeera publish the article on grain?", "al jazeera"),
        ("متى نشرت وكالة الميناء مقال القمح؟", "وكاله الميناء"),
        ("When was the article on grain published?", None),
        ("متى نشر هذا الخبر عن القمح؟", None),
    ],
)
def test_who_published_it_is_kept_apart(question: str, by: str | None) -> None:
    asking = asks_of_article(question)
    assert asking is not None
    assert asking.by == by


def test_what_the_question_calls_it_may_be_called_so_in_a_text() -> None:
    asking = asks_of_article("Who wrote the article about the king?")
    assert asking is not None
    assert is_called(asking.piece, "Its editor withdrew an article on the king.")
    assert is_called(asking.piece, "سحبت المجلة مقالا عن الملك.")
    assert not is_called(asking.piece, "The report on the king appeared in May.")
    told = asks_of_article("من كتب التقرير عن الملك؟")
    assert told is not None
    assert is_called(told.piece, "وقال تقريرها إن الملك غادر.")
    assert not is_called(told.piece, "وقالت مقررة اللجنة إن الملك غادر.")


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (Fact.DAY, "The article on presidential terms was written in 1971."),
        (Fact.DAY, "وقد كتبت قصيدة الميناء عام 1971."),
        (Fact.AUTHOR, "The anthem was first penned by a sailor."),
        (Fact.AUTHOR, "كُتب نشيد الميناء على يد الشاعر مراد."),
        (Fact.OUTLET, "The memoir was published in Beirut."),
        (Fact.OUTLET, "ونُشرت لأول مرة في بيروت."),
    ],
)
def test_a_sentence_may_say_how_a_text_came_about(fact: Fact, text: str) -> None:
    assert tells_of_its_making(fact, text)


@pytest.mark.parametrize(
    "text",
    [
        "Parliament debated the terms in 1971.",
        "كتب الوزير على تويتر عام 2021 إن السوق آمن.",
        "وضعت الوزارة خطة للسوق عام 2021.",
    ],
)
def test_other_sentences_do_not(text: str) -> None:
    assert not any(tells_of_its_making(fact, text) for fact in Fact)


def test_an_agency_need_not_say_that_it_is_one() -> None:
    assert is_agency("Reuters")
    assert is_agency("الأناضول")
    assert not is_agency("World Bank")
    assert not is_agency("الأرصاد الجوية")


def test_a_question_that_names_no_subject_keeps_its_words() -> None:
    assert [token.word for token in question_words("Who wrote the article?")] == ["wrote", "article"]


def test_a_question_may_be_taken_literally() -> None:
    question = "Who wrote the article about the king?"
    with leave_out(LeftOut(publishing=True)):
        assert "article" in {token.word for token in question_words(question)}
    assert "article" not in {token.word for token in question_words(question)}


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    asking = asks_of_article(text)
    assert asking is None or asking.fact in Fact
