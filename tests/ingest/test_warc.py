from __future__ import annotations

import gzip
import hashlib
import json
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive import accounts
from archive.archive import Archive
from archive.verify import verify
from drafts import told
from golden import check_golden
from ingest.accession import Declaration, take_in
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.registry import identify
from ingest.report import findings
from ingest.websites.pages import read_page
from ingest.websites.wacz import mismatches
from ingest.websites.warc import WarcIngestor

DATA = Path(__file__).parents[1] / "data" / "warc"
CRAWL = DATA / "milbrook.warc"
SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "warc"
WARC = WarcIngestor()


def defects(path: Path) -> list[str]:
    return [f"{one.place}: {one.reason}" for one in WARC.read(Backup.open([path])) if isinstance(one, Defect)]


def titles(path: Path) -> list[str]:
    return [one.title for one in WARC.read(Backup.open([path])) if isinstance(one, Draft)]


def test_a_crawl_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([CRAWL])
    assert identify(backup).name == "warc"
    assert WARC.coverage(backup).exported_at == datetime(2026, 3, 1, 9, 59, 59, tzinfo=UTC)
    check_golden(DATA / "milbrook.golden.json", told(WARC, backup))


def test_two_captures_of_an_address_are_versions_of_one_page(archive: Archive) -> None:
    account = accounts.add(archive, "www", platform="website", department="Clerk", handle="www.milbrook.example")
    report = take_in(archive, Backup.open([CRAWL]), account, WARC, Declaration(exported_on=date(2026, 3, 2)))
    assert (report.facts["added"], report.facts["edited"], report.facts["quarantined"]) == (5, 1, 0)
    assert [one["kind"] for one in findings(archive)] == ["edited"]
    assert archive.connection.execute("SELECT count(*) FROM content WHERE by_account").fetchone()[0] == 6
    assert list(verify(archive, deep=True)) == []


