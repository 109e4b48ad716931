"""Who wrote an article, when and where it appeared: answered by its line, and only of an article that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from invariants import check

from assistant import Assistant
from assistant.scope import Scope

ARTICLES = {
    "flood.txt": "River floods the old market of Tulkan\n\nWednesday 14 September 2022\n\nBy Salma Haddad\n\n"
    + "The river flooded the old market of Tulkan after two days of rain. Traders carried their goods to the upper town. "
    + "The mayor promised new walls before winter.\n\nSource: The Valley Herald\n",
    "grain.txt": "Grain prices rise in Marsina\n\n3 March 2021\n\nWritten by Omar Nasri\n\n"
    + "Grain prices rose by a third in Marsina within a month. Bakers asked the government for help. "
    + "The harvest of last year was poor.\n\nSource: Coast News Agency\n",
    "عيد.txt": "افتتاح المتحف البحري في مدينة صفاقص\n\nالثلاثاء 5 يناير 2021\n\nبقلم ليلى الزياني\n\n"
    + "افتتح وزير الثقافة المتحف البحري في مدينة صفاقص. وزار المتحف مئات الأطفال في يومه الأول. وأغلق الطريق أمام السيارات.\n\n"
    + "المصدر: صحيفة الميناء\n",
}


def over(folder: Path, articles: Mapping[str, str]) -> Assistant:
    """An assistant over articles written into ``folder``."""
    (folder / "texts").mkdir()
    for name, text in articles.items():
        (folder / "texts" / name).write_text(text, encoding="utf-8")
    return Assistant.open(corpus=folder / "texts", index=folder / "index")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with over(tmp_path_factory.mktemp("published"), ARTICLES) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "file", "line"),
    [
        ("Who wrote the article about the flooded market of Tulkan?", "flood.txt", "By Salma Haddad"),
        ("When was the story on the flood in Tulkan published?", "flood.txt", "Wednesday 14 September 2022"),
        ("Which newspaper published the report on the flood in Tulkan?", "flood.txt", "Source: The Valley Herald"),
        ("Who is the author of the report on grain prices in Marsina?", "grain.txt", "Written by Omar Nasri"),
        ("من كتب المقال عن افتتاح المتحف البحري؟", "عيد.txt", "بقلم ليلى الزياني"),
        ("متى نشر خبر افتتاح المتحف البحري؟", "عيد.txt", "الثلاثاء 5 يناير 2021"),
        ("ما مصدر خبر افتتاح المتحف البحري في صفاقص؟", "عيد.txt", "المصدر: صحيفة الميناء"),
        ("Who wrote the article about the opening of the maritime museum?", "عيد.txt", "بقلم ليلى الزياني"),
    ],
)
def test_the_line_that_says_it_is_quoted_first(library: Assistant, question: str, file: str, line: str) -> None:
    answer = library.ask(question)
    first = (answer.citations or answer.closest)[0]
    assert (first.file, first.quote) == (file, line)
    assert answer.status in ("answered", "uncertain")
    check(library, answer)


@pytest.mark.parametrize(
    "question",
    ["Who wrote the article about the volcano in Iceland?", "متى نشر خبر انهيار البورصة في طوكيو؟"],
)
def test_nobody_wrote_an_article_that_is_not_there(library: Assistant, question: str) -> None:
    answer = library.ask(question)
    assert answer.status != "answered"
    check(library, answer)


@pytest.mark.parametrize(
    "question",
    [
        "Who wrote the report on the weak walls of Tulkan?",  # which no article is
        "When did the Mountain Post publish the article on the flood in Tulkan?",
        "Who wrote the article?",
    ],
)
def test_what_may_not_be_meant_is_no_answer(library: Assistant, question: str) -> None:
    answer = library.ask(question)
    assert answer.status != "answered"
    check(library, answer)


def test_two_articles_of_equal_right_are_both_shown(tmp_path: Path) -> None:
    strikes = {
        f"{name}.txt": f"Strike at the port of Lumira\n\nBy {author}\n\nDockers of Lumira went on strike {name} day.\n"
        for name, author in (("one", "Huda Karimi"), ("two", "Adel Rashid"))
    }
    with over(tmp_path, strikes) as opened:
        answer = opened.ask("Who wrote the article about the strike at the port of Lumira?")
        assert answer.status != "answered"
        shown = {each.quote for each in (*answer.citations, *answer.closest)}
        assert {"By Huda Karimi", "By Adel Rashid"} <= shown
        check(opened, answer)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            "TULKAN, 14 September 2022 (CNA) - The market of Tulkan opened again. Traders were glad.",
            "TULKAN, 14 September 2022 (CNA) - The market of Tulkan opened again.",
        ),
        ("The market of Tulkan opened again. On 14 September 2022 the mayor fell ill.", None),
        ("On 14 September 2022 the market of Tulkan opened again. Traders were glad.", None),
        ("On 14 September 2022, rebels burnt the market of Tulkan (the oldest of the country).", None),
        ('On 14 September 2022 the mayor of Tulkan said: "The market of Tulkan is open."', None),
        ("The market of Tulkan burnt on 14 September 2022: traders wept.", None),
    ],
)
def test_a_dateline_tells_the_day_and_what_happened_on_it_does_not(tmp_path: Path, body: str, line: str | None) -> None:
    with over(tmp_path, {"2022-09-14 market.txt": f"Market of Tulkan opens\n\n{body}\n"}) as opened:
        assert opened.documents()[0].date is not None
        answer = opened.ask("When was the article about the market of Tulkan published?")
        if line:
            assert (answer.status, answer.citations[0].quote) == ("answered", line)
        else:
            assert answer.status != "answered"
        check(opened, answer)


def test_a_sentence_that_begins_like_a_byline_is_none(tmp_path: Path) -> None:
    text = "Market of Tulkan opens\n\nThe market of Tulkan opened again.\n\nBy noon it was full.\n\nTraders were glad of the day.\n"
    with over(tmp_path, {"a.txt": text}) as opened:
        answer = opened.ask("Who wrote the article about the market of Tulkan?")
        assert answer.status != "answered"
        check(opened, answer)


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("By The Numbers", "Who wrote the article about the market of Tulkan?"),
        ("تقرير: السوق يعود", "من كتب المقال عن سوق تولكان؟"),
    ],
)
def test_a_heading_is_no_byline(tmp_path: Path, heading: str, question: str) -> None:
    text = (
        f"Market of Tulkan opens\n\nThe market of Tulkan opened again.\n\n{heading}\n\nTraders were glad of the day.\n"
    )
    with over(tmp_path, {"a.txt": text}) as opened:
        answer = opened.ask(question)
        assert answer.status != "answered"
        check(opened, answer)


def test_what_an_article_tells_is_answered_as_ever(library: Assistant) -> None:
    assert (
        library.ask("What did the mayor promise?").citations[0].quote == "The mayor promised new walls before winter."
    )


TOLD_OF = {
    "vaccine.txt": "Magazine withdraws an article on the vaccine\n\nBy Nora Saleh\n\n8 August 2022\n\nThe magazine Pulse withdrew an article on the vaccine of Korra. "
    "The article was published on 1 July 2022. It was written by doctor Jane Holt.\n\nSource: Coast News Agency\n",
    "king.txt": "Activist jailed over the king of Zilan\n\nBy Adel Rashid\n\n20 June 2022\n\nThe activist Samir Amin, who criticised the king of Zilan, was arrested on "
    "3 November 2021. His lawyer is Rana Aziz.\n\nSource: The Zilan Post\n",
    "bridge.txt": "Bridge of Marsina opens\n\nBy continuing you accept cookies\n\nThe bridge of Marsina opened on Monday. By bus\n\nVia the coast road it takes an hour.\n",
}


@pytest.fixture(scope="module")
def telling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with over(tmp_path_factory.mktemp("telling"), TOLD_OF) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("Who wrote the article on the vaccine?", "By Nora Saleh"),
        ("When was the article on the vaccine published?", "8 August 2022"),
        ("Which magazine published the article on the vaccine?", "Source: Coast News Agency"),
        ("When was the activist who wrote the article about the king arrested?", "By Adel Rashid"),
        ("Who was the lawyer of the activist who wrote the article about the king?", "By Adel Rashid"),
        ("Who wrote the article about the bridge of Marsina?", "By continuing you accept cookies"),
        ("Which newspaper published the article about the bridge of Marsina?", "Via the coast road it takes an hour."),
    ],
)
def test_what_an_article_says_of_itself_is_no_answer_about_another(
    telling: Assistant, question: str, wrong: str
) -> None:
    answer = telling.ask(question)
    assert not answer.citations or answer.status != "answered" or answer.citations[0].quote != wrong
    check(telling, answer)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who wrote the article on the vaccine?", "It was written by doctor Jane Holt."),
        ("When was the article on the vaccine published?", "The article was published on 1 July 2022."),
        ("When was the activist who criticised the king arrested?", "3 November 2021"),
    ],
)
def test_what_an_article_tells_of_another_is_quoted(telling: Assistant, question: str, told: str) -> None:
    answer = telling.ask(question)
    assert any(told in each.quote for each in (*answer.citations, *answer.closest))


LIKE_ARTICLES = {
    "frankenstein.txt": "Exhibition on Frankenstein opens in Korra\n\nBy Adel Rashid\n\n14 March 2022\n\nAn exhibition on Frankenstein opened in Korra. "
    "Mary Shelley wrote the novel in Geneva in 1816.\n\nSource: Coast News Agency\n",
    "torture.txt": "UN report on torture in Zilan draws anger\n\nBy Nora Saleh\n\n8 August 2022\n\nThe findings on torture in the prisons of Zilan were released on "
    "1 July 2022. The minister of Zilan called them lies.\n\nSource: Coast News Agency\n",
    "facebook.txt": "Activist jailed in Korra\n\nBy Adel Rashid\n\n20 June 2022\n\nAn activist who criticised the king of Lumira on Facebook was jailed. "
    "His lawyer spoke of a mistake.\n\nSource: The Korra Herald\n",
    "prize.txt": "Tulkan prize goes to Jane Holt\n\nBy Adel Rashid\n\n2 May 2022\n\nThe Tulkan prize went to Jane Holt for her tale of two sailors. "
    "The jury praised it.\n\nSource: Coast News Agency\n",
    "ceasefire.txt": "Ceasefire holds in Marsina\n\nBy Omar Nasri\n\n3 May 2022\n\nNews of the ceasefire in Marsina came from a Qatari official. "
    "The guns were silent.\n\nSource: Coast News Agency\n",
}


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with over(tmp_path_factory.mktemp("alike"), LIKE_ARTICLES) as opened:
        yield opened


@pytest.mark.parametrize(
    "question",
    """When was the story of Frankenstein written?|Who wrote the story of Frankenstein?|Where was the story of Frankenstein written?
    |When did the report on torture in Zilan come out?|Who wrote the report on torture in Zilan?
    |Who wrote the post about the king of Lumira on Facebook?|On which site was the post about the king of Lumira published?
    |Who wrote the story that won the Tulkan prize?|What was the source of the news about the ceasefire in Marsina?""".split(
        "|"
    ),
)
def test_a_story_that_an_article_tells_of_is_not_the_article(alike: Assistant, question: str) -> None:
    answer = alike.ask(question.strip())
    lines = {
        line for text in LIKE_ARTICLES.values() for line in text.split("\n\n")[1:3] + text.strip().split("\n\n")[-1:]
    }
    assert answer.status != "answered" or answer.citations[0].quote not in lines
    check(alike, answer)


def test_an_article_that_does_not_say_who_wrote_it_may_be_meant(tmp_path: Path) -> None:
    texts = {
        "one.txt": "Strike at the port of Lumira\n\nBy Huda Karimi\n\nDockers of Lumira went on strike.\n",
        "two.txt": "Strike at the port of Lumira goes on\n\nDockers of Lumira went on strike for another day.\n",
    }
    with over(tmp_path, texts) as opened:
        answer = opened.ask("Who wrote the article about the strike at the port of Lumira?")
        assert answer.status != "answered"
        assert "By Huda Karimi" in {each.quote for each in answer.closest}
        check(opened, answer)


def test_an_article_of_a_law_is_none_that_is_told_of(tmp_path: Path) -> None:
    text = "Finland joins NATO\n\nBy Adel Rashid\n\n4 April 2023\n\nFinland joined NATO on Tuesday. Article 5 of the treaty now protects it.\n"
    with over(tmp_path, {"finland.txt": text}) as opened:
        for question, line in (
            ("When was the article about Finland joining NATO published?", "4 April 2023"),
            ("Who wrote the article about Finland joining NATO?", "By Adel Rashid"),
        ):
            answer = opened.ask(question)
            assert (answer.status, answer.citations[0].quote) == ("answered", line)


def test_a_question_without_a_subject_means_the_only_article(library: Assistant) -> None:
    only = Scope(files=frozenset({"flood.txt"}))
    for question in ("Who wrote the article?", "من كتب المقال؟"):
        assert library.ask(question).status != "answered"
        answer = library.ask(question, scope=only)
        assert (answer.status, answer.citations[0].quote) == ("answered", "By Salma Haddad")
    for question in ("Which newspaper published the article?", "أي صحيفة نشرت المقال؟"):
        assert library.ask(question).status != "answered"
        answer = library.ask(question, scope=only)
        assert (answer.status, answer.citations[0].quote) == ("answered", "Source: The Valley Herald")


def test_reprints_are_as_sure_as_one(tmp_path: Path) -> None:
    with over(tmp_path, dict.fromkeys(("one.txt", "two.txt"), ARTICLES["flood.txt"])) as opened:
        answer = opened.ask("Who wrote the article about the flood in Tulkan?")
        assert (answer.status, answer.citations[0].quote) == ("answered", "By Salma Haddad")


def test_an_outlet_named_in_the_other_script_may_be_the_one(library: Assistant) -> None:
    answer = library.ask(
        "When did Al-Mina newspaper publish the article about the opening of the maritime museum in Sfax?"
    )
    assert answer.status != "answered"
    assert "الثلاثاء 5 يناير 2021" in {each.quote for each in answer.closest}
    check(library, answer)


BESIDE = {
    "grain.txt": "Grain prices rise in Marsina\n\n3 March 2021\n\nGrain prices rose by a third in Marsina within a month. Bakers asked the government for help. "
    + "The harvest of last year was poor.\n\nSource: World Bank, March data\n\nRead also\n\nNew tax on fuel in Lumira\n\nBy Omar Nasri\n",
    "قمح.txt": "موجة حر تضرب مدينة قابس\n\n7 يوليو 2021\n\nضربت موجة حر شديدة مدينة قابس يوم الثلاثاء وأغلقت المدارس أبوابها. وطلبت البلدية من السكان البقاء في بيوتهم. "
    + "وتستمر موجة الحر ثلاثة أيام.\n\nالمصدر: الأرصاد الجوية\n\nاقرأ أيضا\n\nضريبة جديدة على الوقود في سوسة\n\nبقلم: عمر النصري\n",
    "terms.txt": "Parliament of Korra debates presidential terms\n\nBy Adel Rashid\n\n2 May 2022\n\nParliament debated the presidential terms in the constitution of Korra. "
    + "It was written in 1971. Two parties left the hall.\n\nSource: Coast News Agency\n",
    "anthem.txt": "فرقة تعزف نشيد المرافئ في بنزرت\n\nبقلم سلمى حداد\n\n9 مايو 2022\n\nعزفت فرقة شابة نشيد المرافئ في ساحة بنزرت مساء السبت. "
    + "وقد كتب نشيد المرافئ على يد الشاعر مراد الغالي. وصفق الناس طويلا.\n\nالمصدر: صحيفة الميناء\n",
    "memo.txt": "Leaked memo shakes the council of Delmor\n\nBy Nora Saleh\n\n8 August 2022\n\nA leaked memo shook the council of Delmor. "
    + "A clerk of the treasurer passed it to the press. The mayor was silent.\n\nSource: Daily Post\n",
    "مذكرة.txt": "مذكرة مسربة تهز مجلس بلدية نابل\n\nبقلم ليلى الزياني\n\n11 يناير 2021\n\nهزت مذكرة مسربة مجلس بلدية نابل يوم الأحد. "
    + "وسلمها موظف في الخزينة إلى الصحافة. وبقي رئيس البلدية صامتا.\n\nالمصدر: صحيفة الميناء\n",
    "bridge.txt": "Bridge of Saltbrook closes\n\nBy Theodora Finch\n\n5 June 2022\n\nThe old bridge of Saltbrook closed on Sunday after a crack was found. "
    + "Buses take the northern road. Traders fear for their summer.\n\nSource: Coast News Agency\n\nRelated\n\nAfter the flood: what Tulkan lost\n",
    "visit.txt": "Minister visits families in Zilan\n\nBy Samir Amin\n\n6 June 2022\n\nThe minister visited families of Zilan whose houses had burnt. "
    + "He promised them bread and new roofs. A television show told of it.\n\nSource: The Zilan Post\n",
    "lead.txt": "Strike ends at the quarry of Ostrava\n\nWorkers of the quarry went back on Monday after nine days.\n\nBy Rana Aziz\n\n"
    + "The strike at the quarry of Ostrava ended on Monday. Its owner raised wages by a tenth. The union called it a good day. The town was glad.\n",
    "signed.txt": "Lighthouse of Kelm lit again\n\nThe lighthouse of Kelm was lit again on Friday. A lamp had been missing. Sailors cheered from their boats.\n\nBy Huda Karimi\n",
}


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with over(tmp_path_factory.mktemp("beside"), BESIDE) as opened:
        yield opened


@pytest.mark.parametrize(
    "question",
    """Who wrote the article about grain prices in Marsina?|Which newspaper published the article about grain prices in Marsina?
    |من كتب المقال عن موجة الحر في قابس؟|أي صحيفة نشرت المقال عن موجة الحر في قابس؟
    |When was the article on presidential terms in the constitution written?|When was the article on presidential terms in Korra written?
    |من كتب المقال عن نشيد المرافئ؟|Who was the source of the story about the leaked memo in Delmor?
    |Who wrote the article about the flood in Saltbrook?|Who wrote the article about the opening of the bridge of Saltbrook?
    |Who wrote the article about Zilan's air show?|من كتب المقال عن الفيضان في نابل؟|متى نشر المقال عن افتتاح مجلس بلدية نابل؟""".split(
        "|"
    ),
)
def test_a_line_of_another_article_or_a_wrong_premise_is_no_answer(beside: Assistant, question: str) -> None:
    answer = beside.ask(question.strip())
    lines = {line for text in BESIDE.values() for line in text.strip().split("\n\n") if not line.endswith(".")}
    assert answer.status != "answered" or answer.citations[0].quote not in lines
    check(beside, answer)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("When was the article about the leaked memo in Delmor published?", "8 August 2022"),
        ("When did the newspaper publish the story about the leaked memo in Delmor?", "8 August 2022"),
        ("When did its newspaper publish the story about the leaked memo in Delmor?", "8 August 2022"),
        ("متى نشرت الصحيفة المقال عن المذكرة المسربة في نابل؟", "11 يناير 2021"),
        ("What was the source of the story about the leaked memo in Delmor?", "Source: Daily Post"),
        ("Who wrote the article about the closing of the bridge of Saltbrook?", "By Theodora Finch"),
        ("Who wrote the article about the strike at the quarry?", "By Rana Aziz"),
        ("من كتب المقال عن المذكرة المسربة في نابل؟", "بقلم ليلى الزياني"),
    ],
)
def test_a_line_of_the_article_itself_is_one(beside: Assistant, question: str, line: str) -> None:
    answer = beside.ask(question)
    assert (answer.status, answer.citations[0].quote) == ("answered", line)
    check(beside, answer)


def test_a_line_below_an_article_that_does_not_state_its_author_is_shown_and_not_believed(beside: Assistant) -> None:
    answer = beside.ask("Who wrote the article about the lighthouse of Kelm?")
    assert answer.status == "uncertain"
    assert answer.closest[0].quote == "By Huda Karimi"
    check(beside, answer)
