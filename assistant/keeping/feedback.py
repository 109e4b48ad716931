"""What readers thought of answers, and the evaluation questions that come of it.

A judgement keeps its own copy of the answer's record, so that it outlives the conversation. `evaluation_rows` writes
what `python -m eval --questions` reads. What it cannot know (the question in the other language, what a disliked
answer should have been) is left to a person, and each row's note says so.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, delete, insert, select, update

from assistant.citations import Answer, Citation
from assistant.errors import ConversationChanged, TextTooLong, UnknownConversation
from assistant.keeping import tables
from assistant.keeping.database import Database
from assistant.keeping.records import answer_of, plain, record_of

MOST_COMMENT: Final = 4000
"""Characters of a comment."""
_MARKER: Final = re.compile(r"\s*\[\d+\]")


class Given(NamedTuple):
    """A judgement on an answer. ``turn`` is ``None`` once the turn is gone; ``answer``, when its record cannot be read."""

    id: str
    turn: str | None
    liked: bool
    comment: str
    answer: Answer | None
    record: dict[str, Any] | None
    given: dt.datetime


class Feedback:
    """The judgements in a database. Every method raises `DatabaseFault` when it cannot be used."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self.database = database
        self._now = now

    def give(self, owner: str, turn: str, liked: bool, comment: str = "") -> Given:
        """Judge the answer of a turn; what was said of it before is replaced.

        Raises:
            TextTooLong: the comment exceeds `MOST_COMMENT`.
            UnknownConversation: the owner has no such turn.
            ConversationChanged: it holds no answer.
        """
        comment = plain(comment).strip()
        if len(comment) > MOST_COMMENT:
            raise TextTooLong(length=len(comment), limit=MOST_COMMENT)
        turns, conversations, feedback = tables.turns, tables.conversations, tables.feedback
        chosen = (
            select(turns.c.answer)
            .join(conversations, conversations.c.id == turns.c.conversation)
            .where(turns.c.id == plain(turn), conversations.c.owner == owner)
            .with_for_update()
        )
        with self.database.writing() as connection:
            row = connection.execute(chosen).one_or_none()
            if row is None:
                raise UnknownConversation()
            if row.answer is None:
                raise ConversationChanged()
            values = {"liked": liked, "comment": comment, "given": self._now(), "answer": row.answer}
            if connection.execute(update(feedback).where(feedback.c.turn == turn).values(**values)).rowcount == 0:
                connection.execute(insert(feedback).values(id=uuid.uuid4().hex, owner=owner, turn=turn, **values))
            return _given(connection.execute(select(feedback).where(feedback.c.turn == turn)).one())

    def withdraw(self, owner: str, turn: str) -> None:
        """Take back what was said of a turn, if anything was."""
        feedback = tables.feedback
        with self.database.writing() as connection:
            connection.execute(delete(feedback).where(feedback.c.turn == plain(turn), feedback.c.owner == owner))

    def of(self, owner: str, conversation: str) -> dict[str, Given]:
        """What the owner said of the turns of a conversation, by turn."""
        turns, feedback = tables.turns, tables.feedback
        chosen = (
            select(feedback)
            .join(turns, turns.c.id == feedback.c.turn)
            .where(turns.c.conversation == plain(conversation), feedback.c.owner == owner)
        )
        with self.database.reading() as connection:
            return {row.turn: _given(row) for row in connection.execute(chosen)}

    def all(self) -> list[Given]:
        """Everything that anyone said, the earliest first."""
        feedback = tables.feedback
        with self.database.reading() as connection:
            chosen = select(feedback).order_by(feedback.c.given, feedback.c.id)
            return [_given(row) for row in connection.execute(chosen)]


def evaluation_rows(feedback: Iterable[Given]) -> Iterator[dict[str, Any]]:
    """Rows of a question set (``eval/README.md`` has the schema), one for each judgement whose record can be read.

    A liked answer's citations are its gold. The id of a row that a person has to edit begins with ``edit-``: a
    disliked answer, or a liked one whose files have changed since. Question and answer stand in both languages as
    they were put in one; the note says which is to be translated.
    """
    for given in feedback:
        if given.answer is not None and given.answer.courtesy is None:
            yield _row(given, given.answer)


def _row(given: Given, answer: Answer) -> dict[str, Any]:
    gold = _gold(answer.citations if answer.status != "abstained" else ())
    lost = answer.status != "abstained" and not gold
    edit = not given.liked or lost
    other = {"ar": "en", "en": "ar"}[answer.language]
    notes = []
    if not given.liked:
        notes.append(
            "EDIT BY HAND: a reader disliked the answer; gold and answer are what was given, not what is right."
        )
    elif lost:
        notes.append("EDIT BY HAND: the files cited have changed since; gold is missing.")
    if given.comment:
        notes.append(f"Comment: {' '.join(given.comment.split())}")
    notes.append(f"Translate into {other}. The kind is a guess.")
    text = _MARKER.sub("", answer.text).strip() or "-"
    return {
        "id": f"{'edit' if edit else 'liked'}-{given.id}",
        "kind": "fact" if gold else "near-miss",
        "answerable": bool(gold),
        "question": {"ar": answer.question, "en": answer.question},
        "answer": {"ar": text, "en": text} if gold else None,
        "gold": gold,
        "note": " ".join(notes),
    }


def _gold(citations: Iterable[Citation]) -> list[dict[str, Any]]:
    """Each span once. A stale one no longer stands in its file."""
    spans = {(c.file, c.start, c.end): c.quote for c in citations if not c.stale and c.quote}
    return [{"file": file, "start": start, "end": end, "quote": quote} for (file, start, end), quote in spans.items()]


def _given(row: Row[Any]) -> Given:
    record = record_of(row.answer)
    return Given(row.id, row.turn, row.liked, row.comment, answer_of(record)[0], record, row.given)
