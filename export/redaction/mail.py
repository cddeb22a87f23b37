"""A message made anew from what is released: never the original's bytes, of which nothing can be left by mistake.

Headers are written here and not by ``email.policy``: that reads every value again, so that an encoded word in a
hostile subject (``=?utf-8?q?=0A?=``) starts a line of its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from export.released import Redaction, ReleasedAttachment, ReleasedRecord

ROLES = {"to": "To", "cc": "Cc", "bcc": "Bcc", "reply-to": "Reply-To"}
"""A recipient's role, as it stands before the colon in a released record, and its header."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"(?=.{{3,320}}$){_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_ID = re.compile(rf"(?=.{{3,320}}$){_ATOM}(?:\.{_ATOM})*(?:@{_ATOM}(?:\.{_ATOM})*)?")
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,100}")
_NAMED = re.compile(r"(.*?)\s*<([^<>]*)>")
_PLAIN = re.compile(r"[ -~]{0,900}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_. ()-]+")
_LONG_WORD = re.compile(r"[^ ]{60}")


def rebuild(record: ReleasedRecord, files: Sequence[tuple[ReleasedAttachment, Path]]) -> bytes:
    """Return a released message as ``.eml`` (RFC 5322), the same bytes every time.

    ``files`` are the attachments that go out, each with the place of its bytes. A person's name or address that is
    blacked out stands as the name of an empty group (``"[redacted 1: …]":;``), so that no address is made up. The
    date is in UTC. All of it is ASCII, other letters as RFC 2045 and 2047 have them; no value can start a header.
    """
    head = "".join(f"{name}: {value}\r\n" for name, value in _headers(record)) + "MIME-Version: 1.0\r\n"
    body = _text(record.text)
    if not files:
        return head.encode("ascii") + body
    parts = [body, *(_attachment(one, path.read_bytes()) for one, path in files)]
    # Nobody can write this boundary into a part, since it hangs on all of them.
    boundary = "=_" + hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:48]
    head += f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'
    fence = f"\r\n--{boundary}".encode()
    return head.encode("ascii") + b"".join(fence + b"\r\n" + part for part in parts) + fence + b"--\r\n"


def _headers(record: ReleasedRecord) -> Iterator[tuple[str, str]]:
    yield "From", _mailbox(record.author, record.handle)
    by_role: dict[str, list[str]] = {}
    for shown in record.recipients:
        role, _, who = shown.partition(": ")
        if role in ROLES:
            by_role.setdefault(ROLES[role], []).append(_read_mailbox(who))
        else:
            by_role.setdefault("X-Muniment-Recipients", []).append(_read_mailbox(shown))
    for header, people in by_role.items():
        yield header, ",\r\n ".join(people)
    if record.created_at:
        yield "Date", format_datetime(datetime.fromisoformat(record.created_at).astimezone(UTC))
    yield "Subject", _words(record.title)
    if _ID.fullmatch(record.native_id):
        yield "Message-ID", f"<{record.native_id}>"
    if _ID.fullmatch(record.parent):
        yield "In-Reply-To", f"<{record.parent}>"
    yield "X-Muniment-Bates", _words(record.bates)
    yield "X-Muniment-Redacted", _words(_told(record.redactions))


def _told(redactions: Sequence[Redaction]) -> str:
    made = "made anew from what is released, not the original message"
    if not redactions:
        return made
    told = "; ".join(f"{one.number}: {one.ground.citation}" for one in redactions)
    return f"{made}; {len(redactions)} blacked out ({told})"


# -- people


def _read_mailbox(who: str) -> str:
    named = _NAMED.fullmatch(who.strip())
    if named:
        return _mailbox(named[1], named[2])
    return _mailbox("", who) if "@" in who else _mailbox(who, "")


def _mailbox(name: str, address: str) -> str:
    """Return a person as a mailbox, or where there is no proper address as an empty group named for all there is."""
    name, address = _line(name), _line(address)
    if _ADDRESS.fullmatch(address):
        return f"{_phrase(name)} <{address}>" if name else address
    both = f"{name} <{address}>" if name and address else name or address
    return f"{_phrase(both or 'not known')}:;"


def _phrase(name: str) -> str:
    if _is_plain(name) and len(name) < 60:
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _encoded(name)


# -- words


def _words(value: str) -> str:
    value = _line(value)
    if _is_plain(value) and not _LONG_WORD.search(value):
        return Header(value, "us-ascii", 76, "X-Muniment-Recipients").encode(linesep="\r\n")
    return _encoded(value)


def _is_plain(value: str) -> bool:
    """Say whether a value means what its letters are: ASCII, and nothing that is read as an encoded word."""
    return _PLAIN.fullmatch(value) is not None and "=?" not in value


def _encoded(value: str) -> str:
    return Header(value, "utf-8", 76, "X-Muniment-Recipients").encode(linesep="\r\n")


def _line(value: str) -> str:
    """Return a value as one line: every kind of break and run of spaces is a space."""
    return " ".join(_clean(" ".join(value.split())).split())


def _clean(value: str, keep: str = "") -> str:
    return "".join("\ufffd" if unicodedata.category(one) in ("Cc", "Cs") and one not in keep else one for one in value)


# -- parts


def _text(text: str) -> bytes:
    lines = _clean(text.replace("\r\n", "\n").replace("\r", "\n"), keep="\n\t").replace("\n", "\r\n")
    quoted = re.sub(rb"\r?\n", b"\r\n", binascii.b2a_qp(lines.encode(), istext=True))
    return b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted


def _attachment(one: ReleasedAttachment, payload: bytes) -> bytes:
    name = (_line(one.name) or "attachment")[:120]
    named = f'filename="{name}"' if _PLAIN_NAME.fullmatch(name) else f"filename*=utf-8''{quote(name, safe='')}"
    head = (
        f"Content-Type: {_media_type(one.media_type)}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n {named}\r\n\r\n"
    )
    return head.encode("ascii") + base64.encodebytes(payload).replace(b"\n", b"\r\n")


def _media_type(media_type: str) -> str:
    """Return a media type; what would be parsed as a part of the message itself goes out as plain bytes."""
    if _MEDIA_TYPE.fullmatch(media_type) and not media_type.startswith(("message/", "multipart/")):
        return media_type
    return "application/octet-stream"
