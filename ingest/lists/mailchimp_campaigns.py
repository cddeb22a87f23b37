"""The campaigns in a Mailchimp account's export: what was sent, to which list, and to whom.

A campaign's facts are a row of a table, its words are files named ``<number>_<title>``, and whom it
reached is told by reports of the same name. They are joined by the number where the table has it, else
by the title, else by the subject that the words' own ``<title>`` gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from archive.records import Author, Recipient, Timestamp
from ingest.backup import Backup, Member
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.json_items import Reading
from ingest.lists.mailchimp_contacts import in_lists
from ingest.lists.reading import read_dated_rows, read_rows
from ingest.tables import Row, Table, find_table
from ingest.text import decoded, html_to_text, tidy
from ingest.written_dates import DateReader

TITLES = ("title", "campaign title", "campaign name")
SUBJECTS = ("subject", "subject line", "email subject", "campaign subject")
LISTS = ("list", "audience", "list name", "audience name")
SENT = ("send date", "send time", "sent", "date sent", "sent at", "send_time")
IDS = ("unique id", "campaign id", "campaign_id", "id", "web id", "web_id")
FROM_NAMES = ("from name", "from_name")
FROM_ADDRESSES = ("from email", "from email address", "from address", "reply to", "reply-to", "reply_to")

CONTENT = re.compile(r"(^|/)campaigns?(_content)?/(.*/)?(?P<stem>[^/]+)\.(?P<type>html?|txt)$", re.I)
REPORT = re.compile(
    r"(^|/)(?P<sort>opened|not_opened|bounces|bounced|sent_to|sent|recipients|unsubscribes|unsubscribed)"
    r"/(?P<stem>[^/]+)\.csv$",
    re.I,
)
TOLD = ("sent_to", "sent", "recipients")
"""Reports that list the recipients themselves. The others list, together, everybody whom the campaign was sent to."""

_STEM = re.compile(r"(\d+)[-_](.*)$")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.I | re.S)
_WHOLE = re.compile(r"[\d,]{1,12}")


class Facts(Struct, frozen=True):
    """A campaign's row: its own bytes, its place, the values of its columns by their names in lower case, when it was
    sent.
    """

    place: str
    native: bytes
    cells: Mapping[str, str]
    columns: Mapping[str, str]
    sent: Timestamp | None = None

    def told(self, names: Sequence[str]) -> str:
        """Return the first of some columns that holds anything."""
        return next((self.columns[name] for name in names if self.columns.get(name)), "")

    @property
    def title(self) -> str:
        """The campaign's name inside Mailchimp."""
        return self.told(TITLES)

    @property
    def numbers(self) -> set[str]:
        """The ids that the names of files may begin with."""
        return {self.columns[name] for name in IDS if self.columns.get(name)}


class Campaign(Struct):
    """All that an export holds of one campaign; ``stem`` is the name of its files, empty if it has none."""

    facts: Facts | None = None
    stem: str = ""
    html: Member | None = None
    plain: Member | None = None
    reports: list[tuple[str, Member]] = []


def is_heading(cells: Sequence[str]) -> bool:
    """Know a table of campaigns by its columns: a subject, and a title or a time of sending."""
    names = {one.lower() for one in cells}
    return bool(names & set(SUBJECTS)) and bool(names & set(TITLES)) and bool(names & {*SENT, *LISTS})


def table_of_campaigns(member: Member) -> Table | None:
    """Return the table in a file, None if it is none of campaigns."""
    return find_table(member, is_heading) if member.path.lower().endswith(".csv") else None


def read_facts(tables: Iterable[Table], found: list[Facts]) -> Reading:
    """Collect the rows of all tables of campaigns; one that another table has told is left out."""
    met: set[tuple[str, str, str]] = set()

    def read(dates: DateReader, row: Row, place: str) -> Iterator[Draft]:
        columns = {name.lower(): value for name, value in row.cells.items()}
        sent = next((dates.read(columns[name]) for name in SENT if columns.get(name)), None)
        facts = Facts(place, row.native, row.cells, columns, sent)
        mark = (facts.title, facts.told(SUBJECTS), facts.told(SENT))
        if not any(mark):
            raise ValueError("a campaign without title, subject and date")
        if mark not in met:
            met.add(mark)
            found.append(facts)
        return iter(())

    for table in tables:
        dated = [one for one in table.columns if one.lower() in SENT]
        yield from read_dated_rows(table.member.path, table.rows, dated, read)


def joined(backup: Backup, facts: Sequence[Facts]) -> list[Campaign]:
    """Return the campaigns in the order of their tables, then those that only files are about."""
    by_stem = _by_stem(backup)
    of_facts: dict[int, list[Campaign]] = {}
    alone: list[Campaign] = []
    for stem in sorted(by_stem):
        place = _matching(by_stem[stem], facts)
        if place is None:
            alone.append(by_stem[stem])
        else:
            of_facts.setdefault(place, []).append(by_stem[stem])
    found: list[Campaign] = []
    for place, one in enumerate(facts):
        files = of_facts.get(place, [Campaign()])
        files[0].facts = one
        found.append(files[0])
        alone.extend(files[1:])
    return found + alone


def _by_stem(backup: Backup) -> dict[str, Campaign]:
    found: dict[str, Campaign] = {}
    for member in backup.members():
        if in_lists(member):
            continue
        content, report = CONTENT.search(member.path), REPORT.search(member.path)
        if content:
            one = found.setdefault(content["stem"], Campaign(stem=content["stem"]))
            if content["type"].lower() == "txt":
                one.plain = member
            else:
                one.html = member
        elif report:
            one = found.setdefault(report["stem"], Campaign(stem=report["stem"]))
            one.reports = [*one.reports, (report["sort"].lower(), member)]
    return found


