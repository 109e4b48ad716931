"""The tables of what people keep, and how a database of an earlier version becomes one of this version.

`MIGRATIONS` is the history: each entry is a list of statements that SQLite and PostgreSQL both understand, is never changed
once released, and raises the version by one. The tables below describe what the last one leaves behind, which a
test compares with the database itself.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeDecorator

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND: Final = dt.timedelta(microseconds=1)


class Moment(TypeDecorator[dt.datetime]):
    """A point in time with its zone, kept as whole microseconds since 1970: SQLite has no type of its own for it."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Any) -> dt.datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


metadata = MetaData()

version = Table("isnad_schema", metadata, Column("version", Integer, nullable=False))

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("title", Text, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("folded", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
)
"""``named``: the title was given by the owner, and does not follow the first question. ``folded``: the title to search in."""

turns = Table(
    "turns",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation", String(32), nullable=False),
    Column("place", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text),
    Column("fault", Text),
    Column("folded", Text, nullable=False),
    Column("asked", Moment, nullable=False),
)
"""``answer`` and ``fault`` are JSON; ``folded`` is the question and the answer's text to search in."""

feedback = Table(
    "feedback",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("turn", String(32)),
    Column("liked", Boolean, nullable=False),
    Column("comment", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("given", Moment, nullable=False),
)
"""``answer`` is a copy of the record that was judged: it outlives the turn, and then ``turn`` is null."""

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """CREATE TABLE conversations (
            id VARCHAR(32) NOT NULL PRIMARY KEY,
            owner VARCHAR(200) NOT NULL,
            title TEXT NOT NULL,
            named BOOLEAN NOT NULL,
            folded TEXT NOT NULL,
            created BIGINT NOT NULL,
            changed BIGINT NOT NULL
        )""",
        "CREATE INDEX conversations_of_owner ON conversations (owner, changed, id)",
        """CREATE TABLE turns (
            id VARCHAR(32) NOT NULL PRIMARY KEY,
            conversation VARCHAR(32) NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            question TEXT NOT NULL,
            answer TEXT,
            fault TEXT,
            folded TEXT NOT NULL,
            asked BIGINT NOT NULL,
            UNIQUE (conversation, place)
        )""",
        """CREATE TABLE feedback (
            id VARCHAR(32) NOT NULL PRIMARY KEY,
            owner VARCHAR(200) NOT NULL,
            turn VARCHAR(32) UNIQUE REFERENCES turns (id) ON DELETE SET NULL,
            liked BOOLEAN NOT NULL,
            comment TEXT NOT NULL,
            answer TEXT NOT NULL,
            given BIGINT NOT NULL
        )""",
        "CREATE INDEX feedback_by_time ON feedback (given, id)",
    ),
)
