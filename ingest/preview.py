"""What is in a backup, without taking anything in."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ingest.backup import Backup
from ingest.ingestor import Defect, Draft, Gap, Ingestor
from ingest.private import left_out
from ingest.reading import guarded_items


def preview(backup: Backup, ingestor: Ingestor) -> dict[str, Any]:
    """Read a backup to its end; return its kinds with counts, its defects, the format's gaps, what is private."""
    kinds: Counter[str] = Counter()
    defects = [Defect(fault.place, fault.reason) for fault in backup.faults]
    gaps: list[str] = []
    for item in guarded_items(ingestor, backup):
        if isinstance(item, Draft):
            kinds[item.kind] += 1
        elif isinstance(item, Gap):
            gaps.append(item.what)
        else:
            defects.append(item)
    return {
        "format": ingestor.name,
        "kinds": dict(sorted(kinds.items())),
        "defects": [{"place": one.place, "reason": one.reason, "quarantined": one.quarantined} for one in defects],
        "gaps": gaps,
        **left_out(backup, ingestor).facts(),
    }
