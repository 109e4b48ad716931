"""What ``isnad feedback`` and ``isnad users`` do."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path

from assistant import disk
from assistant.errors import BadSetting, PasswordRefused
from assistant.keeping.database import Database, beside
from assistant.keeping.feedback import Feedback, evaluation_rows
from assistant.keeping.users import Users, checked_name
from assistant.settings import Settings


def database_of(settings: Settings) -> Database:
    """The database that the settings name, or the usual file beside the index; not yet opened."""
    return Database(settings.database.get_secret_value() if settings.database else beside(settings.index))


def export_feedback(settings: Settings, out: str | None) -> None:
    """Write all feedback as evaluation questions to the file ``out``, or to standard output.

    Raises:
        DatabaseFault: it cannot be read.
        BadSetting: ``out`` cannot be written.
    """
    with database_of(settings) as database:
        rows = list(evaluation_rows(Feedback(database).all()))
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if out is None:
        print(text, end="")
    else:
        try:
            disk.replace(Path(out), text)
        except OSError as error:
            raise BadSetting(name="--out", reason=f"{out} cannot be written ({error.strerror})") from error
    if not rows:
        print("isnad: nobody has judged an answer yet; the page asks for it below each", file=sys.stderr)
        return
    edit = sum(row["id"].startswith("edit-") for row in rows)
    print(f"isnad: {len(rows)} questions, {edit} of them to be edited by hand (edit-…)", file=sys.stderr)


def manage_users(settings: Settings, action: str, name: str | None) -> None:
    """Carry out ``add``, ``remove`` or ``list`` on the file of users.

    Raises:
        BadSetting: no file or no name was given.
        UserNameRefused, PasswordRefused, UnknownUser, UsersInvalid: see `Users`.
    """
    if settings.users is None:
        raise BadSetting(name="--users", reason="name the file of users with --users FILE or ISNAD_USERS")
    users = Users(settings.users)
    if action == "list":
        print("".join(f"{known}\n" for known in users.names()), end="")
        if not users.names():
            print("isnad: nobody may sign in yet; 'isnad users add NAME' lets somebody", file=sys.stderr)
        return
    if name is None:
        raise BadSetting(name="NAME", reason=f"say whom to {action}")
    if action == "remove":
        users.remove(name)
        print(f"{name} was removed.")
    else:
        name = checked_name(name)
        new = users.add(name, _password(name))
        print(f"{name} was added." if new else f"{name} has a new password.")


def _password(name: str) -> str:
    """A new password: asked twice without showing it, or the first line of standard input if that is no terminal."""
    if sys.stdin is None or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n") if sys.stdin else ""
    password = getpass.getpass(f"Password for {name}: ")
    if password != getpass.getpass("Once more: "):
        raise PasswordRefused(reason="it was not the same the second time")
    return password
