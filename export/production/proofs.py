"""Proofs that released records are what the archive took in, staged beside them.

A proof leads from the values that a record shows to its version's digest, from there to the ledger row that vouches
for it, and from that row to the root in the row of the production: its checkpoint. No salt goes out, no leaf of
anything that stays in but as a hash, and no other row of the ledger (``docs/bundle.md``).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from archive import ledger, ledger_tree, merkle, reading, version_digest
from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.ledger import LedgerRow
from archive.records import Version
from archive.version_digest import Field
from export.production.blackout import Blackout
from export.production.files import Files
from export.production.opened import Opened, flattened
from export.production.plan import Plan
from export.production.resting import resting
from export.proved import Proof, Proved, Voucher
from export.released import ReleasedRecord

GROUPS = 256
"""Ledger rows whose trees are kept at hand: 60 kB each, so that memory stays flat."""

PLACED = frozenset({"number", "bates", "version", "digest", "captured_at", "accession"})
"""Released values that a proof's place in the ledger proves, or that it repeats itself."""


class NotAsTakenIn(MunimentError):
    """A record is not what the archive took in any more, so nothing that holds it may go out."""

    exit_code = ExitCode.UNSOUND

    def __init__(self, record: int) -> None:
        super().__init__(
            f"Record {record} is not what was taken in: its digest does not fit. Nothing was built. "
            "Run `muniment verify` and restore a sound backup."
        )


class Proofs:
    """Makes the proofs of one production, record by record."""

    def __init__(self, archive: Archive, plan: Plan, files: Files) -> None:
        self._archive = archive
        self._plan = plan
        self._files = files
        self._rows: set[int] = set()
        self._group = lru_cache(GROUPS)(self._read_group)

    def of(self, version: Version, one: ReleasedRecord) -> tuple[ReleasedRecord, Proof]:
        """Return a record with the words that no digest proves named in it, and its proof."""
        said = Blackout(version.content, self._plan.lots[version.id].redactions, self._plan.exemptions)
        fields = version_digest.fields(version.content)
        mine, proved = self._opened(version, fields, one, said)
        files, more = self._other_tellings(version, one, proved)
        proved |= more
        one = replace(one, resting=tuple(resting(fields, one, said, proved)))
        told = {name: value for name, value in flattened(one).items() if name not in proved | PLACED}
        proof = Proof(
            number=one.number,
            bates=one.bates,
            version=mine.version,
            row=mine.row,
            path=mine.path,
            tree=mine.tree,
            told=told,
            files=files,
        )
        return one, proof

    def _other_tellings(
        self, version: Version, one: ReleasedRecord, proved: set[str]
    ) -> tuple[tuple[Proved, ...], set[str]]:
        """Return the proofs of files that only another format's telling holds: nothing else of it is opened."""
        missing = {name for place in range(len(one.attachments)) if (name := f"attachments.{place}") not in proved}
        if not missing:
            return (), set()
        found: list[Proved] = []
        names: set[str] = set()
        blank = replace(_nothing_of(one), attachments=one.attachments)
        for other in self._archive.version(self._files.counterparts(version)):
            fields = version_digest.fields(other.content)
            lot = self._plan.lots.get(other.id)
            said = Blackout(other.content, lot.redactions if lot is not None else (), self._plan.exemptions)
            proof, more = self._opened(other, fields, blank, said)
            if more & missing:
                found.append(proof)
                names |= more & missing
        return tuple(found), names

    def _opened(
        self, version: Version, fields: list[Field], one: ReleasedRecord, said: Blackout
    ) -> tuple[Proved, set[str]]:
        opened = Opened(reading.salt_of(self._archive.connection, version.id), fields, one, said)
        if opened.digest != version.digest:
            raise NotAsTakenIn(version.record)
        first, tree = self._group(version.seq)
        path = tuple(one.hex() for one in merkle.siblings(tree, version.id - first))
        self._rows.add(version.seq)
        return Proved(version=version.id, row=version.seq, path=path, tree=opened.tree), opened.names

    def _read_group(self, seq: int) -> tuple[int, list[list[bytes]]]:
        """Return the first version that a ledger row vouches for, and the tree over them."""
        vouched: dict[str, Any] = self._row(seq).facts["tables"]["content"]
        leaves = reading.content_leaves(self._archive.connection, vouched["first"], vouched["count"])
        return vouched["first"], merkle.levels(leaves)

    def _row(self, seq: int) -> LedgerRow:
        return next(ledger.rows(self._archive.connection, after=seq - 1, upto=seq))

    def vouchers(self, checkpoint: LedgerRow) -> Iterator[Voucher]:
        """Yield the checkpoint's row and those that vouch for the records; none if it commits to none.

        Rows of productions that were made before there were proofs do not.
        """
        said = checkpoint.facts.get(ledger_tree.KEY)
        if said is None:
            return
        tree = merkle.levels(ledger_tree.leaves(self._archive.connection, said["size"]))
        yield self._voucher(checkpoint, ())
        for seq in sorted(self._rows):
            yield self._voucher(self._row(seq), tuple(one.hex() for one in merkle.siblings(tree, seq - 1)))

    def _voucher(self, row: LedgerRow, path: tuple[str, ...]) -> Voucher:
        previous = self._row(row.seq - 1).digest if row.seq > 1 else ledger.GENESIS
        return Voucher(seq=row.seq, previous=previous.hex(), row=row.hashed, path=path)


def _nothing_of(one: ReleasedRecord) -> ReleasedRecord:
    """Return a record that says nothing."""
    return ReleasedRecord(
        number=one.number, record=0, version=0, digest="", account="", platform="", account_title="", kind="",
        state="", audience="",
    )  # fmt: skip
