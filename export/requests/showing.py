"""How one request is shown: everything about it in headings and lines, or as one row for scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from archive.archive import Archive
from archive.counting import counted
from export.requests.case import Case, case
from export.requests.collection import collected_versions, collections
from export.requests.correspondence.notes import Note
from export.requests.correspondence.sent import sent
from export.requests.fees.money import balance, dollars
from export.requests.history import acts
from export.requests.progress.tasks import HandedIn, Task

_WAYS = {"in": "Incoming", "out": "Outgoing", "internal": "Note"}


def as_row(archive: Archive, number: int) -> dict[str, Any]:
    """Return everything about a request as one row."""
    one = case(archive, number)
    return one.row() | {
        "clock": msgspec.to_builtins(one.clock),
        "steps": msgspec.to_builtins(one.steps),
        "tasks": [msgspec.to_builtins(task) | {"state": task.state(one.on)} for task in one.tasks],
        "notes": msgspec.to_builtins(one.notes),
        "letters": msgspec.to_builtins(sent(acts(archive, number))),
        "fees": msgspec.to_builtins(one.fees) | {"owed": one.fees.owed},
        "preserved": msgspec.to_builtins(one.preserved),
        "mandamus": one.mandamus,
        "collected": [msgspec.structs.asdict(each) for each in collections(archive, number)],
        "versions": len(collected_versions(archive, number)),
    }


def as_text(archive: Archive, number: int) -> Iterator[tuple[str, list[str]]]:
    """Yield (heading, lines) of everything about a request; what it does not have is left out."""
    one = case(archive, number)
    yield f"Request {number} ({one.request.shown}): {one.status}", _register(one)
    yield "Clock", [one.clock.sentence, *(f"Extended to {each.until}: {each.reason}" for each in one.clock.extensions)]
    if one.tasks:
        yield "Tasks", [line for task in one.tasks for line in _task(task, one)]
    yield "Collected", _collected(archive, number)
    if one.fees.lines:
        yield "Fees", [_fees(one)]
    if one.notes:
        yield "Notes", [_note(each) for each in one.notes]
    if letters := sent(acts(archive, number)):
        yield "Letters", [f"{each.letter}  {each.on}  {each.kind}, by {each.by}" for each in letters]
    yield "Steps", [f"{each.on}  {each.status}, by {each.by}{_because(each.reason)}" for each in one.steps]
    yield "Destroying", [one.preserved.why]


def _register(one: Case) -> list[str]:
    request = one.request
    came = [f"by {request.channel}"] if request.channel else []
    came += [f"taken by {request.received_by}"] if request.received_by else []
    lines = [request.description, f"Received on {request.received_on}{', ' if came else ''}{', '.join(came)}"]
    incarcerated = ", who is committed or incarcerated" if request.incarcerated else ""
    lines.append(f"By: {request.requester or 'somebody who gave no name'}{incarcerated}")
    lines += [f"Outside number: {request.outside_number}"] if request.outside_number else []
    lines += [f"Routed to: {', '.join(one.routed_to)}"] if one.routed_to else []
    return lines


def _task(task: Task, one: Case) -> Iterator[str]:
    state = task.state(one.on)
    who = f" ({task.who})" if task.who else ""
    when = "done" if state == "done" else f"{state.upper() if state == 'late' else state} {task.due_on}"
    yield f"{task.number}  {when}  {task.department}{who}: {task.asked}"
    yield from (f"   handed in on {each.on}: {_handed_in(each)}" for each in task.handed_in)


def _handed_in(one: HandedIn) -> str:
    return "; ".join(filter(None, (one.text, one.file and f"{one.file} (object {one.sha256[:12]}…)")))


def _collected(archive: Archive, number: int) -> list[str]:
    found = collections(archive, number)
    if not found:
        return [f"Nothing yet. `muniment request collect {number} --query …`"]
    lines = [
        f"{each.query or 'everything'}: {counted(each.versions, 'version')}, {each.added:,} of them new"
        for each in found
    ]
    return [*lines, f"{counted(len(collected_versions(archive, number)), 'version')} in the collected set."]


def _fees(one: Case) -> str:
    fees = one.fees
    return f"Total {dollars(fees.total)}, paid {dollars(fees.paid)}, {balance(fees.owed)}."


def _note(one: Note) -> str:
    by = f" by {one.channel}" if one.channel else ""
    return f"{one.on}  {_WAYS[one.direction]}{by}, noted by {one.by}: {'; '.join(filter(None, (one.text, one.file)))}"


def _because(reason: str) -> str:
    return f": {reason}" if reason else ""
