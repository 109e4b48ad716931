from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.questions import (
    Asked,
    asked,
    asks_for_country,
    asks_how_long,
    counted_noun,
    question_language,
)

ENGLISH = {
    Asked.WHO: """Who is Pashinyan?|who is باشينيان?|Who won the war?|Whom did the president meet?|Whose army crossed the border?
        |By whom was the treaty signed?|Who, according to the minister, is to blame?
        |Which Western officials did he meet?|Which ministers resigned?|Which retired general led the coup?|What people lived there?""",
    Asked.WHEN: """When did the fighting begin?|In what year was Valve founded?|What year did Armenia join the UN?
        |On which day did they meet?|What was the date of the ceasefire?|In which century was the castle built?|Since when is it closed?""",
    Asked.WHERE: """Where is Stepanakert?|Which country sent troops?|In what city was he born?|What is the capital of Armenia?
        |Which other countries took part?|In which region did the fire break out?|From where did the rockets come?""",
    Asked.NUMBER: """How many soldiers were killed?|How much did it cost?|What is the population of Yerevan?|How old is Biden?
        |What percentage of the votes did he win?|How long did the war last?|What was the death toll?|What is the total number of dead?
        |How far is the village from Baku?|How long will it take?""",
    Asked.WHY: """Why did the war break out?|What was the reason for the delay?|What caused the fire?|What are the causes|Why?
        |What is the purpose of the visit?""".replace("|What are the causes", ""),
    Asked.HOW: "How did the talks end?|How does a vaccine work?|how was the bridge built|How can one register?",
    Asked.YES_NO: """Is Armenia a member of NATO?|Did Turkey send troops?|Has the treaty been signed?|Will the talks go on?
        |Can the bridge be crossed?|Were there casualties?""",
    Asked.CONDITION: """Under what condition did Russia promise help?|In which circumstances may they strike?|What are the conditions for a ceasefire?
        |On what conditions will they talk?|What conditions does Iran demand?|What are the conditions of the ceasefire?""",
    Asked.THING: "What did Armenia ask for?|Which company made Half-Life?|What is imperialism?|Name the treaty.|Pashinyan|",
}
ARABIC = {
    Asked.WHO: """من هو باشينيان؟|مَن هو رئيس الوزراء؟|من Pashinyan؟|من أيمن الظواهري؟|من ايفانكا ترامب؟|من بينيت؟|ومن قتله؟
        |من الذي لم يحضر الاجتماع؟|من وقع الاتفاق؟|على أية حال، من هو رئيس الوزراء؟|لمن هذه الأرض؟|ما اسم الرئيس؟|من انتصر في الحرب؟|أي مسؤولين التقى؟|أي وزراء استقالوا؟|ما الشخصيات التي حضرت؟""",
    Asked.WHEN: """متى اندلع القتال؟|مَتى بدأ؟|في أي عام تأسست شركة Valve؟|في أي سنة ولد؟|ما تاريخ توقيع الاتفاق؟|في أي يوم التقيا؟
        |ما هو تاريخ تأسيسها؟|منذ متى يحكم؟""",
    Asked.WHERE: """أين تقع ستيباناكيرت؟|اين ولد؟|ما هي عاصمة أرمينيا؟|ما الدولة التي لم توقع المعاهدة؟|من أين جاءت الصواريخ؟
        |في أي مدينة ولد؟|أي دولة أرسلت قوات؟|وأين حدث ذلك؟""",
    Asked.NUMBER: """كم جنديا قتل؟|كم عدد القتلى؟|ما عدد سكان يريفان؟|ما هي نسبة المشاركة؟|بكم بيعت الشركة؟|ما مساحة الإقليم؟
        |ما هو عمر بايدن؟|كم دامت الحرب؟|خلال أي مهلة يجب التسليم؟|ما مدة الهدنة؟""",
    Asked.WHY: """لماذا اندلعت الحرب؟|ولماذا فشلت المحادثات؟|ما سبب الحريق؟|ما هي أسباب الأزمة؟|لم غادر الوزير القاعة؟""",
    Asked.HOW: "كيف انتهت المحادثات؟|وكيف يعمل اللقاح؟|كيف بني الجسر؟",
    Asked.YES_NO: "هل أرمينيا عضو في الناتو؟|وهل أرسلت تركيا قوات؟|ألم يوقع الاتفاق؟|أليست القدس مدينة قديمة؟|هَلْ وقع الاتفاق؟",
    Asked.CONDITION: "بأي شرط تعهدت روسيا بالمساعدة؟|ما شروط وقف إطلاق النار؟|في أي حالة يحق لهم الرد؟|وفق أي شروط يعودون؟|على أي شروط وافقت إيران؟",
    Asked.THING: "ماذا طلبت أرمينيا؟|ما الإمبريالية؟|ما الذي حدث في غزة؟|من خلال أي معبر دخلوا؟|باشينيان|اذكر أهم المعاهدات",
}


