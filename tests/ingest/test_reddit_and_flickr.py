from __future__ import annotations

from pathlib import Path

import pytest

from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Draft
from ingest.platforms.flickr import FlickrIngestor
from ingest.platforms.reddit import RedditIngestor
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data"
READERS = {"reddit": RedditIngestor(), "flickr": FlickrIngestor()}


@pytest.mark.parametrize("name", sorted(READERS))
def test_an_export_reads_as_its_golden_file_says(name: str) -> None:
    backup = Backup.open([DATA / name / "export"])
    assert identify(backup).name == name
    check_golden(DATA / name / "export.golden.json", told(READERS[name], backup))


def drafts(name: str) -> list[Draft]:
    return [one for one in READERS[name].read(Backup.open([DATA / name / "export"])) if isinstance(one, Draft)]


def test_the_address_that_something_was_written_from_is_in_no_record() -> None:
    assert not [one for one in drafts("reddit") if b"192.0.2.9" in one.native]


def test_a_comment_under_a_post_has_the_post_for_a_parent() -> None:
    found = {one.native_id: one for one in drafts("reddit") if one.kind == "comment"}
    assert (found["t1_c1"].parent, found["t1_c1"].thread) == ("t3_abc123", "t3_abc123")
    answer = found["t1_c2"]
    assert (answer.parent, answer.audience, answer.removed_by) == ("t1_x9", "removed", "platform")


def test_an_export_of_reddit_says_when_it_was_made_and_whose_it_is() -> None:
    found = READERS["reddit"].coverage(Backup.open([DATA / "reddit" / "export"]))
    assert found.exported_at is not None and found.exported_at.isoformat() == "2026-03-01T12:00:00+00:00"
    assert found.account_handle == "milbrook_city"


def test_a_photos_own_bytes_hold_nobodys_comments() -> None:
    found = {one.native_id: one for one in drafts("flickr")}
    assert b"open</b>" not in found["50000000001"].native and b"open</b>" in found["9-1"].native
    assert not found["9-1"].author.is_account and found["9-2"].author.is_account
