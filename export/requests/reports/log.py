"""The request log: a line a request, as rows, CSV or XLSX."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from archive import clock, ledger
from archive.archive import Archive
from archive.errors import MunimentError
from archive.terminal import safe as shown
from export.bundle.tables import safe
from export.requests.case import Case, cases

HEADINGS = {
    "number": "Number", "outside_number": "Outside number", "received_on": "Received", "channel": "By way of",
    "requester": "Requester", "description": "Asks for", "routed_to": "Routed to", "status": "Status",
    "marker_on": "Marker", "days_taken": "Working days taken", "fees_cents": "Fees", "paid_cents": "Paid",
    "released": "Released", "withheld": "Withheld", "answered_on": "Answered on", "closed_on": "Closed on",
}  # fmt: skip
MONEY = ("fees_cents", "paid_cents")


class UnknownTable(MunimentError):
    """The log is written as CSV or XLSX only."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} ends in neither .csv nor .xlsx. Name a file that does; nothing was written.")


class Counts(Struct, frozen=True):
    """How many records a request's latest production released and withheld."""

    released: int
    withheld: int


def log(
    archive: Archive, first: date | None = None, last: date | None = None, counts: Mapping[int, Counts] | None = None
) -> list[dict[str, Any]]:
    """Return a row for each request that came in from ``first`` to ``last``; money in cents."""
    return [_row(one, (counts or {}).get(one.request.id)) for one in cases(archive) if _within(one, first, last)]


def _within(one: Case, first: date | None, last: date | None) -> bool:
    received = one.clock.received_on
    return (first is None or received >= first) and (last is None or received <= last)


def _row(one: Case, count: Counts | None) -> dict[str, Any]:
    request, taken = one.request, one.clock
    closed = one.steps[-1].on.isoformat() if one.status == "closed" else ""
    return {
        "number": request.shown,
        "outside_number": request.outside_number,
        "received_on": request.received_on,
        "channel": request.channel,
        "requester": request.requester,
        "description": request.description,
        "routed_to": ", ".join(one.routed_to),
        "status": one.status,
        "marker_on": taken.marker_on.isoformat(),
        "days_taken": taken.days_taken,
        "fees_cents": one.fees.total,
        "paid_cents": one.fees.paid,
        "released": count.released if count else None,
        "withheld": count.withheld if count else None,
        "answered_on": taken.answered_on.isoformat() if taken.answered_on else "",
        "closed_on": closed,
    }


def write(archive: Archive, path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of the log to a file, as its name's ending says; raises :class:`UnknownTable`."""
    ending = path.suffix.casefold()
    if ending == ".csv":
        _write_csv(path, rows)
    elif ending == ".xlsx":
        head = archive.checkpoint().seq
        at = next(row.at for row in ledger.rows(archive.connection, after=head - 1))
        _write_xlsx(path, rows, clock.read_stored(at).replace(tzinfo=None))
    else:
        raise UnknownTable(path)


def _cells(row: Mapping[str, Any]) -> Iterator[Any]:
    for key in HEADINGS:
        value = row[key]
        yield value / 100 if key in MONEY else "" if value is None else value


def _write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, lineterminator="\r\n")
        table.writerow(HEADINGS.values())
        for row in rows:
            cells = dict(zip(HEADINGS, _cells(row), strict=True))
            table.writerow([f"{cell:.2f}" if key in MONEY else safe(cell) for key, cell in cells.items()])


def _write_xlsx(path: Path, rows: Sequence[Mapping[str, Any]], at: datetime) -> None:
    from xlsxwriter import Workbook

    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": "Records request log", "created": at})
        sheet = book.add_worksheet("Requests")
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "$#,##0.00"})
        sheet.write_row(0, 0, list(HEADINGS.values()), bold)
        sheet.freeze_panes(1, 1)
        for number, row in enumerate(rows, 1):
            for column, (key, cell) in enumerate(zip(HEADINGS, _cells(row), strict=True)):
                if isinstance(cell, str):
                    sheet.write_string(number, column, shown(cell)[:32_000])
                else:
                    sheet.write_number(number, column, cell, money if key in MONEY else None)
        sheet.autofit()
