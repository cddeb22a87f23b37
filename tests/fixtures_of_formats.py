"""The project's own fixtures, each a backup with a golden file beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.ingestor import Ingestor
from ingest.registry import INGESTORS

DATA = Path(__file__).parent / "data"
ENDING = ".golden.json"
BY_MAPPING = DATA / "tables"
"""Tables that are read by a mapping file, which the registry does not know."""

MAPPED = "mapped"
"""Stands for such a table among the names of formats."""

VALUES = ("", "05/06/2026 3:00 PM", "Elm Street", "Deleted", "1.2E+17", "https://www.example/a.jpg", "Ada", "12")


def fixtures() -> list[Path]:
    """Return every fixture that a format of the registry reads."""
    return sorted({one for golden in DATA.rglob(f"*{ENDING}") for one in _beside(golden)})


def _beside(golden: Path) -> Iterator[Path]:
    if golden.parent == BY_MAPPING:
        return
    name = golden.name.removesuffix(ENDING)
    exact = golden.with_name(name)
    if exact.exists():
        yield exact
        return
    yield from (one for one in golden.parent.glob(f"{name}.*") if not one.name.endswith(ENDING))


def made(folder: Path) -> dict[str, Path]:
    """Write a small backup of every format that has no fixture, and return them by the format's name."""
    from ingest.vendors.mapping import presets, several

    backups = {"files": BY_MAPPING.parent / "whatsapp" / "android", MAPPED: BY_MAPPING / "milbrook"}
    for preset in presets():
        firsts = (several(one)[0] for one in preset.fields().values() if one)
        heading = list(dict.fromkeys((*preset.needs, *firsts)))
        rows = [[VALUES[(number + column) % len(VALUES)] for column in range(len(heading))] for number in range(8)]
        path = folder / f"{preset.name}.csv"
        path.write_text("\n".join(map(",".join, [heading, *rows])), encoding="utf-8")
        backups[preset.name] = path
    backups["linkedin-page"] = folder / "milbrook_content_1780000000000.xlsx"
    _page_workbook(backups["linkedin-page"])
    return backups


def _page_workbook(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.create_sheet("All posts", 0)
    for row in (
        ["The posts of the last year"],
        ["Post title", "Post link", "Post type", "Posted by", "Created date", "Impressions", "Likes"],
        [
            "The pool is open",
            "https://www.linkedin.com/feed/update/urn:li:activity:7",
            "Organic",
            "Ada",
            "05/06/2026",
            9,
            2,
        ],
    ):
        sheet.append(row)
    book.save(path)


def reader(name: str) -> Ingestor:
    """Return the reader of a format, or of the table that is read by a mapping."""
    from ingest.vendors.mapped import MappedIngestor
    from ingest.vendors.mapping import read_mapping

    return MappedIngestor(*read_mapping(BY_MAPPING / "milbrook.toml")) if name == MAPPED else named(name)


def files(fixture: Path) -> list[Path]:
    """Return the files of a fixture, in order."""
    return sorted(one for one in fixture.rglob("*") if one.is_file()) if fixture.is_dir() else [fixture]


def named(name: str) -> Ingestor:
    """Return the ingestor of a name."""
    return next(one for one in INGESTORS if one.name == name)