def _matching(campaign: Campaign, facts: Sequence[Facts]) -> int | None:
    """Return which row a campaign's files belong to, None if that is not certain."""
    numbered = _STEM.match(campaign.stem)
    number, title = (numbered[1], numbered[2]) if numbered else ("", campaign.stem)
    by_number = [place for place, one in enumerate(facts) if number and number in one.numbers]
    if len(by_number) == 1:
        return by_number[0]
    wanted = {letters(title), letters(campaign.stem)} - {""}
    named = [place for place, one in enumerate(facts) if {letters(one.title), letters(one.told(SUBJECTS))} & wanted]
    if len(named) > 1:
        subject = letters(_html_title(campaign.html))
        named = [place for place in named if letters(facts[place].told(SUBJECTS)) == subject]
    return named[0] if len(named) == 1 else None


def letters(text: str) -> str:
    """Return the letters and figures of a text in lower case: what a name and a file named for it share."""
    return "".join(one for one in text.casefold() if one.isalnum())


def _html_title(member: Member | None) -> str:
    try:
        found = _TITLE.search(decoded(member.read(1 << 16))) if member else None
    except OSError:
        return ""
    return html_to_text(found[1]) if found else ""


# -- one campaign as a record


def read_campaign(campaign: Campaign) -> Reading:
    """Yield a campaign as an e-mail of the city to a list."""
    facts = campaign.facts
    held = campaign.html or campaign.plain
    if facts is None and held is None:
        for _, member in campaign.reports:
            reason = "no campaign is certainly the one that this report is about; it was not read"
            yield Defect(member.path, reason, quarantined=False)
        return
    place = facts.place if facts else held.path if held else ""
    if facts is None:
        reason = "no row of the campaigns is certainly about this file; its list and date are not known"
        yield Defect(place, reason, quarantined=False)
    try:
        html = campaign.html.read() if campaign.html else b""
        plain = campaign.plain.read() if campaign.plain else b""
    except OSError as error:
        yield Defect(place, f"the words of this campaign cannot be read: {error}", quarantined=False)
        html = plain = b""
    sent = facts.sent if facts else None
    if sent is not None and not (html or plain):
        yield Defect(place, "this backup does not hold the words of this campaign", quarantined=False)
    recipients: dict[str, Recipient] = {}
    yield from _read_recipients(campaign, recipients)
    yield _draft(campaign, place, html, plain, sent, tuple(recipients[one] for one in sorted(recipients)))


def _draft(
    campaign: Campaign, place: str, html: bytes, plain: bytes, sent: Timestamp | None, to: tuple[Recipient, ...]
) -> Draft:
    facts = campaign.facts
    numbered = _STEM.match(campaign.stem)
    native_id = (facts.told(IDS) if facts else "") or (numbered[1] if numbered else "")
    return Draft(
        kind="email",
        place=place,
        native=html or plain or (facts.native if facts else b""),
        native_id=native_id or None,
        created=sent,
        author=_author(facts),
        title=(facts.told(SUBJECTS) if facts else "") or _html_title(campaign.html) or campaign.stem,
        text=html_to_text(decoded(html)) if html else tidy(decoded(plain)),
        attachments=_attachments(campaign),
        audience="draft" if facts is not None and sent is None else "followers",
        recipients=to,
        list_name=facts.told(LISTS) if facts else "",
        details=_details(facts, counts=False),
        metrics={name: int(value.replace(",", "")) for name, value in _details(facts, counts=True).items()},
    )


def _author(facts: Facts | None) -> Author:
    if facts is None:
        return Author(is_account=True)
    return Author(facts.told(FROM_NAMES), facts.told(FROM_ADDRESSES), is_account=True)


def _attachments(campaign: Campaign) -> tuple[SourceAttachment, ...]:
    """Return the words as plain text, and the reports that list the recipients."""
    held = [campaign.plain] if campaign.plain and campaign.html else []
    held += [member for sort, member in campaign.reports if sort in TOLD]
    return tuple(SourceAttachment(member.path.rsplit("/", 1)[-1], member) for member in held)


def _details(facts: Facts | None, counts: bool) -> dict[str, str]:
    """Return the columns that no field holds: those that are counts, or the others."""
    placed = {*SUBJECTS, *LISTS, *SENT, *IDS, *FROM_NAMES, *FROM_ADDRESSES}
    rest = facts.cells.items() if facts else ()
    return {
        name: value
        for name, value in rest
        if value and name.lower() not in placed and bool(_WHOLE.fullmatch(value)) == counts
    }


def _read_recipients(campaign: Campaign, found: dict[str, Recipient]) -> Reading:
    """Collect whom the reports name, each address once."""
    reports = [one for one in campaign.reports if one[0] in TOLD] or campaign.reports

    def read(row: Row, place: str) -> Iterator[Draft]:
        address = next((row.cells[name] for name in ("Email Address", "Email") if row.cells.get(name)), "").strip()
        if not address:
            raise ValueError("a recipient without an address")
        names = [row.cells.get(one, "") for one in ("First Name", "Last Name")]
        found.setdefault(address.casefold(), Recipient("to", " ".join(one for one in names if one), address))
        return iter(())

    for _, member in reports:
        table = find_table(member, lambda cells: bool({"Email Address", "Email"} & set(cells)))
        if table is not None:
            yield from read_rows(member.path, table.rows(), read)
        elif member.size:
            yield Defect(member.path, "this report has no column of addresses; it was not read", quarantined=False)
