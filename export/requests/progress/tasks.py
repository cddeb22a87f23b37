"""Tasks: what departments are asked to hand in for a request, by when, and what they handed in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from archive.archive import Archive
from archive.canonical import storable
from archive.errors import ExitCode, MunimentError
from export.requests import register
from export.requests.correspondence.kept import Kept, keep_file, state_kept
from export.requests.history import Acts, RequestAct, acts
from export.requests.progress.status import not_in_the_future


class UnknownTask(MunimentError):
    """A request has no task of this number."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int, task: int) -> None:
        super().__init__(f"Request {number} has no task {task}. `muniment request show {number}` lists its tasks.")


class NothingHandedIn(MunimentError):
    """Neither a text nor a file was handed in."""

    def __init__(self) -> None:
        super().__init__("Say what was handed in with --text, or name the file with --file. Nothing was changed.")


class HandedIn(Struct, frozen=True):
    """What a department handed in: on which day, in words or as a file (its name and object)."""

    on: date
    text: str = ""
    file: str = ""
    sha256: str = ""


class Task(Struct, frozen=True):
    """One task: ``number`` counts from 1 within the request. It is done once something was handed in for good."""

    number: int
    department: str
    who: str
    asked: str
    due_on: date
    done: bool = False
    handed_in: tuple[HandedIn, ...] = ()

    def is_late(self, today: date) -> bool:
        """Say whether it should have been handed in before today."""
        return not self.done and today > self.due_on

    def state(self, today: date) -> str:
        """Return how it stands: done, late or due."""
        return "done" if self.done else "late" if self.is_late(today) else "due"


def tasks(done: Acts) -> list[Task]:
    """Return the tasks of a request, in order."""
    found: dict[int, Task] = {}
    for one in done:
        if one.event == "request.task":
            number, facts = one.facts["task"], one.facts
            due = date.fromisoformat(facts["due_on"])
            found[number] = Task(number, facts["department"], one.text("who"), one.text("asked"), due)
        elif one.event == "request.answered" and one.facts["task"] in found:
            task = found[one.facts["task"]]
            found[task.number] = replace(task, done=one.facts["done"], handed_in=(*task.handed_in, _handed_in(one)))
    return list(found.values())


def _handed_in(one: RequestAct) -> HandedIn:
    return HandedIn(date.fromisoformat(one.facts["on"]), one.text("text"), one.text("file"), one.text("object"))


def give(archive: Archive, number: int, department: str, asked: str, due_on: date, who: str = "") -> Task:
    """Ask a department, and a person in it if one is named, to hand something in by a day."""
    register.get(archive, number)
    with archive.act("request.task", f"request:{number}") as act:
        count = act.connection.execute(
            "SELECT count(*) FROM ledger WHERE event = 'request.task' AND subject = ?", (act.subject,)
        ).fetchone()[0]
        act.facts |= {"task": count + 1, "department": storable(department), "due_on": due_on.isoformat()}
        act.state(act.subject, "asked", asked)
        if who:
            act.state(act.subject, "who", who)
    return tasks(acts(archive, number))[-1]


def hand_in(
    archive: Archive,
    number: int,
    task: int,
    *,
    text: str = "",
    file: Path | None = None,
    on: date | None = None,
    done: bool = True,
) -> Task:
    """Note what a department handed in for a task; ``done`` is False while more is to come."""
    register.get(archive, number)
    _find(tasks(acts(archive, number)), number, task)
    if not text and file is None:
        raise NothingHandedIn
    day = not_in_the_future(archive, "What was handed in", on)
    kept: Kept | None = keep_file(archive, file) if file is not None else None
    facts = {"task": task, "on": day.isoformat(), "done": done}
    with archive.act("request.answered", f"request:{number}", facts) as act:
        if text:
            act.state(act.subject, "text", text)
        if kept is not None:
            state_kept(act, kept)
    return _find(tasks(acts(archive, number)), number, task)


def _find(known: Iterable[Task], number: int, task: int) -> Task:
    for one in known:
        if one.number == task:
            return one
    raise UnknownTask(number, task)
