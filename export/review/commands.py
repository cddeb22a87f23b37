"""Commands of a review: the queue, decisions, notes, and the second look."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from archive.commands import as_json, asked_password, say
from archive.counting import counted
from archive.session import Session
from archive.terminal import print_json, print_table, safe
from export.redaction.commands import redact, suggestions, traces

NUMBER = click.argument("number", metavar="N", type=int)


@click.group()
def review() -> None:
    """Decide what goes out of a request, what stays in, and why."""


for command in (redact, suggestions, traces):
    review.add_command(command)


@review.command("queue")
@NUMBER
@click.option("--undecided", is_flag=True, help="Only what nobody has decided on.")
@click.option("--decision", type=click.Choice(["release", "redact", "withhold", "not-responsive"]), help="Only these.")
@click.option("--flagged", is_flag=True, help="Only what has something to look at in it.")
@click.option("--account", default="", metavar="ID", help="Only this account.")
@click.option("--kind", default="", help="Only this kind: post, comment, email, …")
@click.option("--by", type=click.Choice(["city", "public"]), help="Only what the city, or the public, wrote.")
@click.option("--conversation", metavar="RECORD", type=int, default=0, help="Only the conversation that begins so.")
@click.option("--query", default="", help="Only what answers this search.")
@click.option("--limit", default=50, show_default=True, help="How many to print.")
@as_json
@click.pass_obj
def queue(
    session: Session,
    number: int,
    undecided: bool,
    decision: Any,
    flagged: bool,
    account: str,
    kind: str,
    by: str | None,
    conversation: int,
    query: str,
    limit: int,
    json_lines: bool,
) -> None:
    """Show what is collected for request N, what was decided on it, and what to look at in it."""
    from composition import opened
    from export.review.queue import Filter, rows

    with opened(session.named_folder, session.actor, session.password) as house:
        wanted = Filter(
            outcome="undecided" if undecided else decision,
            flagged=flagged,
            account=account,
            kind=kind,
            by_city=None if by is None else by == "city",
            records=_answering(house, query) if query else None,
            conversation=conversation,
        )
        found = [msgspec.structs.asdict(one) for one in rows(house.archive, number, wanted)]
    if json_lines:
        print_json(found)
        return
    columns = {
        "record": "Record", "date": "Date", "kind": "Kind", "author": "By", "text": "Says", "outcome": "Decided",
        "exemption": "Under", "flags": "Look at",
    }  # fmt: skip
    shown = [one | {"flags": ", ".join(one["flags"])} for one in found[:limit]]
    print_table(shown, columns, "Nothing in the queue is like that.")
    if found:
        more = f"; the first {limit:,} are shown" if len(found) > limit else ""
        click.echo(f"{counted(len(found), 'record')}{more}.")


def _answering(house: Any, query: str) -> set[int]:
    from export.review.decisions import records_of

    return {record for _, record in records_of(house.archive, house.finder.find(query))}


@review.command("show")
@NUMBER
@click.argument("record", type=int)
@as_json
@click.pass_obj
def show(session: Session, number: int, record: int, json_lines: bool) -> None:
    """Show RECORD as reviewers see it: decisions, redactions, suggestions and notes."""
    from composition import open_archive
    from export.review.sheet import sheet

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        found = sheet(archive, number, record)
    if json_lines:
        print_json([msgspec.structs.asdict(found)])
        return
    for line in found.lines():
        click.echo(safe(line))


@review.command("mark")
@NUMBER
@click.argument("records", metavar="RECORD...", type=int, nargs=-1)
@click.option(
    "--decision", required=True, type=click.Choice(["release", "withhold", "not-responsive"]),
    help="What becomes of them; for a part of a record, `review redact`.",
)  # fmt: skip
@click.option("--query", default="", help="Also what answers this search, of what is collected.")
@click.option("--undecided", is_flag=True, help="All that nobody has decided on (with --query, of what it finds).")
@click.option(
    "--thread", "reach", type=click.Choice(["all", "ancestors", "none"]), default="none", show_default=True,
    help="How much of their conversations goes with them.",
)  # fmt: skip
@click.option("--except", "spared", multiple=True, type=int, metavar="RECORD", help="Not this one.")
@click.option("--exemption", default="", metavar="CODE", help="Why it stays in; `review exemptions` lists the codes.")
@click.option("--reason", default="", help="The specific reason, as the requester will read it.")
@click.option("--reasons", type=click.Path(exists=True, path_type=Path), help="A CSV: record,reason for each.")
@click.option("--dry-run", is_flag=True, help="Say how many; decide nothing.")
@as_json
@click.pass_obj
def mark(
    session: Session,
    number: int,
    records: tuple[int, ...],
    decision: Any,
    query: str,
    undecided: bool,
    reach: str,
    spared: tuple[int, ...],
    exemption: str,
    reason: str,
    reasons: Path | None,
    dry_run: bool,
    json_lines: bool,
) -> None:
    """Decide on RECORDs of request N: on all their collected versions."""
    from composition import opened
    from export.review import decisions, pointed_out
    from export.review.queue import reached
    from export.review.reasons import read_reasons

    with opened(session.named_folder, session.actor, session.password) as house:
        answering = _answering(house, query) if query else None
        named = decisions.chosen(house.archive, number, records, answering, undecided=undecided)
        wanted = reached(house.archive, number, named, reach, spared)
        own = read_reasons(reasons) if reasons else {}
        row = {"request": number, "records": len(wanted), "decision": decision, "dry_run": dry_run}
        if dry_run:
            say(f"{counted(len(wanted), 'record')} would be marked. Nothing was decided.", row, json_lines)
            return
        count = decisions.mark(house.archive, number, wanted, decision, exemption, reason, own)
        quoted = []
        if decision == "withhold":
            versions = decisions.versions_of(house.archive, number, wanted)
            quoted = pointed_out.quoting(house.archive, number, [one for ids in versions.values() for one in ids])
    say(
        f"{counted(len(wanted), 'record')} ({counted(count, 'version')}): {decision}.",
        row | {"versions": count},
        json_lines,
    )
    if quoted and not json_lines:
        click.echo("Other records quote what you withheld. To black the quotations out as well:")
    for one in [] if json_lines else quoted:
        click.echo(
            f"  muniment review redact {number} {one.record} --span {one.field}:{one.start}-{one.stop}"
            f" --exemption {exemption} --reason …"
        )


@review.command("note")
@NUMBER
@click.argument("record", type=int)
@click.argument("text")
@as_json
@click.pass_obj
def note(session: Session, number: int, record: int, text: str, json_lines: bool) -> None:
    """Leave an internal note on RECORD; it never goes out."""
    from composition import open_archive
    from export.review import notes

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        notes.add(archive, number, record, text)
    say("The note is kept with the record; it never goes out.", {"request": number, "record": record}, json_lines)


@review.command("exemptions")
@as_json
def exemption_list(json_lines: bool) -> None:
    """List the exemptions, with their citations."""
    from export.review import exemptions

    rows = [msgspec.structs.asdict(one) | {"checked_on": one.checked_on.isoformat()} for one in exemptions.listed()]
    if json_lines:
        print_json(rows)
        return
    print_table(rows, {"code": "Code", "citation": "Citation", "title": "Keeps in", "note": "Before choosing it"}, "")
    click.echo("The City Attorney re-reads the current text of the law before relying on any of it.")


@review.command("counsel")
@click.option("--add", multiple=True, metavar="WHO", help="A name, an address, or a whole domain: @lawfirm.example.")
@click.option("--remove", multiple=True, metavar="WHO", help="Take this one off the list.")
@as_json
@click.pass_obj
def counsel(session: Session, add: tuple[str, ...], remove: tuple[str, ...], json_lines: bool) -> None:
    """Show, and change, the list of the city's lawyers whose mail is pointed out."""
    from composition import open_archive
    from export.review import pointed_out

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        if add or remove:
            pointed_out.change_counsel(archive, add, remove)
        rows = [{"counsel": one} for one in pointed_out.counsel(archive)]
    if json_lines:
        print_json(rows)
    else:
        print_table(rows, {"counsel": "Counsel"}, "Nobody is on the list of counsel yet.")