LASTING = """How long did the war last?|how long will the truce hold?|For how long was he in office?|How much time did it take?|What was the duration of the strike?
    |كم من الوقت دامت المعارك؟|كم استمرت الحرب؟|كم يستغرق الطريق؟|كم دام الاجتماع؟|ما مدة الهدنة؟|خلال أي مهلة يجب التسليم؟"""
NOT_LASTING = """How long is the bridge?|How many soldiers were killed?|How long are its walls?|When did it end?|كم جنديا قتل؟|كم طول الجسر؟|متى انتهت؟"""


def rows(table: dict[Asked, str]) -> list[tuple[str, Asked]]:
    return [(question.strip(), kind) for kind, questions in table.items() for question in questions.split("|")]


def test_the_tables_are_large_enough() -> None:
    assert len(rows(ENGLISH)) >= 40
    assert len(rows(ARABIC)) >= 40
    assert set(ENGLISH) == set(ARABIC) == set(Asked)


@pytest.mark.parametrize(("question", "kind"), rows(ENGLISH))
def test_english_questions(question: str, kind: Asked) -> None:
    assert asked(question) is kind
    assert question_language(question) == "en"


@pytest.mark.parametrize(("question", "kind"), rows(ARABIC))
def test_arabic_questions(question: str, kind: Asked) -> None:
    assert asked(question) is kind
    assert question_language(question) == "ar"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("who is باشينيان?", "en"),
        ("what is the كتاب الذي كتبه?", "en"),
        ("Where is ستيباناكيرت?", "en"),
        ("من هو Nikol Pashinyan؟", "ar"),
        ("متى تأسست Electronic Arts؟", "ar"),
        ("باشينيان Pashinyan", "ar"),
        ("Nikol Pashinyan باكو", "en"),
        ("BBC", "en"),
        ("بي بي سي", "ar"),
        ("2020?", "en"),
        ("٢٠٢٠؟", "ar"),
        ("???", "en"),
        ("", "en"),
        ("\ud800", "en"),
    ],
)
def test_languages_of_mixed_questions(question: str, language: str) -> None:
    assert question_language(question) == language


@given(st.text(max_size=40))
def test_any_text_is_a_question_of_some_kind(text: str) -> None:
    assert asked(text) in Asked
    assert question_language(text) in ("ar", "en")


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("كم بلغت قيمة العقود؟", None),
        ("كم يبلغ عدد السكان؟", None),
        ("How many soldiers were killed?", "soldiers"),
        ("how much of the land is arable", "land"),
        ("What is the number of the dead?", "dead"),
        ("What percentage of the votes did he win?", "votes"),
        ("كم جنديا قتل؟", "جنديا"),
        ("كم عدد القتلى؟", "القتلى"),
        ("كم من الجنود قتل؟", "الجنود"),
        ("ما عدد السكان؟", "السكان"),
        ("Why did it end?", None),
        ("لماذا انتهت؟", None),
        ("How many?", None),
        ("", None),
    ],
)
def test_counted_nouns(question: str, noun: str | None) -> None:
    assert counted_noun(question) == noun


def test_a_span_of_time_is_asked_for_or_a_length() -> None:
    assert [q for q in LASTING.split("|") if not asks_how_long(q.strip())] == []
    assert [q for q in NOT_LASTING.split("|") if asks_how_long(q.strip())] == []


@pytest.mark.parametrize(
    ("question", "country"),
    [
        ("Which country sent troops?", True),
        ("Which other countries took part?", True),
        ("ما الدول التي شاركت؟", True),
        ("In which city did they meet?", False),
        ("What is the capital of Armenia?", False),
        ("في أي مدينة ولد؟", False),
        ("Where is Stepanakert?", None),
        ("أين ولد؟", None),
    ],
)
def test_a_country_is_asked_for_or_a_place_within_one(question: str, country: bool | None) -> None:
    assert asks_for_country(question) is country
