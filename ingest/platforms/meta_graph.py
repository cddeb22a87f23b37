"""Meta's Graph API as it answers, whatever about: errors, lists beside their paging, single items, items by their ids.

A dump is read file by file. What an item is, its reader says; one that cannot be read costs itself.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, Protocol

import msgspec
from msgspec.structs import replace

from ingest.backup import Member
from ingest.ingestor import Defect
from ingest.json_items import Reading, read_items
from ingest.platforms import meta_graph_files as files
from ingest.platforms.answers import is_lines

ID = re.compile(r"\d+(_\d+)?")

REMEDIES = (
    ((190, 102, 467), "The token has ended: make a new one, then this request again"),
    ((4, 17, 32, 341, 613, 80001, 80002, 80006), "Too many requests: wait an hour, then make this one again"),
    ((3, 10, *range(200, 300)), "The token lacks a permission, or its owner a task on the Page (docs/formats.md)"),
    ((12,), "Facebook does not answer this any more: leave this request out"),
    ((1, 2), "It passes: make this request again, for fewer items at a time"),
)
"""What to do, by the code of the error."""

Raw = dict[str, msgspec.Raw]

fields = msgspec.json.Decoder(Raw).decode


class Edge(msgspec.Struct, frozen=True):
    """A list inside an item, each element as its own bytes."""

    data: list[msgspec.Raw] = []


class Summed(msgspec.Struct, frozen=True):
    """What an edge says of itself."""

    summary: dict[str, Any] = {}


_edge = msgspec.json.Decoder(Edge).decode
_summary = msgspec.json.Decoder(Summed).decode


class Reader(Protocol):
    """What is asked about: it knows its items."""

    def owner_of(self, member: Member) -> str:
        """Return the id of the item that a file is named for, empty if it is not."""

    def holds_comments(self, member: Member, head: bytes) -> bool:
        """Say whether a file is a list of comments."""

    def is_item(self, raw: Raw) -> bool:
        """Say whether an object that stands by itself is an item."""

    def item(self, value: Any, native: bytes, place: str, owner: str, comments: bool) -> Reading:
        """Yield the drafts of one item; ``owner`` is what its list is of, ``comments`` says that it is one of them."""

    def whole(self, raw: Raw, place: str) -> Reading:
        """Yield the drafts of the account itself, and of the lists in it."""


class Answers:
    """Walks through the answers of one dump."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def file(self, member: Member) -> Reading:
        """Read one file, whatever it answers."""
        head = files.first_bytes(member)
        if is_lines(member, head):
            yield from self._lines(member)
        elif re.match(rb'\s*\{\s*"data"\s*:\s*\[', head):
            yield from self._list(member, head, after='"data"')
        elif re.match(rb"\s*\[", head):
            yield from self._list(member, head, after="")
        else:
            yield from self._object(member, head)

    def _list(self, member: Member, head: bytes, after: str) -> Reading:
        owner = self._reader.owner_of(member)
        comments = self._reader.holds_comments(member, head)

        def read(value: Any, native: bytes, place: str) -> Reading:
            return self._reader.item(value, native, place, owner, comments)

        for one in read_items(member, read, after=after):
            yield replace(one, native=files.without_tokens(one.native)) if isinstance(one, Defect) else one

    def _lines(self, member: Member) -> Reading:
        with member.open() as stream:
            for number, line in enumerate(stream, 1):
                if native := line.removeprefix(codecs.BOM_UTF8).strip():
                    yield from self._answer(native, f"{member.path}, line {number}")

    def _object(self, member: Member, head: bytes) -> Reading:
        """Read a file that is one object; of one that cannot be read whole, its first list."""
        if member.size > files.LARGEST_OBJECT:
            yield Defect(member.path, f"one object of {member.size:,} bytes: more than is read at once")
            return
        try:
            native = member.read().removeprefix(codecs.BOM_UTF8)
        except OSError as error:
            yield Defect(member.path, f"this file cannot be read ({error})")
            return
        if parts(native) is None:
            yield from self._list(member, head, after='"data"')
        else:
            yield from self._answer(native, member.path, self._reader.owner_of(member))

    def _answer(self, native: bytes, place: str, owner: str = "") -> Reading:
        """Read an answer: an error, a list beside its paging, one item, items by their ids, or the account."""
        raw = parts(native)
        if raw is None:
            yield Defect(place, "this is no answer of the API", native=files.without_tokens(native))
        elif bytes(raw.get("error", b"")).startswith(b"{"):
            yield _error(bytes(raw["error"]), native, place)
        elif bytes(raw.get("data", b"")).startswith(b"["):
            yield from self.elements(raw["data"], place, owner, bool(owner) and owner[0].isdigit())
        elif self._reader.is_item(raw):
            yield from self._guarded(native, place)
        elif raw and all(ID.fullmatch(key) for key in raw):
            for key, value in raw.items():
                yield from self._answer(bytes(value), f"{place}, {key}", key)
        elif "id" in raw:
            yield from self._reader.whole(raw, place)
        else:
            yield Defect(place, "neither posts nor comments nor an account are in this answer", quarantined=False)

    def elements(self, data: msgspec.Raw, place: str, owner: str = "", comments: bool = False) -> Reading:
        """Read the items of a list."""
        for number, native in enumerate(elements(bytes(data)), 1):
            yield from self._guarded(native, f"{place}, item {number}", owner, comments)

    def _guarded(self, native: bytes, place: str, owner: str = "", comments: bool = False) -> Reading:
        """Read an item; one that is not what the API gives costs itself."""
        try:
            yield from self._reader.item(decoded(native), native, place, owner, comments)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            yield Defect(place, f"this is not what the API gives ({error})", native=files.without_tokens(native))

    def edges(self, edges: Raw, place: str, comments: bool = False) -> Reading:
        """Read the lists inside an object, each under its key."""
        for key, value in edges.items():
            found = (parts(bytes(value)) or {}).get("data")
            if found is not None and bytes(found).startswith(b"["):
                yield from self.elements(found, f"{place}, {key}", comments=comments)
            else:
                reason = f"“{key}” is no list as the API gives it"
                yield Defect(f"{place}, {key}", reason, native=files.without_tokens(bytes(value)))


