from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.json_items import Item, lists
from ingest.messaging.telegram import TelegramIngestor
from ingest.registry import identify
from message_office import SAMPLES, MessageOffice, items

DATA = Path(__file__).parents[1] / "data" / "telegram"


@pytest.fixture
def office(archive: Archive) -> Iterator[MessageOffice]:
    made = MessageOffice(archive, "telegram")
    yield made
    assert list(verify(archive, deep=True)) == []


@pytest.mark.parametrize("name", ["account", "channel"])
def test_an_export_reads_as_its_golden_file_says(name: str) -> None:
    backup = Backup.open([DATA / name])
    assert identify(backup).name == "telegram"
    check_golden(DATA / f"{name}.golden.json", told(TelegramIngestor(), backup))


def test_the_whole_account_and_one_chat_without_its_files_tell_the_same_records(office: MessageOffice) -> None:
    counts = office.bring(DATA / "account", "2026-03-10")
    assert (counts["added"], counts["quarantined"]) == (10, 1)
    counts = office.bring(DATA / "channel", "2026-03-11")
    assert (counts["added"], counts["held"], counts["edited"]) == (0, 3, 0)
    assert office.findings() == []


def test_an_edit_is_found_with_its_time_and_more_reactions_are_none(office: MessageOffice, tmp_path: Path) -> None:
    office.bring(DATA / "channel", "2026-03-10")
    shutil.copytree(DATA / "channel", tmp_path / "later")
    path = tmp_path / "later" / "result.json"
    chat = json.loads(path.read_text())
    post = chat["messages"][1]
    post["text_entities"][0]["text"] = "Elm Street is open. "
    post["edited_unixtime"] = "1773400000"
    chat["messages"][2]["poll"]["answers"][0]["voters"] = 40
    path.write_text(json.dumps(chat))
    counts = office.bring(tmp_path / "later", "2026-04-10")
    assert (counts["added"], counts["edited"]) == (0, 1)
    assert office.findings() == [("edited", "author")]


def test_nothing_of_contacts_and_sessions_is_taken_in() -> None:
    _, drafts, _ = items(DATA / "account")
    told_of = "".join(repr(one) for one in drafts)
    assert "203.0.113.7" not in told_of
    assert "555-014" not in told_of


def test_a_broken_message_at_the_end_of_a_chat_does_not_cost_the_next_chat(tmp_path: Path) -> None:
    text = (DATA / "account" / "result.json").read_text().replace('"type": "riddle"', '"type": riddle')
    (tmp_path / "result.json").write_text(text)
    _, drafts, defects = items(tmp_path / "result.json")
    assert len([one for one in defects if one.quarantined]) == 1
    assert {one.thread for one in drafts} == {"1500000001", "1600000002", "200", "17"}


@given(st.lists(st.lists(st.text(max_size=5), max_size=4), max_size=5), st.integers(1, 40))
def test_lists_come_one_after_another_however_small_the_window(chats: list[list[str]], window: int) -> None:
    value = [{"name": '"m": [', "m": [{"t": one} for one in texts]} for texts in chats]
    stream = io.BytesIO(json.dumps(value).encode())
    found = [[one.value["t"] for one in inner if isinstance(one, Item)] for _, inner in lists(stream, '"m":', window)]
    assert found == chats


@pytest.mark.skipif(not (SAMPLES / "telegram").is_dir(), reason="the sample of Telegram is not beside this checkout")
def test_the_sample_by_another_hand_goes_in_whole() -> None:
    name, drafts, defects = items(SAMPLES / "telegram")
    assert (name, len(drafts), defects) == ("telegram", 8, [])
    assert [one.created.zone for one in drafts if one.created] == ["unknown"] * 3 + ["format"] * 5
