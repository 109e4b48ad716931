"""What is kept, over HTTP: everybody finds their own, and nobody else's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from assistant.keeping.conversations import Conversations
from assistant.keeping.database import Database
from assistant.keeping.feedback import Feedback
from assistant.web import visitors
from assistant.web.app import create_app
from assistant.web.talk import Keeper, Talk, Turn
from tests.web_double import Double

HOME = {"base_url": "http://127.0.0.1:7860"}
QUESTION = "Which drones did Azerbaijan use?"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(f"sqlite:///{tmp_path}/kept.sqlite") as opened:
        yield opened


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    with TestClient(create_app(Double(), database=database), **HOME) as client:
        client.get("/")
        yield client


@pytest.fixture
def stranger(database: Database) -> Iterator[TestClient]:
    with TestClient(create_app(Double(), database=database), **HOME) as client:
        client.get("/")
        yield client


def owner(client: TestClient) -> str:
    name = visitors.owner({}, dict(client.cookies))
    assert name
    return name


def said(client: TestClient, database: Database, *questions: str) -> Talk:
    keeper, talk = Keeper(Conversations(database), Feedback(database)), Talk()
    for question in questions:
        talk, line = keeper.keep(owner(client), talk.adding(Turn(question, Double().ask(question))), "en")
        assert line == ""
    return talk


def titles(client: TestClient, **query: str) -> list[str]:
    return [each["title"] for each in client.get("/api/conversations", params=query).json()["conversations"]]


def test_a_browser_is_given_one_cookie_that_scripts_and_other_pages_cannot_have(database: Database) -> None:
    with TestClient(create_app(Double(), database=database), **HOME) as client:
        given = client.get("/").headers["set-cookie"]
        assert re.search(r"isnad=[\w-]{43};", given)
        assert "HttpOnly" in given
        assert "SameSite=Strict" in given
        assert "set-cookie" not in client.get("/").headers
        for other in ("isnad=forged", "isnad", ";;=;", "isnad=\x01", "=isnad; ,\xff"):
            assert "set-cookie" in client.get("/", headers={"cookie": other.encode("latin-1")}).headers
        # Another program's cookie that breaks the rules does not hide ours.
        assert "set-cookie" not in client.get("/", headers={"cookie": f"a[b]=c d; {given.split(';')[0]}"}).headers
        assert "set-cookie" not in client.get("/healthz", headers={"cookie": ""}).headers


def test_conversations_are_listed_searched_and_renamed(client: TestClient, database: Database) -> None:
    talk = said(client, database, QUESTION, "من هو المتحدث باسم الكرملين؟")
    said(client, database, "What is the population of Armenia?")
    assert titles(client) == ["What is the population of Armenia?", QUESTION]
    assert titles(client, q="الكرملين") == [QUESTION]
    response = client.patch("/api/conversations", params={"id": talk.id}, json={"title": "  Drones \n of war "})
    assert response.json() == {"title": "Drones of war"}
    assert titles(client, q="drones war") == ["Drones of war"]


def test_nobody_finds_or_changes_another_s(client: TestClient, stranger: TestClient, database: Database) -> None:
    talk = said(client, database, QUESTION)
    turn = talk.turns[0].kept
    assert titles(stranger) == []
    assert titles(stranger, q="drones") == []
    for response in (
        stranger.patch("/api/conversations", params={"id": talk.id}, json={"title": "mine"}),
        stranger.delete("/api/conversations", params={"id": talk.id}),
        stranger.get("/api/conversations/export", params={"id": talk.id}),
        stranger.post("/api/feedback", params={"turn": turn}, json={"liked": True}),
    ):
        assert response.status_code == 404
        assert "no such conversation" in response.json()["error"]
    assert titles(client) == [QUESTION]


@pytest.mark.parametrize("identity", ["", "x", "../1", "0" * 32, "'; DROP TABLE turns; --"])
def test_an_id_of_nothing_finds_nothing(client: TestClient, identity: str) -> None:
    assert client.delete("/api/conversations", params={"id": identity}).status_code == 404
    assert client.get("/api/conversations/export", params={"id": identity}).status_code == 404


def test_without_a_cookie_nothing_is_anybody_s(client: TestClient) -> None:
    response = client.get("/api/conversations", headers={"cookie": ""}, params={"ui": "ar"})
    client.cookies.clear()
    response = client.get("/api/conversations", params={"ui": "ar"})
    assert response.status_code == 404
    assert "محادثة" in response.json()["error"]


def test_a_conversation_is_saved_as_a_file(client: TestClient, database: Database) -> None:
    talk = said(client, database, QUESTION)
    markdown = client.get("/api/conversations/export", params={"id": talk.id})
    assert markdown.headers["content-type"].startswith("text/markdown")
    assert markdown.headers["content-disposition"].startswith("attachment; filename*=UTF-8''isnad-")
    assert "004_6b939b76667bada4" in markdown.text.replace("\\", "")
    record = client.get("/api/conversations/export", params={"id": talk.id, "form": "json"})
    assert json.loads(record.text)["turns"][0]["question"] == QUESTION


def test_a_deleted_conversation_is_gone(client: TestClient, database: Database) -> None:
    talk = said(client, database, QUESTION)
    assert client.delete("/api/conversations", params={"id": talk.id}).json() == {}
    assert titles(client) == []


def test_an_answer_is_judged_judged_again_and_left_alone(client: TestClient, database: Database) -> None:
    talk = said(client, database, QUESTION)
    turn, feedback = talk.turns[0].kept, Feedback(database)
    assert client.post("/api/feedback", params={"turn": turn}, json={"liked": True}).json() == {"liked": True}
    client.post("/api/feedback", params={"turn": turn}, json={"liked": False, "comment": "Not the drones."})
    [given] = feedback.all()
    assert (given.liked, given.comment) == (False, "Not the drones.")
    assert given.answer
    assert given.answer.citations
    assert client.post("/api/feedback", params={"turn": turn}, json={"liked": None}).json() == {"liked": None}
    assert feedback.all() == []
    long = client.post("/api/feedback", params={"turn": turn}, json={"liked": True, "comment": "x" * 5000})
    assert long.status_code == 413


@pytest.mark.parametrize("body", ["", "[]", "null", "{", '"x"', "[" * 100_000])
def test_a_body_of_nonsense_changes_nothing(client: TestClient, database: Database, body: str) -> None:
    talk = said(client, database, QUESTION)
    assert client.post("/api/feedback", params={"turn": talk.turns[0].kept}, content=body).json() == {"liked": None}
    assert Feedback(database).all() == []


def test_a_database_that_is_away_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    away = Database(f"sqlite:///{tmp_path}/file/kept.sqlite")
    with TestClient(create_app(Double(), database=away), **HOME) as client:
        client.get("/")
        response = client.get("/api/conversations")
    assert response.status_code == 503
    assert "\n" not in response.json()["error"]


class TestKeeper:
    def keeper(self, database: Database) -> Keeper:
        return Keeper(Conversations(database), Feedback(database))

    def turn(self, question: str = QUESTION) -> Turn:
        return Turn(question, Double().ask(question))

    def test_a_talk_is_kept_turn_by_turn_and_found_again(self, database: Database) -> None:
        keeper = self.keeper(database)
        talk, _ = keeper.keep("layla", Talk().adding(self.turn()), "en")
        talk, _ = keeper.keep("layla", talk.adding(self.turn("من سيقود المفاوضات؟")), "en")
        found = keeper.open("layla", talk.id)
        assert found == talk
        assert [turn.question for turn in found.turns] == [QUESTION, "من سيقود المفاوضات؟"]

    def test_asking_again_takes_the_place_of_the_last_turn(self, database: Database) -> None:
        keeper = self.keeper(database)
        talk, _ = keeper.keep("layla", Talk().adding(self.turn()), "en")
        turn = replace(self.turn(), kept=talk.turns[-1].kept)
        again, _ = keeper.keep("layla", talk.before().adding(turn), "en")
        assert again.id == talk.id
        assert again.turns[-1].kept not in (None, turn.kept)
        assert keeper.open("layla", talk.id) == again

    def test_what_could_not_take_the_place_of_a_turn_is_not_judged_as_that_turn(self, database: Database) -> None:
        keeper = self.keeper(database)
        talk, _ = keeper.keep("layla", Talk().adding(self.turn()), "en")
        with database.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE turns RENAME TO elsewhere")
        unkept, line = keeper.keep("layla", talk, "en")
        assert line.startswith("The answer is not kept")
        assert unkept == Talk(talk.id, (self.turn(),))

    def test_taking_back_the_only_turn_leaves_no_empty_conversation(self, database: Database) -> None:
        keeper = self.keeper(database)
        talk, _ = keeper.keep("layla", Talk().adding(self.turn()), "en")
        assert keeper.take_back("layla", talk) == Talk()
        assert Conversations(database).listed("layla").conversations == ()

    def test_a_conversation_deleted_elsewhere_goes_on_as_a_new_one_with_all_its_turns(self, database: Database) -> None:
        keeper = self.keeper(database)
        talk, _ = keeper.keep("layla", Talk().adding(self.turn()), "en")
        Conversations(database).delete("layla", talk.id)
        more, line = keeper.keep("layla", talk.adding(self.turn("من سيقود المفاوضات؟")), "en")
        assert line == ""
        assert more.id != talk.id
        assert len(keeper.open("layla", more.id).turns) == 2

    def test_what_cannot_be_kept_is_still_there_and_one_line_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        keeper = self.keeper(Database(f"sqlite:///{tmp_path}/file/kept.sqlite"))
        talk = Talk().adding(self.turn())
        same, line = keeper.keep("layla", talk, "ar")
        assert same == talk
        assert line.startswith("لم تُحفظ الإجابة")

    def test_without_an_owner_or_a_database_nothing_is_kept(self, database: Database) -> None:
        talk = Talk().adding(self.turn())
        assert Keeper().keep("layla", talk, "en") == (talk, "")
        assert self.keeper(database).keep(None, talk, "en") == (talk, "")


def test_a_user_s_name_comes_before_a_cookie() -> None:
    request = SimpleNamespace(scope={visitors.OWNER: "user:layla"}, cookies={"isnad": "x" * 43})
    assert visitors.owner(request.scope, request.cookies) == "user:layla"
    assert visitors.owner({}, request.cookies) != visitors.owner({}, {"isnad": "y" * 43})
    assert visitors.owner({}, {}) is None
