"""Overrides: a person puts one record, or an account's, into another series, or keeps it longer than any rule.

Each is an act with its reason and its actor; of one subject the latest counts. What may let records go
earlier than the rules would (another series, lifting or replacing an override) needs a registered user who
gave the password. The law's floor holds for overrides as for rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from archive import accounts, ledger
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.ledger import LedgerRow
from archive.reading import UnknownRecord
from retention_schedules.proof import require
from retention_schedules.schedule import Schedule

OVERRIDDEN = "retention.overridden"
FOREVER = "permanent"


class NoSuchSeries(MunimentError):
    """No adopted schedule has this series, or several have."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, series: str, known: Sequence[str]) -> None:
        listed = ", ".join(known) or "none, since no schedule is adopted"
        super().__init__(f"“{series}” is not one series of the adopted schedules (write SCHEDULE/SERIES): {listed}.")


class EmptyOverride(MunimentError):
    """An override says nothing."""

    def __init__(self) -> None:
        super().__init__(
            "An override needs one record or one account, a reason, and --series KEY or --keep-until DATE, or --lift."
        )


class NothingToLift(MunimentError):
    """There is no override to lift."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, subject: str) -> None:
        super().__init__(f"There is no override for {subject.replace(':', ' ')}: the rules count there.")


class Override(Struct, frozen=True):
    """What a person ordered for ``record:12`` or ``account:x-city``.

    ``schedule`` and ``series`` are empty where the rules go on to say the series. ``keep_until`` is the first
    day on which it may go, None if nothing was said; with ``forever`` it never may.
    """

    subject: str
    schedule: str = ""
    series: str = ""
    keep_until: date | None = None
    forever: bool = False
    reason: str = ""
    actor: str = ""
    seq: int = 0
    at: str = ""

    @property
    def only_lengthens(self) -> bool:
        """Whether this can let nothing go earlier than the rules would."""
        return not self.series and (self.forever or self.keep_until is not None)


class Overrides(Struct, frozen=True):
    """The overrides that count, by account and by record."""

    accounts: dict[str, Override] = {}
    records: dict[int, Override] = {}

    def of(self, account: str, record: int) -> list[Override]:
        """Return what holds for a record, its own before its account's."""
        found = (self.records.get(record), self.accounts.get(account))
        return [one for one in found if one is not None]

    def plus(self, one: Override, lift: bool = False) -> Overrides:
        """Return them as they are once another one counts, or once it is lifted."""
        records, by_account = dict(self.records), dict(self.accounts)
        kind, _, name = one.subject.partition(":")
        target: dict[Any, Override] = records if kind == "record" else by_account
        key: Any = int(name) if kind == "record" else name
        target.pop(key, None)
        if not lift:
            target[key] = one
        return Overrides(by_account, records)


def known(archive: Archive) -> Overrides:
    """Return the overrides that count now, without their reasons (see :func:`reason`)."""
    found = Overrides()
    for row in ledger.rows(archive.connection, event=OVERRIDDEN):
        _apply(found, row)
    return found


def _apply(found: Overrides, row: LedgerRow) -> None:
    kind, _, name = row.subject.partition(":")
    target: dict[Any, Override] = found.records if kind == "record" else found.accounts
    key: Any = int(name) if kind == "record" else name
    if row.facts["lifted"]:
        target.pop(key, None)
    else:
        target[key] = _read(row)


def _read(row: LedgerRow) -> Override:
    until = row.facts["keep_until"]
    return Override(
        row.subject, row.facts["schedule"], row.facts["series"],
        date.fromisoformat(until) if until not in ("", FOREVER) else None, until == FOREVER,
        actor=row.actor, seq=row.seq, at=row.at,
    )  # fmt: skip


def reason(archive: Archive, one: Override) -> str:
    """Return why somebody ordered it, in that person's words; empty once the statement was disposed of."""
    row = archive.connection.execute(
        "SELECT text FROM statement WHERE subject = ? AND name = 'override' AND seq = ?", (one.subject, one.seq)
    ).fetchone()
    return row[0] if row else ""


def override(archive: Archive, one: Override, *, lift: bool = False) -> None:
    """Put an override, or that it is lifted, on the ledger.

    Raises :class:`EmptyOverride`, :class:`NothingToLift`, ``proof.NotProved``, UnknownRecord, UnknownAccount.
    """
    check(archive, one, lift=lift)
    replaced = one.subject in {each.subject for each in _all(known(archive))}
    if lift and not replaced:
        raise NothingToLift(one.subject)
    if lift or replaced or not one.only_lengthens:
        require(archive, archive.actor, "override a schedule")
    until = FOREVER if one.forever else one.keep_until.isoformat() if one.keep_until else ""
    facts = {"schedule": one.schedule, "series": one.series, "keep_until": until, "lifted": lift}
    with archive.act("retention.overridden", one.subject, facts) as act:
        act.state(one.subject, "override", one.reason)


def _all(overrides: Overrides) -> list[Override]:
    return [*overrides.records.values(), *overrides.accounts.values()]


def check(archive: Archive, one: Override, *, lift: bool = False) -> None:
    """Raise what keeps an override from being recorded, who acts left aside."""
    kind, _, name = one.subject.partition(":")
    if kind == "account":
        accounts.get(archive, name)
    elif archive.connection.execute("SELECT 1 FROM record WHERE id = ?", (int(name),)).fetchone() is None:
        raise UnknownRecord(int(name))
    if not one.reason.strip() or not (lift or one.series or one.only_lengthens):
        raise EmptyOverride


def named_series(schedules: Sequence[Schedule], text: str) -> tuple[str, str]:
    """Return schedule and series that ``SERIES`` or ``SCHEDULE/SERIES`` means; raises :class:`NoSuchSeries`."""
    every = [(one.name, series.key) for one in schedules for series in one.series]
    found = [pair for pair in every if text in (pair[1], "/".join(pair))]
    if len(found) != 1:
        raise NoSuchSeries(text, ["/".join(pair) for pair in every])
    return found[0]
