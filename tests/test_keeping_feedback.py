"""Feedback: kept with the whole record, and exported as questions that the evaluation reads and can measure."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.chat import Assistant
from assistant.errors import ConversationChanged, TextTooLong, UnknownConversation
from assistant.keeping.conversations import Conversations
from assistant.keeping.database import Database
from assistant.keeping.feedback import MOST_COMMENT, Feedback, evaluation_rows
from eval.questions import load, misplaced, parse
from tests.keeping_double import ARTICLE, Clock, a_citation, an_answer


@pytest.fixture
def keeper(database: Database) -> Conversations:
    return Conversations(database, Clock())


@pytest.fixture
def feedback(database: Database) -> Feedback:
    return Feedback(database, Clock())


@pytest.fixture
def conversation(keeper: Conversations) -> str:
    return keeper.create("layla").id


def test_a_judgement_keeps_the_record_and_may_change(
    keeper: Conversations, feedback: Feedback, conversation: str
) -> None:
    answer = an_answer()
    turn = keeper.append("layla", conversation, answer.question, answer).id
    assert feedback.of("layla", conversation) == {}
    given = feedback.give("layla", turn, True, "  جيد\x00 ")
    assert (given.turn, given.liked, given.comment, given.answer) == (turn, True, "جيد\ufffd", answer)
    assert given.record == json.loads(json.dumps(answer.to_dict()))
    changed = feedback.give("layla", turn, False, "wrong date")
    assert feedback.of("layla", conversation) == {turn: changed}
    assert feedback.all() == [changed]
    assert changed.id == given.id and not changed.liked and changed.given > given.given
    feedback.withdraw("layla", turn)
    assert feedback.all() == []


def test_nobody_judges_or_sees_what_is_not_theirs(keeper: Conversations, feedback: Feedback, conversation: str) -> None:
    turn = keeper.append("layla", conversation, "q", an_answer("q")).id
    given = feedback.give("layla", turn, True)
    with pytest.raises(UnknownConversation):
        feedback.give("omar", turn, False)
    feedback.withdraw("omar", turn)
    assert feedback.of("omar", conversation) == {}
    assert feedback.all() == [given]


@pytest.mark.parametrize("turn", ["", "x", "0" * 32, "\x00", "\ud800"])
def test_a_turn_that_never_was(feedback: Feedback, turn: str) -> None:
    with pytest.raises(UnknownConversation):
        feedback.give("layla", turn, True)
    feedback.withdraw("layla", turn)
    assert feedback.of("layla", turn) == {}


def test_there_must_be_an_answer_to_judge(keeper: Conversations, feedback: Feedback, conversation: str) -> None:
    with pytest.raises(ConversationChanged):
        feedback.give("layla", keeper.append("layla", conversation, "q").id, True)


def test_a_comment_has_a_limit(keeper: Conversations, feedback: Feedback, conversation: str) -> None:
    turn = keeper.append("layla", conversation, "q", an_answer("q")).id
    assert feedback.give("layla", turn, True, "x" * MOST_COMMENT).comment == "x" * MOST_COMMENT
    with pytest.raises(TextTooLong, match=str(MOST_COMMENT)):
        feedback.give("layla", turn, True, "x" * (MOST_COMMENT + 1))


def test_a_judgement_outlives_its_turn_and_does_not_pass_to_the_next(
    keeper: Conversations, feedback: Feedback, conversation: str
) -> None:
    turn = keeper.append("layla", conversation, "q", an_answer("q")).id
    given = feedback.give("layla", turn, False, "no")
    keeper.replace_last("layla", conversation, turn, "q", an_answer("q", text="better [1]"))
    assert feedback.of("layla", conversation) == {}
    assert feedback.all() == [given._replace(turn=None)]
    keeper.delete("layla", conversation)
    assert feedback.all() == [given._replace(turn=None)]


def rows(keeper: Conversations, feedback: Feedback, conversation: str, *, liked: bool, **fields: Any) -> dict[str, Any]:
    """The row of an answer with these fields, read by the evaluation."""
    turn = keeper.append("layla", conversation, "q", an_answer("q", **fields)).id
    feedback.give("layla", turn, liked, "because\nof this")
    [row] = evaluation_rows(feedback.all())
    parse(json.dumps(row))
    return row


def test_a_liked_answer_makes_its_citations_gold(keeper: Conversations, feedback: Feedback, conversation: str) -> None:
    again, part = a_citation(number=2), a_citation(number=3, start=0, quote=ARTICLE[:6])
    row = rows(
        keeper, feedback, conversation, liked=True, citations=(a_citation(), again, part), text="So it is [1] [3]."
    )
    assert row["id"].startswith("liked-") and row["answerable"]
    assert [(g["start"], g["quote"]) for g in row["gold"]] == [(again.start, again.quote), (0, "الأول.")]
    question = parse(json.dumps(row))
    assert misplaced([question], lambda file: ARTICLE if file == "a/أول.txt" else None) == []
    assert question.answer == {"ar": "So it is.", "en": "So it is."}
    assert "because of this" in question.note and "Translate into ar" in question.note


@pytest.mark.parametrize("status", ["answered", "uncertain", "abstained"])
def test_a_disliked_answer_is_flagged_for_editing(
    keeper: Conversations, feedback: Feedback, conversation: str, status: str
) -> None:
    fields = {"citations": (), "closest": (a_citation(),)} if status == "abstained" else {}
    row = rows(keeper, feedback, conversation, liked=False, status=status, **fields)
    assert row["id"].startswith("edit-") and row["note"].startswith("EDIT BY HAND")
    assert row["answerable"] is (status != "abstained")


def test_a_liked_abstention_is_a_question_without_answer(
    keeper: Conversations, feedback: Feedback, conversation: str
) -> None:
    row = rows(keeper, feedback, conversation, liked=True, status="abstained", citations=(), closest=(a_citation(),))
    assert (row["id"][:6], row["answerable"], row["gold"], row["answer"]) == ("liked-", False, [], None)


def test_what_has_gone_stale_is_no_gold(keeper: Conversations, feedback: Feedback, conversation: str) -> None:
    row = rows(keeper, feedback, conversation, liked=True, citations=(dataclasses.replace(a_citation(), stale=True),))
    assert row["id"].startswith("edit-") and row["gold"] == [] and "gold is missing" in row["note"]


def test_real_answers_become_questions_that_the_evaluation_can_measure(
    keeper: Conversations, feedback: Feedback, conversation: str, over_seeds: Assistant, tmp_path: Path
) -> None:
    for question in ("من طلب المساعدة من روسيا؟", "How many soldiers were killed?", "Who won the tennis match?"):
        answer = over_seeds.ask(question)
        feedback.give("layla", keeper.append("layla", conversation, question, answer).id, liked=True)
    file = tmp_path / "questions.jsonl"
    written = [json.dumps(row, ensure_ascii=False) for row in evaluation_rows(feedback.all())]
    file.write_text("\n".join(written), encoding="utf-8")
    questions = load(file)
    assert len(questions) == 3 and questions[0].answerable
    assert misplaced(questions, lambda name: over_seeds.document(name).text) == []
