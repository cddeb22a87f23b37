"""Users: who may do what needs a role, and how they prove who they are.

That a user exists, with what role, is on the ledger. The password's Argon2id hash is in desk.db,
where it can be changed and removed: secrets never enter the archive.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.roles import ROLES, Role

SHORTEST_PASSWORD = 12
"""Characters; NIST SP 800-63B asks for length, not for kinds of characters."""


class Cost(Struct, frozen=True):
    """What hashing a password takes: passes over so many KiB of memory, in lanes beside each other."""

    passes: int
    memory: int
    lanes: int


COST = Cost(passes=3, memory=64 << 10, lanes=4)
"""RFC 9106, section 4, for where 2 GiB are too much. A hash carries its own cost, so this may rise at any time."""


class UnknownUser(MunimentError):
    """No user of this name is registered, or the user was disabled."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no active user “{name}”. See `muniment user list`.")


class UserTaken(MunimentError):
    """A user of this name exists."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str) -> None:
        super().__init__(f"There is an active user “{name}” already; nothing was changed.")


class BadUserName(MunimentError):
    """A user's name has characters that cannot be typed everywhere."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” cannot be a user's name: use letters, digits, “-”, “_” and “.” only.")


class ShortPassword(MunimentError):
    """A password is too short to keep anybody out."""

    def __init__(self) -> None:
        super().__init__(f"The password is too short: use at least {SHORTEST_PASSWORD} characters.")


class WrongPassword(MunimentError):
    """The password is not the user's."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str) -> None:
        super().__init__(f"That is not the password of “{name}”. Nothing was done.")


class User(Struct, frozen=True):
    """A registered user; ``disabled_at`` is a stored UTC time, None while active."""

    name: str
    role: Role
    added_at: str
    disabled_at: str | None


def add(archive: Archive, name: str, role: Role, password: str) -> User:
    """Register a user with a role and a password."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
        raise BadUserName(name)
    if role not in ROLES:
        raise ValueError(role)
    if any(user.name == name and user.disabled_at is None for user in listed(archive)):
        raise UserTaken(name)
    set_password(archive, name, password)
    with archive.act("user.added", f"user:{name}", {"role": role}):
        pass
    return get(archive, name)


def disable(archive: Archive, name: str) -> None:
    """End a user's right to act and throw the password's hash away."""
    get(archive, name)
    with archive.act("user.disabled", f"user:{name}"):
        pass
    with closing(_desk(archive)) as desk, desk:
        desk.execute("DELETE FROM credential WHERE user = ?", (name,))


def listed(archive: Archive) -> Iterator[User]:
    """Yield all users in the order of registration."""
    for row in archive.connection.execute("SELECT name, role, added_at, disabled_at FROM user ORDER BY seq"):
        yield User(*row)


def get(archive: Archive, name: str) -> User:
    """Return an active user; raises :class:`UnknownUser`."""
    for user in listed(archive):
        if user.name == name and user.disabled_at is None:
            return user
    raise UnknownUser(name)


def set_password(archive: Archive, name: str, password: str) -> None:
    """Store the Argon2id hash of a user's password."""
    from argon2 import PasswordHasher

    if len(password) < SHORTEST_PASSWORD:
        raise ShortPassword
    hasher = PasswordHasher(time_cost=COST.passes, memory_cost=COST.memory, parallelism=COST.lanes)
    hashed = hasher.hash(password)
    with closing(_desk(archive)) as desk, desk:
        desk.execute("INSERT OR REPLACE INTO credential (user, hash) VALUES (?, ?)", (name, hashed))


def authenticate(archive: Archive, name: str, password: str) -> User:
    """Return the user if the password is right; raises :class:`UnknownUser` or :class:`WrongPassword`."""
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error

    user = get(archive, name)
    with closing(_desk(archive)) as desk:
        row = desk.execute("SELECT hash FROM credential WHERE user = ?", (name,)).fetchone()
    try:
        PasswordHasher().verify(row[0] if row else "", password)
    except Argon2Error:
        raise WrongPassword(name) from None
    return user


def _desk(archive: Archive) -> sqlite3.Connection:
    path = archive.folder / "desk.db"
    path.touch(mode=0o600)
    desk = sqlite3.connect(path)
    desk.execute("CREATE TABLE IF NOT EXISTS credential (user TEXT PRIMARY KEY, hash TEXT NOT NULL) STRICT")
    return desk
