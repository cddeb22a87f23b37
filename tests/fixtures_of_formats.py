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


def files(fixture: Path) -> list[Path]:
    """Return the files of a fixture, in order."""
    return sorted(one for one in fixture.rglob("*") if one.is_file()) if fixture.is_dir() else [fixture]


def named(name: str) -> Ingestor:
    """Return the ingestor of a name."""
    return next(one for one in INGESTORS if one.name == name)
