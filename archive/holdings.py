"""How a version's content is written to its row and read back; both ways are exact.

``verify`` reads a row, writes it again and compares, so a row has one form only: empty values are
NULL, lists and objects canonical JSON.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from archive.canonical import canonical_text
from archive.clock import read_stored
from archive.records import Author, Content, HeldAttachment, Recipient, Timestamp
from archive.tables import CONTENT, Row
from archive.version_digest import stored_time

Moment = tuple[str | None, str | None, str | None, str | None]
_NO_MOMENT: Moment = (None, None, None, None)


def content_row(version: int, seq: int, salt: bytes, content: Content) -> tuple[Any, ...]:
    """Return the row of ``content`` (without its leaf)."""
    author = content.author
    return (
        version,
        seq,
        salt,
        content.native_id or None,
        author.name or None,
        author.handle or None,
        author.native_id or None,
        1 if author.is_account else None,
        *_moment_columns(content.created),
        *_moment_columns(content.edited),
        *_moment_columns(content.removed),
        content.title or None,
        content.text or None,
        content.parent or None,
        content.thread or None,
        content.url or None,
        content.audience,
        canonical_text([[one.role, one.name, one.address] for one in content.recipients])
        if content.recipients
        else None,
        content.list_name or None,
        canonical_text(list(content.links)) if content.links else None,
        canonical_text(list(content.tags)) if content.tags else None,
        canonical_text(list(content.mentions)) if content.mentions else None,
        canonical_text(dict(content.details)) if content.details else None,
        content.place or None,
        content.native or None,
    )


def _moment_columns(moment: Timestamp | None) -> Moment:
    if moment is None:
        return _NO_MOMENT
    at = stored_time(moment.at) if moment.at else None
    return (at, moment.raw or None, moment.precision, moment.zone)


COLUMN = {name: position for position, name in enumerate(CONTENT.columns)}


def content_from_row(row: Row, attachments: Sequence[HeldAttachment] = ()) -> Content:
    """Return the content that a row of ``content`` holds; raises ValueError if the row is damaged."""
    at = COLUMN
    return Content(
        native_id=row[at["native_id"]] or "",
        author=_author(row),
        created=_moment(row, "created"),
        edited=_moment(row, "edited"),
        removed=_moment(row, "removed"),
        title=row[at["title"]] or "",
        text=row[at["text"]] or "",
        parent=row[at["parent"]] or "",
        thread=row[at["thread"]] or "",
        url=row[at["url"]] or "",
        audience=row[at["audience"]],
        recipients=tuple(Recipient(*one) for one in _listed(row[at["recipients"]])),
        list_name=row[at["list_name"]] or "",
        links=tuple(_listed(row[at["links"]])),
        tags=tuple(_listed(row[at["tags"]])),
        mentions=tuple(_listed(row[at["mentions"]])),
        details=json.loads(row[at["details"]]) if row[at["details"]] else {},
        attachments=tuple(attachments),
        place=row[at["place"]] or "",
        native=row[at["native"]] or b"",
    )


_NOBODY = Author()


def _author(row: Row) -> Author:
    first = COLUMN["author_name"]
    name, handle, native_id, by_account = row[first : first + 4]
    if not (name or handle or native_id or by_account):
        return _NOBODY
    return Author(name or "", handle or "", native_id or "", bool(by_account))


def _moment(row: Row, name: str) -> Timestamp | None:
    first = COLUMN[f"{name}_at"]
    at, raw, precision, zone = row[first : first + 4]
    if precision is None:
        return None
    return Timestamp(read_stored(at) if at else None, raw or "", precision, zone)


def _listed(text: str | None) -> list[Any]:
    return json.loads(text) if text else []


def attachment_row(
    number: int, seq: int, salt: bytes, version: int, position: int, one: HeldAttachment
) -> tuple[Any, ...]:
    """Return the row of one attachment (without its leaf)."""
    return (
        number, seq, salt, version, position, one.name, one.media_type, one.size, one.sha256, one.alt,
    )  # fmt: skip


def attachment_from_row(row: Row) -> HeldAttachment:
    """Return the attachment that a row holds."""
    _, _, _, _, _, name, media_type, size, sha256, alt = row
    return HeldAttachment(name, media_type, size, sha256, alt)
