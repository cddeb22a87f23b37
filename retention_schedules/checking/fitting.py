"""Whether a schedule fits an archive: rules that hold for nothing, names nobody registered, searches that fail."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import msgspec

from archive import accounts
from archive.archive import Archive
from archive.followers import Finder
from retention_schedules import adoption, lines, searches
from retention_schedules.assignment import Assignment
from retention_schedules.basis import basis, with_schedule
from retention_schedules.check import Fault, meant
from retention_schedules.columns import traits
from retention_schedules.rules import applies
from retention_schedules.schedule import Rule, Schedule

CHUNK = 30_000

_GROUPS = f"SELECT {traits()}, count(*) FROM record r GROUP BY 1"
_ONES = f"SELECT {traits()} FROM record r WHERE r.id IN ({{}})"


def fit(archive: Archive, finder: Finder, schedule: Schedule, toml: bytes) -> list[Fault]:
    """Return what is wrong with a schedule in this archive; all of it remarks but a search that fails."""
    failed = list(searches.failing(finder, schedule))
    names = list(_unregistered(archive, schedule))
    told = {fault.place.partition(",")[0] for fault in (*failed, *names)}
    asked = [rule for rule in schedule.rules if f"rule {rule.number}" not in told]
    unused = _holding_for_nothing(archive, finder, msgspec.structs.replace(schedule, rules=tuple(asked)))
    return lines.placed([*_unadopted(archive, schedule, toml), *failed, *names, *unused], toml)


def _unadopted(archive: Archive, schedule: Schedule, toml: bytes) -> Iterator[Fault]:
    if schedule.example:
        yield Fault("the schedule, example", "it is another jurisdiction's and cannot be adopted", remark=True)
        return
    found = next((one for one in adoption.adoptions(archive) if one.schedule.name == schedule.name), None)
    if found is None:
        yield Fault("the schedule, name", "it is not adopted in this archive; it authorises nothing", remark=True)
    elif found.sha256 != hashlib.sha256(toml).hexdigest():
        reason = f"another text of this name is adopted (ledger row {found.seq}); this one authorises nothing"
        yield Fault("the schedule, name", reason, remark=True)
    elif not found.second:
        reason = "one person adopted it, without evidence; it authorises nothing until two do"
        yield Fault("the schedule, name", reason, remark=True)


def _unregistered(archive: Archive, schedule: Schedule) -> Iterator[Fault]:
    held = list(accounts.listed(archive))
    known = {
        "account": [one.id for one in held],
        "department": sorted({one.department for one in held}),
        "platform": sorted({one.platform for one in held}),
    }
    for rule in schedule.rules:
        for name, values in known.items():
            folded = {value.casefold() for value in values}
            for value in getattr(rule, name):
                if value.casefold() not in folded:
                    reason = f"no registered account has the {name} “{value}”" if name != "account" else (
                        f"no account “{value}” is registered"
                    )  # fmt: skip
                    yield Fault(f"rule {rule.number}, {name}", f"{reason}{meant(value, values)}", remark=True)


def _holding_for_nothing(archive: Archive, finder: Finder, schedule: Schedule) -> Iterator[Fault]:
    total = archive.connection.execute("SELECT count(*) FROM record").fetchone()[0]
    counts = counted(archive, finder, schedule) if total else Counter()
    for rule in schedule.rules:
        if total and not counts[rule.number]:
            reason = f"it puts none of the {total:,} records here into {rule.series}"
            yield Fault(f"rule {rule.number}, series", reason, remark=True)


def counted(archive: Archive, finder: Finder, schedule: Schedule) -> Counter[int]:
    """Return for how many records each rule holds, by its number, whether it counts there or not."""
    plain = [rule for rule in schedule.rules if not rule.query]
    asking = [rule for rule in schedule.rules if rule.query]
    found: Counter[int] = Counter()
    alone = msgspec.structs.replace(schedule, rules=tuple(plain))
    assignment = Assignment(archive, with_schedule(basis(archive), alone), finder)
    for key, count in archive.connection.execute(_GROUPS):
        traits = assignment.traits(key)
        for rule in plain:
            found[rule.number] += count * applies(rule, traits)
    for rule in asking:
        found[rule.number] = _answering(archive, finder, assignment, rule)
    return found


def _answering(archive: Archive, finder: Finder, assignment: Assignment, rule: Rule) -> int:
    waiting = iter(searches.answers(archive, [rule.query], finder)[rule.query])
    count = 0
    while chunk := list(islice(waiting, CHUNK)):
        rows = archive.connection.execute(_ONES.format(", ".join(map(str, chunk))))
        of = (msgspec.structs.replace(assignment.traits(key), answers=(rule.query,)) for (key,) in rows)
        count += sum(applies(rule, one) for one in of)
    return count
