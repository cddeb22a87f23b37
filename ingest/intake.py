"""Matching and writing: each prepared item becomes an addition, a sighting, an edit, or is staged.

An item whose identity is new is a new record. One that says what a held version says is seen again.
One that differs waits until the backup has been read to its end: a native id that comes twice with
different content is two records, and only then can that be told from an edit.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import msgspec
from msgspec import Struct

from archive.archive import Act, Archive, NewVersion
from archive.canonical import storable
from archive.reading import attachments_of
from archive.records import Audience, Content, HeldAttachment
from archive.state import runs, runs_text
from archive.tables import DEFECT, FINDING, SIGHTING
from archive.version_digest import stored_time
from ingest.date_order import is_day_first
from ingest.dates_held import DatesHeld
from ingest.held import RECIPE, Candidates, Held, held_of, held_under, is_disposed, living, same_content
from ingest.ingestor import Defect, Ingestor
from ingest.normalise import Normaliser, Prepared
from ingest.renamed import Renaming
from ingest.staging import Staging
from ingest.tally import Tally

LESS_AND_LESS_OPEN: tuple[Audience, ...] = ("public", "followers", "private", "draft", "hidden", "spam", "removed")
"""Audiences, each open to fewer people than the one before: what moves to the right is *hidden*, else *shown*."""

_SIGHTED = 1
_SEEN = 2


class Accession(Struct, frozen=True):
    """The accession at work. ``exported_at`` is the stored form of the moment the backup speaks for.

    ``exported_basis`` says how that is known: declared, by the backup, or only when it was taken in.
    """

    id: int
    account: str
    format: str
    exported_at: str
    exported_basis: str

    @property
    def subject(self) -> str:
        """How the ledger names it."""
        return f"accession:{self.id}"


DAY = len("2026-03-01")
"""What of a moment is its day: many backups tell no more, and are taken to have been made at its end."""


class Finding(Struct, frozen=True):
    """What a comparison noticed, with its window: after ``after_at``, by ``by_at`` at the latest."""

    record: int
    version: int
    kind: str
    after_at: str | None
    by_at: str | None
    cause: str


class Change(Struct):
    """A new version about to be appended, and the finding that explains it (of version 0: of this one)."""

    prepared: Prepared
    record: int | None
    finding: Finding | None = None
    sighted: bool = True


class Intake:
    """Takes prepared items into one accession; ``is_first`` if nothing of its account is held yet."""

    def __init__(
        self,
        archive: Archive,
        accession: Accession,
        ingestor: Ingestor,
        normaliser: Normaliser,
        staging: Staging,
        is_first: bool,
    ) -> None:
        self.archive = archive
        self.accession = accession
        self.tally = Tally()
        self.staging = staging
        self.unwanted: set[str] = set()
        """Objects that only items of disposed records have brought, as far as this accession knows."""
        self._ingestor = ingestor
        self._normaliser = normaliser
        self._is_first = is_first
        self._threads: dict[str, str] = {}
        self.dates = DatesHeld(archive.connection, accession.id, accession.account, ingestor)
        self._marks = bytearray(4096)
        self._known_defects = _recorded_defects(archive, accession)
        self._explained = _recorded_findings(archive, accession)
        for first, last in _recorded_sightings(archive, accession):
            for version in range(first, last + 1):
                self._mark(version, _SIGHTED)

    # -- marks: which versions this accession has seen, one byte a version

    def _mark(self, version: int, mark: int) -> None:
        if version >= len(self._marks):
            self._marks.extend(bytes(max(version + 1 - len(self._marks), len(self._marks))))
        self._marks[version] |= mark

    def _marked(self, version: int, mark: int) -> bool:
        return version < len(self._marks) and bool(self._marks[version] & mark)

    # -- one batch

    def take(self, batch: Sequence[Prepared], defects: Sequence[Defect]) -> None:
        """Match a batch, write what is decided, stage what is not."""
        changes: list[Change] = []
        seen: list[tuple[int, Prepared]] = []
        candidates = held_under(self.archive.connection, [one.identity for one in batch if one.has_id])
        fresh: dict[bytes, list[Prepared]] = {}
        for one in batch:
            self.tally.kinds[one.kind] += 1 + len(one.earlier)
            if one.has_id and is_disposed(candidates.get(one.identity, ()), one.content_hash):
                self.note_disposed(one)
            elif not one.has_id or one.revision:
                self.staging.add(one.sealed() if self._is_first else one)
            else:
                self._decide(one, candidates, fresh, changes, seen)
        self.write(changes, seen, defects)

    def _decide(
        self,
        one: Prepared,
        candidates: Candidates,
        fresh: dict[bytes, list[Prepared]],
        changes: list[Change],
        seen: list[tuple[int, Prepared]],
    ) -> None:
        here = fresh.get(one.identity)
        if here is not None and any(twin.content_hash == one.content_hash for twin in here):
            self.tally.held += 1
            return
        held = living(candidates.get(one.identity, ()))
        same = self._same(one, held)
        if same is not None and not self.went_back(same, held) and not self.is_back(same, one):
            if self.reads_dates_better(same, one):
                changes.append(self.reread_of(same, one))
                self.count(changes[-1])
            else:
                self.see(same, one, seen)
        elif any(other.accession != self.accession.id for other in held):
            self.staging.add(one)
        else:
            fresh.setdefault(one.identity, []).append(one)
            counterpart = self.staging.counterpart(one)
            changes.append(self.new_record(one) if counterpart is None else self.counterpart_of(counterpart, one))
            self.count(changes[-1])

    def note_disposed(self, one: Prepared) -> None:
        """Count an item whose record was lawfully disposed of: it is not taken in again, nor are its files."""
        self.tally.disposed += 1 + len(one.earlier)
        self.tally.held += 1 + len(one.earlier)
        said = (one, *one.earlier)
        self.unwanted |= {part.sha256 for each in said for part in each.content.attachments if part.sha256}

    # -- who was renamed

    def note_renamed(self, renamings: Sequence[Renaming]) -> None:
        """Tell who was renamed, and keep what is new in their conversations where it was before."""
        self._threads |= {one.thread_now: one.thread for one in renamings if one.thread_now != one.thread}
        self.write((), (), [Defect(one.thread_now, one.reason(), quarantined=False) for one in renamings])

    def in_its_thread(self, one: Prepared) -> Prepared:
        """Return an item of a conversation that is called otherwise since in the conversation as it is held."""
        thread = self._threads.get(one.content.thread)
        if thread is None or one.has_id:
            return one
        return self._normaliser.with_content(one, msgspec.structs.replace(one.content, thread=thread))

    def identity_as(self, one: Prepared, author: str) -> bytes:
        """Return the identity that an item without id would have by another author."""
        return self._normaliser.identity_as(one, author)

    def _same(self, one: Prepared, held: Sequence[Held]) -> Held | None:
        found = same_content(held, one.content_hash)
        if found is None and held and self._may_lack_files(one):
            found = same_content(held, self._with_files_of(held[-1], one).content_hash)
        return found

    def _may_lack_files(self, one: Prepared) -> bool:
        """Say whether a backup may be without files of an item: it names some that it lacks, or does not name them."""
        return not self._ingestor.names_files or any(not part.sha256 for part in one.content.attachments)

    def went_back(self, same: Held, held: Sequence[Held]) -> bool:
        """Say whether a record says again what it said before a later version that this format showed meanwhile."""
        later = [one.accession for one in held if one.record == same.record and one.version > same.version]
        if same.current or not later:
            return False
        marks = ", ".join("?" * len(later))
        found = self.archive.connection.execute(
            f"SELECT 1 FROM accession WHERE id IN ({marks}) AND id <> ? AND format = ? AND exported_at < ? LIMIT 1",
            (*later, self.accession.id, self.accession.format, self.accession.exported_at),
        )
        return found.fetchone() is not None

    def is_back(self, same: Held, one: Prepared) -> bool:
        """Say whether a record says again what it said before a backup of another format showed it removed.

        A platform's own backup has what is there; one of a format for any platform may have what was stored once.
        """
        if not (same.gone and self._ingestor.platform) or one.content.audience == "removed":
            return False
        found = self.archive.connection.execute(
            "SELECT 1 FROM record r JOIN version v ON v.id = r.version JOIN accession a ON a.id = v.accession"
            " WHERE r.id = ? AND a.exported_at < ?",
            (same.record, self.accession.exported_at),
        )
        return found.fetchone() is not None

    def is_same(self, one: Prepared, held: Held) -> bool:
        """Say whether an item says what a held version says, but for files that this backup does not hold."""
        same = one.content_hash == held.content_hash
        return same or self._with_files_of(held, one).content_hash == held.content_hash

    def _with_files_of(self, held: Held, one: Prepared) -> Prepared:
        """Return an item with the files that this backup lacks as a held version has them, by their names."""
        before = self._files_of(held)
        if self._ingestor.names_files:
            known = {name: part for name, part in before.items() if part.sha256}
            parts = [part if part.sha256 else known.get(part.name, part) for part in one.content.attachments]
            return self._normaliser.with_attachments(one, parts)
        own = {part.name: part for part in one.content.attachments}
        return self._normaliser.with_attachments(one, (before | own).values())

    def _files_of(self, held: Held) -> dict[str, HeldAttachment]:
        parts = attachments_of(self.archive.connection, [held.version])[held.version]
        return {part.name: part for part in parts}

    def see(self, held: Held, one: Prepared, seen: list[tuple[int, Prepared]]) -> None:
        """Count an item that is held, and note the sighting unless it is recorded already."""
        again = self._marked(held.version, _SEEN)
        mine = held.accession == self.accession.id and not again
        if mine and held.version == held.record:
            self.tally.added += 1
        elif mine:
            self.tally.count_version(self._explained.get(held.version, "edited"))
        else:
            self.tally.held += 1
        if not again:
            self._mark(held.version, _SEEN)
            if not self._marked(held.version, _SIGHTED):
                seen.append((held.version, one))

    def reads_dates_better(self, held: Held, one: Prepared) -> bool:
        """Say whether an item that is held reads its dates better than before; count those that others read better."""
        otherwise = self.dates.read_otherwise(held.version, one)
        is_better = bool(otherwise) and (any(map(is_day_first, otherwise)) or self.rereads(held, one))
        self.dates.kept += bool(otherwise) and not is_better
        return is_better

    def tell_dates_kept(self) -> None:
        """Remark how many held records have dates that this backup alone would read otherwise."""
        self.write((), (), list(self.dates.remarks()))

    def was_seen(self, held: Held) -> bool:
        """Say whether this accession has met this version."""
        return self._marked(held.version, _SEEN)

    # -- writing

    def write(
        self, changes: Sequence[Change], seen: Sequence[tuple[int, Prepared]], defects: Sequence[Defect] = ()
    ) -> None:
        """Append what was decided as one act."""
        new_defects = [one for one in defects if self._count_defect(one)]
        objects = [self._object(one) for one in new_defects]
        if not (changes or seen or new_defects):
            return
        self.archive.objects.sync()
        known = self._last_counts([version for version, one in seen if one.metrics])
        versions = [self._new_version(change) for change in changes]
        with self.archive.act("accession.progress", self.accession.subject) as act:
            ids = act.add_versions(versions)
            sighted = [i for i, change in zip(ids, changes, strict=True) if change.sighted]
            sighted += [version for version, _ in seen]
            if sighted:
                act.add(SIGHTING, (self.accession.id, runs_text(sighted)))
            self._write_metrics(act, ids, changes, seen, known)
            self._write_findings(act, ids, changes)
            self._write_defects(act, new_defects, objects)
        for i in ids:
            self._mark(i, _SEEN | _SIGHTED)

    def _new_version(self, change: Change) -> NewVersion:
        one = change.prepared.sealed()
        return NewVersion(
            change.record,
            one.kind,
            self.accession.id,
            one.identity,
            one.content_hash,
            one.digest,
            one.salt,
            one.content,
        )

    def _write_metrics(
        self,
        act: Act,
        ids: Sequence[int],
        changes: Sequence[Change],
        seen: Sequence[tuple[int, Prepared]],
        known: dict[int, str],
    ) -> None:
        counts = [(i, c.prepared.metrics) for i, c in zip(ids, changes, strict=True) if c.prepared.metrics]
        counts += [(i, one.metrics) for i, one in seen if one.metrics and known.get(i) != one.metrics]
        if counts:
            act.add_metrics(self.accession.id, counts)

    def _last_counts(self, versions: Sequence[int]) -> dict[int, str]:
        marks = ", ".join("?" * len(versions))
        return dict(
            self.archive.connection.execute(
                f"SELECT version, counts FROM metric WHERE version IN ({marks}) ORDER BY id", versions
            )
        )

    def _write_findings(self, act: Act, ids: Sequence[int], changes: Sequence[Change]) -> None:
        rows = []
        for number, change in zip(ids, changes, strict=True):
            if change.finding is not None:
                found = change.finding
                record = found.record or number
                of = found.version or number
                rows.append((self.accession.id, record, of, found.kind, found.after_at, found.by_at, found.cause))
        if rows:
            act.add_all(FINDING, rows)

    # -- defects

    def _count_defect(self, defect: Defect) -> bool:
        if defect.quarantined:
            self.tally.quarantined += 1
        else:
            self.tally.remarks += 1
        text = defect_text(defect)
        new = text not in self._known_defects
        self._known_defects.add(text)
        return new

    def _object(self, defect: Defect) -> str:
        """Keep the bytes that could not be read, so that a better reader can try again."""
        if not (defect.quarantined and defect.native):
            return ""
        return self.archive.objects.add(lambda: io.BytesIO(defect.native))[0]

    def _write_defects(self, act: Act, defects: Sequence[Defect], objects: Sequence[str]) -> None:
        for defect, sha256 in zip(defects, objects, strict=True):
            statement = act.state(f"{self.accession.subject}:defect", "defect", defect_text(defect))
            if sha256:
                act.state(f"statement:{statement}", "object", sha256)
            act.add(DEFECT, (self.accession.id, int(defect.quarantined), statement))

    # -- what a change means

    def count(self, change: Change) -> None:
        """Count a settled change: a new record, or a further version of a held one."""
        if change.record is None:
            self.tally.added += 1
        else:
            self.tally.count_version(change.finding.kind if change.finding else "edited")

    def new_record(self, one: Prepared) -> Change:
        """Return a new record; one that the source calls removed comes with the finding that says so."""
        removed = one.content.removed
        if one.content.audience != "removed":
            return Change(one, None)
        at = stored_time(removed.at) if removed is not None and removed.at is not None else None
        finding = Finding(0, 0, "removed", at, at or self.accession.exported_at, self._cause(one))
        return Change(one, None, finding)

    @staticmethod
    def _cause(one: Prepared) -> str:
        """Say who did it, as the source tells; what a list says of somebody may be anybody's doing."""
        if one.removed_by or one.kind == "subscriber":
            return one.removed_by or "unknown"
        return "city" if one.content.author.is_account else "author"

    def removal_of(self, held: Held, one: Prepared) -> Change:
        """Return the removal of a held record; what the notice of it does not say, the held version says."""
        before = next(self.archive.version([held.version])).content
        content = self._with_files_of(held, one).content
        kept = {"created": content.created or before.created, "attachments": content.attachments or before.attachments}
        return self.change_of(held, self._normaliser.with_content(one, msgspec.structs.replace(content, **kept)))

    def earlier_of(self, record: int, one: Prepared) -> Iterator[Change]:
        """Yield what the source says that a record said before, where that is not held; count what is."""
        known = held_of(self.archive.connection, record)
        chain = (*one.earlier, one)
        for before, after in pairwise(chain):
            same = same_content(known, before.content_hash)
            if same is not None:
                self.see(same, before, [])
                continue
            self.tally.edited += 1
            yield self.came_before(record, before, after, same_content(known, after.content_hash))

    def came_before(self, record: int, before: Prepared, after: Prepared, held: Held | None) -> Change:
        """Return what a record said before what came ``after``, ``held`` or not: the edit is the later one's."""
        moment = after.edited_at or None
        of = held.version if held is not None else 0
        return Change(before, record, Finding(record, of, "edited", moment, moment, self._cause(after)), sighted=False)

    def rereads(self, held: Held, one: Prepared) -> bool:
        """Say whether the difference to a held version comes from a newer reader or another recipe."""
        reader = self._ingestor
        row = self.archive.connection.execute(
            "SELECT a.format_version, c.native, coalesce((SELECT text FROM statement"
            "   WHERE subject = 'accession:' || a.id AND name = ?), '')"
            " FROM version v JOIN accession a ON a.id = v.accession JOIN content c ON c.id = v.id"
            " WHERE v.id = ? AND a.format = ?",
            (RECIPE, held.version, reader.name),
        ).fetchone()
        if row is None or row[0] > reader.version or (row[0], row[2]) == (reader.version, storable(reader.recipe)):
            return False
        return reader.material(row[1] or b"") == reader.material(one.content.native)

    def _brings_files(self, held: Held, one: Prepared) -> bool:
        """Say whether an item says what a held version says, with files that its backup lacked."""
        before = self._files_of(held)
        lacking = {name: part for name, part in before.items() if not part.sha256}
        parts = [lacking.get(part.name, part) for part in one.content.attachments]
        if not self._ingestor.names_files:
            own = {part.name: part for part in one.content.attachments}
            parts = [own.get(name, part) for name, part in before.items()]
        elif not lacking:
            return False
        return self._normaliser.with_attachments(one, parts).content_hash == held.content_hash

    def change_of(self, held: Held, one: Prepared) -> Change:
        """Return the new version of a held record, explained.

        A moment that the source tells counts, unless a backup made after it still shows the old words.
        """
        if self.rereads(held, one):
            return self.reread_of(held, one)
        if self._brings_files(held, one):
            return self.reread_of(held, self._with_files_of(held, one))
        if self.is_told_already(held, one.content):
            return self.counterpart_of(held, one)
        after = self.archive.connection.execute(
            "SELECT a.exported_at FROM record r JOIN accession a ON a.id = r.seen_in WHERE r.id = ?",
            (held.record,),
        ).fetchone()
        if after and after[0][:DAY] > self.accession.exported_at[:DAY]:
            return self._change_before(held, one)
        kind, cause = self._kind_of_change(held, one)
        window: tuple[Any, str] = (after[0] if after else None, self.accession.exported_at)
        exact = one.content.removed if kind == "removed" else one.content.edited if kind == "edited" else None
        told = stored_time(exact.at) if exact is not None and exact.at is not None else ""
        if told and not told < (window[0] or "") < window[1]:
            window, cause = (told, told), self._cause(one)
        return Change(one, held.record, Finding(held.record, 0, kind, *window, cause))

    def reread_of(self, held: Held, one: Prepared) -> Change:
        """Return what a held record says as it is read better now: no edit."""
        return Change(one, held.record, Finding(held.record, 0, "reread", None, None, "reader"))

    def _change_before(self, held: Held, one: Prepared) -> Change:
        """Return what a record said in a backup that is older than those held: a change from one to the next by date.

        Where no held backup is older still, it is the next one that shows the change.
        """
        made = self.accession.exported_at
        shown = self.archive.connection.execute(
            "SELECT v.id, a.exported_at, c.audience FROM version v JOIN accession a ON a.id = v.accession"
            " JOIN content c ON c.id = v.id"
            " WHERE (v.id = ?1 OR (v.record = ?1 AND v.id <> v.record)) AND a.id <> ?2 ORDER BY a.exported_at, v.id",
            (held.record, self.accession.id),
        ).fetchall()
        older = [each for each in shown if each[1] <= made]
        audience = one.content.audience
        if older:
            _, after, before = older[-1]
            kind, cause = self._by_audience(before, audience, one)
            return Change(one, held.record, Finding(held.record, 0, kind, after, made, cause))
        version, by, later = next((each for each in shown if each[1] > made), (held.version, None, audience))
        kind, _ = self._by_audience(audience, later, one)
        return Change(one, held.record, Finding(held.record, version, kind, made, by, "unknown"))

    def counterpart_of(self, held: Held, one: Prepared) -> Change:
        """Return a held record as another format tells it: a version of its own, and no edit."""
        return Change(one, held.record, Finding(held.record, 0, "counterpart", None, None, "format"))

    def is_told_already(self, held: Held, content: Content) -> bool:
        """Say whether another format has shown these very words of the record, with the held version or since.

        A subscriber has none: what changes about one is an edit.
        """
        found = self.archive.connection.execute(
            "SELECT 1 FROM record r JOIN content c ON c.id = r.version"
            " JOIN version v ON v.id = r.version JOIN accession a ON a.id = v.accession"
            " WHERE r.id = ? AND r.kind <> 'subscriber'"
            " AND (r.version <> ? OR (a.format <> ? AND coalesce(c.title, '') = ?))"
            " AND coalesce(c.text, '') = ? AND c.audience = ?",
            (
                held.record, held.version, self._ingestor.name, storable(content.title),
                storable(content.text), content.audience,
            ),
        )  # fmt: skip
        return found.fetchone() is not None

    def _kind_of_change(self, held: Held, one: Prepared) -> tuple[str, str]:
        content = one.content
        found = self.archive.connection.execute("SELECT audience FROM content WHERE id = ?", (held.version,)).fetchone()
        before: Audience = "removed" if self.is_back(held, one) else found[0] if found else content.audience
        return self._by_audience(before, content.audience, one)

    def _by_audience(self, before: Audience, after: Audience, one: Prepared) -> tuple[str, str]:
        if before == after:
            return "edited", "unknown"
        if after == "removed":
            return "removed", self._cause(one)
        closed = LESS_AND_LESS_OPEN.index(after) > LESS_AND_LESS_OPEN.index(before)
        return "hidden" if closed else "shown", "unknown"


def defect_text(defect: Defect) -> str:
    """Return how a defect is told: its place and its reason."""
    return f"{defect.place}: {defect.reason}"


def _recorded_defects(archive: Archive, accession: Accession) -> set[str]:
    return {
        text
        for (text,) in archive.connection.execute(
            "SELECT text FROM statement WHERE subject = ? AND name = 'defect'",
            (f"{accession.subject}:defect",),
        )
    }


def _recorded_findings(archive: Archive, accession: Accession) -> dict[int, str]:
    """Return what explains the versions that this accession has added before it was cut short."""
    return dict(
        archive.connection.execute("SELECT version, kind FROM finding WHERE accession = ? ORDER BY id", (accession.id,))
    )


def _recorded_sightings(archive: Archive, accession: Accession) -> list[tuple[int, int]]:
    rows = archive.connection.execute("SELECT versions FROM sighting WHERE accession = ?", (accession.id,))
    return [run for (versions,) in rows for run in runs(versions)]