@review.command("approve")
@NUMBER
@click.option(
    "--draft", "checkpoint", default="", metavar="SEQ:DIGEST",
    help="The draft that was looked at, by the checkpoint that it prints; else the last one.",
)  # fmt: skip
@as_json
@click.pass_obj
def approve(session: Session, number: int, checkpoint: str, json_lines: bool) -> None:
    """Approve a draft of request N that was looked at: the Attorney's second look.

    Refused if anything of what goes out was changed since that draft.
    """
    from composition import open_archive
    from export.production import act
    from export.production.stage import check
    from export.review import approval, suggested

    with open_archive(session.named_folder, session.actor, asked_password(session.actor, session.password)) as archive:
        draft = act.draft(archive, number, checkpoint)
        plan = check(archive, number)
        left = len(suggested.unanswered(archive, number))
        approved = approval.approve(archive, plan, draft)
    row = {
        "request": number,
        "unanswered": left,
        "by": approved.by,
        "at": approved.at,
        "draft": f"{draft.seq}:{draft.digest.hex()}",
        **msgspec.structs.asdict(plan.sums),
    }
    said = f"The draft at ledger row {draft.seq} is approved by {approved.by} on {approved.at}: {plan.sums.sentence}."
    say(said, row, json_lines)
    if left and not json_lines:
        click.echo(f"In {counted(left, 'record')} something is pointed out that nobody accepted or dismissed.")
    if not json_lines:
        click.echo(
            f"`muniment export {number} --final` makes the production. Any decision after this needs a new look."
        )


@review.command("second-look")
@click.argument("rule", type=click.Choice(["always", "when-needed"]), required=False)
@as_json
@click.pass_obj
def second_look(session: Session, rule: Any, json_lines: bool) -> None:
    """Show, or set, when the Attorney's second look is needed.

    always: on every production. when-needed: only where something is withheld, blacked out, or still pointed out.
    """
    from composition import open_archive
    from export.review import approval

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        if rule:
            approval.set_rule(archive, rule)
        stands = approval.rule(archive)
    meaning = {
        "always": "Every production needs the City Attorney's approval.",
        "when-needed": "What has nothing withheld, blacked out or still pointed out goes out without a second look.",
    }[stands]
    say(meaning, {"second_look": stands}, json_lines)


COMMANDS: tuple[click.Command, ...] = (review,)
