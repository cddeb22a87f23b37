"""Commands of schedules and expiry."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from archive.commands import as_json, say
from archive.errors import ExitCode
from archive.session import Session
from archive.terminal import print_json, print_table
from retention_schedules.disposition.commands import COMMANDS as DISPOSITION
from retention_schedules.holds.commands import COMMANDS as HOLDS


@click.group()
def schedule() -> None:
    """Check and adopt retention schedules."""


@schedule.command("check")
@click.argument("file")
@as_json
def schedule_check(file: str, json_lines: bool) -> None:
    """Check schedule FILE (or the name of a shipped one) and name every fault."""
    from archive import clock
    from retention_schedules.adoption import source
    from retention_schedules.reader import examine

    _, faults = examine(source(file), clock.now().date())
    if json_lines:
        print_json([msgspec.structs.asdict(fault) for fault in faults])
    else:
        for fault in faults:
            click.echo(f"{'remark' if fault.remark else 'fault'}: {fault}")
    serious = [fault for fault in faults if not fault.remark]
    if not serious and not json_lines:
        click.echo("It can be adopted.")
    if serious:
        raise click.exceptions.Exit(ExitCode.DONE_WITH_FINDINGS)


@schedule.command("adopt")
@click.argument("file")
@as_json
@click.pass_obj
def schedule_adopt(session: Session, file: str, json_lines: bool) -> None:
    """Adopt schedule FILE (or the name of a shipped one) onto the ledger."""
    from composition import opened
    from retention_schedules.adoption import adopt

    with opened(session.named_folder, session.actor, session.password) as house:
        adopted = adopt(house.archive, file)
        house.expiry.catch_up()
    unverified = [one.title for one in adopted.series if not one.verified]
    sentence = f"“{adopted.title}” is adopted; every record has its date."
    if unverified:
        sentence += f"\nNobody has checked {len(unverified)} of its series, so they authorise nothing: "
        sentence += "; ".join(unverified)
    say(sentence, {"schedule": adopted.name, "unverified": unverified}, json_lines)


@schedule.command("list")
@as_json
@click.pass_obj
def schedule_list(session: Session, json_lines: bool) -> None:
    """List the adopted schedules."""
    from composition import open_archive
    from retention_schedules.adoption import adopted

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        rows: list[dict[str, Any]] = [
            {
                "schedule": one.name,
                "title": one.title,
                "authority": one.authority,
                "approved_on": one.approved_on.isoformat(),
                "expires_on": one.expires_on.isoformat() if one.expires_on else None,
                "series": len(one.series),
                "verified": sum(series.verified for series in one.series),
            }
            for one in adopted(archive)
        ]
    columns = {
        "schedule": "Schedule", "title": "Title", "approved_on": "Approved", "expires_on": "Expires",
        "series": "Series", "verified": "Checked",
    }  # fmt: skip
    if json_lines:
        print_json(rows)
    else:
        print_table(rows, columns, "No schedule is adopted: every record is kept. See `muniment schedule adopt`.")


@click.group()
def retention() -> None:
    """Show when records expire, and why."""


@retention.command("due")
@click.option("--on", metavar="DATE", help="On this day; else today.")
@as_json
@click.pass_obj
def retention_due(session: Session, on: str | None, json_lines: bool) -> None:
    """Show what has reached its date, by series, and what stops it from going."""
    from archive import clock
    from composition import opened
    from retention_schedules.due import due

    with opened(session.named_folder, session.actor, session.password) as house:
        house.expiry.catch_up()
        day = clock.read_date(on) if on else house.archive.now_local().date()
        groups = due(house.archive, day)
    if json_lines:
        print_json([msgspec.structs.asdict(group) for group in groups])
        return
    for group in groups:
        span = f", due {group.earliest_on} to {group.latest_on}" if group.earliest_on else ""
        click.echo(f"{group.records:>10,}  {group.title}{span}")
        for reason in group.stopped_by:
            click.echo(f"            kept: {reason}")
    if not groups:
        click.echo(f"Nothing is due on {day}.")


@retention.command("why")
@click.argument("record", type=int)
@as_json
@click.pass_obj
def retention_why(session: Session, record: int, json_lines: bool) -> None:
    """Say why RECORD expires when it does."""
    from composition import open_archive
    from retention_schedules.why import why

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        lines = why(archive, record)
    if json_lines:
        print_json([{"record": record, "reasoning": lines}])
    else:
        click.echo("\n".join(lines))


COMMANDS: tuple[click.Command, ...] = (schedule, retention, *HOLDS, *DISPOSITION)
