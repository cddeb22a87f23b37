"""Commands of schedule files: check, preview, adopt, list."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.commands import as_json, asked_password, say
from archive.errors import ExitCode
from archive.session import Session
from archive.terminal import print_json, print_table, progress_bar, safe

if TYPE_CHECKING:
    from composition import House
    from retention_schedules.basis import Basis
    from retention_schedules.check import Fault
    from retention_schedules.schedule import Schedule


@click.group()
def schedule() -> None:
    """Check, preview and adopt retention schedules."""


@schedule.command("check")
@click.argument("file")
@as_json
@click.pass_obj
def schedule_check(session: Session, file: str, json_lines: bool) -> None:
    """Check schedule FILE (or the name of a shipped one), against the archive too if one is named."""
    import msgspec

    from archive import clock
    from retention_schedules.adoption import source
    from retention_schedules.reader import examine

    toml = source(file)
    found, faults = examine(toml, clock.now().date())
    if found is not None and session.folder is not None and not any(not one.remark for one in faults):
        faults += _fit(session, found, toml)
    if json_lines:
        print_json([{"file": file, **msgspec.structs.asdict(fault)} for fault in faults])
    else:
        for fault in faults:
            place = f"{file}:{fault.line}" if fault.line else file
            click.echo(f"{safe(place)}: {'remark' if fault.remark else 'fault'}: {fault}")
    if any(not fault.remark for fault in faults):
        raise click.exceptions.Exit(ExitCode.DONE_WITH_FINDINGS)
    if found is not None and not json_lines:
        click.echo("It is an example and cannot be adopted." if found.example else "It can be adopted.")


def _fit(session: Session, found: Schedule, toml: bytes) -> list[Fault]:
    from composition import opened
    from retention_schedules.checking.fitting import fit

    with opened(session.named_folder, session.actor, session.password) as house:
        return fit(house.archive, house.finder, found, toml)


@schedule.command("preview")
@click.argument("file")
@click.option("--records", is_flag=True, help="Name every record that would move, with both dates.")
@as_json
@click.pass_obj
def schedule_preview(session: Session, file: str, records: bool, json_lines: bool) -> None:
    """Show which records would move, and by how much, if schedule FILE were adopted; nothing is changed."""
    from composition import opened
    from retention_schedules.adoption import source
    from retention_schedules.basis import basis, with_schedule
    from retention_schedules.reader import read

    read_in = read(source(file), file)
    with opened(session.named_folder, session.actor, session.password) as house:
        to = with_schedule(basis(house.archive), read_in)
        if records:
            _show_each(house, to, json_lines)
        else:
            show_moves(house, to, json_lines)


def _show_each(house: House, to: Basis, json_lines: bool) -> None:
    import msgspec

    from retention_schedules.moves import each

    house.expiry.catch_up()
    for one in each(house.archive, to, house.finder):
        if json_lines:
            print_json([msgspec.structs.asdict(one)])
        else:
            click.echo(safe(str(one)))


def show_moves(house: House, to: Basis, json_lines: bool) -> None:
    """Print what would move if this were the basis of all dates."""
    import msgspec

    from retention_schedules.moves import moves

    house.expiry.catch_up()
    with progress_bar("deriving dates aside") as progress:
        found = moves(house.archive, to, house.finder, progress)
    if json_lines:
        print_json([msgspec.structs.asdict(one) for one in found])
        return
    for one in found:
        click.echo(str(one))
    total = sum(one.records for one in found)
    earlier = sum(one.records for one in found if one.kind == "earlier")
    said = f"{total:,} records would move, {earlier:,} of them to an earlier date" if total else "No record would move"
    click.echo(f"{said}. Nothing was changed.")


@schedule.command("adopt")
@click.argument("file")
@click.option("--by", default="", metavar="NAME", help="Who adopts it; else the actor. Gives MUNIMENT_PASSWORD.")
@click.option("--second", default="", metavar="NAME", help="The second person. Gives MUNIMENT_SECOND_PASSWORD.")
@click.option("--form", type=click.Path(path_type=Path), help="The adoption form, PRB-002; the file is kept.")
@click.option("--ordinance", type=click.Path(path_type=Path), help="The ordinance; the file is kept.")
@click.option(
    "--checked", multiple=True, metavar="SERIES=WHO, SOURCE", help="Who checked a series against which source."
)
@click.option("--evidence", multiple=True, type=click.Path(path_type=Path), help="Another file to keep with it.")
@click.option("--dry-run", is_flag=True, help="Show which records would move; adopt nothing.")
@as_json
@click.pass_obj
def schedule_adopt(
    session: Session, file: str, by: str, second: str, form: Path | None, ordinance: Path | None,
    checked: tuple[str, ...], evidence: tuple[Path, ...], dry_run: bool, json_lines: bool,
) -> None:  # fmt: skip
    """Adopt schedule FILE (or the name of a shipped one): two people, each with a password, and the evidence."""
    from composition import opened, proved
    from retention_schedules import adoption
    from retention_schedules.basis import basis, with_schedule
    from retention_schedules.evidence import Evidence

    toml_schedule = adoption.adoptable(file)[1]
    if dry_run:
        with opened(session.named_folder, session.actor, session.password) as house:
            show_moves(house, with_schedule(basis(house.archive), toml_schedule), json_lines)
        return
    first = by or session.actor
    if not first or not second:
        raise adoption.TwoPeopleNeeded("one was named" if first or second else "nobody was named")
    given = {key: path for key, path in (("form", form), ("ordinance", ordinance)) if path is not None}
    said = dict(_checked(one) for one in checked)
    password = asked_password(first, session.password)
    with opened(session.named_folder, first, password) as house:
        other = proved(house.archive, second, asked_password(second, os.environ.get("MUNIMENT_SECOND_PASSWORD")))
        adopted = adoption.adopt(house.archive, file, other, Evidence(given, said, evidence), house.finder)
        house.expiry.catch_up()
    unverified = [one.title for one in adopted.series if not one.verified]
    sentence = f"“{adopted.title}” is adopted by {first} and {second}; every record has its date."
    if unverified:
        sentence += f"\nNobody has checked {len(unverified)} of its series, so they authorise nothing: "
        sentence += "; ".join(unverified)
    row = {"schedule": adopted.name, "by": first, "second": second, "unverified": unverified}
    say(sentence, row, json_lines)


def _checked(text: str) -> tuple[str, str]:
    series, equals, words = text.partition("=")
    if not equals or not words.strip():
        raise click.BadParameter("write SERIES=WHO, SOURCE", param_hint="--checked")
    return series.strip(), words.strip()


@schedule.command("list")
@as_json
@click.pass_obj
def schedule_list(session: Session, json_lines: bool) -> None:
    """List the adopted schedules, and who adopted them."""
    from composition import open_archive
    from retention_schedules.adoption import adoptions

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        rows: list[dict[str, Any]] = [
            {
                "schedule": one.schedule.name,
                "title": one.schedule.title,
                "authority": one.schedule.authority,
                "approved_on": one.schedule.approved_on.isoformat(),
                "expires_on": one.schedule.expires_on.isoformat() if one.schedule.expires_on else None,
                "series": len(one.schedule.series),
                "verified": sum(series.verified for series in one.schedule.series),
                "adopted_on": one.on.isoformat(),
                "by": one.by,
                "second": one.second,
            }
            for one in adoptions(archive)
        ]
    columns = {
        "schedule": "Schedule", "title": "Title", "approved_on": "Approved", "expires_on": "Expires",
        "series": "Series", "verified": "Checked", "adopted_on": "Adopted", "by": "By", "second": "And by",
    }  # fmt: skip
    if json_lines:
        print_json(rows)
    else:
        print_table(rows, columns, "No schedule is adopted: every record is kept. See `muniment schedule adopt`.")
