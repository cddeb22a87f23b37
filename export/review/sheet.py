"""One record as reviewers see it: its collected versions, what was decided, blacked out, pointed out and noted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from archive import clock
from archive.archive import Archive
from export.review import decisions, notes, redactions, suggested
from export.review.decisions import Decision
from export.review.fields import texts
from export.review.notes import Note
from export.review.redactions import Redaction


class Sheet(Struct, frozen=True):
    """What there is to know about one record of a request. Times are local, in words."""

    request: int
    record: int
    versions: list[dict[str, Any]]
    decisions: list[Decision]
    redactions: list[Redaction]
    suggestions: list[dict[str, Any]]
    notes: list[Note]

    def lines(self) -> Iterator[str]:
        """Yield the sheet as lines for a terminal."""
        for one in self.versions:
            yield f"Record {self.record}, version {one['version']}: {one['kind']} of {one['account']}, {one['date']}"
            yield from (f"  {field}: {text}" for field, text in one["fields"].items())
        yield ""
        last = self.decisions[-1] if self.decisions else None
        yield f"Decided: {last.outcome if last else 'nothing yet'}"
        for each in self.decisions:
            under = f" under {each.exemption}: {each.reason}" if each.exemption else ""
            yield f"  {each.at[:16].replace('T', ' ')} UTC, {each.by}: version {each.version} {each.outcome}{under}"
        for mark in self.redactions:
            where = mark.mark.region or f"{mark.mark.start}-{mark.mark.stop}"
            yield f"Blacked out ({mark.id}): {mark.mark.field} {where}, version {mark.mark.version}, {mark.exemption}"
            yield f"  {mark.reason}"
        for row in self.suggestions:
            yield f"Look at #{row['number']}: {row['sort']}, {row['place']}"
        for note in self.notes:
            yield f"Note of {note.by}: {note.text}"


def sheet(archive: Archive, number: int, record: int) -> Sheet:
    """Return a record's sheet; raises ``decisions.NotCollected``."""
    ids = decisions.versions_of(archive, number, [record])[record]
    standing = redactions.standing(archive, number)
    return Sheet(
        request=number,
        record=record,
        versions=[_version(archive, one) for one in archive.version(ids)],
        decisions=decisions.history(archive, number, record),
        redactions=[one for version in ids for one in standing.get(version, ())],
        suggestions=suggested.listed(archive, number, record),
        notes=notes.of(archive, number, record),
    )


def _version(archive: Archive, version: Any) -> dict[str, Any]:
    created = version.content.created
    at = created.at if created is not None else None
    return {
        "version": version.id, "kind": version.kind, "account": version.account,
        "date": clock.in_words(at, archive.timezone) if at is not None else "date not known",
        "fields": dict(texts(version.content)),
    }  # fmt: skip
