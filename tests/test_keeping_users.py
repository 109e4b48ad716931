"""The file of users: hashed, private, whole at every moment, and checked without saying what was wrong."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import argon2
import pytest

from assistant import disk
from assistant.errors import LoginRefused, PasswordRefused, TooManyAttempts, UnknownUser, UserNameRefused, UsersInvalid
from assistant.keeping.attempts import OF_NAME_AND_ADDRESS, Attempts
from assistant.keeping.users import Users, sign_in

ROOT = Path(__file__).parents[1]
PASSWORD = "صباح الخير 1"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "private" / "users.txt"


@pytest.fixture
def users(file: Path) -> Users:
    return Users(file)


def test_a_user_is_known_by_name_and_password(users: Users) -> None:
    assert users.add("Layla", PASSWORD)
    assert users.check("Layla", PASSWORD) == "layla"
    assert users.check(" LAYLA ", PASSWORD) == "layla"
    for name, password in (
        ("layla", PASSWORD + " "),
        ("layla", ""),
        ("omar", PASSWORD),
        ("", PASSWORD),
        ("layla", "x" * 10**6),
    ):
        assert users.check(name, password) is None


def test_the_same_letters_are_the_same_password_and_name(users: Users) -> None:
    users.add("ren\u00e9e", "caf\u00e9 caf\u00e9")
    assert users.check("rene\u0301e", "cafe\u0301 cafe\u0301") == "ren\u00e9e"
    assert not users.add("Rene\u0301e", "another password")
    assert users.names() == ["ren\u00e9e"]


def test_the_file_is_private_and_holds_no_password(users: Users, file: Path) -> None:
    users.add("layla", PASSWORD)
    users.add("عمر", PASSWORD)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [re.sub(r":\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$.{20,}\$.{40,}$", "", line) for line in lines] == [
        "layla",
        "عمر",
    ]
    assert PASSWORD not in file.read_text(encoding="utf-8")
    assert lines[0].split(":")[1] != lines[1].split(":")[1]  # salted
    os.chmod(file, 0o644)
    users.remove("عمر")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_new_password_replaces_the_old_one(users: Users) -> None:
    users.add("layla", PASSWORD)
    assert not users.add("LAYLA", "another password")
    assert users.check("layla", PASSWORD) is None
    assert users.check("layla", "another password") == "layla"


def test_a_removed_user_is_gone(users: Users) -> None:
    users.add("layla", PASSWORD)
    users.add("omar", PASSWORD)
    users.remove("Layla")
    assert users.check("layla", PASSWORD) is None
    assert users.names() == ["omar"]
    with pytest.raises(UnknownUser, match="layla"):
        users.remove("layla")


def test_a_running_server_notices_changes(users: Users, file: Path) -> None:
    users.add("layla", PASSWORD)
    server = Users(file)
    assert server.check("layla", PASSWORD) == "layla"
    users.add("layla", "another password")
    assert server.check("layla", PASSWORD) is None
    users.remove("layla")
    assert server.names() == []


def test_without_a_file_nobody_is_known(users: Users) -> None:
    assert users.names() == []
    assert users.check("layla", PASSWORD) is None


@pytest.mark.parametrize("name", ["", " ", "a b", "a:b", "a\nb", "x" * 65, "a/b", "<b>", "a\u202eb", "\x00"])
def test_names_that_are_refused(users: Users, file: Path, name: str) -> None:
    with pytest.raises(UserNameRefused) as caught:
        users.add(name, PASSWORD)
    assert "\u202e" not in str(caught.value) and "\x00" not in str(caught.value)
    assert not file.exists()


@pytest.mark.parametrize(("password", "reason"), [("", "fewer"), ("seven77", "fewer"), ("x" * 1001, "more")])
def test_passwords_that_are_refused(users: Users, file: Path, password: str, reason: str) -> None:
    with pytest.raises(PasswordRefused, match=reason):
        users.add("layla", password)
    assert not file.exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"layla:secret\n", "line 1"),
        (b"\nlayla\n", "line 2"),
        (b"layla:$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA\n", "line 1"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_a_file_that_is_none_lets_nobody_in(users: Users, file: Path, text: bytes, reason: str) -> None:
    file.parent.mkdir()
    file.write_bytes(text)
    for attempt in (lambda: users.check("layla", "secret"), users.names, lambda: users.add("omar", PASSWORD)):
        with pytest.raises(UsersInvalid, match=reason):
            attempt()
    assert file.read_bytes() == text


def test_a_name_for_the_second_time_is_refused(users: Users, file: Path) -> None:
    users.add("layla", PASSWORD)
    file.write_text(file.read_text(encoding="utf-8") * 2, encoding="utf-8")
    with pytest.raises(UsersInvalid, match="line 2"):
        users.check("layla", PASSWORD)


def test_a_hash_that_is_spoilt_lets_nobody_in(users: Users, file: Path) -> None:
    users.add("layla", PASSWORD)
    file.write_text(file.read_text(encoding="utf-8").replace("$m=", "$m=x"), encoding="utf-8")
    assert users.check("layla", PASSWORD) is None


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(UsersInvalid):
        Users(tmp_path).names()
    (tmp_path / "file").write_text("")
    with pytest.raises(UsersInvalid):
        Users(tmp_path / "file" / "users").add("layla", PASSWORD)


def test_an_unknown_name_takes_as_much_work(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: one hash of the same cost is computed whatever the name."""
    users.add("layla", PASSWORD)
    costs: list[argon2.Parameters] = []
    verify = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, hashed: str, password: str | bytes) -> bool:
        costs.append(argon2.extract_parameters(hashed))
        return verify(self, hashed, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    for name in ("layla", "nobody", "", "a:b", "x" * 10_000):
        users.check(name, "wrong password")
    assert len(costs) == 5 and len(set(map(repr, costs))) == 1


def test_changes_made_at_the_same_moment_are_all_kept(file: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from assistant.keeping.users import Users; sys.stdin.read()\n"
        "for name in sys.argv[2:]: Users(Path(sys.argv[1])).add(name, 'password')"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    names = [[f"{letter}{number}" for number in range(3)] for letter in "abcd"]
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(file), *some], stdin=subprocess.PIPE, env=environment)
        for some in names
    ]
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert Users(file).names() == sorted(name for some in names for name in some)
    assert {path.name for path in file.parent.iterdir()} == {"users.txt", ".users.txt.lock"}


