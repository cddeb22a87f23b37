"""A staged production with whatever records a test wants."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec

from export.released import (
    Duplicate,
    Production,
    Reconciliation,
    ReleasedAttachment,
    ReleasedRecord,
    SearchedAccount,
    SearchedBackup,
    WithheldRecord,
)

ACCOUNT = SearchedAccount(
    account="x-city",
    title="City of Milbrook on X",
    platform="x",
    department="Clerk",
    backups=(
        SearchedBackup(
            accession=1, taken_in_on="2026-03-02", exported_on="2026-03-01", format="x-archive", complete=True,
            items=3, quarantined=0, sha256="ab" * 32,
        ),
    ),
    gaps=("replies by other people",),
)  # fmt: skip


def record(number: int, **values: Any) -> ReleasedRecord:
    """Return a released record with plain defaults."""
    plain: dict[str, Any] = {
        "record": number, "version": number, "digest": "cd" * 32, "account": "x-city",
        "account_title": "City of Milbrook on X", "platform": "x", "kind": "post", "state": "present",
        "local_time": f"2026-03-{number % 28 + 1:02} 09:30", "author": "City of Milbrook", "by_account": True,
        "text": f"The pool is closed, notice {number}", "captured_at": "2026-03-02T10:00:00+00:00", "accession": 1,
    }  # fmt: skip
    bates = f"MILBROOK-2026-0001-{number:06}"
    return ReleasedRecord(number=number, **({"bates": bates} | plain | values))


def staged(
    folder: Path,
    records: list[ReleasedRecord],
    files: dict[str, bytes] | None = None,
    duplicates: int = 0,
    withheld: Sequence[WithheldRecord] = (),
) -> Production:
    """Stage records and files in a folder."""
    folder.mkdir(parents=True)
    (folder / "records.jsonl").write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in records))
    twins = [Duplicate(record=900 + n, version=900 + n, account="x-city", duplicate_of=1) for n in range(duplicates)]
    (folder / "duplicates.jsonl").write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in twins))
    (folder / "withheld.jsonl").write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in withheld))
    (folder / "not_responsive.jsonl").write_bytes(b"")
    for name, payload in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(payload)
    return Production(
        archive_name="City of Milbrook", request="2026-0001", request_description="The <pool> & its closure",
        received_on=date(2026, 4, 2), built_at=datetime(2026, 4, 3, 10, tzinfo=UTC), timezone="America/Chicago",
        queries=("pool OR piscina",), checkpoint="24:" + "ef" * 32, ledger_position=22, accounts=(ACCOUNT,),
        reconciliation=_sums(records, withheld, duplicates),
        number=1, draft=True, staging=folder,
    )  # fmt: skip


def _sums(records: list[ReleasedRecord], withheld: Sequence[WithheldRecord], duplicates: int) -> Reconciliation:
    redacted = sum(bool(one.redactions) for one in records)
    return Reconciliation(
        found=len(records) + len(withheld) + duplicates, released=len(records) - redacted, redacted=redacted,
        withheld=len(withheld), duplicates=duplicates,
    )  # fmt: skip


def attachment(
    name: str, path: str, payload: bytes, media_type: str = "image/jpeg", alt: str = ""
) -> ReleasedAttachment:
    """Return an attachment whose bytes are staged at ``path``."""
    digest = hashlib.sha256(payload).hexdigest()
    return ReleasedAttachment(name=name, media_type=media_type, size=len(payload), sha256=digest, path=path, alt=alt)
