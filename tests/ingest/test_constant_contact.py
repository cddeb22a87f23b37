from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.accession import Report
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.lists.constant_contact import ALL, ConstantContactIngestor, split
from ingest.registry import identify
from list_office import ListOffice

DATA = Path(__file__).parents[1] / "data" / "constant_contact"
READER = ConstantContactIngestor()


def drafts(backup: Backup) -> list[Draft]:
    return [one for one in READER.read(backup) if isinstance(one, Draft)]


def test_an_export_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([DATA / "contacts.csv"])
    assert identify(backup).name == "constant-contact"
    check_golden(DATA / "contacts.golden.json", told(READER, backup))


def test_only_the_active_are_written_to() -> None:
    found = {one.author.handle: one.audience for one in drafts(Backup.open([DATA / "contacts.csv"]))}
    assert found == {
        "Ada.Lor@mail.example": "private",
        "bo@mail.example": "removed",
        "cy@mail.example": "draft",
        "dee@mail.example": "draft",
        "ed@mail.example": "removed",
        "fay@mail.example": "draft",
    }


def test_who_opted_out_is_told_apart_from_whom_the_city_took_off() -> None:
    found = {one.author.handle: one for one in drafts(Backup.open([DATA / "contacts.csv"]))}
    assert found["bo@mail.example"].removed_by == "author"
    assert found["ed@mail.example"].removed_by == ""
    assert found["bo@mail.example"].details["Confirmed Opt-Out Reason"] == "Too many e-mails"
    assert found["bo@mail.example"].removed is not None


def test_names_of_lists_may_hold_a_comma() -> None:
    assert split('Weekly, "Snow, ice and salt"') == ["Weekly", "Snow, ice and salt"]
    assert split("Weekly; Pool") == ["Weekly", "Pool"]
    assert split("") == []


def test_an_export_of_one_list_is_of_that_list_alone() -> None:
    found = drafts(Backup.open([DATA / "contacts.csv"], list_name="Milbrook Weekly"))
    assert {one.list_name for one in found} == {"Milbrook Weekly"}
    assert len(found) == 6


def test_missing_columns_are_told(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("Email address,Confirmed Opt-Out Date\nada@mail.example,\n")
    reasons = [one.reason for one in READER.read(Backup.open([tmp_path / "c.csv"])) if isinstance(one, Defect)]
    assert any("nobody can be taken for active" in one for one in reasons)
    assert any("on which list" in one for one in reasons)


@pytest.mark.parametrize(
    "text", ["Email Address,First Name,LEID,EUID\na@b.example,A,1,2\n", "Email address,Name\na@b.example,A\n"]
)
def test_other_services_tables_are_not_taken_for_constant_contacts(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.csv").write_text(text)
    assert READER.identify(Backup.open([tmp_path])) == Confidence.NONE


HEADING = "Email address,Email status,Confirmed Opt-Out Date,Confirmed Opt-Out Source,Email Lists,Created At"


class Office(ListOffice):
    def bring(self, day: str, *rows: str) -> Report:
        path = self.path(".csv")
        path.write_text("\n".join([HEADING, *rows]) + "\n")
        return self.take(path, day)


@pytest.fixture
def office(archive: Archive, tmp_path: Path) -> Iterator[Office]:
    made = Office(archive, tmp_path / "lists", "constant-contact")
    yield made
    assert list(verify(archive, deep=True)) == []


def test_who_opts_out_is_on_no_list_from_that_day_on(office: Office) -> None:
    office.bring("2026-03-01", "ada@mail.example,Active,,,Weekly,2026-01-05 09:00:00 -0600")
    office.bring(
        "2026-04-01", "ada@mail.example,Unsubscribed,2026-03-10 09:00:00 -0500,Contact,,2026-01-05 09:00:00 -0600"
    )
    assert office.on_list("2026-03-05", ALL) == {"ada@mail.example": "yes"}
    assert office.on_list("2026-03-20", ALL) == {}
