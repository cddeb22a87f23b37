"""A held version as the value that bundle writers get: everything blacked out is gone from it."""

from __future__ import annotations

from datetime import datetime

from archive import clock
from archive.archive import Archive
from archive.records import Timestamp, Version
from export.people import People
from export.production import act
from export.production.blackout import CREATED, Blackout
from export.production.files import Files
from export.production.plan import Plan, ground_of
from export.record_state import StateNotes
from export.released import ReleasedRecord, WithheldRecord

LOGGED_KINDS = ("email",)
"""Kinds whose author and recipients a log names, as a privilege log does."""


class Values:
    """Makes released and withheld values of one plan."""

    def __init__(self, archive: Archive, plan: Plan, people: People, files: Files, prefix: str) -> None:
        self._archive = archive
        self._plan = plan
        self._people = people
        self._files = files
        self._prefix = prefix
        self._notes = StateNotes(archive, plan.upto)
        self._titles = dict(archive.connection.execute("SELECT id, title FROM account"))

    def released(self, version: Version) -> ReleasedRecord:
        """Return what goes out of a version."""
        one = self._whole(version)
        return self._people.released(one) if version.kind == "subscriber" else one

    def _whole(self, version: Version) -> ReleasedRecord:
        lot = self._plan.lots[version.id]
        said = Blackout(version.content, lot.redactions, self._plan.exemptions)
        content, number = version.content, self._plan.numbers[version.id]
        has_no_time = said.hides(CREATED)
        created = None if has_no_time else content.created
        one = ReleasedRecord(
            number=number,
            bates=act.bates(self._prefix, number),
            record=version.record,
            version=version.id,
            digest=version.digest.hex(),
            account=version.account,
            account_title=self._titles.get(version.account, ""),
            platform=version.platform,
            kind=version.kind,
            state=version.state,
            state_note=self._notes.of(version),
            standing="current" if version.current else "superseded",
            created_at=_iso(created),
            created_raw=created.raw if created is not None else "",
            created_precision=created.precision if created is not None else "",
            local_time=said(CREATED) if has_no_time else self._local(created),
            edited_at="" if has_no_time else _iso(content.edited),
            author=said("author.name"),
            handle=said("author.handle"),
            author_id=said("author.native_id"),
            by_account=content.author.is_account,
            native_id=said("native_id"),
            title=said("title"),
            text=said("text"),
            parent=said("parent"),
            parent_number=self._plan.parent(version.account, content.parent),
            thread=said("thread"),
            conversation=self._plan.conversation(version.id),
            url=said("url"),
            audience=content.audience,
            recipients=said.listed("recipients"),
            list_name=said("list_name"),
            links=said.listed("links"),
            tags=said.listed("tags"),
            mentions=said.listed("mentions"),
            details={key: said(f"details.{key}") for key in content.details},
            attachments=tuple(self._files.attachments(version, said)),
            captured_at=version.captured_at.isoformat(),
            accession=version.accession,
            decision="undecided" if lot.outcome == "undecided" else "released",
            context=version.id in self._plan.context,
            redactions=tuple(said.placed),
        )
        return self._files.with_own_bytes(one, version)

    def withheld(self, version: Version) -> WithheldRecord:
        """Return what the log says of a version that stays in."""
        lot = self._plan.lots[version.id]
        assert lot.decision is not None
        said = Blackout(version.content, lot.redactions, self._plan.exemptions)
        content, number = version.content, self._plan.numbers[version.id]
        logged = version.kind in LOGGED_KINDS
        return WithheldRecord(
            number=number,
            bates=act.bates(self._prefix, number),
            record=version.record,
            version=version.id,
            account=version.account,
            account_title=self._titles.get(version.account, ""),
            platform=version.platform,
            kind=version.kind,
            created_at="" if said.hides(CREATED) else _iso(content.created),
            local_time=said(CREATED) or self._local(content.created),
            author=(said("author.name") or said("author.handle")) if logged or content.author.is_account else "",
            recipients=said.listed("recipients") if logged else (),
            conversation=self._plan.conversation(version.id),
            parent_number=self._plan.parent(version.account, content.parent),
            attachments=len(content.attachments),
            ground=ground_of(lot.decision.exemption, lot.decision.reason, self._plan.exemptions),
        )

    def _local(self, moment: Timestamp | None) -> str:
        if moment is None or moment.at is None:
            return ""
        local = clock.in_words(moment.at, self._archive.timezone)
        return local[:10] if moment.precision == "day" else local


def _iso(moment: Timestamp | None) -> str:
    at: datetime | None = moment.at if moment is not None else None
    return at.isoformat() if at is not None else ""
