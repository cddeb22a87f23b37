"""Outlook stores (.pst, .ost), as Outlook and Microsoft Purview write them, read by libpff item by item."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO

from ingest.backup import BLOCK, Backup, Member
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor
from ingest.mail import outlook
from ingest.mail.headers import ALSO_OF
from ingest.mail.outlook import Bag, Enclosed, Item
from ingest.mail.pst_inside import AT_A_TIME, CannotLookInside, Inside, NotThere, Placed
from ingest.text import clean

SIGNATURE = b"!BDN"
MOST_FILES = 5000
"""Attachments of one item that are read."""

LARGEST_FILE = 1 << 30
"""Bytes of an attachment that is read; no mail server takes larger ones."""

DEEPEST = 50
"""Folders inside folders that are followed."""

DEEPEST_ITEM = 5
"""Items attached to items that are followed."""

PROTECTED = 0x10
"""How a store says that Windows Information Protection encrypted it ([MS-PST] 2.2.2.6)."""

PASSWORD, SUBTREE, ROW = 0x67FF, 0x35E0, 0x67F2
BYTES_OF_FILE = (outlook.FILE_BYTES, outlook.BINARY)
RECIPIENTS, FILES = 0x692, 0x671
"""Numbers under which an item has its tables."""

GAPS = (
    "messages that were deleted for good before the store was made",
    "blind-copy recipients of messages received",
    "files that were shared as links (OneDrive, SharePoint): the store has the link",
    "reactions to Teams messages",
)
NOT_OPENED = "this Outlook store cannot be opened"
EXPORT = "export it again, or mend a copy with Outlook’s scanpst.exe"

FAULTS = (OSError, MemoryError, ValueError, OverflowError, SystemError)
"""What libpff raises over what is damaged: whichever call it happened in decides."""

Found = Iterator[Draft | Defect]
Messages = dict[int, list[tuple[int, Placed]]]
"""A store's messages by the number of their folder."""


class PstIngestor(Ingestor):
    """Reads stores: mail, Teams messages, appointments and tasks; contacts are not taken in."""

    name = "pst"
    platform = "email"
    also_of = ALSO_OF
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise the first bytes."""
        return Confidence.CONTENT if any(map(_is_store, backup.likely(1000, ".pst", ".ost"))) else Confidence.NONE

    def read(self, backup: Backup) -> Iterator[Draft | Defect | Gap]:
        """Yield the items of every store, folder by folder."""
        yield from (Gap(what) for what in GAPS)
        for member in backup.members():
            if _is_store(member):
                yield from _store(member)
            else:
                yield Defect(member.path, "this file is no Outlook store; it was not read", quarantined=False)


def _is_store(member: Member) -> bool:
    try:
        return member.read(4) == SIGNATURE
    except FAULTS:
        return False


def _store(member: Member) -> Found:
    try:
        with member.open_anywhere() as stream:
            yield from _opened(stream, member.path)
    except FAULTS as error:
        yield Defect(member.path, f"{NOT_OPENED}: {_short(error)}. It may be cut off or damaged; {EXPORT}")


def _opened(stream: BinaryIO, path: str) -> Found:
    import pypff

    if _protection(stream.read(1024)) == PROTECTED:
        yield Defect(path, f"{NOT_OPENED}: Windows encrypted it for one computer or account; {EXPORT}")
        return
    inside = Inside(stream)
    messages: Messages | None = None
    shown = stream
    if inside.is_known:
        with contextlib.suppress(CannotLookInside):
            shown, messages = inside.without_messages()
    shown.seek(0)
    opened = pypff.file()
    try:
        opened.open_file_object(shown)
        yield from _Reader(opened, inside, messages, path).read()
    finally:
        opened.close()


def _protection(head: bytes) -> int:
    """Return how a store's header says that its blocks are encrypted ([MS-PST] 2.2.2.6); 0 for not at all."""
    place = 513 if int.from_bytes(head[10:12], "little") >= 20 else 461
    return head[place] if len(head) > place else 0


