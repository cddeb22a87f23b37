"""Analytics workbooks of a LinkedIn company page: all that LinkedIn lets a page's administrators download.

The workbook of updates has a row for each post: its words, its link, its day, and numbers. The workbooks of followers
and visitors hold numbers only, of which no record can be made. Comments are in none of them.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice

from msgspec import Struct

from archive.records import Author, Timestamp
from ingest.backup import Backup, Member
from ingest.date_order import Seen, told_by
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor
from ingest.json_items import Reading, without
from ingest.written_dates import DateReader

GAPS = (
    "comments and who reacted: no workbook has them; capture them through the Community Management API or a vendor",
    "followers and visitors: LinkedIn gives their numbers only",
    "posts before the span that was asked for (at most a year), drafts, and what was deleted",
    "pictures and videos of posts",
)
BOOKS = (".xls", ".xlsx")
LARGEST = 64 << 20
"""Bytes of the largest workbook that is read."""

UNPACKED = 512 << 20
"""Bytes that a workbook may claim to hold."""

ROWS, WIDEST = 200_000, 200
"""Rows of a sheet, and cells of a row, that are read."""

PREAMBLE = 5
"""Rows that may stand above a heading: a note, and what the columns are."""

POSTS = ({"post title", "post link"}, {"update title", "update link"})
NUMBERS = ({"organic followers"}, {"total followers"}, {"total page views (total)"}, {"impressions (total)"},
           {"new followers"}, {"total unique visitors (total)"})  # fmt: skip
"""Headings of sheets with numbers only; a sheet is known by any of them."""

ONLY_NUMBERS = "this sheet holds numbers only ({}), and no record can be made of them; keep the workbook itself"
URN = re.compile(r"urn:li:\w+:[\w-]+")
DATED = "created date"
PLACED = ("post title", "update title", "post link", "update link", DATED, "posted by", "created by")


class _Sheet(Struct, frozen=True):
    """A sheet as rows of cells, whatever workbook it is in; ``heading`` is the number of its heading, from 0."""

    place: str
    rows: list[list[object]]
    heading: int
    has_posts: bool

    @property
    def names(self) -> list[str]:
        return [str(one or "").strip().lower() for one in self.rows[self.heading]]


class LinkedInPageIngestor(Ingestor):
    """Reads the analytics workbooks of a company page, .xls and .xlsx."""

    name = "linkedin-page"
    platform = "linkedin"
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the headings of a sheet."""
        books = (one for one in backup.members() if one.path.lower().endswith(BOOKS))
        return Confidence.CONTENT if any(True for one in books for _ in _sheets(one)) else Confidence.NONE

    def coverage(self, backup: Backup) -> Coverage:
        """Go by the days that stand beside the posts, a row of numbers each: they are the span that was asked for."""
        found = [list(_sheets(member)) for member in backup.members() if member.path.lower().endswith(BOOKS)]
        beside = [sheets for sheets in found if any(one.has_posts for one in sheets)]
        days = sorted({day for sheets in beside for day in _days(sheets)})
        return Coverage(since=days[0], until=days[-1]) if days else Coverage()

    def material(self, native: bytes) -> bytes:
        """Leave the numbers out, which grow."""
        try:
            names = [name for name, one in json.loads(native).items() if not isinstance(one, str)]
        except (ValueError, AttributeError):
            return native
        return without(native, names)

    def read(self, backup: Backup) -> Reading:
        """Yield the posts; say of every other sheet why there is nothing in it to take in."""
        yield from (Gap(what) for what in GAPS)
        for member in backup.members():
            found = list(_sheets(member)) if member.path.lower().endswith(BOOKS) else []
            if not found:
                yield Defect(member.path, "this is no workbook of a page's analytics; it was not read", False)
            dates = _date_reader(found)
            if dates.why and any(one.has_posts for one in found):
                yield Defect(member.path, dates.why, quarantined=False)
            for sheet in found:
                if sheet.has_posts:
                    yield from _posts(sheet, dates)
                else:
                    names = ", ".join(one for one in sheet.names[:4] if one)
                    yield Defect(sheet.place, ONLY_NUMBERS.format(names), quarantined=False)


# -- workbooks


def _sheets(member: Member) -> Iterator[_Sheet]:
    """Yield the sheets that are a page's analytics."""
    for name, rows in _read(member):
        for number, row in enumerate(rows[:PREAMBLE]):
            names = {str(one or "").strip().lower() for one in row}
            has_posts = any(one <= names for one in POSTS)
            if has_posts or ("date" in names and any(one <= names for one in NUMBERS)):
                yield _Sheet(f"{member.path}, sheet “{name}”", rows, number, has_posts)
                break


