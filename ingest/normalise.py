"""From a draft to a version that is ready to be matched: its content, hashes, and objects in the store."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from archive import matching, version_digest
from archive.archive import salts
from archive.canonical import canonical_text, storable
from archive.records import Author, Content, HeldAttachment, Kind, Timestamp
from archive.version_digest import stored_time
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.media import media_type

ACCOUNT = "account"
"""Stands for the account itself where authors are told apart."""


class Prepared(Struct, frozen=True, kw_only=True, tag=True):
    """One draft, hashed. ``identity`` of an item without native id is made of what it says.

    ``digest`` is empty until :meth:`sealed`: only what becomes a version needs one, and it takes the longest.
    ``metrics`` is canonical JSON, empty for none. ``created_at`` and ``author_key`` serve the matching of
    items without ids.
    """

    kind: Kind
    has_id: bool
    revision: str
    identity: bytes
    content_hash: bytes
    digest: bytes
    salt: bytes
    content: Content
    metrics: str = ""
    removed_by: str = ""
    earlier: tuple[Prepared, ...] = ()

    def sealed(self) -> Prepared:
        """Return the item with its version's digest."""
        if self.digest:
            return self
        return msgspec.structs.replace(
            self, digest=version_digest.digest(self.salt, version_digest.fields(self.content))
        )

    @property
    def created_at(self) -> str:
        """The stored form of the creation time, empty if unknown."""
        return _at(self.content.created)

    @property
    def edited_at(self) -> str:
        """The stored form of the time of the last edit, empty if unknown."""
        return _at(self.content.edited)

    @property
    def author_key(self) -> str:
        """What tells authors apart within one source."""
        return author_key(self.content.author)

    @property
    def conversation(self) -> str:
        """What a message without id belongs to: the same words in another conversation are another message."""
        return self.content.thread if self.kind == "message" else ""


def author_key(author: Author) -> str:
    """Return what tells authors apart within one source; the account itself may be renamed."""
    return ACCOUNT if author.is_account else author.native_id or author.handle or author.name


AUTHOR_KEY = (
    f"CASE WHEN c.by_account THEN '{ACCOUNT}' ELSE coalesce(c.author_id, c.author_handle, c.author_name, '') END"
)
"""The same of a row ``c`` of ``content``, in SQL."""

CONVERSATION = "iif(r.kind = 'message', coalesce(c.thread, ''), '')"
"""The same of a row ``r`` of ``record`` with its ``content`` ``c``, in SQL."""


def _at(moment: Timestamp | None) -> str:
    return stored_time(moment.at) if moment is not None and moment.at is not None else ""


