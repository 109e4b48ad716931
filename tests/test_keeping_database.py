"""Where conversations are kept: made on first use, shared, and honest about what is wrong with it."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, select, text

from assistant.errors import (
    BadSetting,
    DatabaseAway,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseLocked,
    DatabaseNewer,
    DatabaseReadOnly,
    DriverMissing,
)
from assistant.keeping import database as module
from assistant.keeping import tables
from assistant.keeping.conversations import Conversations
from assistant.keeping.database import Database, beside
from tests.damage import as_plain_user, read_only
from tests.postgres import Server

ROOT = Path(__file__).parents[1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "kept.sqlite"


def at(file: Path) -> Database:
    return Database(f"sqlite:///{file}")


def one_kept(file: Path) -> str:
    """Keep a conversation and return its id."""
    database = at(file)
    kept = Conversations(database).create("layla", "أول محادثة").id
    database.close()
    return kept


def described(connection: Connection) -> dict[str, dict[str, tuple[str, bool]]]:
    found = inspect(connection)
    families = {"VARCHAR": "text", "TEXT": "text", "BIGINT": "whole", "INTEGER": "whole", "BOOLEAN": "truth"}
    return {
        table: {c["name"]: (families[str(c["type"]).split("(")[0]], c["nullable"]) for c in found.get_columns(table)}
        for table in found.get_table_names()
    }


def test_nothing_is_made_before_it_is_used(file: Path) -> None:
    at(file)
    assert not file.parent.exists()


def test_the_migrations_make_the_tables_that_the_program_knows(database: Database) -> None:
    families = {"String": "text", "Text": "text", "Moment": "whole", "Integer": "whole", "Boolean": "truth"}
    known = {
        table.name: {c.name: (families[type(c.type).__name__], bool(c.nullable)) for c in table.columns}
        for table in tables.metadata.sorted_tables
    }
    with database.reading() as connection:
        assert described(connection) == known
        assert connection.execute(select(tables.version.c.version)).all() == [(len(tables.MIGRATIONS),)]


def test_a_database_of_an_earlier_version_is_brought_up_to_date(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Conversations(database).create("layla", "old")
    later = (*tables.MIGRATIONS, ("ALTER TABLE conversations ADD COLUMN colour TEXT NOT NULL DEFAULT 'none'",))
    monkeypatch.setattr(tables, "MIGRATIONS", later)
    newer = Database(database_url)
    with newer.reading() as connection:
        assert connection.execute(text("SELECT id, colour FROM conversations")).all() == [(kept.id, "none")]
        assert connection.execute(select(tables.version.c.version)).scalar_one() == len(later)
    newer.close()
    monkeypatch.undo()
    with Database(database_url) as older, pytest.raises(DatabaseNewer, match="later version"), older.reading():
        pass


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Conversations(database).create("layla", "old")
    broken = (
        *tables.MIGRATIONS,
        ("ALTER TABLE conversations ADD COLUMN colour TEXT", "ALTER TABLE nowhere ADD x TEXT"),
    )
    monkeypatch.setattr(tables, "MIGRATIONS", broken)
    with Database(database_url) as later, pytest.raises(module.DatabaseFault, match="nowhere"), later.writing():
        pass
    monkeypatch.undo()
    again = Database(database_url)
    assert [summary.id for summary in Conversations(again).listed("layla").conversations] == [kept.id]
    with again.reading() as connection:
        assert "colour" not in described(connection)["conversations"]
    again.close()


def test_servers_that_start_together_make_the_tables_once(database_url: str) -> None:
    """Eight processes that meet an empty database at the same moment: each keeps one conversation."""
    code = (
        "import sys; from assistant.keeping.conversations import Conversations; from assistant.keeping.database import Database\n"
        "database = Database(sys.argv[1]); sys.stdin.read()\n"
        "Conversations(database).create('layla', sys.argv[2]); database.close()"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, database_url, str(number)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
        )
        for number in range(8)
    ]
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    errors = [process.communicate(timeout=60)[1] for process in started]
    assert errors == [""] * 8
    database = Database(database_url)
    assert {s.title for s in Conversations(database).listed("layla").conversations} == {
        str(number) for number in range(8)
    }
    database.close()


def test_a_transaction_that_raises_keeps_nothing(database: Database) -> None:
    kept = Conversations(database).create("layla", "old")

    def half() -> None:
        with database.writing() as connection:
            connection.execute(tables.conversations.delete())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert [summary.id for summary in Conversations(database).listed("layla").conversations] == [kept.id]


def test_reading_sees_one_moment_while_another_writes(database: Database) -> None:
    keeper = Conversations(database)
    keeper.create("layla", "first")
    with database.reading() as connection:
        assert len(connection.execute(select(tables.conversations)).all()) == 1
        keeper.create("layla", "second")
        assert len(connection.execute(select(tables.conversations)).all()) == 1
    assert len(keeper.listed("layla").conversations) == 2


def test_the_usual_place_is_beside_the_index_and_survives_it(tmp_path: Path) -> None:
    assert beside(tmp_path / ".isnad") == f"sqlite:///{tmp_path}/.isnad-data/kept.sqlite"
    odd = tmp_path / "a%20b ?#é"
    database = Database(beside(odd / "x"))
    Conversations(database).create("layla")
    database.close()
    assert (odd / "x-data" / "kept.sqlite").is_file()


def test_only_the_owner_of_the_process_may_read_it(file: Path) -> None:
    one_kept(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_sqlite_is_set_up_for_many_readers_and_no_loss(file: Path) -> None:
    with at(file) as database, database.writing() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"\x00" * 200 + data[200:],
        lambda data: b"not a database at all, but long enough to be one" * 200,
        lambda data: data[:4096] + b"\xff" * (len(data) - 4096),
        lambda data: data[: len(data) // 2],
    ],
    ids=["header", "all", "pages", "cut"],
)
def test_a_damaged_file_is_set_aside_and_told(file: Path, spoil: object) -> None:
    one_kept(file)
    spoilt = spoil(file.read_bytes())  # type: ignore[operator]
    file.write_bytes(spoilt)
    database = at(file)
    assert Conversations(database).listed("layla").conversations == ()
    new = Conversations(database).create("layla", "new")
    database.close()
    [kept] = file.parent.glob("kept.sqlite.damaged-*")
    assert kept.read_bytes() == spoilt
    assert database.told is not None
    assert str(kept) in str(database.told) and str(kept) in database.told.say("ar")
    again = at(file)
    assert [summary.id for summary in Conversations(again).listed("layla").conversations] == [new.id]
    assert again.told is None
    again.close()


def test_a_sound_file_is_not_set_aside(file: Path) -> None:
    kept = one_kept(file)
    database = at(file)
    assert Conversations(database).open("layla", kept).title == "أول محادثة"
    assert database.told is None
    assert list(file.parent.glob("*damaged*")) == []


def test_a_file_that_is_none_of_ours_is_left_alone(tmp_path: Path) -> None:
    """A setting that names an article by mistake."""
    article = tmp_path / "article.txt"
    article.write_text("قالت وزارة الدفاع\n" * 500, encoding="utf-8")
    before = article.read_bytes()
    with pytest.raises(DatabaseDamaged, match="no SQLite file"), at(article) as database, database.reading():
        pass
    assert article.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "damaged" in path.name] == []


def test_a_file_that_is_moved_away_is_noticed(file: Path) -> None:
    """By another server that found it damaged, say: nothing more goes into the old file."""
    one, other = at(file), at(file)
    Conversations(one).create("layla", "old")
    for path in list(file.parent.glob("kept.sqlite*")):
        path.rename(path.with_name(f"old-{path.name}"))
    Conversations(other).create("layla", "by the other")
    Conversations(one).create("layla", "by this one")
    titles = {s.title for s in Conversations(one).listed("layla").conversations}
    assert titles == {"by the other", "by this one"}
    one.close()
    other.close()


def test_a_locked_file_is_said_to_be_and_nothing_is_lost(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    kept = one_kept(file)
    database = at(file)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseLocked, match="another process") as caught:
        Conversations(database).rename("layla", kept, "new")
    assert "عملية أخرى" in caught.value.say("ar")
    assert Conversations(database).open("layla", kept).title == "أول محادثة"  # reading goes on
    holder.execute("ROLLBACK")
    holder.close()
    assert Conversations(database).rename("layla", kept, "new") == "new"
    database.close()


def test_a_file_that_cannot_be_written_can_still_be_read(file: Path) -> None:
    kept = one_kept(file)
    database = Database(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert Conversations(database).open("layla", kept).title == "أول محادثة"
    with pytest.raises(DatabaseReadOnly, match="right to write"):
        Conversations(database).delete("layla", kept)
    database.close()


def test_a_full_disk_is_said_to_be_and_nothing_is_lost(file: Path) -> None:
    kept = one_kept(file)
    database = at(file)

    def fill() -> None:
        with database.writing() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            connection.execute(tables.conversations.update().values(folded="x" * 1_000_000))

    with pytest.raises(DatabaseFull, match="full"):
        fill()
    database.close()
    again = at(file)
    assert Conversations(again).open("layla", kept).title == "أول محادثة"
    again.close()


@pytest.mark.parametrize("where", ["in-a-file", "a-folder"])
def test_a_place_that_cannot_be_a_database(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    path = tmp_path / "file" / "kept.sqlite" if where == "in-a-file" else tmp_path / "folder"
    with pytest.raises(DatabaseAway) as caught, at(path) as database, database.reading():
        pass
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://x/y", "postgresql://x:nan/y"]
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(BadSetting, match="ISNAD_DATABASE"):
        Database(url)


def test_a_missing_driver_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(DriverMissing, match=r"psycopg\[binary\]"):
        Database("postgresql://here/isnad")


def test_a_server_that_is_away_is_said_to_be_without_its_password(postgres: Server) -> None:
    database = Database("postgresql://isnad:secret@127.0.0.1:1/isnad")
    with pytest.raises(DatabaseAway) as caught, database.reading():
        pass
    for language in ("en", "ar"):
        assert "secret" not in caught.value.say(language)
        assert "127.0.0.1" in caught.value.say(language)


def test_a_server_that_comes_back_is_used_again(postgres: Server) -> None:
    if postgres.folder is None:
        pytest.skip("a server that was given is not restarted")
    with postgres.database() as url:
        database = Database(url)
        kept = Conversations(database).create("layla", "before")
        postgres.stop()
        try:
            with pytest.raises(DatabaseAway):
                Conversations(database).listed("layla")
        finally:
            postgres.start()
        assert [summary.id for summary in Conversations(database).listed("layla").conversations] == [kept.id]
        database.close()


def test_a_server_that_cannot_be_written_is_said_to_be(postgres: Server) -> None:
    with postgres.database() as url:
        database = Database(url)
        kept = Conversations(database).create("layla", "before")
        database.close()
        engine = create_engine(url)
        with engine.begin() as connection:
            name = connection.execute(text("SELECT current_database()")).scalar_one()
            connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        engine.dispose()
        again = Database(url)
        assert Conversations(again).open("layla", kept.id).title == "before"
        with pytest.raises(DatabaseReadOnly):
            Conversations(again).delete("layla", kept.id)
        again.close()


def test_a_locked_row_of_a_server_is_said_to_be(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE", 1)
    with postgres.database() as url:
        database, other = Database(url), Database(url)
        kept = Conversations(database).create("layla", "before")
        with database.writing() as connection:
            connection.execute(select(tables.conversations).with_for_update()).all()
            with pytest.raises(DatabaseLocked):
                Conversations(other).rename("layla", kept.id, "after")
        assert Conversations(other).rename("layla", kept.id, "after") == "after"
        database.close()
        other.close()


def test_a_file_that_is_damaged_while_it_is_used(file: Path) -> None:
    """It is said once; then the file is set aside and a new one is begun."""
    with at(file) as database:
        keeper = Conversations(database)
        keeper.append("layla", keeper.create("layla").id, "x" * 100_000)
        with sqlite3.connect(file) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.close()
        with file.open("r+b") as opened:
            opened.seek(4096)
            opened.write(b"\xff" * (file.stat().st_size - 4096))

        def read() -> None:
            with database.reading(), database.reading() as fresh:  # the first has pages in memory
                fresh.execute(select(tables.turns)).all()

        with pytest.raises(DatabaseDamaged):
            read()
        assert keeper.listed("layla").conversations == ()
        assert database.told is not None
        assert Path(str(database.told.facts["kept"])).stat().st_size > 100_000


READ = """
import sys
from assistant.errors import DatabaseReadOnly
from assistant.keeping.conversations import Conversations
from assistant.keeping.database import Database
with Database(sys.argv[1]) as database:
    print(Conversations(database).open("layla", sys.argv[2]).title)
    print(database.examine())
    try:
        Conversations(database).rename("layla", sys.argv[2], "new")
    except DatabaseReadOnly as fault:
        print(type(fault).__name__)
"""


def test_a_file_in_a_folder_that_cannot_be_written_can_still_be_read(file: Path) -> None:
    """Nor can those files be made there that SQLite reads with."""
    kept = one_kept(file)
    with read_only(file.parent):
        command = as_plain_user([sys.executable, "-c", READ, f"sqlite:///{file}", kept])
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stdout.splitlines() == ["أول محادثة", "1", "DatabaseReadOnly"], done.stderr
    with at(file) as database:
        assert Conversations(database).rename("layla", kept, "new") == "new"
