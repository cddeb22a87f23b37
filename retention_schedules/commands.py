"""Commands of expiry: what is due, why, when; overrides, events, the self-check."""

from __future__ import annotations

import click

from archive.commands import as_json, asked_password, say
from archive.counting import counted
from archive.errors import ExitCode
from archive.session import Session
from archive.terminal import print_json, safe
from retention_schedules.checking.commands import schedule, show_moves
from retention_schedules.disposition.commands import COMMANDS as DISPOSITION
from retention_schedules.holds.commands import COMMANDS as HOLDS


@click.group()
def retention() -> None:
    """Show when records expire, and why."""


@retention.command("due")
@click.option("--on", metavar="DATE", help="On this day; else today.")
@as_json
@click.pass_obj
def retention_due(session: Session, on: str | None, json_lines: bool) -> None:
    """Show what has reached its date, by series, and what stops it from going."""
    import msgspec

    from archive import clock
    from composition import opened
    from retention_schedules.due import due
    from retention_schedules.schedule import DISPOSITION_MEANING

    what: dict[str, str] = {key: f"to be {meaning}" for key, meaning in DISPOSITION_MEANING.items()}
    with opened(session.named_folder, session.actor, session.password) as house:
        house.expiry.catch_up()
        day = clock.read_date(on) if on else house.archive.now_local().date()
        groups = due(house.archive, day, house.stoppers)
    if json_lines:
        print_json([msgspec.structs.asdict(group) for group in groups])
        return
    for group in groups:
        span = f", due {group.earliest_on} to {group.latest_on}" if group.earliest_on else ""
        click.echo(f"{group.records:>10,}  {group.title}{span}")
        for reason in group.stopped_by:
            click.echo(f"            kept: {safe(reason)}")
        if group.ready:
            click.echo(f"            {group.ready:,} can be proposed: {what[group.disposition]}")
    if not groups:
        click.echo(f"Nothing is due on {day}.")


@retention.command("why")
@click.argument("record", type=int)
@as_json
@click.pass_obj
def retention_why(session: Session, record: int, json_lines: bool) -> None:
    """Say why RECORD expires when it does."""
    from composition import opened
    from retention_schedules.why import explain

    with opened(session.named_folder, session.actor, session.password) as house:
        found = explain(house.archive, record, house.finder, house.stoppers)
    lines = found.lines()
    ends = found.expires_on.isoformat() if found.expires_on else None
    say("\n".join(lines), {"record": record, "reasoning": lines, "expires_on": ends,
                           "stopped_by": list(found.stopped_by)}, json_lines)  # fmt: skip


@retention.command("calendar")
@click.option("--years", type=click.IntRange(1, 200), default=3, show_default=True, help="How far to look.")
@as_json
@click.pass_obj
def retention_calendar(session: Session, years: int, json_lines: bool) -> None:
    """Show what falls due in the coming years, month by month."""
    import msgspec

    from composition import opened
    from retention_schedules.coming import months, total

    with opened(session.named_folder, session.actor, session.password) as house:
        house.expiry.catch_up()
        found = months(house.archive, years)
    if json_lines:
        print_json([msgspec.structs.asdict(one) for one in found])
        return
    for one in found:
        when = "before" if one.is_overdue else one.month
        kept = "" if one.authorised else "  (kept: the schedule does not authorise it)"
        click.echo(f"{when:8}{one.records:>10,}  {one.title}{kept}")
    click.echo(f"{counted(total(found), 'record')} due within {counted(years, 'year')}.")


