"""Commands of the archive itself: making one, users, accounts, verifying, copying."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.counting import counted
from archive.errors import ExitCode
from archive.roles import ROLES
from archive.session import Session
from archive.terminal import print_entry, print_json, print_table, progress_bar, safe

if TYPE_CHECKING:
    from archive.disposal import Disposed

as_json: Callable[[Any], Any] = click.option("--json", "json_lines", is_flag=True, help="Print JSON Lines for scripts.")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Whose archive it is, such as “City of Milbrook”.")
@click.option("--timezone", default="America/Chicago", show_default=True, help="In which dates are typed and read.")
@click.option("--fiscal-year-start", default="01-01", show_default=True, help="First day of the fiscal year, MM-DD.")
@as_json
@click.pass_obj
def init(session: Session, folder: Path, name: str, timezone: str, fiscal_year_start: str, json_lines: bool) -> None:
    """Make a new archive in FOLDER."""
    from archive.archive import Actor, Archive
    from composition import system_user

    system = system_user()
    actor = Actor(session.actor or system, f"command line, as {system}")
    with Archive.create(folder, actor, name=name, timezone=timezone, fiscal_year_start=fiscal_year_start) as archive:
        if json_lines:
            print_json([{"folder": str(folder), "name": name, "checkpoint": str(archive.checkpoint())}])
        else:
            click.echo(f"The archive of {name} is in {folder}. Keep archive.key in it secret, and back the folder up")
            click.echo(f"with `muniment --archive {folder} backup DIR`.")


def say(sentence: str, row: dict[str, Any], json_lines: bool) -> None:
    """Print what was done: a sentence for people, or a row for scripts."""
    if json_lines:
        print_json([row])
    else:
        click.echo(sentence)


def asked_password(name: str, given: str | None) -> str | None:
    """Return a person's password: the one that was given, else typed at the prompt.

    None where there is no terminal to ask at: what needs a password then refuses, and says what it needs.
    """
    if given is not None or not sys.stdin.isatty():
        return given
    return str(click.prompt(f"Password of {name or 'whoever acts'}", hide_input=True, err=True))


@click.group()
def user() -> None:
    """Register who may approve and act under a role."""


@user.command("add")
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(ROLES), help="What the user is in the city.")
@click.option(
    "--password", envvar="MUNIMENT_NEW_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True,
    help="Asked for when left out.",
)  # fmt: skip
@as_json
@click.pass_obj
def user_add(session: Session, name: str, role: Any, password: str, json_lines: bool) -> None:
    """Register user NAME with a role and a password."""
    from archive import users
    from composition import open_archive

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        users.add(archive, name, role, password)
    say(f"{name} is registered as {role}.", {"name": name, "role": role}, json_lines)


@user.command("disable")
@click.argument("name")
@as_json
@click.pass_obj
def user_disable(session: Session, name: str, json_lines: bool) -> None:
    """End user NAME's right to act."""
    from archive import users
    from composition import open_archive

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        users.disable(archive, name)
    say(f"{name} can no longer act.", {"name": name, "disabled": True}, json_lines)


@user.command("list")
@as_json
@click.pass_obj
def user_list(session: Session, json_lines: bool) -> None:
    """List all users."""
    import msgspec

    from archive import users
    from composition import open_archive

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        rows = [msgspec.structs.asdict(one) for one in users.listed(archive)]
    columns = {"name": "Name", "role": "Role", "added_at": "Since", "disabled_at": "Disabled"}
    _show(rows, columns, "No users are registered.", json_lines)


def _show(rows: list[dict[str, Any]], columns: dict[str, str], empty: str, json_lines: bool) -> None:
    if json_lines:
        print_json(rows)
    else:
        print_table(rows, columns, empty)


@click.group()
def account() -> None:
    """Register the city's accounts."""


@account.command("add")
@click.argument("name", metavar="ID")
@click.option("--platform", required=True, help="Such as x or email; `muniment formats` lists them.")
@click.option("--department", required=True, help="The department that answers for it.")
@click.option("--handle", default="", help="How the platform calls it, such as @CityOfMilbrook.")
@click.option("--title", default="", help="How people call it.")
@as_json
@click.pass_obj
def account_add(
    session: Session, name: str, platform: str, department: str, handle: str, title: str, json_lines: bool
) -> None:
    """Register account ID."""
    from archive import accounts
    from composition import open_archive

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        accounts.add(archive, name, platform=platform, department=department, handle=handle, title=title)
    sentence = f"Account {name} is registered. Bring its backup in with `muniment ingest BACKUP --account {name}`."
    say(sentence, {"id": name, "platform": platform, "department": department}, json_lines)


@account.command("list")
@as_json
@click.pass_obj
def account_list(session: Session, json_lines: bool) -> None:
    """List all accounts."""
    import msgspec

    from archive import accounts
    from composition import open_archive

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        rows = [msgspec.structs.asdict(one) for one in accounts.listed(archive)]
    columns = {
        "id": "Account", "platform": "Platform", "department": "Department", "handle": "Handle", "title": "Title",
        "closed_at": "Closed",
    }  # fmt: skip
    _show(rows, columns, "No accounts are registered yet.", json_lines)


@account.command("show")
@click.argument("name", metavar="ID")
@as_json
@click.pass_obj
def account_show(session: Session, name: str, json_lines: bool) -> None:
    """Show one account."""
    import msgspec

    from archive import accounts
    from composition import open_archive

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        row = msgspec.structs.asdict(accounts.get(archive, name))
    if json_lines:
        print_json([row])
        return
    for key, value in row.items():
        click.echo(f"{key.replace('_', ' '):12} {value or ''}")


