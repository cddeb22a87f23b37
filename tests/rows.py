"""An archive with rows in every guarded table, made through acts."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from archive import accounts, matching, users, version_digest
from archive.archive import Archive, NewVersion
from archive.records import Author, Content, HeldAttachment, Recipient, Timestamp
from archive.tables import (
    ACCESSION,
    DECISION,
    DEFECT,
    DISPOSED,
    EXTRACTION,
    FINDING,
    MEMBER,
    PRODUCED,
    REDACTION,
    SELECTION,
    SIGHTING,
    WITHDRAWAL,
)


def content(archive: Archive, number: int) -> Content:
    """Return a content in which no field is empty."""
    moment = Timestamp(datetime(2026, 3, number % 28 + 1, 9, 30, tzinfo=UTC), f"raw {number}", "second", "explicit")
    sha256, size, _ = archive.objects.add(lambda: io.BytesIO(b"picture %d" % number))
    return Content(
        native_id=str(number),
        author=Author("Grace Lor", "grace_lor", "77", is_account=True),
        created=moment,
        edited=moment,
        removed=moment,
        title=f"Title {number}",
        text=f"The pool at Riverside Park is closed, says neighbor {number}. " * 3,
        parent="1",
        thread="1",
        url=f"https://milbrook.example/{number}",
        recipients=(Recipient("to", "Clerk", "clerk@milbrook.example"),),
        list_name="weekly",
        links=("https://milbrook.example",),
        tags=("pool",),
        mentions=("neighbor",),
        details={"status": "subscribed"},
        attachments=(HeldAttachment("pool.jpg", "image/jpeg", size, sha256, "A gate"),),
        place=f"data/tweets.js, item {number}",
        native=b'{"id": %d}' % number,
    )


def new_version(archive: Archive, one: Content, accession: int = 1, record: int | None = None) -> NewVersion:
    """Return a version of a post, hashed as the pipeline does."""
    found = version_digest.fields(one)
    salt = b"s" * 16
    return NewVersion(
        record,
        "post",
        accession,
        archive.identity("x-city", "post", one.native_id),
        matching.content_hash(archive.key, "post", found),
        version_digest.digest(salt, found),
        salt,
        one,
    )


def fill_every_table(archive: Archive) -> None:
    """Append at least two rows to every table, through several acts."""
    accounts.add(archive, "x-city", platform="x", department="Clerk", handle="CityOfMilbrook", title="On X")
    users.add(archive, "anna", "clerk", "a long enough password")
    with archive.act("accession.opened", "accession:1") as act:
        for _ in range(2):
            act.add(
                ACCESSION,
                ("x-city", "x-archive", 1, "2026-03-01T12:00:00.000Z", "declared", "complete", "post", "2020-01-01",
                 "2026-03-01", "ab" * 32, 4096),
            )  # fmt: skip
    for start in (1, 3):
        with archive.act("accession.progress", "accession:1") as act:
            ids = act.add_versions([new_version(archive, content(archive, start + i)) for i in range(2)])
            act.add(SIGHTING, (1, f"{ids[0]}-{ids[-1]}"))
            act.add_metrics(1, [(one, '{"likes":3}') for one in ids])
            act.add(EXTRACTION, (b"s" * 16, ids[0], "text", "words in a picture"))
            act.add(
                FINDING, (1, ids[0], ids[0], "edited", "2026-02-01T12:00:00.000Z", "2026-03-01T12:00:00.000Z", "city")
            )
            statement = act.state("accession:1:defect", "defect", "data/tweets.js, item 9: broken")
            act.add(DEFECT, (1, 1, statement))
            selection = act.add(SELECTION, ("request:1", "collected", 3))
            act.add_all(MEMBER, [(selection, one) for one in ids])
            reason = act.state("review:1", "reason", "A home telephone number")
            act.add(DECISION, (1, ids[0], "redact", "balancing", reason))
            redaction = act.add(REDACTION, (1, ids[0], "text", 4, 8, "1,10,10,20,20", "ab" * 32, "balancing", reason))
            act.add(WITHDRAWAL, (redaction, reason))
            act.add(PRODUCED, (1, ids[0], start, "redacted", "edited", 1))
            act.add(DISPOSED, ("metric", 1, b"l" * 32, 1, "2033-01-01", "destroy", "social-media", "Wis. Stat."))
    archive.objects.sync()