def test_threads_may_share_one(users: Users) -> None:
    users.add("layla", PASSWORD)
    with ThreadPoolExecutor(8) as pool:
        assert (
            list(pool.map(lambda n: users.check("layla", PASSWORD if n % 2 else "no"), range(8))) == [None, "layla"] * 4
        )


def test_a_write_that_fails_leaves_the_old_file(users: Users, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users.add("layla", PASSWORD)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "replace", full)
    with pytest.raises(UsersInvalid, match="No space left"):
        users.add("omar", PASSWORD)
    monkeypatch.undo()
    assert users.names() == ["layla"]
    assert users.check("layla", PASSWORD) == "layla"


def test_signing_in(users: Users) -> None:
    users.add("Layla", PASSWORD)
    attempts = Attempts(lambda: 0.0)
    assert sign_in(users, attempts, "LAYLA", PASSWORD, "a") == "layla"
    said = set()
    for name in ("layla", "nobody"):
        with pytest.raises(LoginRefused) as caught:
            sign_in(users, attempts, name, "wrong password", "a")
        said.add(str(caught.value))
    assert len(said) == 1  # not which of the two was wrong
    for _ in range(OF_NAME_AND_ADDRESS - 1):
        with pytest.raises(LoginRefused):
            sign_in(users, attempts, " Layla", "wrong password", "a")
    with pytest.raises(TooManyAttempts):
        sign_in(users, attempts, "layla", PASSWORD, "a")  # even with the right one
    assert sign_in(users, attempts, "layla", PASSWORD, "b") == "layla"
