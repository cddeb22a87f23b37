"""The last look before a release: do words that stay in stand anywhere in a finished file?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from export.redaction.folding import folded_text, lightly_folded
from export.redaction.readable import Readable, readable
from export.redaction.words import stand_in

LONG = 6
"""Words of so many letters and digits are looked for inside other words of raw bytes; shorter ones stand in any
compressed bytes by chance."""


class Trace(Struct, frozen=True):
    """Words that were found: which of those asked for (from 0), and where ("page 2", "word/document.xml, as text")."""

    words: int
    place: str


def traces(words: Sequence[str], released: bytes, media_type: str = "") -> tuple[Trace, ...]:
    """Return where words stand in a finished file, once for each place.

    Looked through are a PDF's text, strings, streams and earlier revisions, a picture's metadata, the members of a
    zip (docx, xlsx, odt), the values of an SQLite database, and all bytes as UTF-8, Windows-1252 and UTF-16, with
    percent, base64, quoted-printable, HTML and JSON escapes undone. Pixels are not read: a picture of words is for
    people to look at. ``media_type`` only breaks ties: what a file is, its first bytes say.
    """
    short = [len("".join(one for one in folded_text(asked) if one.isalnum())) < LONG for asked in words]
    met: dict[Trace, None] = {}
    for one in readable(released, media_type):
        folded = lightly_folded(one.text) if one.raw else folded_text(one.text)
        for number, asked in enumerate(words):
            if one.raw and short[number]:
                continue
            if stand_in(asked, folded, anywhere=one.raw):
                met[Trace(number, _told(one))] = None
    return tuple(met)


def _told(one: Readable) -> str:
    return " › ".join(one.path) or "the file's bytes"


def reads(released: bytes, media_type: str = "", *, raw: bool = True) -> Iterator[str]:
    """Yield every text that :func:`traces` looks through; without ``raw`` not the bytes that may be no text at all."""
    return (one.text for one in readable(released, media_type) if raw or not one.raw)
