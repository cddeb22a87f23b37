"""From a collected set to a production: released values staged on disk, at one place of the ledger.

A draft shows everything as it stands. A production is only made of what is decided, looked at and free of traces;
then it is frozen, and built again it gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from archive import clock
from archive.archive import Archive
from archive.ledger import LedgerRow
from archive.records import Version
from export.coverage import searched_accounts
from export.people import People
from export.production import act, answers
from export.production.changes import changed, new_numbers
from export.production.files import Files
from export.production.plan import Plan
from export.production.proofs import Proofs
from export.production.refusals import DisposedSince, DoesNotAddUp, NoLongerTheSame, Undecided, WordsLeft
from export.production.traces import Trace, Traces
from export.production.values import Values
from export.production.waiting import Waiting
from export.proved import PROOFS, VOUCHERS
from export.released import Duplicate, NotResponsive, Production, ReleasedColumn
from export.requests import collection, register
from export.requests.collection import NothingCollected
from export.requests.correspondence.searched import searched
from export.requests.history import acts as request_acts
from export.requests.progress import routing
from export.review import approval, suggested


class Stage(Struct, frozen=True):
    """A staged production and the folder to throw away when it is built. ``traces`` are for the office alone."""

    production: Production
    waiting: Waiting
    traces: tuple[Trace, ...] = ()

    def clear(self) -> None:
        """Remove the staged files."""
        self.waiting.clear()


def stage(archive: Archive, number: int) -> Stage:
    """Stage a draft: everything as it stands, what is undecided included."""
    plan = _planned(archive, number)
    row, count = act.drafted(archive, number, plan.position)
    return _staged(archive, plan, lambda: (row, count), draft=True)


def produce(archive: Archive, number: int) -> Stage:
    """Make a production and stage it; what was produced last is staged again if nothing changed since.

    Raises :class:`Undecided`, ``approval.NotApproved``, :class:`WordsLeft` before anything is frozen.
    """
    earlier = act.acts(archive, number, act.MADE)
    if earlier and not approval.is_changed(archive, number, earlier[-1].seq):
        return again(archive, number, len(earlier))
    plan = _decided(archive, number)
    flagged = suggested.unanswered(archive, number) if approval.rule(archive) == "when-needed" else ()
    approval.require(archive, plan, len(flagged))
    return _staged(archive, plan, lambda: act.made(archive, plan), draft=False)


def check(archive: Archive, number: int) -> Plan:
    """Return the plan of a production that could be made but for its approval; raises like :func:`produce`."""
    plan = _decided(archive, number)
    staged = stage(archive, number)
    staged.clear()
    if staged.traces:
        raise WordsLeft(number, staged.traces)
    return plan


def again(archive: Archive, number: int, which: int) -> Stage:
    """Stage a production that was made, as it was; raises :class:`NoLongerTheSame`."""
    row = act.production(archive, number, which)
    plan = Plan(archive, number, row.seq, act.exemptions_of(archive, row))
    if since := plan.disposed - row.facts.get("disposed", 0):
        raise DisposedSince(number, which, since)
    if not act.is_as_it_was(plan, row):
        raise NoLongerTheSame(number, which)
    return _staged(archive, plan, lambda: (row, which), draft=False, repeated=True)


def _planned(archive: Archive, number: int) -> Plan:
    register.get(archive, number)
    if not collection.collections(archive, number):
        raise NothingCollected(number)
    plan = Plan(archive, number)
    if not plan.sums.adds_up:
        raise DoesNotAddUp(plan.sums)
    return plan


def _decided(archive: Archive, number: int) -> Plan:
    plan = _planned(archive, number)
    undecided = plan.undecided()
    if undecided:
        raise Undecided(number, len(undecided))
    return plan


def _staged(
    archive: Archive, plan: Plan, act_of: Callable[[], tuple[LedgerRow, int]], *, draft: bool, repeated: bool = False
) -> Stage:
    waiting = Waiting(archive.folder / "productions")
    folder = waiting.folder
    try:
        people = People(archive, plan.number, plan.upto)
        files = Files(archive, folder, plan, people, draft)
        proofs = Proofs(archive, plan, files)
        traces = _write(archive, plan, folder, people, files, proofs, repeated)
        if traces and not draft and not repeated:
            raise WordsLeft(plan.number, traces)
        if not draft and not repeated:
            answers.write_letter(archive, plan)
        row, which = act_of()
        _write_lines(folder / VOUCHERS, proofs.vouchers(row))
        made = _production(archive, plan, folder, row, which, draft, people)
        return Stage(replace(made, natives_kept_in=files.natives_kept_in), waiting, tuple(traces))
    except BaseException:
        waiting.clear()
        raise


def _write(
    archive: Archive, plan: Plan, folder: Path, people: People, files: Files, proofs: Proofs, repeated: bool
) -> list[Trace]:
    """Write the staged lines; return what is left of words that stay in."""
    prefix = act.prefix(archive.name, register.get(archive, plan.number).shown)
    values = Values(archive, plan, people, files, prefix)
    look = Traces(archive, plan)
    encode = msgspec.json.Encoder().encode
    with (
        (folder / "records.jsonl").open("wb") as given,
        (folder / "withheld.jsonl").open("wb") as kept,
        (folder / PROOFS).open("wb") as proved,
    ):
        for version in _as_shown(archive, plan, repeated):
            if plan.lots[version.id].goes_out:
                one = values.released(version)
                if look.native_has_some(one, folder):
                    one = files.without_native(one, version)
                one, proof = proofs.of(version, one)
                look.through(one, folder)
                given.write(encode(one) + b"\n")
                proved.write(encode(proof) + b"\n")
            else:
                stays = values.withheld(version)
                look.through_log(stays)
                kept.write(encode(stays) + b"\n")
    look.through_request(_asked(archive, plan, people))
    _write_lines(folder / "duplicates.jsonl", _duplicates(plan))
    _write_lines(folder / "not_responsive.jsonl", _not_responsive(archive, plan))
    return look.found()


def _asked(archive: Archive, plan: Plan, people: People) -> Iterable[tuple[str, str]]:
    """Yield what a package prints of the request itself, by name."""
    yield "description", register.get(archive, plan.number, plan.upto).description
    for one in collection.collections(archive, plan.number, plan.upto):
        yield "query", one.query
    for column in people.columns:
        yield f"reason for column {column.name}", column.reason
    yield "letter", answers.written_letter(archive, plan)


def _as_shown(archive: Archive, plan: Plan, repeated: bool) -> Iterable[Version]:
    """Yield the versions in order; of a production that was made, in the state in which they were shown then."""
    versions = archive.version(plan.order.given)
    if not repeated:
        return versions
    frozen = {
        version: (state, bool(current))
        for version, state, current in archive.connection.execute(
            "SELECT version, state, current FROM produced WHERE request = ? AND seq = ?", (plan.number, plan.upto)
        )
    }
    return (replace(one, state=frozen[one.id][0], current=frozen[one.id][1]) for one in versions)


def _duplicates(plan: Plan) -> Iterable[Duplicate]:
    for twin in plan.order.twins:
        yield Duplicate(
            record=twin.record, version=twin.version, account=twin.account, duplicate_of=plan.numbers[twin.of]
        )


def _not_responsive(archive: Archive, plan: Plan) -> Iterable[NotResponsive]:
    left = [one for one in plan.found if plan.lots[one].outcome == "not responsive"]
    for version, record, account in archive.connection.execute(
        "SELECT v.id, v.record, r.account FROM version v JOIN record r ON r.id = v.record"
        " WHERE v.id IN (SELECT value FROM json_each(?)) ORDER BY v.id",
        (json.dumps(left),),
    ):
        yield NotResponsive(record=record, version=version, account=account)


def _write_lines(path: Path, rows: Iterable[Struct]) -> None:
    with path.open("wb") as lines:
        for one in rows:
            lines.write(msgspec.json.encode(one) + b"\n")


def _production(
    archive: Archive, plan: Plan, folder: Path, row: LedgerRow, which: int, draft: bool, people: People
) -> Production:
    request = register.get(archive, plan.number, row.seq)
    looked = searched(archive, plan.number, row.seq)
    collected = collection.collections(archive, plan.number, row.seq)
    return Production(
        archive_name=archive.name,
        request=request.shown,
        request_description=request.description,
        requester=request.requester,
        received_on=date.fromisoformat(request.received_on),
        built_at=clock.read_stored(row.at),
        timezone=archive.timezone.key,
        queries=tuple(one.query for one in collected),
        checkpoint=f"{row.seq}:{row.digest.hex()}",
        ledger_position=max(one.position for one in collected),
        accounts=tuple(searched_accounts(archive, row.seq)),
        columns=tuple(
            ReleasedColumn(name=one.name, released=one.released, flag=one.flag, reason=one.reason)
            for one in people.columns
        ),
        reconciliation=plan.sums,
        number=which,
        draft=draft,
        staging=folder,
        approval=approval.shown(archive, plan.number, row.facts["position"]),
        custodian=", ".join(_custodians(archive, plan.number, row.seq)),
        left_out=looked.left_out,
        disposed=looked.disposed,
        letter=answers.cover_letter(archive, plan, row),
        new=new_numbers(archive, plan, row),
        changed=tuple(changed(archive, plan, row)),
    )


def _custodians(archive: Archive, number: int, upto: int) -> list[str]:
    """Return the departments that answer for the records: those a request was routed to, else those of its accounts."""
    done = tuple(one for one in request_acts(archive, number) if one.seq <= upto)
    departments = routing.routed_to(done) or routing.departments(archive, number, upto)
    return [f"{one} department" for one in departments]
