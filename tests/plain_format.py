"""A format of one JSON list, so that tests of the pipeline can say exactly what a backup holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.records import KINDS, Author, Recipient
from ingest.backup import Backup
from ingest.ingestor import Confidence, Coverage, Defect, Draft, Gap, Ingestor, SourceAttachment
from ingest.timestamps import from_iso


class PlainIngestor(Ingestor):
    """Reads what :func:`plain` writes."""

    name = "plain"
    platform = "plain"
    version = 1

    def __init__(self, version: int = 1, suffix: str = "", fails_after: int | None = None) -> None:
        self.version = version
        self._suffix = suffix
        self._fails_after = fails_after

    def identify(self, backup: Backup) -> Confidence:
        return Confidence.CONTENT

    def coverage(self, backup: Backup) -> Coverage:
        made = json.loads(backup.members()[0].read())["made_at"]
        lists = frozenset([backup.list_name]) if backup.list_name else None
        return Coverage(exported_at=datetime.fromisoformat(made), complete=frozenset(KINDS), lists=lists)

    def read(self, backup: Backup) -> Iterator[Draft | Defect | Gap]:
        yield Gap("what nobody wrote down")
        for number, one in enumerate(json.loads(backup.members()[0].read())["items"]):
            if number == self._fails_after:
                raise RuntimeError("a bug in this reader")
            if "broken" in one:
                yield Defect(f"item {number}", one["broken"], native=b"broken bytes")
                continue
            yield self._draft(one, number, backup.list_name)

    def _draft(self, one: dict[str, Any], number: int, list_name: str = "") -> Draft:
        files = tuple(
            SourceAttachment(
                name,
                payload=text.encode("latin-1") if text is not None else None,
                alt=one.get("alts", {}).get(name, ""),
            )
            for name, text in one.get("files", {}).items()
        )
        return Draft(
            kind=one.get("kind", "post"),
            place=f"item {number}",
            native=json.dumps({key: value for key, value in one.items() if key != "likes"}).encode(),
            native_id=one.get("id"),
            revision=one.get("revision", ""),
            created=from_iso(one["at"]) if "at" in one else None,
            edited=from_iso(one["edited"]) if "edited" in one else None,
            removed=from_iso(one["removed"]) if "removed" in one else None,
            removed_by=one.get("removed_by", ""),
            list_name=one.get("list", list_name),
            earlier=tuple(self._draft(before, number) for before in one.get("earlier", ())),
            author=Author(one.get("by", ""), one.get("handle", ""), one.get("by_id", ""), one.get("city", False)),
            title=one.get("title", ""),
            parent=one.get("parent", ""),
            thread=one.get("thread", ""),
            url=one.get("url", ""),
            links=tuple(one.get("links", ())),
            mentions=tuple(one.get("mentions", ())),
            text=one.get("text", "") + self._suffix,
            audience=one.get("audience", "public"),
            attachments=files,
            details=one.get("details", {}),
            tags=tuple(one.get("tags", ())),
            recipients=tuple(Recipient("to", name, address) for name, address in one.get("to", ())),
            metrics={"likes": one["likes"]} if "likes" in one else {},
        )


def plain(folder: Path, made_at: str, items: list[dict[str, Any]]) -> Path:
    """Write a backup in the plain format, made at a moment in UTC."""
    path = folder / f"{made_at[:10]}-{len(list(folder.iterdir()))}.json"
    path.write_text(json.dumps({"made_at": f"{made_at}+00:00", "items": items}), encoding="utf-8")
    return path
