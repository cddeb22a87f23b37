"""Commands of a disposition that concern the State Historical Society."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.commands import as_json, say
from archive.counting import counted
from archive.session import Session
from archive.terminal import print_json

NUMBER = click.argument("number", metavar="N", type=int)


def row_of(batch: Any) -> dict[str, Any]:
    """Return a batch for scripts."""
    from retention_schedules.disposition.showing import row

    return row(batch)


@click.command("notice")
@NUMBER
@click.option("--contact", required=True, help="Whom the Society answers: name, office, address, telephone.")
@click.option("--posted-on", metavar="DATE", help="The day on which the letter is posted; else today.")
@click.option("--address", default="", help="The Society's address as you looked it up, its lines parted by “;”.")
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="Also write the letter to this file: .pdf or .html."
)
@as_json
@click.pass_obj
def notice(
    session: Session,
    number: int,
    contact: str,
    posted_on: str | None,
    address: str,
    target: Path | None,
    json_lines: bool,
) -> None:
    """Write the notice of disposition N to the State Historical Society, and count its days."""
    from archive import clock
    from composition import open_archive, printed
    from retention_schedules import papers
    from retention_schedules.disposition.society.noticing import give_notice, is_unverified

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        day = clock.read_date(posted_on) if posted_on else None
        batch, kept = give_notice(archive, number, contact, day, printed, address.replace(";", "\n"))
        text = archive.objects.path(kept.text).read_text(encoding="utf-8")
        if target is not None:
            papers.write(archive, kept, target)
    if json_lines:
        print_json([row_of(batch) | {"html_sha256": kept.html, "text_sha256": kept.text}])
        return
    click.echo(text)
    click.echo(f"Post this letter. Nothing of it may go before {batch.free_on}, unless the Society waives notice.")
    if is_unverified(address):
        click.echo("The Society's address is unverified. Look it up, and write the letter again with --address.")


@click.command("answer")
@NUMBER
@click.argument("answer", type=click.Choice(["declined", "accepted", "waived", "none"]))
@click.option("--on", metavar="DATE", help="The day on which it came; else today.")
@click.option("--note", default="", help="What else it says.")
@as_json
@click.pass_obj
def answer(session: Session, number: int, answer: Any, on: str | None, note: str, json_lines: bool) -> None:
    """Record the Society's answer about disposition N."""
    from archive import clock
    from composition import open_archive
    from retention_schedules.disposition.society.noticing import record_answer

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        batch = record_answer(archive, number, answer, clock.read_date(on) if on else None, note)
    told = f"Disposition {number}: the Society's answer is “{answer}”. It may be executed from {batch.free_on} on."
    if batch.kind == "transfer":
        told += f" Its records go to the Society first: `muniment disposition transfer {number} --to DIR`."
    say(told, row_of(batch), json_lines)


@click.command("transfer")
@NUMBER
@click.option("--to", "target", type=click.Path(path_type=Path), help="A new folder for the package.")
@click.option("--received-on", metavar="DATE", help="The Society has confirmed the package on this day.")
@click.option("--receipt", default="", help="What it confirmed.")
@as_json
@click.pass_obj
def transfer(
    session: Session, number: int, target: Path | None, received_on: str | None, receipt: str, json_lines: bool
) -> None:
    """Make the package of disposition N for the Society (--to), or record that it was received (--received-on)."""
    from archive import clock
    from composition import open_archive
    from retention_schedules.disposition.society import transfer as transferring

    if (target is None) == (received_on is None):
        raise click.UsageError("Give --to DIR to make the package, or --received-on DATE once it was received.")
    with open_archive(session.named_folder, session.actor, session.password) as archive:
        if target is not None:
            made = transferring.transfer(archive, number, target)
            row = {
                "disposition": number,
                "folder": str(made.folder),
                "records": made.records,
                "manifest": made.manifest,
            }
            holds = f"{counted(made.records, 'record')}, {counted(made.files, 'file')}"
            told = f"The package is in {made.folder}: {holds}, in BagIt form."
        else:
            batch = transferring.received(archive, number, clock.read_date(received_on or ""), receipt)
            row, told = row_of(batch), f"Disposition {number}: the Society has the package. Two people may approve now."
    say(told, row, json_lines)


COMMANDS: tuple[click.Command, ...] = (notice, answer, transfer)
