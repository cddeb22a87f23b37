"""One RFC 5322 message, however broken, as a draft. Nothing in a message may stop the run."""

from __future__ import annotations

import csv
import email.policy
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from typing import TYPE_CHECKING

from archive.records import Author, Recipient, Timestamp
from ingest.ingestor import Defect, Draft, SourceAttachment
from ingest.mail.dates import last_received, read_date
from ingest.text import clean, html_to_text, tidy

KEPT_HEADERS = (
    "Sender", "Reply-To", "Resent-From", "List-Id", "List-Post", "List-Unsubscribe", "Precedence",
    "Auto-Submitted", "X-Gmail-Labels", "Importance", "Organization",
)  # fmt: skip
"""Headers that say what a message is beyond whom it was between."""

SYNONYMS = {
    "ks_c_5601-1987": "cp949",
    "iso-8859-8-i": "iso-8859-8",
    "x-sjis": "shift_jis",
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "utf-8",
    "default": "utf-8",
}
"""Names of character sets that Python knows under another name."""

DEEPEST = 30
"""Parts inside parts that are followed."""

if TYPE_CHECKING:
    Mail = Message[str, str]
else:
    Mail = Message
_HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:")
_MESSAGE_HEADERS = re.compile(
    rb"(?im)^(from|to|cc|subject|date|message-id|received|return-path|mime-version|delivered-to|x-[a-z-]+)"
    rb"[ \t]*:"
)
_BROKEN = (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError)


def looks_like_message(head: bytes) -> bool:
    """Say whether bytes begin with the headers of a message."""
    head = _envelope_off(head)
    block = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return bool(_HEADER_LINE.match(head)) and _MESSAGE_HEADERS.search(block) is not None


def _envelope_off(raw: bytes) -> bytes:
    """Return a message without what may stand before its headers: a mark, empty lines, a From_ line."""
    raw = raw.lstrip(b"\xef\xbb\xbf\r\n")
    return raw.partition(b"\n")[2] if raw.startswith(b"From ") else raw


def draft(raw: bytes, place: str) -> Iterator[Draft | Defect]:
    """Yield one message as a draft, before it remarks on what could not be read well.

    ``native`` is the message's bytes as they stood in the backup.
    """
    # compat32 keeps headers as they came; the default policy raises on broken ones.
    message: Mail = BytesParser(policy=email.policy.compat32).parsebytes(_envelope_off(raw))
    reading = _Reading(message, place)
    made = reading.draft(raw)
    yield from reading.remarks
    yield made