@retention.command("override")
@click.option("--record", type=int, help="For this record alone.")
@click.option("--account", default="", help="For all records of this account.")
@click.option("--series", default="", help="Into this series, whatever the rules say; SCHEDULE/SERIES if two have it.")
@click.option("--keep-until", default="", metavar="DATE", help="Keep until this day at least, or “permanent”.")
@click.option("--lift", is_flag=True, help="End the override that is there.")
@click.option("--reason", required=True, help="Why; it is kept, and read out by `retention why`.")
@click.option("--dry-run", is_flag=True, help="Show which records would move; change nothing.")
@as_json
@click.pass_obj
def retention_override(
    session: Session, record: int | None, account: str, series: str, keep_until: str, lift: bool, reason: str,
    dry_run: bool, json_lines: bool,
) -> None:  # fmt: skip
    """Keep one record, or an account's, longer than the rules say, or in another series."""
    import msgspec

    from archive import clock
    from composition import opened
    from retention_schedules import overrides
    from retention_schedules.basis import basis

    if (record is None) == (not account):
        raise overrides.EmptyOverride
    forever = keep_until == overrides.FOREVER
    until = clock.read_date(keep_until) if keep_until and not forever else None
    subject = f"record:{record}" if record is not None else f"account:{account}"
    asks = bool(series) or lift
    password = asked_password(session.actor, session.password) if asks and not dry_run else session.password
    with opened(session.named_folder, session.actor, password) as house:
        now = basis(house.archive)
        placed = overrides.named_series(now.schedules, series) if series else ("", "")
        one = overrides.Override(subject, *placed, until, forever, reason)
        if dry_run:
            overrides.check(house.archive, one, lift=lift)
            changed = now.overrides.plus(one, lift)
            show_moves(house, msgspec.structs.replace(now, overrides=changed), json_lines)
            return
        overrides.override(house.archive, one, lift=lift)
        house.expiry.catch_up()
    what = "The override is lifted" if lift else "The override is recorded"
    of = f"record {record}" if record is not None else f"account {account}"
    row = {"subject": subject, "series": one.series, "keep_until": keep_until, "lifted": lift}
    say(f"{what} for {of}; the dates follow.", row, json_lines)


@retention.command("event")
@click.argument("name")
@click.option("--on", metavar="DATE", help="The day on which it happened.")
@click.option("--account", default="", help="For the records of this account alone; else for all.")
@click.option("--withdraw", is_flag=True, help="It was recorded by mistake: periods wait for it again.")
@click.option("--dry-run", is_flag=True, help="Show which records would move; change nothing.")
@as_json
@click.pass_obj
def retention_event(
    session: Session, name: str, on: str | None, account: str, withdraw: bool, dry_run: bool, json_lines: bool
) -> None:
    """Record that event NAME happened, from which periods count; “Account closed” is seen by itself."""
    import msgspec

    from archive import clock
    from composition import opened
    from retention_schedules import events
    from retention_schedules.basis import basis

    if withdraw == (on is not None):
        raise click.UsageError("Give the day with --on DATE, or --withdraw.")
    day = clock.read_date(on) if on else None
    with opened(session.named_folder, session.actor, session.password) as house:
        now = basis(house.archive)
        if dry_run:
            event = events.checked(house.archive, now.schedules, name, day, account)
            show_moves(house, msgspec.structs.replace(now, events=events.plus(now.events, event, withdraw)), json_lines)
            return
        event = events.record(house.archive, now.schedules, name, day, account)
        house.expiry.catch_up()
    of = f" for account {account}" if account else ""
    what = f"happened on {day}" if day else "has not happened"
    row = {"event": event.name, "on": day.isoformat() if day else None, "account": account}
    say(f"“{event.name}” {what}{of}; the dates follow.", row, json_lines)


@retention.command("adm12")
@as_json
@click.pass_obj
def retention_adm12(session: Session, json_lines: bool) -> None:
    """Show for every clause of Adm 12.05 what the archive can point to, live."""
    import msgspec

    from composition import opened
    from retention_schedules.adm12 import check

    with opened(session.named_folder, session.actor, session.password) as house:
        house.expiry.catch_up()
        found = check(house.archive)
    if json_lines:
        print_json([msgspec.structs.asdict(one) for one in found])
    else:
        for one in found:
            click.echo(f"{'shown ' if one.shown else 'LACKS '} {one.title}: {'; '.join(one.evidence)}")
    if not all(one.shown for one in found):
        raise click.exceptions.Exit(ExitCode.DONE_WITH_FINDINGS)


COMMANDS: tuple[click.Command, ...] = (schedule, retention, *HOLDS, *DISPOSITION)
