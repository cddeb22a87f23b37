"""Commands of holds."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from archive.commands import as_json, asked_password, say
from archive.counting import counted
from archive.session import Session
from archive.terminal import print_json, print_table, safe

ROW = {"hold": "No.", "name": "Hold", "placed_on": "Placed", "placed_by": "By", "records": "Records",
       "waiting": "Not acknowledged by", "released_on": "Released"}  # fmt: skip


@click.group()
def hold() -> None:
    """Keep records although their date has come."""


@hold.command("place")
@click.argument("name")
@click.option("--query", "-q", default="", help="Words to look for, now and in all that arrives later.")
@click.option("--reason", required=True, help="Why; it stands in the notice.")
@click.option("--record", "records", type=int, multiple=True, help="This record too; may be repeated.")
@click.option("--custodian", "custodians", multiple=True, help="Who gets the notice; may be repeated.")
@click.option("--account", "accounts", multiple=True, help="Of this account only; may be repeated.")
@click.option("--from", "since", metavar="DATE", help="Written on this day or later.")
@click.option("--to", "until", metavar="DATE", help="Written on this day or earlier.")
@click.option("--alias", "aliases", multiple=True, help="Another name for it, looked for as a phrase.")
@click.option(
    "--media", is_flag=True, help="Also hold files whose words cannot be searched, of these accounts and days."
)
@as_json
@click.pass_obj
def hold_place(
    session: Session, name: str, query: str, reason: str, records: tuple[int, ...], custodians: tuple[str, ...],
    accounts: tuple[str, ...], since: str | None, until: str | None, aliases: tuple[str, ...], media: bool,
    json_lines: bool,
) -> None:  # fmt: skip
    """Place hold NAME: what answers is kept from now on, and a notice is written."""
    from archive import clock
    from composition import opened, printed
    from retention_schedules.holds.placing import place
    from retention_schedules.holds.terms import Terms

    days = (clock.read_date(since) if since else None, clock.read_date(until) if until else None)
    terms = Terms(query, aliases, accounts, *days, media=media, records=records)
    with opened(session.named_folder, session.actor, session.password) as house:
        placed = place(house.holds, name, terms, reason, custodians, printed)
        house.catch_up()
    row = _row(placed.hold) | {
        "needs_backup": [one.account for one in placed.reach.places if one.needs_backup],
        "outside": list(placed.reach.outside),
        "without_words": list(placed.reach.without_words),
    }
    if json_lines:
        print_json([row])
        return
    click.echo(
        f"Hold “{safe(name)}” is in force over {counted(placed.hold.records, 'record')}, and over what arrives later."
    )
    for one in placed.reach.places:
        if one.needs_backup:
            last = f"its last backup is of {one.backed_up_on}" if one.backed_up_on else "it has no backup"
            click.echo(f"Make a fresh backup of {one.account} now: {last}.")
    for where in placed.reach.outside:
        click.echo(f"Not held by the archive: {safe(where)}")
    if placed.reach.without_words:
        click.echo(
            f"{len(placed.reach.without_words):,} more records have files whose words cannot be searched. Look at "
            f"them: `muniment hold show {shlex.quote(safe(name))} --without-words`."
        )
    click.echo(
        f"The notice: `muniment hold show {shlex.quote(safe(name))} --notice`, with `--to notice.pdf` for the printer. "
        "Note who confirms it with `hold acknowledge`."
    )


@hold.command("release")
@click.argument("name")
@click.option("--reason", required=True, help="Why; it is kept.")
@as_json
@click.pass_obj
def hold_release(session: Session, name: str, reason: str, json_lines: bool) -> None:
    """Release hold NAME: a clerk or the attorney, with the password."""
    from composition import open_archive
    from retention_schedules.holds.register import release

    with open_archive(session.named_folder, session.actor, asked_password(session.actor, session.password)) as archive:
        released = release(archive, name, reason)
    say(f"Hold “{safe(released.name)}” is released. Nothing goes but by disposition.", _row(released), json_lines)


@hold.command("acknowledge")
@click.argument("name")
@click.option("--by", required=True, metavar="PERSON", help="Who has confirmed the notice.")
@as_json
@click.pass_obj
def hold_acknowledge(session: Session, name: str, by: str, json_lines: bool) -> None:
    """Note that somebody has confirmed the notice of hold NAME."""
    from composition import open_archive
    from retention_schedules.holds.register import acknowledge

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        held = acknowledge(archive, name, by)
    waiting = f"Still to confirm: {', '.join(held.waiting)}." if held.waiting else "Nobody is left to confirm."
    say(f"{safe(by)} has confirmed the notice. {safe(waiting)}", _row(held), json_lines)


@hold.command("list")
@as_json
@click.pass_obj
def hold_list(session: Session, json_lines: bool) -> None:
    """List all holds, and the requests whose records the law protects."""
    from composition import opened
    from retention_schedules.holds.register import listed

    with opened(session.named_folder, session.actor, session.password) as house:
        rows = [_row(one) for one in listed(house.archive)]
        requests = [
            {"request": one.name, "why": one.why, "until": one.until.isoformat() if one.until else None,
             "of_all": one.of_all}
            for one in house.holds.requests()
        ]  # fmt: skip
    if json_lines:
        print_json([*rows, *requests])
        return
    print_table(rows, ROW, "No hold was placed yet.")
    for one in requests:
        covers = " Nothing was searched for it yet, so no record at all may go." if one["of_all"] else ""
        click.echo(f"Request {one['request']}: {one['why']}{covers}")


@hold.command("show")
@click.argument("name")
@click.option("--notice", is_flag=True, help="Print the notice as it was written.")
@click.option("--without-words", is_flag=True, help="List records whose files cannot be searched.")
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="Write the notice to this file: .pdf, .html or .txt."
)
@as_json
@click.pass_obj
def hold_show(
    session: Session, name: str, notice: bool, without_words: bool, target: Path | None, json_lines: bool
) -> None:
    """Show hold NAME with its terms: to a clerk, the attorney or an auditor, with the password."""
    import msgspec

    from composition import opened
    from retention_schedules import papers
    from retention_schedules.holds import register
    from retention_schedules.holds.placing import reached
    from retention_schedules.holds.standing import members

    with opened(session.named_folder, session.actor, asked_password(session.actor, session.password)) as house:
        archive = house.archive
        held = register.get(archive, name)
        terms, reason = register.terms(archive, held)
        far = reached(house.holds, terms, members(archive.connection, held.subject))
        if (notice or target is not None) and held.notice is not None:
            click.echo(papers.given(archive, held.notice, target))
            return
    row = _row(held) | {
        "terms": msgspec.to_builtins(terms), "reason": reason, "needs_backup": [
            one.account for one in far.places if one.needs_backup
        ], "outside": list(far.outside), "without_words": list(far.without_words),
        "acknowledged": [{"by": by, "on": on.isoformat()} for by, on in held.acknowledged],
    }  # fmt: skip
    if json_lines:
        print_json([row])
        return
    if without_words:
        click.echo("\n".join(str(one) for one in far.without_words) or "There are none.")
        return
    for key, value in row.items():
        click.echo(f"{key.replace('_', ' '):14} {safe(_shown(value))}")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_shown(one)}" for key, one in value.items() if one)
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value))
    return "" if value is None else str(value)


def _row(one: Any) -> dict[str, Any]:
    return {
        "hold": one.number, "name": one.name, "placed_on": one.placed_on.isoformat(), "placed_by": one.placed_by,
        "records": one.records, "custodians": list(one.custodians), "waiting": list(one.waiting),
        "released_on": one.released_on.isoformat() if one.released_on else None,
    }  # fmt: skip


COMMANDS: tuple[click.Command, ...] = (hold,)
