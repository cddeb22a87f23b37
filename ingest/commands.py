"""Commands that bring backups in and tell what was in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from archive.commands import as_json
from archive.counting import counted
from archive.session import Session
from archive.terminal import print_json, print_table, progress_bar, safe

if TYPE_CHECKING:
    from archive.archive import Archive
    from ingest.backup import Backup
    from ingest.inbox import Outcome
    from ingest.registry import UnknownFormat

BACKUPS = click.argument("paths", metavar="BACKUP...", nargs=-1, required=True, type=click.Path(path_type=Path))


NOTHING = "  Nothing in this backup is a record. If that is a surprise, ask for it again, with everything chosen."


@click.command()
@as_json
def formats(json_lines: bool) -> None:
    """List the formats that Muniment reads."""
    from ingest.registry import INGESTORS

    rows: list[dict[str, Any]] = [
        {
            "format": one.name,
            "platform": one.platform or "any",
            "version": one.version,
            "reads": (one.__doc__ or "").strip(),
        }
        for one in INGESTORS
    ]
    if json_lines:
        print_json(rows)
    else:
        print_table(rows, {"format": "Format", "platform": "Platform", "reads": "What it is"}, "")


@click.command()
@BACKUPS
@click.option("--to", "to_file", metavar="FILE.toml", type=click.Path(path_type=Path), help="Write the proposal there.")
@as_json
def identify(paths: tuple[Path, ...], to_file: Path | None, json_lines: bool) -> None:
    """Tell what a backup is; nothing is taken in. For a table that nobody knows, propose a mapping."""
    from ingest.backup import Backup
    from ingest.registry import UnknownFormat
    from ingest.registry import identify as identify_backup
    from ingest.series import absent

    backup = Backup.open(paths)
    try:
        found = identify_backup(backup)
    except UnknownFormat as unknown:
        _propose(backup, to_file, json_lines, unknown)
        raise click.exceptions.Exit(unknown.exit_code) from None
    coverage = found.coverage(backup)
    row = {
        "format": found.name,
        "platform": found.platform or "any",
        "files": len(backup.members()),
        "refused": [{"place": one.place, "reason": one.reason} for one in backup.faults],
        "exported_at": coverage.exported_at.isoformat() if coverage.exported_at else None,
        "complete": sorted(coverage.complete),
        "handle": coverage.account_handle,
    }
    if json_lines:
        print_json([row])
        return
    click.echo(f"Format {found.name}, platform {row['platform']}, {counted(len(backup.members()), 'file')}.")
    if coverage.account_handle:
        click.echo(f"It is of the account {safe(coverage.account_handle)}.")
    if coverage.exported_at:
        click.echo(f"The platform made it on {coverage.exported_at:%Y-%m-%d %H:%M} UTC.")
    complete = ", ".join(sorted(coverage.complete))
    click.echo(f"It says that it holds every {complete}." if complete else "It does not say that it is complete.")
    for fault in backup.faults:
        click.echo(f"Refused: {safe(fault.place)}: {fault.reason}")
    for lacking in absent(backup.parts):
        click.echo(f"Not whole: {safe(lacking.place)}: {lacking.reason}")


def _propose(backup: Backup, to_file: Path | None, json_lines: bool, unknown: UnknownFormat) -> None:
    """Show or write a mapping for an unknown table; raise what was unknown if it is no table."""
    from ingest.vendors.mapping import write_mapping
    from ingest.vendors.proposal import proposal

    text = proposal(backup)
    if not text:
        raise unknown
    if to_file is not None:
        write_mapping(to_file, text)
    if json_lines:
        print_json([{"format": None, "proposal": text}])
    elif to_file is not None:
        click.echo(f"This is a table of no known format. A mapping for it was proposed in {to_file}: correct it,")
        click.echo(f"then try it with `muniment ingest … --mapping {to_file} --dry-run`.")
    else:
        click.echo(
            "This is a table of no known format. Here is a mapping to correct (--to FILE.toml writes it):", err=True
        )
        click.echo(text, nl=False)


@click.command()
@click.argument("paths", metavar="BACKUP...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--account", help="The account it is of.")
@click.option("--complete/--partial", default=None, help="Whether it holds everything; else the backup says.")
@click.option("--exported-on", metavar="DATE", help="The day on which the platform made it.")
@click.option("--exported-by", default="", help="Who asked the platform for it.")
@click.option("--kept-at", default="", help="Where the original is kept.")
@click.option("--list", "list_name", default="", help="Which subscriber list it is of, when it does not say.")
@click.option("--format", "format_name", help="Which format it is, when that cannot be told.")
@click.option("--mapping", metavar="FILE.toml", type=click.Path(path_type=Path), help="How a table is to be read.")
@click.option(
    "--include", metavar="SORT", multiple=True, help="Also what is private: logins, contacts, devices and so on."
)
@click.option(
    "--inbox",
    metavar="[FOLDER]",
    is_flag=False,
    flag_value="",
    help="Take in what lies in a folder's folders, each named as an account; without FOLDER, the one in muniment.toml.",
)
@click.option("--settled", metavar="SECONDS", type=float, help="Of an inbox: leave what changed since (60 by default).")
@click.option("--no-index", is_flag=True, help="Leave search index and expiry to the next command.")
@click.option("--dry-run", is_flag=True, help="Read everything and tell what is in it; take nothing in.")
@as_json
@click.pass_obj
def ingest(
    session: Session,
    paths: tuple[Path, ...],
    account: str | None,
    complete: bool | None,
    exported_on: str | None,
    exported_by: str,
    kept_at: str,
    list_name: str,
    format_name: str | None,
    mapping: Path | None,
    include: tuple[str, ...],
    inbox: str | None,
    settled: float | None,
    no_index: bool,
    dry_run: bool,
    json_lines: bool,
) -> None:
    """Take one backup in: one export of one account, in one or several parts. Or take in what lies in an inbox."""
    of_one = (paths, account, complete, exported_on, exported_by, kept_at, list_name, format_name, mapping, include)
    if inbox is not None:
        if any(one not in (None, "", ()) for one in of_one):
            raise click.UsageError(
                "--inbox takes neither a backup nor options about one; inbox.toml says what is to be known."
            )
        _take_inbox_in(session, inbox, settled, no_index, dry_run, json_lines)
    if not paths or not account:
        raise click.UsageError("Name a backup and, with --account, the account it is of (or an --inbox).")
    from archive import accounts, clock
    from composition import opened
    from ingest.accession import Declaration, check_platform, take_in
    from ingest.backup import Backup
    from ingest.preview import preview
    from ingest.private import Including
    from ingest.registry import others, reader_of

    with opened(session.named_folder, session.actor, session.password) as house:
        archive = house.archive
        of = accounts.get(archive, account)
        day = clock.read_date(exported_on) if exported_on else None
        backup = Backup.open(paths, list_name=list_name)
        ingestor = reader_of(backup, format_name or "", mapping, of.platform)
        ingestor = Including(ingestor, include) if include else ingestor
        if dry_run:
            check_platform(of, ingestor)
            _show_preview(preview(backup, ingestor), json_lines)
            return
        also = () if format_name or mapping else others(backup, ingestor, of.platform)
        declaration = Declaration(complete, day, exported_by, kept_at, tuple(also))
        with progress_bar("taking in") as progress:
            report = take_in(archive, backup, of, ingestor, declaration, progress)
        if not no_index:
            with progress_bar("indexing") as progress:
                house.catch_up(progress)
        row = report.as_row()
        if json_lines:
            print_json([row])
        else:
            _show_report(row, archive, report.accession)
    raise click.exceptions.Exit(report.exit_code)


def _take_inbox_in(
    session: Session, named: str, settled: float | None, no_index: bool, dry_run: bool, json_lines: bool
) -> NoReturn:
    from archive import settings
    from archive.errors import ExitCode
    from composition import opened
    from ingest.inbox import SETTLED, NoInbox, run

    trouble = taken = False
    with opened(session.named_folder, session.actor, session.password) as house:
        archive = house.archive
        known = settings.read(archive.folder).inbox
        if not (named or known):
            raise NoInbox("")
        folder = Path(named) if named else archive.folder / known
        try:
            with progress_bar("taking in") as progress:
                for one in run(archive, folder, SETTLED if settled is None else settled, dry_run, progress):
                    trouble, taken = trouble or one.is_trouble, taken or one.report is not None
                    _show_outcome(one, archive, json_lines)
        finally:
            if taken and not no_index:
                with progress_bar("indexing") as progress:
                    house.catch_up(progress)
    raise click.exceptions.Exit(ExitCode.DONE_WITH_FINDINGS if trouble else ExitCode.DONE)


def _show_outcome(one: Outcome, archive: Archive, json_lines: bool) -> None:
    words = {"waiting": "Left for the next run", "failed": "Not taken in", "ready": "Would be taken in"}
    if json_lines:
        print_json([one.as_row()])
    elif one.report is None:
        click.echo(f"{words[one.ended]}: {safe(one.path)}: {safe(one.reason)}")
    else:
        click.echo(safe(one.path))
        _show_report(one.report.as_row(), archive, one.report.accession)
        click.echo(safe(one.reason) if one.reason else f"It was moved to {safe(one.path.parent / 'taken')}.")


def _show_preview(row: dict[str, Any], json_lines: bool) -> None:
    from ingest.private import told

    if json_lines:
        print_json([row])
        return
    click.echo(f"Format {row['format']}. Nothing was taken in; this is what is in the backup:")
    for kind, count in row["kinds"].items():
        click.echo(f"  {count:>10,}  {kind}")
    if not row["kinds"]:
        click.echo(NOTHING)
    for one in row["defects"][:20]:
        click.echo(
            f"  {'cannot be read' if one['quarantined'] else 'remark'}: {safe(one['place'])}: {safe(one['reason'])}"
        )
    if len(row["defects"]) > 20:
        click.echo(f"  … and {len(row['defects']) - 20:,} more")
    for gap in row["gaps"]:
        click.echo(f"  never in this format: {gap}")
    for left in told(row):
        click.echo(f"  would be left out as private: {left}")


def _show_report(row: dict[str, Any], archive: Archive, number: int) -> None:
    from archive import clock
    from ingest.noticed import joined, sentences
    from ingest.private import told

    counts = row["counts"]
    if row["already"]:
        click.echo(f"This very backup was taken in before, as accession {number}. Nothing was added.")
    made = f"made on {clock.local_date(datetime.fromisoformat(row['exported_at']), archive.timezone)}"
    if row["exported_basis"] == "taken in":
        made = "made on a day that the backup does not tell (say it with --exported-on)"
    click.echo(f"Accession {number}: {row['format']} of {row['account']}, {made}")
    click.echo(f"  {counts['items']:>10,}  items in the backup")
    for key, words in (
        ("added", "new records"),
        ("held", "held already"),
        ("edited", "changed since"),
        ("quarantined", "could not be read"),
    ):
        click.echo(f"  {counts[key]:>10,}  {'= ' if key == 'added' else '+ '}{words}")
    if not counts["items"]:
        click.echo(NOTHING)
    if counts["reread"]:
        click.echo(f"  ({counts['reread']:,} of those held are read better than before)")
    if counts["counterparts"]:
        click.echo(f"  ({counts['counterparts']:,} of those held are told by another format too)")
    if counts.get("disposed"):
        known = "of its records" if row["already"] else "of those held"
        click.echo(f"  ({counts['disposed']:,} {known} were lawfully disposed of, and do not come back)")
    if row["not_compared"]:
        click.echo(f"Missing records were not looked for: {row['not_compared']}.")
    else:
        click.echo(
            f"Compared with the backups before: {counts['missing']:,} missing, {counts['restored']:,} back again."
        )
    for sentence in (*sentences(archive, accession=number), *joined(archive, number)):
        click.echo(f"  {safe(sentence)}")
    defects = ((counts["quarantined"], "defect"), (counts["remarks"], "remark"))
    if noted := " and ".join(counted(count, noun) for count, noun in defects if count):
        click.echo(f"{noted}; see `muniment accession show {number}`.")
    for gap in row["gaps"]:
        click.echo(f"Never in this format: {gap}")
    for left in told(row):
        click.echo(f"Left out as private: {left}")


@click.group()
def accession() -> None:
    """Show the backups that were taken in."""


@accession.command("list")
@as_json
@click.pass_obj
def accession_list(session: Session, json_lines: bool) -> None:
    """List all accessions."""
    from composition import open_archive
    from ingest.report import accessions

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        rows = accessions(archive)
    columns = {
        "accession": "No.", "account": "Account", "exported_on": "Made on", "items": "Items", "added": "New",
        "edited": "Changed", "missing": "Missing", "quarantined": "Unread", "closed": "Done",
    }  # fmt: skip
    if json_lines:
        print_json(rows)
    else:
        print_table(rows, columns, "No backup has been taken in yet.")


@accession.command("show")
@click.argument("number", metavar="N", type=int)
@as_json
@click.pass_obj
def accession_show(session: Session, number: int, json_lines: bool) -> None:
    """Show accession N with its defects."""
    from composition import open_archive
    from ingest.report import accession as one_accession

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        row = one_accession(archive, number)
    if json_lines:
        print_json([row])
        return
    for name, text in _told_of(row):
        click.echo(f"{name:16} {safe(text)}")


def _told_of(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what an accession's report tells, by name, a line each; what is empty is left out."""
    from ingest.private import told

    for key, value in row.items():
        name = key.replace("_", " ")
        if key == "defects":
            yield from (("cannot be read" if one["quarantined"] else "remark", one["text"]) for one in value)
        elif key == "left_out":
            yield from ((name, text) for text in told(row))
        elif isinstance(value, list):
            yield from ((name.removesuffix("s"), text) for text in value)
        elif isinstance(value, bool):
            yield name, "yes" if value else "no"
        elif isinstance(value, dict) and key != "left_out_sections":
            yield name, ", ".join(f"{one} {count:,}" for one, count in value.items())
        elif isinstance(value, int):
            yield name, f"{value:,}"
        elif value and not isinstance(value, dict):
            yield name, str(value)


