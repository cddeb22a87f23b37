"""Commands that find and show records."""

from __future__ import annotations

import sys
from typing import Any

import click

from archive.commands import as_json, say
from archive.session import Session
from archive.terminal import print_entry, print_json, print_table, progress_bar, safe


@click.command()
@click.argument("query")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="How many hits to show.")
@click.option("--count", is_flag=True, help="Print the number alone.")
@click.option(
    "--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance", help="In which order."
)
@as_json
@click.pass_obj
def search(session: Session, query: str, limit: int, count: bool, sort: Any, json_lines: bool) -> None:
    """Search all versions of all records: words, "phrases", AND OR NOT, prefix*, and filters such as state:deleted."""
    from composition import opened
    from search.rows import version_row

    with opened(session.named_folder, session.actor, session.password) as house:
        if count:
            number = house.finder.count(query)
            if json_lines:
                print_json([{"count": number}])
            else:
                click.echo(number)
            return
        results = house.finder.search(query, limit=limit, sort=sort)
        for message in results.messages:
            click.echo(message, err=True)
        if json_lines:
            rows = (
                version_row(house.archive, hit.version)
                | {"score": round(hit.score, 4), "snippet": hit.snippet.text, "marks": hit.snippet.marks}
                for hit in results.hits
            )
            print_json(rows)
            return
        for hit in results.hits:
            _print_hit(house.archive, hit)
        shown = f"; the first {len(results.hits)} are shown" if results.total > len(results.hits) else ""
        click.echo(f"{results.total:,} found{shown}.")


def _print_hit(archive: Any, hit: Any) -> None:
    print_entry(_heading(archive, hit.version), hit.snippet.text, hit.snippet.marks)


def _heading(archive: Any, version: Any) -> str:
    """Say in a line which version this is, and whether it still stands."""
    from search.rows import shown_time

    author = version.content.author
    who = author.name or author.handle or author.native_id or "author not named"
    standing = version.state if version.current else f"{version.state}, an earlier version"
    time = shown_time(archive, version.content.created)
    return f"{version.record:>7}  {time}  {version.account}, {version.kind}, {who}  [{standing}]"


@click.command()
@as_json
@click.pass_obj
def reindex(session: Session, json_lines: bool) -> None:
    """Build the search index again from nothing."""
    from composition import opened

    with opened(session.named_folder, session.actor, session.password) as house, progress_bar("indexing") as bar:
        house.index.rebuild(bar)
    say("The search index was built again.", {"reindexed": True}, json_lines)


@click.group()
def record() -> None:
    """Show one record."""


@record.command("show")
@click.argument("number", metavar="ID", type=int)
@as_json
@click.pass_obj
def record_show(session: Session, number: int, json_lines: bool) -> None:
    """Show record ID as it stands."""
    from composition import open_archive
    from search.context import current
    from search.rows import version_row

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        row = version_row(archive, current(archive, number))
    if json_lines:
        print_json([row])
    else:
        _print_row(row)


def _print_row(row: dict[str, Any]) -> None:
    for key, value in row.items():
        if key != "text" and value not in ("", None, []):
            click.echo(f"{key.replace('_', ' '):12} {safe(value)}")
    if row["text"]:
        click.echo()
        click.echo("\n".join(safe(line) for line in row["text"].splitlines()))


@record.command("history")
@click.argument("number", metavar="ID", type=int)
@as_json
@click.pass_obj
def record_history(session: Session, number: int, json_lines: bool) -> None:
    """Show all versions of record ID, oldest first."""
    from composition import open_archive
    from search.context import history

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        _print_versions(archive, history(archive, number), json_lines)


@record.command("context")
@click.argument("number", metavar="ID", type=int)
@as_json
@click.pass_obj
def record_context(session: Session, number: int, json_lines: bool) -> None:
    """Show the conversation that record ID is part of."""
    from composition import open_archive
    from search.context import conversation

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        _print_versions(archive, conversation(archive, number), json_lines)


def _print_versions(archive: Any, versions: Any, json_lines: bool) -> None:
    from search.rows import version_row

    if json_lines:
        print_json(version_row(archive, version) for version in versions)
        return
    for version in versions:
        content = version.content
        print_entry(_heading(archive, version), f"{content.title}\n{content.text}".strip())


@record.command("native")
@click.argument("number", metavar="ID", type=int)
@click.pass_obj
def record_native(session: Session, number: int) -> None:
    """Write record ID's own bytes, as the platform gave them, to standard output."""
    from composition import open_archive
    from search.context import current

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        sys.stdout.buffer.write(current(archive, number).content.native)


@click.command()
@click.argument("account", required=False)
@click.option("--list", "list_name", help="One list only.")
@click.option("--on", metavar="DATE", help="As the list was at the end of this day; else now.")
@click.option("--from", "first", metavar="DATE", help="Who joined and who left, from this day on.")
@click.option("--to", "last", metavar="DATE", help="Until this day; else today.")
@click.option("--for", "message", metavar="RECORD", type=int, help="Whom this message reached.")
@click.option("--person", metavar="ADDRESS", help="All lists that one person is or was on.")
@click.option("--lists", is_flag=True, help="The account's lists, with how many people.")
@as_json
@click.pass_obj
def subscribers(
    session: Session,
    account: str | None,
    list_name: str | None,
    on: str | None,
    first: str | None,
    last: str | None,
    message: int | None,
    person: str | None,
    lists: bool,
    json_lines: bool,
) -> None:
    """Show who is, or was on a day, subscribed to ACCOUNT, who joined and left, and how that is known."""
    from archive import accounts, clock
    from composition import open_archive
    from search import subscribers as people

    asked = [on, first or last, message is not None, person, lists]
    if sum(map(bool, asked)) > 1 or not (account or message is not None or person):
        raise click.UsageError("Name an ACCOUNT with one of --on, --from/--to, --lists; or --for or --person alone.")
    days = [clock.read_date(day) if day else None for day in (on, first, last)]
    with open_archive(session.named_folder, session.actor, session.password) as archive:
        if message is not None:
            found = people.of_message(archive, message)
        elif person:
            found = people.of_person(archive, person)
        elif lists:
            found = people.of_account(archive, accounts.get(archive, str(account)).id)
        elif first or last:
            found = people.between(archive, accounts.get(archive, str(account)).id, list_name, days[1], days[2])
        else:
            found = people.on(archive, accounts.get(archive, str(account)).id, list_name, days[0])
    if json_lines:
        print_json(found.rows)
        return
    print_table(found.rows, _said(found.rows), "Nobody was on that list.")
    for sentence in found.sentences:
        click.echo(sentence)


_PEOPLE = {
    "record": "Record", "account": "Account", "list_name": "List", "name": "Name", "address": "Address", "id": "Id",
    "on": "On it", "since": "Since", "what": "What", "when": "When", "ended_by": "By", "now": "People now",
    "ever": "Ever", "backups": "Backups of",
}  # fmt: skip


def _said(rows: Any) -> dict[str, str]:
    """Return the columns that tell something: not one that is empty, or says the same in every row."""
    values = {key: {str(row.get(key) or "") for row in rows} for key in _PEOPLE}
    alike = ("account", "list_name", "on")
    hidden = {key for key, found in values.items() if found == {""} or (key in alike and len(found) == 1)}
    hidden |= {"id"} if "address" not in hidden else set()
    return {key: title for key, title in _PEOPLE.items() if key not in hidden}


COMMANDS: tuple[click.Command, ...] = (search, reindex, record, subscribers)
