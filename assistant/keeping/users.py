"""The file of users: one line ``name:hash`` for each, readable by its owner only.

Passwords are hashed with Argon2id (RFC 9106). Checking one takes as long for a name that does not exist as for one that does.
Names are compared without regard to case and to how a letter is composed. A running server notices when the file changes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from assistant import disk
from assistant.errors import LoginRefused, PasswordRefused, UnknownUser, UserNameRefused, UsersInvalid
from assistant.keeping.attempts import Attempts

SHORTEST: Final = 8
LONGEST: Final = 1000
"""Characters of a password."""
_NAME: Final = re.compile(r"[\w.@-]{1,64}")
_HASH: Final = re.compile(r"\$argon2id\$[!-~]{20,500}")
# A check takes 64 MiB for a twentieth of a second; so many people may sign in at the same moment, the others wait.
_AT_ONCE: Final = threading.BoundedSemaphore(4)


class Users:
    """The users of a file. Safe to share between threads; several processes may change the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._hasher = PasswordHasher()
        self._read: tuple[object, dict[str, str]] = (None, {})

    def names(self) -> list[str]:
        """All names, sorted; none if there is no file yet.

        Raises:
            UsersInvalid: the file cannot be read.
        """
        return sorted(self._users())

    def add(self, name: str, password: str) -> bool:
        """Add a user, or give an existing one a new password. Returns whether it is a new one.

        Raises:
            UserNameRefused, PasswordRefused: these cannot be used.
            UsersInvalid: the file cannot be read or written.
        """
        name = checked_name(name)
        hashed = self._hasher.hash(_checked_password(password))
        with self._changing() as users:
            new = name not in users
            users[name] = hashed
        return new

    def remove(self, name: str) -> None:
        """Remove a user.

        Raises:
            UnknownUser: there is none of that name.
            UsersInvalid: the file cannot be read or written.
        """
        with self._changing() as users:
            if users.pop(_canonical(name), None) is None:
                raise UnknownUser(name=name)

    def check(self, name: str, password: str) -> str | None:
        """The user's name as it is kept if the password is right, else ``None``. Takes as long either way.

        Raises:
            UsersInvalid: the file cannot be read.
        """
        name = _canonical(name)
        hashed = self._users().get(name)
        with _AT_ONCE:
            try:
                self._hasher.verify(hashed or self._nobody, _canonical_password(password[: LONGEST + 1]))
            except (Argon2Error, InvalidHashError):
                return None
        return name if hashed else None

    @cached_property
    def _nobody(self) -> str:
        """A hash that no password has."""
        return self._hasher.hash(secrets.token_urlsafe())

    def _users(self) -> dict[str, str]:
        """Name -> hash, read anew when the file has changed."""
        try:
            status = self.path.stat()
            mark = (status.st_ino, status.st_mtime_ns, status.st_size)
            if self._read[0] != mark:
                self._read = mark, _parsed(self.path, self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as error:
            raise UsersInvalid(path=self.path, reason=getattr(error, "strerror", None) or "it is not UTF-8") from error
        return self._read[1]

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, str]]:
        """The users, to be changed: written when the block ends. Other processes that change them wait."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.path.with_name(f".{self.path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UsersInvalid(path=self.path, reason=error.strerror) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            users = dict(self._users())
            yield users
            lines = [f"{name}:{hashed}\n" for name, hashed in sorted(users.items())]
            disk.replace(self.path, "".join(lines), mode=0o600)
        except OSError as error:
            raise UsersInvalid(path=self.path, reason=error.strerror) from error
        finally:
            os.close(lock)


def sign_in(users: Users, attempts: Attempts, name: str, password: str, address: str) -> str:
    """The user's name as it is kept, if the password is right.

    Raises:
        TooManyAttempts: too many failed from this address, or for this name.
        LoginRefused: the name or the password is wrong.
        UsersInvalid: the file cannot be read.
    """
    key = _canonical(name)
    attempts.begin(key, address)
    user = users.check(name, password)
    if user is None:
        raise LoginRefused()
    attempts.succeeded(key, address)
    return user


def checked_name(name: str) -> str:
    """The form of a name that is kept.

    Raises:
        UserNameRefused: it cannot be one.
    """
    canonical = _canonical(name)
    if not _NAME.fullmatch(canonical):
        raise UserNameRefused(name=ascii(name) if not name.isprintable() else name or '""')
    return canonical


def _canonical(name: str) -> str:
    # The length first: normalising is slow on what only an attacker would send.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name[:256].strip()).casefold())[:256]


def _canonical_password(password: str) -> bytes:
    """The same bytes from every keyboard: composed letters are one character or two."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _checked_password(password: str) -> bytes:
    if len(password) < SHORTEST:
        raise PasswordRefused(reason=f"it has fewer than {SHORTEST} characters")
    if len(password) > LONGEST:
        raise PasswordRefused(reason=f"it has more than {LONGEST} characters")
    return _canonical_password(password)


def _parsed(path: Path, text: str) -> dict[str, str]:
    users: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        name, _, hashed = line.strip().partition(":")
        if not _NAME.fullmatch(name) or name != _canonical(name) or not _HASH.fullmatch(hashed):
            raise UsersInvalid(path=path, reason=f"line {number} is not name:hash with an Argon2id hash")
        if name in users:
            raise UsersInvalid(path=path, reason=f"line {number} has a name for the second time")
        users[name] = hashed
    return users
