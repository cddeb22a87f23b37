from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.backup import Backup, Member
from ingest.messaging.google_voice import GoogleVoiceIngestor
from ingest.messaging.google_voice_pages import Pages
from ingest.registry import identify
from message_office import SAMPLES, MessageOffice, items

DATA = Path(__file__).parents[1] / "data" / "google_voice"


@pytest.fixture
def office(archive: Archive) -> Iterator[MessageOffice]:
    made = MessageOffice(archive, "google-voice")
    yield made
    assert list(verify(archive, deep=True)) == []


def test_a_takeout_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([DATA / "takeout"])
    assert identify(backup).name == "google-voice"
    check_golden(DATA / "takeout.golden.json", told(GoogleVoiceIngestor(), backup))


def test_a_conversation_over_many_pages_is_one_thread_and_repeated_messages_are_one(
    office: MessageOffice, tmp_path: Path
) -> None:
    counts = office.bring(DATA / "takeout", "2026-03-10")
    assert (counts["added"], counts["quarantined"]) == (10, 1)
    _, drafts, _ = items(DATA / "takeout")
    assert Counter(one.thread for one in drafts)["6085550142"] == 6
    shutil.copytree(DATA / "takeout", tmp_path / "later")
    (tmp_path / "later" / "Takeout" / "Voice" / "Phones.vcf").write_text("BEGIN:VCARD")
    again = office.bring(tmp_path / "later", "2026-04-10")
    assert (again["added"], again["edited"]) == (0, 0)


def test_each_message_keeps_its_own_bytes_of_the_page() -> None:
    _, drafts, _ = items(DATA / "takeout")
    for one in drafts:
        page = DATA / "takeout" / one.place.partition(".html")[0]
        assert one.native in page.with_name(page.name + ".html").read_bytes()


@given(st.binary(max_size=300))
def test_no_page_makes_the_reader_fail_otherwise_than_by_saying_so(raw: bytes) -> None:
    page = b'<div class="hChatLog hfeed"><div class="message">' + raw
    member = Member("x - Text - 2026-03-04T15_30_00Z.html", len(page), 0, lambda: io.BytesIO(page))
    assert len(list(Pages(Backup([], [], [])).read(member, is_last=True))) >= 1


SAMPLE = SAMPLES / "google_voice"


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the samples of Google Voice are not beside this checkout")
def test_the_samples_by_another_hand_go_in_whole() -> None:
    name, drafts, defects = items(SAMPLE)
    assert (name, len(drafts), defects) == ("google-voice", 40, [])
    assert all(one.created and one.created.at and one.created.zone == "explicit" for one in drafts)
    calls = Counter(one.details["call"] for one in drafts if "call" in one.details)
    assert calls == {"missed": 5, "received": 5, "voicemail": 4, "placed": 3}
    assert len({one.native_id for one in drafts}) == 36
