"""Commands on fees: the sheet of a request, and what was paid."""

from __future__ import annotations

from typing import Any

import click

from archive.commands import as_json
from archive.session import Session
from archive.terminal import print_json, print_table, safe


@click.command("fee")
@click.argument("number", metavar="N", type=int)
@click.option(
    "--add",
    "kind",
    metavar="KIND",
    help="Add a line: copies, media, transcription, photographs, location, postage, redaction.",
)
@click.option("--quantity", default="1", show_default=True, help="How many units: pages, hours, pieces.")
@click.option("--unit-cost", metavar="DOLLARS", help="What one unit costs, such as 0.25.")
@click.option("--strike", metavar="LINE", type=int, help="Take a line off again.")
@click.option("--waive", is_flag=True, help="Charge nothing, in the public interest.")
@click.option("--reduce-by", metavar="DOLLARS", help="Take this much off, in the public interest.")
@click.option("--reason", default="", help="Why a line is struck, or a fee waived or reduced.")
@click.option("--note", default="", help="What a line is for; the letter says it.")
@as_json
@click.pass_obj
def request_fee(
    session: Session, number: int, kind: str | None, quantity: str, unit_cost: str | None, strike: int | None,
    waive: bool, reduce_by: str | None, reason: str, note: str, json_lines: bool,
) -> None:  # fmt: skip
    """Show the fee sheet of request N, and change it."""
    from composition import open_archive
    from export.requests.fees import sheet
    from export.requests.fees.money import read_money, read_quantity
    from export.requests.history import acts
    from export.requests.register import get

    if sum(map(bool, (kind, strike, waive, reduce_by))) > 1:
        raise click.UsageError("One change at a time: --add, --strike, --waive or --reduce-by.")
    if kind and unit_cost is None:
        raise click.UsageError("Say what one unit costs with --unit-cost.")
    with open_archive(session.named_folder, session.actor, session.password) as archive:
        get(archive, number)
        if kind and unit_cost is not None:
            sheet.add(archive, number, kind, read_quantity(quantity), read_money(unit_cost), note)
        elif strike is not None:
            sheet.strike(archive, number, strike, reason)
        elif waive:
            sheet.waive(archive, number, reason)
        elif reduce_by is not None:
            sheet.waive(archive, number, reason, read_money(reduce_by))
        show(number, sheet.sheet(acts(archive, number)), json_lines)


@click.command("pay")
@click.argument("number", metavar="N", type=int)
@click.argument("amount", metavar="DOLLARS")
@click.option("--note", default="", help="Such as the receipt's number.")
@as_json
@click.pass_obj
def request_pay(session: Session, number: int, amount: str, note: str, json_lines: bool) -> None:
    """Note that DOLLARS came in for request N."""
    from composition import open_archive
    from export.requests.fees import sheet
    from export.requests.fees.money import read_money

    with open_archive(session.named_folder, session.actor, session.password) as archive:
        show(number, sheet.pay(archive, number, read_money(amount), note), json_lines)


def show(number: int, sheet: Any, json_lines: bool) -> None:
    """Print a fee sheet."""
    import msgspec

    from export.requests.fees.money import balance, dollars

    if json_lines:
        totals = {"request": number, "owed": sheet.owed, **msgspec.structs.asdict(sheet)}
        print_json([totals | {"lines": [msgspec.structs.asdict(one) for one in sheet.lines]}])
        return
    rows = [
        {
            "number": one.number,
            "title": one.title,
            "of": f"{one.quantity} × {dollars(one.unit_cents)}",
            "cents": dollars(one.cents),
            "charged": dollars(one.charged),
            "reason": "; ".join(filter(None, (one.note, one.why))),
        }
        for one in sheet.lines
    ]
    headings = {
        "number": "Line",
        "title": "For",
        "of": "Units",
        "cents": "Cost",
        "charged": "Charged",
        "reason": "Note",
    }
    print_table(rows, headings, "Nothing is on the fee sheet.")
    click.echo(f"Total {dollars(sheet.total)}, paid {dollars(sheet.paid)}, {balance(sheet.owed)}.")
    for remark in sheet.remarks:
        click.echo(safe(remark))


COMMANDS: tuple[click.Command, ...] = (request_fee, request_pay)
