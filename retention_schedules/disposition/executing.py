"""Executing: the records of an approved batch go, a chunk to a transaction, each checked again inside it.

A transaction deletes rows and writes their stubs together, so a kill leaves a chunk undone or done, and the
next call goes on. Whatever is under a hold, asked for, or changed since the proposal drops out and is listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from archive.archive import Act, Archive
from archive.disposal import Authority, dispose
from archive.errors import ExitCode, MunimentError
from archive.followers import Follower, Progress
from archive.tables import MEMBER, SELECTION
from retention_schedules.disposition import approving
from retention_schedules.disposition import batch as batches
from retention_schedules.disposition.batch import Batch, NotNow
from retention_schedules.disposition.judging import fitness, in_force
from retention_schedules.holds.standing import Standing

CHUNK = 500
"""Records that go in one transaction."""

ROUNDS = 10
"""How often to check everything anew because somebody else wrote meanwhile."""

Requested = Callable[[], Sequence[Standing]]


class FollowersBehind(MunimentError):
    """Something that is derived from the ledger does not stand at its head, so nobody can say what is held."""

    exit_code = ExitCode.REFUSED

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"The {' and the '.join(names)} cannot catch up with the archive: others write all the time. Nothing more "
            "was destroyed. Wait until the backup that is being taken in is done, then run the same command again."
        )


class NotRequestedYet(MunimentError):
    """A request is open of which nobody can say what it asks for."""

    exit_code = ExitCode.REFUSED

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"Nothing may be destroyed: nobody can say what the request {', '.join(names)} asks for, as nothing was "
            "searched or collected for it yet (Wis. Stat. § 19.35(5)). Collect first with `muniment request collect`."
        )


class _Disturbed(Exception):
    """Somebody else wrote between the check and the transaction; the transaction is undone."""


def execute(
    archive: Archive,
    number: int,
    followers: Sequence[Follower],
    standing: Requested,
    progress: Progress | None = None,
) -> Batch:
    """Dispose of a batch's records; ``standing`` tells the holds and requests in the way now.

    Raises what :func:`check` raises, and :class:`FollowersBehind`. It can be called again until nothing is left.
    """
    approving.proved_role(archive, approving.EXECUTORS, "execute a disposition")
    batch = batches.get(archive, number)
    if batch.stage == "executed":  # a call before this one was cut short after its last transaction
        return batch
    check(archive, number, standing())
    with archive.alone("disposition"):
        for follower in followers:
            if follower.name == "expiry":
                follower.rebuild()
        for _ in range(ROUNDS):
            at = _caught_up(archive, followers)
            if not batches.get(archive, number).left:
                return batches.get(archive, number)
            batch = check(archive, number, standing())
            try:
                _go(archive, batch, at, standing(), progress)
            except _Disturbed:
                continue
            return batches.get(archive, number)
    raise FollowersBehind([one.name for one in followers])


def check(archive: Archive, number: int, standing: Sequence[Standing]) -> Batch:
    """Return a batch that may go today; raises what says why it may not."""
    today = archive.now_local().date()
    batch = batches.require(
        archive, number, "proposed", "noticed", "approved", "executing", then="There is nothing left to execute."
    )
    _check_authority(archive, batch, today)
    _check_notice(batch, today)
    approving.require(archive, batch)
    if of_all := [one.name for one in standing if one.of_all]:
        raise NotRequestedYet(of_all)
    return batch


def _check_authority(archive: Archive, batch: Batch, today: date) -> None:
    facts = batch.facts
    found = in_force(archive, today).get((facts["schedule"], facts["series"]))
    if found is None:
        why = f"the series {facts['series']} authorises nothing today (schedule out of force, or not verified)"
        raise NotNow(batch.number, why, "See `muniment retention due`.")
    if (found.digest, found.adopted_seq) != (facts["schedule_object"], facts["adopted_seq"]):
        why = f"the schedule {facts['schedule']} was adopted anew since it was proposed"
        raise NotNow(batch.number, why, "Withdraw it and propose again, so that what is approved is what stands.")


def _check_notice(batch: Batch, today: date) -> None:
    number, free_on = batch.number, batch.free_on
    if free_on is None:
        raise NotNow(number, "the Society has not been given notice", f"Run `muniment disposition notice {number}`.")
    if today < free_on:
        why = f"notice was given, and its days are not over before {free_on}"
        raise NotNow(number, why, "Wait, or record the Society's waiver with `muniment disposition answer`.")
    if batch.kind == "transfer" and batch.last(batches.RECEIVED) is None:
        why = "it is to be transferred, and nobody has confirmed that the package was received"
        raise NotNow(number, why, f"Run `muniment disposition transfer {number}`, then again with --received-on.")


def _caught_up(archive: Archive, followers: Sequence[Follower]) -> int:
    """Bring every follower to the ledger's head and return it; raises :class:`FollowersBehind`."""
    for _ in range(ROUNDS):
        for follower in followers:
            follower.catch_up()
        head = archive.head()
        if all(one.position >= head for one in followers):
            return head
    raise FollowersBehind([one.name for one in followers if one.position < archive.head()])


def _go(archive: Archive, batch: Batch, at: int, standing: Sequence[Standing], progress: Progress | None) -> None:
    """Dispose chunk by chunk; every transaction makes sure that nothing but this was written since ``at``."""
    left = batches.records(archive, batch)
    for start in range(0, len(left), CHUNK):
        with archive.act(batches.EXECUTED, batch.subject) as act:
            if act.seq != at + 1:
                raise _Disturbed
            _dispose(archive, act, batch, left[start : start + CHUNK], standing)
            at = act.seq
        if progress:
            progress(min(start + CHUNK, len(left)), len(left))


def _dispose(archive: Archive, act: Act, batch: Batch, records: Sequence[int], standing: Sequence[Standing]) -> None:
    today = archive.now_local().date()
    verdict = fitness(act.connection, records, batch.facts, today, standing)
    going = [record for record in records if verdict[record] == ""]
    facts = batch.facts
    citation = f"{facts['schedule_title']} ({facts['authority']}); {facts['citation']}"
    versions = dispose(act, going, Authority(today.isoformat(), batch.kind, facts["series"], citation))
    _select(act, batch, "gone", going)
    for reason in sorted({one for one in verdict.values() if one}):
        _select(act, batch, f"dropped: {reason}", [one for one in records if verdict[one] == reason])
    dropped = Counter(one for one in verdict.values() if one)
    act.facts |= {"disposed": len(going), "versions": versions, "dropped": dict(sorted(dropped.items()))}


def _select(act: Act, batch: Batch, purpose: str, records: Sequence[int]) -> None:
    """Append which records; a record is named by its first version, which has its number."""
    if records:
        selection = act.add(SELECTION, (batch.subject, purpose, act.seq - 1))
        act.add_all(MEMBER, [(selection, one) for one in records])
