from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.accession import Declaration, Report, take_in
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.registry import identify
from ingest.report import findings
from ingest.websites.feed import FeedIngestor

DATA = Path(__file__).parents[1] / "data" / "feed"
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "rss"
FEED = FeedIngestor()


@pytest.mark.parametrize("name", ["podcast", "polls", "feed.json"])
def test_every_sort_of_feed_reads_as_its_golden_file_says(name: str) -> None:
    backup = Backup.open([DATA / name])
    assert identify(backup).name == "feed"
    check_golden(DATA / f"{name.partition('.')[0]}.golden.json", told(FEED, backup))


@pytest.mark.parametrize(
    "text",
    [
        "<html><head><title>rss</title></head></html>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>',
        "<smses count='1'></smses>",
        '{"version": "1.1", "items": []}',
        '<rss xmlns:wp="http://wordpress.org/export/1.2/"></rss>',
    ],
)
def test_what_is_no_feed_is_not_taken_for_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "feed.xml").write_text(text)
    assert FEED.identify(Backup.open([tmp_path])) == Confidence.NONE


ITEM = "<item><guid>1</guid><title>T&#233;st&nbsp;x</title><description>{}</description></item>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_feed_is_read_in_its_encoding_and_with_entities_that_nobody_declared(tmp_path: Path, encoding: str) -> None:
    head = '<?xml version="1.0" encoding="windows-1252"?>' if encoding == "cp1252" else ""
    text = f'{head}<rss version="2.0"><channel><title>Ö</title>{ITEM.format("Größe")}</channel></rss>'
    (tmp_path / "feed").write_bytes(text.encode(encoding))
    _, item = [one for one in FEED.read(Backup.open([tmp_path / "feed"])) if isinstance(one, Draft)]
    assert (item.title, item.text) == ("Tést x", "Größe")


def test_a_feed_full_of_entities_costs_no_memory_and_a_cut_one_gives_what_it_has(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<rss version="2.0"><channel>{ITEM.format("&e11;")}</channel></rss>'
    (tmp_path / "bomb.xml").write_text(f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "lol">{bomb}]>{body}')
    assert (
        sum(len(one.text) for one in FEED.read(Backup.open([tmp_path / "bomb.xml"])) if isinstance(one, Draft)) < 1000
    )
    cut = '<rss version="2.0"><channel>' + ITEM.format("whole") + "<item><guid>2</guid><title>cu"
    (tmp_path / "cut.xml").write_text(cut)
    found = list(FEED.read(Backup.open([tmp_path / "cut.xml"])))
    assert "whole" in [one.text for one in found if isinstance(one, Draft)]
    assert any("damaged" in one.reason for one in found if isinstance(one, Defect))


class Site:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.account = accounts.add(archive, "www", platform="website", department="Clerk")

    def bring(self, path: Path, day: str) -> Report:
        backup = Backup.open([path])
        return take_in(
            self.archive, backup, self.account, identify(backup), Declaration(exported_on=date.fromisoformat(day))
        )


@pytest.fixture
def site(archive: Archive) -> Iterator[Site]:
    made = Site(archive)
    yield made
    assert list(verify(archive, deep=True)) == []


def test_polls_brought_one_by_one_tell_edits_and_tombstones_and_call_nothing_missing(site: Site) -> None:
    site.bring(DATA / "polls" / "2026-03-01.xml", "2026-02-28")
    report = site.bring(DATA / "polls" / "2026-03-02.xml", "2026-03-02")
    assert (report.facts["missing"], report.not_compared != "") == (0, True)
    told_of = {(one["kind"], one["record_kind"], one["by_at"], one["cause"]) for one in findings(site.archive)}
    assert ("edited", "article", "2026-03-01T16:00:00.000Z", "city") in told_of
    assert any(kind == "removed" for kind, *_ in told_of)


def test_polls_in_one_folder_are_versions_of_the_same_items(site: Site) -> None:
    report = site.bring(DATA / "polls", "2026-03-02")
    assert (report.facts["added"], report.facts["edited"]) == (4, 2)
    again = site.bring(DATA / "polls" / "2026-03-02.xml", "2026-03-03")
    assert (again.facts["added"], again.facts["edited"]) == (0, 0)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of feeds are not beside this checkout")
def test_every_sample_by_another_hand_is_known_as_a_feed_and_read() -> None:
    for path in sorted(SAMPLES.rglob("*.*")):
        if path.is_file():
            backup = Backup.open([path])
            assert identify(backup).name == "feed", path
            assert not [one for one in FEED.read(backup) if isinstance(one, Defect) and one.quarantined], path
