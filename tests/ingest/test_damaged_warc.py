"""A record that is damaged costs itself and no other, plain or packed, whatever is written into it."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import accounts
from archive.archive import Archive
from ingest.accession import Declaration, take_in
from ingest.backup import Backup, Member
from ingest.ingestor import Defect, Draft
from ingest.registry import identify
from ingest.websites.captures import Capture, captures
from ingest.websites.warc import WarcIngestor

CRAWL = (Path(__file__).parents[1] / "data" / "warc" / "milbrook.warc").read_bytes()
RECORDS = [b"WARC/1.0\r\n" + one for one in CRAWL.split(b"WARC/1.0\r\n")[1:]]
BARE = [re.sub(rb"WARC-(Block|Payload)-Digest: [^\r\n]*\r\n", b"", one) for one in RECORDS]
ARC = [
    b"filedesc://milbrook.arc 0.0.0.0 20260301100000 text/plain 69\n1 0 Milbrook\n"
    b"URL IP-address Archive-date Content-type Archive-length\n\n",
    *(
        b"http://www.milbrook.example/%d 192.0.2.1 20260301100000 text/html %d\n%s\n" % (number, len(page), page)
        for number in range(4)
        for page in [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Page %d</title>" % number]
    ),
]


def packed(records: list[bytes]) -> list[bytes]:
    return [gzip.compress(one, mtime=0) for one in records]


FILES = {
    "crawl.warc": RECORDS,
    "bare.warc": BARE,
    "crawl.warc.gz": packed(RECORDS),
    "bare.warc.gz": packed(BARE),
    "old.arc": ARC,
    "old.arc.gz": packed(ARC),
}


def read(name: str, raw: bytes) -> list[Capture | Defect]:
    return list(captures(Member(name, len(raw), 0, lambda: io.BytesIO(raw))))


def found(name: str, raw: bytes) -> list[Capture]:
    return [msgspec.structs.replace(one, number=0) for one in read(name, raw) if isinstance(one, Capture)]


def lost(name: str, raw: bytes) -> list[Defect]:
    return [one for one in read(name, raw) if isinstance(one, Defect) and one.quarantined]


def flat(each: list[list[Capture]]) -> list[Capture]:
    return [one for captured in each for one in captured]


EACH = {name: [found(name, one) for one in records] for name, records in FILES.items()}


@st.composite
def damaged(draw: st.DrawFn, record: bytes) -> bytes:
    """Draw a record with bytes changed, left out, put in, or with nothing left of it."""
    start = draw(st.integers(0, len(record) - 1))
    end = draw(st.integers(start, len(record)))
    junk = draw(
        st.binary(max_size=40) | st.sampled_from([b"\r\n", b"\r\n\r\n", b"9", b"1", b"WARC/1.0", b"\x1f\x8b\x08"])
    )
    size = draw(st.sampled_from([1, 1, 1, 300, 9000]))
    return record[:start] + junk * size + record[draw(st.sampled_from([start, start + len(junk), end])) :]


@pytest.mark.parametrize("name", FILES)
@given(data=st.data())
def test_one_damaged_record_leaves_all_others(name: str, data: st.DataObject) -> None:
    records, each = FILES[name], EACH[name]
    at = data.draw(st.integers(0, len(records) - 1))
    end = b"\n" if name == "old.arc" else b""  # all that parts two records of a plain ARC
    broken = data.draw(damaged(records[at].removesuffix(end))) + end
    given_back = found(name, b"".join([*records[:at], broken, *records[at + 1 :]]))
    for one in flat(each[:at] + each[at + 1 :]):
        assert one in given_back
        given_back.remove(one)


@pytest.mark.parametrize("name", FILES)
def test_a_sound_file_gives_every_record_and_no_defect(name: str) -> None:
    raw = b"".join(FILES[name])
    assert found(name, raw) == flat(EACH[name])
    assert len(found(name, raw)) >= 4 and not lost(name, raw)


def test_what_is_lost_is_told_with_its_place_and_length_and_kept() -> None:
    broken = RECORDS[2].replace(b"Content-Length: 1", b"Content-Length: x")
    [one] = lost("crawl.warc", b"".join([*RECORDS[:2], broken, *RECORDS[3:]]))
    start = sum(map(len, RECORDS[:2]))
    assert one.place == "crawl.warc, record 3" and one.native == broken
    assert f"in the {len(broken):,} bytes from byte {start:,} on: it has no header that says" in one.reason


def test_a_damaged_gzip_member_is_told_with_its_place_in_the_file() -> None:
    whole = FILES["crawl.warc.gz"]
    broken = whole[3][:40] + b"\0\0\0\0" + whole[3][44:]
    [one] = lost("crawl.warc.gz", b"".join([*whole[:3], broken, *whole[4:]]))
    start = sum(map(len, whole[:3]))
    assert one.place == "crawl.warc.gz, record 4" and one.native == broken
    assert f"in the {len(broken):,} bytes from byte {start:,} on: it cannot be unpacked" in one.reason


def test_a_length_that_reaches_over_other_records_costs_its_own_only() -> None:
    broken = BARE[1].replace(b"Content-Length: 472", b"Content-Length: 1472")
    raw = b"".join([BARE[0], broken, *BARE[2:]])
    assert found("crawl.warc", raw) == EACH["bare.warc"][0] + flat(EACH["bare.warc"][2:])
    assert [one.native for one in lost("crawl.warc", raw)] == [broken]


def test_a_type_that_is_not_known_is_told() -> None:
    [one] = lost("crawl.warc", RECORDS[0] + RECORDS[1].replace(b"WARC-Type: response", b"WARC-Type: respXnse"))
    assert "its type (respXnse) is none that is read" in one.reason


def test_a_file_cut_off_in_a_record_says_so_instead_of_giving_half_a_page() -> None:
    for name in ("bare.warc", "bare.warc.gz"):
        raw = b"".join(FILES[name][:3])
        assert found(name, raw[:-60]) == flat(EACH[name][:2])
        assert len(lost(name, raw[:-60])) == 1


def test_a_crawl_packed_as_a_whole_is_read_and_a_break_in_it_costs_its_record() -> None:
    """The standard wants a gzip member for each record; who packs a finished file by hand makes one of all."""
    assert found("crawl.warc.gz", gzip.compress(CRAWL)) == flat(EACH["crawl.warc"])
    broken = RECORDS[1].replace(b"Content-Length: 472", b"Content-Length: 4720")
    raw = gzip.compress(b"".join([RECORDS[0], broken, *RECORDS[2:]]))
    assert found("crawl.warc.gz", raw) == EACH["crawl.warc"][0] + flat(EACH["crawl.warc"][2:])
    [one] = lost("crawl.warc.gz", raw)
    assert one.native == broken and f"byte {len(RECORDS[0]):,} on of what is packed at byte 0" in one.reason


def test_zeros_behind_the_last_gzip_member_are_padding() -> None:
    assert not lost("crawl.warc.gz", b"".join(FILES["crawl.warc.gz"]) + b"\0" * 700)


@pytest.mark.parametrize("piece", [b"\r\n\r\nWARC/1.0\r\n", b"WARC/1.0\r\nContent-Length: 900000000\r\n\r\n"])
def test_false_starts_are_one_loss_however_many(piece: bytes) -> None:
    raw = BARE[0] + piece * 3000 + BARE[1]
    assert len(lost("crawl.warc", raw)) == 1
    assert found("crawl.warc", raw) == EACH["bare.warc"][0] + EACH["bare.warc"][1]


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_a_file_whose_first_record_is_damaged_is_still_known_and_the_count_adds_up(
    archive: Archive, tmp_path: Path, name: str
) -> None:
    records = FILES[name]
    path = tmp_path / name
    path.write_bytes(b"".join([b"?" * len(records[0]), *records[1:]]))
    backup = Backup.open([path])
    assert identify(backup).name == "warc"
    account = accounts.add(archive, "www", platform="website", department="Clerk", handle="www.milbrook.example")
    facts = take_in(archive, backup, account, WarcIngestor(), Declaration()).facts
    assert (facts["added"], facts["edited"], facts["quarantined"]) == (5, 1, 1)


def test_a_damaged_record_in_a_zip_that_compresses_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "crawl.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "crawl.warc", b"".join([RECORDS[0], RECORDS[1].replace(b"Length: 472", b"Length: 4720"), *RECORDS[2:]])
        )
    [member] = Backup.open([path]).members()
    pages = [one for one in captures(member) if isinstance(one, Capture)]
    assert len(pages) == len(flat(EACH["crawl.warc"])) - 1


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("is_long", [False, True])
def test_a_changed_byte_in_a_wacz_costs_one_record_at_most(tmp_path: Path, method: int, is_long: bool) -> None:
    """The zip's own check fails for the whole file; the records' digests tell which of them it is."""
    path = tmp_path / "crawl.wacz"
    broken = (
        RECORDS[1].replace(b"Length: 472", b"Length: 4720") if is_long else RECORDS[1].replace(b"1 June", b"2 June")
    )
    with zipfile.ZipFile(path, "w", method) as made:
        made.writestr("archive/data.warc", b"".join([RECORDS[0], broken, *RECORDS[2:]]))
        made.writestr("datapackage.json", b'{"resources": [{"path": "archive/data.warc"}]}')
    raw = path.read_bytes()
    crc = zlib.crc32(b"".join([RECORDS[0], broken, *RECORDS[2:]])).to_bytes(4, "little")
    path.write_bytes(raw.replace(crc, b"\1\2\3\4"))
    given_back = list(WarcIngestor().read(Backup.open([path])))
    assert len([one for one in given_back if isinstance(one, Draft)]) == (5 if is_long else 6)
    told = [one.reason for one in given_back if isinstance(one, Defect)]
    assert any("damaged after it was packed, and read nevertheless" in one for one in told)
    assert any("digest names" in one or "no capture can be read" in one for one in told)
