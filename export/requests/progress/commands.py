"""Commands on where a request stands: routing, tasks, time, statuses."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands import as_json, say
from archive.session import Session
from archive.terminal import safe

STATUSES = ("open", "clarifying", "fees pending", "in review", "ready", "released in part", "released", "withdrawn")
"""Those that ``request status`` sets; a denial and a closing have commands of their own, since they need reasons."""


@click.command("route")
@click.argument("number", metavar="N", type=int)
@click.option(
    "--to", multiple=True, metavar="DEPARTMENT", help="Whose custodian answers; else by the accounts in scope."
)
@click.option("--reason", default="", help="Why, where it is not by account.")
@as_json
@click.pass_obj
def request_route(session: Session, number: int, to: tuple[str, ...], reason: str, json_lines: bool) -> None:
    """Route request N to the custodians of the departments whose accounts are in its scope."""
    from composition import open_archive
    from export.requests.progress.routing import route

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        chosen = route(archive, number, to, reason)
    said = f"Request {number} is routed to: {safe(', '.join(chosen))}."
    say(said, {"request": number, "routed_to": chosen}, json_lines)


@click.command("task")
@click.argument("number", metavar="N", type=int)
@click.option("--department", required=True, help="Which department is asked.")
@click.option("--asked", required=True, metavar="TEXT", help="What it is asked to hand in.")
@click.option("--due", required=True, metavar="DATE", help="By when.")
@click.option("--who", default="", metavar="NAME", help="Who in the department.")
@as_json
@click.pass_obj
def request_task(
    session: Session, number: int, department: str, asked: str, due: str, who: str, json_lines: bool
) -> None:
    """Ask a department to hand something in for request N."""
    from archive import clock
    from composition import open_archive
    from export.requests.progress.tasks import give

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        made = give(archive, number, department, asked, clock.read_date(due), who)
    said = f"Task {made.number}: {safe(department)} is asked to hand in by {made.due_on}: {safe(asked)}"
    row = {"request": number, "task": made.number, "department": department, "due_on": due}
    say(said, row, json_lines)


@click.command("handed-in")
@click.argument("number", metavar="N", type=int)
@click.argument("task", metavar="TASK", type=int)
@click.option("--text", default="", help="What was handed in, in words.")
@click.option("--file", type=click.Path(path_type=Path), help="The file that was handed in; it is kept.")
@click.option("--on", metavar="DATE", help="When; today if left out.")
@click.option("--more-to-come", is_flag=True, help="The task is not done yet.")
@as_json
@click.pass_obj
def request_handed_in(
    session: Session, number: int, task: int, text: str, file: Path | None, on: str | None, more_to_come: bool,
    json_lines: bool,
) -> None:  # fmt: skip
    """Note what was handed in for TASK of request N."""
    from archive import clock
    from composition import open_archive
    from export.requests.progress.tasks import hand_in

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        day = clock.read_date(on) if on else None
        made = hand_in(archive, number, task, text=text, file=file, on=day, done=not more_to_come)
    latest = made.handed_in[-1]
    what = f"the file {safe(latest.file)}" if latest.file else "what was said"
    said = f"Task {task}: {what} was handed in on {latest.on}. {'It is done.' if made.done else 'More is to come.'}"
    row = {"request": number, "task": task, "on": latest.on.isoformat(), "sha256": latest.sha256, "done": made.done}
    say(said, row, json_lines)


@click.command("extend")
@click.argument("number", metavar="N", type=int)
@click.option("--until", required=True, metavar="DATE", help="The day by which the answer is expected now.")
@click.option("--reason", required=True, help="Why more time is needed; the letter says it.")
@as_json
@click.pass_obj
def request_extend(session: Session, number: int, until: str, reason: str, json_lines: bool) -> None:
    """Take more time for request N."""
    from archive import clock
    from composition import open_archive
    from export.requests.progress.clock import extend

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        extend(archive, number, clock.read_date(until), reason)
    said = f"Request {number} is due on {until} now. Tell the requester: `muniment request letter {number} extension`."
    say(said, {"request": number, "due_on": until}, json_lines)


@click.command("status")
@click.argument("number", metavar="N", type=int)
@click.argument("status", type=click.Choice(STATUSES))
@click.option("--reason", default="", help="Why, if it is worth keeping.")
@click.option("--on", metavar="DATE", help="Since when; today if left out.")
@as_json
@click.pass_obj
def request_status(session: Session, number: int, status: str, reason: str, on: str | None, json_lines: bool) -> None:
    """Bring request N to another status."""
    _move(session, number, status, reason, on, json_lines)


@click.command("deny")
@click.argument("number", metavar="N", type=int)
@click.option("--reason", required=True, help="The specific reasons; the letter of denial gives them.")
@click.option("--on", metavar="DATE", help="When; today if left out.")
@as_json
@click.pass_obj
def request_deny(session: Session, number: int, reason: str, on: str | None, json_lines: bool) -> None:
    """Deny request N, with reasons; records asked for stay for the days that the law names."""
    _move(session, number, "denied", reason, on, json_lines)


@click.command("close")
@click.argument("number", metavar="N", type=int)
@click.option("--reason", required=True, help="Why it is closed.")
@click.option("--on", metavar="DATE", help="When; today if left out.")
@as_json
@click.pass_obj
def request_close(session: Session, number: int, reason: str, on: str | None, json_lines: bool) -> None:
    """Close request N."""
    _move(session, number, "closed", reason, on, json_lines)


@click.command("reopen")
@click.argument("number", metavar="N", type=int)
@click.option("--reason", required=True, help="Why it is opened again.")
@as_json
@click.pass_obj
def request_reopen(session: Session, number: int, reason: str, json_lines: bool) -> None:
    """Open request N again."""
    from composition import open_archive
    from export.requests.progress.status import reopen

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        step = reopen(archive, number, reason)
    row = {"request": number, "status": step.status, "on": step.on.isoformat()}
    say(f"Request {number} is open again.", row, json_lines)


@click.command("mandamus")
@click.argument("number", metavar="N", type=int)
@click.option("--over", is_flag=True, help="The order was given and any appeal is over.")
@click.option("--on", metavar="DATE", help="When notice came in, or when it ended; today if left out.")
@click.option("--note", default="", help="Such as the court and the case number.")
@as_json
@click.pass_obj
def request_mandamus(session: Session, number: int, over: bool, on: str | None, note: str, json_lines: bool) -> None:
    """Note that an action for mandamus over request N is pending, or over; nothing may be destroyed meanwhile."""
    from archive import clock
    from composition import open_archive
    from export.requests.progress.court import mandamus

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        day = mandamus(archive, number, pending=not over, on=clock.read_date(on) if on else None, note=note)
    what = (
        f"The action over request {number} is over since"
        if over
        else f"An action over request {number} is pending since"
    )
    say(f"{what} {day}.", {"request": number, "pending": not over, "on": day.isoformat()}, json_lines)


def _move(session: Session, number: int, status: str, reason: str, on: str | None, json_lines: bool) -> None:
    import msgspec

    from archive import clock
    from composition import open_archive
    from export.requests.case import case
    from export.requests.letters import kinds
    from export.requests.progress.status import Status, move

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        day = clock.read_date(on) if on else None
        step = move(archive, number, msgspec.convert(status, Status), reason, day)
        kept = case(archive, number).preserved
    if json_lines:
        say("", {"request": number, "status": step.status, "on": step.on.isoformat()}, json_lines)
        return
    click.echo(f"Request {number} is {step.status} since {step.on}.")
    if step.status in ("denied", "released in part"):
        click.echo(kept.why)
    for kind, one in kinds().items():
        if one.status == step.status:
            note = " --note TEXT" if one.needs and step.status != "denied" else ""
            click.echo(f"Tell the requester: `muniment request letter {number} {kind}{note}`.")


COMMANDS: tuple[click.Command, ...] = (
    request_route,
    request_task,
    request_handed_in,
    request_extend,
    request_status,
    request_deny,
    request_close,
    request_reopen,
    request_mandamus,
)
