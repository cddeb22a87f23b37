"""The hit report as lawyers know it: per term, how many records it hits, with their families, and alone."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from archive.archive import Archive
from search.families import Families
from search.find import Finder

HEADINGS = {
    "term": "Term", "hits": "Records hit", "versions": "Versions hit", "with_family": "Records with family",
    "unique": "Records hit by no other term", "unique_with_family": "Unique, with family",
}  # fmt: skip

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula; such a cell gets an apostrophe before it."""

TOTAL = "all terms together"


class Hits(Struct, frozen=True):
    """One row: numbers of records, of versions, and of records with their families (threads and answers)."""

    term: str
    hits: int
    versions: int
    with_family: int
    unique: int
    unique_with_family: int

    def row(self) -> dict[str, Any]:
        """Return the row under the keys of :data:`HEADINGS`."""
        return {key: getattr(self, key) for key in HEADINGS}


def report(
    archive: Archive, finder: Finder, terms: Sequence[str], within: str = "", at_seq: int | None = None
) -> list[Hits]:
    """Return a row a term, and one for all; each term is a query, asked within another if one is given."""
    found = {term: finder.find(f"({within}) ({term})" if within else term, at_seq) for term in dict.fromkeys(terms)}
    records = {term: _records(archive, versions) for term, versions in found.items()}
    hit_by = Counter(record for every in records.values() for record in every)
    families = Families(archive)
    rows = [_row(families, term, found[term], records[term], hit_by) for term in found]
    versions = {one for every in found.values() for one in every}
    return [*rows, _row(families, TOTAL, versions, set(hit_by), Counter(dict.fromkeys(hit_by, 1)))]


def _row(families: Families, term: str, versions: Iterable[int], records: set[int], hit_by: Counter[int]) -> Hits:
    unique = {one for one in records if hit_by[one] == 1}
    return Hits(
        term, len(records), len(set(versions)), len(families.of(records)), len(unique), len(families.of(unique))
    )


def _records(archive: Archive, versions: Sequence[int]) -> set[int]:
    rows = archive.connection.execute(
        "SELECT DISTINCT record FROM version WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(versions),)
    )
    return {row[0] for row in rows}


def terms_in(path: Path) -> list[str]:
    """Return the terms in a text file, one a line; empty lines and lines that begin with # say nothing."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("# ")]


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the report as CSV (UTF-8 with a mark, as spreadsheets want it); a cell is never a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, lineterminator="\r\n")
        table.writerow(HEADINGS.values())
        for row in rows:
            table.writerow(
                [f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell for cell in row.values()]
            )
