"""What Outlook and Exchange keep of an item, by numbered properties ([MS-OXPROPS]), as a draft.

An Outlook store and a message saved by itself hold the same properties; only how they are read differs.
"""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.parser import HeaderParser
from email.policy import compat32

from msgspec import Struct

from archive.canonical import canonical
from archive.records import Audience, Author, Kind, Recipient, Timestamp
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.mail.headers import BROKEN, Headers, message_ids
from ingest.mail.notices import notice_of
from ingest.mail.rtf import rtf_to_text, unpacked
from ingest.text import clean, html_to_text, tidy

Value = str | int | bytes
Bag = Mapping[int, Value]
"""Values by the number of their property; times are 100 ns since 1601 in UTC."""

CLASS, SUBJECT, HEADERS, FLAGS, BODY, RTF, HTML = 0x001A, 0x0037, 0x007D, 0x0E07, 0x1000, 0x1009, 0x1013
IN_REPLY_TO, REFERENCES, MESSAGE_ID = 0x1042, 0x1039, 0x1035
SUBMITTED, DELIVERED, STARTS, ENDS, CREATED = 0x0039, 0x0E06, 0x0060, 0x0061, 0x3007
CONVERSATION_INDEX, CONVERSATION_ID = 0x0071, 0x3013
IMPORTANCE, CODEPAGE, STRING_CODEPAGE = 0x0017, 0x3FDE, 0x3FFD
FROM_NAME, FROM_ADDRESS, FROM_SMTP = 0x0042, 0x0065, 0x5D02
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
DISPLAY_NAME, ADDRESS, SMTP, ROLE = 0x3001, 0x3003, 0x39FE, 0x0C15
FILE_BYTES, FILE_NAME, LONG_FILE_NAME, FILE_METHOD = 0x3701, 0x3704, 0x3707, 0x3705

INT16, INT32, BOOL, INT64, STRING8, STRING, TIME, BINARY, OBJECT = 2, 3, 0xB, 0x14, 0x1E, 0x1F, 0x40, 0x102, 0xD
ROLES = {1: "to", 2: "cc", 3: "bcc"}
_ORDER = {role: place for place, role in enumerate(ROLES.values())}
UNSENT = 0x8
IS_ITEM = 5
OWN_TO_A_STORE = 0x8000
"""From this number on a property's meaning is the store's own: two stores number the same thing differently."""

TEAMS = "ipm.skypeteams.message"
NOT_MAIL = {"ipm.contact": "contacts", "ipm.distlist": "contacts", "ipm.configuration": "settings"}
"""Classes of items that are not taken in, and what they are called."""

EVENTS = ("ipm.appointment", "ipm.task")
KEPT_BINARY = 1 << 20
"""Bytes of one binary property that an item's own bytes keep."""

_DIRECTORY = re.compile(r"^/o=.*/cn=", re.IGNORECASE | re.DOTALL)
"""What stands before a person in the name that Exchange's directory has for them."""

_CODEPAGES = {
    65001: "utf-8", 20127: "ascii", 20866: "koi8-r", 21866: "koi8-u", 28591: "latin-1", 28592: "iso-8859-2",
    28605: "iso-8859-15", 50220: "iso-2022-jp", 51932: "euc-jp", 51949: "euc-kr", 54936: "gb18030",
}  # fmt: skip
"""Windows' code pages that Python has under another name than ``cp`` and the number."""

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


class Enclosed(Struct, frozen=True):
    """One attachment: its properties, and its bytes or the item that it is (neither: they are not there)."""

    properties: Bag
    payload: bytes | None = None
    inner: Item | None = None


class Item(Struct, frozen=True):
    """One item: its properties, those of each recipient, and its attachments."""

    properties: Bag
    recipients: Sequence[Bag] = ()
    files: Sequence[Enclosed] = ()


def value(sort: int, raw: bytes, charset: str) -> Value | None:
    """Return a property's value from its bytes; None for sorts that hold several or none."""
    if sort == STRING:
        return clean(raw.decode("utf-16-le", "surrogatepass" if len(raw) % 2 == 0 else "replace"))
    if sort == STRING8:
        return clean(raw.rstrip(b"\0").decode(charset, "replace"))
    if sort in (INT16, INT32, INT64, TIME):
        return int.from_bytes(raw, "little", signed=sort != TIME)
    if sort == BOOL:
        return int(any(raw))
    if sort == OBJECT:
        return int.from_bytes(raw[:4], "little")
    return raw if sort == BINARY else None


def values(found: Mapping[int, tuple[int, bytes]], charset: str) -> Bag:
    """Return the values of properties from (sort, bytes); ``charset`` is of texts that name none themselves."""
    page = next((found[one][1] for one in (STRING_CODEPAGE, CODEPAGE) if one in found), b"")
    charset = charset_of(int.from_bytes(page, "little")) if page else charset
    read = ((number, value(sort, raw, charset)) for number, (sort, raw) in found.items())
    return {number: one for number, one in read if one is not None}


