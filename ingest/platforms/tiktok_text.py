"""TikTok's export as text: a file a section, an item a block of ``Key: value`` lines, messages under their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.backup import Member
from ingest.ingestor import Defect
from ingest.json_items import Reading
from ingest.platforms.answers import first_bytes
from ingest.platforms.tiktok_items import READERS
from ingest.text import decoded

SORTS = (
    (re.compile(r"recently deleted|deleted posts", re.IGNORECASE), "deleted"),
    (re.compile(r"^(followers?( list)?|fans list)\.txt$", re.IGNORECASE), "followers"),
    (re.compile(r"^comments?\.txt$", re.IGNORECASE), "comments"),
    (re.compile(r"^(posts?|videos?)\.txt$", re.IGNORECASE), "posts"),
    (re.compile(r"^block(ed)? ?list\.txt$", re.IGNORECASE), "blocks"),
    (re.compile(r"^(direct messages?|chat history)\.txt$", re.IGNORECASE), "messages"),
)
"""What a file is of, by its name; its content must look the part."""

_DATED = re.compile(rb"^(?:\xef\xbb\xbf)?\s*Date: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.MULTILINE)
_CHAT = re.compile(rb"^(?:\xef\xbb\xbf)?\s*>>> ?Chat History with ", re.MULTILINE | re.IGNORECASE)
_HEADING = re.compile(r"^>>> ?(.*)$")
_SENT = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?: UTC)?)\s+(.*?): (.*)$")
_FIELD = re.compile(r"^([A-Z][A-Za-z ]{1,30}): ?(.*)$")


def sort_of(member: Member) -> str:
    """Return what a text file is of, empty if it is none of TikTok's that are read."""
    name = member.path.rsplit("/", 1)[-1]
    sort = next((one for pattern, one in SORTS if pattern.search(name)), "") if name.lower().endswith(".txt") else ""
    looks = _CHAT if sort == "messages" else _DATED
    return sort if sort and looks.search(first_bytes(member)) else ""


def read(member: Member, sort: str) -> Reading:
    """Yield the items of a text file, one by one."""
    try:
        with member.open() as stream:
            lines = (decoded(one).rstrip("\r\n") for one in stream)
            found = _messages(lines) if sort == "messages" else _blocks(lines)
            for number, (name, fields, native) in enumerate(found, 1):
                place = f"{member.path}, item {number}"
                try:
                    yield READERS[sort](fields, native.encode("utf-8", "surrogateescape"), place, name, "")
                except ValueError as error:
                    yield Defect(place, str(error), native=native.encode("utf-8", "surrogateescape"))
    except OSError as error:
        yield Defect(member.path, f"this file cannot be read on ({error})")


def _blocks(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield blocks; a line without a key goes on with the value before it, and an item begins with its date."""
    fields: dict[str, str] = {}
    taken: list[str] = []
    last = ""
    for line in lines:
        found = _FIELD.match(line)
        if found and found[1] == "Date" and fields:
            yield "", _ended(fields), "\n".join(taken).rstrip()
            fields, taken = {}, []
        if found:
            last = found[1]
            fields[last] = found[2]
        elif last and fields:
            fields[last] += "\n" + line
        taken.append(line)
    if fields:
        yield "", _ended(fields), "\n".join(taken).rstrip()


def _ended(fields: dict[str, str]) -> dict[str, str]:
    """Return fields without the empty lines that come after the last."""
    return {key: one.rstrip("\n") for key, one in fields.items()}


def _messages(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, str], str]]:
    """Yield messages with the heading that they stand under."""
    heading = ""
    fields: dict[str, str] = {}
    taken: list[str] = []
    for line in lines:
        above, sent = _HEADING.match(line), _SENT.match(line)
        if (above or sent) and fields:
            yield heading, fields, "\n".join(taken).rstrip()
            fields, taken = {}, []
        if above:
            heading = above[1].strip()
        elif sent:
            fields, taken = {"Date": sent[1], "From": sent[2], "Content": sent[3]}, [line]
        elif fields and line.strip():
            fields["Content"] += "\n" + line
            taken.append(line)
    if fields:
        yield heading, fields, "\n".join(taken).rstrip()
