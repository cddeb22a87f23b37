from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from archive import accounts
from archive.archive import Archive
from conftest import bring_in
from drafts import told
from golden import check_golden
from ingest.accession import Declaration
from ingest.backup import Backup
from ingest.ingestor import Confidence, Defect, Draft
from ingest.platforms.linkedin import LinkedInIngestor
from ingest.platforms.linkedin_page import LinkedInPageIngestor
from ingest.platforms.linkedin_rows import unfolded
from ingest.registry import identify

DATA = Path(__file__).parents[1] / "data" / "linkedin"
MEMBER = LinkedInIngestor()
PAGE = LinkedInPageIngestor()
NOTE = ["Note: all numbers are for the span that was asked for."]
HEADING = ["Post title", "Post link", "Post type", "Posted by", "Created date", "Audience", "Impressions", "Likes"]
ROW = [
    "The pool opens on Monday.", "https://www.linkedin.com/feed/update/urn:li:activity:7100000000000000001/", "Organic",
    "Nora Quist", "06/01/2026", "All followers", 1200, 14,
]  # fmt: skip


def test_a_members_export_reads_as_its_golden_file_says() -> None:
    backup = Backup.open([DATA / "member"])
    assert identify(backup).name == "linkedin"
    check_golden(DATA / "member.golden.json", told(MEMBER, backup))
    made = MEMBER.coverage(backup).exported_at
    assert made is not None and made.date().isoformat() == "2026-06-01"


def test_address_and_birthday_of_a_member_are_in_no_record() -> None:
    for one in MEMBER.read(Backup.open([DATA / "member"])):
        assert not isinstance(one, Draft) or (b"Private Lane" not in one.native and b"1970" not in one.native)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('one"\n"two', "one\ntwo"),
        ('one"\n""\n"three', "one\n\nthree"),
        ("one\ntwo", "one\ntwo"),
        ('he said "no"\nand left', 'he said "no"\nand left'),
    ],
)
def test_lines_between_quotation_marks_of_their_own_are_put_together(cell: str, text: str) -> None:
    assert unfolded(cell) == text


def new_book(path: Path, *rows: Sequence[object], title: str = "All posts") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def old_book(path: Path, *rows: Sequence[object]) -> Path:
    """Write the smallest workbook of Excel 2: a beginning, cells, an end."""
    records = [struct.pack("<HHHH", 0x0009, 4, 2, 0x0010)]
    for number, row in enumerate(rows):
        for column, one in enumerate(row):
            place = struct.pack("<HH3s", number, column, b"\0\0\0")
            if isinstance(one, int):
                records.append(struct.pack("<HH", 0x0003, 15) + place + struct.pack("<d", one))
            else:
                text = str(one).encode()
                records.append(struct.pack("<HH", 0x0004, 8 + len(text)) + place + bytes([len(text)]) + text)
    path.write_bytes(b"".join([*records, struct.pack("<HH", 0x000A, 0)]))
    return path


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_workbook_of_updates_gives_the_posts_of_the_page(tmp_path: Path, kind: str) -> None:
    write = new_book if kind == "xlsx" else old_book
    backup = Backup.open([write(tmp_path / f"milbrook_updates.{kind}", NOTE, HEADING, ROW)])
    assert identify(backup).name == "linkedin-page"
    (post,) = [one for one in PAGE.read(backup) if isinstance(one, Draft)]
    assert (post.text, post.native_id) == (ROW[0], "urn:li:activity:7100000000000000001")
    assert post.created is not None and (post.created.precision, post.created.raw) == ("day", "06/01/2026")
    assert post.metrics == {"impressions": 1200, "likes": 14}
    assert post.details == {"post type": "Organic", "audience": "All followers", "written by": "Nora Quist"}
    more = post.native.replace(b"1200", b"1300")
    assert PAGE.material(more) == PAGE.material(post.native)


def test_a_workbook_of_followers_is_refused_with_a_reason(tmp_path: Path) -> None:
    path = new_book(tmp_path / "followers.xlsx", ["Date", "Organic followers", "Total followers"], ["06/01/2026", 3, 3])
    backup = Backup.open([path])
    assert identify(backup).name == "linkedin-page"
    (refused,) = [one for one in PAGE.read(backup) if isinstance(one, Defect)]
    assert "numbers only" in refused.reason


def test_a_post_that_is_older_than_a_workbooks_span_is_not_missing_from_it(archive: Archive, tmp_path: Path) -> None:
    accounts.add(archive, "page", platform="linkedin", department="Clerk", handle="milbrook")
    posts = [[f"Posted on {day}", f"{ROW[1]}?n={day}", "", "", day] for day in ("05/31/2025", "06/02/2025")]
    before = year_of_updates(tmp_path / "before.xlsx", "05/02/2025", "05/01/2026", posts)
    after = year_of_updates(tmp_path / "after.xlsx", "06/01/2025", "06/01/2026", [])
    for path, day, missing in ((before, date(2026, 5, 1), 0), (after, date(2026, 6, 1), 1)):
        held = bring_in(archive, path, "page", Declaration(complete=True, exported_on=day))
        assert held["missing"] == missing


def year_of_updates(path: Path, first: str, last: str, posts: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    daily, listed = book.active, book.create_sheet("All posts")
    assert daily is not None
    days: list[list[object]] = [["Date", "Impressions (total)"], [first, 3], ["", ""], [last, 4]]
    for row in days:
        daily.append(row)
    for post in (HEADING, *posts):
        listed.append(post)
    book.save(path)
    return path


def test_other_tables_and_damaged_workbooks_are_not_taken_for_linkedins(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Date,Link,Message\n2026-01-01,https://milbrook.example,hello\n")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "broken.xls").write_bytes(b"\xd0\xcf\x11\xe0 nothing")
    backup = Backup.open([tmp_path])
    assert MEMBER.identify(backup) == PAGE.identify(backup) == Confidence.NONE
