from __future__ import annotations

from pathlib import Path

import pytest

from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Draft
from ingest.platforms.mastodon_api import MastodonApiIngestor
from ingest.platforms.mastodon_archive import MastodonArchiveIngestor
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "mastodon"
ARCHIVE = MastodonArchiveIngestor()
API = MastodonApiIngestor()


@pytest.mark.parametrize("name", ["archive", "api"])
def test_archive_and_answers_read_as_their_golden_files_say(name: str) -> None:
    backup = Backup.open([DATA / name])
    ingestor = identify(backup)
    assert ingestor.name == f"mastodon-{name}"
    check_golden(DATA / f"{name}.golden.json", told(ingestor, backup))


def drafts(name: str) -> list[Draft]:
    ingestor = ARCHIVE if name == "archive" else API
    return [one for one in ingestor.read(Backup.open([DATA / name])) if isinstance(one, Draft)]


@pytest.mark.parametrize("name", ["archive", "api"])
def test_direct_messages_are_private_wherever_they_come_from(name: str) -> None:
    (direct,) = [one for one in drafts(name) if "permit" in one.text]
    assert (direct.kind, direct.audience) == ("message", "private")


def test_both_know_a_post_by_its_address() -> None:
    archived = {one.native_id for one in drafts("archive") if one.kind in ("post", "message")}
    fetched = {one.native_id for one in drafts("api") if one.kind in ("post", "message") and not one.parent}
    assert fetched <= archived


def test_every_wording_of_a_post_is_a_version_of_it() -> None:
    found = sorted((one for one in drafts("api") if one.text.startswith("The pool")), key=lambda one: one.revision)
    assert [one.text for one in found] == ["The pool opens on Sunday.", "The pool opens on Monday."]
    assert found[0].native_id == found[1].native_id and found[0].edited is None and found[1].edited is not None


def test_replies_by_others_are_comments_of_the_first_posts_thread() -> None:
    asked, answered = (one for one in drafts("api") if one.parent)
    assert (asked.kind, answered.kind) == ("comment", "post")
    assert asked.thread == answered.thread == asked.parent and answered.parent == asked.native_id