class Normaliser:
    """Prepares one accession's drafts. ``store`` keeps an attachment and returns (sha256, size, head).

    ``seals`` says whether items get their digest here; else only what becomes a version does, when it does.
    """

    def __init__(
        self,
        key: bytes,
        account: str,
        handle: str,
        store: Callable[[Callable[[], BinaryIO]], tuple[str, int, bytes]],
        seals: bool = True,
    ) -> None:
        self._key = key
        self._account = account
        self._handle = handle.lstrip("@").casefold()
        self._store = store
        self._salts = salts()
        self.seals = seals
        self.remarks: list[Defect] = []

    def prepare(self, draft: Draft) -> Prepared:
        """Return the draft as content with its hashes; what had to be mended goes to ``remarks``."""
        prepared = self._prepare(draft)
        if draft.removed_by or draft.earlier:
            earlier = tuple(self.prepare(one) for one in draft.earlier)
            return msgspec.structs.replace(prepared, removed_by=draft.removed_by, earlier=earlier)
        return prepared

    def _prepare(self, draft: Draft) -> Prepared:
        attachments = tuple(self._hold(draft, one) for one in draft.attachments) if draft.attachments else ()
        content = Content(
            native_id=draft.native_id or "",
            author=self._author(draft.author),
            created=draft.created,
            edited=draft.edited,
            removed=draft.removed,
            title=draft.title,
            text=draft.text,
            parent=draft.parent,
            thread=draft.thread,
            url=draft.url,
            audience=draft.audience,
            recipients=draft.recipients,
            list_name=draft.list_name,
            links=draft.links,
            tags=draft.tags,
            mentions=draft.mentions,
            details=draft.details,
            attachments=attachments,
            place=draft.place,
            native=draft.native,
        )
        metrics = canonical_text(dict(draft.metrics)) if draft.metrics else ""
        try:
            return self._hashed(draft.kind, draft.native_id is not None, draft.revision, content, metrics)
        except UnicodeEncodeError:
            self.remarks.append(
                Defect(
                    draft.place,
                    "half a character (a lone surrogate) was replaced by U+FFFD",
                    quarantined=False,
                )
            )
            return self._hashed(draft.kind, draft.native_id is not None, draft.revision, scrubbed(content), metrics)

    def _hashed(self, kind: Kind, has_id: bool, revision: str, content: Content, metrics: str) -> Prepared:
        found = version_digest.fields(content)
        salt = next(self._salts)
        content_hash = matching.content_hash(self._key, kind, found)
        native_id = content.native_id if has_id else _id_of(content_hash, author_key(content.author), content)
        return Prepared(
            kind=kind,
            has_id=has_id,
            revision=revision,
            identity=matching.identity(self._key, self._account, kind, native_id),
            content_hash=content_hash,
            digest=version_digest.digest(salt, found) if self.seals else b"",
            salt=salt,
            content=content,
            metrics=metrics,
        )

    def identity_as(self, prepared: Prepared, author: str) -> bytes:
        """Return the identity that an item without native id would have if its author's key were another."""
        native_id = _id_of(prepared.content_hash, author, prepared.content)
        return matching.identity(self._key, self._account, prepared.kind, native_id)

    def with_attachments(self, prepared: Prepared, attachments: Iterable[HeldAttachment]) -> Prepared:
        """Return the same item with other attachments, hashed anew."""
        return self.with_content(prepared, msgspec.structs.replace(prepared.content, attachments=tuple(attachments)))

    def with_content(self, prepared: Prepared, content: Content) -> Prepared:
        """Return the same item with another content, hashed anew."""
        found = self._hashed(prepared.kind, prepared.has_id, prepared.revision, content, prepared.metrics)
        return msgspec.structs.replace(found, removed_by=prepared.removed_by, earlier=prepared.earlier)

    def _author(self, author: Author) -> Author:
        if author.is_account or not self._handle or author.handle.lstrip("@").casefold() != self._handle:
            return author
        return Author(author.name, author.handle, author.native_id, is_account=True)

    def _hold(self, draft: Draft, one: SourceAttachment) -> HeldAttachment:
        source = _opener(one)
        if source is None:
            self.remarks.append(
                Defect(draft.place, f"the attachment “{one.name}” is not in this backup", quarantined=False)
            )
            return HeldAttachment(one.name, media_type(b"", one.name), 0, "", one.alt)
        try:
            sha256, size, head = self._store(source)
        except (OSError, EOFError, ValueError, RuntimeError, zlib.error) as error:
            reason = f"the attachment “{one.name}” could not be read: {error}"
            self.remarks.append(Defect(draft.place, reason, quarantined=False))
            return HeldAttachment(one.name, media_type(b"", one.name), 0, "", one.alt)
        return HeldAttachment(one.name, media_type(head, one.name), size, sha256, one.alt)


def _id_of(content_hash: bytes, author: str, content: Content) -> str:
    """Return what stands for the native id of an item that has none: what it says, who, and when."""
    return canonical_text(["content", content_hash.hex(), author, _at(content.created)])


def _opener(one: SourceAttachment) -> Callable[[], BinaryIO] | None:
    if one.member is not None:
        return one.member.open_as_found
    if one.payload is not None:
        payload = one.payload
        return lambda: io.BytesIO(payload)
    return None


def scrubbed(content: Content) -> Content:
    """Return the content with every lone surrogate replaced by U+FFFD."""
    return msgspec.convert(_scrub(msgspec.structs.asdict(content)), Content)


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_scrub(key): _scrub(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_scrub(one) for one in value)
    if isinstance(value, Struct):
        return msgspec.convert(_scrub(msgspec.structs.asdict(value)), type(value))
    return value
