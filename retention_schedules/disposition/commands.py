"""Commands of disposition: how records lawfully go."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands import as_json, asked_password, say
from archive.counting import counted
from archive.session import Session
from archive.terminal import print_json, print_table, progress_bar
from retention_schedules.disposition.society.commands import COMMANDS as SOCIETY
from retention_schedules.disposition.society.commands import NUMBER, row_of

ROW = {"disposition": "No.", "series": "Series", "records": "Records", "kind": "Kind", "stage": "Stage",
       "proposed_on": "Proposed", "free_on": "Not before", "disposed": "Gone", "dropped": "Kept"}  # fmt: skip


@click.group()
def disposition() -> None:
    """Dispose of records lawfully: propose, notice, approve, execute, finish."""


@disposition.command("propose")
@click.option("--series", help="Of this series only; else one proposal for each series that is due.")
@as_json
@click.pass_obj
def propose(session: Session, series: str | None, json_lines: bool) -> None:
    """Propose what is due today and has nothing in its way."""
    from composition import opened
    from retention_schedules.disposition import proposing

    with opened(session.named_folder, session.actor, session.password) as house:
        house.catch_up()
        made = proposing.propose(house.archive, house.holds.standing(), series)
    if json_lines:
        print_json([row_of(one) for one in made.batches])
        return
    for one in made.batches:
        facts = one.facts
        click.echo(
            f"Disposition {one.number}: {facts['records']:,} records of “{facts['series_title']}”, written "
            f"{facts['written_from']} to {facts['written_to']}, to be {_done(one.kind)}."
        )
        then = "notice" if one.needs_notice else "approve"
        click.echo(f"  Next: `muniment disposition {then} {one.number}`.")
    for left in made.left_out:
        click.echo(f"Kept: {left.records:,} of {left.series}: {left.why}")


@disposition.command("approve")
@NUMBER
@as_json
@click.pass_obj
def approve(session: Session, number: int, json_lines: bool) -> None:
    """Approve disposition N: a clerk and the attorney, each with the password."""
    from composition import open_archive
    from retention_schedules.disposition import approving

    with open_archive(session.named_folder, session.actor, asked_password(session.actor, session.password)) as archive:
        batch = approving.approve(archive, number)
        lacking = [role for role in approving.APPROVERS if role not in {one.role for one in batch.approvals}]
    then = f"It lacks the {' and the '.join(lacking)}." if lacking else f"It may be executed from {batch.free_on} on."
    say(f"Approved by {archive.actor.name}. {then}", row_of(batch), json_lines)


@disposition.command("execute")
@NUMBER
@click.option("--dry-run", is_flag=True, help="Tell what would go and what would stay; destroy nothing.")
@as_json
@click.pass_obj
def execute(session: Session, number: int, dry_run: bool, json_lines: bool) -> None:
    """Execute disposition N: its records are gone at once, and cannot be brought back."""
    from composition import opened
    from retention_schedules.disposition import batch as batches
    from retention_schedules.disposition import executing, judging

    password = session.password if dry_run else asked_password(session.actor, session.password)
    with opened(session.named_folder, session.actor, password) as house, progress_bar("destroying") as progress:
        archive = house.archive
        if dry_run:
            house.catch_up()
            batch = batches.get(archive, number)
            going, kept = judging.foreseen(archive, batch, house.holds.standing())
            row = row_of(batch) | {"would_go": going, "would_stay": kept}
            say(f"{counted(going, 'record')} would go, {sum(kept.values()):,} would stay.", row, json_lines)
            return
        batch = executing.execute(archive, number, house.followers, house.holds.standing, progress)
        dropped = batches.dropped(archive, batch)
    if json_lines:
        print_json([row_of(batch) | {"kept": dropped}])
        return
    click.echo(
        f"{batch.done:,} records are gone. Clear away what is left of them: `muniment disposition finish {number}`."
    )
    for reason, records in dropped.items():
        click.echo(f"Kept, {judging.REASON_MEANING[reason]}: {', '.join(map(str, records))}")


@disposition.command("finish")
@NUMBER
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="Also write the certificate to this file: .pdf or .html."
)
@as_json
@click.pass_obj
def finish(session: Session, number: int, target: Path | None, json_lines: bool) -> None:
    """Finish disposition N: clear away every trace, then issue the certificate of destruction."""
    from composition import opened, printed
    from retention_schedules import papers
    from retention_schedules.disposition import finishing

    with (
        opened(session.named_folder, session.actor, asked_password(session.actor, session.password)) as house,
        progress_bar("clearing") as progress,
    ):
        done = finishing.finish(house.archive, number, house.followers, progress, printed)
        house.catch_up()
        if target is not None:
            papers.write(house.archive, done.certificate, target)
    row = row_of(done.batch) | {"html_sha256": done.certificate.html, "text_sha256": done.certificate.text}
    told = f"Disposition {number} is finished; nothing of its records is left in the archive. "
    say(told + f"The certificate: `muniment disposition show {number} --certificate`.", row, json_lines)


@disposition.command("withdraw")
@NUMBER
@click.option("--reason", required=True, help="Why; it is kept.")
@as_json
@click.pass_obj
def withdraw(session: Session, number: int, reason: str, json_lines: bool) -> None:
    """Withdraw disposition N; of one that was executed in part, what has not gone yet."""
    from composition import open_archive
    from retention_schedules.disposition import proposing

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        batch = proposing.withdraw(archive, number, reason)
    kept = "what was left of it stays" if batch.done else "its records stay"
    say(f"Disposition {number} is withdrawn; {kept}.", row_of(batch), json_lines)


@disposition.command("list")
@as_json
@click.pass_obj
def list_(session: Session, json_lines: bool) -> None:
    """List all dispositions."""
    from composition import open_archive
    from retention_schedules.disposition import batch as batches

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        rows = [row_of(one) for one in batches.listed(archive)]
    if json_lines:
        print_json(rows)
    else:
        print_table(rows, ROW, "Nothing was proposed yet. See `muniment retention due`.")


@disposition.command("show")
@NUMBER
@click.option("--certificate", is_flag=True, help="Print the certificate as it was issued.")
@click.option("--notice", is_flag=True, help="Print the notice as it was written last.")
@click.option(
    "--to", "target", type=click.Path(path_type=Path), help="Write that paper to this file: .pdf, .html or .txt."
)
@as_json
@click.pass_obj
def show(session: Session, number: int, certificate: bool, notice: bool, target: Path | None, json_lines: bool) -> None:
    """Show disposition N with its steps, approvals and evidence."""
    from composition import open_archive
    from retention_schedules import papers
    from retention_schedules.disposition import batch as batches
    from retention_schedules.disposition import showing

    if target is not None and not (certificate or notice):
        raise click.UsageError("Name the paper that is to be written: --certificate or --notice.")
    with open_archive(session.named_folder, session.actor, session.password) as archive:
        batch = batches.get(archive, number)
        paper = batch.last(batches.FINISHED if certificate else batches.NOTICE) if certificate or notice else None
        if paper is not None:
            click.echo(papers.given(archive, papers.kept(paper.facts), target))
            return
        row = showing.whole_row(archive, batch)
    if json_lines:
        print_json([row])
    else:
        click.echo("\n".join(showing.lines(row)))


def _done(kind: str) -> str:
    return "destroyed" if kind == "destroy" else "transferred"


for _command in SOCIETY:
    disposition.add_command(_command)

COMMANDS: tuple[click.Command, ...] = (disposition,)
