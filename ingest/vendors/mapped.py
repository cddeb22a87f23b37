"""Tables read as a mapping says: archiving vendors' exports, and any other table of records."""

from __future__ import annotations

from collections.abc import Iterator

from archive.errors import MunimentError
from ingest.backup import Backup, Member
from ingest.date_order import NOT_TOLD
from ingest.files_named import FilesNamed
from ingest.ingestor import Confidence, Defect, Gap, Ingestor
from ingest.json_items import Reading
from ingest.lists.reading import date_reader, read_rows
from ingest.tables import Table, find_table
from ingest.vendors.mapping import TABLES, TableMapping, plain, presets, several, zone
from ingest.vendors.sheets import Sheet, find_sheets
from ingest.vendors.translation import DATES, Translation
from ingest.written_dates import DateReader

GAPS = (
    "whatever the table has no column for; earlier wordings and deletions are known only if a column tells them",
    "whether the table is whole: it does not say (say --complete if it is)",
)
UNVERIFIED = (
    "this mapping was made without a real export at hand: compare some records with the vendor's own view, "
    "and correct a copy of the mapping where it is wrong (--mapping FILE.toml)"
)
FIRST_LOOK = 50
"""Members that are looked at to tell what a backup is."""


class NoTable(MunimentError):
    """No table of the backup has the headings that the mapping names."""

    def __init__(self, backup: Backup, mapping: TableMapping) -> None:
        names = ", ".join(part.name for part in backup.parts)
        wanted = ", ".join(f"“{one}”" for one in (mapping.needs or tuple(mapping.named())[:6]))
        super().__init__(
            f"No table in {names} has the headings that the mapping “{mapping.name}” names ({wanted}). Correct the "
            "mapping; `muniment identify FILE` proposes one. Nothing was taken in."
        )


class MappedIngestor(Ingestor):
    """Reads tables in text files and workbooks, alone or in a zip with their attachments."""

    version = 1
    zone_advice = ". Say it with `zone` in a mapping"

    def __init__(self, mapping: TableMapping, recipe: str = "") -> None:
        self.mapping = mapping
        self.name = mapping.name
        self.platform = mapping.platform
        self.recipe = recipe
        self.__doc__ = mapping.title or f"Tables, read as the mapping “{mapping.name}” says."

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the headings that are needed; a mapping that nobody has verified yields to other formats."""
        if not self.mapping.needs or not any(map(self._tables, backup.likely(FIRST_LOOK, *TABLES))):
            return Confidence.NONE
        return Confidence.CONTENT if self.mapping.verified else Confidence.NAME

    def check(self, backup: Backup) -> None:
        """Raise :class:`NoTable` if no table of a backup has the headings, before anything is taken in."""
        if not any(self._tables(one) for one in backup.members()):
            raise NoTable(backup, self.mapping)

    def read(self, backup: Backup) -> Reading:
        """Yield the rows of every table that has the headings."""
        yield from (Gap(what) for what in GAPS)
        tables = [(one, self._tables(one)) for one in backup.members()]
        files = FilesNamed([member for member, found in tables if not found])
        if not self.mapping.verified:
            yield Defect(self.name, UNVERIFIED, quarantined=False)
        for _, found in tables:
            for table in found:
                yield from self._read_table(table, files)
        yield from files.unnamed()

    def _tables(self, member: Member) -> list[Table | Sheet]:
        if not member.path.lower().endswith(TABLES):
            return []
        table = find_table(member, self.mapping.is_heading)
        return [table] if table is not None else list(find_sheets(member, self.mapping.is_heading))

    def _read_table(self, table: Table | Sheet, files: FilesNamed) -> Reading:
        path = table.path if isinstance(table, Sheet) else table.member.path
        yield from self._lacking(table, path)
        dates = self._dates(table)
        if dates.why:
            advice = ". Say it with `dates` in a mapping" if dates.why == NOT_TOLD else ""
            yield Defect(path, dates.why + advice, quarantined=False)
        translation = Translation(self.mapping, table.columns, dates, files)
        yield from read_rows(path, table.rows(), translation.draft)
        yield from (Defect(path, one, quarantined=False) for one in translation.remarks())

    def _lacking(self, table: Table | Sheet, path: str) -> Iterator[Defect]:
        """Name the headings that the mapping relies on and this table does not have."""
        if not self.mapping.verified:
            return
        found = {plain(one) for one in table.columns}
        lacking = [
            one[0]
            for one in map(several, self.mapping.fields().values())
            if one and not any(plain(name) in found for name in one)
        ]
        if lacking:
            names = ", ".join(f"“{one}”" for one in lacking)
            yield Defect(path, f"the mapping names columns that this table does not have: {names}", quarantined=False)

    def _dates(self, table: Table | Sheet) -> DateReader:
        """Return what reads this table's dates; where day and month may be mistaken, the whole table is asked."""
        declared = zone(self.mapping)
        if self.mapping.dates:
            return DateReader(self.mapping.dates, declared)
        return date_reader(table.rows(), self._date_columns(table), zone=declared)

    def _date_columns(self, table: Table | Sheet) -> list[str]:
        columns = {plain(name): name for name in table.columns}
        wanted = [plain(name) for field in DATES for name in several(self.mapping.fields()[field])]
        return [columns[name] for name in wanted if name in columns]


def preset_ingestors() -> tuple[MappedIngestor, ...]:
    """Return a reader for each mapping that comes with Muniment."""
    return tuple(MappedIngestor(one) for one in presets())
