"""Where something is blacked out, in plain words, and which words stand so near that no digest proves them."""

from __future__ import annotations

from export.released import Redaction, ReleasedRecord

SEGMENT = 64
"""Code points that a long value's digest covers together: what shares such a piece with a span is not proved."""

NAMES = {
    "text": "text", "title": "title", "author": "author", "handle": "author’s handle", "author_id": "author’s id",
    "url": "address", "list_name": "name of the list", "native_id": "id at the platform", "recipients": "recipient",
    "links": "link", "tags": "tag", "mentions": "mention", "attachments": "attachment", "details": "detail",
}  # fmt: skip


def where(redaction: Redaction, record: ReleasedRecord) -> str:
    """Return the place of a redaction: "recipient 3", "text, characters 13 to 22", "attachment 1, page 2"."""
    field, _, part = redaction.field.partition(".")
    words = NAMES.get(field, field.replace("_", " "))
    if part:
        words += f" {int(part) + 1}" if part.isdecimal() else f" “{part}”"
    if redaction.place:
        return f"{words}, {redaction.place}"
    if redaction.stop > redaction.start and redaction.stop - redaction.start < len(value_of(record, redaction.field)):
        return f"{words}, characters {redaction.start + 1:,} to {redaction.stop:,}"
    return words


def value_of(record: ReleasedRecord, field: str) -> str:
    """Return the released value that a redaction stands in, empty for an attachment or what is not there."""
    name, _, part = field.partition(".")
    value = getattr(record, name, "")
    if isinstance(value, dict):
        value = value.get(part, "")
    elif isinstance(value, tuple) and part.isdecimal() and int(part) < len(value):
        value = value[int(part)]
    return value if isinstance(value, str) else ""


def unproved(record: ReleasedRecord, field: str) -> tuple[str, ...]:
    """Return the pieces of a released value that share a segment with a redaction in it, its markers among them.

    A piece that is nothing but markers is left out. Where segments begin cannot be told from what is released, so a
    piece reaches as far as one could on either side.
    """
    value = value_of(record, field)
    spans = sorted((one.start, one.stop) for one in record.redactions if one.field == field and one.stop > one.start)
    pieces: list[tuple[int, int, int]] = []
    for start, stop in spans:
        low, high = _word_ends(value, max(0, start - SEGMENT + 1), min(len(value), stop + SEGMENT - 1))
        hidden = stop - start
        if pieces and low <= pieces[-1][1]:
            low, earlier, before = pieces.pop()
            high, hidden = max(high, earlier), hidden + before
        pieces.append((low, high, hidden))
    return tuple(value[low:high] for low, high, hidden in pieces if high - low > hidden)


def _word_ends(value: str, low: int, high: int) -> tuple[int, int]:
    while low and not value[low - 1].isspace():
        low -= 1
    while high < len(value) and not value[high].isspace():
        high += 1
    return low, high
