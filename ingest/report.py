"""Accessions and findings read back for people and scripts, as rows with stable keys."""

from __future__ import annotations

import json
from typing import Any

from archive import clock
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError

COUNTS = (
    "items", "added", "held", "edited", "reread", "counterparts", "disposed", "quarantined", "remarks", "missing",
    "restored",
)  # fmt: skip

DECLARED = ("exported_by", "kept_at", "list_name", "recipe")


class UnknownAccession(MunimentError):
    """No accession has this number."""

    exit_code = ExitCode.NOT_FOUND

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no accession {number}. `muniment accession list` shows them.")


def _day(archive: Archive, stored: str | None) -> str | None:
    return clock.local_date(clock.read_stored(stored), archive.timezone).isoformat() if stored else None


def accessions(archive: Archive) -> list[dict[str, Any]]:
    """Return all accessions in the order they were opened."""
    rows = archive.connection.execute(
        "SELECT id, account, format, exported_at, exported_basis, opened_at, actor, closing FROM accession_state"
        " ORDER BY id"
    )
    return [_accession(archive, row) for row in rows]


def _accession(archive: Archive, row: tuple[Any, ...]) -> dict[str, Any]:
    number, account, name, exported_at, basis, opened_at, actor, closing = row
    facts = json.loads(closing) if closing else {}
    return {
        "accession": number,
        "account": account,
        "format": name,
        "exported_on": None if basis == "taken in" else _day(archive, exported_at),
        "exported_basis": basis,
        "taken_in_on": _day(archive, opened_at),
        "taken_in_by": actor,
        "closed": closing is not None,
        **{
            key: facts.get(key, 0)
            for key in (
                "items",
                "added",
                "held",
                "edited",
                "reread",
                "counterparts",
                "disposed",
                "quarantined",
                "remarks",
                "missing",
                "restored",
            )
        },
    }


def accession(archive: Archive, number: int) -> dict[str, Any]:
    """Return one accession with its backup's digest, what was declared, and its defects."""
    found = next((row for row in accessions(archive) if row["accession"] == number), None)
    if found is None:
        raise UnknownAccession(number)
    sha256, size, declared, complete, closing = archive.connection.execute(
        "SELECT backup_sha256, backup_size, declared, complete, closing FROM accession_state WHERE id = ?", (number,)
    ).fetchone()
    facts = json.loads(closing) if closing else {}
    stated = archive.connection.execute(
        "SELECT name, text FROM statement WHERE subject = ? ORDER BY id", (f"accession:{number}",)
    ).fetchall()
    defects = archive.connection.execute(
        "SELECT d.quarantined, s.text FROM defect d JOIN statement s ON s.id = d.statement"
        " WHERE d.accession = ? ORDER BY d.id",
        (number,),
    )
    return found | {
        "kinds": facts.get("kinds", {}),
        "backup_sha256": sha256,
        "backup_size": size,
        "declared": declared,
        "complete": complete.split(",") if complete else [],
        "not_compared": facts.get("not_compared", ""),
        "gaps": facts.get("gaps", []),
        "left_out": facts.get("left_out", {}),
        "left_out_sections": facts.get("left_out_sections", {}),
        "parts": [text for name, text in stated if name == "part"],
        **{key: next((text for name, text in stated if name == key), "") for key in DECLARED},
        "defects": [{"quarantined": bool(quarantined), "text": text} for quarantined, text in defects],
    }


def findings(archive: Archive, account: str | None = None, kind: str | None = None) -> list[dict[str, Any]]:
    """Return findings in order, of one account or kind if that is named."""
    rows = archive.connection.execute(
        "SELECT f.id, r.account, f.record, r.kind, f.version, f.kind, f.after_at, f.by_at, f.cause, f.accession"
        " FROM finding f JOIN record r ON r.id = f.record"
        " WHERE (?1 IS NULL OR r.account = ?1) AND (?2 IS NULL OR f.kind = ?2) ORDER BY f.id",
        (account, kind),
    )
    return [
        {
            "finding": number,
            "account": of,
            "record": record,
            "record_kind": record_kind,
            "version": version,
            "kind": what,
            "after": _day(archive, after_at),
            "by": _day(archive, by_at),
            "after_at": after_at,
            "by_at": by_at,
            "cause": cause,
            "accession": accession_number,
        }
        for number, of, record, record_kind, version, what, after_at, by_at, cause, accession_number in rows
    ]
