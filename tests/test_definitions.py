"""What a thing is: questions that ask it, and sentences that say it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from collection import SmallCollection
from hypothesis import given
from hypothesis import strategies as st

from assistant import evidence
from assistant.language.definitions import FACTS, asks_what_it_is, describes
from assistant.language.questions import asked


@pytest.mark.parametrize(
    "question",
    """What is the Collective Security Treaty Organization?|what is septicemia?|What are clades?|What's a twin prime?|What does CSTO mean?
    |What is meant by shell company?|Define inflation|What is the Organization of Islamic Cooperation?|What is the Marshall Plan?|ما هي حالة الطوارئ؟|ما هي خطة مارشال؟|ما هي منظمة معاهدة الأمن الجماعي؟
    |What is the death penalty?|What is digital currency?|What is a share?|What is fracking?|What is burnt sugar?|What is Phishing?|WHAT IS NATO?
    |ما هي عقوبة الإعدام؟|ما هي العملة الرقمية؟|ما هو الثقب الأسود؟|وما هو التضخم؟|ماذا يعني التضخم؟|ما معنى الجندر؟|ما تعريف التضخم؟""".split(
        "|"
    ),
)
def test_what_is_asked_of_a_thing_alone(question: str) -> None:
    assert asks_what_it_is(question.strip())


@pytest.mark.parametrize(
    "question",
    """What is the population of Armenia?|What is Russia's counterpart to NATO?|What is the Iranian position?|What is the death toll?|ما هو موقف إيران؟|What is done in Geneva?|What happened?|Who is Putin?|What is?
    |What did Ankara demand of Armenia?|What is the oldest and most famous of all the swimming strokes?|ما هي أهمية أذربيجان لأوروبا في مجال الطاقة؟
    |What was stolen?|What was stolen yesterday?|What is happening?|What is still missing?|What is being built?|What was decided?|What is its age?
    |WHAT IS THE POPULATION?|WHAT IS THE DEATH TOLL?|What was the bridge cost?|ما هي تكلفة مشروع الجسر؟|ما هي خسائر الجيش؟|ما هي تكلفتها؟
    |ما هو اسم الوزير؟|ما هي مساحة لبنان؟|ما هي خطة الحكومة؟|ما هي خطة لبنان؟|ما هي عقوبة القتل؟|ما هو المسروق؟|ما هو سبب الحرب على غزة؟|ماذا حدث؟|من هو بوتين؟||؟""".split(
        "|"
    ),
)
def test_what_a_thing_has_or_does_is_no_definition(question: str) -> None:
    assert not asks_what_it_is(question.strip())


@pytest.mark.parametrize(("english", "arabic"), FACTS.items())
def test_a_fact_is_one_in_both_languages(english: str, arabic: str) -> None:
    for word in re.sub(r"\w\?|\(\?:(\w+)\|?\w*\)\??", r"\1", english).split("|"):
        assert not asks_what_it_is(f"What is the {word}?")
        assert not asks_what_it_is(f"WHAT WAS THE BRIDGE {word.upper()}?")
    for word in arabic.split("|"):
        assert not asks_what_it_is(f"ما هو {word} الجسر؟")
        assert not asks_what_it_is(f"ما هي ال{word}؟")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The CSTO, a military alliance, met.", "CSTO"),
        ("the Collective Security Treaty Organization (CSTO), which binds six states", "Organization"),
        ("Septicemia is a serious infection.", "Septicemia"),
        ('the "Blue Shield" is one of them', "Shield"),
        ("وتضم منظمة معاهدة الأمن الجماعي (ODKB) ، وهي حلف دفاعي", "الجماعي"),
        ('عضو في "منظمة الأمن" (CSTO)، وهي المعادل', "الأمن"),
        ("التضخم هو ارتفاع الأسعار", "التضخم"),
    ],
)
def test_a_description_follows(text: str, name: str) -> None:
    assert describes(text, text.index(name) + len(name))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Armenia asks Russia and the CSTO for help", "CSTO"),
        ("the CSTO met in Moscow, and the president spoke", "CSTO"),
        ("طالبت أرمينيا روسيا ومنظمة الأمن بالمساعدة", "الأمن"),
        ("قال التضخم هوى", "التضخم"),
    ],
)
def test_a_mention_is_no_description(text: str, name: str) -> None:
    assert not describes(text, text.index(name) + len(name))


@given(st.text(), st.integers(0, 50))
def test_any_text_is_read(text: str, end: int) -> None:
    assert describes(text, min(end, len(text))) in (True, False)
    assert asks_what_it_is(text) in (True, False)


@pytest.mark.parametrize("question", ["What is the Treaty Organization?", "ما هي منظمة المعاهدة؟"])
def test_the_sentence_that_describes_comes_before_those_that_mention(tmp_path: Path, question: str) -> None:
    said = "Moldova never joined the Treaty Organization (TO), which is a customs union of five states."
    texts = SmallCollection(
        tmp_path / "c.sqlite",
        {
            "a.txt": "Moldova asks the Treaty Organization for help. The Treaty Organization was silent on Friday.",
            "b.txt": f"Prices rose again. {said} Winter was mild.",
        },
    )
    first = evidence.find(question, texts.groups(question), asked(question)).sentences[0]
    assert first.passage.text[first.start - first.passage.start : first.end - first.passage.start] == said
