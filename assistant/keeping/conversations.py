"""Conversations, each with its owner: an opaque text that stands for a browser or a user.

Every operation names the owner and sees nothing of another's: a conversation that belongs to someone else is as unknown as
one that never was. Each operation is one transaction. What changes the last turn names it, so that a window that shows
an older state changes nothing (`ConversationChanged`).
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, func, insert, or_, select, update

from assistant.citations import Answer
from assistant.errors import ConversationChanged, UnknownConversation
from assistant.keeping.database import Database
from assistant.keeping.records import Said, answer_of, fault_of, fault_text, plain, record_of, record_text
from assistant.keeping.searching import Excerpt, excerpt, folded, words
from assistant.keeping.tables import conversations, turns

MOST_TITLE: Final = 200
"""Characters of a title; longer ones are shortened."""
_OWN_TITLE: Final = 80
_ID: Final = re.compile("[0-9a-f]{32}")
_CURSOR: Final = re.compile("([0-9]{1,18})-([0-9a-f]{32})")
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Summary(NamedTuple):
    """A conversation as a list shows it; ``turns`` is how many questions it holds. Times are in UTC."""

    id: str
    title: str
    turns: int
    created: dt.datetime
    changed: dt.datetime


class KeptTurn(NamedTuple):
    """A question and what came of it. ``record`` is the answer as it was kept, field by field.

    There is a ``fault`` instead of an ``answer`` when none could be given, or when the record can no longer be read.
    """

    id: str
    question: str
    answer: Answer | None
    record: dict[str, Any] | None
    fault: Said | None
    asked: dt.datetime


class Conversation(NamedTuple):
    """A conversation with its turns in the order they were asked."""

    id: str
    title: str
    created: dt.datetime
    changed: dt.datetime
    turns: tuple[KeptTurn, ...]


class Page(NamedTuple):
    """A part of a list. ``following`` is what to ask the next part with, ``None`` at the end."""

    conversations: tuple[Summary, ...]
    following: str | None


class Match(NamedTuple):
    """A conversation that holds all words looked for. ``turn`` is the first that holds one, ``None`` for the title alone."""

    conversation: Summary
    turn: str | None
    excerpt: Excerpt


class Conversations:
    """The conversations in a database.

    Every method raises `DatabaseFault` when the database cannot be used, and `UnknownConversation` when the owner has
    none of that id; ids may be any text. An owner is a text of 1 to 200 characters.
    """

    def __init__(self, database: Database, now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self.database = database
        self._now = now

    def create(self, owner: str, title: str = "") -> Summary:
        """Begin a conversation. Without a title it takes that of its first question."""
        title, now, new = _title(title, MOST_TITLE), self._now(), uuid.uuid4().hex
        values = {"id": new, "owner": _owner(owner), "created": now, "changed": now}
        with self.database.writing() as connection:
            connection.execute(insert(conversations).values(**values, **_titled(title, named=bool(title))))
        return Summary(new, title, 0, now, now)

    def listed(self, owner: str, limit: int = 50, after: str | None = None) -> Page:
        """At most ``limit`` conversations, the last changed first, after those of the page whose ``following`` is given."""
        chosen = _summaries().where(conversations.c.owner == _owner(owner)).limit(limit + 1)
        if match := _CURSOR.fullmatch(after or ""):
            changed = _EPOCH + int(match[1]) * dt.timedelta(microseconds=1)
            earlier = and_(conversations.c.changed == changed, conversations.c.id < match[2])
            chosen = chosen.where(or_(conversations.c.changed < changed, earlier))
        with self.database.reading() as connection:
            found = [Summary(*row) for row in connection.execute(chosen)]
        more = len(found) > limit > 0
        last = found[limit - 1] if more else None
        microseconds = (last.changed - _EPOCH) // dt.timedelta(microseconds=1) if last else 0
        return Page(tuple(found[:limit]), f"{microseconds}-{last.id}" if last else None)

    def open(self, owner: str, conversation: str) -> Conversation:
        """The whole conversation."""
        with self.database.reading() as connection:
            row = _owned(connection, owner, conversation, lock=False)
            chosen = select(turns).where(turns.c.conversation == conversation).order_by(turns.c.place)
            kept = tuple(_turn(turn) for turn in connection.execute(chosen))
        return Conversation(row.id, row.title, row.created, row.changed, kept)

    def rename(self, owner: str, conversation: str, title: str) -> str:
        """Give it a title and return what became of it; an empty one lets it follow the first question again."""
        title = _title(title, MOST_TITLE)
        with self.database.writing() as connection:
            _owned(connection, owner, conversation)
            _change(connection, conversation, **_titled(title, named=bool(title)))
            if not title:
                title = _retitle(connection, conversation)
        return title

    def delete(self, owner: str, conversation: str) -> None:
        """Remove it with its turns. Feedback that was given on its answers stays."""
        with self.database.writing() as connection:
            _owned(connection, owner, conversation)
            connection.execute(delete(conversations).where(conversations.c.id == conversation))

    def delete_all(self, owner: str) -> int:
        """Remove all conversations of an owner and return how many there were."""
        with self.database.writing() as connection:
            return connection.execute(delete(conversations).where(conversations.c.owner == _owner(owner))).rowcount

    def append(
        self, owner: str, conversation: str, question: str, answer: Answer | None = None, fault: Said | None = None
    ) -> KeptTurn:
        """Add a turn at the end."""
        with self.database.writing() as connection:
            _owned(connection, owner, conversation)
            return self._append(connection, conversation, question, answer, fault)

    def replace_last(
        self,
        owner: str,
        conversation: str,
        last: str,
        question: str,
        answer: Answer | None = None,
        fault: Said | None = None,
    ) -> KeptTurn:
        """Put a turn in the place of the last one, which is ``last``: asked again, or asked differently.

        Raises:
            ConversationChanged: another turn is the last.
        """
        with self.database.writing() as connection:
            _owned(connection, owner, conversation)
            _remove_last(connection, conversation, last)
            return self._append(connection, conversation, question, answer, fault)

    def remove_last(self, owner: str, conversation: str, last: str) -> KeptTurn:
        """Take the last turn, which is ``last``, back, and return it.

        Raises:
            ConversationChanged: another turn is the last.
        """
        with self.database.writing() as connection:
            _owned(connection, owner, conversation)
            removed = _remove_last(connection, conversation, last)
            _change(connection, conversation, changed=self._now())
            _retitle(connection, conversation)
            return removed

    def search(self, owner: str, query: str, limit: int = 50) -> tuple[Match, ...]:
        """The conversations that hold every word of ``query`` in their title, questions or answers, last changed first.

        Words are parts of words, and Arabic ones are compared as everywhere: without vowels, whatever the hamza's seat.
        """
        wanted = words(query)
        if not wanted:
            return ()
        chosen = _summaries().where(conversations.c.owner == _owner(owner)).limit(limit)
        for word in wanted:
            inside = exists().where(turns.c.conversation == conversations.c.id, _holds(turns.c.folded, word))
            chosen = chosen.where(or_(_holds(conversations.c.folded, word), inside))
        with self.database.reading() as connection:
            found = [Summary(*row) for row in connection.execute(chosen)]
            return tuple(_match(connection, summary, wanted) for summary in found)

    def _append(
        self, connection: Connection, conversation: str, question: str, answer: Answer | None, fault: Said | None
    ) -> KeptTurn:
        place = select(func.coalesce(func.max(turns.c.place), 0)).where(turns.c.conversation == conversation)
        question, now = plain(question), self._now()
        values = {
            "id": uuid.uuid4().hex,
            "conversation": conversation,
            "place": connection.execute(place).scalar_one() + 1,
            "question": question,
            "answer": record_text(answer),
            "fault": fault_text(fault),
            "folded": folded(f"{question}\n{answer.text}" if answer else question),
            "asked": now,
        }
        connection.execute(insert(turns).values(**values))
        _change(connection, conversation, changed=now)
        _retitle(connection, conversation)
        return _turn(connection.execute(select(turns).where(turns.c.id == values["id"])).one())


def _owner(owner: str) -> str:
    if not 1 <= len(owner) <= 200 or owner != plain(owner):
        raise ValueError("an owner is a text of 1 to 200 characters")
    return owner


def _owned(connection: Connection, owner: str, conversation: str, *, lock: bool = True) -> Row[Any]:
    """The conversation's row; with ``lock`` nobody else changes it or its turns until the transaction ends."""
    chosen = select(conversations).where(conversations.c.id == conversation, conversations.c.owner == _owner(owner))
    chosen = chosen.with_for_update() if lock else chosen
    row = connection.execute(chosen).one_or_none() if _ID.fullmatch(conversation) else None
    if row is None:
        raise UnknownConversation()
    return row


