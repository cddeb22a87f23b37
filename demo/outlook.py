"""Items as Outlook keeps them, in a store (.pst) or a file of their own (.msg): mail, files, items inside items."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from demo import pst
from demo.compound_file import Storage, compound_file

EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
Said = dict[tuple[int, int], pst.Value]
RECIPIENTS = {"to": 1, "cc": 2, "bcc": 3}


class Item(Struct, frozen=True, kw_only=True):
    """One item. ``people`` are (role, name, address); ``files`` are (name, bytes or an item).

    ``more`` are further properties by (number, type), for what few items have.
    """

    sort: str = "IPM.Note"
    subject: str = ""
    text: str = ""
    html: bytes = b""
    author: tuple[str, str] = ("", "")
    people: Sequence[tuple[str, str, str]] = ()
    sent: datetime | None = None
    message_id: str = ""
    answers: str = ""
    headers: str = ""
    files: Sequence[tuple[str, bytes | Item]] = ()
    more: Mapping[tuple[int, int], pst.Value] = {}


def since_1601(moment: datetime) -> int:
    """Return a moment as Outlook counts it: 100 ns since 1601."""
    return int((moment - EPOCH).total_seconds()) * 10_000_000


def _said(item: Item) -> Said:
    said: Said = {
        (0x001A, pst.TEXT): item.sort,
        (0x0037, pst.TEXT): item.subject,
        (0x1000, pst.TEXT): item.text,
        (0x1013, pst.BINARY): item.html,
        (0x0042, pst.TEXT): item.author[0],
        (0x5D02, pst.TEXT): item.author[1],
        (0x1035, pst.TEXT): item.message_id,
        (0x1042, pst.TEXT): item.answers,
        (0x007D, pst.TEXT): item.headers,
        **item.more,
    }
    if item.html:
        said[(0x3FDE, pst.INT)] = 65001
    if item.sent is not None:
        said[(0x0039, pst.TIME)] = since_1601(item.sent)
    return {key: one for key, one in said.items() if one not in ("", b"")}


def _person(role: str, name: str, address: str) -> Said:
    said: Said = {(0x0C15, pst.INT): RECIPIENTS[role], (0x3001, pst.TEXT): name}
    return said | {(0x39FE, pst.TEXT): address}


# -- a store


def node(item: Item) -> pst.Node:
    """Return an item as a node of a store."""
    inside: dict[int, pst.Node] = {}
    people = [(number, _person(*one)) for number, one in enumerate(item.people)]
    inside[pst.RECIPIENTS] = pst.table(people)
    listed = []
    for number, (name, what) in enumerate(item.files):
        file = (0x400 + number) << 5 | pst.FILE
        listed.append((file, {(0x0E20, pst.INT): 0}))
        if isinstance(what, bytes):
            inside[file] = pst.properties({(0x3701, pst.BINARY): what, (0x3705, pst.INT): 1, (0x3707, pst.TEXT): name})
        else:
            inner = (0x800 + number) << 5 | pst.MESSAGE
            said: Said = {(0x3701, pst.OBJECT): inner, (0x3705, pst.INT): 5, (0x3001, pst.TEXT): name}
            inside[file] = pst.properties(said, {inner: node(what)})
    if listed:
        inside[pst.FILES] = pst.table(listed)
    return pst.properties(_said(item), inside)


def store(folders: Mapping[str, Sequence[Item]], password: int = 0) -> bytes:
    """Return a store of folders by path ("Inbox/2026"), each with its items."""
    top = 0x400 << 5 | pst.FOLDER
    said: Said = {(0x3001, pst.TEXT): "Milbrook", (0x0FF9, pst.BINARY): bytes(16), (0x67FF, pst.INT): password}
    entry = bytes(20) + struct.pack("<I", top)
    nodes = {pst.STORE: (0, pst.properties({**said, (0x35E0, pst.BINARY): entry}))}
    paths = {"": top}
    for path in folders:
        for depth in range(1, path.count("/") + 2):
            paths.setdefault("/".join(path.split("/")[:depth]), (0x401 + len(paths)) << 5 | pst.FOLDER)
    nodes |= _folder(pst.ROOT, pst.ROOT, "", {top: "Top of Outlook data file"}, {})
    number = 0x10000
    for path, folder in paths.items():
        items = {}
        for item in folders.get(path, ()):
            number += 1
            items[number << 5 | pst.MESSAGE] = item
        parent, name = ("", "Top of Outlook data file") if not path else path.rpartition("/")[::2]
        below = {one: name for name, one in paths.items() if name and name.rpartition("/")[0] == path}
        nodes |= _folder(folder, paths[parent] if path else pst.ROOT, name, below, items)
    return pst.store(nodes)


def _folder(
    folder: int, parent: int, name: str, below: Mapping[int, str], items: Mapping[int, Item]
) -> dict[int, tuple[int, pst.Node]]:
    said: Said = {(0x3001, pst.TEXT): name, (0x3602, pst.INT): len(items), (0x360A, pst.BOOL): int(bool(below))}
    listed = [(number, {(0x3001, pst.TEXT): path.rpartition("/")[2]}) for number, path in below.items()]
    base = folder & ~0x1F
    made = {folder: (parent, pst.properties(said)), base | pst.HIERARCHY: (0, pst.table(listed))}
    made |= {base | pst.CONTENTS: (0, pst.table([(one, {}) for one in items])), base | pst.HIDDEN: (0, pst.table([]))}
    return made | {number: (folder, node(item)) for number, item in items.items()}


# -- a file of its own


def msg(item: Item) -> bytes:
    """Return an item as a file of its own ([MS-OXMSG])."""
    return compound_file(_storage(item, struct.pack("<8x4I8x", 0, 0, len(item.people), len(item.files))))


def _storage(item: Item, head: bytes) -> dict[str, bytes | Storage]:
    made: dict[str, bytes | Storage] = dict(_streams(_said(item), head))
    for number, person in enumerate(item.people):
        made[f"__recip_version1.0_#{number:08X}"] = _streams(_person(*person), bytes(8))
    for number, (name, what) in enumerate(item.files):
        said: Said = {(0x3705, pst.INT): 1 if isinstance(what, bytes) else 5}
        said[(0x3707 if isinstance(what, bytes) else 0x3001, pst.TEXT)] = name
        if isinstance(what, bytes):
            said[(0x3701, pst.BINARY)] = what
        part: dict[str, bytes | Storage] = dict(_streams(said, bytes(8)))
        if isinstance(what, Item):
            inner = struct.pack("<8x4I", 0, 0, len(what.people), len(what.files))
            part["__substg1.0_3701000D"] = _storage(what, inner)
        made[f"__attach_version1.0_#{number:08X}"] = part
    return made


def _streams(said: Mapping[tuple[int, int], pst.Value], head: bytes) -> dict[str, bytes]:
    listed, made = head, {}
    for (number, sort), one in sorted(said.items()):
        if isinstance(one, int):
            listed += struct.pack("<HHIQ", sort, number, 6, one)
            continue
        raw = one.encode("utf-16-le") if isinstance(one, str) else one
        made[f"__substg1.0_{number:04X}{sort:04X}"] = raw
        listed += struct.pack("<HHIII", sort, number, 6, len(raw) + 2 * isinstance(one, str), 0)
    return {"__properties_version1.0": listed, **made}
