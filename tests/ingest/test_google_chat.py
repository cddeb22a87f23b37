from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.messaging.google_chat import GoogleChatIngestor
from ingest.messaging.long_dates import long_date
from ingest.registry import identify
from message_office import MessageOffice, items

DATA = Path(__file__).parents[1] / "data" / "google_chat"
STREETS = "Takeout/Google Chat/Groups/Space AAAAmilbrook/messages.json"


@pytest.fixture
def office(archive: Archive) -> Iterator[MessageOffice]:
    made = MessageOffice(archive, "google-chat")
    yield made
    assert list(verify(archive, deep=True)) == []


def test_a_takeout_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([DATA / "takeout"])
    assert identify(backup).name == "google-chat"
    check_golden(DATA / "takeout.golden.json", told(GoogleChatIngestor(), backup))


@pytest.mark.parametrize(
    "written",
    [
        "Wednesday, March 4, 2026 at 3:04:05 PM UTC",
        "Wednesday, March 4, 2026 at 3:04:05\u202fPM UTC",
        "Wednesday, 4 March 2026 at 15:04:05 UTC",
        "Mittwoch, 4. März 2026 um 15:04:05 UTC",
        "miércoles, 4 de marzo de 2026, 15:04:05 UTC",
        "mercredi 4 mars 2026 à 15:04:05 UTC",
        "2026年3月4日水曜日 15:04:05 UTC",
        "среда, 4 марта 2026 г. в 15:04:05 UTC",
        "2026-03-04T15:04:05Z",
    ],
)
def test_long_dates_are_read_in_the_languages_of_accounts(written: str) -> None:
    found = long_date(written)
    assert (found.at, found.zone) == (datetime(2026, 3, 4, 15, 4, 5, tzinfo=UTC), "explicit")


@pytest.mark.parametrize(
    "written", ["Wednesday", "March 4, 2026", "Smarch 4, 2026 at 3:04 PM", "March 40, 2026 at 3:04"]
)
def test_what_is_no_whole_date_is_kept_and_not_guessed(written: str) -> None:
    found = long_date(written)
    assert (found.at, found.raw) == (None, written)


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_of_long_dates_fail(text: str) -> None:
    assert long_date(text).raw.strip() == text.strip() or long_date(text).at is not None


@pytest.mark.parametrize(("by", "cause"), [("CREATOR", "city"), ("ADMIN", "unknown")])
def test_an_edit_and_a_removal_are_found_between_two_exports(
    office: MessageOffice, tmp_path: Path, by: str, cause: str
) -> None:
    office.bring(DATA / "takeout", "2026-03-10")
    before = len(office.findings())
    shutil.copytree(DATA / "takeout", tmp_path / "later")
    path = tmp_path / "later" / STREETS
    said = json.loads(path.read_text())
    first, second = said["messages"][:2]
    first["reactions"] = []
    first["message_state"], first["text"] = "DELETED", ""
    first["deletion_metadata"] = {"deletion_type": by}
    second["text"], second["updated_date"] = "Until Monday", "Saturday, March 14, 2026 at 8:00:00 AM UTC"
    path.write_text(json.dumps(said))
    counts = office.bring(tmp_path / "later", "2026-04-10")
    assert counts["added"] == 0
    assert sorted(office.findings()[before:]) == [("edited", "author"), ("removed", cause)]


def test_wordings_that_google_kept_are_versions_of_one_message(office: MessageOffice) -> None:
    office.bring(DATA / "takeout", "2026-03-10")
    (record,) = [record for record, text in office.versions() if text == "At one"]
    assert [text for one, text in office.versions() if one == record] == ["At noon", "At one"]


def test_the_zips_name_says_when_the_export_was_made(tmp_path: Path) -> None:
    for number in (1, 2):
        with zipfile.ZipFile(tmp_path / f"takeout-2026031{number}T140000Z-00{number}.zip", "w") as packed:
            packed.write(DATA / "takeout" / STREETS, STREETS)
    coverage = GoogleChatIngestor().coverage(Backup.open(sorted(tmp_path.iterdir())))
    assert coverage.exported_at == datetime(2026, 3, 12, 14, tzinfo=UTC)
    assert GoogleChatIngestor().coverage(Backup.open([DATA / "takeout"])).exported_at is None


def test_an_item_that_is_none_costs_itself() -> None:
    _, drafts, defects = items(DATA / "takeout")
    assert len(drafts) == 8
    assert [one.reason for one in defects if one.quarantined] == [
        "this item is not what the platform writes here (it has neither an id nor a date)"
    ]
