from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.messaging.discord import DiscordIngestor
from ingest.registry import identify
from message_office import SAMPLES, MessageOffice, items

DATA = Path(__file__).parents[1] / "data" / "discord"
STREETS = "Milbrook - streets [9001].json"


@pytest.fixture
def office(archive: Archive) -> Iterator[MessageOffice]:
    made = MessageOffice(archive, "discord")
    yield made
    assert list(verify(archive, deep=True)) == []


@pytest.mark.parametrize(("name", "known_as"), [("export", "discord"), ("package", "discord-package")])
def test_both_sorts_of_export_read_as_their_golden_files_say(name: str, known_as: str) -> None:
    backup = Backup.open([DATA / name])
    ingestor = identify(backup)
    assert ingestor.name == known_as
    check_golden(DATA / f"{name}.golden.json", told(ingestor, backup))


def test_an_export_says_when_it_was_made_and_is_never_called_complete() -> None:
    coverage = DiscordIngestor().coverage(Backup.open([DATA / "export"]))
    assert coverage.exported_at is not None
    assert coverage.exported_at.isoformat(timespec="seconds") == "2026-03-10T14:00:00+00:00"
    assert coverage.complete == frozenset()


def test_a_later_export_shows_edits_and_what_it_no_longer_has_stays(office: MessageOffice, tmp_path: Path) -> None:
    office.bring(DATA / "export", "2026-03-10")
    shutil.copytree(DATA / "export", tmp_path / "later")
    path = tmp_path / "later" / STREETS
    said = json.loads(path.read_text())
    said["exportedAt"] = "2026-04-10T08:00:00-06:00"
    said["messages"][1] |= {"content": "Until Monday?", "timestampEdited": "2026-03-20T03:35:00-06:00"}
    said["messages"][0] |= {"reactions": [], "isPinned": True, "embeds": []}
    del said["messages"][2]
    path.write_text(json.dumps(said))
    counts = office.bring(tmp_path / "later", "2026-04-10")
    assert (counts["added"], counts["edited"], counts["missing"]) == (0, 1, 0)
    assert office.findings() == [("edited", "author")]


def test_nothing_of_the_accounts_own_data_is_taken_in() -> None:
    _, drafts, _ = items(DATA / "package")
    assert [one.author.handle for one in drafts] == ["ada_lor", "ada_lor"]
    assert "203.0.113.7" not in repr(drafts)


@pytest.mark.skipif(not (SAMPLES / "discord").is_dir(), reason="the samples of Discord are not beside this checkout")
def test_the_samples_by_another_hand_go_in_whole() -> None:
    name, drafts, defects = items(SAMPLES / "discord")
    assert (name, len(drafts)) == ("discord", 14)
    assert [one for one in defects if one.quarantined] == []
    assert [one.reason for one in defects] == ["the file says that it holds 5 messages; 6 were found"]
