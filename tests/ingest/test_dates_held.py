from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from conftest import bring_in
from ingest.accession import Declaration, Report, take_in
from ingest.backup import Backup
from ingest.report import accession, findings
from ingest.vendors.mapped import MappedIngestor
from ingest.vendors.mapping import parse
from list_office import ListOffice

SUBSCRIBERS = "Contacts,Subscriptions,Origin,Modified"
UNDECIDED = "ada@mail.example,2,Direct,05/06/2026 09:00 AM CDT"
DAY_FIRST = "bo@mail.example,2,Direct,13/06/2026 09:00 AM CDT"
POSTS = "Date,Message,Neighborhoods\n"


class Office(ListOffice):
    def bring(self, day: str, *rows: str) -> Report:
        path = self.path(".csv")
        path.write_text("\n".join([SUBSCRIBERS, *rows]) + "\n")
        return self.take(path, day)

    def remarks(self, of: Report) -> list[str]:
        return [one["text"] for one in accession(self.archive, of.accession)["defects"]]


@pytest.fixture
def office(archive: Archive, tmp_path: Path) -> Iterator[Office]:
    made = Office(archive, tmp_path / "lists", "govdelivery")
    yield made
    assert list(verify(archive, deep=True)) == []


def dates(archive: Archive, field: str = "created") -> list[str]:
    rows = archive.connection.execute(
        f"SELECT c.{field}_at FROM record r JOIN content c ON c.id = r.version ORDER BY r.id"
    )
    return [str(at)[:10] for (at,) in rows]


def test_a_later_list_that_shows_the_day_first_corrects_the_dates_that_are_held(office: Office) -> None:
    office.bring("2026-07-01", UNDECIDED)
    assert dates(office.archive, "edited") == ["2026-05-06"]
    report = office.bring("2026-08-01", UNDECIDED, DAY_FIRST)
    assert (report.facts["added"], report.facts["held"], report.facts["reread"]) == (1, 1, 1)
    assert (report.facts["edited"], report.facts["missing"]) == (0, 0)
    assert dates(office.archive, "edited") == ["2026-06-05", "2026-06-13"]
    assert any("another program has saved this file anew" in one for one in office.remarks(report))
    assert {one["kind"] for one in findings(office.archive)} == {"reread"}


def test_a_later_list_that_shows_nothing_leaves_the_dates_that_are_held_and_says_so(office: Office) -> None:
    office.bring("2026-07-01", UNDECIDED, DAY_FIRST)
    report = office.bring("2026-08-01", UNDECIDED, "cy@mail.example,2,Direct,07/08/2026 09:00 AM CDT")
    assert (report.facts["added"], report.facts["held"], report.facts["edited"]) == (1, 1, 0)
    assert (report.facts["reread"], report.facts["missing"]) == (0, 1)
    assert dates(office.archive, "edited") == ["2026-06-05", "2026-06-13", "2026-07-08"]
    told = office.remarks(report)
    assert any("no date tells whether day or month comes first" in one for one in told)
    assert any("for 1 of what is held the earlier reading stands" in one for one in told)
    again = office.bring("2026-09-01", UNDECIDED, "cy@mail.example,2,Direct,07/08/2026 09:00 AM CDT", DAY_FIRST)
    assert (again.facts["reread"], again.facts["restored"]) == (1, 1)
    assert dates(office.archive, "edited") == ["2026-06-05", "2026-06-13", "2026-08-07"]


def test_a_list_of_the_united_states_that_says_the_same_again_is_seen_again_without_a_word(office: Office) -> None:
    plain = "bo@mail.example,2,Direct,06/13/2026 09:00 AM CDT"
    assert office.remarks(office.bring("2026-07-01", UNDECIDED, plain)) == []
    report = office.bring("2026-08-01", UNDECIDED, plain, "")
    assert (report.facts["held"], report.facts["reread"], report.facts["remarks"]) == (2, 0, 0)


@pytest.mark.parametrize("shows_first", [True, False])
def test_an_item_without_id_is_one_record_whichever_backup_shows_the_order(
    archive: Archive, tmp_path: Path, shows_first: bool
) -> None:
    accounts.add(archive, "nd", platform="nextdoor", department="Clerk")
    same = "05/06/2026 9:00,Elm is closed,A\n05/06/2026 9:00,Elm is closed,A\n"
    texts = (same, same + "31/05/2026 9:00,Oak is closed,A\n")
    for number, text in enumerate(reversed(texts) if shows_first else texts):
        path = tmp_path / f"{number}.csv"
        path.write_text(POSTS + text)
        held = bring_in(archive, path, "nd", Declaration(complete=True))
    assert (held["added"], held["held"], held["edited"]) == ((0, 2, 0) if shows_first else (1, 2, 0))
    assert (held["reread"], held["missing"]) == ((0, 1) if shows_first else (2, 0))
    assert sorted(dates(archive)) == ["2026-05-31", "2026-06-05", "2026-06-05"]
    assert list(verify(archive, deep=True)) == []


@pytest.mark.parametrize("number", ["native_id", "tags"])
def test_a_zone_that_is_said_later_corrects_the_dates_of_a_mapped_table(
    archive: Archive, tmp_path: Path, number: str
) -> None:
    account = accounts.add(archive, "fb", platform="facebook", department="Clerk")
    (tmp_path / "t.csv").write_text("ID,Date,Text\n1,2026-05-06 21:00,Words\n2,2026-05-07 21:00,Words\n")
    for zone in ("", "America/Chicago"):
        text = f'name = "table"\nzone = "{zone}"\n[columns]\n{number} = "ID"\ncreated = "Date"\ntext = "Text"\n'
        reader = MappedIngestor(parse(text, "t"), text)
        report = take_in(archive, Backup.open([tmp_path / "t.csv"]), account, reader, Declaration(complete=True))
    assert (report.facts["added"], report.facts["reread"], report.facts["missing"]) == (0, 2, 0)
    assert dates(archive) == ["2026-05-07", "2026-05-08"]
    assert list(verify(archive, deep=True)) == []