def _summaries() -> Any:
    counted = select(func.count()).where(turns.c.conversation == conversations.c.id).scalar_subquery()
    columns = conversations.c
    order = (columns.changed.desc(), columns.id.desc())
    return select(columns.id, columns.title, counted, columns.created, columns.changed).order_by(*order)


def _holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return column.contains(word, autoescape=True)


def _match(connection: Connection, summary: Summary, wanted: list[str]) -> Match:
    inside = or_(*(_holds(turns.c.folded, word) for word in wanted))
    chosen = select(turns).where(turns.c.conversation == summary.id, inside).order_by(turns.c.place).limit(1)
    row = connection.execute(chosen).one_or_none()
    if row is None:
        return Match(summary, None, excerpt([summary.title], wanted))
    turn = _turn(row)
    return Match(summary, turn.id, excerpt([turn.question, turn.answer.text if turn.answer else ""], wanted))


def _remove_last(connection: Connection, conversation: str, last: str) -> KeptTurn:
    chosen = select(turns).where(turns.c.conversation == conversation).order_by(turns.c.place.desc()).limit(1)
    row = connection.execute(chosen).one_or_none()
    if row is None or row.id != last:
        raise ConversationChanged()
    connection.execute(delete(turns).where(turns.c.id == row.id))
    return _turn(row)


def _change(connection: Connection, conversation: str, **values: Any) -> None:
    connection.execute(update(conversations).where(conversations.c.id == conversation).values(**values))


def _retitle(connection: Connection, conversation: str) -> str:
    """Let the title follow the first question, unless the owner has given one. Returns the title."""
    row = connection.execute(select(conversations).where(conversations.c.id == conversation)).one()
    if row.named:
        return str(row.title)
    first = select(turns.c.question).where(turns.c.conversation == conversation).order_by(turns.c.place).limit(1)
    title = _title(connection.execute(first).scalar_one_or_none() or "", _OWN_TITLE)
    if title != row.title:
        _change(connection, conversation, **_titled(title, named=False))
    return title


def _titled(title: str, *, named: bool) -> dict[str, Any]:
    return {"title": title, "named": named, "folded": folded(title)}


def _title(title: str, most: int) -> str:
    """One line of at most ``most`` characters, cut after a word where there is one."""
    title = " ".join(plain(title).split())
    if len(title) <= most:
        return title
    head, space, _ = title[:most].rpartition(" ")
    return (head if space else title[: most - 1]).rstrip() + "…"


def _turn(row: Row[Any]) -> KeptTurn:
    record = record_of(row.answer)
    answer, unreadable = answer_of(record) if row.answer is not None else (None, None)
    return KeptTurn(row.id, row.question, answer, record, unreadable or fault_of(row.fault), row.asked)
