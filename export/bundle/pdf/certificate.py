"""``certificate.pdf``: what the custodian answers for: what was searched, what was found, what rests on their word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from export.bundle.bag import Bag
from export.bundle.pdf.letter import day_of
from export.bundle.pdf.lines import Line, line
from export.bundle.pdf.papers import Paper, Section, Table, cells, write_papers
from export.bundle.pdf.printed import Fact, bates, office
from export.bundle.places import resting
from export.bundle.writer import BundleWriter, Entry
from export.released import Production

PATH = "data/certificate.pdf"

FIXITY = (
    "The file manifest-sha256.txt in this package names the SHA-256 digest of every file of it. Whoever holds the "
    "package can compute the digests again; START-HERE.html says how. A file whose digest differs is not what was "
    "released. The checkpoint is where the archive's ledger stood; it tells later whether the archive was changed."
)
RESTING = (
    "The digests in this package prove each released record against the archive, a long text in pieces of 64 "
    "characters. Where something in a text is black, the piece that it stands in and all pieces after it stay shut, "
    "sometimes the whole text: they would tell how long the black words are. The words left of them cannot be proved "
    "by a digest: they rest on this certificate alone. They are the words below, of long stretches the beginning and "
    "the end; every other word can be checked."
)


class Certificate(BundleWriter):
    """The custodian's certificate, to be signed; a draft says that it is none."""

    waits = True

    def write(self, production: Production, bag: Bag) -> None:
        """Set the certificate."""
        paper = Paper(
            title="Certificate of the custodian",
            office=office(production),
            request=production.request,
            watermark=production.watermark,
            sections=[section for section in _sections(production) if section.paragraphs or section.facts],
            signatures=() if production.draft else ("Signature of the custodian", "Name and title", "Date"),
        )
        write_papers(production, bag, [(PATH, paper)])

    def entries(self, production: Production, bag: Bag) -> Sequence[Entry]:
        """Return the line of what was written."""
        written = bag.like("data/certificate.pdf")
        return [Entry(written, "The custodian’s certificate on paper, for the signature")] if written else []


def _sections(production: Production) -> Iterator[Section]:
    who = office(production)
    yield Section(
        paragraphs=_told(
            f"{who}, the legal custodian of the records named here, certifies what follows of the package "
            f"{production.name}, built on {day_of(production)} from the archive “{production.archive_name}”."
        ),
        facts=_facts(
            ("Request", production.request),
            ("Received on", production.received_on.isoformat()),
            ("Asked for", production.request_description),
            ("Requester", production.requester),
        ),
    )
    yield _searched(production)
    gaps = [f"{one.title or one.account}: {gap}" for one in production.accounts for gap in one.gaps]
    yield Section(heading="What the backups never hold", paragraphs=_told(*gaps))
    yield Section(heading="Accounts that are kept out of the archive", paragraphs=_told(*production.left_out))
    yield Section(heading="Lawfully destroyed before this request", paragraphs=_told(*production.disposed))
    changes = [f"{one.bates}: {one.before} in the production before, {one.now} now" for one in production.changed]
    yield Section(
        heading="What became of the records", paragraphs=_told(f"{production.reconciliation.sentence}.", *changes)
    )
    yield _resting(production)
    yield Section(
        heading="How the package can be checked",
        paragraphs=_told(FIXITY),
        facts=_facts(("Checkpoint", production.checkpoint)),
    )
    approval = production.approval
    yield Section(
        heading="Approval",
        paragraphs=_told(
            "" if approval.by else "Nobody has approved this production.",
            "This is a draft. The certificate is signed when the production is final." if production.draft else "",
        ),
        facts=_facts(("Approved by", approval.by), ("Role", approval.role), ("On", approval.at)),
    )


def _searched(production: Production) -> Section:
    rows = [
        cells(
            account.title or account.account, account.platform, backup.accession, backup.exported_on or "not known",
            backup.taken_in_on, backup.format, "yes" if backup.complete else "no", f"{backup.items:,}",
            f"{backup.quarantined:,}",
        )
        for account in production.accounts
        for backup in account.backups
    ]  # fmt: skip
    rows += [
        cells(one.title or one.account, one.platform, "none held", *[""] * 6)
        for one in production.accounts
        if not one.backups
    ]
    headings = (
        "Account", "Platform", "Backup", "Made on", "Taken in on", "Format", "Complete", "Items", "Unreadable",
    )  # fmt: skip
    return Section(
        heading="What was searched",
        paragraphs=_told("The digest of each backup is in coverage.csv."),
        facts=_facts(
            *(("Search", query or "everything in these accounts") for query in production.queries),
            ("Ledger position", f"{production.ledger_position:,}"),
        ),
        table=Table(headings=headings, widths=(2.1, 1.3, 1, 1.4, 1.4, 1.5, 1.4, 1, 1.6), rows=rows),
    )


def _resting(production: Production) -> Section:
    rows = [
        cells(bates(one), field, piece)
        for one in production.records()
        for field, pieces in resting(one)
        for piece in pieces
    ]
    if not rows:
        return Section()
    return Section(
        heading="What rests on this certificate alone",
        paragraphs=_told(RESTING),
        table=Table(headings=("Bates number", "Where", "Words"), widths=(2.4, 1.2, 4), rows=rows),
    )


def _told(*sentences: str) -> tuple[Line, ...]:
    return tuple(line(one) for one in sentences if one)


def _facts(*rows: tuple[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(label, (line(value),)) for label, value in rows if value)
