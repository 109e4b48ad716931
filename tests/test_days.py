"""What the days of a question mean for the articles that are asked, over articles of three days and one of none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from assistant import chat
from assistant.chat import Assistant
from assistant.citations import Answer, Period
from assistant.days import NOTICES, days_of, narrowed, read_as
from assistant.quotes import NOTICES as QUOTED
from assistant.scope import Scope
from assistant.settings import Settings

TODAY = dt.date(2026, 11, 20)
ARTICLES = {
    "old.txt": "Flood in the valley\n10 October 2020\nThe flood in the valley killed 49 people, the ministry said.\n",
    "middle.txt": "Flood toll rises\n3 March 2022\nThe flood in the valley killed 105 people, the ministry said on Thursday.\n",
    "new.txt": "Valley rebuilds\n12 November 2026\nThe valley was rebuilt after the flood, the minister said.\n",
    "undated.txt": "A view of the valley\nThe valley has always had a flood in spring, farmers said.\n",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("days")
    for name, text in ARTICLES.items():
        (folder / "articles" / name).parent.mkdir(exist_ok=True)
        (folder / "articles" / name).write_text(text, encoding="utf-8")
    settings = Settings(_env_file=None, reserve_mb=1)
    with Assistant.open(folder / "articles", folder / "index", settings) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "_today", lambda: TODAY)


def files(answer: Answer) -> set[str]:
    return {each.file for each in (*answer.citations, *answer.closest)}


def test_an_article_cannot_tell_of_what_came_after_it(assistant: Assistant) -> None:
    answer = assistant.ask("What has the ministry said of the flood in the valley since March 2022?")
    assert answer.period == Period("since March 2022", dt.date(2022, 3, 1), None, "older")
    assert "middle.txt" in files(answer) and "old.txt" not in files(answer)
    assert "old.txt" in files(assistant.ask("What has the ministry said of the flood in the valley?"))


def test_an_article_without_a_date_may_tell_of_any(assistant: Assistant) -> None:
    assert "undated.txt" in files(assistant.ask("What have farmers said of the flood in spring since March 2022?"))
    asked = "What do articles from March 2022 say of the flood in the valley?"
    assert files(assistant.ask(asked)) == {"middle.txt"}


def test_last_week_is_counted_from_today(assistant: Assistant) -> None:
    answer = assistant.ask("What did the minister say of the flood in the valley last week?")
    assert answer.period == Period("last week", dt.date(2026, 11, 9), dt.date(2026, 11, 15), "older")
    assert files(answer) <= {"new.txt", "undated.txt"} and "new.txt" in files(answer)


@pytest.mark.parametrize(
    ("question", "notice"),
    [
        ("What do articles from May 2023 say of the flood?", "No article is of these days; the newest is of 12 November 2026."),
        ("ماذا تقول مقالات مايو 2023 عن الوادي؟", "لا مقال من هذه الأيام؛ أحدث المقالات بتاريخ 12 نوفمبر 2026."),
    ],
)  # fmt: skip
def test_days_of_which_there_is_no_article_are_said_to_be_such(
    assistant: Assistant, question: str, notice: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.citations) == ("abstained", ())
    assert answer.notice == notice
    if answer.language == "en":
        assert answer.closest  # of other days, for reading on


def test_what_a_person_has_chosen_stands(assistant: Assistant) -> None:
    chosen = Scope(until=dt.date(2021, 1, 1))
    answer = assistant.ask("What has the ministry said of the flood since March 2022?", scope=chosen)
    assert files(answer) == {"old.txt"}
    assert answer.period is not None and answer.period.effect == "nearer"


def test_of_a_past_time_a_later_article_may_tell(assistant: Assistant) -> None:
    answer = assistant.ask("How many people did the flood kill in October 2020?")
    assert answer.period is not None and answer.period.effect == "nearer"
    assert answer.citations[0].file == "old.txt"


def test_articles_that_differ_are_put_in_the_order_of_their_dates(assistant: Assistant) -> None:
    answer = assistant.ask("How many people were killed by the flood in the valley?")
    assert [(each.file, each.number) for each in answer.citations][:2] == [("middle.txt", 1), ("old.txt", 2)]
    assert answer.notice == QUOTED["differ"]["en"]
    alone = assistant.ask("How many people were killed by the flood?", scope=Scope(files=frozenset({"old.txt"})))
    assert alone.notice is None


def test_what_was_read_is_told_in_both_languages_and_kept() -> None:
    day = dt.date(2022, 3, 1)
    for effect in ("published", "older", "nearer", "none"):
        for since, until in ((day, None), (None, day), (day, day), (day, dt.date(2022, 3, 31))):
            period = Period("since March", since, until, effect)
            assert Period.from_dict(period.to_dict()) == period
            for language in ("en", "ar"):
                line = read_as(period, language, lambda words: f"<{words}>")
                assert "<since March>" in line and "2022" in line and "{" not in line
    assert read_as(Period("since March", day, None, "older"), "en", repr) == (
        "Read 'since March' as 1 March 2022 and later; older articles were left out."
    )
    assert set(NOTICES["none"]) == set(NOTICES["undated"]) == {"en", "ar"}


def test_where_no_article_is_too_old_none_is_left_out(assistant: Assistant) -> None:
    asked, scope = "What was said since 2019?", Scope()
    found = days_of(asked, scope, assistant.documents, "en", TODAY)
    assert found.scope is scope and found.nothing is None
    assert found.period is not None and found.period.effect == "none"
    assert days_of("What was said since 2021?", scope, assistant.documents, "en", TODAY).scope.since == dt.date(
        2021, 1, 1
    )


def test_articles_without_a_date_alone_do_not_tell_of_yesterday(assistant: Assistant) -> None:
    found = days_of("What was said yesterday?", Scope(), assistant.documents, "en", TODAY)
    assert any(each.date is None for each in assistant.documents())
    assert found.nothing is not None and found.scope == Scope()
    assert assistant.ask("What did the ministry say of the flood yesterday?").status == "abstained"


def test_words_that_chose_the_articles_are_not_looked_for_in_them(assistant: Assistant) -> None:
    asked = "What has the ministry said since March 2022?"
    assert (
        days_of(asked, Scope(), assistant.documents, "en", TODAY).searched.split()
        == "What has the ministry said ?".split()
    )
    # Where nothing would be left, and where the words have chosen nothing, they are looked for.
    for whole in ("Since March 2022?", "Who was killed in October 2020?"):
        assert days_of(whole, Scope(), assistant.documents, "en", TODAY).searched == whole
    answer = assistant.ask("How many people did the flood in the valley kill since March 2022?")
    assert "105 people" in answer.citations[0].quote


def test_a_question_without_days_is_asked_of_all() -> None:
    assert narrowed("Who is he?", Scope(), TODAY) == (Scope(), None)


def test_a_scope_that_admits_undated_articles_is_read_back() -> None:
    scope = Scope(since=TODAY, undated=True)
    assert Scope.from_dict(scope.to_dict()) == scope
    assert scope.to_dict() == {"since": "2026-11-20", "undated": True}