def left_out(item: Item) -> str:
    """Return what an item is called that is not taken in, on purpose; empty for the others."""
    sort = class_of(item)
    return next((what for start, what in NOT_MAIL.items() if sort.startswith(start)), "")


def charset_of(codepage: Value | None) -> str:
    """Return Python's name of a Windows code page, cp1252 where there is none."""
    number = codepage if isinstance(codepage, int) else 0
    name = _CODEPAGES.get(number, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def native(item: Item) -> bytes:
    """Return an item as canonical JSON: every property under its number, bytes in base64, no file's contents."""
    return canonical(_plain(item))


def _plain(item: Item) -> dict[str, object]:
    files = [{**_said(one.properties), **({"item": _plain(one.inner)} if one.inner else {})} for one in item.files]
    found = {"properties": _said(item.properties), "recipients": [_said(one) for one in item.recipients]}
    return {**found, "attachments": files}


def _said(properties: Bag) -> dict[str, str | int]:
    said: dict[str, str | int] = {}
    for number, one in properties.items():
        if number >= OWN_TO_A_STORE or (isinstance(one, bytes) and len(one) > KEPT_BINARY):
            continue
        if isinstance(one, int) and abs(one) >= 1 << 53:
            one = str(one)  # JavaScript cannot hold it (RFC 8785)
        said[f"{number:04x}"] = base64.b64encode(one).decode() if isinstance(one, bytes) else one
    return said


def draft(item: Item, place: str, tags: Sequence[str] = (), own_bytes: bytes = b"") -> Iterator[Draft | Defect]:
    """Yield an item as a draft, before it remarks on what could not be read well.

    ``own_bytes`` are the file's where the item is a file of its own.
    """
    reading = _Reading(item)
    made = reading.draft(place, tags, own_bytes)
    for reason in reading.remarks:
        yield Defect(place, reason, quarantined=False)
    yield made


def class_of(item: Item) -> str:
    """Return an item's class in small letters ("ipm.note")."""
    found = item.properties.get(CLASS, "")
    return found.casefold() if isinstance(found, str) else ""


def title_of(item: Item) -> str:
    """Return an item's subject; two signs in front of it only tell how long "Re: " is."""
    subject = _text(item.properties, SUBJECT)
    return (subject[2:] if subject[:1] == "\x01" else subject).strip()


def _text(properties: Bag, *numbers: int) -> str:
    """Return the first of some properties that has words."""
    found = (properties.get(number) for number in numbers)
    return next((one.rstrip("\0") for one in found if isinstance(one, str) and one.strip("\0 ")), "")


def _address(properties: Bag, *numbers: int) -> str:
    """Return the first mail address; where there is none, the name under which a directory has the person."""
    found = [one for one in (_text(properties, number) for number in numbers) if one]
    known = next((one for one in found if "@" in one), found[0] if found else "")
    return known if "@" in known else _DIRECTORY.sub("", known)


def _role(recipient: Bag) -> str:
    role = recipient.get(ROLE)
    return ROLES.get(role & 0xF, "to") if isinstance(role, int) else "to"


def _time(properties: Bag, *numbers: int) -> Timestamp | None:
    for number in numbers:
        found = properties.get(number)
        if isinstance(found, int) and found > 0:
            try:
                return Timestamp(_EPOCH + timedelta(milliseconds=found // 10_000), str(found), "millisecond", "format")
            except OverflowError:
                return Timestamp(None, str(found), "unknown", "unknown")
    return None


class _Reading:
    """The reading of one item; collects remarks on its way."""

    def __init__(self, item: Item) -> None:
        self._item = item
        self._said = item.properties
        self.remarks: list[str] = []
        self._headers = self._read_headers()

    def _read_headers(self) -> Headers:
        raw = _text(self._said, HEADERS).replace("\r\n", "\n").lstrip("\n")
        if raw.startswith("Microsoft Mail Internet Headers"):
            raw = raw.partition("\n")[2]
        try:
            return Headers(list(HeaderParser(policy=compat32).parsestr(raw).raw_items()))
        except BROKEN:
            self.remarks.append("the headers cannot be read")
            return Headers([])

    def draft(self, place: str, tags: Sequence[str], own_bytes: bytes) -> Draft:
        """Return the draft."""
        sort = class_of(self._item)
        kind: Kind = "message" if sort == TEAMS else "event" if sort.startswith(EVENTS) else "email"
        native_id, parent, thread = self._identity(kind)
        audience: Audience = "draft" if self._is_unsent(kind) else "private"
        author = self._author()
        notice = notice_of(author.handle, self._texts())
        return Draft(
            kind=kind,
            place=place,
            native=own_bytes or native(self._item),
            native_id=native_id,
            created=self._created(kind),
            author=author,
            title=title_of(self._item),
            text=self._body(),
            parent=parent,
            thread=thread,
            url=notice.url,
            attachments=tuple(_attachments(self._item.files)),
            tags=(*tags, *self._headers.labels()),
            audience=audience,
            recipients=tuple(self._recipients(kind)),
            list_name=self._headers.first("List-Id"),
            details={**self._details(kind), **notice.details},
        )

    def _is_unsent(self, kind: Kind) -> bool:
        flags = self._said.get(FLAGS)
        return kind == "email" and isinstance(flags, int) and bool(flags & UNSENT)

    def _identity(self, kind: Kind) -> tuple[str | None, str, str]:
        own, answered, thread = self._headers.identity()
        own = next(iter(message_ids(_text(self._said, MESSAGE_ID))), own)
        references = message_ids(_text(self._said, REFERENCES))
        parent = (message_ids(_text(self._said, IN_REPLY_TO)) or references[-1:] or [answered])[-1]
        if kind == "message":
            return own, parent, self._conversation() or thread
        first = references[0] if references else thread if thread != own else ""
        return own, parent, first or parent or own or self._conversation()

    def _conversation(self) -> str:
        found = self._said.get(CONVERSATION_ID) or self._said.get(CONVERSATION_INDEX)
        return found[:22].hex() if isinstance(found, bytes) else ""

    def _created(self, kind: Kind) -> Timestamp | None:
        if kind == "event":
            return _time(self._said, STARTS, CREATED, SUBMITTED)
        return _time(self._said, SUBMITTED) or self._headers.created() or _time(self._said, DELIVERED, CREATED)

    def _author(self) -> Author:
        name = _text(self._said, FROM_NAME, SENDER_NAME)
        address = _address(self._said, FROM_SMTP, FROM_ADDRESS, SENDER_SMTP, SENDER_ADDRESS)
        written = self._headers.author()
        if "@" not in address:
            address = written.handle or address
        return Author(name or written.name, address)

    def _recipients(self, kind: Kind) -> Iterator[Recipient]:
        found = sorted(((_role(one), one) for one in self._item.recipients), key=lambda pair: _ORDER[pair[0]])
        for role, one in found:
            name, address = _text(one, DISPLAY_NAME).strip(), _address(one, SMTP, ADDRESS)
            if name or address:
                yield Recipient("member" if kind == "message" else role, "" if name == address else name, address)
        if not found:
            yield from self._headers.recipients()

    def _details(self, kind: Kind) -> dict[str, str]:
        found = self._headers.details()
        sender = _address(self._said, SENDER_SMTP, SENDER_ADDRESS)
        if "@" in sender and sender.casefold() != self._author().handle.casefold():
            found["Sender"] = sender
        if not class_of(self._item).startswith("ipm.note"):
            found["Class"] = _text(self._said, CLASS)
        if self._said.get(IMPORTANCE) == 2:
            found.setdefault("Importance", "high")
        ends = _time(self._said, ENDS) if kind == "event" else None
        if ends is not None and ends.at is not None:
            found["Ends"] = ends.at.isoformat()
        return {name: one for name, one in found.items() if one}

    def _texts(self) -> Iterator[str]:
        """Yield the words in plain text and as HTML."""
        yield _text(self._said, BODY)
        yield self._html()

    def _html(self) -> str:
        html = self._said.get(HTML)
        if isinstance(html, bytes) and html.strip(b"\0 "):
            html = clean(html.decode(charset_of(self._said.get(CODEPAGE)), "replace"))
        return html if isinstance(html, str) else ""

    def _body(self) -> str:
        plain = _text(self._said, BODY)
        if plain and class_of(self._item) != TEAMS:
            return plain.replace("\r\n", "\n").rstrip()
        html = self._html()
        if html:
            return html_to_text(html)
        rtf = self._said.get(RTF)
        if isinstance(rtf, bytes) and not plain:
            try:
                return clean(rtf_to_text(unpacked(rtf)))
            except ValueError as error:
                self.remarks.append(f"the text cannot be read: {error}")
        return html_to_text(plain) if plain.lstrip().startswith("<") else tidy(plain)


# -- attachments


def _attachments(files: Sequence[Enclosed], path: str = "") -> Iterator[SourceAttachment]:
    """Yield an item's files, and after an item that is attached the files of that one."""
    for number, one in enumerate(files, 1):
        if one.inner is not None:
            subject = (_text(one.properties, DISPLAY_NAME) or title_of(one.inner) or f"item {number}").replace("/", "_")
            yield SourceAttachment(f"{path}{subject}.json", payload=native(one.inner))
            yield from _attachments(one.inner.files, f"{path}{subject}/")
        else:
            name = _text(one.properties, LONG_FILE_NAME, FILE_NAME, DISPLAY_NAME) or f"attachment {number}"
            yield SourceAttachment(path + name.replace("\\", "/").rsplit("/", 1)[-1], payload=one.payload)
