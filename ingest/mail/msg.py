"""Single items that Outlook or Microsoft Purview saved (.msg): one file, a folder or a zip of them."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from ingest.backup import Backup, Member
from ingest.ingestor import Confidence, Defect, Draft, Gap, Ingestor
from ingest.mail import outlook
from ingest.mail.headers import ALSO_OF
from ingest.mail.outlook import Bag, Enclosed, Item

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PROPERTIES = "__properties_version1.0"
LARGEST = 1 << 29
"""Bytes of the largest file that is read; it is held in memory whole."""

DEEPEST = 5
"""Items attached to items that are followed."""

OF_FILE, OF_INNER, OF_PART = 32, 24, 8
"""Where the properties begin of an item, of one inside an item, and of a recipient or attachment ([MS-OXMSG] 2.4)."""

IN_PLACE = (outlook.INT16, outlook.INT32, outlook.BOOL, outlook.INT64, outlook.TIME)
GAPS = (
    "messages that were deleted before these were saved, and those that nobody saved",
    "blind-copy recipients of messages received",
    "the folder that a message was in",
)


class MsgIngestor(Ingestor):
    """Reads files that hold one item each."""

    name = "msg"
    platform = "email"
    also_of = ALSO_OF
    version = 1

    def identify(self, backup: Backup) -> Confidence:
        """Recognise a compound file that holds properties as [MS-OXMSG] has them."""
        return Confidence.CONTENT if any(map(_is_item, backup.likely(200, ".msg"))) else Confidence.NONE

    def read(self, backup: Backup) -> Iterator[Draft | Defect | Gap]:
        """Yield the items in the order of their names; what is none is named."""
        yield from (Gap(what) for what in GAPS)
        for member in backup.members():
            yield from _file(member)


def _is_item(member: Member) -> bool:
    try:
        if member.read(8) != SIGNATURE or member.size > LARGEST:
            return False
        if PurePosixPath(member.path).suffix.lower() == ".msg":
            return True
        return PROPERTIES.encode("utf-16-le") in member.read()
    except OSError:
        return False


def _file(member: Member) -> Iterator[Draft | Defect]:
    if not _is_item(member):
        yield Defect(member.path, "this file is no Outlook item; it was not read", quarantined=False)
        return
    raw = member.read(LARGEST)
    remarks: list[str] = []
    try:
        item = _opened(raw, remarks)
    except Exception as error:  # a damaged compound file makes its reader raise nearly anything
        yield Defect(member.path, f"this Outlook item cannot be read ({error}); its bytes were kept", native=raw)
        return
    what = outlook.left_out(item)
    if what:
        yield Defect(member.path, f"not read, on purpose: {what}", quarantined=False)
        return
    yield from (Defect(member.path, one, quarantined=False) for one in remarks)
    folder = str(PurePosixPath(member.path).parent)
    yield from outlook.draft(item, member.path, () if folder == "." else (folder,), raw)


def _opened(raw: bytes, remarks: list[str]) -> Item:
    from olefile import OleFileIO
    from oxmsg.storage import Storage

    with OleFileIO(io.BytesIO(raw)) as opened:
        return _item(Storage.from_ole(opened), OF_FILE, "cp1252", remarks, 0)


def _item(storage: Any, start: int, charset: str, remarks: list[str], depth: int) -> Item:
    said = _bag(storage, start, charset)
    charset = outlook.charset_of(said.get(outlook.STRING_CODEPAGE) or said.get(outlook.CODEPAGE))
    recipients = [_bag(one, OF_PART, charset) for one in _sorted(storage.iter_recipient_storages())]
    files = [_enclosed(one, charset, remarks, depth) for one in _sorted(storage.iter_attachment_storages())]
    return Item(said, recipients, files)


def _sorted(storages: Any) -> list[Any]:
    return sorted(storages, key=lambda one: str(one.name))


def _enclosed(storage: Any, charset: str, remarks: list[str], depth: int) -> Enclosed:
    said = _bag(storage, OF_PART, charset)
    payload = said.get(outlook.FILE_BYTES)
    said = {number: one for number, one in said.items() if number != outlook.FILE_BYTES}
    if isinstance(payload, bytes):
        return Enclosed(said, payload)
    inner = next((one for one in storage.storages if one.name.endswith("_3701000D")), None)
    if inner is not None and said.get(outlook.FILE_METHOD) == outlook.IS_ITEM:
        if depth < DEEPEST:
            return Enclosed(said, inner=_item(inner, OF_INNER, charset, remarks, depth + 1))
        remarks.append(f"items more than {DEEPEST} deep in items are not read")
    elif inner is not None:
        remarks.append("an object that another program embedded was not taken out; it is in the item’s own bytes")
    return Enclosed(said)


def _bag(storage: Any, start: int, charset: str) -> Bag:
    """Return the properties of a storage; what a property names but the file does not hold is left out."""
    streams = {one.name: one.bytes_ for one in storage.streams}
    listed = streams[PROPERTIES][start:]
    found: dict[int, tuple[int, bytes]] = {}
    for at in range(0, len(listed) - 15, 16):
        sort, number, said = struct.unpack_from("<HH4x8s", listed, at)
        raw = said if sort in IN_PLACE else streams.get(f"__substg1.0_{number:04X}{sort:04X}")
        if raw is not None:
            found[number] = (sort, raw[: _WIDTH.get(sort, len(raw))])
    return outlook.values(found, charset)


_WIDTH = {outlook.INT16: 2, outlook.INT32: 4, outlook.BOOL: 2}
"""Bytes that a value takes of the eight that there is room for."""
