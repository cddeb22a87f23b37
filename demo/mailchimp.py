"""Mailchimp's exports: of one audience, and of a whole account. See docs/formats.md for what is known of them."""

from __future__ import annotations

import hashlib
import html
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo import tables, zips
from demo.lists import lists, on_list, standing, status
from demo.world import Account, Newsletter, Subscription

COLUMNS = (
    "Email Address", "First Name", "Last Name", "MEMBER_RATING", "OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME",
    "CONFIRM_IP", "LATITUDE", "LONGITUDE", "GMTOFF", "DSTOFF", "TIMEZONE", "CC", "REGION", "LAST_CHANGED",
)  # fmt: skip
LEFT_COLUMNS = {
    "subscribed": (),
    "unsubscribed": (
        "UNSUB_TIME", "UNSUB_CAMPAIGN_TITLE", "UNSUB_CAMPAIGN_ID", "UNSUB_REASON", "UNSUB_REASON_OTHER",
    ),
    "cleaned": ("CLEAN_TIME", "CLEAN_CAMPAIGN_TITLE", "CLEAN_CAMPAIGN_ID"),
}  # fmt: skip
LAST_COLUMNS = ("LEID", "EUID", "NOTES", "TAGS")
CAMPAIGN_COLUMNS = (
    "Title", "Subject", "List", "Send Date", "Send Weekday", "Total Recipients", "Successful Deliveries",
    "Total Bounces", "Unique Opens", "Open Rate", "From Name", "From Email", "Unique Id",
)  # fmt: skip
FOLDERS = {"subscribed": "members", "unsubscribed": "unsubscribed", "cleaned": "cleaned"}
REPORTED_SINCE = {False: datetime(2025, 4, 1, tzinfo=UTC), True: datetime(2026, 2, 15, tzinfo=UTC)}
"""Of issues sent before, the city has kept no reports; of very large lists (True) only the latest."""
LARGE = 20_000
"""Entries from which reports would fill gigabytes."""


def write_audience(path: Path, account: Account, list_name: str, at: datetime) -> None:
    """Write the export of one list, as of a moment."""
    export = _hexadecimal(f"{list_name} {at:%Y-%m-%d %H:%M}", 10)
    with zipfile.ZipFile(path, "w", compresslevel=1) as archive:
        _write_contacts(archive, account, list_name, at, "{status}_email_audience_export_" + export + ".csv")


def write_account(path: Path, account: Account, at: datetime) -> None:
    """Write the export of the whole account, as of a moment: all lists, the issues sent, whom they reached."""
    sent = [one for one in account.newsletters if one.at <= at]
    with zipfile.ZipFile(path, "w", compresslevel=1) as archive:
        for number, list_name in enumerate(lists(account), 47_741):
            name = f"lists/{{folder}}/{{folder}}_{number}_{_slug(list_name)}.csv"
            _write_contacts(archive, account, list_name, at, name)
        rows = (_campaign(account, one) for one in sent)
        zips.add(archive, "campaigns.csv", tables.lines(CAMPAIGN_COLUMNS, rows))
        for one in sent:
            _write_issue(archive, account, one)
            if one.at >= REPORTED_SINCE[len(account.subscriptions) > LARGE]:
                _write_reports(archive, account, one, at)
        zips.add(archive, "templates/1001_city.html", [b"<html><body>*|CONTENT|*</body></html>\n"])


# -- contacts


def _write_contacts(archive: zipfile.ZipFile, account: Account, list_name: str, at: datetime, name: str) -> None:
    everybody = standing(account, at, list_name)
    sent = [one for one in account.newsletters if one.list_name == list_name and one.at <= at]
    for wanted, left in LEFT_COLUMNS.items():
        rows = (_contact(one, wanted, at, sent) for one in everybody if status(one, at) == wanted)
        columns = (*COLUMNS, *left, *LAST_COLUMNS)
        zips.add(archive, name.format(status=wanted, folder=FOLDERS[wanted]), tables.lines(columns, rows))


