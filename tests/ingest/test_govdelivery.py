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
from ingest.contacts import normal_contact
from ingest.ingestor import Confidence, Draft
from ingest.lists.govdelivery import ALL, GovDeliveryIngestor
from ingest.registry import identify
from ingest.report import findings
from list_office import ListOffice

DATA = Path(__file__).parents[1] / "data" / "govdelivery"
GOV = GovDeliveryIngestor()
WHOLE = frozenset({"subscriber"})


@pytest.mark.parametrize(("name", "topic"), [("subscribers", ""), ("pool_closings", "Pool closings"), ("upload", "")])
def test_every_sort_of_list_reads_as_its_golden_file_says(name: str, topic: str) -> None:
    backup = Backup.open([DATA / f"{name}.csv"], list_name=topic)
    assert identify(backup).name == "govdelivery"
    check_golden(DATA / f"{name}.golden.json", told(GOV, backup))


@pytest.mark.parametrize(
    ("contact", "normal"),
    [
        ("504 555 0155", "5045550155"),
        ("+1 (504) 555-0155", "5045550155"),
        ("Ada.Lor@Mail.example ", "ada.lor@mail.example"),
        ("ada+pool@mail.example", "ada+pool@mail.example"),
    ],
)
def test_a_contact_is_the_same_however_it_is_written(contact: str, normal: str) -> None:
    assert normal_contact(contact) == normal


def test_only_a_named_topic_and_the_accounts_list_are_complete() -> None:
    account = GOV.coverage(Backup.open([DATA / "subscribers.csv"]))
    assert (account.complete, account.lists) == (WHOLE, frozenset({ALL}))
    topic = GOV.coverage(Backup.open([DATA / "pool_closings.csv"], list_name="Pool closings"))
    assert (topic.complete, topic.lists) == (WHOLE, frozenset({"Pool closings"}))
    assert GOV.coverage(Backup.open([DATA / "pool_closings.csv"])).complete == frozenset()
    assert GOV.coverage(Backup.open([DATA / "upload.csv"], list_name="Pool closings")).complete == frozenset()


@pytest.mark.parametrize("text", ["Destination,Price\nParis,100\n", "Contacts,Phone\nAda,1\n", "Destination\n"])
def test_other_tables_are_not_taken_for_govdeliverys(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.csv").write_text(text)
    assert GOV.identify(Backup.open([tmp_path])) == Confidence.NONE


ACCOUNT = "Contacts,Subscriptions,Origin,Modified"
TOPIC = "Contacts,Origin,Location,Location Type,Subscription Created"


class Office(ListOffice):
    def bring(self, day: str, *rows: str, heading: str = ACCOUNT, topic: str = "") -> Report:
        path = self.path(".csv")
        path.write_text("\n".join([heading, *rows]) + "\n")
        return self.take(path, day, topic)


@pytest.fixture
def office(archive: Archive, tmp_path: Path) -> Iterator[Office]:
    made = Office(archive, tmp_path / "lists", "govdelivery")
    yield made
    assert list(verify(archive, deep=True)) == []


ADA = "ada@mail.example,2,Direct,01/05/2026 09:00 AM CST"
PHONE = "608 555 0142,1,Direct,01/05/2026 09:00 AM CST"


def test_who_is_gone_from_the_accounts_list_is_missing_and_the_rest_is_held(office: Office) -> None:
    office.bring("2026-03-01", ADA, PHONE)
    report = office.bring("2026-04-01", ADA.replace("ada@", "Ada@"))
    assert (report.facts["missing"], report.facts["added"]) == (1, 0)
    assert office.on_list("2026-03-15", ALL) == {"Ada@mail.example": "yes", "608 555 0142": "possibly"}


def test_another_number_of_topics_is_an_edit_at_the_minute_that_the_list_tells(office: Office) -> None:
    office.bring("2026-03-01", ADA)
    office.bring("2026-04-01", "ada@mail.example,3,Direct,03/10/2026 03:49 PM CDT")
    (found,) = findings(office.archive)
    assert (found["kind"], found["by_at"]) == ("edited", "2026-03-10T20:49:00.000Z")


def test_who_gives_up_the_last_topic_is_known_and_on_no_list(office: Office) -> None:
    office.bring("2026-03-01", ADA, PHONE)
    office.bring("2026-04-01", ADA, "608 555 0142,0,Direct,03/10/2026 03:49 PM CDT")
    assert office.on_list("2026-05-01", ALL) == {"ada@mail.example": "yes"}


def test_one_person_on_two_topics_is_two_records_and_one_topic_says_nothing_of_the_other(office: Office) -> None:
    row = "ada@mail.example,Direct,,,02/01/2026 08:00 AM CST"
    office.bring("2026-03-01", row, heading=TOPIC, topic="Pool")
    office.bring("2026-03-01", row + "\n", heading=TOPIC, topic="Council")
    office.bring("2026-03-02", ADA)
    report = office.bring("2026-04-01", "bo@mail.example,Direct,,,03/05/2026 08:00 AM CST", heading=TOPIC, topic="Pool")
    assert (report.facts["added"], report.facts["missing"]) == (1, 1)
    assert office.on_list("2026-02-02", "Council") == {"ada@mail.example": "yes"}
    assert office.on_list("2026-03-06", "Pool") == {"bo@mail.example": "yes", "ada@mail.example": "possibly"}


SAMPLE = (
    Path(__file__).parents[3] / "shared" / "samples" / "govdelivery" / "CityOfNewOrleans__govdelivery-api-service"
    / "GovDelivery.Tests" / "MockData" / "mockCsvImportData.csv"
)  # fmt: skip


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the sample of a GovDelivery list is not beside this checkout")
def test_the_sample_by_another_hand_goes_in_row_by_row() -> None:
    backup = Backup.open([SAMPLE])
    found = [one for one in identify(backup).read(backup) if isinstance(one, Draft)]
    assert [one.audience for one in found] == ["draft", "private", "private", "private"]
    assert all(one.edited is not None and one.edited.zone == "explicit" for one in found)
