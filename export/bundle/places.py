"""Where something is blacked out, in plain words, and which words beside it no digest proves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from export.released import Redaction, ReleasedRecord

NAMES = {
    "text": "text", "title": "title", "author": "author", "handle": "author’s handle", "author_id": "author’s id",
    "url": "address", "list_name": "name of the list", "native_id": "id at the platform", "recipients": "recipient",
    "links": "link", "tags": "tag", "mentions": "mention", "attachments": "attachment", "details": "detail",
}  # fmt: skip

QUOTED, QUOTED_END = 400, 150
"""Code points of a piece that is quoted whole, and of the beginning and end of a longer one."""

FILE_PARTS = {"name": ", its name", "alt": ", its description"}


def where(redaction: Redaction, record: ReleasedRecord) -> str:
    """Return the place of a redaction: "recipient 3", "text, characters 13 to 22", "attachment 1, page 2"."""
    words = named(redaction.field)
    if redaction.place:
        return f"{words}, {redaction.place}"
    if redaction.stop > redaction.start and redaction.stop - redaction.start < len(value_of(record, redaction.field)):
        return f"{words}, characters {redaction.start + 1:,} to {redaction.stop:,}"
    return words


def named(field: str) -> str:
    """Return a released value in plain words: "recipient 3", "detail “status”", "attachment 1, its name"."""
    name, _, part = field.partition(".")
    words = NAMES.get(name, name.replace("_", " "))
    if not part:
        return words
    place, _, of_file = part.partition(".") if name == "attachments" else (part, "", "")
    words += f" {int(place) + 1}" if place.isdecimal() else f" “{place}”"
    return words + FILE_PARTS.get(of_file, "")


def value_of(record: ReleasedRecord, field: str) -> str:
    """Return the released value that a redaction stands in, empty for an attachment's file or what is not there."""
    name, _, part = field.partition(".")
    value = getattr(record, name, "")
    if name == "attachments":
        place, _, of_file = part.partition(".")
        known = of_file in FILE_PARTS and int(place) < len(record.attachments)
        return str(getattr(record.attachments[int(place)], of_file)) if known else ""
    if isinstance(value, dict):
        value = value.get(part, "")
    elif isinstance(value, tuple) and part.isdecimal() and int(part) < len(value):
        value = value[int(part)]
    return value if isinstance(value, str) else ""


def resting(record: ReleasedRecord) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what rests on the certificate alone: a value in plain words, and the pieces of it, in order.

    A long piece is quoted by its beginning and its end.
    """
    for field, spans in groupby(record.resting, key=lambda one: one.field):
        value = value_of(record, field)
        yield named(field), tuple(_quoted(value[one.start : one.stop]) for one in spans)


def _quoted(words: str) -> str:
    """Return words, of many only how they begin and end: records.jsonl has the places of all of them."""
    if len(words) <= QUOTED:
        return words
    return f"{words[:QUOTED_END].rstrip()} […] {words[-QUOTED_END:].lstrip()}"
