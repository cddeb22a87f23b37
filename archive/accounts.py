"""Accounts: the city's registered presences, each on one platform and in one department's care."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError

COLUMNS = "id, platform, department, handle, title, added_at, closed_at"


class UnknownAccount(MunimentError):
    """No account of this name is registered."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, name: str, known: list[str]) -> None:
        listed = ", ".join(known) if known else "none so far"
        super().__init__(
            f"There is no account “{name}”. Registered: {listed}. "
            "Add it with `muniment account add ID --platform P --department D`."
        )


class AccountTaken(MunimentError):
    """An account of this name exists."""

    exit_code = ExitCode.REFUSED

    def __init__(self, name: str) -> None:
        super().__init__(f"There is an account “{name}” already. Choose another id; nothing was changed.")


class BadAccountId(MunimentError):
    """An account's id has characters that cannot be typed everywhere."""

    def __init__(self, name: str) -> None:
        super().__init__(f"“{name}” cannot be an account's id: use letters, digits, “-”, “_” and “.” only.")


class Account(Struct, frozen=True):
    """One account. ``handle`` is how the platform calls it; times are stored UTC times."""

    id: str
    platform: str
    department: str
    handle: str
    title: str
    added_at: str
    closed_at: str | None


def add(archive: Archive, name: str, *, platform: str, department: str, handle: str = "", title: str = "") -> Account:
    """Register an account."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
        raise BadAccountId(name)
    if any(one.id == name for one in listed(archive)):
        raise AccountTaken(name)
    facts = {"platform": platform, "department": department}
    with archive.act("account.added", f"account:{name}", facts) as act:
        for field, text in (("handle", handle), ("title", title)):
            if text:
                act.state(f"account:{name}", field, text)
    return get(archive, name)


def close(archive: Archive, name: str) -> None:
    """Note that an account is no longer in use; its records stay."""
    get(archive, name)
    with archive.act("account.closed", f"account:{name}"):
        pass


def listed(archive: Archive) -> Iterator[Account]:
    """Yield all accounts in the order they were registered."""
    for row in archive.connection.execute(f"SELECT {COLUMNS} FROM account ORDER BY seq"):
        yield Account(*row)


def get(archive: Archive, name: str) -> Account:
    """Return one account; raises :class:`UnknownAccount`."""
    for one in listed(archive):
        if one.id == name:
            return one
    raise UnknownAccount(name, [one.id for one in listed(archive)])
