"""Commands that find and show records."""

from __future__ import annotations

import sys
from typing import Any

import click

from archive.commands import as_json, say
from archive.session import Session
from archive.settings import ENGINES
from archive.terminal import print_entry, print_json, print_table, progress_bar, safe
from search.saved import commands as saved


class Search(click.Group):
    """``search QUERY`` asks; ``search save …`` and its like act on saved searches.

    A query may be a word that is the name of a subcommand, so that alone it is a query.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take anything that does not begin with a subcommand and its arguments for a query."""
        is_subcommand = len(args) > 1 and args[0] in self.commands
        if not is_subcommand and args not in (["--help"], ["-h"]):
            args = [ASK, *args]
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show the options of a query, and the subcommands."""
        self.commands[ASK].format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


ASK = "for"
"""The subcommand that stands for a query by itself."""


@click.group(cls=Search, subcommand_metavar="QUERY | COMMAND …")
def search() -> None:
    """Search all versions of all records: words, "phrases", AND OR NOT, prefix*, and filters such as state:deleted."""


@search.command(ASK, hidden=True)
@click.argument("query")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="How many hits to show.")
@click.option("--count", is_flag=True, help="Print the number alone.")
@click.option("--facets", is_flag=True, help="Also by account, platform, kind, state and series.")
@click.option("--timeline", is_flag=True, help="Also by month.")
@click.option(
    "--sort", type=click.Choice(["relevance", "newest", "oldest"]), default="relevance", help="In which order."
)
@click.option("--as-of", metavar="DATE|@SEQ", help="What was held at the end of that day, or at that ledger row.")
@click.option("--together", is_flag=True, help="Put near-duplicates (cross-posts) together.")
@as_json
@click.pass_obj
def search_for(
    session: Session,
    query: str,
    limit: int,
    count: bool,
    facets: bool,
    timeline: bool,
    sort: Any,
    as_of: str | None,
    together: bool,
    json_lines: bool,
) -> None:
    """Search all versions of all records. docs/search.md has an example of everything that a query can say."""
    from composition import opened
    from search.facets import FACETS
    from search.moments import position
    from search.printing import print_facets, print_results

    with opened(session.named_folder, session.actor, session.password) as house:
        at_seq = position(house.archive, as_of)
        if count:
            number = house.finder.count(query, at_seq)
            if json_lines:
                print_json([{"count": number}])
            else:
                click.echo(number)
            return
        grouping: Any = "alike" if together else "versions" if json_lines else "records"
        results = house.finder.search(query, limit=limit, sort=sort, at_seq=at_seq, together=grouping)
        print_results(house.archive, results, json_lines, as_of is not None)
        names: tuple[Any, ...] = (
            *(one for one in FACETS if facets and one != "month"),
            *(("month",) if timeline else ()),
        )
        if names:
            print_facets(house.finder.facets(query, names, at_seq), json_lines)


@click.command()
@click.option("--engine", type=click.Choice(ENGINES), help="With this engine, from now on; auto fits it to the size.")
@as_json
@click.pass_obj
def reindex(session: Session, engine: str | None, json_lines: bool) -> None:
    """Build the search index again from nothing."""
    from archive import settings
    from composition import opened

    with opened(session.named_folder, session.actor, session.password) as house, progress_bar("indexing") as bar:
        if engine is not None:
            settings.choose_engine(session.named_folder, engine)
        house.index.rebuild(bar)
        used = house.index.engine()
        name = used.name if used is not None else ""
    say(f"The search index was built again, with {name}.", {"reindexed": True, "engine": name}, json_lines)


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
    from search.printing import heading
    from search.rows import version_row

    if json_lines:
        print_json(version_row(archive, version) for version in versions)
        return
    for version in versions:
        content = version.content
        print_entry(heading(archive, version), f"{content.title}\n{content.text}".strip())


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
@click.option(
    "--for",
    "message",
    metavar="RECORD",
    type=int,
    help="Whom this message reached; by the lists of ACCOUNT if it lies in another.",
)
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
    from search import reached
    from search import subscribers as people

    asked = [on, first or last, message is not None, person, lists]
    if sum(map(bool, asked)) > 1 or not (account or message is not None or person):
        raise click.UsageError(
            "Name an ACCOUNT with one of --on, --from/--to, --lists; or --for, with or without one; or --person alone."
        )
    days = [clock.read_date(day) if day else None for day in (on, first, last)]
    with open_archive(session.named_folder, session.actor, session.password) as archive:
        if message is not None:
            of = accounts.get(archive, account).id if account else ""
            found = reached.of_message(archive, message, of, list_name)
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
    "role": "As", "on": "On it", "since": "Since", "what": "What", "when": "When", "ended_by": "By",
    "now": "People now", "ever": "Ever", "backups": "Backups of",
}  # fmt: skip


def _said(rows: Any) -> dict[str, str]:
    """Return the columns that tell something: not one that is empty, or says the same in every row."""
    values = {key: {str(row.get(key) or "") for row in rows} for key in _PEOPLE}
    alike = ("account", "list_name", "on")
    hidden = {key for key, found in values.items() if found == {""} or (key in alike and len(found) == 1)}
    hidden |= {"id"} if "address" not in hidden else set()
    return {key: title for key, title in _PEOPLE.items() if key not in hidden}


for _command in saved.COMMANDS:
    search.add_command(_command)

COMMANDS: tuple[click.Command, ...] = (search, reindex, record, subscribers)
