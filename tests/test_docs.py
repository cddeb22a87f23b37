from __future__ import annotations

import re
from pathlib import Path

import msgspec

from export.released import ReleasedRecord
from ingest.registry import INGESTORS

DOCS = Path(__file__).parents[1] / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_format_has_its_row_and_its_section() -> None:
    for one in INGESTORS:
        assert f"| `{one.name}` | {one.platform or 'any'} |" in page("formats.md")
        assert f"\n## {one.name}\n" in page("formats.md")


def test_every_key_of_a_released_record_is_documented() -> None:
    named = set(re.findall(r"`(\w+)`", page("bundle.md")))
    assert {one.name for one in msgspec.structs.fields(ReleasedRecord)} <= named


def test_every_file_of_a_bundle_is_documented() -> None:
    for name in (
        "START-HERE.html",
        "index.html",
        "records.csv",
        "records.jsonl",
        "subscribers.csv",
        "media/",
        "natives/",
    ):
        assert name in page("bundle.md")


def test_every_event_of_the_ledger_is_documented() -> None:
    root = DOCS.parent
    events = set()
    for room in ("archive", "ingest", "search", "retention_schedules", "export"):
        for path in (root / room).rglob("*.py"):
            events |= set(re.findall(r'\.act\(\s*"([a-z.]+)"', path.read_text(encoding="utf-8")))
    events |= {"production.drafted"}
    assert len(events) > 10
    for event in events:
        assert f"`{event}`" in page("design.md"), event


def test_links_between_pages_lead_somewhere() -> None:
    for path in [*DOCS.glob("*.md"), DOCS.parent / "README.md"]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
