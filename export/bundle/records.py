"""The table of all records, for spreadsheets."""

from __future__ import annotations

from export.bundle.tables import Row, Table, TableWriter
from export.released import Production, ReleasedRecord

COLUMNS = (
    "Bates number", "number", "account", "platform", "kind", "date and time", "author", "handle", "by the city",
    "title", "text", "decision", "redactions", "state", "what happened", "standing", "in reply to number",
    "conversation", "goes out with its conversation", "audience", "recipients", "list", "tags", "links", "attachments",
    "address", "record", "version", "digest", "taken in", "accession", "source file",
)  # fmt: skip


class RecordsTable(TableWriter):
    """``records.csv``, ``.xlsx``: a line a record."""

    def table(self, production: Production) -> Table:
        """Describe the table."""
        return Table(
            name="records",
            says="The same records as a table. In the .csv, a cell that a spreadsheet could take for a formula begins "
            "with an apostrophe",
            headings=COLUMNS,
            rows=lambda: (_row(record) for record in production.records()),
            whole_in="records.jsonl",
        )


def decision(one: ReleasedRecord) -> str:
    """Return what was decided about a record that is in the package, in a word."""
    if one.decision == "undecided":
        return "undecided"
    return "redacted" if one.redactions else one.decision


def _row(one: ReleasedRecord) -> Row:
    return (
        one.bates, one.number, one.account, one.platform, one.kind, one.local_time, one.author, one.handle,
        "yes" if one.by_account else "no", one.title, one.text, decision(one), len(one.redactions), one.state,
        one.state_note, one.standing, one.parent_number or "", one.conversation or "", "yes" if one.context else "no",
        one.audience, "; ".join(one.first_recipients), one.list_name, ", ".join(one.tags), " ".join(one.links),
        "; ".join(each.path or f"{each.name} ({each.missing})" for each in one.attachments),
        one.url, one.record, one.version, one.digest, one.captured_at, one.accession,
        one.native_path or one.rebuilt_path,
    )  # fmt: skip
