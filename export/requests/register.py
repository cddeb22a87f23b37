"""The register of records requests: who asked for what, when, and how it came in."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, get_args

from msgspec import Struct
from msgspec.structs import replace

from archive.archive import Act, Archive
from archive.errors import ExitCode, MunimentError
from export.requests.history import Acts, acts, all_acts

Channel = Literal["e-mail", "letter", "counter", "telephone", "portal"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)

AMENDABLE = ("description", "requester", "outside_number", "received_by")
"""Statements of which the latest one holds."""


class UnknownRequest(MunimentError):
    """No request has this number."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no request {number}. `muniment request list` shows them.")


class NotYet(MunimentError):
    """A day on which something happened lies in the future."""

    def __init__(self, what: str, day: date) -> None:
        super().__init__(f"{what} on {day} has not come yet. Give the day on which it happened; nothing was changed.")


class Request(Struct, frozen=True):
    """One request. ``requester`` may be empty: nobody has to give a name (Wis. Stat. § 19.35(1)(i)).

    ``outside_number`` is its number in another system, ``received_by`` the person who took it. ``incarcerated``
    matters for how long requested records are kept after a denial (19.35(5)).
    """

    id: int
    year: int
    number: int
    received_on: str
    requester: str
    description: str
    opened_at: str
    outside_number: str = ""
    channel: str = ""
    received_by: str = ""
    incarcerated: bool = False

    @property
    def shown(self) -> str:
        """The number as letters and bundles show it: ``2026-0001``."""
        return f"{self.year}-{self.number:04}"


def open_request(
    archive: Archive,
    received_on: date,
    description: str,
    requester: str = "",
    *,
    outside_number: str = "",
    channel: Channel | Literal[""] = "",
    received_by: str = "",
    incarcerated: bool = False,
) -> Request:
    """Open a request and give it the next number of its year."""
    with archive.act("request.opened", "request") as act:
        known = act.connection.execute(
            "SELECT coalesce(max(id), 0), coalesce(max(CASE WHEN year = ? THEN number END), 0) FROM request",
            (received_on.year,),
        ).fetchone()
        number = known[0] + 1
        act.subject = f"request:{number}"
        act.facts |= {"year": received_on.year, "number": known[1] + 1, "received_on": received_on.isoformat()}
        act.facts |= {"channel": channel} if channel else {}
        act.facts |= {"incarcerated": True} if incarcerated else {}
        _state(
            act, description=description, requester=requester, outside_number=outside_number, received_by=received_by
        )
    return get(archive, number)


def amend(archive: Archive, number: int, **texts: str) -> Request:
    """Correct or narrow what the register says; what it said before stays on the ledger.

    ``texts`` are named as in :data:`AMENDABLE`; empty ones are left as they are.
    """
    get(archive, number)
    with archive.act(
        "request.amended", f"request:{number}", {"amended": sorted(k for k, v in texts.items() if v)}
    ) as act:
        _state(act, **texts)
    return get(archive, number)


def _state(act: Act, **texts: str) -> None:
    for name, text in texts.items():
        if name not in AMENDABLE:
            raise ValueError(name)
        if text:
            act.state(act.subject, name, text)


_COLUMNS = "id, year, number, received_on, requester, description, opened_at"


def listed(archive: Archive) -> list[Request]:
    """Return all requests in the order they were opened."""
    rows = archive.connection.execute(f"SELECT {_COLUMNS} FROM request ORDER BY id").fetchall()
    known = all_acts(archive) if rows else {}
    return [_request(row, known.get(row[0], ())) for row in rows]


def get(archive: Archive, number: int, upto: int = 1 << 62) -> Request:
    """Return one request as of a ledger position; raises :class:`UnknownRequest`."""
    row = archive.connection.execute(f"SELECT {_COLUMNS} FROM request WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise UnknownRequest(number)
    return _request(row, tuple(one for one in acts(archive, number) if one.seq <= upto))


def _request(row: tuple[Any, ...], done: Acts) -> Request:
    opened = next((one for one in done if one.event == "request.opened"), None)
    facts = opened.facts if opened is not None else {}
    texts: dict[str, str] = {}
    for one in done:
        if one.event in ("request.opened", "request.amended"):
            texts |= one.texts
    return replace(
        Request(*row),
        description=texts.get("description", ""),
        requester=texts.get("requester", ""),
        outside_number=texts.get("outside_number", ""),
        channel=facts.get("channel", ""),
        received_by=texts.get("received_by", ""),
        incarcerated=bool(facts.get("incarcerated", False)),
    )