@account.command("close")
@click.argument("name", metavar="ID")
@as_json
@click.pass_obj
def account_close(session: Session, name: str, json_lines: bool) -> None:
    """Note that account ID is no longer in use; its records stay."""
    from archive import accounts
    from composition import open_archive

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        accounts.close(archive, name)
    say(f"Account {name} is closed. Its records stay in the archive.", {"id": name, "closed": True}, json_lines)


@click.command()
@click.option("--deep", is_flag=True, help="Also read every object, SQLite's structure, and the state.")
@click.option("--checkpoint", metavar="SEQ:DIGEST", help="A checkpoint that a production or a backup printed.")
@as_json
@click.pass_obj
def verify(session: Session, deep: bool, checkpoint: str | None, json_lines: bool) -> None:
    """Check that nothing in the archive was changed."""
    from archive.disposal import summary
    from archive.evidence import note_verified
    from archive.ledger import Checkpoint
    from archive.verify import verify as verify_archive
    from composition import open_archive

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        against = Checkpoint.parse(checkpoint) if checkpoint else None
        with progress_bar("verifying") as progress:
            found = list(verify_archive(archive, deep=deep, checkpoint=against, progress=progress))
        if not found:
            note_verified(archive, deep=deep)
        head, gone = archive.checkpoint(), summary(archive.connection) if deep else []
    if json_lines:
        print_json([{"where": one.where, "what": one.what} for one in found])
    else:
        for one in found:
            click.echo(str(one))
        for past in gone:
            done = "destroyed" if past.kind == "destroy" else "transferred"
            records = counted(past.records, "record")
            click.echo(f"Lawfully {done} on {past.on}: {records} of the series {past.series} ({_known_by(past)}).")
        click.echo(f"{len(found)} damaged." if found else f"Sound. Checkpoint {head}")
    if found:
        raise click.exceptions.Exit(ExitCode.UNSOUND)


def _known_by(past: Disposed) -> str:
    if past.approved_by:
        return f"{past.subject}, approved by {safe(past.approved_by)}"
    return "as a later state of this archive told when this copy was restored"


@click.command()
@click.option("--since", help="Show acts of this local date and later.")
@as_json
@click.pass_obj
def log(session: Session, since: str | None, json_lines: bool) -> None:
    """Show what happened, act by act."""
    import msgspec

    from archive import clock, ledger
    from composition import open_archive

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        first = clock.read_date(since) if since else None
        for row in ledger.rows(archive.connection):
            at = clock.read_stored(row.at)
            if first is not None and clock.local_date(at, archive.timezone) < first:
                continue
            if json_lines:
                print_json([{**msgspec.structs.asdict(row), "facts": row.facts, "digest": row.digest.hex()}])
            else:
                facts = ", ".join(f"{key} {value}" for key, value in row.facts.items() if key != "tables")
                when = clock.in_words(at, archive.timezone)
                print_entry(f"{row.seq:>7}  {when}  {row.actor}: {row.event} {row.subject}", facts)


@click.command()
@as_json
@click.pass_obj
def rebuild(session: Session, json_lines: bool) -> None:
    """Throw everything derived away and derive it again."""
    from composition import opened

    with opened(session.named_folder, session.actor, session.password) as house, progress_bar("rebuilding") as bar:
        house.rebuild(bar)
    sentence = "State, search index and expiry dates were derived again from ledger and holdings."
    say(sentence, {"rebuilt": True}, json_lines)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@as_json
@click.pass_obj
def backup(session: Session, folder: Path, json_lines: bool) -> None:
    """Make a verified copy of the archive in FOLDER; others may go on working."""
    from archive.backup import backup as backup_archive
    from archive.evidence import note_backed_up
    from composition import open_archive

    with (
        open_archive(session.named_folder, session.actor, session.password) as archive,
        progress_bar("copying") as progress,
    ):
        made = backup_archive(archive, folder, progress)
        note_backed_up(archive, folder, made.checkpoint, made.objects)
    _copied(made.folder, str(made.checkpoint), made.objects, json_lines)


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--after",
    "later",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The archive it was made of, or a later backup: tells what was disposed of since.",
)
@as_json
@click.pass_obj
def restore(session: Session, source: Path, later: Path | None, json_lines: bool) -> None:
    """Copy the backup in SOURCE to the new folder that --archive names, and verify it.

    Records that were disposed of since do not come back, as far as the archive that it was made of can be read.
    """
    from archive.archive import Actor
    from archive.backup import restore as restore_archive
    from composition import opened, system_user

    system = system_user()
    with progress_bar("copying") as progress:
        actor = Actor(session.actor or system, f"command line, as {system}")
        made = restore_archive(source, session.named_folder, actor, progress, later)
    with opened(session.named_folder, session.actor, session.password) as house:
        house.catch_up()
    _copied(made.folder, str(made.checkpoint), made.objects, json_lines, {"disposed": made.disposed})
    if json_lines:
        return
    if made.asked is None:
        click.echo("No later state of the archive could be read. If records were disposed of since, restore again with")
        click.echo("--after DIR, the archive that the backup was made of or its latest backup: they would come back.")
    elif made.disposed:
        click.echo(f"{made.disposed:,} records that were disposed of since have been taken out ({made.asked}).")


def _copied(
    folder: Path, checkpoint: str, objects: int, json_lines: bool, further: dict[str, Any] | None = None
) -> None:
    if json_lines:
        print_json([{"folder": str(folder), "checkpoint": checkpoint, "objects": objects, **(further or {})}])
    else:
        click.echo(f"Copied and verified: {folder}, with {objects:,} objects. Checkpoint {checkpoint}")


COMMANDS: tuple[click.Command, ...] = (init, user, account, verify, log, rebuild, backup, restore)
