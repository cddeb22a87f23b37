"""Commands that black things out: words, fields, boxes, files; suggestions; and what is left of them elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.commands import as_json, say
from archive.counting import counted
from archive.session import Session
from archive.terminal import print_json, print_table

NUMBER = click.argument("number", metavar="N", type=int)


@click.command("redact")
@NUMBER
@click.argument("record", type=int)
@click.option("--text", "words", metavar="WORDS", help="Wherever these words stand in the record and its conversation.")
@click.option("--everywhere", is_flag=True, help="… and in everything collected; shown first, then asked.")
@click.option("--span", metavar="FIELD:FROM-TO", help="From one character to another, counted from 0, as `show` does.")
@click.option("--field", metavar="NAME", help="A whole field: author, url, recipients.0, details.NAME, created …")
@click.option("--region", metavar="PAGE,X,Y,W,H", help="A box on a picture or a PDF's page, in percent of it.")
@click.option("--page", type=int, help="A whole page of a PDF.")
@click.option("--file", "whole_file", is_flag=True, help="A whole attachment.")
@click.option(
    "--replace", "replacement", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A copy of an attachment that was redacted elsewhere; the original and its description stay in.",
)  # fmt: skip
@click.option("--attachment", default=1, show_default=True, help="Which attachment, counted from 1.")
@click.option("--withdraw", multiple=True, type=int, metavar="ID", help="Take a redaction back.")
@click.option("--exemption", default="", metavar="CODE", help="Why; `review exemptions` lists the codes.")
@click.option("--reason", default="", help="The specific reason, as the requester will read it.")
@click.option("--yes", is_flag=True, help="Do not ask before --everywhere.")
@click.option("--dry-run", is_flag=True, help="Show the places; black nothing out.")
@as_json
@click.pass_obj
def redact(session: Session, /, number: int, record: int, json_lines: bool, **asked: Any) -> None:
    """Black something out of RECORD in request N."""
    from composition import open_archive
    from export.review import redactions
    from export.review.decisions import versions_of

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        if asked["withdraw"]:
            redactions.withdraw(archive, number, asked["withdraw"], asked["reason"], record)
            row = {"request": number, "record": record, "withdrawn": len(asked["withdraw"])}
            say(f"{counted(len(asked['withdraw']), 'redaction')} withdrawn.", row, json_lines)
            return
        found = _proposed(archive, number, record, asked)
        rows = [
            {"record": one.record, "version": one.mark.version, "field": one.mark.field, "start": one.mark.start,
             "stop": one.mark.stop, "before": one.before, "words": one.words, "after": one.after}
            for one in found
        ]  # fmt: skip
        if asked["dry_run"] or (asked["everywhere"] and not json_lines):
            _show(rows, json_lines)
        if asked["dry_run"]:
            return
        if asked["everywhere"] and not asked["yes"]:
            click.confirm(f"Black out these {len(rows):,} places?", abort=True, err=True)
        read = versions_of(archive, number, [record])[record]
        marks = [one.mark for one in found]
        count = redactions.add(archive, number, marks, asked["exemption"], asked["reason"], read)
    records = len({one.record for one in found})
    row = {"request": number, "record": record, "redactions": count, "records": records}
    say(f"{counted(count, 'place')} blacked out in {counted(records, 'record')}.", row, json_lines)


def _show(rows: list[dict[str, Any]], json_lines: bool) -> None:
    if json_lines:
        print_json(rows)
        return
    shown = [one | {"place": f"{one['before']}[{one['words']}]{one['after']}"} for one in rows]
    print_table(shown, {"record": "Record", "field": "Where", "place": "What would be blacked out"}, "")


def _proposed(archive: Any, number: int, record: int, asked: dict[str, Any]) -> list[Any]:
    """Return the places that the options name."""
    from export.redaction.regions import parse
    from export.review import proposals

    ways = ("words", "field", "span", "region", "page", "whole_file", "replacement")
    if sum(bool(asked[way]) for way in ways) > 1:
        raise click.UsageError("Say one thing at a time: --text, --span, --field, --region, --page, --file, --replace.")
    if asked["words"]:
        return proposals.of_words(archive, number, record, asked["words"], everywhere=asked["everywhere"])
    if asked["field"]:
        return proposals.of_field(archive, number, record, asked["field"])
    if asked["span"]:
        return proposals.of_span(archive, number, record, asked["span"])
    region = str(parse(asked["region"])) if asked["region"] else str(asked["page"] or "")
    replacement = proposals.stored(archive, asked["replacement"]) if asked["replacement"] else ""
    if region or replacement or asked["whole_file"]:
        return proposals.of_file(archive, number, record, asked["attachment"], region, replacement)
    raise click.UsageError("Say what: --text, --span, --field, --region, --page, --file, --replace or --withdraw.")


@click.command("suggestions")
@NUMBER
@click.argument("record", type=int, required=False)
@click.option("--accept", multiple=True, type=int, metavar="#", help="Black this one of RECORD out.")
@click.option("--dismiss", multiple=True, type=int, metavar="#", help="This one of RECORD may go out.")
@click.option(
    "--accept-sort", metavar="SORT", help="Black all of this sort out, where each needs no balance of its own."
)
@click.option("--dismiss-sort", metavar="SORT", help="All of this sort may go out, in RECORD or in the whole request.")
@click.option("--emails", is_flag=True, help="Point e-mail addresses out as well: they are not exempt by themselves.")
@click.option("--exemption", default="", metavar="CODE", help="Under another exemption than the suggested one.")
@click.option("--reason", default="", help="The specific reason, as the requester will read it.")
@as_json
@click.pass_obj
def suggestions(
    session: Session,
    number: int,
    record: int | None,
    accept: tuple[int, ...],
    dismiss: tuple[int, ...],
    accept_sort: str | None,
    dismiss_sort: str | None,
    emails: bool,
    exemption: str,
    reason: str,
    json_lines: bool,
) -> None:
    """Show what in request N, or in RECORD, may be personal; accept or dismiss it. Nothing is applied by itself."""
    from composition import open_archive
    from export.review import suggested

    asked = ("e-mail address",) if emails else ()
    with open_archive(session.named_folder, session.actor, session.password) as archive:
        if accept or dismiss:
            if record is None:
                raise click.UsageError("Name the RECORD whose suggestions you accept or dismiss.")
            done = suggested.answer(archive, number, record, accept, dismiss, exemption, reason, asked)
            row = {"request": number, "record": record, "accepted": done, "dismissed": len(dismiss)}
            say(
                f"{counted(done, 'place')} blacked out, {counted(len(dismiss), 'suggestion')} dismissed.",
                row,
                json_lines,
            )
            return
        if accept_sort:
            done = suggested.accept_sort(archive, number, accept_sort, exemption, reason, record)
            taken = {"request": number, "sort": accept_sort, "accepted": done}
            say(f"{counted(done, 'place')} blacked out.", taken, json_lines)
            return
        if dismiss_sort:
            count = suggested.dismiss_sort(archive, number, dismiss_sort, record)
            answered = {"request": number, "sort": dismiss_sort, "dismissed": count}
            say(f"{counted(count, 'suggestion')} dismissed.", answered, json_lines)
            return
        rows = suggested.listed(archive, number, record, asked)
    if json_lines:
        print_json(rows)
        return
    columns = {"number": "#", "record": "Record", "sort": "May be", "place": "Where", "exemption": "Usual exemption"}
    print_table(rows, columns, "Nothing is pointed out that nobody has answered.")


@click.command("traces")
@NUMBER
@click.option(
    "--let-stand", multiple=True, type=int, metavar="RECORD",
    help="What this one has may go out; 0 means the request's own words.",
)  # fmt: skip
@click.option("--reason", default="", help="Why it may.")
@as_json
@click.pass_obj
def traces(session: Session, number: int, let_stand: tuple[int, ...], reason: str, json_lines: bool) -> None:
    """Show where what is blacked out or withheld in one record of request N would go out in another."""
    from composition import open_archive
    from export.production.stage import stage
    from export.review import notes

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        staged = stage(archive, number)
        staged.clear()
        if let_stand:
            pairs = sorted({(one.record, one.of) for one in staged.traces if one.record in let_stand})
            if missing := sorted(set(let_stand) - {record for record, _ in pairs}):
                raise notes.NoTrace(number, missing[0])
            notes.let_stand(archive, number, pairs, reason)
            say(f"{counted(len(pairs), 'trace')} may stand.", {"request": number, "traces": len(pairs)}, json_lines)
            return
        rows = [{"record": one.record, "field": one.field, "what": one.what, "of": one.of} for one in staged.traces]
    if json_lines:
        print_json(rows)
    else:
        columns = {"record": "Record", "field": "Where", "what": "Has", "of": "Of record"}
        shown = [one | {"record": one["record"] or "the request"} for one in rows]
        print_table(shown, columns, "Nothing that stays in stands anywhere else.")
