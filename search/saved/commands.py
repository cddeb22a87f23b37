"""Commands of saved searches: save, run, diff, and the hit report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.commands import as_json, say
from archive.counting import counted
from archive.session import Session
from archive.terminal import print_json, print_table


@click.command()
@click.argument("name")
@click.argument("query")
@as_json
@click.pass_obj
def save(session: Session, name: str, query: str, json_lines: bool) -> None:
    """Keep QUERY under NAME, so that anybody can run the very same search again."""
    from composition import opened
    from search.saved import searches

    with opened(session.named_folder, session.actor, session.password) as house:
        one = searches.save(house.archive, house.finder, name, query)
    words = f"Saved as “{one.name}”: {counted(one.versions, 'version')} at ledger position @{one.position}."
    say(words, {"name": one.name, "query": one.query, "position": one.position, "versions": one.versions}, json_lines)


@click.command()
@click.argument("name", required=False)
@click.option("--list", "listing", is_flag=True, help="List the saved searches instead.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="How many hits to show.")
@click.option("--as-of", metavar="DATE|@SEQ", help="What was held at the end of that day, or at that ledger row.")
@as_json
@click.pass_obj
def run(session: Session, name: str | None, listing: bool, limit: int, as_of: str | None, json_lines: bool) -> None:
    """Run the search saved under NAME again, now or as of a moment."""
    from composition import opened
    from search.analysis import ANALYZER_VERSION
    from search.moments import position
    from search.printing import print_results
    from search.saved import searches

    if listing == (name is not None):
        raise click.UsageError("Name the search to run, or say --list.")
    with opened(session.named_folder, session.actor, session.password) as house:
        if name is None:
            _print_list(house.archive, json_lines)
            return
        one = searches.named(house.archive, name)
        if one.analyzer != ANALYZER_VERSION:
            click.echo(
                f"“{one.name}” was saved when words were told apart by other rules (version {one.analyzer}, now "
                f"{ANALYZER_VERSION}); its numbers may differ for that reason.", err=True
            )  # fmt: skip
        at_seq = position(house.archive, as_of)
        results = house.finder.search(one.query, limit=limit, sort="newest", at_seq=at_seq, together="records")
        if not json_lines:
            click.echo(f"{one.name}: {one.query}\n")
        print_results(house.archive, results, json_lines, True)


def _print_list(archive: Any, json_lines: bool) -> None:
    from archive import clock
    from search.saved import searches

    rows = [
        {"name": one.name, "query": one.query, "saved_by": one.by, "saved_at": one.at, "position": one.position,
         "versions": one.versions}
        for one in searches.listed(archive)
    ]  # fmt: skip
    if json_lines:
        print_json(rows)
        return
    for row in rows:
        row["on"] = clock.in_words(clock.read_stored(str(row["saved_at"])), archive.timezone)
    columns = {"name": "Name", "query": "Search", "saved_by": "Saved by", "on": "Saved", "versions": "Found then"}
    print_table(rows, columns, "No search is saved yet: muniment search save NAME QUERY.")


@click.command()
@click.argument("name")
@click.option("--from", "earlier", metavar="DATE|@SEQ", help="The earlier run; else when it was saved.")
@click.option("--to", "later", metavar="DATE|@SEQ", help="The later run; else now.")
@as_json
@click.pass_obj
def diff(session: Session, name: str, earlier: str | None, later: str | None, json_lines: bool) -> None:
    """Show what changed between two runs of the search saved under NAME."""
    from composition import opened
    from search.moments import position, told
    from search.saved import searches
    from search.saved.difference import difference

    with opened(session.named_folder, session.actor, session.password) as house:
        one = searches.named(house.archive, name)
        first = position(house.archive, earlier)
        last = position(house.archive, later)
        begin, end = one.position if first is None else first, house.archive.head() if last is None else last
        changes = difference(house.archive, house.finder, one.query, begin, end)
        between = f"from {told(house.archive, begin)} to {told(house.archive, end)}"
    rows = [{"change": one.change, "record": one.record, "version": one.version, "why": one.why} for one in changes]
    if json_lines:
        print_json(rows)
        return
    columns = {"change": "Change", "record": "Record", "version": "Version", "why": "Why"}
    print_table(rows, columns, f"Nothing changed {between}.")
    if rows:
        added = sum(row["change"] == "added" for row in rows)
        click.echo(f"{added:,} more and {len(rows) - added:,} fewer {between}.")


@click.command()
@click.argument("terms", nargs=-1)
@click.option("--file", "source", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A term a line.")
@click.option("--within", metavar="QUERY", default="", help="Count among what answers this search only.")
@click.option("--as-of", metavar="DATE|@SEQ", help="What was held at the end of that day, or at that ledger row.")
@click.option("--csv", "target", type=click.Path(dir_okay=False, path_type=Path), help="Also write it as CSV.")
@as_json
@click.pass_obj
def hits(
    session: Session,
    terms: tuple[str, ...],
    source: Path | None,
    within: str,
    as_of: str | None,
    target: Path | None,
    json_lines: bool,
) -> None:
    """Report per TERM (each a query): records hit, with their families, and hit by no other term."""
    from composition import opened
    from search.moments import position
    from search.saved import hits as reports

    asked = [*terms, *(reports.terms_in(source) if source else ())]
    if not asked:
        raise click.UsageError("Name terms, or a --file with one a line.")
    with opened(session.named_folder, session.actor, session.password) as house:
        rows = [
            one.row()
            for one in reports.report(house.archive, house.finder, asked, within, position(house.archive, as_of))
        ]
    if target is not None:
        reports.write(target, rows)
    if json_lines:
        print_json(rows)
        return
    print_table(rows, reports.HEADINGS, "No terms.")
    if target is not None:
        click.echo(f"Written to {target}.")


COMMANDS: tuple[click.Command, ...] = (save, run, diff, hits)
