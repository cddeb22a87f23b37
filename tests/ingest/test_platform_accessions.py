"""Every platform's fixture goes into a real archive, once and again, and every one is known for what it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from ingest.accession import Declaration, take_in
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft, Gap
from ingest.registry import INGESTORS, by_name

DATA = Path(__file__).parents[1] / "data"
FIXTURES = {
    "youtube_takeout/en": "youtube-takeout",
    "youtube_takeout/de": "youtube-takeout",
    "youtube_takeout/uk": "youtube-takeout",
    "youtube_takeout/old": "youtube-takeout",
    "youtube_api/dump": "youtube-api",
    "youtube_api/lines.jsonl": "youtube-api",
    "linkedin/member": "linkedin",
    "nextdoor/answers": "nextdoor",
    "nextdoor/table": "nextdoor",
    "mastodon/archive": "mastodon-archive",
    "mastodon/api": "mastodon-api",
    "bluesky/repo": "bluesky",
    "bluesky/api": "bluesky-api",
    "tiktok/old": "tiktok",
    "tiktok/new": "tiktok",
    "tiktok/text": "tiktok",
    "reddit/export": "reddit",
    "flickr/export": "flickr",
}


@pytest.mark.parametrize(("path", "name"), FIXTURES.items())
def test_a_backup_and_its_like_add_up_and_change_nothing(
    archive: Archive, tmp_path: Path, path: str, name: str
) -> None:
    later = tmp_path / "later"
    if (DATA / path).is_dir():
        shutil.copytree(DATA / path, later)
    else:
        later.mkdir()
        shutil.copy(DATA / path, later)
    (later / "about.md").write_text("brought a day later")
    ingestor = by_name(name)
    account = accounts.add(archive, "city", platform=ingestor.platform, department="Clerk")
    first = take_in(archive, Backup.open([DATA / path]), account, ingestor, Declaration())
    again = take_in(archive, Backup.open([later]), account, ingestor, Declaration())
    assert first.facts["added"] > 0
    assert [again.facts.get(one, 0) for one in ("added", "edited", "missing")] == [0, 0, 0]
    assert list(verify(archive, deep=True)) == []


@pytest.mark.parametrize("path", FIXTURES)
def test_a_fixture_is_known_by_one_format_alone(path: str) -> None:
    backup = Backup.open([DATA / path])
    sure = [one.name for one in INGESTORS if one.identify(backup) == Confidence.CONTENT]
    assert sure == [FIXTURES[path]]


SAMPLES = Path(__file__).parents[3] / "shared" / "samples"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of other hands are not beside this checkout")
def test_no_sample_of_another_platform_is_taken_for_one_of_these() -> None:
    here = {FIXTURES[path] for path in FIXTURES} | {"linkedin-page"}
    for folder in sorted(SAMPLES.iterdir()):
        if folder.name in ("youtube", "bluesky"):
            continue
        for one in sorted(folder.iterdir()):
            backup = Backup.open([one])
            sure = [found.name for found in INGESTORS if found.name in here and found.identify(backup)]
            assert sure == [], one


SMALL = {
    "youtube-takeout": "youtube_takeout/en/Takeout/YouTube and YouTube Music/comments/comments.csv",
    "youtube-api": "youtube_api/dump/threads_0001.json",
    "linkedin": "linkedin/member/Complete_LinkedInDataExport_06-01-2026/Comments.csv",
    "nextdoor": "nextdoor/answers/posts_0001.json",
    "mastodon-archive": "mastodon/archive/outbox.json",
    "mastodon-api": "mastodon/api/109000000000000101_context.json",
    "bluesky": "bluesky/repo/repo.car",
    "bluesky-api": "bluesky/api/thread_3lq2aaaaaaa2a.json",
    "tiktok": "tiktok/old/user_data.json",
    "reddit": "reddit/export/comments.csv",
    "flickr": "flickr/export/photo_50000000001.json",
}


@pytest.mark.parametrize(("name", "path"), SMALL.items())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.floats(0, 1), cut=st.integers(0, 40), put=st.binary(max_size=20))
def test_a_damaged_file_never_ends_a_reading(
    tmp_path: Path, name: str, path: str, at: float, cut: int, put: bytes
) -> None:
    whole = (DATA / path).read_bytes()
    place = int(at * len(whole))
    damaged = tmp_path / path.rsplit("/", 1)[-1]
    damaged.write_bytes(whole[:place] + put + whole[place + cut :])
    backup = Backup.open([damaged])
    by_name(name).identify(backup)
    assert all(isinstance(one, Draft | Defect | Gap) for one in by_name(name).read(backup))
    by_name(name).coverage(backup)
