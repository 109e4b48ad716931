"""A PostgreSQL server for the tests: one that ``ISNAD_TEST_POSTGRES`` names, or one of their own.

Their own is made from Debian's binaries in a temporary folder, listens on a socket of the file system only, and is run by the user
``postgres`` where the tests are run by root, whom PostgreSQL refuses.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GIVEN = os.environ.get("ISNAD_TEST_POSTGRES")
FORCED = os.environ.get("ISNAD_POSTGRES_TESTS") == "1"
BINARIES = max(
    (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    key=lambda path: float(path.parent.name),
    default=None,
)


def _runner() -> dict[str, Any]:
    """Whom the server runs as."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def missing() -> str | None:
    """Why there can be no server here; ``None`` if there can."""
    if GIVEN:
        return None
    if BINARIES is None:
        return "no PostgreSQL in /usr/lib/postgresql and no ISNAD_TEST_POSTGRES"
    if os.getuid() == 0 and "postgres" not in {user.pw_name for user in pwd.getpwall()}:
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


class Server:
    """A running server; `stop` and `start` it, or make a fresh database in it."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def _do(self, program: str, *arguments: str) -> None:
        assert BINARIES is not None and self.folder is not None
        log = self.folder / "output"
        with log.open("a") as output:
            # Not a pipe: the server would keep it open, and we would wait for its end.
            command = [str(BINARIES / program), *arguments]
            status = subprocess.run(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
                **_runner(),
            ).returncode
        if status:
            raise RuntimeError(f"{program} failed:\n{log.read_text()}")

    def create(self) -> None:
        self._do(
            "initdb", "--pgdata=data", "--auth=trust", "--username=isnad", "--encoding=UTF8", "--locale=C", "--no-sync"
        )

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=40 -c shared_buffers=16MB"
        self._do("pg_ctl", "--pgdata=data", "--wait", "--log=log", "--options", options, "start")

    def stop(self) -> None:
        self._do("pg_ctl", "--pgdata=data", "--wait", "--mode=immediate", "stop")

    @contextlib.contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new, empty database."""
        from sqlalchemy import create_engine, make_url, text

        server = GIVEN or f"postgresql+psycopg://isnad@/postgres?host={self.folder}"
        url = make_url(server).set(drivername="postgresql+psycopg")
        name = f"isnad_test_{uuid.uuid4().hex}"
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            engine.dispose()
            yield url.set(database=name).render_as_string(hide_password=False)
            with engine.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        finally:
            engine.dispose()


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server until the block ends."""
    if GIVEN:
        yield Server(None)
        return
    folder = Path(tempfile.mkdtemp(prefix="isnad-pg-", dir="/tmp"))
    server = Server(folder)
    try:
        runner = _runner()
        if runner:
            os.chown(folder, runner["user"], runner["group"])
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
