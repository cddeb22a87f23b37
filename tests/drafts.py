"""Drafts as plain values, for golden files."""

from __future__ import annotations

from typing import Any

import msgspec

from ingest.backup import Backup
from ingest.ingestor import Defect, Draft, Gap, Ingestor


def told(ingestor: Ingestor, backup: Backup) -> list[dict[str, Any]]:
    """Return what an ingestor yields, gaps left out, empty values left out."""
    return [_told(item) for item in ingestor.read(backup) if not isinstance(item, Gap)]


def _told(item: Draft | Defect | Gap) -> dict[str, Any]:
    if isinstance(item, Defect):
        return {"defect": item.reason, "place": item.place, "quarantined": item.quarantined}
    assert isinstance(item, Draft)
    values = msgspec.structs.asdict(item)
    attachments = [
        {"name": one.name, "held": one.member is not None or one.payload is not None, "alt": one.alt}
        for one in item.attachments
    ]
    values |= {"attachments": attachments, "native": len(item.native)}
    plain: dict[str, Any] = msgspec.to_builtins(values, str_keys=True)
    return {key: _kept(value) for key, value in plain.items() if _kept(value) not in ("", None, [], (), {}, 0)}


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if one not in ("", None, False)}
    return value