def _contact(one: Subscription, wanted: str, at: datetime, sent: Sequence[Newsletter]) -> Sequence[str]:
    first, _, last = one.person.name.partition(" ")
    changed = one.joined_at if wanted == "subscribed" or one.left_at is None else one.left_at
    rating = int(_hexadecimal(f"{one.id} {at:%Y-%m}", 2), 16) % 4 + 2
    return (
        one.person.address, first, last, str(rating), _time(one.joined_at - timedelta(minutes=2)), one.ip,
        _time(one.joined_at), one.ip, "43.0000000", "-89.0000000", "-6", "-5", "America/Chicago", "US", "WI",
        _time(changed), *_left(one, wanted, sent), one.id, euid(one.person.address), "",
        ",".join(f'"{tag}"' for tag in one.tags),
    )  # fmt: skip


def _left(one: Subscription, wanted: str, sent: Sequence[Newsletter]) -> tuple[str, ...]:
    """Return how somebody left: when, after which issue, why."""
    if one.left_at is None or wanted == "subscribed":
        return ()
    before = [issue for issue in sent if issue.at <= one.left_at][-1:]
    title, number = (before[0].subject, campaign_id(before[0])) if before else ("", "")
    found = (_time(one.left_at), title, number)
    return found if wanted == "cleaned" else (*found, "NORMAL" if before else "UNKNOWN", "")


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def euid(address: str) -> str:
    """Return the id that a person has on all lists."""
    return _hexadecimal(f"person {address}", 10)


def campaign_id(one: Newsletter) -> str:
    """Return an issue's id, of ten characters as Mailchimp's are."""
    return _hexadecimal(f"campaign {one.id}", 10)


def _hexadecimal(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")


# -- campaigns


def _stem(one: Newsletter) -> str:
    return f"{int(_hexadecimal(one.id, 6), 16)}_{_slug(_title(one))}"


def _title(one: Newsletter) -> str:
    return f"{one.subject} {one.at:%Y-%m-%d %H:%M}"


def _campaign(account: Account, one: Newsletter) -> Sequence[str]:
    recipients = sum(1 for _ in _reached(account, one))
    bounces = recipients // 200
    return (
        _title(one), one.subject, one.list_name, one.at.strftime("%b %d, %Y %I:%M %p"), f"{one.at:%A}",
        str(recipients), str(recipients - bounces), str(bounces), str(recipients // 3), "33.3%",
        account.title, account.handle, campaign_id(one),
    )  # fmt: skip


def _write_issue(archive: zipfile.ZipFile, account: Account, one: Newsletter) -> None:
    paragraphs = "".join(f"<p>{html.escape(part)}</p>\n" for part in one.text.split("\n") if part)
    subject = html.escape(one.subject)
    page = (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{subject}</title>\n'
        "<style>p { font-family: sans-serif }</style>\n</head>\n"
        f"<body>\n<h1>{subject}</h1>\n{paragraphs}<p>{html.escape(account.title)}</p>\n</body>\n</html>\n"
    )
    zips.add(archive, f"campaigns_content/{_stem(one)}.html", [page.encode()])
    zips.add(archive, f"campaigns_content/{_stem(one)}.txt", [f"{one.subject}\n\n{one.text}\n".encode()])


def _reached(account: Account, one: Newsletter) -> Iterator[Subscription]:
    return on_list((each for each in account.subscriptions if each.list_name == one.list_name), one.at)


def _write_reports(archive: zipfile.ZipFile, account: Account, one: Newsletter, at: datetime) -> None:
    """Write who had opened the issue by then, and who had not: together, whom it was sent to."""
    patience = min((at - one.at).days, 20)
    columns = ("Email Address", "First Name", "Last Name")
    for sort, wanted in (("opened", True), ("not_opened", False)):
        rows = (_recipient(each) for each in _reached(account, one) if _has_opened(each, one, patience) == wanted)
        zips.add(archive, f"aggregate_activity/{sort}/{_stem(one)}.csv", tables.lines(columns, rows))


def _has_opened(one: Subscription, issue: Newsletter, patience: int) -> bool:
    return zlib.crc32(f"{one.id} {issue.id}".encode()) % 60 < patience


def _recipient(one: Subscription) -> Sequence[str]:
    first, _, last = one.person.name.partition(" ")
    return (one.person.address, first, last)
