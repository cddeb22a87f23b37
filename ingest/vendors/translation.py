"""From a row of a table to a draft, as a mapping says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from email.utils import getaddresses
from typing import Literal, TypeVar

from msgspec import Struct

from archive.matching import PLATFORM_SAYS
from archive.records import Audience, Author, Kind, Recipient, Timestamp
from ingest.files_named import FilesNamed
from ingest.ingestor import Draft, SourceAttachment
from ingest.json_items import Reading
from ingest.tables import Row
from ingest.text import clean, html_to_text
from ingest.vendors.mapping import TableMapping, plain, several
from ingest.written_dates import DateReader

DATES = ("created", "edited", "removed")
"""The fields that hold moments."""

MANY = ("links", "tags", "mentions", "attachments")
ROLES = ("to", "cc", "bcc", "members")

PRIVATE: tuple[Kind, ...] = ("message", "email", "subscriber")
"""Kinds that are between people, whatever a table calls “live” or “visible”."""

_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
_COUNT = re.compile(r"-?\d{1,15}|\d{1,3}(?:[,. ]\d{3}){1,4}")

T = TypeVar("T")
RemovedBy = Literal["", "city", "author", "platform", "unknown"]


class Doubt(Struct):
    """The first cell that gave cause for a doubt, and how many did."""

    example: str
    count: int = 0


class Translation:
    """Turns the rows of one table into drafts; what was doubtful is told once, at the end."""

    def __init__(self, mapping: TableMapping, columns: Sequence[str], dates: DateReader, files: FilesNamed) -> None:
        self._mapping = mapping
        self._dates = dates
        self._files = files
        by_plain = {plain(name): name for name in columns}
        fields = {name: getattr(mapping.columns, name) for name in mapping.columns.__struct_fields__}
        self._columns = {name: _present(several(names), by_plain) for name, names in fields.items()}
        metrics = {name: _present(several(names), by_plain) for name, names in mapping.metrics.items()}
        self._metrics = {name: column for name, column in metrics.items() if column}
        self._only = {
            by_plain.get(plain(name), ""): {plain(one) for one in several(values)}
            for name, values in mapping.only.items()
        }
        placed = {
            *self._columns.values(),
            *self._metrics.values(),
            *(by_plain.get(plain(one), "") for one in mapping.ignore),
        }
        self._details = tuple(name for name in columns if name not in placed)
        self._kinds = {one: kind for word, kind in mapping.kinds.items() for one in (word, plain(word))}
        self._status = {one: audience for word, audience in mapping.status.items() for one in (word, plain(word))}
        self._removed_by = {plain(word): who for word, who in mapping.removed_by.items()}
        self._ours = {plain(one).lstrip("@") for one in mapping.ours}
        self._separators = re.compile(f"[{re.escape(mapping.separators)}]") if mapping.separators else None
        self._doubts: dict[str, Doubt] = {}
        self._passed_over = 0

    def draft(self, row: Row, place: str) -> Reading:
        """Yield the row's draft; nothing for a row that the mapping does not want. Raises ValueError for no record."""
        if any(plain(row.cells.get(column, "")) not in wanted for column, wanted in self._only.items()):
            self._passed_over += 1
            return
        cell = {name: row.cells[column].strip() if column else "" for name, column in self._columns.items()}
        author = self._author(cell)
        if not any((cell["native_id"], cell["created"], cell["text"], cell["title"], author.handle, author.name)):
            raise ValueError("a row without id, date, words and author is no record; a total, perhaps")
        kind = self._kind(cell["kind"])
        audience = self._audience(cell, kind)
        attachments, links = self._attachments(cell)
        metrics, uncounted = self._counts(row)
        yield Draft(
            kind=kind,
            place=place,
            native=row.native,
            native_id=self._native_id(cell["native_id"]),
            revision=cell["revision"],
            created=self._date("created", cell["created"]),
            edited=self._date("edited", cell["edited"]),
            removed=self._date("removed", cell["removed"]),
            removed_by=self._who_removed(cell) if audience == "removed" else "",
            author=author,
            title=clean(cell["title"]),
            text=clean(self._text(cell["text"])),
            parent=self._native_id(cell["parent"]) or "",
            thread=self._native_id(cell["thread"]) or "",
            url=cell["url"],
            attachments=attachments,
            links=(*self._several(cell["links"]), *links),
            tags=self._several(cell["tags"]),
            mentions=self._several(cell["mentions"]),
            audience=audience,
            recipients=self._recipients(cell),
            list_name=cell["list_name"] or self._mapping.list_name,
            details={name: row.cells[name] for name in self._details if row.cells[name].strip()}
            | uncounted
            | {f"{PLATFORM_SAYS} {self._columns[name]}": cell[name] for name in ("kind", "status") if cell[name]},
            metrics=metrics,
        )

    def remarks(self) -> Iterator[str]:
        """Yield what was doubtful about the whole table."""
        if self._passed_over:
            yield f"{self._passed_over:,} rows are of something else, as `only` of the mapping says; they were not read"
        for sort, doubt in sorted(self._doubts.items()):
            more = f" (and {doubt.count - 1:,} more)" if doubt.count > 1 else ""
            yield sort.replace("%", f"“{doubt.example}”{more}")

    # -- fields

    def _native_id(self, cell: str) -> str | None:
        if _ROUNDED.fullmatch(cell):
            self._doubt("% was rounded by a spreadsheet and is no id any more; such rows are matched by content", cell)
            return None
        return cell or None

    def _date(self, field: str, cell: str) -> Timestamp | None:
        if not cell:
            return None
        found = self._dates.read(cell)
        if found.at is None:
            self._doubt(f"% under “{self._columns[field]}” is no date that can be read; it is kept as it stands", cell)
        return found

    def _kind(self, word: str) -> Kind:
        found = self._explained(self._kinds, word)
        if found is None and word and self._kinds:
            self._doubt(f"% is not explained under [kinds]; such rows were taken for “{self._mapping.kind}”", word)
        return found or self._mapping.kind

    def _audience(self, cell: dict[str, str], kind: Kind) -> Audience:
        """Return who could see the record; a moment of removal alone says that it was removed."""
        usual: Audience = self._mapping.audience or ("private" if kind in PRIVATE else "public")
        word = cell["status"]
        found = self._explained(self._status, word)
        if found is None and word and self._status:
            self._doubt(f"% is not explained under [status]; such rows were taken for “{usual}”", word)
        if found is None:
            return "removed" if cell["removed"] else usual
        return usual if found == "public" and kind in PRIVATE else found

    def _who_removed(self, cell: dict[str, str]) -> RemovedBy:
        return self._explained(self._removed_by, cell["status"]) or "unknown"

    def _explained(self, words: Mapping[str, T], cell: str) -> T | None:
        """Return what a cell means: as a whole, or by the first of its several words that is explained."""
        if not words:
            return None
        if cell in words:
            return words[cell]
        found = next((words[plain(word)] for word in (cell, *self._several(cell)) if plain(word) in words), None)
        return found or words.get("*")

    def _author(self, cell: dict[str, str]) -> Author:
        name, handle, native_id = cell["author_name"], cell["author_handle"], cell["author_id"]
        is_ours = any(plain(one).lstrip("@") in self._ours for one in (name, handle, native_id) if one and self._ours)
        return Author(name, handle, native_id, is_account=is_ours)

    def _text(self, cell: str) -> str:
        return html_to_text(cell) if self._mapping.html else cell

    def _several(self, cell: str) -> tuple[str, ...]:
        if not cell:
            return ()
        parts = self._separators.split(cell) if self._separators else [cell]
        return tuple(dict.fromkeys(one.strip() for one in parts if one.strip()))

    def _attachments(self, cell: dict[str, str]) -> tuple[tuple[SourceAttachment, ...], tuple[str, ...]]:
        """Return the files that a row names, and the addresses among them whose files are not here."""
        found = [(one, self._files.attachment(one, cell["alt"])) for one in self._several(cell["attachments"])]
        held = tuple(one for _, one in found if one is not None)
        return held, tuple(address for address, one in found if one is None)

    def _recipients(self, cell: dict[str, str]) -> tuple[Recipient, ...]:
        return tuple(
            Recipient("member" if role == "members" else role, name, address)
            for role in ROLES
            for one in (self._several(cell[role]) if cell[role] else ())
            for name, address in _addresses(one)
        )

    def _counts(self, row: Row) -> tuple[dict[str, int], dict[str, str]]:
        """Return the row's counts, and the cells among them that are no numbers."""
        counts: dict[str, int] = {}
        others: dict[str, str] = {}
        for name, column in self._metrics.items():
            cell = row.cells[column].strip()
            if _COUNT.fullmatch(cell):
                counts[name] = int(re.sub(r"[,. ]", "", cell))
            elif cell:
                others[column] = cell
        return counts, others

    def _doubt(self, sort: str, example: str) -> None:
        self._doubts.setdefault(sort, Doubt(example)).count += 1


def _present(names: Sequence[str], by_plain: dict[str, str]) -> str:
    """Return the first of the names that is a column of the table, as the table writes it."""
    return next((by_plain[plain(name)] for name in names if plain(name) in by_plain), "")


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and address of each person in a cell; what is no address is a name."""
    if "@" not in text:
        yield text, ""
        return
    for name, address in getaddresses([text]):
        if name or address:
            yield name, address
