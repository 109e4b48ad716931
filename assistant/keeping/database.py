"""The database in which conversations and feedback are kept: an SQLite file, or PostgreSQL by URL.

`Database` opens nothing until it is used, so that questions are answered while it is away, and finds it again when it
is back. Several threads and several servers may share one: writers of an SQLite file wait for each other, readers never.
Whatever the driver raises leaves here as one `DatabaseFault` that says what happened.

An SQLite file is checked when it is first used. A damaged one is moved aside, never deleted, and a new one is begun; `told`
says so. It is also looked up by name before each use, so that a server notices when another has moved it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    exc,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
    update,
)

from assistant.errors import (
    BadSetting,
    DatabaseAway,
    DatabaseDamaged,
    DatabaseFault,
    DatabaseFull,
    DatabaseLocked,
    DatabaseNewer,
    DatabaseReadOnly,
    DatabaseSetAside,
    DriverMissing,
)
from assistant.keeping import tables

log = logging.getLogger(__name__)

PATIENCE: Final = 10
"""Seconds that a writer waits for its turn before it gives up."""
FILE: Final = "kept.sqlite"
"""The usual file, in a folder beside the index."""
_MAGIC: Final = b"SQLite format 3\x00"
_KEY: Final = 0x69736E6164  # "isnad": the lock of PostgreSQL under which one server at a time migrates
_SQLITE: Final[dict[int, type[DatabaseFault]]] = {
    5: DatabaseLocked,  # SQLITE_BUSY
    6: DatabaseLocked,  # SQLITE_LOCKED
    8: DatabaseReadOnly,  # SQLITE_READONLY
    11: DatabaseDamaged,  # SQLITE_CORRUPT
    13: DatabaseFull,  # SQLITE_FULL
    14: DatabaseAway,  # SQLITE_CANTOPEN
    26: DatabaseDamaged,  # SQLITE_NOTADB
}
_POSTGRES: Final[dict[str, type[DatabaseFault]]] = {
    "55P03": DatabaseLocked,  # lock_not_available
    "57014": DatabaseLocked,  # query_canceled, by the time limit
    "40P01": DatabaseLocked,  # deadlock_detected
    "25006": DatabaseReadOnly,  # read_only_sql_transaction
    "42501": DatabaseReadOnly,  # insufficient_privilege
    "53100": DatabaseFull,  # disk_full
    "XX001": DatabaseDamaged,  # data_corrupted
    "XX002": DatabaseDamaged,  # index_corrupted
}
_POSTGRES_CLASSES: Final = {
    "08": DatabaseAway,
    "28": DatabaseAway,
    "3D": DatabaseAway,
    "53": DatabaseAway,
    "57": DatabaseAway,
}


def beside(index: Path) -> str:
    """The URL of the usual database: a file in a folder beside the index, which itself may be removed at any time."""
    index = Path(os.path.abspath(index))
    file = index.parent / f"{index.name}-data" / FILE
    return URL.create("sqlite", database=str(file)).render_as_string(hide_password=False)


class Database:
    """A database by its URL. Nothing is opened or made before the first use. Safe to share between threads.

    Raises:
        BadSetting: the URL is none of SQLite or PostgreSQL.
        DriverMissing: PostgreSQL was named, and its driver is not installed.
    """

    told: DatabaseSetAside | None = None
    """What its users should be told: that a damaged file was set aside."""

    def __init__(self, url: str) -> None:
        parsed = _parsed(url)
        self._sqlite = parsed.get_backend_name() == "sqlite"
        name = parsed.database or ""
        self._file = Path(os.path.abspath(name)) if self._sqlite and not name.startswith("file:") else None
        self.place = str(self._file) if self._file else parsed.render_as_string(hide_password=True)
        self._url = parsed
        self._engine = _sqlite_engine(parsed) if self._sqlite else _postgres_engine(parsed)
        self._preparing = threading.Lock()
        self._ready: object = None

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections. It can be used again."""
        self._ready = None
        self._engine.dispose()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: all it sees is of one moment.

        Raises:
            DatabaseFault: it cannot be reached or read.
        """
        with self._transaction("BEGIN") as connection:
            if not self._sqlite:  # which sees one moment anyway
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: all of it is kept when the block ends, and nothing when it raises.

        Raises:
            DatabaseFault: it cannot be reached or written.
        """
        # SQLite's writers queue up when they begin: a reader that turns into a writer cannot wait.
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def examine(self) -> int | None:
        """How many conversations it holds, or ``None`` when it is yet to be made. Nothing is made, mended or set aside.

        Raises:
            DatabaseFault: it cannot be reached or read.
        """
        engine = self._engine
        if self._file is not None:
            if not self._file.exists():
                return None
            engine = _sqlite_engine(_read_only(self._file))
        try:
            with self._translated(), engine.connect() as connection, connection.begin():
                if self._sqlite and connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                    raise DatabaseDamaged(place=self.place, reason="its own check finds faults")
                version = _version(connection)
                if version > len(tables.MIGRATIONS):
                    raise DatabaseNewer(place=self.place)
                counted = select(func.count()).select_from(tables.conversations)
                return int(connection.execute(counted).scalar_one()) if version else None
        finally:
            if engine is not self._engine:
                engine.dispose()

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        self._prepare()
        with self._translated(), self._engine.connect() as connection:
            connection.execution_options(isnad_begin=begin)
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            fault = self._fault(error)
            if isinstance(fault, DatabaseDamaged | DatabaseReadOnly | DatabaseAway):
                self.close()  # the next use looks anew: it sets the file aside, or opens it as it now can be
            raise fault from error
        except exc.TimeoutError as error:  # all connections are busy
            raise DatabaseLocked(place=self.place) from error

    def _fault(self, error: exc.DBAPIError) -> DatabaseFault:
        reason = _reason(error.orig)
        kind: type[DatabaseFault] | None
        if self._sqlite:
            kind = _SQLITE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
        else:
            # There is no state when not even a connection came about.
            state = getattr(error.orig, "sqlstate", None)
            kind = (_POSTGRES.get(state) or _POSTGRES_CLASSES.get(state[:2])) if state else DatabaseAway
        return (kind or DatabaseFault)(place=self.place, reason=reason)

    def _prepare(self) -> None:
        """Make the database ready, once: check it, make its tables or bring them up to date."""
        if self._ready is not None and self._ready == self._identity():
            return
        with self._preparing:
            if self._ready is not None and self._ready == self._identity():
                return
            self.close()
            if self._file is not None:
                self._engine = _sqlite_engine(_as_it_can_be(self._url, self._file))
            with self._translated(), self._alone():
                if self._file and self._file.exists():
                    self._check(self._file)
                self._migrate()
            self._ready = self._identity()

    def _identity(self) -> object:
        """Changes when the file of this name is another one."""
        if self._file is None:
            return True
        try:
            status = self._file.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold off other processes of this machine while the file is checked and its tables are made."""
        if self._file is None:
            yield
            return
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(
                self._file.with_name(f".{self._file.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        except OSError as error:
            if not self._file.exists():
                raise DatabaseAway(place=self.place, reason=_reason(error)) from error
            yield  # a folder that cannot be written: it may still be read
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._file.exists():
                # What people ask is their own affair.
                os.close(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
            yield
        except OSError as error:
            raise DatabaseAway(place=self.place, reason=_reason(error)) from error
        finally:
            os.close(lock)

    def _check(self, file: Path) -> None:
        """Set the file aside if it is damaged, with what belongs to it."""
        try:
            with self._engine.connect() as connection:
                found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            if found == "ok":
                return
        except exc.DBAPIError as error:
            if not isinstance(self._fault(error), DatabaseDamaged):
                raise
        self._engine.dispose()
        # Not sooner: closing a file of one's own lets go of the locks that SQLite holds on it in this process.
        with file.open("rb") as opened:
            ours = opened.read(len(_MAGIC)) == _MAGIC or file.name == FILE
        if not ours:
            # Whoever mistyped a setting must not find another file renamed.
            raise DatabaseDamaged(place=self.place, reason="it is no SQLite file")
        self.told = DatabaseSetAside(place=self.place, kept=_set_aside(file))
        log.error("%s", self.told)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))

    def _migrate(self) -> None:
        newest = len(tables.MIGRATIONS)
        if self._version() == newest:
            return
        if self._sqlite:
            with self._engine.connect() as connection:
                connection.execution_options(isnad_begin="")
                # Readers and one writer do not wait for each other. It stays with the file.
                connection.exec_driver_sql("PRAGMA journal_mode = WAL").all()
        with self._engine.connect() as connection:
            connection.execution_options(isnad_begin="BEGIN IMMEDIATE")
            with connection.begin():
                if not self._sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _KEY})
                reached = _version(connection)
                for step in tables.MIGRATIONS[reached:]:
                    for statement in step:
                        connection.exec_driver_sql(statement)
                if reached == 0:
                    connection.exec_driver_sql("CREATE TABLE isnad_schema (version INTEGER NOT NULL)")
                    connection.execute(insert(tables.version).values(version=newest))
                else:
                    connection.execute(update(tables.version).values(version=newest))

    def _version(self) -> int:
        with self._engine.connect() as connection, connection.begin():
            version = _version(connection)
        if version > len(tables.MIGRATIONS):
            raise DatabaseNewer(place=self.place)
        return version


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError):
        raise BadSetting(name="ISNAD_DATABASE", reason="it is no URL of a database") from None
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername != "sqlite" or parsed.database in (None, "", ":memory:"):
        reason = "it must begin with sqlite:/// and a file, or with postgresql://"
        raise BadSetting(name="ISNAD_DATABASE", reason=reason)
    return parsed


def _as_it_can_be(url: URL, file: Path) -> URL:
    """The URL itself, or one that only reads, for a file on a disk that cannot be written."""
    if not file.exists() or os.access(file, os.W_OK) or os.access(file.parent, os.W_OK):
        return url
    return _read_only(file)


def _read_only(file: Path) -> URL:
    """Reading needs files of its own beside the database, which may not be made where nothing can be written.

    There nobody writes, so there is no need of them, unless a server that was killed has left what is not in the file yet.
    """
    log = file.with_name(f"{file.name}-wal")
    alone = not os.access(file.parent, os.W_OK) and not (log.exists() and log.stat().st_size)
    query = {"mode": "ro", "uri": "true"} | ({"immutable": "1"} if alone else {})
    return URL.create("sqlite", database=file.as_uri(), query=query)


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": PATIENCE})

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _: object) -> None:
        # Transactions begin where we say, not where the driver guesses.
        connection.isolation_level = None
        for pragma in ("foreign_keys = ON", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if begin := connection.get_execution_options().get("isnad_begin", "BEGIN"):
            connection.exec_driver_sql(begin)

    return engine


def _postgres_engine(url: URL) -> Engine:
    limits = f"-c lock_timeout={PATIENCE}s -c statement_timeout={3 * PATIENCE}s"
    given = {"connect_timeout": 5, "application_name": "isnad", "options": limits}
    arguments = {name: value for name, value in given.items() if name not in url.query}
    try:
        # Asked before each use whether they still live: the server may have been restarted.
        return create_engine(url, connect_args=arguments, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise DriverMissing() from error


def _version(connection: Connection) -> int:
    if not inspect(connection).has_table("isnad_schema"):
        return 0
    return int(connection.execute(select(tables.version.c.version)).scalar_one())


def _set_aside(file: Path) -> Path:
    """The new name of a damaged file."""
    day = dt.datetime.now(dt.UTC).strftime("%Y%m%d-%H%M%S")
    kept = file.with_name(f"{file.name}.damaged-{day}-{os.getpid()}")
    for end in ("-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            file.with_name(file.name + end).rename(kept.with_name(kept.name + end))
    return file.rename(kept)


def _reason(error: BaseException | None) -> str:
    """The first line of a driver's complaint, made to stand inside ours."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = str(error).strip().splitlines()
    return lines[0].strip().rstrip(".") if lines else type(error).__name__
