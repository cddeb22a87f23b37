"""Commands on records requests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from archive.commands import as_json, say
from archive.counting import counted
from archive.session import Session
from archive.terminal import print_entry, print_json, print_table, safe
from export.requests.correspondence.commands import CHANNELS
from export.requests.correspondence.commands import COMMANDS as CORRESPONDENCE
from export.requests.fees.commands import COMMANDS as FEES
from export.requests.progress.commands import COMMANDS as PROGRESS
from export.requests.reports.commands import COMMANDS as REPORTS


@click.group()
def request() -> None:
    """Keep the records requests."""


@request.command("open")
@click.option("--received-on", metavar="DATE", required=True, help="The day on which it came in.")
@click.option("--description", required=True, help="What is asked for.")
@click.option("--requester", default="", help="Who asks; nobody has to say.")
@click.option("--outside-number", default="", help="Its number in another system, such as a portal's.")
@click.option("--received-by", default="", metavar="NAME", help="Who took it.")
@click.option("--channel", type=click.Choice(CHANNELS), default=None, help="How it came in.")
@click.option("--incarcerated", is_flag=True, help="The requester is committed or incarcerated: records stay longer.")
@as_json
@click.pass_obj
def request_open(
    session: Session, received_on: str, description: str, requester: str, outside_number: str, received_by: str,
    channel: Any, incarcerated: bool, json_lines: bool,
) -> None:  # fmt: skip
    """Open a request."""
    from archive import clock
    from composition import open_archive
    from export.requests.case import case
    from export.requests.register import open_request

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        opened = open_request(
            archive, clock.read_date(received_on), description, requester, outside_number=outside_number,
            received_by=received_by, channel=channel or "", incarcerated=incarcerated,
        )  # fmt: skip
        known = case(archive, opened.id)
    if json_lines:
        print_json([known.row()])
        return
    click.echo(f"Request {opened.id} ({opened.shown}) is open. {known.clock.sentence}")
    click.echo(f"Collect what answers it with `muniment request collect {opened.id} --query …`.")


@request.command("amend")
@click.argument("number", metavar="N", type=int)
@click.option("--description", default="", help="What is asked for now, after it was narrowed or corrected.")
@click.option("--requester", default="", help="Who asks.")
@click.option("--outside-number", default="", help="Its number in another system.")
@click.option("--received-by", default="", metavar="NAME", help="Who took it.")
@as_json
@click.pass_obj
def request_amend(
    session: Session, number: int, description: str, requester: str, outside_number: str, received_by: str,
    json_lines: bool,
) -> None:  # fmt: skip
    """Correct or narrow what the register says about request N; what it said before stays on the ledger."""
    from composition import open_archive
    from export.requests.case import case
    from export.requests.register import amend

    texts = {"description": description, "requester": requester, "outside_number": outside_number}
    with open_archive(session.named_folder, session.actor, session.password) as archive:
        changed = amend(archive, number, received_by=received_by, **texts)
        row = case(archive, number).row()
    say(f"Request {number} asks for: {safe(changed.description)}", row, json_lines)


@request.command("list")
@as_json
@click.pass_obj
def request_list(session: Session, json_lines: bool) -> None:
    """List all requests: what is due next first, late ones before all, answered ones last."""
    from composition import open_archive
    from export.requests.case import by_urgency, cases

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        rows = [one.row() for one in by_urgency(cases(archive))]
    if json_lines:
        print_json(rows)
        return
    for row in rows:
        row["next"] = f"{'LATE ' if row['late'] else ''}{row['due_on']}: {row['due']}" if row["due_on"] else ""
    columns = {"id": "N", "shown": "Number", "status": "Status", "next": "Due next", "description": "Asks for"}
    print_table(rows, columns, "No request has been opened yet.")


@request.command("show")
@click.argument("number", metavar="N", type=int)
@as_json
@click.pass_obj
def request_show(session: Session, number: int, json_lines: bool) -> None:
    """Show request N: where it stands, its clock, tasks, notes, letters, fees, and what was collected."""
    from composition import open_archive
    from export.requests.showing import as_row, as_text

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        if json_lines:
            print_json([as_row(archive, number)])
            return
        for heading, lines in as_text(archive, number):
            print_entry(heading, "\n".join(lines))


@request.command("collect")
@click.argument("number", metavar="N", type=int)
@click.option("--query", help="What to look for, as in `muniment search`.")
@click.option("--record", "records", multiple=True, type=int, help="This record, with all its versions.")
@click.option("--list", "listed", metavar="ACCOUNT[/LIST]", help="The people on a subscriber list, with --on.")
@click.option("--on", metavar="DATE", help="As of the end of this day.")
@click.option("--list-for", type=int, metavar="RECORD", help="A message, and the people of its list when it was sent.")
@click.option(
    "--context", type=click.Choice(["all", "ancestors"]),
    help="Besides, the conversations of what is collected: all of them, or what they answer.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say how many versions answer --query; collect nothing.")
@as_json
@click.pass_obj
def request_collect(
    session: Session, number: int, query: str | None, records: tuple[int, ...], listed: str | None, on: str | None,
    list_for: int | None, context: str | None, dry_run: bool, json_lines: bool,
) -> None:  # fmt: skip
    """Add what answers, as of now, to the collected set of request N: by search, by hand, or a list of people."""
    from composition import opened
    from export.requests.register import get

    with opened(session.named_folder, session.actor, session.password) as house:
        if dry_run and query is not None:
            get(house.archive, number)
            count = house.finder.count(query)
            if json_lines:
                print_json([{"request": number, "query": query, "versions": count, "dry_run": True}])
            else:
                click.echo(f"{counted(count, 'version')} found. Nothing was collected.")
            return
        asked = {"query": query, "records": records, "listed": listed, "on": on, "list_for": list_for}
        done = list(_collected(house, number, asked, context))
    if not done:
        raise click.UsageError("Say what to collect: --query, --record, --list with --on, --list-for or --context.")
    if json_lines:
        print_json({"request": number, **msgspec.structs.asdict(one)} for one in done)
        return
    for one in done:
        click.echo(
            f"{safe(one.query) or 'Everything'}: {counted(one.versions, 'version')}, "
            f"{one.added:,} of them new to the collected set."
        )


def _collected(house: Any, number: int, asked: dict[str, Any], context: str | None) -> Iterator[Any]:
    """Collect in each of the ways that were asked for."""
    from archive import clock
    from export.requests import collecting, collection

    if asked["query"] is not None:
        yield collection.collect(house.archive, house.finder, number, asked["query"])
    if asked["records"]:
        yield collecting.by_hand(house.archive, number, asked["records"])
    if asked["listed"]:
        if not asked["on"]:
            raise click.UsageError("A list needs --on DATE.")
        account, _, name = asked["listed"].partition("/")
        yield collecting.list_on(house.archive, number, account, name or None, clock.read_date(asked["on"]))
    if asked["list_for"] is not None:
        yield collecting.list_of_message(house.archive, number, asked["list_for"])
    if context:
        yield collecting.context(house.archive, number, context)


@request.command("columns")
@click.argument("number", metavar="N", type=int)
@click.option("--release", multiple=True, metavar="NAME", help="Let this column of the subscriber lists go out.")
@click.option("--withhold", multiple=True, metavar="NAME", help="Keep this column in.")
@click.option("--reason", default="", help="Why; needed for a flagged column, and to withhold a name or address.")
@as_json
@click.pass_obj
def request_columns(
    session: Session, number: int, release: tuple[str, ...], withhold: tuple[str, ...], reason: str, json_lines: bool
) -> None:
    """Show, and decide one by one, which columns of the subscriber lists in request N go out."""
    from composition import open_archive
    from export.columns import columns, decide

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        if release or withhold:
            decide(archive, number, release, withhold, reason)
        rows = [msgspec.structs.asdict(one) for one in columns(archive, number)]
    if json_lines:
        print_json(rows)
        return
    headings = {
        "name": "Column",
        "filled": "Filled in",
        "released": "Goes out",
        "flag": "Flagged as",
        "reason": "Reason",
    }
    print_table(rows, headings, "No subscriber list was collected for this request.")
    for why in dict.fromkeys(f"{row['flag']}: {row['why']}" for row in rows if row["flag"]):
        click.echo(f"Flagged as {why}")


for command in (*PROGRESS, *FEES, *CORRESPONDENCE, *REPORTS):
    request.add_command(command)

COMMANDS: tuple[click.Command, ...] = (request,)