@click.command()
@as_json
@click.pass_obj
def unread(session: Session, json_lines: bool) -> None:
    """List the files whose words a search cannot find, wholly or in part, and why."""
    from composition import opened
    from ingest.words.unread import pictures
    from ingest.words.unread import unread as files

    with opened(session.named_folder, session.actor, session.password) as house:
        house.catch_up()
        rows, count = files(house.archive), pictures(house.archive)
    columns = {"record": "Record", "account": "Account", "file": "File", "why": "Why"}
    if json_lines:
        print_json(rows)
    else:
        print_table(rows, columns, "The words of every file that has some were read.")
        if count:
            click.echo(f"Pictures: {count:,}. Words in them are not read here; install the option “ocr” and tesseract.")


@click.group()
def finding() -> None:
    """Show what comparing backups brought to light."""


@finding.command("list")
@click.option("--account", help="Of this account only.")
@click.option(
    "--kind", help="Of this kind only: missing, restored, removed, hidden, shown, edited, reread, counterpart."
)
@as_json
@click.pass_obj
def finding_list(session: Session, account: str | None, kind: str | None, json_lines: bool) -> None:
    """List what was found: removed, missing, edited, hidden, and in sentences how many of each."""
    from composition import open_archive
    from ingest.noticed import OF_READING, sentences
    from ingest.report import findings

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        rows = [one for one in findings(archive, account, kind) if kind or one["kind"] not in OF_READING]
        told = [] if kind else list(sentences(archive, account=account))
    columns = {
        "finding": "No.", "account": "Account", "record": "Record", "record_kind": "Of", "kind": "What",
        "after": "After", "by": "By", "cause": "Cause", "accession": "Accession",
    }  # fmt: skip
    if json_lines:
        print_json(rows)
    else:
        print_table(rows, columns, "Nothing was found.")
        for sentence in told:
            click.echo(safe(sentence))


COMMANDS: tuple[click.Command, ...] = (formats, identify, ingest, accession, finding, unread)
