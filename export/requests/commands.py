"""Commands on records requests."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from archive.commands import as_json
from archive.session import Session
from archive.terminal import print_json, print_table, safe


@click.group()
def request() -> None:
    """Keep the records requests."""


@request.command("open")
@click.option("--received-on", metavar="DATE", required=True, help="The day on which it came in.")
@click.option("--description", required=True, help="What is asked for.")
@click.option("--requester", default="", help="Who asks; nobody has to say.")
@as_json
@click.pass_obj
def request_open(session: Session, received_on: str, description: str, requester: str, json_lines: bool) -> None:
    """Open a request."""
    from archive import clock
    from composition import open_archive
    from export.requests.register import open_request

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        opened = open_request(archive, clock.read_date(received_on), description, requester)
    if json_lines:
        print_json([_row(opened)])
    else:
        click.echo(f"Request {opened.id} ({opened.shown}) is open.")
        click.echo(f"Collect what answers it with `muniment request collect {opened.id} --query …`.")


def _row(one: Any) -> dict[str, Any]:
    return {"request": one.id, "shown": one.shown, **msgspec.structs.asdict(one)}


@request.command("list")
@as_json
@click.pass_obj
def request_list(session: Session, json_lines: bool) -> None:
    """List all requests."""
    from composition import open_archive
    from export.requests.register import listed

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        rows = [_row(one) for one in listed(archive)]
    columns = {"id": "N", "shown": "Number", "received_on": "Received", "requester": "By", "description": "Asks for"}
    if json_lines:
        print_json(rows)
    else:
        print_table(rows, columns, "No request has been opened yet.")


@request.command("show")
@click.argument("number", metavar="N", type=int)
@as_json
@click.pass_obj
def request_show(session: Session, number: int, json_lines: bool) -> None:
    """Show request N and what was collected for it."""
    from composition import open_archive
    from export.requests.collection import collected_versions, collections
    from export.requests.register import get

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        one = get(archive, number)
        found = collections(archive, number)
        total = len(collected_versions(archive, number))
    if json_lines:
        print_json([_row(one) | {"collected": [msgspec.structs.asdict(each) for each in found], "versions": total}])
        return
    click.echo(f"Request {one.id} ({one.shown}), received on {one.received_on}")
    click.echo(f"By: {safe(one.requester) or 'somebody who gave no name'}")
    click.echo(safe(one.description))
    for each in found:
        click.echo(
            f"Collected by {safe(each.query) or 'everything'}: {each.versions:,} versions, {each.added:,} of them new"
        )
    click.echo(f"{total:,} versions in the collected set.")


@request.command("collect")
@click.argument("number", metavar="N", type=int)
@click.option("--query", required=True, help="What to look for, as in `muniment search`.")
@click.option("--dry-run", is_flag=True, help="Say how many versions answer; collect nothing.")
@as_json
@click.pass_obj
def request_collect(session: Session, number: int, query: str, dry_run: bool, json_lines: bool) -> None:
    """Add what answers a query, as of now, to the collected set of request N."""
    from composition import opened
    from export.requests.collection import collect
    from export.requests.register import get

    with opened(session.named_folder, session.actor, session.password) as house:
        if dry_run:
            get(house.archive, number)
            count = house.finder.count(query)
            if json_lines:
                print_json([{"request": number, "query": query, "versions": count, "dry_run": True}])
            else:
                click.echo(f"{count:,} versions answer. Nothing was collected.")
            return
        found = collect(house.archive, house.finder, number, query)
    if json_lines:
        print_json([{"request": number, **msgspec.structs.asdict(found)}])
    else:
        click.echo(f"{found.versions:,} versions answer, {found.added:,} of them new to the collected set.")


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


COMMANDS: tuple[click.Command, ...] = (request,)
