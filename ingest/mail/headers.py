"""The headers of a message (RFC 5322), however broken: who, when, which thread, in words."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import getaddresses

from archive.records import Author, Recipient, Timestamp
from ingest.mail.dates import last_received, read_date
from ingest.text import clean

ALSO_OF = ("constant-contact", "govdelivery", "mailchimp", "nextdoor", "teams")
"""Platforms of which mail is a backup too: bulletins, notifications, Teams' messages as Purview exports them."""

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

_FOLD = re.compile(r"\r?\n[ \t]+")
_ESCAPED = re.compile("[\udc80-\udcff]")
_BARE = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_PLAIN_ADDRESS = re.compile(rf'(?:(?:([A-Za-z0-9]+(?: [A-Za-z0-9]+)*)|"([A-Za-z0-9 ]+)") <({_BARE})>|({_BARE}))')

BROKEN = (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError)
"""What the standard library raises on what is no proper header."""


class Headers:
    """The headers of one message as (name, value) pairs, bytes beyond ASCII escaped as surrogates.

    ``remarks`` are sentences about what could not be read well.
    """

    def __init__(self, items: Sequence[tuple[str, str]]) -> None:
        self._by_name: dict[str, list[str]] = {}
        for name, value in items:
            self._by_name.setdefault(name.lower(), []).append(str(value))
        self.remarks: list[str] = []

    def _raw(self, name: str) -> list[str]:
        """Return a header's values as they came."""
        return self._by_name.get(name.lower(), [])

    def first(self, name: str) -> str:
        """Return a header's first value in words, empty if there is none."""
        found = self._raw(name)
        return clean(decoded(found[0])) if found else ""

    def ids(self, name: str) -> list[str]:
        """Return the message ids in a header."""
        return message_ids(self.first(name))

    def identity(self) -> tuple[str | None, str, str]:
        """Return the message's own id (None without one), the one that it answers, and that of its thread."""
        own = self.ids("Message-ID")[:1]
        references = self.ids("References")
        parent = self.ids("In-Reply-To")[:1] or references[-1:]
        thread = self.first("X-GM-THRID") or (references[:1] + parent + own + [""])[0]
        return own[0] if own else None, parent[0] if parent else "", thread

    def labels(self) -> tuple[str, ...]:
        """Return Gmail's labels: separated by commas, quoted where they hold one."""
        value = self.first("X-Gmail-Labels")
        return tuple(label for row in csv.reader([value], skipinitialspace=True) for label in row if label)

    def addresses(self, name: str) -> list[tuple[str, str]]:
        """Return (name, address) pairs of a header; the structure is read before the words are decoded."""
        values = [_unfolded(value) for value in self._raw(name)]
        if not values:
            return []
        pairs = [pair for value in values for pair in pairs_of(value)]
        if not any(address for _, address in pairs) and any(values):
            return [("", clean(decoded(value))) for value in values if value]
        return [(clean(decoded(who)), clean(_address(address))) for who, address in pairs if who or address]

    def author(self) -> Author:
        """Return who wrote it."""
        found = self.addresses("From") or self.addresses("Sender") or [("", "")]
        name, address = found[0]
        return Author(name=name, handle=address)

    def recipients(self) -> tuple[Recipient, ...]:
        """Return everybody that it was sent to."""
        return tuple(
            Recipient(role, name, address)
            for role, header in (("to", "To"), ("cc", "Cc"), ("bcc", "Bcc"), ("reply-to", "Reply-To"))
            for name, address in self.addresses(header)
        )

    def details(self) -> dict[str, str]:
        """Return what else the headers say."""
        kept = {name: self.first(name) for name in KEPT_HEADERS}
        others = [address for _, address in self.addresses("From")[1:]]
        if others:
            kept["Other authors"] = ", ".join(others)
        return {name: value for name, value in kept.items() if value}

    def created(self) -> Timestamp | None:
        """Return the date, or else the time of receipt."""
        raw = self.first("Date")
        found = read_date(raw) if raw else None
        if found is not None:
            if found.zone == "unknown":
                self.remarks.append(f"the date “{raw}” names no time zone that is known; it was read as UTC")
            return found
        received = last_received([_unfolded(one) for one in self._raw("Received")])
        if received is not None:
            self.remarks.append(f"the date “{raw}” cannot be read; the time of receipt was taken")
            return received
        if raw:
            self.remarks.append(f"the date “{raw}” cannot be read")
            return Timestamp(None, raw, "unknown", "unknown")
        return None


def pairs_of(value: str) -> list[tuple[str, str]]:
    """Return the (name, address) pairs of a header's value: what nearly all are is seen at once."""
    found = _PLAIN_ADDRESS.fullmatch(value)
    if found is None:
        return getaddresses([value])
    return [(found[1] or found[2] or "", found[3] or found[4])]


def _unfolded(value: str) -> str:
    return _FOLD.sub(" ", value).strip() if "\n" in value else value.strip()


def decoded(value: str) -> str:
    """Decode RFC 2047 words, and raw UTF-8 (RFC 6532); what cannot be decoded stays as it is."""
    value = _unfolded(value)
    if not value.isascii() and _ESCAPED.search(value):
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
    except BROKEN:
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


def message_ids(value: str) -> list[str]:
    """Return the ids of a header: what stands in angle brackets, or the bare word."""
    found = re.findall(r"<([^<>\s]+)>", value)
    return found or ([value.strip()] if value.strip() and " " not in value.strip() else [])