def _read(member: Member) -> Iterator[tuple[str, list[list[object]]]]:
    """Yield name and rows of each sheet; a workbook that cannot be read has none."""
    if member.size > LARGEST:
        return
    try:
        content = member.read()
        yield from _new(content) if content.startswith(b"PK") else _old(content)
    except Exception:  # the readers of workbooks raise whatever a damaged one makes them trip over
        return


def _new(content: bytes) -> Iterator[tuple[str, list[list[object]]]]:
    from openpyxl import load_workbook

    with zipfile.ZipFile(io.BytesIO(content)) as inside:
        if sum(one.file_size for one in inside.infolist()) > UNPACKED:
            return
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for sheet in book.worksheets:
        yield sheet.title, [list(row) for row in islice(sheet.iter_rows(max_col=WIDEST, values_only=True), ROWS)]


def _old(content: bytes) -> Iterator[tuple[str, list[list[object]]]]:
    from xlrd import XL_CELL_DATE, open_workbook
    from xlrd.xldate import xldate_as_datetime

    book = open_workbook(file_contents=content, logfile=io.StringIO())
    for sheet in book.sheets():
        rows: list[list[object]] = []
        for number in range(sheet.nrows):
            cells = sheet.row(number)
            rows.append(
                [xldate_as_datetime(c.value, book.datemode) if c.ctype == XL_CELL_DATE else c.value for c in cells]
            )
        yield sheet.name, rows


# -- posts


def _posts(sheet: _Sheet, dates: DateReader) -> Reading:
    for number, row in enumerate(sheet.rows[sheet.heading + 1 :], sheet.heading + 2):
        place = f"{sheet.place}, row {number}"
        cells = {
            name: _plain(one) for name, one in zip(sheet.names, row, strict=False) if name and one not in (None, "")
        }
        native = json.dumps(cells, ensure_ascii=False).encode("utf-8", "replace")
        link = _text(cells, "post link", "update link")
        if link or _text(cells, "post title", "update title"):
            yield _post(cells, native, place, link, _moment(dates, _text(cells, DATED)))
        elif cells:
            yield Defect(place, "a row without words or a link", native=native)


def _post(cells: Mapping[str, object], native: bytes, place: str, link: str, created: Timestamp | None) -> Draft:
    urn = URN.search(link)
    by = _text(cells, "posted by", "created by")
    others = {
        name: one
        for name, one in cells.items()
        if isinstance(one, str) and name not in PLACED and not one.endswith("%")
    }
    return Draft(
        kind="post",
        place=place,
        native=native,
        native_id=urn[0] if urn else link or None,
        created=created,
        author=Author(is_account=True),
        text=_text(cells, "post title", "update title"),
        url=link,
        details=others | ({"written by": by} if by else {}),
        metrics={name: one for name, one in cells.items() if isinstance(one, int)},
    )


def _text(cells: Mapping[str, object], *names: str) -> str:
    return next((str(cells[name]).strip() for name in names if cells.get(name)), "")


def _plain(one: object) -> object:
    """Return a cell as JSON can hold it: whole numbers whole, moments as ISO 8601 writes them."""
    if isinstance(one, datetime | date):
        return one.isoformat()
    if isinstance(one, float) and one.is_integer():
        return int(one)
    return one if isinstance(one, int | float) and not isinstance(one, bool) else str(one)


# -- days


def _written(sheet: _Sheet) -> Iterator[str]:
    """Yield the days of a sheet as they are written: of its posts, or of its numbers."""
    name = DATED if sheet.has_posts else "date"
    column = sheet.names.index(name) if name in sheet.names else WIDEST
    for row in sheet.rows[sheet.heading + 1 :]:
        if column < len(row) and row[column]:
            yield str(_plain(row[column]))


def _date_reader(sheets: Sequence[_Sheet]) -> DateReader:
    """Return what reads the days of a workbook, by what all of them tell."""
    seen = [Seen() for _ in sheets]
    for one, sheet in zip(seen, sheets, strict=True):
        for day in _written(sheet):
            one.meet(day)
    return told_by(seen, "LinkedIn")


def _days(sheets: Sequence[_Sheet]) -> Iterator[date]:
    """Yield the days of those sheets of a workbook that have numbers for each."""
    dates = _date_reader(sheets)
    for raw in (day for sheet in sheets if not sheet.has_posts for day in _written(sheet)):
        moment = _moment(dates, raw)
        if moment is not None and moment.at is not None:
            yield moment.at.date()


def _moment(dates: DateReader, raw: str) -> Timestamp | None:
    """Read a day; one that the workbook knows as such is a midnight."""
    return dates.read(raw.removesuffix("T00:00:00")) if raw else None