def test_a_page_that_says_again_what_it_said_before_was_edited_twice(archive: Archive, tmp_path: Path) -> None:
    account = accounts.add(archive, "www", platform="website", department="Clerk", handle="www.milbrook.example")
    for day, words in ((1, b"open today"), (2, b"shut today"), (3, b"open today"), (4, b"open today")):
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>" + words
        head = f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Date: 2026-03-0{day}T10:00:00Z\r\n"
        head += "WARC-Target-URI: https://www.milbrook.example/\r\nContent-Type: application/http\r\n"
        crawl = tmp_path / f"{day}.warc"
        crawl.write_bytes(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n")
        take_in(archive, Backup.open([crawl]), account, WARC, Declaration())
    found = [(one["kind"], one["after_at"][:10], one["by_at"][:10]) for one in findings(archive)]
    assert found == [("edited", "2026-03-01", "2026-03-02"), ("edited", "2026-03-02", "2026-03-03")]
    said = archive.connection.execute("SELECT c.text FROM record r JOIN content c ON c.id = r.version").fetchone()
    assert said == ("open today",)


def compressed(path: Path, raw: bytes) -> Path:
    """Write each record as a gzip member of its own, as the standard asks for."""
    parts = raw.split(b"WARC/1.0\r\n")[1:]
    path.write_bytes(b"".join(gzip.compress(b"WARC/1.0\r\n" + one, mtime=0) for one in parts))
    return path


def test_a_compressed_crawl_reads_the_same_and_a_cut_one_gives_what_it_has(tmp_path: Path) -> None:
    path = compressed(tmp_path / "crawl.warc.gz", CRAWL.read_bytes())
    assert identify(Backup.open([path])).name == "warc"
    assert titles(path) == titles(CRAWL)
    path.write_bytes(path.read_bytes()[:-300])
    assert titles(path)[:4] == titles(CRAWL)[:4]


def test_a_changed_byte_is_told_by_the_records_own_digest(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes(CRAWL.read_bytes().replace(b"opens on 1 June", b"opens on 2 June"))
    assert defects(path)[0].endswith("its bytes are not those that its digest names")
    assert not any("digest" in one for one in defects(CRAWL))


def wacz(path: Path, crawl: bytes, told_of: bytes | None = None, extra: dict[str, bytes] | None = None) -> Path:
    digest = hashlib.sha256(told_of or crawl).hexdigest()
    resources = [{"name": "data.warc", "path": "archive/data.warc", "hash": f"sha256:{digest}", "bytes": len(crawl)}]
    about = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "created": "2026-03-05T08:00:00Z",
        "resources": resources,
    }
    package = json.dumps(about).encode()
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("archive/data.warc", crawl)
        made.writestr("datapackage.json", package)
        made.writestr("datapackage-digest.json", json.dumps({"hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}))
        made.writestr("pages/pages.jsonl", b'{"format": "json-pages-1.0", "id": "pages"}\n')
        for name, raw in (extra or {}).items():
            made.writestr(name, raw)
    return path


def test_a_wacz_tells_when_it_was_made_and_its_digests_are_checked(tmp_path: Path) -> None:
    good = wacz(tmp_path / "good.wacz", CRAWL.read_bytes())
    assert identify(Backup.open([good])).name == "warc"
    assert WARC.coverage(Backup.open([good])).exported_at == datetime(2026, 3, 5, 8, tzinfo=UTC)
    assert titles(good) == titles(CRAWL) and not any("SHA-256" in one for one in defects(good))
    changed = wacz(tmp_path / "changed.wacz", CRAWL.read_bytes(), told_of=b"another crawl")
    assert any("archive/data.warc: its SHA-256 is not the one" in one for one in defects(changed))


def test_a_capture_that_was_put_into_a_wacz_afterwards_is_told(tmp_path: Path) -> None:
    path = wacz(tmp_path / "more.wacz", CRAWL.read_bytes(), extra={"archive/more.warc": CRAWL.read_bytes()})
    assert any("archive/more.warc: datapackage.json does not name this file" in one for one in defects(path))


def test_two_captures_in_one_backup_are_each_checked_against_their_own_package(tmp_path: Path) -> None:
    good = wacz(tmp_path / "1.wacz", CRAWL.read_bytes())
    changed = wacz(tmp_path / "2.wacz", CRAWL.read_bytes() + b"\r\n", told_of=b"another crawl")
    for parts in ([good, changed], [changed, good]):
        found = [one.reason for one in mismatches(Backup.open(parts))]
        assert len([one for one in found if "its SHA-256 is not the one" in one]) == 1


def test_records_without_an_address_are_told_one_by_one_and_cost_no_other(tmp_path: Path) -> None:
    whole = CRAWL.read_bytes()
    (tmp_path / "1.warc").write_bytes(re.sub(rb"WARC-Target-URI: [^\r\n]*\r\n", b"", whole))
    (tmp_path / "2.warc").write_bytes(whole)
    assert titles(tmp_path) == titles(CRAWL)
    found = [one for one in defects(tmp_path) if one.startswith("1.warc, record")]
    assert len(found) == len(re.findall(rb"WARC-Type: (response|revisit)", whole))
    assert found[0].startswith("1.warc, record 2: no capture can be read in the ")


def test_a_file_under_an_address_that_is_none_is_read(tmp_path: Path) -> None:
    record = CRAWL.read_bytes().replace(b"https://www.milbrook.example/", b"https://[milbrook.example/x/")
    (tmp_path / "1.warc").write_bytes(record)
    assert len(titles(tmp_path / "1.warc")) == len(titles(CRAWL))


@pytest.mark.parametrize("raw", [b"WARC", b"", b"\x1f\x8b\x08broken", b"{}", b"PK"])
def test_what_is_no_capture_is_not_taken_for_one(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "crawl.warc.gz").write_bytes(raw + b" ")
    assert WARC.identify(Backup.open([tmp_path])) == Confidence.NONE


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of captures are not beside this checkout")
def test_every_sample_by_another_hand_is_known_and_read_the_same_twice() -> None:
    for path in sorted(SAMPLES.rglob("*.*arc*")):
        if path.is_file():
            backup = Backup.open([path])
            assert identify(backup).name == "warc", path
            assert told(WARC, backup) == told(WARC, backup), path


def test_a_page_nested_without_end_is_read_as_plain_words() -> None:
    page = read_page(b"<title>T</title>" + b"<div>" * 100_000 + b"deep &amp; down", "text/html", "https://www.example/")
    assert "deep & down" in page.text
