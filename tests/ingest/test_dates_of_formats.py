"""Every format whose dates are two numbers and a year asks the whole file which of them is the day, and says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from archive import accounts
from archive.archive import Archive
from conftest import bring_in
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.preview import preview
from ingest.registry import by_name, identify
from ingest.report import accession

FILES = {
    "constant-contact": "Email address,Email status,Confirmed Opt-Out Date,Created At\n{}ada@mail.example,Active,,{}\n",
    "govdelivery": 'Contacts,Subscriptions,Origin,Modified\n{}ada@mail.example,1,Direct,"{}"\n',
    "mailchimp-audience": "Email Address,MEMBER_RATING,OPTIN_TIME,LEID,EUID\n{}ada@mail.example,3,{},1001,ab12\n",
    "mailchimp-account": "Title,Subject,List,Send Date\n{}June,Pool hours,Weekly,{}\n",
    "linkedin": 'From,To,Sent At,Message,Direction\n{}Nora Quist,Ole Tveit,"{}",Hello,OUTGOING\n',
    "linkedin shares": "Date,ShareLink,ShareCommentary\n{1},https://www.linkedin.com/feed/update/urn:li:share:1,Snow\n",
    "nextdoor": "Date,Message,Neighborhoods\n{}{},Elm is closed,A\n",
}
"""A table of each format with a place for rows before, and for the date."""

MORE = {
    "constant-contact": "bo@mail.example,Active,,{}\n",
    "govdelivery": "bo@mail.example,1,Direct,{}\n",
    "mailchimp-audience": "bo@mail.example,3,{},1002,ab13\n",
    "mailchimp-account": "May,Parks,Weekly,{}\n",
    "linkedin": "Nora Quist,Ida Berg,{},Hello,OUTGOING\n",
    "nextdoor": "{},Oak is closed,A\n",
}
PROMISED = {"constant-contact": "Constant Contact", "govdelivery": "GovDelivery", "linkedin": "LinkedIn"}
"""Who is known to write the month first."""


def read(path: Path, name: str) -> tuple[list[str], list[str]]:
    """Return the day of every date that a file's last item has, and what was remarked."""
    found = list(by_name(name).read(Backup.open([path])))
    item = [one for one in found if isinstance(one, Draft)][-1]
    moments = [one for one in (item.created, item.edited) if one is not None]
    return [str(one.at)[:10] for one in moments], [one.reason for one in found if isinstance(one, Defect)]


def written(folder: Path, name: str, rows: tuple[str, ...], last: str) -> Path:
    path = folder / ("campaigns.csv" if name == "mailchimp-account" else "subscribed_members.csv")
    path.write_text(FILES[name].format("".join(MORE[name].format(one) for one in rows), last))
    return path


@pytest.mark.parametrize("name", MORE)
def test_a_date_that_can_only_be_read_with_the_day_first_decides_for_the_whole_file(tmp_path: Path, name: str) -> None:
    days, remarks = read(written(tmp_path, name, ("13/05/2026 09:30",), "05/06/2026 09:30"), name)
    assert days == ["2026-06-05"]
    (told,) = [one for one in remarks if "13/05/2026" in one]
    assert "can only be read with the day first; the whole file was read so" in told
    assert ("another program has saved this file anew" in told) is (name in PROMISED)


@pytest.mark.parametrize("name", MORE)
def test_where_no_date_decides_the_month_is_taken_and_that_is_told(tmp_path: Path, name: str) -> None:
    days, remarks = read(written(tmp_path, name, ("07/08/2026 09:30",), "05/06/2026 09:30"), name)
    assert days == ["2026-05-06"]
    (told,) = [one for one in remarks if "no date tells whether day or month comes first" in one]
    assert told.endswith(f"the month was taken, as {PROMISED[name]} writes it" if name in PROMISED else "was taken")


@pytest.mark.parametrize("name", PROMISED)
def test_a_file_that_is_written_as_its_format_promises_calls_for_no_remark(tmp_path: Path, name: str) -> None:
    days, remarks = read(written(tmp_path, name, ("05/13/2026 09:30",), "05/06/2026 09:30"), name)
    assert days == ["2026-05-06"]
    assert not any("first" in one for one in remarks)


def test_what_a_spreadsheet_made_of_an_iso_time_is_read(tmp_path: Path) -> None:
    (tmp_path / "Shares.csv").write_text(FILES["linkedin shares"].format("", "7/13/2025 8:15"))
    days, remarks = read(tmp_path / "Shares.csv", "linkedin")
    assert days == ["2025-07-13"]
    assert any("“7/13/2025 8:15” can only be read with the month first" in one for one in remarks)


@pytest.mark.parametrize(("day", "created"), [("06/30/2026", "2026-05-06"), ("30/06/2026", "2026-06-05")])
def test_all_sheets_of_a_workbook_of_a_page_decide_together(tmp_path: Path, day: str, created: str) -> None:
    book = Workbook()
    daily, posts = book.active, book.create_sheet("All posts")
    assert daily is not None
    rows: tuple[list[object], ...] = (["Date", "Impressions (total)"], ["05/06/2026", 3], [day, 4])
    for row in rows:
        daily.append(row)
    posts.append(["Post title", "Post link", "Created date"])
    posts.append(["The pool opens.", "https://www.linkedin.com/feed/update/urn:li:activity:71/", "05/06/2026"])
    book.save(tmp_path / "page.xlsx")
    backup = Backup.open([tmp_path / "page.xlsx"])
    days, remarks = read(tmp_path / "page.xlsx", "linkedin-page")
    coverage = identify(backup).coverage(backup)
    assert (days, str(coverage.since), str(coverage.until)) == ([created], created, "2026-06-30")
    assert any("another program has saved this file anew" in one for one in remarks) is day.startswith("30")


# -- zones

ZONES: dict[str, tuple[str, Callable[[str], str]]] = {
    "Shares.csv": ("linkedin", lambda time: FILES["linkedin shares"].format("", time)),
    "contacts.csv": ("constant-contact", lambda time: FILES["constant-contact"].format("", time)),
    "subscribed_members.csv": ("mailchimp", lambda time: FILES["mailchimp-audience"].format("", time)),
    "posts.csv": ("nextdoor", lambda time: FILES["nextdoor"].format("", time)),
}


@pytest.mark.parametrize("name", ZONES)
def test_an_accession_says_how_many_times_name_no_zone(archive: Archive, tmp_path: Path, name: str) -> None:
    platform, made = ZONES[name]
    (tmp_path / name).write_text(made("2026-05-06 09:30:00"))
    accounts.add(archive, "one", platform=platform, department="Clerk")
    bring_in(archive, tmp_path / name, "one")
    told = [one["text"] for one in accession(archive, 1)["defects"] if not one["quarantined"]]
    (remark,) = [one for one in told if "without a zone" in one]
    assert f"the first: “2026-05-06 09:30:00” in {name}, row 2): UTC was taken" in remark
    (zone,) = archive.connection.execute("SELECT DISTINCT created_zone FROM content").fetchone()
    assert zone == "unknown"


@pytest.mark.parametrize("time", ["2026-05-06 09:30:00 -0500", "2026-05-06T09:30:00Z", "2026-05-06", ""])
def test_nothing_is_said_of_times_with_a_zone_or_of_days(tmp_path: Path, time: str) -> None:
    (tmp_path / "contacts.csv").write_text(FILES["constant-contact"].format("", time))
    backup = Backup.open([tmp_path / "contacts.csv"])
    assert not any("zone" in one["reason"] for one in preview(backup, identify(backup))["defects"])
