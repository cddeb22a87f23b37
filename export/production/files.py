"""Attachments, burnt-over copies and the sources' own bytes, staged under the paths that a bundle gives them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from archive.archive import Archive
from archive.errors import ExitCode, MunimentError
from archive.reading import attachments_of
from archive.records import HeldAttachment, Version
from export.flagged import is_native_flagged
from export.people import People
from export.production.blackout import Blackout
from export.production.plan import Plan
from export.redaction.copies import CANNOT_BE_BURNT, burnt_over
from export.redaction.mail import rebuild
from export.released import ReleasedAttachment, ReleasedRecord
from export.review.redactions import Redaction

_COUNTERPARTS = """
SELECT o.id FROM version v JOIN content c ON c.id = v.id
JOIN version o ON o.id = v.record OR (o.record = v.record AND o.id <> o.record) JOIN content d ON d.id = o.id
WHERE v.id = ? AND v.record IN (SELECT record FROM finding WHERE kind = 'counterpart')
  AND c.native_id IS NOT NULL AND d.native_id IS NULL AND d.text IS c.text AND d.audience = c.audience
  AND o.seq <= ? ORDER BY o.id
"""
"""What another format, without ids, tells of a record in the same words; of what was held when it was collected."""

_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "application/pdf": ".pdf"}

DRAFT = ".DRAFT"
"""Stands in the name of every file of a draft."""

NOT_HELD = "the backup names this file but does not hold it"


class FileLost(MunimentError):
    """The archive should hold a file and does not: a release without it would say something untrue."""

    exit_code = ExitCode.UNSOUND

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The file “{name}” is no longer among the archive's objects. Nothing was built. `muniment verify` names "
            "all that are lost; bring its backup in again, or put the objects back from a copy of the archive."
        )


class Files:
    """The staging folder's files of one plan. ``natives_kept_in`` counts records whose own bytes are not there.

    A draft's files say so in their names: their bytes are what they are.
    """

    def __init__(self, archive: Archive, folder: Path, plan: Plan, people: People, is_draft: bool = False) -> None:
        self._archive = archive
        self._folder = folder
        self._plan = plan
        self._people = people
        self._mark = DRAFT if is_draft else ""
        self.natives_kept_in = 0
        for part in ("media", "natives", "rebuilt"):
            (folder / part).mkdir()

    def attachments(self, version: Version, said: Blackout) -> Iterator[ReleasedAttachment]:
        """Yield a record's files, and those that only another format's telling of it holds."""
        met: set[str] = set()
        own = [(one, said.of_file(i), said(f"attachments.{i}.name"), said(f"attachments.{i}.alt"))
               for i, one in enumerate(version.content.attachments)]  # fmt: skip
        others = [(one, (), one.name, one.alt) for one in self._of_counterparts(version)]
        for one, burnt, name, alt in chain(own, others):
            if one.sha256 and one.sha256 in met:
                continue
            met.add(one.sha256)
            shown = ReleasedAttachment(name=name, media_type=one.media_type, size=one.size, sha256=one.sha256, alt=alt)
            yield self._burnt(one, shown, burnt) if burnt else self._stored(one, shown)

    def _of_counterparts(self, version: Version) -> Iterator[HeldAttachment]:
        """Yield the files of another format's telling that no redaction touches, unless that telling stays in."""
        open_ones, lots = self.counterparts(version), self._plan.lots
        for of, listed in attachments_of(self._archive.connection, open_ones).items() if open_ones else ():
            touched = {one.mark.field for one in lots[of].redactions} if of in lots else set()
            for position, one in enumerate(listed):
                field = f"attachments.{position}"
                if one.sha256 not in self._plan.burnt_files and not {field, f"{field}.name", f"{field}.alt"} & touched:
                    yield one

    def counterparts(self, version: Version) -> list[int]:
        """Return other formats' tellings of a version, unless they stay in."""
        asked = (version.id, self._plan.collected_at)
        ids = [row[0] for row in self._archive.connection.execute(_COUNTERPARTS, asked)]
        lots = self._plan.lots
        return [one for one in ids if one not in lots or lots[one].goes_out]

    def _stored(self, one: HeldAttachment, shown: ReleasedAttachment) -> ReleasedAttachment:
        """Stage a file as it is held."""
        if not one.sha256:
            return replace(shown, missing=NOT_HELD)
        held = self._held(one.sha256, one.name)
        path = f"media/{one.sha256[:32]}{self._mark}{_suffix(one.name)}"
        target = self._folder / path
        if not target.exists():
            _link(held, target)
        return replace(shown, path=path)

    def _burnt(
        self, one: HeldAttachment, shown: ReleasedAttachment, marks: Sequence[tuple[Redaction, int]]
    ) -> ReleasedAttachment:
        """Stage a copy in which the marks are burnt over, a replacement made elsewhere, or nothing at all."""
        shown = replace(shown, size=0, sha256="", redacted=True)
        replacements = [mark.mark.replacement for mark, _ in marks if mark.mark.replacement]
        if replacements:
            payload = self._held(replacements[-1], one.name).read_bytes()
            return self._written(payload, replace(shown, alt=""))
        if any(not mark.mark.region for mark, _ in marks) or not one.sha256:
            numbers = ", ".join(str(number) for _, number in marks)
            return replace(shown, alt="", missing=f"withheld: see redaction {numbers} of this record")
        try:
            made_anew = burnt_over(
                self._held(one.sha256, one.name), one.media_type, [mark.mark.region for mark, _ in marks]
            )
        except CANNOT_BE_BURNT:
            return replace(shown, alt="", missing="withheld whole, since nothing can be burnt over in it")
        shown = replace(shown, media_type=made_anew.media_type)
        return self._written(made_anew.payload, shown, _SUFFIXES.get(made_anew.media_type, ""))

    def _held(self, sha256: str, name: str) -> Path:
        """Return where the bytes of a file are; raises :class:`FileLost`."""
        if sha256 not in self._archive.objects:
            raise FileLost(name)
        return self._archive.objects.path(sha256)

    def _written(self, payload: bytes, shown: ReleasedAttachment, suffix: str = "") -> ReleasedAttachment:
        digest = sha256(payload).hexdigest()
        path = f"media/{digest[:32]}{self._mark}{suffix or _suffix(shown.name)}"
        (self._folder / path).write_bytes(payload)
        return replace(shown, path=path, size=len(payload), sha256=digest)

    def with_own_bytes(self, one: ReleasedRecord, version: Version) -> ReleasedRecord:
        """Stage the source's own bytes of a record, or a message made anew where something in it stays in."""
        native = version.content.native
        if one.redactions or (native and self._holds_back(version)):
            return self.without_native(one, version)
        if not native:
            return one
        path = f"natives/{one.number:06}{self._mark}{_native_suffix(version)}"
        (self._folder / path).write_bytes(native)
        return replace(one, native_path=path, native_sha256=sha256(native).hexdigest())

    def without_native(self, one: ReleasedRecord, version: Version) -> ReleasedRecord:
        """Keep the source's own bytes of a record in; of a mail whose bytes hold more, a message made anew goes out."""
        if one.native_path:
            (self._folder / one.native_path).unlink()
        self.natives_kept_in += bool(version.content.native) or bool(one.redactions)
        one = replace(one, native_path="", native_sha256="")
        if version.platform != "email":
            return one
        path = f"rebuilt/{one.number:06}{self._mark}.eml"
        going = [(each, self._folder / each.path) for each in one.attachments if each.path]
        (self._folder / path).write_bytes(rebuild(one, going))
        return replace(one, rebuilt_path=path)

    def _holds_back(self, version: Version) -> bool:
        if version.kind == "subscriber":
            return self._people.holds_back(version)
        return is_native_flagged(version.content.native)


def _link(stored: Path, target: Path) -> None:
    """Give an object a second name; copy it where the disk knows no second names."""
    try:
        os.link(stored, target)
    except OSError:
        shutil.copyfile(stored, target)


def _suffix(name: str) -> str:
    """Return a short, harmless ending for a file name in the bundle."""
    suffix = Path(name).suffix.lower()
    return suffix if suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= 6 else ""


def _native_suffix(version: Version) -> str:
    """Return the ending that opens a record's own bytes in the right program."""
    native = version.content.native
    if native.startswith(b"\xd0\xcf\x11\xe0"):
        return ".msg"
    if native.lstrip()[:1] in (b"{", b"["):
        return ".json"
    if version.platform == "email":
        return ".eml"
    if native.lstrip()[:1] == b"<":
        return ".html"
    return ".csv" if version.kind == "subscriber" else ".txt"