class _Reading:
    """The reading of one message; collects remarks on its way."""

    def __init__(self, message: Mail, place: str) -> None:
        self._message = message
        self._place = place
        self._texts: list[tuple[str, str]] = []
        self._attachments: list[SourceAttachment] = []
        self.remarks: list[Defect] = []

    def draft(self, raw: bytes) -> Draft:
        """Return the draft."""
        self._walk(self._message, 0)
        native_id = _message_ids(self._header("Message-ID"))[:1]
        references = _message_ids(self._header("References"))
        parent = _message_ids(self._header("In-Reply-To"))[:1] or references[-1:]
        thread = self._header("X-GM-THRID") or (references[:1] + parent + native_id + [""])[0]
        recipients = self._recipients()
        return Draft(
            kind="email",
            place=self._place,
            native=raw,
            native_id=native_id[0] if native_id else None,
            created=self._created(),
            author=self._author(),
            title=self._header("Subject"),
            text=self._text(),
            parent=parent[0] if parent else "",
            thread=thread,
            attachments=tuple(self._attachments),
            tags=_labels(self._header("X-Gmail-Labels")),
            audience="private",
            recipients=recipients,
            list_name=self._header("List-Id"),
            details=self._details(),
        )

    def _remark(self, reason: str) -> None:
        self.remarks.append(Defect(self._place, reason, quarantined=False))

    # -- headers

    def _headers(self, name: str) -> list[str]:
        return [clean(_decoded(value)) for value in self._raw(name)]

    def _raw(self, name: str) -> list[str]:
        """Return a header's values as they came; bytes beyond ASCII are escaped, not replaced."""
        return [str(value) for key, value in self._message.raw_items() if key.lower() == name.lower()]

    def _header(self, name: str) -> str:
        found = self._headers(name)
        return found[0] if found else ""

    def _addresses(self, name: str) -> list[tuple[str, str]]:
        """Return (name, address) pairs of a header; the structure is read before the words are decoded."""
        values = [_unfolded(value) for value in self._raw(name)]
        pairs = getaddresses(values)
        if not any(address for _, address in pairs) and any(values):
            return [("", clean(_decoded(value))) for value in values if value]
        return [(clean(_decoded(who)), clean(_address(address))) for who, address in pairs if who or address]

    def _author(self) -> Author:
        found = self._addresses("From") or self._addresses("Sender") or [("", "")]
        name, address = found[0]
        return Author(name=name, handle=address)

    def _recipients(self) -> tuple[Recipient, ...]:
        return tuple(
            Recipient(role, name, address)
            for role, header in (("to", "To"), ("cc", "Cc"), ("bcc", "Bcc"), ("reply-to", "Reply-To"))
            for name, address in self._addresses(header)
        )

    def _details(self) -> dict[str, str]:
        kept = {name: self._header(name) for name in KEPT_HEADERS}
        others = [address for _, address in self._addresses("From")[1:]]
        if others:
            kept["Other authors"] = ", ".join(others)
        return {name: value for name, value in kept.items() if value}

    def _created(self) -> Timestamp | None:
        raw = self._header("Date")
        found = read_date(raw) if raw else None
        if found is not None:
            if found.zone == "unknown":
                self._remark(f"the date “{raw}” names no time zone that is known; it was read as UTC")
            return found
        received = last_received([_unfolded(one) for one in self._raw("Received")])
        if received is not None:
            self._remark(f"the date “{raw}” cannot be read; the time of receipt was taken")
            return received
        if raw:
            self._remark(f"the date “{raw}” cannot be read")
            return Timestamp(None, raw, "unknown", "unknown")
        return None

    # -- body

    def _walk(self, part: Mail, depth: int) -> None:
        """Collect the texts and attachments of a part and of all parts inside it."""
        inner = [one for one in part.get_payload() if isinstance(one, Message)] if part.is_multipart() else []
        kind = part.get_content_type()
        if kind == "message/rfc822" and inner and depth:
            self._attach_message(part, inner[0])
        elif inner and depth < DEEPEST:
            for one in inner:
                self._walk(one, depth + 1)
        elif self._is_text(part, kind):
            self._texts.append((kind, self._decoded_text(part)))
        else:
            self._attach(part, kind)

    def _is_text(self, part: Mail, kind: str) -> bool:
        if kind not in ("text/plain", "text/html") or _file_name(part):
            return False
        return part.get_content_disposition() != "attachment"

    def _bytes(self, part: Mail) -> bytes:
        try:
            payload = part.get_payload(decode=True)
        except _BROKEN:
            payload = None
        if isinstance(payload, bytes):
            return payload
        self._remark(f"a part of type {part.get_content_type()} could not be decoded; it was kept as it stood")
        return str(part.get_payload()).encode("utf-8", "surrogateescape")

    def _decoded_text(self, part: Mail) -> str:
        payload = self._bytes(part)
        try:
            charset = part.get_content_charset() or ""
        except _BROKEN:
            charset = ""
        return clean(self._in_charset(payload, SYNONYMS.get(charset, charset)))

    def _in_charset(self, payload: bytes, charset: str) -> str:
        for name in (charset, "utf-8", "windows-1252"):
            try:
                return payload.decode(name) if name else payload.decode("ascii")
            except (LookupError, UnicodeError):
                if name == charset and charset:
                    self._remark(f"the text is not in “{charset}”, as it says; it was read as best could be")
        return payload.decode("latin-1")

    def _attach(self, part: Mail, kind: str) -> None:
        payload = self._bytes(part)
        if not payload and not _file_name(part):
            return
        name = clean(_file_name(part)) or f"part {len(self._attachments) + 1} ({kind})"
        alt = clean(_decoded(str(part.get("Content-Description", ""))))
        self._attachments.append(SourceAttachment(name, payload=payload, alt=alt))

    def _attach_message(self, part: Mail, inner: Mail) -> None:
        try:
            payload = inner.as_bytes()
        except _BROKEN:
            payload = str(inner.get_payload()).encode("utf-8", "surrogateescape")
            self._remark("an attached message could not be copied whole; its text was kept")
        subject = clean(_decoded(str(inner.get("Subject", "")))) or "message"
        name = clean(_file_name(part)) or f"{subject}.eml"
        self._attachments.append(SourceAttachment(name, payload=payload))

    def _text(self) -> str:
        """Return the plain text, or what a person reads of the HTML where there is no other."""
        plain = [text for kind, text in self._texts if kind == "text/plain" and text.strip()]
        if plain:
            return "\n\n".join(text.replace("\r\n", "\n").rstrip() for text in plain)
        html = [html_to_text(text) for kind, text in self._texts if kind == "text/html"]
        return tidy("\n\n".join(html))


# -- words in headers


def _unfolded(value: str) -> str:
    return re.sub(r"\r?\n[ \t]+", " ", value).strip()


def _decoded(value: str) -> str:
    """Decode RFC 2047 words, and raw UTF-8 (RFC 6532); what cannot be decoded stays as it is."""
    value = _unfolded(value)
    if any("\udc80" <= character <= "\udcff" for character in value):
        raw = value.encode("utf-8", "surrogateescape")
        try:
            value = raw.decode()
        except UnicodeDecodeError:
            value = raw.decode("windows-1252", "replace")
    if "=?" not in value:
        return value
    value = re.sub(r"\?=\s+=\?", "?==?", value)
    try:
        return str(make_header([(text, _charset(name)) for text, name in _joined(value)]))
    except _BROKEN:
        return value


def _joined(value: str) -> list[tuple[bytes | str, str | None]]:
    """Return a header's pieces; neighbours in one charset are joined, since some split mid-character."""
    joined: list[tuple[bytes | str, str | None]] = []
    for text, name in decode_header(value):
        if joined and name and joined[-1][1] == name and isinstance(text, bytes):
            before = joined[-1][0]
            joined[-1] = ((before if isinstance(before, bytes) else before.encode()) + text, name)
        else:
            joined.append((text, name))
    return joined


def _charset(name: str | None) -> str | None:
    return SYNONYMS.get(name.lower(), name) if name else name


def _address(address: str) -> str:
    local, at, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}" if at else address


def _labels(value: str) -> tuple[str, ...]:
    """Return Gmail's labels: separated by commas, quoted where they hold one."""
    return tuple(label for row in csv.reader([value], skipinitialspace=True) for label in row if label)


def _message_ids(value: str) -> list[str]:
    """Return the ids of a header: what stands in angle brackets, or the bare word."""
    found = re.findall(r"<([^<>\s]+)>", value)
    return found or ([value.strip()] if value.strip() and " " not in value.strip() else [])


def _file_name(part: Mail) -> str:
    try:
        name = part.get_filename() or part.get("Content-Location", "")
    except _BROKEN:
        return ""
    return _decoded(str(name)).replace("\\", "/").rsplit("/", 1)[-1].strip() if name else ""