def parts(native: bytes) -> Raw | None:
    """Return an object's fields as their own bytes, None if it is no object or not JSON."""
    try:
        return msgspec.json.decode(native, type=Raw)
    except (ValueError, RecursionError):
        return None


def without_edges(raw: Raw, edges: Raw) -> bytes:
    """Return an object's own bytes without the lists in it."""
    own = {key: value for key, value in raw.items() if key not in edges}
    return b"{" + b",".join(msgspec.json.encode(key) + b":" + bytes(value) for key, value in own.items()) + b"}"


def elements(native: bytes) -> list[bytes]:
    """Return the elements of a JSON array as their own bytes."""
    return [bytes(one) for one in msgspec.json.decode(native, type=list[msgspec.Raw])]


def decoded(native: bytes) -> Any:
    """Return an item; half characters (lone surrogates) and bytes that are no UTF-8 stay, to be told later."""
    try:
        return msgspec.json.decode(native)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(native.decode("utf-8", "surrogateescape"))


def split(native: bytes, key: str) -> tuple[dict[str, Any], bytes, msgspec.Raw | None]:
    """Return an item's fields, its own bytes without the list nested under a key, and that; every value as written."""
    if f'"{key}"'.encode() not in native:
        return decoded(native), native, None
    try:
        raw = fields(native)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _split_anew(native, key)
    edge = raw.pop(key, None)
    own = b"{" + b",".join(msgspec.json.encode(name) + b":" + bytes(value) for name, value in raw.items()) + b"}"
    return {name: msgspec.json.decode(value) for name, value in raw.items()}, own, edge


def _split_anew(native: bytes, key: str) -> tuple[dict[str, Any], bytes, msgspec.Raw | None]:
    """Do the same where half a character stands somewhere in an item: its parts are written anew, as ASCII."""
    item: dict[str, Any] = decoded(native)
    edge = item.pop(key, None)
    return item, json.dumps(item).encode(), None if edge is None else msgspec.Raw(json.dumps(edge).encode())


def inside(edge: msgspec.Raw | None) -> list[bytes]:
    """Return the elements of a list inside an item as their own bytes."""
    if edge is None:
        return []
    try:
        return [bytes(one) for one in _edge(edge).data]
    except (msgspec.DecodeError, UnicodeDecodeError):
        found = decoded(bytes(edge))
        return [json.dumps(one).encode() for one in found["data"]]


def total(edge: msgspec.Raw | None) -> Any:
    """Return how many elements the API says that a list has, None if it does not say."""
    if edge is None:
        return None
    try:
        return _summary(edge).summary.get("total_count")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _error(error: bytes, native: bytes, place: str) -> Defect:
    told = decoded(error)
    message = files.text_without_tokens(str(told.get("message")))
    remedy = next((one for codes, one in REMEDIES if told.get("code") in codes), "Make this request again")
    reason = f"Facebook answered with an error in place of data: {message} (code {told.get('code')}). {remedy}"
    return Defect(place, reason, native=files.without_tokens(native))
