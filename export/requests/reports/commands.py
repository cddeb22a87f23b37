"""Commands over requests: the log, and answers to lists of posts said to be missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.commands import as_json
from archive.counting import counted
from archive.session import Session
from archive.terminal import print_entry, print_json, print_table


@click.command("log")
@click.option("--from", "first", metavar="DATE", help="Requests that came in on this day or later.")
@click.option("--to", "last", metavar="DATE", help="Requests that came in on this day or earlier.")
@click.option("--to-file", type=click.Path(path_type=Path), metavar="FILE", help="Write it as .csv or .xlsx.")
@as_json
@click.pass_obj
def request_log(session: Session, first: str | None, last: str | None, to_file: Path | None, json_lines: bool) -> None:
    """Show the request log: a line a request, with its days, fees and outcome."""
    from archive import clock
    from composition import open_archive
    from export.production.answers import counts
    from export.requests.fees.money import dollars
    from export.requests.reports.log import HEADINGS, log, write

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        since, until = (clock.read_date(one) if one else None for one in (first, last))
        rows = log(archive, since, until, counts(archive))
        if to_file is not None:
            write(archive, to_file, rows)
    if json_lines:
        print_json(rows)
    elif to_file is not None:
        click.echo(f"{counted(len(rows), 'request')} written to {to_file}.")
    else:
        short = ("number", "received_on", "requester", "description", "status", "days_taken", "fees_cents")
        shown = [row | {"fees_cents": dollars(row["fees_cents"])} for row in rows]
        headings = {key: HEADINGS[key] for key in short} | {"days_taken": "Days"}
        print_table(shown, headings, "No request came in.")


@click.command("challenge")
@click.argument("number", metavar="N", type=int)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Answer; keep neither the list nor that it was answered.")
@as_json
@click.pass_obj
def request_challenge(session: Session, number: int, file: Path, dry_run: bool, json_lines: bool) -> None:
    """Say of every post in FILE, which a requester says is missing from request N, what became of it."""
    import msgspec

    from composition import open_archive
    from export.production.answers import outcome_of
    from export.requests.challenge import challenge, note_challenge, read_claims

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        answers = challenge(archive, number, read_claims(file), outcome_of(archive, number))
        if not dry_run:
            note_challenge(archive, number, file, answers)
    if json_lines:
        print_json([msgspec.structs.asdict(one) for one in answers])
        return
    for one in answers:
        _print_answer(one)
    outcomes = sorted({one.outcome for one in answers})
    click.echo(", ".join(f"{sum(one.outcome == each for one in answers)} {each}" for each in outcomes) + ".")


def _print_answer(one: Any) -> None:
    known = f" (record {one.record}, known by {one.how})" if one.record else ""
    print_entry(f"{one.line:>7}  {one.outcome.upper()}{known}  {one.claim[:200]}", one.said)


COMMANDS: tuple[click.Command, ...] = (request_log, request_challenge)
