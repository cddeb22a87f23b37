"""Dumps of a programming interface: a folder of its answers, each saved as it came, however it was cut into files.

A file holds one answer, an array, or an object on each line, in UTF-8 or in the UTF-16 of a Windows shell. An answer
holds its items in a list under a key of the platform's own (``items``, ``descendants``).
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from ingest.backup import Backup, Member
from ingest.ingestor import Defect
from ingest.json_items import Broken, Item, Reading, broken, items
from ingest.utf16 import as_utf8

HEAD = 1 << 16
"""Bytes by which a file is known."""

LARGEST_OBJECT = 16 << 20
"""Bytes of the largest single object that is read whole; lists of any size are read item by item."""

ANSWERS = (".json", ".jsonl", ".ndjson")
"""Endings of the files that may hold answers."""

LINES = (".jsonl", ".ndjson")
"""Endings of files that hold an object on each line."""

LOOKED_AT = 200
"""Files by which a backup is known: in a folder of many answers the first are like the others."""

UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Piece(Struct, frozen=True):
    """One item of a dump: its value, its own bytes, where it stood, and under which key of an answer, if any."""

    value: Any
    native: bytes
    place: str
    key: str = ""


ReadPiece = Callable[[Piece], Reading]
"""Turns one item into drafts."""


def answers(backup: Backup) -> Iterator[Member]:
    """Yield the files that may hold answers, by path and as UTF-8."""
    for member in backup.members():
        name = member.path.rsplit("/", 1)[-1].lower()
        if name.endswith(ANSWERS):
            yield as_utf8(member)


def first_answers(backup: Backup) -> Iterator[Member]:
    """Yield the first files that may hold answers: those by which a backup is known."""
    return islice(answers(backup), LOOKED_AT)


def first_bytes(member: Member) -> bytes:
    """Return the beginning of a file, empty if it cannot be read."""
    try:
        return member.read(HEAD).removeprefix(codecs.BOM_UTF8)
    except OSError:
        return b""


def pieces(member: Member, inside: Sequence[str], mark: str = "") -> Iterator[Piece | Defect]:
    """Yield the items of a file: what stands in a list under one of the keys ``inside``, else objects themselves.

    ``mark`` is a key that only an item has: an object with it is no answer, whatever lists it holds.
    """
    head = first_bytes(member)
    keys = [key for key in inside if _list_of(key).search(head)]
    is_object = not (is_lines(member, head) or head.lstrip().startswith(b"["))
    for top in tops(member) if member.size <= LARGEST_OBJECT or not (is_object and keys) else ():
        if isinstance(top, Piece):
            yield from _within(top, inside, mark)
            keys = []
        elif not (is_object and keys):
            yield top
    for key in keys if is_object else ():
        with member.open() as stream:
            for found in items(stream, after=f'"{key}"'):
                yield _piece(member, found, f", {key} item", key)


def tops(member: Member) -> Iterator[Piece | Defect]:
    """Yield what a file holds at its top: its lines, the elements of its array, or its one object."""
    head = first_bytes(member)
    if is_lines(member, head):
        yield from _lines(member)
    elif head.lstrip().startswith(b"["):
        with member.open() as stream:
            for found in items(stream):
                yield _piece(member, found, ", item")
    elif member.size > LARGEST_OBJECT:
        yield Defect(member.path, f"one object of {member.size:,} bytes: more than is read at once")
    else:
        try:
            yield _whole(member.read().removeprefix(codecs.BOM_UTF8), member.path)
        except OSError as error:
            yield Defect(member.path, f"this file cannot be read ({error})")


def is_lines(member: Member, head: bytes) -> bool:
    """Say whether a file has an object on each line."""
    first, _, second = head.lstrip().partition(b"\n")
    by_look = first.rstrip().endswith(b"}") and second.lstrip().startswith(b"{")
    return by_look or member.path.lower().endswith(LINES)


def read_pieces(member: Member, inside: Sequence[str], read: ReadPiece, mark: str = "") -> Reading:
    """Read every item of a file; one that is broken, or not as expected, is a defect with its place."""
    for found in pieces(member, inside, mark):
        if isinstance(found, Defect):
            yield found
            continue
        try:
            yield from read(found)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            reason = f"this item is not what the platform gives ({error})"
            yield Defect(found.place, reason, native=found.native)


def decoded(native: bytes) -> Any:
    """Return a value; half characters (lone surrogates) and bytes that are no UTF-8 stay, to be told later."""
    try:
        return msgspec.json.decode(native)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(native.decode("utf-8", "surrogateescape"))


def parts(native: bytes) -> dict[str, bytes]:
    """Return an object's fields as their own bytes; those with half a character somewhere are written anew."""
    try:
        return {key: bytes(one) for key, one in _fields(native).items()}
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {key: json.dumps(one).encode() for key, one in decoded(native).items()}


def elements(native: bytes) -> list[bytes]:
    """Return an array's elements as their own bytes, likewise; null has none."""
    try:
        return [bytes(one) for one in _list(native)]
    except (msgspec.DecodeError, UnicodeDecodeError):
        return [json.dumps(one).encode() for one in decoded(native) or ()]


_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


def _list_of(key: str) -> re.Pattern[bytes]:
    return re.compile(rb'"' + re.escape(key.encode()) + rb'"\s*:\s*\[')


def _within(top: Piece, inside: Sequence[str], mark: str) -> Iterator[Piece | Defect]:
    """Yield the items inside an answer, or what is no answer itself."""
    value = top.value
    is_answer = isinstance(value, dict) and not (mark and mark in value)
    keys = [key for key in inside if is_answer and isinstance(value.get(key), list)]
    if not keys:
        yield top
    fields = parts(top.native) if keys else {}
    for key in keys:
        for number, (one, native) in enumerate(zip(value[key], elements(fields[key]), strict=True), 1):
            yield Piece(one, native, f"{top.place}, {key} item {number}", key)


def _lines(member: Member) -> Iterator[Piece | Defect]:
    try:
        with member.open() as stream:
            for number, line in enumerate(stream, 1):
                if native := line.removeprefix(codecs.BOM_UTF8).strip():
                    yield _whole(native, f"{member.path}, line {number}")
    except OSError as error:
        yield Defect(member.path, f"the file cannot be read on ({error})")


def _whole(native: bytes, place: str) -> Piece | Defect:
    try:
        return Piece(decoded(native), native, place)
    except (ValueError, RecursionError) as error:
        return Defect(place, f"this is no JSON ({error})", native=native)


def _piece(member: Member, found: Item | Broken, what: str, key: str = "") -> Piece | Defect:
    if isinstance(found, Broken):
        return broken(member, found)
    return Piece(found.value, found.native, f"{member.path}{what} {found.number}", key)