def _short(error: Exception) -> str:
    """Return the cause of what libpff says, without the calls that it happened in."""
    return str(error).split(". ", 1)[0].split(": ", 1)[-1].rstrip(".")


class _Reader:
    """Reads one opened store."""

    def __init__(self, opened: Any, inside: Inside, messages: Messages | None, path: str) -> None:
        self._opened = opened
        self._inside = inside
        self._messages = messages
        self._path = path
        found = opened.ascii_codepage
        self._charset = found.decode("ascii", "replace") if isinstance(found, bytes) else str(found or "cp1252")
        self._left_out: Counter[str] = Counter()
        self._top = 0

    def read(self) -> Found:
        """Yield the items of all folders."""
        said = self._bag(self._opened.get_message_store())
        if said.get(PASSWORD) and self._opened.content_type == ord("p"):
            reason = "Outlook asks for a password before it opens this store; that encrypts nothing, and it was read"
            yield Defect(self._path, reason, quarantined=False)
        subtree = said.get(SUBTREE)
        self._top = int.from_bytes(subtree[-4:], "little") if isinstance(subtree, bytes) else 0
        root = self._opened.get_root_folder()
        if root is None:
            yield Defect(self._path, f"{NOT_OPENED}: it has no folders; {EXPORT}")
            return
        yield from self._folder(root, ())
        for what, count in sorted(self._left_out.items()):
            yield Defect(self._path, f"not read, on purpose: {what} ({count:,})", quarantined=False)

    # -- folders

    def _folder(self, folder: Any, path: tuple[str, ...]) -> Found:
        place = f"{self._path}, {'/'.join(path)}" if path else self._path
        for number, (message, node) in enumerate(self._messages_of(folder), 1):
            yield from self._message(message, node, path, f"{place}, item {number}")
        for number in range(_count(folder, "number_of_sub_folders")):
            try:
                inner = folder.get_sub_folder(number)
                name = clean(inner.name or f"folder {number + 1}").replace("/", "_")
                is_top = bool(self._top) and inner.identifier == self._top
            except FAULTS as error:
                yield Defect(f"{place}, folder {number + 1}", f"this folder cannot be read: {_short(error)}")
                continue
            if len(path) >= DEEPEST:
                yield Defect(f"{place}/{name}", f"folders more than {DEEPEST} deep are not read")
            else:
                yield from self._folder(inner, path if is_top else (*path, name))

    # -- items

    def _messages_of(self, folder: Any) -> Iterator[tuple[Any, int]]:
        """Yield a folder's items with their numbers; what was raised instead of an item that cannot be read.

        A store in an unusual form is asked item by item, which takes long where there are many.
        """
        if self._messages is None:
            for number in range(_count(folder, "number_of_sub_messages")):
                try:
                    message = folder.get_sub_message(number)
                    yield message, message.identifier
                except FAULTS as error:
                    yield error, 0
            return
        mine = iter(self._messages.get(folder.identifier, ()))
        while some := list(islice(mine, AT_A_TIME)):
            with self._inside.shown([placed for _, placed in some]) as found:
                yield from zip(found, (node for node, _ in some), strict=True)

    def _message(self, message: Any, node: int, path: tuple[str, ...], place: str) -> Found:
        remarks: list[str] = []
        try:
            if message is None or isinstance(message, Exception):
                raise message or OSError("it is damaged")
            item = self._item(message, (node,), remarks)
        except FAULTS as error:
            yield Defect(place, f"this item cannot be read: {_short(error)}")
            return
        what = outlook.left_out(item)
        if what:
            self._left_out[what] += 1
            return
        yield from (Defect(place, one, quarantined=False) for one in remarks)
        yield from outlook.draft(item, place, ("/".join(path),) if path else ())

    def _item(self, message: Any, path: Sequence[int], remarks: list[str]) -> Item:
        said = self._bag(message)
        try:
            recipients = self._recipients(message, path)
        except FAULTS as error:
            remarks.append(f"whom it was sent to cannot be read: {_short(error)}")
            recipients = []
        return Item(said, recipients, list(self._files(message, path, remarks)))

    def _recipients(self, message: Any, path: Sequence[int]) -> list[Bag]:
        if not hasattr(type(message), "recipients"):
            return self._rows((*path, RECIPIENTS))
        table = message.recipients
        return [self._values(rows) for rows in table.record_sets] if table is not None else []

    def _rows(self, path: Sequence[int]) -> list[Bag]:
        """Return the rows of a table that belongs to an item of a class which libpff does not know."""
        try:
            with self._inside.item(path) as table:
                return [self._values(table.get_record_set(row)) for row in range(table.number_of_record_sets)]
        except NotThere:
            return []

    def _files(self, message: Any, path: Sequence[int], remarks: list[str]) -> Iterator[Enclosed]:
        if hasattr(type(message), "number_of_attachments"):
            for number in range(min(_count(message, "number_of_attachments"), MOST_FILES)):
                try:
                    yield self._file(message.get_attachment(number), path, remarks)
                except FAULTS as error:
                    remarks.append(f"attachment {number + 1} cannot be read: {_short(error)}")
                    yield Enclosed({})
            return
        try:
            for row in self._rows((*path, FILES))[:MOST_FILES]:
                with self._inside.item((*path, int(row[ROW]))) as file:
                    payload = self._bag(file).get(outlook.FILE_BYTES)
                    said = self._bag(file, with_bytes=False)
                    yield Enclosed(said, payload if isinstance(payload, bytes) else None)
        except (*FAULTS, KeyError) as error:
            remarks.append(f"its attachments cannot be read: {_short(error)}")

    def _file(self, file: Any, path: Sequence[int], remarks: list[str]) -> Enclosed:
        said = dict(self._bag(file, with_bytes=False))
        item = said.pop(outlook.FILE_BYTES, None)
        if isinstance(item, int) and said.get(outlook.FILE_METHOD) == outlook.IS_ITEM:
            return Enclosed(said, inner=self._inner((*path, file.identifier, item), remarks))
        size = file.size or 0
        if size > LARGEST_FILE:
            raise OSError(f"it claims {size:,} bytes, more than any real one")
        payload = BytesIO()  # libpff holds three times what it is asked for
        for place in range(0, size, BLOCK):
            payload.write(file.read_buffer(min(BLOCK, size - place)))
        return Enclosed(said, payload.getvalue())

    def _inner(self, path: Sequence[int], remarks: list[str]) -> Item:
        if len(path) > 2 * DEEPEST_ITEM + 1:
            raise OSError(f"items more than {DEEPEST_ITEM} deep in items are not read")
        with self._inside.item(path) as message:
            return self._item(message, path, remarks)

    # -- properties

    def _bag(self, thing: Any, with_bytes: bool = True) -> Bag:
        """Return the properties of a thing, a file's own bytes among them or not."""
        if thing is None or not thing.number_of_record_sets:
            return {}
        return self._values(thing.get_record_set(0), with_bytes)

    def _values(self, rows: Any, with_bytes: bool = True) -> Bag:
        """Return the values of a set of properties; one that is damaged costs itself."""
        found: dict[int, tuple[int, bytes]] = {}
        for number in range(rows.number_of_entries):
            try:
                entry = rows.get_entry(number)
                if (entry.entry_type, entry.value_type) == BYTES_OF_FILE and not with_bytes:
                    continue
                if entry.entry_type is not None and entry.data is not None:
                    found[entry.entry_type] = (entry.value_type, entry.data)
            except FAULTS:
                continue
        return outlook.values(found, self._charset)


def _count(thing: Any, name: str) -> int:
    """Return how many of something there are; none where libpff finds no table of them."""
    try:
        return int(getattr(thing, name) or 0)
    except FAULTS:
        return 0
