from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from drafts import told
from golden import check_golden
from ingest.backup import Backup
from ingest.ingestor import Defect, Draft
from ingest.registry import identify
from ingest.websites.wordpress import WordPressIngestor

DATA = Path(__file__).parents[1] / "data" / "wordpress"
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "wordpress"
WORDPRESS = WordPressIngestor()


def test_an_export_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([DATA / "milbrook.xml"])
    assert identify(backup).name == "wordpress"
    assert WORDPRESS.coverage(backup).exported_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    check_golden(DATA / "milbrook.golden.json", told(WORDPRESS, backup))


def test_passwords_and_addresses_of_computers_are_nowhere_in_what_is_taken_in() -> None:
    for one in WORDPRESS.read(Backup.open([DATA / "milbrook.xml"])):
        assert "hunter2" not in str(one) and "192.0.2.7" not in str(one)


def test_uploads_beside_the_export_become_attachments(tmp_path: Path) -> None:
    (tmp_path / "export.xml").write_bytes((DATA / "milbrook.xml").read_bytes())
    (tmp_path / "wp-content" / "uploads").mkdir(parents=True)
    (tmp_path / "wp-content" / "uploads" / "pool.png").write_bytes(b"png")
    found = [one for one in WORDPRESS.read(Backup.open([tmp_path])) if isinstance(one, Draft) and one.attachments]
    assert [(one.native_id, one.parent, one.attachments[0].member is not None) for one in found] == [("14", "10", True)]


def test_files_of_a_split_export_share_their_authors(tmp_path: Path) -> None:
    text = (DATA / "milbrook.xml").read_text()
    start, end = text.index(" <wp:author>"), text.index(" <item>")
    (tmp_path / "site.000.xml").write_text(text[: text.index(" <item>")] + "</channel></rss>")
    (tmp_path / "site.001.xml").write_text(text[:start] + text[end:])
    first = next(one for one in WORDPRESS.read(Backup.open([tmp_path])) if isinstance(one, Draft))
    assert (first.author.name, first.author.handle) == ("Ada Lor", "alor")


def test_an_export_that_was_cut_off_gives_its_whole_items_and_says_so(tmp_path: Path) -> None:
    raw = (DATA / "milbrook.xml").read_bytes()
    (tmp_path / "cut.xml").write_bytes(raw[: raw.index(b"<title>Locked")])
    found = list(WORDPRESS.read(Backup.open([tmp_path / "cut.xml"])))
    assert [one.native_id for one in found if isinstance(one, Draft)][:2] == ["10", "5"]
    assert any("damaged" in one.reason for one in found if isinstance(one, Defect))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of WordPress exports are not beside this checkout")
def test_every_sample_by_another_hand_gives_every_item_and_comment() -> None:
    for path in sorted(SAMPLES.rglob("*.xml")):
        raw = path.read_bytes()
        backup = Backup.open([path])
        assert identify(backup).name == "wordpress", path
        found = [one for one in WORDPRESS.read(backup) if isinstance(one, Draft)]
        assert len(found) == raw.count(b"<item>") + raw.count(b"<wp:comment>"), path


def test_files_on_this_computer_are_never_read_and_words_beside_an_entity_stay(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the secret")
    text = (
        (DATA / "milbrook.xml")
        .read_text()
        .replace(
            '<rss version="2.0"',
            f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]><rss version="2.0"',
            1,
        )
    )
    (tmp_path / "site.xml").write_text(text.replace("Not yet", "Not &x; yet"))
    found = [one for one in WORDPRESS.read(Backup.open([tmp_path / "site.xml"])) if isinstance(one, Draft)]
    assert "the secret" not in str(found)
    assert next(one.text for one in found if one.native_id == "11") == "Not yet"
