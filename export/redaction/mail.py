"""A message made anew from what is released: never the original's bytes, of which nothing can be left by mistake."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from export.released import Redaction, ReleasedAttachment, ReleasedRecord

ROLES = {"to": "To", "cc": "Cc", "bcc": "Bcc", "reply-to": "Reply-To"}
"""A recipient's role, as it stands before the colon in a released record, and its header."""

_ID = re.compile(r"[!-;=?-~]{1,900}")
_MEDIA_TYPE = re.compile(r"([a-z0-9][a-z0-9.+-]*)/([a-z0-9][a-z0-9.+-]*)")
_NAMED = re.compile(r"(.*?)\s*<([^<>]*)>")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")


def rebuild(record: ReleasedRecord, files: Sequence[tuple[ReleasedAttachment, Path]]) -> bytes:
    """Return a released message as ``.eml`` (RFC 5322), the same bytes every time.

    ``files`` are the attachments that go out, each with the place of its bytes. A person's name or address that is
    blacked out stands as the name of an empty group (``"[redacted 1: …]":;``), so that no address is made up. The
    date is in UTC. Headers are ASCII, with other letters as RFC 2047 has it; nothing in a value can start a new one.
    """
    message = EmailMessage(policy=SMTP)
    payloads = [path.read_bytes() for _, path in files]
    for name, value in _headers(record):
        message[name] = value
    text = _clean(record.text, keep="\n\t")
    message.set_content(text, charset="utf-8")
    for (one, _), payload in zip(files, payloads, strict=True):
        kind, subkind = _media_type(one.media_type)
        message.add_attachment(payload, maintype=kind, subtype=subkind, filename=_line(one.name) or "attachment")
    if message.is_multipart():
        message.set_boundary(_boundary(record, text, payloads))
    return message.as_bytes()


def _headers(record: ReleasedRecord) -> Iterator[tuple[str, object]]:
    yield "From", _mailbox(record.author, record.handle)
    by_role: dict[str, list[Address | Group]] = {}
    for shown in record.recipients:
        role, _, who = shown.partition(": ")
        header = ROLES.get(role, "X-Muniment-Recipients")
        by_role.setdefault(header, []).append(_read_mailbox(who if role in ROLES else shown))
    for header, people in by_role.items():
        yield header, people if header in ROLES.values() else ", ".join(map(str, people))
    if record.created_at:
        yield "Date", datetime.fromisoformat(record.created_at).astimezone(UTC)
    yield "Subject", _line(record.title)
    if _ID.fullmatch(record.native_id):
        yield "Message-ID", f"<{record.native_id}>"
    if _ID.fullmatch(record.parent):
        yield "In-Reply-To", f"<{record.parent}>"
    yield "X-Muniment-Bates", _line(record.bates)
    yield "X-Muniment-Redacted", _line(_told(record.redactions))


def _told(redactions: Sequence[Redaction]) -> str:
    made = "made anew from what is released, not the original message"
    if not redactions:
        return made
    told = "; ".join(f"{one.number}: {one.ground.citation}" for one in redactions)
    return f"{made}; {len(redactions)} blacked out ({told})"


def _read_mailbox(who: str) -> Address | Group:
    named = _NAMED.fullmatch(who.strip())
    if named:
        return _mailbox(named[1], named[2])
    return _mailbox("", who) if "@" in who else _mailbox(who, "")


def _mailbox(name: str, address: str) -> Address | Group:
    """Return a person as a mailbox, or where there is no proper address as an empty group named for all there is."""
    name, address = _line(name), _line(address)
    if _ADDRESS.fullmatch(address):
        try:
            return Address(name, addr_spec=address)
        except (ValueError, IndexError):  # IndexError: what the parser makes of some broken addresses
            pass
    both = f"{name} <{address}>" if name and address else name or address
    return Group(both or "not known", ())


def _media_type(media_type: str) -> tuple[str, str]:
    """Return type and subtype; what would be parsed as part of the message itself goes out as plain bytes."""
    read = _MEDIA_TYPE.fullmatch(media_type)
    if read is None or read[1] in ("message", "multipart"):
        return "application", "octet-stream"
    return read[1], read[2]


def _boundary(record: ReleasedRecord, text: str, payloads: Sequence[bytes]) -> str:
    """Return a boundary that nobody can write into a text, since it hangs on the text."""
    hashed = hashlib.sha256(f"{record.bates}\0{text}".encode())
    for payload in payloads:
        hashed.update(hashlib.sha256(payload).digest())
    return f"=_{hashed.hexdigest()[:48]}"


def _line(value: str) -> str:
    """Return a value as one line: every kind of break and run of spaces is a space."""
    return " ".join(_clean(" ".join(value.split())).split())


def _clean(value: str, keep: str = "") -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if unicodedata.category(one) in ("Cc", "Cs") and one not in keep else one for one in value)
